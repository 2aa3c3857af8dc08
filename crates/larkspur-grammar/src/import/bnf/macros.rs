//! What xgrammar writes like a call, and in brackets behind a rule's name.

use regex_syntax::ParserBuilder;

use super::{Format, Read, Reader};
use crate::diagnostic::Diagnostic;
use crate::grammar::{Expr, Extent, Pattern, RegexPattern};
use crate::loss::{Effect, Loss};
use crate::span::Span;

/// Whether xgrammar reads the name as a macro.
pub(super) fn is_macro(name: &str) -> bool {
    matches!(
        name,
        "Regex" | "Substring" | "TagDispatch" | "Token" | "ExcludeToken" | "TokenTagDispatch"
    )
}

/// The strings, and the named values as they are written.
#[derive(Default)]
struct Arguments {
    strings: Vec<String>,
    named: Vec<(String, String)>,
}

impl Reader<'_> {
    /// `name[…] ::=`: how many LLM tokens, what to capture, how lazily.
    pub(super) fn attributes(&mut self) {
        let start = self.scan.position();
        if self.format == Format::Gbnf || !self.scan.take("[") {
            return;
        }
        let mut text = String::new();
        while let Some(c) = self.scan.bump() {
            if c == ']' {
                break;
            }
            text.push(c);
        }
        let span = self.scan.since(start);
        for attribute in text.split(',') {
            let name = attribute.split('=').next().unwrap_or_default().trim();
            match name {
                "capture" => {}
                "max_tokens" | "max_chars" => {
                    let why = "LLM tokens and counts of characters are outside of the grammar";
                    let loss = Loss::new(
                        "attribute",
                        Effect::Wider,
                        format!("`{name}` is dropped"),
                        why,
                    );
                    self.losses.push(loss.at(Some(span)));
                }
                other => {
                    let message = format!("the attribute `{other}` is not understood here");
                    self.note(Diagnostic::error("unsupported", message).at(span));
                }
            }
        }
    }

    pub(super) fn macro_call(&mut self, name: &str, span: Span) -> Read<Expr> {
        if !matches!(name, "Regex" | "Substring") {
            let message = format!(
                "`{name}(…)` speaks of LLM tokens or tags, which no grammar of texts can say"
            );
            return self.fault(Diagnostic::error("unsupported", message).at(span));
        }
        let arguments = self.arguments(span)?;
        let span = self.scan.since(span.start);
        let pattern = if name == "Regex" {
            self.regex(&arguments, span)?
        } else {
            Pattern::Substring(arguments.strings)
        };
        let id = self.builder.anonymous(pattern, Extent::Longest, Some(span));
        Ok(Expr::Terminal {
            id,
            keep: true,
            span: Some(span),
        })
    }

    fn arguments(&mut self, of: Span) -> Read<Arguments> {
        let mut found = Arguments::default();
        self.scan.space(true);
        let opened = self.scan.take("(");
        loop {
            self.scan.space(true);
            match self.scan.peek() {
                Some(')') if opened => {
                    self.scan.bump();
                    return Ok(found);
                }
                Some(',') => {
                    self.scan.bump();
                }
                Some('"') => found.strings.push(self.string()?),
                _ => match self.scan.name() {
                    Some((name, _)) if opened => {
                        self.scan.space(true);
                        self.scan.take("=");
                        self.scan.space(true);
                        let value = if self.scan.peek() == Some('"') {
                            self.string()?
                        } else {
                            self.scan
                                .name()
                                .map_or_else(String::new, |(name, _)| name.to_owned())
                        };
                        found.named.push((name.to_owned(), value));
                    }
                    _ => {
                        let finding =
                            Diagnostic::error("syntax", "expected arguments in parentheses");
                        return self.fault(finding.at(of));
                    }
                },
            }
        }
    }

    /// xgrammar's regexes: `\d` and `\w` are ASCII, `.` takes line ends unless flags are given.
    fn regex(&mut self, arguments: &Arguments, span: Span) -> Read<Pattern> {
        let source = arguments.strings.first().cloned().unwrap_or_default();
        let named = |wanted: &str| arguments.named.iter().find(|(name, _)| name == wanted);
        if named("json_string").is_some_and(|(_, value)| value == "true") {
            let finding =
                Diagnostic::error("unsupported", "a regex over the inside of a JSON string");
            return self.fault(finding.at(span));
        }
        let flags = named("flags").map(|(_, value)| value.as_str());
        let has = |flag| flags.is_some_and(|flags| flags.contains(flag));
        let parsed = ParserBuilder::new()
            .case_insensitive(has('i'))
            .dot_matches_new_line(flags.is_none() || has('s'))
            .nest_limit(u32::try_from(self.limits.max_depth).unwrap_or(u32::MAX))
            .build()
            .parse(&ascii_shorthands(&source));
        let hir = match parsed {
            Ok(hir) => hir,
            Err(error) => {
                let reason = match &error {
                    regex_syntax::Error::Parse(error) => error.kind().to_string(),
                    regex_syntax::Error::Translate(error) => error.kind().to_string(),
                    _ => "it is no regex".to_owned(),
                };
                return self.fault(Diagnostic::error("regex", reason).at(span));
            }
        };
        let folds = has('i') || source.contains("(?i");
        if folds
            && source
                .chars()
                .any(|c| matches!(c, 'k' | 'K' | 's' | 'S') || !c.is_ascii())
        {
            let what = "letters outside ASCII are the same in both cases";
            let why = "xgrammar folds the case of ASCII letters only";
            let loss = Loss::new("case-folding", Effect::Wider, what, why);
            self.losses.push(loss.of(&self.rule, Some(span)));
        }
        let text = crate::regular::regex::of_hir(&hir).unwrap_or_default();
        Ok(Pattern::Regex(RegexPattern::new(text, "", hir)))
    }
}

/// `\d` and `\w` written out, since Rust's are Unicode's.
fn ascii_shorthands(source: &str) -> String {
    let mut out = String::new();
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('d') => out.push_str("[0-9]"),
            Some('D') => out.push_str("[^0-9]"),
            Some('w') => out.push_str("[0-9A-Za-z_]"),
            Some('W') => out.push_str("[^0-9A-Za-z_]"),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}
