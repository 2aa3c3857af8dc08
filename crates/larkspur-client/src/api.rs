//! What the APIs have in common, so that making, sending, reading and asking again are written once.
//!
//! A further API is one file: a wire type for the request and one for the response, and [`Api`] for both.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;

use larkspur_output::JsonSchemaFormat;
use larkspur_schema::SharedSchema;
use larkspur_wire::{
    Delta, Effort, Ending, Extra, ServiceTier, SseEvent, StreamError, Usage, Verbosity, anthropic,
    chat, gemini, responses,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Number;

use crate::answer::Said;
use crate::attachment::{Document, Image};
use crate::client::Client;
use crate::provider::ChatForm;
use crate::tool::Tool;
use crate::tool_choice::ToolChoice;

/// Keeps [`Api`] to this crate.
pub trait Sealed {}

/// One of the APIs that a [`RequestBuilder`](crate::RequestBuilder) speaks: how its requests are written and its
/// responses are read.
///
/// The trait is there to be named in bounds; it cannot be implemented outside this crate.
pub trait Api: Sealed + Clone + fmt::Debug + Unpin {
    /// The body of a request, as plain data.
    type Request: Serialize + Clone + Default + fmt::Debug + Send + Sync + Unpin;

    /// The body of a response.
    type Response: DeserializeOwned + Send;

    /// What [`input`](crate::RequestBuilder::input) takes.
    type Input;

    /// A part of a message.
    type Part: From<Image> + From<Document>;

    /// What the events of a stream are put together by.
    type Stream: Accumulate<Response = Self::Response>;

    /// For logs and the catalogue.
    const NAME: &'static str;

    /// The field with the format of the text, as messages call it.
    const FORMAT: &'static str;

    /// What the server refuses to go below with the bound on an answer.
    const LEAST_OUTPUT_TOKENS: u64;

    /// Where requests go, below the base URL.
    fn path(model: &str, streams: bool) -> Cow<'static, str>;

    /// Adds what the model is given.
    fn input(own: &mut Self::Request, input: Self::Input);

    /// Adds a part to what the model is given.
    fn attach(own: &mut Self::Request, part: Self::Part);

    /// Puts the settings that APIs share beside the fields that only this one has.
    fn request(own: Self::Request, settings: Settings) -> Self::Request;

    /// Adds the last answer, as it was read from its response, and what is wrong with it.
    fn reask(own: &mut Self::Request, response: &Self::Response, said: &Said, wrong: &str);

    /// Whether this is an answer of this API at all, and not some other JSON.
    fn is_answer(response: &Self::Response) -> bool;

    /// Asks for the answer in pieces, with the tokens used.
    fn streamed(request: &mut Self::Request);

    /// Who answered, and at what expense.
    fn receipt(response: &Self::Response) -> Receipt<'_>;

    /// How the answer ended.
    fn ending(response: &Self::Response) -> Ending<'_>;

    /// The text of the answer, without what the model says on the way.
    fn text(response: &Self::Response) -> String;

    /// The calls of tools, in order.
    fn calls(response: &Self::Response) -> Vec<Call<'_>>;

    /// Gives calls that came without an id one of their own, which starts with this text.
    fn name_calls(response: &mut Self::Response, prefix: &str);

    /// Before a request that tools are run for: asks for what has to go back with their outputs.
    fn prepare_to_go_on(own: &mut Self::Request, settings: &Settings);

    /// Adds what the model said and the outputs of its calls, in the order of the calls.
    fn go_on(own: &mut Self::Request, response: Self::Response, outputs: Vec<CallOutput>);

    /// Whether a request does something on the server beside being answered.
    fn acts(_own: &Self::Request) -> bool {
        false
    }

    /// Whether the server keeps what comes of a request even where nobody hears of it, so that two would be one too many.
    fn is_kept(_own: &Self::Request) -> bool {
        false
    }

    /// What in a request means something to one server alone, in words: ids of what it keeps, and what only it can decrypt.
    fn kept_by_server(_own: &Self::Request) -> Option<&'static str>;

    /// Where the rest of a stream is to be had, below the base URL, if it is.
    fn resume_path(request: &Self::Request, state: &Self::Stream) -> Option<String>;

    /// The calls and outputs that are not in pairs, each said in words.
    fn unpaired(request: &Self::Request) -> Vec<String>;
}

/// The events of a stream, put together.
pub trait Accumulate: Default + fmt::Debug + Send + Unpin {
    /// The body of a response.
    type Response;

    /// Takes the next event; what it adds goes to the other pieces.
    fn push(&mut self, event: &SseEvent, pieces: &mut VecDeque<Delta>) -> Result<(), StreamError>;

    /// Whether nothing more comes.
    fn is_ended(&self) -> bool;

    /// The whole response.
    fn finish(self) -> Result<Self::Response, StreamError>;
}

macro_rules! accumulate {
    ($accumulator:ty, $response:ty) => {
        impl Accumulate for $accumulator {
            type Response = $response;

            fn push(
                &mut self,
                event: &SseEvent,
                pieces: &mut VecDeque<Delta>,
            ) -> Result<(), StreamError> {
                pieces.extend(self.push(event)?);
                Ok(())
            }

            fn is_ended(&self) -> bool {
                self.is_ended()
            }

            fn finish(self) -> Result<$response, StreamError> {
                self.finish()
            }
        }
    };
}

accumulate!(responses::Accumulator, responses::Response);
accumulate!(chat::Accumulator, chat::Completion);
accumulate!(anthropic::Accumulator, anthropic::Response);
accumulate!(gemini::Accumulator, gemini::Response);

/// The APIs of `OpenAI`, which share settings that other companies' servers do not have.
pub trait OpenAi: Api {}

/// What a request says, whichever API writes it down.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub model: String,
    pub instructions: Option<String>,
    pub effort: Option<Effort>,
    pub verbosity: Option<Verbosity>,
    pub max_output_tokens: Option<u64>,
    pub temperature: Option<Number>,
    pub top_p: Option<Number>,
    pub metadata: Vec<(String, String)>,
    pub store: Option<bool>,
    pub service_tier: Option<ServiceTier>,
    pub prompt_cache_key: Option<String>,
    pub safety_identifier: Option<String>,
    pub tools: Vec<Tool>,
    pub tool_choice: Option<ToolChoice>,
    pub parallel_tool_calls: Option<bool>,
    pub format: Option<JsonSchemaFormat>,
    /// Schemas are in `OpenAPI`'s notation.
    pub openapi_schemas: bool,
    /// What the server's Chat API spells in its own way.
    pub chat: ChatForm,
    pub extra: Extra,
}

impl Settings {
    /// Who is asked, and by which name of the model: what is written otherwise for that server.
    pub(crate) fn address(&mut self, client: &Client, model: String) {
        self.model = model;
        self.openapi_schemas = client.target().schemas().is_openapi();
        self.chat = client.inner().chat;
    }

    /// The schemas that count against the limits of a request, with the place they have in it.
    pub(crate) fn strict_schemas(&self, format_field: &str) -> Vec<(String, &SharedSchema)> {
        let format = self.format.iter().filter(|format| format.strict);
        let format =
            format.map(|format| (format!("{format_field} {}", format.name), &format.schema));
        let tools = self.tools.iter();
        let tools =
            tools.filter_map(|tool| Some((format!("tool {}", tool.name()), tool.strict_schema()?)));
        format.chain(tools).collect()
    }
}

/// What was listed, or nothing where nothing was.
pub(crate) fn listed<T, L: FromIterator<T>>(items: impl ExactSizeIterator<Item = T>) -> Option<L> {
    (items.len() > 0).then(|| items.collect())
}

/// Who answered, and at what expense.
#[derive(Debug)]
pub struct Receipt<'a> {
    pub id: &'a str,
    pub model: Option<&'a str>,
    pub usage: Option<Usage>,
}

/// What a tool gave.
#[derive(Debug)]
pub struct CallOutput {
    pub id: String,
    pub text: String,
    /// Of a custom tool, and not of a function.
    pub custom: bool,
}

/// A call of a tool.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    pub id: &'a str,
    pub name: &'a str,
    /// The input of a custom tool, the arguments of a function.
    pub text: Cow<'a, str>,
    /// Of a custom tool, and not of a function.
    pub custom: bool,
}
