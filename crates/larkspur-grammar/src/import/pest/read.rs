//! Text to tree.

use pest::Span as PestSpan;
use pest::error::{Error, InputLocation};
use pest::iterators::{Pair, Pairs};
use pest_meta::parser::{self, Rule};

use super::valid;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::span::Span;

/// Operands of one expression: alternatives are compared in pairs.
const MAX_OPERANDS: usize = 1_000;
/// Bytes of a file; pest's parser keeps many times as much.
const MAX_BYTES: usize = 1 << 20;

#[derive(Clone, Debug)]
pub(super) struct PegRule {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) kind: RuleKind,
    pub(super) body: Node,
}

/// What stands before the brace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RuleKind {
    Normal,
    Silent,
    Atomic,
    NonAtomic,
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) peg: Peg,
    pub(super) span: Span,
}

#[derive(Clone, Debug)]
pub(super) enum Peg {
    Text(String),
    Insensitive(String),
    Range(char, char),
    Name(String),
    /// `&e` (`true`) and `!e`.
    Ahead(bool, Box<Node>),
    Seq(Vec<Node>),
    Choice(Vec<Node>),
    Repeat(Box<Node>, u32, Option<u32>),
    /// `PUSH(…)`, `PEEK[…]`.
    Stack(&'static str),
}

impl Node {
    /// The parts directly inside.
    pub(super) fn children(&self) -> &[Self] {
        match &self.peg {
            Peg::Seq(parts) | Peg::Choice(parts) => parts,
            Peg::Ahead(_, inner) | Peg::Repeat(inner, ..) => std::slice::from_ref(inner),
            _ => &[],
        }
    }

    /// The node and all within it, in the order of the text.
    pub(super) fn all(&self) -> impl Iterator<Item = &Self> {
        let mut open = vec![self];
        std::iter::from_fn(move || {
            let node = open.pop()?;
            open.extend(node.children().iter().rev());
            Some(node)
        })
    }
}

/// Reads a file: what pest's parser takes, and [`valid`] has no fault with.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Vec<PegRule>, Vec<Diagnostic>> {
    let max = limits.max_bytes.min(MAX_BYTES);
    if text.len() > max {
        let message = format!("{} bytes of grammar, the limit is {max}", text.len());
        return Err(vec![Diagnostic::error("limit", message)]);
    }
    check_depth(text, limits)?;
    let pairs = parser::parse(Rule::grammar_rules, text).map_err(|error| vec![fault(&error)])?;
    let rules = Reader { limits }.rules(pairs)?;
    valid::check(&rules)?;
    Ok(rules)
}

/// pest reads groups by recursion and knows only the stack's end: what nests too deep is refused before.
fn check_depth(text: &str, limits: &Limits) -> Result<(), Vec<Diagnostic>> {
    let mut depth = 0_usize;
    let mut prefixes = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        prefixes = if matches!(byte, b'!' | b'&' | b'*' | b'+' | b'?') {
            prefixes + 1
        } else {
            0
        };
        if depth > limits.max_depth || prefixes > limits.max_depth {
            let message = format!("groups are nested more than {} deep", limits.max_depth);
            return Err(vec![
                Diagnostic::error("limit", message).at(Span::new(at, at + 1)),
            ]);
        }
    }
    Ok(())
}

fn fault(error: &Error<Rule>) -> Diagnostic {
    let span = match error.location {
        InputLocation::Pos(at) => Span::at(at),
        InputLocation::Span((start, end)) => Span::new(start, end),
    };
    let renamed = error.clone().renamed_rules(parser::rename_meta_rule);
    Diagnostic::error("pest", renamed.variant.message().into_owned()).at(span)
}

struct Reader<'l> {
    limits: &'l Limits,
}

type Read<T> = Result<T, Vec<Diagnostic>>;

fn span_of(span: PestSpan<'_>) -> Span {
    Span::new(span.start(), span.end())
}

impl Reader<'_> {
    fn rules(&self, pairs: Pairs<'_, Rule>) -> Read<Vec<PegRule>> {
        let mut rules = Vec::new();
        for pair in pairs.filter(|pair| pair.as_rule() == Rule::grammar_rule) {
            let mut name = None;
            let mut kind = RuleKind::Normal;
            let mut body = None;
            for inner in pair.into_inner() {
                match inner.as_rule() {
                    Rule::identifier => {
                        name = Some((inner.as_str().to_owned(), span_of(inner.as_span())));
                    }
                    Rule::silent_modifier => kind = RuleKind::Silent,
                    Rule::atomic_modifier | Rule::compound_atomic_modifier => {
                        kind = RuleKind::Atomic;
                    }
                    Rule::non_atomic_modifier => kind = RuleKind::NonAtomic,
                    Rule::expression => body = Some(self.expression(inner)?),
                    _ => {}
                }
            }
            if let (Some((name, span)), Some(body)) = (name, body) {
                rules.push(PegRule {
                    name,
                    span,
                    kind,
                    body,
                });
            }
        }
        Ok(rules)
    }

    /// Alternatives of sequences of terms: `~` binds tighter than `|`.
    fn expression(&self, pair: Pair<'_, Rule>) -> Read<Node> {
        let whole = span_of(pair.as_span());
        let mut choices: Vec<Vec<Node>> = vec![Vec::new()];
        let mut operands = 0;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::term => {
                    operands += 1;
                    if operands > MAX_OPERANDS {
                        let message =
                            format!("more than {MAX_OPERANDS} operands in one expression");
                        return Err(vec![Diagnostic::error("limit", message).at(whole)]);
                    }
                    let term = self.term(inner)?;
                    if let Some(last) = choices.last_mut() {
                        last.push(term);
                    }
                }
                // The one that may stand before the first operand means nothing.
                Rule::choice_operator if operands > 0 => choices.push(Vec::new()),
                _ => {}
            }
        }
        let mut parts: Vec<Node> = choices.into_iter().map(sequence).collect();
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Node {
                peg: Peg::Choice(parts),
                span: whole,
            },
        })
    }

    fn term(&self, pair: Pair<'_, Rule>) -> Read<Node> {
        let whole = span_of(pair.as_span());
        let mut prefixes = Vec::new();
        let mut node: Option<Node> = None;
        let mut opened = whole;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::positive_predicate_operator => prefixes.push(true),
                Rule::negative_predicate_operator => prefixes.push(false),
                Rule::expression => node = Some(self.expression(inner)?),
                Rule::opening_paren => opened = span_of(inner.as_span()),
                Rule::closing_paren => {
                    if let Some(node) = &mut node {
                        node.span = opened.to(span_of(inner.as_span()));
                    }
                }
                _ => {
                    node = match node.take() {
                        None => terminal(&inner)?,
                        Some(node) => Some(self.postfix(node, &inner)?),
                    };
                }
            }
        }
        let mut node = node.ok_or_else(|| {
            vec![Diagnostic::error("pest", "a term without an expression").at(whole)]
        })?;
        for positive in prefixes.into_iter().rev() {
            node = Node {
                peg: Peg::Ahead(positive, Box::new(node)),
                span: whole,
            };
        }
        Ok(node)
    }

    fn postfix(&self, node: Node, pair: &Pair<'_, Rule>) -> Read<Node> {
        let mut numbers = Vec::new();
        for inner in pair
            .clone()
            .into_inner()
            .filter(|pair| pair.as_rule() == Rule::number)
        {
            numbers.push(self.number(&inner)?);
        }
        let first = numbers.first().copied().unwrap_or_default();
        let (min, max) = match pair.as_rule() {
            Rule::optional_operator => (0, Some(1)),
            Rule::repeat_operator => (0, None),
            Rule::repeat_once_operator => (1, None),
            Rule::repeat_exact => (first, Some(first)),
            Rule::repeat_min => (first, None),
            Rule::repeat_max => (0, Some(first)),
            Rule::repeat_min_max => (first, numbers.get(1).copied()),
            _ => return Ok(node),
        };
        let span = node.span.to(span_of(pair.as_span()));
        if max == Some(0) {
            let finding = Diagnostic::error("empty-repetition", "pest refuses to repeat 0 times");
            return Err(vec![finding.at(span).hint("leave the part out")]);
        }
        Ok(Node {
            peg: Peg::Repeat(Box::new(node), min, max),
            span,
        })
    }

    fn number(&self, pair: &Pair<'_, Rule>) -> Read<u32> {
        let parsed = pair
            .as_str()
            .parse::<u32>()
            .ok()
            .filter(|number| *number <= self.limits.max_repeat);
        parsed.ok_or_else(|| {
            let message = format!(
                "a repetition of {}, the limit is {}",
                pair.as_str(),
                self.limits.max_repeat
            );
            vec![Diagnostic::error("limit", message).at(span_of(pair.as_span()))]
        })
    }
}

fn terminal(pair: &Pair<'_, Rule>) -> Read<Option<Node>> {
    let span = span_of(pair.as_span());
    let peg = match pair.as_rule() {
        Rule::identifier => Peg::Name(pair.as_str().to_owned()),
        Rule::string => Peg::Text(unescaped(pair.as_str(), span)?),
        Rule::insensitive_string => {
            let quoted = pair.as_str().trim_start_matches('^').trim_start();
            Peg::Insensitive(unescaped(quoted, span)?)
        }
        Rule::range => {
            let mut ends = Vec::new();
            for inner in pair
                .clone()
                .into_inner()
                .filter(|pair| pair.as_rule() == Rule::character)
            {
                ends.extend(unescaped(inner.as_str(), span)?.chars().next());
            }
            match ends.as_slice() {
                [first, last] if first <= last => Peg::Range(*first, *last),
                _ => {
                    return Err(vec![
                        Diagnostic::error("class-range", "the range ends before it begins")
                            .at(span),
                    ]);
                }
            }
        }
        Rule::_push => Peg::Stack("PUSH"),
        Rule::_push_literal => Peg::Stack("PUSH_LITERAL"),
        Rule::peek_slice => Peg::Stack("PEEK"),
        _ => return Ok(None),
    };
    Ok(Some(Node { peg, span }))
}

/// The text of a string or character in its quotes.
fn unescaped(quoted: &str, span: Span) -> Read<String> {
    let inner = quoted
        .get(1..quoted.len().saturating_sub(1))
        .unwrap_or_default();
    let mut out = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let code = match chars.next() {
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('0') => Some('\0'),
            Some('x') => char_of(&chars.by_ref().take(2).collect::<String>()),
            Some('u') => {
                let digits: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                char_of(&digits)
            }
            other => other,
        };
        let fault = || vec![Diagnostic::error("escape", "the escape is no character").at(span)];
        out.push(code.ok_or_else(fault)?);
    }
    Ok(out)
}

fn char_of(digits: &str) -> Option<char> {
    u32::from_str_radix(digits, 16)
        .ok()
        .and_then(char::from_u32)
}

fn sequence(mut parts: Vec<Node>) -> Node {
    let ends = parts
        .first()
        .zip(parts.last())
        .map(|(first, last)| first.span.to(last.span));
    match (parts.len(), parts.pop()) {
        (1, Some(one)) => one,
        (_, last) => {
            parts.extend(last);
            Node {
                peg: Peg::Seq(parts),
                span: ends.unwrap_or_default(),
            }
        }
    }
}
