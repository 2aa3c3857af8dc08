//! The grammar within the bytes that it may take.

use std::collections::BTreeSet;

use larkspur_grammar::{Dialect as Lark, Grammar, print};

use super::{
    Columns, Common, GrammarError, Kind, Names, Receipt, SelectGrammar, Words,
    query::Statement,
    relaxed, relevance,
    search::{Search, Size},
    sources::Sources,
    spelling::Spelling,
    typed,
};
use crate::Catalog;

/// A grammar, of what, and what is missing.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    pub(super) grammar: Grammar,
    pub(super) catalog: Catalog,
    pub(super) columns: Columns,
    pub(super) receipt: Receipt,
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
        let search = Search {
            select: self,
            ranked: relevance::ranked(&self.catalog, self.question.as_deref()),
        };
        search.run()
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

    /// Whether a `WITH` of several queries is wanted and allowed.
    pub(super) fn has_steps(&self) -> bool {
        self.depth() > 0 && self.policy.ctes
    }

    pub(super) fn of_size(&self, kept: &[usize], size: &Size) -> Result<Fitted, GrammarError> {
        let kept: BTreeSet<usize> = kept.iter().copied().collect();
        let tables = self.catalog.tables.iter().enumerate();
        let (kept, gone): (Vec<_>, Vec<_>) = tables.partition(|(index, _)| kept.contains(index));
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
        let mut words = Words::new();
        let start = words.builder.rule("start");
        let common = Common::define(&mut words, &self.policy, catalog.dialect(), joins);
        let mut statement =
            Statement::new(&mut words, &common, &self.policy, catalog, (all, &spelling));
        statement.joins = self.joins;
        statement.depth = size.depth;
        statement.max_tables = max_tables;
        statement.several = size.steps && size.depth > 0;
        let body = statement.define();
        words.build(start, body)
    }
}
