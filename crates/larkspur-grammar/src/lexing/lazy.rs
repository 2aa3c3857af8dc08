//! Where it makes a difference that a lexeme ends as soon as it can.
//!
//! llguidance ends a lazy lexeme at its first possible end and asks no other terminal, even one that matches the same text
//! or could go on. A reader without lazy lexemes knows the same texts of the terminal, but lets the others go on.

use fixedbitset::FixedBitSet;

use super::{Lexing, SETTLE, TooMuch, Walked, walk};
use crate::automaton::{ExprRef, Exprs};
use crate::grammar::{Extent, Grammar, TerminalId};

/// A lazy terminal beside which another one could go on.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub(crate) terminal: TerminalId,
    /// What could go on.
    pub(crate) rival: TerminalId,
    /// A text of the terminal, after which it has ended.
    pub(crate) lexeme: Vec<u8>,
}

impl Lexing {
    /// At most one finding for each lazy terminal. `None` if there is too much to look at.
    pub(crate) fn cuts(&mut self, grammar: &Grammar) -> Option<Vec<Cut>> {
        let ids: Vec<TerminalId> = grammar.terminal_ids().collect();
        let is_lazy = |id: &TerminalId| grammar.terminal(*id).extent == Extent::Shortest;
        let mut lazy: Vec<TerminalId> = ids.iter().copied().filter(is_lazy).collect();
        if lazy.is_empty() {
            return Some(Vec::new());
        }
        let ignore: FixedBitSet = grammar.ignore().iter().map(|id| id.index()).collect();
        let mut found = Vec::new();
        for allowed in self.contexts(grammar, &ignore)? {
            for terminal in lazy.clone() {
                if !allowed.contains(terminal.index()) {
                    continue;
                }
                let mut others = allowed.clone();
                others.set(terminal.index(), false);
                if let Some(lexeme) = self.ends_before(terminal, &others).ok()? {
                    let rival = self.goes_on_after(&others, &lexeme)?;
                    lazy.retain(|one| *one != terminal);
                    found.push(Cut {
                        terminal,
                        rival: ids.get(rival).copied()?,
                        lexeme,
                    });
                }
            }
        }
        found.sort_by_key(|cut| cut.terminal);
        Some(found)
    }

    /// A text of `terminal` that one of `others` begins with.
    fn ends_before(
        &mut self,
        terminal: TerminalId,
        others: &FixedBitSet,
    ) -> Result<Option<Vec<u8>>, TooMuch> {
        let automata = &mut self.automata;
        let parts: Vec<ExprRef> = others
            .ones()
            .filter_map(|at| automata.terminals.get(at).copied())
            .collect();
        let all = automata.exprs.or(parts);
        let walked = walk(
            automata,
            terminal.index(),
            all,
            &mut self.budget,
            |automata, others| {
                let settled = automata.exprs.settle(others, &automata.classes, SETTLE);
                (settled != Some(Exprs::NEVER)).then_some(0)
            },
        );
        match walked {
            Walked::Nothing => Ok(None),
            Walked::Found(lexeme, _) => Ok(Some(lexeme)),
            Walked::TooMuch => Err(TooMuch),
        }
    }

    /// The first of `others` that matches something that begins with `text`.
    fn goes_on_after(&mut self, others: &FixedBitSet, text: &[u8]) -> Option<usize> {
        others.ones().find(|at| self.begins_with(*at, text))
    }
}
