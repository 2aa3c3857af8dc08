//! Grammars for databases that convert nothing by themselves: every expression has a type, and stands only where that type can.
//!
//! Groups and, behind `DISTINCT`, orders are named by the places of what is selected (`GROUP BY 1, 2`): so a grammar without a memory says
//! which columns there are. What is selected stands before the tables, and is read side by side for all of them, as in `query`.

mod against;
mod columns;
mod from;
mod kinds;
mod level;
mod query;
mod rows;
mod steps;
mod table;
mod words;

use larkspur_grammar::Grammar;

use self::{query::Statement, words::Common};
use super::{GrammarError, Joins, Kind, Words, sources::Sources, spelling::Spelling};
use crate::{Catalog, Policy};

/// The grammar over these sources.
pub(super) fn grammar(
    policy: &Policy,
    catalog: &Catalog,
    all: &Sources,
    spelling: &Spelling,
    joins: Joins,
    (depth, several): (usize, bool),
) -> Result<Grammar, GrammarError> {
    let mut words = Words::new();
    let start = words.builder.rule("start");
    let common = Common::define(&mut words, policy);
    let mut statement = Statement::new(&mut words, &common, policy, catalog, (all, spelling));
    statement.joins = joins;
    statement.depth = depth;
    statement.several = several;
    let body = statement.define();
    // No table has a column that can be compared.
    let body = body.ok_or(GrammarError(Kind::NoTables))?;
    words.build(start, body)
}
