//! Text to tokens. Never fails: what is no token is reported and stands as [`Tok::Bad`], so that the parser goes on.

use super::json;
use super::token::{StrTok, Tok};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::span::Span;

mod literal;
mod word;

/// A token with its place.
pub(crate) type Spanned<'s> = (usize, Tok<'s>, usize);

/// What the lexer found out.
#[derive(Debug)]
pub(crate) struct Lexed<'s> {
    pub(crate) tokens: Vec<Spanned<'s>>,
    pub(crate) findings: Vec<Diagnostic>,
    /// Comments, and line ends that `\` hides.
    pub(crate) trivia: Vec<Span>,
    /// Arrows that touch the name before them: `a->b`, which llguidance reads as the name `a-`.
    pub(crate) glued_arrows: Vec<Span>,
    /// Line ends hidden by `\`.
    pub(crate) continuations: Vec<Span>,
    /// Whether the text was left before its end because it is over a limit.
    pub(crate) stopped: bool,
}

struct Lexer<'s> {
    source: &'s str,
    at: usize,
    limits: &'s Limits,
    out: Lexed<'s>,
}

/// Reads all tokens of `source`. The last one is [`Tok::Nl`].
pub(crate) fn lex<'s>(source: &'s str, limits: &'s Limits) -> Lexed<'s> {
    let out = Lexed {
        tokens: Vec::new(),
        findings: Vec::new(),
        trivia: Vec::new(),
        glued_arrows: Vec::new(),
        continuations: Vec::new(),
        stopped: false,
    };
    let mut lexer = Lexer {
        source,
        at: 0,
        limits,
        out,
    };
    if source.len() > limits.max_bytes {
        let message = format!(
            "the grammar has {} bytes, the limit is {}",
            source.len(),
            limits.max_bytes
        );
        lexer.stop(Diagnostic::error("limit", message));
        return lexer.out;
    }
    while !lexer.out.stopped && lexer.at < source.len() {
        lexer.token();
    }
    if !matches!(lexer.out.tokens.last(), Some((_, Tok::Nl, _))) {
        lexer.out.tokens.push((source.len(), Tok::Nl, source.len()));
    }
    lexer.out
}

impl<'s> Lexer<'s> {
    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    /// Takes characters as long as `take` says so.
    fn eat_while(&mut self, take: impl Fn(char) -> bool) -> &'s str {
        let rest = self.rest();
        let length = rest.find(|c| !take(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn push(&mut self, start: usize, tok: Tok<'s>) {
        if self.out.tokens.len() >= self.limits.max_nodes {
            let message = format!("the grammar has more than {} pieces", self.limits.max_nodes);
            self.stop(Diagnostic::error("limit", message).at(Span::new(start, self.at)));
            return;
        }
        self.out.tokens.push((start, tok, self.at));
    }

    fn stop(&mut self, finding: Diagnostic) {
        self.out.findings.push(finding);
        self.out.stopped = true;
    }

    fn report(&mut self, finding: Diagnostic) {
        self.out.findings.push(finding);
    }

    /// Takes `length` bytes as one token.
    fn sign(&mut self, length: usize, tok: Tok<'s>) {
        let start = self.at;
        self.at += length;
        self.push(start, tok);
    }

    fn token(&mut self) {
        let Some(c) = self.peek() else { return };
        match c {
            ' ' | '\t' => {
                self.eat_while(|c| c == ' ' || c == '\t');
            }
            '#' => self.comment(),
            '/' if self.peek_second() == Some('/') => self.comment(),
            '\n' | '\r' => self.newline(),
            '\\' => self.backslash(),
            '"' => self.string('"'),
            '\'' => self.string('\''),
            '/' => self.regex(),
            '%' => self.directive(),
            '<' => self.special_token(),
            '@' => self.grammar_ref(),
            '_' if !self.peek_second().is_some_and(word::is_name_char) => {
                self.sign(1, Tok::Underscore);
            }
            c if word::starts_name(c) => self.name(),
            c if c.is_ascii_digit() => self.number(),
            '+' | '-'
                if self.peek_second().is_some_and(|c| c.is_ascii_digit())
                    && !self.follows_atom() =>
            {
                self.number();
            }
            _ => self.punctuation(c),
        }
    }

    fn comment(&mut self) {
        let start = self.at;
        self.eat_while(|c| c != '\n');
        let text = self
            .source
            .get(start..self.at)
            .unwrap_or_default()
            .trim_end_matches('\r');
        self.at = start + text.len();
        self.out.trivia.push(Span::new(start, self.at));
    }

    /// Line ends, with the comment lines between them, and the `|` that may follow.
    fn newline(&mut self) {
        let start = self.at;
        let mut lexemes = 0_usize;
        while let Some(c) = self.peek() {
            match c {
                '\n' => {
                    lexemes += 1;
                    self.line_ends();
                }
                '\r' if self.peek_second() == Some('\n') => {
                    lexemes += 1;
                    self.line_ends();
                }
                '#' => self.comment(),
                '/' if self.peek_second() == Some('/') => self.comment(),
                ' ' | '\t' => {
                    self.eat_while(|c| c == ' ' || c == '\t');
                }
                _ => break,
            }
        }
        match self.peek() {
            Some('|') => {
                self.at += 1;
                self.push(
                    start,
                    Tok::NlBar {
                        plain: lexemes == 1,
                    },
                );
            }
            Some('\r') if lexemes == 0 => self.bad(
                "control-character",
                "a carriage return that no line feed follows",
                1,
            ),
            _ => self.push(start, Tok::Nl),
        }
    }

    /// `(\r?\n)+[ \t]*`: what llguidance takes as one line end.
    fn line_ends(&mut self) {
        while self.rest().starts_with('\n') || self.rest().starts_with("\r\n") {
            self.at += if self.rest().starts_with('\n') { 1 } else { 2 };
        }
        self.eat_while(|c| c == ' ' || c == '\t');
    }

    /// Python's Lark joins lines at a `\`.
    fn backslash(&mut self) {
        let start = self.at;
        let after = self.rest().get(1..).unwrap_or_default();
        let blanks = after.len() - after.trim_start_matches(' ').len();
        let after = after.get(blanks..).unwrap_or_default();
        let line_end = if after.starts_with("\r\n") {
            2
        } else {
            usize::from(after.starts_with('\n'))
        };
        if line_end == 0 {
            return self.bad(
                "unexpected-character",
                "a backslash outside of a string or regex",
                1,
            );
        }
        self.at += 1 + blanks + line_end;
        let span = Span::new(start, start + 1);
        self.out.trivia.push(Span::new(start, self.at));
        self.out.continuations.push(span);
    }

    fn punctuation(&mut self, c: char) {
        let rest = self.rest();
        match c {
            ':' if rest.starts_with("::=") => self.definition_sign(3),
            ':' if rest.starts_with(":=") => self.definition_sign(2),
            ':' if rest.starts_with("::") => self.sign(2, Tok::DoubleColon),
            ':' => self.sign(1, Tok::Colon),
            '=' => self.sign(1, Tok::Eq),
            ',' => self.sign(1, Tok::Comma),
            '.' if rest.starts_with("..") => self.sign(2, Tok::DotDot),
            '.' => self.sign(1, Tok::Dot),
            '-' if rest.starts_with("->") => self.arrow(),
            '(' => self.sign(1, Tok::LPar),
            ')' => self.sign(1, Tok::RPar),
            '[' => self.sign(1, Tok::LSqb),
            ']' => self.sign(1, Tok::RSqb),
            '{' => self.brace(),
            '}' => self.sign(1, Tok::RBrace),
            '~' => self.tilde(),
            '&' => self.sign(1, Tok::And),
            '|' => self.sign(1, Tok::VBar),
            '+' | '*' => self.sign(1, Tok::Op(c)),
            '?' | '!' => self.modifier_or_op(c),
            ';' => self.semicolon(),
            _ => self.unexpected(c),
        }
    }

    /// `::=` and `:=` of other notations: reported, and read as the `:` that was meant.
    fn definition_sign(&mut self, length: usize) {
        let span = Span::new(self.at, self.at + length);
        let sign = span.text(self.source);
        let finding = Diagnostic::error("ebnf-definition", format!("`{sign}` is not Lark"));
        self.report(
            finding
                .at(span)
                .hint("Lark defines with a colon: `name: …`")
                .suggest(span, ":"),
        );
        self.sign(length, Tok::Colon);
    }

    fn semicolon(&mut self) {
        let span = Span::new(self.at, self.at + 1);
        let finding = Diagnostic::error("semicolon", "`;` is not Lark: a rule ends with its line");
        self.report(finding.at(span).suggest(span, ""));
        self.at += 1;
    }

    fn arrow(&mut self) {
        if let Some((_, Tok::Name(_), end)) = self.out.tokens.last()
            && *end == self.at
        {
            self.out.glued_arrows.push(Span::new(self.at, self.at + 2));
        }
        self.sign(2, Tok::Arrow);
    }

    /// `{` behind a name opens template arguments, unless a number or a comma follows; elsewhere it opens a repetition.
    fn brace(&mut self) {
        let after = self
            .rest()
            .get(1..)
            .unwrap_or_default()
            .trim_start_matches([' ', '\t']);
        let counts =
            after.starts_with(|c: char| c.is_ascii_digit() || matches!(c, ',' | '+' | '-' | '}'));
        let tok = match self.out.tokens.last() {
            Some((_, Tok::Name(_), _)) if !counts => Tok::LBrace,
            _ => Tok::LRepeat,
        };
        self.sign(1, tok);
    }

    /// `~` before a number repeats what stands before it.
    fn tilde(&mut self) {
        let after = self
            .rest()
            .get(1..)
            .unwrap_or_default()
            .trim_start_matches([' ', '\t']);
        let mut chars = after.chars();
        let counts = match chars.next() {
            Some('+' | '-') => chars.next().is_some_and(|c| c.is_ascii_digit()),
            Some(c) => c.is_ascii_digit(),
            None => false,
        };
        self.sign(1, if counts { Tok::TildeCount } else { Tok::Tilde });
    }

    /// `?` and `!` belong to the name that follows, at the start of a definition and wherever the name touches them (there
    /// Lark and llguidance alike read a name).
    fn modifier_or_op(&mut self, c: char) {
        let starts_line =
            self.out.tokens.last().is_none_or(|(_, tok, _)| {
                matches!(tok, Tok::Nl | Tok::Modifier(_) | Tok::LarkOpen)
            }) || matches!(
                self.out.tokens.last(),
                Some((_, Tok::Override | Tok::Extend, _))
            );
        let next = self.peek_second();
        let modifies = starts_line
            || next.is_some_and(|next| next.is_ascii_lowercase() || (c == '!' && next == '?'));
        match c {
            _ if modifies => self.sign(1, Tok::Modifier(c)),
            '?' => self.sign(1, Tok::Op(c)),
            _ => self.unexpected(c),
        }
    }

    fn unexpected(&mut self, c: char) {
        let shown = if c.is_control() {
            format!("the control character {:#04x}", u32::from(c))
        } else {
            format!("`{c}`")
        };
        let code = if c.is_control() {
            "control-character"
        } else {
            "unexpected-character"
        };
        self.bad(code, &format!("{shown} has no meaning here"), c.len_utf8());
    }

    /// Reports a text that is no token, once for a run of neighbours.
    fn bad(&mut self, code: &'static str, message: &str, length: usize) {
        let start = self.at;
        self.at += length;
        let follows_bad =
            matches!(self.out.tokens.last(), Some((_, Tok::Bad, end)) if *end == start);
        if !follows_bad {
            self.report(Diagnostic::error(code, message).at(Span::new(start, self.at)));
            self.push(start, Tok::Bad);
        } else if let Some((_, _, end)) = self.out.tokens.last_mut() {
            *end = self.at;
        }
    }

    /// Whether a sign here would be an operator on what stands before it, and not the sign of a number.
    fn follows_atom(&self) -> bool {
        matches!(
            self.out.tokens.last(),
            Some((
                _,
                Tok::Name(_)
                    | Tok::Str(_)
                    | Tok::Regex { .. }
                    | Tok::RPar
                    | Tok::RSqb
                    | Tok::RBrace
                    | Tok::Op(_)
                    | Tok::Special(_)
                    | Tok::GrammarRef(_),
                _
            ))
        )
    }

    fn special_token(&mut self) {
        let rest = self.rest();
        let end = rest
            .find(['>', '\n'])
            .filter(|&at| rest.get(at..).is_some_and(|tail| tail.starts_with('>')));
        let Some(end) = end else {
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            return self.bad(
                "unexpected-character",
                "`<` opens a special token such as `<|name|>`, but no `>` follows on this line",
                length,
            );
        };
        let text = rest.get(..=end).unwrap_or_default();
        let inside = text.trim_start_matches('<').trim_end_matches('>');
        if inside.is_empty() || inside.contains(|c: char| c.is_whitespace() || c == '<') {
            let message = format!(
                "`{text}` is no special token: its name may not be empty nor hold white space or `<`"
            );
            return self.bad("special-token", &message, text.len());
        }
        self.sign(text.len(), Tok::Special(text));
    }

    fn grammar_ref(&mut self) {
        let start = self.at;
        self.at += 1;
        self.eat_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let text = self.source.get(start..self.at).unwrap_or_default();
        if text.len() == 1 {
            self.at = start;
            return self.bad(
                "unexpected-character",
                "`@` needs the name of a grammar behind it",
                1,
            );
        }
        self.push(start, Tok::GrammarRef(text));
    }

    /// The JSON value behind a directive; `None` if there is none, which is reported.
    fn json_value(&mut self, directive: &str) -> Option<&'s str> {
        let from = self.at;
        match json::skip_value(self.rest(), self.limits.max_depth) {
            Ok(length) => {
                self.at = from + length;
                Some(self.source.get(from..self.at).unwrap_or_default().trim())
            }
            Err(error) => {
                if self.rest().trim_start().is_empty() {
                    let span = Span::new(from.saturating_sub(directive.len()), from);
                    let finding = Diagnostic::error(
                        "json",
                        format!("`{directive}` needs a JSON value behind it"),
                    );
                    self.report(finding.at(span));
                    self.at = self.source.len();
                    return None;
                }
                let at = (from + error.at).min(self.source.len());
                let finding = Diagnostic::error(
                    "json",
                    format!("the JSON value of `{directive}`: {}", error.message),
                );
                let found = self.source.get(at..).and_then(|rest| rest.chars().next());
                let length = found.map_or(0, char::len_utf8);
                self.report(finding.at(Span::new(at, at + length)));
                // What follows cannot be told from the rest of the value: go on behind the last byte that was read.
                self.at = self
                    .source
                    .get(at..)
                    .and_then(|rest| rest.find('\n'))
                    .map_or(self.source.len(), |length| at + length);
                None
            }
        }
    }
}
