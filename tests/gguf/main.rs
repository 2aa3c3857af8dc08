//! The local server with a real small model. `just gguf` finds one and names it in `LARKSPUR_GGUF`; without that the tests say so and end.
//!
//! What a model says is its own affair. So the laws are about form: whatever it is asked for, it keeps within it.
#![expect(clippy::unwrap_used, reason = "tests are blunt")]

use std::env;
use std::sync::OnceLock;

use larkspur_client::{ChatRequest, Client};
use larkspur_output::{Constraint, Output, OutputType as _, Target, grammar, json, regex};
use larkspur_schema::{JsonSchema, schemars};
use larkspur_sim::{LocalModel, Sim};
use serde::Deserialize;

/// A text, and the name, age and city in it.
const TEXTS: [(&str, &str, u8, &str); 10] = [
    (
        "Maria is 34 years old and lives in Lisbon.",
        "Maria",
        34,
        "Lisbon",
    ),
    ("Tom, aged 51, is from Oslo.", "Tom", 51, "Oslo"),
    (
        "John Smith, 27, moved to Berlin last spring.",
        "John Smith",
        27,
        "Berlin",
    ),
    ("In Oslo I met Ingrid. She is 51.", "Ingrid", 51, "Oslo"),
    ("Ahmed (19) studies in Cairo.", "Ahmed", 19, "Cairo"),
    (
        "My name is Chen. I am 42 and I live in Taipei.",
        "Chen",
        42,
        "Taipei",
    ),
    ("Rome is home to Paolo, who is 63.", "Paolo", 63, "Rome"),
    ("Yuki turned 30 in Kyoto.", "Yuki", 30, "Kyoto"),
    (
        "Anna lives in Vienna, Peter in Graz; Peter is 8.",
        "Peter",
        8,
        "Graz",
    ),
    (
        "A dozen years old, Ravi goes to school in Mumbai.",
        "Ravi",
        12,
        "Mumbai",
    ),
];

#[derive(Debug, Deserialize, JsonSchema)]
struct Person {
    #[schemars(length(max = 40))]
    name: String,
    age: u8,
    #[schemars(length(max = 40))]
    city: String,
}

/// A server with the model, which is loaded once; none where no file is named.
fn sim() -> Option<Sim> {
    static MODEL: OnceLock<Option<LocalModel>> = OnceLock::new();
    let model = MODEL.get_or_init(|| {
        let file = env::var_os("LARKSPUR_GGUF");
        let Some(file) = file else {
            eprintln!("LARKSPUR_GGUF names no model: nothing is tested");
            return None;
        };
        Some(LocalModel::open(file).unwrap())
    });
    let model = model.clone()?;
    Some(Sim::builder().model(model).start().unwrap())
}

fn ask(sim: &Sim, text: &str) -> ChatRequest {
    let client = Client::builder().base_url(sim.base_url()).build().unwrap();
    let question = format!("Give the name, the age and the city of the person. Text: {text}");
    let request = client.chat("smollm2").max_output_tokens(200).reask(0);
    let told = "You extract facts from text and answer with JSON only.";
    request.instructions(told).input(question)
}

#[tokio::test]
async fn it_is_held_to_a_type_and_is_not_without_one() {
    let Some(sim) = sim() else { return };
    let output = json::<Person>().prepare(Target::openai()).unwrap();
    let anything = Output::new(Constraint::Text, Vec::new(), |text| Ok(text.to_owned()));
    let (mut right, mut free) = (0, 0);
    for (text, name, age, city) in TEXTS {
        let person = ask(&sim, text).extract::<Person>().await.unwrap().value;
        let is_right =
            (person.name.as_str(), person.age, person.city.as_str()) == (name, age, city);
        right += usize::from(is_right);
        let said = ask(&sim, text).ask(&anything).await.unwrap();
        free += usize::from(output.read(&said.text).is_ok());
        println!("{text} → {person:?}, {is_right}; free: {:?}", said.text);
    }
    println!(
        "of {}: right {right}; of the type without a constraint {free}",
        TEXTS.len()
    );
}

#[tokio::test]
async fn it_is_held_to_grammars_and_regexes() {
    let Some(sim) = sim() else { return };
    let pair = grammar("start: NAME \"=\" INT\nNAME: /[a-z]{1,8}/\nINT: /[0-9]{1,4}/\n").unwrap();
    let date = regex(r"[12][0-9]{3}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])").unwrap();
    for (text, ..) in TEXTS {
        let request = || ask(&sim, text).temperature(0.8);
        assert!(
            request()
                .extract_with(&pair)
                .await
                .unwrap()
                .text
                .contains('=')
        );
        assert_eq!(request().extract_with(&date).await.unwrap().text.len(), 10);
    }
}

#[tokio::test]
async fn what_is_streamed_is_what_is_said_whole() {
    let Some(sim) = sim() else { return };
    let (text, ..) = TEXTS[0];
    let stream = ask(&sim, text).stream::<Person>().await.unwrap();
    let streamed = stream.answer().await.unwrap().into_reply().unwrap();
    let whole = ask(&sim, text).extract::<Person>().await.unwrap();
    assert_eq!(streamed.text, whole.text);
}
