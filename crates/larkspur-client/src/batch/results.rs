//! The results of a batch, one a line in any order, as answers in the order of the requests.

use larkspur_output::Output;
use larkspur_wire::ErrorBody;
use larkspur_wire::batches::{BatchResponse, BatchResult, BatchStatus};

use super::code;
use super::requests::{endpoint, place};
use crate::answer::Said;
use crate::api::Api;
use crate::ask::{self, Answer};
use crate::chat::Chat;
use crate::client::Inner;
use crate::error::{Body, Error, Kind, StatusError};
use crate::ledger::{Attempt, AttemptKind, Ledger};
use crate::responses::Responses;

type Row<V> = Result<Answer<V>, Error>;

/// What came of each request so far.
pub(super) struct Rows<V> {
    rows: Vec<Option<Row<V>>>,
    is_chat: bool,
}

impl<V> Rows<V> {
    pub(super) fn new(count: usize, at: Option<&str>) -> Self {
        let mut rows = Vec::new();
        rows.resize_with(count, || None);
        Self {
            rows,
            is_chat: at == Some(endpoint::<Chat>().as_str()),
        }
    }

    /// Adds the lines of a file. What nobody asked for is passed over, and so is a second result of a request.
    pub(super) fn read(
        &mut self,
        file: &[u8],
        client: &Inner,
        output: &Output<V>,
    ) -> Result<(), Error> {
        for line in file.split(|byte| *byte == b'\n') {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let result: BatchResult = serde_json::from_slice(line).map_err(|error| {
                let reason = format!("a line is no result of a batch: {error}");
                undecodable(reason, String::from_utf8_lossy(line).into_owned())
            })?;
            let place = place(&result.custom_id).and_then(|place| self.rows.get_mut(place));
            if let Some(row @ None) = place {
                *row = Some(if self.is_chat {
                    answer::<Chat, V>(result, client, output)
                } else {
                    answer::<Responses, V>(result, client, output)
                });
            }
        }
        Ok(())
    }

    /// All rows; those without a result say how the batch ended.
    pub(super) fn finish(self, status: &BatchStatus) -> Vec<Row<V>> {
        let missing = || {
            let status = format!("{status} with its batch");
            Err(Error::new(Kind::Unfinished { status }))
        };
        let rows = self.rows.into_iter();
        rows.map(|row| row.unwrap_or_else(missing)).collect()
    }
}

/// The answer to one request, with what it cost.
fn answer<A: Api, V>(result: BatchResult, client: &Inner, output: &Output<V>) -> Row<V> {
    let Some(response) = result.response else {
        let error = result.error.unwrap_or_default();
        let expired = code(error.code.as_ref()).filter(|code| code == "batch_expired");
        return Err(Error::new(match expired {
            Some(code) => Kind::Unfinished { status: code },
            None => Kind::Failed {
                code: code(error.code.as_ref()),
                message: error.message.unwrap_or_default(),
            },
        }));
    };
    let mut attempt = Attempt::new(AttemptKind::First, client.transport.base.as_str());
    attempt.status = Some(response.status_code);
    attempt.request_id.clone_from(&response.request_id);
    let read = response_of::<A>(response);
    let refused = attempt.status.is_none_or(|status| status >= 300);
    match &read {
        // What is refused is not billed.
        Err(error) if refused => attempt.fail(error),
        read => ask::settle::<A>(client, "", read.as_ref(), &mut attempt),
    }
    attempt.cost = attempt.cost.halved();
    let mut ledger = Ledger::default();
    ledger.push(attempt);
    match read.and_then(|response| told::<A, V>(&response, client, output, &mut ledger)) {
        Ok(answer) => Ok(answer.with_ledger(ledger)),
        Err(error) => Err(error.with_ledger(ledger)),
    }
}

/// The response itself, if it is one.
fn response_of<A: Api>(response: BatchResponse) -> Result<A::Response, Error> {
    let text = response.body.to_string();
    if !(200..300).contains(&response.status_code) {
        return Err(Error::new(Kind::Status(Box::new(StatusError {
            status: response.status_code,
            error: ErrorBody::from_value(response.body).map(|body| body.error),
            body: Body {
                text,
                content_type: None,
            },
            retry_after: None,
            location: None,
        }))));
    }
    let read: Result<A::Response, _> = serde_json::from_value(response.body);
    match read {
        Ok(response) if A::is_answer(&response) => Ok(response),
        Ok(_) => Err(undecodable(
            format!("this JSON is no answer of the {} API", A::NAME),
            text,
        )),
        Err(error) => Err(undecodable(
            format!("this JSON is no answer of the {} API: {error}", A::NAME),
            text,
        )),
    }
}

/// What the response says, as a value of the output.
fn told<A: Api, V>(
    response: &A::Response,
    client: &Inner,
    output: &Output<V>,
    ledger: &mut Ledger,
) -> Result<Answer<V>, Error> {
    let said = Said::of::<A>(response, output.constraint());
    let outcome = ask::outcome::<A, V>(response, &said, output)?;
    ask::note_failure(ledger, output, &outcome);
    ask::record::<A, V>(client, response, &said, output, &outcome);
    let (text, ledger) = (said.text(), Ledger::default());
    Ok(Answer::of::<A>(response, text, output, outcome, ledger))
}

fn undecodable(reason: String, text: String) -> Error {
    Error::new(Kind::Decode {
        reason,
        body: Body {
            text,
            content_type: None,
        },
    })
}
