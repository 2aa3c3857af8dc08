//! The columns of one table, by what they hold.

use larkspur_grammar::grammar::Expr;

use super::{
    super::{Words, spelling::Spelled},
    kinds::{Class, Of, class},
};
use crate::{Table, quote_text};

/// Each as it may be written.
pub(super) struct TableColumns {
    /// Whole and exact numbers.
    pub(super) exact: Option<Expr>,
    /// Numbers with a floating point.
    pub(super) real: Option<Expr>,
    /// Both of them, texts, dates and times.
    pub(super) kinds: Of<Option<Expr>>,
    pub(super) booleans: Option<Expr>,
    /// Columns that hold one of a list, with their lists.
    pub(super) labels: Vec<(Expr, Expr)>,
    plain: Option<Expr>,
}

impl TableColumns {
    pub(super) fn define(
        words: &mut Words,
        suffix: &str,
        table: &Table,
        spelled: &Spelled,
    ) -> Self {
        let upper = suffix.to_ascii_uppercase();
        let mut of = |kind: &str, wanted| {
            let names = names(table, spelled, wanted);
            words.one_of(&format!("{kind}_{upper}"), &names)
        };
        let (exact, real) = (of("NUM", Class::Number), of("REAL", Class::Real));
        let (text, booleans) = (of("TEXT", Class::Text), of("BOOL", Class::Boolean));
        let numbers: Vec<Expr> = [&exact, &real].into_iter().flatten().cloned().collect();
        Self {
            kinds: Of {
                number: (!numbers.is_empty()).then(|| Expr::alt(numbers)),
                text,
                date: of("DATE", Class::Date),
                stamp: of("STAMP", Class::Stamp),
            },
            booleans,
            plain: of("OTHER", Class::Plain),
            labels: labels(words, &upper, table, spelled),
            exact,
            real,
        }
    }

    pub(super) fn all(&self) -> Vec<Expr> {
        let Of {
            text, date, stamp, ..
        } = &self.kinds;
        let all = [&self.exact, &self.real, text, date, stamp].into_iter();
        all.flatten().cloned().chain(self.others()).collect()
    }

    /// Those that nothing else is made of.
    pub(super) fn others(&self) -> Vec<Expr> {
        let others = [&self.booleans, &self.plain].into_iter().flatten();
        let labels = self.labels.iter().map(|(column, _)| column);
        others.chain(labels).cloned().collect()
    }
}

/// The columns of a class, as they may be written.
fn names(table: &Table, spelled: &Spelled, wanted: Class) -> Vec<String> {
    let columns = table.columns.iter().zip(spelled);
    let columns = columns.filter(|(column, _)| class(column) == Some(wanted));
    columns.flat_map(|(_, names)| names.clone()).collect()
}

fn labels(words: &mut Words, upper: &str, table: &Table, spelled: &Spelled) -> Vec<(Expr, Expr)> {
    let columns = table.columns.iter().zip(spelled);
    let listed = columns.filter(|(column, _)| class(column) == Some(Class::Label));
    let mut labels = Vec::new();
    for (number, (column, names)) in listed.enumerate() {
        let names: Vec<Expr> = names.iter().map(|name| words.text(name)).collect();
        let texts: Vec<String> = column
            .labels
            .iter()
            .map(|label| quote_text(label))
            .collect();
        let list = words.one_of(&format!("LABEL{number}_{upper}"), &texts);
        labels.extend(list.map(|list| (Expr::alt(names), list)));
    }
    labels
}
