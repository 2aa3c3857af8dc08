//! From a grammar to what the engine reads with.

use std::fmt;

use fixedbitset::FixedBitSet;

use super::bnf::{Bnf, Sym, TermId};
use super::epsilon;
use super::lexer::LexerSpec;
use super::lower::{LowerError, Lowered, Lowering, Terminals};
use super::lr::LrSpec;
use super::replay::Recipes;
use super::scannerless::{self, Characters};
use super::{Config, Spec};
use crate::automaton::{self, ExprRef, Exprs, PatternError};
use crate::grammar::{Extent, Grammar, RuleId, Semantics, TerminalId};
use crate::span::Span;
use crate::table::{Id as _, Table};

/// A grammar that the engine cannot read with.
#[derive(Clone, Debug)]
pub struct CompileError {
    kind: Kind,
    /// Where in the grammar's text.
    span: Option<Span>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Opaque(String),
    LookAround(String),
    Intersection(String),
    TerminalTooBig(String, usize),
    TooManySymbols(usize),
    TablesTooBig,
}

impl CompileError {
    /// Where in the grammar's text the cause is, if there is one place.
    pub fn span(&self) -> Option<Span> {
        self.span
    }

    /// Whether a limit of the [`Config`] was reached.
    pub fn is_limit(&self) -> bool {
        matches!(
            self.kind,
            Kind::TerminalTooBig(..) | Kind::TooManySymbols(_) | Kind::TablesTooBig
        )
    }

    fn at_rule(grammar: &Grammar, id: RuleId) -> Self {
        let rule = grammar.rule(id);
        Self {
            kind: Kind::Opaque(rule.name.clone()),
            span: rule.span,
        }
    }

    fn at_terminal(
        grammar: &Grammar,
        id: TerminalId,
        error: PatternError,
        config: &Config,
    ) -> Self {
        let terminal = grammar.terminal(id);
        let name = terminal.name.clone();
        Self {
            kind: match error {
                PatternError::LookAround => Kind::LookAround(name),
                PatternError::TooBig => Kind::TerminalTooBig(name, config.max_terminal_nodes),
            },
            span: terminal.span,
        }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Opaque(rule) => write!(
                f,
                "rule `{rule}` holds a piece that only a server can read (`%json`, `@grammar`, a special token); \
                 replace it by rules to read texts here"
            ),
            Kind::LookAround(terminal) => write!(
                f,
                "terminal `{terminal}` looks around in the middle of a regex; \
                 say what may follow with a rule instead"
            ),
            Kind::Intersection(terminal) => write!(
                f,
                "terminal `{terminal}` uses `&`, `~` or bytes that are no text, which a grammar without a lexer cannot say"
            ),
            Kind::TerminalTooBig(terminal, limit) => write!(
                f,
                "terminal `{terminal}` brings the terminals over {limit} nodes (`max_terminal_nodes`); \
                 use smaller classes or fewer alternatives"
            ),
            Kind::TooManySymbols(limit) => {
                write!(
                    f,
                    "the rules have more than {limit} symbols (`max_symbols`)"
                )
            }
            Kind::TablesTooBig => write!(
                f,
                "the grammar has too many rules for its number of terminals: their table of first terminals would be \
                 larger than 256 MiB; join strings that only differ in text into one terminal"
            ),
        }
    }
}

impl std::error::Error for CompileError {}

/// Bytes of the table of first terminals.
const MAX_FIRST_BYTES: usize = 256 << 20;

/// The terminals of the lexer.
struct LexerTerminals {
    terms: Table<TermId, ExprRef>,
    names: Vec<TerminalId>,
    shortest: Vec<TermId>,
}

pub(super) fn compile(grammar: &Grammar, config: Config) -> Result<Spec, CompileError> {
    let mut exprs = Exprs::new();
    let patterns = automaton::terminals(grammar, &mut exprs, config.max_terminal_nodes)
        .map_err(|(id, error)| CompileError::at_terminal(grammar, id, error, &config))?;
    let (mut bnf, mut lexer) = if grammar.semantics() == Semantics::Scannerless {
        characters(grammar, &mut exprs, &config)?
    } else {
        lexemes(grammar, &exprs, &patterns, &config)?
    };
    let ignored: Vec<ExprRef> = grammar
        .ignore()
        .iter()
        .filter_map(|id| patterns.get(id.index()).copied())
        .collect();
    let python = grammar.semantics() == Semantics::Lark;
    let (mut skip, mut apart) = (None, Vec::new());
    if python {
        apart.extend(ignored.into_iter().map(|one| lexer.terms.push(one)));
    } else if !ignored.is_empty() {
        skip = Some(lexer.terms.push(exprs.any_of(ignored)));
    }
    bnf.terminals = lexer.terms.len();
    bnf.mark_passing();
    let end = lexer.terms.next_id();
    let first = bnf
        .first_sets(end.index() + 1, MAX_FIRST_BYTES)
        .ok_or(CompileError {
            kind: Kind::TablesTooBig,
            span: None,
        })?;
    let classes = exprs.byte_classes();
    // Terminals that match nothing at all (an empty intersection) never take part.
    let budget = config.max_automaton_states.saturating_mul(4);
    let terms = lexer
        .terms
        .iter()
        .map(|expr| exprs.settle(*expr, &classes, budget).unwrap_or(*expr))
        .collect();
    Ok(Spec {
        grammar: grammar.clone(),
        config,
        lexer: LexerSpec {
            terms,
            shortest: lexer.shortest,
            skip,
            ignored: apart,
            classes,
        },
        recipes: Recipes::new(&bnf),
        lr: LrSpec::new(bnf, first, end),
        exprs,
        names: lexer.names,
        allow_initial_skip: grammar.options().allow_initial_skip,
        has_priorities: super::priority::has_priorities(grammar),
        ignore_once: grammar.options().ignore_once,
    })
}

/// With a lexer: the terminals of the grammar are those of the lexer.
fn lexemes(
    grammar: &Grammar,
    exprs: &Exprs,
    patterns: &[ExprRef],
    config: &Config,
) -> Result<(Bnf, LexerTerminals), CompileError> {
    let symbols: Vec<Sym> = (0..patterns.len())
        .map(|index| Sym::term(TermId::from_index(index)))
        .collect();
    let mut nullable = FixedBitSet::with_capacity(patterns.len());
    for (index, pattern) in patterns.iter().enumerate() {
        nullable.set(index, exprs.is_nullable(*pattern));
    }
    let terminals = Terminals {
        symbols: &symbols,
        nullable: &nullable,
    };
    let lowered = Lowering::new(grammar, terminals, config.max_symbols).run();
    let bnf = productions(grammar, lowered, config)?;
    Ok((
        bnf,
        LexerTerminals {
            terms: patterns.iter().copied().collect(),
            names: grammar.terminal_ids().collect(),
            shortest: grammar
                .terminal_ids()
                .filter(|id| grammar.terminal(*id).extent == Extent::Shortest)
                .map(|id| TermId::from_index(id.index()))
                .collect(),
        },
    ))
}

/// Without a lexer: terminals become rules over characters.
fn characters(
    grammar: &Grammar,
    exprs: &mut Exprs,
    config: &Config,
) -> Result<(Bnf, LexerTerminals), CompileError> {
    let Characters {
        lowered,
        terms,
        names,
    } = scannerless::lower(grammar, exprs, config.max_symbols)
        .map_err(|error| lower_error(grammar, &error, config))?;
    let bnf = productions(grammar, Ok(lowered), config)?;
    Ok((
        bnf,
        LexerTerminals {
            terms,
            names,
            shortest: Vec::new(),
        },
    ))
}

fn productions(
    grammar: &Grammar,
    lowered: Result<Lowered, LowerError>,
    config: &Config,
) -> Result<Bnf, CompileError> {
    let lowered = lowered.map_err(|error| lower_error(grammar, &error, config))?;
    Ok(epsilon::expand(grammar, lowered))
}

fn lower_error(grammar: &Grammar, error: &LowerError, config: &Config) -> CompileError {
    match error {
        LowerError::Opaque(rule) => CompileError::at_rule(grammar, *rule),
        LowerError::Intersection(terminal) => CompileError {
            kind: Kind::Intersection(grammar.terminal(*terminal).name.clone()),
            span: grammar.terminal(*terminal).span,
        },
        LowerError::TooBig => CompileError {
            kind: Kind::TooManySymbols(config.max_symbols),
            span: None,
        },
    }
}
