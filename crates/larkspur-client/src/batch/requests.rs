//! Requests as a file, one a line, and the form that carries it.

use larkspur_output::Output;
use larkspur_wire::batches::{BatchRequest, MAX_BATCH_REQUESTS};

use crate::api::OpenAi;
use crate::call::Call;
use crate::check::check;
use crate::error::{Error, Kind, Problem};
use crate::request::RequestBuilder;

/// Bytes of a file of requests (`OpenAI` guide "Batch API", "Rate limits").
const MAX_BYTES: usize = 200_000_000;

/// What stands between the parts of the form. A line of the file begins with `{`, so this cannot stand in one.
const BOUNDARY: &str = "larkspur-batch";

/// A file of requests.
pub(super) struct Upload {
    lines: Vec<u8>,
    count: usize,
}

impl Upload {
    /// Writes the requests down, with what their answers must be.
    pub(super) fn new<A: OpenAi, V>(
        requests: impl IntoIterator<Item = RequestBuilder<A>>,
        output: &Output<V>,
    ) -> Result<Self, Error> {
        let mut upload = Self {
            lines: Vec::new(),
            count: 0,
        };
        for request in requests {
            upload.push(request, output)?;
            if upload.count > MAX_BATCH_REQUESTS || upload.lines.len() > MAX_BYTES {
                let message = format!(
                    "a batch has at most {MAX_BATCH_REQUESTS} requests and {MAX_BYTES} bytes"
                );
                return Err(problem(message, "make several batches"));
            }
        }
        if upload.count == 0 {
            return Err(problem("a batch has no requests".to_owned(), "add some"));
        }
        Ok(upload)
    }

    fn push<A: OpenAi, V>(
        &mut self,
        mut request: RequestBuilder<A>,
        output: &Output<V>,
    ) -> Result<(), Error> {
        let unwritable = |error: serde_json::Error| {
            Error::config(format!("the request cannot be written as JSON: {error}"))
        };
        request.settings.constrain(output.constraint());
        let body = request.build();
        check(&request, &body)?;
        let line = BatchRequest {
            custom_id: format!("{PREFIX}{}", self.count),
            method: "POST".to_owned(),
            url: endpoint::<A>(),
            body: serde_json::to_value(body).map_err(unwritable)?,
            ..BatchRequest::default()
        };
        serde_json::to_writer(&mut self.lines, &line).map_err(unwritable)?;
        self.lines.push(b'\n');
        self.count += 1;
        Ok(())
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The call that uploads it (RFC 7578).
    pub(super) fn into_call(self) -> Call {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n\
             --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"batch.jsonl\"\r\n\
             Content-Type: application/jsonl\r\n\r\n"
        );
        let tail = format!("\r\n--{BOUNDARY}--\r\n");
        let body = [head.as_bytes(), &self.lines, tail.as_bytes()].concat();
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        Call::upload("files", kind, body)
    }
}

const PREFIX: &str = "row-";

/// Which request a result belongs to.
pub(super) fn place(custom_id: &str) -> Option<usize> {
    custom_id.strip_prefix(PREFIX)?.parse().ok()
}

/// Where the requests of an API go, as a batch says it; `OpenAI`'s say so of every model alike.
pub(super) fn endpoint<A: OpenAi>() -> String {
    format!("/v1/{}", A::path("", false))
}

fn problem(message: String, hint: &str) -> Error {
    let hint = Some(hint.to_owned());
    Error::new(Kind::Request {
        problems: vec![Problem { message, hint }],
    })
}
