//! Rules for strings, where a value of the original has to be given its branch.

#[cfg(feature = "validate")]
use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value};

/// A `pattern` and a `format`.
///
/// Only lowering a value asks for them: what is sent is told apart without. So the expression is compiled when it is first
/// needed, and not at all in a build without the feature `validate`, in which every string is taken to match.
#[derive(Clone, Debug)]
pub(super) struct TextRule {
    #[cfg(feature = "validate")]
    inner: Arc<Inner>,
}

#[cfg(feature = "validate")]
#[derive(Debug)]
struct Inner {
    schema: Value,
    validator: OnceLock<Option<jsonschema::Validator>>,
}

impl TextRule {
    /// The rule that the keywords say, if they say one.
    pub(super) fn new(keywords: &Map<String, Value>) -> Option<Self> {
        let rules: Map<String, Value> = keywords
            .iter()
            .filter(|(keyword, _)| matches!(keyword.as_str(), "pattern" | "format"))
            .map(|(keyword, value)| (keyword.clone(), value.clone()))
            .collect();
        if rules.is_empty() {
            return None;
        }
        #[cfg(feature = "validate")]
        let rule = Self {
            inner: Arc::new(Inner {
                schema: Value::Object(rules),
                validator: OnceLock::new(),
            }),
        };
        #[cfg(not(feature = "validate"))]
        let rule = Self {};
        Some(rule)
    }

    /// Whether a string follows the rule, as far as this can be said.
    #[cfg(feature = "validate")]
    pub(super) fn accepts(&self, text: &str) -> bool {
        let compile = || {
            jsonschema::options()
                .offline()
                .should_validate_formats(true)
                .build(&self.inner.schema)
                .ok()
        };
        let validator = self.inner.validator.get_or_init(compile);
        validator
            .as_ref()
            .is_none_or(|validator| validator.is_valid(&Value::String(text.to_owned())))
    }

    #[cfg(not(feature = "validate"))]
    #[expect(clippy::unused_self, reason = "the signature of the other build")]
    pub(super) fn accepts(&self, _text: &str) -> bool {
        true
    }
}
