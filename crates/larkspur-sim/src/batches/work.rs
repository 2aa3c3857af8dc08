//! The requests of a batch, one after the other.

use std::collections::HashSet;
use std::sync::Weak;

use axum::body::Bytes;
use larkspur_wire::ErrorCode;
use larkspur_wire::batches::{
    BatchError, BatchErrors, BatchRequest, BatchResponse, BatchResult, BatchStatus,
    MAX_BATCH_REQUESTS, RequestCounts,
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::refuse;
use crate::answer::Answer;
use crate::api_error::ApiError;
use crate::app::App;
use crate::check;
use crate::fault::Fault;
use crate::{chat, responses};

/// Faults of a file that are told.
const TOLD: usize = 50;

/// Reads the file of a batch and answers its requests, until there are no more, the batch is cancelled or expires, or the server is gone.
pub(super) fn answer_all(app: &Weak<App>, id: &str) -> Option<()> {
    let (endpoint, requests) = read(&*app.upgrade()?, id)?;
    let mut results = Results::default();
    let mut end = BatchStatus::Completed;
    for (place, request) in requests.iter().enumerate() {
        let app = app.upgrade()?;
        if app.batches.is_cancelling(id) {
            end = BatchStatus::Cancelled;
            break;
        }
        if app.settings.batch_expires_after == Some(place) {
            let late = requests.get(place..).unwrap_or_default();
            let late = late.iter().map(|late| expired(&app, late));
            results.failed.extend(late);
            end = BatchStatus::Expired;
            break;
        }
        results.push(answer_one(&app, &endpoint, request));
        let counts = results.counts(requests.len());
        let set = app
            .batches
            .with(id, |batch| batch.request_counts = Some(counts));
        set.ok()?;
    }
    finish(&*app.upgrade()?, id, &results, requests.len(), end)
}

/// The requests of a batch, where its file is in order.
fn read(app: &App, id: &str) -> Option<(String, Vec<BatchRequest>)> {
    let batch = app.batches.state(id).ok()?;
    let endpoint = batch.endpoint?;
    let content = app.files.content(&batch.input_file_id?);
    let read = content.map_err(|_| vec![fault("file_not_found", "The file is gone.", None)]);
    let read = read.and_then(|content| requests(&content, &endpoint));
    let begin = app.batches.with(id, |batch| match &read {
        Ok(_) if batch.status == Some(BatchStatus::Cancelling) => {}
        Ok(_) => batch.status = Some(BatchStatus::InProgress),
        Err(data) => refuse(
            batch,
            BatchErrors {
                data: data.clone(),
                ..BatchErrors::default()
            },
        ),
    });
    begin.ok()?;
    Some((endpoint, read.ok()?))
}

/// The lines of a file as requests, or what is wrong with them.
fn requests(content: &Bytes, endpoint: &str) -> Result<Vec<BatchRequest>, Vec<BatchError>> {
    let mut ids = HashSet::new();
    let (mut requests, mut faults) = (Vec::new(), Vec::new());
    let lines = content.split(|byte| *byte == b'\n').zip(1..);
    for (line, number) in lines.filter(|(line, _)| !line.trim_ascii().is_empty()) {
        match request(line, endpoint) {
            Ok(request) if !ids.insert(request.custom_id.clone()) => {
                let message = "The custom_id for this request is a duplicate of another request. The custom_id parameter must be unique for each request in a batch.";
                faults.push(fault("duplicate_custom_id", message, Some(number)));
            }
            Ok(request) => requests.push(request),
            Err((code, message)) => faults.push(fault(code, &message, Some(number))),
        }
    }
    if requests.is_empty() && faults.is_empty() {
        faults.push(fault("empty_file", "The batch input file is empty.", None));
    }
    if requests.len() > MAX_BATCH_REQUESTS {
        let message = format!(
            "The batch input file has more than the maximum of {MAX_BATCH_REQUESTS} requests."
        );
        faults.push(fault("too_many_tasks", &message, None));
    }
    faults.truncate(TOLD);
    if faults.is_empty() {
        Ok(requests)
    } else {
        Err(faults)
    }
}

fn request(line: &[u8], endpoint: &str) -> Result<BatchRequest, (&'static str, String)> {
    let parsed: Result<Value, _> = serde_json::from_slice(line);
    let Ok(line) = parsed else {
        let message = "This line is not parseable as valid JSON.".to_owned();
        return Err(("invalid_json_line", message));
    };
    for key in ["custom_id", "method", "url", "body"] {
        if line.get(key).is_none_or(Value::is_null) {
            let message = format!("Missing required parameter: '{key}'.");
            return Err(("missing_required_parameter", message));
        }
    }
    let request: BatchRequest = serde_json::from_value(line)
        .map_err(|error| ("invalid_request", format!("Invalid request: {error}.")))?;
    if request.method != "POST" {
        let message = format!("Invalid method: '{}'. Expected 'POST'.", request.method);
        return Err(("invalid_method", message));
    }
    if request.url != endpoint {
        let message = "The URL provided for this request does not match the batch endpoint.";
        return Err(("invalid_url", message.to_owned()));
    }
    if !request.body.is_object() {
        let message = "Invalid type for 'body': expected an object.".to_owned();
        return Err(("invalid_type", message));
    }
    Ok(request)
}

fn fault(code: &str, message: &str, line: Option<u64>) -> BatchError {
    BatchError {
        code: Some(ErrorCode::from(code)),
        message: Some(message.to_owned()),
        line,
        ..BatchError::default()
    }
}

/// What came of the requests.
#[derive(Default)]
struct Results {
    answered: Vec<BatchResult>,
    failed: Vec<BatchResult>,
}

impl Results {
    fn push(&mut self, result: BatchResult) {
        let status = result
            .response
            .as_ref()
            .map(|response| response.status_code);
        let list = match status {
            Some(200) => &mut self.answered,
            _ => &mut self.failed,
        };
        list.push(result);
    }

    fn counts(&self, total: usize) -> RequestCounts {
        RequestCounts {
            total,
            completed: self.answered.len(),
            failed: self.failed.len(),
            ..RequestCounts::default()
        }
    }
}

fn answer_one(app: &App, endpoint: &str, request: &BatchRequest) -> BatchResult {
    let empty = Map::new();
    let body = request.body.as_object().unwrap_or(&empty);
    let (status_code, body) = match answer(app, endpoint, body) {
        Ok(body) => (200, body),
        Err(error) => {
            let body = serde_json::to_value(error.body()).unwrap_or_default();
            (error.status.as_u16(), body)
        }
    };
    BatchResult {
        response: Some(BatchResponse {
            status_code,
            request_id: Some(app.id("req_")),
            body,
            ..BatchResponse::default()
        }),
        ..result(app, request)
    }
}

fn answer(app: &App, endpoint: &str, body: &Map<String, Value>) -> Result<Value, ApiError> {
    if responses::streams(body) {
        // The text is this server's own.
        let message = "Streaming is not supported in the Batch API.";
        return Err(ApiError::unsupported_value(message, "stream"));
    }
    let fault = app.faults.next();
    if let Some(error) = fault.and_then(Fault::refused) {
        return Err(error);
    }
    if endpoint == check::RESPONSES {
        whole(responses::respond(app, body, fault)?)
    } else {
        whole(chat::complete(app, body, fault)?)
    }
}

fn whole<T: Serialize>(answer: Answer<T>) -> Result<Value, ApiError> {
    let Answer::Whole(answer) = answer else {
        return Err(ApiError::server("The answer came as events."));
    };
    serde_json::to_value(answer).map_err(|error| ApiError::server(error.to_string()))
}

/// A request for which there was no time.
fn expired(app: &App, request: &BatchRequest) -> BatchResult {
    let message = "This request could not be executed before the completion window expired.";
    BatchResult {
        error: Some(fault("batch_expired", message, None)),
        ..result(app, request)
    }
}

fn result(app: &App, request: &BatchRequest) -> BatchResult {
    BatchResult {
        id: app.id("batch_req_"),
        custom_id: request.custom_id.clone(),
        ..BatchResult::default()
    }
}

/// Puts the results into files.
fn finish(app: &App, id: &str, results: &Results, total: usize, end: BatchStatus) -> Option<()> {
    let output = file(app, &results.answered, "output");
    let errors = file(app, &results.failed, "error");
    let counts = results.counts(total);
    let done = app.batches.with(id, |batch| {
        batch.output_file_id = output;
        batch.error_file_id = errors;
        batch.request_counts = Some(counts);
        batch.status = Some(end);
    });
    done.ok()
}

/// A file with these results, if there are any. Their order says nothing, and so it is not that of the requests.
fn file(app: &App, results: &[BatchResult], name: &str) -> Option<String> {
    let mut lines = Vec::new();
    for result in results.iter().rev() {
        serde_json::to_writer(&mut lines, result).ok()?;
        lines.push(b'\n');
    }
    let name = format!("batch_{name}.jsonl");
    let keep = || app.files.keep(app, &name, "batch_output", lines.into()).id;
    (!results.is_empty()).then(keep)
}
