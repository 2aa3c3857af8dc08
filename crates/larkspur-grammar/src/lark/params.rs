//! llguidance's parameters: one number of 64 bits for each rule, and what can be asked of it and done with it.
//!
//! Source: `docs/parametric.md` of llguidance; functions and bounds as in its `lark/parser.rs` and `earley/grammar.rs`.

use super::syntax::{Number, Term, TermKind};
use crate::diagnostic::Diagnostic;

/// Some neighbouring bits of the parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bits {
    start: u32,
    end: u32,
}

impl Bits {
    const WHOLE: Self = Self { start: 0, end: 64 };

    const fn mask(self) -> u64 {
        let length = self.end - self.start;
        if length >= 64 {
            u64::MAX
        } else {
            ((1 << length) - 1) << self.start
        }
    }

    const fn of(self, value: u64) -> u64 {
        (value & self.mask()) >> self.start
    }
}

/// What a rule is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Argument {
    Value(u64),
    Same,
    Increment(Bits),
    Decrement(Bits),
    Or(u64),
    And(u64),
}

impl Argument {
    /// Whether it depends on the parameter of the rule it is used in.
    pub(crate) const fn needs_parameter(self) -> bool {
        !matches!(self, Self::Value(_))
    }

    /// The value, given that of the rule it is used in. Counting stops at the ends of the bits.
    pub(crate) const fn eval(self, parameter: u64) -> u64 {
        match self {
            Self::Value(value) => value,
            Self::Same => parameter,
            Self::Increment(bits) if parameter & bits.mask() == bits.mask() => parameter,
            Self::Increment(bits) => parameter.wrapping_add(1 << bits.start),
            Self::Decrement(bits) if parameter & bits.mask() == 0 => parameter,
            Self::Decrement(bits) => parameter.wrapping_sub(1 << bits.start),
            Self::Or(value) => parameter | value,
            Self::And(value) => parameter & value,
        }
    }
}

/// What `%if` asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    True,
    Compare(Comparison, Bits, u64),
    CountOnes(Comparison, Bits, u64),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Ne,
    Eq,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Comparison {
    const ALL: [(&'static str, Self); 6] = [
        ("ne", Self::Ne),
        ("eq", Self::Eq),
        ("lt", Self::Lt),
        ("le", Self::Le),
        ("gt", Self::Gt),
        ("ge", Self::Ge),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(other, _)| *other == name)
            .map(|(_, comparison)| *comparison)
    }

    const fn holds(self, left: u64, right: u64) -> bool {
        match self {
            Self::Ne => left != right,
            Self::Eq => left == right,
            Self::Lt => left < right,
            Self::Le => left <= right,
            Self::Gt => left > right,
            Self::Ge => left >= right,
        }
    }
}

impl Condition {
    /// Whether it holds for this parameter. Recursion is bounded by the depth of the term, which the parser bounds.
    pub(crate) fn holds(&self, parameter: u64) -> bool {
        match self {
            Self::True => true,
            Self::Compare(comparison, bits, value) => comparison.holds(bits.of(parameter), *value),
            Self::CountOnes(comparison, bits, count) => {
                comparison.holds(u64::from(bits.of(parameter).count_ones()), *count)
            }
            Self::And(left, right) => left.holds(parameter) && right.holds(parameter),
            Self::Or(left, right) => left.holds(parameter) || right.holds(parameter),
            Self::Not(inner) => !inner.holds(parameter),
        }
    }
}

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

fn fail<T>(term: &Term, message: impl Into<String>) -> Result<T> {
    Err(Box::new(
        Diagnostic::error("parameter", message).at(term.span),
    ))
}

/// Reads what stands behind `name::`.
pub(crate) fn argument(term: &Term) -> Result<Argument> {
    let (name, terms) = match &term.kind {
        TermKind::Whole => return Ok(Argument::Same),
        TermKind::Number(number) => return Ok(Argument::Value(value(number)?)),
        TermKind::Bits(..) => {
            return fail(
                term,
                "bits alone are no argument; write `incr([0:3])` or `decr([0:3])`",
            );
        }
        TermKind::Call(name, terms) => (name.text.as_str(), terms.as_slice()),
    };
    match (name, terms) {
        ("incr", [one]) => Ok(Argument::Increment(bits(one)?)),
        ("decr", [one]) => Ok(Argument::Decrement(bits(one)?)),
        ("bit_or", [one]) => Ok(Argument::Or(number(one)?)),
        ("bit_and", [one]) => Ok(Argument::And(number(one)?)),
        ("set_bit", [one]) => Ok(Argument::Or(1 << bit(one)?)),
        ("clear_bit", [one]) => Ok(Argument::And(!(1 << bit(one)?))),
        ("incr" | "decr" | "bit_or" | "bit_and" | "set_bit" | "clear_bit", _) => {
            fail(term, format!("`{name}` takes one argument"))
        }
        _ => fail(
            term,
            format!(
                "there is no function `{name}` of parameters; there are incr, decr, bit_or, bit_and, set_bit, clear_bit"
            ),
        ),
    }
}

/// Reads what stands behind `%if`.
pub(crate) fn condition(term: &Term) -> Result<Condition> {
    let TermKind::Call(name, terms) = &term.kind else {
        return fail(term, "this is no condition");
    };
    let name = name.text.as_str();
    let single = |bit: u32| Bits {
        start: bit,
        end: bit + 1,
    };
    let found = match (name, terms.as_slice()) {
        ("true", []) => Condition::True,
        ("and", [left, right]) => {
            Condition::And(Box::new(condition(left)?), Box::new(condition(right)?))
        }
        ("or", [left, right]) => {
            Condition::Or(Box::new(condition(left)?), Box::new(condition(right)?))
        }
        ("not", [inner]) => Condition::Not(Box::new(condition(inner)?)),
        ("bit_clear", [one]) => Condition::Compare(Comparison::Eq, single(bit(one)?), 0),
        ("bit_set", [one]) => Condition::Compare(Comparison::Eq, single(bit(one)?), 1),
        ("is_zeros", [one]) => Condition::Compare(Comparison::Eq, bits(one)?, 0),
        ("is_ones", [one]) => {
            let bits = bits(one)?;
            Condition::Compare(Comparison::Eq, bits, bits.of(u64::MAX))
        }
        (_, [left, right]) if Comparison::named(name).is_some() => Condition::Compare(
            Comparison::named(name).unwrap_or(Comparison::Eq),
            bits(left)?,
            number(right)?,
        ),
        (_, [left, right])
            if name
                .strip_prefix("bit_count_")
                .and_then(Comparison::named)
                .is_some() =>
        {
            let comparison = name
                .strip_prefix("bit_count_")
                .and_then(Comparison::named)
                .unwrap_or(Comparison::Eq);
            Condition::CountOnes(comparison, bits(left)?, u64::from(bit(right)?))
        }
        _ => return unknown_condition(term, name),
    };
    Ok(found)
}

fn unknown_condition<T>(term: &Term, name: &str) -> Result<T> {
    const NAMES: &[&str] = &[
        "true",
        "and",
        "or",
        "not",
        "bit_clear",
        "bit_set",
        "is_zeros",
        "is_ones",
    ];
    let known = NAMES.contains(&name)
        || Comparison::named(name.strip_prefix("bit_count_").unwrap_or(name)).is_some();
    if known {
        return fail(
            term,
            format!(
                "the condition `{name}` has other arguments, as in `lt(_, 6)`, `bit_set(0)`, `and(a, b)`"
            ),
        );
    }
    fail(
        term,
        format!(
            "there is no condition `{name}`; there are eq, ne, lt, le, gt, ge, bit_count_eq …, bit_set, bit_clear, is_zeros, is_ones, and, or, not, true"
        ),
    )
}

fn bits(term: &Term) -> Result<Bits> {
    match &term.kind {
        TermKind::Whole => Ok(Bits::WHOLE),
        TermKind::Bits(start, end) => {
            let (first, last) = (small(start, 63)?, small(end, 64)?);
            if last <= first {
                return fail(
                    term,
                    format!(
                        "the bits `[{first}:{last}]` are none: the end must be beyond the start"
                    ),
                );
            }
            Ok(Bits {
                start: first,
                end: last,
            })
        }
        _ => fail(term, "`_` or bits such as `[0:3]` are expected here"),
    }
}

fn number(term: &Term) -> Result<u64> {
    match &term.kind {
        TermKind::Number(number) => value(number),
        _ => fail(term, "a number is expected here"),
    }
}

fn bit(term: &Term) -> Result<u32> {
    match &term.kind {
        TermKind::Number(number) => small(number, 63),
        _ => fail(term, "the number of a bit is expected here"),
    }
}

fn small(number: &Number, most: u32) -> Result<u32> {
    let value = value(number)?;
    match u32::try_from(value) {
        Ok(value) if value <= most => Ok(value),
        _ => Err(Box::new(
            Diagnostic::error(
                "parameter",
                format!("`{}` is more than {most}", number.text),
            )
            .at(number.span),
        )),
    }
}

fn value(number: &Number) -> Result<u64> {
    let text = number.text.as_str();
    let parsed = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => text.parse(),
    };
    parsed.map_err(|_| {
        let message = format!("`{text}` is no whole number of at most 64 bits");
        Box::new(Diagnostic::error("parameter", message).at(number.span))
    })
}
