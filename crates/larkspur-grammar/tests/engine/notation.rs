//! Grammars for tests, from Lark's text.

use larkspur_grammar::grammar::Grammar;
use larkspur_grammar::{Dialect, Semantics, lark};

pub(crate) fn grammar(text: &str, semantics: Semantics) -> Grammar {
    let dialect = match semantics {
        Semantics::Lark => Dialect::lark(),
        Semantics::Scannerless => Dialect::xgrammar(),
        _ => Dialect::llguidance(),
    };
    assert_eq!(dialect.semantics(), semantics);
    lark::compile(text, dialect).unwrap_or_else(|error| panic!("{text}: {error}"))
}
