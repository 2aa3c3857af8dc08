//! What a law that does not hold tells.

use std::fmt;

use larkspur_grammar::Span;

/// Characters of a value or a message that are shown.
const SHOWN: usize = 300;
/// Of two long values, the characters that are shown before they begin to differ.
const SHOWN_BEFORE: usize = 24;

/// A text on which a law does not hold: the smallest one that was found.
///
/// `Debug` shows what `Display` shows, so that a test may return it with `?` or unwrap it.
#[derive(Clone, PartialEq, Eq)]
pub struct Disagreement(Box<Parts>);

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    /// What is wrong, as a sentence without the text.
    pub(crate) what: &'static str,
    pub(crate) text: String,
    pub(crate) span: Option<Span>,
    /// More about the place.
    pub(crate) place: String,
    /// What the parser said, or did.
    pub(crate) told: String,
    pub(crate) hint: String,
    /// How the text was come by.
    pub(crate) found: String,
}

impl Disagreement {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Box::new(parts))
    }

    /// A law that could not be tried at all.
    pub(crate) fn untried(why: impl Into<String>) -> Self {
        Self::new(Parts {
            what: "the law could not be tried",
            text: String::new(),
            span: None,
            place: String::new(),
            told: why.into(),
            hint: String::new(),
            found: String::new(),
        })
    }

    /// The text; of a law about values, the value as `Debug` shows it. Empty if the law could not be tried.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The bytes of the text that it is about, where the grammar says so: in a sentence, the smallest stretch that is not as
    /// simple as it could be; in another text, where it leaves the grammar.
    pub fn span(&self) -> Option<Span> {
        self.0.span
    }

    /// What the parser said about the text, or did with it.
    pub fn told(&self) -> &str {
        &self.0.told
    }

    /// What may be the cause.
    pub fn hint(&self) -> &str {
        &self.0.hint
    }
}

/// A value for people, not too long.
pub(crate) fn shown(value: &dyn fmt::Debug) -> String {
    short(&format!("{value:?}"))
}

/// Two values that differ; of long ones, the stretch where they begin to.
pub(crate) fn differing(first: &dyn fmt::Debug, second: &dyn fmt::Debug) -> (String, String) {
    let (first, second) = (format!("{first:?}"), format!("{second:?}"));
    if first.len() + second.len() <= SHOWN {
        return (first, second);
    }
    let same = first.chars().zip(second.chars());
    let same = same.take_while(|(one, other)| one == other).count();
    let stretch = |text: &str| {
        let skip = same.saturating_sub(SHOWN_BEFORE);
        let kept: String = text.chars().skip(skip).take(SHOWN / 4).collect();
        let more = if text.chars().count() > skip + SHOWN / 4 {
            "…"
        } else {
            ""
        };
        format!("{}{kept}{more}", if skip > 0 { "…" } else { "" })
    };
    (stretch(&first), stretch(&second))
}

pub(crate) fn short(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts {
            what,
            text,
            span,
            place,
            told,
            hint,
            found,
        } = &*self.0;
        write!(f, "{what}")?;
        if span.is_some() || !text.is_empty() || !found.is_empty() {
            write!(f, "\n  text:  {text:?}")?;
        }
        if let Some(Span { start, end }) = span {
            let piece = span.map(|span| shown(&span.text(text))).unwrap_or_default();
            if start == end {
                write!(f, "\n  place: byte {start}{place}")?;
            } else {
                write!(f, "\n  place: bytes {start}..{end}, {piece}{place}")?;
            }
        }
        write!(f, "\n  told:  {told}")?;
        for (name, line) in [("hint: ", hint), ("found:", found)] {
            if !line.is_empty() {
                write!(f, "\n  {name} {line}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Disagreement {}
