//! What can be said of the columns of one table, by their types.

use larkspur_grammar::grammar::Expr;

use super::{
    super::{Words, sources::qualified, spelling::Spelled},
    against::Against,
    kinds::{Class, Kind, Of, class, names},
    words::Common,
};
use crate::{Dialect, Table, quote_text};

/// The rules of one table. Nothing where it has no such thing.
pub(super) struct TableRules {
    /// What the names of its rules end with.
    pub(super) suffix: String,
    /// Any column that can be compared.
    pub(super) column: Expr,
    /// Columns of each type.
    pub(super) columns: Of<Option<Expr>>,
    /// Values of a row.
    pub(super) values: Of<Option<Expr>>,
    /// What many rows come to.
    pub(super) aggregates: Of<Option<Expr>>,
    booleans: Option<Expr>,
    labels: Vec<(Expr, Expr)>,
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
        let others = [&booleans, &plain].into_iter().flatten().cloned();
        let others: Vec<Expr> = others.chain(of_labels).collect();
        let all = [&exact, &real, &texts, &dates, &stamps].into_iter();
        let all: Vec<Expr> = all.flatten().chain(&others).cloned().collect();
        if all.is_empty() {
            return None;
        }
        let column = self.rule("col", Expr::alt(all));
        let numbers: Vec<Expr> = [&exact, &real].into_iter().flatten().cloned().collect();
        let columns = Of {
            number: (!numbers.is_empty()).then(|| Expr::alt(numbers)),
            text: texts,
            date: dates,
            stamp: stamps,
        };
        let mut computed = Vec::new();
        let values = Of {
            number: self.number(exact.as_ref(), real.as_ref(), &columns, &mut computed),
            text: Some(self.text(&column, columns.text.as_ref(), &mut computed)),
            date: self.date(&columns, &mut computed),
            stamp: self.stamp(columns.stamp.clone(), &mut computed),
        };
        let mut rules = TableRules {
            suffix: self.suffix.clone(),
            value: column.clone(),
            ordered: column.clone(),
            aggregates: Of::default(),
            aggregate: None,
            window: None,
            predicate: Expr::Empty,
            column,
            columns,
            values,
            booleans,
            labels,
        };
        rules.predicate = self.predicate(&rules);
        let case = self.number_case(&rules.predicate);
        computed.push(case.clone());
        rules.value = self.value(&rules, case.clone(), others, &mut computed);
        rules.ordered = self.ordered(table, dialect, computed);
        self.aggregates(&mut rules, &case);
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

    /// `a + 1`, `round(a * b, 2)`, `length(c)`, `extract(year FROM d)`, `CAST(a AS INTEGER)`.
    fn number(
        &mut self,
        exact: Option<&Expr>,
        real: Option<&Expr>,
        columns: &Of<Option<Expr>>,
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
            self.exact = Some(sum.clone());
            plain.push(sum);
        }
        plain.extend(real.cloned());
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

    /// Dates, and those of times.
    fn date(&mut self, columns: &Of<Option<Expr>>, computed: &mut Vec<Expr>) -> Option<Expr> {
        let cast = columns.stamp.clone().map(|stamps| {
            let (open, close) = (self.words.text("CAST("), self.words.text(" AS DATE)"));
            Expr::seq([open, stamps, close])
        });
        let cast = self.computed("of_date", cast.into_iter().collect(), computed);
        let ways: Vec<Expr> = columns.date.clone().into_iter().chain(cast).collect();
        (!ways.is_empty()).then(|| self.rule("date", Expr::alt(ways)))
    }

    fn stamp(&mut self, stamps: Option<Expr>, computed: &mut Vec<Expr>) -> Option<Expr> {
        let stamps = stamps?;
        let truncated = self.call(self.common.calls.truncate.as_ref(), &[&stamps]);
        computed.extend(truncated.clone());
        let ways = std::iter::once(stamps).chain(truncated);
        Some(self.rule("stamp", Expr::alt(ways)))
    }

    /// A sentence about the values of a row, each held against its like.
    fn predicate(&mut self, rules: &TableRules) -> Expr {
        let (common, against) = (self.common, self.against);
        let mut ways = Vec::new();
        for kind in Of::KINDS {
            let mut value = kind.of(&rules.values).clone();
            let mut like = value.clone();
            if kind == Kind::Text && rules.columns.text.is_some() {
                value.clone_from(&rules.columns.text);
                like.clone_from(&rules.columns.text);
            } else if kind == Kind::Text {
                like = None;
            }
            let Some(value) = value else { continue };
            let like = like.map(|like| Expr::seq([common.comparison.clone(), like]));
            let tests = std::iter::once(kind.of(against).clone()).chain(like);
            ways.push(Expr::seq([value, Expr::alt(tests)]));
        }
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

    /// `CASE WHEN … THEN 1 ELSE 0 END`
    fn number_case(&mut self, predicate: &Expr) -> Expr {
        let number = || self.common.number.clone();
        let arm = [self.words.text(" WHEN "), predicate.clone()].into_iter();
        let arm = Expr::seq(arm.chain([self.words.text(" THEN "), number()]));
        let last = [self.words.text(" ELSE "), number(), self.words.text(" END")];
        let case = [self.words.text("CASE"), arm.repeat(1, Some(3))].into_iter();
        let case = Expr::seq(case.chain(last));
        self.rule("number_case", case)
    }

    fn value(
        &mut self,
        rules: &TableRules,
        number_case: Expr,
        others: Vec<Expr>,
        computed: &mut Vec<Expr>,
    ) -> Expr {
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
        let values = Of::KINDS.map(|kind| kind.of(&rules.values).clone());
        let ways = [case, number_case].into_iter();
        let ways = ways.chain(values.into_iter().flatten()).chain(others);
        self.rule("value", Expr::alt(ways))
    }

    fn aggregates(&mut self, rules: &mut TableRules, case: &Expr) {
        let calls = &self.common.calls;
        let number = self.number_aggregate(rules, case);
        let mut extreme = |of: &Option<Expr>| self.call(calls.extremes.as_ref(), &[of.as_ref()?]);
        rules.aggregates = Of {
            text: extreme(&rules.columns.text),
            date: extreme(&rules.columns.date),
            stamp: extreme(&rules.values.stamp),
            number,
        };
        let all = Of::KINDS.map(|kind| kind.of(&rules.aggregates).clone());
        let all: Vec<Expr> = all.into_iter().flatten().collect();
        rules.aggregate = (!all.is_empty()).then(|| self.rule("agg", Expr::alt(all)));
    }

    /// `count(DISTINCT a)`, `sum(a) / count(*)`, `round(avg(a), 2)`.
    fn number_aggregate(&mut self, rules: &TableRules, case: &Expr) -> Option<Expr> {
        let calls = &self.common.calls;
        let distinct = self.words.text("DISTINCT ").optional();
        let counted = Expr::seq([distinct.clone(), rules.column.clone()]);
        let mut ways: Vec<Expr> = Vec::new();
        ways.extend(self.call(calls.count.as_ref(), &[&counted]));
        if let Some(number) = &rules.values.number {
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
    fn window(&mut self, rules: &TableRules) -> Option<Expr> {
        let (calls, mut ways) = (&self.common.calls, Vec::new());
        ways.extend(self.call(calls.ranks.as_ref(), &[]));
        ways.extend(self.call(calls.neighbours.as_ref(), &[&rules.column]));
        if calls.windows {
            let summed = rules.columns.number.as_ref();
            ways.extend(summed.and_then(|numbers| self.call(calls.sums.as_ref(), &[numbers])));
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
        let parts = Expr::seq([by, rules.column.clone(), order]);
        let order = Expr::alt([parts, self.words.text("ORDER BY ")]);
        let direction = self.common.direction.clone().optional();
        let body = [open, order, rules.column.clone(), direction, close].into_iter();
        let window = std::iter::once(Expr::alt(ways)).chain(body);
        Some(self.rule("window", Expr::seq(window)))
    }
}
