//! Schemas as grammars: what the grammar accepts against what the schema says.

mod bench;
mod engines;
mod functions;
mod suite;

use std::collections::BTreeMap;

use larkspur_grammar::grammar::{Expr, analysis};
use larkspur_grammar::{Cache, Compiled};
use larkspur_schema::grammar::{GrammarError, Options, SchemaGrammar, to_grammar};
use serde_json::Value;

/// A schema's grammar, ready to read texts.
struct Made {
    grammar: SchemaGrammar,
    compiled: Compiled,
    cache: Cache,
}

impl Made {
    fn new(schema: &Value, options: &Options) -> Result<Self, GrammarError> {
        let grammar = to_grammar(schema, options)?;
        let compiled = Compiled::new(&grammar.grammar).unwrap();
        let cache = compiled.cache();
        Ok(Self {
            grammar,
            compiled,
            cache,
        })
    }

    /// Whether no text is a sentence.
    fn is_empty(&self) -> bool {
        let grammar = &self.grammar.grammar;
        let barren = analysis::barren_terminals(grammar, 20_000);
        let body = &grammar.rule(grammar.start()).body;
        matches!(body, Expr::Terminal { id, .. } if barren.contains(id.index()))
    }

    fn accepts(&mut self, text: &str) -> bool {
        self.compiled.accepts(&mut self.cache, text).unwrap()
    }

    fn keywords(&self) -> Vec<&str> {
        let keywords = self.grammar.relaxations.iter();
        keywords
            .map(|relaxation| relaxation.keyword.as_str())
            .collect()
    }
}

/// How often each thing was seen.
#[derive(Default)]
struct Tally(BTreeMap<String, usize>);

impl Tally {
    fn add(&mut self, what: impl Into<String>) {
        *self.0.entry(what.into()).or_default() += 1;
    }

    fn lines(&self) -> String {
        self.0
            .iter()
            .map(|(what, count)| format!("{what}: {count}\n"))
            .collect()
    }
}
