//! One answer: message or call, written under its rule.

use std::time::Instant;

use crate::ask::{Ask, Choice, Output, Tool, ToolKind};
use crate::engine::{Engine, EngineError, Rule};
use crate::fault::Fault;
use crate::models::Model;
use crate::rng::{Rng, mix};
use crate::settings::Settings;
use crate::writer::{self, Draft, Order};

/// What the model "said".
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    pub(crate) piece: Piece,
    pub(crate) text: String,
    pub(crate) end: End,
    pub(crate) reasoning_tokens: u64,
    pub(crate) fell_back: bool,
}

/// How a text ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Whole,
    /// A bound on the length cut it.
    Length,
    /// The filter stopped it.
    Filter,
}

/// What the text of a turn is.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Message,
    /// A message too, in place of what was asked for.
    Refusal,
    /// The arguments of a function.
    Function {
        name: String,
    },
    /// The input of a custom tool.
    Custom {
        name: String,
    },
}

/// What a model says that refuses.
const REFUSAL: &str = "I'm sorry, but I cannot help with that.";

/// Answers a request.
pub(crate) fn answer(
    engine: &Engine,
    settings: &Settings,
    ask: &Ask,
    seed: u64,
    fault: Option<Fault>,
) -> Result<Turn, EngineError> {
    let mut rng = Rng::new(seed);
    let reasoning_tokens = reasoning_tokens(ask, &mut rng);
    let max_bytes = max_bytes(settings, ask, reasoning_tokens);
    let tool = called_tool(ask, &mut rng);
    let writing = Writing {
        engine,
        settings,
        ask,
        seed: mix(seed),
        max_bytes,
        ignores: fault == Some(Fault::ConstraintIgnored),
    };
    let (piece, mut draft) = match tool {
        _ if fault == Some(Fault::Refusal) => (Piece::Refusal, Draft::whole(REFUSAL)),
        Some(tool) => writing.call(tool)?,
        None => (Piece::Message, writing.message()?),
    };
    let end = match fault {
        Some(Fault::Truncation) => End::Length,
        Some(Fault::ContentFilter) => End::Filter,
        _ if draft.finished => End::Whole,
        _ => End::Length,
    };
    if matches!(fault, Some(Fault::Truncation | Fault::ContentFilter)) {
        draft = writer::cut(draft.text.clone(), draft.text.len() / 2);
    }
    Ok(Turn {
        piece,
        text: draft.text,
        end,
        reasoning_tokens,
        fell_back: draft.fell_back,
    })
}

struct Writing<'a> {
    engine: &'a Engine,
    settings: &'a Settings,
    ask: &'a Ask,
    seed: u64,
    max_bytes: usize,
    /// Rules do not count.
    ignores: bool,
}

impl Writing<'_> {
    fn message(&self) -> Result<Draft, EngineError> {
        match &self.ask.output {
            Output::Text => Ok(self.free()),
            Output::Constrained { rule, name } => self.under(rule, name),
        }
    }

    fn call(&self, tool: &Tool) -> Result<(Piece, Draft), EngineError> {
        let name = tool.name.clone();
        Ok(match &tool.kind {
            ToolKind::Function(rule) => {
                let draft = self.under(rule, &name)?;
                (Piece::Function { name }, draft)
            }
            ToolKind::Custom(Some(rule)) => {
                let draft = self.under(rule, &name)?;
                (Piece::Custom { name }, draft)
            }
            ToolKind::Custom(None) => (Piece::Custom { name }, self.free()),
        })
    }

    fn under(&self, rule: &Rule, name: &str) -> Result<Draft, EngineError> {
        if self.ignores {
            return Ok(self.free());
        }
        let order = Order {
            rule,
            name,
            prompt: &self.ask.prompt,
            seed: self.seed,
            max_bytes: self.max_bytes,
            deadline: Instant::now() + self.settings.answer_time,
        };
        writer::write(self.engine, self.settings.writer, &order)
    }

    fn free(&self) -> Draft {
        writer::cut(
            writer::sentence(&self.ask.prompt, self.seed),
            self.max_bytes,
        )
    }
}

/// The tool that the answer calls, if it calls one.
///
/// `required` and a named tool call. `auto` answers in text where a form for the text was asked for, or where the
/// conversation ends with the output of a tool (so that a loop over tools comes to an end); otherwise it calls in two
/// cases of three.
fn called_tool<'a>(ask: &'a Ask, rng: &mut Rng) -> Option<&'a Tool> {
    let tools = ask.callable();
    let calls = match ask.choice {
        Choice::None => false,
        Choice::Required(_) => true,
        Choice::Auto(_) => matches!(ask.output, Output::Text) && !ask.after_tool && rng.chance(66),
    };
    if calls {
        rng.pick(&tools).copied()
    } else {
        None
    }
}

/// Tokens of a reasoning that nobody wrote: none without effort, more with more, at most half of the bound.
fn reasoning_tokens(ask: &Ask, rng: &mut Rng) -> u64 {
    let model = Model::named(&ask.model);
    let effort = ask
        .effort
        .as_deref()
        .or(model.map(Model::default_effort))
        .unwrap_or("none");
    let usual = match effort {
        "none" => return 0,
        "minimal" => 8,
        "low" => 32,
        "medium" => 64,
        "high" => 128,
        _ => 256,
    };
    let most = ask.max_output_tokens.map_or(u64::MAX, |most| most / 2);
    (usual + rng.below(usual)).min(most)
}

fn max_bytes(settings: &Settings, ask: &Ask, reasoning_tokens: u64) -> usize {
    let asked = ask
        .max_output_tokens
        .map(|most| most.saturating_sub(reasoning_tokens).saturating_mul(4));
    let asked = asked
        .and_then(|bytes| usize::try_from(bytes).ok())
        .unwrap_or(usize::MAX);
    asked.min(settings.max_output_bytes)
}
