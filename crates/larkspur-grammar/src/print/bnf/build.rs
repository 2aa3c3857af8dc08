//! From a grammar to rules over characters.

use regex_syntax::hir::{Class, Hir, HirKind, Look};
use rustc_hash::FxHashMap;

use super::Target;
use super::piece::{Bnf, BnfRule, Piece};
use crate::grammar::{Expr, Extent, Grammar, Opaque, Pattern, Terminal};
use crate::lexing::Lexing;
use crate::loss::{Effect, Loss};
use crate::regular::chars;
use crate::regular::dfa::CharDfa;

/// States of the automaton that a terminal with `&` or `~` may become, each of them a rule.
const MAX_STATES: usize = 2_000;

pub(super) fn rules(
    grammar: &Grammar,
    lexing: Option<&mut Lexing>,
    target: Target,
    losses: &mut Vec<Loss>,
) -> Bnf {
    let mut builder = Builder {
        grammar,
        lexing,
        target,
        losses,
        bnf: Bnf::default(),
        named: FxHashMap::default(),
    };
    builder.reserve();
    builder.terminals();
    builder.rules();
    builder.bnf
}

struct Builder<'a> {
    grammar: &'a Grammar,
    lexing: Option<&'a mut Lexing>,
    target: Target,
    losses: &'a mut Vec<Loss>,
    bnf: Bnf,
    /// By terminal that has a rule of its own: which.
    named: FxHashMap<usize, usize>,
}

impl Builder<'_> {
    /// Rules first, then named terminals: the order of the text.
    fn reserve(&mut self) {
        let rule = |name: &str| BnfRule {
            name: name.to_owned(),
            body: Piece::NEVER,
            made: false,
        };
        let rules = self.grammar.rules().iter().map(|known| rule(&known.name));
        self.bnf.rules = rules.collect();
        self.bnf.start = self.grammar.start().index();
        for (at, terminal) in self.grammar.terminals().iter().enumerate() {
            if terminal.named || by_automaton(terminal) {
                let name = terminal.name.to_lowercase();
                let made = self.bnf.push(name, Piece::NEVER, false);
                self.named.insert(at, made);
            }
        }
    }

    fn terminals(&mut self) {
        for (at, terminal) in self.grammar.terminals().iter().enumerate() {
            let piece = self.terminal(at, terminal);
            let lexeme = match self.named.get(&at) {
                Some(&rule) => {
                    self.set_body(rule, piece);
                    Piece::Rule(rule)
                }
                None => piece,
            };
            self.bnf.lexemes.push(lexeme);
        }
    }

    fn terminal(&mut self, at: usize, terminal: &Terminal) -> Piece {
        if !by_automaton(terminal) {
            return self.pattern(&terminal.pattern, terminal);
        }
        let id = self.grammar.terminal_ids().nth(at);
        let dfa = match (id, self.lexing.as_mut()) {
            (Some(id), Some(lexing)) => lexing.automata.dfa(id, MAX_STATES),
            _ => None,
        };
        if let Some(dfa) = dfa {
            return self.automaton(at, &dfa);
        }
        let why = format!("its automaton has more than {MAX_STATES} states");
        let (code, what) = match terminal.extent {
            Extent::Shortest => ("lazy", "it may end later than at its first possible end"),
            Extent::Longest => ("terminal-operator", "`&` and `~` are dropped"),
        };
        let loss = Loss::new(code, Effect::Wider, what, why);
        self.losses.push(loss.of(&terminal.name, terminal.span));
        self.pattern(&terminal.pattern, terminal)
    }

    /// Recursion is bounded by the depth of the pattern (`Limits::max_depth`).
    fn pattern(&mut self, pattern: &Pattern, of: &Terminal) -> Piece {
        match pattern {
            Pattern::Literal {
                text,
                ignore_case: false,
            } => Piece::text(text),
            Pattern::Literal { text, .. } => caseless(text),
            Pattern::Range { first, last } => Piece::set(chars::range(*first, *last)),
            Pattern::Regex(regex) => self.hir(&regex.hir, of),
            Pattern::Terminal(id) => {
                if let Some(&rule) = self.named.get(&id.index()) {
                    Piece::Rule(rule)
                } else {
                    let inner = self.grammar.terminal(*id);
                    self.pattern(&inner.pattern, inner)
                }
            }
            Pattern::Concat(parts) => {
                let parts: Vec<Piece> = parts.iter().map(|part| self.pattern(part, of)).collect();
                Piece::seq(parts)
            }
            Pattern::Alt(parts) => {
                let parts: Vec<Piece> = parts.iter().map(|part| self.pattern(part, of)).collect();
                Piece::alt(parts)
            }
            Pattern::Repeat { pattern, min, max } => self.pattern(pattern, of).repeat(*min, *max),
            // Only where the automaton was too large: the nearest that is wider.
            Pattern::And(parts) => match parts.iter().find(|part| !needs_automaton(part)) {
                Some(part) => self.pattern(part, of),
                None => any_text(),
            },
            Pattern::Not(_) => any_text(),
            Pattern::Substring(pieces) => self.substring(pieces, of),
        }
    }

    /// Recursion is bounded by the nesting of the regex.
    fn hir(&mut self, hir: &Hir, of: &Terminal) -> Piece {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(Look::Start | Look::End) => Piece::EMPTY,
            HirKind::Literal(bytes) => match std::str::from_utf8(&bytes.0) {
                Ok(text) => Piece::text(text),
                Err(_) => self.not_utf8(of),
            },
            HirKind::Class(Class::Unicode(class)) => Piece::set(class.clone()),
            HirKind::Class(Class::Bytes(class)) => {
                if let Some(class) = class.to_unicode_class() {
                    Piece::set(class)
                } else {
                    let mut ascii = class.clone();
                    ascii.intersect(&regex_syntax::hir::ClassBytes::new([
                        regex_syntax::hir::ClassBytesRange::new(0, 0x7F),
                    ]));
                    let kept = ascii.to_unicode_class().map_or(Piece::NEVER, Piece::set);
                    self.not_utf8(of);
                    kept
                }
            }
            HirKind::Look(_) => {
                let why = format!("{} cannot look around", self.target.name());
                let loss = Loss::new(
                    "look-around",
                    Effect::Wider,
                    "a look-around is dropped",
                    why,
                );
                self.losses.push(loss.of(&of.name, of.span));
                Piece::EMPTY
            }
            HirKind::Repetition(repetition) => {
                let inner = self.hir(&repetition.sub, of);
                inner.repeat(repetition.min, repetition.max)
            }
            HirKind::Capture(capture) => self.hir(&capture.sub, of),
            HirKind::Concat(parts) => {
                let parts: Vec<Piece> = parts.iter().map(|part| self.hir(part, of)).collect();
                Piece::seq(parts)
            }
            HirKind::Alternation(parts) => {
                let parts: Vec<Piece> = parts.iter().map(|part| self.hir(part, of)).collect();
                Piece::alt(parts)
            }
        }
    }

    fn not_utf8(&mut self, of: &Terminal) -> Piece {
        let why = format!("{} knows characters, not bytes", self.target.name());
        let what = "texts that are not UTF-8 are dropped";
        let loss = Loss::new("invalid-utf8", Effect::Narrower, what, why);
        self.losses.push(loss.of(&of.name, of.span));
        Piece::NEVER
    }

    /// Any run of neighbours: a rule for the runs that begin at each piece.
    fn substring(&mut self, pieces: &[String], of: &Terminal) -> Piece {
        let mut starts = vec![Piece::EMPTY];
        let mut from_here = Piece::EMPTY;
        let name = of.name.to_lowercase();
        for (at, piece) in pieces.iter().enumerate().rev() {
            let body = Piece::seq([Piece::text(piece), from_here.optional()]);
            let rule = self.bnf.push(format!("{name}-from-{at}"), body, true);
            from_here = Piece::Rule(rule);
            starts.push(from_here.clone());
        }
        starts.reverse();
        Piece::alt(starts)
    }

    /// An automaton as right-linear rules: one for each state but the start.
    fn automaton(&mut self, terminal: usize, dfa: &CharDfa) -> Piece {
        let name = self
            .grammar
            .terminals()
            .get(terminal)
            .map(|known| known.name.to_lowercase());
        let name = name.unwrap_or_default();
        let own = self.named.get(&terminal).copied();
        let mut rules = vec![own.unwrap_or_default()];
        for at in 1..dfa.states.len() {
            rules.push(self.bnf.push(format!("{name}-{at}"), Piece::NEVER, true));
        }
        let mut bodies = Vec::new();
        for (at, state) in dfa.states.iter().enumerate() {
            let mut loops = Piece::EMPTY;
            let mut ways: Vec<Piece> = Vec::new();
            for (class, to) in &state.edges {
                let one = Piece::set(class.clone());
                if *to == at && at != 0 {
                    loops = one.repeat(0, None);
                } else if dfa
                    .states
                    .get(*to)
                    .is_some_and(|state| state.edges.is_empty())
                {
                    ways.push(one);
                } else {
                    let next = rules.get(*to).copied().unwrap_or_default();
                    ways.push(Piece::seq([one, Piece::Rule(next)]));
                }
            }
            if state.accepting {
                ways.push(Piece::EMPTY);
            }
            bodies.push(Piece::seq([loops, optional_last(ways)]));
        }
        for (rule, body) in rules.iter().zip(bodies.iter()).skip(1) {
            self.set_body(*rule, body.clone());
        }
        bodies.into_iter().next().unwrap_or(Piece::NEVER)
    }

    fn set_body(&mut self, at: usize, body: Piece) {
        if let Some(rule) = self.bnf.rules.get_mut(at) {
            rule.body = body;
        }
    }

    fn rules(&mut self) {
        for (at, rule) in self.grammar.rules().iter().enumerate() {
            let body = self.expr(&rule.body, &rule.name);
            self.set_body(at, body);
        }
    }

    /// Recursion is bounded by the depth of the expression (`Limits::max_depth`).
    fn expr(&mut self, expr: &Expr, rule: &str) -> Piece {
        match expr {
            Expr::Empty => Piece::EMPTY,
            Expr::Rule { id, .. } => Piece::Rule(id.index()),
            Expr::Terminal { id, .. } => Piece::Lexeme(id.index()),
            Expr::Seq(parts) => {
                let parts: Vec<Piece> = parts.iter().map(|part| self.expr(part, rule)).collect();
                Piece::seq(parts)
            }
            Expr::Alt(parts) => {
                let parts: Vec<Piece> = parts
                    .iter()
                    .map(|part| self.expr(&part.expr, rule))
                    .collect();
                optional_last(Vec::from_iter(parts))
            }
            Expr::Repeat { expr, min, max, .. } => self.expr(expr, rule).repeat(*min, *max),
            Expr::Opaque { what, span } => {
                let (piece, loss) = opaque(what, self.target);
                self.losses
                    .extend(loss.map(|loss| loss.of(rule, None).at(*span)));
                piece
            }
        }
    }
}

/// Alternatives; an empty one makes the others optional.
fn optional_last(mut ways: Vec<Piece>) -> Piece {
    let before = ways.len();
    ways.retain(|way| !way.is_empty());
    let nullable = ways.len() < before;
    let all = Piece::alt(ways);
    match nullable {
        true if all.is_never() => Piece::EMPTY,
        true => all.optional(),
        false => all,
    }
}

fn any_text() -> Piece {
    Piece::set(chars::any()).repeat(0, None)
}

fn caseless(text: &str) -> Piece {
    Piece::seq(text.chars().map(|c| Piece::set(chars::caseless(c))))
}

/// Whether a terminal is written as its automaton.
fn by_automaton(terminal: &Terminal) -> bool {
    terminal.extent == Extent::Shortest || needs_automaton(&terminal.pattern)
}

/// Whether a pattern needs an automaton to be written without `&` and `~`.
fn needs_automaton(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::And(_) | Pattern::Not(_))
        || pattern.children().iter().any(needs_automaton)
}

fn opaque(what: &Opaque, target: Target) -> (Piece, Option<Loss>) {
    let lost = |what: &str, piece: Piece, effect| {
        let why = format!("{} has nothing like it", target.name());
        (piece, Some(Loss::new("opaque", effect, what, why)))
    };
    match what {
        Opaque::JsonSchema(_) => lost("`%json` becomes any text", any_text(), Effect::Wider),
        Opaque::NamedGrammar(name) | Opaque::Imported(name) => lost(
            &format!("`{name}` becomes any text"),
            any_text(),
            Effect::Wider,
        ),
        Opaque::NestedLark(_) => lost("`%lark` becomes any text", any_text(), Effect::Wider),
        Opaque::SpecialToken(token) => match target {
            Target::Gbnf if is_gbnf_token(token) => (Piece::Verbatim(token.clone()), None),
            _ => lost(
                &format!("the token `{token}` is dropped"),
                Piece::EMPTY,
                Effect::Other,
            ),
        },
    }
}

/// `<[128010]>`, which llama.cpp reads too; the other forms name other things there.
fn is_gbnf_token(token: &str) -> bool {
    token
        .strip_prefix("<[")
        .and_then(|rest| rest.strip_suffix("]>"))
        .is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))
}
