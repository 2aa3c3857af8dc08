//! The constraint engine: llguidance over a vocabulary of single bytes.
//!
//! OpenAI enforces constraints with llguidance, so the same library decides here what may be written next. A
//! *model* is replaced by a [writer](crate::writer); what it may write is not its own decision.
//!
//! A [`Rule`] is compiled once and kept in a bounded cache; every answer borrows a [`Guide`] from it. The vocabulary
//! has one token a byte, so a mask costs microseconds and the boundaries of tokens never show in an answer. Where a real model
//! writes, the vocabulary is the model's, and so are the boundaries.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use llguidance::api::TopLevelGrammar;
use llguidance::toktrie::{ApproximateTokEnv, InferenceCapabilities};
use llguidance::{Matcher, ParserFactory};
use serde_json::Value;

mod byte_set;
mod guide;
#[cfg(feature = "gguf")]
mod tokens;

pub(crate) use byte_set::ByteSet;
pub(crate) use guide::{Guide, Mask};
#[cfg(feature = "gguf")]
pub(crate) use tokens::TokenMask;

/// Compiled constraints kept; the oldest leaves first.
const KEPT_CONSTRAINTS: usize = 256;
/// States of one lexer, at one or two kilobytes each. What needs more is too complex for this server.
const MAX_LEXER_STATES: usize = 50_000;
/// Idle matchers kept for one constraint, ready for the next answer.
const IDLE_MATCHERS: usize = 4;

/// What an answer has to follow.
#[derive(Clone, Debug)]
pub(crate) enum Rule {
    /// JSON that a schema admits, with properties in the order of the schema.
    Schema(Value),
    /// A Lark grammar in the dialect of llguidance.
    Lark(String),
    /// A regular expression that the whole text has to match.
    Regex(String),
}

impl Rule {
    /// Any JSON object: what `json_object` promises.
    pub(crate) fn any_object() -> Self {
        Self::Schema(serde_json::json!({"type": "object"}))
    }

    fn key(&self) -> String {
        match self {
            Self::Schema(schema) => format!("json {schema}"),
            Self::Lark(text) => format!("lark {text}"),
            Self::Regex(text) => format!("regex {text}"),
        }
    }

    fn grammar(&self) -> TopLevelGrammar {
        match self {
            Self::Schema(schema) => TopLevelGrammar::from_json_schema(schema.clone()),
            Self::Lark(text) => TopLevelGrammar::from_lark(text.clone()),
            Self::Regex(text) => TopLevelGrammar::from_regex(text),
        }
    }
}

/// Why the engine could not go on. The text is llguidance's own.
#[derive(Clone, Debug)]
pub(crate) struct EngineError {
    message: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Constraint,
    DeadEnd,
    Time,
    /// What was said does not fit into the window of the model.
    Window,
    /// The model failed.
    Model,
}

impl EngineError {
    pub(crate) fn new(error: impl fmt::Display) -> Self {
        let message = error.to_string();
        let message = message
            .trim()
            .trim_end_matches("<non-verbose/>")
            .trim_end()
            .to_owned();
        let kind = if message.starts_with("NoExtensionBias") {
            Kind::DeadEnd
        } else {
            Kind::Constraint
        };
        Self { message, kind }
    }

    /// The time for an answer is over.
    pub(crate) fn time() -> Self {
        Self {
            message: "the time for one answer is over".to_owned(),
            kind: Kind::Time,
        }
    }

    /// What was said comes to more tokens than the model has room for.
    #[cfg_attr(
        not(feature = "gguf"),
        expect(dead_code, reason = "only a model says so")
    )]
    pub(crate) fn window(room: usize, tokens: usize) -> Self {
        Self {
            message: format!(
                "This model's maximum context length is {room} tokens. However, your messages resulted in {tokens} tokens. Please reduce the length of the messages."
            ),
            kind: Kind::Window,
        }
    }

    /// The model failed, in the words of its library.
    #[cfg_attr(
        not(feature = "gguf"),
        expect(dead_code, reason = "only a model says so")
    )]
    pub(crate) fn model(error: impl fmt::Display) -> Self {
        Self {
            message: format!("The model failed: {error}"),
            kind: Kind::Model,
        }
    }

    /// Whether what was said does not fit into the window of the model.
    pub(crate) fn is_window(&self) -> bool {
        self.kind == Kind::Window
    }

    /// Whether the model failed, which says nothing of the constraint.
    pub(crate) fn is_model(&self) -> bool {
        self.kind == Kind::Model
    }

    /// Whether the time for an answer ran out, which says nothing of the constraint.
    pub(crate) fn is_time(&self) -> bool {
        self.kind == Kind::Time
    }

    /// Whether nothing could follow a text that is not complete: the constraint admits no text from there, as a cycle
    /// of references does.
    pub(crate) fn is_dead_end(&self) -> bool {
        self.kind == Kind::DeadEnd
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EngineError {}

/// Compiles rules and lends guides.
pub(crate) struct Engine {
    factory: ParserFactory,
    cache: Mutex<VecDeque<(String, Arc<Compiled>)>>,
}

/// A rule ready for use: one fresh matcher to copy, and a few that are idle.
struct Compiled {
    fresh: Mutex<Matcher>,
    idle: Mutex<Vec<Matcher>>,
}

impl Compiled {
    /// Takes a matcher back. Its lexer has met more of the constraint by now, so the next answer starts faster.
    fn take_back(&self, mut matcher: Matcher) {
        if matcher.is_error() || matcher.reset().is_err() {
            return;
        }
        let mut idle = lock(&self.idle);
        if idle.len() < IDLE_MATCHERS {
            idle.push(matcher);
        }
    }
}

impl Engine {
    /// An engine over single bytes, with an empty cache.
    pub(crate) fn new() -> Result<Self, EngineError> {
        let vocabulary = ApproximateTokEnv::single_byte_env();
        let factory = ParserFactory::new(&vocabulary, InferenceCapabilities::default(), &[]);
        factory.map(Self::with).map_err(EngineError::new)
    }

    fn with(mut factory: ParserFactory) -> Self {
        factory.quiet();
        // Verbose errors repeat the grammar and the text so far, which belongs neither into a log nor into an answer.
        let limits = factory.limits_mut();
        limits.verbose_errors = false;
        limits.max_lexer_states = MAX_LEXER_STATES;
        Self {
            factory,
            cache: Mutex::new(VecDeque::new()),
        }
    }

    /// Says whether a rule compiles.
    pub(crate) fn check(&self, rule: &Rule) -> Result<(), EngineError> {
        self.compiled(rule).map(drop)
    }

    /// A guide at the start of a text under this rule.
    pub(crate) fn guide(&self, rule: &Rule) -> Result<Guide, EngineError> {
        let home = self.compiled(rule)?;
        let idle = lock(&home.idle).pop();
        let matcher = idle.unwrap_or_else(|| lock(&home.fresh).deep_clone());
        Ok(Guide::new(matcher, home))
    }

    fn compiled(&self, rule: &Rule) -> Result<Arc<Compiled>, EngineError> {
        let key = rule.key();
        if let Some(found) = self.cached(&key) {
            return Ok(found);
        }
        let matcher = Matcher::new(self.factory.create_parser(rule.grammar()));
        if let Some(error) = matcher.get_error() {
            return Err(EngineError::new(error));
        }
        let compiled = Arc::new(Compiled {
            fresh: Mutex::new(matcher),
            idle: Mutex::new(Vec::new()),
        });
        let mut cache = lock(&self.cache);
        cache.push_back((key, Arc::clone(&compiled)));
        if cache.len() > KEPT_CONSTRAINTS {
            cache.pop_front();
        }
        Ok(compiled)
    }

    fn cached(&self, key: &str) -> Option<Arc<Compiled>> {
        let mut cache = lock(&self.cache);
        let place = cache.iter().position(|(known, _)| known == key)?;
        let entry = cache.remove(place)?;
        let compiled = Arc::clone(&entry.1);
        cache.push_back(entry);
        Some(compiled)
    }
}

/// A poisoned lock here guards plain data that is whole at every step, so the data is still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
