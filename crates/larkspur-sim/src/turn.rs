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
    /// A message, or calls: at least one piece.
    pub(crate) pieces: Vec<Piece>,
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

impl Turn {
    /// Bytes that the model wrote.
    pub(crate) fn bytes(&self) -> usize {
        self.pieces.iter().map(|piece| piece.text.len()).sum()
    }
}

/// One text of a turn.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) kind: PieceKind,
    pub(crate) text: String,
}

/// What a text of a turn is.
#[derive(Clone, Debug)]
pub(crate) enum PieceKind {
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
    let tools = called_tools(ask, settings.tool_rounds, &mut rng);
    let writing = Writing {
        engine,
        settings,
        ask,
        seed: mix(seed),
        max_bytes,
        ignores: fault == Some(Fault::ConstraintIgnored),
    };
    let mut drafts = if fault == Some(Fault::Refusal) {
        vec![(PieceKind::Refusal, Draft::whole(REFUSAL))]
    } else if tools.is_empty() {
        vec![(PieceKind::Message, writing.message()?)]
    } else {
        writing.calls(&tools)?
    };
    if matches!(fault, Some(Fault::Truncation | Fault::ContentFilter))
        && let Some((_, last)) = drafts.last_mut()
    {
        *last = writer::cut(last.text.clone(), last.text.len() / 2);
    }
    let end = match fault {
        Some(Fault::Truncation) => End::Length,
        Some(Fault::ContentFilter) => End::Filter,
        _ if drafts.iter().all(|(_, draft)| draft.finished) => End::Whole,
        _ => End::Length,
    };
    Ok(Turn {
        end,
        reasoning_tokens,
        fell_back: drafts.iter().any(|(_, draft)| draft.fell_back),
        pieces: drafts
            .into_iter()
            .map(|(kind, draft)| Piece {
                kind,
                text: draft.text,
            })
            .collect(),
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
            Output::Text => self.free(),
            Output::Constrained { rule, name } => self.under(rule, name),
        }
    }

    /// Calls of these tools, as many as the bound on the length has room for, at least one.
    fn calls(mut self, tools: &[&Tool]) -> Result<Vec<(PieceKind, Draft)>, EngineError> {
        let mut drafts = Vec::new();
        for tool in tools {
            let (kind, draft) = self.call(tool)?;
            self.max_bytes = self.max_bytes.saturating_sub(draft.text.len());
            self.seed = mix(self.seed);
            drafts.push((kind, draft));
            if self.max_bytes == 0 {
                break;
            }
        }
        Ok(drafts)
    }

    fn call(&self, tool: &Tool) -> Result<(PieceKind, Draft), EngineError> {
        let name = tool.name.clone();
        Ok(match &tool.kind {
            ToolKind::Function(rule) => {
                let draft = self.under(rule, &name)?;
                (PieceKind::Function { name }, draft)
            }
            ToolKind::Custom(Some(rule)) => {
                let draft = self.under(rule, &name)?;
                (PieceKind::Custom { name }, draft)
            }
            ToolKind::Custom(None) => (PieceKind::Custom { name }, self.free()?),
        })
    }

    fn under(&self, rule: &Rule, name: &str) -> Result<Draft, EngineError> {
        if self.ignores {
            return self.free();
        }
        if let Some(text) = self.settings.scripted() {
            return Ok(writer::cut(text, self.max_bytes));
        }
        #[cfg(feature = "gguf")]
        if let Some(model) = &self.settings.model {
            return model.write(&self.task(Some(rule)));
        }
        let order = Order {
            rule,
            name,
            prompt: self.ask.dialogue.prompt(),
            seed: self.seed,
            max_bytes: self.max_bytes,
            deadline: Instant::now() + self.settings.answer_time,
        };
        writer::write(self.engine, self.settings.writer, &order)
    }

    #[cfg_attr(
        not(feature = "gguf"),
        expect(clippy::unnecessary_wraps, reason = "only a model can fail")
    )]
    fn free(&self) -> Result<Draft, EngineError> {
        if let Some(text) = self.settings.scripted() {
            return Ok(writer::cut(text, self.max_bytes));
        }
        #[cfg(feature = "gguf")]
        if let Some(model) = &self.settings.model {
            return model.write(&self.task(None));
        }
        let said = writer::sentence(self.ask.dialogue.prompt(), self.seed);
        Ok(writer::cut(said, self.max_bytes))
    }

    #[cfg(feature = "gguf")]
    fn task<'a>(&'a self, rule: Option<&'a Rule>) -> crate::local_model::Task<'a> {
        crate::local_model::Task {
            dialogue: &self.ask.dialogue,
            rule,
            temperature: self.ask.temperature,
            seed: self.seed,
            max_bytes: self.max_bytes,
        }
    }
}

/// The tools that the answer calls, if it calls any.
///
/// `required` and a named tool call. `auto` calls for as many rounds as the server is told to. Where it is told nothing,
/// `auto` answers in text where a form for the text was asked for, or where the conversation ends with the output of a
/// tool (so that a loop over tools comes to an end); otherwise it calls in two cases of three.
///
/// Where parallel calls are allowed, other functions are called along with the first one: all of them in the rounds that
/// the server is told of, else each in three cases of four. Custom tools know no parallel calls (`OpenAI`'s cookbook, "GPT-5
/// new params and tools").
fn called_tools<'a>(ask: &'a Ask, rounds: Option<u32>, rng: &mut Rng) -> Vec<&'a Tool> {
    let tools = ask.callable();
    let calls = match ask.choice {
        Choice::None => false,
        Choice::Required(_) => true,
        Choice::Auto(_) => rounds.map_or_else(
            || matches!(ask.output, Output::Text) && !ask.after_tool && rng.chance(66),
            |rounds| ask.tool_rounds < rounds,
        ),
    };
    let Some(first) = rng.pick(&tools).copied().filter(|_| calls) else {
        return Vec::new();
    };
    let is_function = |tool: &Tool| matches!(tool.kind, ToolKind::Function(_));
    if !ask.parallel || !is_function(first) {
        return vec![first];
    }
    let functions = tools.into_iter().filter(|tool| is_function(tool));
    functions
        .filter(|tool| tool.name == first.name || rounds.is_some() || rng.chance(75))
        .collect()
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
