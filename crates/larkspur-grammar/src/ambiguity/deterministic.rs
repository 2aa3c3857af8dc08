//! Whether the whole automaton has one action in every cell.

use std::collections::hash_map::Entry;

use indexmap::IndexSet;
use rustc_hash::FxHashMap;

use super::{Effort, cuts};
use crate::engine::bnf::{Symbol, TermId};
use crate::engine::lexer::{AcceptId, END_OF_TEXT};
use crate::engine::lr::{Action, StateId};
use crate::engine::run::Tables;
use crate::engine::sets::SetId;
use crate::error::Exceeded;

/// `None` if that cannot be told within the limits.
pub(super) fn is_deterministic(
    tables: &mut Tables<'_>,
    effort: &Effort,
) -> Result<Option<bool>, Exceeded> {
    let end = tables.spec.lr.end;
    let mut steps = effort.max_lexer_steps;
    let mut states: IndexSet<StateId> = IndexSet::from([tables.initial()?]);
    let mut lexemes: FxHashMap<SetId, Vec<AcceptId>> = FxHashMap::default();
    let mut next = 0;
    while let Some(&state) = states.get_index(next) {
        next += 1;
        if states.len() > effort.max_states {
            return Ok(None);
        }
        let viable = tables.cache.lr.viable(state);
        let possible = tables.cache.lr.sets.iter(viable);
        let terms: Vec<TermId> = possible.filter(|term| *term != end).take(2).collect();
        if let Entry::Vacant(slot) = lexemes.entry(viable) {
            let start = tables.start_of(viable, true)?;
            if tables.spec.is_dynamic()
                && cuts::ends_at_one_place(tables, start, &mut steps)? != Some(true)
            {
                return Ok(None);
            }
            let (lexer, spec) = (&mut tables.cache.lexer, &tables.spec.lexer);
            let found = match terms.as_slice() {
                // However large its automaton is, a terminal without a rival is one thing only.
                [one] => vec![lexer.alone(spec, *one)],
                _ => match lexer.lexemes(spec, start, &mut steps)? {
                    Some(found) => found,
                    None => return Ok(None),
                },
            };
            slot.insert(found);
        }
        let possible = lexemes.get(&viable).into_iter().flatten();
        let (lr, spec) = (&mut tables.cache.lr, &tables.spec.lr);
        for lexeme in possible.chain([&END_OF_TEXT]) {
            match lr.action(spec, state, *lexeme, &tables.cache.lexer)? {
                Action::Conflict(_) => return Ok(Some(false)),
                Action::Shift(to) => {
                    states.insert(to);
                }
                Action::Error | Action::Accept | Action::Reduce(_) => {}
            }
        }
        for sym in lr.symbols(spec, state) {
            if let Symbol::Nt(nt) = sym.get() {
                states.insert(lr.goto(spec, state, nt)?);
            }
        }
    }
    Ok(Some(true))
}
