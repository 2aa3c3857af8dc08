//! Files and batches.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, get, post};

use super::routes::about;
use super::{Head, Shared, answer_meeting, authorised, finish, kept, read, without_body};
use crate::{batches, files};

pub(super) fn routes() -> Router<Shared> {
    let head = about(MethodFilter::GET, |app, id, _| app.files.head(id));
    let delete = about(MethodFilter::DELETE, |app, id, _| app.files.delete(id));
    let state = about(MethodFilter::GET, |app, id, _| app.batches.state(id));
    let cancel = about(MethodFilter::POST, |app, id, _| app.batches.cancel(id));
    Router::new()
        .route("/v1/files", post(upload))
        .route("/v1/files/{id}", head.merge(delete))
        .route("/v1/files/{id}/content", get(get_content))
        .route("/v1/batches", post(create).get(list))
        .route("/v1/batches/{id}", state)
        .route("/v1/batches/{id}/cancel", cancel)
}

async fn upload(State(shared): State<Shared>, request: Request) -> Response {
    let begun = Instant::now();
    let head = Head::of(&request);
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.to_owned();
    let body = read(&shared.app, request).await;
    let sent = body.as_ref().map_or_else(|_| Bytes::new(), Bytes::clone);
    let found = match (authorised(&shared.app, &head.headers), body) {
        (Ok(()), Ok(body)) => files::upload(&shared.app, &kind, body).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    finish(&shared.app, head, &sent, found.map(axum::Json), begun)
}

async fn get_content(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    kept(&shared, &request, || {
        let content = shared.app.files.content(&id)?;
        let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
        Ok((kind, content).into_response())
    })
}

async fn create(State(shared): State<Shared>, request: Request) -> Response {
    let app = Arc::clone(&shared.app);
    let work = move |_: &_, body: &_, _| batches::create(&app, body);
    answer_meeting(shared, request, |_| None, work).await
}

async fn list(State(shared): State<Shared>, request: Request) -> Response {
    without_body(&shared, &request, || Ok(shared.app.batches.list()))
}
