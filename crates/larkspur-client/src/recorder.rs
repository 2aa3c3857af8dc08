//! Answers, written down as they come, so that tests can replay them.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use larkspur_output::Record;

use crate::lines::Lines;

type Mask = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Writes every whole answer to a sink, one [`Record`] a line: the accepted ones and the rejected ones, of all attempts, also those made in
/// the [background](crate::Background) and in a [batch](crate::Batch), whenever they are read.
///
/// Keys and the values of secret headers are taken out of every answer before anything reads it. What else must not be
/// kept (names, addresses: whatever the model was told) is for [`mask`](Self::mask) to say. Refused, cut and filtered answers, and
/// responses that [`send`](crate::RequestBuilder::send) gives as they are, are not recorded. Whole exchanges, to be had again without a
/// server, are for a [`Cassette`](crate::Cassette).
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
    lines: Lines,
    mask: Option<Arc<Mask>>,
}

impl Recorder {
    /// Writes to this sink, one write for each answer, in the task that asked.
    pub fn new(sink: impl Write + Send + 'static) -> Self {
        Self {
            lines: Lines::new(sink),
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
        self.lines.written()
    }

    /// Flushes the sink.
    ///
    /// # Errors
    ///
    /// The first failure of the sink since the last call. After one nothing more was written, for a torn line would spoil the
    /// next; after this call it is tried again.
    pub fn finish(&self) -> io::Result<()> {
        self.lines.finish()
    }

    pub(crate) fn record(&self, mut record: Record) {
        if let Some(mask) = &self.mask {
            match mask(&record.text) {
                Some(text) => record.text = text,
                None => return,
            }
        }
        self.lines.write(record.to_line());
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
