//! Patterns as single regexes, and as rules over characters.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Literal, Look, Repetition};

use crate::grammar::{Expr, Extent, GrammarBuilder, Pattern, RegexPattern};
use crate::regular::{chars, regex};

/// The pattern with every part that names no terminal written as one regex.
pub(super) fn flatten(pattern: Pattern) -> Pattern {
    if matches!(pattern, Pattern::Literal { .. }) {
        return pattern;
    }
    if let Some(regex) = hir(&pattern, MAX_REGEX_DEPTH).and_then(regex_of) {
        return Pattern::Regex(regex);
    }
    match pattern {
        Pattern::Concat(parts) => Pattern::Concat(runs(parts)),
        Pattern::Alt(parts) => Pattern::Alt(parts.into_iter().map(flatten).collect()),
        Pattern::And(parts) => Pattern::And(parts.into_iter().map(flatten).collect()),
        Pattern::Not(inner) => Pattern::Not(Box::new(flatten(*inner))),
        Pattern::Repeat { pattern, min, max } => Pattern::Repeat {
            pattern: Box::new(flatten(*pattern)),
            min,
            max,
        },
        other => other,
    }
}

/// Neighbours that name no terminal are joined.
fn runs(parts: Vec<Pattern>) -> Vec<Pattern> {
    let mut out: Vec<Pattern> = Vec::new();
    let mut run: Vec<Pattern> = Vec::new();
    let close = |run: &mut Vec<Pattern>, out: &mut Vec<Pattern>| match run.len() {
        0 => {}
        1 => out.extend(run.pop().map(flatten)),
        _ => out.push(flatten(Pattern::Concat(std::mem::take(run)))),
    };
    for part in parts {
        if hir(&part, MAX_REGEX_DEPTH).is_some() {
            run.push(part);
        } else {
            close(&mut run, &mut out);
            out.push(flatten(part));
        }
    }
    close(&mut run, &mut out);
    out
}

/// How deep a regex that is made here may nest: readers have bounds (regex-syntax: 250), and nobody reads more.
const MAX_REGEX_DEPTH: usize = 24;

/// `None` where the regex holds bytes or nests too deep; then the parts stand side by side.
fn regex_of(hir: Hir) -> Option<RegexPattern> {
    let text = regex::of_hir(&hir).filter(|_| is_shallow(&hir, MAX_REGEX_DEPTH))?;
    Some(RegexPattern::new(text, "", hir))
}

fn is_shallow(hir: &Hir, most: usize) -> bool {
    hir.kind()
        .subs()
        .iter()
        .all(|sub| most > 0 && is_shallow(sub, most - 1))
}

/// The regex of a pattern that names no terminal, has no `&` and `~`, and is no deeper than `depth`.
fn hir(pattern: &Pattern, depth: usize) -> Option<Hir> {
    let below = depth.checked_sub(1)?;
    let all = |parts: &[Pattern]| {
        let mut all = Vec::with_capacity(parts.len());
        for part in parts {
            all.push(hir(part, below)?);
        }
        Some(all)
    };
    Some(match pattern {
        Pattern::Literal {
            text,
            ignore_case: false,
        } => Hir::literal(text.as_bytes()),
        Pattern::Literal { text, .. } => {
            Hir::concat(text.chars().map(|c| class(chars::caseless(c))).collect())
        }
        Pattern::Range { first, last } => class(chars::range(*first, *last)),
        Pattern::Regex(regex) => (*regex.hir).clone(),
        Pattern::Concat(parts) => Hir::concat(all(parts)?),
        Pattern::Alt(parts) => Hir::alternation(all(parts)?),
        Pattern::Repeat { pattern, min, max } => Hir::repetition(Repetition {
            min: *min,
            max: *max,
            greedy: true,
            sub: Box::new(hir(pattern, below)?),
        }),
        Pattern::Terminal(_) | Pattern::And(_) | Pattern::Not(_) | Pattern::Substring(_) => {
            return None;
        }
    })
}

fn class(class: ClassUnicode) -> Hir {
    Hir::class(Class::Unicode(class))
}

/// The pattern as rules over characters, or `None` where it has `&`, `~` or bytes.
pub(super) fn characters(pattern: &Pattern, builder: &mut GrammarBuilder) -> Option<Expr> {
    of_hir(&hir(pattern, usize::MAX)?, builder)
}

fn of_hir(hir: &Hir, builder: &mut GrammarBuilder) -> Option<Expr> {
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(Look::Start | Look::End) => Expr::Empty,
        HirKind::Look(_) => return None,
        HirKind::Literal(Literal(bytes)) => {
            let text = std::str::from_utf8(bytes).ok()?;
            Expr::seq(text.chars().map(|c| builder.literal(&c.to_string())))
        }
        HirKind::Class(Class::Unicode(set)) => one(set, builder)?,
        HirKind::Class(Class::Bytes(set)) => one(&set.to_unicode_class()?, builder)?,
        HirKind::Capture(capture) => of_hir(&capture.sub, builder)?,
        HirKind::Repetition(repetition) => {
            of_hir(&repetition.sub, builder)?.repeat(repetition.min, repetition.max)
        }
        HirKind::Concat(parts) => Expr::seq(each(parts, builder)?),
        HirKind::Alternation(parts) => Expr::alt(each(parts, builder)?),
    })
}

fn each(parts: &[Hir], builder: &mut GrammarBuilder) -> Option<Vec<Expr>> {
    parts.iter().map(|part| of_hir(part, builder)).collect()
}

fn one(set: &ClassUnicode, builder: &mut GrammarBuilder) -> Option<Expr> {
    if let Some(c) = chars::single(set) {
        return Some(builder.literal(&c.to_string()));
    }
    let regex = regex_of(class(set.clone()))?;
    Some(Expr::terminal(builder.anonymous(
        Pattern::Regex(regex),
        Extent::Longest,
        None,
    )))
}
