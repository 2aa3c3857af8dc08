//! What can be said of the columns of one table.

use larkspur_grammar::grammar::Expr;

use super::{Common, Words, spelling::Spelled};
use crate::{Policy, Table};

/// The rules of one table.
pub(super) struct TableRules {
    /// One column.
    pub(super) column: Expr,
    /// A value of one row.
    pub(super) value: Expr,
    /// A value of many rows; nothing where no aggregate is allowed.
    pub(super) aggregate: Option<Expr>,
    /// What can be selected, but for `count(*)`.
    pub(super) item: Expr,
}

/// What the rules of a table are made of on the way.
struct Making<'a> {
    words: &'a mut Words,
    common: &'a Common,
    policy: &'a Policy,
    suffix: String,
    /// A column of numbers, and arithmetic with it.
    numbers: Option<(Expr, Expr)>,
    texts: Option<Expr>,
    /// What functions of texts take.
    of_text: Option<Expr>,
}

impl TableRules {
    pub(super) fn define(
        words: &mut Words,
        common: &Common,
        policy: &Policy,
        table: &Table,
        spelled: &Spelled,
        suffix: &str,
    ) -> Self {
        let names = |numbers: bool| -> Vec<String> {
            let columns = table.columns.iter().zip(spelled);
            let of_kind = columns.filter(|(column, _)| is_number(&column.data_type) == numbers);
            of_kind.flat_map(|(_, names)| names.clone()).collect()
        };
        let upper = suffix.to_ascii_uppercase();
        let number = words.one_of(&format!("NUM_{upper}"), &names(true));
        let texts = words.one_of(&format!("COL_{upper}"), &names(false));
        let numbers = number.map(|column| arithmetic(words, common, column, suffix));
        Making {
            words,
            common,
            policy,
            suffix: suffix.to_owned(),
            numbers,
            of_text: texts.clone(),
            texts,
        }
        .rules()
    }

    /// Of columns of which nothing is known.
    pub(super) fn of_any(
        words: &mut Words,
        common: &Common,
        policy: &Policy,
        column: Expr,
    ) -> Self {
        let numbers = arithmetic(words, common, column.clone(), "any");
        Making {
            words,
            common,
            policy,
            suffix: "any".to_owned(),
            numbers: Some(numbers),
            of_text: Some(column),
            texts: None,
        }
        .rules()
    }
}

impl Making<'_> {
    fn rules(mut self) -> TableRules {
        let columns = self
            .numbers
            .iter()
            .map(|(column, _)| column)
            .chain(&self.texts);
        let column = Expr::alt(columns.cloned());
        let column = self.words.rule(&format!("col_{}", self.suffix), column);
        let call = self.calls(&column);
        let plain = self
            .numbers
            .iter()
            .map(|(_, arithmetic)| arithmetic)
            .chain(&self.texts)
            .cloned();
        let value = Expr::alt(plain.chain([call]));
        let value = self.words.rule(&format!("val_{}", self.suffix), value);
        let aggregate = self.aggregates(&column, &value);
        let window = self.policy.window_functions.then(|| self.window(&column));
        let items = std::iter::once(value.clone())
            .chain(aggregate.clone())
            .chain(window.flatten());
        let item = Expr::alt(items);
        let item = self.words.rule(&format!("item_{}", self.suffix), item);
        TableRules {
            column,
            value,
            aggregate,
            item,
        }
    }

    /// The beginning of a call, where the policy allows it.
    fn function(&mut self, name: &str) -> Option<Expr> {
        self.policy
            .allows_function(name)
            .then(|| self.words.text(&format!("{name}(")))
    }

    /// Scalar functions, `CAST` and `CASE`, of columns only: they do not nest.
    fn calls(&mut self, column: &Expr) -> Expr {
        let (digit, literal) = (self.common.digit.clone(), self.common.literal.clone());
        let mut ways = Vec::new();
        if let Some(text) = self.of_text.clone() {
            if let Some(name) = self.common.functions.of_text.clone() {
                ways.push(self.call(name, [text.clone()]));
            }
            if let Some(name) = self.function("substr") {
                ways.push(self.call(name, [text, digit.clone(), digit.clone()]));
            }
        }
        if let Some((_, number)) = self.numbers.clone() {
            if let Some(name) = self.function("round") {
                ways.push(self.call(name, [number.clone(), digit]));
            }
            if let Some(name) = self.function("abs") {
                ways.push(self.call(name, [number]));
            }
        }
        if let Some(name) = self.function("coalesce") {
            ways.push(self.call(name, [column.clone(), literal]));
        }
        ways.push(self.cast(column));
        ways.push(self.case(column));
        self.words
            .rule(&format!("call_{}", self.suffix), Expr::alt(ways))
    }

    fn call(&mut self, name: Expr, arguments: impl IntoIterator<Item = Expr>) -> Expr {
        let (comma, close) = (self.words.text(", "), self.words.text(")"));
        let mut parts = vec![name];
        for (index, argument) in arguments.into_iter().enumerate() {
            if index > 0 {
                parts.push(comma.clone());
            }
            parts.push(argument);
        }
        parts.push(close);
        Expr::seq(parts)
    }

    fn cast(&mut self, column: &Expr) -> Expr {
        let (open, to, close) = (
            self.words.text("CAST("),
            self.words.text(" AS "),
            self.words.text(")"),
        );
        Expr::seq([
            open,
            column.clone(),
            to,
            self.common.cast_type.clone(),
            close,
        ])
    }

    fn case(&mut self, column: &Expr) -> Expr {
        let (comparison, literal) = (self.common.comparison.clone(), self.common.literal.clone());
        let (when, then) = (self.words.text(" WHEN "), self.words.text(" THEN "));
        let (case, otherwise, end) = (
            self.words.text("CASE"),
            self.words.text(" ELSE "),
            self.words.text(" END"),
        );
        let arm = Expr::seq([
            when,
            column.clone(),
            comparison,
            literal.clone(),
            then,
            literal.clone(),
        ]);
        let last = Expr::seq([otherwise, literal]).optional();
        Expr::seq([case, arm.repeat(1, Some(5)), last, end])
    }

    fn aggregates(&mut self, column: &Expr, value: &Expr) -> Option<Expr> {
        let distinct = self.words.text("DISTINCT ").optional();
        let mut ways = Vec::new();
        if let Some(name) = self.function("count") {
            ways.push(self.call(name, [Expr::seq([distinct.clone(), column.clone()])]));
        }
        if let Some(name) = self.common.functions.sums.clone() {
            // Texts too: SQLite adds up what they say, and many a number is declared as one.
            let numbers = self.numbers.iter().map(|(_, arithmetic)| arithmetic);
            let summed = Expr::alt(numbers.chain(&self.texts).cloned().collect::<Vec<_>>());
            ways.push(self.call(name, [Expr::seq([distinct, summed])]));
        }
        if let Some(name) = self.common.functions.extremes.clone() {
            ways.push(self.call(name, [value.clone()]));
        }
        (!ways.is_empty()).then(|| {
            let one = self
                .words
                .rule(&format!("one_{}", self.suffix), Expr::alt(ways));
            let operands = [one.clone(), self.common.number.clone()];
            let operands = Expr::alt(
                operands
                    .into_iter()
                    .chain(self.common.functions.count_all.clone()),
            );
            let more = Expr::seq([self.common.arithmetic.clone(), operands]).optional();
            self.words
                .rule(&format!("agg_{}", self.suffix), Expr::seq([one, more]))
        })
    }

    /// `rank() OVER (PARTITION BY a ORDER BY b)`; nothing where no such function is allowed.
    fn window(&mut self, column: &Expr) -> Option<Expr> {
        let (open, close) = (self.words.text(" OVER ("), self.words.text(")"));
        let mut ways = Vec::new();
        if let Some(name) = self.common.functions.ranks.clone() {
            ways.push(Expr::seq([name, close.clone()]));
        }
        if let Some(name) = self.common.functions.neighbours.clone() {
            ways.push(self.call(name, [column.clone()]));
        }
        if let (Some((number, _)), Some(name)) =
            (self.numbers.clone(), self.common.functions.sums.clone())
        {
            ways.push(self.call(name, [number]));
        }
        if ways.is_empty() {
            return None;
        }
        let parts = Expr::seq([
            self.words.text("PARTITION BY "),
            column.clone(),
            self.words.text(" ORDER BY "),
        ]);
        let order = Expr::alt([parts, self.words.text("ORDER BY ")]);
        let direction = self.common.direction.clone().optional();
        let body = Expr::seq([
            Expr::alt(ways),
            open,
            order,
            column.clone(),
            direction,
            close,
        ]);
        Some(self.words.rule(&format!("window_{}", self.suffix), body))
    }
}

/// A column, and sums of it.
fn arithmetic(words: &mut Words, common: &Common, column: Expr, suffix: &str) -> (Expr, Expr) {
    let operand = Expr::alt([column.clone(), common.number.clone()]);
    let more = Expr::seq([common.arithmetic.clone(), operand]);
    let body = Expr::seq([column.clone(), more.repeat(0, Some(2))]);
    let arithmetic = words.rule(&format!("num_{suffix}"), body);
    (column, arithmetic)
}

/// SQLite's affinities INTEGER, REAL and NUMERIC (<https://sqlite.org/datatype3.html>, 3.1), but for dates and truth values, which
/// are written as texts as often as not.
fn is_number(data_type: &str) -> bool {
    let data_type = data_type.to_ascii_uppercase();
    ["INT", "REAL", "FLOA", "DOUB", "NUM", "DEC"]
        .iter()
        .any(|part| data_type.contains(part))
}

/// What names of rules end with: the table's name where it can be part of one, and its place, which no other table has.
pub(super) fn suffix(name: &str, index: usize) -> String {
    let slug: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(20)
        .collect();
    format!(
        "{}{}{index}",
        slug.to_ascii_lowercase(),
        if slug.is_empty() { "t" } else { "_" }
    )
}
