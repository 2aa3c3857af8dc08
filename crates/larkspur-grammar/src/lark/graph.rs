//! Findings about the shape of a grammar: what nobody uses, what derives nothing, what derives itself.

use fixedbitset::FixedBitSet;

use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Feature, Support};
use crate::grammar::analysis::{Analysis, nullable, rules_in};
use crate::grammar::{Expr, Grammar, RuleId, cycles};
use crate::span::Span;

mod ambiguous;
mod greedy;
mod lists;

/// Whether the text with `replacement` in place of the span has fewer than so many greedy neighbours.
pub(super) type Verify<'v> = &'v dyn Fn(Span, &str, usize) -> bool;

/// How many pairs of neighbours there are of which the first takes the text of the second.
pub(super) fn greedy_neighbours(grammar: &Grammar, dialect: &Dialect) -> usize {
    greedy::find(grammar, dialect).len()
}

pub(super) fn check(
    grammar: &Grammar,
    dialect: &'static Dialect,
    source: &str,
    verify: Verify<'_>,
) -> Vec<Diagnostic> {
    let analysis = Analysis::new(grammar);
    let mut findings = Vec::new();
    unreachable_symbols(grammar, &analysis, &mut findings);
    unproductive(grammar, &analysis, &mut findings);
    self_derivation(grammar, &analysis, &mut findings);
    empty_repetitions(grammar, &analysis, &mut findings);
    left_recursion(grammar, &analysis, dialect, &mut findings);
    lists::right_recursion(grammar, dialect, source, &mut findings);
    lists::character_lexemes(grammar, dialect, source, &mut findings);
    greedy::check(grammar, dialect, source, verify, &mut findings);
    empty_terminals(grammar, dialect, &mut findings);
    leading_bars(grammar, source, &mut findings);
    ambiguous::check(grammar, &analysis, dialect, &mut findings);
    findings
}

fn unreachable_symbols(grammar: &Grammar, analysis: &Analysis, findings: &mut Vec<Diagnostic>) {
    for id in grammar
        .rule_ids()
        .filter(|id| !analysis.reachable.contains(id.index()))
    {
        let rule = grammar.rule(id);
        findings.push(
            Diagnostic::warning("unused", format!("the rule `{}` is never used", rule.name))
                .at(rule.span),
        );
    }
    let used = used_terminals(grammar, analysis);
    for id in grammar
        .terminal_ids()
        .filter(|id| !used.contains(id.index()))
    {
        let terminal = grammar.terminal(id);
        if terminal.named {
            findings.push(
                Diagnostic::warning(
                    "unused",
                    format!("the terminal `{}` is never used", terminal.name),
                )
                .at(terminal.span),
            );
        }
    }
}

fn used_terminals(grammar: &Grammar, analysis: &Analysis) -> FixedBitSet {
    let mut used = FixedBitSet::with_capacity(grammar.terminals().len());
    let mut work: Vec<_> = grammar.ignore().to_vec();
    for id in grammar
        .rule_ids()
        .filter(|id| analysis.reachable.contains(id.index()))
    {
        let mut stack = vec![&grammar.rule(id).body];
        while let Some(expr) = stack.pop() {
            if let Expr::Terminal { id, .. } = expr {
                work.push(*id);
            }
            stack.extend(expr.children());
        }
    }
    while let Some(id) = work.pop() {
        if !used.put(id.index()) {
            work.extend(grammar.terminal(id).pattern.terminals());
        }
    }
    used
}

fn unproductive(grammar: &Grammar, analysis: &Analysis, findings: &mut Vec<Diagnostic>) {
    for id in grammar.rule_ids().filter(|id| {
        !analysis.productive.contains(id.index()) && analysis.reachable.contains(id.index())
    }) {
        let rule = grammar.rule(id);
        let message = if id == grammar.start() {
            "the grammar has no sentence: every derivation of `start` goes on without end"
                .to_owned()
        } else {
            format!(
                "the rule `{}` derives no text: every derivation of it goes on without end",
                rule.name
            )
        };
        let finding = Diagnostic::warning("unproductive", message).at(rule.span);
        findings.push(finding.hint("give it an alternative that does not use the rule itself"));
    }
}

/// `a: a | b`: a text of `a` has infinitely many trees.
fn self_derivation(grammar: &Grammar, analysis: &Analysis, findings: &mut Vec<Diagnostic>) {
    let edges: Vec<Vec<usize>> = grammar
        .rules()
        .iter()
        .map(|rule| alone(&rule.body, &analysis.nullable))
        .collect();
    for cycle in cycles(&edges) {
        let rules: Vec<_> = cycle
            .iter()
            .filter_map(|at| grammar.rules().get(*at))
            .collect();
        let Some(first) = rules.first() else { continue };
        let path: Vec<String> = rules
            .iter()
            .chain(rules.first())
            .map(|rule| format!("`{}`", rule.name))
            .collect();
        let message = format!("`{}` derives itself: {}", first.name, path.join(" → "));
        let finding = Diagnostic::warning("self-derivation", message).at(first.span);
        findings.push(
            finding.hint(
                "its texts have infinitely many trees; remove the alternative that leads back",
            ),
        );
    }
}

/// The rules that can make up all of `expr`, everything else being empty.
fn alone(expr: &Expr, empty: &FixedBitSet) -> Vec<usize> {
    match expr {
        Expr::Rule { id, .. } => vec![id.index()],
        Expr::Seq(parts) => {
            let full: Vec<usize> = parts
                .iter()
                .enumerate()
                .filter(|(_, part)| !nullable(part, empty))
                .map(|(at, _)| at)
                .collect();
            match full.as_slice() {
                [] => parts.iter().flat_map(|part| alone(part, empty)).collect(),
                [one] => parts
                    .get(*one)
                    .map(|part| alone(part, empty))
                    .unwrap_or_default(),
                _ => Vec::new(),
            }
        }
        Expr::Alt(parts) => parts
            .iter()
            .flat_map(|part| alone(&part.expr, empty))
            .collect(),
        Expr::Repeat { expr, min, .. } if *min <= 1 || nullable(expr, empty) => alone(expr, empty),
        _ => Vec::new(),
    }
}

/// `(a?)*`: the number of turns cannot be told from the text.
fn empty_repetitions(grammar: &Grammar, analysis: &Analysis, findings: &mut Vec<Diagnostic>) {
    for rule in grammar.rules() {
        let mut stack = vec![&rule.body];
        while let Some(expr) = stack.pop() {
            if let Expr::Repeat {
                expr: inner,
                max: None,
                ..
            } = expr
                && nullable(inner, &analysis.nullable)
            {
                let message = format!(
                    "in `{}`, something that may be empty is repeated without end",
                    rule.name
                );
                let finding = Diagnostic::warning("empty-repetition", message)
                    .at(first_span(inner).or(rule.span));
                findings
                    .push(finding.hint("repeat what is not empty, and make the whole optional"));
            }
            stack.extend(expr.children());
        }
    }
}

pub(super) fn first_span(expr: &Expr) -> Option<Span> {
    let mut stack = vec![expr];
    while let Some(expr) = stack.pop() {
        match expr {
            Expr::Rule {
                span: Some(span), ..
            }
            | Expr::Terminal {
                span: Some(span), ..
            }
            | Expr::Opaque {
                span: Some(span), ..
            } => {
                return Some(*span);
            }
            Expr::Alt(parts) => {
                if let Some(span) = parts.first().and_then(|part| part.span) {
                    return Some(span);
                }
            }
            _ => {}
        }
        let children: Vec<&Expr> = expr.children().collect();
        stack.extend(children.into_iter().rev());
    }
    None
}

fn left_recursion(
    grammar: &Grammar,
    analysis: &Analysis,
    dialect: &Dialect,
    findings: &mut Vec<Diagnostic>,
) {
    if dialect.support(Feature::LeftRecursion) != Support::Refused {
        return;
    }
    let edges: Vec<Vec<usize>> = grammar
        .rules()
        .iter()
        .map(|rule| {
            let mut first = Vec::new();
            leftmost(&rule.body, &analysis.nullable, &mut first);
            first.iter().map(|id: &RuleId| id.index()).collect()
        })
        .collect();
    let row = Feature::LeftRecursion.capability();
    for cycle in cycles(&edges) {
        let rules: Vec<_> = cycle
            .iter()
            .filter_map(|at| grammar.rules().get(*at))
            .collect();
        let Some(first) = rules.first() else { continue };
        let path: Vec<String> = rules
            .iter()
            .chain(rules.first())
            .map(|rule| format!("`{}`", rule.name))
            .collect();
        let message = format!(
            "{} refuses {}: {}",
            dialect.title(),
            row.construct,
            path.join(" → ")
        );
        findings.push(
            Diagnostic::error(row.code, message)
                .at(first.span)
                .hint(row.hint),
        );
    }
}

/// The rules that `expr` can begin with.
fn leftmost(expr: &Expr, empty: &FixedBitSet, found: &mut Vec<RuleId>) {
    match expr {
        Expr::Rule { id, .. } => found.push(*id),
        Expr::Seq(parts) => {
            for part in parts {
                leftmost(part, empty, found);
                if !nullable(part, empty) {
                    break;
                }
            }
        }
        Expr::Alt(parts) => parts
            .iter()
            .for_each(|part| leftmost(&part.expr, empty, found)),
        Expr::Repeat { expr, .. } => leftmost(expr, empty, found),
        _ => {}
    }
}

fn empty_terminals(grammar: &Grammar, dialect: &Dialect, findings: &mut Vec<Diagnostic>) {
    if dialect.support(Feature::EmptyTerminal) != Support::Refused {
        return;
    }
    let row = Feature::EmptyTerminal.capability();
    let empty = crate::grammar::analysis::empty_terminals(grammar);
    for id in grammar
        .terminal_ids()
        .filter(|id| empty.contains(id.index()))
    {
        let terminal = grammar.terminal(id);
        let message = format!(
            "{} refuses {}: `{}`",
            dialect.title(),
            row.construct,
            terminal.name
        );
        findings.push(
            Diagnostic::error(row.code, message)
                .at(terminal.span)
                .hint(row.hint),
        );
    }
}

/// A `|` before the first alternative adds an empty one, which is seldom meant.
fn leading_bars(grammar: &Grammar, source: &str, findings: &mut Vec<Diagnostic>) {
    for rule in grammar.rules() {
        let Expr::Alt(alternatives) = &rule.body else {
            continue;
        };
        let [first, second, ..] = alternatives.as_slice() else {
            continue;
        };
        let (Some(at), Some(next)) = (first.span, second.span) else {
            continue;
        };
        let between = source.get(at.start..next.start).unwrap_or_default();
        if first.expr == Expr::Empty
            && between.contains('\n')
            && between.trim_start().starts_with('|')
        {
            let finding = Diagnostic::warning(
                "leading-bar",
                format!(
                    "`{}` also derives the empty text: nothing stands before its first `|`",
                    rule.name
                ),
            );
            findings.push(
                finding
                    .at(rule.span)
                    .hint("write the first alternative behind the `:`, without a `|`"),
            );
        }
    }
}

/// Whether `id` uses itself.
pub(super) fn is_recursive(grammar: &Grammar, id: RuleId) -> bool {
    rules_in(&grammar.rule(id).body).contains(&id)
}
