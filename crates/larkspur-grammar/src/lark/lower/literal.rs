//! Strings, ranges, regexes, and the small JSON objects of directives.

use super::Lowering;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Feature, Strings};
use crate::grammar::{Pattern, RegexPattern};
use crate::lark::escape;
use crate::lark::json::{self, Value};
use crate::lark::syntax::{Json, RegexLiteral, StringLiteral};
use crate::regex;
use crate::span::Span;

impl Lowering<'_> {
    fn text(&mut self, string: &StringLiteral) -> Option<String> {
        let read = match self.dialect.strings() {
            Strings::Json => escape::json(&string.raw),
            Strings::Python => escape::python(&string.raw),
        };
        match read {
            Ok(text) => Some(text),
            Err(error) => {
                let at = string.span.start + 1;
                let span = Span::new(at + error.span.start, at + error.span.end);
                self.report_always(Diagnostic::error("string-escape", error.message).at(span));
                None
            }
        }
    }

    pub(super) fn string(&mut self, string: &StringLiteral) -> Option<Pattern> {
        let text = self.text(string)?;
        if text.is_empty() {
            self.require(Feature::EmptyString, string.span);
        }
        Some(Pattern::Literal {
            text,
            ignore_case: string.ignore_case,
        })
    }

    pub(super) fn range(
        &mut self,
        first: &StringLiteral,
        last: &StringLiteral,
        span: Span,
    ) -> Option<Pattern> {
        let (low, high) = (self.character(first)?, self.character(last)?);
        if low > high {
            let finding = Diagnostic::error(
                "range",
                format!("the range goes down, from {low:?} to {high:?}"),
            )
            .at(span);
            let (low, high) = (first.span.text(self.source), last.span.text(self.source));
            self.report(finding.suggest(span, format!("{high}..{low}")));
            return None;
        }
        Some(Pattern::Range {
            first: low,
            last: high,
        })
    }

    fn character(&mut self, string: &StringLiteral) -> Option<char> {
        if string.ignore_case {
            self.report_always(
                Diagnostic::error("range", "an end of a range takes no `i`").at(string.span),
            );
            return None;
        }
        let text = self.text(string)?;
        let mut chars = text.chars();
        if let (Some(c), None) = (chars.next(), chars.next()) {
            Some(c)
        } else {
            let finding = Diagnostic::error(
                "range",
                format!("a range goes from one character to another, and {text:?} is not one"),
            );
            self.report(
                finding
                    .at(string.span)
                    .hint("write alternatives of strings, or a regex"),
            );
            None
        }
    }

    pub(super) fn regex(&mut self, literal: &RegexLiteral) -> Option<Pattern> {
        let source = regex::Source {
            text: &literal.source,
            flags: &literal.flags,
            at: Some(literal.span.start + 1),
        };
        let (hir, findings) = regex::parse(source, self.dialect);
        for finding in findings {
            self.report(finding);
        }
        hir.map(|hir| Pattern::Regex(RegexPattern::new(&literal.source, &literal.flags, hir)))
    }

    /// `%regex { "substring_chunks": ["a", "b"] }`
    pub(super) fn substring(&mut self, json: &Json) -> Option<Pattern> {
        self.require(Feature::Substring, json.span);
        let Ok(Value::Object(members)) = json::read(&json.text, self.limits.max_depth) else {
            let finding = Diagnostic::error("substring", "`%regex` takes an object").at(json.span);
            self.report_always(finding.hint(SUBSTRING_HINT));
            return None;
        };
        let given: Vec<(String, Value)> = members
            .into_iter()
            .filter(|(_, value)| *value != Value::Null)
            .collect();
        let mut pieces: Option<Vec<String>> = None;
        for (key, value) in &given {
            pieces = self.substring_pieces(json, key, value);
        }
        if given.len() != 1 {
            let message = if given.is_empty() {
                "`%regex` has no field"
            } else {
                "`%regex` takes one field only"
            };
            self.report(
                Diagnostic::error("substring", message)
                    .at(json.span)
                    .hint(SUBSTRING_HINT),
            );
            return None;
        }
        pieces.map(Pattern::Substring)
    }

    fn substring_pieces(&mut self, json: &Json, key: &str, value: &Value) -> Option<Vec<String>> {
        match (key, value) {
            ("substring_chars", Value::String(text)) => {
                return Some(text.chars().map(String::from).collect());
            }
            ("substring_words", Value::String(text)) => {
                self.require(Feature::SubstringWords, json.span);
                return Some(words(text));
            }
            ("substring_chunks", Value::Array(items)) => {
                let text = |item: &Value| {
                    if let Value::String(text) = item {
                        Some(text.clone())
                    } else {
                        None
                    }
                };
                let texts: Option<Vec<String>> = items.iter().map(text).collect();
                if texts.is_none() {
                    self.bad_substring(json, key, "an array of strings", value);
                }
                return texts;
            }
            ("substring_chars" | "substring_words", other) => {
                self.bad_substring(json, key, "a string", other);
            }
            ("substring_chunks", other) => {
                self.bad_substring(json, key, "an array of strings", other);
            }
            _ => {
                let finding =
                    Diagnostic::error("substring", format!("`%regex` has no field `{key}`"))
                        .at(json.span);
                self.report_always(finding.hint(SUBSTRING_HINT));
            }
        }
        None
    }

    fn bad_substring(&mut self, json: &Json, key: &str, wanted: &str, found: &Value) {
        let message = match found {
            Value::Array(_) => format!("`{key}` is {wanted}, and another item is in it"),
            other => format!("`{key}` is {wanted}, not {}", other.kind()),
        };
        self.report_always(Diagnostic::error("substring", message).at(json.span));
    }

    pub(super) fn read_options(&mut self) {
        let all = self.scope.options.clone();
        for (directive, json) in all {
            let Ok(Value::Object(members)) = json::read(&json.text, self.limits.max_depth) else {
                self.report(
                    Diagnostic::error("options", format!("`{directive}` takes an object"))
                        .at(json.span),
                );
                continue;
            };
            for (key, value) in members {
                self.option(directive, &key, &value, json.span);
            }
        }
    }

    fn option(&mut self, directive: &str, key: &str, value: &Value, span: Span) {
        let field = match key {
            "allow_initial_skip" => &mut self.options.allow_initial_skip,
            "ignore_once" if directive == "%llguidance" => &mut self.options.ignore_once,
            "allow_invalid_utf8" => &mut self.options.allow_invalid_utf8,
            "no_forcing" => &mut self.options.no_forcing,
            _ => {
                let finding = Diagnostic::warning(
                    "options",
                    format!("`{directive}` has no option `{key}`: it is not read"),
                )
                .at(span);
                return self.report(finding.hint(
                    "there are allow_initial_skip, allow_invalid_utf8, ignore_once, no_forcing",
                ));
            }
        };
        match value {
            Value::Bool(value) => *field = *value,
            other => {
                let message = format!("the option `{key}` is true or false, not {}", other.kind());
                self.report(Diagnostic::error("options", message).at(span));
            }
        }
    }

    /// `<[1-5,9]>`, `<[^7]>`, `<[*]>`; names are known to the tokenizer only.
    pub(super) fn special_token(&mut self, text: &str, span: Span) {
        let Some(inside) = text
            .strip_prefix("<[")
            .and_then(|text| text.strip_suffix("]>"))
        else {
            return;
        };
        let negated = inside.starts_with('^');
        let ranges = inside.strip_prefix('^').unwrap_or(inside);
        let message = match ranges {
            "*" if negated => Some("the complement of all tokens is none".to_owned()),
            "*" => None,
            _ if ranges.contains('*') => Some("`*` is all tokens, and stands alone".to_owned()),
            _ => token_ranges(ranges),
        };
        if let Some(message) = message {
            self.report(
                Diagnostic::error("special-token", message)
                    .at(span)
                    .hint("for example `<[128010]>`, `<[1-5,9]>`, `<[^7]>`, `<[*]>`"),
            );
        }
    }
}

const SUBSTRING_HINT: &str = "for example `%regex { \"substring_chunks\": [\"one\", \" two\"] }`, `substring_words` or `substring_chars`";

/// What is wrong with `1-5,9`.
fn token_ranges(ranges: &str) -> Option<String> {
    let mut any = false;
    for range in ranges.split(',').filter(|range| !range.trim().is_empty()) {
        any = true;
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        match (first.parse::<u32>(), last.parse::<u32>()) {
            (Ok(first), Ok(last)) if first <= last => {}
            (Ok(_), Ok(_)) => return Some(format!("the range of tokens `{range}` goes down")),
            _ => return Some(format!("`{range}` is no token number nor a range of them")),
        }
    }
    (!any).then(|| "the range of tokens is empty".to_owned())
}

/// Runs of white space, of letters and digits, and of other characters, as llguidance cuts words.
fn words(text: &str) -> Vec<String> {
    let class = |c: char| {
        if c.is_whitespace() {
            0
        } else {
            1 + u8::from(c == '_' || c.is_alphanumeric())
        }
    };
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for c in text.chars() {
        if before.replace(class(c)) != Some(class(c)) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    words
}
