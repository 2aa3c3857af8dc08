//! Balances groups before the parser sees them.
//!
//! A forgotten bracket would otherwise swallow the rest of the file and be reported at its end. Here it is reported where it
//! was opened and closed where its rule ends, so that the parser reads every other rule as if nothing had happened.
//! What holds afterwards: brackets are balanced, nested no deeper than the limit, and no line end stands inside a group.

use super::lexer::Spanned;
use super::token::Tok;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::span::Span;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Paren,
    Square,
    Brace,
    /// `%lark {`: holds lines of its own.
    Block,
}

impl Kind {
    /// What closes it.
    const fn closer(self) -> (Tok<'static>, &'static str) {
        match self {
            Self::Paren => (Tok::RPar, ")"),
            Self::Square => (Tok::RSqb, "]"),
            Self::Brace | Self::Block => (Tok::RBrace, "}"),
        }
    }
}

struct Open {
    kind: Kind,
    span: Span,
    /// A line end inside has been reported.
    newline_reported: bool,
}

pub(super) struct Balanced<'s> {
    pub(super) tokens: Vec<Spanned<'s>>,
    pub(super) findings: Vec<Diagnostic>,
    /// Whether reading was given up because of a limit.
    pub(super) stopped: bool,
}

struct Balancer<'s, 'i> {
    source: &'s str,
    input: &'i [Spanned<'s>],
    open: Vec<Open>,
    out: Balanced<'s>,
    /// The column of the definition whose lines are being read.
    item_column: Option<usize>,
    /// Whether the line began with a directive whose end shows without a line end.
    line_stands_alone: bool,
}

pub(super) fn balance<'s>(source: &'s str, input: &[Spanned<'s>], limits: &Limits) -> Balanced<'s> {
    let out = Balanced {
        tokens: Vec::with_capacity(input.len()),
        findings: Vec::new(),
        stopped: false,
    };
    let mut balancer = Balancer {
        source,
        input,
        open: Vec::new(),
        out,
        item_column: None,
        line_stands_alone: false,
    };
    for (at, spanned) in input.iter().enumerate() {
        balancer.token(at, spanned);
        if balancer.open.len() > limits.max_depth / BLOCK_DEPTH
            && balancer.depth() > limits.max_depth
        {
            let message = format!("groups are nested more than {} deep", limits.max_depth);
            balancer
                .report(Diagnostic::error("limit", message).at(Span::new(spanned.0, spanned.2)));
            balancer.out.stopped = true;
            return balancer.out;
        }
    }
    balancer.close_all(source.len());
    balancer.out
}

/// What a nested `%lark` block counts, in groups: it is a grammar of its own.
const BLOCK_DEPTH: usize = 8;

impl<'s> Balancer<'s, '_> {
    fn depth(&self) -> usize {
        let blocks = self
            .open
            .iter()
            .filter(|open| open.kind == Kind::Block)
            .count();
        self.open.len() + blocks * (BLOCK_DEPTH - 1)
    }

    fn report(&mut self, finding: Diagnostic) {
        self.out.findings.push(finding);
    }

    fn emit(&mut self, spanned: &Spanned<'s>) {
        self.out.tokens.push(spanned.clone());
    }

    fn token(&mut self, at: usize, spanned: &Spanned<'s>) {
        let span = Span::new(spanned.0, spanned.2);
        let opens = match spanned.1 {
            Tok::LPar => Some(Kind::Paren),
            Tok::LSqb => Some(Kind::Square),
            Tok::LBrace | Tok::LRepeat => Some(Kind::Brace),
            Tok::LarkOpen => Some(Kind::Block),
            _ => None,
        };
        match spanned.1 {
            _ if opens.is_some() => {
                self.open.extend(opens.map(|kind| Open {
                    kind,
                    span,
                    newline_reported: false,
                }));
                self.emit(spanned);
            }
            Tok::RPar => self.closer(spanned, &[Kind::Paren]),
            Tok::RSqb => self.closer(spanned, &[Kind::Square]),
            Tok::RBrace => self.closer(spanned, &[Kind::Brace, Kind::Block]),
            Tok::Nl => self.line_end(at, spanned),
            _ => {
                self.directive_in_line(spanned);
                self.note_item(spanned);
                self.emit(spanned);
            }
        }
    }

    /// Remembers where a definition begins.
    fn note_item(&mut self, spanned: &Spanned<'s>) {
        let starts_line = self
            .out
            .tokens
            .last()
            .is_none_or(|(_, tok, _)| matches!(tok, Tok::Nl | Tok::LarkOpen));
        if starts_line {
            let defines = matches!(
                spanned.1,
                Tok::Name(_) | Tok::Modifier(_) | Tok::Ignore | Tok::Override | Tok::Extend
            );
            self.item_column = defines.then(|| self.column(spanned.0));
            self.line_stands_alone = matches!(spanned.1, Tok::Import | Tok::Options { .. });
        }
    }

    /// A directive needs a line of its own, but behind `%import` and `%llguidance`, whose end shows.
    fn directive_in_line(&mut self, spanned: &Spanned<'s>) {
        let directive = matches!(
            spanned.1,
            Tok::Ignore
                | Tok::Import
                | Tok::Override
                | Tok::Extend
                | Tok::Declare
                | Tok::Options { .. }
        );
        let starts_line = self
            .out
            .tokens
            .last()
            .is_none_or(|(_, tok, _)| matches!(tok, Tok::Nl | Tok::LarkOpen));
        if !directive || starts_line || self.line_stands_alone {
            return;
        }
        let message = format!("{} begins a line of its own", spanned.1);
        let finding = Diagnostic::error("directive-in-body", message);
        self.report(finding.at(Span::new(spanned.0, spanned.2)));
        while self
            .open
            .last()
            .is_some_and(|open| open.kind != Kind::Block)
        {
            self.close_one(spanned.0, None);
        }
        self.out.tokens.push((spanned.0, Tok::Nl, spanned.0));
    }

    fn column(&self, at: usize) -> usize {
        let before = self.source.get(..at).unwrap_or_default().as_bytes();
        at - memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1)
    }

    fn closer(&mut self, spanned: &Spanned<'s>, kinds: &[Kind]) {
        let span = Span::new(spanned.0, spanned.2);
        let block = self.open.iter().rposition(|open| open.kind == Kind::Block);
        let reach = if kinds.contains(&Kind::Block) {
            0
        } else {
            block.map_or(0, |at| at + 1)
        };
        let matching = self
            .open
            .iter()
            .rposition(|open| kinds.contains(&open.kind))
            .filter(|&at| at >= reach);
        if let Some(at) = matching {
            while self.open.len() > at + 1 {
                self.close_one(spanned.0, Some(span));
            }
            self.open.pop();
            self.emit(spanned);
        } else {
            self.stray_closer(spanned, span);
        }
    }

    /// A bracket that no group of its kind waits for. Where a group of another kind waits and is not closed on this line
    /// otherwise, it was meant for that one.
    fn stray_closer(&mut self, spanned: &Spanned<'s>, span: Span) {
        let sign = span.text(self.source);
        let open = self.open.last().filter(|open| open.kind != Kind::Block);
        let Some((kind, opener)) = open.map(|open| (open.kind, open.span)) else {
            let finding =
                Diagnostic::error("unmatched-bracket", format!("`{sign}` closes nothing"));
            return self.report(finding.at(span));
        };
        let (tok, right) = kind.closer();
        let rest = self.source.get(spanned.2..).unwrap_or_default();
        // Only so far: a line of stray brackets must not be read anew for each of them.
        let mut line = rest.chars().take_while(|c| *c != '\n').take(200);
        if line.any(|c| right.starts_with(c)) {
            let finding =
                Diagnostic::error("unmatched-bracket", format!("`{sign}` closes nothing"));
            return self.report(
                finding
                    .at(span)
                    .related(opener, "this is what is open here"),
            );
        }
        let message = format!("`{}` is closed by `{sign}`", opener.text(self.source));
        let finding = Diagnostic::error("unmatched-bracket", message);
        self.report(
            finding
                .at(span)
                .related(opener, "opened here")
                .suggest(span, right),
        );
        self.open.pop();
        self.out.tokens.push((spanned.0, tok, spanned.2));
    }

    /// Closes the innermost group at `at` and reports that the author did not; `instead` is the bracket found in its place.
    fn close_one(&mut self, at: usize, instead: Option<Span>) {
        let Some(open) = self.open.pop() else { return };
        let (tok, sign) = open.kind.closer();
        let opener = open.span.text(self.source);
        let finding = Diagnostic::error(
            "unclosed-bracket",
            format!("`{opener}` is not closed: `{sign}` is missing"),
        )
        .at(open.span);
        let finding = match instead {
            Some(span) => finding.related(
                span,
                format!("`{}` stands in its place", span.text(self.source)),
            ),
            None if open.kind == Kind::Block => finding,
            None => finding.related(Span::at(at), "its rule ends here"),
        };
        self.report(finding);
        self.out.tokens.push((at, tok, at));
    }

    fn close_all(&mut self, at: usize) {
        let had_line_end = matches!(self.out.tokens.last(), Some((_, Tok::Nl, _)));
        let unclosed = !self.open.is_empty();
        while !self.open.is_empty() {
            self.close_one(at, None);
        }
        if unclosed || !had_line_end {
            self.out.tokens.push((at, Tok::Nl, at));
        }
    }

    fn line_end(&mut self, at: usize, spanned: &Spanned<'s>) {
        let span = Span::new(spanned.0, spanned.2);
        let next = self.input.get(at + 1..).unwrap_or_default();
        let in_group = self
            .open
            .last()
            .is_some_and(|open| open.kind != Kind::Block);
        if in_group {
            if next.is_empty() || starts_item(next) {
                while self
                    .open
                    .last()
                    .is_some_and(|open| open.kind != Kind::Block)
                {
                    self.close_one(spanned.0, None);
                }
                return self.emit(spanned);
            }
            return self.newline_in_group(span);
        }
        if let Some(first) = next.first()
            && self.continues(next, first)
        {
            return self.continuation(Span::new(first.0, first.2));
        }
        if let Some((start, Tok::Colon, end)) = next.first()
            && self.is_bare_head()
        {
            return self.colon_on_next_line(Span::new(*start, *end));
        }
        if !matches!(self.out.tokens.last(), Some((_, Tok::Nl, _))) {
            self.emit(spanned);
        }
    }

    fn newline_in_group(&mut self, span: Span) {
        let Some(open) = self.open.last_mut() else {
            return;
        };
        if std::mem::replace(&mut open.newline_reported, true) {
            return;
        }
        let opener = open.span;
        let finding = Diagnostic::error(
            "newline-in-group",
            "a group may go on only in a line that begins with `|`",
        );
        let hint = if matches!(self.out.tokens.last(), Some((_, Tok::VBar, _))) {
            "begin the next line with the `|`, in place of ending this one with it"
        } else {
            "write the group on one line"
        };
        self.report(
            finding
                .at(Span::at(span.start))
                .related(opener, "the group opens here")
                .hint(hint),
        );
    }

    /// Whether the line that begins with `first` goes on with the definition before it, although nothing says so.
    fn continues(&self, line: &[Spanned<'s>], first: &Spanned<'s>) -> bool {
        let Some(column) = self.item_column else {
            return false;
        };
        match first.1 {
            Tok::Str(_)
            | Tok::Regex { .. }
            | Tok::LPar
            | Tok::LSqb
            | Tok::Arrow
            | Tok::If
            | Tok::And
            | Tok::Special(_)
            | Tok::GrammarRef(_)
            | Tok::Json(_)
            | Tok::RegexExt(_)
            | Tok::LarkOpen
            | Tok::Tilde
            | Tok::TildeCount
            | Tok::LRepeat
            | Tok::Op(_) => true,
            Tok::Name(_) => self.column(first.0) > column && !starts_item(line),
            _ => false,
        }
    }

    /// Whether the line that ends here holds a name and nothing else.
    fn is_bare_head(&self) -> bool {
        let mut tokens = self.out.tokens.iter().rev().map(|(_, tok, _)| tok);
        matches!(tokens.next(), Some(Tok::Name(_)))
            && tokens
                .find(|tok| !matches!(tok, Tok::Modifier(_)))
                .is_none_or(|tok| matches!(tok, Tok::Nl | Tok::LarkOpen))
    }

    fn colon_on_next_line(&mut self, span: Span) {
        let finding = Diagnostic::error(
            "colon-on-next-line",
            "the `:` must stand on the line of its name",
        );
        self.report(finding.at(span).hint(
            "write `name: first alternative` on one line; the next ones may stand on lines that begin with `|`",
        ));
    }

    fn continuation(&mut self, span: Span) {
        if matches!(self.out.tokens.last(), Some((_, Tok::Colon, _))) {
            let finding = Diagnostic::error(
                "body-on-next-line",
                "the body must begin on the line of its name",
            )
            .at(span);
            self.report(finding.hint("write the first alternative behind the `:`; the next ones may stand on lines that begin with `|`"));
        } else {
            let finding = Diagnostic::error(
                "line-not-continued",
                "this line begins no definition, and the one before has ended",
            )
            .at(span);
            self.report(finding.hint(
                "begin the line with `|` for another alternative, or join it with the line before",
            ));
        }
    }
}

/// Whether a line is a directive or the head of a definition: a name, and a `:` before the line ends.
fn starts_item(line: &[Spanned<'_>]) -> bool {
    match line.first().map(|(_, tok, _)| tok) {
        Some(
            Tok::Ignore
            | Tok::Import
            | Tok::Override
            | Tok::Extend
            | Tok::Declare
            | Tok::Options { .. }
            | Tok::Unknown(_)
            | Tok::RBrace,
        ) => true,
        Some(Tok::Name(_) | Tok::Modifier(_)) => line
            .iter()
            .take(64)
            .map(|(_, tok, _)| tok)
            .take_while(|tok| !matches!(tok, Tok::Nl | Tok::NlBar { .. } | Tok::If))
            .enumerate()
            .any(|(at, tok)| matches!(tok, Tok::Colon) || (at == 1 && matches!(tok, Tok::Eq))),
        _ => false,
    }
}
