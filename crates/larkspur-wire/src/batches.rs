//! The Batch API: many requests in one file, answered within a day. `POST /files`, `POST /batches` and what is below them.

use indexmap::IndexMap;
use serde_json::{Number, Value};

use crate::error::ErrorCode;
use crate::object::{object, open_enum};

/// Requests that one batch may have (`OpenAI` guide "Batch API", "Rate limits").
pub const MAX_BATCH_REQUESTS: usize = 50_000;

object! {
    /// The answer to `POST /files`.
    pub struct File {
        /// `file-…`.
        required id: String,
        /// Always `file`.
        lenient object: String,
        /// How long it is.
        lenient bytes: Number,
        /// When it was made, in seconds since 1970.
        lenient created_at: Number,
        /// What it is called.
        lenient filename: String,
        /// `batch`, `batch_output` and others.
        lenient purpose: String,
    }
}

object! {
    /// The body of `POST /batches`.
    pub struct CreateBatch {
        /// The file with the [requests](BatchRequest), one a line.
        required input_file_id: String,
        /// Where all of them go: `/v1/responses`, `/v1/chat/completions`.
        required endpoint: String,
        /// How long they may take: `24h`.
        required completion_window: String,
        /// At most 16 pairs; keys to 64, values to 512 characters.
        optional metadata: IndexMap<String, String>,
    }
}

object! {
    /// One request, a line of the file.
    pub struct BatchRequest {
        /// Links the request and its result; no two of a file are the same.
        required custom_id: String,
        /// `POST`.
        required method: String,
        /// The endpoint of the batch.
        required url: String,
        /// The request itself.
        required body: Value,
    }
}

object! {
    /// A batch, and how far it is.
    pub struct Batch {
        /// `batch_…`.
        required id: String,
        /// Always `batch`.
        lenient object: String,
        /// Where its requests go.
        lenient endpoint: String,
        /// The file with the requests.
        lenient input_file_id: String,
        /// How far it is.
        lenient status: BatchStatus,
        /// The file with the [results](BatchResult), in any order; absent until there are some.
        lenient output_file_id: String,
        /// The file with the results of requests that failed.
        lenient error_file_id: String,
        /// Why the file of requests was refused.
        lenient errors: BatchErrors,
        /// How long it may take.
        lenient completion_window: String,
        /// When it was made, in seconds since 1970.
        lenient created_at: Number,
        /// When its time is over.
        lenient expires_at: Number,
        /// How many requests there are.
        lenient request_counts: RequestCounts,
        /// Notes for the server's records.
        lenient metadata: IndexMap<String, String>,
    }
}

open_enum! {
    /// How far a batch is.
    pub enum BatchStatus {
        /// The file is looked at.
        Validating = "validating",
        /// The file was refused.
        Failed = "failed",
        /// It is worked on.
        InProgress = "in_progress",
        /// The results are put together.
        Finalizing = "finalizing",
        /// The results are there.
        Completed = "completed",
        /// The time was over; what was done until then is there.
        Expired = "expired",
        /// Somebody stopped it; what is under way comes to its end.
        Cancelling = "cancelling",
        /// Somebody stopped it; what was done until then is there.
        Cancelled = "cancelled",
    }
}

impl BatchStatus {
    /// Whether nothing more comes.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Failed | Self::Completed | Self::Expired | Self::Cancelled
        )
    }
}

object! {
    /// How many requests a batch has.
    pub struct RequestCounts {
        /// All.
        default total: usize,
        /// Those that were answered.
        default completed: usize,
        /// Those that were not.
        default failed: usize,
    }
}

object! {
    /// What is wrong with a file of requests.
    pub struct BatchErrors {
        /// Each fault.
        default data: Vec<BatchError>,
    }
}

object! {
    /// What is wrong with a file, or with one request.
    pub struct BatchError {
        /// For programs.
        lenient code: ErrorCode,
        /// For people.
        lenient message: String,
        /// The line of the file, from 1.
        lenient line: u64,
    }
}

object! {
    /// What came of one request, a line of the file of results.
    pub struct BatchResult {
        /// Names the result.
        default id: String,
        /// Which request.
        required custom_id: String,
        /// What was answered, if something was.
        lenient response: BatchResponse,
        /// Why nothing was.
        lenient error: BatchError,
    }
}

object! {
    /// The answer to one request.
    pub struct BatchResponse {
        /// The HTTP status.
        default status_code: u16,
        /// What the server calls the request.
        lenient request_id: String,
        /// The body: a response, or an error.
        default body: Value,
    }
}
