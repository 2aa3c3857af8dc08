//! JSON Schema, draft 2020-12, without a server's restrictions.

use super::{Budgets, Dialect, Form, Formats, Keywords, Limits, Support};

pub(super) static PLAIN: Dialect = Dialect {
    name: "plain",
    aliases: &["json-schema", "2020-12"],
    title: "JSON Schema 2020-12",
    source: "https://json-schema.org/draft/2020-12",
    date: "2022-06",
    keywords: Keywords {
        taken: &[],
        partly: &[],
        ignored: &[],
        disputed: &[],
        others: Support::Taken,
        foreign: Support::Ignored,
    },
    formats: Formats {
        taken: None,
        others: Support::Taken,
        numbers: Support::Taken,
    },
    limits: Limits::NONE,
    budgets: Budgets::NONE,
    form: Form::FREE,
    texts: &[],
};
