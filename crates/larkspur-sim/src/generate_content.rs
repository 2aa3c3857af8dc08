//! `POST /v1beta/models/MODEL:generateContent`, the Gemini API of Google, and what is beside it.

mod models;
mod stream;

use larkspur_wire::gemini::{
    Candidate, Content, CountTokensResponse, FinishReason, Part, PromptFeedback, Response,
};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::api_error::ApiError;
use crate::app::App;
use crate::ask::{Ask, tokens};
use crate::check;
use crate::fault::Fault;
use crate::responses::usage;
use crate::rng::mix;
use crate::turn::{End, PieceKind, Turn};
use crate::writer;

pub(crate) use models::{list, named};

/// How an answer is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// One JSON.
    Whole,
    /// Events, each with a chunk.
    Events,
    /// One JSON array of all chunks: what streams without `alt=sse` are.
    Chunks,
}

/// Checks a request and answers it.
pub(crate) fn generate(
    app: &App,
    model: &str,
    form: Form,
    body: &Map<String, Value>,
    fault: Option<Fault>,
) -> Result<Answer<Value>, ApiError> {
    let context = check::Context {
        engine: &app.engine,
        earlier: &[],
    };
    let ask = check::gemini(model, body, &context)?;
    let seed = app.seed_of(body);
    let turn = app.answer(&ask, seed, fault)?;
    let said = Said::new(app, body, &ask, &turn, seed);
    Ok(match form {
        Form::Whole => Answer::Whole(json!(said.whole())),
        Form::Events => Answer::Events(stream::events(said, seed)),
        Form::Chunks => Answer::Whole(json!([said.whole()])),
    })
}

/// Counts what the model would read.
pub(crate) fn count_tokens(
    app: &App,
    model: &str,
    body: &Map<String, Value>,
) -> Result<Answer<CountTokensResponse>, ApiError> {
    let context = check::Context {
        engine: &app.engine,
        earlier: &[],
    };
    let ask = check::gemini_countable(model, body, &context)?;
    Ok(Answer::Whole(CountTokensResponse {
        total_tokens: read_tokens(&ask),
        ..CountTokensResponse::default()
    }))
}

fn read_tokens(ask: &Ask) -> u64 {
    tokens(ask.input_bytes).max(1)
}

/// What the model says, before it is put together.
struct Said {
    /// The response without its answer.
    response: Response,
    /// Summaries of thoughts, where they are asked for.
    thought: Option<String>,
    parts: Vec<Part>,
    /// What bears witness to the thoughts, for models that have it.
    signature: Option<String>,
    reason: FinishReason,
    message: Option<String>,
}

impl Said {
    fn new(app: &App, body: &Map<String, Value>, ask: &Ask, turn: &Turn, seed: u64) -> Self {
        let signs = check::signs_thoughts(&ask.model);
        let mut said = Self {
            response: response(app, ask, turn),
            thought: None,
            parts: Vec::new(),
            signature: signs.then(|| app.id("Sign")),
            reason: FinishReason::Stop,
            message: None,
        };
        let shows = check::shows_thoughts(body) && turn.reasoning_tokens > 0;
        said.thought = shows.then(|| writer::sentence(ask.dialogue.prompt(), mix(seed)));
        said.reason = match turn.end {
            End::Whole => FinishReason::Stop,
            End::Length => FinishReason::MaxTokens,
            End::Filter => FinishReason::Safety,
        };
        for piece in &turn.pieces {
            match &piece.kind {
                PieceKind::Message | PieceKind::Refusal => {
                    said.parts.push(piece.text.clone().into());
                }
                PieceKind::Function { name } | PieceKind::Custom { name } => {
                    let id = signs.then(|| app.call_id());
                    said.call(name, id, &piece.text);
                }
            }
        }
        if said.is_blocked() || said.reason == FinishReason::Safety {
            said.parts.clear();
        }
        said
    }

    /// Adds a call. What is no object of arguments cannot be sent: a limit cut it, or the model broke its form.
    fn call(&mut self, name: &str, id: Option<String>, text: &str) {
        let Ok(args) = serde_json::from_str(text) else {
            if self.reason == FinishReason::Stop {
                self.reason = FinishReason::MalformedFunctionCall;
                self.message = Some(format!("Malformed function call: {name}({text})"));
            }
            return;
        };
        let is_first = self.parts.iter().all(|part| part.function_call.is_none());
        let mut part = Part::call(name, args);
        if let Some(call) = &mut part.function_call {
            call.id = id;
        }
        // Of parallel calls the first one bears the signature.
        part.thought_signature = is_first.then(|| self.signature.take()).flatten();
        self.parts.push(part);
    }

    /// Whether the prompt was blocked, and there is no answer.
    fn is_blocked(&self) -> bool {
        self.response.prompt_feedback.is_some()
    }

    /// An answer with these parts, finished or not.
    fn candidate(&self, parts: Vec<Part>, finished: bool) -> Candidate {
        Candidate {
            content: Some(Content::model(parts)),
            finish_reason: finished.then(|| self.reason.clone()),
            finish_message: self.message.clone().filter(|_| finished),
            index: Some(0),
            ..Candidate::default()
        }
    }

    /// The summary of the thoughts as a part.
    fn thought(&self) -> Option<Part> {
        let thought = self.thought.clone();
        thought.map(|text| Part {
            thought: Some(true),
            ..text.into()
        })
    }

    /// Everything in one response.
    fn whole(mut self) -> Response {
        if self.is_blocked() {
            return self.response;
        }
        let mut parts = std::mem::take(&mut self.parts);
        if let Some(last) = parts.last_mut().filter(|part| part.text.is_some()) {
            last.thought_signature = self.signature.take();
        }
        let parts = self.thought().into_iter().chain(parts).collect();
        Response {
            candidates: vec![self.candidate(parts, true)],
            ..self.response
        }
    }
}

fn response(app: &App, ask: &Ask, turn: &Turn) -> Response {
    let refused = turn
        .pieces
        .iter()
        .any(|piece| matches!(piece.kind, PieceKind::Refusal));
    let mut used = usage(ask, turn);
    if refused {
        used.output_tokens = 0;
        used.reasoning_tokens = 0;
    }
    Response {
        prompt_feedback: refused.then(|| PromptFeedback {
            block_reason: Some("PROHIBITED_CONTENT".to_owned()),
            ..PromptFeedback::default()
        }),
        usage_metadata: Some(used.into()),
        model_version: Some(ask.model.clone()),
        response_id: Some(app.id("")),
        ..Response::default()
    }
}
