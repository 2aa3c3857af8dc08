//! The constraint and the reader in one value.

use std::{fmt, sync::Arc};

use larkspur_schema::Relaxation;

use crate::{Constraint, PrepareError, Rejection, Target};

type Reader<V> = dyn Fn(&str) -> Result<V, Rejection> + Send + Sync;

/// Something a model can be asked for: a Rust type, a schema, a grammar.
///
/// It is prepared once for a server and gives an [`Output`], which holds what is asked for *and* what is
/// accepted, so that the two cannot drift apart.
pub trait OutputType {
    /// What reading an answer gives.
    type Value;

    /// Says the constraint as the server takes it, and how its answers are read.
    ///
    /// # Errors
    /// Where the constraint cannot be said to the server at all.
    fn prepare(&self, target: Target) -> Result<Output<Self::Value>, PrepareError>;
}

impl<T: OutputType + ?Sized> OutputType for &T {
    type Value = T::Value;

    fn prepare(&self, target: Target) -> Result<Output<Self::Value>, PrepareError> {
        T::prepare(self, target)
    }
}

/// A constraint, ready to be attached to a request, and the reader of the answers.
///
/// Cloning is cheap.
///
/// ```
/// use larkspur_output::{Constraint, GrammarFormat, GrammarSyntax, Output, Rejection, Violation};
///
/// // An output type of your own: two hexadecimal digits.
/// let grammar = GrammarFormat::new(GrammarSyntax::Regex, "[0-9a-f]{2}");
/// let byte = Output::new(Constraint::Grammar(grammar), Vec::new(), |text| {
///     let wrong = |_| Rejection::new(text, vec![Violation::expected("two hexadecimal digits", "something else")]);
///     u8::from_str_radix(text, 16).map_err(wrong)
/// });
/// assert_eq!(byte.read("ff").ok(), Some(255));
/// assert!(byte.read("xy").is_err());
/// ```
pub struct Output<V>(Arc<Inner<V>>);

struct Inner<V> {
    constraint: Constraint,
    relaxations: Vec<Relaxation>,
    reader: Box<Reader<V>>,
}

impl<V> Output<V> {
    /// Joins a constraint, the rules of the type that it does not carry, and the reader that holds all of them.
    pub fn new(
        constraint: Constraint,
        relaxations: Vec<Relaxation>,
        reader: impl Fn(&str) -> Result<V, Rejection> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Inner {
            constraint,
            relaxations,
            reader: Box::new(reader),
        }))
    }

    /// What is attached to the request.
    pub fn constraint(&self) -> &Constraint {
        &self.0.constraint
    }

    /// Rules that the server does not enforce. The reader does.
    pub fn relaxations(&self) -> &[Relaxation] {
        &self.0.relaxations
    }

    /// Reads the whole text of an answer.
    ///
    /// # Errors
    /// Where the text breaks any rule of the type, also one that the constraint does not carry.
    pub fn read(&self, text: &str) -> Result<V, Rejection> {
        (self.0.reader)(text)
    }

    /// The same constraint with a further step of reading.
    pub fn and_then<W>(
        self,
        step: impl Fn(&str, V) -> Result<W, Rejection> + Send + Sync + 'static,
    ) -> Output<W>
    where
        V: 'static,
    {
        let (constraint, relaxations) = (self.constraint().clone(), self.relaxations().to_vec());
        Output::new(constraint, relaxations, move |text| {
            self.read(text).and_then(|value| step(text, value))
        })
    }
}

/// An output that has been prepared is what it is, for any server.
impl<V> OutputType for Output<V> {
    type Value = V;

    fn prepare(&self, _target: Target) -> Result<Self, PrepareError> {
        Ok(self.clone())
    }
}

impl<V> Clone for Output<V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<V> fmt::Debug for Output<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output")
            .field("constraint", &self.0.constraint)
            .field("relaxations", &self.0.relaxations)
            .finish_non_exhaustive()
    }
}
