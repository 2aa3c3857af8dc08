//! What a conversion could not keep.

use std::fmt;

use serde::Serialize;

use crate::grammar::{Grammar, Pattern, Terminal};
use crate::span::Span;

/// Something that the target cannot say, or says differently.
///
/// A grammar is never changed in silence: where the printed text means other sentences than the grammar it was printed from,
/// there is a loss that says so. Trees, names and the order of preference between alternatives are not sentences; a format
/// without trees keeps none of them, and that is no loss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Loss {
    /// A stable kebab-case name of the kind of loss, such as `greedy-terminal`.
    pub code: &'static str,
    /// The rule or terminal it is about; `None` for the grammar as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Where that is written in the text the grammar came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// What was lost: one sentence, lower-case, without a final stop.
    pub what: String,
    /// Why the target cannot have it.
    pub why: String,
    /// How the language changed.
    pub effect: Effect,
}

/// How the sentences of the result differ from those of the grammar it was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Effect {
    /// The result has all sentences of the original and may have more.
    Wider,
    /// The result may lack some.
    Narrower,
    /// Both.
    Other,
}

impl Loss {
    /// All but the code, in one line.
    pub fn message(&self) -> String {
        let rule = self.rule.as_ref().map(|rule| format!("`{rule}`: "));
        let rule = rule.unwrap_or_default();
        format!("{rule}{}: {} ({})", self.what, self.why, self.effect)
    }

    pub(crate) fn new(
        code: &'static str,
        effect: Effect,
        what: impl Into<String>,
        why: impl Into<String>,
    ) -> Self {
        Self {
            code,
            rule: None,
            span: None,
            what: what.into(),
            why: why.into(),
            effect,
        }
    }

    pub(crate) fn of(mut self, name: &str, span: Option<Span>) -> Self {
        self.rule = Some(name.to_owned());
        self.span = self.span.or(span);
        self
    }

    pub(crate) fn at(mut self, span: Option<Span>) -> Self {
        self.span = span;
        self
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wider => "more is accepted",
            Self::Narrower => "less is accepted",
            Self::Other => "something else is accepted",
        })
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message())
    }
}

/// What a lexer without memory does to a grammar whose lexer is greedy, or the other way round.
pub(crate) fn greedy(
    grammar: &Grammar,
    lexing: &mut crate::lexing::Lexing,
    effect: Effect,
    why: &str,
) -> Vec<Loss> {
    let Some(found) = lexing.greedy(grammar) else {
        return vec![unknown_lexing(effect)];
    };
    let describe = |greedy: &crate::lexing::Greedy| {
        let (own, rival) = (
            grammar.terminal(greedy.terminal),
            grammar.terminal(greedy.rival),
        );
        let neighbour = grammar.terminal(greedy.neighbour);
        let lexeme = String::from_utf8_lossy(&greedy.lexeme).into_owned();
        let text = [greedy.lexeme.as_slice(), &[greedy.next]].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        let what = format!(
            "in {text:?} a greedy lexer goes on with `{}` and never stops after {lexeme:?} to let `{}` begin",
            shown(rival),
            shown(neighbour),
        );
        Loss::new("greedy-terminal", effect, what, why).of(&shown(own), own.span)
    };
    found.iter().map(describe).collect()
}

/// What becomes of lexemes that end as soon as they can where the reader has none.
pub(crate) fn lazy(
    grammar: &Grammar,
    lexing: &mut crate::lexing::Lexing,
    effect: Effect,
    reader: &str,
) -> Vec<Loss> {
    let Some(found) = lexing.cuts(grammar) else {
        return vec![unknown_lexing(effect)];
    };
    let describe = |cut: &crate::lexing::Cut| {
        let (own, rival) = (grammar.terminal(cut.terminal), grammar.terminal(cut.rival));
        let text = String::from_utf8_lossy(&cut.lexeme);
        let what = format!(
            "a lazy lexeme ends with {text:?}, and `{}` may go on there nevertheless",
            shown(rival)
        );
        let why = format!("{reader} has no lazy lexemes");
        Loss::new("lazy-terminal", effect, what, why).of(&shown(own), own.span)
    };
    found.iter().map(describe).collect()
}

/// A terminal as its author knows it: made names say nothing.
pub(crate) fn shown(terminal: &Terminal) -> String {
    match &terminal.pattern {
        _ if terminal.named => terminal.name.clone(),
        Pattern::Literal { text, .. } => format!("{text:?}"),
        Pattern::Regex(regex) => format!("/{}/", regex.source),
        _ => terminal.name.clone(),
    }
}

/// The grammar is too large for the analysis of its lexing.
pub(crate) fn unknown_lexing(effect: Effect) -> Loss {
    Loss::new(
        "lexing-unknown",
        effect,
        "whether greedy terminals make a difference could not be found out",
        "the grammar is too large to look at all its terminals side by side",
    )
}
