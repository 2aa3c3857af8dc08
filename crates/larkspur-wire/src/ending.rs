//! How an answer ended, before anybody looks at its text.

use std::borrow::Cow;

/// How an answer ended. Ask for it first: the text of an answer that did not finish is cut, and an answer that did
/// finish may hold a refusal instead of text.
///
/// The order in which the signs are weighed is the one of the official SDKs: failed, incomplete, refusal, finished.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending<'a> {
    /// The model said all it wanted to say: text, calls, or both.
    Finished,
    /// The model refused, in these words.
    Refused(Cow<'a, str>),
    /// A limit was reached; the text is cut. The reason is the server's word (`max_output_tokens`, `length`).
    Truncated(&'a str),
    /// The server's filter stopped the answer.
    ContentFilter,
    /// The server gave up: its code and message.
    Failed {
        /// For example `server_error`.
        code: Option<&'a str>,
        /// What the server says about it.
        message: &'a str,
    },
    /// There is no final answer (yet): the status, for example `queued`, `in_progress`, `cancelled`.
    Unfinished(&'a str),
}
