//! Lists written the slow way: right recursion, and one lexeme for each character.

use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Feature, Support};
use crate::grammar::{Alternative, Expr, Grammar, Pattern, Rule, RuleId};
use crate::span::Span;

/// `list: item | item "," list`: llguidance keeps an item for every open `list`.
pub(super) fn right_recursion(
    grammar: &Grammar,
    dialect: &Dialect,
    source: &str,
    findings: &mut Vec<Diagnostic>,
) {
    if dialect.support(Feature::RightRecursion) != Support::Trap {
        return;
    }
    for id in grammar
        .rule_ids()
        .filter(|id| super::is_recursive(grammar, *id))
    {
        let rule = grammar.rule(id);
        let Some(list) = list(rule, id, source) else {
            continue;
        };
        let row = Feature::RightRecursion.capability();
        let message = format!("`{}` is a list by right recursion", rule.name);
        let finding = Diagnostic::warning(row.code, message)
            .at(rule.span)
            .hint(row.hint);
        findings.push(finding.suggest(list.body, list.rewritten));
    }
}

struct List {
    body: Span,
    rewritten: String,
}

/// The repetition that a rule of two alternatives is: `x | x s r` is `x (s x)*`, `x | x r` is `x+`, ` | x r` is `x*`.
fn list(rule: &Rule, id: RuleId, source: &str) -> Option<List> {
    let Expr::Alt(alternatives) = &rule.body else {
        return None;
    };
    let [one, other] = alternatives.as_slice() else {
        return None;
    };
    if one.alias.is_some() || other.alias.is_some() {
        return None;
    }
    let (last, again) = if ends_in(&other.expr, id) {
        (one, other)
    } else {
        (other, one)
    };
    let Expr::Seq(parts) = &again.expr else {
        return None;
    };
    let (
        Expr::Rule {
            span: Some(reference),
            ..
        },
        before,
    ) = parts.split_last()?
    else {
        return None;
    };
    let uses = |expr: &Expr| crate::grammar::analysis::rules_in(expr).contains(&id);
    if uses(&last.expr) || before.iter().any(uses) || !ends_in(&again.expr, id) {
        return None;
    }
    let step = source.get(again.span?.start..reference.start)?.trim();
    let item = last.span?.text(source).trim();
    let rewritten = match &last.expr {
        Expr::Empty => format!("{}*", grouped(step)),
        expr if same(expr, before) => format!("{}+", grouped(item)),
        expr => {
            let length = if let Expr::Seq(parts) = expr {
                parts.len()
            } else {
                1
            };
            let (head, tail) = before.split_at_checked(length)?;
            if tail.is_empty() || !same(expr, head) {
                return None;
            }
            let separator = source
                .get(span_of(tail.first()?)?.start..reference.start)?
                .trim();
            format!("{item} ({separator} {item})*")
        }
    };
    let body = body_span(alternatives)?;
    Some(List { body, rewritten })
}

/// In brackets, unless it is one name or one string.
fn grouped(text: &str) -> String {
    let name = text.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
    let string = text.len() > 1
        && text.starts_with('"')
        && text.find(['\\', ' ']).is_none()
        && text.matches('"').count() == 2
        && text.ends_with('"');
    if name || string {
        text.to_owned()
    } else {
        format!("({text})")
    }
}

fn ends_in(expr: &Expr, id: RuleId) -> bool {
    matches!(expr, Expr::Seq(parts) if matches!(parts.last(), Some(Expr::Rule { id: last, .. }) if *last == id))
}

fn body_span(alternatives: &[Alternative]) -> Option<Span> {
    let first = alternatives.first()?.span?;
    let last = alternatives.last()?.span?;
    Some(first.to(last))
}

fn same(expr: &Expr, parts: &[Expr]) -> bool {
    match (expr, parts) {
        (Expr::Seq(left), right) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| alike(left, right))
        }
        (left, [right]) => alike(left, right),
        _ => false,
    }
}

/// Whether two expressions derive the same by their form, places apart. Recursion is bounded by their depth.
fn alike(left: &Expr, right: &Expr) -> bool {
    match (left, right) {
        (Expr::Empty, Expr::Empty) => true,
        (Expr::Rule { id: left, .. }, Expr::Rule { id: right, .. }) => left == right,
        (Expr::Terminal { id: left, .. }, Expr::Terminal { id: right, .. }) => left == right,
        (Expr::Seq(left), Expr::Seq(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| alike(left, right))
        }
        (Expr::Alt(left), Expr::Alt(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| alike(&left.expr, &right.expr))
        }
        (
            Expr::Repeat {
                expr: left,
                min: a,
                max: b,
                ..
            },
            Expr::Repeat {
                expr: right,
                min: c,
                max: d,
                ..
            },
        ) => a == c && b == d && alike(left, right),
        _ => false,
    }
}

fn span_of(expr: &Expr) -> Option<Span> {
    match expr {
        Expr::Rule { span, .. } | Expr::Terminal { span, .. } | Expr::Opaque { span, .. } => *span,
        _ => None,
    }
}

/// `/[a-z]/+` and `LETTER*`: one lexeme for each character.
pub(super) fn character_lexemes(
    grammar: &Grammar,
    dialect: &Dialect,
    source: &str,
    findings: &mut Vec<Diagnostic>,
) {
    if dialect.support(Feature::CharacterLexemes) != Support::Trap {
        return;
    }
    for rule in grammar.rules() {
        let mut stack = vec![&rule.body];
        while let Some(expr) = stack.pop() {
            if let Expr::Repeat {
                expr: inner, max, ..
            } = expr
                && max.is_none_or(|max| max > 1)
                && let Some(finding) = character_lexeme(grammar, inner, source)
            {
                findings.push(finding);
            }
            stack.extend(expr.children());
        }
    }
}

fn character_lexeme(grammar: &Grammar, inner: &Expr, source: &str) -> Option<Diagnostic> {
    let terminals: Vec<(crate::grammar::TerminalId, Option<Span>)> = match inner {
        Expr::Terminal { id, span, .. } => vec![(*id, *span)],
        Expr::Alt(parts) => {
            let terminal = |part: &Alternative| {
                if let Expr::Terminal { id, span, .. } = &part.expr {
                    Some((*id, *span))
                } else {
                    None
                }
            };
            parts.iter().map(terminal).collect::<Option<_>>()?
        }
        _ => return None,
    };
    let single = terminals
        .iter()
        .all(|(id, _)| is_character(&grammar.terminal(*id).pattern));
    let varied = terminals
        .iter()
        .any(|(id, _)| is_class(&grammar.terminal(*id).pattern));
    if !single || !varied {
        return None;
    }
    let row = Feature::CharacterLexemes.capability();
    let (first, last) = (terminals.first()?.1?, terminals.last()?.1?);
    let finding = Diagnostic::warning(row.code, format!("this is {}", row.construct))
        .at(first.to(last))
        .hint(row.hint);
    Some(match terminals.as_slice() {
        [(id, Some(span))] => match quantified(&grammar.terminal(*id).pattern, *span, source) {
            Some((span, replacement)) => finding.suggest(span, replacement),
            None => finding,
        },
        _ => finding,
    })
}

/// `/[a-z]/+` as `/[a-z]+/`.
fn quantified(pattern: &Pattern, span: Span, source: &str) -> Option<(Span, String)> {
    let Pattern::Regex(regex) = pattern else {
        return None;
    };
    let sign = source
        .get(span.end..)?
        .chars()
        .next()
        .filter(|sign| matches!(sign, '+' | '*'))?;
    let written = span.text(source).starts_with('/');
    written.then(|| {
        (
            Span::new(span.start, span.end + 1),
            format!("/{}{sign}/{}", regex.source, regex.flags),
        )
    })
}

/// Whether it matches texts of one character only.
fn is_character(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Literal { text, .. } => text.chars().count() == 1,
        Pattern::Range { .. } => true,
        Pattern::Regex(regex) => matches!(regex.hir.kind(), regex_syntax::hir::HirKind::Class(_)),
        Pattern::Alt(parts) => parts.iter().all(is_character),
        _ => false,
    }
}

/// Whether it matches more than one character.
fn is_class(pattern: &Pattern) -> bool {
    !matches!(pattern, Pattern::Literal { .. })
}
