//! `POST /v1/batches` and what is below it: many requests in one file, answered on a thread of their own.

mod work;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, Weak};

use axum::http::StatusCode;
use larkspur_wire::batches::{Batch, BatchErrors, BatchStatus, RequestCounts};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::api_error::ApiError;
use crate::app::{App, lock, now};
use crate::check;

/// How long a batch may take, in seconds.
const WINDOW: u64 = 24 * 60 * 60;

/// Batches that are kept: in memory, bounded, oldest out first.
#[derive(Default)]
pub(crate) struct Batches(Mutex<VecDeque<Batch>>);

impl Batches {
    fn with<T>(&self, id: &str, look: impl FnOnce(&mut Batch) -> T) -> Result<T, ApiError> {
        let mut kept = lock(&self.0);
        let found = kept.iter_mut().find(|batch| batch.id == id).map(look);
        found.ok_or_else(|| {
            ApiError::invalid(format!("No batch found with id '{id}'."))
                .status(StatusCode::NOT_FOUND)
        })
    }

    /// How far a batch is.
    pub(crate) fn state(&self, id: &str) -> Result<Batch, ApiError> {
        self.with(id, |batch| batch.clone())
    }

    /// All of them, newest first.
    pub(crate) fn list(&self) -> Value {
        let kept = lock(&self.0);
        let data: Vec<&Batch> = kept.iter().rev().collect();
        let id = |batch: Option<&&Batch>| batch.map(|batch| batch.id.clone());
        json!({"object": "list", "data": data, "first_id": id(data.first()), "last_id": id(data.last()), "has_more": false})
    }

    /// Stops a batch, unless it is done.
    pub(crate) fn cancel(&self, id: &str) -> Result<Batch, ApiError> {
        self.with(id, |batch| {
            let status = batch.status.clone().unwrap_or(BatchStatus::Validating);
            if status.is_final() {
                let message = format!("Cannot cancel a batch with status '{status}'.");
                return Err(ApiError::invalid(message).status(StatusCode::CONFLICT));
            }
            batch.status = Some(BatchStatus::Cancelling);
            Ok(batch.clone())
        })?
    }

    fn is_cancelling(&self, id: &str) -> bool {
        let is = |batch: &mut Batch| batch.status == Some(BatchStatus::Cancelling);
        self.with(id, is).unwrap_or(true)
    }
}

/// Begins a batch: the file is read, and its requests are answered, while the client waits for something else.
pub(crate) fn create(app: &Arc<App>, body: &Map<String, Value>) -> Result<Answer<Batch>, ApiError> {
    let new = check::batch(body)?;
    let purpose = app.files.head(&new.input_file_id)?.purpose;
    if purpose.as_deref() != Some("batch") {
        let message = "The input file must have been uploaded with the purpose 'batch'.";
        return Err(ApiError::invalid(message).param("input_file_id"));
    }
    let created = now();
    let batch = Batch {
        id: app.id("batch_"),
        object: Some("batch".to_owned()),
        endpoint: Some(new.endpoint),
        input_file_id: Some(new.input_file_id),
        completion_window: Some(new.completion_window),
        status: Some(BatchStatus::Validating),
        created_at: Some(created.into()),
        expires_at: Some((created + WINDOW).into()),
        request_counts: Some(RequestCounts::default()),
        metadata: new.metadata,
        ..Batch::default()
    };
    let mut kept = lock(&app.batches.0);
    kept.push_back(batch.clone());
    while kept.len() > app.settings.kept_responses {
        kept.pop_front();
    }
    drop(kept);
    // A server that is gone answers no more requests.
    let (weak, id) = (Arc::downgrade(app), batch.id.clone());
    tokio::spawn(async move {
        let for_thread = Weak::clone(&weak);
        let done = tokio::task::spawn_blocking(move || work::answer_all(&for_thread, &id)).await;
        if let (Err(panic), Some(app)) = (done, weak.upgrade()) {
            app.note_panic(panic.to_string());
        }
    });
    Ok(Answer::Whole(batch))
}

/// A batch whose file is refused.
fn refuse(batch: &mut Batch, errors: BatchErrors) {
    batch.status = Some(BatchStatus::Failed);
    batch.errors = Some(errors);
}
