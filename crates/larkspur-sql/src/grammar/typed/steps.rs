//! Queries that others read: in a `FROM`, and in a `WITH`, where each may read the one before it.

use larkspur_grammar::grammar::Expr;

use super::{
    super::{sources::Source, spelling::Spelled, table::suffix},
    kinds::Kind,
    level::Level,
    query::Statement,
    rows::Rows,
    table::{Making, TableRules},
};
use crate::{Column, Table};

/// What the first of the two columns of such a query is, what rows are about. The second is a number for it.
const SHAPES: [Kind; 2] = [Kind::Text, Kind::Number];

/// Most queries of a `WITH`.
const MOST: usize = 3;

/// The queries of each shape, without their first word.
pub(super) type Derived = [Vec<Expr>; SHAPES.len()];

/// A query that others read, by its name.
struct Step {
    called: Expr,
    table: Table,
    /// What its names of rules end with.
    suffix: String,
    /// Its rules where it stands alone.
    rules: TableRules,
}

impl Statement<'_> {
    /// What these rows give to queries that are read: groups of a column with a number, and rows.
    pub(super) fn derive(
        &mut self,
        key: &str,
        rows: &Rows<'_>,
        inner: Option<&Level>,
        derived: &mut Derived,
    ) {
        let behind = self.behind(key, rows);
        let values = rows.any(|rules| rules.values.number.clone());
        let (first, second) = (self.words.text(" AS c1, "), self.words.text(" AS c2"));
        let depth = self.depth.saturating_sub(1);
        let against = inner.map_or(&self.plain, |inner| &inner.against);
        let against = against.number.clone();
        let having = self.having(key, &behind, depth, &against);
        let from = rows.from.clone();
        let plain = values.map(|value| Expr::seq([value, second.clone(), from.clone()]));
        let grouped = behind.number.map(|number| {
            let group = [number, second, from, self.words.text(" GROUP BY 1")].into_iter();
            Expr::seq(group.chain(having.map(Expr::optional)))
        });
        let behind: Vec<Expr> = plain.into_iter().chain(grouped).collect();
        if behind.is_empty() {
            return;
        }
        let behind = Expr::seq([first, Expr::alt(behind)]);
        let behind = self.words.rule(&format!("second{key}"), behind);
        let columns = rows.columns();
        for (about, ways) in SHAPES.iter().zip(derived) {
            let about = about.of(&columns).clone();
            ways.extend(about.map(|about| Expr::seq([about, behind.clone()])));
        }
    }

    /// Queries over those that are read: in `FROM` they are added, in `WITH` they are given.
    pub(super) fn of_derived(&mut self, levels: &[Level], ways: &mut Vec<Expr>) -> Vec<Expr> {
        let mut withs = Vec::new();
        let Some(level) = levels.last() else {
            return withs;
        };
        let shapes = if self.several { SHAPES.len() } else { 1 };
        let derived = level.derived.iter().enumerate().take(shapes);
        for (shape, derived) in derived.filter(|(_, ways)| !ways.is_empty()) {
            let derived = self.read(&format!("derived{shape}"), derived.clone());
            let Some(first) = self.step(shape, 1) else {
                continue;
            };
            let (open, close) = (self.words.text("("), self.words.text(") AS "));
            let from = [open, derived.clone(), close, first.called.clone()];
            ways.push(self.reading("derived", &[&first], Expr::seq(from), level));
            if self.policy.ctes {
                let query = self.reading("with", &[&first], first.called.clone(), level);
                withs.push(self.with(&[(&first, &derived)], query));
                if self.several && shape == 0 {
                    withs.extend(self.several(first, &derived, levels));
                }
            }
        }
        let counted = (!level.sets.is_empty()).then(|| self.common.calls.count_all.clone());
        ways.extend(counted.flatten().map(|count| {
            let called = Source::step(self.catalog, 1, 0).from;
            let (open, close) = (self.words.text("("), self.words.text(") AS "));
            let set = Expr::alt(level.sets.iter().cloned());
            let from = self.words.text(" FROM ");
            Expr::seq([count, from, open, set, close, self.words.text(&called)])
        }));
        withs
    }

    /// A whole query that is read.
    fn read(&mut self, name: &str, ways: Vec<Expr>) -> Expr {
        let body = [
            self.words.text("SELECT "),
            Expr::alt(ways),
            self.placed(2).optional(),
            self.common.limit.clone().optional(),
        ];
        self.words.rule(name, Expr::seq(body))
    }

    /// The step of this number, with columns of this shape.
    fn step(&mut self, shape: usize, number: usize) -> Option<Step> {
        let called = Source::step(self.catalog, number, 0);
        let about = match SHAPES.get(shape)? {
            Kind::Text => "text",
            _ => "double precision",
        };
        let columns = [("c1", about), ("c2", "double precision")];
        let columns = columns.map(|(name, of)| Column::new(name, of));
        let table = Table::new(called.table.name.clone(), columns);
        let place = self.all.list.len() + shape * MOST + number;
        let suffix = suffix(&table.name, place);
        let spelled = self.spelling.alone(&table);
        let rules = self.rules_of(&table, &spelled, &suffix)?;
        Some(Step {
            called: self.words.text(&called.from),
            table,
            suffix,
            rules,
        })
    }

    fn rules_of(&mut self, table: &Table, spelled: &Spelled, suffix: &str) -> Option<TableRules> {
        let making = Making::new(self.words, self.common, &self.plain, suffix);
        making.rules(table, spelled, self.catalog.dialect())
    }

    /// `WITH step1 AS (…), step2 AS (…) SELECT …`
    fn with(&mut self, steps: &[(&Step, &Expr)], query: Expr) -> Expr {
        let (open, close) = (self.words.text(" AS ("), self.words.text(")"));
        let mut parts = Vec::new();
        for (place, (step, query)) in steps.iter().enumerate() {
            parts.push(self.words.text(if place == 0 { "WITH " } else { ", " }));
            parts.extend([&step.called, &open, query, &close].map(Expr::clone));
        }
        parts.extend([self.words.text(" SELECT "), query]);
        Expr::seq(parts)
    }

    /// The outermost query over one step, wherever it stands.
    fn reading(&mut self, kind: &str, steps: &[&Step], from: Expr, level: &Level) -> Expr {
        let rules: Vec<&TableRules> = steps.iter().map(|step| &step.rules).collect();
        let key = steps.iter().map(|step| format!("_{}", step.suffix));
        let key: String = key.collect();
        self.over(kind, &key, rules, from, level)
    }

    fn over(
        &mut self,
        kind: &str,
        key: &str,
        rules: Vec<&TableRules>,
        from: Expr,
        level: &Level,
    ) -> Expr {
        let from = Expr::seq([self.words.text(" FROM "), from]);
        let more = rules.iter();
        let more = more.map(|rules| self.queried(rules, self.depth, level));
        let more = more.collect();
        let key = format!("_{kind}{key}");
        let rows = self.filtered(from, rules, &format!("filter{key}"), more);
        let body = self.queries(&key, &rows, Some(level), None);
        self.words.rule(&format!("select{key}"), body)
    }

    /// Several queries in one `WITH`, of which the last, or all together, are read.
    fn several(&mut self, first: Step, derived: &Expr, levels: &[Level]) -> Vec<Expr> {
        let below = levels.iter().rev().nth(1);
        let mut withs = Vec::new();
        let (mut steps, mut queries) = (vec![first], vec![derived.clone()]);
        let mut apart = Vec::new();
        let Some(level) = levels.last() else {
            return withs;
        };
        for number in 2..=MOST {
            let (Some(before), Some(step)) = (steps.last(), self.step(0, number)) else {
                break;
            };
            let chained = self.chained(before, below);
            let query = Expr::alt([derived.clone(), chained]);
            let query = self.words.rule(&format!("next{number}"), query);
            queries.push(query);
            let last = self.reading("with", &[&step], step.called.clone(), level);
            steps.push(step);
            let together = self.together(&steps, &mut apart, level);
            let named: Vec<_> = steps.iter().zip(&queries).collect();
            let read = Expr::alt(std::iter::once(last).chain(together));
            withs.push(self.with(&named, read));
        }
        withs
    }

    /// A query of a `WITH` that reads the one before it.
    fn chained(&mut self, before: &Step, below: Option<&Level>) -> Expr {
        let from = Expr::seq([self.words.text(" FROM "), before.called.clone()]);
        let depth = self.depth - 1;
        let more = below.map(|below| self.queried(&before.rules, depth, below));
        let key = format!("_chain_{}", before.suffix);
        let name = format!("filter{key}");
        let rows = self.filtered(from, vec![&before.rules], &name, more.into_iter().collect());
        let mut derived = Derived::default();
        self.derive(&key, &rows, below, &mut derived);
        let [ways, ..] = derived;
        self.read(&format!("chained_{}", before.suffix), ways)
    }

    /// All steps joined, in their order, on columns that are equal; `apart` are their rules beside one another, as far as they are known.
    fn together(
        &mut self,
        steps: &[Step],
        apart: &mut Vec<TableRules>,
        level: &Level,
    ) -> Option<Expr> {
        for step in steps.get(apart.len()..)? {
            let spelled = self.spelling.apart(&step.table);
            let suffix = format!("{}_joined", step.suffix);
            apart.push(self.rules_of(&step.table, &spelled, &suffix)?);
        }
        let mut parts = Vec::new();
        for (place, (step, here)) in steps.iter().zip(apart.iter()).enumerate() {
            if place > 0 {
                parts.push(self.common.join.clone());
            }
            parts.push(step.called.clone());
            if place > 0 {
                parts.push(self.words.text(" ON "));
                parts.push(self.equal(apart.get(..place)?, here));
            }
        }
        let key = steps.iter().map(|step| format!("_{}", step.suffix));
        let key: String = key.collect();
        let rules = apart.iter().collect();
        Some(self.over("together", &key, rules, Expr::seq(parts), level))
    }

    /// A column of a step that is equal to one of those before it.
    fn equal(&mut self, before: &[TableRules], here: &TableRules) -> Expr {
        let mut ways = Vec::new();
        for kind in [Kind::Text, Kind::Number] {
            let old = before.iter();
            let old = old.filter_map(|rules| kind.of(&rules.columns).clone());
            let old = Expr::alt(old.collect::<Vec<_>>());
            let new = kind.of(&here.columns).clone();
            ways.extend(new.map(|new| Expr::seq([old, self.words.text(" = "), new])));
        }
        Expr::alt(ways)
    }
}
