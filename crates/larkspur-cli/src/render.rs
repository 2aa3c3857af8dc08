//! Diagnostics for people (source frames) and for programs (JSON).

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};
use larkspur_json::{Kind, Node, Pointer};
use larkspur_schema::{Diagnostic, Severity};
use serde_json::{Value, json};

use crate::input::Source;

/// Findings about a source, each where it is.
pub(crate) struct Findings<'s> {
    source: &'s Source,
    findings: Vec<Finding>,
}

struct Finding {
    error: bool,
    code: String,
    message: String,
    hint: Option<String>,
    place: Place,
}

enum Place {
    /// A part of a JSON document; the range shows it in the text.
    Pointer(Pointer, Range<usize>),
    /// Where the text itself is at fault.
    Text {
        range: Range<usize>,
        line: usize,
        column: usize,
    },
}

impl<'s> Findings<'s> {
    /// The source is not JSON at all.
    pub(crate) fn not_json(source: &'s Source, error: &larkspur_json::Error) -> Self {
        let span = error.span();
        let finding = Finding {
            error: true,
            code: "invalid-json".to_owned(),
            message: error.message().to_owned(),
            hint: error.hint().map(str::to_owned),
            place: Place::Text {
                range: span.start..span.end,
                line: error.line(),
                column: error.column(),
            },
        };
        Self {
            source,
            findings: vec![finding],
        }
    }

    /// What `check` found in the document `root`.
    pub(crate) fn of_schema(
        source: &'s Source,
        root: &Node<'_>,
        diagnostics: &[Diagnostic],
    ) -> Self {
        let findings = diagnostics.iter().map(|diagnostic| Finding {
            error: diagnostic.severity == Severity::Error,
            code: diagnostic.code.to_string(),
            message: diagnostic.message.clone(),
            hint: diagnostic.hint.clone(),
            place: Place::Pointer(
                diagnostic.pointer.clone(),
                shown_at(root, &diagnostic.pointer),
            ),
        });
        Self {
            source,
            findings: findings.collect(),
        }
    }

    /// No finding is an error; warnings are advice.
    pub(crate) fn is_ok(&self) -> bool {
        self.findings.iter().all(|finding| !finding.error)
    }

    /// The JSON of the command's contract.
    pub(crate) fn to_json(&self) -> Value {
        let diagnostics: Vec<Value> = self.findings.iter().map(Finding::to_json).collect();
        json!({ "ok": self.is_ok(), "diagnostics": diagnostics })
    }

    /// Source frames, as compilers print them; styled where the reader is a terminal.
    pub(crate) fn to_text(&self) -> String {
        let renderer = Renderer::styled().decor_style(DecorStyle::Ascii);
        let frames = self
            .findings
            .iter()
            .map(|finding| renderer.render(&[finding.frame(self.source)]));
        frames.collect::<Vec<_>>().join("\n\n")
    }
}

impl Finding {
    fn to_json(&self) -> Value {
        let mut value = json!({
            "severity": if self.error { "error" } else { "warning" },
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
        });
        let (key, place) = match &self.place {
            Place::Pointer(pointer, _) => ("pointer", json!(pointer)),
            Place::Text {
                range,
                line,
                column,
            } => (
                "span",
                json!({ "start": range.start, "end": range.end, "line": line, "column": column }),
            ),
        };
        if let Some(object) = value.as_object_mut() {
            object.insert(key.to_owned(), place);
        }
        value
    }

    fn frame<'a>(&'a self, source: &'a Source) -> Group<'a> {
        let (range, label) = match &self.place {
            Place::Pointer(pointer, range) => {
                (range.clone(), format!("at `{}`", shown_pointer(pointer)))
            }
            Place::Text { range, .. } => (range.clone(), String::new()),
        };
        let annotation = AnnotationKind::Primary.span(range);
        let annotation = if label.is_empty() {
            annotation
        } else {
            annotation.label(label)
        };
        let snippet = Snippet::source(&source.text)
            .path(&source.name)
            .annotation(annotation);
        let level = if self.error {
            Level::ERROR
        } else {
            Level::WARNING
        };
        let group = level
            .primary_title(&self.message)
            .id(&self.code)
            .element(snippet);
        match &self.hint {
            Some(hint) => group.element(Level::HELP.message(hint)),
            None => group,
        }
    }
}

/// The root has an empty pointer, which nobody can see between quotes.
fn shown_pointer(pointer: &Pointer) -> String {
    let text = pointer.to_string();
    if text.is_empty() {
        "(root)".to_owned()
    } else {
        text
    }
}

/// The part of the text to underline: a whole scalar, but only the first character of an object or array, which may
/// go over many lines. Where the pointer leads to nothing, the nearest part above it.
fn shown_at(root: &Node<'_>, pointer: &Pointer) -> Range<usize> {
    let mut pointer = pointer.clone();
    let node = loop {
        match root.at(&pointer) {
            Some(node) => break node,
            None if pointer.pop() => {}
            None => break root,
        }
    };
    match node.kind {
        Kind::Object(_) | Kind::Array(_) => node.span.start..node.span.start + 1,
        _ => node.span.start..node.span.end,
    }
}
