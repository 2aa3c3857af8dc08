//! Regular expressions of ECMA-262, as `pattern` has them, as languages.
//!
//! `pattern` is searched for: `^` and `$` bind it to the ends, without them anything may stand around. Look-around, back
//! references and word boundaries have no translation.

use std::sync::{Arc, OnceLock};

use regex_syntax::hir::{Hir, HirKind, Look, Repetition};

use super::{Spelling, language::Language, spelling};

/// The longest pattern that is translated, and the deepest.
const LONGEST: usize = 20_000;
const DEEPEST: u32 = 100;

/// The white space of ECMA-262, inside brackets.
const SPACE: &str = r"\t\n\x0B\x0C\r \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";
const WORD: &str = "A-Za-z0-9_";
const DIGIT: &str = "0-9";

/// A pattern that is understood.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// To be searched for.
    pub(super) search: Hir,
    /// The texts in which it is found, without look-around.
    pub(super) texts: Hir,
}

/// Reads a pattern; `None` where it has no translation.
pub(super) fn read(pattern: &str) -> Option<Pattern> {
    if pattern.len() > LONGEST {
        return None;
    }
    let text = translate(pattern)?;
    let search = regex_syntax::ParserBuilder::new()
        .nest_limit(DEEPEST)
        .build()
        .parse(&text)
        .ok()?;
    let texts = found_in(&search)?;
    Some(Pattern { search, texts })
}

/// The texts in which a pattern is found, and as JSON strings once somebody has asked for these.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) hir: Hir,
    quoted: [OnceLock<Language>; 3],
}

impl Texts {
    pub(super) fn new(hir: Hir) -> Self {
        Self {
            hir,
            quoted: Default::default(),
        }
    }

    /// As whole JSON strings.
    pub(super) fn quoted(&self, spelling: Spelling) -> Language {
        let [plain, usual, any] = &self.quoted;
        let quoted = match spelling {
            Spelling::Plain => plain,
            Spelling::Usual => usual,
            Spelling::Any => any,
        };
        let make = || {
            spelling::inside(&self.hir, spelling).map_or_else(
                || Language::fixed(spelling::ANY_STRING),
                |inside| Language::of_hir(spelling::quoted(inside)),
            )
        };
        quoted.get_or_init(make).clone()
    }
}

/// The texts in which a pattern is found; `None` where it has no translation.
pub(super) fn texts(pattern: &str) -> Option<Arc<Texts>> {
    Some(Arc::new(Texts::new(read(pattern)?.texts)))
}

/// The pattern in the syntax of the Rust `regex` crate.
fn translate(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(&mut chars, in_class, &mut out)?,
            '[' if !in_class => in_class = open_class(&mut chars, &mut out),
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '[' | '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            '-' if in_class && chars.peek() == Some(&'-') => out.push_str(r"\-"),
            c if in_class => out.push(c),
            '.' => out.push_str(r"[^\n\r\u2028\u2029]"),
            '{' if !is_count(chars.clone()) => out.push_str(r"\{"),
            '}' if !closes_count(&out) => out.push_str(r"\}"),
            ']' => out.push_str(r"\]"),
            c => out.push(c),
        }
    }
    Some(out)
}

/// What follows an opening bracket: whether a class has begun. `[]` is nothing and `[^]` everything.
fn open_class(chars: &mut Chars<'_>, out: &mut String) -> bool {
    let negated = chars.next_if_eq(&'^').is_some();
    if chars.next_if_eq(&']').is_some() {
        out.push_str(if negated { r"[\s\S]" } else { r"[^\s\S]" });
        return false;
    }
    out.push_str(if negated { "[^" } else { "[" });
    true
}

/// Whether what follows a brace is a count and its end.
fn is_count(rest: impl Iterator<Item = char>) -> bool {
    let inside: String = rest.take_while(|c| *c != '}').take(24).collect();
    let (min, max) = inside.split_once(',').unwrap_or((&inside, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !min.is_empty() && is_number(min) && is_number(max)
}

/// Whether the text ends within a count.
fn closes_count(out: &str) -> bool {
    out.rfind('{').is_some_and(|at| {
        let is_escaped = out.get(..at).is_some_and(|before| before.ends_with('\\'));
        !is_escaped
            && out
                .get(at + 1..)
                .is_some_and(|inside| is_count(inside.chars()))
    })
}

type Chars<'p> = std::iter::Peekable<std::str::Chars<'p>>;

/// What follows a backslash.
fn escape(chars: &mut Chars<'_>, in_class: bool, out: &mut String) -> Option<()> {
    let c = chars.next()?;
    match c {
        'd' | 'w' | 's' => {
            let set = match c {
                'd' => DIGIT,
                'w' => WORD,
                _ => SPACE,
            };
            if in_class {
                out.push_str(set);
            } else {
                push_fmt(out, format_args!("[{set}]"));
            }
        }
        'D' => push_fmt(out, format_args!("[^{DIGIT}]")),
        'W' => push_fmt(out, format_args!("[^{WORD}]")),
        'S' => push_fmt(out, format_args!("[^{SPACE}]")),
        't' | 'n' | 'r' | 'f' | 'v' => {
            out.push('\\');
            out.push(c);
        }
        'b' if in_class => out.push_str(r"\x08"),
        '0' if !chars.peek().is_some_and(char::is_ascii_digit) => out.push_str(r"\x00"),
        'p' | 'P' if chars.peek() == Some(&'{') => {
            out.push('\\');
            out.push(c);
            for c in chars.by_ref() {
                out.push(c);
                if c == '}' {
                    break;
                }
            }
        }
        'c' => {
            let letter = chars.next().filter(char::is_ascii_alphabetic)?;
            push_char(char::from_u32(u32::from(letter) % 32)?, out);
        }
        'x' => push_char(char::from_u32(hex(chars, 2)?)?, out),
        'u' => push_char(unicode(chars)?, out),
        c if c.is_ascii_alphanumeric() => return None,
        c => push_char(c, out),
    }
    Some(())
}

/// What follows `\u`: four digits, two halves of a pair, or digits in braces.
fn unicode(chars: &mut Chars<'_>) -> Option<char> {
    if chars.next_if_eq(&'{').is_some() {
        let digits: String = chars.by_ref().take_while(|c| *c != '}').collect();
        return char::from_u32(u32::from_str_radix(&digits, 16).ok()?);
    }
    let unit = hex(chars, 4)?;
    if !(0xD800..0xDC00).contains(&unit) {
        return char::from_u32(unit);
    }
    let is_pair = chars.next() == Some('\\') && chars.next() == Some('u');
    let low = hex(chars, 4).filter(|low| is_pair && (0xDC00..0xE000).contains(low))?;
    char::from_u32(0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
}

fn hex(chars: &mut Chars<'_>, count: usize) -> Option<u32> {
    let digits: String = chars.by_ref().take(count).collect();
    let is_whole = digits.chars().count() == count;
    u32::from_str_radix(&digits, 16).ok().filter(|_| is_whole)
}

/// Writing to a `String` cannot fail.
fn push_fmt(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = std::fmt::Write::write_fmt(out, text);
}

fn push_char(c: char, out: &mut String) {
    push_fmt(out, format_args!(r"\u{{{:X}}}", u32::from(c)));
}

/// A match, and whether it has to begin and end with the text.
#[derive(Clone, Debug)]
struct Match {
    start: bool,
    end: bool,
    hir: Hir,
}

/// The texts in which a match is found.
fn found_in(search: &Hir) -> Option<Hir> {
    let anything = || {
        spelling::repeated(
            Hir::class(regex_syntax::hir::Class::Unicode(spelling::any())),
            0,
            None,
        )
    };
    let texts = matches(search)?.into_iter().map(|found| {
        let mut parts = Vec::new();
        if !found.start {
            parts.push(anything());
        }
        parts.push(found.hir);
        if !found.end {
            parts.push(anything());
        }
        Hir::concat(parts)
    });
    Some(Hir::alternation(texts.collect()))
}

/// What a regular expression matches, without look-around. Recursion is bounded by the nesting limit of the parser.
fn matches(hir: &Hir) -> Option<Vec<Match>> {
    let plain = |hir: Hir| Match {
        start: false,
        end: false,
        hir,
    };
    if hir.properties().look_set().is_empty() {
        return Some(vec![plain(hir.clone())]);
    }
    match hir.kind() {
        HirKind::Look(look @ (Look::Start | Look::End)) => Some(vec![Match {
            start: *look == Look::Start,
            end: *look == Look::End,
            hir: Hir::empty(),
        }]),
        HirKind::Capture(capture) => matches(&capture.sub),
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(matches(part)?);
            }
            Some(merged(&all))
        }
        HirKind::Concat(parts) => {
            let mut all = vec![plain(Hir::empty())];
            for part in parts {
                let next = matches(part)?;
                let pairs = all
                    .iter()
                    .flat_map(|first| next.iter().filter_map(move |second| then(first, second)));
                all = merged(&pairs.collect::<Vec<_>>());
            }
            Some(all)
        }
        HirKind::Repetition(Repetition {
            min,
            max: Some(1),
            sub,
            ..
        }) => {
            let mut all = matches(sub)?;
            if *min == 0 {
                all.push(plain(Hir::empty()));
            }
            Some(merged(&all))
        }
        _ => None,
    }
}

/// One match behind another: what stands before the start of the text, or behind its end, is empty.
fn then(first: &Match, second: &Match) -> Option<Match> {
    let is_nullable = |hir: &Hir| hir.properties().minimum_len() == Some(0);
    let mut parts = Vec::new();
    if !second.start {
        parts.push(first.hir.clone());
    } else if !is_nullable(&first.hir) {
        return None;
    }
    if !first.end {
        parts.push(second.hir.clone());
    } else if !is_nullable(&second.hir) {
        return None;
    }
    Some(Match {
        start: first.start || second.start,
        end: first.end || second.end,
        hir: Hir::concat(parts),
    })
}

/// Those that are bound in the same way together.
fn merged(all: &[Match]) -> Vec<Match> {
    let mut out = Vec::new();
    for (start, end) in [(false, false), (true, false), (false, true), (true, true)] {
        let same = all
            .iter()
            .filter(|found| (found.start, found.end) == (start, end));
        let parts: Vec<Hir> = same.map(|found| found.hir.clone()).collect();
        if !parts.is_empty() {
            out.push(Match {
                start,
                end,
                hir: Hir::alternation(parts),
            });
        }
    }
    out
}
