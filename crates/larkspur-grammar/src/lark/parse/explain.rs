//! Words for what the parser did not expect.

use lalrpop_util::ParseError;

use super::Failure;
use crate::diagnostic::Diagnostic;
use crate::lark::lexer::Spanned;
use crate::lark::token::Tok;
use crate::span::Span;

/// The finding for one failure; `None` where the text has been reported already.
pub(super) fn explain(
    error: &Failure<'_>,
    source: &str,
    tokens: &[Spanned<'_>],
) -> Option<Diagnostic> {
    let (start, tok, end, expected) = match error {
        ParseError::UnrecognizedToken {
            token: (start, tok, end),
            expected,
        } => (*start, tok, *end, expected),
        ParseError::UnrecognizedEof { location, expected } => {
            (*location, &Tok::Nl, *location, expected)
        }
        ParseError::ExtraToken {
            token: (start, tok, end),
        } => (*start, tok, *end, const { &Vec::new() }),
        ParseError::InvalidToken { .. } | ParseError::User { .. } => return None,
    };
    let at = tokens
        .partition_point(|(token_start, _, token_end)| (*token_start, *token_end) < (start, end));
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    let failure = Unexpected {
        tok,
        span: shown_span(source, tok, start, end),
        before,
        expected,
        source,
    };
    failure.explain()
}

/// Line ends are shown as the place where the line ends, and not as the lines that follow.
fn shown_span(source: &str, tok: &Tok<'_>, start: usize, end: usize) -> Span {
    match tok {
        Tok::Nl => Span::at(start),
        Tok::NlBar { .. } => Span::new(end.saturating_sub(1), end),
        _ => Span::new(start, end.min(source.len())),
    }
}

struct Unexpected<'a, 's> {
    tok: &'a Tok<'s>,
    span: Span,
    before: Option<&'a Spanned<'s>>,
    expected: &'a [String],
    source: &'a str,
}

impl Unexpected<'_, '_> {
    fn explain(&self) -> Option<Diagnostic> {
        if matches!(self.tok, Tok::Bad) || matches!(self.before, Some((_, Tok::Bad, _))) {
            return None;
        }
        let finding = self
            .behind()
            .or_else(|| self.token())
            .unwrap_or_else(|| self.other());
        Some(if finding.span.is_none() {
            finding.at(self.span)
        } else {
            finding
        })
    }

    fn expects(&self, what: &str) -> bool {
        self.expected
            .iter()
            .any(|expected| expected.trim_matches('"') == what)
    }

    /// What the token before demands.
    fn behind(&self) -> Option<Diagnostic> {
        let (start, before, end) = self.before?;
        let before_span = Span::new(*start, *end);
        let finding = match before {
            Tok::Arrow => Diagnostic::error(
                "alias-name",
                format!("an alias is a name in lower case, not {}", self.tok),
            ),
            Tok::Dot if matches!(self.tok, Tok::Name(_)) && self.expects("number") => {
                Diagnostic::error(
                    "dot-in-name",
                    "names hold no dots; behind the dot stands a priority, a number",
                )
            }
            Tok::Dot if self.expects("number") => Diagnostic::error(
                "priority",
                format!("a priority is a number, not {}", self.tok),
            ),
            Tok::DotDot => Diagnostic::error(
                "range",
                format!(
                    "a range goes from one string to another, not to {}",
                    self.tok
                ),
            ),
            Tok::Import => {
                Diagnostic::error("import", "`%import` needs the name of what it imports")
                    .hint("for example `%import common.WS`")
            }
            Tok::Declare => Diagnostic::error("declare", "`%declare` needs the names of terminals"),
            Tok::DoubleColon => Diagnostic::error(
                "parameter",
                format!("behind `::` stands the rule's parameter, not {}", self.tok),
            )
            .hint("a rule is defined with `name::_: …` and used as `name::0` or `name::incr(_)`"),
            Tok::If => Diagnostic::error(
                "condition",
                format!("`%if` needs a condition, not {}", self.tok),
            )
            .hint("for example `%if lt(_, 6)` or `%if bit_clear(0)`"),
            Tok::Name(name) if self.expects(":") => self.head(name, before_span),
            Tok::Modifier(sign) if !matches!(self.tok, Tok::Name(_)) => Diagnostic::error(
                "modifier",
                format!(
                    "`{sign}` stands before the name of a rule, not before {}",
                    self.tok
                ),
            ),
            _ => return None,
        };
        Some(finding)
    }

    /// A name that begins a line, and no colon behind it.
    fn head(&self, name: &str, name_span: Span) -> Diagnostic {
        match self.tok {
            Tok::Eq => Diagnostic::error("ebnf-definition", "`=` is not Lark")
                .hint("Lark defines with a colon: `name: …`")
                .suggest(self.span, ":"),
            Tok::Arrow => Diagnostic::error("missing-colon", format!("`:` is missing behind `{name}`"))
                .at(Span::at(name_span.end))
                .hint("Lark defines with a colon, `name: …`; `->` gives an alternative a name in the tree"),
            _ => Diagnostic::error("missing-colon", format!("`:` is missing behind `{name}`")).at(Span::at(name_span.end)),
        }
    }

    /// What the token itself says.
    fn token(&self) -> Option<Diagnostic> {
        let finding = match self.tok {
            Tok::Op(_) | Tok::LRepeat | Tok::TildeCount => Diagnostic::error(
                "misplaced-operator",
                format!(
                    "{} repeats what stands before it, and there is nothing",
                    self.tok
                ),
            ),
            Tok::Colon => self.colon(),
            Tok::DoubleColon => Diagnostic::error(
                "parameter",
                "`::` gives a value to the rule whose name stands before it",
            ),
            Tok::VBar | Tok::NlBar { .. } if self.expects("directive") => Diagnostic::error(
                "bar-without-rule",
                "`|` continues a rule, and there is none before it",
            ),
            Tok::Number(text) if self.expects("string") => {
                Diagnostic::error("bare-number", format!("`{text}` is not a terminal"))
                    .hint("write it as a string")
                    .suggest(self.span, format!("\"{text}\""))
            }
            Tok::Eq => Diagnostic::error(
                "unexpected",
                "`=` stands only in attributes, as in `name[suffix=\"x\"]: …`",
            ),
            Tok::Ignore
            | Tok::Import
            | Tok::Override
            | Tok::Extend
            | Tok::Declare
            | Tok::Options { .. }
            | Tok::Unknown(_) => Diagnostic::error(
                "directive-in-body",
                format!("{} begins a line of its own", self.tok),
            ),
            Tok::If => Diagnostic::error(
                "condition",
                "`%if` stands at the end of an alternative of a rule",
            ),
            Tok::Nl if self.expects(":") => {
                Diagnostic::error("missing-colon", "`:` is missing before the end of the line")
            }
            Tok::Dot => Diagnostic::error("dot-in-body", "a single dot means nothing here")
                .hint("any character is `/./`; a range is `\"a\"..\"z\"`; a dot itself is `\".\"`"),
            Tok::Comma => Diagnostic::error("comma-in-body", "pieces are not separated by commas")
                .hint("for a comma itself write `\",\"`"),
            Tok::Underscore if self.expects("string") => {
                Diagnostic::error("unexpected", "`_` alone is no name")
                    .hint("it stands for the parameter of a rule: `name::incr(_)`")
            }
            _ => return None,
        };
        Some(finding)
    }

    fn colon(&self) -> Diagnostic {
        match self.before {
            Some((start, Tok::Name(name), end)) => Diagnostic::error(
                "unexpected-colon",
                format!("`{name}:` begins a definition, which needs a line of its own"),
            )
            .at(Span::new(*start, (*end).max(self.span.end))),
            _ => Diagnostic::error(
                "unexpected-colon",
                "`:` stands only between a name and what it derives",
            ),
        }
    }

    fn other(&self) -> Diagnostic {
        let message = match (self.tok, self.before) {
            (Tok::Nl, Some((_, before, _))) => format!("something is missing behind {before}"),
            (tok, _) => format!("{tok} is not expected here"),
        };
        let finding = Diagnostic::error("unexpected", message);
        let mut names: Vec<String> = self
            .expected
            .iter()
            .map(|name| show_expected(name))
            .collect();
        names.dedup();
        let _ = self.source;
        if (1..=4).contains(&names.len()) {
            finding.hint(format!("expected {}", names.join(" or ")))
        } else {
            finding
        }
    }
}

/// The grammar's names for tokens, as people say them.
fn show_expected(name: &str) -> String {
    let name = name.trim_matches('"');
    match name {
        "name" | "number" | "string" | "regex" | "modifier" | "special token"
        | "grammar reference" | "directive" => format!("a {name}"),
        "hex" => "a number".to_owned(),
        "op" => "`?`, `*`, `+`".to_owned(),
        "repeat {" => "`{`".to_owned(),
        "repeat ~" => "`~`".to_owned(),
        "line end" => "the end of the line".to_owned(),
        "line end |" => "`|`".to_owned(),
        "bad" => String::new(),
        sign => format!("`{sign}`"),
    }
}
