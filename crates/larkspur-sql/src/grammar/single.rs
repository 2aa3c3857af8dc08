//! Queries of one value among what is selected.

use larkspur_grammar::grammar::Expr;

use super::{query::Statement, scope::Inner, sources::Scope};

impl Statement<'_> {
    /// A query of one column, or an aggregate of the rows that a key relates to each row; with or without a name.
    pub(super) fn single(&mut self, scope: &Scope, inner: &Inner<'_>) -> Expr {
        let ways = std::iter::once(inner.one.clone()).chain(self.totals(scope, inner));
        let single = Expr::alt(ways.collect::<Vec<_>>());
        Expr::seq([single, self.common.alias.clone()])
    }

    /// What the rows of other sources come to, along each key that ends in the scope.
    fn totals(&mut self, scope: &Scope, inner: &Inner<'_>) -> Vec<Expr> {
        let mut ways = Vec::new();
        for (other, also) in inner.also {
            let (Some(index), 1) = (other.first().copied(), other.len()) else {
                continue;
            };
            let Some(aggregate) = self.aggregates.get(&index).cloned() else {
                continue;
            };
            if scope.contains(&index) {
                continue;
            }
            let edges: Vec<usize> = self.all.between(scope, index).collect();
            ways.extend(
                edges
                    .into_iter()
                    .map(|edge| self.total(edge, index, &aggregate, also)),
            );
        }
        ways
    }

    fn total(&mut self, edge: usize, index: usize, aggregate: &Expr, also: &Expr) -> Expr {
        if let Some(total) = self.totals.get(&(edge, index)) {
            return total.clone();
        }
        let source = self.all.list.get(index);
        let from = source.map_or_else(String::new, |source| source.from.clone());
        let parts = Expr::seq([
            self.words.text("("),
            self.words.text("SELECT "),
            aggregate.clone(),
            self.words.text(" FROM "),
            self.words.text(&from),
            self.words.text(" WHERE "),
            self.key(edge),
            also.clone(),
            self.words.text(")"),
        ]);
        let total = self.words.rule(&format!("total_{edge}_{index}"), parts);
        self.totals.insert((edge, index), total.clone());
        total
    }
}
