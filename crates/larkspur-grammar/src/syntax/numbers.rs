//! Integers and floats, each with a pattern of exactly its values.

use super::{Definitions, Error, Syntax, Writer};
use crate::grammar::Expr;
use crate::tree::Node;

macro_rules! integer {
    ($($int:ident $name:literal)+) => {$(
        impl Syntax for $int {
            fn define(definitions: &mut Definitions) -> Expr {
                let (min, max) = ($int::MIN.to_string(), $int::MAX.to_string());
                definitions.terminal::<Self>($name, &integers(&min, &max))
            }

            fn from_node(node: Node<'_>) -> Result<Self, Error> {
                node.text().parse().map_err(|error| {
                    Error::unreadable(node, format!("`{}`: {error}", node.text()))
                })
            }

            fn write(&self, out: &mut Writer) -> Result<(), Error> {
                out.text(&self.to_string());
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
                out.text(&format!("{self:?}"));
                Ok(())
            }
        }
    )+};
}

float! { f32 "F32" f64 "F64" }

/// The integers from `min`, which is `0` or negative, to `max`, without leading zeros and without `-0`.
fn integers(min: &str, max: &str) -> String {
    let positive = up_to(max);
    match min.strip_prefix('-') {
        Some(min) => format!("0|{positive}|-({})", up_to(min)),
        None => format!("0|{positive}"),
    }
}

/// The integers from 1 to `max`.
fn up_to(max: &str) -> String {
    let mut parts = Vec::new();
    if max.len() > 1 {
        parts.push(format!("[1-9][0-9]{{0,{}}}", max.len() - 2));
    }
    for (index, digit) in max.char_indices() {
        let first = if index == 0 { '1' } else { '0' };
        let rest = max.len() - index - 1;
        parts.extend(smaller(
            max,
            index,
            digit,
            first,
            &format!("{{{rest}}}"),
            rest,
        ));
    }
    parts.push(max.to_owned());
    parts.join("|")
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
    let class = if first == last {
        first.to_string()
    } else {
        format!("[{first}-{last}]")
    };
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
    let scaled = format!("{any}e({}|-({}))", up_to(&below.to_string()), up_to(tiny));
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
