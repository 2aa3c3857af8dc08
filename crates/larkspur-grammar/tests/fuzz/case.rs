//! Grammars and texts read from bytes: every byte string is one, and small changes of it are small changes.

use std::fmt::Write as _;

/// A grammar and a text.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) rules: Vec<Expr>,
    /// Ignored text stands between lexemes.
    pub(crate) ignore: bool,
    /// There is no lexer.
    pub(crate) scannerless: bool,
    pub(crate) text: Vec<u8>,
}

#[derive(Debug)]
pub(crate) enum Expr {
    Rule(usize),
    Terminal(&'static Terminal),
    Seq(Vec<Self>),
    Alt(Vec<Self>),
    Repeat(Box<Self>, u32, Option<u32>),
}

/// A terminal, as Lark's text and as a plain description: characters, how often.
#[derive(Debug)]
pub(crate) struct Terminal {
    pub(crate) name: &'static str,
    /// The whole definition, for the named ones.
    definition: &'static str,
    /// Each of these classes once, in order; the last one as often as `repeat` says.
    pub(crate) classes: &'static [&'static str],
    pub(crate) repeat: (usize, usize),
    /// What only the lexer's tests use: the description is not exact.
    special: bool,
}

const fn literal(name: &'static str, classes: &'static [&'static str]) -> Terminal {
    Terminal {
        name,
        definition: "",
        classes,
        repeat: (1, 1),
        special: false,
    }
}

const fn named(
    name: &'static str,
    definition: &'static str,
    class: &'static [&'static str],
    repeat: (usize, usize),
) -> Terminal {
    Terminal {
        name,
        definition,
        classes: class,
        repeat,
        special: false,
    }
}

const fn special(name: &'static str, definition: &'static str) -> Terminal {
    Terminal {
        name,
        definition,
        classes: &[],
        repeat: (0, 0),
        special: true,
    }
}

pub(crate) const TERMINALS: &[Terminal] = &[
    literal("\"a\"", &["a"]),
    literal("\"b\"", &["b"]),
    literal("\"ab\"", &["a", "b"]),
    literal("\"ba\"", &["b", "a"]),
    literal("\"aab\"", &["a", "a", "b"]),
    literal("\"c\"", &["c"]),
    named("A", "/a+/", &["a"], (1, usize::MAX)),
    named("WORD", "/[ab]+/", &["ab"], (1, usize::MAX)),
    named("PAIR", "/[abc]{2}/", &["abc"], (2, 2)),
    named("EMPTY", "/b*/", &["b"], (0, usize::MAX)),
    named("BOUND", "/[bc]{1,3}/", &["bc"], (1, 3)),
    special("RES", "/[a-c]+/ & ~(\"a\" | \"ab\")"),
    special("ANY", "/./"),
    special("OTHER", "/[^ab]+/"),
    special("WIDE", "/[aé]+/"),
    special("STEM", "\"ab\" | \"abc\""),
    special("LATE", "/a*b/"),
];

/// How many of [`TERMINALS`] the plain description says all of.
const PLAIN: usize = 11;

const NAMES: [&str; 4] = ["start", "x", "y", "z"];
const MAX_DEPTH: usize = 2;
const ALPHABET: &[&str] = &["a", "b", "c", "a", "b", " ", "a", "é"];

struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    /// The next byte below `bound`; 0 when there is none.
    fn below(&mut self, bound: usize) -> usize {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                usize::from(*first) % bound.max(1)
            }
            None => 0,
        }
    }
}

impl Case {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let mut bytes = Bytes(bytes);
        let mode = bytes.below(256);
        let scannerless = mode & 1 == 1;
        let length = bytes.below(24);
        let at = bytes.0.len().saturating_sub(length);
        let (grammar, text) = bytes.0.split_at(at);
        let text = if mode & 16 == 0 || scannerless {
            text.iter()
                .flat_map(|byte| ALPHABET[usize::from(*byte) % ALPHABET.len()].bytes())
                .collect()
        } else {
            text.to_vec()
        };
        let mut bytes = Bytes(grammar);
        let count = 1 + (mode >> 2 & 3);
        let terminals = if scannerless { PLAIN } else { TERMINALS.len() };
        let rules = (0..count)
            .map(|_| alternatives(&mut bytes, count, terminals, 0))
            .collect();
        Self {
            rules,
            ignore: mode & 2 == 2 && !scannerless,
            scannerless,
            text,
        }
    }

    /// The grammar in Lark's notation.
    pub(crate) fn lark(&self) -> String {
        let mut out = String::new();
        for (name, body) in NAMES.iter().zip(&self.rules) {
            let _ = write!(out, "{name}: ");
            body.write(&mut out, true);
            out.push('\n');
        }
        for terminal in TERMINALS.iter().filter(|one| !one.definition.is_empty()) {
            if self.rules.iter().any(|rule| rule.uses(terminal)) {
                let _ = writeln!(out, "{}: {}", terminal.name, terminal.definition);
            }
        }
        if self.ignore {
            out.push_str("%ignore / +/\n");
        }
        out
    }
}

fn alternatives(bytes: &mut Bytes<'_>, rules: usize, terminals: usize, depth: usize) -> Expr {
    let count = 1 + bytes.below(3);
    Expr::Alt(
        (0..count)
            .map(|_| {
                let items = bytes.below(4);
                Expr::Seq(
                    (0..items)
                        .map(|_| item(bytes, rules, terminals, depth))
                        .collect(),
                )
            })
            .collect(),
    )
}

fn item(bytes: &mut Bytes<'_>, rules: usize, terminals: usize, depth: usize) -> Expr {
    let inner = match bytes.below(8) {
        0..=2 => Expr::Rule(bytes.below(rules)),
        3 if depth < MAX_DEPTH => alternatives(bytes, rules, terminals, depth + 1),
        _ => Expr::Terminal(&TERMINALS[bytes.below(terminals)]),
    };
    let (min, max) = match bytes.below(14) {
        0 | 1 => (0, Some(1)),
        2 => (0, None),
        3 => (1, None),
        4 => (2, Some(2)),
        5 => (1, Some(3)),
        6 => (0, Some(2)),
        7 => (2, None),
        _ => return inner,
    };
    Expr::Repeat(Box::new(inner), min, max)
}

impl Expr {
    fn uses(&self, terminal: &Terminal) -> bool {
        match self {
            Self::Rule(_) => false,
            Self::Terminal(used) => used.name == terminal.name,
            Self::Seq(parts) | Self::Alt(parts) => parts.iter().any(|part| part.uses(terminal)),
            Self::Repeat(inner, ..) => inner.uses(terminal),
        }
    }

    fn write(&self, out: &mut String, top: bool) {
        match self {
            Self::Rule(index) => out.push_str(NAMES[*index]),
            Self::Terminal(terminal) => out.push_str(terminal.name),
            Self::Seq(parts) if parts.is_empty() => out.push_str("\"\""),
            Self::Seq(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        out.push(' ');
                    }
                    part.write(out, false);
                }
            }
            Self::Alt(parts) => {
                if !top {
                    out.push('(');
                }
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        out.push_str(" | ");
                    }
                    part.write(out, false);
                }
                if !top {
                    out.push(')');
                }
            }
            Self::Repeat(inner, min, max) => {
                inner.write(out, false);
                let _ = match max {
                    Some(max) => write!(out, "{{{min},{max}}}"),
                    None => write!(out, "{{{min},}}"),
                };
            }
        }
    }
}

impl Terminal {
    pub(crate) fn is_plain(&self) -> bool {
        !self.special
    }
}
