//! Integers and floats, each with a pattern of exactly its values.

use super::{Definitions, Error, Syntax, Writer};
use crate::grammar::Expr;
use crate::tree::Node;

macro_rules! integer {
    ($($int:ident $name:literal)+) => {$(
        impl Syntax for $int {
            fn define(definitions: &mut Definitions) -> Expr {
                let (min, max) = ($int::MIN.to_string(), $int::MAX.to_string());
                definitions.terminal::<Self>($name, &between(&min, &max))
            }

            fn from_node(node: Node<'_>) -> Result<Self, Error> {
                node.text().parse().map_err(|error| {
                    Error::unreadable(node, format!("`{}`: {error}", node.text()))
                })
            }

            fn write(&self, out: &mut Writer) -> Result<(), Error> {
                out.lexeme(&self.to_string());
                Ok(())
            }
        }
    )+};
}

integer! {
    u8 "U8" u16 "U16" u32 "U32" u64 "U64" u128 "U128" usize "USIZE"
    i8 "I8" i16 "I16" i32 "I32" i64 "I64" i128 "I128" isize "ISIZE"
}

macro_rules! float {
    ($($float:ident $name:literal)+) => {$(
        impl Syntax for $float {
            fn define(definitions: &mut Definitions) -> Expr {
                let pattern = floats(&format!("{:e}", $float::MAX), &format!("{:e}", $float::from_bits(1)));
                definitions.terminal::<Self>($name, &pattern)
            }

            fn from_node(node: Node<'_>) -> Result<Self, Error> {
                node.text().parse().map_err(|error| {
                    Error::unreadable(node, format!("`{}`: {error}", node.text()))
                })
            }

            fn write(&self, out: &mut Writer) -> Result<(), Error> {
                if !self.is_finite() {
                    return Err(Error::unsayable(format!("{self} is no decimal number")));
                }
                out.lexeme(&format!("{self:?}"));
                Ok(())
            }
        }
    )+};
}

float! { f32 "F32" f64 "F64" }

/// The integers from `min` to `max`, both in decimal digits, without leading zeros and without `-0`.
pub(super) fn between(min: &str, max: &str) -> String {
    match (min.strip_prefix('-'), max.strip_prefix('-')) {
        (None, _) => naturals(min, max),
        (Some(min), None) => format!("{}|-({})", naturals("0", max), naturals("1", min)),
        (Some(min), Some(max)) => format!("-({})", naturals(max, min)),
    }
}

/// The integers from `min` to `max`, neither of which is negative.
fn naturals(min: &str, max: &str) -> String {
    let mut parts = Vec::new();
    // The lengths of which all numbers are in.
    let (mut shortest, mut longest) = (usize::MAX, 0);
    for length in min.len()..=max.len() {
        let first = if length == 1 {
            "0".to_owned()
        } else {
            format!("1{}", "0".repeat(length - 1))
        };
        let last = "9".repeat(length);
        let low = if length == min.len() { min } else { &first };
        let high = if length == max.len() { max } else { &last };
        if length > 1 && low == first && high == last {
            shortest = shortest.min(length - 1);
            longest = length - 1;
        } else {
            alike("", low, high, &mut parts);
        }
    }
    if longest > 0 {
        parts.push(format!("[1-9]{}", digits(shortest, longest)));
    }
    parts.join("|")
}

/// The numbers from `low` to `high`, which have the same length, each behind `prefix`.
fn alike(prefix: &str, low: &str, high: &str, parts: &mut Vec<String>) {
    let rest = low.len().saturating_sub(1);
    let (Some(first), Some(last)) = (low.chars().next(), high.chars().next()) else {
        parts.push(prefix.to_owned());
        return;
    };
    let (low, high) = (
        low.get(1..).unwrap_or_default(),
        high.get(1..).unwrap_or_default(),
    );
    if first == last {
        alike(&format!("{prefix}{first}"), low, high, parts);
        return;
    }
    let mut whole = (first, last);
    if low.contains(|digit| digit != '0') {
        alike(&format!("{prefix}{first}"), low, &"9".repeat(rest), parts);
        whole.0 = next(first, 1);
    }
    if high.contains(|digit| digit != '9') {
        whole.1 = next(last, -1);
    }
    if whole.0 <= whole.1 {
        parts.push(format!(
            "{prefix}{}{}",
            class(whole.0, whole.1),
            digits(rest, rest)
        ));
    }
    if whole.1 != last {
        alike(&format!("{prefix}{last}"), &"0".repeat(rest), high, parts);
    }
}

fn next(digit: char, by: i32) -> char {
    u32::from(digit)
        .checked_add_signed(by)
        .and_then(char::from_u32)
        .unwrap_or(digit)
}

fn class(first: char, last: char) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("[{first}-{last}]")
    }
}

fn digits(min: usize, max: usize) -> String {
    match (min, max) {
        (_, 0) => String::new(),
        (1, 1) => "[0-9]".to_owned(),
        _ if min == max => format!("[0-9]{{{min}}}"),
        _ => format!("[0-9]{{{min},{max}}}"),
    }
}

/// Texts that agree with `bound` up to `index` and have a smaller digit there, from `first` on; then come digits.
fn smaller(
    bound: &str,
    index: usize,
    digit: char,
    first: char,
    count: &str,
    rest: usize,
) -> Option<String> {
    let before = bound.get(..index)?;
    let last = char::from_u32(u32::from(digit).checked_sub(1)?)?;
    if last < first {
        return None;
    }
    let class = class(first, last);
    let tail = match rest {
        0 => String::new(),
        1 if !count.contains(',') => "[0-9]".to_owned(),
        _ => format!("[0-9]{count}"),
    };
    Some(format!("{before}{class}{tail}"))
}

/// The finite decimals of a float, given its greatest and its smallest positive value as `1.5e38`.
///
/// Without an exponent: up to 17 digits before the point, which is below every float's greatest. With one: a digit, up to 17
/// digits after the point, and an exponent with which the whole is not above the greatest.
fn floats(greatest: &str, smallest: &str) -> String {
    let (mantissa, exponent) = greatest.split_once('e').unwrap_or((greatest, "0"));
    let (lead, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let below = exponent
        .parse::<u32>()
        .map_or(0, |number| number.saturating_sub(1));
    let tiny = smallest.rsplit_once('-').map_or("1", |(_, digits)| digits);
    let plain = r"(0|[1-9][0-9]{0,16})(\.[0-9]{1,25})?";
    let any = r"[1-9](\.[0-9]{1,17})?";
    let scaled = format!(
        "{any}e({}|-({}))",
        naturals("1", &below.to_string()),
        naturals("1", tiny)
    );
    let mut top = Vec::new();
    if let Some(digit) = lead.chars().next().filter(|digit| *digit > '1') {
        let smaller = smaller(lead, 0, digit, '1', "", 0).unwrap_or_default();
        top.push(format!(r"{smaller}(\.[0-9]{{1,17}})?"));
    }
    top.push(format!(r"{lead}(\.({}))?", fractions(fraction)));
    format!("-?({plain}|{scaled}|({})e{exponent})", top.join("|"))
}

/// Digits after a point that are not above `bound`, and not longer.
fn fractions(bound: &str) -> String {
    let mut parts = Vec::new();
    for (index, digit) in bound.char_indices() {
        let rest = bound.len() - index - 1;
        parts.extend(smaller(
            bound,
            index,
            digit,
            '0',
            &format!("{{0,{rest}}}"),
            rest,
        ));
        parts.extend(bound.get(..=index).map(str::to_owned));
    }
    parts.join("|")
}
