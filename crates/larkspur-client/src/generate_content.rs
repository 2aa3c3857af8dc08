//! The Gemini API of Google.

use std::borrow::Cow;
use std::mem;

use larkspur_output::JsonSchemaFormat;
use larkspur_wire::gemini::{
    self, Content, CountTokensRequest, CountTokensResponse, FunctionCall, FunctionCallingMode,
    FunctionDeclaration, FunctionResponse, GenerationConfig, Part, Request, Response, Role,
    SafetySetting, ThinkingConfig, ToolConfig,
};
use larkspur_wire::{Effort, Ending};

use crate::answer::Said;
use crate::api::{Api, Call, CallOutput, Receipt, Sealed, Settings, listed};
use crate::ask::Sent;
use crate::call::Call as Http;
use crate::error::Error;
use crate::ledger::AttemptKind;
use crate::listing::in_path;
use crate::pairing::Pairs;
use crate::request::RequestBuilder;
use crate::tool::{Function, Tool};
use crate::tool_choice::{ToolChoice, ToolRef};

/// The Gemini API of Google: `generateContent`, and `streamGenerateContent` for what is read while it comes.
#[derive(Debug, Clone, Copy)]
pub struct GenerateContent;

/// A request to the Gemini API, being made.
///
/// The model stands in the path, as `models/MODEL` unless it names another collection (`tunedModels/…`). A schema goes into
/// `responseJsonSchema`, or into `responseSchema` where the client's [target](crate::ClientBuilder::target) is written in `OpenAPI`'s
/// notation. An [effort](RequestBuilder::effort) is a thinking level, and `none` a budget of no tokens; before Gemini 3 there are
/// [budgets](Self::thinking_budget) only. Signatures of thoughts go back with the calls that they came with.
///
/// The API has no custom tools: a [`CustomTool`](crate::CustomTool) becomes a function that takes its text as `input`, and the grammar is
/// told in words. Where a function is strict, the model is held to the schemas of all (`VALIDATED`). Parallel calls cannot be forbidden.
/// Models before Gemini 3 refuse tools beside a schema.
///
/// ```
/// use larkspur_client::{Client, Provider};
///
/// let client = Client::builder().provider(Provider::gemini()).api_key("AIza…").build()?;
/// let request = client.generate_content("gemini-3-pro").input("Say hello.").max_output_tokens(500).build();
/// assert_eq!(
///     serde_json::to_string(&request).unwrap(),
///     r#"{"contents":[{"role":"user","parts":[{"text":"Say hello."}]}],"generationConfig":{"maxOutputTokens":500}}"#
/// );
/// # Ok::<(), larkspur_client::Error>(())
/// ```
pub type GenerateContentRequest = RequestBuilder<GenerateContent>;

/// What only the Gemini API has.
impl RequestBuilder<GenerateContent> {
    /// One more content of anybody.
    pub fn content(self, content: Content) -> Self {
        self.contents([content])
    }

    /// More contents, oldest first.
    pub fn contents(mut self, contents: impl IntoIterator<Item = Content>) -> Self {
        self.own.contents.extend(contents);
        self
    }

    /// Shape and length of the answer, as far as other settings do not say it.
    pub fn generation_config(mut self, config: GenerationConfig) -> Self {
        self.own.generation_config = Some(config);
        self
    }

    /// Lets the model think for at most this many tokens, which are a part of the answer's bound: 0 for not at all, −1 for as much as the
    /// question asks for. Models since Gemini 3 take an [effort](RequestBuilder::effort) in its place.
    pub fn thinking_budget(mut self, tokens: i64) -> Self {
        self.thinking().thinking_budget = Some(tokens);
        self
    }

    /// Asks for summaries of the thoughts.
    pub fn include_thoughts(mut self) -> Self {
        self.thinking().include_thoughts = Some(true);
        self
    }

    /// What the filter lets pass of a category, for example `HARM_CATEGORY_HARASSMENT` and `BLOCK_ONLY_HIGH`.
    pub fn safety_setting(
        mut self,
        category: impl Into<String>,
        threshold: impl Into<String>,
    ) -> Self {
        let setting = SafetySetting {
            category: category.into(),
            threshold: threshold.into(),
            ..SafetySetting::default()
        };
        let settings = self.own.safety_settings.get_or_insert_default();
        settings.push(setting);
        self
    }

    /// Goes on from contents that the server keeps, `cachedContents/…`.
    pub fn cached_content(mut self, name: impl Into<String>) -> Self {
        self.own.cached_content = Some(name.into());
        self
    }

    /// How many tokens the model would read, by the server's own count: contents, instructions, tools and schema. Nothing is
    /// answered, and nothing is paid.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, refuses, or answers something else.
    pub async fn count_tokens(self) -> Result<u64, Error> {
        let model = &self.settings.model;
        let body = CountTokensRequest::new(named(model), self.build());
        let call = Http::post(path(model, "countTokens"), &body)?;
        let sent = self
            .client
            .fetch(&call, AttemptKind::First, "count of tokens");
        let sent: Sent<CountTokensResponse> = sent.await?;
        Ok(sent.response.total_tokens)
    }

    fn thinking(&mut self) -> &mut ThinkingConfig {
        let config = self.own.generation_config.get_or_insert_default();
        config.thinking_config.get_or_insert_default()
    }
}

impl Sealed for GenerateContent {}

impl Api for GenerateContent {
    type Request = Request;
    type Response = Response;
    type Input = Content;
    type Part = Part;
    type Stream = gemini::Accumulator;

    const NAME: &'static str = "generate_content";
    const FORMAT: &'static str = "generationConfig.responseJsonSchema";
    const LEAST_OUTPUT_TOKENS: u64 = 1;

    fn path(model: &str, streams: bool) -> Cow<'static, str> {
        path(model, if streams { STREAM } else { WHOLE }).into()
    }

    fn input(own: &mut Request, input: Content) {
        own.contents.push(input);
    }

    fn attach(own: &mut Request, part: Part) {
        match own.contents.last_mut() {
            Some(content) if content.role == Some(Role::User) => content.parts.push(part),
            _ => own.contents.push(Content::user(vec![part])),
        }
    }

    fn request(own: Request, mut settings: Settings) -> Request {
        let is_strict = settings
            .tools
            .iter()
            .any(|tool| tool.strict_schema().is_some());
        let tool_config = chosen(settings.tool_choice.take(), is_strict);
        let openapi = settings.openapi_schemas;
        let tools = tools(mem::take(&mut settings.tools), openapi);
        let extra = mem::take(&mut settings.extra);
        let instructions = settings.instructions.take().map(Content::instruction);
        let config = generation(own.generation_config.clone().unwrap_or_default(), settings);
        Request {
            system_instruction: instructions,
            tools: listed(tools.into_iter()),
            tool_config,
            generation_config: (config != GenerationConfig::default()).then_some(config),
            extra,
            ..own
        }
    }

    /// What the model said goes back as it came: a call must have the signature that it came with.
    fn reask(own: &mut Request, response: &Response, said: &Said, wrong: &str) {
        match said {
            Said::Answer { call, .. } => {
                let mut content = content(response);
                let is_call = |part: &Part| part.function_call.is_some();
                let first = content.parts.iter().position(is_call);
                // Each call needs its output, and only one was read.
                content.parts.truncate(first.map_or(0, |first| first + 1));
                let id = content.calls().find_map(|call| call.id.clone());
                own.contents.push(content);
                own.contents
                    .push(Content::user(vec![output(&call.name, id, wrong)]));
            }
            said => {
                // A content without text is refused.
                if !said.text().trim().is_empty() {
                    own.contents.push(Content::model(vec![said.text().into()]));
                }
                own.contents.push(wrong.into());
            }
        }
    }

    /// The path says it.
    fn streamed(_request: &mut Request) {}

    /// A file elsewhere than below `files/` is one that any server fetches.
    fn kept_by_server(request: &Request) -> Option<&'static str> {
        if request.cached_content.is_some() {
            return Some("a cache");
        }
        let mut parts = request.contents.iter().flat_map(|content| &content.parts);
        let is_kept = |part: &Part| {
            let file = part.file_data.as_ref();
            file.is_some_and(|file| file.file_uri.contains("/files/"))
        };
        parts.any(is_kept).then_some("a file")
    }

    fn resume_path(_request: &Request, _state: &gemini::Accumulator) -> Option<String> {
        None
    }

    fn is_answer(response: &Response) -> bool {
        !response.candidates.is_empty()
            || response.prompt_feedback.is_some()
            || response.usage_metadata.is_some()
    }

    fn receipt(response: &Response) -> Receipt<'_> {
        Receipt {
            id: response.response_id.as_deref().unwrap_or_default(),
            model: response.model_version.as_deref(),
            usage: response.usage_metadata.as_ref().map(Into::into),
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
        let content = response.candidates.first_mut();
        let parts = content.and_then(|candidate| candidate.content.as_mut());
        let parts = parts.into_iter().flat_map(|content| &mut content.parts);
        let calls = parts.filter_map(|part| part.function_call.as_mut());
        for (call, number) in calls.zip(1..) {
            if call.id.as_ref().is_none_or(String::is_empty) {
                call.id = Some(format!("{prefix}{number}"));
            }
        }
    }

    fn prepare_to_go_on(_own: &mut Request, _settings: &Settings) {}

    /// All parts go back, in order and with their signatures.
    fn go_on(own: &mut Request, response: Response, outputs: Vec<CallOutput>) {
        let content = content(&response);
        let given = content.calls().zip(outputs);
        let given: Vec<Part> = given
            .map(|(call, gave)| output(&call.name, call.id.clone(), &gave.text))
            .collect();
        own.contents.push(content);
        own.contents.push(Content::user(given));
    }

    /// The content after one with calls has all of their outputs. Without ids, they belong together by their names.
    fn unpaired(request: &Request) -> Vec<String> {
        let contents = &request.contents;
        let mut calls = contents.iter().flat_map(Content::calls);
        let mut outputs = contents.iter().flat_map(Content::outputs);
        let by_id =
            calls.all(|call| call.id.is_some()) && outputs.all(|output| output.id.is_some());
        let known_by = |id, name| if by_id { id } else { None }.unwrap_or(name);
        let mut problems = Vec::new();
        let mut pairs = Pairs::default();
        for content in contents {
            if content.role == Some(Role::Model) {
                problems.append(&mut mem::take(&mut pairs).problems(false));
            }
            for part in &content.parts {
                if let Some(call) = &part.function_call {
                    pairs.call(
                        known_by(call.id.as_deref(), call.name.as_str()),
                        &call.name,
                        false,
                    );
                }
                if let Some(gave) = &part.function_response {
                    pairs.output(known_by(gave.id.as_deref(), gave.name.as_str()), false);
                }
            }
        }
        problems.append(&mut pairs.problems(false));
        problems
    }
}

/// What is asked of a model, behind its name in the path.
const WHOLE: &str = "generateContent";
const STREAM: &str = "streamGenerateContent?alt=sse";

/// The path of what is asked of a model. Whatever the name holds stays within its segment.
fn path(model: &str, verb: &str) -> String {
    let name = named(model);
    let (collection, id) = name.split_once('/').unwrap_or(("models", &name));
    format!("{collection}/{}:{verb}", in_path(id))
}

/// The name of a model with its collection.
fn named(model: &str) -> String {
    let collections = ["models/", "tunedModels/"];
    if collections.iter().any(|known| model.starts_with(known)) {
        model.to_owned()
    } else {
        format!("models/{model}")
    }
}

/// What the model said, as the next request holds it.
fn content(response: &Response) -> Content {
    let candidate = response.candidates.first();
    let content = candidate.and_then(|candidate| candidate.content.clone());
    Content {
        role: Some(Role::Model),
        ..content.unwrap_or_default()
    }
}

/// What a function gave, as the model is told.
fn output(name: &str, id: Option<String>, text: &str) -> Part {
    let mut part = Part::output(name, text);
    let response: Option<&mut FunctionResponse> = part.function_response.as_mut();
    if let Some(response) = response {
        response.id = id;
    }
    part
}

fn call(call: &FunctionCall) -> Call<'_> {
    Call {
        id: call.id.as_deref().unwrap_or_default(),
        name: &call.name,
        text: call.arguments().into(),
        custom: false,
    }
}

/// Puts the settings that APIs share over those that only this one has.
fn generation(own: GenerationConfig, settings: Settings) -> GenerationConfig {
    let thinking = settings.effort.map(|effort| thinking(&effort));
    let mut config = GenerationConfig {
        max_output_tokens: settings.max_output_tokens.or(own.max_output_tokens),
        temperature: settings.temperature.or(own.temperature),
        top_p: settings.top_p.or(own.top_p),
        ..own
    };
    if let Some(thinking) = thinking {
        let known = config.thinking_config.get_or_insert_default();
        known.thinking_level = thinking.thinking_level;
        known.thinking_budget = thinking.thinking_budget.or(known.thinking_budget);
    }
    if let Some(JsonSchemaFormat { schema, .. }) = settings.format {
        config.response_mime_type = Some("application/json".to_owned());
        let field = if settings.openapi_schemas {
            &mut config.response_schema
        } else {
            &mut config.response_json_schema
        };
        *field = Some(schema.value().clone());
    }
    config
}

fn thinking(effort: &Effort) -> ThinkingConfig {
    match effort {
        Effort::None => ThinkingConfig {
            thinking_budget: Some(0),
            ..ThinkingConfig::default()
        },
        effort => ThinkingConfig {
            thinking_level: Some(effort.as_str().to_ascii_uppercase()),
            ..ThinkingConfig::default()
        },
    }
}

/// The choice as this API says it. Where nothing is chosen, schemas that are strict are held all the same.
fn chosen(choice: Option<ToolChoice>, is_strict: bool) -> Option<ToolConfig> {
    let free = if is_strict {
        FunctionCallingMode::Validated
    } else {
        FunctionCallingMode::Auto
    };
    Some(match choice {
        None if is_strict => free.into(),
        None => return None,
        Some(ToolChoice::Auto) => free.into(),
        Some(ToolChoice::None) => FunctionCallingMode::None.into(),
        Some(ToolChoice::Required) => FunctionCallingMode::Any.into(),
        Some(ToolChoice::Tool(tool)) => {
            ToolConfig::allowed(FunctionCallingMode::Any, vec![tool_name(tool)])
        }
        // `AUTO` takes no names.
        Some(ToolChoice::Allowed { required, tools }) => {
            let mode = if required {
                FunctionCallingMode::Any
            } else {
                FunctionCallingMode::Validated
            };
            ToolConfig::allowed(mode, tools.into_iter().map(tool_name).collect())
        }
    })
}

fn tool_name(tool: ToolRef) -> String {
    match tool {
        ToolRef::Function(name) | ToolRef::Custom(name) => name,
    }
}

/// All functions in one tool, then what is the server's own.
fn tools(tools: Vec<Tool>, openapi: bool) -> Vec<gemini::Tool> {
    let mut functions = Vec::new();
    let mut others = Vec::new();
    for tool in tools {
        match tool.into_function() {
            Ok(function) => functions.push(declared(function, openapi)),
            Err(json) => others.push(serde_json::from_value(json).unwrap_or_default()),
        }
    }
    let functions = (!functions.is_empty()).then(|| functions.into());
    functions.into_iter().chain(others).collect()
}

fn declared(function: Function, openapi: bool) -> FunctionDeclaration {
    let parameters = Some(function.parameters.value().clone());
    let (own, json) = if openapi {
        (parameters, None)
    } else {
        (None, parameters)
    };
    FunctionDeclaration {
        name: function.name,
        description: function.description,
        parameters: own,
        parameters_json_schema: json,
        ..FunctionDeclaration::default()
    }
}
