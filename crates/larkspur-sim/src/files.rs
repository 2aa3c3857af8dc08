//! `POST /v1/files` and what is below it.

use std::collections::VecDeque;
use std::sync::Mutex;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use larkspur_wire::batches::File;
use multer::Multipart;
use serde_json::{Value, json};

use crate::api_error::ApiError;
use crate::app::{App, lock, now};

/// Bytes of files kept.
const KEPT_BYTES: usize = 256 * 1024 * 1024;

/// What files are for (the published specification, `FilePurpose`).
const PURPOSES: &[&str] = &[
    "assistants",
    "batch",
    "fine-tune",
    "vision",
    "user_data",
    "evals",
];

/// Files that are kept: in memory, bounded, oldest out first.
#[derive(Default)]
pub(crate) struct Files(Mutex<VecDeque<(File, Bytes)>>);

impl Files {
    /// Keeps a file under a new id.
    pub(crate) fn keep(&self, app: &App, filename: &str, purpose: &str, bytes: Bytes) -> File {
        let file = File {
            id: app.id("file-"),
            object: Some("file".to_owned()),
            bytes: Some(bytes.len().into()),
            created_at: Some(now().into()),
            filename: Some(filename.to_owned()),
            purpose: Some(purpose.to_owned()),
            ..File::default()
        };
        let mut kept = lock(&self.0);
        kept.push_back((file.clone(), bytes));
        let mut all: usize = kept.iter().map(|(_, bytes)| bytes.len()).sum();
        while all > KEPT_BYTES {
            let Some((_, oldest)) = kept.pop_front() else {
                break;
            };
            all -= oldest.len();
        }
        file
    }

    fn find<T>(&self, id: &str, look: impl FnOnce(&File, &Bytes) -> T) -> Result<T, ApiError> {
        let kept = lock(&self.0);
        let found = kept.iter().find(|(file, _)| file.id == id);
        found
            .map(|(file, bytes)| look(file, bytes))
            .ok_or_else(|| not_found(id))
    }

    /// What is in a file.
    pub(crate) fn content(&self, id: &str) -> Result<Bytes, ApiError> {
        self.find(id, |_, bytes| bytes.clone())
    }

    /// A file without what is in it.
    pub(crate) fn head(&self, id: &str) -> Result<File, ApiError> {
        self.find(id, |file, _| file.clone())
    }

    /// Forgets a file.
    pub(crate) fn delete(&self, id: &str) -> Result<Value, ApiError> {
        let mut kept = lock(&self.0);
        let place = kept.iter().position(|(file, _)| file.id == id);
        kept.remove(place.ok_or_else(|| not_found(id))?);
        Ok(json!({"id": id, "object": "file", "deleted": true}))
    }
}

fn not_found(id: &str) -> ApiError {
    ApiError::invalid(format!("No such File object: {id}"))
        .param("id")
        .status(StatusCode::NOT_FOUND)
}

/// Keeps the file in the body of an upload, a form (RFC 7578).
pub(crate) async fn upload(app: &App, kind: &str, body: Bytes) -> Result<File, ApiError> {
    let boundary = multer::parse_boundary(kind).map_err(|_| {
        ApiError::invalid(format!(
            "Invalid Content-Type header ({kind}), expected multipart/form-data."
        ))
    })?;
    let mut form = Multipart::new(Body::from(body).into_data_stream(), boundary);
    let (mut purpose, mut file) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        match field.name() {
            Some("purpose") => {
                purpose = Some(field.text().await.map_err(|error| broken(&error))?);
            }
            Some("file") => {
                let name = field.file_name().unwrap_or("file").to_owned();
                file = Some((name, field.bytes().await.map_err(|error| broken(&error))?));
            }
            // A file may be said to expire; this server forgets it anyway.
            Some(name) if name.starts_with("expires_after") => {}
            name => return Err(ApiError::unknown_parameter(name.unwrap_or_default())),
        }
    }
    let (name, bytes) = file.ok_or_else(|| ApiError::missing("file"))?;
    let purpose = purpose.ok_or_else(|| ApiError::missing("purpose"))?;
    if !PURPOSES.contains(&purpose.as_str()) {
        return Err(ApiError::invalid_value("purpose", &purpose, PURPOSES));
    }
    Ok(app.files.keep(app, &name, &purpose, bytes))
}

/// The text is this server's own.
fn broken(error: &multer::Error) -> ApiError {
    ApiError::invalid(format!("The form could not be read: {error}."))
}
