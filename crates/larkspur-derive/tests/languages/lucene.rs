//! A subset of Lucene's query language: terms, phrases, fields, ranges, required and excluded clauses.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{name, two};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(group = "({})")]
pub(crate) enum Query {
    #[syntax("{field}{value}")]
    Clause {
        #[syntax(some = "{}:")]
        field: Option<Field>,
        value: Value,
    },
    #[syntax(prefix = "+", precedence = 4)]
    Required(Box<Query>),
    #[syntax(prefix = "-", precedence = 4)]
    Excluded(Box<Query>),
    #[syntax(prefix = "NOT", precedence = 3)]
    Not(Box<Query>),
    #[syntax(infix = "AND", precedence = 2)]
    And(Box<Query>, Box<Query>),
    #[syntax(infix = "OR", precedence = 1)]
    Or(Box<Query>, Box<Query>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(pattern = "[a-z][a-z_]{0,19}")]
pub(crate) struct Field(String);

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Value {
    Term(#[syntax(pattern = r"[a-z0-9]{1,20}[*?]?")] String),
    #[syntax("{text}{slop}")]
    Phrase {
        #[syntax(quote = "\"", escape = "backslash")]
        text: String,
        #[syntax(some = "~{}")]
        slop: Option<u8>,
    },
    #[syntax("[{from} TO {to}]")]
    Range { from: Bound, to: Bound },
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Bound {
    #[syntax("*")]
    Open,
    Number(i32),
}

pub(crate) type Root = Query;

pub(crate) const ACCEPTED: &[&str] = &[
    "title:rust AND (body:\"model output\"~3 OR year:[2024 TO *])",
    "+parser AND -yacc* OR NOT lark",
];

pub(crate) const REFUSED: &[&str] = &["title:", "AND", "a AND", "[1 TO ]", "a b", "\"open"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let bound = || prop_oneof![Just(Bound::Open), any::<i32>().prop_map(Bound::Number)];
    let value = prop_oneof![
        name("[a-z0-9]{1,20}[*?]?", Value::Term),
        (".{0,20}", any::<Option<u8>>()).prop_map(|(text, slop)| Value::Phrase { text, slop }),
        (bound(), bound()).prop_map(|(from, to)| Value::Range { from, to }),
    ];
    let field = prop::option::of(name("[a-z][a-z_]{0,19}", Field));
    let leaf = (field, value).prop_map(|(field, value)| Query::Clause { field, value });
    leaf.prop_recursive(5, 20, 2, |inner| {
        let one = || inner.clone().prop_map(Box::new);
        prop_oneof![
            one().prop_map(Query::Required),
            one().prop_map(Query::Excluded),
            one().prop_map(Query::Not),
            two(&inner).prop_map(|(a, b)| Query::And(a, b)),
            two(&inner).prop_map(|(a, b)| Query::Or(a, b)),
        ]
    })
}
