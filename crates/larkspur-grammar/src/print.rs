//! Grammars as text.
//!
//! | printer | for | lexing of the target |
//! |---|---|---|
//! | [`lark`](fn@lark) | OpenAI's custom tools, llguidance, xgrammar, Python's Lark | that of the [`Dialect`](crate::Dialect) |
//! | [`gbnf`] | llama.cpp, Ollama, LM Studio | none: scannerless |
//! | [`ebnf`] | xgrammar (`vLLM`, `SGLang`) | none: scannerless |
//!
//! A printer always gives a text, and with it every [`Loss`]: without losses the text has exactly the sentences of the
//! grammar.

mod bnf;
mod lark;

use crate::grammar::Grammar;
use crate::loss::Loss;

pub use lark::lark;

/// A grammar as text, and what the text could not keep.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Printed {
    /// The text, with a final line end.
    pub text: String,
    /// Where its sentences are not those of the grammar. Empty: they are.
    pub losses: Vec<Loss>,
}

/// Prints `grammar` for llama.cpp: GBNF with the entry rule `root`.
///
/// Terminals become rules of characters, `&`, `~` and left recursion are rewritten, counts are kept below llama.cpp's
/// bound of 2,000 (`src/llama-grammar.cpp`). `%ignore` is woven in between the lexemes.
///
/// ```
/// use larkspur_grammar::grammar::{Expr, GrammarBuilder, Pattern, Semantics};
///
/// let mut builder = GrammarBuilder::new(Semantics::Scannerless);
/// let list = builder.rule("list");
/// let digit = builder.terminal("DIGIT");
/// builder.define_terminal(digit, Pattern::Range { first: '0', last: '9' });
/// let comma = builder.literal(",");
/// // list: list "," DIGIT | DIGIT
/// let longer = Expr::seq([Expr::rule(list), comma, Expr::terminal(digit)]);
/// builder.define_rule(list, Expr::alt([longer, Expr::terminal(digit)]));
///
/// let printed = larkspur_grammar::print::gbnf(&builder.build(list)?);
/// assert_eq!(printed.text, "root ::= digit (\",\" digit)*\n\ndigit ::= [0-9]\n");
/// assert!(printed.losses.is_empty());
/// # Ok::<(), larkspur_grammar::grammar::BuildError>(())
/// ```
pub fn gbnf(grammar: &Grammar) -> Printed {
    bnf::print(grammar, bnf::Target::Gbnf)
}

/// Prints `grammar` for xgrammar: its EBNF with the entry rule `root`.
pub fn ebnf(grammar: &Grammar) -> Printed {
    bnf::print(grammar, bnf::Target::Ebnf)
}
