//! The shape of a grammar: all that has a meaning, and nothing of where it was written.

use std::fmt::Write;

use larkspur_grammar::Grammar;
use larkspur_grammar::grammar::{Expr, Pattern};

/// Two grammars with the same shape are the same grammar.
pub(crate) fn shape(grammar: &Grammar) -> String {
    let mut out = String::new();
    for rule in grammar.rules() {
        let tree = (
            rule.tree.inline,
            rule.tree.inline_single,
            rule.tree.keep_all,
        );
        let _ = writeln!(
            out,
            "{} {tree:?} {} = {}",
            rule.name,
            rule.priority,
            expr(grammar, &rule.body)
        );
    }
    for terminal in grammar.terminals() {
        let _ = writeln!(
            out,
            "{} {} {:?} {} = {}",
            terminal.name,
            terminal.named,
            terminal.extent,
            terminal.priority,
            pattern(grammar, &terminal.pattern)
        );
    }
    let ignored: Vec<&str> = grammar
        .ignore()
        .iter()
        .map(|id| grammar.terminal(*id).name.as_str())
        .collect();
    let start = &grammar.rule(grammar.start()).name;
    let _ = writeln!(
        out,
        "{start} {ignored:?} {:?} {:?}",
        grammar.semantics(),
        grammar.options()
    );
    out
}

fn expr(grammar: &Grammar, of: &Expr) -> String {
    match of {
        Expr::Empty => "ε".to_owned(),
        Expr::Rule { id, .. } => grammar.rule(*id).name.clone(),
        Expr::Terminal { id, keep, .. } => format!("{}:{keep}", grammar.terminal(*id).name),
        Expr::Seq(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| expr(grammar, part)).collect();
            format!("({})", parts.join(" "))
        }
        Expr::Alt(parts) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| format!("{}->{:?}", expr(grammar, &part.expr), part.alias))
                .collect();
            format!("[{}]", parts.join(" | "))
        }
        Expr::Repeat {
            expr: inner,
            min,
            max,
            placeholder,
        } => {
            format!("{}{{{min},{max:?},{placeholder}}}", expr(grammar, inner))
        }
        Expr::Opaque { what, .. } => format!("{what:?}"),
        other => panic!("{other:?}"),
    }
}

fn pattern(grammar: &Grammar, of: &Pattern) -> String {
    match of {
        // Two spellings of one regex are one regex.
        Pattern::Regex(regex) => format!("{:?}", regex.hir),
        Pattern::Terminal(id) => grammar.terminal(*id).name.clone(),
        Pattern::Repeat {
            pattern: inner,
            min,
            max,
        } => {
            format!("{}{{{min},{max:?}}}", pattern(grammar, inner))
        }
        Pattern::Concat(parts) => format!("concat{:?}", all(grammar, parts)),
        Pattern::Alt(parts) => format!("alt{:?}", all(grammar, parts)),
        Pattern::And(parts) => format!("and{:?}", all(grammar, parts)),
        Pattern::Not(inner) => format!("not({})", pattern(grammar, inner)),
        other => format!("{other:?}"),
    }
}

fn all(grammar: &Grammar, parts: &[Pattern]) -> Vec<String> {
    parts.iter().map(|part| pattern(grammar, part)).collect()
}
