//! What the answer must be, put into a request, and the answer, taken out of a response.
//!
//! A schema is the format of the text. A grammar goes where its [`Carrier`] says; in a tool it is the tool's input that is the
//! answer, and the tool must be called.

use larkspur_output::{Carrier, Constraint, GrammarFormat, GrammarSyntax};
use serde_json::{Value, json};

use crate::api::{Api, Settings};
use crate::tool::Tool;
use crate::tool_choice::ToolChoice;

/// The tool that carries a grammar.
const TOOL: &str = "answer";

/// What a custom tool with a grammar says to the model.
const DESCRIPTION: &str = "Takes the answer, as text of the grammar.";

impl Settings {
    /// Attaches what the answer must be.
    pub(crate) fn constrain(&mut self, constraint: &Constraint) {
        match constraint {
            Constraint::JsonSchema(format) => self.format = Some(format.clone()),
            Constraint::Grammar(format) => self.carry(format),
            _ => {}
        }
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
                let name = tool.name().to_owned();
                self.tools.push(tool);
                Some(name)
            }
            other => {
                self.constrain(other);
                None
            }
        }
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
        if let Constraint::Grammar(format) = constraint {
            let described = format.carrier == Carrier::Description;
            // The first such call is the answer: no other tool may be called, and its name is the server's to spell.
            if let Some(call) = calls.iter().find(|call| call.custom || described) {
                let input = if call.custom {
                    call.text.clone().into_owned()
                } else {
                    input(&call.text)
                };
                let call = AnswerCall {
                    id: call.id.to_owned(),
                    name: call.name.to_owned(),
                    text: call.text.clone().into_owned(),
                    custom: call.custom,
                };
                return Self::Answer { call, input };
            }
        }
        let text = A::text(response);
        if text.is_empty() && !calls.is_empty() {
            Self::Calls(calls.iter().map(|call| call.name.to_owned()).collect())
        } else {
            Self::Text(text)
        }
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
