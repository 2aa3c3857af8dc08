//! What the answer must be, put into a request, and the answer, taken out of a response.
//!
//! A schema is the format of the text, or where the server knows none, the arguments of a function, or told in words. A grammar goes where its [`Carrier`] says; in a tool it is the tool's input that is the
//! answer, and the tool must be called.

use larkspur_output::{
    Carrier, Constraint, GrammarFormat, GrammarSyntax, JsonSchemaFormat, SchemaCarrier,
};
use serde_json::{Value, json};

use crate::api::{Api, Settings};
use crate::tool::Tool;
use crate::tool_choice::ToolChoice;

/// The tool that carries a grammar.
const TOOL: &str = "answer";

/// What a custom tool with a grammar says to the model.
const DESCRIPTION: &str = "Takes the answer, as text of the grammar.";

/// What a function with a schema says to the model.
const TAKES: &str = "Takes the answer.";

/// What is said before a schema that is told in words.
const TOLD: &str = "Answer with one JSON value that fits the following JSON Schema, and with nothing else: no words around it, and no code fence.";

impl Settings {
    /// Attaches what the answer must be.
    pub(crate) fn constrain(&mut self, constraint: &Constraint) {
        match constraint {
            Constraint::JsonSchema(format) => match format.carrier {
                SchemaCarrier::Tool => {
                    let tool = self.schema_tool(format);
                    self.must_call(tool);
                }
                SchemaCarrier::Words => self.tell(format),
                _ => self.format = Some(format.clone()),
            },
            Constraint::Grammar(format) => self.carry(format),
            _ => {}
        }
    }

    /// Says in words what the answer must be, behind the instructions.
    fn tell(&mut self, format: &JsonSchemaFormat) {
        let purpose = format.description.as_ref();
        let purpose = purpose
            .map(|what| format!("{what}\n\n"))
            .unwrap_or_default();
        let told = format!("{TOLD}\n\n{purpose}{}", *format.schema);
        let before = self.instructions.take();
        let before = before.map(|before| format!("{before}\n\n"));
        self.instructions = Some(before.unwrap_or_default() + &told);
    }

    /// The function whose arguments are the answer.
    fn schema_tool(&self, format: &JsonSchemaFormat) -> Tool {
        let tool = Tool::function_schema(self.free_name(), format.schema.clone(), format.strict);
        tool.description(match &format.description {
            Some(what) => format!("{TAKES}\n\n{what}"),
            None => TAKES.to_owned(),
        })
    }

    fn carry(&mut self, format: &GrammarFormat) {
        let text = || Value::from(format.definition.as_str());
        let field = |field| match format.syntax {
            GrammarSyntax::Regex => "regex",
            _ => field,
        };
        match format.carrier {
            Carrier::StructuredOutputs => {
                let grammar = json!({ field("grammar"): text() });
                self.extra.insert("structured_outputs".into(), grammar);
            }
            Carrier::GrammarField => {
                self.extra.insert("grammar".into(), text());
            }
            Carrier::EbnfField => {
                self.extra.insert(field("ebnf").into(), text());
            }
            _ => {
                let tool = self.answer_tool(format);
                self.must_call(tool);
            }
        }
    }

    /// Attaches what the answer must be, where other tools may be called before it comes. Where a tool carries it, that tool is
    /// one more among the others, and its name is given back.
    pub(crate) fn constrain_beside_tools(&mut self, constraint: &Constraint) -> Option<String> {
        match constraint {
            Constraint::Grammar(format) if is_a_tool(format.carrier) => {
                let tool = self.answer_tool(format);
                Some(self.may_call(tool))
            }
            Constraint::JsonSchema(format) if format.carrier == SchemaCarrier::Tool => {
                let tool = self.schema_tool(format);
                Some(self.may_call(tool))
            }
            other => {
                self.constrain(other);
                None
            }
        }
    }

    fn may_call(&mut self, tool: Tool) -> String {
        let name = tool.name().to_owned();
        self.tools.push(tool);
        name
    }

    /// The tool that carries a grammar.
    fn answer_tool(&self, format: &GrammarFormat) -> Tool {
        let tool = Tool::grammar(self.free_name(), format);
        match format.carrier {
            Carrier::Description => tool,
            _ => tool.description(DESCRIPTION),
        }
    }

    /// Custom tools know no parallel calls (`OpenAI`'s cookbook, "GPT-5 new params and tools"), and one answer is wanted.
    fn must_call(&mut self, tool: Tool) {
        self.tool_choice = tool.reference().map(ToolChoice::Tool);
        self.tools.push(tool);
        self.parallel_tool_calls = Some(false);
    }

    /// The name of the answer tool where the request may have tools of its own.
    fn free_name(&self) -> String {
        let mut name = TOOL.to_owned();
        while self.tools.iter().any(|tool| tool.name() == name) {
            name.push('_');
        }
        name
    }
}

/// Whether a grammar travels in a tool.
fn is_a_tool(carrier: Carrier) -> bool {
    matches!(carrier, Carrier::CustomTool | Carrier::Description)
}

/// What the model says.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// Text.
    Text(String),
    /// The answer tool, called with the answer.
    Answer {
        call: AnswerCall,
        /// The answer in it.
        input: String,
    },
    /// Other tools, called in place of an answer.
    Calls(Vec<String>),
}

/// The call of the answer tool, as the model made it.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerCall {
    pub id: String,
    pub name: String,
    /// The input of a custom tool, the arguments of a function.
    pub text: String,
    /// Of a custom tool, and not of a function.
    pub custom: bool,
}

impl Said {
    /// What the model says, as far as the constraint wants to know.
    pub(crate) fn of<A: Api>(response: &A::Response, constraint: &Constraint) -> Self {
        let calls = A::calls(response);
        // The first such call is the answer: no other tool may be called, and its name is the server's to spell.
        let call = match constraint {
            Constraint::Grammar(format) => {
                let described = format.carrier == Carrier::Description;
                calls.iter().find(|call| call.custom || described)
            }
            Constraint::JsonSchema(format) if format.carrier == SchemaCarrier::Tool => {
                calls.first()
            }
            _ => None,
        };
        if let Some(call) = call {
            let call = AnswerCall {
                id: call.id.to_owned(),
                name: call.name.to_owned(),
                text: call.text.clone().into_owned(),
                custom: call.custom,
            };
            return Self::answer(call, constraint);
        }
        let text = A::text(response);
        if text.is_empty() && !calls.is_empty() {
            Self::Calls(calls.iter().map(|call| call.name.to_owned()).collect())
        } else {
            Self::Text(text)
        }
    }

    /// The call of the answer tool: a grammar's text stands in its input, and a schema's value is its arguments.
    pub(crate) fn answer(call: AnswerCall, constraint: &Constraint) -> Self {
        let input = match constraint {
            Constraint::Grammar(_) if !call.custom => input(&call.text),
            _ => call.text.clone(),
        };
        Self::Answer { call, input }
    }

    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Answer { input: text, .. } => text,
            Self::Calls(_) => "",
        }
    }
}

/// The answer in the arguments of a [described](Carrier::Description) tool. Arguments that do not hold one are the answer as
/// they are: what is wrong with them shows when they are read.
pub(crate) fn input(arguments: &str) -> String {
    let parsed: Option<Value> = serde_json::from_str(arguments).ok();
    let input = parsed
        .as_ref()
        .and_then(|value| value.get("input")?.as_str());
    input.unwrap_or(arguments).to_owned()
}
