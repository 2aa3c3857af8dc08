//! Text and numbers: how they are written.

use regex_syntax::hir::{Class, Hir, HirKind};
use syn::{LitInt, LitStr, Type};

use super::field;
use super::{Escape, Leaf};
use crate::attr::LeafAttrs;
use crate::errors::Errors;

/// What stands in a model that is not expanded.
pub(super) fn nothing() -> Leaf {
    Leaf::Integer {
        min: String::new(),
        max: String::new(),
    }
}

/// How a value of the type is written; `None` if nothing says so, or not in a way that can be followed.
pub(super) fn leaf(attrs: &LeafAttrs, ty: &Type, errors: &mut Errors) -> Option<Leaf> {
    if let Some((min, max)) = &attrs.range {
        if let Some(other) = attrs.pattern.as_ref().or(attrs.quote.as_ref()) {
            errors.at(
                other,
                "a `range` says all of how an integer is written; drop this or the `range`",
            );
        }
        return integer(min, max, ty, errors);
    }
    let quoted = attrs.quote.is_some();
    let regex = attrs
        .pattern
        .as_ref()
        .and_then(|text| regex(text, quoted, errors));
    let Some(quote) = &attrs.quote else {
        if let Some(escape) = &attrs.escape {
            errors.at(
                escape,
                "`escape` is for text between quotes; add `quote = \"'\"`",
            );
        }
        return attrs.pattern.clone().map(Leaf::Pattern);
    };
    let (open, close) = quotes(quote, errors)?;
    if let Some(pattern) = &attrs.pattern {
        if let Some(escape) = &attrs.escape {
            errors.at(
                escape,
                "a `pattern` between quotes is written as it is; drop `escape` or the `pattern`",
            );
        }
        if regex.is_some_and(|regex| may_hold(&regex, close)) {
            errors.at(
                pattern,
                format!(
                    "the pattern matches `{close}`, which ends the text; leave it out, as in `[^{close}]`"
                ),
            );
        }
        let pattern = pattern.clone();
        return Some(Leaf::QuotedPattern {
            open,
            close,
            pattern,
        });
    }
    let escape = escape(attrs.escape.as_ref(), open, close, errors);
    Some(Leaf::Quoted {
        open,
        close,
        escape,
    })
}

/// Reads a pattern as the library reads it later.
fn regex(pattern: &LitStr, quoted: bool, errors: &mut Errors) -> Option<Hir> {
    match regex_syntax::parse(&pattern.value()) {
        Err(error) => {
            errors.at(pattern, unreadable(&error));
            None
        }
        Ok(hir) => {
            if let Some(fault) = fault(&hir, quoted) {
                errors.at(pattern, fault);
            }
            Some(hir)
        }
    }
}

/// Why a pattern is no regular expression, and where.
fn unreadable(error: &regex_syntax::Error) -> String {
    let (reason, span, pattern) = match error {
        regex_syntax::Error::Parse(error) => {
            (error.kind().to_string(), error.span(), error.pattern())
        }
        regex_syntax::Error::Translate(error) => {
            (error.kind().to_string(), error.span(), error.pattern())
        }
        other => return format!("the pattern is no regular expression: {other}"),
    };
    let place = pattern
        .get(span.start.offset..span.end.offset)
        .unwrap_or_default();
    if place.is_empty() {
        format!("the pattern is no regular expression: {reason}")
    } else {
        format!("the pattern is no regular expression: {reason}, at `{place}`")
    }
}

/// What a regular expression does that a terminal cannot. Between quotes there may be nothing.
fn fault(hir: &Hir, quoted: bool) -> Option<&'static str> {
    let properties = hir.properties();
    Some(match properties.minimum_len() {
        None => "no text matches the pattern",
        Some(0) if !quoted => {
            "the pattern matches the empty text; let it match at least one character, and use `Option` where it may be absent"
        }
        _ if !properties.look_set().is_empty() => {
            "the pattern looks around (`^`, `$`, `\\b`), which servers refuse; it always matches as a whole"
        }
        _ if is_lazy(hir) => {
            "the pattern has a lazy quantifier (`*?`, `+?`), but always takes the longest text; say what ends it, as in `[^;]*;`"
        }
        _ => return None,
    })
}

fn is_lazy(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Repetition(repetition) => !repetition.greedy || is_lazy(&repetition.sub),
        HirKind::Capture(capture) => is_lazy(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(is_lazy),
        HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) | HirKind::Class(_) => false,
    }
}

fn quotes(quote: &LitStr, errors: &mut Errors) -> Option<(char, char)> {
    let text = quote.value();
    let mut letters = text.chars();
    if let (Some(open), close, None) = (letters.next(), letters.next(), letters.next()) {
        return Some((open, close.unwrap_or(open)));
    }
    errors.at(
        quote,
        "quotes are one character, or two where they differ: `quote = \"'\"`, `quote = \"<>\"`",
    );
    None
}

/// What is written, or what is usual for these quotes: JSON for double quotes, else the quote twice.
fn escape(escape: Option<&LitStr>, open: char, close: char, errors: &mut Errors) -> Escape {
    let double = open == '"' && close == '"';
    let Some(lit) = escape else {
        return if double {
            Escape::Json
        } else {
            Escape::Doubled
        };
    };
    match lit.value().as_str() {
        "none" => Escape::None,
        "doubled" => Escape::Doubled,
        "backslash" if close == '\\' => {
            errors.at(
                lit,
                "the closing quote is the backslash itself; use `escape = \"doubled\"`",
            );
            Escape::Doubled
        }
        "backslash" => Escape::Backslash,
        "json" => {
            if !double {
                errors.at(
                    lit,
                    "JSON's escapes are for double quotes: `quote = \"\\\"\"`",
                );
            }
            Escape::Json
        }
        other => {
            errors.at(
                lit,
                format!(
                    "`{other}` is no escape; there are `json`, `doubled`, `backslash` and `none`"
                ),
            );
            Escape::None
        }
    }
}

/// Whether a text of the regular expression may hold the character.
fn may_hold(hir: &Hir, letter: char) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let text = String::from_utf8_lossy(&literal.0);
            text.contains(letter)
        }
        HirKind::Class(Class::Unicode(class)) => class
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&letter)),
        HirKind::Class(Class::Bytes(class)) => u8::try_from(letter).is_ok_and(|byte| {
            class
                .iter()
                .any(|range| (range.start()..=range.end()).contains(&byte))
        }),
        HirKind::Repetition(repetition) => may_hold(&repetition.sub, letter),
        HirKind::Capture(capture) => may_hold(&capture.sub, letter),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().any(|part| may_hold(part, letter))
        }
        HirKind::Empty | HirKind::Look(_) => false,
    }
}

/// The integers of Rust with their bounds; those of the machine as on 64 bits.
const INTEGERS: [(&str, &str, &str); 12] = [
    ("u8", "0", "255"),
    ("u16", "0", "65535"),
    ("u32", "0", "4294967295"),
    ("u64", "0", "18446744073709551615"),
    ("usize", "0", "18446744073709551615"),
    ("u128", "0", "340282366920938463463374607431768211455"),
    ("i8", "-128", "127"),
    ("i16", "-32768", "32767"),
    ("i32", "-2147483648", "2147483647"),
    ("i64", "-9223372036854775808", "9223372036854775807"),
    ("isize", "-9223372036854775808", "9223372036854775807"),
    (
        "i128",
        "-170141183460469231731687303715884105728",
        "170141183460469231731687303715884105727",
    ),
];

fn integer(first: &LitInt, last: &LitInt, ty: &Type, errors: &mut Errors) -> Option<Leaf> {
    let Some((name, lowest, greatest)) = INTEGERS.iter().find(|(name, ..)| field::is(ty, name))
    else {
        errors.at(ty, "a `range` is for an integer, such as `u8` or `i64`");
        return None;
    };
    let (min, max) = (first.base10_digits(), last.base10_digits());
    for (lit, digits) in [(first, min), (last, max)] {
        if above(lowest, digits) || above(digits, greatest) {
            let message =
                format!("`{digits}` is no `{name}`, which is from {lowest} to {greatest}");
            errors.at(lit, message);
            return None;
        }
    }
    if above(min, max) {
        errors.at(
            quote::quote!(#first #last),
            format!("there is nothing from {min} to {max}"),
        );
        return None;
    }
    Some(Leaf::Integer {
        min: min.to_owned(),
        max: max.to_owned(),
    })
}

/// Whether one number is greater than another, both in decimal digits without leading zeros.
fn above(a: &str, b: &str) -> bool {
    match (a.strip_prefix('-'), b.strip_prefix('-')) {
        (None, None) => (a.len(), a) > (b.len(), b),
        (Some(a), Some(b)) => (b.len(), b) > (a.len(), a),
        (a, _) => a.is_none(),
    }
}
