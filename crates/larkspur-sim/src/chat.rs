//! `POST /v1/chat/completions`.

mod stream;

use larkspur_wire::chat::{Choice, Completion, FinishReason, Message, ToolCall};
use larkspur_wire::{Extra, Usage};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::api_error::ApiError;
use crate::app::{App, now};
use crate::ask::Ask;
use crate::check;
use crate::fault::Fault;
use crate::models::Model;
use crate::responses::{streams, tier, usage};
use crate::rng::mix;
use crate::turn::{End, PieceKind, Turn};

/// Checks a request and answers it.
pub(crate) fn complete(
    app: &App,
    body: &Map<String, Value>,
    fault: Option<Fault>,
) -> Result<Answer<Completion>, ApiError> {
    let context = check::Context {
        engine: &app.engine,
        earlier: &[],
    };
    let (ask, wanted) = check::chat(body, &context)?;
    let seed = app.seed_of(body);
    let mut turns = Vec::new();
    for place in 0..wanted {
        let place = u64::try_from(place).unwrap_or(0);
        let seed = if place == 0 { seed } else { mix(seed ^ place) };
        turns.push(app.answer(&ask, seed, fault)?);
    }
    let completion = completion(app, body, &ask, &turns);
    Ok(if streams(body) {
        Answer::Events(stream::events(body, &completion, seed))
    } else {
        Answer::Whole(completion)
    })
}

fn completion(app: &App, body: &Map<String, Value>, ask: &Ask, turns: &[Turn]) -> Completion {
    let model = Model::named(&ask.model).map_or(ask.model.as_str(), |model| model.snapshot);
    let choices = turns
        .iter()
        .zip(0..)
        .map(|(turn, index)| choice(app, ask, turn, index))
        .collect();
    let extra = Extra::from_iter([("system_fingerprint".to_owned(), Value::Null)]);
    Completion {
        id: app.id("chatcmpl-"),
        object: Some("chat.completion".to_owned()),
        created: Some(now().into()),
        model: Some(model.to_owned()),
        choices,
        usage: Some(total(ask, turns).into()),
        service_tier: Some(tier(body.get("service_tier").and_then(Value::as_str))),
        extra,
        ..Completion::default()
    }
}

/// The prompt is read once, whatever the number of choices.
fn total(ask: &Ask, turns: &[Turn]) -> Usage {
    let all: Usage = turns.iter().map(|turn| usage(ask, turn)).sum();
    let once = turns
        .first()
        .map_or(0, |turn| usage(ask, turn).input_tokens);
    Usage {
        input_tokens: once,
        ..all
    }
}

fn choice(app: &App, ask: &Ask, turn: &Turn, index: u64) -> Choice {
    let mut calls = Vec::new();
    let mut said = None;
    for piece in &turn.pieces {
        let text = &piece.text;
        match &piece.kind {
            PieceKind::Message => said = Some(Message::reply(text)),
            PieceKind::Refusal => said = Some(Message::refused(text)),
            PieceKind::Function { name } => {
                calls.push(ToolCall::function(app.call_id(), name, text));
            }
            PieceKind::Custom { name } => calls.push(ToolCall::custom(app.call_id(), name, text)),
        }
    }
    let (mut message, finish) = match said {
        Some(message) => (message, FinishReason::Stop),
        None => (Message::calls(calls), call_ending(ask)),
    };
    message.extra.insert("annotations".to_owned(), json!([]));
    let finish = match turn.end {
        End::Whole => finish,
        End::Length => FinishReason::Length,
        End::Filter => FinishReason::ContentFilter,
    };
    let extra = Extra::from_iter([("logprobs".to_owned(), Value::Null)]);
    Choice {
        index,
        message,
        finish_reason: Some(finish),
        extra,
        ..Choice::default()
    }
}

/// A call of a tool that the request names ends with `stop`, any other call with `tool_calls`, as the API reference says.
fn call_ending(ask: &Ask) -> FinishReason {
    if ask.names_one_tool() {
        FinishReason::Stop
    } else {
        FinishReason::ToolCalls
    }
}
