//! What is wrong with a grammar, or will surprise: data first, wording second.

use std::fmt;

use serde::Serialize;

use crate::span::{LineIndex, Span};

mod render;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(
    clippy::exhaustive_enums,
    reason = "there is no third answer: it is refused, or it is not"
)]
pub enum Severity {
    /// Accepted, but it means something else than it seems to, or it costs too much.
    Warning,
    /// Refused.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One finding about a grammar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Refused, or only surprising.
    pub severity: Severity,
    /// A stable kebab-case name of the kind of finding, such as `unknown-name`.
    pub code: &'static str,
    /// One sentence, lower-case, without a final stop.
    pub message: String,
    /// Where; `None` only for findings about the grammar as a whole.
    pub span: Option<Span>,
    /// Other places that belong to it, each with what happened there ("first defined here").
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<(Span, String)>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// A text to write instead, ready to be applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Suggestion>,
}

/// A rewrite: the text of `span` replaced by `replacement`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Suggestion {
    /// What to replace.
    pub span: Span,
    /// What to write there.
    pub replacement: String,
}

impl Diagnostic {
    /// A refusal.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message.into())
    }

    /// A trap.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message.into())
    }

    fn new(severity: Severity, code: &'static str, message: String) -> Self {
        Self {
            severity,
            code,
            message,
            span: None,
            related: Vec::new(),
            hint: None,
            suggestion: None,
        }
    }

    /// Says where.
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Self {
        self.span = span.into();
        self
    }

    /// Adds another place that belongs to it.
    pub fn related(mut self, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        if let Some(span) = span.into() {
            self.related.push((span, message.into()));
        }
        self
    }

    /// Says what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Offers a text to write in place of `span`.
    pub fn suggest(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.suggestion = Some(Suggestion {
            span,
            replacement: replacement.into(),
        });
        self
    }

    /// Whether the grammar is refused because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The finding as plain text: message, place, the source line with carets, other places, hint.
    ///
    /// ```
    /// use larkspur_grammar::{Diagnostic, Span};
    /// let finding = Diagnostic::error("unknown-name", "`nmae` is not defined").at(Span::new(7, 11)).hint("did you mean `name`?");
    /// assert_eq!(finding.render("start: nmae\n"), "\
    /// error[unknown-name]: `nmae` is not defined
    ///  --> 1:8
    ///   |
    /// 1 | start: nmae
    ///   |        ^^^^
    ///   = hint: did you mean `name`?
    /// ");
    /// ```
    pub fn render(&self, source: &str) -> String {
        render::render(self, source, &LineIndex::new(source))
    }
}

impl fmt::Display for Diagnostic {
    /// Severity, code and message on one line, without the source.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity, self.code, self.message)
    }
}

/// Renders many findings about one text, a blank line between them.
pub fn render_all(diagnostics: &[Diagnostic], source: &str) -> String {
    let lines = LineIndex::new(source);
    let blocks: Vec<String> = diagnostics
        .iter()
        .map(|one| render::render(one, source, &lines))
        .collect();
    blocks.join("\n")
}
