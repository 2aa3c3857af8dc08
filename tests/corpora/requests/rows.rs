//! Requests with one setting each, for both builders.

use larkspur_client::wire::chat::{self, Message, ToolCall};
use larkspur_client::wire::responses::{
    Compaction, ContentPart, CustomToolCall, CustomToolCallOutput, FunctionCall,
    FunctionCallOutput, InputItem, InputMessage,
};
use larkspur_client::{
    ChatRequest, CustomTool, Document, Effort, ResponsesRequest, ServiceTier, Summary, Tool,
    ToolChoice, ToolRef, Verbosity,
};

use super::outputs::{Invoice, client, document, function, image, invoice};

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

pub(super) fn responses() -> Vec<(&'static str, ResponsesRequest)> {
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
        ("truncation", begin().input("x").truncate()),
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

pub(super) fn chat() -> Vec<(&'static str, ChatRequest)> {
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
