//! What a grammar left out.

use std::fmt;

/// What of a catalog and of the options a grammar left out, so that it is no larger than it may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// The bytes that the grammar takes as Lark; nothing where there is no bound ([`usize::MAX`]), for it is dear to find out.
    pub bytes: Option<usize>,
    /// Tables that it does not have, in the order of the catalog.
    pub tables: Vec<String>,
    /// How many sets of its tables could be joined and are not, because there may be no more, or it would be too large.
    pub joins: usize,
    /// How many levels of queries within queries are missing.
    pub depth: usize,
    /// Whether a `WITH` can have one query only, where it could have several.
    pub steps: bool,
    /// Whether no column can stand without the name of its table, where some could.
    pub columns: bool,
}

impl Receipt {
    /// Whether nothing was left out.
    pub fn is_complete(&self) -> bool {
        let is_whole = self.tables.is_empty() && self.joins == 0 && self.depth == 0;
        is_whole && !self.steps && !self.columns
    }
}

/// In words, such as `left out: the tables audit and session; 12 ways to join tables`.
impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_complete() {
            return f.write_str("nothing is left out");
        }
        let mut parts = Vec::new();
        if !self.tables.is_empty() {
            const MOST: usize = 10;
            let names: Vec<&str> = self.tables.iter().take(MOST).map(String::as_str).collect();
            let more = match self.tables.len().saturating_sub(MOST) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            parts.push(format!("tables {}{more}", names.join(", ")));
        }
        if self.joins > 0 {
            let ways = if self.joins == 1 { "way" } else { "ways" };
            parts.push(format!("{} {ways} to join tables", self.joins));
        }
        if self.depth > 0 {
            parts.push("queries within queries".to_owned());
        } else if self.steps {
            parts.push("several queries in one WITH".to_owned());
        }
        if self.columns {
            parts.push("columns without the names of their tables".to_owned());
        }
        write!(f, "left out: {}", parts.join("; "))
    }
}
