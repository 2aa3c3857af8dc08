//! The Responses API.

use std::borrow::Cow;
use std::fmt::Write as _;

use larkspur_output::JsonSchemaFormat;
use larkspur_wire::responses::{
    self, CompactedResponse, ContentPart, ContextManagement, CustomToolCall, CustomToolCallOutput,
    FunctionCall, FunctionCallOutput, Input, InputItem, InputMessage, InputTokens, OutputItem,
    OutputPart, Phase, Reasoning, Request, Response, Role, Text,
};
use larkspur_wire::{Ending, Summary};

use crate::answer::Said;
use crate::api::{Api, Call, CallOutput, OpenAi, Receipt, Sealed, Settings, listed};
use crate::ask::{self, Sent};
use crate::call::Call as Http;
use crate::cost::Cost;
use crate::error::Error;
use crate::ledger::AttemptKind;
use crate::pairing::Pairs;
use crate::request::RequestBuilder;
use crate::tool::{Kind, Tool};

/// The Responses API of `OpenAI`.
#[derive(Debug, Clone, Copy)]
pub struct Responses;

/// A request to the Responses API, being made.
///
/// ```
/// use larkspur_client::{Client, Effort};
///
/// let client = Client::builder().base_url("http://127.0.0.1:8080/v1").build()?;
/// let request = client.responses("gpt-5.2").input("Say hello.").effort(Effort::Low).build();
/// assert_eq!(
///     serde_json::to_string(&request).unwrap(),
///     r#"{"model":"gpt-5.2","input":"Say hello.","reasoning":{"effort":"low"}}"#
/// );
/// # Ok::<(), larkspur_client::Error>(())
/// ```
pub type ResponsesRequest = RequestBuilder<Responses>;

/// What only the Responses API has.
impl RequestBuilder<Responses> {
    /// One more item after what was given before: a message, a call, its output.
    pub fn item(mut self, item: impl Into<InputItem>) -> Self {
        append(&mut self.own, [item.into()]);
        self
    }

    /// Whether a summary of the reasoning comes along.
    pub fn summary(mut self, summary: Summary) -> Self {
        self.own.reasoning.get_or_insert_default().summary = Some(summary);
        self
    }

    /// Goes on from a response that the server has kept. Its instructions are not inherited.
    pub fn previous_response_id(mut self, id: impl Into<String>) -> Self {
        self.own.previous_response_id = Some(id.into());
        self
    }

    /// Goes on in a conversation that the server keeps: what is given and what is answered is added to it. Where the connection breaks
    /// before the answer has come it may have been added already, so nothing is sent again.
    pub fn conversation(mut self, id: impl Into<String>) -> Self {
        self.own.conversation = Some(id.into().into());
        self
    }

    /// Has the server leave out what came first, where the input is longer than the model's window, in place of refusing it. `OpenAI`
    /// calls it deprecated; a conversation that is [compacted](Self::compact_threshold) loses less.
    pub fn truncate(mut self) -> Self {
        self.own.truncation = Some("auto".to_owned());
        self
    }

    /// Has the server compact the conversation by itself once it is longer than this many tokens, at least 1000. What is left
    /// of it then comes along in the answer, as an opaque item.
    pub fn compact_threshold(mut self, tokens: u64) -> Self {
        self.own.context_management = Some(vec![ContextManagement::compaction(tokens)]);
        self
    }

    /// Has the server make what was given short. Its [`output`](CompactedResponse::output) is what the next input begins with, all
    /// of it and in order. A [`Conversation`](crate::Conversation) does that by itself.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, refuses, or answers something else.
    pub async fn compact(self) -> Result<Sent<CompactedResponse>, Error> {
        let body = self.build().compacting();
        let call = Http::post("responses/compact", &body)?;
        let kind = AttemptKind::Compaction;
        let sent = self.client.fetch(&call, kind, "compacted conversation");
        let mut sent: Sent<CompactedResponse> = sent.await?;
        let usage = sent.response.usage.as_ref().map(Into::into);
        if let Some(attempt) = sent.ledger.last_mut() {
            attempt.cost = Cost::UNKNOWN;
            ask::enter(self.client.inner(), &body.model, None, usage, attempt);
        }
        Ok(sent)
    }

    /// How many tokens the model would read, by the server's own count: input, instructions, tools and schema. Nothing is
    /// answered, and nothing is paid.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, refuses, or answers something else.
    pub async fn count_input_tokens(self) -> Result<u64, Error> {
        let call = Http::post("responses/input_tokens", &self.build().counting())?;
        let sent = self
            .client
            .fetch(&call, AttemptKind::First, "count of tokens");
        let sent: Sent<InputTokens> = sent.await?;
        Ok(sent.response.input_tokens)
    }

    /// Something else that should come along, for example `reasoning.encrypted_content`.
    pub fn include(mut self, what: impl Into<String>) -> Self {
        self.own.include.get_or_insert_default().push(what.into());
        self
    }
}

impl Sealed for Responses {}
impl OpenAi for Responses {}

impl Api for Responses {
    type Request = Request;
    type Response = Response;
    type Input = Input;
    type Part = ContentPart;
    type Stream = responses::Accumulator;

    const NAME: &'static str = "responses";
    const FORMAT: &'static str = "text.format";
    const LEAST_OUTPUT_TOKENS: u64 = 16;

    fn path(_model: &str, _streams: bool) -> Cow<'static, str> {
        "responses".into()
    }

    fn input(own: &mut Request, input: Input) {
        own.input = Some(input);
    }

    fn attach(own: &mut Request, part: ContentPart) {
        let mut items = own.input.take().map(Input::into_items).unwrap_or_default();
        match items.last_mut() {
            Some(InputItem::Message(message)) if message.role == Role::User => {
                message.content.push(part);
            }
            _ => items.push(InputMessage::user(vec![part]).into()),
        }
        own.input = Some(Input::Items(items));
    }

    fn request(own: Request, settings: Settings) -> Request {
        let reasoning = match settings.effort {
            None => own.reasoning,
            effort => Some(Reasoning {
                effort,
                ..own.reasoning.unwrap_or_default()
            }),
        };
        let text = Text {
            format: settings.format.map(|format| schema(format).into()),
            verbosity: settings.verbosity,
            ..Text::default()
        };
        Request {
            model: Some(settings.model),
            instructions: settings.instructions,
            text: (text != Text::default()).then_some(text),
            tools: listed(settings.tools.into_iter().map(Into::into)),
            tool_choice: settings.tool_choice.map(Into::into),
            parallel_tool_calls: settings.parallel_tool_calls,
            reasoning,
            max_output_tokens: settings.max_output_tokens,
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

    fn reask(own: &mut Request, _response: &Response, said: &Said, wrong: &str) {
        let [said, wrong]: [InputItem; 2] = match said {
            Said::Answer { call, .. } if call.custom => [
                CustomToolCall::new(&call.id, &call.name, &call.text).into(),
                CustomToolCallOutput::new(&call.id, wrong).into(),
            ],
            Said::Answer { call, .. } => [
                FunctionCall::new(&call.id, &call.name, &call.text).into(),
                FunctionCallOutput::new(&call.id, wrong).into(),
            ],
            // Text and not the item: an item goes back only together with the reasoning before it, which a server
            // that stores nothing does not have.
            said => [
                InputMessage::assistant(said.text()).into(),
                InputMessage::user(wrong).into(),
            ],
        };
        if own.conversation.is_some() {
            // The server has added the rest to the conversation already.
            own.input = Some(Input::Items(vec![wrong]));
        } else {
            append(own, [said, wrong]);
        }
    }

    fn streamed(request: &mut Request) {
        request.stream = Some(true);
    }

    fn is_answer(response: &Response) -> bool {
        !response.id.is_empty()
            || response.status.is_some()
            || response.error.is_some()
            || !response.output.is_empty()
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
        let messages = response.output.iter().filter_map(|item| match item {
            OutputItem::Message(message) if message.phase != Some(Phase::Commentary) => {
                Some(message)
            }
            _ => None,
        });
        let parts = messages.flat_map(|message| &message.content);
        parts
            .filter_map(|part| match part {
                OutputPart::OutputText(text) => Some(text.text.as_str()),
                _ => None,
            })
            .collect()
    }

    fn calls(response: &Response) -> Vec<Call<'_>> {
        response.output.iter().filter_map(call).collect()
    }

    /// Here an item without an id is no call: the reader of the wire asks for one.
    fn name_calls(_response: &mut Response, _prefix: &str) {}

    /// A server that stores nothing needs its reasoning back, which it gives encrypted when asked.
    fn prepare_to_go_on(own: &mut Request, settings: &Settings) {
        const ENCRYPTED: &str = "reasoning.encrypted_content";
        if settings.store == Some(false) {
            let include = own.include.get_or_insert_default();
            if include.iter().all(|what| what != ENCRYPTED) {
                include.push(ENCRYPTED.to_owned());
            }
        }
    }

    fn go_on(own: &mut Request, response: Response, outputs: Vec<CallOutput>) {
        let outputs = outputs.into_iter().map(|output| -> InputItem {
            if output.custom {
                CustomToolCallOutput::new(output.id, output.text).into()
            } else {
                FunctionCallOutput::new(output.id, output.text).into()
            }
        });
        if own.conversation.is_some() {
            // The server has added the rest to the conversation already.
            own.input = Some(Input::Items(outputs.collect()));
        } else {
            // All of it, in order: a call without the reasoning before it is refused, and so is the reverse.
            let said = response.output.into_iter().map(InputItem::Output);
            append(own, said.chain(outputs));
        }
    }

    /// A stored prompt may have tools that the server runs.
    fn acts(request: &Request) -> bool {
        Self::is_kept(request) || request.prompt.is_some()
    }

    fn is_kept(request: &Request) -> bool {
        request.background == Some(true) || request.conversation.is_some()
    }

    fn kept_by_server(request: &Request) -> Option<&'static str> {
        let named = [
            (request.conversation.is_some(), "a conversation"),
            (request.previous_response_id.is_some(), "a response"),
            (request.prompt.is_some(), "a prompt"),
            (
                request.background == Some(true),
                "an answer in the background",
            ),
        ];
        let named = named.into_iter().find(|(is_named, _)| *is_named);
        let items = match &request.input {
            Some(Input::Items(items)) => items.as_slice(),
            _ => &[],
        };
        named
            .map(|(_, what)| what)
            .or_else(|| items.iter().find_map(kept))
    }

    fn resume_path(request: &Request, state: &responses::Accumulator) -> Option<String> {
        let id = state.response().id.as_str();
        let last = state.last_sequence_number()?;
        (request.background == Some(true) && !id.is_empty() && !state.is_ended()).then(|| {
            let id = segment(id);
            format!("responses/{id}?stream=true&starting_after={last}")
        })
    }

    fn unpaired(request: &Request) -> Vec<String> {
        let Some(Input::Items(items)) = &request.input else {
            return Vec::new();
        };
        let mut pairs = Pairs::default();
        for item in items {
            match item {
                InputItem::Output(item) => {
                    if let Some(call) = call(item) {
                        pairs.call(call.id, call.name, call.custom);
                    }
                }
                InputItem::FunctionCallOutput(output) => pairs.output(&output.call_id, false),
                InputItem::CustomToolCallOutput(output) => pairs.output(&output.call_id, true),
                _ => {}
            }
        }
        // The call may be where only the server sees it.
        let elsewhere = request.previous_response_id.is_some()
            || request.conversation.is_some()
            || request.prompt.is_some()
            || items.iter().any(|item| {
                matches!(
                    item,
                    InputItem::ItemReference(_) | InputItem::Output(OutputItem::Compaction(_))
                )
            });
        pairs.problems(elsewhere)
    }
}

/// An id as a segment of a path, so that it is never more than a name (RFC 3986, 3.3).
pub(crate) fn segment(id: &str) -> String {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let mut segment = String::with_capacity(id.len());
    for byte in id.bytes() {
        if is_plain(byte) {
            segment.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    segment
}

/// The call in an item, if it is one.
fn call(item: &OutputItem) -> Option<Call<'_>> {
    match item {
        OutputItem::FunctionCall(call) => Some(Call {
            id: &call.call_id,
            name: &call.name,
            text: Cow::Borrowed(&call.arguments),
            custom: false,
        }),
        OutputItem::CustomToolCall(call) => Some(Call {
            id: &call.call_id,
            name: &call.name,
            text: Cow::Borrowed(&call.input),
            custom: true,
        }),
        _ => None,
    }
}

/// What in an item only one server has, or can read.
fn kept(item: &InputItem) -> Option<&'static str> {
    let is_file = |part: &ContentPart| match part {
        ContentPart::InputFile(file) => file.file_id.is_some(),
        ContentPart::InputImage(image) => image.file_id.is_some(),
        _ => false,
    };
    match item {
        InputItem::ItemReference(_) => Some("an item"),
        InputItem::Output(OutputItem::Compaction(_)) => Some("a compaction"),
        InputItem::Output(OutputItem::Reasoning(reasoning)) => reasoning
            .encrypted_content
            .as_ref()
            .map(|_| "encrypted reasoning"),
        InputItem::Message(message) => {
            let mut parts = message.content.parts().iter();
            parts.any(is_file).then_some("a file")
        }
        _ => None,
    }
}

/// Adds items after what the model was given before.
fn append(request: &mut Request, items: impl IntoIterator<Item = InputItem>) {
    let input = request.input.take();
    let mut all = input.map(Input::into_items).unwrap_or_default();
    all.extend(items);
    request.input = Some(Input::Items(all));
}

fn schema(format: JsonSchemaFormat) -> responses::JsonSchemaFormat {
    responses::JsonSchemaFormat {
        name: format.name,
        description: format.description,
        strict: Some(format.strict),
        schema: format.schema.value().clone(),
        ..Default::default()
    }
}

impl From<Tool> for responses::Tool {
    fn from(tool: Tool) -> Self {
        let (name, description) = (tool.name, tool.description);
        let custom = match tool.kind {
            Kind::Raw(json) => return Self::Other(json),
            Kind::Function { parameters, strict } => {
                return Self::Function(responses::FunctionTool {
                    description,
                    ..responses::FunctionTool::new(name, &parameters, strict)
                });
            }
            Kind::Custom(None) => responses::CustomTool::new(name),
            Kind::Custom(Some((syntax, text))) => {
                responses::CustomTool::grammar(name, syntax, text)
            }
        };
        Self::Custom(responses::CustomTool {
            description,
            ..custom
        })
    }
}
