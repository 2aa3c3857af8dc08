//! The constraint and the reader in one value.

#[cfg(feature = "grammar")]
use std::sync::OnceLock;
use std::{fmt, sync::Arc};

#[cfg(feature = "grammar")]
use larkspur_grammar::Compiled;
use larkspur_schema::Relaxation;

#[cfg(feature = "grammar")]
use crate::partial::{Watch, watch};
use crate::{
    Constraint, Doubt, JsonReader, PrepareError, Reading, Rejection, Target, partial::Incoming,
};

type Reader<V> = dyn Fn(&str) -> Result<V, Rejection> + Send + Sync;
type LenientReader<V> = dyn Fn(&str, Doubt) -> Result<Reading<V>, Rejection> + Send + Sync;

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

    /// The same output type, read leniently: its value is a [`Reading`], which says what had to be repaired.
    ///
    /// ```
    /// use larkspur_output::{OutputType, Target, json};
    ///
    /// let output = json::<Vec<u8>>().lenient().prepare(Target::plain())?;
    /// let reading = output.read("Sure, here they are: [1, 2, 3,]")?;
    /// assert_eq!((reading.value, reading.repairs.len()), (vec![1, 2, 3], 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn lenient(self) -> Lenient<Self>
    where
        Self: Sized,
    {
        Lenient {
            output: self,
            doubt: Doubt::Reject,
        }
    }
}

/// An output type that is read leniently: what [`OutputType::lenient`] gives.
#[derive(Clone, Debug)]
pub struct Lenient<T> {
    output: T,
    doubt: Doubt,
}

impl<T> Lenient<T> {
    /// Says what is done with a text that can be read to several values; left out, it is rejected.
    pub fn in_doubt(mut self, doubt: Doubt) -> Self {
        self.doubt = doubt;
        self
    }
}

impl<T: OutputType> OutputType for Lenient<T>
where
    T::Value: 'static,
{
    type Value = Reading<T::Value>;

    fn prepare(&self, target: Target) -> Result<Output<Self::Value>, PrepareError> {
        let (output, doubt) = (self.output.prepare(target)?, self.doubt);
        let (strict, lenient) = (output.clone(), output.clone());
        Ok(output.read_by(
            move |text| strict.read_in_doubt(text, doubt),
            move |text, doubt| lenient.read_in_doubt(text, doubt).map(Reading::exact),
        ))
    }
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
    /// Nothing where texts are read strictly only.
    lenient: Option<Box<LenientReader<V>>>,
    /// What reads the JSON of answers, where they are JSON and it is known.
    json: Option<Arc<JsonReader>>,
    /// The grammar of the constraint, where it was asked for.
    #[cfg(feature = "grammar")]
    compiled: OnceLock<Result<Compiled, PrepareError>>,
}

impl<V> Output<V> {
    /// Joins a constraint, the rules of the type that it does not carry, and the reader that holds all of them.
    pub fn new(
        constraint: Constraint,
        relaxations: Vec<Relaxation>,
        reader: impl Fn(&str) -> Result<V, Rejection> + Send + Sync + 'static,
    ) -> Self {
        Self::with_readers(constraint, relaxations, Box::new(reader), None, None)
    }

    /// As [`Output::new`], with a second reader for texts that are not quite what was asked for.
    ///
    /// What the first one reads, the second one must read to the same value.
    pub fn new_lenient(
        constraint: Constraint,
        relaxations: Vec<Relaxation>,
        reader: impl Fn(&str) -> Result<V, Rejection> + Send + Sync + 'static,
        lenient: impl Fn(&str) -> Result<Reading<V>, Rejection> + Send + Sync + 'static,
    ) -> Self {
        let lenient: Box<LenientReader<V>> = Box::new(move |text, _| lenient(text));
        Self::with_readers(
            constraint,
            relaxations,
            Box::new(reader),
            Some(lenient),
            None,
        )
    }

    fn with_readers(
        constraint: Constraint,
        relaxations: Vec<Relaxation>,
        reader: Box<Reader<V>>,
        lenient: Option<Box<LenientReader<V>>>,
        json: Option<Arc<JsonReader>>,
    ) -> Self {
        Self(Arc::new(Inner {
            constraint,
            relaxations,
            reader,
            lenient,
            json,
            #[cfg(feature = "grammar")]
            compiled: OnceLock::new(),
        }))
    }

    /// As [`Output::new_lenient`], for answers whose JSON a reader reads: then they can be shown in the shape of the schema while they
    /// come, too.
    pub(crate) fn of_json(
        constraint: Constraint,
        relaxations: Vec<Relaxation>,
        json: Arc<JsonReader>,
        reader: impl Fn(&JsonReader, &str) -> Result<V, Rejection> + Send + Sync + 'static,
        lenient: impl Fn(&JsonReader, &str, Doubt) -> Result<Reading<V>, Rejection>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let (strict, lenient_json) = (Arc::clone(&json), Arc::clone(&json));
        let reader: Box<Reader<V>> = Box::new(move |text| reader(&strict, text));
        let lenient: Box<LenientReader<V>> =
            Box::new(move |text, doubt| lenient(&lenient_json, text, doubt));
        Self::with_readers(constraint, relaxations, reader, Some(lenient), Some(json))
    }

    /// Other readers of the same answers, for the same constraint.
    fn read_by<W>(
        &self,
        reader: impl Fn(&str) -> Result<W, Rejection> + Send + Sync + 'static,
        lenient: impl Fn(&str, Doubt) -> Result<Reading<W>, Rejection> + Send + Sync + 'static,
    ) -> Output<W> {
        let (constraint, relaxations) = (self.constraint().clone(), self.relaxations().to_vec());
        let lenient: Box<LenientReader<W>> = Box::new(lenient);
        let json = self.0.json.clone();
        Output::with_readers(
            constraint,
            relaxations,
            Box::new(reader),
            Some(lenient),
            json,
        )
    }

    /// The same output under another constraint, which says the same.
    pub(crate) fn with_constraint(&self, constraint: Constraint) -> Self
    where
        V: 'static,
    {
        let (strict, lenient) = (self.clone(), self.clone());
        let lenient: Box<LenientReader<V>> =
            Box::new(move |text, doubt| lenient.read_in_doubt(text, doubt));
        Self::with_readers(
            constraint,
            self.relaxations().to_vec(),
            Box::new(move |text| strict.read(text)),
            Some(lenient),
            self.0.json.clone(),
        )
    }

    /// An answer of which nothing has come, to be read while it comes.
    ///
    /// What is shown has the shape of the type, also where the server was asked for another one. Outputs that are not JSON show nothing.
    pub fn incoming(&self) -> Incoming {
        Incoming::new(self.0.json.clone())
    }

    /// Something that sees where an answer leaves the constraint, at the first byte that is impossible. See [`Watch`].
    ///
    /// The grammar is worked out at the first call and kept.
    ///
    /// # Errors
    /// Where any text is an answer, where no grammar of a size that is reasonable can be made of the schema, or where the grammar has pieces that
    /// only its server knows.
    #[cfg(feature = "grammar")]
    pub fn watch(&self) -> Result<Watch, PrepareError> {
        let compiled = self
            .0
            .compiled
            .get_or_init(|| watch::compile(&self.0.constraint));
        match compiled {
            Ok(compiled) => Watch::new(compiled),
            Err(error) => Err(error.clone()),
        }
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

    /// Reads the text of an answer as far as it has one meaning: fences and prose around it, comments, other quotes, commas and
    /// brackets that are missing or too many, and more, as [`JsonReader::read_lenient`](crate::JsonReader::read_lenient) says.
    ///
    /// What [`Output::read`] reads is read to the same value, without repairs. Outputs that are not JSON are read strictly.
    ///
    /// ```
    /// use larkspur_output::{OutputType, Target, json_schema};
    /// use serde_json::json;
    ///
    /// let schema = json!({"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]});
    /// let output = json_schema("person", schema).prepare(Target::plain())?;
    /// let reading = output.read_lenient("```json\n{name: 'Ann',}\n```")?;
    /// assert_eq!(reading.value, json!({"name": "Ann"}));
    /// let kinds: Vec<_> = reading.repairs.iter().map(|repair| repair.kind.name()).collect();
    /// assert_eq!(kinds, ["fence", "bare-key", "other-quotes", "trailing-comma", "fence"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where the text has no reading that keeps every rule of the type, or has two.
    pub fn read_lenient(&self, text: &str) -> Result<Reading<V>, Rejection> {
        self.read_in_doubt(text, Doubt::Reject)
    }

    /// As [`Output::read_lenient`], and says what is done where the text has several readings.
    ///
    /// # Errors
    /// Where the text has no reading that keeps every rule of the type, or has two and the doubt does not say which.
    pub fn read_in_doubt(&self, text: &str, doubt: Doubt) -> Result<Reading<V>, Rejection> {
        match &self.0.lenient {
            Some(lenient) => lenient(text, doubt),
            None => self.read(text).map(Reading::exact),
        }
    }

    /// The same constraint with a further step of reading.
    pub fn and_then<W>(
        self,
        step: impl Fn(&str, V) -> Result<W, Rejection> + Send + Sync + 'static,
    ) -> Output<W>
    where
        V: 'static,
    {
        let step = Arc::new(step);
        let (strict, lenient, lenient_step) = (self.clone(), self.clone(), Arc::clone(&step));
        self.read_by(
            move |text| strict.read(text).and_then(|value| step(text, value)),
            move |text, doubt| {
                let reading = lenient.read_in_doubt(text, doubt)?;
                reading.try_map(|value| lenient_step(text, value))
            },
        )
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
