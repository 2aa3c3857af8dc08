//! Texts under a constraint, without a server.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Error;
use crate::engine::{Engine, Rule};
use crate::writer::{self, Order, Writer};

/// Bytes after which a text is given up.
const MAX_BYTES: usize = 16 << 10;
/// Time for one text.
const TIME: Duration = Duration::from_secs(20);

/// What a model may write that is held to a constraint: texts drawn by llguidance, the engine that `OpenAI` runs.
///
/// A [`Sim`](crate::Sim) answers with such texts; this gives them without HTTP, for tests of a parser against everything that
/// the constraint lets through.
///
/// ```
/// use larkspur_sim::{Constrained, Writer};
///
/// let constrained = Constrained::lark(r#"start: /[a-z]{1,8}/ ("," /[a-z]{1,8}/)*"#)?;
/// for seed in 0..100 {
///     if let Some(text) = constrained.write(Writer::Random, seed)? {
///         assert!(text.split(',').all(|word| (1..=8).contains(&word.len())), "{text}");
///     }
/// }
/// # Ok::<(), larkspur_sim::Error>(())
/// ```
pub struct Constrained {
    engine: Engine,
    rule: Rule,
}

impl Constrained {
    /// Under a Lark grammar in the dialect of llguidance.
    ///
    /// # Errors
    /// With the engine's message if it does not take the grammar.
    pub fn lark(grammar: impl Into<String>) -> Result<Self, Error> {
        Self::new(Rule::Lark(grammar.into()))
    }

    /// Under a regular expression in Rust's syntax, which the whole text matches.
    ///
    /// # Errors
    /// With the engine's message if it does not take the expression.
    pub fn regex(pattern: impl Into<String>) -> Result<Self, Error> {
        Self::new(Rule::Regex(pattern.into()))
    }

    /// Under a JSON Schema, with properties in the order of the schema.
    ///
    /// # Errors
    /// With the engine's message if it does not take the schema.
    pub fn json_schema(schema: Value) -> Result<Self, Error> {
        Self::new(Rule::Schema(schema))
    }

    fn new(rule: Rule) -> Result<Self, Error> {
        let engine = Engine::new().map_err(Error::engine)?;
        engine.check(&rule).map_err(Error::constraint)?;
        Ok(Self { engine, rule })
    }

    /// A text; the same one for the same seed. Nothing where the writer had come to no end after 16 KiB: it chooses byte by byte
    /// and may run away where most choices lead deeper.
    ///
    /// # Errors
    /// If the engine gives up, or if the constraint leads to a place where nothing can follow.
    pub fn write(&self, writer: Writer, seed: u64) -> Result<Option<String>, Error> {
        let order = Order {
            rule: &self.rule,
            name: "text",
            prompt: "",
            seed,
            max_bytes: MAX_BYTES,
            deadline: Instant::now() + TIME,
        };
        let draft = writer::write(&self.engine, writer, &order).map_err(Error::constraint)?;
        Ok(draft.finished.then_some(draft.text))
    }
}

impl std::fmt::Debug for Constrained {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Constrained")
            .field("rule", &self.rule)
            .finish_non_exhaustive()
    }
}
