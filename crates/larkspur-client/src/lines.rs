//! A sink that takes lines, whole or not at all.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Lines for a sink, one write for each, by all clones together.
#[derive(Clone)]
pub(crate) struct Lines(Arc<Mutex<Sink>>);

struct Sink {
    to: Box<dyn Write + Send>,
    /// Why nothing is written any more.
    failure: Option<io::Error>,
    written: usize,
}

impl Lines {
    pub(crate) fn new(sink: impl Write + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Sink {
            to: Box::new(sink),
            failure: None,
            written: 0,
        })))
    }

    /// Writes a line, unless the sink has failed: a torn line would spoil the next.
    pub(crate) fn write(&self, mut line: String) {
        line.push('\n');
        let mut sink = self.sink();
        if sink.failure.is_some() {
            return;
        }
        match sink.to.write_all(line.as_bytes()) {
            Ok(()) => sink.written += 1,
            Err(error) => {
                tracing::warn!(%error, "nothing is recorded any more");
                sink.failure = Some(error);
            }
        }
    }

    pub(crate) fn written(&self) -> usize {
        self.sink().written
    }

    /// Flushes the sink, or gives its first failure since the last call, after which it is tried again.
    pub(crate) fn finish(&self) -> io::Result<()> {
        let mut sink = self.sink();
        match sink.failure.take() {
            Some(failure) => Err(failure),
            None => sink.to.flush(),
        }
    }

    fn sink(&self) -> MutexGuard<'_, Sink> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
