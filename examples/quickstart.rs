//! A Rust type becomes a strict JSON Schema, travels in a real HTTP request, and comes back as a typed value.
//!
//! `cargo run --example quickstart`: no key, no network, answered by the local server.
//! With `OPENAI_API_KEY` (and, for another gateway, `OPENAI_BASE_URL`) set, the same program asks that server.

use std::collections::HashMap;

use larkspur::{Effort, JsonSchema, schemars};
use serde::Deserialize;

/// An invoice as printed.
#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "printed with Debug")]
struct Invoice {
    /// The company that sent it.
    vendor: String,
    /// In the order of the document.
    items: Vec<Item>,
    /// ISO 8601.
    due: Option<chrono::NaiveDate>,
    /// Whatever else is printed on it: order number, IBAN, …
    extra: HashMap<String, String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "printed with Debug")]
struct Item {
    title: String,
    quantity: u32,
    price: f64,
}

const TEXT: &str = "Acme Corp, invoice 2026-118: 3 desk lamps at 24.50, 1 oak table at 310.00. Due 2026-12-15. Order A-7.";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = larkspur::connect()?;
    let reply = client
        .responses("gpt-5.2")
        .input(TEXT)
        .effort(Effort::Low)
        .extract::<Invoice>()
        .await?;
    println!("{:#?}", reply.value);
    eprintln!(
        "answered by {}; {} at list price",
        client.base_url(),
        reply.cost()
    );
    Ok(())
}
