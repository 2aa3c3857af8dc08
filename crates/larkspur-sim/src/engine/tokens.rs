//! The engine over the vocabulary of a model: the same rules, a token at a time.

use llguidance::ParserFactory;
use llguidance::toktrie::{SimpleVob, TokEnv, TokenId};
use serde_json::{Value, json};

use super::{Engine, EngineError, Guide, Rule};

impl Rule {
    /// Any text at all.
    pub(crate) fn any_text() -> Self {
        Self::Regex("(?s:.*)".to_owned())
    }

    /// The rule with JSON as models are used to write it: on one line, with a space behind commas and colons. With white space as it
    /// likes a small model writes lines that hold nothing.
    pub(crate) fn on_one_line(&self) -> Self {
        let mut rule = self.clone();
        if let Self::Schema(Value::Object(schema)) = &mut rule {
            let spaces = json!({"whitespace_flexible": false, "item_separator": ", ", "key_separator": ": "});
            schema.insert("x-guidance".to_owned(), spaces);
        }
        rule
    }
}

impl Engine {
    /// An engine over the tokens of a model, with an empty cache.
    pub(crate) fn of_tokens(vocabulary: &TokEnv) -> Result<Self, EngineError> {
        let factory = ParserFactory::new_simple(vocabulary);
        factory.map(Self::with).map_err(EngineError::new)
    }
}

/// The tokens that may come next; one that ends the text is among them where it may end.
pub(crate) struct TokenMask(SimpleVob);

impl TokenMask {
    /// Whether the token may come.
    pub(crate) fn has(&self, token: TokenId) -> bool {
        self.0.is_allowed(token)
    }
}

impl Guide {
    /// What may come next.
    pub(crate) fn token_mask(&mut self) -> Result<TokenMask, EngineError> {
        let mask = self.matcher.compute_mask_or_eos();
        mask.map(TokenMask).map_err(EngineError::new)
    }

    /// Takes the next token, which must be one of the mask.
    pub(crate) fn push_token(&mut self, token: TokenId) -> Result<(), EngineError> {
        self.matcher.consume_token(token).map_err(EngineError::new)
    }

    /// Takes the tokens that have no alternative, and returns them.
    pub(crate) fn forced_tokens(&mut self) -> Vec<TokenId> {
        if self.matcher.is_stopped() {
            return Vec::new();
        }
        self.matcher.consume_ff_tokens()
    }
}
