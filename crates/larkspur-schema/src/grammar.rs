//! JSON Schema as a grammar: the texts of the values that satisfy it.
//!
//! ```
//! use larkspur_grammar::{Compiled, Dialect, print};
//! use larkspur_schema::grammar::{Options, to_grammar};
//! use serde_json::json;
//!
//! let schema = json!({"type": "object", "properties": {
//!     "name": {"type": "string", "minLength": 1},
//!     "age": {"type": "integer", "minimum": 0, "maximum": 150},
//! }, "required": ["name"], "additionalProperties": false});
//! let made = to_grammar(&schema, &Options::default())?;
//! assert!(made.relaxations.is_empty());
//!
//! let compiled = Compiled::new(&made.grammar)?;
//! let mut cache = compiled.cache();
//! assert!(compiled.accepts(&mut cache, r#"{"age": 36, "name": "Ada"}"#)?);
//! assert!(!compiled.accepts(&mut cache, r#"{"name": "Ada", "age": 151}"#)?);
//!
//! let lark = print::lark(&made.grammar, Dialect::openai());
//! assert!(lark.text.starts_with("start:"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is promised
//! The grammar has the text of every value that satisfies the schema, and of no other value, but where a [`Relaxation`] says which
//! rule it does not keep: then it is *wider*. It is narrower only where [`Options`] say so: in the ways of writing a value
//! ([`Spelling`], [`WhiteSpace`]), and in the order of properties ([`PropertyOrder`]). That no name is there twice is not
//! looked after, for a value has none twice.
//!
//! # How
//! What a value has to satisfy is a set of schemas that hold and of schemas that do not: a *goal*. Each goal is a rule of the
//! grammar, made once, so recursion in the schema is recursion in the grammar. For each type of value the schemas of a goal are
//! multiplied out into *cases* (`cases`), and each case becomes a terminal (`scalars`) or a sequence of goals (`arrays`, `objects`). Rules that
//! derive nothing are left out at the end (`emit`).

mod arrays;
mod blocks;
mod body;
mod cases;
mod decimal;
mod denied;
mod digits;
mod disjoint;
mod document;
mod ecma;
mod emit;
mod findings;
mod formats;
mod language;
mod maker;
mod members;
mod numbers;
mod objects;
mod punctuation;
mod rules;
mod scalars;
mod spelling;
mod uri;
mod verdict;

use std::fmt;

use larkspur_grammar::Grammar;
use larkspur_json::Pointer;
use serde_json::Value;

pub use self::blocks::expand_json;
use self::{maker::Maker, punctuation::Signs};
use crate::{Diagnostic, Relaxation, check, draft};

/// A grammar made of a schema.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SchemaGrammar {
    /// The grammar. It has no sentence where no value satisfies the schema.
    pub grammar: Grammar,
    /// The rules that it does not keep. Without any, it is exact.
    pub relaxations: Vec<Relaxation>,
}

/// How a schema is made a grammar.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "options are written with `..Default::default()`"
)]
pub struct Options {
    /// The order of properties. Default: any.
    pub order: PropertyOrder,
    /// White space between the pieces of JSON. Default: wherever JSON has it inside a value.
    pub white_space: WhiteSpace,
    /// Ways of writing strings and numbers. Default: those of the usual writers.
    pub spelling: Spelling,
    /// Whether `format` is a rule. The standard leaves it open; the readers of these crates take it as one. Default: yes.
    pub formats: bool,
    /// Sets of required properties that are kept in mind for one object where the order is any, each of which is a rule of the
    /// grammar. Default: 64, which is six required properties; of more the others are relaxed.
    pub max_order_states: usize,
    /// Rules of the whole grammar. Default 50,000.
    pub max_rules: usize,
    /// Steps that may be taken to make it. Default 1,000,000.
    pub max_steps: usize,
    /// Documents that `$ref` and `$schema` may lead to, each with its URI. Nothing is ever fetched. Default: none.
    pub documents: Vec<(String, Value)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            order: PropertyOrder::default(),
            white_space: WhiteSpace::default(),
            spelling: Spelling::default(),
            formats: true,
            max_order_states: 64,
            max_rules: 50_000,
            max_steps: 1_000_000,
            documents: Vec::new(),
        }
    }
}

/// In which order the properties of an object may come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PropertyOrder {
    /// In any, as the standard has it. A grammar has to know which of the required ones it has met, so beyond
    /// [`Options::max_order_states`] it no longer asks for all of them.
    #[default]
    Any,
    /// In that of `properties`, then of `required`, then all others: what servers have models write. Exact for any number.
    Declared,
}

/// Where white space may stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WhiteSpace {
    /// Nowhere.
    None,
    /// Between the pieces of a value, as much as one likes.
    #[default]
    Between,
    /// Also before and behind the whole value.
    Everywhere,
}

/// How strings and numbers may be written where something is said of their values. Strings and numbers of which nothing is
/// said may always be written in every way that JSON has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Spelling {
    /// In the shortest way: only characters that have to be are escaped, whole numbers are digits, no number with bounds has an
    /// exponent. The simplest grammar, fit for models.
    Plain,
    /// As the usual writers do (`serde_json`, Python's `json`, JavaScript's `JSON`): `é` also as `\u00e9`, `/` also as `\/`, `1` also as
    /// `1.0`, and numbers with bounds also with one digit before the point and an exponent, whole ones from 1e16 on. Of
    /// numbers so large it is not looked whether they are multiples. Letters of classes that take more than 300 ranges to write, such as
    /// `\p{L}`, are not escaped.
    #[default]
    Usual,
    /// As `Usual`, and every character may be written as `\uXXXX`.
    Any,
}

/// Makes the grammar of a schema. See the [module](self).
///
/// Drafts 4 to 2020-12 and OpenAPI 3.0 and 3.1 are understood, with or without a `$schema`, as [`upgrade`](crate::upgrade) reads them.
///
/// # Errors
/// Where the schema is not one (a keyword with a value of the wrong kind, a reference that leads nowhere inside it), or takes more
/// than [`Options`] allow. All problems are in the error.
pub fn to_grammar(schema: &Value, options: &Options) -> Result<SchemaGrammar, GrammarError> {
    make(schema, options, Signs::of(options.white_space))
}

fn make(schema: &Value, options: &Options, signs: &Signs) -> Result<SchemaGrammar, GrammarError> {
    let oversized = check::size::problems(schema);
    if !oversized.is_empty() {
        return Err(GrammarError::new(oversized));
    }
    if !document::is_schema(schema) {
        let message = "a schema is an object or a boolean";
        let problem = Diagnostic::error("malformed-schema", &Pointer::root(), message);
        return Err(GrammarError::new(vec![problem]));
    }
    let modern = draft::modern(schema);
    let documents: Vec<(String, Value)> = options
        .documents
        .iter()
        .map(|(uri, document)| (uri.clone(), draft::upgrade(document).into_owned()))
        .collect();
    let mut maker = Maker::new(&modern.schema, &documents, options, signs);
    let start = maker.run();
    if !maker.problems.is_empty() {
        for problem in &mut maker.problems {
            problem.pointer = modern.original(&problem.pointer);
        }
        return Err(GrammarError::new(maker.problems));
    }
    let grammar = emit::emit(&maker, &start).map_err(|error| {
        let problem = Diagnostic::error("too-large", &Pointer::root(), error.to_string());
        GrammarError::new(vec![problem])
    })?;
    let mut relaxations = maker.relaxations;
    for rule in &mut relaxations {
        (rule.pointer, rule.keyword) = modern.original_keyword(&rule.pointer, &rule.keyword);
    }
    Ok(SchemaGrammar {
        grammar,
        relaxations,
    })
}

/// A schema that no grammar is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrammarError {
    diagnostics: Vec<Diagnostic>,
}

impl GrammarError {
    fn new(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics }
    }

    /// Everything that stands in the way.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

impl fmt::Display for GrammarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.diagnostics.split_first() {
            None => f.write_str("the schema cannot be made a grammar"),
            Some((first, [])) => write!(f, "the schema cannot be made a grammar: {first}"),
            Some((first, more)) => write!(
                f,
                "the schema cannot be made a grammar: {first}, and {} more",
                more.len()
            ),
        }
    }
}

impl std::error::Error for GrammarError {}
