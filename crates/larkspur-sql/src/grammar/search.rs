//! The search for the largest grammar within the bytes that it may take.
//!
//! A grammar is made to be measured, and a large one is dear. But the grammar of some tables is a part of that of more of them, so
//! no attempt goes far beyond the bound: a few tables tell how many are about as many as it takes.

use super::{Columns, GrammarError, Kind, SelectGrammar, fit::Fitted};

/// Tables of a first attempt.
const FIRST: usize = 8;
/// With so many tables a question can be answered, as a rule, so joins go next.
const FEW: usize = 6;
/// A catalog of so many tables is not cut by a question: its words may well miss a table between two others, such as the lines of
/// invoices where it is about artists and countries.
const SMALL: usize = 12;

/// What a grammar is made of.
#[derive(Clone, Debug)]
pub(super) struct Size {
    /// How many tables, by rank.
    tables: usize,
    /// How many tables must stay; others go where that is enough.
    least: usize,
    pub(super) shapes: usize,
    pub(super) depth: usize,
    /// Whether a `WITH` can have several queries.
    pub(super) steps: bool,
    pub(super) columns: Columns,
}

/// The largest grammar of a size, or about how many bytes all of its tables would take.
enum Attempt {
    Fits(Box<Fitted>),
    Larger(usize),
}

pub(super) struct Search<'s> {
    pub(super) select: &'s SelectGrammar,
    /// The places of the tables in the catalog, the most relevant one first.
    pub(super) ranked: Vec<usize>,
}

impl Search<'_> {
    pub(super) fn run(&self) -> Result<Fitted, GrammarError> {
        let mut size = self.whole();
        let mut bytes = match self.attempt(&size)? {
            Attempt::Fits(fitted) => return Ok(*fitted),
            Attempt::Larger(bytes) => bytes,
        };
        if !self.has_question(&size) && bytes / 2 > self.select.max_bytes {
            match self.attempt(&self.plain())? {
                Attempt::Larger(bytes) => return Err(self.too_large(bytes)),
                // All else would have to go, one after another, and then tables.
                Attempt::Fits(fitted) if !fitted.receipt.tables.is_empty() => return Ok(*fitted),
                Attempt::Fits(_) => {}
            }
        }
        loop {
            let smaller = self.smaller(&size, bytes);
            size = smaller.ok_or_else(|| self.too_large(bytes))?;
            bytes = match self.attempt(&size)? {
                Attempt::Fits(fitted) => return Ok(*fitted),
                Attempt::Larger(bytes) => bytes,
            };
        }
    }

    fn too_large(&self, bytes: usize) -> GrammarError {
        let max = self.select.max_bytes;
        GrammarError(Kind::TooLarge { bytes, max })
    }

    fn whole(&self) -> Size {
        Size {
            tables: self.ranked.len(),
            least: self.ranked.len(),
            shapes: self.select.max_shapes,
            depth: self.select.depth(),
            steps: self.select.has_steps(),
            columns: self.select.columns,
        }
    }

    /// Nothing but tables, as many as there is room for.
    fn plain(&self) -> Size {
        Size {
            least: 1,
            shapes: 0,
            depth: 0,
            steps: false,
            columns: Columns::Qualified,
            ..self.whole()
        }
    }

    /// Whether a question says which tables go first.
    fn has_question(&self, size: &Size) -> bool {
        let is_large = self.ranked.len() > SMALL;
        self.select.question.is_some() && is_large && size.least > FEW
    }

    /// The next size to be tried where the tables that must stay take so many bytes: what was asked for last goes first.
    fn smaller(&self, size: &Size, bytes: usize) -> Option<Size> {
        let max = self.select.max_bytes;
        // As large as names alone make it: they take about a sixth, a fifth at most. Of what is larger, tables go in any case.
        let by_names = max.saturating_add(max / 4);
        let has_question = self.has_question(size);
        let mut next = Size {
            tables: size.least,
            ..size.clone()
        };
        if size.columns != Columns::Qualified && !(has_question && bytes > by_names) {
            next.columns = Columns::Qualified;
        } else if has_question {
            next.least = FEW;
        } else if size.steps {
            next.steps = false;
        } else if size.shapes > 0 {
            let shapes = size.shapes.min(3 * size.least);
            next.shapes = scaled(shapes, max, bytes).min(shapes - 1);
        } else if size.depth > 0 {
            next.shapes = self.select.max_shapes;
            next.depth -= 1;
        } else if size.least > 1 {
            next.least = 1;
        } else {
            return None;
        }
        Some(next)
    }

    fn attempt(&self, size: &Size) -> Result<Attempt, GrammarError> {
        let max = self.select.max_bytes;
        let mut bracket = Bracket::default();
        let mut best = None;
        while let Some(tables) = bracket.next(size, max) {
            let fitted = self.made(tables, size)?;
            let bytes = fitted.as_ref().and_then(|fitted| fitted.receipt.bytes);
            let made = Made {
                tables,
                bytes: bytes.unwrap_or_default(),
            };
            if made.bytes > max {
                bracket.larger = Some(made);
            } else {
                bracket.fits = Some(made);
                best = fitted;
            }
        }
        let enough = bracket.fits.is_some_and(|made| made.tables >= size.least);
        Ok(match (best.filter(|_| enough), bracket.larger) {
            (Some(fitted), _) => Attempt::Fits(Box::new(fitted)),
            (None, larger) => Attempt::Larger(larger.map_or(0, |made| made.bytes_of(size.least))),
        })
    }

    /// The grammar of so many tables; none where these alone, of more, have nothing to ask for.
    fn made(&self, tables: usize, size: &Size) -> Result<Option<Fitted>, GrammarError> {
        let kept = self.ranked.get(..tables).unwrap_or(&self.ranked);
        match self.select.of_size(kept, size) {
            Err(GrammarError(Kind::NoTables)) if tables < self.ranked.len() => Ok(None),
            made => made.map(Some),
        }
    }
}

/// A grammar of so many tables.
#[derive(Clone, Copy, Debug)]
struct Made {
    tables: usize,
    bytes: usize,
}

impl Made {
    fn bytes_of(self, tables: usize) -> usize {
        scaled(self.bytes, tables, self.tables)
    }
}

/// Between which numbers of tables the bound lies, so far as is known.
#[derive(Debug, Default)]
struct Bracket {
    fits: Option<Made>,
    larger: Option<Made>,
}

impl Bracket {
    /// How many tables to try next; none where that is settled.
    fn next(&self, size: &Size, max: usize) -> Option<usize> {
        match (self.fits, self.larger) {
            (_, Some(larger)) if larger.tables <= size.least => None,
            (Some(fits), _) if fits.tables == size.tables => None,
            (None, None) if max == usize::MAX || size.tables <= 2 * FIRST => Some(size.tables),
            (None, None) => Some(FIRST),
            (Some(fits), None) => {
                // An eighth more than would fit, so that it shows.
                let over = scaled(fits.tables, max, fits.bytes.saturating_sub(fits.bytes / 8));
                Some(over.clamp(fits.tables + 1, size.tables))
            }
            (None, Some(larger)) => {
                let share = scaled(larger.tables, max, larger.bytes);
                Some(share.clamp(size.least, larger.tables - 1))
            }
            (Some(fits), Some(larger)) => between(fits, larger, size, max),
        }
    }
}

/// A number between two, as if all tables were alike; but never close to one of many, for they are not.
fn between(fits: Made, larger: Made, size: &Size, max: usize) -> Option<usize> {
    let least = size.least.max(fits.tables + 1);
    let half_a_table = fits.bytes / fits.tables.max(1) / 2;
    let is_full = fits.tables >= size.least && fits.bytes + half_a_table > max;
    let gap = larger.tables - fits.tables;
    let more = scaled(gap, max - fits.bytes, larger.bytes - fits.bytes);
    let tables = fits.tables + more.clamp(gap / 8, gap - gap / 8);
    (least < larger.tables && !is_full).then(|| tables.clamp(least, larger.tables - 1))
}

/// `part` of `whole` of a number.
fn scaled(number: usize, part: usize, whole: usize) -> usize {
    number.saturating_mul(part) / whole.max(1)
}
