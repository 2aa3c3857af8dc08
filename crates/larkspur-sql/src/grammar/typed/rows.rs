//! Rows of a set of tables, and what stands behind them whatever is selected.

use larkspur_grammar::grammar::Expr;

use super::{
    super::{scope::name, sources::Scope},
    kinds::{Of, class},
    level::Level,
    query::{Statement, Tables},
    table::TableRules,
};

/// Where rows come from, with what can be said of them.
pub(super) struct Rows<'t> {
    /// ` FROM …`, and ` WHERE …` if there is one.
    pub(super) from: Expr,
    /// A sentence about a row.
    pub(super) test: Expr,
    pub(super) of: Vec<&'t TableRules>,
    /// Whether `*` shows no more than is to be seen.
    pub(super) shows_all: bool,
}

impl<'t> Rows<'t> {
    /// What any of the tables has.
    pub(super) fn any(&self, pick: impl Fn(&'t TableRules) -> Option<Expr>) -> Option<Expr> {
        let ways: Vec<Expr> = self.of.iter().filter_map(|rules| pick(rules)).collect();
        (!ways.is_empty()).then(|| Expr::alt(ways))
    }

    /// The columns of each type.
    pub(super) fn columns(&self) -> Of<Option<Expr>> {
        Of::each(|of| self.any(|rules| of.of(&rules.columns).clone()))
    }

    /// What many rows come to, of each type, but for their number.
    pub(super) fn aggregates(&self) -> Of<Option<Expr>> {
        Of::each(|of| self.any(|rules| of.of(&rules.aggregates).clone()))
    }
}

/// What stands behind rows.
#[derive(Clone)]
pub(super) struct Behind {
    /// Aggregates of any type, and numbers among them.
    pub(super) aggregate: Option<Expr>,
    pub(super) number: Option<Expr>,
    /// ` ORDER BY` values of a row.
    pub(super) order: Expr,
    /// ` ORDER BY` aggregates.
    pub(super) grouped: Option<Expr>,
}

impl Statement<'_> {
    /// The rows of a set of tables that can be joined, each of which has a column to be compared.
    pub(super) fn rows<'t>(
        &mut self,
        scope: &Scope,
        tables: &'t Tables,
        depth: usize,
        inner: Option<&Level>,
    ) -> Option<Rows<'t>> {
        let of = tables.of(scope)?;
        let from = self.from(scope, tables)?;
        let from = Expr::seq([self.words.text(" FROM "), from]);
        let mut more = self.across(scope, &of);
        if let Some(inner) = inner {
            more.extend(of.iter().map(|rules| self.queried(rules, depth, inner)));
            more.extend(self.exists(scope, depth, inner));
        }
        let shows_all = scope.iter().all(|index| {
            let source = self.all.list.get(*index);
            source.is_some_and(|source| {
                let mut columns = source.table.columns.iter();
                !source.hides && columns.all(|column| class(column).is_some())
            })
        });
        let mut rows = self.filtered(from, of, &name(&format!("filter{depth}"), scope), more);
        rows.shows_all = shows_all;
        Some(rows)
    }

    /// Values of one table held against those of another: for each two of them.
    fn across(&mut self, scope: &Scope, of: &[&TableRules]) -> Vec<Expr> {
        let mut ways = Vec::new();
        let sources: Vec<_> = scope.iter().zip(of).collect();
        for (place, (left, left_rules)) in sources.iter().enumerate() {
            for (right, right_rules) in sources.iter().skip(place + 1) {
                let name = format!("across_{left}_{right}");
                let mut pairs = Vec::new();
                for kind in Of::KINDS {
                    let both = [left_rules, right_rules];
                    let [left, right] = both.map(|rules| kind.of(&rules.columns).clone());
                    let (Some(left), Some(right)) = (left, right) else {
                        continue;
                    };
                    let comparison = self.common.comparison.clone();
                    let turned = [right.clone(), comparison.clone(), left.clone()];
                    pairs.push(Expr::seq([left, comparison, right]));
                    pairs.push(Expr::seq(turned));
                }
                if !pairs.is_empty() {
                    ways.push(self.shared(&name, |_| Expr::alt(pairs)));
                }
            }
        }
        ways
    }

    /// Values of a table held against what queries give.
    pub(super) fn queried(&mut self, rules: &TableRules, depth: usize, inner: &Level) -> Expr {
        let name = format!("queried{depth}_{}", rules.suffix);
        self.shared(&name, |_| {
            let held = Of::KINDS.into_iter().filter_map(|kind| {
                let value = kind.of(&rules.values).clone()?;
                Some(Expr::seq([value, kind.of(&inner.against).clone()]))
            });
            Expr::alt(held.collect::<Vec<_>>())
        })
    }

    /// Rows with a condition that may be left out. Parentheses do not nest, so that a text is bounded in depth.
    pub(super) fn filtered<'t>(
        &mut self,
        from: Expr,
        of: Vec<&'t TableRules>,
        name: &str,
        more: Vec<Expr>,
    ) -> Rows<'t> {
        let predicates = of.iter().map(|rules| rules.predicate.clone());
        let predicate = Expr::alt(predicates.chain(more));
        let predicate = self.words.rule(&format!("test_{name}"), predicate);
        let junction = self.common.junction.clone();
        let also = Expr::seq([junction.clone(), predicate.clone()]);
        let (open, close) = (self.words.text("("), self.words.text(")"));
        let group = Expr::seq([open, predicate.clone(), also.repeat(1, Some(3)), close]);
        let term = Expr::seq([
            self.words.text("NOT ").optional(),
            Expr::alt([group, predicate.clone()]),
        ]);
        let term = self.words.rule(&format!("term_{name}"), term);
        let also = Expr::seq([junction, term.clone()]);
        let filter = [self.words.text(" WHERE "), term, also.repeat(0, Some(5))];
        let from = Expr::seq([from, Expr::seq(filter).optional()]);
        Rows {
            from: self.words.rule(name, from),
            test: predicate,
            of,
            shows_all: true,
        }
    }

    /// What stands behind the rows of these tables at any depth; `key` is theirs in the names of rules.
    pub(super) fn behind(&mut self, key: &str, rows: &Rows<'_>) -> Behind {
        if let Some(behind) = self.behind.get(key) {
            return behind.clone();
        }
        let count_all = self.common.calls.count_all.clone();
        let mut any_of = |kind: &str, ways: Vec<Option<Expr>>| {
            let ways: Vec<Expr> = ways.into_iter().flatten().collect();
            let is_some = !ways.is_empty();
            is_some.then(|| self.words.rule(&format!("{kind}{key}"), Expr::alt(ways)))
        };
        let Of {
            number,
            text,
            date,
            stamp,
        } = rows.aggregates();
        let number = any_of("figures", vec![number, count_all]);
        let aggregate = any_of("aggregate", vec![number.clone(), text, date, stamp]);
        let by = rows.any(|of| Some(of.ordered.clone()));
        let order = self.order(by.unwrap_or(Expr::Empty));
        let order = self.words.rule(&format!("order{key}"), order);
        let grouped = aggregate.clone().map(|aggregate| {
            let order = self.order(aggregate);
            self.words.rule(&format!("grouped{key}"), order)
        });
        let behind = Behind {
            aggregate,
            number,
            order,
            grouped,
        };
        self.behind.insert(key.to_owned(), behind.clone());
        behind
    }

    /// ` HAVING` numbers about groups, held against something.
    pub(super) fn having(
        &mut self,
        key: &str,
        behind: &Behind,
        depth: usize,
        against: &Expr,
    ) -> Option<Expr> {
        let test = Expr::seq([behind.number.clone()?, against.clone()]);
        let more = Expr::seq([self.common.junction.clone(), test.clone()]);
        let having = [self.words.text(" HAVING "), test, more.repeat(0, Some(2))];
        let name = format!("having{depth}{key}");
        Some(self.words.rule(&name, Expr::seq(having)))
    }

    pub(super) fn order(&mut self, of: Expr) -> Expr {
        let direction = self.common.direction.clone().optional();
        let list = self.words.list(&Expr::seq([of, direction]), 2);
        Expr::seq([self.words.text(" ORDER BY "), list])
    }

    /// ` ORDER BY` the places of so many columns.
    pub(super) fn places(&mut self, most: usize) -> Expr {
        let places: Vec<String> = (1..=most).map(|place| place.to_string()).collect();
        let place = places.iter().map(|place| self.words.text(place));
        let place = Expr::alt(place.collect::<Vec<_>>());
        self.order(place)
    }
}
