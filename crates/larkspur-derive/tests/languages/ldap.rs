//! LDAP search filters (RFC 4515).

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::some;

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Filter {
    #[syntax("(&{0})")]
    And(#[syntax(separator = "", min = 1)] Vec<Filter>),
    #[syntax("(|{0})")]
    Or(#[syntax(separator = "", min = 1)] Vec<Filter>),
    #[syntax("(!{0})")]
    Not(Box<Filter>),
    #[syntax("({attribute}{op}{value})")]
    Compare {
        attribute: Attribute,
        op: Op,
        #[syntax(pattern = "[A-Za-z0-9 ]{1,20}")]
        value: String,
    },
    #[syntax("({0}=*)")]
    Present(Attribute),
    #[syntax("({attribute}={parts})")]
    Parts {
        attribute: Attribute,
        #[syntax(separator = "*", min = 2, max = 6, pattern = "[A-Za-z0-9 ]{1,20}")]
        parts: Vec<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(pattern = "[A-Za-z][A-Za-z0-9-]{0,20}")]
pub(crate) struct Attribute(String);

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Op {
    #[syntax("=")]
    Equal,
    #[syntax("~=")]
    Like,
    #[syntax(">=")]
    AtLeast,
    #[syntax("<=")]
    AtMost,
}

pub(crate) type Root = Filter;

pub(crate) const ACCEPTED: &[&str] = &["(&(objectClass=person)(|(cn=Ba*bs*n)(!(uid=*)))(age>=18))"];

pub(crate) const REFUSED: &[&str] = &["(&)", "cn=x", "(cn=)", "(!(a=b)(c=d))", "(cn=a**b)", "(=x)"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let attribute = || "[A-Za-z][A-Za-z0-9-]{0,20}".prop_map(Attribute);
    let op = prop_oneof![Just(Op::Equal), Just(Op::Like), Just(Op::AtLeast), Just(Op::AtMost)];
    let leaf = prop_oneof![
        (attribute(), op, "[A-Za-z0-9 ]{1,20}")
            .prop_map(|(attribute, op, value)| Filter::Compare { attribute, op, value }),
        attribute().prop_map(Filter::Present),
        (attribute(), prop::collection::vec("[A-Za-z0-9 ]{1,20}", 2..=6))
            .prop_map(|(attribute, parts)| Filter::Parts { attribute, parts }),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            some(inner.clone(), 3).prop_map(Filter::And),
            some(inner.clone(), 3).prop_map(Filter::Or),
            inner.prop_map(|inner| Filter::Not(Box::new(inner))),
        ]
    })
}
