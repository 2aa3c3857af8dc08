//! Patterns of names, and what they show of a database.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, de};

/// Which tables, or which columns, by their names: `orders`, `tmp_*`, `users.password`, `*.ssn`.
///
/// `*` stands for any run of characters and `?` for one; upper and lower case are the same in ASCII, as for SQLite. The
/// first dot parts table and column. In double quotes a name stands for itself, dots and stars too: `"a.b"."c*"`.
///
/// ```
/// use larkspur_sql::Pattern;
///
/// let pattern: Pattern = "user*.pass*".parse()?;
/// assert!(pattern.matches_column("Users", "password"));
/// assert!(!pattern.matches_table("Users"));
/// # Ok::<(), larkspur_sql::InvalidPattern>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    table: Glob,
    column: Option<Glob>,
}

/// A text is no [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPattern(&'static str);

impl fmt::Display for InvalidPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidPattern {}

impl Pattern {
    /// Whether it stands for a whole table with this name.
    pub fn matches_table(&self, table: &str) -> bool {
        self.column.is_none() && self.table.matches(table)
    }

    /// Whether it stands for this column, by the column's own name or by the whole table.
    pub fn matches_column(&self, table: &str, column: &str) -> bool {
        let column_matches = self.column.as_ref().is_none_or(|glob| glob.matches(column));
        column_matches && self.table.matches(table)
    }
}

impl FromStr for Pattern {
    type Err = InvalidPattern;

    fn from_str(text: &str) -> Result<Self, InvalidPattern> {
        let (table, rest) = part(text)?;
        let column = match rest {
            None => None,
            Some(rest) => match part(rest)? {
                (column, None) => Some(column),
                (_, Some(_)) => {
                    return Err(InvalidPattern(
                        "a pattern has at most one dot outside of quotes",
                    ));
                }
            },
        };
        Ok(Self { table, column })
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// The part up to a dot, and what is behind the dot.
fn part(text: &str) -> Result<(Glob, Option<&str>), InvalidPattern> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (name, rest) = match text.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (text, None),
        };
        if name.is_empty() {
            return Err(InvalidPattern(
                "a pattern needs a name, `*` for any; the empty name is `\"\"`",
            ));
        }
        return Ok((Glob::new(name), rest));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let (head, tail) = rest
            .split_once('"')
            .ok_or(InvalidPattern("the pattern has a quote that is not closed"))?;
        name.push_str(head);
        match tail.strip_prefix('"') {
            Some(tail) => {
                name.push('"');
                rest = tail;
            }
            None if tail.is_empty() => return Ok((Glob::exactly(&name), None)),
            None => {
                let rest = tail.strip_prefix('.').ok_or(InvalidPattern(
                    "behind a quoted name there is a dot or the end",
                ))?;
                return Ok((Glob::exactly(&name), Some(rest)));
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Glob(Vec<Piece>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Char(char),
    AnyChar,
    AnyRun,
}

impl Glob {
    fn new(text: &str) -> Self {
        let mut pieces: Vec<Piece> = text
            .chars()
            .map(|c| match c {
                '*' => Piece::AnyRun,
                '?' => Piece::AnyChar,
                c => Piece::Char(c.to_ascii_lowercase()),
            })
            .collect();
        pieces.dedup_by(|next, first| *next == Piece::AnyRun && *first == Piece::AnyRun);
        Self(pieces)
    }

    fn exactly(text: &str) -> Self {
        Self(
            text.chars()
                .map(|c| Piece::Char(c.to_ascii_lowercase()))
                .collect(),
        )
    }

    /// Keeps the set of places in the pattern that the text so far leads to, so it takes at most the product of the lengths.
    fn matches(&self, text: &str) -> bool {
        let mut places = vec![false; self.0.len() + 1];
        mark(&self.0, &mut places, 0);
        for c in text.chars() {
            let c = c.to_ascii_lowercase();
            let mut next = vec![false; places.len()];
            for (at, (piece, _)) in self
                .0
                .iter()
                .zip(&places)
                .enumerate()
                .filter(|(_, (_, on))| **on)
            {
                match piece {
                    Piece::AnyRun => mark(&self.0, &mut next, at),
                    Piece::AnyChar => mark(&self.0, &mut next, at + 1),
                    Piece::Char(own) if *own == c => mark(&self.0, &mut next, at + 1),
                    Piece::Char(_) => {}
                }
            }
            places = next;
        }
        places.last().copied().unwrap_or(false)
    }
}

/// A place is reached, and the one behind a run that may be empty.
fn mark(pieces: &[Piece], places: &mut [bool], at: usize) {
    let behind = if pieces.get(at) == Some(&Piece::AnyRun) {
        at + 1
    } else {
        at
    };
    for at in [at, behind] {
        if let Some(place) = places.get_mut(at) {
            *place = true;
        }
    }
}

/// What a model may see of a database. By default everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Visibility {
    /// Only these tables and columns; where it is empty, all.
    pub include: Vec<Pattern>,
    /// Not these, also where they are included.
    pub exclude: Vec<Pattern>,
}

impl Visibility {
    /// Shows this too; what nothing includes is hidden from then on.
    pub fn include(mut self, pattern: Pattern) -> Self {
        self.include.push(pattern);
        self
    }

    /// Hides this.
    pub fn exclude(mut self, pattern: Pattern) -> Self {
        self.exclude.push(pattern);
        self
    }

    /// Whether it shows some column of a table, whichever columns that has.
    #[cfg(feature = "guard")]
    pub(crate) fn shows_some_of(&self, table: &str) -> bool {
        let is_included = self
            .include
            .iter()
            .any(|pattern| pattern.table.matches(table));
        let is_excluded = self
            .exclude
            .iter()
            .any(|pattern| pattern.matches_table(table));
        (self.include.is_empty() || is_included) && !is_excluded
    }

    /// Whether it may hide a column of a table of which it shows some.
    #[cfg(feature = "guard")]
    pub(crate) fn hides_any_of(&self, table: &str) -> bool {
        let whole = self
            .include
            .iter()
            .any(|pattern| pattern.matches_table(table));
        let mut excluded = self.exclude.iter();
        !(self.include.is_empty() || whole)
            || excluded.any(|pattern| pattern.column.is_some() && pattern.table.matches(table))
    }

    /// Whether it tells columns of one table apart.
    pub(crate) fn is_of_columns(&self) -> bool {
        let mut patterns = self.include.iter().chain(&self.exclude);
        patterns.any(|pattern| pattern.column.is_some())
    }

    /// Whether a column is seen.
    pub fn shows(&self, table: &str, column: &str) -> bool {
        let any = |patterns: &[Pattern]| {
            patterns
                .iter()
                .any(|pattern| pattern.matches_column(table, column))
        };
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }
}
