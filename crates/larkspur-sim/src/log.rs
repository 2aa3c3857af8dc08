//! The requests that a server received, for tests that look at what a client sent.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Mutex;

use axum::http::{HeaderMap, Method};
use serde_json::Value;

use crate::app::lock;

/// Bytes of bodies kept, beside the bound on the number of requests.
const KEPT_BYTES: usize = 64 * 1024 * 1024;
/// Headers that `Debug` does not show.
const SECRET: [&str; 5] = [
    "authorization",
    "api-key",
    "x-api-key",
    "x-goog-api-key",
    "cookie",
];

/// A request as it arrived. `Debug` hides the key.
#[derive(Clone)]
pub struct ReceivedRequest {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: String,
    status: u16,
}

impl ReceivedRequest {
    pub(crate) fn new(
        method: Method,
        path: String,
        headers: HeaderMap,
        body: &[u8],
        status: u16,
    ) -> Self {
        Self {
            method,
            path,
            headers,
            body: String::from_utf8_lossy(body).into_owned(),
            status,
        }
    }

    /// The method, in capitals.
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// The path, with `/v1`, and with the query if there was one.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// A header, if it was sent and is text. Names are compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text; bytes that are no UTF-8 are replaced.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The body as JSON, if it is JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.body).ok()
    }

    /// The status that the server answered.
    pub fn status(&self) -> u16 {
        self.status
    }
}

impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| {
                let hidden = SECRET.contains(&name.as_str());
                (
                    name.as_str(),
                    if hidden {
                        "[hidden]"
                    } else {
                        value.to_str().unwrap_or("[bytes]")
                    },
                )
            })
            .collect();
        f.debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &headers)
            .field("body", &self.body)
            .field("status", &self.status)
            .finish()
    }
}

/// The last requests, oldest first.
pub(crate) struct RequestLog {
    most: usize,
    kept: Mutex<(VecDeque<ReceivedRequest>, usize)>,
}

impl RequestLog {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            kept: Mutex::default(),
        }
    }

    pub(crate) fn push(&self, request: ReceivedRequest) {
        let mut kept = lock(&self.kept);
        let (requests, bytes) = &mut *kept;
        *bytes += request.body.len();
        requests.push_back(request);
        while requests.len() > self.most || *bytes > KEPT_BYTES {
            let Some(oldest) = requests.pop_front() else {
                break;
            };
            *bytes -= oldest.body.len();
        }
    }

    pub(crate) fn all(&self) -> Vec<ReceivedRequest> {
        lock(&self.kept).0.iter().cloned().collect()
    }
}
