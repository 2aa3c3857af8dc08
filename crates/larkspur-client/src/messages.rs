//! The Messages API of Anthropic.

use std::borrow::Cow;
use std::mem;

use larkspur_output::JsonSchemaFormat;
use larkspur_wire::Ending;
use larkspur_wire::anthropic::{
    self, Block, Content, Message, Metadata, OutputConfig, Request, Response, Role, Source,
    Thinking, TokenCount, ToolChoiceMode, ToolUseBlock,
};
use serde_json::Value;

use crate::answer::Said;
use crate::api::{Api, Call, CallOutput, Receipt, Sealed, Settings, listed};
use crate::ask::Sent;
use crate::call::Call as Http;
use crate::error::Error;
use crate::ledger::AttemptKind;
use crate::pairing::Pairs;
use crate::request::RequestBuilder;
use crate::tool::Tool;
use crate::tool_choice::{ToolChoice, ToolRef};

/// The Messages API of Anthropic.
#[derive(Debug, Clone, Copy)]
pub struct Messages;

/// A request to the Messages API, being made.
///
/// The API has no default for the length of an answer: without
/// [`max_output_tokens`](RequestBuilder::max_output_tokens) it is [`MessagesRequest::DEFAULT_MAX_TOKENS`]. It has no custom tools:
/// a [`CustomTool`](crate::CustomTool) becomes a function that takes its text as `input`, and the grammar is told in words. Where a
/// choice [allows](ToolChoice::Allowed) some tools, only those are sent.
///
/// ```
/// use larkspur_client::{Client, Provider};
///
/// let client = Client::builder().provider(Provider::anthropic()).api_key("sk-ant-…").build()?;
/// let request = client.messages("claude-opus-4-5").input("Say hello.").max_output_tokens(500).build();
/// assert_eq!(
///     serde_json::to_string(&request).unwrap(),
///     r#"{"model":"claude-opus-4-5","max_tokens":500,"messages":[{"role":"user","content":"Say hello."}]}"#
/// );
/// # Ok::<(), larkspur_client::Error>(())
/// ```
pub type MessagesRequest = RequestBuilder<Messages>;

/// What only the Messages API has.
impl RequestBuilder<Messages> {
    /// The bound on an answer where none is given: what the smallest models still take.
    pub const DEFAULT_MAX_TOKENS: u64 = 8_192;

    /// One more message of anybody.
    pub fn message(self, message: Message) -> Self {
        self.messages([message])
    }

    /// More messages, oldest first.
    pub fn messages(mut self, messages: impl IntoIterator<Item = Message>) -> Self {
        self.own.messages.extend(messages);
        self
    }

    /// Lets the model think before it answers, for at most this many tokens: 1,024 and up, below the bound on the answer, of which
    /// they are a part. The server refuses this beside a tool that must be called.
    pub fn thinking(mut self, budget_tokens: u64) -> Self {
        self.own.thinking = Some(Thinking {
            kind: "enabled".to_owned(),
            budget_tokens: Some(budget_tokens),
            ..Thinking::default()
        });
        self
    }

    /// Lets the model think as much as the question and the [effort](RequestBuilder::effort) ask for.
    pub fn adaptive_thinking(mut self) -> Self {
        self.own.thinking = Some(Thinking {
            kind: "adaptive".to_owned(),
            ..Thinking::default()
        });
        self
    }

    /// How many tokens the model would read, by the server's own count: messages, instructions, tools and schema. Nothing is
    /// answered, and nothing is paid.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, refuses, or answers something else.
    pub async fn count_tokens(self) -> Result<u64, Error> {
        let call = Http::post("messages/count_tokens", &self.build().counting())?;
        let sent = self
            .client
            .fetch(&call, AttemptKind::First, "count of tokens");
        let sent: Sent<TokenCount> = sent.await?;
        Ok(sent.response.input_tokens)
    }

    /// A hashed id of the end user.
    pub fn user_id(mut self, id: impl Into<String>) -> Self {
        self.own.metadata = Some(Metadata {
            user_id: Some(id.into()),
            ..Metadata::default()
        });
        self
    }
}

impl Sealed for Messages {}

impl Api for Messages {
    type Request = Request;
    type Response = Response;
    type Input = Content;
    type Part = Block;
    type Stream = anthropic::Accumulator;

    const NAME: &'static str = "messages";
    const FORMAT: &'static str = "output_config.format";
    const LEAST_OUTPUT_TOKENS: u64 = 1;

    fn path(_model: &str, _streams: bool) -> Cow<'static, str> {
        "messages".into()
    }

    fn input(own: &mut Request, input: Content) {
        own.messages.push(Message::user(input));
    }

    fn attach(own: &mut Request, part: Block) {
        match own.messages.last_mut() {
            Some(message) if message.role == Role::User => message.content.push(part),
            _ => own.messages.push(Message::user(vec![part])),
        }
    }

    fn request(own: Request, settings: Settings) -> Request {
        let config = OutputConfig {
            format: settings.format.map(|format| schema(&format).into()),
            effort: settings.effort,
            ..OutputConfig::default()
        };
        let mut tools = settings.tools;
        let choice = chosen(
            settings.tool_choice,
            settings.parallel_tool_calls,
            &mut tools,
        );
        Request {
            model: settings.model,
            max_tokens: settings
                .max_output_tokens
                .unwrap_or(RequestBuilder::DEFAULT_MAX_TOKENS),
            system: settings.instructions.map(Content::from),
            output_config: (config != OutputConfig::default()).then_some(config),
            tools: listed(tools.into_iter().map(Into::into)),
            tool_choice: choice,
            temperature: settings.temperature,
            top_p: settings.top_p,
            extra: settings.extra,
            ..own
        }
    }

    /// What the model said goes back as it came, with its thoughts and their signatures: before a call they must be there.
    fn reask(own: &mut Request, response: &Response, said: &Said, wrong: &str) {
        let wrong = match said {
            Said::Answer { call, .. } => {
                // Each call needs its result, and only one was read.
                let is_other =
                    |block: &Block| matches!(block, Block::ToolUse(other) if other.id != call.id);
                own.messages
                    .push(said_again(response, |block| !is_other(block)));
                vec![Block::tool_result(&call.id, wrong)].into()
            }
            said => {
                // A message without text is refused.
                if !said.text().trim().is_empty() {
                    let is_call = |block: &Block| matches!(block, Block::ToolUse(_));
                    own.messages
                        .push(said_again(response, |block| !is_call(block)));
                }
                Content::from(wrong)
            }
        };
        own.messages.push(Message::user(wrong));
    }

    fn streamed(request: &mut Request) {
        request.stream = Some(true);
    }

    /// Thoughts are no part of it: their signatures hold wherever the model is offered.
    fn kept_by_server(request: &Request) -> Option<&'static str> {
        let mut blocks = request
            .messages
            .iter()
            .flat_map(|message| message.content.parts());
        let is_file = |block: &Block| match block {
            Block::Image(image) => matches!(image.source, Source::File(_)),
            Block::Document(document) => matches!(document.source, Source::File(_)),
            _ => false,
        };
        blocks.any(is_file).then_some("a file")
    }

    fn resume_path(_request: &Request, _state: &anthropic::Accumulator) -> Option<String> {
        None
    }

    fn is_answer(response: &Response) -> bool {
        !response.id.is_empty() || !response.content.is_empty() || response.stop_reason.is_some()
    }

    fn receipt(response: &Response) -> Receipt<'_> {
        Receipt {
            id: &response.id,
            model: response.model.as_deref(),
            usage: response.usage.as_ref().map(Into::into),
        }
    }

    fn ending(response: &Response) -> Ending<'_> {
        response.ending()
    }

    fn text(response: &Response) -> String {
        response.text().into_owned()
    }

    fn calls(response: &Response) -> Vec<Call<'_>> {
        response.calls().map(call).collect()
    }

    fn name_calls(response: &mut Response, prefix: &str) {
        let calls = response.content.iter_mut().filter_map(|block| match block {
            Block::ToolUse(call) => Some(call),
            _ => None,
        });
        for (call, number) in calls.zip(1..) {
            if call.id.is_empty() {
                call.id = format!("{prefix}{number}");
            }
        }
    }

    fn prepare_to_go_on(_own: &mut Request, _settings: &Settings) {}

    /// All blocks go back, in order: thoughts before a call must be there as they came.
    fn go_on(own: &mut Request, response: Response, outputs: Vec<CallOutput>) {
        let outputs = outputs.into_iter();
        let results: Vec<Block> = outputs
            .map(|output| Block::tool_result(output.id, output.text))
            .collect();
        own.messages.push(Message::assistant(response.content));
        own.messages.push(Message::user(results));
    }

    /// The message after one with calls begins with all of their results.
    fn unpaired(request: &Request) -> Vec<String> {
        let mut problems = Vec::new();
        let mut pairs = Pairs::default();
        for message in &request.messages {
            let Content::Parts(blocks) = &message.content else {
                continue;
            };
            if message.role == Role::Assistant {
                problems.append(&mut mem::take(&mut pairs).problems(false));
            }
            for block in blocks {
                match block {
                    Block::ToolUse(call) => pairs.call(&call.id, &call.name, false),
                    Block::ToolResult(result) => pairs.output(&result.tool_use_id, false),
                    _ => {}
                }
            }
        }
        problems.append(&mut pairs.problems(false));
        problems
    }
}

/// The blocks of an answer that are to go back, in order. A text that is blank is refused.
fn said_again(response: &Response, goes_back: impl Fn(&Block) -> bool) -> Message {
    let is_blank =
        |block: &Block| matches!(block, Block::Text(text) if text.text.trim().is_empty());
    let blocks = response.content.iter();
    let blocks = blocks.filter(|block| goes_back(block) && !is_blank(block));
    Message::assistant(blocks.cloned().collect::<Vec<_>>())
}

/// A call, with its arguments as text again. What a limit cut is the text that it is.
fn call(block: &ToolUseBlock) -> Call<'_> {
    let text = match &block.input {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text.as_str()),
        input => Cow::Owned(input.to_string()),
    };
    Call {
        id: &block.id,
        name: &block.name,
        text,
        custom: false,
    }
}

fn schema(format: &JsonSchemaFormat) -> anthropic::JsonSchemaFormat {
    anthropic::JsonSchemaFormat {
        schema: format.schema.value().clone(),
        ..Default::default()
    }
}

/// The choice as this API says it, which knows no list of allowed tools: the others are not sent.
fn chosen(
    choice: Option<ToolChoice>,
    parallel: Option<bool>,
    tools: &mut Vec<Tool>,
) -> Option<anthropic::ToolChoice> {
    let mode = anthropic::ToolChoice::mode;
    let choice = choice.map(|choice| match choice {
        ToolChoice::Auto => mode(ToolChoiceMode::Auto),
        ToolChoice::None => mode(ToolChoiceMode::None),
        ToolChoice::Required => mode(ToolChoiceMode::Any),
        ToolChoice::Tool(ToolRef::Function(name) | ToolRef::Custom(name)) => {
            anthropic::ToolChoice::tool(name)
        }
        ToolChoice::Allowed {
            required,
            tools: allowed,
        } => {
            let is_allowed = |tool: &Tool| {
                let reference = tool.reference();
                reference.is_some_and(|reference| allowed.contains(&reference))
            };
            tools.retain(is_allowed);
            mode(if required {
                ToolChoiceMode::Any
            } else {
                ToolChoiceMode::Auto
            })
        }
    });
    if parallel != Some(false) || tools.is_empty() {
        return choice;
    }
    let mut choice = choice.unwrap_or_default();
    choice.disable_parallel_tool_use = Some(true);
    Some(choice)
}

impl From<Tool> for anthropic::Tool {
    fn from(tool: Tool) -> Self {
        match tool.into_function() {
            Ok(function) => Self {
                description: function.description,
                ..Self::new(function.name, &function.parameters, function.strict)
            },
            Err(json) => serde_json::from_value(json).unwrap_or_default(),
        }
    }
}
