//! Precedence and associativity as strata of rules, which have one reading by construction.

use std::collections::BTreeMap;

use super::{Definitions, Part};
use crate::grammar::{Alternative, Expr, RuleId, RuleTree};

/// Where an operator stands, and on which side it nests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "an operator stands before, behind or between its operands"
)]
pub enum Fixity {
    /// Between, and `a - b - c` is `(a - b) - c`.
    Left,
    /// Between, and `a ^ b ^ c` is `a ^ (b ^ c)`.
    Right,
    /// Between, and `a < b < c` is not a sentence.
    Apart,
    /// Before its operand.
    Prefix,
    /// Behind its operand.
    Postfix,
}

/// A variant of an enum that is an operator.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "derived code writes every field, which makes a new one a compile error there"
)]
pub struct Operator {
    /// The name of its nodes.
    pub name: &'static str,
    /// Greater binds tighter. Operators of the same precedence nest on the same side.
    pub precedence: u32,
    /// Where it stands.
    pub fixity: Fixity,
    /// The operator itself, with what surrounds it.
    pub text: Expr,
}

impl Definitions {
    /// The rule of an enum without operators.
    pub fn choice<T: 'static>(
        &mut self,
        name: &str,
        variants: impl FnOnce(&mut Self) -> Vec<Alternative>,
    ) -> Expr {
        self.rule::<T>(name, |definitions| Expr::Alt(variants(definitions)))
    }

    /// The rules of an enum with operators, one for each precedence and one for what is no operator. Where `group` is given,
    /// an operand may stand between the two, which leave nothing in the tree.
    pub fn strata<T: 'static>(
        &mut self,
        name: &str,
        group: Option<[&[Part<'_>]; 2]>,
        variants: impl FnOnce(&mut Self) -> (Vec<Alternative>, Vec<Operator>),
    ) -> Expr {
        self.rule_with::<T>(name, passing(), |definitions, loosest| {
            let (mut atoms, operators) = variants(definitions);
            if let Some([open, close]) = group {
                let (open, close) = (definitions.parts(open), definitions.parts(close));
                atoms.push(Expr::seq([open, Expr::rule(loosest), close]).into());
            }
            definitions.stack(name, loosest, atoms, operators)
        })
    }

    /// The body of the loosest stratum; the others are defined on the way.
    fn stack(
        &mut self,
        name: &str,
        loosest: RuleId,
        atoms: Vec<Alternative>,
        operators: Vec<Operator>,
    ) -> Expr {
        let mut levels: BTreeMap<u32, Vec<Operator>> = BTreeMap::new();
        for operator in operators {
            levels
                .entry(operator.precedence)
                .or_default()
                .push(operator);
        }
        let mut this = loosest;
        let mut body = None;
        let mut levels = levels.into_values().peekable();
        while let Some(operators) = levels.next() {
            let tighter = match levels.peek() {
                Some(_) => format!("{name}_operand"),
                None => format!("{name}_atom"),
            };
            let (tighter, _) = self.fresh_rule(&tighter);
            let stratum = stratum(this, tighter, operators);
            match body {
                None => body = Some(stratum),
                Some(_) => self.define_passing(this, stratum),
            }
            this = tighter;
        }
        let Some(body) = body else {
            return Expr::Alt(atoms);
        };
        self.define_passing(this, Expr::Alt(atoms));
        body
    }

    fn define_passing(&mut self, id: RuleId, body: Expr) {
        self.builder.define_rule_with(id, body, None, passing(), 0);
    }
}

/// A rule that leaves no node for what it only passes on.
fn passing() -> RuleTree {
    RuleTree {
        inline_single: true,
        ..RuleTree::default()
    }
}

/// The operators of one precedence, or what binds tighter.
fn stratum(this: RuleId, tighter: RuleId, operators: Vec<Operator>) -> Expr {
    let (this, tighter) = (Expr::rule(this), Expr::rule(tighter));
    let mut alternatives: Vec<Alternative> = operators
        .into_iter()
        .map(|operator| {
            let text = operator.text;
            let expr = match operator.fixity {
                Fixity::Left => Expr::seq([this.clone(), text, tighter.clone()]),
                Fixity::Right => Expr::seq([tighter.clone(), text, this.clone()]),
                Fixity::Apart => Expr::seq([tighter.clone(), text, tighter.clone()]),
                Fixity::Prefix => Expr::seq([text, this.clone()]),
                Fixity::Postfix => Expr::seq([this.clone(), text]),
            };
            Alternative::new(expr, Some(operator.name.to_owned()), None)
        })
        .collect();
    alternatives.push(tighter.into());
    Expr::Alt(alternatives)
}
