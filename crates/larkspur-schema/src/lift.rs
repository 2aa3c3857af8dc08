//! Lifting: an answer in the lowered shape → the original shape.

mod down;
mod matching;
mod network;
mod session;
mod text;
mod up;
mod view;

use std::fmt;

use larkspur_json::{Node, Pointer, Span};
use serde::Serialize;
use serde_json::Value;

pub use self::view::View;
use self::{network::Network, session::Session};
use crate::Lowered;

/// Puts answers back into the original shape. Made once for a schema and used for every answer.
///
/// Lifting walks the answer and the lowered schema together and carries out the steps of the plan. What no step
/// concerns is not even looked at. Every value keeps the place it had in the model's text, also when it moves to another place in
/// the tree.
///
/// In a union, the branch of an answer is the first one that the answer matches as it was sent: types, constants, property names,
/// counts and bounds, all the way down. Lowering has made sure that where branches are lifted differently, at most one matches.
///
/// # Tolerance
/// A server may have ignored the schema, or part of it, and may have answered in the original shape. Where that can be told
/// without doubt it is accepted: an object where an array of entries is expected, an array where positions are named, a value that
/// is not wrapped, any value where JSON text is expected, an optional property that is absent. A string
/// where JSON text of *any* value is expected and that does not look like JSON (it begins with no `{`, `[` or `"`) is taken as
/// that string.
///
/// # What is the same afterwards
/// `lift(lower_value(v)) == v` for every `v` that the lowered schema can say, but for one case: where the original lets a
/// property be absent *and* `null`, the two have become the same, and lifting makes it absent.
#[derive(Clone, Debug)]
pub struct Lift {
    network: Network,
}

impl Lift {
    /// Prepares lifting for a lowered schema.
    ///
    /// # Errors
    /// Where the plan does not fit the schema, as can be when they were edited by hand.
    pub fn new(lowered: &Lowered) -> Result<Self, InvalidPlan> {
        Network::new(&lowered.schema, &lowered.plan).map(|network| Self { network })
    }

    /// Whether answers already have the original shape.
    pub fn is_identity(&self) -> bool {
        self.network.is_identity()
    }

    /// Lifts an answer.
    ///
    /// # Errors
    /// All places where the answer has neither the lowered nor the original shape, and keys that are given twice.
    ///
    /// ```
    /// use larkspur_schema::{Dialect, Lift, lower};
    /// use serde_json::json;
    ///
    /// let schema = json!({"type": "object", "additionalProperties": {"type": "integer"}});
    /// let lift = Lift::new(&lower(&schema, Dialect::openai())?)?;
    ///
    /// let answer = larkspur_json::parse(r#"{"value": [{"key": "a", "value": 1}, {"key": "a", "value": 2}]}"#)?;
    /// let problems = lift.lift(answer).unwrap_err();
    /// assert_eq!(problems[0].to_string(), "the key `a` is given twice at `/value/1/key` (byte 45)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lift<'t>(&self, answer: Node<'t>) -> Result<Node<'t>, Vec<LiftProblem>> {
        let mut answer = answer;
        let mut session = Session::new(&self.network);
        up::lift(&mut session, self.network.root(), &mut answer);
        session.finish(answer)
    }

    /// Says a value of the original in the lowered shape: the inverse of [`Lift::lift`].
    ///
    /// For examples in a prompt, for tests, and for servers that are simulated.
    ///
    /// # Errors
    /// Where the lowered schema cannot say the value, because it is not valid or has properties that the original
    /// does not name.
    pub fn lower_value(&self, value: &Value) -> Result<Value, Vec<LiftProblem>> {
        let mut node = Node::from_value(value);
        let mut session = Session::new(&self.network);
        down::lower(&mut session, self.network.root(), &mut node);
        session.finish(node).map(|node| node.to_value())
    }
}

/// Why an answer could not be lifted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LiftProblem {
    /// Where in the answer, as it was sent.
    pub pointer: Pointer,
    /// Where in the model's text; empty for values that were not read from a text.
    pub span: Span,
    /// The place that it clashes with: where a key was given first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_span: Option<Span>,
    /// What is wrong.
    pub message: String,
    /// What should be there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl fmt::Display for LiftProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at `{}` (byte {})",
            self.message, self.pointer, self.span.start
        )
    }
}

impl std::error::Error for LiftProblem {}

/// A plan that does not fit its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPlan {
    pointer: Pointer,
    message: String,
}

impl InvalidPlan {
    /// The place in the lowered schema.
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }
}

impl fmt::Display for InvalidPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the plan does not fit the schema: {} at `#{}`",
            self.message, self.pointer
        )
    }
}

impl std::error::Error for InvalidPlan {}
