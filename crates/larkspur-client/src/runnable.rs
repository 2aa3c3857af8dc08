//! Tools that the program runs by itself.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use larkspur_output::{Carrier, Constraint, OutputType, PrepareError, Rejection, Target};
use larkspur_schema::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer;
use crate::tool::Tool;

/// What a tool says when it is done: its output, or why there is none.
pub(crate) type Running = Pin<Box<dyn Future<Output = Result<String, String>> + Send>>;

/// Reads the input of a call, and begins to run the tool with it.
pub(crate) type Run = dyn Fn(&str) -> Result<Running, Rejection> + Send + Sync;

/// A tool as a server is told of it, and how its calls are run.
type Prepared = (Tool, Arc<Run>);

type Prepare = dyn Fn(Target) -> Result<Prepared, PrepareError> + Send + Sync;

/// A tool that the model may call and the program runs: what [`tool`] and [`tool_with`] give.
///
/// Cloning is cheap.
#[derive(Clone)]
pub struct RunnableTool {
    name: String,
    description: Option<String>,
    prepare: Arc<Prepare>,
}

/// A function of the program that the model may call with arguments of a Rust type.
///
/// The schema of `Args` travels as a strict function, in the words of the server that is asked. The model's arguments are read as
/// answers are: against the schema of the type itself, whatever the server made of it. The description is the doc comment of
/// `Args` unless [another](RunnableTool::description) is given.
///
/// What the function gives goes back to the model: a string as it is, everything else as JSON. Its error goes back as text too,
/// and so do arguments that cannot be read: the model decides what to do about it.
///
/// ```
/// use larkspur_client::tool;
/// use larkspur_schema::{JsonSchema, schemars};
/// use serde::{Deserialize, Serialize};
///
/// /// Looks an order up.
/// #[derive(Deserialize, JsonSchema)]
/// struct Lookup {
///     /// As printed on the invoice.
///     number: u32,
/// }
///
/// #[derive(Serialize)]
/// struct Order {
///     number: u32,
///     shipped: bool,
/// }
///
/// let lookup = tool("lookup", |args: Lookup| async move {
///     match args.number {
///         7 => Ok(Order { number: 7, shipped: true }),
///         number => Err(format!("there is no order {number}")),
///     }
/// });
/// assert_eq!(lookup.name(), "lookup");
/// ```
pub fn tool<Args, R, E, F, Fut>(name: impl Into<String>, run: F) -> RunnableTool
where
    Args: JsonSchema + DeserializeOwned + Send + 'static,
    F: Fn(Args) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<R, E>> + Send + 'static,
    R: Serialize,
    E: fmt::Display,
{
    tool_with(name, larkspur_output::json::<Args>(), run)
}

/// A function of the program that the model may call with input of any kind of output: a type that is its own syntax, a
/// grammar, a regex, a schema.
///
/// Schemas become strict functions, grammars and regexes custom tools. Where the server knows no custom tools, a grammar is
/// described in words, and held by the reader alone ([`Carrier::Description`]).
///
/// ```
/// use larkspur_client::tool_with;
/// use larkspur_output::regex;
///
/// let pattern = regex("(?<hour>[01][0-9]|2[0-3]):(?<minute>[0-5][0-9])")?;
/// let alarm = tool_with("alarm", pattern, |time| async move {
///     Ok::<_, String>(format!("set for {}", time.text()))
/// });
/// let alarm = alarm.description("Sets an alarm at a time such as 07:30.");
/// # Ok::<(), larkspur_output::PrepareError>(())
/// ```
pub fn tool_with<O, R, E, F, Fut>(name: impl Into<String>, input: O, run: F) -> RunnableTool
where
    O: OutputType + Send + Sync + 'static,
    O::Value: Send + 'static,
    F: Fn(O::Value) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<R, E>> + Send + 'static,
    R: Serialize,
    E: fmt::Display,
{
    let name = name.into();
    let (own_name, run) = (name.clone(), Arc::new(run));
    let prepare = move |target: Target| -> Result<Prepared, PrepareError> {
        let output = input.prepare(carried_by_tools(target))?;
        let described = matches!(
            output.constraint(),
            Constraint::Grammar(format) if format.carrier == Carrier::Description
        );
        let tool = Tool::from_output(&own_name, &output);
        let run = Arc::clone(&run);
        let called = move |text: &str| -> Result<Running, Rejection> {
            let input = if described {
                output.read(&answer::input(text))?
            } else {
                output.read(text)?
            };
            let run = Arc::clone(&run);
            // Begun when its turn comes: more may be called than run at the same time.
            Ok(Box::pin(async move { said(run(input).await) }))
        };
        Ok((tool, Arc::new(called)))
    };
    RunnableTool {
        name,
        description: None,
        prepare: Arc::new(prepare),
    }
}

impl RunnableTool {
    /// The name by which the model calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When and how to call it; the model reads it.
    pub fn description(self, description: impl Into<String>) -> Self {
        Self {
            description: Some(description.into()),
            ..self
        }
    }

    pub(crate) fn prepare(&self, target: Target) -> Result<Prepared, PrepareError> {
        let (tool, run) = (self.prepare)(target)?;
        let tool = match &self.description {
            Some(description) => tool.described_as(description),
            None => tool,
        };
        Ok((tool, run))
    }
}

impl fmt::Debug for RunnableTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunnableTool")
            .field("name", &self.name)
            .field("description", &self.description)
            .finish_non_exhaustive()
    }
}

/// How a grammar gets to this server as the input of a tool: fields of a request hold for its text alone.
fn carried_by_tools(target: Target) -> Target {
    match target.carrier() {
        Carrier::CustomTool => target,
        _ => target.with_carrier(Carrier::Description),
    }
}

/// What the model is told of what a tool gave.
fn said<R: Serialize, E: fmt::Display>(gave: Result<R, E>) -> Result<String, String> {
    let value = gave.map_err(|error| format!("The tool failed: {error}"))?;
    let json = serde_json::to_string(&value)
        .map_err(|error| format!("The tool failed: its output is not JSON: {error}"))?;
    // A string goes as it is.
    Ok(serde_json::from_str(&json).unwrap_or(json))
}
