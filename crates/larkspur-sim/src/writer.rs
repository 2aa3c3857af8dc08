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

use crate::engine::{Engine, EngineError, Guide, Rule};
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
    /// The plausible writer had nothing that the engine accepts, so the random one wrote this.
    pub(crate) fell_back: bool,
}

/// What a writer is asked for.
pub(crate) struct Order<'a> {
    pub(crate) rule: &'a Rule,
    /// What the user said: the plausible writer borrows words from it.
    pub(crate) prompt: &'a str,
    /// The seed of this text.
    pub(crate) seed: u64,
    /// Bytes at most.
    pub(crate) max_bytes: usize,
    /// When the writer has to give up.
    pub(crate) deadline: Instant,
}

/// Length in bytes from which a walk under the mask heads for the end.
const HEAD_FOR_THE_END: usize = 600;

/// Writes one text under the rule of the order.
pub(crate) fn write(
    engine: &Engine,
    writer: Writer,
    order: &Order<'_>,
) -> Result<Draft, EngineError> {
    let mut rng = Rng::new(order.seed);
    match (writer, order.rule) {
        (Writer::Plausible, Rule::Schema(schema)) => {
            if let Some(text) = plausible::json(schema, order.prompt, &mut rng) {
                let mut guide = engine.guide(order.rule)?;
                let accepted = guide.accepts(&text)?;
                guide.give_back();
                if accepted {
                    return Ok(cut(text, order.max_bytes));
                }
            }
            let draft = walk(engine, order, &mut json_bytes::JsonBytes::new(rng))?;
            Ok(Draft {
                fell_back: true,
                ..draft
            })
        }
        (Writer::Random, Rule::Schema(_)) => {
            walk(engine, order, &mut json_bytes::JsonBytes::new(rng))
        }
        (Writer::Plausible, _) => walk(engine, order, &mut text_bytes::Readable::new(rng)),
        (Writer::Random, _) => walk(engine, order, &mut text_bytes::TextBytes::new(rng)),
    }
}

/// Chooses the next byte of a text.
pub(crate) trait Chooser {
    /// The next byte out of the mask, or `None` to end the text where the mask allows that. With `closing` the text
    /// is long enough and should end soon.
    fn choose(&mut self, mask: &crate::engine::Mask, closing: bool) -> Option<u8>;
    /// Hears of every byte that was written, chosen or forced.
    fn wrote(&mut self, byte: u8);
}

fn walk(
    engine: &Engine,
    order: &Order<'_>,
    chooser: &mut impl Chooser,
) -> Result<Draft, EngineError> {
    let mut guide = engine.guide(order.rule)?;
    let mut bytes = Vec::new();
    let finished = steps(&mut guide, chooser, order, &mut bytes)?;
    guide.give_back();
    Ok(Draft {
        text: text_of(bytes),
        finished,
        fell_back: false,
    })
}

fn steps(
    guide: &mut Guide,
    chooser: &mut impl Chooser,
    order: &Order<'_>,
    bytes: &mut Vec<u8>,
) -> Result<bool, EngineError> {
    loop {
        for byte in guide.forced() {
            chooser.wrote(byte);
            bytes.push(byte);
        }
        if bytes.len() > order.max_bytes {
            bytes.truncate(order.max_bytes);
            return Ok(false);
        }
        if guide.is_finished() {
            return Ok(true);
        }
        if Instant::now() > order.deadline {
            return Err(EngineError::new("the time for one answer is over"));
        }
        let mask = guide.mask()?;
        let Some(byte) = chooser.choose(&mask, bytes.len() > HEAD_FOR_THE_END) else {
            return Ok(mask.end);
        };
        guide.push(byte)?;
        chooser.wrote(byte);
        bytes.push(byte);
    }
}

/// Cuts a text to its bound, as a model that has used up its tokens does.
pub(crate) fn cut(text: String, max_bytes: usize) -> Draft {
    if text.len() <= max_bytes {
        return Draft {
            text,
            finished: true,
            fell_back: false,
        };
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
fn text_of(bytes: Vec<u8>) -> String {
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
