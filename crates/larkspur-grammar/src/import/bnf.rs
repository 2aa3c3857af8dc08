//! The reader of GBNF and of xgrammar's EBNF, which share all but details.

mod chars;
mod macros;
mod scan;

use rustc_hash::FxHashMap;

use super::{ImportError, Imported};
use crate::diagnostic::Diagnostic;
use crate::grammar::{
    Alternative, Expr, Extent, GrammarBuilder, Opaque, Pattern, RegexPattern, RuleTree, Semantics,
};
use crate::limits::Limits;
use crate::loss::{Effect, Loss};
use crate::span::Span;
use crate::suggest::closest;
use scan::Scanner;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Gbnf,
    Ebnf,
}

/// The greatest maximum that llama.cpp counts to (`MAX_REPETITION_THRESHOLD`).
const LLAMA_MAX: u32 = 2_000;

pub(super) fn read(text: &str, format: Format, limits: &Limits) -> Result<Imported, ImportError> {
    if text.len() > limits.max_bytes {
        let message = format!(
            "{} bytes of grammar, the limit is {}",
            text.len(),
            limits.max_bytes
        );
        return Err(ImportError::new(vec![Diagnostic::error("limit", message)]));
    }
    let mut reader = Reader {
        scan: Scanner::new(text, format),
        format,
        limits,
        builder: GrammarBuilder::with_limits(Semantics::Scannerless, limits.clone()),
        findings: Vec::new(),
        losses: Vec::new(),
        defined: FxHashMap::default(),
        used: Vec::new(),
        depth: 0,
        rule: String::new(),
    };
    reader.rules();
    reader.names();
    reader.finish()
}

/// A fault that ends the rule it is in; it has been noted.
struct Broken;

type Read<T> = Result<T, Broken>;

struct Reader<'t> {
    scan: Scanner<'t>,
    format: Format,
    limits: &'t Limits,
    builder: GrammarBuilder,
    findings: Vec<Diagnostic>,
    losses: Vec<Loss>,
    defined: FxHashMap<String, Span>,
    used: Vec<(String, Span)>,
    depth: usize,
    rule: String,
}

impl Reader<'_> {
    fn fault<T>(&mut self, finding: Diagnostic) -> Read<T> {
        self.note(finding);
        Err(Broken)
    }

    fn note(&mut self, finding: Diagnostic) {
        if self.findings.len() < self.limits.max_diagnostics {
            self.findings.push(finding);
        }
    }

    fn rules(&mut self) {
        self.scan.space(true);
        while !self.scan.is_done() {
            if self.one_rule().is_err() {
                self.scan.skip_to_rule();
            }
            self.scan.space(true);
        }
    }

    fn one_rule(&mut self) -> Read<()> {
        let (name, span) = self.name()?;
        self.attributes();
        self.scan.space(self.format == Format::Ebnf);
        if !self.scan.take("::=") {
            let place = self.scan.here();
            let finding = Diagnostic::error("syntax", "expected `::=` after the name of a rule");
            return self.fault(finding.at(place).related(span, "the rule begins here"));
        }
        self.scan.space(true);
        self.rule.clone_from(&name);
        self.depth = 0;
        let id = self.builder.rule(&name);
        let body = self.alternatives();
        let first = self.defined.get(&name).copied();
        self.defined.entry(name.clone()).or_insert(span);
        let body = body?;
        if let Some(first) = first {
            let message = format!("the rule `{name}` is defined twice");
            let finding = Diagnostic::error("duplicate-rule", message).at(span);
            return self.fault(finding.related(first, "first defined here"));
        }
        self.builder
            .define_rule_with(id, body, Some(span), RuleTree::default(), 0);
        self.end_of_rule()
    }

    /// llama.cpp ends a rule with its line; xgrammar ends it where the next begins.
    fn end_of_rule(&mut self) -> Read<()> {
        if self.scan.at_end_of_rule() {
            return Ok(());
        }
        if self.scan.peek() == Some('\'') {
            return self.no_element();
        }
        let place = self.scan.here();
        let finding = Diagnostic::error("syntax", format!("unexpected {}", self.scan.shown()));
        self.fault(finding.at(place))
    }

    fn name(&mut self) -> Read<(String, Span)> {
        if let Some((name, span)) = self.scan.name() {
            if self.format == Format::Gbnf && name.contains('_') {
                let message = format!("`{name}`: llama.cpp takes letters, digits and `-` in names");
                let better = name.replace('_', "-");
                let finding = Diagnostic::error("name", message).at(span);
                return self.fault(finding.suggest(span, better));
            }
            Ok((name.to_owned(), span))
        } else {
            let place = self.scan.here();
            let message = format!("expected the name of a rule, found {}", self.scan.shown());
            let finding = Diagnostic::error("syntax", message).at(place);
            let finding = if self.scan.peek() == Some('|') {
                finding.hint("a line that goes on ends with `|`; a `|` at the start of a line begins nothing")
            } else {
                finding
            };
            self.fault(finding)
        }
    }

    fn alternatives(&mut self) -> Read<Expr> {
        let mut parts = vec![self.sequence()?];
        while self.scan.take("|") {
            self.scan.space(true);
            parts.push(self.sequence()?);
        }
        if parts.len() == 1 {
            return Ok(parts.pop().map_or(Expr::Empty, |one| one.expr));
        }
        Ok(Expr::Alt(parts))
    }

    fn sequence(&mut self) -> Read<Alternative> {
        let start = self.scan.position();
        let mut parts = Vec::new();
        let mut end = start;
        while let Some(part) = self.element()? {
            parts.push(self.repetitions(part)?);
            end = self.scan.last_end();
        }
        if parts.is_empty() && self.format == Format::Ebnf {
            return self.no_element();
        }
        Ok(Alternative::new(
            Expr::seq(parts),
            None,
            Some(Span::new(start, end)),
        ))
    }

    fn no_element<T>(&mut self) -> Read<T> {
        let place = self.scan.here();
        if self.scan.peek() == Some('\'') {
            let message = "strings stand in double quotes";
            return self.fault(Diagnostic::error("single-quotes", message).at(place));
        }
        let message = "expected an element, an empty alternative is written `\"\"`";
        self.fault(Diagnostic::error("syntax", message).at(place))
    }

    fn element(&mut self) -> Read<Option<Expr>> {
        let start = self.scan.position();
        let expr = match self.scan.peek() {
            Some('"') => {
                let text = self.string()?;
                let span = self.scan.since(start);
                if text.is_empty() {
                    Expr::Empty
                } else {
                    let id =
                        self.builder
                            .anonymous(Pattern::literal(text), Extent::Longest, Some(span));
                    Expr::Terminal {
                        id,
                        keep: false,
                        span: Some(span),
                    }
                }
            }
            Some('[') => {
                let class = self.class()?;
                self.character(class, start)
            }
            Some('.') if self.format == Format::Gbnf => {
                self.scan.bump();
                self.character(crate::regular::chars::any(), start)
            }
            Some('<' | '!') if self.format == Format::Gbnf => self.token(start)?,
            Some('(') => self.group(start)?,
            _ if self.scan.at_rule() => return Ok(None),
            _ => match self.scan.name() {
                Some((name, span)) => self.reference(name.to_owned(), span)?,
                None => return Ok(None),
            },
        };
        self.after_element();
        Ok(Some(expr))
    }

    fn after_element(&mut self) {
        self.scan.mark_end();
        let newline = self.format == Format::Ebnf || self.depth > 0;
        self.scan.space(newline);
    }

    fn reference(&mut self, name: String, span: Span) -> Read<Expr> {
        if self.format == Format::Ebnf && macros::is_macro(&name) {
            return self.macro_call(&name, span);
        }
        if self.format == Format::Gbnf && name.contains('_') {
            let message = format!("`{name}`: llama.cpp takes letters, digits and `-` in names");
            let better = name.replace('_', "-");
            return self.fault(
                Diagnostic::error("name", message)
                    .at(span)
                    .suggest(span, better),
            );
        }
        let id = self.builder.rule(&name);
        self.used.push((name, span));
        Ok(Expr::Rule {
            id,
            span: Some(span),
        })
    }

    /// One character of a set.
    fn character(&mut self, class: regex_syntax::hir::ClassUnicode, start: usize) -> Expr {
        let span = self.scan.since(start);
        let source = crate::regular::regex::of_class(&class);
        let hir = regex_syntax::hir::Hir::class(regex_syntax::hir::Class::Unicode(class));
        let regex = RegexPattern::new(source, "", hir);
        let id = self
            .builder
            .anonymous(Pattern::Regex(regex), Extent::Longest, Some(span));
        Expr::Terminal {
            id,
            keep: true,
            span: Some(span),
        }
    }

    fn group(&mut self, start: usize) -> Read<Expr> {
        self.scan.bump();
        self.depth += 1;
        if self.depth > self.limits.max_depth {
            let message = format!("groups are nested more than {} deep", self.limits.max_depth);
            let place = self.scan.since(start);
            return self.fault(Diagnostic::error("limit", message).at(place));
        }
        let ahead = self.format == Format::Ebnf && self.scan.take("=");
        self.scan.space(true);
        let inner = if self.scan.peek() == Some(')') {
            Expr::Empty
        } else {
            self.alternatives()?
        };
        self.depth -= 1;
        if !self.scan.take(")") {
            let place = self.scan.here();
            let finding = Diagnostic::error(
                "syntax",
                format!("expected `)`, found {}", self.scan.shown()),
            );
            return self.fault(
                finding
                    .at(place)
                    .related(Span::new(start, start + 1), "opened here"),
            );
        }
        if ahead {
            let what = "the lookahead is dropped";
            let why = "it holds only where xgrammar looks at the next LLM token";
            let loss = Loss::new("lookahead", Effect::Wider, what, why);
            self.losses
                .push(loss.of(&self.rule, Some(self.scan.since(start))));
            return Ok(Expr::Empty);
        }
        Ok(inner)
    }

    fn token(&mut self, start: usize) -> Read<Expr> {
        let not = self.scan.take("!");
        let Some(inner) = self.scan.angle() else {
            let place = self.scan.here();
            return self.fault(
                Diagnostic::error("syntax", "expected an LLM token, `<[id]>` or `<name>`")
                    .at(place),
            );
        };
        let ids = inner
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let token = match (not, ids) {
            (true, Some(ids)) => format!("<[^{ids}]>"),
            (true, None) => {
                let place = self.scan.since(start);
                let finding = Diagnostic::error("unsupported", "all LLM tokens but a named one");
                return self.fault(
                    finding
                        .at(place)
                        .hint("give the token by its id: `!<[id]>`"),
                );
            }
            (false, _) => format!("<{inner}>"),
        };
        Ok(Expr::Opaque {
            what: Opaque::SpecialToken(token),
            span: Some(self.scan.since(start)),
        })
    }

    fn repetitions(&mut self, mut expr: Expr) -> Read<Expr> {
        let mut levels = 0;
        loop {
            let start = self.scan.position();
            let simple = match self.scan.peek() {
                Some('*') => Some((0, None)),
                Some('+') => Some((1, None)),
                Some('?') => Some((0, Some(1))),
                Some('{') => None,
                _ => return Ok(expr),
            };
            let (min, max) = if let Some(simple) = simple {
                self.scan.bump();
                simple
            } else {
                self.counts()?
            };
            levels += 1;
            if levels > self.limits.max_depth {
                let place = self.scan.since(start);
                let message = format!(
                    "more than {} repetitions of repetitions",
                    self.limits.max_depth
                );
                return self.fault(Diagnostic::error("limit", message).at(place));
            }
            expr = expr.repeat(min, max);
            self.after_element();
        }
    }

    fn counts(&mut self) -> Read<(u32, Option<u32>)> {
        let start = self.scan.position();
        self.scan.bump();
        let min = self.number()?;
        let max = if self.scan.take(",") {
            self.scan.space(true);
            match self.scan.peek() {
                Some('}') => None,
                _ if self.format == Format::Ebnf && self.scan.take("-1") => None,
                _ => Some(self.number()?),
            }
        } else {
            Some(min)
        };
        self.scan.space(true);
        if !self.scan.take("}") {
            let place = self.scan.here();
            let finding = Diagnostic::error(
                "syntax",
                format!("expected `}}`, found {}", self.scan.shown()),
            );
            return self.fault(
                finding
                    .at(place)
                    .related(Span::new(start, start + 1), "opened here"),
            );
        }
        let span = self.scan.since(start);
        if max.is_some_and(|max| max < min) {
            let finding = Diagnostic::error("repeat-range", "the maximum is below the minimum");
            return self.fault(finding.at(span));
        }
        if self.format == Format::Gbnf && max.is_some_and(|max| max > LLAMA_MAX) {
            let what = "the maximum is kept";
            let why = format!("llama.cpp takes a maximum above {LLAMA_MAX} for none");
            let loss = Loss::new("count", Effect::Narrower, what, why);
            self.losses.push(loss.of(&self.rule, Some(span)));
        }
        Ok((min, max))
    }

    fn number(&mut self) -> Read<u32> {
        self.scan.space(true);
        let start = self.scan.position();
        let digits = self.scan.digits();
        let span = self.scan.since(start);
        if digits.is_empty() {
            let place = self.scan.here();
            let finding = Diagnostic::error(
                "syntax",
                format!("expected a number, found {}", self.scan.shown()),
            );
            return self.fault(match self.scan.peek() {
                Some(',') => finding
                    .at(place)
                    .hint("the least count must be given: `{0,10}`"),
                _ => finding.at(place),
            });
        }
        self.scan.space(true);
        match digits.parse::<u32>() {
            Ok(number) if number <= self.limits.max_repeat => Ok(number),
            _ => {
                let message = format!(
                    "a repetition of {digits}, the limit is {}",
                    self.limits.max_repeat
                );
                self.fault(Diagnostic::error("limit", message).at(span))
            }
        }
    }

    /// Names that are used and not defined.
    fn names(&mut self) {
        let used = std::mem::take(&mut self.used);
        let mut defined: Vec<String> = self.defined.keys().cloned().collect();
        defined.sort_unstable();
        for (name, span) in used {
            if self.defined.contains_key(&name) {
                continue;
            }
            let message = format!("the rule `{name}` is not defined");
            let finding = Diagnostic::error("unknown-name", message).at(span);
            let near = closest(&name, defined.iter().map(String::as_str));
            let _ = self.fault::<()>(match near {
                Some(near) => finding
                    .hint(format!("did you mean `{near}`?"))
                    .suggest(span, near),
                None => finding,
            });
        }
        if !self.defined.contains_key("root") {
            let finding = Diagnostic::error("no-start", "there is no rule `root`");
            let _ = self.fault::<()>(finding.hint("the sentences are those of the rule `root`"));
        }
    }

    fn finish(mut self) -> Result<Imported, ImportError> {
        self.findings.sort_by_key(|finding| finding.span);
        if !self.findings.is_empty() {
            return Err(ImportError::new(self.findings));
        }
        let start = self.builder.rule("root");
        match self.builder.build(start) {
            Ok(grammar) => Ok(Imported {
                grammar,
                losses: self.losses,
            }),
            Err(error) => Err(ImportError::new(error.into_diagnostics())),
        }
    }
}
