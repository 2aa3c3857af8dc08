//! Characters as JSON strings hold them.

use std::sync::LazyLock;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};

use super::{Spelling, digits};

/// Ranges beyond which a class is not written in `\uXXXX` too, unless that is asked for.
const MOST_ESCAPED_RANGES: usize = 300;

/// Escapes of two characters: the letter and what it stands for.
const SHORT: [(char, char); 8] = [
    ('"', '"'),
    ('\\', '\\'),
    ('/', '/'),
    ('b', '\u{8}'),
    ('f', '\u{C}'),
    ('n', '\n'),
    ('r', '\r'),
    ('t', '\t'),
];

fn class(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(
        ranges
            .iter()
            .map(|(first, last)| ClassUnicodeRange::new(*first, *last)),
    )
}

fn hir_of(class: ClassUnicode) -> Hir {
    Hir::class(Class::Unicode(class))
}

/// Every character.
pub(super) fn any() -> ClassUnicode {
    class(&[('\0', char::MAX)])
}

fn intersection(a: &ClassUnicode, b: &ClassUnicode) -> ClassUnicode {
    let mut both = a.clone();
    both.intersect(b);
    both
}

fn contains(class: &ClassUnicode, c: char) -> bool {
    class
        .ranges()
        .iter()
        .any(|range| (range.start()..=range.end()).contains(&c))
}

/// One character of the class, as a piece of a JSON string.
pub(super) fn character(of: &ClassUnicode, spelling: Spelling) -> Hir {
    let raw = class(&[(' ', '!'), ('#', '['), (']', char::MAX)]);
    let mut ways = Vec::new();
    let unescaped = intersection(of, &raw);
    if !unescaped.ranges().is_empty() {
        ways.push(hir_of(unescaped));
    }
    for (letter, c) in SHORT {
        if contains(of, c) && (c != '/' || spelling != Spelling::Plain) {
            ways.push(text(&format!("\\{letter}")));
        }
    }
    let escaped = match spelling {
        Spelling::Plain => class(&[('\0', '\u{7}'), ('\u{B}', '\u{B}'), ('\u{E}', '\u{1F}')]),
        Spelling::Usual => class(&[('\0', '\u{1F}'), ('\u{7F}', char::MAX)]),
        Spelling::Any => any(),
    };
    let escaped = intersection(of, &escaped);
    if spelling == Spelling::Any || escaped.ranges().len() <= MOST_ESCAPED_RANGES {
        ways.extend(hexadecimal(&escaped));
    }
    Hir::alternation(ways)
}

fn text(text: &str) -> Hir {
    Hir::literal(text.as_bytes().to_vec())
}

/// The class as `\uXXXX`, beyond U+FFFF in surrogate pairs.
fn hexadecimal(class: &ClassUnicode) -> Vec<Hir> {
    let mut ways = Vec::new();
    for range in class.ranges() {
        let (first, last) = (u32::from(range.start()), u32::from(range.end()));
        // Surrogates are no characters, and a range may go across them.
        for (low, high) in [(0, 0xD7FF), (0xE000, 0xFFFF)] {
            let (from, to) = (first.max(low), last.min(high));
            if from <= to {
                ways.extend(units(from, to));
            }
        }
        if last > 0xFFFF {
            ways.extend(pairs(first.max(0x1_0000), last));
        }
    }
    ways
}

/// `\uXXXX` for code units from `from` to `to`.
fn units(from: u32, to: u32) -> Vec<Hir> {
    let nibbles = |unit: u32| -> Vec<u8> {
        [12, 8, 4, 0]
            .iter()
            .map(|shift| u8::try_from(unit >> shift & 0xF).unwrap_or_default())
            .collect()
    };
    let items = digits::fixed(16, Some(&nibbles(from)), Some(&nibbles(to)), 4);
    items
        .iter()
        .map(|item| {
            let mut parts = vec![text("\\u")];
            parts.extend(item.iter().map(|(from, to)| hir_of(hex(*from, *to))));
            Hir::concat(parts)
        })
        .collect()
}

/// Hexadecimal digits of either case.
fn hex(from: u8, to: u8) -> ClassUnicode {
    let digit = |value: u8, ten: u8| {
        let code = if value < 10 {
            b'0' + value
        } else {
            ten + value - 10
        };
        char::from(code)
    };
    let mut ranges = Vec::new();
    if from < 10 {
        ranges.push((digit(from, 0), digit(to.min(9), 0)));
    }
    if to > 9 {
        for ten in [b'a', b'A'] {
            ranges.push((digit(from.max(10), ten), digit(to, ten)));
        }
    }
    class(&ranges)
}

/// Surrogate pairs for code points from `from` to `to`.
fn pairs(from: u32, to: u32) -> Vec<Hir> {
    let split = |point: u32| {
        let offset = point - 0x1_0000;
        (0xD800 + (offset >> 10), 0xDC00 + (offset & 0x3FF))
    };
    let ((first_high, first_low), (last_high, last_low)) = (split(from), split(to));
    let mut blocks = Vec::new();
    if first_high == last_high {
        blocks.push((first_high, first_high, first_low, last_low));
    } else {
        let (mut whole_from, mut whole_to) = (first_high, last_high);
        if first_low > 0xDC00 {
            blocks.push((first_high, first_high, first_low, 0xDFFF));
            whole_from += 1;
        }
        if last_low < 0xDFFF {
            whole_to -= 1;
        }
        if whole_from <= whole_to {
            blocks.push((whole_from, whole_to, 0xDC00, 0xDFFF));
        }
        if last_low < 0xDFFF {
            blocks.push((last_high, last_high, 0xDC00, last_low));
        }
    }
    blocks
        .into_iter()
        .map(|(high_from, high_to, low_from, low_to)| {
            let high = Hir::alternation(units(high_from, high_to));
            let low = Hir::alternation(units(low_from, low_to));
            Hir::concat(vec![high, low])
        })
        .collect()
}

/// The texts of a regular expression as they stand inside a JSON string. Recursion is bounded by the nesting of the
/// expression, which is bounded where it is read.
pub(super) fn inside(hir: &Hir, spelling: Spelling) -> Option<Hir> {
    let all = |parts: &[Hir]| -> Option<Vec<Hir>> {
        parts.iter().map(|part| inside(part, spelling)).collect()
    };
    Some(match hir.kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(bytes) => literal(std::str::from_utf8(&bytes.0).ok()?, spelling),
        HirKind::Class(Class::Unicode(class)) if *class == any() => any_character(spelling),
        HirKind::Class(Class::Unicode(class)) => character(class, spelling),
        HirKind::Class(Class::Bytes(class)) => character(&class.to_unicode_class()?, spelling),
        HirKind::Look(_) => return None,
        HirKind::Capture(capture) => inside(&capture.sub, spelling)?,
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            min: repetition.min,
            max: repetition.max,
            greedy: true,
            sub: Box::new(inside(&repetition.sub, spelling)?),
        }),
        HirKind::Concat(parts) => Hir::concat(all(parts)?),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)?),
    })
}

/// A text as it stands inside a JSON string.
pub(super) fn literal(text: &str, spelling: Spelling) -> Hir {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let plain = rest.find(|c| !is_only_itself(c, spelling));
        let plain = plain.unwrap_or(rest.len());
        let length = if plain == 0 {
            parts.push(character(&class(&[(c, c)]), spelling));
            c.len_utf8()
        } else {
            parts.push(self::text(rest.get(..plain).unwrap_or_default()));
            plain
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    Hir::concat(parts)
}

/// Whether a character is written in no other way than as it is: see [`character`].
fn is_only_itself(c: char, spelling: Spelling) -> bool {
    let is_escaped = matches!(c, '"' | '\\' | '/');
    spelling != Spelling::Any && matches!(c, ' '..='~') && !is_escaped
}

/// Any character, in all ways that the spelling has.
pub(super) fn any_character(spelling: Spelling) -> Hir {
    static PLAIN: LazyLock<Hir> = LazyLock::new(|| character(&any(), Spelling::Plain));
    static USUAL: LazyLock<Hir> = LazyLock::new(|| character(&any(), Spelling::Usual));
    static EVERY: LazyLock<Hir> = LazyLock::new(|| character(&any(), Spelling::Any));
    let hir: &Hir = match spelling {
        Spelling::Plain => &PLAIN,
        Spelling::Usual => &USUAL,
        Spelling::Any => &EVERY,
    };
    hir.clone()
}

/// A whole JSON string with this inside.
pub(super) fn quoted(inside: Hir) -> Hir {
    Hir::concat(vec![text("\""), inside, text("\"")])
}

/// Repeats; `max` of `None` is without end.
pub(super) fn repeated(hir: Hir, min: u32, max: Option<u32>) -> Hir {
    Hir::repetition(Repetition {
        min,
        max,
        greedy: true,
        sub: Box::new(hir),
    })
}

/// Inside of any JSON string, and how it is written down.
pub(super) const ANY_STRING: &str = r#""(?:[^"\\\x00-\x1F]|\\(?:["\\\/bfnrt]|u[0-9A-Fa-f]{4}))*""#;
