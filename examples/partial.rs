//! A typed value shown while the model writes it: each field is absent, in flight or done.
//!
//! `cargo run --example partial`: no key, no network, answered by the local server, which invents the recipe.
//! With `OPENAI_API_KEY` (and, for another gateway, `OPENAI_BASE_URL`) set, the same program asks that server.

use larkspur::partial::Progress;
use larkspur::{JsonSchema, Partial, schemars};
use serde::Deserialize;

/// A dish and how to make it.
#[derive(Debug, Deserialize, JsonSchema, Partial)]
#[expect(dead_code, reason = "not all of it is printed in the end")]
struct Recipe {
    title: String,
    serves: u32,
    difficulty: Difficulty,
    steps: Vec<Step>,
}

/// Shown when it is whole, as all enums of plain names.
#[derive(Clone, Debug, Deserialize, JsonSchema, Partial)]
enum Difficulty {
    Easy,
    Hard,
}

#[derive(Debug, Deserialize, JsonSchema, Partial)]
#[expect(dead_code, reason = "not all of it is printed in the end")]
struct Step {
    text: String,
    minutes: Option<u32>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = larkspur::connect()?;
    let stream = client
        .responses("gpt-5.2")
        .input("A soup for a cold evening, in three steps.")
        .stream::<Recipe>()
        .await?;
    // A gateway that ignores the schema costs a few tokens, not an answer.
    let mut recipes = stream.guarded()?.partials();
    let mut shown = String::new();
    while let Some(recipe) = recipes.next().await? {
        let line = recipe.get().map(line).unwrap_or_default();
        if line != shown {
            println!("{line}");
            shown = line;
        }
    }
    let reply = recipes.answer().await?.into_reply()?;
    let minutes: u32 = reply
        .value
        .steps
        .iter()
        .filter_map(|step| step.minutes)
        .sum();
    println!(
        "{} serves {} and takes {minutes} minutes; {} at list price",
        reply.value.title,
        reply.value.serves,
        reply.cost()
    );
    Ok(())
}

/// What is there, in one line.
fn line(recipe: &RecipePartial) -> String {
    let title = match &recipe.title {
        Progress::Absent => "…".to_owned(),
        Progress::InFlight(title) => format!("{title}…"),
        Progress::Done(title) => title.clone(),
    };
    let serves = recipe
        .serves
        .done()
        .map(|serves| format!(", serves {serves}"));
    let difficulty = recipe
        .difficulty
        .done()
        .map(|difficulty| format!(", {difficulty:?}"));
    let steps = recipe.steps.get().map(Vec::as_slice).unwrap_or_default();
    let done = steps.iter().filter(|step| step.is_done()).count();
    let writing = steps.last().and_then(|step| match step {
        Progress::InFlight(StepPartial {
            text: Progress::InFlight(text),
            ..
        }) => Some(format!(": {text}…")),
        _ => None,
    });
    format!(
        "{title}{}{}, {done} of {} steps{}",
        serves.unwrap_or_default(),
        difficulty.unwrap_or_default(),
        steps.len(),
        writing.unwrap_or_default()
    )
}
