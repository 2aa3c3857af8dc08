//! Routes that are a function each.

use axum::extract::{Path, Request, State};
use axum::routing::{MethodFilter, MethodRouter, on, post};
use serde::Serialize;

use super::{Shared, Work, answer, without_body};
use crate::api_error::ApiError;
use crate::app::App;

/// What `work` answers to the body of a request.
pub(super) fn asks<T: Serialize + Send + 'static>(
    work: impl Work<T> + Clone + Sync,
) -> MethodRouter<Shared> {
    post(|State(shared): State<Shared>, request: Request| answer(shared, request, work))
}

/// What `look` finds by the id in the path and by the query.
pub(super) fn about<T: Serialize>(
    method: MethodFilter,
    look: impl Fn(&App, &str, &str) -> Result<T, ApiError> + Clone + Send + Sync + 'static,
) -> MethodRouter<Shared> {
    let found = |State(shared): State<Shared>, Path(id): Path<String>, request: Request| async move {
        let query = request.uri().query().unwrap_or_default();
        without_body(&shared, &request, || look(&shared.app, &id, query))
    };
    on(method, found)
}
