//! `POST /v1/conversations` and what is below it.

use std::collections::VecDeque;
use std::sync::Mutex;

use axum::http::StatusCode;
use larkspur_wire::conversations::MAX_ADDED_ITEMS;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::api_error::ApiError;
use crate::app::{App, lock, now};
use crate::check;
use crate::item_list;
use crate::query::Query;

/// Bytes of conversations kept, beside the bound on their number.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// Conversations that are kept: in memory, bounded, oldest out first.
#[derive(Default)]
pub(crate) struct Conversations(Mutex<VecDeque<Conversation>>);

struct Conversation {
    id: String,
    created: u64,
    metadata: Value,
    items: Vec<Value>,
    bytes: usize,
}

impl Conversation {
    fn add(&mut self, items: Vec<Value>) {
        self.bytes += bytes(&items);
        self.items.extend(items);
    }

    fn head(&self) -> Value {
        json!({"id": self.id, "object": "conversation", "created_at": self.created, "metadata": self.metadata})
    }
}

impl Conversations {
    fn with<T>(&self, id: &str, look: impl FnOnce(&mut Conversation) -> T) -> Result<T, ApiError> {
        let mut kept = lock(&self.0);
        let found = kept.iter_mut().find(|kept| kept.id == id).map(look);
        found.ok_or_else(|| not_found(id))
    }

    /// What was said in a conversation.
    pub(crate) fn items(&self, id: &str) -> Result<Vec<Value>, ApiError> {
        self.with(id, |kept| kept.items.clone())
    }

    /// Adds what was said.
    pub(crate) fn add(&self, id: &str, items: Vec<Value>) -> Result<(), ApiError> {
        self.with(id, |kept| kept.add(items))?;
        self.bound(usize::MAX);
        Ok(())
    }

    fn bound(&self, most: usize) {
        let mut kept = lock(&self.0);
        let mut all: usize = kept.iter().map(|kept| kept.bytes).sum();
        while kept.len() > most || all > KEPT_BYTES {
            let Some(oldest) = kept.pop_front() else {
                break;
            };
            all -= oldest.bytes;
        }
    }
}

fn bytes(items: &[Value]) -> usize {
    items.iter().map(|item| item.to_string().len()).sum()
}

fn not_found(id: &str) -> ApiError {
    ApiError::invalid(format!("Conversation with id '{id}' not found."))
        .status(StatusCode::NOT_FOUND)
}

/// The id of the conversation that a request names.
pub(crate) fn named(body: &Map<String, Value>) -> Option<&str> {
    let named = body.get("conversation")?;
    named.as_str().or_else(|| named.get("id")?.as_str())
}

/// Begins a conversation.
pub(crate) fn create(app: &App, body: &Map<String, Value>) -> Result<Answer<Value>, ApiError> {
    let items = new_items(app, body, &["items", "metadata"])?;
    let conversation = Conversation {
        id: app.id("conv_"),
        created: now(),
        metadata: body.get("metadata").cloned().unwrap_or(json!({})),
        bytes: bytes(&items),
        items,
    };
    let head = conversation.head();
    lock(&app.conversations.0).push_back(conversation);
    app.conversations.bound(app.settings.kept_responses);
    Ok(Answer::Whole(head))
}

/// Adds items to a conversation.
pub(crate) fn add(
    app: &App,
    id: &str,
    body: &Map<String, Value>,
) -> Result<Answer<Value>, ApiError> {
    if body.get("items").is_none() {
        return Err(ApiError::missing("items"));
    }
    let items = new_items(app, body, &["items"])?;
    app.conversations.add(id, items.clone())?;
    Ok(Answer::Whole(item_list::list(&items, false)))
}

fn new_items(app: &App, body: &Map<String, Value>, known: &[&str]) -> Result<Vec<Value>, ApiError> {
    let items = check::new_items(body, known)?;
    if items.len() > MAX_ADDED_ITEMS {
        let message = format!(
            "Invalid 'items': array too long. Expected an array with maximum length {MAX_ADDED_ITEMS}, but got an array with length {} instead.",
            items.len()
        );
        return Err(ApiError::invalid(message)
            .param("items")
            .code("array_above_max_length"));
    }
    Ok(with_ids(app, items))
}

/// Items as the server keeps them: each has an id, and messages have parts.
pub(crate) fn with_ids(app: &App, items: Vec<Value>) -> Vec<Value> {
    items
        .into_iter()
        .map(|mut item| {
            let Some(fields) = item.as_object_mut() else {
                return item;
            };
            let is_message = fields.contains_key("role");
            let prefix = if is_message { "msg_" } else { "item_" };
            fields.entry("id").or_insert_with(|| json!(app.id(prefix)));
            if is_message {
                fields.entry("type").or_insert(json!("message"));
                fields.entry("status").or_insert(json!("completed"));
                let kind = match fields.get("role").and_then(Value::as_str) {
                    Some("assistant") => "output_text",
                    _ => "input_text",
                };
                if let Some(Value::String(text)) = fields.get("content") {
                    let parts = json!([{"type": kind, "text": text}]);
                    fields.insert("content".to_owned(), parts);
                }
            }
            item
        })
        .collect()
}

/// A conversation without its items.
pub(crate) fn retrieve(app: &App, id: &str) -> Result<Value, ApiError> {
    app.conversations.with(id, |kept| kept.head())
}

/// Some of the items: newest first, unless said otherwise.
pub(crate) fn items(app: &App, id: &str, query: &str) -> Result<Value, ApiError> {
    item_list::page(app.conversations.items(id)?, Query(query))
}

/// Forgets a conversation.
pub(crate) fn delete(app: &App, id: &str) -> Result<Value, ApiError> {
    let mut kept = lock(&app.conversations.0);
    let place = kept.iter().position(|kept| kept.id == id);
    let place = place.ok_or_else(|| not_found(id))?;
    kept.remove(place);
    Ok(json!({"id": id, "object": "conversation.deleted", "deleted": true}))
}
