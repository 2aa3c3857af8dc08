//! Requests to the Responses API.

use larkspur_output::{Constraint, Output, OutputType};
use larkspur_schema::JsonSchema;
use larkspur_wire::responses::{
    CustomTool, CustomToolCall, CustomToolCallOutput, FunctionTool, Input, InputItem, InputMessage,
    JsonSchemaFormat, OutputItem, OutputPart, Phase, Reasoning, Request, Response, Text,
    TextFormat, Tool as WireTool,
};
use larkspur_wire::{Effort, Ending, ServiceTier, Summary, Verbosity};
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use crate::api::{ANSWER_TOOL_DESCRIPTION, Api, Receipt, Said, Settings, answer_tool_name};
use crate::ask::{self, Answer, Reask, Reply, Sent};
use crate::budget::Budget;
use crate::client::Client;
use crate::error::Error;
use crate::tool::{Tool, ToolChoice, grammar};
use crate::warning::{self, Warning};

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
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct ResponsesRequest {
    client: Client,
    request: Request,
    reask: Reask,
}

impl ResponsesRequest {
    pub(crate) fn new(client: Client, model: String) -> Self {
        let request = Request {
            model: Some(model),
            ..Request::default()
        };
        Self {
            client,
            request,
            reask: Reask::default(),
        }
    }

    /// What the model must do, in one text. Not inherited through `previous_response_id`.
    pub fn instructions(mut self, instructions: impl Into<String>) -> Self {
        self.request.instructions = Some(instructions.into());
        self
    }

    /// What the model is given: a text, a message, or items. Replaces what was given before.
    pub fn input(mut self, input: impl Into<Input>) -> Self {
        self.request.input = Some(input.into());
        self
    }

    /// One more item after what was given before: a message, a call, its output.
    pub fn item(mut self, item: impl Into<InputItem>) -> Self {
        let mut items = self
            .request
            .input
            .take()
            .map(Input::into_items)
            .unwrap_or_default();
        items.push(item.into());
        self.request.input = Some(Input::Items(items));
        self
    }

    /// How much the model thinks. Each model accepts a subset; see [`warnings`](Self::warnings).
    pub fn effort(mut self, effort: Effort) -> Self {
        self.request
            .reasoning
            .get_or_insert_with(Reasoning::default)
            .effort = Some(effort);
        self
    }

    /// Whether a summary of the reasoning comes along.
    pub fn summary(mut self, summary: Summary) -> Self {
        self.request
            .reasoning
            .get_or_insert_with(Reasoning::default)
            .summary = Some(summary);
        self
    }

    /// How long the answer should be.
    pub fn verbosity(mut self, verbosity: Verbosity) -> Self {
        self.request
            .text
            .get_or_insert_with(Text::default)
            .verbosity = Some(verbosity);
        self
    }

    /// The most tokens the model may write; reasoning counts. The server refuses less than 16.
    pub fn max_output_tokens(mut self, tokens: u64) -> Self {
        self.request.max_output_tokens = Some(tokens);
        self
    }

    /// 0 to 2. Reasoning models refuse it unless the effort is `none`. What is not a finite number is left out.
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.request.temperature = Number::from_f64(temperature);
        self
    }

    /// 0 to 1. Reasoning models refuse it unless the effort is `none`. What is not a finite number is left out.
    pub fn top_p(mut self, top_p: f64) -> Self {
        self.request.top_p = Number::from_f64(top_p);
        self
    }

    /// A note for the server's records: at most 16, keys to 64 and values to 512 characters.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.request
            .metadata
            .get_or_insert_default()
            .insert(key.into(), value.into());
        self
    }

    /// Whether the server keeps the response; its default is true.
    pub fn store(mut self, store: bool) -> Self {
        self.request.store = Some(store);
        self
    }

    /// Goes on from a response that the server has kept.
    pub fn previous_response_id(mut self, id: impl Into<String>) -> Self {
        self.request.previous_response_id = Some(id.into());
        self
    }

    /// Something else that should come along, for example `reasoning.encrypted_content`.
    pub fn include(mut self, what: impl Into<String>) -> Self {
        self.request
            .include
            .get_or_insert_default()
            .push(what.into());
        self
    }

    /// Speed against price.
    pub fn service_tier(mut self, tier: ServiceTier) -> Self {
        self.request.service_tier = Some(tier);
        self
    }

    /// Routes alike prompts to the same cache.
    pub fn prompt_cache_key(mut self, key: impl Into<String>) -> Self {
        self.request.prompt_cache_key = Some(key.into());
        self
    }

    /// A hashed id of the end user, at most 64 characters.
    pub fn safety_identifier(mut self, id: impl Into<String>) -> Self {
        self.request.safety_identifier = Some(id.into());
        self
    }

    /// One more tool.
    pub fn tool(mut self, tool: impl Into<Tool>) -> Self {
        self.request
            .tools
            .get_or_insert_default()
            .push(tool.into().into());
        self
    }

    /// Which tools the model may or must call.
    pub fn tool_choice(mut self, choice: ToolChoice) -> Self {
        self.request.tool_choice = Some(choice.into());
        self
    }

    /// Whether several calls may come in one answer; the server's default is true.
    pub fn parallel_tool_calls(mut self, parallel: bool) -> Self {
        self.request.parallel_tool_calls = Some(parallel);
        self
    }

    /// A field that has no method here: an extension of some server, or news.
    pub fn extra(mut self, field: impl Into<String>, value: Value) -> Self {
        self.request.extra.insert(field.into(), value);
        self
    }

    /// How often a rejected answer goes back to the model with what is wrong with it. Default: once.
    pub fn reask(mut self, times: u32) -> Self {
        self.reask.times = times;
        self
    }

    /// What all attempts together may use before the model is no longer asked again.
    pub fn budget(mut self, budget: Budget) -> Self {
        self.reask.budget = budget;
        self
    }

    /// The request as it would be sent by [`send`](Self::send). Pure: nothing is read, looked up or sent.
    pub fn build(&self) -> Request {
        self.request.clone()
    }

    /// The request as it would be sent by [`ask`](Self::ask), with what the answer must be.
    pub fn build_for<V>(&self, output: &Output<V>) -> Request {
        let mut request = self.request.clone();
        Responses::constrain(&mut request, output.constraint());
        request
    }

    /// What the model would probably refuse, by the catalogue. Nothing is held back because of it.
    pub fn warnings(&self) -> Vec<Warning> {
        warning::warnings::<Responses>(&self.client, &self.request)
    }

    /// Sends the request and gives the response as it is, whatever its status.
    ///
    /// # Errors
    ///
    /// The request would be refused, the server cannot be reached, refuses, or answers something else.
    pub async fn send(self) -> Result<Sent<Response>, Error> {
        ask::send::<Responses>(&self.client, &self.request).await
    }

    /// Asks for a value of the type. Its schema travels along, and the answer is read by the same type.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask), and every outcome that is not a value: refusal, cut, filter, rejection.
    pub async fn extract<T>(self) -> Result<Reply<T>, Error>
    where
        T: JsonSchema + DeserializeOwned + 'static,
    {
        self.extract_with(&larkspur_output::json::<T>()).await
    }

    /// Asks for a value of any kind of output.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask), and every outcome that is not a value: refusal, cut, filter, rejection.
    pub async fn extract_with<O: OutputType>(self, output: &O) -> Result<Reply<O::Value>, Error> {
        let output = output.prepare(self.client.dialect())?;
        self.ask(&output).await?.into_reply()
    }

    /// Asks for a value of a prepared output and gives the outcome, whatever it is.
    ///
    /// # Errors
    ///
    /// There is no outcome: the request would be refused, the server cannot be reached, refuses, or answers something
    /// else; the response failed or is not finished; the model calls tools instead.
    pub async fn ask<V>(self, output: &Output<V>) -> Result<Answer<V>, Error> {
        ask::ask::<Responses, V>(&self.client, self.request, output, &self.reask).await
    }
}

/// The Responses API.
pub(crate) struct Responses;

impl Api for Responses {
    type Request = Request;
    type Response = Response;

    const NAME: &'static str = "responses";
    const PATH: &'static str = "responses";

    fn settings(request: &Request) -> Settings<'_> {
        Settings {
            model: request.model.as_deref().unwrap_or_default(),
            effort: request
                .reasoning
                .as_ref()
                .and_then(|reasoning| reasoning.effort.as_ref()),
            samples: request.temperature.is_some() || request.top_p.is_some(),
            max_output_tokens: request.max_output_tokens,
            structured: !Self::strict_schemas(request).is_empty(),
        }
    }

    fn strict_schemas(request: &Request) -> Vec<(String, &Value)> {
        let mut schemas = Vec::new();
        if let Some(TextFormat::JsonSchema(format)) =
            request.text.as_ref().and_then(|text| text.format.as_ref())
            && format.strict == Some(true)
        {
            schemas.push((format!("text.format {}", format.name), &format.schema));
        }
        for tool in request.tools.iter().flatten() {
            if let WireTool::Function(FunctionTool {
                name,
                parameters: Some(schema),
                strict: Some(true),
                ..
            }) = tool
            {
                schemas.push((format!("tool {name}"), schema));
            }
        }
        schemas
    }

    fn constrain(request: &mut Request, constraint: &Constraint) {
        match constraint {
            Constraint::JsonSchema(format) => {
                let format = JsonSchemaFormat {
                    name: format.name.clone(),
                    description: format.description.clone(),
                    strict: Some(format.strict),
                    schema: format.schema.clone(),
                    ..JsonSchemaFormat::default()
                };
                request.text.get_or_insert_with(Text::default).format = Some(format.into());
            }
            Constraint::Grammar(format) => {
                let tools = request.tools.get_or_insert_default();
                let name = answer_tool_name(tools.iter().filter_map(tool_name));
                let (syntax, definition) = grammar(format);
                let mut tool = CustomTool::grammar(name.clone(), syntax, definition);
                tool.description = Some(ANSWER_TOOL_DESCRIPTION.to_owned());
                tools.push(tool.into());
                request.tool_choice = Some(ToolChoice::custom(name).into());
                request.parallel_tool_calls = Some(false);
            }
            _ => {}
        }
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

    fn said(response: &Response, constraint: &Constraint) -> Said {
        if matches!(constraint, Constraint::Grammar(_))
            && let Some(call) = response.custom_calls().next()
        {
            let (call_id, name) = (call.call_id.clone(), call.name.clone());
            return Said::Answer {
                call_id,
                name,
                input: call.input.clone(),
            };
        }
        let text = answer_text(response);
        let functions = response.function_calls().map(|call| call.name.clone());
        let calls: Vec<_> = functions
            .chain(response.custom_calls().map(|call| call.name.clone()))
            .collect();
        if text.is_empty() && !calls.is_empty() {
            Said::Calls(calls)
        } else {
            Said::Text(text)
        }
    }

    fn reask(request: &Request, said: &Said, wrong: &str) -> Request {
        let mut request = request.clone();
        let mut items = request
            .input
            .take()
            .map(Input::into_items)
            .unwrap_or_default();
        let appended: [InputItem; 2] = if let Said::Answer {
            call_id,
            name,
            input,
        } = said
        {
            let call = CustomToolCall::new(call_id, name, input);
            [
                call.into(),
                CustomToolCallOutput::new(call_id, wrong).into(),
            ]
        } else {
            // Text and not the item: an item goes back only together with the reasoning before it, which a server
            // that stores nothing does not have.
            [
                InputMessage::assistant(said.text()).into(),
                InputMessage::user(wrong).into(),
            ]
        };
        items.extend(appended);
        request.input = Some(Input::Items(items));
        request
    }
}

fn tool_name(tool: &WireTool) -> Option<&str> {
    match tool {
        WireTool::Function(tool) => Some(&tool.name),
        WireTool::Custom(tool) => Some(&tool.name),
        _ => None,
    }
}

/// The text of the answer, without what the model says on the way.
fn answer_text(response: &Response) -> String {
    let messages = response.output.iter().filter_map(|item| match item {
        OutputItem::Message(message) if message.phase != Some(Phase::Commentary) => Some(message),
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
