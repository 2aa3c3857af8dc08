//! `POST /v1/responses`.

mod compact;
mod stored;
mod stream;

pub(crate) use compact::{compact, count_tokens};
pub(crate) use stored::{cancel, delete, input_items, retrieve};

use axum::http::StatusCode;
use larkspur_wire::responses::{
    CustomToolCall, FunctionCall, IncompleteDetails, OutputItem, OutputMessage, OutputPart,
    OutputText, ReasoningItem, RefusalPart, Response, Role, Status,
};
use larkspur_wire::{ServiceTier, Usage};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::api_error::ApiError;
use crate::app::{App, now};
use crate::ask::{Ask, tokens};
use crate::check;
use crate::conversations;
use crate::fault::Fault;
use crate::models::Model;
use crate::store::{Entry, Making, output, under_way};
use crate::turn::{End, Piece, PieceKind, Turn};

/// Checks a request and answers it.
pub(crate) fn respond(
    app: &App,
    body: &Map<String, Value>,
    fault: Option<Fault>,
) -> Result<Answer<Response>, ApiError> {
    let earlier = earlier(app, body)?;
    let context = check::Context {
        engine: &app.engine,
        earlier: &earlier,
    };
    let ask = check::responses(body, &context)?;
    let created = now();
    let seed = app.seed_of(body);
    let turn = app.answer(&ask, seed, fault)?;
    let response = response(app, body, &ask, &turn, created);
    let making = making(body, seed);
    if let Some(id) = conversations::named(body) {
        let mut said = conversations::with_ids(app, check::items(body)?);
        said.extend(output(&response));
        app.conversations.add(id, said)?;
    }
    if body.get("store").and_then(Value::as_bool) != Some(false) {
        let mut given = earlier;
        given.extend(conversations::with_ids(app, check::items(body)?));
        app.store.keep(Entry {
            response: response.clone(),
            given,
            compacted: ask.is_compacted(),
            making,
        });
    }
    if making.unfinished > 0 {
        return Ok(Answer::Whole(under_way(&response, Status::Queued)));
    }
    Ok(if streams(body) {
        Answer::Events(stream::after(&response, stream::pace(body, seed), None))
    } else {
        Answer::Whole(response)
    })
}

/// How the response is made: what nobody waits for is not there at the first question.
fn making(body: &Map<String, Value>, seed: u64) -> Making {
    let background = body.get("background").and_then(Value::as_bool) == Some(true);
    let streamed = streams(body).then(|| stream::pace(body, seed));
    Making {
        background,
        streamed,
        unfinished: u32::from(background && streamed.is_none()),
        cancelled: false,
    }
}

/// Whether the answer is to come as events.
pub(crate) fn streams(body: &Map<String, Value>) -> bool {
    body.get("stream").and_then(Value::as_bool) == Some(true)
}

/// The conversation that the request continues.
fn earlier(app: &App, body: &Map<String, Value>) -> Result<Vec<Value>, ApiError> {
    if let Some(id) = conversations::named(body) {
        return app.conversations.items(id);
    }
    let Some(id) = body.get("previous_response_id").and_then(Value::as_str) else {
        return Ok(Vec::new());
    };
    let Some(items) = app.store.find(id) else {
        return Err(
            ApiError::invalid(format!("Previous response with id '{id}' not found."))
                .param("previous_response_id")
                .code("previous_response_not_found")
                .status(StatusCode::NOT_FOUND),
        );
    };
    Ok(items)
}

fn response(
    app: &App,
    body: &Map<String, Value>,
    ask: &Ask,
    turn: &Turn,
    created: u64,
) -> Response {
    let known = Model::named(&ask.model);
    let model = known.map_or(ask.model.as_str(), |model| model.snapshot);
    let mut response = Response::new(app.id("resp_"), model, items(app, ask, turn));
    response.created_at = Some(created.into());
    let sent = |name: &str| body.get(name).and_then(Value::as_str);
    response.service_tier = Some(tier(sent("service_tier")));
    response.previous_response_id = sent("previous_response_id").map(str::to_owned);
    if response.previous_response_id.is_none() {
        response
            .extra
            .insert("previous_response_id".to_owned(), Value::Null);
    }
    response.usage = Some(usage(ask, turn).into());
    echo(&mut response.extra, body, ask);
    let reason = match turn.end {
        End::Whole => None,
        End::Length => Some("max_output_tokens"),
        End::Filter => Some("content_filter"),
    };
    if let Some(reason) = reason {
        response.status = Some(Status::Incomplete);
        response.incomplete_details = Some(IncompleteDetails {
            reason: reason.to_owned(),
            ..IncompleteDetails::default()
        });
        response
            .extra
            .insert("completed_at".to_owned(), Value::Null);
    } else {
        response.completed_at = Some(now().into());
    }
    response
}

/// The tier that was used: `auto` becomes `default`.
pub(crate) fn tier(sent: Option<&str>) -> ServiceTier {
    sent.filter(|tier| *tier != "auto")
        .unwrap_or("default")
        .into()
}

/// Tokens of an answer.
pub(crate) fn usage(ask: &Ask, turn: &Turn) -> Usage {
    Usage {
        input_tokens: tokens(ask.input_bytes).max(1),
        output_tokens: tokens(turn.bytes()) + turn.reasoning_tokens,
        reasoning_tokens: turn.reasoning_tokens,
        ..Usage::default()
    }
}

/// The reasoning first, as reasoning models do, then the message or the calls.
fn items(app: &App, ask: &Ask, turn: &Turn) -> Vec<OutputItem> {
    let mut items = Vec::new();
    if ask.is_compacted() {
        items.push(compact::compaction(app).into());
    }
    if turn.reasoning_tokens > 0 {
        let encrypted_content = ask.wants_encrypted_reasoning.then(|| app.id("gAAAA"));
        let id = Some(app.id("rs_"));
        items.push(OutputItem::Reasoning(ReasoningItem {
            id,
            encrypted_content,
            ..ReasoningItem::default()
        }));
    }
    let status = Some(if turn.end == End::Whole {
        Status::Completed
    } else {
        Status::Incomplete
    });
    let pieces = turn.pieces.iter();
    items.extend(pieces.map(|piece| item(app, piece, status.clone())));
    items
}

fn item(app: &App, Piece { kind, text }: &Piece, status: Option<Status>) -> OutputItem {
    match kind {
        PieceKind::Message => OutputItem::Message(message(app.id("msg_"), status, said(text))),
        PieceKind::Refusal => OutputItem::Message(message(app.id("msg_"), status, refused(text))),
        PieceKind::Function { name } => {
            let id = Some(app.id("fc_"));
            OutputItem::FunctionCall(FunctionCall {
                id,
                status,
                ..FunctionCall::new(app.call_id(), name, text)
            })
        }
        PieceKind::Custom { name } => {
            let id = Some(app.id("ctc_"));
            OutputItem::CustomToolCall(CustomToolCall {
                id,
                status,
                ..CustomToolCall::new(app.call_id(), name, text)
            })
        }
    }
}

fn message(id: String, status: Option<Status>, part: OutputPart) -> OutputMessage {
    OutputMessage {
        id,
        role: Some(Role::Assistant),
        status,
        content: vec![part],
        ..OutputMessage::default()
    }
}

fn said(text: &str) -> OutputPart {
    OutputPart::OutputText(OutputText {
        text: text.to_owned(),
        annotations: Some(Vec::new()),
        logprobs: Some(json!([])),
        ..OutputText::default()
    })
}

fn refused(words: &str) -> OutputPart {
    OutputPart::Refusal(RefusalPart {
        refusal: words.to_owned(),
        ..RefusalPart::default()
    })
}

/// The settings of the request as they took effect.
fn echo(extra: &mut Map<String, Value>, body: &Map<String, Value>, ask: &Ask) {
    let sent = |name: &str| body.get(name).filter(|value| !value.is_null()).cloned();
    let defaults = [
        ("background", json!(false)),
        ("instructions", Value::Null),
        ("max_output_tokens", Value::Null),
        ("max_tool_calls", Value::Null),
        ("metadata", json!({})),
        ("parallel_tool_calls", json!(true)),
        ("prompt_cache_key", Value::Null),
        ("safety_identifier", Value::Null),
        ("store", json!(true)),
        ("temperature", json!(1.0)),
        ("tool_choice", json!("auto")),
        ("tools", json!([])),
        ("top_logprobs", json!(0)),
        ("top_p", json!(1.0)),
        ("truncation", json!("disabled")),
        ("user", Value::Null),
    ];
    for (name, default) in defaults {
        extra.insert(name.to_owned(), sent(name).unwrap_or(default));
    }
    if let Some(id) = conversations::named(body) {
        extra.insert("conversation".to_owned(), json!({"id": id}));
    }
    extra.insert("text".to_owned(), text(sent("text")));
    extra.insert("reasoning".to_owned(), reasoning(sent("reasoning"), ask));
    if let Some(tools) = extra.get_mut("tools").and_then(Value::as_array_mut) {
        for tool in tools {
            effective_strict(tool, ask);
        }
    }
}

/// `text`, with the format that a request leaves out.
fn text(sent: Option<Value>) -> Value {
    let mut text = match sent {
        Some(Value::Object(text)) => text,
        _ => Map::new(),
    };
    text.entry("format")
        .or_insert_with(|| json!({"type": "text"}));
    text.entry("verbosity").or_insert_with(|| json!("medium"));
    Value::Object(text)
}

fn reasoning(sent: Option<Value>, ask: &Ask) -> Value {
    let model = Model::named(&ask.model);
    let effort = ask.effort.clone().or_else(|| {
        model
            .filter(|model| model.reasons())
            .map(|model| model.default_effort().to_owned())
    });
    let summary = sent
        .and_then(|reasoning| reasoning.get("summary").cloned())
        .unwrap_or(Value::Null);
    json!({"effort": effort, "summary": summary})
}

/// A function without `strict` is reported with what the server made of it.
fn effective_strict(tool: &mut Value, ask: &Ask) {
    let Some(fields) = tool.as_object_mut() else {
        return;
    };
    if fields.get("type").and_then(Value::as_str) != Some("function")
        || fields.get("strict").is_some_and(Value::is_boolean)
    {
        return;
    }
    let name = fields
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let strict = ask
        .tools
        .iter()
        .any(|tool| tool.name == name && tool.strict);
    fields.insert("strict".to_owned(), Value::Bool(strict));
}
