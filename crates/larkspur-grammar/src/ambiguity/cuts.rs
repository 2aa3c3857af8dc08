//! Whether lexemes can end at one place only, under the lexer of Python's Lark.
//!
//! There every terminal's own longest match goes on, so that one text may be cut into lexemes in several ways although the rules
//! have one reading for each of them (`start: A B | AB`). It cannot where no terminal that may stand at a place matches the
//! beginning of what another one matches there.

use rustc_hash::FxHashMap;

use crate::engine::bnf::TermId;
use crate::engine::lexer::LexState;
use crate::engine::run::Tables;
use crate::error::Exceeded;

/// What has matched on the way to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    Nothing,
    One(TermId),
    Several,
}

impl Before {
    fn and(self, term: TermId) -> Self {
        match self {
            Self::Nothing => Self::One(term),
            Self::One(known) if known == term => self,
            _ => Self::Several,
        }
    }

    fn joined(self, other: Self) -> Self {
        match other {
            Self::Nothing => self,
            Self::One(term) => self.and(term),
            Self::Several => other,
        }
    }
}

/// Whether all terminals that can match from `start` on end at one place of every text; `None` if that takes more than `steps`.
pub(super) fn ends_at_one_place(
    tables: &mut Tables<'_>,
    start: LexState,
    steps: &mut usize,
) -> Result<Option<bool>, Exceeded> {
    let (lexer, spec) = (&mut tables.cache.lexer, &tables.spec.lexer);
    let mut before = FxHashMap::from_iter([(start, Before::Nothing)]);
    let mut work = vec![start];
    while let Some(state) = work.pop() {
        let mut here = before.get(&state).copied().unwrap_or(Before::Nothing);
        let matching: Vec<TermId> = lexer.matching(state).collect();
        let one_place = match (here, matching.as_slice()) {
            (_, []) | (Before::Nothing, [_]) => true,
            // Those that end at the same place are one lexeme, unless one of them is ignored.
            (Before::Nothing, several) => !several.iter().any(|term| spec.ignored.contains(term)),
            (Before::One(known), [term]) => known == *term,
            _ => false,
        };
        if !one_place {
            return Ok(Some(false));
        }
        for term in matching {
            here = here.and(term);
        }
        // However large its automaton is, a terminal without a rival ends at one place.
        if lexer.possible(state).fold(here, Before::and) != Before::Several {
            continue;
        }
        for &byte in spec.classes.representatives() {
            let Some(next) = lexer.step(spec, state, byte, steps)? else {
                return Ok(None);
            };
            if next == LexState::DEAD {
                continue;
            }
            let known = before.get(&next).copied();
            let joined = known.unwrap_or(Before::Nothing).joined(here);
            if known != Some(joined) {
                before.insert(next, joined);
                work.push(next);
            }
        }
    }
    Ok(Some(true))
}
