//! Regular expressions as text that every reader understands: the Rust `regex` crate, llguidance, xgrammar, Python.
//!
//! Written are classes of explicit ranges, groups `(?:…)`, alternation and counts; no shorthand classes, no flags.

use std::fmt::Write;

use regex_syntax::hir::{Class, Hir, HirKind};

use super::chars;
use super::dfa::CharDfa;

/// How tightly what stands around binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Alternatives,
    Sequence,
    Repeated,
}

/// `hir` as text between slashes, or `None` where it holds bytes that are not UTF-8 or a look-around in its middle.
pub(crate) fn of_hir(hir: &Hir) -> Option<String> {
    let mut out = String::new();
    write_hir(hir, Place::Alternatives, &mut out)?;
    Some(out)
}

/// Recursion is bounded by the nesting of the regex, which is bounded where it is read.
fn write_hir(hir: &Hir, place: Place, out: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty => empty(place, out),
        HirKind::Look(regex_syntax::hir::Look::Start | regex_syntax::hir::Look::End) => {
            empty(place, out);
        }
        HirKind::Look(_) => return None,
        HirKind::Literal(bytes) => {
            let text = std::str::from_utf8(&bytes.0).ok()?;
            let group = place == Place::Repeated && text.chars().count() > 1;
            grouped(group, out, |out| {
                for c in text.chars() {
                    chars::escape_regex(c, out);
                }
                Some(())
            })?;
        }
        HirKind::Class(Class::Unicode(class)) => write_class(class, out),
        HirKind::Class(Class::Bytes(class)) => write_class(&class.to_unicode_class()?, out),
        HirKind::Capture(capture) => write_hir(&capture.sub, place, out)?,
        HirKind::Repetition(repetition) => {
            let group = place == Place::Repeated;
            grouped(group, out, |out| {
                write_hir(&repetition.sub, Place::Repeated, out)?;
                write_count(repetition.min, repetition.max, out);
                Some(())
            })?;
        }
        HirKind::Concat(parts) => grouped(place == Place::Repeated, out, |out| {
            parts
                .iter()
                .try_for_each(|part| write_hir(part, Place::Sequence, out))
        })?,
        HirKind::Alternation(parts) => grouped(place != Place::Alternatives, out, |out| {
            for (at, part) in parts.iter().enumerate() {
                if at > 0 {
                    out.push('|');
                }
                write_hir(part, Place::Alternatives, out)?;
            }
            Some(())
        })?,
    }
    Some(())
}

fn grouped(
    group: bool,
    out: &mut String,
    inside: impl FnOnce(&mut String) -> Option<()>,
) -> Option<()> {
    if group {
        out.push_str("(?:");
    }
    inside(out)?;
    if group {
        out.push(')');
    }
    Some(())
}

fn empty(place: Place, out: &mut String) {
    if place == Place::Repeated {
        out.push_str("(?:)");
    }
}

/// `?`, `*`, `+` or `{n,m}`; nothing for exactly once.
pub(crate) fn write_count(min: u32, max: Option<u32>, out: &mut String) {
    // Writing to a `String` cannot fail.
    let _ = match (min, max) {
        (1, Some(1)) => Ok(()),
        (0, Some(1)) => write!(out, "?"),
        (0, None) => write!(out, "*"),
        (1, None) => write!(out, "+"),
        (min, None) => write!(out, "{{{min},}}"),
        (min, Some(max)) if min == max => write!(out, "{{{min}}}"),
        (min, Some(max)) => write!(out, "{{{min},{max}}}"),
    };
}

/// One character of a set, as text between slashes.
pub(crate) fn of_class(class: &regex_syntax::hir::ClassUnicode) -> String {
    let mut out = String::new();
    write_class(class, &mut out);
    out
}

fn write_class(class: &regex_syntax::hir::ClassUnicode, out: &mut String) {
    if let Some(c) = chars::single(class) {
        chars::escape_regex(c, out);
        return;
    }
    if *class == chars::any() {
        out.push_str("[\\s\\S]");
        return;
    }
    let mut but_newline = chars::range('\n', '\n');
    but_newline.negate();
    if *class == but_newline {
        out.push('.');
        return;
    }
    if class.ranges().is_empty() {
        out.push_str("[^\\s\\S]");
        return;
    }
    out.push_str(&chars::bracket(class, chars::escape_regex_class));
}

/// An automaton as text, by eliminating one state after the other (Kleene; Brzozowski and `McCluskey`, 1963), the least
/// connected first. `None` if the text grows beyond `max_bytes`.
pub(crate) fn of_dfa(dfa: &CharDfa, max_bytes: usize) -> Option<String> {
    let count = dfa.states.len();
    let mut edges = Edges {
        text: vec![vec![None; count + 2]; count + 2],
        max_bytes,
    };
    let (start, end) = (count, count + 1);
    edges.add(start, 0, Regex::empty())?;
    for (from, state) in dfa.states.iter().enumerate() {
        for (class, to) in &state.edges {
            edges.add(from, *to, Regex::atom(of_class(class)))?;
        }
        if state.accepting {
            edges.add(from, end, Regex::empty())?;
        }
    }
    let mut left: Vec<usize> = (0..count).collect();
    while let Some((place, &state)) = left
        .iter()
        .enumerate()
        .min_by_key(|(_, state)| edges.weight(**state))
    {
        left.swap_remove(place);
        edges.eliminate(state)?;
    }
    Some(
        edges
            .get(start, end)
            .map_or_else(|| "[^\\s\\S]".to_owned(), |regex| regex.text),
    )
}

/// Text with its outermost operator.
#[derive(Clone, Debug)]
struct Regex {
    text: String,
    place: Outer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outer {
    Empty,
    Atom,
    Sequence,
    Alternatives,
}

impl Regex {
    const fn empty() -> Self {
        Self {
            text: String::new(),
            place: Outer::Empty,
        }
    }

    const fn atom(text: String) -> Self {
        Self {
            text,
            place: Outer::Atom,
        }
    }

    fn as_part(&self) -> String {
        if self.place == Outer::Alternatives {
            format!("(?:{})", self.text)
        } else {
            self.text.clone()
        }
    }

    fn then(&self, next: &Self) -> Self {
        match (self.place, next.place) {
            (Outer::Empty, _) => next.clone(),
            (_, Outer::Empty) => self.clone(),
            _ => Self {
                text: self.as_part() + &next.as_part(),
                place: Outer::Sequence,
            },
        }
    }

    fn or(&self, other: &Self) -> Self {
        match (self.place, other.place) {
            (Outer::Empty, Outer::Empty) => Self::empty(),
            (Outer::Empty, _) => other.repeated("?"),
            (_, Outer::Empty) => self.repeated("?"),
            _ => Self {
                text: format!("{}|{}", self.text, other.text),
                place: Outer::Alternatives,
            },
        }
    }

    fn repeated(&self, count: &str) -> Self {
        match self.place {
            Outer::Empty => Self::empty(),
            Outer::Atom => Self {
                text: format!("{}{count}", self.text),
                place: Outer::Sequence,
            },
            _ => Self {
                text: format!("(?:{}){count}", self.text),
                place: Outer::Sequence,
            },
        }
    }
}

struct Edges {
    text: Vec<Vec<Option<Regex>>>,
    max_bytes: usize,
}

impl Edges {
    fn get(&self, from: usize, to: usize) -> Option<Regex> {
        self.text.get(from)?.get(to)?.clone()
    }

    fn add(&mut self, from: usize, to: usize, regex: Regex) -> Option<()> {
        let slot = self.text.get_mut(from)?.get_mut(to)?;
        let joined = match slot.take() {
            Some(known) => known.or(&regex),
            None => regex,
        };
        if joined.text.len() > self.max_bytes {
            return None;
        }
        *slot = Some(joined);
        Some(())
    }

    fn weight(&self, state: usize) -> usize {
        let into = self
            .text
            .iter()
            .filter(|row| row.get(state).is_some_and(Option::is_some));
        let out = self.text.get(state).into_iter().flatten().flatten();
        into.count() * out.count()
    }

    fn eliminate(&mut self, state: usize) -> Option<()> {
        let around = self
            .get(state, state)
            .map_or_else(Regex::empty, |regex| regex.repeated("*"));
        let all = 0..self.text.len();
        for from in all.clone().filter(|from| *from != state) {
            let Some(into) = self.get(from, state) else {
                continue;
            };
            for to in all.clone().filter(|to| *to != state) {
                if let Some(out) = self.get(state, to) {
                    self.add(from, to, into.then(&around).then(&out))?;
                }
            }
        }
        for row in &mut self.text {
            if let Some(slot) = row.get_mut(state) {
                *slot = None;
            }
        }
        if let Some(row) = self.text.get_mut(state) {
            row.fill(None);
        }
        Some(())
    }
}
