//! Many requests in one file, answered within a day at half the price: the Batch API.

mod requests;
mod results;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use larkspur_output::{Output, OutputType};
use larkspur_wire::ErrorCode;
use larkspur_wire::batches::{
    self, BatchErrors, BatchStatus, CreateBatch, File, MAX_BATCH_REQUESTS,
};
use reqwest::Method;
use serde::de::IgnoredAny;

use self::requests::Upload;
use self::results::Rows;
use crate::api::OpenAi;
use crate::ask::{Answer, Sent};
use crate::call::Call;
use crate::client::Client;
use crate::error::{Error, Kind};
use crate::ledger::{AttemptKind, Ledger};
use crate::request::RequestBuilder;
use crate::responses::segment;

/// How long [`Batch::wait`] waits between two questions.
const INTERVAL: Duration = Duration::from_secs(30);

/// Many requests that the server answers within a day, at half the price. Each has an answer or an error of its own.
///
/// ```no_run
/// use larkspur_client::Client;
/// use larkspur_schema::{JsonSchema, schemars};
/// use serde::Deserialize;
///
/// #[derive(Debug, Deserialize, JsonSchema)]
/// struct Mood {
///     friendly: bool,
/// }
///
/// # async fn run(reviews: Vec<String>) -> Result<(), larkspur_client::Error> {
/// let client = Client::from_env()?;
/// let output = larkspur_output::json::<Mood>();
/// let requests = reviews.iter().map(|review| client.responses("gpt-5.2").input(review));
/// let batch = client.submit_batch(requests, &output).await?;
/// println!("{}", batch.id()); // to be asked for tomorrow: `client.batch(id, &output)`
/// for (review, answer) in reviews.iter().zip(batch.wait().await?) {
///     match answer.and_then(|answer| answer.into_reply()) {
///         Ok(reply) => println!("{review}: {:?} for {}", reply.value, reply.cost()),
///         Err(error) => eprintln!("{review}: {error}"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub struct Batch<V> {
    client: Client,
    id: String,
    output: Output<V>,
    /// How many requests there are, where this program made them.
    count: Option<usize>,
    interval: Duration,
}

impl Client {
    /// Uploads requests, which are answered as values of one kind of output. Servers take requests for one model only, and none that
    /// streams. What says how one request is sent counts for nothing here: re-asks, budgets,
    /// other servers to ask.
    ///
    /// The file is sent once: where the connection breaks before the server says that it took the batch, nothing is sent again, for
    /// two batches would be paid twice.
    ///
    /// # Errors
    ///
    /// There are no requests, more than 50,000 of them or more than 200 MB, or one of them would be refused; the server cannot be
    /// reached, refuses, or answers something else.
    pub async fn submit_batch<A: OpenAi, O: OutputType>(
        &self,
        requests: impl IntoIterator<Item = RequestBuilder<A>>,
        output: &O,
    ) -> Result<Batch<O::Value>, Error> {
        let output = output.prepare(self.target())?;
        let upload = Upload::new(requests, &output)?;
        let count = Some(upload.count());
        let call = upload.into_call();
        let file: Sent<File> = self.fetch(&call, AttemptKind::First, "file").await?;
        let body = CreateBatch {
            input_file_id: file.response.id,
            endpoint: requests::endpoint::<A>(),
            completion_window: "24h".to_owned(),
            ..CreateBatch::default()
        };
        let call = Call {
            once: true,
            ..Call::post("batches", &body)?
        };
        let created: Sent<batches::Batch> = self.fetch(&call, AttemptKind::First, "batch").await?;
        Ok(Batch {
            client: self.clone(),
            id: created.response.id,
            output,
            count,
            interval: INTERVAL,
        })
    }

    /// A batch that was [submitted](Self::submit_batch) before, maybe by another program. The output is the one that was asked for.
    /// Nothing is sent.
    ///
    /// # Errors
    ///
    /// The output cannot be said to this server.
    pub fn batch<O: OutputType>(
        &self,
        id: impl Into<String>,
        output: &O,
    ) -> Result<Batch<O::Value>, Error> {
        Ok(Batch {
            client: self.clone(),
            id: id.into(),
            output: output.prepare(self.target())?,
            count: None,
            interval: INTERVAL,
        })
    }

    /// The bytes of a file that the server keeps.
    async fn download(&self, id: &str) -> Result<Bytes, Error> {
        let call = Call::get(format!("files/{}/content", segment(id)));
        let mut ledger = Ledger::default();
        let transport = &self.inner().transport;
        match transport.send(&call, AttemptKind::Poll, &mut ledger).await {
            Ok(answered) => Ok(answered.body),
            Err(error) => Err(error.with_ledger(ledger)),
        }
    }
}

impl<V> Batch<V> {
    /// The id of the batch.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How long [`wait`](Self::wait) waits between two questions. Default: 30 s.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// How far it is, in the server's words.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, does not know the batch, or answers something else.
    pub async fn state(&self) -> Result<batches::Batch, Error> {
        self.call(Method::GET, "").await
    }

    /// The answers, in the order of the requests; nothing while the server is at it. Requests that it did not come to, because the batch
    /// was cancelled or its time was over, have an error that [says so](Error::is_unfinished). The client's `max_response_bytes` bound
    /// the file of answers too.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, does not know the batch, refused its file, or answers something else.
    pub async fn poll(&self) -> Result<Option<Vec<Result<Answer<V>, Error>>>, Error> {
        let batch = self.state().await?;
        let status = batch.status.unwrap_or(BatchStatus::InProgress);
        if !status.is_final() {
            return Ok(None);
        }
        if status == BatchStatus::Failed {
            return Err(refused(batch.errors.unwrap_or_default()));
        }
        let counted = batch.request_counts.map_or(0, |counts| counts.total);
        let count = self.count.unwrap_or(counted).min(MAX_BATCH_REQUESTS);
        let mut rows = Rows::new(count, batch.endpoint.as_deref());
        let files = [batch.output_file_id, batch.error_file_id];
        for file in files.into_iter().flatten() {
            let lines = self.client.download(&file).await?;
            rows.read(&lines, self.client.inner(), &self.output)?;
        }
        Ok(Some(rows.finish(&status)))
    }

    /// Asks until the answers are there. It may be dropped and called again; how long it may take is the caller's to say.
    ///
    /// # Errors
    ///
    /// As [`poll`](Self::poll).
    pub async fn wait(&self) -> Result<Vec<Result<Answer<V>, Error>>, Error> {
        loop {
            if let Some(rows) = self.poll().await? {
                return Ok(rows);
            }
            tokio::time::sleep(self.interval).await;
        }
    }

    /// Stops the server. What was answered until then is paid for, and can be had.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, refuses (a batch that is done cannot be cancelled), or answers something else.
    pub async fn cancel(&self) -> Result<(), Error> {
        self.call(Method::POST, "/cancel").await.map(drop)
    }

    /// Has the server forget the files of the batch: requests, answers and errors.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, does not know the batch or one of the files, or answers something else.
    pub async fn delete_files(self) -> Result<(), Error> {
        let batch = self.state().await?;
        let files = [
            batch.input_file_id,
            batch.output_file_id,
            batch.error_file_id,
        ];
        for id in files.into_iter().flatten() {
            let call = Call::new(Method::DELETE, format!("files/{}", segment(&id)));
            let sent = self.client.fetch(&call, AttemptKind::First, "deletion");
            let _: Sent<IgnoredAny> = sent.await?;
        }
        Ok(())
    }

    async fn call(&self, method: Method, verb: &str) -> Result<batches::Batch, Error> {
        let call = Call::new(method, format!("batches/{}{verb}", segment(&self.id)));
        let sent = self.client.fetch(&call, AttemptKind::Poll, "batch");
        sent.await.map(|sent| sent.response)
    }
}

/// The error for a file that the server refused.
fn refused(errors: BatchErrors) -> Error {
    let error = errors.data.into_iter().next().unwrap_or_default();
    let line = error.line.map(|line| format!("line {line}: "));
    let message = error.message.unwrap_or_default();
    Error::new(Kind::BatchRefused {
        code: code(error.code.as_ref()),
        message: format!("{}{message}", line.unwrap_or_default()),
    })
}

fn code(code: Option<&ErrorCode>) -> Option<String> {
    code.map(ToString::to_string)
}

impl<V> fmt::Debug for Batch<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("client", &self.client)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
