//! What can be said of the columns of one table, by their types.

use larkspur_grammar::grammar::Expr;

use super::{
    super::{Words, sources::qualified, spelling::Spelled},
    against::Against,
    columns::TableColumns,
    kinds::{Kind, Of, class},
    words::Common,
};
use crate::{Dialect, Table};

/// The rules of one table. Nothing where it has no such thing.
pub(super) struct TableRules {
    /// What the names of its rules end with.
    pub(super) suffix: String,
    /// Columns of each type.
    pub(super) columns: Of<Option<Expr>>,
    /// Values of a row.
    pub(super) values: Of<Option<Expr>>,
    /// What many rows come to.
    pub(super) aggregates: Of<Option<Expr>>,
    /// Any value of a row.
    pub(super) value: Expr,
    /// What rows can be ordered by. A column alone would be what is selected under its name, of which there may be several.
    pub(super) ordered: Expr,
    pub(super) aggregate: Option<Expr>,
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
    /// Exact numbers and what is computed from them.
    exact: Option<Expr>,
    /// What is made of columns.
    computed: Vec<Expr>,
    suffix: String,
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
            exact: None,
            computed: Vec::new(),
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
        let columns = TableColumns::define(self.words, &self.suffix, table, spelled);
        let all = columns.all();
        if all.is_empty() {
            return None;
        }
        let column = self.rule("col", Expr::alt(all));
        let values = self.values(&column, &columns);
        let predicate = self.predicate(&columns, &values);
        let case = self.number_case(&predicate);
        let value = self.value(&predicate, &case, &values, columns.others());
        let ordered = self.ordered(table, dialect);
        let aggregates = self.aggregates(&column, &columns.kinds, &values, &case);
        Some(TableRules {
            aggregate: self.aggregate(&aggregates),
            window: self.window(&column, columns.kinds.number.as_ref()),
            columns: columns.kinds,
            suffix: self.suffix,
            values,
            aggregates,
            value,
            ordered,
            predicate,
        })
    }

    fn rule(&mut self, kind: &str, body: Expr) -> Expr {
        self.words.rule(&format!("{kind}_{}", self.suffix), body)
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

    /// Columns of each type, and what is made of them.
    fn values(&mut self, column: &Expr, columns: &TableColumns) -> Of<Option<Expr>> {
        let kinds = &columns.kinds;
        Of {
            number: self.number(columns),
            text: Some(self.text(column, kinds.text.as_ref())),
            date: self.date(kinds),
            stamp: self.stamp(kinds.stamp.clone()),
        }
    }

    /// `a + 1`, `round(a * b, 2)`, `length(c)`, `extract(year FROM d)`, `CAST(a AS INTEGER)`.
    fn number(&mut self, columns: &TableColumns) -> Option<Expr> {
        let (calls, digit) = (&self.common.calls, self.common.digit.clone());
        let (mut plain, mut ways) = (Vec::new(), Vec::new());
        if let Some(exact) = &columns.exact {
            let operand = Expr::alt([exact.clone(), self.common.number.clone()]);
            let more = Expr::seq([self.common.arithmetic.clone(), operand]);
            let sums = Expr::seq([exact.clone(), more.clone().repeat(1, Some(2))]);
            self.computed.push(sums);
            let sum = Expr::seq([exact.clone(), more.repeat(0, Some(2))]);
            let sum = self.rule("num", sum);
            ways.extend(self.call(calls.round.as_ref(), &[&sum, &digit]));
            ways.extend(self.call(calls.abs.as_ref(), &[&sum]));
            ways.extend(self.call(calls.coalesce.as_ref(), &[exact, &self.common.number]));
            self.exact = Some(sum.clone());
            plain.push(sum);
        }
        plain.extend(columns.real.clone());
        let columns = &columns.kinds;
        if let Some(numbers) = &columns.number {
            let cast = [self.words.text("CAST("), numbers.clone()].into_iter();
            ways.push(Expr::seq(cast.chain([self.common.number_type.clone()])));
        }
        let texts = columns.text.as_ref();
        ways.extend(texts.and_then(|texts| self.call(calls.length.as_ref(), &[texts])));
        let days = [&columns.date, &columns.stamp].into_iter().flatten();
        let days: Vec<Expr> = days.cloned().collect();
        if !days.is_empty() {
            ways.extend(self.call(calls.extract.as_ref(), &[&Expr::alt(days)]));
        }
        plain.extend(self.made("of_number", ways));
        (!plain.is_empty()).then(|| self.rule("number", Expr::alt(plain)))
    }

    /// What is made of columns, as a rule.
    fn made(&mut self, kind: &str, ways: Vec<Expr>) -> Option<Expr> {
        let rule = (!ways.is_empty()).then(|| self.rule(kind, Expr::alt(ways)));
        self.computed.extend(rule.clone());
        rule
    }

    /// A column behind the name of its table, or what is made of columns.
    fn ordered(&mut self, table: &Table, dialect: Dialect) -> Expr {
        let columns = table
            .columns
            .iter()
            .filter(|column| class(column).is_some());
        let names = columns.map(|column| qualified(dialect, &table.name, &column.name));
        let names: Vec<String> = names.collect();
        let terminal = format!("BY_{}", self.suffix.to_ascii_uppercase());
        let column = self.words.one_of(&terminal, &names);
        let computed = std::mem::take(&mut self.computed);
        self.rule("by", Expr::alt(column.into_iter().chain(computed)))
    }

    /// Texts as they are and changed, and anything as one.
    fn text(&mut self, column: &Expr, texts: Option<&Expr>) -> Expr {
        let (calls, digit) = (&self.common.calls, self.common.digit.clone());
        let (cast, close) = (self.words.text("CAST("), self.words.text(" AS TEXT)"));
        let mut ways = vec![Expr::seq([cast, column.clone(), close])];
        if let Some(texts) = texts {
            ways.extend(self.call(calls.of_text.as_ref(), &[texts]));
            ways.extend(self.call(calls.substr.as_ref(), &[texts, &digit, &digit]));
            ways.extend(self.call(calls.coalesce.as_ref(), &[texts, &self.common.text]));
        }
        let made = self.made("of_text", ways);
        self.rule("text", Expr::alt(made.into_iter().chain(texts.cloned())))
    }

    /// Dates, and those of times.
    fn date(&mut self, columns: &Of<Option<Expr>>) -> Option<Expr> {
        let cast = columns.stamp.clone().map(|stamps| {
            let (open, close) = (self.words.text("CAST("), self.words.text(" AS DATE)"));
            Expr::seq([open, stamps, close])
        });
        let cast = self.made("of_date", cast.into_iter().collect());
        let ways: Vec<Expr> = columns.date.clone().into_iter().chain(cast).collect();
        (!ways.is_empty()).then(|| self.rule("date", Expr::alt(ways)))
    }

    fn stamp(&mut self, stamps: Option<Expr>) -> Option<Expr> {
        let stamps = stamps?;
        let truncated = self.call(self.common.calls.truncate.as_ref(), &[&stamps]);
        self.computed.extend(truncated.clone());
        let ways = std::iter::once(stamps).chain(truncated);
        Some(self.rule("stamp", Expr::alt(ways)))
    }

    /// A sentence about the values of a row, each held against its like.
    fn predicate(&mut self, columns: &TableColumns, values: &Of<Option<Expr>>) -> Expr {
        let (common, against, kinds) = (self.common, self.against, &columns.kinds);
        let mut ways = Vec::new();
        for kind in Of::KINDS {
            let mut value = kind.of(values).clone();
            let mut like = value.clone();
            if kind == Kind::Text && kinds.text.is_some() {
                value.clone_from(&kinds.text);
                like.clone_from(&kinds.text);
            } else if kind == Kind::Text {
                like = None;
            }
            let Some(value) = value else { continue };
            let like = like.map(|like| Expr::seq([common.comparison.clone(), like]));
            let tests = std::iter::once(kind.of(against).clone()).chain(like);
            ways.push(Expr::seq([value, Expr::alt(tests)]));
        }
        if let Some(booleans) = &columns.booleans {
            let test = Expr::alt([common.truth.clone(), common.null.clone()]);
            ways.push(Expr::seq([booleans.clone(), test.optional()]));
        }
        for (column, label) in &columns.labels {
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

    /// `CASE WHEN … THEN 1 ELSE 0 END`
    fn number_case(&mut self, predicate: &Expr) -> Expr {
        let number = || self.common.number.clone();
        let arm = [self.words.text(" WHEN "), predicate.clone()].into_iter();
        let arm = Expr::seq(arm.chain([self.words.text(" THEN "), number()]));
        let last = [self.words.text(" ELSE "), number(), self.words.text(" END")];
        let case = [self.words.text("CASE"), arm.repeat(1, Some(3))].into_iter();
        let case = Expr::seq(case.chain(last));
        let case = self.rule("number_case", case);
        self.computed.push(case.clone());
        case
    }

    fn value(
        &mut self,
        predicate: &Expr,
        number_case: &Expr,
        values: &Of<Option<Expr>>,
        others: Vec<Expr>,
    ) -> Expr {
        let (when, then) = (self.words.text(" WHEN "), self.words.text(" THEN "));
        let arm = Expr::seq([when, predicate.clone(), then, self.common.text.clone()]);
        let (otherwise, end) = (self.words.text(" ELSE "), self.words.text(" END"));
        let last = Expr::seq([otherwise, self.common.text.clone()]).optional();
        let case = [self.words.text("CASE"), arm.repeat(1, Some(3)), last, end];
        let case = self.rule("case", Expr::seq(case));
        self.computed.push(case.clone());
        let values = Of::KINDS.map(|kind| kind.of(values).clone());
        let ways = [case, number_case.clone()].into_iter();
        let ways = ways.chain(values.into_iter().flatten()).chain(others);
        self.rule("value", Expr::alt(ways))
    }

    fn aggregates(
        &mut self,
        column: &Expr,
        columns: &Of<Option<Expr>>,
        values: &Of<Option<Expr>>,
        case: &Expr,
    ) -> Of<Option<Expr>> {
        let calls = &self.common.calls;
        let number = self.number_aggregate(column, values.number.as_ref(), case);
        let mut extreme = |of: &Option<Expr>| self.call(calls.extremes.as_ref(), &[of.as_ref()?]);
        Of {
            text: extreme(&columns.text),
            date: extreme(&columns.date),
            stamp: extreme(&values.stamp),
            number,
        }
    }

    fn aggregate(&mut self, aggregates: &Of<Option<Expr>>) -> Option<Expr> {
        let all = Of::KINDS.map(|kind| kind.of(aggregates).clone());
        let all: Vec<Expr> = all.into_iter().flatten().collect();
        (!all.is_empty()).then(|| self.rule("agg", Expr::alt(all)))
    }

    /// `count(DISTINCT a)`, `sum(a) / count(*)`, `round(avg(a), 2)`.
    fn number_aggregate(
        &mut self,
        column: &Expr,
        number: Option<&Expr>,
        case: &Expr,
    ) -> Option<Expr> {
        let calls = &self.common.calls;
        let distinct = self.words.text("DISTINCT ").optional();
        let counted = Expr::seq([distinct.clone(), column.clone()]);
        let mut ways: Vec<Expr> = Vec::new();
        ways.extend(self.call(calls.count.as_ref(), &[&counted]));
        if let Some(number) = number {
            let summed = Expr::seq([distinct, number.clone()]);
            ways.extend(self.call(calls.sums.as_ref(), &[&summed]));
            ways.extend(self.call(calls.extremes.as_ref(), &[number]));
        }
        ways.extend(self.call(calls.sums.as_ref(), &[case]));
        if let Some(exact) = self.exact.clone() {
            let summed = self.call(calls.sums.as_ref(), &[&exact]);
            let digit = self.common.digit.clone();
            ways.extend(summed.and_then(|sum| self.call(calls.round.as_ref(), &[&sum, &digit])));
        }
        if ways.is_empty() {
            return None;
        }
        let one = self.rule("one", Expr::alt(ways));
        let operands = [one.clone(), self.common.number.clone()].into_iter();
        let operand = Expr::alt(operands.chain(calls.count_all.clone()));
        let more = Expr::seq([self.common.arithmetic.clone(), operand]).optional();
        Some(self.rule("numbers", Expr::seq([one, more])))
    }

    /// `rank() OVER (PARTITION BY a ORDER BY b)`, `sum(a) OVER (ORDER BY b)`.
    fn window(&mut self, column: &Expr, numbers: Option<&Expr>) -> Option<Expr> {
        let (calls, mut ways) = (&self.common.calls, Vec::new());
        ways.extend(self.call(calls.ranks.as_ref(), &[]));
        ways.extend(self.call(calls.neighbours.as_ref(), &[column]));
        if calls.windows {
            ways.extend(numbers.and_then(|numbers| self.call(calls.sums.as_ref(), &[numbers])));
            ways.extend(calls.count_all.clone());
        }
        if ways.is_empty() {
            return None;
        }
        let (open, close) = (self.words.text(" OVER ("), self.words.text(")"));
        let (by, order) = (
            self.words.text("PARTITION BY "),
            self.words.text(" ORDER BY "),
        );
        let parts = Expr::seq([by, column.clone(), order]);
        let order = Expr::alt([parts, self.words.text("ORDER BY ")]);
        let direction = self.common.direction.clone().optional();
        let body = [open, order, column.clone(), direction, close].into_iter();
        let window = std::iter::once(Expr::alt(ways)).chain(body);
        Some(self.rule("window", Expr::seq(window)))
    }
}
