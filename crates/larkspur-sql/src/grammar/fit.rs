//! The grammar within the bytes that it may take.

use std::fmt;

use larkspur_grammar::{Dialect as Lark, Grammar, print};

use super::{
    Columns, Common, GrammarError, Kind, Names, SelectGrammar, Words, needed::needed,
    query::Statement, relaxed, relevance, sources::Sources, spelling::Spelling, typed,
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

/// A grammar, of what, and what is missing.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    pub(super) grammar: Grammar,
    pub(super) catalog: Catalog,
    pub(super) columns: Columns,
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
    columns: Columns,
}

impl SelectGrammar {
    pub(super) fn fitted(&self) -> Result<&Fitted, GrammarError> {
        let fitted = self.fitted.get_or_init(|| self.fit());
        fitted.as_ref().map_err(Clone::clone)
    }

    fn fit(&self) -> Result<Fitted, GrammarError> {
        if self.names == Names::Any {
            return self.fit_any();
        }
        if self.catalog.tables.is_empty() {
            return Err(GrammarError(Kind::NoTables));
        }
        let ranked = relevance::ranked(&self.catalog, self.question.as_deref());
        let mut size = Size {
            tables: ranked.len(),
            shapes: self.max_shapes,
            depth: self.depth(),
            steps: self.has_steps(),
            columns: self.columns,
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

    /// As deep as there is room for.
    fn fit_any(&self) -> Result<Fitted, GrammarError> {
        let mut depth = self.depth();
        loop {
            let most = self.most_tables();
            let grammar = relaxed::grammar(&self.policy, &self.catalog, most, depth)?;
            let bytes = self.bytes(&grammar);
            if let Some(bytes) = bytes.filter(|bytes| *bytes > self.max_bytes) {
                let max = self.max_bytes;
                let too_large = GrammarError(Kind::TooLarge { bytes, max });
                depth = depth.checked_sub(1).ok_or(too_large)?;
                continue;
            }
            let receipt = Receipt {
                bytes,
                depth: self.depth() - depth,
                ..Receipt::default()
            };
            return Ok(Fitted {
                grammar,
                catalog: self.catalog.clone(),
                columns: self.columns,
                receipt,
            });
        }
    }

    /// The size of a grammar, where it is bounded.
    fn bytes(&self, grammar: &Grammar) -> Option<usize> {
        let is_bounded = self.max_bytes != usize::MAX;
        is_bounded.then(|| print::lark(grammar, Lark::openai()).text.len())
    }

    /// How many tables one `SELECT` joins: as many as is wanted and the policy allows.
    fn most_tables(&self) -> usize {
        self.max_tables.min(self.policy.max_joins.saturating_add(1))
    }

    /// The next size to be tried: what was asked for last goes first.
    fn smaller(&self, size: &Size, bytes: usize) -> Option<Size> {
        /// With so many tables a question can be answered, as a rule, so joins go next.
        const FEW: usize = 6;
        /// The bytes of a table in the smallest grammar, at the least.
        const TABLE: usize = 1_000;
        let fewer = |least: usize| {
            let in_proportion = size.tables.saturating_mul(self.max_bytes) / bytes.max(1);
            in_proportion
                .max(least)
                .clamp(size.tables / 4, size.tables - 1)
                .max(1)
        };
        // As large as names alone make it: they take about a sixth, a fifth at most. Of what is larger, tables go in any case.
        let by_names = self.max_bytes.saturating_add(self.max_bytes / 4);
        let has_question = self.question.is_some() && size.tables > FEW;
        let mut next = size.clone();
        if !has_question && size.depth > 0 && size.tables.saturating_mul(TABLE) > self.max_bytes {
            // It would all have to go, one after another.
            next = Size {
                tables: fewer(1),
                shapes: 0,
                depth: 0,
                steps: false,
                columns: Columns::Qualified,
            };
        } else if size.columns != Columns::Qualified && !(has_question && bytes > by_names) {
            next.columns = Columns::Qualified;
        } else if has_question {
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
        let most = self.most_tables();
        let all = Sources::of(&catalog, self.joins, most, size.shapes);
        let joins = all.omitted;
        let grammar = if catalog.dialect().has_typed_expressions() {
            let spelling = Spelling::of(&all, size.columns, catalog.dialect());
            let (policy, joins) = (&self.policy, self.joins);
            let queries = (size.depth, size.steps);
            typed::grammar(policy, &catalog, &all, &spelling, joins, queries)?
        } else {
            self.build(&catalog, &all, size)?
        };
        let bytes = self.bytes(&grammar);
        let receipt = Receipt {
            bytes,
            tables: gone
                .into_iter()
                .map(|(_, table)| table.name.clone())
                .collect(),
            joins,
            depth: self.depth() - size.depth,
            steps: self.has_steps() && !size.steps,
            columns: size.columns != self.columns,
        };
        Ok(Fitted {
            grammar,
            catalog,
            columns: size.columns,
            receipt,
        })
    }

    fn build(
        &self,
        catalog: &Catalog,
        all: &Sources,
        size: &Size,
    ) -> Result<Grammar, GrammarError> {
        let max_tables = self.most_tables();
        let joins = all.scopes.iter().any(|scope| scope.len() > 1) || size.steps && max_tables > 1;
        let spelling = Spelling::of(all, size.columns, catalog.dialect());
        needed(|unused| {
            let mut words = Words::without(unused);
            let start = words.builder.rule("start");
            let common = Common::define(&mut words, &self.policy, catalog.dialect(), joins);
            let mut statement =
                Statement::new(&mut words, &common, &self.policy, catalog, (all, &spelling));
            statement.joins = self.joins;
            statement.depth = size.depth;
            statement.max_tables = max_tables;
            statement.several = size.steps && size.depth > 0;
            let body = statement.define();
            words.builder.define_rule(start, body);
            let built = words.builder.build(start);
            built.map_err(|error| GrammarError(Kind::Build(error)))
        })
    }
}
