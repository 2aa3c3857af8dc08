//! A readable text that a regular expression matches.

use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind};

use crate::rng::Rng;
use crate::writer::words;

/// Repetitions beyond the least that a pattern asks for.
const EXTRA: u32 = 6;
/// Characters of one text.
const MAX_CHARS: usize = 4_000;

/// A text in which `pattern` matches, with a length in characters from `least` to `most` where some tries find one.
pub(crate) fn matching(pattern: &str, least: u64, most: u64, rng: &mut Rng) -> Option<String> {
    let hir = regex_syntax::ParserBuilder::new()
        .nest_limit(64)
        .build()
        .parse(&ascii_classes(pattern))
        .ok()?;
    for attempt in 0..24 {
        let mut text = String::new();
        // Later attempts grow, for patterns whose usual text is shorter than asked for.
        let extra = if attempt < 8 { EXTRA } else { EXTRA * attempt };
        write(&hir, extra, rng, &mut text)?;
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        if (least..=most).contains(&length) {
            return Some(text);
        }
    }
    None
}

/// JSON Schema patterns are ECMA-262, where `\d` and `\w` are ASCII.
fn ascii_classes(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            in_class = match letter {
                '[' => true,
                ']' => false,
                _ => in_class,
            };
            text.push(letter);
            continue;
        }
        let class = match letters.next() {
            Some('d') => "0-9",
            Some('w') => "0-9A-Za-z_",
            Some('/') => {
                text.push('/');
                continue;
            }
            Some(other) => {
                text.push('\\');
                text.push(other);
                continue;
            }
            None => continue,
        };
        if in_class {
            text.push_str(class);
        } else {
            text.push('[');
            text.push_str(class);
            text.push(']');
        }
    }
    text
}

fn write(hir: &Hir, extra: u32, rng: &mut Rng, text: &mut String) -> Option<()> {
    if text.len() > MAX_CHARS {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(()),
        HirKind::Literal(literal) => {
            text.push_str(std::str::from_utf8(&literal.0).ok()?);
            Some(())
        }
        HirKind::Class(class) => {
            text.push(letter(class, rng)?);
            Some(())
        }
        HirKind::Capture(capture) => write(&capture.sub, extra, rng, text),
        HirKind::Concat(parts) => parts
            .iter()
            .try_for_each(|part| write(part, extra, rng, text)),
        HirKind::Alternation(branches) => write(rng.pick(branches)?, extra, rng, text),
        HirKind::Repetition(repetition) => {
            let more = repetition
                .max
                .map_or(extra, |max| max.saturating_sub(repetition.min).min(extra));
            let times = repetition.min + u32::try_from(rng.below(u64::from(more) + 1)).unwrap_or(0);
            let times = if times == 0 && repetition.max != Some(1) && more > 0 {
                1
            } else {
                times
            };
            if let Some(()) = word(&repetition.sub, times, repetition.min, rng, text) {
                return Some(());
            }
            (0..times).try_for_each(|_| write(&repetition.sub, extra, rng, text))
        }
    }
}

/// A word of the list in place of random letters, where a class of letters repeats.
fn word(sub: &Hir, times: u32, least: u32, rng: &mut Rng, text: &mut String) -> Option<()> {
    let HirKind::Class(Class::Unicode(class)) = sub.kind() else {
        return None;
    };
    let has = |letter: char| {
        class
            .ranges()
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&letter))
    };
    let lower = ('a'..='z').all(has);
    let upper = ('A'..='Z').all(has);
    if !lower && !upper {
        return None;
    }
    let most = usize::try_from(times.max(least)).ok()?;
    let least = usize::try_from(least).ok()?;
    let fitting: Vec<&&str> = words::COMMON
        .iter()
        .filter(|word| (least..=most).contains(&word.len()))
        .collect();
    let word = rng.pick(&fitting)?;
    if lower {
        text.push_str(word);
    } else {
        text.push_str(&word.to_uppercase());
    }
    Some(())
}

/// A character of a class: a letter or digit where it has one, then any visible one of ASCII, then any.
fn letter(class: &Class, rng: &mut Rng) -> Option<char> {
    let Class::Unicode(class) = class else {
        return None;
    };
    let has = |letter: &char| {
        class
            .ranges()
            .iter()
            .any(|range| (range.start()..=range.end()).contains(letter))
    };
    let plain: Vec<char> = ('0'..='9')
        .chain('A'..='Z')
        .chain('a'..='z')
        .filter(has)
        .collect();
    let found = if plain.is_empty() {
        (' '..='~').filter(has).collect()
    } else {
        plain
    };
    rng.pick(&found)
        .copied()
        .or_else(|| class.ranges().first().map(ClassUnicodeRange::start))
}
