//! A client that sends nothing, and what is asked for.

use larkspur_client::{
    Api, Client, Document, Image, ImageDetail, RequestBuilder, RunnableTool, Tool, tool, tool_with,
};
use larkspur_output::{Output, OutputType as _, Target};
use larkspur_schema::{JsonSchema, schemars};
use serde::Deserialize;
use serde_json::json;

pub(super) fn client() -> Client {
    Client::builder()
        .base_url("http://127.0.0.1:9/v1")
        .build()
        .unwrap()
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its schema counts")]
pub(super) struct Invoice {
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

pub(super) fn image() -> Image {
    Image::url("https://example.org/a.png").detail(ImageDetail::Low)
}

pub(super) fn document() -> Document {
    Document::data("a.pdf", "application/pdf", b"%PDF-1.7")
}

pub(super) fn invoice() -> Output<Invoice> {
    larkspur_output::json::<Invoice>()
        .prepare(Target::openai())
        .unwrap()
}

pub(super) fn function(name: &str, strict: bool) -> Tool {
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
pub(super) fn runs<A: Api>(request: &RequestBuilder<A>) -> Vec<A::Request> {
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
