//! Where an answer leaves its constraint, seen while it comes.

use std::fmt;

use larkspur_grammar::{
    Cache, Compiled, Dialect, ExpectedTerminal, Grammar, Limits, Matcher, Rejection as Refusal,
    diagnostic::render_all, import, lark,
};
use larkspur_schema::grammar::{Options, Spelling, WhiteSpace, to_grammar};
use serde_json::Value;

use crate::{
    Carrier, Constraint, GrammarFormat, GrammarSyntax, PrepareError, Rejection,
    grammar_reader::refused,
};

/// Holds an answer against its constraint while it comes: what [`Output::watch`](crate::Output::watch) gives.
///
/// The first byte that no answer has at its place is seen when it comes, and not when all has been paid for. What the grammar of a
/// schema does not keep (see [`to_grammar`]) is not seen, and is left to the reader.
///
/// JSON may be written in every way, but for two: a number with bounds is not written with an exponent in unusual ways, and a key is not
/// there twice.
///
/// ```
/// use larkspur_output::{OutputType, Target, json_schema};
/// use serde_json::json;
///
/// let schema = json!({"type": "object", "properties": {"size": {"enum": ["small", "large"]}}, "required": ["size"]});
/// let output = json_schema("order", schema).prepare(Target::openai())?;
/// let mut watch = output.watch()?;
/// assert!(watch.push(r#"{"size": "#).is_ok());
/// let rejection = watch.push(r#""medium", "#).unwrap_err();
/// assert_eq!(rejection.violations()[0].span.map(|span| span.start), Some(10));
/// assert_eq!(rejection.violations()[0].found.as_deref(), Some(r#""m""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Watch {
    matcher: Matcher,
    cache: Cache,
    text: String,
    rejection: Option<Rejection>,
    /// Reading on takes more than its limits allow.
    is_blind: bool,
}

/// The grammar of a constraint, ready to read.
pub(crate) fn compile(constraint: &Constraint) -> Result<Compiled, PrepareError> {
    let grammar = match constraint {
        Constraint::Text => return Err(PrepareError::new("any text is an answer".to_owned())),
        Constraint::JsonSchema(format) => of_schema(&format.schema)?,
        Constraint::Grammar(format) => of_format(format)?,
    };
    Compiled::new(&grammar).map_err(|error| {
        PrepareError::new(format!("texts cannot be read by this grammar: {error}"))
    })
}

/// Whatever a writer of JSON does is let pass.
pub(crate) fn of_schema(schema: &Value) -> Result<Grammar, PrepareError> {
    let options = Options {
        white_space: WhiteSpace::Everywhere,
        spelling: Spelling::Any,
        ..Options::default()
    };
    let made = to_grammar(schema, &options);
    made.map(|made| made.grammar)
        .map_err(|error| PrepareError::new(error.to_string()))
}

fn of_format(format: &GrammarFormat) -> Result<Grammar, PrepareError> {
    if format.carrier == Carrier::Description {
        let message =
            "the answer comes inside the arguments of a function, so that it cannot be watched";
        return Err(PrepareError::new(message.to_owned()));
    }
    let (text, limits) = (format.definition.as_str(), Limits::default());
    let imported = match format.syntax {
        GrammarSyntax::Lark => {
            return lark::compile(text, Dialect::openai())
                .map_err(|error| PrepareError::new(render_all(error.diagnostics(), text)));
        }
        GrammarSyntax::Regex => import::regex(text, &limits),
        GrammarSyntax::Gbnf => import::gbnf(text, &limits),
        GrammarSyntax::Ebnf => import::ebnf(text, &limits),
    };
    imported
        .map(|imported| imported.grammar)
        .map_err(|error| PrepareError::new(render_all(error.diagnostics(), text)))
}

impl Watch {
    pub(crate) fn new(compiled: &Compiled) -> Result<Self, PrepareError> {
        let mut cache = compiled.cache();
        let matcher = Matcher::new(compiled, &mut cache)
            .map_err(|error| PrepareError::new(error.to_string()))?;
        Ok(Self {
            matcher,
            cache,
            text: String::new(),
            rejection: None,
            is_blind: false,
        })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// At the first byte that no answer has there, with its place and what was expected; then again for every later piece. Where reading
    /// takes more than its limits allow there is no error any more.
    pub fn push(&mut self, piece: &str) -> Result<(), Rejection> {
        if let Some(rejection) = &self.rejection {
            return Err(rejection.clone());
        }
        self.text.push_str(piece);
        if self.is_blind {
            return Ok(());
        }
        let Err(error) = self.matcher.push(&mut self.cache, piece) else {
            return Ok(());
        };
        let Some(refusal) = error.rejection() else {
            self.is_blind = true;
            return Ok(());
        };
        let rejection = refused(&self.text, &without_blanks(refusal));
        self.rejection = Some(rejection.clone());
        Err(rejection)
    }

    /// Where the text left the constraint, if it has.
    pub const fn rejection(&self) -> Option<&Rejection> {
        self.rejection.as_ref()
    }

    /// All text that has come.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// That a colon or a comma that is already there could go on with white space helps nobody, where there is something else.
fn without_blanks(refusal: &Refusal) -> Refusal {
    let mut refusal = refusal.clone();
    let says_something = |terminal: &ExpectedTerminal| {
        let example = terminal.example.as_deref();
        !(terminal.goes_on && example.is_some_and(|example| example.trim().is_empty()))
    };
    if refusal.expected.end || refusal.expected.terminals.iter().any(says_something) {
        refusal.expected.terminals.retain(says_something);
    }
    refusal
}

/// Without the text.
impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("text_bytes", &self.text.len())
            .field("has_left", &self.rejection.is_some())
            .finish_non_exhaustive()
    }
}
