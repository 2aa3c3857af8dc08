//! Functions of the program that the model calls, several at a time, of which it may call only some.
//!
//! `cargo run --example tools`: no key, no network, answered by the local server, which calls with invented arguments.
//! With `OPENAI_API_KEY` (and, for another gateway, `OPENAI_BASE_URL`) set, the same program asks that server.

use larkspur::client::tool;
use larkspur::{JsonSchema, schemars};
use serde::{Deserialize, Serialize};

/// How much of an article is in stock.
#[derive(Deserialize, JsonSchema)]
struct Stock {
    /// Such as `desk lamp`.
    article: String,
}

/// What an article costs.
#[derive(Deserialize, JsonSchema)]
struct Price {
    article: String,
    #[schemars(range(min = 1, max = 1000))]
    quantity: u32,
}

#[derive(Serialize)]
struct Offer {
    each: f64,
    total: f64,
}

/// Places an order. Cannot be undone.
#[derive(Deserialize, JsonSchema)]
struct Order {
    article: String,
    quantity: u32,
}

/// What the customer is told.
#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "printed with Debug")]
struct Reply {
    available: bool,
    total: Option<f64>,
    /// One or two sentences.
    text: String,
}

async fn price(args: Price) -> Result<Offer, String> {
    let each = match args.article.len() {
        0 => return Err("which article?".to_owned()),
        letters => 2.5 * letters as f64,
    };
    Ok(Offer {
        each,
        total: each * f64::from(args.quantity),
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tools = [
        tool("stock", |args: Stock| async move {
            Ok::<_, String>(args.article.len() * 3)
        }),
        tool("price", price),
        tool("order", |args: Order| async move {
            Ok::<_, String>(format!("ordered {} {}", args.quantity, args.article))
        }),
    ];
    let reply = larkspur::connect()?
        .responses("gpt-5.2")
        .instructions("You answer customers of a furniture shop. Look stock and prices up.")
        .input("Do you have 3 desk lamps, and what would they cost?")
        .run_tools(tools)
        // All three stay in the request, and in the server's cache; the model is not let near the last one yet.
        .require(["stock", "price"])
        .max_rounds(5)
        .extract::<Reply>()
        .await?;
    for call in reply.tool_calls() {
        println!("{}({}) = {}", call.tool, call.input, call.output);
    }
    println!("{:#?}", reply.value);
    println!("{} requests for {}", reply.attempts().len(), reply.cost());
    Ok(())
}
