//! Only the rules and terminals that sentences are made of.

use std::collections::BTreeSet;

use larkspur_grammar::{
    Grammar,
    grammar::{Expr, TerminalId, analysis},
};

use super::GrammarError;

/// A grammar made once with all there might be, and, if something of it is not needed, again without that.
pub(super) fn needed(
    made: impl Fn(BTreeSet<String>) -> Result<Grammar, GrammarError>,
) -> Result<Grammar, GrammarError> {
    let whole = made(BTreeSet::new())?;
    let unused = unused(&whole);
    if unused.is_empty() {
        return Ok(whole);
    }
    made(unused)
}

/// Names of rules and terminals that the start leads nowhere near.
fn unused(grammar: &Grammar) -> BTreeSet<String> {
    let (mut rules, mut terminals) = (BTreeSet::from([grammar.start()]), BTreeSet::new());
    let mut open = vec![grammar.start()];
    while let Some(rule) = open.pop() {
        let body = &grammar.rule(rule).body;
        terminals.extend(terminals_in(body));
        let used = analysis::rules_in(body).into_iter();
        open.extend(used.filter(|rule| rules.insert(*rule)));
    }
    let rules = grammar.rule_ids().filter(|rule| !rules.contains(rule));
    let rules = rules.map(|rule| grammar.rule(rule).name.clone());
    let terminals = grammar.terminal_ids().filter(|id| !terminals.contains(id));
    let terminals = terminals.map(|id| grammar.terminal(id).name.clone());
    rules.chain(terminals).collect()
}

fn terminals_in(body: &Expr) -> Vec<TerminalId> {
    let (mut found, mut open) = (Vec::new(), vec![body]);
    while let Some(expr) = open.pop() {
        if let Expr::Terminal { id, .. } = expr {
            found.push(*id);
        }
        open.extend(expr.children());
    }
    found
}
