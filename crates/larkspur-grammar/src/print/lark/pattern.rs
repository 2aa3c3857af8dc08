//! Patterns of terminals.

use std::fmt::Write;

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind};

use super::names::Names;
use super::nesting::Nesting;
use super::{has_operators, is_greedy, takes};
use crate::dialect::{Dialect, Feature, Regexes};
use crate::grammar::{Extent, Grammar, Pattern, RegexPattern, Semantics, Terminal, TerminalId};
use crate::lark::escape::quote;
use crate::lexing::Lexing;
use crate::loss::{self, Effect, Loss};
use crate::regular::regex;

/// The longest regex that an automaton is written as.
const MAX_REGEX: usize = 20_000;
/// States of an automaton that is written as a regex.
const MAX_STATES: usize = 200;

pub(super) struct Patterns<'a> {
    pub(super) grammar: &'a Grammar,
    pub(super) dialect: &'static Dialect,
    pub(super) names: &'a Names,
    pub(super) lexing: Option<&'a mut Lexing>,
    pub(super) losses: &'a mut Vec<Loss>,
    pub(super) nesting: Nesting,
}

/// Groups within each other in a regex that an automaton is written as; Python's and Rust's readers take 100 and 250 levels, of
/// which a group may be three.
const MAX_GROUPS: u32 = 30;

/// How tightly what stands around binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Alternatives,
    Sequence,
    /// Before `?`, behind `~`, beside `&`.
    Operand,
}

/// How a terminal can be written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    AsIs,
    /// As the texts that no shorter text of it begins, with `&` and `~`.
    PrefixFree,
    /// As the regex of its automaton.
    Automaton,
}

impl Patterns<'_> {
    /// Whether the reader knows lexemes that end as soon as they can.
    fn has_lazy(&self) -> bool {
        takes(self.dialect, Feature::StopAttributes)
    }

    fn form(&self, terminal: &Terminal) -> Form {
        let shortest = terminal.extent == Extent::Shortest && !self.has_lazy();
        match (shortest, has_operators(self.dialect)) {
            (true, true) => Form::PrefixFree,
            (true, false) => Form::Automaton,
            (false, false) if uses_operators(&terminal.pattern) => Form::Automaton,
            (false, _) => Form::AsIs,
        }
    }

    /// Whether the terminal can stand inside a rule without a name.
    pub(super) fn is_inline(&self, terminal: &Terminal) -> bool {
        let simple = matches!(
            terminal.pattern,
            Pattern::Literal { .. } | Pattern::Range { .. } | Pattern::Regex(_)
        );
        !terminal.named && simple && self.form(terminal) == Form::AsIs
    }

    /// The whole definition of a terminal, behind its colon.
    pub(super) fn terminal(&mut self, id: TerminalId, place: Place, out: &mut String) {
        let terminal = self.grammar.terminal(id);
        match self.form(terminal) {
            Form::AsIs => self.pattern(&terminal.pattern, terminal, place, out),
            Form::PrefixFree => {
                self.pattern(&terminal.pattern, terminal, Place::Operand, out);
                out.push_str(" & ~");
                self.grouped(true, out, |own, out| {
                    own.solid(terminal, out);
                    out.push_str(" /(?s:.)+/");
                });
            }
            Form::Automaton => self.automaton(id, place, out),
        }
    }

    /// The texts of a terminal that are not empty.
    fn solid(&mut self, terminal: &Terminal, out: &mut String) {
        let nullable = self.lexing.as_ref().is_none_or(|lexing| {
            let id = self.grammar.terminal_named(&terminal.name);
            id.is_none_or(|id| lexing.nullable.contains(id.index()))
        });
        self.grouped(nullable, out, |own, out| {
            own.pattern(&terminal.pattern, terminal, Place::Operand, out);
            out.push_str(if nullable { " & /(?s:.)+/" } else { "" });
        });
    }

    fn automaton(&mut self, id: TerminalId, place: Place, out: &mut String) {
        let dfa = self
            .lexing
            .as_mut()
            .and_then(|lexing| lexing.automata.dfa(id, MAX_STATES));
        let text = dfa.and_then(|dfa| regex::of_dfa(&dfa, MAX_REGEX));
        let text = text.filter(|text| nests_within_bounds(text));
        if let Some(text) = text {
            let _ = write!(out, "/{text}/");
            return;
        }
        let terminal = self.grammar.terminal(id);
        let why = format!(
            "{} has no such operators, and as a regex it would be longer than {MAX_REGEX} bytes or nest too deep",
            self.dialect.title()
        );
        let loss = Loss::new(
            "terminal-operator",
            Effect::Wider,
            "`&` and `~` are dropped",
            why,
        );
        self.losses.push(loss.of(&terminal.name, terminal.span));
        self.pattern(&terminal.pattern, terminal, place, out);
    }

    /// Recursion is bounded by the depth of the pattern (`Limits::max_depth`).
    fn pattern(&mut self, pattern: &Pattern, of: &Terminal, place: Place, out: &mut String) {
        match pattern {
            Pattern::Literal { text, ignore_case } => self.literal(text, *ignore_case, of, out),
            Pattern::Range { first, last } => {
                self.grouped(place == Place::Operand, out, |_, out| {
                    out.push_str(&quote(&first.to_string()));
                    out.push_str("..");
                    out.push_str(&quote(&last.to_string()));
                });
            }
            Pattern::Regex(regex) => self.regex(regex, of, out),
            Pattern::Terminal(id) => {
                let inner = self.grammar.terminal(*id);
                if inner.named || !self.is_inline(inner) {
                    out.push_str(self.names.terminal(*id));
                } else {
                    self.pattern(&inner.pattern, inner, place, out);
                }
            }
            Pattern::Concat(parts) => self.list(parts, " ", Place::Sequence, of, place, out),
            Pattern::Alt(parts) if parts.is_empty() => out.push_str("/[^\\s\\S]/"),
            Pattern::Alt(parts) => self.list(parts, " | ", Place::Alternatives, of, place, out),
            Pattern::And(parts) if !has_operators(self.dialect) => {
                let plain = parts.iter().find(|part| !uses_operators(part));
                match plain {
                    Some(part) => self.pattern(part, of, place, out),
                    None => out.push_str("/[\\s\\S]*/"),
                }
            }
            Pattern::And(parts) => {
                self.grouped(place != Place::Alternatives, out, |own, out| {
                    for (at, part) in parts.iter().enumerate() {
                        out.push_str(if at > 0 { " & " } else { "" });
                        own.pattern(part, of, Place::Operand, out);
                    }
                });
            }
            Pattern::Not(_) if !has_operators(self.dialect) => out.push_str("/[\\s\\S]*/"),
            Pattern::Not(inner) => {
                out.push('~');
                let group = matches!(**inner, Pattern::Not(_));
                self.grouped(group, out, |own, out| {
                    own.pattern(inner, of, Place::Operand, out);
                });
            }
            Pattern::Repeat { pattern, min, max } => {
                let group = place == Place::Operand || matches!(**pattern, Pattern::Not(_));
                self.grouped(group, out, |own, out| {
                    own.repeat(pattern, (*min, *max), of, out);
                });
            }
            Pattern::Substring(pieces) => self.substring(pieces, of, out),
        }
    }

    fn repeat(
        &mut self,
        inner: &Pattern,
        (min, max): (u32, Option<u32>),
        of: &Terminal,
        out: &mut String,
    ) {
        let mut text = String::new();
        self.pattern(inner, of, Place::Operand, &mut text);
        write_repeat(&text, min, max, self.dialect, out);
    }

    fn list(
        &mut self,
        parts: &[Pattern],
        join: &str,
        own: Place,
        of: &Terminal,
        place: Place,
        out: &mut String,
    ) {
        self.grouped(parts.len() > 1 && own < place, out, |writer, out| {
            for (at, part) in parts.iter().enumerate() {
                out.push_str(if at > 0 { join } else { "" });
                // Groups inside their own kind are the author's.
                let inner = match (own, part) {
                    (Place::Alternatives, Pattern::Alt(_)) => Place::Sequence,
                    (Place::Sequence, Pattern::Concat(_)) => Place::Operand,
                    _ => own,
                };
                writer.pattern(part, of, inner, out);
            }
        });
    }

    /// Writes what `inside` writes, in brackets if it is a `group`.
    fn grouped(
        &mut self,
        group: bool,
        out: &mut String,
        inside: impl FnOnce(&mut Self, &mut String),
    ) {
        if !group {
            return inside(self, out);
        }
        let group = self.nesting.open(("(", ")"), out);
        inside(self, out);
        self.nesting.close(group, out);
    }

    pub(super) fn literal(
        &mut self,
        text: &str,
        ignore_case: bool,
        of: &Terminal,
        out: &mut String,
    ) {
        out.push_str(&quote(text));
        if !ignore_case {
            return;
        }
        out.push('i');
        let folds = text
            .chars()
            .any(|c| matches!(c, 'k' | 'K' | 's' | 'S') || !c.is_ascii());
        if self.dialect.semantics() == Semantics::Scannerless && folds {
            let what = format!("{text:?}i no longer stands for letters outside ASCII");
            let why = "the reader folds the case of ASCII letters only";
            let loss = Loss::new("case-folding", Effect::Narrower, what, why);
            self.losses.push(loss.of(&of.name, of.span));
        }
    }

    pub(super) fn regex(&mut self, regex: &RegexPattern, of: &Terminal, out: &mut String) {
        if self.is_lazy_elsewhere(regex) {
            let why = format!("{} takes as much as it can", self.dialect.title());
            let what = "lazy quantifiers become greedy";
            let loss = Loss::new("lazy-quantifier", Effect::Other, what, why);
            self.losses.push(loss.of(&loss::shown(of), of.span));
        }
        let same = self.grammar.semantics() == self.dialect.semantics();
        let portable = means_itself(regex) && is_portable(regex, self.dialect);
        if same || portable && !self.is_lazy_elsewhere(regex) {
            let _ = write!(out, "/{}/{}", slashes(&regex.source), regex.flags);
            return;
        }
        if let Some(text) = regex::of_hir(&regex.hir) {
            let _ = write!(out, "/{text}/");
            return;
        }
        let _ = write!(out, "/{}/{}", slashes(&regex.source), regex.flags);
        if !is_greedy(self.dialect) {
            let why = format!("{} may read it in another way", self.dialect.title());
            let loss = Loss::new(
                "regex",
                Effect::Other,
                "a regex over bytes is left as it is",
                why,
            );
            self.losses.push(loss.of(&of.name, of.span));
        }
    }

    /// Python's Lark stops at the first end that a lazy quantifier allows; a reader with longest match does not know them.
    fn is_lazy_elsewhere(&self, regex: &RegexPattern) -> bool {
        self.grammar.semantics() == Semantics::Lark
            && is_greedy(self.dialect)
            && has_lazy_quantifier(&regex.hir)
    }

    fn substring(&mut self, pieces: &[String], of: &Terminal, out: &mut String) {
        let chunks: Vec<String> = pieces.iter().map(|piece| quote(piece)).collect();
        let _ = write!(
            out,
            "%regex {{ \"substring_chunks\": [{}] }}",
            chunks.join(", ")
        );
        if !takes(self.dialect, Feature::Substring) {
            let why = format!("{} is not known to read `%regex`", self.dialect.title());
            let loss = Loss::new("opaque", Effect::Other, "`%regex` is left as it is", why);
            self.losses.push(loss.of(&of.name, of.span));
        }
    }
}

/// Writes a count behind `text`, which binds tightly.
pub(super) fn write_repeat(
    text: &str,
    min: u32,
    max: Option<u32>,
    dialect: &'static Dialect,
    out: &mut String,
) {
    let _ = match (min, max) {
        (_, Some(0)) => write!(out, "\"\""),
        (0, Some(1)) => write!(out, "{text}?"),
        (0, None) => write!(out, "{text}*"),
        (1, None) => write!(out, "{text}+"),
        (min, None) if !takes(dialect, Feature::BraceRepeat) => {
            write!(out, "({text}~{min} {text}*)")
        }
        (min, Some(max)) if !takes(dialect, Feature::BraceRepeat) && min == max => {
            write!(out, "{text}~{min}")
        }
        (min, Some(max)) if !takes(dialect, Feature::BraceRepeat) => {
            write!(out, "{text}~{min}..{max}")
        }
        (min, None) => write!(out, "{text}{{{min},}}"),
        (min, Some(max)) if min == max => write!(out, "{text}{{{min}}}"),
        (min, Some(max)) => write!(out, "{text}{{{min},{max}}}"),
    };
}

/// Whether `&` or `~` stands in a pattern itself, not in a terminal it refers to.
pub(super) fn uses_operators(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::And(_) | Pattern::Not(_))
        || pattern.children().iter().any(uses_operators)
}

/// Recursion is bounded by the nesting of the regex.
fn has_lazy_quantifier(hir: &Hir) -> bool {
    let here = matches!(hir.kind(), HirKind::Repetition(repetition)
        if !repetition.greedy && repetition.max != Some(repetition.min));
    here || hir.kind().subs().iter().any(has_lazy_quantifier)
}

/// Whether the readers' own bounds on nesting take a regex.
fn nests_within_bounds(regex: &str) -> bool {
    let depth = regex
        .bytes()
        .try_fold((0_u32, false), |(depth, escaped), byte| {
            let depth = match byte {
                b'(' if !escaped => depth + 1,
                b')' if !escaped => depth.saturating_sub(1),
                _ => depth,
            };
            (depth <= MAX_GROUPS).then_some((depth, byte == b'\\' && !escaped))
        });
    depth.is_some()
}

/// Whether the author's text, read as the Rust `regex` crate reads it, is what the pattern means.
fn means_itself(regex: &RegexPattern) -> bool {
    let flag = |flag| regex.flags.contains(flag);
    let parsed = ParserBuilder::new()
        .case_insensitive(flag('i'))
        .multi_line(flag('m'))
        .dot_matches_new_line(flag('s'))
        .ignore_whitespace(flag('x'))
        .utf8(false)
        .build()
        .parse(&regex.source);
    parsed.is_ok_and(|hir| hir == *regex.hir)
}

/// Whether the reader takes the author's text for the same thing.
fn is_portable(regex: &RegexPattern, dialect: &Dialect) -> bool {
    let foreign = [
        "\\p", "\\P", "\\x{", "\\u{", "\\U", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\z",
        "\\A", "&&", "--", "~~", "[[", "(?",
    ];
    let plain = regex.source.replace("(?:", "(");
    let flags = regex
        .flags
        .chars()
        .all(|flag| dialect.flags().contains(flag));
    flags
        && match dialect.regexes() {
            Regexes::Rust => true,
            Regexes::Python => !foreign.iter().any(|piece| plain.contains(piece)),
        }
}

/// `/` inside a regex needs a backslash.
fn slashes(source: &str) -> String {
    let mut out = String::new();
    let mut escaped = false;
    for c in source.chars() {
        if c == '/' && !escaped {
            out.push('\\');
        }
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    out
}
