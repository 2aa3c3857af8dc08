//! Version requirements as npm writes them.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{any_of, maybe, some};

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) struct Requirement {
    #[syntax(separator = " || ", min = 1)]
    any: Vec<Range>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Range {
    All(#[syntax(separator = " ", min = 1)] Vec<Comparator>),
    #[syntax("{from} - {to}")]
    Between { from: Version, to: Version },
    #[syntax("*")]
    Any,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{op}{version}")]
pub(crate) struct Comparator {
    op: Option<Op>,
    version: Version,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Op {
    #[syntax("^")]
    Compatible,
    #[syntax("~")]
    Patch,
    #[syntax(">=")]
    AtLeast,
    #[syntax("<")]
    Below,
    #[syntax("=")]
    Exactly,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{major}.{minor}.{patch}{pre}{build}")]
pub(crate) struct Version {
    major: u32,
    minor: u32,
    patch: u32,
    #[syntax(separator = ".", some = "-{}")]
    pre: Vec<Identifier>,
    #[syntax(separator = ".", some = "+{}", pattern = "[0-9A-Za-z-]{1,12}")]
    build: Vec<String>,
}

/// Numbers without leading zeros, or text with a letter.
#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Identifier {
    Number(u16),
    Text(#[syntax(pattern = "[a-z][0-9a-z-]{0,11}")] String),
}

pub(crate) type Root = Requirement;

pub(crate) const ACCEPTED: &[&str] = &[
    "^1.2.3 || >=2.0.0 <3.0.0-beta.1",
    "~0.1.0-rc.1.x-y+build.5 || *",
    "1.0.0 - 2.0.0",
];

pub(crate) const REFUSED: &[&str] = &["1.2", "01.2.3", "^1.2.3 ||", ">= 1.2.3", "1.2.3-", "1.2.3-01"];

fn version() -> impl Strategy<Value = Version> + Clone {
    let identifier = prop_oneof![
        any::<u16>().prop_map(Identifier::Number),
        "[a-z][0-9a-z-]{0,11}".prop_map(Identifier::Text)
    ];
    let number = any::<u32>;
    let parts = (number(), number(), number(), any_of(identifier, 3), any_of("[0-9A-Za-z-]{1,12}", 2));
    parts.prop_map(|(major, minor, patch, pre, build)| Version { major, minor, patch, pre, build })
}

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let op = prop_oneof![
        Just(Op::Compatible),
        Just(Op::Patch),
        Just(Op::AtLeast),
        Just(Op::Below),
        Just(Op::Exactly)
    ];
    let comparator = (maybe(op), version()).prop_map(|(op, version)| Comparator { op, version });
    let range = prop_oneof![
        some(comparator, 3).prop_map(Range::All),
        (version(), version()).prop_map(|(from, to)| Range::Between { from, to }),
        Just(Range::Any),
    ];
    some(range, 3).prop_map(|any| Requirement { any })
}
