//! A long conversation that stays affordable: once it is long, the server makes it short.
//!
//! `cargo run --example conversation`: no key, no network, answered by the local server.
//! With `OPENAI_API_KEY` (and, for another gateway, `OPENAI_BASE_URL`) set, the same program asks that server.

use larkspur::client::Conversation;
use larkspur::{Effort, JsonSchema, schemars};
use serde::Deserialize;

/// One step of a plan.
#[derive(Debug, Deserialize, JsonSchema)]
struct Step {
    title: String,
    days: u8,
    /// What may go wrong.
    risk: Option<String>,
}

const QUESTIONS: [&str; 6] = [
    "We move our shop from the old warehouse to the new one. What is the first step?",
    "And then?",
    "The fork lift is broken. What changes?",
    "What do we tell our customers?",
    "When can we open again?",
    "What did we forget?",
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let request = larkspur::connect()?
        .responses("gpt-5.2")
        .instructions("You plan the move of a small company, one step at a time.")
        .effort(Effort::Low);
    // So low only for this example. A real one pays what it reads, so this is worth it after some ten thousand tokens.
    let mut conversation = Conversation::new(request).compact_above(150);
    for question in QUESTIONS {
        let reply = conversation.extract::<Step>(question).await?;
        let Step { title, days, risk } = &reply.value;
        println!("{question}\n  {title}, {days} days");
        if let Some(risk) = risk {
            println!("  at risk: {risk}");
        }
        println!(
            "  {} requests, {} tokens, {}; {} items are kept",
            reply.attempts().len(),
            reply.usage().total_tokens(),
            reply.cost(),
            conversation.items().len()
        );
    }
    Ok(())
}
