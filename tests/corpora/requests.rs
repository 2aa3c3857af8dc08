//! What the builders make, held against the published specification as it stands: no relaxations for requests.

use std::sync::LazyLock;

use jsonschema::Validator;
use larkspur_client::wire::chat::{self, Message, ToolCall};
use larkspur_client::wire::responses::{
    Compaction, ContentPart, CustomToolCall, CustomToolCallOutput, FunctionCall,
    FunctionCallOutput, InputItem, InputMessage,
};
use larkspur_client::{
    Api, ChatRequest, Client, CustomTool, Document, Effort, Image, ImageDetail, RequestBuilder,
    ResponsesRequest, RunnableTool, ServiceTier, Summary, Tool, ToolChoice, ToolRef, Verbosity,
    tool, tool_with,
};
use larkspur_output::{Output, OutputType as _, Target};
use larkspur_schema::{JsonSchema, schemars};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::data;

static RESPONSES: LazyLock<Validator> = LazyLock::new(|| validator("CreateResponse"));
static COMPACT: LazyLock<Validator> =
    LazyLock::new(|| validator("CompactResponseMethodPublicBody"));
static COUNT: LazyLock<Validator> = LazyLock::new(|| validator("TokenCountsBody"));
static CHAT: LazyLock<Validator> = LazyLock::new(|| validator("CreateChatCompletionRequest"));

fn validator(root: &str) -> Validator {
    let mut document = data::json("openai/openapi-extract.json");
    document["$ref"] = json!(format!("#/$defs/{root}"));
    jsonschema::options().offline().build(&document).unwrap()
}

/// The specification asks for `allOf` parts only, so a misspelt member would pass: each must be one it names.
#[track_caller]
fn check(name: &str, validator: &Validator, request: &impl Serialize) {
    let request = serde_json::to_value(request).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&request)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}\n{request:#}");
}

fn client() -> Client {
    Client::builder()
        .base_url("http://127.0.0.1:9/v1")
        .build()
        .unwrap()
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its schema counts")]
struct Invoice {
    /// Who sent it.
    vendor: String,
    items: Vec<Item>,
    note: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its schema counts")]
struct Item {
    name: String,
    price: f64,
    kind: Kind,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its schema counts")]
enum Kind {
    Goods,
    Service { hours: u32 },
}

fn image() -> Image {
    Image::url("https://example.org/a.png").detail(ImageDetail::Low)
}

fn document() -> Document {
    Document::data("a.pdf", "application/pdf", b"%PDF-1.7")
}

fn invoice() -> Output<Invoice> {
    larkspur_output::json::<Invoice>()
        .prepare(Target::openai())
        .unwrap()
}

fn function(name: &str, strict: bool) -> Tool {
    let schema = json!({"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"], "additionalProperties": false});
    Tool::function_schema(name, schema, strict)
}

/// Tools that the program runs, of each kind.
fn runnable() -> [RunnableTool; 3] {
    let never = || async { Ok::<_, String>(()) };
    let word = larkspur_output::regex("[a-z]+").unwrap();
    let pair = larkspur_output::grammar("start: \"x\" \"y\"?").unwrap();
    [
        tool("find", move |_: Invoice| never()),
        tool_with("word", word, move |_| never()).description("Says a word."),
        tool_with("pair", pair, move |_| never()),
    ]
}

/// The first request of a run of tools, for each way in which they may be called, with an answer of a schema and one of a grammar.
fn runs<A: Api>(request: &RequestBuilder<A>) -> Vec<A::Request> {
    let grammar = larkspur_output::grammar("start: \"a\"").unwrap();
    let grammar = grammar.prepare(Target::openai()).unwrap();
    let run = || request.clone().run_tools(runnable());
    let runs = || {
        [
            run(),
            run().allow(["find", "word"]),
            run().require(["pair"]),
        ]
    };
    let typed = runs().map(|run| run.build_for(&invoice()).unwrap());
    let worded = runs().map(|run| run.build_for(&grammar).unwrap());
    typed.into_iter().chain(worded).collect()
}

#[test]
fn runs_of_tools_are_valid() {
    for (name, request) in &responses_rows() {
        for request in runs(request) {
            check(name, &RESPONSES, &request);
        }
    }
    for (name, request) in &chat_rows() {
        for request in runs(request) {
            check(name, &CHAT, &request);
        }
    }
}

/// Settings that both builders know, by the same names.
macro_rules! shared_rows {
    ($begin:expr) => {{
        let both = || {
            $begin
                .input("x")
                .tool(function("f", true))
                .tool(CustomTool::new("c"))
        };
        vec![
            ("input", $begin.input("x")),
            ("empty input", $begin.input("")),
            ("instructions", $begin.input("x").instructions("Be brief.")),
            ("effort none", $begin.input("x").effort(Effort::None)),
            ("effort minimal", $begin.input("x").effort(Effort::Minimal)),
            ("effort xhigh", $begin.input("x").effort(Effort::XHigh)),
            ("effort max", $begin.input("x").effort(Effort::Max)),
            ("verbosity low", $begin.input("x").verbosity(Verbosity::Low)),
            (
                "verbosity high",
                $begin.input("x").verbosity(Verbosity::High),
            ),
            ("output limit", $begin.input("x").max_output_tokens(16)),
            ("sampling", $begin.input("x").temperature(0.7).top_p(0.9)),
            (
                "sampling at the ends",
                $begin.input("x").temperature(2.0).top_p(0.0),
            ),
            (
                "metadata",
                $begin.input("x").metadata("a", "b").metadata("", ""),
            ),
            ("store", $begin.input("x").store(true)),
            (
                "service tier",
                $begin.input("x").service_tier(ServiceTier::Priority),
            ),
            (
                "cache key",
                $begin
                    .input("x")
                    .prompt_cache_key("k")
                    .safety_identifier("u"),
            ),
            (
                "strict function",
                $begin
                    .input("x")
                    .tool(function("f", true).description("Finds.")),
            ),
            (
                "loose function",
                $begin.input("x").tool(function("f", false)),
            ),
            (
                "function of a type",
                $begin
                    .input("x")
                    .tool(Tool::function::<Invoice>("f").unwrap()),
            ),
            (
                "function of an output",
                $begin.input("x").tool(Tool::from_output("f", &invoice())),
            ),
            (
                "free tool",
                $begin
                    .input("x")
                    .tool(CustomTool::new("c").description("Notes.")),
            ),
            (
                "lark tool",
                $begin
                    .input("x")
                    .tool(CustomTool::new("c").lark("start: \"x\"")),
            ),
            (
                "regex tool",
                $begin.input("x").tool(CustomTool::new("c").regex("x+")),
            ),
            ("choice auto", both().tool_choice(ToolChoice::Auto)),
            ("choice none", both().tool_choice(ToolChoice::None)),
            ("choice required", both().tool_choice(ToolChoice::Required)),
            (
                "choice function",
                both().tool_choice(ToolChoice::function("f")),
            ),
            ("choice custom", both().tool_choice(ToolChoice::custom("c"))),
            (
                "allowed",
                both().tool_choice(ToolChoice::allowed([
                    ToolRef::function("f"),
                    ToolRef::custom("c"),
                ])),
            ),
            (
                "one of",
                both().tool_choice(ToolChoice::one_of([ToolRef::custom("c")])),
            ),
            ("no parallel calls", both().parallel_tool_calls(false)),
        ]
    }};
}

fn responses_rows() -> Vec<(&'static str, ResponsesRequest)> {
    let begin = || client().responses("gpt-5.2");
    let parts = vec![
        ContentPart::text("What is this?"),
        ContentPart::image_url("data:image/png;base64,AAAA"),
    ];
    let call: Vec<InputItem> = vec![
        InputMessage::user("x").into(),
        FunctionCall::new("call_1", "f", "{}").into(),
        FunctionCallOutput::new("call_1", "found").into(),
        CustomToolCall::new("call_2", "c", "x").into(),
        CustomToolCallOutput::new("call_2", "1 row").into(),
    ];
    let compaction = Compaction {
        encrypted_content: "AAAA".into(),
        ..Compaction::default()
    };
    let mut rows = shared_rows!(begin());
    rows.extend([
        ("nothing", begin()),
        ("message", begin().input(InputMessage::developer("x"))),
        (
            "history",
            begin()
                .input("a")
                .item(InputMessage::assistant("b"))
                .item(InputMessage::system("c")),
        ),
        ("parts", begin().input(InputMessage::user(parts))),
        ("image", begin().input("x").image(image())),
        ("document", begin().input("x").document(document())),
        ("uploaded", begin().document(Document::uploaded("file-1"))),
        ("calls", begin().input(call)),
        ("compaction", begin().input("x").item(compaction)),
        ("summary", begin().input("x").summary(Summary::Detailed)),
        ("background", begin().input("x").background()),
        (
            "compact threshold",
            begin().input("x").compact_threshold(1000),
        ),
        ("conversation", begin().input("x").conversation("conv_1")),
        (
            "previous response",
            begin().input("x").previous_response_id("resp_1"),
        ),
        (
            "include",
            begin()
                .input("x")
                .include("reasoning.encrypted_content")
                .store(false),
        ),
        (
            "fast",
            begin().input("x").service_tier(ServiceTier::UltraFast),
        ),
    ]);
    rows
}

fn chat_rows() -> Vec<(&'static str, ChatRequest)> {
    let begin = || client().chat("gpt-5.2");
    let parts = vec![
        chat::ContentPart::text("What is this?"),
        chat::ContentPart::image_url("https://example.org/a.png"),
    ];
    let mut rows = shared_rows!(begin());
    rows.extend([
        ("parts", begin().input(parts)),
        ("image", begin().input("x").image(image())),
        ("document", begin().input("x").document(document())),
        ("uploaded", begin().document(Document::uploaded("file-1"))),
        (
            "history",
            begin().messages([
                Message::user("a"),
                Message::assistant("b"),
                Message::developer("c"),
            ]),
        ),
        (
            "calls",
            begin().messages([
                Message::user("x"),
                Message::calls(vec![
                    ToolCall::function("call_1", "f", "{}"),
                    ToolCall::custom("call_2", "c", "x"),
                ]),
                Message::tool("call_1", "found"),
                Message::tool("call_2", "1 row"),
            ]),
        ),
    ]);
    rows
}

#[test]
fn requests_are_valid_with_every_setting() {
    let (responses, chat) = (responses_rows(), chat_rows());
    assert!(responses.len() + chat.len() >= 60);
    for (name, request) in &responses {
        check(name, &RESPONSES, &request.build());
    }
    for (name, request) in &chat {
        check(name, &CHAT, &request.build());
    }
}

/// What is sent of a request to have it compacted or counted.
#[test]
fn parts_of_requests_are_valid() {
    let members = |root: &str| {
        let document = data::json("openai/openapi-extract.json");
        let mut names = Vec::new();
        collect_properties(&document, &document["$defs"][root], &mut names);
        names
    };
    let known = (
        members("CompactResponseMethodPublicBody"),
        members("TokenCountsBody"),
    );
    for (name, request) in &responses_rows() {
        let request = request.build_for(&invoice());
        // Another set of tiers: these two are for answers alone.
        let tier = request.service_tier.as_ref();
        let compactable = tier.is_none_or(|tier| !matches!(tier.as_str(), "ultrafast" | "scale"));
        let (compact, count) = (request.clone().compacting(), request.counting());
        if compactable {
            check(name, &COMPACT, &compact);
        }
        check(name, &COUNT, &count);
        for (sent, known) in [(json!(compact), &known.0), (json!(count), &known.1)] {
            let mut sent = sent.as_object().unwrap().keys();
            assert!(sent.all(|member| known.contains(member)), "{name}");
        }
    }
}

#[test]
fn requests_with_an_output_are_valid() {
    for (name, request) in &responses_rows() {
        check(name, &RESPONSES, &request.build_for(&invoice()));
    }
    for (name, request) in &chat_rows() {
        check(name, &CHAT, &request.build_for(&invoice()));
    }
}

/// The validators do refuse: the samples that must not pass, which swap the shapes of the two APIs among other things.
#[test]
fn the_specification_refuses_the_invalid_samples() {
    let mut refused = 0;
    for sample in data::json("openai/samples/index.json").as_array().unwrap() {
        let validator = match sample["root"].as_str().unwrap_or_default() {
            "CreateResponse" => &RESPONSES,
            "CreateChatCompletionRequest" => &CHAT,
            _ => continue,
        };
        let file = sample["file"].as_str().unwrap();
        let body = data::json(&format!("openai/samples/{file}"));
        assert_eq!(validator.is_valid(&body), sample["valid"] == true, "{file}");
        refused += usize::from(sample["valid"] == false);
    }
    assert_eq!(refused, 22);
}

/// A member that the builders spell and the specification does not know would pass unseen, so names are checked apart.
#[test]
fn every_member_is_one_the_specification_names() {
    let known = |root: &str| {
        let document = data::json("openai/openapi-extract.json");
        let mut names = Vec::new();
        collect_properties(&document, &document["$defs"][root], &mut names);
        names
    };
    let (responses, chat) = (
        known("CreateResponse"),
        known("CreateChatCompletionRequest"),
    );
    let members = |request: Value| {
        request
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    for (name, request) in &responses_rows() {
        for member in members(serde_json::to_value(request.build_for(&invoice())).unwrap()) {
            assert!(responses.contains(&member), "{name}: {member}");
        }
    }
    for (name, request) in &chat_rows() {
        for member in members(serde_json::to_value(request.build_for(&invoice())).unwrap()) {
            assert!(chat.contains(&member), "{name}: {member}");
        }
    }
}

fn collect_properties(document: &Value, schema: &Value, names: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        collect_properties(
            document,
            document.pointer(reference.trim_start_matches('#')).unwrap(),
            names,
        );
    }
    names.extend(
        schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone()),
    );
    for part in schema["allOf"].as_array().into_iter().flatten() {
        collect_properties(document, part, names);
    }
}

/// One call on a builder, as a person might make it.
#[derive(Debug, Clone)]
enum Step {
    Instructions(String),
    Input(String),
    Effort(usize),
    Verbosity(usize),
    Limit(u64),
    Temperature(f64),
    TopP(f64),
    Metadata(String, String),
    Store(bool),
    Tier(usize),
    Function(String, bool),
    Lark(String, String),
    Choice(usize, String),
    Parallel(bool),
}

fn step() -> impl Strategy<Value = Step> {
    let name = "[a-zA-Z0-9_-]{1,64}";
    prop_oneof![
        any::<String>().prop_map(Step::Instructions),
        any::<String>().prop_map(Step::Input),
        (0..Effort::KNOWN.len()).prop_map(Step::Effort),
        (0..Verbosity::KNOWN.len()).prop_map(Step::Verbosity),
        (16..1_000_000_u64).prop_map(Step::Limit),
        (0.0..=2.0).prop_map(Step::Temperature),
        (0.0..=1.0).prop_map(Step::TopP),
        (any::<String>(), any::<String>()).prop_map(|(key, value)| Step::Metadata(key, value)),
        any::<bool>().prop_map(Step::Store),
        // `ultrafast` is for Responses alone, so both builders draw from the others.
        (0..6_usize).prop_map(Step::Tier),
        (name, any::<bool>()).prop_map(|(name, strict)| Step::Function(name, strict)),
        (name, any::<String>()).prop_map(|(name, text)| Step::Lark(name, text)),
        (0..8_usize, name).prop_map(|(choice, name)| Step::Choice(choice, name)),
        any::<bool>().prop_map(Step::Parallel),
    ]
}

fn choice(which: usize, name: String) -> ToolChoice {
    match which {
        0 => ToolChoice::Auto,
        1 => ToolChoice::None,
        2 => ToolChoice::Required,
        3 => ToolChoice::function(name),
        4 => ToolChoice::custom(name),
        5 => ToolChoice::allowed([ToolRef::function(name.clone()), ToolRef::custom(name)]),
        6 => ToolChoice::one_of([ToolRef::function(name)]),
        _ => ToolChoice::allowed([]),
    }
}

macro_rules! apply {
    ($begin:expr, $steps:expr) => {
        $steps
            .into_iter()
            .fold($begin.input("x"), |request, step| match step {
                Step::Instructions(text) => request.instructions(text),
                Step::Input(text) => request.input(text),
                Step::Effort(which) => request.effort(Effort::from(Effort::KNOWN[which])),
                Step::Verbosity(which) => {
                    request.verbosity(Verbosity::from(Verbosity::KNOWN[which]))
                }
                Step::Limit(tokens) => request.max_output_tokens(tokens),
                Step::Temperature(number) => request.temperature(number),
                Step::TopP(number) => request.top_p(number),
                Step::Metadata(key, value) => request.metadata(key, value),
                Step::Store(store) => request.store(store),
                Step::Tier(which) => {
                    request.service_tier(ServiceTier::from(ServiceTier::KNOWN[which]))
                }
                Step::Function(name, strict) => request.tool(function(&name, strict)),
                Step::Lark(name, text) => request.tool(CustomTool::new(name).lark(text)),
                Step::Choice(which, name) => request.tool_choice(choice(which, name)),
                Step::Parallel(parallel) => request.parallel_tool_calls(parallel),
            })
    };
}

proptest! {
    #[test]
    fn whatever_is_built_is_valid(steps in prop::collection::vec(step(), 0..12), with_output: bool) {
        let responses = apply!(client().responses("gpt-5.2"), steps.clone());
        let chat = apply!(client().chat("gpt-5.2"), steps);
        if with_output {
            check("responses", &RESPONSES, &responses.build_for(&invoice()));
            check("chat", &CHAT, &chat.build_for(&invoice()));
        } else {
            check("responses", &RESPONSES, &responses.build());
            check("chat", &CHAT, &chat.build());
        }
        for request in runs(&responses).iter().take(1) {
            check("responses, with tools that are run", &RESPONSES, request);
        }
        for request in runs(&chat).iter().take(1) {
            check("chat, with tools that are run", &CHAT, request);
        }
    }
}
