//! Rust types that are their own syntax, as output types.

use std::fmt;
use std::marker::PhantomData;

use larkspur_grammar::Syntax;
use larkspur_grammar::syntax::Error;
use larkspur_json::Span;

use crate::grammar::Said;
use crate::grammar_reader::refused;
use crate::{Output, OutputType, PrepareError, Rejection, Target, Violation};

/// Asks for a text of a type that is its own syntax, as a value of that type.
///
/// The constraint is the type's grammar; the reader is the type's own. What the grammar cannot carry (a pattern's meaning, a
/// value that its newtype refuses) holds in the reader.
///
/// ```
/// use larkspur_output::{OutputType, Target, syntax};
///
/// let output = syntax::<Vec<(u8, bool)>>().prepare(Target::openai())?;
/// assert_eq!(output.read("(1, true), (200, false)")?, [(1, true), (200, false)]);
///
/// let rejection = output.read("(1, true), (2000, false)").unwrap_err();
/// assert_eq!(rejection.message(), r#"expected ", ", found "0""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn syntax<T: Syntax>() -> SyntaxOutput<T> {
    SyntaxOutput(PhantomData)
}

/// The output type of a type that is its own syntax: what [`syntax`] gives.
pub struct SyntaxOutput<T>(PhantomData<fn() -> T>);

impl<T: Syntax> OutputType for SyntaxOutput<T> {
    type Value = T;

    fn prepare(&self, target: Target) -> Result<Output<T>, PrepareError> {
        let grammar = T::grammar().map_err(|error| PrepareError::new(error.to_string()))?;
        let said = Said::of(&grammar, None, target.carrier());
        Ok(said.output(|text| T::parse(text).map_err(|error| rejection(text, &error))))
    }
}

fn rejection(text: &str, error: &Error) -> Rejection {
    if let Some(refusal) = error.rejection() {
        return refused(text, refusal);
    }
    let violation =
        Violation::new(error.to_string()).masked_as("the text says no value of the type");
    let violation = match error.span() {
        Some(span) => violation.within(Span::new(span.start, span.end)),
        None => violation,
    };
    Rejection::new(text, vec![violation])
}

impl<T> Clone for SyntaxOutput<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for SyntaxOutput<T> {}

impl<T> fmt::Debug for SyntaxOutput<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SyntaxOutput")
    }
}
