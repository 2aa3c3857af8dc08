//! GBNF and EBNF: rules over characters, without a lexer.
//!
//! A grammar passes through these stages, each of them a file:
//! 1. [`piece`]: rules and terminals become one list of rules over characters ([`Piece`]), lexemes still marked;
//! 2. [`skip`]: ignored text is woven in between the lexemes;
//! 3. [`left`], for llama.cpp only: left recursion and repetitions of what may be empty are rewritten;
//! 4. [`count`], for llama.cpp only: counts above its bound are taken apart;
//! 5. [`text`]: names are made valid, and the rules are written.

mod build;
mod count;
mod left;
mod piece;
mod skip;
mod text;

pub(super) use text::Target;

use super::Printed;
use crate::grammar::{Grammar, Semantics};
use crate::lexing::Lexing;
use crate::loss::{self, Effect, Loss};
use piece::{Bnf, Piece};

pub(super) fn print(grammar: &Grammar, target: Target) -> Printed {
    let mut lexing = Lexing::new(grammar);
    let mut losses = lexing_losses(grammar, lexing.as_mut(), target);
    if grammar.options().allow_invalid_utf8 {
        let why = format!("{} knows characters, not bytes", target.name());
        let what = "`allow_invalid_utf8` is dropped";
        losses.push(Loss::new("option", Effect::Narrower, what, why));
    }
    let mut bnf = build::rules(grammar, lexing.as_mut(), target, &mut losses);
    skip::weave(&mut bnf, grammar, lexing.as_ref(), &mut losses);
    bnf.resolve_lexemes();
    bnf.prune();
    if target == Target::Gbnf {
        left::rewrite(&mut bnf, &mut losses);
        count::rewrite(&mut bnf, &mut losses);
    }
    Printed {
        text: text::write(&bnf, target),
        losses,
    }
}

fn lexing_losses(grammar: &Grammar, lexing: Option<&mut Lexing>, target: Target) -> Vec<Loss> {
    let why = format!("{} has no lexer: there it may stop", target.name());
    match (grammar.semantics(), lexing) {
        (Semantics::Llguidance, Some(lexing)) => {
            let mut losses = loss::greedy(grammar, lexing, Effect::Wider, &why);
            losses.extend(loss::lazy(grammar, lexing, Effect::Wider, target.name()));
            losses
        }
        (Semantics::Llguidance, None) => vec![loss::unknown_lexing(Effect::Wider)],
        (Semantics::Lark, _) => priorities(grammar, target),
        (Semantics::Scannerless, _) => Vec::new(),
    }
}

/// Priorities choose between readings; a recogniser without a lexer reads all, so only Lark's contextual lexer can have
/// refused what it accepts.
fn priorities(grammar: &Grammar, target: Target) -> Vec<Loss> {
    let terminals = grammar
        .terminals()
        .iter()
        .filter(|terminal| terminal.priority != 0);
    terminals
        .map(|terminal| {
            let what = format!("priority {} is dropped", terminal.priority);
            let why = format!("{} has no priorities", target.name());
            Loss::new("priority", Effect::Wider, what, why).of(&terminal.name, terminal.span)
        })
        .collect()
}

impl Bnf {
    /// Once ignored text is woven in, a lexeme is nothing but its characters.
    fn resolve_lexemes(&mut self) {
        let lexemes = std::mem::take(&mut self.lexemes);
        for rule in &mut self.rules {
            rule.body.replace(&|piece| match piece {
                Piece::Lexeme(at) => Some(lexemes.get(*at).cloned().unwrap_or(Piece::NEVER)),
                _ => None,
            });
        }
    }
}
