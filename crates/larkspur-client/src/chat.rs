//! Requests to the Chat Completions API.

use larkspur_output::{Constraint, Output, OutputType};
use larkspur_schema::JsonSchema;
use larkspur_wire::chat::{
    Completion, Content, FunctionDefinition, JsonSchemaDefinition, JsonSchemaFormat, Message,
    Request, ResponseFormat, Tool as WireTool, ToolCall,
};
use larkspur_wire::{Effort, Ending, ServiceTier, Verbosity};
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use crate::api::{ANSWER_TOOL_DESCRIPTION, Api, Receipt, Said, Settings, answer_tool_name};
use crate::ask::{self, Answer, Reask, Reply, Sent};
use crate::budget::Budget;
use crate::client::Client;
use crate::error::Error;
use crate::tool::{Tool, ToolChoice, grammar};
use crate::warning::{self, Warning};

/// A request to the Chat Completions API, being made: the API that nearly all compatible servers speak.
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
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct ChatRequest {
    client: Client,
    request: Request,
    reask: Reask,
}

impl ChatRequest {
    pub(crate) fn new(client: Client, model: String) -> Self {
        Self {
            client,
            request: Request::new(model, Vec::new()),
            reask: Reask::default(),
        }
    }

    /// What the model must do: a `system` message before all others, which every server understands.
    pub fn instructions(mut self, instructions: impl Into<String>) -> Self {
        self.request
            .messages
            .insert(0, Message::system(instructions.into()));
        self
    }

    /// One more message of the user.
    pub fn input(self, content: impl Into<Content>) -> Self {
        self.message(Message::user(content))
    }

    /// One more message of anybody.
    pub fn message(mut self, message: Message) -> Self {
        self.request.messages.push(message);
        self
    }

    /// More messages, oldest first.
    pub fn messages(mut self, messages: impl IntoIterator<Item = Message>) -> Self {
        self.request.messages.extend(messages);
        self
    }

    /// How much the model thinks. Each model accepts a subset; see [`warnings`](Self::warnings).
    pub fn effort(mut self, effort: Effort) -> Self {
        self.request.reasoning_effort = Some(effort);
        self
    }

    /// How long the answer should be.
    pub fn verbosity(mut self, verbosity: Verbosity) -> Self {
        self.request.verbosity = Some(verbosity);
        self
    }

    /// The most tokens the model may write; reasoning counts. Sent as `max_completion_tokens`; servers that only know
    /// `max_tokens` get it through [`extra`](Self::extra).
    pub fn max_output_tokens(mut self, tokens: u64) -> Self {
        self.request.max_completion_tokens = Some(tokens);
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

    /// Whether the server keeps the answer; its default is false.
    pub fn store(mut self, store: bool) -> Self {
        self.request.store = Some(store);
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
        Chat::constrain(&mut request, output.constraint());
        request
    }

    /// What the model would probably refuse, by the catalogue. Nothing is held back because of it.
    pub fn warnings(&self) -> Vec<Warning> {
        warning::warnings::<Chat>(&self.client, &self.request)
    }

    /// Sends the request and gives the completion as it is.
    ///
    /// # Errors
    ///
    /// The request would be refused, the server cannot be reached, refuses, or answers something else.
    pub async fn send(self) -> Result<Sent<Completion>, Error> {
        ask::send::<Chat>(&self.client, &self.request).await
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
    /// else; the model calls tools instead.
    pub async fn ask<V>(self, output: &Output<V>) -> Result<Answer<V>, Error> {
        ask::ask::<Chat, V>(&self.client, self.request, output, &self.reask).await
    }
}

/// The Chat Completions API.
pub(crate) struct Chat;

impl Api for Chat {
    type Request = Request;
    type Response = Completion;

    const NAME: &'static str = "chat";
    const PATH: &'static str = "chat/completions";

    fn settings(request: &Request) -> Settings<'_> {
        Settings {
            model: &request.model,
            effort: request.reasoning_effort.as_ref(),
            samples: request.temperature.is_some() || request.top_p.is_some(),
            max_output_tokens: request.max_completion_tokens,
            structured: !Self::strict_schemas(request).is_empty(),
        }
    }

    fn strict_schemas(request: &Request) -> Vec<(String, &Value)> {
        let mut schemas = Vec::new();
        if let Some(ResponseFormat::JsonSchema(format)) = &request.response_format
            && let JsonSchemaDefinition {
                name,
                strict: Some(true),
                schema: Some(schema),
                ..
            } = &format.json_schema
        {
            schemas.push((format!("response_format {name}"), schema));
        }
        for tool in request.tools.iter().flatten() {
            if let WireTool::Function(tool) = tool
                && let FunctionDefinition {
                    name,
                    parameters: Some(schema),
                    strict: Some(true),
                    ..
                } = &tool.function
            {
                schemas.push((format!("tool {name}"), schema));
            }
        }
        schemas
    }

    fn constrain(request: &mut Request, constraint: &Constraint) {
        match constraint {
            Constraint::JsonSchema(format) => {
                let json_schema = JsonSchemaDefinition {
                    name: format.name.clone(),
                    description: format.description.clone(),
                    strict: Some(format.strict),
                    schema: Some(format.schema.clone()),
                    ..JsonSchemaDefinition::default()
                };
                let format = JsonSchemaFormat {
                    json_schema,
                    ..JsonSchemaFormat::default()
                };
                request.response_format = Some(format.into());
            }
            Constraint::Grammar(format) => {
                let tools = request.tools.get_or_insert_default();
                let name = answer_tool_name(tools.iter().filter_map(tool_name));
                let (syntax, definition) = grammar(format);
                let mut tool =
                    larkspur_wire::chat::CustomTool::grammar(name.clone(), syntax, definition);
                tool.custom.description = Some(ANSWER_TOOL_DESCRIPTION.to_owned());
                tools.push(tool.into());
                request.tool_choice = Some(ToolChoice::custom(name).into());
                request.parallel_tool_calls = Some(false);
            }
            _ => {}
        }
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

    fn said(completion: &Completion, constraint: &Constraint) -> Said {
        if matches!(constraint, Constraint::Grammar(_))
            && let Some(call) = completion.custom_calls().next()
        {
            let (call_id, name) = (call.id.clone(), call.custom.name.clone());
            return Said::Answer {
                call_id,
                name,
                input: call.custom.input.clone(),
            };
        }
        let text = completion.text().into_owned();
        let functions = completion
            .function_calls()
            .map(|call| call.function.name.clone());
        let calls: Vec<_> = functions
            .chain(
                completion
                    .custom_calls()
                    .map(|call| call.custom.name.clone()),
            )
            .collect();
        if text.is_empty() && !calls.is_empty() {
            Said::Calls(calls)
        } else {
            Said::Text(text)
        }
    }

    fn reask(request: &Request, said: &Said, wrong: &str) -> Request {
        let mut request = request.clone();
        let appended = if let Said::Answer {
            call_id,
            name,
            input,
        } = said
        {
            let call = ToolCall::custom(call_id, name, input);
            [Message::calls(vec![call]), Message::tool(call_id, wrong)]
        } else {
            [Message::assistant(said.text()), Message::user(wrong)]
        };
        request.messages.extend(appended);
        request
    }
}

fn tool_name(tool: &WireTool) -> Option<&str> {
    match tool {
        WireTool::Function(tool) => Some(&tool.function.name),
        WireTool::Custom(tool) => Some(&tool.custom.name),
        _ => None,
    }
}
