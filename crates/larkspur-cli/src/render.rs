//! Diagnostics for people (source frames) and for programs (JSON).

use std::ops::Range;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle,
};
use larkspur_grammar::{Diagnostic as GrammarDiagnostic, LineIndex, Span};
use larkspur_json::{Kind, Node, Pointer};
use larkspur_schema::{Diagnostic, Severity};
use serde_json::{Map, Value, json};

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
    /// Other places that belong to it, each with what happened there.
    related: Vec<(Range<usize>, String)>,
    /// What to write instead, and in place of what.
    suggestion: Option<(Range<usize>, String)>,
}

enum Place {
    /// The source as a whole.
    Whole,
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
            related: Vec::new(),
            suggestion: None,
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
            related: Vec::new(),
            suggestion: None,
        });
        Self {
            source,
            findings: findings.collect(),
        }
    }

    /// What was found in a grammar.
    pub(crate) fn of_grammar(source: &'s Source, diagnostics: &[GrammarDiagnostic]) -> Self {
        let lines = LineIndex::new(&source.text);
        let findings = diagnostics
            .iter()
            .map(|diagnostic| Finding::of_grammar(source, &lines, diagnostic));
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
    fn of_grammar(source: &Source, lines: &LineIndex, diagnostic: &GrammarDiagnostic) -> Self {
        let range = |span: Span| span.start..span.end;
        let place = diagnostic.span.map_or(Place::Whole, |span| {
            let start = lines.place(&source.text, span.start);
            Place::Text {
                range: range(span),
                line: start.line,
                column: start.column,
            }
        });
        let related = diagnostic.related.iter();
        let suggestion = diagnostic.suggestion.as_ref();
        Self {
            error: diagnostic.is_error(),
            code: diagnostic.code.to_owned(),
            message: diagnostic.message.clone(),
            hint: diagnostic.hint.clone(),
            place,
            related: related
                .map(|(span, message)| (range(*span), message.clone()))
                .collect(),
            suggestion: suggestion.map(|one| (range(one.span), one.replacement.clone())),
        }
    }

    fn to_json(&self) -> Value {
        let mut value = Map::new();
        let mut put = |key: &str, part: Value| value.insert(key.to_owned(), part);
        put(
            "severity",
            json!(if self.error { "error" } else { "warning" }),
        );
        put("code", json!(self.code));
        put("message", json!(self.message));
        put("hint", json!(self.hint));
        match &self.place {
            Place::Whole => None,
            Place::Pointer(pointer, _) => put("pointer", json!(pointer)),
            Place::Text {
                range: Range { start, end },
                line,
                column,
            } => put(
                "span",
                json!({ "start": start, "end": end, "line": line, "column": column }),
            ),
        };
        let bytes = |range: &Range<usize>| json!({ "start": range.start, "end": range.end });
        if !self.related.is_empty() {
            let related = self.related.iter();
            let related =
                related.map(|(range, message)| json!({ "span": bytes(range), "message": message }));
            put("related", related.collect());
        }
        if let Some((range, replacement)) = &self.suggestion {
            put(
                "suggestion",
                json!({ "span": bytes(range), "replacement": replacement }),
            );
        }
        Value::Object(value)
    }

    fn frame<'a>(&'a self, source: &'a Source) -> Group<'a> {
        let level = if self.error {
            Level::ERROR
        } else {
            Level::WARNING
        };
        let title = level.primary_title(&self.message).id(&self.code);
        let mut group = match self.snippet(source) {
            Some(snippet) => title.element(snippet),
            None => Group::with_title(title),
        };
        if let Some(hint) = &self.hint {
            group = group.element(Level::HELP.message(hint));
        }
        match &self.suggestion {
            Some((_, replacement)) if !self.hints_at(replacement) => {
                group.element(Level::HELP.message(format!("write `{replacement}` instead")))
            }
            _ => group,
        }
    }

    fn hints_at(&self, replacement: &str) -> bool {
        self.hint
            .as_deref()
            .is_some_and(|hint| hint.contains(replacement))
    }

    fn snippet<'a>(&'a self, source: &'a Source) -> Option<Snippet<'a, Annotation<'a>>> {
        let (range, label) = match &self.place {
            Place::Whole => return None,
            Place::Pointer(pointer, range) => {
                (range.clone(), format!("at `{}`", shown_pointer(pointer)))
            }
            Place::Text { range, .. } => (range.clone(), String::new()),
        };
        let mut primary = AnnotationKind::Primary.span(range);
        if !label.is_empty() {
            primary = primary.label(label);
        }
        let related = self
            .related
            .iter()
            .map(|(range, message)| AnnotationKind::Context.span(range.clone()).label(message));
        Some(
            Snippet::source(&source.text)
                .path(&source.name)
                .annotation(primary)
                .annotations(related),
        )
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
