//! Reading JSON: text → nodes → checked → the type.

mod candidates;
mod lenient;
mod refusal;

use larkspur_json::{Duplicate, Limits, Node, parse_with};
use larkspur_schema::{Lift, Lowered};
use serde::de::DeserializeOwned;
use serde_json::Value;

#[cfg(feature = "validate")]
use crate::validator::Validator;
use crate::{PrepareError, Rejection, Violation};

/// Reads JSON answers against a schema: strictly, completely, with places.
///
/// The steps are: the text as JSON, exactly as RFC 8259 says; no key twice in an object; [lifting](larkspur_schema::Lift)
/// from the server's dialect back to the shape of the schema, where the answer is in a dialect; the schema itself, with
/// its formats and patterns (feature `validate`); last the Rust type. All violations of the first step that finds any are
/// collected; duplicate keys are told together with those of the later steps.
///
/// # What it costs
/// Time linear in the text, for good texts and for bad ones. The [`Limits`] bound the text; of a bad one at most
/// [`Rejection::MOST`] violations are told. Patterns of the schema run in linear time, unless one of them has look-around or
/// back-references: then a backtracking engine runs them, with a bound on its steps, and a string that reaches the bound is
/// rejected.
///
/// ```
/// use larkspur_output::JsonReader;
/// use serde_json::json;
///
/// let reader = JsonReader::new(&json!({"type": "array", "items": {"type": "integer", "minimum": 0}}))?;
/// assert_eq!(reader.read::<Vec<u8>>("[1, 2]")?, [1, 2]);
///
/// let rejection = reader.read::<Vec<u8>>(r#"[1, "2", -3]"#).unwrap_err();
/// let messages: Vec<_> = rejection.violations().iter().map(|violation| violation.message.as_str()).collect();
/// assert_eq!(messages, [
///     r#"expected an integer, found the string "2""#,
///     "expected a number of at least 0, found the number -3",
/// ]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct JsonReader {
    pub(crate) limits: Limits,
    /// Nothing where answers have the shape of the schema itself.
    pub(crate) lift: Option<Lift>,
    #[cfg(feature = "validate")]
    validator: Validator,
}

impl JsonReader {
    /// A reader of answers that have the shape of `schema` itself.
    ///
    /// # Errors
    /// Where the schema is not valid, or refers to another document: none is ever fetched.
    pub fn new(schema: &Value) -> Result<Self, PrepareError> {
        Self::build(schema, None)
    }

    /// A reader of answers to the lowered form of `schema`.
    ///
    /// # Errors
    /// As [`JsonReader::new`]; also where the plan does not fit the lowered schema.
    pub fn lowered(schema: &Value, lowered: &Lowered) -> Result<Self, PrepareError> {
        let lift = Lift::new(lowered)?;
        Self::build(schema, Some(lift).filter(|lift| !lift.is_identity()))
    }

    /// Reads within other limits than the default ones.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    #[cfg(feature = "validate")]
    fn build(schema: &Value, lift: Option<Lift>) -> Result<Self, PrepareError> {
        let invalid =
            |reason| PrepareError::new(format!("the JSON Schema cannot be used: {reason}"));
        let validator = Validator::new(schema).map_err(invalid)?;
        Ok(Self {
            limits: Limits::new(),
            lift,
            validator,
        })
    }

    #[cfg(not(feature = "validate"))]
    #[expect(clippy::unnecessary_wraps, reason = "the other feature can fail")]
    fn build(_schema: &Value, lift: Option<Lift>) -> Result<Self, PrepareError> {
        Ok(Self {
            limits: Limits::new(),
            lift,
        })
    }

    /// Reads a text into a type.
    ///
    /// # Errors
    /// Where the text breaks a rule of any of the steps.
    pub fn read<T: DeserializeOwned>(&self, text: &str) -> Result<T, Rejection> {
        let node = self.read_node(text)?;
        node.deserialize()
            .map_err(|error| Rejection::new(text, vec![refusal::of_type(&node, &error)]))
    }

    /// Reads a text into nodes: nothing is lost, numbers keep their text and everything its place.
    ///
    /// # Errors
    /// Where the text breaks a rule of any of the steps before the Rust type.
    pub fn read_node<'t>(&self, text: &'t str) -> Result<Node<'t>, Rejection> {
        let written = parse_with(text, &self.limits).map_err(|error| not_json(text, &error))?;
        self.judge(text, written)
    }

    /// Holds a value that was read against every rule: no key twice, the shape that is lifted, the schema.
    fn judge<'t>(&self, text: &str, written: Node<'t>) -> Result<Node<'t>, Rejection> {
        let mut duplicates = written.duplicate_keys();
        let lifted = match &self.lift {
            None => Ok(written),
            Some(lift) => lift.lift(written),
        };
        let (invalid, omitted, node) = match lifted {
            Err(problems) => (problems.iter().map(refusal::of_lift).collect(), 0, None),
            Ok(node) => {
                let (invalid, omitted) = self.check(&node);
                (invalid, omitted, Some(node))
            }
        };
        match node {
            Some(node) if duplicates.is_empty() && invalid.is_empty() => return Ok(node),
            Some(node) if self.lift.is_some() => move_to_lifted(&mut duplicates, &node),
            _ => {}
        }
        let mut violations: Vec<Violation> = duplicates.iter().map(refusal::of_duplicate).collect();
        violations.extend(invalid);
        Err(Rejection::new(text, violations).omitting(omitted))
    }

    /// The rules of the schema that a value breaks, and how many more there are.
    #[cfg(feature = "validate")]
    fn check(&self, node: &Node<'_>) -> (Vec<Violation>, usize) {
        if self.validator.is_valid(node) {
            (Vec::new(), 0)
        } else {
            self.validator.violations(node)
        }
    }

    #[cfg(not(feature = "validate"))]
    #[expect(
        clippy::unused_self,
        reason = "the other feature has a validator in there"
    )]
    fn check(&self, _node: &Node<'_>) -> (Vec<Violation>, usize) {
        (Vec::new(), 0)
    }
}

/// The rejection of a text that cannot be parsed.
fn not_json(text: &str, error: &larkspur_json::Error) -> Rejection {
    let rejection = Rejection::new(text, vec![refusal::of_syntax(error)]);
    if error.is_truncated() {
        rejection.truncated()
    } else {
        rejection
    }
}

/// Gives duplicate keys the pointers that they have after lifting, where they are still there.
fn move_to_lifted(duplicates: &mut [Duplicate], node: &Node<'_>) {
    let lifted = node.duplicate_keys();
    for duplicate in duplicates {
        if let Some(lifted) = lifted
            .iter()
            .find(|lifted| lifted.second == duplicate.second)
        {
            duplicate.pointer = lifted.pointer.clone();
        }
    }
}
