//! Terminals taken apart into characters, for languages that have no lexer.
//!
//! A terminal becomes a nonterminal over classes of characters. No character's bytes are the start of another's, so "longest
//! match" and "any match" are the same for a lexeme of one character, and the engine's lexer reads such a language exactly.

use fixedbitset::FixedBitSet;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind};
use rustc_hash::FxHashMap;

use super::bnf::{Part, Sym, TermId};
use super::lower::{LowerError, Lowered, Lowering, Occurrence, Terminals};
use crate::automaton::{CharClass, ExprRef, Exprs};
use crate::grammar::{Grammar, Pattern, TerminalId};
use crate::table::Table;

/// The productions and the characters of a grammar.
pub(super) struct Characters {
    pub(super) lowered: Lowered,
    pub(super) terms: Table<TermId, ExprRef>,
    /// For each class of characters, the first terminal that has it.
    pub(super) names: Vec<TerminalId>,
}

pub(super) fn lower(
    grammar: &Grammar,
    exprs: &mut Exprs,
    max_symbols: usize,
) -> Result<Characters, LowerError> {
    let mut classes = Classes {
        exprs,
        terms: Table::new(),
        names: Vec::new(),
        known: FxHashMap::default(),
    };
    let nullable = nullable_terminals(grammar);
    // Terminals are nonterminals here: they follow the rules in number.
    let symbols: Vec<Sym> = (0..grammar.terminals().len())
        .map(|index| Sym::nt(Lowering::after_rules(grammar, index)))
        .collect();
    let terminals = Terminals {
        symbols: &symbols,
        nullable: &nullable,
    };
    let mut lowering = Lowering::new(grammar, terminals, max_symbols);
    lowering.reserve_terminals();
    for id in grammar.terminal_ids() {
        let rhs = pattern(
            &mut lowering,
            &mut classes,
            id,
            &grammar.terminal(id).pattern,
        )?;
        lowering.define_terminal(id, rhs);
    }
    let Classes { terms, names, .. } = classes;
    Ok(Characters {
        lowered: lowering.run()?,
        terms,
        names,
    })
}

struct Classes<'e> {
    exprs: &'e mut Exprs,
    terms: Table<TermId, ExprRef>,
    names: Vec<TerminalId>,
    known: FxHashMap<ExprRef, TermId>,
}

impl Classes<'_> {
    fn character(&mut self, name: TerminalId, class: CharClass<'_>) -> Occurrence {
        let expr = self.exprs.character(class);
        let term = *self.known.entry(expr).or_insert_with(|| {
            self.names.push(name);
            self.terms.push(expr)
        });
        Occurrence {
            sym: Sym::term(term),
            part: Part::Drop,
            optional: false,
            fill: Vec::new(),
            other: None,
        }
    }

    fn text(&mut self, name: TerminalId, text: &str, ignore_case: bool) -> Vec<Occurrence> {
        text.chars()
            .map(|c| {
                let mut class = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
                if ignore_case {
                    class.case_fold_simple();
                }
                self.character(name, CharClass::Unicode(class.ranges()))
            })
            .collect()
    }
}

fn pattern(
    lowering: &mut Lowering<'_>,
    classes: &mut Classes<'_>,
    name: TerminalId,
    of: &Pattern,
) -> Result<Vec<Occurrence>, LowerError> {
    lowering.charge()?;
    Ok(match of {
        Pattern::Literal { text, ignore_case } => classes.text(name, text, *ignore_case),
        Pattern::Range { first, last } => {
            let range = [ClassUnicodeRange::new(*first, *last)];
            vec![classes.character(name, CharClass::Unicode(&range))]
        }
        Pattern::Regex(regex) => hir(lowering, classes, name, &regex.hir)?,
        Pattern::Terminal(id) => vec![lowering.terminal_inside(*id)],
        Pattern::Concat(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(pattern(lowering, classes, name, part)?);
            }
            all
        }
        Pattern::Alt(parts) => {
            let mut ways = Vec::new();
            for part in parts {
                ways.push(pattern(lowering, classes, name, part)?);
            }
            lowering.one_of(ways)
        }
        Pattern::Repeat {
            pattern: inner,
            min,
            max,
        } => {
            let inner = pattern(lowering, classes, name, inner)?;
            lowering.repeated(inner, *min, *max, Vec::new())
        }
        Pattern::Substring(pieces) => {
            let mut from_here: Vec<Occurrence> = Vec::new();
            let mut starts = vec![Vec::new()];
            for piece in pieces.iter().rev() {
                let mut text = classes.text(name, piece, false);
                let rest = lowering.repeated(from_here, 0, Some(1), Vec::new());
                text.extend(rest);
                starts.push(text.clone());
                from_here = text;
            }
            lowering.one_of(starts)
        }
        // Intersection and complement are no context-free productions of their parts.
        Pattern::And(_) | Pattern::Not(_) => return Err(LowerError::Intersection(name)),
    })
}

fn hir(
    lowering: &mut Lowering<'_>,
    classes: &mut Classes<'_>,
    name: TerminalId,
    of: &Hir,
) -> Result<Vec<Occurrence>, LowerError> {
    lowering.charge()?;
    Ok(match of.kind() {
        HirKind::Empty | HirKind::Look(_) => Vec::new(),
        HirKind::Literal(text) => match std::str::from_utf8(&text.0) {
            Ok(text) => classes.text(name, text, false),
            Err(_) => return Err(LowerError::Intersection(name)),
        },
        HirKind::Class(Class::Unicode(class)) => {
            vec![classes.character(name, CharClass::Unicode(class.ranges()))]
        }
        HirKind::Class(Class::Bytes(class)) => {
            vec![classes.character(name, CharClass::Bytes(class.ranges()))]
        }
        HirKind::Repetition(repetition) => {
            let inner = hir(lowering, classes, name, &repetition.sub)?;
            lowering.repeated(inner, repetition.min, repetition.max, Vec::new())
        }
        HirKind::Capture(capture) => hir(lowering, classes, name, &capture.sub)?,
        HirKind::Concat(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(hir(lowering, classes, name, part)?);
            }
            all
        }
        HirKind::Alternation(parts) => {
            let mut ways = Vec::new();
            for part in parts {
                ways.push(hir(lowering, classes, name, part)?);
            }
            lowering.one_of(ways)
        }
    })
}

/// The terminals that match the empty text.
fn nullable_terminals(grammar: &Grammar) -> FixedBitSet {
    let mut found = FixedBitSet::with_capacity(grammar.terminals().len());
    loop {
        let before = found.count_ones(..);
        for id in grammar.terminal_ids() {
            if nullable(&grammar.terminal(id).pattern, &found) {
                found.insert(id.index());
            }
        }
        if found.count_ones(..) == before {
            return found;
        }
    }
}

fn nullable(pattern: &Pattern, found: &FixedBitSet) -> bool {
    match pattern {
        Pattern::Literal { text, .. } => text.is_empty(),
        Pattern::Range { .. } => false,
        Pattern::Regex(regex) => regex.hir.properties().minimum_len() == Some(0),
        Pattern::Terminal(id) => found.contains(id.index()),
        Pattern::Concat(parts) | Pattern::And(parts) => {
            parts.iter().all(|part| nullable(part, found))
        }
        Pattern::Alt(parts) => parts.iter().any(|part| nullable(part, found)),
        Pattern::Repeat { pattern, min, .. } => *min == 0 || nullable(pattern, found),
        Pattern::Not(inner) => !nullable(inner, found),
        Pattern::Substring(_) => true,
    }
}
