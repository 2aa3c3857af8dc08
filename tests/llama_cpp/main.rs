//! Our client against a real server of somebody else's with a real model: the one of llama.cpp in Python. `just llama` starts it,
//! names it in `LARKSPUR_LLAMA_CPP`, and stops it.
//!
//! What a model says is its own affair. So the laws are about form: what is asked for under a constraint is of that form, and what breaks it is seen.
#![expect(clippy::unwrap_used, reason = "tests are blunt")]

mod departures;
mod held;
mod types;

use std::env;
use std::time::Duration;

use larkspur_client::{ChatRequest, Client, ClientBuilder, Provider, RetryPolicy};
use larkspur_schema::{JsonSchema, schemars};
use serde::Deserialize;
use serde_json::json;

const TEXTS: [&str; 6] = [
    "Maria is 34 years old and lives in Lisbon.",
    "John Smith, 27, moved to Berlin last spring.",
    "In Oslo I met Ingrid. She is 51.",
    "Ahmed (19) studies in Cairo.",
    "My name is Chen. I am 42 and I live in Taipei.",
    "No person is named here.",
];

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its form matters")]
struct Person {
    #[schemars(length(max = 40))]
    name: String,
    age: u8,
    #[schemars(length(max = 40))]
    city: String,
}

fn server() -> ClientBuilder {
    let url = env::var("LARKSPUR_LLAMA_CPP");
    let url = url.unwrap_or_else(|_| panic!("`just llama` starts the server and names it"));
    Client::builder()
        .base_url(url)
        .retry(RetryPolicy::none())
        .timeout(Duration::from_secs(300))
}

/// Asks for facts of a text; nothing is left to chance, and nothing is asked twice.
fn ask(client: &Client, text: &str) -> ChatRequest {
    let question = format!("Give the name, the age and the city of the person. Text: {text}");
    client
        .chat("smollm2")
        .instructions("You extract facts from text and answer with JSON only.")
        .input(question)
        .temperature(0.0)
        .extra("seed", json!(1))
        .max_output_tokens(200)
        .reask(0)
}

/// As the profile of llama.cpp says.
fn known() -> Client {
    server().provider(Provider::llama_cpp()).build().unwrap()
}
