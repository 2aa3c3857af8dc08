//! Texts that are one edit away from a sentence and are none.

use super::{Rng, Sampler, Sentence};
use crate::span::Span;

/// A text that the recogniser refused, and how it came from a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NearMiss {
    /// The text.
    pub text: String,
    /// What was done to the sentence.
    pub edit: Edit,
    /// The bytes of the sentence that were edited; empty where something was put in.
    pub span: Span,
}

/// One edit, of a lexeme or of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Edit {
    /// It is left out.
    Delete,
    /// Another stands before it.
    Insert,
    /// Another stands in its place.
    Replace,
    /// It changes places with the next.
    Swap,
    /// It stands there twice.
    Duplicate,
    /// The text ends in the middle of it.
    Truncate,
}

const EDITS: [Edit; 6] = [
    Edit::Delete,
    Edit::Insert,
    Edit::Replace,
    Edit::Swap,
    Edit::Duplicate,
    Edit::Truncate,
];

pub(super) fn near_miss(
    sampler: &Sampler,
    sentence: &Sentence,
    seed: u64,
    tries: usize,
    mut accepts: impl FnMut(&str) -> bool,
) -> Option<NearMiss> {
    let mut rng = Rng::new(seed);
    (0..tries).find_map(|_| {
        let edit = EDITS.get(rng.index(EDITS.len())).copied()?;
        let near = if rng.one_in(2) {
            by_lexeme(sampler, sentence, edit, &mut rng)
        } else {
            by_character(sampler, sentence, edit, &mut rng)
        }?;
        (near.text != sentence.text && !accepts(&near.text)).then_some(near)
    })
}

fn by_lexeme(
    sampler: &Sampler,
    sentence: &Sentence,
    edit: Edit,
    rng: &mut Rng,
) -> Option<NearMiss> {
    let at = rng.index(sentence.lexemes.len());
    let own = sentence.lexemes.get(at).map(|lexeme| lexeme.span);
    let next = sentence.lexemes.get(at + 1).map(|lexeme| lexeme.span);
    let other = |rng: &mut Rng| {
        let ids = sampler.grammar.terminals().len();
        sampler.lexemes.draw(rng.index(ids), rng)
    };
    edited(&sentence.text, edit, own, next, other, rng)
}

fn by_character(
    sampler: &Sampler,
    sentence: &Sentence,
    edit: Edit,
    rng: &mut Rng,
) -> Option<NearMiss> {
    let text = &sentence.text;
    let places: Vec<Span> = text
        .char_indices()
        .map(|(at, c)| Span::new(at, at + c.len_utf8()))
        .collect();
    let at = rng.index(places.len());
    let other = |rng: &mut Rng| {
        let ids = sampler.grammar.terminals().len();
        let drawn = sampler.lexemes.draw(rng.index(ids), rng)?;
        let chars: Vec<char> = drawn.chars().collect();
        let strange = [' ', '\n', '0', 'a', 'é', '\0', '"', ')', ','];
        let pool: &[char] = if chars.is_empty() || rng.one_in(2) {
            &strange
        } else {
            &chars
        };
        pool.get(rng.index(pool.len())).map(char::to_string)
    };
    let edit = if edit == Edit::Truncate {
        Edit::Delete
    } else {
        edit
    };
    edited(
        text,
        edit,
        places.get(at).copied(),
        places.get(at + 1).copied(),
        other,
        rng,
    )
}

/// `text` with the piece `own` edited; `other` gives a piece to put in.
fn edited(
    text: &str,
    edit: Edit,
    own: Option<Span>,
    next: Option<Span>,
    other: impl Fn(&mut Rng) -> Option<String>,
    rng: &mut Rng,
) -> Option<NearMiss> {
    // Into an empty text something can only be put.
    let span = own.unwrap_or(Span::at(0));
    let edit = if own.is_none() { Edit::Insert } else { edit };
    let (before, piece, after) = (
        text.get(..span.start)?,
        span.text(text),
        text.get(span.end..)?,
    );
    let new = match edit {
        Edit::Delete => format!("{before}{after}"),
        Edit::Insert => format!("{before}{}{piece}{after}", other(rng)?),
        Edit::Replace => format!("{before}{}{after}", other(rng)?),
        Edit::Duplicate => format!("{before}{piece}{piece}{after}"),
        Edit::Truncate => {
            let cuts: Vec<usize> = piece.char_indices().map(|(at, _)| at).collect();
            let cut = cuts.get(rng.index(cuts.len())).copied().unwrap_or_default();
            format!("{before}{}", piece.get(..cut)?)
        }
        Edit::Swap => {
            let next = next?;
            let between = text.get(span.end..next.start)?;
            format!(
                "{before}{}{between}{piece}{}",
                next.text(text),
                text.get(next.end..)?
            )
        }
    };
    let span = if edit == Edit::Insert {
        Span::at(span.start)
    } else {
        span
    };
    Some(NearMiss {
        text: new,
        edit,
        span,
    })
}
