//! The key: where it goes, and where it must not.

use std::fmt;

use bytes::Bytes;
use memchr::memmem::Finder;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;

/// What replaces a secret in a text.
const MASK: &str = "[secret]";

/// Shorter values (`true`, `v1`) are no secrets, and masking them would garble every text.
const SHORTEST: usize = 8;

/// The headers of every request, and the secrets in them.
#[derive(Clone, Default)]
pub(crate) struct Credentials {
    headers: HeaderMap,
    secrets: Vec<Secret>,
}

/// A secret, and how it is found: everything that comes is searched for it.
#[derive(Clone)]
struct Secret {
    text: SecretString,
    finder: Finder<'static>,
}

impl Credentials {
    /// Adds `authorization: Bearer KEY`.
    pub(crate) fn bearer(&mut self, key: &SecretString) -> Result<(), Error> {
        let text = format!("Bearer {}", key.expose_secret());
        let value = HeaderValue::from_str(&text).map_err(|_| {
            Error::config("the API key has a character that no HTTP header can carry")
        })?;
        self.insert(reqwest::header::AUTHORIZATION, value);
        self.keep(key);
        Ok(())
    }

    /// Adds a header whose value may be a secret (`api-key` and the like), and is treated as one.
    pub(crate) fn header(&mut self, name: &str, value: &SecretString) -> Result<(), Error> {
        let name = HeaderName::try_from(name)
            .map_err(|_| Error::config(format!("{name:?} cannot be the name of an HTTP header")))?;
        let header = HeaderValue::from_str(value.expose_secret()).map_err(|_| {
            Error::config(format!(
                "the value of header `{name}` has a character that none can carry"
            ))
        })?;
        self.insert(name, header);
        self.keep(value);
        Ok(())
    }

    /// Adds a header that is no secret.
    pub(crate) fn constant(&mut self, name: &'static str, value: &'static str) {
        let value = HeaderValue::from_static(value);
        self.headers.insert(HeaderName::from_static(name), value);
    }

    fn insert(&mut self, name: HeaderName, mut value: HeaderValue) {
        value.set_sensitive(true);
        self.headers.insert(name, value);
    }

    pub(crate) fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn keep(&mut self, secret: &SecretString) {
        let text = secret.expose_secret();
        if text.len() >= SHORTEST {
            self.secrets.push(Secret {
                text: secret.clone(),
                finder: Finder::new(text).into_owned(),
            });
        }
    }

    /// The text without any of the secrets: servers echo keys in their errors.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.redacted(text.to_owned())
    }

    /// A text without any of the secrets. Nearly always it is the same text.
    pub(crate) fn redacted(&self, text: String) -> String {
        if !self.is_secret_in(text.as_bytes()) {
            return text;
        }
        let secrets = self.secrets.iter();
        secrets.fold(text, |text, secret| {
            text.replace(secret.text.expose_secret(), MASK)
        })
    }

    /// A body without any of the secrets. Nearly always it is the same body.
    pub(crate) fn redact_body(&self, body: Bytes) -> Bytes {
        if !self.is_secret_in(&body) {
            return body;
        }
        self.redact(&String::from_utf8_lossy(&body)).into()
    }

    fn is_secret_in(&self, text: &[u8]) -> bool {
        let mut secrets = self.secrets.iter();
        secrets.any(|secret| secret.finder.find(text).is_some())
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.headers.keys()).finish()
    }
}
