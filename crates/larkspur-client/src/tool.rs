//! What the model may call, said once for all APIs. How each API writes it stands with the API.

use larkspur_output::{
    Carrier, Constraint, GrammarFormat, GrammarSyntax as Written, Output, OutputType as _, Target,
};
use larkspur_schema::{JsonSchema, SharedSchema};
use larkspur_wire::GrammarSyntax;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::Error;
use crate::tool_choice::ToolRef;

/// Something the model may call, as it stands in a request. What the program runs by itself is a
/// [`RunnableTool`](crate::RunnableTool).
///
/// ```
/// use larkspur_client::{CustomTool, Tool, ToolChoice, ToolRef};
/// use larkspur_client::wire::responses;
/// use serde_json::json;
///
/// let lookup = Tool::function_schema("lookup", json!({"type": "object", "properties": {}}), false)
///     .description("Find one order.");
/// let sql = CustomTool::new("sql").lark("start: \"SELECT \" /[a-z]{1,20}/");
/// let allowed = ToolChoice::allowed([ToolRef::custom("sql")]);
///
/// let tools: Vec<responses::Tool> = vec![lookup.into(), Tool::from(sql).into()];
/// let choice = responses::ToolChoice::from(allowed);
/// assert_eq!(serde_json::to_value(&tools).unwrap()[1]["format"]["syntax"], "lark");
/// assert_eq!(serde_json::to_value(&choice).unwrap()["mode"], "auto");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) kind: Kind,
    /// The description is where the grammar of the input stands.
    described: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Function {
        parameters: SharedSchema,
        strict: bool,
    },
    Custom(Option<(GrammarSyntax, String)>),
    Raw(Value),
}

/// A tool as an API says it that knows functions only.
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) parameters: SharedSchema,
    pub(crate) strict: bool,
}

impl Tool {
    /// A function whose arguments are a Rust type: strict, with the schema lowered to what `OpenAI` accepts.
    ///
    /// To read the arguments of a call, prepare the type yourself and use [`Tool::from_output`]: the [`Output`] reads
    /// what the model sends back into the type.
    ///
    /// # Errors
    ///
    /// The type cannot be said in that dialect; the error names each place.
    pub fn function<Args>(name: impl Into<String>) -> Result<Self, Error>
    where
        Args: JsonSchema + DeserializeOwned + 'static,
    {
        let output = larkspur_output::json::<Args>().prepare(Target::openai())?;
        Ok(Self::from_output(name, &output))
    }

    /// A function whose arguments have this JSON Schema, sent as it is.
    pub fn function_schema(
        name: impl Into<String>,
        parameters: impl Into<SharedSchema>,
        strict: bool,
    ) -> Self {
        Self {
            name: name.into(),
            description: None,
            kind: Kind::Function {
                parameters: parameters.into(),
                strict,
            },
            described: false,
        }
    }

    /// The tool whose calls this output reads: a function for a schema, a custom tool for a grammar or any text. A grammar that
    /// is only [described](Carrier::Description) is a function too; the text to read is the string `input` in its arguments.
    pub fn from_output<V>(name: impl Into<String>, output: &Output<V>) -> Self {
        let (description, kind) = match output.constraint() {
            Constraint::JsonSchema(format) => {
                let function = Kind::Function {
                    parameters: format.schema.clone(),
                    strict: format.strict,
                };
                (format.description.clone(), function)
            }
            Constraint::Grammar(format) => return Self::grammar(name, format),
            _ => (None, Kind::Custom(None)),
        };
        Self {
            name: name.into(),
            description,
            kind,
            described: false,
        }
    }

    /// A tool that takes text of this grammar: a function that says so in words where it is to be described, else a custom tool.
    pub(crate) fn grammar(name: impl Into<String>, format: &GrammarFormat) -> Self {
        if format.carrier == Carrier::Description {
            return described(name.into(), format);
        }
        Self {
            name: name.into(),
            description: None,
            kind: Kind::Custom(Some(grammar(format))),
            described: false,
        }
    }

    /// As [`description`](Self::description), before what has to be said of the input in any case.
    pub(crate) fn described_as(self, description: &str) -> Self {
        let said = match &self.description {
            Some(rule) if self.described => format!("{description}\n\n{rule}"),
            _ => description.to_owned(),
        };
        self.description(said)
    }

    /// A tool of the server's own (search, code and the like), as JSON.
    pub fn raw(json: Value) -> Self {
        Self {
            name: String::new(),
            description: None,
            kind: Kind::Raw(json),
            described: false,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How a choice names it; the server's own tools have no name.
    pub(crate) fn reference(&self) -> Option<ToolRef> {
        match &self.kind {
            Kind::Function { .. } => Some(ToolRef::function(&self.name)),
            Kind::Custom(_) => Some(ToolRef::custom(&self.name)),
            Kind::Raw(_) => None,
        }
    }

    /// The schema of a strict function, which counts against the limits of a request.
    pub(crate) fn strict_schema(&self) -> Option<&SharedSchema> {
        match &self.kind {
            Kind::Function {
                parameters,
                strict: true,
            } => Some(parameters),
            _ => None,
        }
    }

    /// The tool for an API that knows functions only: a custom tool takes its text as `input`, and the grammar is told in words. A
    /// [`raw`](Self::raw) tool is its JSON.
    pub(crate) fn into_function(self) -> Result<Function, Value> {
        let (name, described) = (self.name, self.description);
        match self.kind {
            Kind::Raw(json) => Err(json),
            Kind::Function { parameters, strict } => Ok(Function {
                name,
                description: described,
                parameters,
                strict,
            }),
            Kind::Custom(grammar) => {
                let rule = grammar.map(|(syntax, text)| {
                    format!("`input` is a text of this {syntax} grammar:\n\n{text}")
                });
                let said: Vec<String> = described.into_iter().chain(rule).collect();
                Ok(Function {
                    name,
                    description: (!said.is_empty()).then(|| said.join("\n\n")),
                    parameters: SharedSchema::from(json!({
                        "type": "object",
                        "properties": {"input": {"type": "string"}},
                        "required": ["input"],
                        "additionalProperties": false,
                    })),
                    strict: true,
                })
            }
        }
    }

    /// When and how to call it; the model reads it. A [`raw`](Self::raw) tool has its own.
    pub fn description(self, description: impl Into<String>) -> Self {
        Self {
            description: Some(description.into()),
            ..self
        }
    }
}

/// A tool whose input is text, if wanted in a grammar.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomTool {
    name: String,
    description: Option<String>,
    grammar: Option<(GrammarSyntax, String)>,
}

impl CustomTool {
    /// A tool that takes any text.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: None,
            grammar: None,
        }
    }

    /// When and how to call it; the model reads it.
    pub fn description(self, description: impl Into<String>) -> Self {
        Self {
            description: Some(description.into()),
            ..self
        }
    }

    /// Only text of this Lark grammar, in llguidance's dialect.
    pub fn lark(self, grammar: impl Into<String>) -> Self {
        Self {
            grammar: Some((GrammarSyntax::Lark, grammar.into())),
            ..self
        }
    }

    /// Only text that this Rust regex matches as a whole.
    pub fn regex(self, regex: impl Into<String>) -> Self {
        Self {
            grammar: Some((GrammarSyntax::Regex, regex.into())),
            ..self
        }
    }
}

impl From<CustomTool> for Tool {
    fn from(tool: CustomTool) -> Self {
        Self {
            name: tool.name,
            description: tool.description,
            kind: Kind::Custom(tool.grammar),
            described: false,
        }
    }
}

/// A function that takes one string, and says in words what it must be.
fn described(name: String, format: &GrammarFormat) -> Tool {
    let parameters = json!({
        "type": "object",
        "properties": {"input": {"type": "string", "description": "The answer, and nothing around it."}},
        "required": ["input"],
        "additionalProperties": false,
    });
    let rule = match format.syntax {
        Written::Regex => {
            "this regular expression (syntax of the Rust `regex` crate) matches as a whole"
        }
        _ => "this Lark grammar derives as a whole, from the rule `start`",
    };
    let definition = &format.definition;
    let tool = Tool::function_schema(name, parameters, true).description(format!(
        "Takes the answer: a text that {rule}. A text that breaks it is refused.\n\n{definition}"
    ));
    Tool {
        described: true,
        ..tool
    }
}

/// Syntax and text of a grammar, as the wire wants them.
fn grammar(format: &GrammarFormat) -> (GrammarSyntax, String) {
    // Both sides spell it as the wire does.
    let word = serde_json::to_value(format.syntax).ok();
    let syntax = word
        .as_ref()
        .and_then(Value::as_str)
        .map_or(GrammarSyntax::Lark, GrammarSyntax::from);
    (syntax, format.definition.clone())
}
