//! SPDX licence expressions.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{maybe, two};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(group = "({})")]
pub(crate) enum Licence {
    #[syntax("{id}{later}{exception}")]
    Named {
        #[syntax(pattern = r"[A-Za-z][A-Za-z0-9.-]{0,30}")]
        id: String,
        later: Option<Later>,
        #[syntax(some = " WITH {}", pattern = r"[A-Za-z][A-Za-z0-9.-]{0,30}")]
        exception: Option<String>,
    },
    #[syntax(infix = "AND", precedence = 2)]
    And(Box<Licence>, Box<Licence>),
    #[syntax(infix = "OR", precedence = 1)]
    Or(Box<Licence>, Box<Licence>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("+")]
pub(crate) struct Later;

pub(crate) type Root = Licence;

pub(crate) const ACCEPTED: &[&str] = &[
    "MIT OR Apache-2.0 WITH LLVM-exception AND Zlib",
    "(GPL-2.0+ OR MIT) AND BSD-3-Clause",
];

pub(crate) const REFUSED: &[&str] = &["", "MIT OR", "MIT/Apache-2.0", "(MIT", "MIT WITH", "MIT  OR Zlib"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    const ID: &str = "[A-Za-z][A-Za-z0-9.-]{0,30}";
    let leaf = (ID, maybe(Just(Later)), maybe(ID))
        .prop_map(|(id, later, exception)| Licence::Named { id, later, exception });
    leaf.prop_recursive(5, 20, 2, |inner| {
        prop_oneof![
            two(&inner).prop_map(|(a, b)| Licence::And(a, b)),
            two(&inner).prop_map(|(a, b)| Licence::Or(a, b)),
        ]
    })
}
