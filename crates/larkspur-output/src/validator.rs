//! JSON Schema, through the `jsonschema` crate, on nodes that know their places.
//!
//! A good answer costs one pass that allocates next to nothing. Only for a bad one are the reasons collected, within a
//! budget: with `anyOf` inside recursive schemas the number of reasons can be exponential in the depth of the text.

mod branches;
mod equality;
mod explain;
mod json;

use std::sync::Arc;

use jsonschema::{PatternOptions, Retrieve, ValidationOptions};
use larkspur_json::Node;
use larkspur_schema::upgrade;
use serde_json::Value;

use self::{
    explain::Explainer,
    json::{Budget, Tree, View},
};
use crate::Violation;

/// A compiled schema.
pub(crate) struct Validator {
    compiled: jsonschema::Validator<Tree>,
    /// In draft 2020-12, but where only its own draft can say it. Error messages tell what the schema around the broken rule knows.
    schema: Value,
}

impl Validator {
    /// Most steps that a pattern with look-around or back-references may take on one string.
    const MOST_BACKTRACKING: usize = 100_000;

    /// Compiles a schema of any draft that lowering understands. References to other documents are never fetched, so they are
    /// errors.
    ///
    /// Patterns run in linear time. A pattern that the linear engine does not know (look-around, back-references) makes
    /// the whole schema use a backtracking engine with a bound on its steps; a string that reaches the bound is rejected.
    pub(crate) fn new(schema: &Value) -> Result<Self, String> {
        let upgraded = upgrade(schema);
        match compile(&upgraded) {
            Ok(compiled) => Ok(Self {
                compiled,
                schema: upgraded.into_owned(),
            }),
            // A reference to the metaschema of an older draft; and places in errors are those of the schema as it was given.
            Err(_) => match compile(schema) {
                Ok(compiled) => Ok(Self {
                    compiled,
                    schema: schema.clone(),
                }),
                Err(error) => Err(told(&error)),
            },
        }
    }

    /// The schema, in draft 2020-12 if it can be said so.
    pub(crate) const fn schema(&self) -> &Value {
        &self.schema
    }

    /// Whether the value fits.
    pub(crate) fn is_valid(&self, node: &Node<'_>) -> bool {
        self.compiled.is_valid(View::unlimited(node))
    }

    /// Why the value does not fit, and how many more reasons there are than are told; nothing where it fits.
    pub(crate) fn violations(&self, node: &Node<'_>) -> (Vec<Violation>, usize) {
        let budget = Budget::for_tree(node);
        let mut explainer = Explainer::new(node, &self.schema);
        for error in self.compiled.iter_errors(View::limited(node, &budget)) {
            explainer.explain(&error);
        }
        let (mut violations, omitted) = explainer.finish();
        if violations.is_empty() && (budget.is_spent() || !self.is_valid(node)) {
            let message = "the value does not fit the schema, in more ways than can be told";
            violations.push(
                Violation::new(message)
                    .masked_as(message)
                    .at(larkspur_json::Pointer::root())
                    .within(node.span),
            );
        }
        (violations, omitted)
    }
}

fn compile(
    schema: &Value,
) -> Result<jsonschema::Validator<Tree>, jsonschema::ValidationError<'static>> {
    let linear = options().with_pattern_options(PatternOptions::regex());
    linear.build(schema).or_else(|_| {
        let backtracking =
            PatternOptions::fancy_regex().backtrack_limit(Validator::MOST_BACKTRACKING);
        options().with_pattern_options(backtracking).build(schema)
    })
}

/// Why a schema is none, and where.
fn told(error: &jsonschema::ValidationError<'_>) -> String {
    match error.schema_path().as_str() {
        "" => error.to_string(),
        place => format!("{error} at {place}"),
    }
}

fn options() -> ValidationOptions<'static, Arc<dyn Retrieve>, Tree> {
    jsonschema::options_for::<Tree>()
        .offline()
        .should_validate_formats(true)
}
