//! The checks that a request passes before anything is written: one concern a module.
//!
//! A request is checked as raw JSON, because refusals name what was sent, not what a type could hold. Where several
//! things are wrong, the first in the order of this module is answered, as one error is all that the wire carries.

mod anthropic;
mod batch;
mod budget;
mod chat;
mod choice;
mod format;
mod gemini;
mod input;
mod limits;
mod messages;
mod metadata;
mod names;
mod reasoning;
mod responses;
mod schema;
mod tools;

use serde_json::{Map, Value};

use crate::api_error::ApiError;
use crate::engine::Engine;
use crate::fields::Fields;

pub(crate) use anthropic::{anthropic, anthropic_countable};
pub(crate) use batch::{RESPONSES, batch};
pub(crate) use chat::chat;
pub(crate) use gemini::{gemini, gemini_countable, shows_thoughts, signs_thoughts};
pub(crate) use responses::{compact, countable, responses};

/// What checks need beside the request.
pub(crate) struct Context<'a> {
    pub(crate) engine: &'a Engine,
    /// Items of the conversation that the request continues.
    pub(crate) earlier: &'a [Value],
}

/// The two APIs of OpenAI, which spell the same things differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    Responses,
    Chat,
}

/// Items that are added to a conversation, in a body that has these parameters and no others.
pub(crate) fn new_items(body: &Map<String, Value>, known: &[&str]) -> Result<Vec<Value>, ApiError> {
    let body = Fields::body(body);
    body.only(known)?;
    metadata::check(&body)?;
    body.array("items")?;
    input::items_in(&body, "items")
}

/// The input of a request to the Responses API as items: a plain text is a user's message.
pub(crate) fn items(body: &Map<String, Value>) -> Result<Vec<Value>, ApiError> {
    input::items(&Fields::body(body))
}
