//! Lines of logs as keys and values.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{maybe, name, some};

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) struct Line {
    #[syntax(separator = " ", min = 1)]
    pairs: Vec<Pair>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{key}{value}")]
pub(crate) struct Pair {
    #[syntax(pattern = "[a-z][a-z0-9_.]{0,20}")]
    key: String,
    #[syntax(some = "={}")]
    value: Option<Value>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Value {
    Bare(#[syntax(pattern = "[!#-<>-~]{1,30}")] String),
    Quoted(String),
}

pub(crate) type Root = Line;

pub(crate) const ACCEPTED: &[&str] = &["level=info msg=\"hello \\\"you\\\"\" took=1.5ms retry", "a=\"\""];

pub(crate) const REFUSED: &[&str] = &["", "a=", "a = b", "a=b=c", "a=\"b", "A=b", "a  b"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let value = prop_oneof![name("[!#-<>-~]{1,30}", Value::Bare), name(".{0,20}", Value::Quoted)];
    let pair = ("[a-z][a-z0-9_.]{0,20}", maybe(value)).prop_map(|(key, value)| Pair { key, value });
    some(pair, 6).prop_map(|pairs| Line { pairs })
}
