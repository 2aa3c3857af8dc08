//! Reading sentences: text → the tree of a grammar.

use larkspur_grammar::{
    Caches, Compiled, Expected, Grammar, ParseError, Parser, Rejection as Refusal, Tree,
};
use larkspur_json::Span;

use crate::{PrepareError, Rejection, Violation, wording};

/// Reads texts by a grammar: is it a sentence, and with which tree.
///
/// The grammar is compiled once. What its texts have in common is found out while reading and kept, so that a reader gets faster with use;
/// threads that read at the same time keep it each for themselves.
///
/// ```
/// use larkspur_grammar::{Dialect, lark};
/// use larkspur_output::GrammarReader;
///
/// let grammar = lark::compile("start: NAME \"=\" INT\nNAME: /[a-z]+/\nINT: /[0-9]+/\n", Dialect::openai())?;
/// let reader = GrammarReader::new(&grammar)?;
/// assert_eq!(reader.read("port=80")?.to_sexpr(), r#"(start (NAME "port") (INT "80"))"#);
///
/// let rejection = reader.read("port=eighty").unwrap_err();
/// assert_eq!(rejection.to_string(), r#"
/// error: expected INT, found "e"
///  --> line 1, column 6
///   |
/// 1 | port=eighty
///   |      ^
///   = hint: it could go on with "0"
/// "#.trim());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct GrammarReader {
    compiled: Compiled,
    caches: Caches,
}

impl GrammarReader {
    /// A reader of the sentences of a grammar.
    ///
    /// # Errors
    /// Where the grammar has pieces that only its server knows (`%json`, LLM tokens), or is too large.
    pub fn new(grammar: &Grammar) -> Result<Self, PrepareError> {
        let compiled = Compiled::new(grammar).map_err(|error| {
            PrepareError::new(format!("texts cannot be read by this grammar: {error}"))
        })?;
        Ok(Self {
            compiled,
            caches: Caches::default(),
        })
    }

    /// Whether the text is a sentence, in one way or in several.
    ///
    /// # Errors
    /// Where it is not, or where reading it takes more than the limits of
    /// [`Config`](larkspur_grammar::Config) allow.
    pub fn accept(&self, text: &str) -> Result<(), Rejection> {
        // Most texts are accepted, which is cheaper to find out without the record that a tree is made from.
        let accepts = |cache: &mut _| self.compiled.accepts(cache, text);
        match self.caches.with(&self.compiled, accepts) {
            Ok(true) => Ok(()),
            Ok(false) => self.read_first(text).map(drop),
            Err(exceeded) => Err(rejection(text, &exceeded.into())),
        }
    }

    /// The tree of a text that has just one.
    ///
    /// # Errors
    /// As [`accept`](Self::accept); also where the text has several trees, with the place and two readings of it.
    pub fn read<'t>(&self, text: &'t str) -> Result<Tree<'t>, Rejection> {
        let parse = |cache: &mut _| Parser::new(&self.compiled).parse(cache, text);
        self.caches
            .with(&self.compiled, parse)
            .map_err(|error| rejection(text, &error))
    }

    /// The tree of a text; where there are several, the first one.
    ///
    /// # Errors
    /// As [`accept`](Self::accept).
    pub fn read_first<'t>(&self, text: &'t str) -> Result<Tree<'t>, Rejection> {
        let parse = |cache: &mut _| Parser::new(&self.compiled).parse_first(cache, text);
        self.caches
            .with(&self.compiled, parse)
            .map_err(|error| rejection(text, &error))
    }
}

fn rejection(text: &str, error: &ParseError) -> Rejection {
    match error {
        ParseError::Rejected(refusal) => refused(text, refusal),
        ParseError::Ambiguous(ambiguity) => {
            let [first, second] = &ambiguity.readings;
            let message = format!("the text can be read in two ways: {first} or {second}");
            let span = Span::new(ambiguity.span.start, ambiguity.span.end);
            let violation = Violation::new(message)
                .masked_as("the text can be read in two ways")
                .hint("make the grammar unambiguous, or take the first reading")
                .within(span);
            Rejection::new(text, vec![violation])
        }
        limit => {
            let message = limit.to_string();
            let violation = Violation::new(message.clone()).masked_as(message);
            Rejection::new(text, vec![violation])
        }
    }
}

/// Where the text leaves the grammar, and what was expected there.
pub(crate) fn refused(text: &str, refusal: &Refusal) -> Rejection {
    let offset = refusal.offset.min(text.len());
    let start = (0..=offset).rev().find(|at| text.is_char_boundary(*at));
    let start = start.unwrap_or_default();
    let rest = text.get(start..).unwrap_or_default();
    let expected = refusal.expected.to_string();
    let Some(found) = rest.chars().next() else {
        let violation = Violation::expected(expected, "the end of the text");
        let violation = hinted(violation, &refusal.expected).within(Span::new(start, start));
        return Rejection::new(text, vec![violation]).truncated();
    };
    let span = Span::new(start, start + found.len_utf8());
    let found = wording::quoted(&found.to_string());
    let mut violation =
        hinted(Violation::expected(expected, found), &refusal.expected).within(span);
    if refusal.expected.end && matches!(rest, "\n" | "\r\n") {
        violation = violation.hint("the line end behind the last line is part of the text");
    }
    Rejection::new(text, vec![violation])
}

/// Most examples in a hint.
const EXAMPLES: usize = 3;

/// Shows what a name or a regex stands for; a string in quotes shows itself.
fn hinted(violation: Violation, expected: &Expected) -> Violation {
    let examples = expected.terminals.iter().filter_map(|terminal| {
        let example = terminal.example.as_deref()?;
        let is_string = terminal.label.starts_with('"') && !terminal.goes_on;
        (!is_string && !example.is_empty()).then(|| wording::quoted(example))
    });
    let mut examples: Vec<String> = examples.take(EXAMPLES).collect();
    examples.dedup();
    if examples.is_empty() {
        return violation;
    }
    violation.hint(format!(
        "it could go on with {}",
        wording::list(examples, "or")
    ))
}
