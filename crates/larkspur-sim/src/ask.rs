//! What a request asks for, whichever API it came through.

use serde_json::Value;

use crate::dialogue::Dialogue;
use crate::engine::Rule;

/// A request that passed every check.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// The name in the request.
    pub(crate) model: String,
    pub(crate) effort: Option<String>,
    /// What was said so far. Writers borrow words from what the user said last.
    pub(crate) dialogue: Dialogue,
    /// How freely the model is to choose; as it is most likely to go on where nothing is said.
    #[cfg_attr(
        not(feature = "gguf"),
        expect(dead_code, reason = "writers choose at random whatever is said")
    )]
    pub(crate) temperature: Option<f64>,
    /// Bytes of everything that the model would read.
    pub(crate) input_bytes: usize,
    pub(crate) output: Output,
    pub(crate) tools: Vec<Tool>,
    pub(crate) choice: Choice,
    pub(crate) max_output_tokens: Option<u64>,
    /// The conversation ends with the output of a tool.
    pub(crate) after_tool: bool,
    /// Rounds of calls that were answered since the user's last message.
    pub(crate) tool_rounds: u32,
    /// Tokens from which on the conversation is to be compacted.
    pub(crate) compact_threshold: Option<u64>,
    /// Several calls may come in one answer.
    pub(crate) parallel: bool,
    /// The caller carries the reasoning on by itself.
    pub(crate) wants_encrypted_reasoning: bool,
}

/// The form of a message.
#[derive(Clone, Debug)]
pub(crate) enum Output {
    /// Plain text.
    Text,
    /// Text under a rule.
    Constrained { rule: Rule, name: String },
}

/// A tool that the answer may call.
#[derive(Clone, Debug)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) kind: ToolKind,
    /// Strict mode was asked for, or found possible where nothing was said.
    pub(crate) strict: bool,
}

/// What a call of a tool carries.
#[derive(Clone, Debug)]
pub(crate) enum ToolKind {
    /// JSON arguments under a rule.
    Function(Rule),
    /// Text under a rule, or any text.
    Custom(Option<Rule>),
}

/// Whether and what to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The writer decides, among these names or among all.
    Auto(Option<Vec<String>>),
    /// No call.
    None,
    /// A call, of one of these names or of any.
    Required(Option<Vec<String>>),
}

impl Choice {
    /// The names that the choice is narrowed to.
    pub(crate) fn names(&self) -> Option<&[String]> {
        match self {
            Self::Auto(names) | Self::Required(names) => names.as_deref(),
            Self::None => None,
        }
    }
}

impl Ask {
    /// Whether the request names the one tool that is to be called.
    pub(crate) fn names_one_tool(&self) -> bool {
        matches!(&self.choice, Choice::Required(Some(names)) if names.len() == 1)
    }

    /// Whether the conversation is as long as it has to be to be compacted.
    pub(crate) fn is_compacted(&self) -> bool {
        self.compact_threshold
            .is_some_and(|threshold| tokens(self.input_bytes) >= threshold)
    }

    /// The tools that may be called.
    pub(crate) fn callable(&self) -> Vec<&Tool> {
        if self.choice == Choice::None {
            return Vec::new();
        }
        let names = self.choice.names();
        self.tools
            .iter()
            .filter(|tool| names.is_none_or(|names| names.contains(&tool.name)))
            .collect()
    }
}

/// A rough count of tokens, four bytes each: what English text and JSON come to on OpenAI's vocabularies.
pub(crate) fn tokens(bytes: usize) -> u64 {
    u64::try_from(bytes.div_ceil(4)).unwrap_or(u64::MAX)
}

/// All texts of a JSON value below keys that carry text for the model.
pub(crate) fn texts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Object(fields) => {
            for key in ["text", "content", "output", "refusal"] {
                if let Some(value) = fields.get(key) {
                    texts(value, into);
                }
            }
        }
        _ => {}
    }
}

/// How many times outputs of tools have come since the user's last message; outputs that follow one another came together.
pub(crate) fn tool_rounds<'a>(conversation: impl DoubleEndedIterator<Item = &'a Value>) -> u32 {
    let text = |item: &'a Value, name: &str| item.get(name).and_then(Value::as_str);
    let mut rounds = 0;
    let mut within = false;
    for item in conversation.rev() {
        if text(item, "role") == Some("user") {
            break;
        }
        let is_output = text(item, "role") == Some("tool")
            || text(item, "type").is_some_and(|kind| kind.ends_with("_output"));
        rounds += u32::from(is_output && !within);
        within = is_output;
    }
    rounds
}
