//! The Chat Completions API.

use larkspur_output::JsonSchemaFormat;
use larkspur_wire::chat::{
    self, Completion, Content, ContentPart, Message, Request, Role, ToolCall,
};
use larkspur_wire::{Ending, ToolChoiceMode};

use crate::answer::Said;
use crate::api::{Api, Call, OpenAi, Receipt, Sealed, Settings, listed};
use crate::request::RequestBuilder;
use crate::tool::{Kind, Tool, ToolChoice, ToolRef};

/// The Chat Completions API, which nearly all compatible servers speak.
#[derive(Debug, Clone, Copy)]
pub struct Chat;

/// A request to the Chat Completions API, being made.
///
/// ```
/// use larkspur_client::Client;
///
/// let client = Client::builder().base_url("http://127.0.0.1:8080/v1").build()?;
/// let request = client.chat("gpt-5.2").input("Say hello.").build();
/// assert_eq!(
///     serde_json::to_string(&request).unwrap(),
///     r#"{"model":"gpt-5.2","messages":[{"role":"user","content":"Say hello."}]}"#
/// );
/// # Ok::<(), larkspur_client::Error>(())
/// ```
pub type ChatRequest = RequestBuilder<Chat>;

/// What only the Chat Completions API has.
impl RequestBuilder<Chat> {
    /// One more message of anybody.
    pub fn message(self, message: Message) -> Self {
        self.messages([message])
    }

    /// More messages, oldest first.
    pub fn messages(mut self, messages: impl IntoIterator<Item = Message>) -> Self {
        self.own.messages.extend(messages);
        self
    }
}

impl Sealed for Chat {}
impl OpenAi for Chat {}

impl Api for Chat {
    type Request = Request;
    type Response = Completion;
    type Input = Content;
    type Part = ContentPart;
    type Stream = chat::Accumulator;

    const NAME: &'static str = "chat";
    const PATH: &'static str = "chat/completions";
    const FORMAT: &'static str = "response_format";

    fn input(own: &mut Request, input: Content) {
        own.messages.push(Message::user(input));
    }

    fn attach(own: &mut Request, part: ContentPart) {
        match own.messages.last_mut() {
            Some(message) if message.role == Role::User => {
                message.content.get_or_insert_default().push(part);
            }
            _ => own.messages.push(Message::user(vec![part])),
        }
    }

    fn request(own: Request, settings: Settings) -> Request {
        // `system` and not `developer`, for every server understands it.
        let instructions = settings.instructions.map(Message::system);
        Request {
            model: settings.model,
            messages: instructions.into_iter().chain(own.messages).collect(),
            response_format: settings.format.map(|format| schema(format).into()),
            verbosity: settings.verbosity,
            tools: listed(settings.tools.into_iter().map(Into::into)),
            tool_choice: settings.tool_choice.map(Into::into),
            parallel_tool_calls: settings.parallel_tool_calls,
            reasoning_effort: settings.effort,
            max_completion_tokens: settings.max_output_tokens,
            temperature: settings.temperature,
            top_p: settings.top_p,
            metadata: listed(settings.metadata.into_iter()),
            store: settings.store,
            service_tier: settings.service_tier,
            prompt_cache_key: settings.prompt_cache_key,
            safety_identifier: settings.safety_identifier,
            extra: settings.extra,
            ..own
        }
    }

    fn reask(own: &mut Request, said: &Said, wrong: &str) {
        own.messages.extend(match said {
            Said::Answer { call, .. } => {
                let made = if call.custom {
                    ToolCall::custom(&call.id, &call.name, &call.text)
                } else {
                    ToolCall::function(&call.id, &call.name, &call.text)
                };
                [Message::calls(vec![made]), Message::tool(&call.id, wrong)]
            }
            said => [Message::assistant(said.text()), Message::user(wrong)],
        });
    }

    fn streamed(request: &mut Request) {
        request.stream = Some(true);
        request.stream_options.get_or_insert_default().include_usage = Some(true);
    }

    fn is_answer(completion: &Completion) -> bool {
        !completion.choices.is_empty()
            || !completion.id.is_empty()
            || completion.extra.contains_key("error")
    }

    fn receipt(completion: &Completion) -> Receipt<'_> {
        Receipt {
            id: &completion.id,
            model: completion.model.as_deref(),
            usage: completion.usage.as_ref().map(Into::into),
        }
    }

    fn ending(completion: &Completion) -> Ending<'_> {
        completion.ending()
    }

    fn text(completion: &Completion) -> String {
        completion.text().into_owned()
    }

    fn calls(completion: &Completion) -> Vec<Call<'_>> {
        let functions = completion.function_calls().map(|call| Call {
            id: &call.id,
            name: &call.function.name,
            text: &call.function.arguments,
            custom: false,
        });
        let customs = completion.custom_calls().map(|call| Call {
            id: &call.id,
            name: &call.custom.name,
            text: &call.custom.input,
            custom: true,
        });
        functions.chain(customs).collect()
    }
}

fn schema(format: JsonSchemaFormat) -> chat::JsonSchemaFormat {
    let json_schema = chat::JsonSchemaDefinition {
        name: format.name,
        description: format.description,
        strict: Some(format.strict),
        schema: Some(format.schema),
        ..Default::default()
    };
    chat::JsonSchemaFormat {
        json_schema,
        ..Default::default()
    }
}

impl From<Tool> for chat::Tool {
    fn from(tool: Tool) -> Self {
        let name = tool.name;
        let mut custom = match tool.kind {
            Kind::Raw(json) => return Self::Other(json),
            Kind::Function { parameters, strict } => {
                let mut function = chat::FunctionTool::new(name, parameters, strict);
                function.function.description = tool.description;
                return Self::Function(function);
            }
            Kind::Custom(None) => chat::CustomTool::new(name),
            Kind::Custom(Some((syntax, text))) => chat::CustomTool::grammar(name, syntax, text),
        };
        custom.custom.description = tool.description;
        Self::Custom(custom)
    }
}

impl From<ToolRef> for chat::ToolRef {
    fn from(tool: ToolRef) -> Self {
        match tool {
            ToolRef::Function(name) => Self::function(name),
            ToolRef::Custom(name) => Self::custom(name),
        }
    }
}

impl From<ToolChoice> for chat::ToolChoice {
    fn from(choice: ToolChoice) -> Self {
        match choice {
            ToolChoice::Auto => Self::Mode(ToolChoiceMode::Auto),
            ToolChoice::None => Self::Mode(ToolChoiceMode::None),
            ToolChoice::Required => Self::Mode(ToolChoiceMode::Required),
            ToolChoice::Tool(tool) => chat::ToolRef::from(tool).into(),
            ToolChoice::Allowed { required, tools } => {
                let allowed_tools = chat::AllowedTools {
                    mode: ToolChoice::mode(required),
                    tools: tools.into_iter().map(Into::into).collect(),
                    ..Default::default()
                };
                Self::AllowedTools(chat::AllowedToolsChoice {
                    allowed_tools,
                    ..Default::default()
                })
            }
        }
    }
}
