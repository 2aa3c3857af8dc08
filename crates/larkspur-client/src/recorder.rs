//! Answers, written down as they come, so that tests can replay them.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use larkspur_output::Record;

type Mask = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Writes every whole answer to a sink, one [`Record`] a line: the accepted ones and the rejected ones, of all attempts.
///
/// Keys and the values of secret headers are taken out of every answer before anything reads it. What else must not be
/// kept (names, addresses: whatever the model was told) is for [`mask`](Self::mask) to say. Refused, cut and filtered answers, and
/// responses that [`send`](crate::RequestBuilder::send) gives as they are, are not recorded.
///
/// ```no_run
/// use larkspur_client::{Client, Recorder};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let file = std::fs::File::options().create(true).append(true).open("answers.jsonl")?;
/// let recorder = Recorder::new(file).mask(|text| Some(text.replace("Ada Lovelace", "A Person")));
/// let client = Client::builder().recorder(recorder.clone()).build()?;
/// // … requests …
/// recorder.finish()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Recorder {
    sink: Arc<Mutex<Sink>>,
    mask: Option<Arc<Mask>>,
}

struct Sink {
    to: Box<dyn Write + Send>,
    /// Why nothing is written any more.
    failure: Option<io::Error>,
    written: usize,
}

impl Recorder {
    /// Writes to this sink, one write for each answer, in the task that asked.
    pub fn new(sink: impl Write + Send + 'static) -> Self {
        let sink = Sink {
            to: Box::new(sink),
            failure: None,
            written: 0,
        };
        Self {
            sink: Arc::new(Mutex::new(sink)),
            mask: None,
        }
    }

    /// Changes each text before it is written; where the mask gives `None` the answer is left out. One mask holds, the last.
    pub fn mask(self, mask: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self {
            mask: Some(Arc::new(mask)),
            ..self
        }
    }

    /// How many answers were written, by all clones of this recorder.
    pub fn written(&self) -> usize {
        self.sink().written
    }

    /// Flushes the sink.
    ///
    /// # Errors
    ///
    /// The first failure of the sink since the last call. After one nothing more was written, for a torn line would spoil the
    /// next; after this call it is tried again.
    pub fn finish(&self) -> io::Result<()> {
        let mut sink = self.sink();
        match sink.failure.take() {
            Some(failure) => Err(failure),
            None => sink.to.flush(),
        }
    }

    pub(crate) fn record(&self, mut record: Record) {
        if let Some(mask) = &self.mask {
            match mask(&record.text) {
                Some(text) => record.text = text,
                None => return,
            }
        }
        let mut line = record.to_line();
        line.push('\n');
        let mut sink = self.sink();
        if sink.failure.is_some() {
            return;
        }
        match sink.to.write_all(line.as_bytes()) {
            Ok(()) => sink.written += 1,
            Err(error) => {
                tracing::warn!(%error, "answers are no longer recorded");
                sink.failure = Some(error);
            }
        }
    }

    fn sink(&self) -> std::sync::MutexGuard<'_, Sink> {
        self.sink.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("written", &self.written())
            .field("masked", &self.mask.is_some())
            .finish_non_exhaustive()
    }
}
