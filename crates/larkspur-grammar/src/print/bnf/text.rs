//! Writing rules over characters.

use std::fmt::Write;

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashSet;

use super::piece::{Bnf, Piece};
use crate::regular::chars;

/// Which of the two formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::print) enum Target {
    /// llama.cpp's: names without `_`, no left recursion.
    Gbnf,
    /// xgrammar's: names with `_`, no `.` for any character.
    Ebnf,
}

impl Target {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gbnf => "GBNF",
            Self::Ebnf => "xgrammar's EBNF",
        }
    }
}

/// Longer alternatives go on lines of their own.
const WIDTH: usize = 100;

/// Writes all rules that the start leads to, in order, the start first.
pub(super) fn write(bnf: &Bnf, target: Target) -> String {
    let order = reachable(bnf);
    let names = Names::new(bnf, &order, target);
    let writer = Writer {
        names: &names,
        target,
    };
    let mut out = String::new();
    let mut made_before = false;
    for (place, &at) in order.iter().enumerate() {
        let made = bnf.rules.get(at).is_some_and(|rule| rule.made);
        // What was made for a rule stands close to it.
        if place > 0 && !(made && made_before) {
            out.push('\n');
        }
        made_before = made;
        writer.rule(&mut out, names.of(at), bnf.body(at));
    }
    out
}

/// The start, then the rules it leads to, each before the rules that were made for it.
fn reachable(bnf: &Bnf) -> Vec<usize> {
    let mut seen = FixedBitSet::with_capacity(bnf.rules.len());
    let mut stack = vec![bnf.start];
    while let Some(at) = stack.pop() {
        if !seen.put(at) {
            stack.extend(bnf.body(at).rules());
        }
    }
    let authors = |at: &usize| bnf.rules.get(*at).is_some_and(|rule| !rule.made);
    let mut order: Vec<usize> = vec![bnf.start];
    let mut placed = FixedBitSet::with_capacity(bnf.rules.len());
    placed.insert(bnf.start);
    follow(bnf, bnf.start, &mut placed, &mut order);
    for at in seen.ones().filter(authors) {
        if !placed.put(at) {
            order.push(at);
        }
        follow(bnf, at, &mut placed, &mut order);
    }
    order.extend(seen.ones().filter(|at| !placed.contains(*at)));
    order
}

/// Places the made rules that `at` uses, and those that they use.
fn follow(bnf: &Bnf, at: usize, placed: &mut FixedBitSet, order: &mut Vec<usize>) {
    let mut stack: Vec<usize> = bnf.body(at).rules();
    stack.reverse();
    while let Some(used) = stack.pop() {
        let made = bnf.rules.get(used).is_some_and(|rule| rule.made);
        if made && !placed.put(used) {
            order.push(used);
            stack.extend(bnf.body(used).rules().into_iter().rev());
        }
    }
}

/// Valid, distinct names.
struct Names(Vec<String>);

impl Names {
    fn new(bnf: &Bnf, order: &[usize], target: Target) -> Self {
        let mut names = vec![String::new(); bnf.rules.len()];
        let mut taken: FxHashSet<String> = FxHashSet::default();
        for &at in order {
            let wanted = if at == bnf.start {
                "root".to_owned()
            } else {
                sanitised(bnf.name(at), target)
            };
            let name = distinct(&wanted, &taken, target);
            taken.insert(name.clone());
            if let Some(slot) = names.get_mut(at) {
                *slot = name;
            }
        }
        Self(names)
    }

    fn of(&self, at: usize) -> &str {
        self.0.get(at).map_or("", String::as_str)
    }
}

/// `root` is taken by the start, which comes first.
fn distinct(wanted: &str, taken: &FxHashSet<String>, target: Target) -> String {
    let join = if target == Target::Gbnf { '-' } else { '_' };
    let mut name = wanted.to_owned();
    let mut next = 2_u32;
    while taken.contains(&name) || (target == Target::Ebnf && RESERVED.contains(&name.as_str())) {
        name = format!("{wanted}{join}{next}");
        next += 1;
    }
    name
}

/// Names that xgrammar reads as something else.
const RESERVED: &[&str] = &[
    "true",
    "false",
    "Token",
    "ExcludeToken",
    "TagDispatch",
    "TokenTagDispatch",
    "Regex",
    "Substring",
];

fn sanitised(name: &str, target: Target) -> String {
    let join = if target == Target::Gbnf { '-' } else { '_' };
    let mut out = String::new();
    for c in name.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => out.push(c),
            _ if out.is_empty() || out.ends_with(join) => {}
            _ => out.push(join),
        }
    }
    let out = out.trim_end_matches(join);
    if out.starts_with(|c: char| c.is_ascii_alphabetic()) {
        out.to_owned()
    } else {
        format!("r{out}")
    }
}

struct Writer<'a> {
    names: &'a Names,
    target: Target,
}

/// How tightly the surrounding binds.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Place {
    Alternatives,
    Sequence,
    Repeated,
}

impl Writer<'_> {
    fn rule(&self, out: &mut String, name: &str, body: &Piece) {
        let mut line = format!("{name} ::= ");
        self.piece(body, Place::Alternatives, &mut line);
        let parts = match body {
            Piece::Alt(parts) if parts.len() > 1 && line.chars().count() > WIDTH => parts,
            _ => {
                out.push_str(&line);
                out.push('\n');
                return;
            }
        };
        let _ = writeln!(out, "{name} ::=");
        for (at, part) in parts.iter().enumerate() {
            out.push_str("  ");
            self.piece(part, Place::Sequence, out);
            out.push_str(if at + 1 < parts.len() { " |\n" } else { "\n" });
        }
    }

    /// Recursion is bounded by the depth of the piece (`Limits::max_depth`).
    fn piece(&self, piece: &Piece, place: Place, out: &mut String) {
        match piece {
            Piece::Text(text) => quoted(text, out),
            Piece::Set(class) => self.class(class, out),
            Piece::Rule(at) => out.push_str(self.names.of(*at)),
            Piece::Verbatim(text) => out.push_str(text),
            Piece::Lexeme(_) => {}
            Piece::Seq(parts) if parts.is_empty() => out.push_str("\"\""),
            // No character at all, and so nothing.
            Piece::Alt(parts) if parts.is_empty() => out.push_str("[^\\x00-\\U0010FFFF]"),
            Piece::Seq(parts) => self.list(parts, " ", Place::Sequence, place, out),
            Piece::Alt(parts) => self.list(parts, " | ", Place::Alternatives, place, out),
            Piece::Repeat(inner, min, max) => {
                let nested = matches!(**inner, Piece::Repeat(..));
                if nested {
                    out.push('(');
                }
                self.piece(inner, Place::Repeated, out);
                if nested {
                    out.push(')');
                }
                let _ = match (min, max) {
                    (0, Some(1)) => write!(out, "?"),
                    (0, None) => write!(out, "*"),
                    (1, None) => write!(out, "+"),
                    (min, None) => write!(out, "{{{min},}}"),
                    (min, Some(max)) if min == max => write!(out, "{{{min}}}"),
                    (min, Some(max)) => write!(out, "{{{min},{max}}}"),
                };
            }
        }
    }

    fn list(&self, parts: &[Piece], join: &str, own: Place, place: Place, out: &mut String) {
        let group = own < place || (own == Place::Alternatives && place != Place::Alternatives);
        if group {
            out.push('(');
        }
        let inner = if own == Place::Alternatives {
            Place::Sequence
        } else {
            own
        };
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                out.push_str(join);
            }
            let inner = match part {
                // A sequence is an alternative without brackets of its own; an alternative in a sequence has some.
                Piece::Seq(_) if own == Place::Alternatives => Place::Sequence,
                Piece::Alt(_) => Place::Repeated,
                _ => inner,
            };
            self.piece(part, inner, out);
        }
        if group {
            out.push(')');
        }
    }

    fn class(&self, class: &regex_syntax::hir::ClassUnicode, out: &mut String) {
        if *class == chars::any() {
            out.push_str(match self.target {
                Target::Gbnf => ".",
                Target::Ebnf => "[\\x00-\\U0010FFFF]",
            });
            return;
        }
        out.push_str(&chars::bracket(class, |c, out| match c {
            ']' | '\\' | '[' => {
                out.push('\\');
                out.push(c);
            }
            // Written as numbers: older readers do not know the escapes.
            '-' | '^' => {
                let _ = write!(out, "\\x{:02X}", u32::from(c));
            }
            c => escape(c, out),
        }));
    }
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c => escape(c, out),
        }
    }
    out.push('"');
}

fn escape(c: char, out: &mut String) {
    let _ = match c {
        '\n' => write!(out, "\\n"),
        '\r' => write!(out, "\\r"),
        '\t' => write!(out, "\\t"),
        c if chars::is_plain(c) => write!(out, "{c}"),
        c if u32::from(c) <= 0xFF => write!(out, "\\x{:02X}", u32::from(c)),
        c if u32::from(c) <= 0xFFFF => write!(out, "\\u{:04X}", u32::from(c)),
        c => write!(out, "\\U{:08X}", u32::from(c)),
    };
}
