//! The grammar within the bytes that it may take.

use std::{collections::BTreeMap, fmt};

use larkspur_grammar::{Dialect as Lark, Grammar, print};

use super::{
    Common, GrammarError, Kind, SelectGrammar, Words, query::Statement, relevance,
    sources::Sources, typed,
};
use crate::Catalog;

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
}

impl Receipt {
    /// Whether nothing was left out.
    pub fn is_complete(&self) -> bool {
        self.tables.is_empty() && self.joins == 0 && self.depth == 0 && !self.steps
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
        write!(f, "left out: {}", parts.join("; "))
    }
}

/// A grammar, of what, and what is missing.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    pub(super) grammar: Grammar,
    pub(super) catalog: Catalog,
    pub(super) receipt: Receipt,
}

/// What a grammar is made of.
#[derive(Clone)]
struct Size {
    /// How many tables, by rank.
    tables: usize,
    shapes: usize,
    depth: usize,
    /// Whether a `WITH` can have several queries.
    steps: bool,
}

impl SelectGrammar {
    pub(super) fn fitted(&self) -> Result<&Fitted, GrammarError> {
        let fitted = self.fitted.get_or_init(|| self.fit());
        fitted.as_ref().map_err(Clone::clone)
    }

    fn fit(&self) -> Result<Fitted, GrammarError> {
        if self.catalog.tables.is_empty() {
            return Err(GrammarError(Kind::NoTables));
        }
        let ranked = relevance::ranked(&self.catalog, self.question.as_deref());
        let mut size = Size {
            tables: ranked.len(),
            shapes: self.max_shapes,
            depth: self.depth(),
            steps: self.has_steps(),
        };
        loop {
            let kept = ranked.get(..size.tables).unwrap_or(&ranked);
            let fitted = self.of_size(kept, &size)?;
            let Some(bytes) = fitted.receipt.bytes.filter(|bytes| *bytes > self.max_bytes) else {
                return Ok(fitted);
            };
            size = self
                .smaller(&size, bytes)
                .ok_or(GrammarError(Kind::TooLarge {
                    bytes,
                    max: self.max_bytes,
                }))?;
        }
    }

    /// The next size to be tried: what was asked for last goes first.
    fn smaller(&self, size: &Size, bytes: usize) -> Option<Size> {
        /// With so many tables a question can be answered, as a rule, so joins go next.
        const FEW: usize = 6;
        let fewer = |least: usize| {
            let in_proportion = size.tables.saturating_mul(self.max_bytes) / bytes.max(1);
            in_proportion
                .max(least)
                .clamp(size.tables / 4, size.tables - 1)
                .max(1)
        };
        let mut next = size.clone();
        if self.question.is_some() && size.tables > FEW {
            next.tables = fewer(FEW);
        } else if size.steps {
            next.steps = false;
        } else if size.shapes > 0 {
            let shapes = size.shapes.min(3 * size.tables);
            let in_proportion = shapes.saturating_mul(self.max_bytes) / bytes.max(1);
            next.shapes = in_proportion.min(shapes - 1);
        } else if size.depth > 0 {
            next.shapes = self.max_shapes;
            next.depth -= 1;
        } else if size.tables > 1 {
            next.tables = fewer(1);
        } else {
            return None;
        }
        Some(next)
    }

    /// Whether a `WITH` of several queries is wanted and allowed.
    fn has_steps(&self) -> bool {
        self.depth() > 0 && self.policy.ctes
    }

    fn of_size(&self, kept: &[usize], size: &Size) -> Result<Fitted, GrammarError> {
        let (kept, gone): (Vec<_>, Vec<_>) = self
            .catalog
            .tables
            .iter()
            .enumerate()
            .partition(|(index, _)| kept.contains(index));
        let names: Vec<&str> = kept.iter().map(|(_, table)| table.name.as_str()).collect();
        let catalog = self.catalog.only(&names);
        let most = self.max_tables.min(self.policy.max_joins.saturating_add(1));
        let all = Sources::of(&catalog, self.joins, most, size.shapes);
        let joins = all.omitted;
        let grammar = if catalog.dialect().has_typed_expressions() {
            typed::grammar(&self.policy, &catalog, &all, self.joins, size.depth)?
        } else {
            self.build(&catalog, all, size)?
        };
        let is_bounded = self.max_bytes != usize::MAX;
        let bytes = is_bounded.then(|| print::lark(&grammar, Lark::openai()).text.len());
        let receipt = Receipt {
            bytes,
            tables: gone
                .into_iter()
                .map(|(_, table)| table.name.clone())
                .collect(),
            joins,
            depth: self.depth() - size.depth,
            steps: self.has_steps() && !size.steps,
        };
        Ok(Fitted {
            grammar,
            catalog,
            receipt,
        })
    }

    fn build(&self, catalog: &Catalog, all: Sources, size: &Size) -> Result<Grammar, GrammarError> {
        let mut words = Words::new();
        let start = words.builder.rule("start");
        let max_tables = self.max_tables.min(self.policy.max_joins.saturating_add(1));
        let joins = all.scopes.iter().any(|scope| scope.len() > 1) || size.steps && max_tables > 1;
        let common = Common::define(&mut words, &self.policy, joins);
        let statement = Statement {
            words: &mut words,
            common: &common,
            policy: &self.policy,
            catalog,
            all,
            joins: self.joins,
            depth: size.depth,
            max_tables,
            several: size.steps && size.depth > 0,
            on: BTreeMap::new(),
            rows: BTreeMap::new(),
            against: Vec::new(),
            totals: BTreeMap::new(),
            aggregates: BTreeMap::new(),
        };
        let body = statement.define();
        words.builder.define_rule(start, body);
        words
            .builder
            .build(start)
            .map_err(|error| GrammarError(Kind::Build(error)))
    }
}
