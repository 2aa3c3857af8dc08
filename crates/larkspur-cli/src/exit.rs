//! What a verb ends with, and the exit status it becomes.

use std::{
    fmt,
    io::{self, Write as _},
    process::ExitCode,
};

/// The answer of a verb that could run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Exit status 0.
    Yes,
    /// Exit status 1: findings, a rejected text, a schema that cannot be carried.
    No,
}

impl Verdict {
    /// Yes where `ok`.
    pub(crate) fn from_ok(ok: bool) -> Self {
        if ok { Self::Yes } else { Self::No }
    }
}

/// Why a verb could not run at all: exit status 2.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self {
            message: message.to_string(),
            hint: None,
        }
    }

    pub(crate) fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }
}

/// A write to stdout that failed. A closed pipe (`larkspur … | head`) is not a failure of ours.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self {
                message: String::new(),
                hint: None,
            }
        } else {
            Self::new(format_args!("cannot write to stdout: {error}"))
        }
    }
}

/// Tells a person on stderr and turns the result into the exit status.
pub(crate) fn code(result: Result<Verdict, Failure>) -> ExitCode {
    match result {
        Ok(Verdict::Yes) => ExitCode::SUCCESS,
        Ok(Verdict::No) => ExitCode::from(1),
        // Nobody reads any more: there is nobody to tell either.
        Err(failure) if failure.message.is_empty() => ExitCode::SUCCESS,
        Err(failure) => {
            say(format_args!("error: {}", failure.message));
            if let Some(hint) = failure.hint {
                say(format_args!("\nhint: {hint}"));
            }
            ExitCode::from(2)
        }
    }
}

/// A line on stderr. That stderr is closed is no reason to fail.
pub(crate) fn say(line: impl fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
