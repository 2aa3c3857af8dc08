//! Writers: they choose, the engine decides what there is to choose from.
//!
//! | writer | JSON | Lark and regex |
//! | --- | --- | --- |
//! | [`Writer::Plausible`] | values walked from the schema, checked by the engine | words and digits where the mask admits them |
//! | [`Writer::Random`] | random bytes under the mask | random bytes under the mask |
//!
//! Both are deterministic in their seed, and neither can leave the constraint.

mod json_bytes;
mod plausible;
mod text_bytes;
mod words;

use std::time::Instant;

use crate::engine::{Engine, EngineError, Mask, Rule};
use crate::rng::Rng;

/// Who chooses among the texts that a constraint admits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Writer {
    /// Readable values: names, dates, prices, and words of the request where they fit. The default.
    #[default]
    Plausible,
    /// Random bytes under the mask: reaches every corner of the constraint, and looks like it.
    Random,
}

/// A text that a writer produced.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) text: String,
    /// False if the bound on the length came first.
    pub(crate) finished: bool,
    /// Another writer than the one that was asked for wrote this.
    pub(crate) fell_back: bool,
}

impl Draft {
    pub(crate) fn whole(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            finished: true,
            fell_back: false,
        }
    }
}

/// What a writer is asked for.
pub(crate) struct Order<'a> {
    pub(crate) rule: &'a Rule,
    /// What the format or the tool is called.
    pub(crate) name: &'a str,
    /// What the user said: the plausible writer borrows words from it.
    pub(crate) prompt: &'a str,
    /// The seed of this text.
    pub(crate) seed: u64,
    /// Bytes at most.
    pub(crate) max_bytes: usize,
    /// When the writer has to give up.
    pub(crate) deadline: Instant,
}

/// How a walk under the mask is bounded, beside the bound of the order.
#[derive(Clone, Copy)]
struct Pace {
    /// Length in bytes from which the walk heads for the end.
    closing_from: usize,
    /// Length in bytes at which the walk is given up and started anew.
    give_up_at: usize,
}

/// Walks that are tried in turn. A walk sees one byte ahead, so it can run away where most choices lead deeper (a
/// grammar of expressions) or where the way out is one text among many (a pattern without anchors).
const PACES: [Pace; 4] = [
    Pace {
        closing_from: 400,
        give_up_at: 1_500,
    },
    Pace {
        closing_from: 0,
        give_up_at: 800,
    },
    Pace {
        closing_from: 0,
        give_up_at: 800,
    },
    Pace {
        closing_from: 0,
        give_up_at: 800,
    },
];

/// The walk that is not given up: it ends at the bound of the order at the latest.
const LAST: Pace = Pace {
    closing_from: 0,
    give_up_at: usize::MAX,
};

/// Writes one text under the rule of the order: first as its writer does, then as the other one, last as it comes.
pub(crate) fn write(
    engine: &Engine,
    writer: Writer,
    order: &Order<'_>,
) -> Result<Draft, EngineError> {
    let mut rng = Rng::new(order.seed);
    let first = match writer {
        Writer::Plausible => plausible(engine, order, &mut rng)?,
        Writer::Random => None,
    };
    if let Some(draft) = first {
        return Ok(draft);
    }
    let fell_back = writer == Writer::Plausible && matches!(order.rule, Rule::Schema(_));
    for pace in PACES {
        if let Some(draft) = walk(engine, writer, order, pace, rng.split())? {
            return Ok(Draft { fell_back, ..draft });
        }
    }
    if let Some(draft) = plausible(engine, order, &mut rng)? {
        return Ok(Draft {
            fell_back: true,
            ..draft
        });
    }
    let draft = walk(engine, writer, order, LAST, rng)?;
    draft
        .map(|draft| Draft { fell_back, ..draft })
        .ok_or_else(|| EngineError::new("the walk came to no end"))
}

/// A text walked from the schema, if there is one that the engine accepts.
fn plausible(
    engine: &Engine,
    order: &Order<'_>,
    rng: &mut Rng,
) -> Result<Option<Draft>, EngineError> {
    let Rule::Schema(schema) = order.rule else {
        return Ok(None);
    };
    let Some(text) = plausible::json(schema, order.name, order.prompt, rng) else {
        return Ok(None);
    };
    let mut guide = engine.guide(order.rule)?;
    let accepted = guide.accepts(&text)?;
    guide.give_back();
    Ok(accepted.then(|| cut(text, order.max_bytes)))
}

/// Chooses the next byte of a text.
pub(crate) trait Chooser {
    /// The next byte out of the mask, or `None` to end the text where the mask allows that. With `closing` the text
    /// is long enough and should end soon.
    fn choose(&mut self, mask: &Mask, closing: bool) -> Option<u8>;
    /// Hears of every byte that was written, chosen or forced.
    fn wrote(&mut self, byte: u8);
}

fn chooser(writer: Writer, rule: &Rule, rng: Rng) -> Box<dyn Chooser> {
    match (rule, writer) {
        (Rule::Schema(_), _) => Box::new(json_bytes::JsonBytes::new(rng)),
        (_, Writer::Plausible) => Box::new(text_bytes::Readable::new(rng)),
        (_, Writer::Random) => Box::new(text_bytes::TextBytes::new(rng)),
    }
}

/// One walk under the mask; `None` if it was given up.
fn walk(
    engine: &Engine,
    writer: Writer,
    order: &Order<'_>,
    pace: Pace,
    rng: Rng,
) -> Result<Option<Draft>, EngineError> {
    let mut guide = engine.guide(order.rule)?;
    let mut chooser = chooser(writer, order.rule, rng);
    let mut bytes = Vec::new();
    let end = loop {
        for byte in guide.forced() {
            chooser.wrote(byte);
            bytes.push(byte);
        }
        if bytes.len() > order.max_bytes {
            bytes.truncate(order.max_bytes);
            break Some(false);
        }
        if guide.is_finished() {
            break Some(true);
        }
        if bytes.len() > pace.give_up_at {
            break None;
        }
        if Instant::now() > order.deadline {
            return Err(EngineError::time());
        }
        let mask = guide.mask()?;
        let Some(byte) = chooser.choose(&mask, bytes.len() >= pace.closing_from) else {
            break Some(mask.end);
        };
        guide.push(byte)?;
        chooser.wrote(byte);
        bytes.push(byte);
    };
    guide.give_back();
    Ok(end.map(|finished| Draft {
        text: text_of(bytes),
        finished,
        fell_back: false,
    }))
}

/// Cuts a text to its bound, as a model that has used up its tokens does.
pub(crate) fn cut(text: String, max_bytes: usize) -> Draft {
    if text.len() <= max_bytes {
        return Draft::whole(text);
    }
    let mut bytes = text.into_bytes();
    bytes.truncate(max_bytes);
    Draft {
        text: text_of(bytes),
        finished: false,
        fell_back: false,
    }
}

/// The bytes as text, without the character that a cut may have left unfinished.
pub(crate) fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let good = error.utf8_error().valid_up_to();
        let mut bytes = error.into_bytes();
        bytes.truncate(good);
        String::from_utf8(bytes).unwrap_or_default()
    })
}

/// A sentence for an answer without a constraint.
pub(crate) fn sentence(prompt: &str, seed: u64) -> String {
    plausible::sentence(prompt, &mut Rng::new(seed))
}
