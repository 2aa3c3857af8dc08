//! Lowering: JSON Schema → the subset that a server accepts.
//!
//! A list of small passes over a [`graph`], one file each, in this order. What holds after each pass is written at its top, and later
//! passes rely on it.

mod arrays;
mod as_is;
mod cycles;
mod empty;
pub(crate) mod graph;
mod limits;
mod maps;
mod merge;
mod numbers;
mod open;
mod outsize;
mod print;
mod read;
mod roots;
mod strings;
mod tuples;
mod unions;
mod values;

use std::fmt;

use larkspur_json::Pointer;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::graph::Graph;
pub use self::open::JSON_TEXT_NOTE;
pub(crate) use self::{
    read::{dangling_reference, kind},
    strings::{is_anchored, is_regular},
};
use crate::{Change, Diagnostic, Dialect, Enforcer, Entry, Plan, check, draft, receipt};

/// A schema that a server accepts, and how to undo the rewriting.
///
/// As JSON this is exactly what `larkspur lower` prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Lowered {
    /// The schema to send.
    pub schema: Value,
    /// How an answer is put back into the original shape.
    pub plan: Plan,
    /// The rules that the schema to send does not hold.
    pub relaxations: Vec<Relaxation>,
    /// Everything that is not sent as it is: what became of it, and who still enforces it.
    #[serde(default)]
    pub receipt: Vec<Entry>,
}

/// A rule, or an annotation, of the original schema that the lowered one does not hold.
///
/// Rules are told to the model in a description and stay in force for whoever reads the answer by the original schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Relaxation {
    /// The schema, in the original, that says the rule.
    pub pointer: Pointer,
    /// The keyword.
    pub keyword: String,
    /// Its value; `null` where it would be long.
    pub value: Value,
    /// Why it was left out, and what becomes of it.
    pub reason: String,
}

impl Relaxation {
    /// A rule of an output type of your own that the constraint does not carry. What is no schema has the root for a place.
    pub fn new(pointer: Pointer, keyword: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            pointer,
            keyword: keyword.into(),
            value: Value::Null,
            reason: reason.into(),
        }
    }
}

/// Rewrites a schema into the subset that a server accepts, and changes no more of it than the server makes necessary.
///
/// | original | lowered, where the dialect has nothing nearer | lifted back |
/// |---|---|---|
/// | optional property | required, may be `null` | `null` → absent |
/// | map | array of `{key, value}` | → object |
/// | properties and others | one more property with entries | moved up |
/// | tuple | object with `item_0`, `item_1` … | → array |
/// | any value, open object, open array | string with JSON text | parsed |
/// | recursion | the same, a level below | parsed |
/// | `oneOf`, tagged and untagged enums | `anyOf`, boxed where branches could be confused | unboxed |
/// | root that is no object | object with the property `value` | unwrapped |
/// | `allOf`, keywords beside `$ref` | merged | – |
/// | keywords, formats, bounds the server lacks | told in the description | see [`Lowered::relaxations`] |
///
/// Older drafts (4, 6, 7, 2019-09) and OpenAPI 3.0 and 3.1 are understood, with or without a `$schema`.
///
/// [`Lowered::receipt`] says of every rule that is not sent as it is what became of it. Two customs narrow what the model can say
/// and are no rules of the original; they stand there too: an object that lists its properties and says nothing of others is closed
/// where the server does not take it as JSON Schema does, and a schema that says rules for one type but no `type` is of that type.
///
/// A schema that the server takes and means in full comes back as it is, with an empty plan.
///
/// # Errors
/// Where the schema is not one (a reference that leads nowhere or only to itself, a keyword with a value of the wrong kind,
/// rules that contradict each other), or is larger than the server or this crate allow. All problems are in the error.
///
/// ```
/// use larkspur_schema::{Dialect, lower};
/// use serde_json::json;
///
/// let schema = json!({"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
///     "required": ["name"]});
/// let lowered = lower(&schema, Dialect::openai())?;
/// assert_eq!(lowered.schema, json!({
///     "type": "object",
///     "properties": {"name": {"type": "string"}, "age": {"type": ["integer", "null"]}},
///     "required": ["name", "age"],
///     "additionalProperties": false,
/// }));
/// # Ok::<(), larkspur_schema::LowerError>(())
/// ```
pub fn lower(schema: &Value, dialect: &Dialect) -> Result<Lowered, LowerError> {
    let oversized = check::size::problems(schema);
    if !oversized.is_empty() {
        return Err(LowerError::new(oversized));
    }
    let modern = draft::modern(schema);
    let result = lower_modern(&modern.schema, dialect);
    let mut lowered = result.map_err(|mut error| {
        for problem in &mut error.diagnostics {
            problem.pointer = modern.original(&problem.pointer);
        }
        error.refusals = error
            .diagnostics
            .iter()
            .map(|problem| Entry::refused(schema, problem))
            .collect();
        error
    })?;
    for rule in &mut lowered.relaxations {
        (rule.pointer, rule.keyword) = modern.original_keyword(&rule.pointer, &rule.keyword);
    }
    for entry in &mut lowered.receipt {
        (entry.pointer, entry.rule) = modern.original_keyword(&entry.pointer, &entry.rule);
        entry.place = receipt::type_path(schema, &entry.pointer);
    }
    lowered
        .receipt
        .extend(modern.read.iter().map(|(pointer, keyword, reason)| Entry {
            pointer: pointer.clone(),
            place: receipt::type_path(schema, pointer),
            rule: (*keyword).to_owned(),
            change: Change::Kept,
            by: Enforcer::Server,
            reason: (*reason).to_owned(),
        }));
    Ok(lowered)
}

fn lower_modern(schema: &Value, dialect: &Dialect) -> Result<Lowered, LowerError> {
    if dialect.accepts_everything() || as_is::is_taken_as_it_is(schema, dialect) {
        return Ok(Lowered {
            schema: schema.clone(),
            plan: Plan::default(),
            relaxations: Vec::new(),
            receipt: Vec::new(),
        });
    }
    if let Some(problem) = outsize::problem(schema, dialect) {
        return Err(LowerError::new(vec![problem]));
    }
    let mut graph = rewrite(schema, dialect)?;
    limits::print_within(&mut graph, dialect)
}

/// The passes up to printing.
fn rewrite(schema: &Value, dialect: &Dialect) -> Result<Graph, LowerError> {
    let mut graph = read::read(schema, dialect);
    refuse(&mut graph)?;
    cycles::refuse_cycles(&mut graph);
    refuse(&mut graph)?;
    merge::merge(&mut graph);
    refuse(&mut graph)?;
    // Merging follows references, so it can close a cycle that was not there before.
    cycles::refuse_cycles(&mut graph);
    refuse(&mut graph)?;
    unions::spell_out_type_lists(&mut graph, dialect);
    values::split_lists(&mut graph, dialect);
    empty::drop_empty(&mut graph, dialect);
    roots::enter_root(&mut graph);
    tuples::name_positions(&mut graph, dialect);
    maps::list_entries(&mut graph, dialect);
    // Where a dialect has no tuples or patterns of names, these became unions of whatever was said of any place.
    empty::drop_empty(&mut graph, dialect);
    open::write_unknown_as_text(&mut graph, dialect);
    strings::restrict_strings(&mut graph, dialect);
    numbers::restrict_numbers(&mut graph, dialect);
    arrays::restrict_arrays(&mut graph, dialect);
    unions::tell_apart(&mut graph, dialect);
    roots::wrap_root(&mut graph, dialect);
    Ok(graph)
}

fn refuse(graph: &mut Graph) -> Result<(), LowerError> {
    if graph.len() > Graph::MOST_NODES {
        let message = format!(
            "the schema comes to more than {} schemas",
            Graph::MOST_NODES
        );
        graph.problems.push(
            Diagnostic::error("too-large", &Pointer::root(), message)
                .hint("ask for less at a time"),
        );
    }
    if graph.problems.iter().any(Diagnostic::is_error) {
        return Err(LowerError::new(std::mem::take(&mut graph.problems)));
    }
    Ok(())
}

/// A schema that cannot be lowered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowerError {
    diagnostics: Vec<Diagnostic>,
    refusals: Vec<Entry>,
}

impl LowerError {
    pub(crate) fn new(diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            diagnostics,
            refusals: Vec::new(),
        }
    }

    /// Everything that stands in the way.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The same as entries of a receipt.
    pub fn receipt(&self) -> &[Entry] {
        &self.refusals
    }
}

impl fmt::Display for LowerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.diagnostics.split_first() {
            None => f.write_str("the schema cannot be lowered"),
            Some((first, [])) => write!(f, "the schema cannot be lowered: {first}"),
            Some((first, more)) => write!(
                f,
                "the schema cannot be lowered: {first}, and {} more",
                more.len()
            ),
        }
    }
}

impl std::error::Error for LowerError {}
