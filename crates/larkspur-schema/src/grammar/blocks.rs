//! Schemas inside grammars: llguidance's `%json`.

use larkspur_grammar::{
    Grammar,
    grammar::{Opaque, Pattern},
};
use larkspur_json::Pointer;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value};

use super::{
    GrammarError, Options, PropertyOrder, SchemaGrammar, Spelling, WhiteSpace, make,
    punctuation::Punctuation,
};
use crate::{Diagnostic, Relaxation};

impl Options {
    /// As llguidance has a model write a value: properties in the order of the schema, everything in the shortest spelling, white
    /// space between the pieces.
    pub fn llguidance() -> Self {
        Self {
            order: PropertyOrder::Declared,
            spelling: Spelling::Plain,
            white_space: WhiteSpace::Between,
            ..Self::default()
        }
    }
}

/// Makes ordinary rules of the `%json` blocks of a grammar, so that every engine can read it and every notation say it.
///
/// The options under `x-guidance` of a block are those that [llguidance documents][x]: `whitespace_flexible`,
/// `whitespace_pattern`, `item_separator` and `key_separator` are kept, `json_allow_general_unicode_escapes` is
/// [`Spelling::Any`], `json_allowed_escapes` is a relaxation, and `coerce_one_of` and `lenient` change nothing, because what they
/// let llguidance leave out is said here. What the grammar around a block ignores may then also stand inside it, which is a
/// relaxation unless it is white space.
///
/// ```
/// use larkspur_grammar::{Dialect, lark, print};
/// use larkspur_schema::grammar::{Options, expand_json};
///
/// let call = lark::compile(r#"start: "call " %json { "type": "boolean" }"#, Dialect::llguidance())?;
/// let made = expand_json(&call, &Options::llguidance())?;
/// let lark = print::lark(&made.grammar, Dialect::openai());
/// assert!(lark.losses.is_empty() && !lark.text.contains("%json"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [x]: https://github.com/guidance-ai/llguidance/blob/main/docs/json_schema.md
///
/// # Errors
/// As [`to_grammar`](super::to_grammar), for each block. A grammar without blocks comes back as it is.
pub fn expand_json(grammar: &Grammar, options: &Options) -> Result<SchemaGrammar, GrammarError> {
    let mut expanded = SchemaGrammar {
        grammar: grammar.clone(),
        relaxations: Vec::new(),
    };
    let (mut made, mut problems) = (Vec::new(), Vec::new());
    for (piece, rule) in grammar.opaque_pieces() {
        let Opaque::JsonSchema(text) = piece else {
            continue;
        };
        match block(text, options) {
            Ok(block) => {
                let told = block.relaxations.into_iter().map(|relaxation| Relaxation {
                    reason: format!("in the `%json` of `{}`: {}", rule.name, relaxation.reason),
                    ..relaxation
                });
                expanded.relaxations.extend(told);
                made.push((piece.clone(), block.grammar));
            }
            Err(error) => problems.extend(error.diagnostics.into_iter().map(|mut problem| {
                problem.message = format!("in the `%json` of `{}`: {}", rule.name, problem.message);
                problem
            })),
        }
    }
    if !problems.is_empty() {
        return Err(GrammarError::new(problems));
    }
    if made.is_empty() {
        return Ok(expanded);
    }
    let ignores_more = |id: &_| !is_white_space(&grammar.terminal(*id).pattern);
    if grammar.ignore().iter().any(ignores_more) {
        let reason = "what the grammar ignores may stand between the pieces of a value, too";
        let rule = Relaxation::new(Pointer::root(), "%ignore", reason);
        expanded.relaxations.push(rule);
    }
    expanded.grammar = grammar.embed(&made).map_err(|error| {
        let problem = Diagnostic::error("too-large", &Pointer::root(), error.to_string());
        GrammarError::new(vec![problem])
    })?;
    Ok(expanded)
}

/// The grammar of one block.
fn block(text: &str, options: &Options) -> Result<SchemaGrammar, GrammarError> {
    let malformed = |message: String| {
        let problem = Diagnostic::error("malformed-schema", &Pointer::root(), message);
        GrammarError::new(vec![problem])
    };
    let mut schema: Value =
        serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
    let mut options = options.clone();
    if options.white_space == WhiteSpace::Everywhere {
        // Around the value it is for the grammar to say.
        options.white_space = WhiteSpace::Between;
    }
    let mut punctuation = Punctuation::of(options.white_space);
    let mut relaxations = Vec::new();
    let guidance = schema
        .as_object_mut()
        .and_then(|schema| schema.shift_remove("x-guidance"));
    if let Some(guidance) = guidance {
        let Value::Object(guidance) = guidance else {
            return Err(malformed("`x-guidance` is an object of options".to_owned()));
        };
        guided(&guidance, &mut options, &mut punctuation, &mut relaxations)
            .map_err(|option| malformed(format!("`x-guidance`: {option}")))?;
    }
    let mut made = make(&schema, &options, &punctuation.signs())?;
    made.relaxations.extend(relaxations);
    Ok(made)
}

/// Follows the options of a block; the sentence is about one that cannot be followed.
fn guided(
    guidance: &Map<String, Value>,
    options: &mut Options,
    punctuation: &mut Punctuation,
    relaxations: &mut Vec<Relaxation>,
) -> Result<(), String> {
    for (option, value) in guidance {
        let is_flag = |value: &Value| value.as_bool().ok_or(format!("`{option}` is a boolean"));
        let is_text = |value: &Value| {
            let text = value.as_str().map(str::to_owned);
            text.ok_or(format!("`{option}` is a string"))
        };
        match option.as_str() {
            "item_separator" => punctuation.item = is_text(value)?,
            "key_separator" => punctuation.key = is_text(value)?,
            "whitespace_flexible" if !is_flag(value)? => punctuation.space.clear(),
            "whitespace_flexible" => punctuation.space = Punctuation::of(WhiteSpace::Between).space,
            "json_allow_general_unicode_escapes" => {
                if is_flag(value)? {
                    options.spelling = Spelling::Any;
                }
            }
            "coerce_one_of" | "lenient" => {
                is_flag(value)?;
            }
            "json_allowed_escapes" | "whitespace_pattern" if value.is_null() => {}
            "whitespace_pattern" => {
                regex_syntax::parse(&is_text(value)?)
                    .map_err(|error| format!("`{option}` is a regex: {error}"))?;
            }
            "json_allowed_escapes" => {
                let reason = "every escape that JSON has is accepted";
                relaxations.push(Relaxation::new(Pointer::root(), option, reason));
            }
            _ => return Err(format!("`{option}` is no option of llguidance")),
        }
    }
    // A pattern goes before `whitespace_flexible`, wherever it stands.
    if let Some(Value::String(pattern)) = guidance.get("whitespace_pattern") {
        punctuation.space = format!("(?:{pattern})?");
    }
    Ok(())
}

/// Whether a pattern matches nothing but characters that JSON has between its pieces, as far as one sees at once.
fn is_white_space(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Literal { text, .. } => text.chars().all(is_blank),
        Pattern::Regex(regex) => is_blank_regex(&regex.hir),
        Pattern::Repeat { pattern, .. } => is_white_space(pattern),
        Pattern::Concat(parts) | Pattern::Alt(parts) => parts.iter().all(is_white_space),
        _ => false,
    }
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Recursion is as deep as the regex, which is bounded.
fn is_blank_regex(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty => true,
        HirKind::Literal(text) => text.0.iter().all(|byte| is_blank(char::from(*byte))),
        HirKind::Class(Class::Unicode(class)) => class
            .iter()
            .all(|range| (range.start()..=range.end()).all(is_blank)),
        HirKind::Class(Class::Bytes(class)) => class
            .iter()
            .all(|range| (range.start()..=range.end()).all(|byte| is_blank(char::from(byte)))),
        HirKind::Repetition(repetition) => is_blank_regex(&repetition.sub),
        HirKind::Capture(capture) => is_blank_regex(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().all(is_blank_regex),
        HirKind::Look(_) => false,
    }
}
