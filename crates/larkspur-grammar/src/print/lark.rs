//! Lark text, within what one reader of it understands.

mod fold;
mod meaning;
mod names;
mod nesting;
mod pattern;
mod rules;

use super::Printed;
use crate::dialect::{Dialect, Feature, Support};
use crate::grammar::{Extent, Grammar, Semantics, Terminal};
use crate::lexing::Lexing;

/// Prints `grammar` as Lark for one reader.
///
/// A grammar that came from Lark keeps its order, names, aliases and regexes. A scannerless one gets terminals: what is
/// regular becomes a terminal where a greedy lexer reads it the same way, and stays rules over characters where it does not.
///
/// ```
/// use larkspur_grammar::grammar::{Expr, GrammarBuilder, Pattern, Semantics};
/// use larkspur_grammar::{Dialect, print::lark};
///
/// let mut builder = GrammarBuilder::new(Semantics::Llguidance);
/// let start = builder.rule("start");
/// let digits = builder.terminal("DIGITS");
/// let digit = Pattern::Range { first: '0', last: '9' };
/// builder.define_terminal(digits, Pattern::Repeat { pattern: Box::new(digit), min: 1, max: Some(9) });
/// let comma = builder.literal(",");
/// let more = Expr::seq([comma, Expr::terminal(digits)]).star();
/// builder.define_rule(start, Expr::seq([Expr::terminal(digits), more]));
///
/// let printed = lark(&builder.build(start)?, Dialect::openai());
/// assert_eq!(printed.text, "\
/// start: DIGITS (\",\" DIGITS)*
///
/// DIGITS: (\"0\"..\"9\"){1,9}
/// ");
/// # Ok::<(), larkspur_grammar::grammar::BuildError>(())
/// ```
pub fn lark(grammar: &Grammar, dialect: &'static Dialect) -> Printed {
    let mut losses = Vec::new();
    let folded =
        needs_terminals(grammar, dialect).then(|| fold::fold(grammar, dialect, &mut losses));
    let grammar = folded.as_ref().unwrap_or(grammar);
    let mut lexing = needs_lexing(grammar, dialect)
        .then(|| Lexing::new(grammar))
        .flatten();
    if folded.is_none() {
        meaning::compare(grammar, dialect, lexing.as_mut(), &mut losses);
        meaning::lazy(grammar, dialect, lexing.as_mut(), &mut losses);
    }
    let text = rules::write(grammar, dialect, lexing.as_mut(), &mut losses);
    Printed { text, losses }
}

/// Whether a grammar over characters must be given terminals: for a reader with a lexer always, for one without where there
/// are none.
fn needs_terminals(grammar: &Grammar, dialect: &Dialect) -> bool {
    let named = grammar.terminals().iter().any(|terminal| terminal.named);
    grammar.semantics() == Semantics::Scannerless
        && (dialect.semantics() != Semantics::Scannerless || !named)
}

/// Whether anything depends on how the text is cut into lexemes, which is dear to find out: not where both readers cut it in the same
/// way and every terminal is written as it is.
fn needs_lexing(grammar: &Grammar, dialect: &Dialect) -> bool {
    let differs = |terminal: &Terminal| {
        terminal.extent == Extent::Shortest || pattern::uses_operators(&terminal.pattern)
    };
    grammar.semantics() != dialect.semantics() || grammar.terminals().iter().any(differs)
}

/// Whether lexemes are taken as long as they can be, for good.
fn is_greedy(dialect: &Dialect) -> bool {
    dialect.semantics() == Semantics::Llguidance
}

/// Whether a construct is known to be taken with its meaning.
fn takes(dialect: &Dialect, feature: Feature) -> bool {
    dialect.support(feature) == Support::Yes
}

/// Whether terminals may be written with `&` and `~`.
fn has_operators(dialect: &Dialect) -> bool {
    takes(dialect, Feature::Complement) && takes(dialect, Feature::Intersection)
}
