//! Sets of characters and how they are written.

use std::fmt::Write;

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

/// The set of one range.
pub(crate) fn range(first: char, last: char) -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new(first, last)])
}

/// Every character.
pub(crate) fn any() -> ClassUnicode {
    range('\0', char::MAX)
}

/// The character and what Unicode's simple case folding makes equal to it, as the Rust `regex` crate does.
pub(crate) fn caseless(c: char) -> ClassUnicode {
    let mut class = range(c, c);
    // Fails only where regex-syntax is built without its case tables; then ASCII is folded.
    if class.try_case_fold_simple().is_err() {
        let ascii = [c.to_ascii_lowercase(), c.to_ascii_uppercase()];
        class.union(&ClassUnicode::new(
            ascii.map(|c| ClassUnicodeRange::new(c, c)),
        ));
    }
    class
}

/// The one character of a set that holds only one.
pub(crate) fn single(class: &ClassUnicode) -> Option<char> {
    match class.ranges() {
        [one] if one.start() == one.end() => Some(one.start()),
        _ => None,
    }
}

/// The set of `true` for exactly the same characters, as the text between `[` and `]`, `^` included where that is shorter.
///
/// `escape` writes one character so that it means itself inside brackets.
pub(crate) fn bracket(class: &ClassUnicode, escape: impl Fn(char, &mut String)) -> String {
    let mut class = class.clone();
    close_gap(&mut class);
    let mut negated = class.clone();
    negated.negate();
    let (sign, shown) = if shorter_negated(&class, &negated) {
        ("^", &negated)
    } else {
        ("", &class)
    };
    let mut out = format!("[{sign}");
    for range in readable(shown) {
        escape(range.start(), &mut out);
        let length = u32::from(range.end()) - u32::from(range.start());
        if length > 1 {
            out.push('-');
        }
        if length > 0 {
            escape(range.end(), &mut out);
        }
    }
    out.push(']');
    out
}

/// Where the neighbours on both sides of the surrogates are in the set, one range goes across, as regex-syntax has it in the
/// sets it makes; its complement would hold both neighbours otherwise.
pub(crate) fn close_gap(class: &mut ClassUnicode) {
    let below = class.ranges().iter().any(|range| range.end() == '\u{D7FF}');
    let above = class
        .ranges()
        .iter()
        .any(|range| range.start() == '\u{E000}');
    if below && above {
        class.push(ClassUnicodeRange::new('\u{D7FF}', '\u{E000}'));
    }
}

/// A set that holds the last character there is was thought of as "all but".
fn shorter_negated(class: &ClassUnicode, negated: &ClassUnicode) -> bool {
    let open_ended = class
        .ranges()
        .last()
        .is_some_and(|range| range.end() == char::MAX);
    open_ended && !negated.ranges().is_empty() && negated.ranges().len() <= class.ranges().len()
}

/// Letters, then digits, then the rest, as people write classes; the order of a class has no meaning. A short range that runs
/// from signs into letters or digits is cut between them.
fn readable(class: &ClassUnicode) -> Vec<ClassUnicodeRange> {
    let mut ranges: Vec<ClassUnicodeRange> = class
        .ranges()
        .iter()
        .flat_map(|range| cut(*range))
        .collect();
    ranges.sort_by_key(|range| match range.start() {
        'a'..='z' => (0, range.start()),
        'A'..='Z' => (1, range.start()),
        '0'..='9' => (2, range.start()),
        other => (3, other),
    });
    ranges
}

fn cut(range: ClassUnicodeRange) -> Vec<ClassUnicodeRange> {
    const SHORT: u32 = 40;
    let (first, last) = (u32::from(range.start()), u32::from(range.end()));
    if range.start() < ' ' || range.end() > '~' || last - first > SHORT {
        return vec![range];
    }
    let mut parts: Vec<ClassUnicodeRange> = Vec::new();
    let kind = |c: char| {
        (
            c.is_ascii_lowercase(),
            c.is_ascii_uppercase(),
            c.is_ascii_digit(),
        )
    };
    for c in range.start()..=range.end() {
        match parts.last_mut() {
            Some(part) if kind(part.end()) == kind(c) => {
                *part = ClassUnicodeRange::new(part.start(), c);
            }
            _ => parts.push(ClassUnicodeRange::new(c, c)),
        }
    }
    parts
}

/// Whether a character shows as itself in a text for people.
pub(crate) fn is_plain(c: char) -> bool {
    c == ' ' || c.is_alphanumeric() || c.is_ascii_graphic()
}

/// Escapes as the Rust `regex` crate and llguidance read them inside brackets.
pub(crate) fn escape_regex_class(c: char, out: &mut String) {
    if matches!(c, '[' | ']' | '\\' | '^' | '-' | '&' | '~' | '/') {
        out.push('\\');
        out.push(c);
    } else {
        escape_control(c, out);
    }
}

/// Escapes as the Rust `regex` crate and llguidance read them outside brackets.
pub(crate) fn escape_regex(c: char, out: &mut String) {
    if regex_syntax::is_meta_character(c) && !matches!(c, '&' | '-' | '~' | '#') || c == '/' {
        out.push('\\');
        out.push(c);
    } else {
        escape_control(c, out);
    }
}

fn escape_control(c: char, out: &mut String) {
    // Writing to a `String` cannot fail.
    let _ = match c {
        '\n' => write!(out, "\\n"),
        '\r' => write!(out, "\\r"),
        '\t' => write!(out, "\\t"),
        c if is_plain(c) => write!(out, "{c}"),
        c if u32::from(c) <= 0xFF => write!(out, "\\x{:02X}", u32::from(c)),
        c if u32::from(c) <= 0xFFFF => write!(out, "\\u{:04X}", u32::from(c)),
        c => write!(out, "\\U{:08X}", u32::from(c)),
    };
}
