//! Values of a schema.

use std::fmt;
use std::sync::Arc;

use larkspur_output::JsonReader;
use larkspur_schema::grammar::{Options, PropertyOrder, Spelling, WhiteSpace, to_grammar};
use proptest::strategy::{NewTree, Strategy};
use proptest::test_runner::{Reason, TestRunner};
use serde_json::Value;

use crate::read::ReadTree;
use crate::texts::{Sentences, sentences};

/// Values that satisfy a schema, for the reader under test. See [`Values`].
///
/// ```
/// use larkspur_proptest::values;
/// use proptest::prelude::*;
/// use serde_json::json;
///
/// let schema = json!({"type": "object", "properties": {
///     "port": {"type": "integer", "minimum": 1, "maximum": 65_535}, "host": {"type": "string", "minLength": 1},
/// }, "required": ["port"], "additionalProperties": false});
///
/// proptest!(|(value in values(&schema))| {
///     let port = value["port"].as_u64();
///     prop_assert!(port.is_some_and(|port| u16::try_from(port).is_ok_and(|port| port > 0)));
/// });
/// ```
pub fn values(schema: &Value) -> Values {
    let options = Options {
        order: PropertyOrder::Declared,
        white_space: WhiteSpace::None,
        spelling: Spelling::Plain,
        ..Options::default()
    };
    let texts = to_grammar(schema, &options)
        .map(|made| sentences(&made.grammar))
        .map_err(|error| error.to_string());
    let reader = JsonReader::new(schema).map_err(|error| error.to_string());
    Values {
        texts: texts.and_then(|texts| reader.map(|reader| (texts, Arc::new(reader)))),
    }
}

/// The strategy of [`values`]: [`Sentences`] of the schema's grammar, read.
///
/// It shrinks as they do: to the value with the shortest and simplest text. Each value is judged by the `jsonschema` crate, so rules
/// that the grammar does not keep hold too; where these leave hardly any sentence, the strategy gives up and says so.
#[derive(Clone)]
pub struct Values {
    texts: Result<(Sentences, Arc<JsonReader>), String>,
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = self.texts.as_ref().map(|(texts, _)| texts);
        f.debug_tuple("Values").field(&texts).finish()
    }
}

impl Values {
    /// See [`Sentences::max_lexemes`]. Every brace, name, comma and scalar is a lexeme.
    pub fn max_lexemes(self, lexemes: usize) -> Self {
        self.map(|texts| texts.max_lexemes(lexemes))
    }

    /// See [`Sentences::min_lexemes`].
    pub fn min_lexemes(self, lexemes: usize) -> Self {
        self.map(|texts| texts.min_lexemes(lexemes))
    }

    fn map(self, change: impl FnOnce(Sentences) -> Sentences) -> Self {
        Self {
            texts: self.texts.map(|(texts, reader)| (change(texts), reader)),
        }
    }
}

impl Strategy for Values {
    type Tree = ReadTree<Value>;
    type Value = Value;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let (texts, reader) = self
            .texts
            .as_ref()
            .map_err(|why| Reason::from(why.clone()))?;
        let reader = Arc::clone(reader);
        let read = move |text: &str| {
            let node = reader
                .read_node(text)
                .map_err(|rejection| rejection.to_string())?;
            Ok(node.to_value())
        };
        ReadTree::new(texts, Arc::new(read), runner)
    }
}
