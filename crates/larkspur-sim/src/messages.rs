//! `POST /v1/messages` and `/v1/messages/count_tokens`, the API of Anthropic.

mod stream;

use larkspur_wire::Extra;
use larkspur_wire::anthropic::{Block, Response, Role, StopReason, TokenCount};
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::api_error::ApiError;
use crate::app::App;
use crate::ask::{Ask, tokens};
use crate::check;
use crate::fault::Fault;
use crate::responses::{streams, usage};
use crate::turn::{End, PieceKind, Turn};

/// Checks a request and answers it.
pub(crate) fn create(
    app: &App,
    body: &Map<String, Value>,
    fault: Option<Fault>,
) -> Result<Answer<Response>, ApiError> {
    let context = check::Context {
        engine: &app.engine,
        earlier: &[],
    };
    let ask = check::anthropic(body, &context)?;
    let seed = app.seed_of(body);
    let turn = app.answer(&ask, seed, fault)?;
    let blocks = turn
        .pieces
        .iter()
        .map(|piece| Said::new(app, &piece.kind, &piece.text))
        .collect();
    let response = response(app, &ask, &turn);
    Ok(if streams(body) {
        Answer::Events(stream::events(response, blocks, seed))
    } else {
        Answer::Whole(Response {
            content: blocks.into_iter().map(Said::whole).collect(),
            ..response
        })
    })
}

/// Says what a request would cost to read.
pub(crate) fn count_tokens(
    app: &App,
    body: &Map<String, Value>,
    _fault: Option<Fault>,
) -> Result<Answer<TokenCount>, ApiError> {
    let context = check::Context {
        engine: &app.engine,
        earlier: &[],
    };
    let ask = check::anthropic_countable(body, &context)?;
    Ok(Answer::Whole(TokenCount {
        input_tokens: tokens(ask.input_bytes).max(1),
        ..TokenCount::default()
    }))
}

/// A block before its text is in it.
struct Said {
    block: Block,
    text: String,
}

impl Said {
    fn new(app: &App, kind: &PieceKind, text: &str) -> Self {
        let block = match kind {
            PieceKind::Message | PieceKind::Refusal => Block::from(String::new()),
            PieceKind::Function { name } | PieceKind::Custom { name } => {
                Block::tool_use(app.id("toolu_"), name, Value::Object(Map::new()))
            }
        };
        Self {
            block,
            text: text.to_owned(),
        }
    }

    /// The block with its text. Arguments that a limit cut are left out: their text is no JSON.
    fn whole(self) -> Block {
        let mut block = self.block;
        match &mut block {
            Block::Text(block) => block.text = self.text,
            Block::ToolUse(call) => {
                call.input = serde_json::from_str(&self.text).unwrap_or_else(|_| call.input.take());
            }
            _ => {}
        }
        block
    }
}

/// The answer without its content.
fn response(app: &App, ask: &Ask, turn: &Turn) -> Response {
    let said = |wanted: fn(&PieceKind) -> bool| turn.pieces.iter().any(|piece| wanted(&piece.kind));
    let reason = match turn.end {
        End::Length => StopReason::MaxTokens,
        End::Filter => StopReason::Refusal,
        End::Whole if said(|kind| matches!(kind, PieceKind::Refusal)) => StopReason::Refusal,
        End::Whole if said(|kind| matches!(kind, PieceKind::Function { .. })) => {
            StopReason::ToolUse
        }
        End::Whole => StopReason::EndTurn,
    };
    Response {
        id: app.id("msg_"),
        role: Some(Role::Assistant),
        model: Some(ask.model.clone()),
        stop_reason: Some(reason),
        usage: Some(usage(ask, turn).into()),
        extra: Extra::from_iter([("stop_sequence".to_owned(), Value::Null)]),
        ..Response::default()
    }
}
