//! What can be said of the columns of one table, by their types.

use larkspur_grammar::grammar::Expr;

use super::{
    super::{Words, sources::qualified, spelling::Spelled},
    words::Common,
};
use crate::{Column, Dialect, Table, quote_text};

/// What a column holds, as far as it matters to what can be said of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Whole and exact numbers.
    Number,
    /// Numbers with a floating point.
    Real,
    Text,
    Boolean,
    Date,
    /// A date with a time.
    Stamp,
    /// One of a list of texts.
    Label,
    /// What can be compared with its like, and no more is known.
    Plain,
}

/// Nothing where values can't even be told apart, as those of `json`.
pub(super) fn class(column: &Column) -> Option<Class> {
    if !column.labels.is_empty() {
        return Some(Class::Label);
    }
    let name = column.data_type.to_ascii_lowercase();
    if name.contains('[') {
        return None;
    }
    let bare = name.split('(').next().unwrap_or_default().trim();
    Some(match bare {
        "smallint" | "integer" | "bigint" | "numeric" | "decimal" | "int" | "int2" | "int4"
        | "int8" => Class::Number,
        "real" | "double precision" | "float4" | "float8" => Class::Real,
        "text" | "character varying" | "varchar" | "character" | "char" => Class::Text,
        "boolean" | "bool" => Class::Boolean,
        "date" => Class::Date,
        "uuid" | "interval" | "bytea" | "inet" | "macaddr" => Class::Plain,
        bare if bare.starts_with("timestamp") => Class::Stamp,
        bare if bare == "time" || bare.starts_with("time with") => Class::Plain,
        _ => return None,
    })
}

/// The columns of a class, as they may be written.
fn names(table: &Table, spelled: &Spelled, wanted: Class) -> Vec<String> {
    let columns = table.columns.iter().zip(spelled);
    let columns = columns.filter(|(column, _)| class(column) == Some(wanted));
    columns.flat_map(|(_, names)| names.clone()).collect()
}

/// The rules of one table. Nothing where it has no such thing.
pub(super) struct TableRules {
    /// Any column that can be compared.
    pub(super) column: Expr,
    pub(super) numbers: Option<Expr>,
    pub(super) texts: Option<Expr>,
    /// Exact numbers of a row, and all numbers.
    pub(super) number: Option<Expr>,
    pub(super) text: Expr,
    pub(super) dates: Option<Expr>,
    pub(super) stamp: Option<Expr>,
    pub(super) booleans: Option<Expr>,
    labels: Vec<(Expr, Expr)>,
    /// Any value of a row.
    pub(super) value: Expr,
    /// What rows can be ordered by. A column alone would be what is selected under its name, of which there may be several.
    pub(super) ordered: Expr,
    pub(super) aggregate: Option<Expr>,
    pub(super) number_aggregate: Option<Expr>,
    pub(super) date_aggregate: Option<Expr>,
    pub(super) window: Option<Expr>,
    /// A sentence about a row, without queries.
    pub(super) predicate: Expr,
}

/// What the rules of a table are made of on the way.
pub(super) struct Making<'a> {
    pub(super) words: &'a mut Words,
    pub(super) common: &'a Common,
    /// What values are held against.
    pub(super) against: &'a Against,
    suffix: String,
}

/// What values of each type are held against: literals, and queries.
#[derive(Clone)]
pub(super) struct Against {
    pub(super) number: Expr,
    pub(super) text: Expr,
    pub(super) date: Expr,
    pub(super) stamp: Expr,
}

impl Against {
    /// Literals, and queries of one column and of one value.
    pub(super) fn define(
        words: &mut Words,
        common: &Common,
        depth: usize,
        queries: &[Option<Expr>; 4],
    ) -> Self {
        let [numbers, number, texts, date] = queries;
        let mut held = |name: &str,
                        literal: &Expr,
                        column: &Option<Expr>,
                        one: &Option<Expr>,
                        more: Option<Expr>| {
            let (close, and) = (words.text(")"), words.text(" AND "));
            let list = words.list(literal, 20);
            let within = Expr::alt(std::iter::once(list).chain(column.clone()));
            let value = Expr::alt(std::iter::once(literal.clone()).chain(one.clone()));
            let ways = [
                Expr::seq([common.comparison.clone(), value]),
                Expr::seq([
                    common.between.clone(),
                    literal.clone(),
                    and,
                    literal.clone(),
                ]),
                Expr::seq([common.within.clone(), within, close]),
                common.null.clone(),
            ];
            words.rule(
                &format!("{name}{depth}"),
                Expr::alt(ways.into_iter().chain(more)),
            )
        };
        let like = (common.like != Expr::Empty)
            .then(|| Expr::seq([common.like.clone(), common.text.clone()]));
        Self {
            number: held("against_number", &common.number, numbers, number, None),
            text: held("against_text", &common.text, texts, &None, like),
            date: held("against_date", &common.date, &None, date, None),
            stamp: held("against_stamp", &common.stamp, &None, &None, None),
        }
    }
}

impl<'a> Making<'a> {
    pub(super) fn new(
        words: &'a mut Words,
        common: &'a Common,
        against: &'a Against,
        suffix: &str,
    ) -> Self {
        Self {
            words,
            common,
            against,
            suffix: suffix.to_owned(),
        }
    }

    /// The rules, if there is a column that can be compared.
    pub(super) fn rules(
        mut self,
        table: &Table,
        spelled: &Spelled,
        dialect: Dialect,
    ) -> Option<TableRules> {
        let of = |wanted: Class| names(table, spelled, wanted);
        let upper = self.suffix.to_ascii_uppercase();
        let mut columns =
            |kind: &str, wanted| self.words.one_of(&format!("{kind}_{upper}"), &of(wanted));
        let (exact, real) = (columns("NUM", Class::Number), columns("REAL", Class::Real));
        let (texts, booleans) = (
            columns("TEXT", Class::Text),
            columns("BOOL", Class::Boolean),
        );
        let (dates, stamps) = (columns("DATE", Class::Date), columns("STAMP", Class::Stamp));
        let plain = columns("OTHER", Class::Plain);
        let labels = self.labels(table, spelled);
        // Those that nothing else is made of.
        let of_labels = labels.iter().map(|(column, _)| column.clone());
        let others = [&booleans, &dates, &plain].into_iter().flatten().cloned();
        let others: Vec<Expr> = others.chain(of_labels).collect();
        let all = [&exact, &real, &texts, &stamps].into_iter().flatten();
        let all: Vec<Expr> = all.chain(&others).cloned().collect();
        if all.is_empty() {
            return None;
        }
        let column = self.rule("col", Expr::alt(all));
        let numbers = Expr::alt(exact.iter().chain(&real).cloned());
        let numbers = (exact.is_some() || real.is_some()).then_some(numbers);
        let mut computed = Vec::new();
        let of_numbers = [exact.as_ref(), real.as_ref(), texts.as_ref()];
        let number = self.number(of_numbers, [&dates, &stamps], &mut computed);
        let text = self.text(&column, texts.as_ref(), &mut computed);
        let stamp = stamps.map(|stamps| self.stamp(stamps, &mut computed));
        let mut rules = TableRules {
            value: column.clone(),
            ordered: column.clone(),
            aggregate: None,
            number_aggregate: None,
            date_aggregate: None,
            window: None,
            predicate: Expr::Empty,
            column,
            numbers,
            texts,
            number,
            text,
            dates,
            stamp,
            booleans,
            labels,
        };
        rules.predicate = self.predicate(&rules);
        rules.value = self.value(&rules, others, &mut computed);
        rules.ordered = self.ordered(table, dialect, computed);
        self.aggregates(&mut rules);
        rules.window = self.window(&rules);
        Some(rules)
    }

    fn rule(&mut self, kind: &str, body: Expr) -> Expr {
        self.words.rule(&format!("{kind}_{}", self.suffix), body)
    }

    /// Columns that hold one of a list, with their lists.
    fn labels(&mut self, table: &Table, spelled: &Spelled) -> Vec<(Expr, Expr)> {
        let upper = self.suffix.to_ascii_uppercase();
        let columns = table.columns.iter().zip(spelled);
        let listed = columns.filter(|(column, _)| class(column) == Some(Class::Label));
        let mut labels = Vec::new();
        for (number, (column, names)) in listed.enumerate() {
            let name = Expr::alt(
                names
                    .iter()
                    .map(|name| self.words.text(name))
                    .collect::<Vec<_>>(),
            );
            let texts: Vec<String> = column
                .labels
                .iter()
                .map(|label| quote_text(label))
                .collect();
            labels.extend(
                self.words
                    .one_of(&format!("LABEL{number}_{upper}"), &texts)
                    .map(|of| (name, of)),
            );
        }
        labels
    }

    fn call(&mut self, name: Option<&Expr>, arguments: &[&Expr]) -> Option<Expr> {
        let mut parts = vec![name?.clone()];
        for (place, argument) in arguments.iter().enumerate() {
            parts.extend((place > 0).then(|| self.words.text(", ")));
            parts.push((*argument).clone());
        }
        parts.push(self.words.text(")"));
        Some(Expr::seq(parts))
    }

    /// `a + 1`, `round(a * b, 2)`, `length(c)`, `extract(year FROM d)`.
    fn number(
        &mut self,
        [exact, real, texts]: [Option<&Expr>; 3],
        days: [&Option<Expr>; 2],
        computed: &mut Vec<Expr>,
    ) -> Option<Expr> {
        let (calls, digit) = (&self.common.calls, self.common.digit.clone());
        let (mut plain, mut ways) = (Vec::new(), Vec::new());
        if let Some(exact) = exact {
            let operand = Expr::alt([exact.clone(), self.common.number.clone()]);
            let more = Expr::seq([self.common.arithmetic.clone(), operand]);
            computed.push(Expr::seq([exact.clone(), more.clone().repeat(1, Some(2))]));
            let sum = Expr::seq([exact.clone(), more.repeat(0, Some(2))]);
            let sum = self.rule("num", sum);
            ways.extend(self.call(calls.round.as_ref(), &[&sum, &digit]));
            ways.extend(self.call(calls.abs.as_ref(), &[&sum]));
            ways.extend(self.call(calls.coalesce.as_ref(), &[exact, &self.common.number]));
            plain.push(sum);
        }
        plain.extend(real.cloned());
        ways.extend(texts.and_then(|texts| self.call(calls.length.as_ref(), &[texts])));
        let days: Vec<Expr> = days.into_iter().flatten().cloned().collect();
        if !days.is_empty() {
            ways.extend(self.call(calls.extract.as_ref(), &[&Expr::alt(days)]));
        }
        plain.extend(self.computed("of_number", ways, computed));
        (!plain.is_empty()).then(|| self.rule("number", Expr::alt(plain)))
    }

    /// What is made of columns, as a rule.
    fn computed(&mut self, kind: &str, ways: Vec<Expr>, computed: &mut Vec<Expr>) -> Option<Expr> {
        let rule = (!ways.is_empty()).then(|| self.rule(kind, Expr::alt(ways)));
        computed.extend(rule.clone());
        rule
    }

    /// A column behind the name of its table, or what is made of columns.
    fn ordered(&mut self, table: &Table, dialect: Dialect, computed: Vec<Expr>) -> Expr {
        let columns = table
            .columns
            .iter()
            .filter(|column| class(column).is_some());
        let names = columns.map(|column| qualified(dialect, &table.name, &column.name));
        let names: Vec<String> = names.collect();
        let terminal = format!("BY_{}", self.suffix.to_ascii_uppercase());
        let column = self.words.one_of(&terminal, &names);
        self.rule("by", Expr::alt(column.into_iter().chain(computed)))
    }

    /// Texts as they are and changed, and anything as one.
    fn text(&mut self, column: &Expr, texts: Option<&Expr>, computed: &mut Vec<Expr>) -> Expr {
        let (calls, digit) = (&self.common.calls, self.common.digit.clone());
        let (cast, close) = (self.words.text("CAST("), self.words.text(" AS TEXT)"));
        let mut ways = vec![Expr::seq([cast, column.clone(), close])];
        if let Some(texts) = texts {
            ways.extend(self.call(calls.of_text.as_ref(), &[texts]));
            ways.extend(self.call(calls.substr.as_ref(), &[texts, &digit, &digit]));
            ways.extend(self.call(calls.coalesce.as_ref(), &[texts, &self.common.text]));
        }
        let made = self.computed("of_text", ways, computed);
        self.rule("text", Expr::alt(made.into_iter().chain(texts.cloned())))
    }

    fn stamp(&mut self, stamps: Expr, computed: &mut Vec<Expr>) -> Expr {
        let truncated = self.call(self.common.calls.truncate.as_ref(), &[&stamps]);
        computed.extend(truncated.clone());
        self.rule("stamp", Expr::alt(std::iter::once(stamps).chain(truncated)))
    }

    /// A sentence about the values of a row, each held against its like.
    pub(super) fn predicate(&mut self, rules: &TableRules) -> Expr {
        let (common, against) = (self.common, self.against);
        let mut ways = Vec::new();
        let mut held = |value: &Option<Expr>, against: &Expr| {
            let Some(value) = value else { return };
            let like = Expr::seq([common.comparison.clone(), value.clone()]);
            ways.push(Expr::seq([
                value.clone(),
                Expr::alt([against.clone(), like]),
            ]));
        };
        held(&rules.number, &against.number);
        held(&rules.texts, &against.text);
        held(&rules.dates, &against.date);
        held(&rules.stamp, &against.stamp);
        let cast = Expr::seq([rules.text.clone(), against.text.clone()]);
        let is_text = rules.texts.is_none();
        ways.extend(is_text.then_some(cast));
        if let Some(booleans) = &rules.booleans {
            let test = Expr::alt([common.truth.clone(), common.null.clone()]);
            ways.push(Expr::seq([booleans.clone(), test.optional()]));
        }
        for (column, label) in &rules.labels {
            let list = self.words.list(label, 10);
            let list = Expr::seq([common.within.clone(), list, self.words.text(")")]);
            let equal = Expr::seq([common.equality.clone(), label.clone()]);
            ways.push(Expr::seq([
                column.clone(),
                Expr::alt([equal, list, common.null.clone()]),
            ]));
        }
        self.rule("predicate", Expr::alt(ways))
    }

    fn value(&mut self, rules: &TableRules, others: Vec<Expr>, computed: &mut Vec<Expr>) -> Expr {
        let (when, then) = (self.words.text(" WHEN "), self.words.text(" THEN "));
        let arm = Expr::seq([
            when,
            rules.predicate.clone(),
            then,
            self.common.text.clone(),
        ]);
        let (otherwise, end) = (self.words.text(" ELSE "), self.words.text(" END"));
        let last = Expr::seq([otherwise, self.common.text.clone()]).optional();
        let case = [self.words.text("CASE"), arm.repeat(1, Some(3)), last, end];
        let case = self.rule("case", Expr::seq(case));
        computed.push(case.clone());
        let ways = [case, rules.text.clone()].into_iter();
        let ways = ways.chain(rules.number.clone()).chain(rules.stamp.clone());
        let ways = ways.chain(others);
        self.rule("value", Expr::alt(ways))
    }

    fn aggregates(&mut self, rules: &mut TableRules) {
        let calls = &self.common.calls;
        let distinct = self.words.text("DISTINCT ").optional();
        let counted = Expr::seq([distinct.clone(), rules.column.clone()]);
        let mut numbers: Vec<Expr> = self
            .call(calls.count.as_ref(), &[&counted])
            .into_iter()
            .collect();
        if let Some(number) = &rules.number {
            let summed = Expr::seq([distinct, number.clone()]);
            numbers.extend(self.call(calls.sums.as_ref(), &[&summed]));
            numbers.extend(self.call(calls.extremes.as_ref(), &[number]));
        }
        let (when, then) = (self.words.text("CASE WHEN "), self.words.text(" THEN "));
        let (otherwise, end) = (self.words.text(" ELSE "), self.words.text(" END"));
        let number = || self.common.number.clone();
        let case = Expr::seq([
            when,
            rules.predicate.clone(),
            then,
            number(),
            otherwise,
            number(),
            end,
        ]);
        numbers.extend(self.call(calls.sums.as_ref(), &[&case]));
        rules.number_aggregate =
            (!numbers.is_empty()).then(|| self.rule("numbers", Expr::alt(numbers)));
        rules.date_aggregate = rules
            .dates
            .clone()
            .and_then(|dates| self.call(calls.extremes.as_ref(), &[&dates]));
        let others = [rules.texts.clone(), rules.stamp.clone()]
            .into_iter()
            .flatten();
        let others: Vec<Expr> = others
            .filter_map(|of| self.call(calls.extremes.as_ref(), &[&of]))
            .collect();
        let all = others
            .into_iter()
            .chain(rules.number_aggregate.clone())
            .chain(rules.date_aggregate.clone());
        let all: Vec<Expr> = all.collect();
        rules.aggregate = (!all.is_empty()).then(|| self.rule("agg", Expr::alt(all)));
    }

    /// `rank() OVER (PARTITION BY a ORDER BY b)`
    fn window(&mut self, rules: &TableRules) -> Option<Expr> {
        let calls = &self.common.calls;
        let rank = self.call(calls.ranks.as_ref(), &[])?;
        let (open, close) = (self.words.text(" OVER ("), self.words.text(")"));
        let (by, order) = (
            self.words.text("PARTITION BY "),
            self.words.text(" ORDER BY "),
        );
        let parts = Expr::seq([by, rules.column.clone(), order]);
        let order = Expr::alt([parts, self.words.text("ORDER BY ")]);
        let direction = self.common.direction.clone().optional();
        let window = [rank, open, order, rules.column.clone(), direction, close];
        Some(self.rule("window", Expr::seq(window)))
    }
}
