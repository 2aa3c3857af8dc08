//! Many requests in one file, answered within a day at half the price.
//!
//! `cargo run --example batch`: no key, no network, answered by the local server.
//! With `OPENAI_API_KEY` set, the same program asks OpenAI, where it may take hours; started again with the id that it prints, it goes on
//! waiting: `cargo run --example batch -- batch_…`.

use std::time::Duration;

use larkspur::{Effort, JsonSchema, schemars};
use serde::Deserialize;

/// What a customer thinks.
#[derive(Debug, Deserialize, JsonSchema)]
struct Review {
    /// 1: furious, 5: delighted.
    #[schemars(range(min = 1, max = 5))]
    stars: u8,
    /// What it is about, in a word or two.
    about: String,
    wants_an_answer: bool,
}

const REVIEWS: [&str; 4] = [
    "The kettle boils faster than I can find the tea.",
    "Third time the lid broke. Who can I talk to?",
    "It is a kettle.",
    "Came two weeks late, but the colour is lovely.",
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = larkspur::connect()?;
    let output = larkspur::json::<Review>();
    let batch = if let Some(id) = std::env::args().nth(1) {
        client.batch(id, &output)?
    } else {
        let ask = |review| {
            let request = client.responses("gpt-5.2").effort(Effort::Low);
            request.instructions("You sort reviews.").input(review)
        };
        client.submit_batch(REVIEWS.map(ask), &output).await?
    };
    println!("{}", batch.id());
    let answers = batch.poll_interval(Duration::from_secs(1)).wait().await?;
    for (review, answer) in REVIEWS.iter().zip(answers) {
        println!("{review}");
        match answer.and_then(larkspur::client::Answer::into_reply) {
            Ok(reply) => {
                let Review {
                    stars,
                    about,
                    wants_an_answer,
                } = &reply.value;
                let answer = if *wants_an_answer { ", answer it" } else { "" };
                println!("  {stars} of 5, {about}{answer}; {}", reply.cost());
            }
            Err(error) => println!("  {error}"),
        }
    }
    Ok(())
}
