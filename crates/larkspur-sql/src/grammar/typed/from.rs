//! Sources joined, and rows that keys lead to.

use larkspur_grammar::grammar::Expr;

use super::{
    super::{
        Joins, Words,
        scope::name,
        sources::{Scope, Sources},
    },
    kinds::Of,
    level::Level,
    query::{Statement, Tables},
};

impl Statement<'_> {
    /// `EXISTS` of a row that a key leads to, or from.
    pub(super) fn exists(&mut self, scope: &Scope, depth: usize, inner: &Level) -> Vec<Expr> {
        let mut ways = Vec::new();
        for (index, condition) in &inner.conditions {
            if scope.contains(index) {
                continue;
            }
            let edges: Vec<usize> = self.all.between(scope, *index).collect();
            ways.extend(edges.into_iter().filter_map(|edge| {
                let head = self.words.text("EXISTS (SELECT 1 FROM ");
                self.related(&format!("row{depth}"), edge, *index, head, condition)
            }));
        }
        ways
    }

    /// The sources of a scope, joined in any order.
    pub(super) fn from(&mut self, scope: &Scope, tables: &Tables) -> Option<Expr> {
        if let Some(from) = self.froms.get(scope) {
            return from.clone();
        }
        let mut ways = Vec::new();
        for index in scope {
            let Some(source) = self.all.list.get(*index) else {
                continue;
            };
            let before: Scope = scope
                .iter()
                .copied()
                .filter(|other| other != index)
                .collect();
            if before.is_empty() {
                return source
                    .second_of
                    .is_none()
                    .then(|| self.words.text(&source.from));
            }
            if !self.all.may_follow(&before, *index) {
                continue;
            }
            let Some(first) = self.from(&before, tables) else {
                continue;
            };
            let named = self.words.text(&source.from);
            if let Some(on) = self.joined_on(&before, *index, tables) {
                let join = [self.common.join.clone(), named.clone()];
                let with = [self.words.text(" ON "), on];
                ways.push(Expr::seq(
                    [first.clone()].into_iter().chain(join).chain(with),
                ));
            }
            if self.joins == Joins::Any && self.policy.cartesian_products {
                ways.push(Expr::seq([first, self.words.text(" CROSS JOIN "), named]));
            }
        }
        let from =
            (!ways.is_empty()).then(|| self.words.rule(&name("from", scope), Expr::alt(ways)));
        self.froms.insert(scope.clone(), from.clone());
        from
    }

    /// What a source is joined to those before it on: a key, or columns of one type.
    fn joined_on(&mut self, before: &Scope, index: usize, tables: &Tables) -> Option<Expr> {
        let mut ways: Vec<Expr> = Vec::new();
        let between = self.all.between(before, index);
        ways.extend(between.filter_map(|edge| self.keys.get(edge).cloned()));
        if self.joins == Joins::Any {
            let new = &tables.joined(index)?.columns;
            for kind in Of::KINDS {
                let old = before.iter().filter_map(|index| tables.joined(*index));
                let old: Vec<Expr> = old
                    .filter_map(|old| kind.of(&old.columns).clone())
                    .collect();
                let Some(new) = kind.of(new).clone().filter(|_| !old.is_empty()) else {
                    continue;
                };
                let (old, equals) = (Expr::alt(old), self.words.text(" = "));
                ways.push(Expr::seq([old.clone(), equals.clone(), new.clone()]));
                ways.push(Expr::seq([new, equals, old]));
            }
        }
        (!ways.is_empty()).then(|| Expr::alt(ways))
    }
}

/// What is equal along each key, either way round.
pub(super) fn keys(words: &mut Words, all: &Sources) -> Vec<Expr> {
    let mut keys = Vec::with_capacity(all.edges.len());
    for (number, edge) in all.edges.iter().enumerate() {
        let text = |turned: bool| {
            let pairs = edge.on.iter();
            let pair = |(left, right): &(String, String)| {
                if turned {
                    format!("{right} = {left}")
                } else {
                    format!("{left} = {right}")
                }
            };
            pairs.map(pair).collect::<Vec<_>>().join(" AND ")
        };
        let ways = [words.text(&text(false)), words.text(&text(true))];
        keys.push(words.rule(&format!("key_{number}"), Expr::alt(ways)));
    }
    keys
}
