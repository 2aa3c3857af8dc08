//! Texts with two trees.

use crate::ambiguity::{self, Answer, Effort};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Feature, Support};
use crate::engine::{Compiled, Config};
use crate::grammar::analysis::Analysis;
use crate::grammar::{Expr, Grammar, Pattern, Rule};
use crate::lark::escape::quote;
use crate::parser::{Ambiguity, difference};
use crate::tree::{Node, NodeKind};

/// Larger grammars are not looked at.
const MAX_SYMBOLS: usize = 1_000;
/// Nor are those with longer patterns, all of them together.
const MAX_PATTERN_BYTES: usize = 1 << 16;

pub(super) fn check(
    grammar: &Grammar,
    analysis: &Analysis,
    dialect: &Dialect,
    findings: &mut Vec<Diagnostic>,
) {
    let productive = analysis.productive.contains(grammar.start().index());
    if dialect.support(Feature::Ambiguity) != Support::Trap || !productive {
        return;
    }
    let large = grammar.rules().len() > MAX_SYMBOLS || grammar.terminals().len() > MAX_SYMBOLS;
    if large || pattern_bytes(grammar) > MAX_PATTERN_BYTES {
        findings.extend(unknown(grammar, dialect, 0));
        return;
    }
    let config = Config {
        max_steps: 1 << 16,
        max_items: 1 << 16,
        max_tree_nodes: 1 << 14,
        max_automaton_states: 20_000,
        max_terminal_nodes: 1 << 18,
        max_symbols: 1 << 16,
        ..Config::default()
    };
    // What does not compile has been reported, or holds pieces that nobody here can look into.
    let Ok(compiled) = Compiled::with_config(grammar, config) else {
        return;
    };
    match ambiguity::search(&compiled, &Effort::default()) {
        Answer::Unambiguous => {}
        Answer::Ambiguous(found) => findings.push(finding(grammar, &found)),
        Answer::Unknown { lexemes } => findings.extend(unknown(grammar, dialect, lexemes)),
    }
}

/// How long the texts of all patterns are.
fn pattern_bytes(grammar: &Grammar) -> usize {
    let mut work: Vec<&Pattern> = grammar.terminals().iter().map(|one| &one.pattern).collect();
    let mut bytes = 0usize;
    while let Some(pattern) = work.pop() {
        bytes += match pattern {
            Pattern::Literal { text, .. } => text.len(),
            Pattern::Regex(regex) => regex.source.len(),
            Pattern::Substring(pieces) => pieces.iter().map(String::len).sum(),
            _ => 1,
        };
        work.extend(pattern.children());
    }
    bytes
}

fn finding(grammar: &Grammar, found: &Ambiguity) -> Diagnostic {
    let row = Feature::Ambiguity.capability();
    let (first, second) = difference(&found.first, &found.second);
    let text = String::from_utf8_lossy(found.first.text());
    let subject = if text.is_empty() {
        "the empty text".to_owned()
    } else {
        format!("`{text}`", text = quote(&text))
    };
    let ways = match (split(first), split(second)) {
        (Some(one), Some(other)) if one != other => [one, other],
        _ => [first, second].map(|node| format!("`{}`", node.to_sexpr())),
    };
    let [one, other] = ways;
    let (here, there) = (rule_of(grammar, first), rule_of(grammar, second));
    let place = here.or(there).and_then(|rule| rule.span);
    let message = format!("{subject} can be read in two ways: as {one}, or as {other}");
    let finding = Diagnostic::warning(row.code, message).at(place);
    let second_place = there
        .filter(|there| here.is_none_or(|here| here.name != there.name))
        .and_then(|there| there.span);
    finding
        .related(second_place, "the second reading is one of this")
        .hint(hint(first, second).unwrap_or(row.hint))
}

/// What to do, where operators are not the cause.
fn hint(first: Node<'_>, second: Node<'_>) -> Option<&'static str> {
    let empty = |node: Node<'_>| {
        node.walk()
            .any(|(_, node)| node.kind() != NodeKind::Terminal && node.span().is_empty())
    };
    if empty(first) || empty(second) {
        return Some(
            "nothing in the text tells the two apart: repeat, and make optional, only what cannot be empty",
        );
    }
    let lexemes = |node: Node<'_>| -> Vec<String> {
        node.walk()
            .filter(|(_, node)| node.kind() == NodeKind::Terminal)
            .map(|(_, node)| node.name().to_owned())
            .collect()
    };
    (lexemes(first) != lexemes(second)).then_some(
        "two terminals match the same text here; let one exclude the other: `NAME: /[a-z]+/ & ~(\"if\" | \"else\")`",
    )
}

/// Servers build no trees: to them, a question that stays open is no finding.
fn unknown(grammar: &Grammar, dialect: &Dialect, lexemes: usize) -> Option<Diagnostic> {
    let row = Feature::OpenAmbiguity.capability();
    if dialect.support(row.feature) != Support::Trap {
        return None;
    }
    let message = match lexemes {
        0 => "whether a text can be read in two ways is not known: the grammar or its terminals are too large for the search".to_owned(),
        _ => format!(
            "whether a text can be read in two ways is not known: none of fewer than {lexemes} lexemes can, and the search \
             ended there"
        ),
    };
    let place = grammar.rule(grammar.start()).span;
    let finding = Diagnostic::warning(row.code, message).at(place);
    Some(finding.hint(row.hint))
}

/// The node's text with its parts in brackets: `e [1+1]+[1]`. `None` where the parts say nothing.
fn split(node: Node<'_>) -> Option<String> {
    let bytes = node.bytes();
    let start = node.span().start;
    let mut out = format!("`{}` of `", node.name());
    let mut at = 0;
    let mut parts = 0;
    for child in node
        .children()
        .filter(|child| child.kind() == NodeKind::Rule)
    {
        let span = child.span();
        let (from, to) = (span.start.checked_sub(start)?, span.end.checked_sub(start)?);
        out.push_str(&String::from_utf8_lossy(bytes.get(at..from)?));
        out.push('[');
        out.push_str(&String::from_utf8_lossy(bytes.get(from..to)?));
        out.push(']');
        parts += usize::from(from < to);
        at = to;
    }
    out.push_str(&String::from_utf8_lossy(bytes.get(at..)?));
    out.push('`');
    (parts > 0).then_some(out)
}

/// The rule that a node is one of, by its name or by an alias.
fn rule_of<'g>(grammar: &'g Grammar, node: Node<'_>) -> Option<&'g Rule> {
    let name = node.name();
    let aliased = |rule: &&Rule| match &rule.body {
        Expr::Alt(ways) => ways.iter().any(|way| way.alias.as_deref() == Some(name)),
        _ => false,
    };
    let rules = grammar.rules();
    let labelled = rules.iter().find(|rule| rule.label() == name);
    labelled.or_else(|| rules.iter().find(aliased))
}
