//! The sentences of [`Error`].

use std::fmt;

use super::{Error, Kind, NoValue, Problem, StatusError};
use crate::retry::StopReason;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            Kind::NoServer => f.write_str("no model server is set")?,
            Kind::Config { message, .. }
            | Kind::Limit { message, .. }
            | Kind::NotRecorded { message } => f.write_str(message)?,
            Kind::Request { problems } => fmt_problems(f, problems)?,
            Kind::Prepare(error) => {
                write!(f, "the type of the answer cannot be asked for: {error}")?;
            }
            Kind::Connect { address, reason } => write!(f, "no connection to {address}: {reason}")?,
            Kind::Broken { reason } => write!(
                f,
                "the connection broke before the answer was complete: {reason}"
            )?,
            Kind::Timeout { waited } => write!(f, "no answer within {} s", waited.as_secs_f64())?,
            Kind::Status(error) => fmt_status(f, error)?,
            Kind::TooLarge { limit } => write!(f, "the answer is longer than {limit} bytes")?,
            Kind::Stream(error) => error.fmt(f)?,
            Kind::Decode { reason, .. } => write!(f, "the answer cannot be read: {reason}")?,
            Kind::Failed { code, message } => {
                write!(
                    f,
                    "the response failed ({}): {message}",
                    code.as_deref().unwrap_or("no code")
                )?;
            }
            Kind::BatchRefused { code, message } => write!(
                f,
                "the server refused the batch ({}): {message}",
                code.as_deref().unwrap_or("no code")
            )?,
            Kind::Unfinished { status } => {
                write!(f, "the response is not finished: its status is {status}")?;
            }
            Kind::Calls { tools } => write!(
                f,
                "the model calls {} instead of answering",
                tools.join(", ")
            )?,
            Kind::NoValue(no_value) => fmt_no_value(f, no_value)?,
        }
        if let Some(id) = self.request_id() {
            write!(f, " [request {id}]")?;
        }
        if let Some(stop @ StopReason::WaitTooLong(_)) = self.0.stop {
            write!(f, " ({stop})")?;
        }
        match self.hint() {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

fn fmt_problems(f: &mut fmt::Formatter<'_>, problems: &[Problem]) -> fmt::Result {
    f.write_str("the request was not sent, for it would be refused: ")?;
    for (at, problem) in problems.iter().enumerate() {
        if at > 0 {
            f.write_str("; ")?;
        }
        f.write_str(&problem.message)?;
    }
    Ok(())
}

fn fmt_status(f: &mut fmt::Formatter<'_>, error: &StatusError) -> fmt::Result {
    write!(f, "the server answered {}", error.status)?;
    if let Some(code) = error.error.as_ref().and_then(|error| error.code.as_ref()) {
        write!(f, " ({code})")?;
    }
    match &error.error {
        Some(error) => {
            if let Some(param) = &error.param {
                write!(f, " about `{param}`")?;
            }
            write!(f, ": {}", error.message.trim_end_matches('.'))
        }
        None if error.body.text.trim().is_empty() => f.write_str(" with an empty body"),
        None => write!(f, ": {}", excerpt(&error.body.text)),
    }
}

fn fmt_no_value(f: &mut fmt::Formatter<'_>, no_value: &NoValue) -> fmt::Result {
    match no_value {
        NoValue::Refusal(text) => write!(f, "the model refused: {text}"),
        NoValue::Truncated { received, reason } => {
            write!(
                f,
                "the answer was cut after {} bytes ({reason})",
                received.len()
            )
        }
        NoValue::ContentFilter { received } => {
            write!(
                f,
                "the server's content filter stopped the answer after {} bytes",
                received.len()
            )
        }
        NoValue::Invalid(rejection) => {
            write!(f, "the answer is not of the type: {}", rejection.message())
        }
        NoValue::Unknown => f.write_str("the answer has no value"),
    }
}

/// The first line or so of a body, for a message.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 200;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
