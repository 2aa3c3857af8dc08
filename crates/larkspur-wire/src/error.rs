//! The body of an HTTP error.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Number, Value};

use crate::Extra;
use crate::object::object;

/// What a server says when it refuses: `{"error": {"message", "type", "param", "code"}}`.
///
/// Compatible servers send other shapes too. Reading accepts the object under `error`, a bare string under `error` or
/// alone, the object without `error` around it, and the `detail` of common Python servers. HTML pages and the like are
/// not JSON: [`ErrorBody::from_text`] answers `None`, and the caller keeps the raw text.
///
/// ```
/// use larkspur_wire::ErrorBody;
///
/// let body = ErrorBody::from_text(r#"{"error": {"message": "slow down", "code": 429}}"#).unwrap();
/// assert_eq!(body.error.message, "slow down");
/// assert_eq!(body.error.code.unwrap().to_string(), "429");
/// assert!(ErrorBody::from_text("<html>502</html>").is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ErrorBody {
    /// The error itself.
    pub error: ErrorObject,
    /// What stood beside `error`.
    #[serde(flatten)]
    pub extra: Extra,
}

object! {
    /// One error: in the body of an HTTP error, or inside an answer.
    pub struct ErrorObject {
        /// For people. Do not decide anything by it.
        default message: String,
        /// The family, for example `invalid_request_error`.
        optional kind as "type": String,
        /// The field of the request that is to blame, for example `text.format.schema`.
        optional param: String,
        /// The reason, for programs. The specification says string or null; gateways also send numbers.
        optional code: ErrorCode,
    }
}

/// The reason of an error, for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ErrorCode {
    /// `OpenAI`'s form, for example `invalid_json_schema`.
    Name(String),
    /// A gateway's form, often the HTTP status.
    Number(Number),
    /// A form nobody has documented.
    Other(Value),
}

impl ErrorCode {
    /// The code, if it is a word.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Number(_) | Self::Other(_) => None,
        }
    }
}

impl From<&str> for ErrorCode {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Number(number) => write!(f, "{number}"),
            Self::Other(value) => write!(f, "{value}"),
        }
    }
}

impl ErrorObject {
    /// An error as `OpenAI` writes it: `param` and `code` are there, if only as `null`.
    pub fn new(
        message: impl Into<String>,
        kind: impl Into<String>,
        param: Option<&str>,
        code: Option<&str>,
    ) -> Self {
        let mut extra = Extra::default();
        for (key, missing) in [("param", param.is_none()), ("code", code.is_none())] {
            if missing {
                extra.insert(key.to_owned(), Value::Null);
            }
        }
        Self {
            message: message.into(),
            kind: Some(kind.into()),
            param: param.map(str::to_owned),
            code: code.map(ErrorCode::from),
            extra,
        }
    }

    /// The reason as a word: the `code`, or the `status` of Google's errors, whose code is the HTTP status once more.
    pub fn reason(&self) -> Option<&str> {
        let code = self.code.as_ref().and_then(ErrorCode::as_str);
        code.or_else(|| self.extra.get("status")?.as_str())
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::String(message) => Some(Self {
                message,
                ..Self::default()
            }),
            Value::Object(_) => Self::deserialize(&value)
                .ok()
                .or_else(|| Self::lenient(value)),
            _ => None,
        }
    }

    /// The object with every member that is not of the usual type kept in `extra`.
    fn lenient(value: Value) -> Option<Self> {
        let Value::Object(mut members) = value else {
            return None;
        };
        let mut take = |key: &str| match members.get(key) {
            Some(Value::String(text)) => {
                let text = text.clone();
                members.remove(key);
                Some(text)
            }
            _ => None,
        };
        let (message, kind, param) = (
            take("message").unwrap_or_default(),
            take("type"),
            take("param"),
        );
        let code = take("code").map(ErrorCode::Name);
        Some(Self {
            message,
            kind,
            param,
            code,
            extra: members.into(),
        })
    }
}

impl ErrorBody {
    /// An error as `OpenAI` writes it.
    pub fn new(error: ErrorObject) -> Self {
        Self {
            error,
            extra: Extra::default(),
        }
    }

    /// Reads a body, whatever its shape; `None` if it is not JSON, or JSON that says nothing of an error.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::from_value(serde_json::from_str(text).ok()?)
    }

    /// Reads a body that is JSON already; `None` if it says nothing of an error.
    pub fn from_value(value: Value) -> Option<Self> {
        let Value::Object(mut members) = value else {
            return ErrorObject::from_value(value).map(Self::new);
        };
        match members.remove("error") {
            Some(inner) if !inner.is_null() => Some(Self {
                error: ErrorObject::from_value(inner)?,
                extra: members.into(),
            }),
            _ => Self::bare(members).map(Self::new),
        }
    }

    /// An object without `error` around it: `{"message": …}`, or `{"detail": …}`.
    fn bare(members: Map<String, Value>) -> Option<ErrorObject> {
        if members.get("message").is_some_and(Value::is_string) {
            return ErrorObject::from_value(Value::Object(members));
        }
        let message = match members.get("detail")? {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Some(ErrorObject {
            message,
            extra: members.into(),
            ..ErrorObject::default()
        })
    }
}

impl<'de> Deserialize<'de> for ErrorBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::from_value(value).ok_or_else(|| D::Error::custom("the body says nothing of an error"))
    }
}
