//! Rules over the sources of one scope: what stands behind the `FROM`.
//!
//! By then the text has said which sources there are, so each place has one rule.

use std::collections::BTreeMap;

use larkspur_grammar::grammar::Expr;

use super::{
    Joins,
    query::{Statement, Tables},
    sources::Scope,
    table::TableRules,
};

/// Most parts of a condition, but for the first.
const MORE: u32 = 7;

/// What can be said of a scope, whatever stands within it.
#[derive(Clone)]
pub(super) struct ScopeRules {
    pub(super) column: Expr,
    pub(super) value: Expr,
    pub(super) aggregate: Option<Expr>,
    pub(super) item: Expr,
    /// The same, with or without a name.
    pub(super) named: Expr,
    /// The sources, joined in any order; nothing where they differ.
    pub(super) from: Option<Expr>,
    /// Whether all columns of all sources are to be seen.
    pub(super) shows_all: bool,
    /// ` ORDER BY` of rows, and of groups.
    order: Expr,
    grouped_order: Expr,
}

impl ScopeRules {
    /// The same without `*`, which is nobody knows how many columns.
    pub(super) const fn counted(mut self) -> Self {
        self.shows_all = false;
        self
    }
}

/// What stands behind what is selected, or behind the sources where these differ.
pub(super) struct Body {
    /// With ` ORDER BY`.
    pub(super) ordered: Expr,
    /// Without, as set operations need it.
    pub(super) plain: Option<Expr>,
}

/// A query of one column in parentheses, and what may stand behind the key of a query along one.
pub(super) struct Inner<'a> {
    pub(super) one: &'a Expr,
    /// Further conditions over single sources, a level deeper.
    pub(super) also: &'a BTreeMap<Scope, Expr>,
}

impl Statement<'_> {
    pub(super) fn scope_rules(
        &mut self,
        scope: &Scope,
        tables: &Tables,
        from: Option<Expr>,
    ) -> ScopeRules {
        let of = tables.of(scope).unwrap_or_default();
        self.scope_rules_of(scope, &of, from)
    }

    pub(super) fn scope_rules_of(
        &mut self,
        scope: &Scope,
        of: &[&TableRules],
        from: Option<Expr>,
    ) -> ScopeRules {
        let all =
            |pick: fn(&TableRules) -> &Expr| Expr::alt(of.iter().map(|rules| pick(rules).clone()));
        let column = self
            .words
            .rule(&name("column", scope), all(|rules| &rules.column));
        let value = self
            .words
            .rule(&name("value", scope), all(|rules| &rules.value));
        let count_all = self.common.functions.count_all.clone();
        let aggregates: Vec<Expr> = of
            .iter()
            .filter_map(|rules| rules.aggregate.clone())
            .chain(count_all.clone())
            .collect();
        let aggregate = (!aggregates.is_empty()).then(|| {
            self.words
                .rule(&name("aggregate", scope), Expr::alt(aggregates))
        });
        let items = of.iter().map(|rules| rules.item.clone()).chain(count_all);
        let item = Expr::alt(items);
        let item = self.words.rule(&name("item", scope), item);
        let named = Expr::seq([item.clone(), self.common.alias.clone()]);
        let named = self.words.rule(&name("named", scope), named);
        let order = self.order(value.clone());
        let of_groups = std::iter::once(value.clone()).chain(aggregate.clone());
        let grouped_order = self.order(Expr::alt(of_groups));
        ScopeRules {
            column,
            value,
            aggregate,
            item,
            named,
            from,
            shows_all: scope.iter().all(|index| {
                self.all
                    .list
                    .get(*index)
                    .is_some_and(|source| !source.hides)
            }),
            order: self.words.rule(&name("order", scope), order),
            grouped_order: self.words.rule(&name("grouped", scope), grouped_order),
        }
    }

    fn order(&mut self, of: Expr) -> Expr {
        let direction = self.common.direction.clone().optional();
        let ordering = self.words.list(&Expr::seq([of, direction]), 3);
        Expr::seq([self.words.text(" ORDER BY "), ordering])
    }

    /// `WHERE`, `GROUP BY`, `HAVING`, `ORDER BY`, and one part of what a condition is made of.
    pub(super) fn body(
        &mut self,
        scope: &Scope,
        rules: &ScopeRules,
        depth: usize,
        inner: Option<&Inner<'_>>,
    ) -> (Body, Expr) {
        let term = self.term(scope, rules, depth, inner);
        let more = Expr::seq([self.common.junction.clone(), term.clone()]);
        let condition = Expr::seq([term.clone(), more.repeat(0, Some(MORE))]);
        let condition = self.words.rule(&at("condition", scope, depth), condition);
        let filter = Expr::seq([self.words.text(" WHERE "), condition]);
        let filter = filter.optional();
        let group = self.group(scope, rules, depth, inner);
        let from = rules
            .from
            .clone()
            .map(|from| Expr::seq([self.words.text(" FROM "), from]));
        let filter = Expr::seq(from.into_iter().chain([filter]));
        let plain = Expr::seq([filter.clone(), group.clone().optional()]);
        let groups = Expr::seq([group, rules.grouped_order.clone().optional()]);
        let rest = Expr::alt([rules.order.clone(), groups]);
        let ordered = Expr::seq([filter, rest.optional()]);
        let plain = (self.policy.set_operations && rules.from.is_some())
            .then(|| self.words.rule(&at("plain", scope, depth), plain));
        let body = Body {
            ordered: self.words.rule(&at("body", scope, depth), ordered),
            plain,
        };
        (body, term)
    }

    /// ` AND a AND (b OR c)`: what stands behind a key, which an `OR` beside it would undo.
    pub(super) fn also(&mut self, term: &Expr) -> Expr {
        let and = self.words.text(" AND ");
        Expr::seq([and, term.clone()]).repeat(0, Some(MORE))
    }

    fn group(
        &mut self,
        scope: &Scope,
        rules: &ScopeRules,
        depth: usize,
        inner: Option<&Inner<'_>>,
    ) -> Expr {
        let columns = self.words.list(&rules.column, 3);
        let having = rules.aggregate.clone().map(|aggregate| {
            let number = self.common.literal.clone();
            let operands = [number.clone(), aggregate.clone()].into_iter();
            let operand = Expr::alt(operands.chain(inner.map(|inner| inner.one.clone())));
            let compared = Expr::seq([self.common.comparison.clone(), operand]);
            let within = Expr::seq([
                self.common.between.clone(),
                number.clone(),
                self.words.text(" AND "),
                number,
            ]);
            let test = Expr::seq([aggregate, Expr::alt([compared, within])]);
            let test = self.words.rule(&at("having", scope, depth), test);
            let also = Expr::seq([self.common.junction.clone(), test.clone()]);
            let tests = Expr::seq([test, also.repeat(0, Some(2))]);
            Expr::seq([self.words.text(" HAVING "), tests]).optional()
        });
        let group = [self.words.text(" GROUP BY "), columns].into_iter();
        self.words
            .rule(&at("group", scope, depth), Expr::seq(group.chain(having)))
    }

    /// One condition, or several in parentheses, which do not nest, so that a text is bounded in depth.
    fn term(
        &mut self,
        scope: &Scope,
        rules: &ScopeRules,
        depth: usize,
        inner: Option<&Inner<'_>>,
    ) -> Expr {
        let predicate = self.predicate(scope, rules, depth, inner);
        let junction = self.common.junction.clone();
        let more = Expr::seq([junction, predicate.clone()]);
        let group = Expr::seq([
            self.words.text("("),
            predicate.clone(),
            more.repeat(1, Some(4)),
            self.words.text(")"),
        ]);
        let term = Expr::seq([
            self.words.text("NOT ").optional(),
            Expr::alt([group, predicate]),
        ]);
        self.words.rule(&at("term", scope, depth), term)
    }

    fn predicate(
        &mut self,
        scope: &Scope,
        rules: &ScopeRules,
        depth: usize,
        inner: Option<&Inner<'_>>,
    ) -> Expr {
        let against = self.against.get(depth).cloned();
        let columns = Expr::seq([self.common.comparison.clone(), rules.value.clone()]);
        let tests = Expr::alt(against.into_iter().chain([columns]));
        let tested = Expr::seq([rules.value.clone(), tests]);
        let exists = inner.map_or_else(Vec::new, |inner| self.exists(scope, depth, inner));
        let body = Expr::alt(std::iter::once(tested).chain(exists));
        self.words.rule(&at("predicate", scope, depth), body)
    }

    /// `EXISTS` of a row that a key leads to, or from.
    fn exists(&mut self, scope: &Scope, depth: usize, inner: &Inner<'_>) -> Vec<Expr> {
        let mut ways = Vec::new();
        if self.exists_any {
            ways.push(Expr::seq([self.words.text("EXISTS "), inner.one.clone()]));
        }
        for (index, also) in inner.also {
            let (Some(index), 1) = (index.first().copied(), index.len()) else {
                continue;
            };
            if scope.contains(&index) {
                continue;
            }
            let edges: Vec<usize> = self.all.between(scope, index).collect();
            ways.extend(edges.iter().map(|edge| self.row(depth, *edge, index, also)));
        }
        ways
    }

    /// That there is a row of a source along a key.
    fn row(&mut self, depth: usize, edge: usize, index: usize, also: &Expr) -> Expr {
        if let Some(row) = self.rows.get(&(depth, edge, index)) {
            return row.clone();
        }
        let source = self.all.list.get(index);
        let from = source.map_or_else(String::new, |source| source.from.clone());
        let parts = Expr::seq([
            self.words.text("EXISTS (SELECT 1 FROM "),
            self.words.text(&from),
            self.words.text(" WHERE "),
            self.key(edge),
            also.clone(),
            self.words.text(")"),
        ]);
        let row = self
            .words
            .rule(&format!("row{depth}_{edge}_{index}"), parts);
        self.rows.insert((depth, edge, index), row.clone());
        row
    }

    /// The sources of a scope, joined in any order.
    pub(super) fn from(
        &mut self,
        scope: &Scope,
        tables: &Tables,
        known: &mut BTreeMap<Scope, Option<Expr>>,
    ) -> Option<Expr> {
        if let Some(from) = known.get(scope) {
            return from.clone();
        }
        let mut ways = Vec::new();
        for index in scope {
            let before: Scope = scope
                .iter()
                .copied()
                .filter(|other| other != index)
                .collect();
            let Some(source) = self.all.list.get(*index) else {
                continue;
            };
            let (name, second) = (source.from.clone(), source.second_of);
            if before.is_empty() && second.is_none() {
                return Some(self.words.text(&name));
            }
            if before.is_empty() || !self.all.may_follow(&before, *index) {
                continue;
            }
            let Some(first) = self.from(&before, tables, known) else {
                continue;
            };
            let on = self.joined_on(&before, *index, tables);
            ways.push(Expr::seq([
                first,
                self.common.join.clone(),
                self.words.text(&name),
                on,
            ]));
        }
        let from =
            (!ways.is_empty()).then(|| self.words.rule(&name("from", scope), Expr::alt(ways)));
        known.insert(scope.clone(), from.clone());
        from
    }

    /// ` ON` what a source is joined to those before it.
    fn joined_on(&mut self, before: &Scope, index: usize, tables: &Tables) -> Expr {
        if self.joins == Joins::Keys {
            let edges: Vec<usize> = self.all.between(before, index).collect();
            let on = self.any_of(&edges);
            return Expr::seq([self.words.text(" ON "), on]);
        }
        let column = |index: &usize| tables.joined(*index).map(|rules| rules.column.clone());
        let old = Expr::alt(before.iter().filter_map(column));
        let new = Expr::alt(column(&index));
        let equals = self.words.text(" = ");
        if !self.policy.cartesian_products {
            let equal = Expr::alt([
                Expr::seq([old.clone(), equals.clone(), new.clone()]),
                Expr::seq([new, equals, old]),
            ]);
            return Expr::seq([self.words.text(" ON "), equal]);
        }
        let any = Expr::alt([old, new]);
        let equal = Expr::seq([any.clone(), equals, any]);
        let more = Expr::seq([self.common.junction.clone(), equal.clone()]);
        let on = Expr::seq([self.words.text(" ON "), equal, more.repeat(0, Some(3))]);
        on.optional()
    }

    /// What is equal along one of these keys.
    fn any_of(&mut self, edges: &[usize]) -> Expr {
        Expr::alt(edges.iter().map(|edge| self.key(*edge)).collect::<Vec<_>>())
    }

    /// What is equal along a key, either way round.
    pub(super) fn key(&mut self, number: usize) -> Expr {
        if let Some(on) = self.on.get(&number) {
            return on.clone();
        }
        let on = self
            .all
            .edges
            .get(number)
            .map_or_else(Vec::new, |edge| edge.on.clone());
        let mut ways = Vec::new();
        for turned in [false, true] {
            let mut parts = Vec::new();
            for (place, (left, right)) in on.iter().enumerate() {
                if place > 0 {
                    parts.push(self.words.text(" AND "));
                }
                let (left, right) = if turned { (right, left) } else { (left, right) };
                parts.extend([left, " = ", right].map(|text| self.words.text(text)));
            }
            ways.push(Expr::seq(parts));
        }
        let on = self.words.rule(&format!("key_{number}"), Expr::alt(ways));
        self.on.insert(number, on.clone());
        on
    }
}

/// `kind_0_2`: the places of the sources.
pub(super) fn name(kind: &str, scope: &Scope) -> String {
    scope
        .iter()
        .fold(kind.to_owned(), |name, index| format!("{name}_{index}"))
}

/// `kind_0_2` of the outermost level, `kind1_0_2` where one more can stand within it.
pub(super) fn at(kind: &str, scope: &Scope, depth: usize) -> String {
    name(&format!("{kind}{depth}"), scope)
}
