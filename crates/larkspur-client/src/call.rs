//! A request, as far as sending it is concerned.

use std::borrow::Cow;

use bytes::Bytes;
use larkspur_json::to_vec;
use reqwest::Method;
use serde::Serialize;

use crate::error::{Error, Kind};

/// One request, as often as it has to be sent.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Who is asked, where it counts against what may be asked of a model.
    pub(crate) model: Option<String>,
    /// Below the base URL.
    pub(crate) path: Cow<'static, str>,
    pub(crate) body: Option<Bytes>,
    /// What the body is.
    pub(crate) content_type: Cow<'static, str>,
    /// It must not be done twice: it is sent again only where it cannot have reached the server, or the server says that it did
    /// nothing.
    pub(crate) once: bool,
    /// It asks for an answer and does nothing else, so that it may be sent twice at once.
    pub(crate) harmless: bool,
}

impl Call {
    /// A call without a body.
    pub(crate) fn new(method: Method, path: impl Into<Cow<'static, str>>) -> Self {
        Self {
            method,
            model: None,
            path: path.into(),
            body: None,
            content_type: Cow::Borrowed("application/json"),
            once: false,
            harmless: false,
        }
    }

    /// A call that gets something.
    pub(crate) fn get(path: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Method::GET, path)
    }

    /// The same call, which counts against what may be asked of this model.
    pub(crate) fn of_model(self, model: &str) -> Self {
        Self {
            model: Some(model.to_owned()),
            ..self
        }
    }

    /// A call with a JSON body.
    pub(crate) fn post<T: Serialize>(
        path: impl Into<Cow<'static, str>>,
        body: &T,
    ) -> Result<Self, Error> {
        let body = to_vec(body).map_err(|error| {
            Error::config(format!("the request cannot be written as JSON: {error}"))
        })?;
        Ok(Self {
            body: Some(body.into()),
            ..Self::new(Method::POST, path)
        })
    }

    /// A call with a body of another kind.
    pub(crate) fn upload(path: &'static str, kind: String, body: Vec<u8>) -> Self {
        Self {
            body: Some(body.into()),
            content_type: kind.into(),
            ..Self::new(Method::POST, path)
        }
    }

    /// Whether it may be sent again after this.
    pub(crate) fn may_be_repeated(&self, error: &Error) -> bool {
        match error.kind() {
            Kind::Status(error) => !self.once || matches!(error.status, 429 | 503),
            Kind::Connect { .. } => true,
            _ => !self.once,
        }
    }
}
