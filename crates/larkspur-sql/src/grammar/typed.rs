//! Grammars for databases that convert nothing by themselves: every expression has a type, and stands only where that type can.
//!
//! Groups and, behind `DISTINCT`, orders are named by the places of what is selected (`GROUP BY 1, 2`): so a grammar without a memory says
//! which columns there are. What is selected stands before the tables, and is read side by side for all of them, as in `query`.

mod from;
mod query;
mod table;
mod words;

use std::collections::BTreeSet;

use larkspur_grammar::{
    Grammar,
    grammar::{Expr, TerminalId, analysis},
};

use self::{query::Statement, words::Common};
use super::{GrammarError, Joins, Kind, Words, sources::Sources};
use crate::{Catalog, Policy};

/// The grammar over these sources; what no sentence needs is found out by making it once with all there might be.
pub(super) fn grammar(
    policy: &Policy,
    catalog: &Catalog,
    all: &Sources,
    joins: Joins,
    depth: usize,
) -> Result<Grammar, GrammarError> {
    let made = |unused: BTreeSet<String>| {
        let mut words = Words::new();
        words.unused = unused;
        let start = words.builder.rule("start");
        let common = Common::define(&mut words, policy);
        let statement = Statement::new(&mut words, &common, policy, catalog, all, joins);
        let body = statement.define(depth);
        // No table has a column that can be compared.
        let body = body.ok_or(GrammarError(Kind::NoTables))?;
        words.builder.define_rule(start, body);
        let built = words.builder.build(start);
        built.map_err(|error| GrammarError(Kind::Build(error)))
    };
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
