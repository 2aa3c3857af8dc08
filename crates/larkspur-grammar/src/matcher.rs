//! Texts that arrive in pieces.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::engine::run::{Mark, Run};
use crate::engine::{Cache, Compiled};
use crate::error::Exceeded;
use crate::expected::{Expected, Rejection};

/// Reads a text piece by piece and knows after each whether it can still become a sentence.
///
/// Its state is the stack of the parser and a place in the lexer: [`fork`](Self::fork) copies the stack, not the text, and
/// [`snapshot`](Self::snapshot) copies a few numbers.
///
/// ```
/// use larkspur_grammar::{Compiled, GrammarBuilder, Matcher, Semantics};
/// use larkspur_grammar::grammar::Expr;
///
/// let mut builder = GrammarBuilder::new(Semantics::Llguidance);
/// let start = builder.rule("start");
/// let (yes, no) = (builder.literal("yes"), builder.literal("no"));
/// builder.define_rule(start, Expr::alt([yes, no]));
/// let compiled = Compiled::new(&builder.build(start)?)?;
///
/// let mut cache = compiled.cache();
/// let mut matcher = Matcher::new(&compiled, &mut cache)?;
/// matcher.push(&mut cache, "y")?;
/// let before = matcher.snapshot();
/// assert_eq!(matcher.push(&mut cache, "o").unwrap_err().offset(), Some(1));
/// matcher.roll_back(&before)?;
/// matcher.push(&mut cache, "es")?;
/// assert!(matcher.is_complete(&mut cache)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Matcher {
    compiled: Compiled,
    run: Run,
    /// Snapshots that can be gone back to, oldest first.
    snapshots: Vec<u64>,
}

/// A place to go back to. See [`Matcher::snapshot`].
#[derive(Clone, Debug)]
pub struct Snapshot {
    serial: u64,
    mark: Mark,
}

/// Why a piece of text was not taken.
#[derive(Debug)]
pub struct MatchError {
    kind: MatchErrorKind,
}

#[derive(Debug)]
enum MatchErrorKind {
    Rejected(Rejection),
    Exceeded(Exceeded),
    Stale,
}

impl MatchError {
    /// Where the text left the grammar.
    pub fn rejection(&self) -> Option<&Rejection> {
        match &self.kind {
            MatchErrorKind::Rejected(rejection) => Some(rejection),
            _ => None,
        }
    }

    /// The byte of the text, counted from its start, that no sentence has there.
    pub fn offset(&self) -> Option<usize> {
        self.rejection().map(|rejection| rejection.offset)
    }

    /// The limit that was reached.
    pub fn exceeded(&self) -> Option<Exceeded> {
        match self.kind {
            MatchErrorKind::Exceeded(exceeded) => Some(exceeded),
            _ => None,
        }
    }
}

impl fmt::Display for MatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            MatchErrorKind::Rejected(rejection) => rejection.fmt(f),
            MatchErrorKind::Exceeded(exceeded) => exceeded.fmt(f),
            MatchErrorKind::Stale => f.write_str(
                "the snapshot is of another matcher, or of a text that was rolled back; take a new one",
            ),
        }
    }
}

impl std::error::Error for MatchError {}

impl From<Exceeded> for MatchError {
    fn from(exceeded: Exceeded) -> Self {
        Self {
            kind: MatchErrorKind::Exceeded(exceeded),
        }
    }
}

/// Serial numbers of snapshots, so that one of another matcher is recognised.
static SERIAL: AtomicU64 = AtomicU64::new(0);

impl Matcher {
    /// A matcher before the first byte.
    ///
    /// # Errors
    /// If a limit is reached.
    pub fn new(compiled: &Compiled, cache: &mut Cache) -> Result<Self, Exceeded> {
        let mut run = Run::new(false);
        run.restart(&mut compiled.tables(cache))?;
        Ok(Self {
            compiled: compiled.clone(),
            run,
            snapshots: Vec::new(),
        })
    }

    /// Goes back to before the first byte, and keeps the memory.
    ///
    /// # Errors
    /// If a limit is reached.
    pub fn restart(&mut self, cache: &mut Cache) -> Result<(), Exceeded> {
        self.snapshots.clear();
        self.run.restart(&mut self.compiled.tables(cache))
    }

    /// Reads the next bytes; a piece may end anywhere, also inside a character.
    ///
    /// # Errors
    /// If a byte cannot follow: those before it have been read, and the matcher stands before it, ready for another
    /// one. Or if a limit is reached.
    pub fn push(&mut self, cache: &mut Cache, bytes: impl AsRef<[u8]>) -> Result<(), MatchError> {
        let bytes = bytes.as_ref();
        let read = self.advance(cache, bytes)?;
        if read == bytes.len() {
            return Ok(());
        }
        let rejection = Rejection {
            offset: self.position(),
            found: bytes.get(read).copied(),
            expected: self.expected(cache)?,
        };
        Err(MatchError {
            kind: MatchErrorKind::Rejected(rejection),
        })
    }

    /// As [`push`](Self::push), but only says how many bytes were read, and does not find out what was expected.
    ///
    /// # Errors
    /// If a limit is reached.
    pub fn advance(
        &mut self,
        cache: &mut Cache,
        bytes: impl AsRef<[u8]>,
    ) -> Result<usize, Exceeded> {
        self.run
            .feed(&mut self.compiled.tables(cache), bytes.as_ref())
    }

    /// Bytes read.
    pub fn position(&self) -> usize {
        self.run.pos as usize
    }

    /// Whether what has been read is a sentence.
    ///
    /// # Errors
    /// If a limit is reached.
    pub fn is_complete(&mut self, cache: &mut Cache) -> Result<bool, Exceeded> {
        self.run.is_complete(&mut self.compiled.tables(cache))
    }

    /// What can follow.
    ///
    /// # Errors
    /// If a limit is reached.
    pub fn expected(&mut self, cache: &mut Cache) -> Result<Expected, Exceeded> {
        Expected::of(&mut self.run, &mut self.compiled.tables(cache))
    }

    /// Notes this place of the text. It stays valid until the matcher goes back to an earlier one.
    pub fn snapshot(&mut self) -> Snapshot {
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        self.snapshots.push(serial);
        Snapshot {
            serial,
            mark: self.run.mark(),
        }
    }

    /// Goes back to a snapshot.
    ///
    /// # Errors
    /// If the snapshot is of another matcher, or the matcher has already gone back to an earlier one.
    pub fn roll_back(&mut self, snapshot: &Snapshot) -> Result<(), MatchError> {
        let Ok(index) = self.snapshots.binary_search(&snapshot.serial) else {
            return Err(MatchError {
                kind: MatchErrorKind::Stale,
            });
        };
        self.snapshots.truncate(index + 1);
        self.run.back_to(&snapshot.mark);
        Ok(())
    }

    /// Another matcher at this place of the text. It costs as much as the stack is high; snapshots stay with this one.
    pub fn fork(&self) -> Self {
        Self {
            compiled: self.compiled.clone(),
            run: self.run.fork(),
            snapshots: Vec::new(),
        }
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.run.stacks.heap_bytes()
    }
}
