//! What the two APIs have in common, so that sending, retrying and asking again are written once.

use larkspur_output::Constraint;
use larkspur_wire::{Effort, Ending, Usage};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The custom tool that carries a grammar, for `text.format` takes none. Its input is the answer.
pub(crate) const ANSWER_TOOL: &str = "answer";

/// What that tool says to the model.
pub(crate) const ANSWER_TOOL_DESCRIPTION: &str = "Takes the answer, as text of the grammar.";

/// One of the APIs: how a request and a response of it are handled.
pub(crate) trait Api {
    type Request: Serialize + Clone + Send + Sync;
    type Response: DeserializeOwned + Send;

    /// For logs and the catalogue.
    const NAME: &'static str;
    /// Below the base URL.
    const PATH: &'static str;

    fn settings(request: &Self::Request) -> Settings<'_>;

    /// The schemas that count against the limits of a request, with the place they have in it.
    fn strict_schemas(request: &Self::Request) -> Vec<(String, &Value)>;

    /// Attaches what the answer must be.
    fn constrain(request: &mut Self::Request, constraint: &Constraint);

    /// Whether this is an answer of this API at all, and not some other JSON.
    fn is_answer(response: &Self::Response) -> bool;

    fn receipt(response: &Self::Response) -> Receipt<'_>;

    fn ending(response: &Self::Response) -> Ending<'_>;

    /// What the model says, as far as the constraint wants to know.
    fn said(response: &Self::Response, constraint: &Constraint) -> Said;

    /// The same request with the last answer and what is wrong with it.
    fn reask(request: &Self::Request, said: &Said, wrong: &str) -> Self::Request;
}

/// What the catalogue has an opinion on.
pub(crate) struct Settings<'a> {
    pub(crate) model: &'a str,
    pub(crate) effort: Option<&'a Effort>,
    pub(crate) samples: bool,
    pub(crate) max_output_tokens: Option<u64>,
    pub(crate) structured: bool,
}

/// Who answered, and at what expense.
pub(crate) struct Receipt<'a> {
    pub(crate) id: &'a str,
    pub(crate) model: Option<&'a str>,
    pub(crate) usage: Option<Usage>,
}

/// What the model says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    /// Text.
    Text(String),
    /// The answer tool, called with the answer.
    Answer {
        call_id: String,
        name: String,
        input: String,
    },
    /// Other tools, called in place of an answer.
    Calls(Vec<String>),
}

impl Said {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Answer { input: text, .. } => text,
            Self::Calls(_) => "",
        }
    }
}

/// The name of the answer tool where the request may have tools of its own.
pub(crate) fn answer_tool_name<'a>(taken: impl Iterator<Item = &'a str>) -> String {
    let taken: Vec<_> = taken.collect();
    let mut name = ANSWER_TOOL.to_owned();
    while taken.contains(&name.as_str()) {
        name.push('_');
    }
    name
}
