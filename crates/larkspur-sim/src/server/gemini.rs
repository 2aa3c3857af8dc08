//! The routes of the Gemini API, whose verbs stand behind the name of a model.

use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::generate_content::{Form, count_tokens, generate, list, named};
use crate::query::Query;

use super::{Shared, answer, no_such_url, without_body};

/// Whether a path that other APIs have too is meant as the Gemini API has it: only its keys travel so.
pub(super) fn is_meant(headers: &HeaderMap) -> bool {
    headers.contains_key("x-goog-api-key")
}

/// `MODEL:VERB`, of the Gemini API.
pub(super) async fn ask(
    State(shared): State<Shared>,
    Path(asked): Path<String>,
    request: Request,
) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let streamed = match Query(query).get("alt") {
        Some("sse") => Form::Events,
        _ => Form::Chunks,
    };
    let (model, verb) = match asked.rsplit_once(':') {
        Some((model, verb)) => (model.to_owned(), verb),
        None => return no_such_url(State(shared), request).await,
    };
    let form = match verb {
        "generateContent" => Form::Whole,
        "streamGenerateContent" => streamed,
        "countTokens" => {
            return answer(shared, request, move |app, body, _| {
                count_tokens(app, &model, body)
            })
            .await;
        }
        _ => return no_such_url(State(shared), request).await,
    };
    answer(shared, request, move |app, body, fault| {
        generate(app, &model, form, body, fault)
    })
    .await
}

pub(super) async fn models(State(shared): State<Shared>, request: Request) -> Response {
    without_body(&shared, &request, || Ok(list()))
}

pub(super) async fn model(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    without_body(&shared, &request, || named(&id))
}
