//! Real JSON in pieces: however it is cut, the end is that of the whole text, and what was shown only grows.

use larkspur_json::{Partial, parse};
use larkspur_output::{OutputType as _, Target, json_schema, partial::Incoming};
use larkspur_tests::random::Random;
use larkspur_wire::{Delta, SseDecoder, SseEvent, StreamError, chat, responses};
use serde_json::{Value, json};

use crate::data;

/// Texts of real answers and of the torture suite that are JSON.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = data::lines("json-torture/parsing.jsonl")
        .iter()
        .filter_map(|case| Some(case["text"].as_str()?.to_owned()))
        .filter(|text| parse(text).is_ok())
        .collect();
    for file in ["responses", "chat-completions"] {
        for record in data::lines(&format!("openai-recordings/{file}.jsonl")) {
            texts.push(record["request"].to_string());
            texts.push(serde_json::to_string_pretty(&record["response"]).unwrap());
        }
    }
    for case in data::lines("function-schemas/instances.jsonl") {
        texts.push(case["schema"].to_string());
    }
    texts.retain(|text| text.len() < 20_000);
    texts
}

/// Whether `later` is `earlier`, or has grown from it.
fn has_grown(earlier: &Value, later: &Value) -> bool {
    match (earlier, later) {
        (Value::String(earlier), Value::String(later)) => later.starts_with(earlier.as_str()),
        (Value::Array(earlier), Value::Array(later)) => {
            let both = earlier.iter().zip(later);
            earlier.len() <= later.len() && both.into_iter().all(|(one, two)| has_grown(one, two))
        }
        (Value::Object(earlier), Value::Object(later)) => {
            let grows = |(key, value)| later.get(key).is_some_and(|later| has_grown(value, later));
            earlier.iter().all(grows)
        }
        _ => earlier == later,
    }
}

/// The text cut at random places, between bytes.
fn pieces<'t>(text: &'t str, random: &mut Random) -> Vec<&'t [u8]> {
    let cuts = 1 + random.below(8);
    let mut places: Vec<usize> = (0..cuts).map(|_| random.below(text.len() + 1)).collect();
    places.extend([0, text.len()]);
    places.sort_unstable();
    let ends = places.windows(2);
    ends.map(|ends| &text.as_bytes()[ends[0]..ends[1]])
        .collect()
}

#[test]
fn ten_thousand_chunkings_end_in_the_whole_parse() {
    let texts = texts();
    assert!(texts.len() > 1_000, "{}", texts.len());
    let mut random = Random::new(5);
    for _ in 0..10_000 {
        let text = random.pick(&texts).clone();
        let whole = parse(&text).unwrap();
        // Of a key that is there twice both values are shown, and a map has one of them.
        let is_unique = whole.duplicate_keys().is_empty();
        let mut partial = Partial::new();
        let mut last: Option<Value> = None;
        for piece in pieces(&text, &mut random) {
            let now = partial.push_bytes(piece).unwrap().to_value();
            if let (Some(last), true) = (&last, is_unique) {
                let grown = now.as_ref().is_some_and(|now| has_grown(last, now));
                assert!(grown, "{text}: {last} and then {now:?}");
            }
            last = now.or(last);
        }
        assert_eq!(partial.finish().unwrap().to_node(), Some(whole), "{text}");
    }
}

/// The pieces of texts and of inputs of calls, in the order in which they came.
fn deltas(
    stream: &str,
    mut push: impl FnMut(&SseEvent) -> Result<Vec<Delta>, StreamError>,
) -> Vec<Vec<String>> {
    let mut decoder = SseDecoder::default();
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for event in decoder.push(stream.as_bytes()).unwrap() {
        for delta in push(&event).unwrap_or_default() {
            let (place, text) = match delta {
                Delta::Text(text) => (0, text),
                Delta::Call { index, text } => (index + 1, text),
                _ => continue,
            };
            all.resize(all.len().max(place + 1), Vec::new());
            all[place].push(text);
        }
    }
    all
}

#[test]
fn recorded_streams_show_values_that_grow_to_what_was_said() {
    let output = json_schema("any", json!(true))
        .prepare(Target::plain())
        .unwrap();
    let (mut whole, mut steps) = (0, 0);
    for file in ["responses", "chat-completions"] {
        for record in data::lines(&format!("openai-recordings/{file}.jsonl")) {
            let Some(stream) = record["sse"].as_str() else {
                continue;
            };
            let stream = format!("{}\n\n", stream.trim_end());
            let (mut of_responses, mut of_chat) = (
                responses::Accumulator::default(),
                chat::Accumulator::default(),
            );
            let all = deltas(&stream, |event| match file {
                "responses" => of_responses.push(event).map(Vec::from_iter),
                _ => of_chat.push(event).map(Vec::from_iter),
            });
            for pieces in all {
                let text = pieces.concat();
                let Ok(expected) = serde_json::from_str::<Value>(&text) else {
                    continue;
                };
                if !(expected.is_object() || expected.is_array()) {
                    continue;
                }
                let mut incoming = output.incoming();
                steps += follows(&mut incoming, &pieces);
                assert_eq!(incoming.to_value(), Some(expected));
                assert!(incoming.is_complete());
                whole += 1;
            }
        }
    }
    assert!(whole > 40, "{whole}");
    assert!(steps > 400, "{steps}");
}

/// What is shown only grows; how often it did.
fn follows(incoming: &mut Incoming, pieces: &[String]) -> usize {
    let mut last: Option<Value> = None;
    let mut steps = 0;
    for piece in pieces {
        incoming.push(piece).unwrap();
        let now = incoming.to_value();
        if let (Some(last), Some(now)) = (&last, &now) {
            assert!(has_grown(last, now), "{last} and then {now}");
            steps += usize::from(last != now);
        }
        last = now.or(last);
    }
    steps
}

/// Instances that are valid are never taken for ones that leave the schema, however they are cut.
#[test]
fn valid_instances_stay_within_their_schema() {
    let mut random = Random::new(7);
    let (mut watched, mut left) = (0, Vec::new());
    for case in data::lines("function-schemas/instances.jsonl")
        .into_iter()
        .step_by(3)
    {
        let Ok(output) = json_schema("case", case["schema"].clone()).prepare(Target::plain())
        else {
            continue;
        };
        let Ok(mut watch) = output.watch() else {
            continue;
        };
        let text = case["args"].to_string();
        if output.read(&text).is_err() {
            continue;
        }
        watched += 1;
        let cut = random.below(text.len() + 1);
        let cut = (0..=cut)
            .rev()
            .find(|cut| text.is_char_boundary(*cut))
            .unwrap_or(0);
        let (first, second) = text.split_at(cut);
        if let Err(rejection) = watch.push(first).and_then(|()| watch.push(second)) {
            left.push(format!("{}: {rejection}", case["name"]));
        }
    }
    assert_eq!(left, Vec::<String>::new());
    assert!(watched > 200, "{watched}");
}
