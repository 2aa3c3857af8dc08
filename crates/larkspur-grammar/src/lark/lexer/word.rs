//! Names, numbers, directives.

use super::{Lexer, Tok};
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::suggest::closest;

/// What may begin a name: also letters that may not, so that they are reported as part of the name they were meant for.
pub(super) fn starts_name(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

pub(super) fn is_name_char(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

const DIRECTIVES: &[&str] = &[
    "%ignore",
    "%import",
    "%override",
    "%extend",
    "%declare",
    "%json",
    "%regex",
    "%lark",
    "%llguidance",
    "%if",
];

impl<'s> Lexer<'s> {
    /// Letters, digits, `_`, and `-` where no `>` follows: `a->b` is an alias, although llguidance takes the dash along.
    pub(super) fn name(&mut self) {
        let start = self.at;
        loop {
            self.eat_while(is_name_char);
            let dash = self.rest().starts_with('-') && !self.rest().starts_with("->");
            let goes_on = self.peek_second().is_some_and(is_name_char);
            if !(dash && goes_on) {
                break;
            }
            self.at += 1;
        }
        let text = self.source.get(start..self.at).unwrap_or_default();
        if !text.is_ascii() {
            let span = Span::new(start, self.at);
            let message = format!("the name `{text}` holds letters other than a to z");
            self.report(
                Diagnostic::error("name-not-ascii", message)
                    .at(span)
                    .hint("names are ASCII: letters, digits and `_`"),
            );
        }
        self.push(start, Tok::Name(text));
    }

    /// `12`, `-1`, `0.7`, `0x1F`. The dots of `0..2` are left alone.
    pub(super) fn number(&mut self) {
        let start = self.at;
        if self.rest().starts_with("0x") || self.rest().starts_with("0X") {
            self.at += 2;
            self.eat_while(|c| c.is_ascii_hexdigit());
            let text = self.source.get(start..self.at).unwrap_or_default();
            return self.push(start, Tok::Hex(text));
        }
        if self.rest().starts_with(['+', '-']) {
            self.at += 1;
        }
        self.eat_while(|c| c.is_ascii_digit());
        if self.rest().starts_with('.') && !self.rest().starts_with("..") {
            self.at += 1;
            self.eat_while(|c| c.is_ascii_digit());
        }
        if self.rest().starts_with(['e', 'E']) {
            let tail = self.rest().get(1..).unwrap_or_default();
            let digits = tail.strip_prefix(['+', '-']).unwrap_or(tail);
            if digits.starts_with(|c: char| c.is_ascii_digit()) {
                self.at += 1 + (tail.len() - digits.len());
                self.eat_while(|c| c.is_ascii_digit());
            }
        }
        let text = self.source.get(start..self.at).unwrap_or_default();
        self.push(start, Tok::Number(text));
    }

    pub(super) fn directive(&mut self) {
        let start = self.at;
        self.at += 1;
        self.eat_while(|c| c.is_ascii_alphanumeric() || c == '_');
        let word = self.source.get(start..self.at).unwrap_or_default();
        let json =
            |tok: fn(&'s str) -> Tok<'s>, value: Option<&'s str>| value.map_or(Tok::Bad, tok);
        let tok = match word {
            "%ignore" => Tok::Ignore,
            "%import" => Tok::Import,
            "%override" => Tok::Override,
            "%extend" => Tok::Extend,
            "%declare" => Tok::Declare,
            "%if" => Tok::If,
            "%lark" => return self.nested(start),
            "%json" => json(Tok::Json, self.json_value(word)),
            "%regex" => json(Tok::RegexExt, self.json_value(word)),
            "%llguidance" | "%grammar_options" => {
                self.json_value(word)
                    .map_or(Tok::Bad, |value| Tok::Options {
                        directive: word,
                        value,
                    })
            }
            _ => return self.unknown_directive(start, word),
        };
        self.push(start, tok);
    }

    fn nested(&mut self, start: usize) {
        let span = Span::new(start, self.at);
        self.eat_while(|c| c == ' ' || c == '\t');
        if self.rest().starts_with('{') {
            self.at += 1;
            self.push(start, Tok::LarkOpen);
        } else {
            self.report(
                Diagnostic::error(
                    "nested-lark",
                    "`%lark` needs a grammar in braces: `%lark { start: … }`",
                )
                .at(span),
            );
            self.push(start, Tok::Bad);
        }
    }

    fn unknown_directive(&mut self, start: usize, word: &'s str) {
        let span = Span::new(start, self.at);
        let finding = Diagnostic::error(
            "unknown-directive",
            format!("there is no directive `{word}`"),
        )
        .at(span);
        let finding = match word {
            "%token" | "%tokens" | "%start" => finding
                .hint("terminals are defined like rules, with names in upper case; the grammar begins at the rule `start`"),
            "%left" | "%right" | "%nonassoc" | "%prec" => finding.hint(
                "Lark has no precedence declarations; write one rule per level of precedence",
            ),
            _ => match closest(word, DIRECTIVES.iter().copied()) {
                Some(near) => finding
                    .hint(format!("did you mean `{near}`?"))
                    .suggest(span, near),
                None => finding.hint(format!("there are {}", DIRECTIVES.join(", "))),
            },
        };
        self.report(finding);
        self.eat_while(|c| c != '\n');
        self.push(start, Tok::Unknown(word));
    }
}
