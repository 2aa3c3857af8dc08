//! Responses that are kept: `GET` and `DELETE /v1/responses/{id}`, `GET /v1/responses/{id}/input_items`,
//! `POST /v1/responses/{id}/cancel`.

use axum::http::StatusCode;
use larkspur_wire::responses::Response;
use serde_json::{Value, json};

use super::stream;
use crate::answer::Answer;
use crate::api_error::ApiError;
use crate::app::App;
use crate::item_list;
use crate::query::Query;

/// The response as it is now, or the rest of its events.
pub(crate) fn retrieve(app: &App, id: &str, query: &str) -> Result<Answer<Response>, ApiError> {
    let query = Query(query);
    let after = query.number("starting_after")?;
    let found = app.store.with(id, |entry| {
        if query.get("stream") != Some("true") {
            return Ok(Answer::Whole(entry.now()));
        }
        match entry.making.streamed {
            Some(pace) if entry.making.background => {
                Ok(Answer::Events(stream::after(&entry.response, pace, after)))
            }
            // In the words of reports; the text is not in the specification.
            _ => Err(ApiError::invalid(
                "This response cannot be streamed because it was not created with background=true and stream=true.",
            )),
        }
    });
    found.unwrap_or_else(|| Err(not_found(id)))
}

/// Stops a response that is made in the background.
pub(crate) fn cancel(app: &App, id: &str) -> Result<Response, ApiError> {
    let found = app.store.with(id, |entry| {
        if entry.making.background {
            Ok(entry.cancel())
        } else {
            Err(ApiError::invalid("Cannot cancel a synchronous response."))
        }
    });
    found.unwrap_or_else(|| Err(not_found(id)))
}

/// What the model was given: also what it went on from, as the service has it.
pub(crate) fn input_items(app: &App, id: &str, query: &str) -> Result<Value, ApiError> {
    let given = app.store.with(id, |entry| entry.given.clone());
    let given = given.ok_or_else(|| not_found(id))?;
    item_list::page(given, Query(query))
}

/// Forgets a response.
pub(crate) fn delete(app: &App, id: &str) -> Result<Value, ApiError> {
    if app.store.forget(id) {
        Ok(json!({"id": id, "object": "response", "deleted": true}))
    } else {
        Err(not_found(id))
    }
}

fn not_found(id: &str) -> ApiError {
    ApiError::invalid(format!("Response with id '{id}' not found.")).status(StatusCode::NOT_FOUND)
}
