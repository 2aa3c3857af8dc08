//! The Chat Completions API.

use std::borrow::Cow;
use std::mem;

use larkspur_output::JsonSchemaFormat;
use larkspur_wire::chat::{
    self, Completion, Content, ContentPart, Message, Request, ResponseFormat, Role, ToolCall,
};
use larkspur_wire::{Ending, Extra, JsonObjectFormat};
use serde_json::Value;

use crate::answer::Said;
use crate::api::{Api, Call, CallOutput, OpenAi, Receipt, Sealed, Settings, listed};
use crate::pairing::Pairs;
use crate::provider::ChatForm;
use crate::request::RequestBuilder;
use crate::tool::{Kind, Tool};

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
    const FORMAT: &'static str = "response_format";
    const LEAST_OUTPUT_TOKENS: u64 = 16;

    fn path(_model: &str, _streams: bool) -> Cow<'static, str> {
        "chat/completions".into()
    }

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
        let form = settings.chat;
        let mut messages: Vec<Message> = instructions.into_iter().chain(own.messages).collect();
        if form.text_beside_calls {
            messages.iter_mut().for_each(say_something);
        }
        let (old_bound, bound) = match settings.max_output_tokens {
            bound if form.max_tokens => (bound.or(own.max_tokens), None),
            bound => (own.max_tokens, bound),
        };
        Request {
            model: settings.model,
            messages,
            response_format: settings.format.map(|format| schema(format, form)),
            verbosity: settings.verbosity,
            tools: listed(settings.tools.into_iter().map(Into::into)),
            tool_choice: settings.tool_choice.map(Into::into),
            parallel_tool_calls: settings.parallel_tool_calls,
            reasoning_effort: settings.effort,
            max_tokens: old_bound,
            max_completion_tokens: bound,
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

    fn reask(own: &mut Request, _response: &Completion, said: &Said, wrong: &str) {
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
        let message = completion.choices.first().map(|choice| &choice.message);
        message.map(calls).unwrap_or_default()
    }

    fn name_calls(completion: &mut Completion, prefix: &str) {
        let choice = completion.choices.first_mut();
        let made = choice.and_then(|choice| choice.message.tool_calls.as_mut());
        for (call, number) in made.into_iter().flatten().zip(1..) {
            let id = match call {
                ToolCall::Function(call) => &mut call.id,
                ToolCall::Custom(call) => &mut call.id,
                _ => continue,
            };
            if id.is_empty() {
                *id = format!("{prefix}{number}");
            }
        }
    }

    fn prepare_to_go_on(_own: &mut Request, _settings: &Settings) {}

    fn go_on(own: &mut Request, completion: Completion, outputs: Vec<CallOutput>) {
        let said = completion.choices.into_iter().next();
        own.messages
            .extend(said.map(|choice| going_back(choice.message)));
        let outputs = outputs.into_iter();
        own.messages
            .extend(outputs.map(|output| Message::tool(output.id, output.text)));
    }

    fn resume_path(_request: &Request, _state: &chat::Accumulator) -> Option<String> {
        None
    }

    /// Tool messages follow the message with the calls, and answer all of them.
    fn kept_by_server(request: &Request) -> Option<&'static str> {
        let contents = request
            .messages
            .iter()
            .filter_map(|message| message.content.as_ref());
        let mut parts = contents.flat_map(Content::parts);
        let is_file = |part: &ContentPart| matches!(part, ContentPart::File(part) if part.file.file_id.is_some());
        parts.any(is_file).then_some("a file")
    }

    fn unpaired(request: &Request) -> Vec<String> {
        let mut problems = Vec::new();
        let mut pairs = Pairs::default();
        for message in &request.messages {
            if message.role == Role::Tool {
                pairs.output(message.tool_call_id.as_deref().unwrap_or_default(), false);
                continue;
            }
            problems.append(&mut mem::take(&mut pairs).problems(false));
            for call in calls(message) {
                pairs.call(call.id, call.name, false);
            }
        }
        problems.append(&mut pairs.problems(false));
        problems
    }
}

/// The calls in a message, in order.
fn calls(message: &Message) -> Vec<Call<'_>> {
    let made = message.tool_calls.as_deref().unwrap_or_default().iter();
    made.filter_map(|call| match call {
        ToolCall::Function(call) => Some(Call {
            id: &call.id,
            name: &call.function.name,
            text: Cow::Borrowed(&call.function.arguments),
            custom: false,
        }),
        ToolCall::Custom(call) => Some(Call {
            id: &call.id,
            name: &call.custom.name,
            text: Cow::Borrowed(&call.custom.input),
            custom: true,
        }),
        _ => None,
    })
    .collect()
}

/// A message of the model as it goes back: what says nothing, and what a request does not take, stays behind.
/// The content stays, also as `null`: servers ask for it beside calls.
fn going_back(message: Message) -> Message {
    let said = |key: &str, value: &Value| {
        key == "content" || (!value.is_null() && !matches!(key, "annotations" | "audio"))
    };
    Message {
        role: Role::Assistant,
        extra: message
            .extra
            .into_iter()
            .filter(|(key, value)| said(key, value))
            .collect(),
        ..message
    }
}

/// An empty text in place of none, where calls are made.
fn say_something(message: &mut Message) {
    if message.tool_calls.is_some() && message.content.is_none() {
        message.content = Some(Content::default());
    }
}

fn schema(format: JsonSchemaFormat, form: ChatForm) -> ResponseFormat {
    if form.schema_beside_json_object {
        let extra = Extra::from_iter([("schema".to_owned(), Value::clone(&format.schema))]);
        return ResponseFormat::JsonObject(JsonObjectFormat { extra });
    }
    let json_schema = chat::JsonSchemaDefinition {
        name: format.name,
        description: format.description,
        strict: Some(format.strict),
        schema: Some(format.schema.value().clone()),
        ..Default::default()
    };
    let format = chat::JsonSchemaFormat {
        json_schema,
        ..Default::default()
    };
    format.into()
}

impl From<Tool> for chat::Tool {
    fn from(tool: Tool) -> Self {
        let name = tool.name;
        let mut custom = match tool.kind {
            Kind::Raw(json) => return Self::Other(json),
            Kind::Function { parameters, strict } => {
                let mut function = chat::FunctionTool::new(name, &parameters, strict);
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
