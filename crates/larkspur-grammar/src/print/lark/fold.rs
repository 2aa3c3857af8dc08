//! Terminals for a grammar that has no lexer.
//!
//! A scannerless grammar says everything by rules over characters. Lark readers want terminals: they are what a person reads,
//! and a lexeme for each character is slow. So each rule that is regular becomes a terminal, and so do repetitions and
//! choices of characters inside other rules. A greedy lexer may then read less than the rules allow ([`crate::lexing`] finds
//! where); there the terminals are taken apart again, first into the pieces the author wrote, then into characters. Where
//! every lexeme is one character, a greedy lexer has nothing to be greedy with.

mod flat;
mod regular;

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};

use super::is_greedy;
use crate::dialect::Dialect;
use crate::grammar::{
    Alternative, Expr, Extent, Grammar, GrammarBuilder, Pattern, RuleId, Semantics, TerminalId,
};
use crate::lexing::Lexing;
use crate::loss::{self, Effect, Loss};
use regular::Regular;

/// Rounds of taking apart before everything is.
const MAX_ROUNDS: usize = 16;

/// How far a rule has been taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// One terminal, if it is regular; else rules over terminals.
    Whole,
    /// Rules over the pieces as the author wrote them.
    Pieces,
    /// Rules over characters.
    Characters,
}

/// `grammar` with terminals, for a reader with the lexer of `dialect`.
pub(super) fn fold(
    grammar: &Grammar,
    dialect: &'static Dialect,
    losses: &mut Vec<Loss>,
) -> Grammar {
    let regular = Regular::new(grammar);
    let mut levels = vec![Level::Whole; grammar.rules().len()];
    for round in 0..=MAX_ROUNDS {
        let Some((folded, owners)) = Fold::run(grammar, &regular, &levels) else {
            break;
        };
        if !is_greedy(dialect) {
            return folded;
        }
        let Some(mut lexing) = Lexing::new(&folded) else {
            losses.push(loss::unknown_lexing(Effect::Narrower));
            return folded;
        };
        let found = lexing.greedy(&folded);
        let greedy = match &found {
            Some(greedy) if greedy.is_empty() => return folded,
            Some(greedy) => greedy.as_slice(),
            None => &[],
        };
        let mut raised = false;
        for terminal in greedy
            .iter()
            .flat_map(|greedy| [greedy.terminal, greedy.rival])
        {
            for (rule, level) in owners.get(&terminal).into_iter().flatten() {
                if let Some(slot) = levels.get_mut(*rule)
                    && *slot < *level
                {
                    *slot = *level;
                    raised = true;
                }
            }
        }
        if round + 1 == MAX_ROUNDS {
            levels.fill(Level::Characters);
        } else if !raised {
            let why = "llguidance never gives back what a lexeme has taken";
            losses.extend(loss::greedy(&folded, &mut lexing, Effect::Narrower, why));
            return folded;
        }
    }
    grammar.clone()
}

/// By terminal: the rules to take further apart, and how far, so that it goes away.
type Owners = FxHashMap<TerminalId, Vec<(usize, Level)>>;

struct Fold<'a> {
    grammar: &'a Grammar,
    regular: &'a Regular,
    levels: &'a [Level],
    builder: GrammarBuilder,
    names: FxHashSet<String>,
    /// By rule: what it has become.
    rules: FxHashMap<usize, RuleId>,
    terminals: FxHashMap<usize, TerminalId>,
    owners: Owners,
    /// Rules that are used and not yet written.
    used: FixedBitSet,
}

impl<'a> Fold<'a> {
    fn run(
        grammar: &'a Grammar,
        regular: &'a Regular,
        levels: &'a [Level],
    ) -> Option<(Grammar, Owners)> {
        let mut fold = Self {
            grammar,
            regular,
            levels,
            builder: GrammarBuilder::new(Semantics::Llguidance),
            names: FxHashSet::default(),
            rules: FxHashMap::default(),
            terminals: FxHashMap::default(),
            owners: Owners::default(),
            used: FixedBitSet::with_capacity(grammar.rules().len()),
        };
        let start = fold.builder.rule("start");
        fold.names.insert("start".to_owned());
        fold.reserve(start);
        for id in fold.written() {
            fold.write(id);
        }
        let built = fold.builder.build(start).ok()?;
        Some((built, fold.owners))
    }

    /// The rules that stay rules and that the start leads to, in the order of the author.
    fn written(&mut self) -> Vec<RuleId> {
        let mut stack = vec![self.grammar.start()];
        while let Some(id) = stack.pop() {
            if self.used.put(id.index()) {
                continue;
            }
            let inner = crate::grammar::analysis::rules_in(&self.grammar.rule(id).body);
            stack.extend(inner.into_iter().filter(|id| !self.is_whole(*id)));
        }
        self.grammar
            .rule_ids()
            .filter(|id| self.used.contains(id.index()))
            .collect()
    }

    /// Gives the rules their names, in order, so that the text keeps it.
    fn reserve(&mut self, start: RuleId) {
        for id in self.grammar.rule_ids() {
            if id == self.grammar.start() {
                self.rules.insert(id.index(), start);
            } else if !self.is_whole(id) {
                let name = self.fresh(&self.grammar.rule(id).name.to_lowercase());
                let rule = self.builder.rule(&name);
                self.rules.insert(id.index(), rule);
            }
        }
    }

    fn fresh(&mut self, name: &str) -> String {
        let wanted = name.replace('-', "_");
        let mut name = wanted.clone();
        let mut next = 2_u32;
        while !self.names.insert(name.clone()) {
            name = format!("{wanted}_{next}");
            next += 1;
        }
        name
    }

    fn level(&self, id: RuleId) -> Level {
        self.levels.get(id.index()).copied().unwrap_or(Level::Whole)
    }

    /// Whether the rule becomes a terminal.
    fn is_whole(&self, id: RuleId) -> bool {
        self.level(id) == Level::Whole && self.regular.contains(id)
    }

    fn write(&mut self, id: RuleId) {
        let rule = self.grammar.rule(id);
        let body = if self.is_whole(id) {
            self.reference(id)
        } else {
            self.expr(&rule.body, id)
        };
        if let Some(&made) = self.rules.get(&id.index()) {
            let tree = crate::grammar::RuleTree::default();
            self.builder
                .define_rule_with(made, body, rule.span, tree, 0);
        }
    }

    /// The use of a rule.
    fn reference(&mut self, id: RuleId) -> Expr {
        if !self.is_whole(id) {
            return self
                .rules
                .get(&id.index())
                .map_or(Expr::Empty, |rule| Expr::rule(*rule));
        }
        let Some(terminal) = self.terminal(id) else {
            return Expr::Empty;
        };
        self.own(terminal, id, Level::Pieces);
        let lexeme = Expr::terminal(terminal);
        if self.regular.is_nullable(id) {
            lexeme.optional()
        } else {
            lexeme
        }
    }

    fn own(&mut self, terminal: TerminalId, rule: RuleId, level: Level) {
        let owners = self.owners.entry(terminal).or_default();
        if !owners.contains(&(rule.index(), level)) {
            owners.push((rule.index(), level));
        }
    }

    /// The terminal of a regular rule, without its empty text; `None` if it has no other.
    fn terminal(&mut self, id: RuleId) -> Option<TerminalId> {
        if let Some(known) = self.terminals.get(&id.index()) {
            return Some(*known);
        }
        let rule = self.grammar.rule(id);
        let pattern = self.pattern(&rule.body);
        let pattern = flat::flatten(regular::solid(&pattern)?);
        let name = self.fresh(&rule.name.to_uppercase());
        let terminal = self.builder.terminal(&name);
        self.builder
            .define_terminal_with(terminal, pattern, rule.span, Extent::Longest, 0);
        self.terminals.insert(id.index(), terminal);
        Some(terminal)
    }

    /// A regular expression over rules and terminals as a pattern. Recursion is bounded by the depth of expressions, times
    /// the length of the longest chain of rules, which [`Regular`] bounds.
    fn pattern(&mut self, expr: &Expr) -> Pattern {
        match expr {
            Expr::Empty | Expr::Opaque { .. } => Pattern::empty(),
            Expr::Terminal { id, .. } => regular::plain(self.grammar, *id),
            Expr::Rule { id, .. } => match self.terminal(*id) {
                None => Pattern::empty(),
                Some(terminal) if self.regular.is_nullable(*id) => Pattern::Repeat {
                    pattern: Box::new(Pattern::Terminal(terminal)),
                    min: 0,
                    max: Some(1),
                },
                Some(terminal) => Pattern::Terminal(terminal),
            },
            Expr::Seq(parts) => {
                Pattern::Concat(parts.iter().map(|part| self.pattern(part)).collect())
            }
            Expr::Alt(parts) => {
                Pattern::Alt(parts.iter().map(|part| self.pattern(&part.expr)).collect())
            }
            Expr::Repeat { expr, min, max, .. } => Pattern::Repeat {
                pattern: Box::new(self.pattern(expr)),
                min: *min,
                max: *max,
            },
        }
    }

    /// The body of a rule that stays one. Recursion is bounded by the depth of the expression (`Limits::max_depth`).
    fn expr(&mut self, expr: &Expr, of: RuleId) -> Expr {
        if self.level(of) < Level::Characters && self.is_run(expr) {
            let pattern = self.pattern(expr);
            return self.lexeme(&pattern, of);
        }
        match expr {
            Expr::Empty => Expr::Empty,
            Expr::Opaque { .. } => expr.clone(),
            Expr::Rule { id, .. } => self.reference(*id),
            Expr::Terminal { id, .. } => {
                let pattern = regular::plain(self.grammar, *id);
                if self.level(of) == Level::Characters {
                    flat::characters(&pattern, &mut self.builder)
                        .unwrap_or_else(|| self.lexeme(&pattern, of))
                } else {
                    self.lexeme(&pattern, of)
                }
            }
            Expr::Seq(parts) => {
                let parts: Vec<Expr> = parts.iter().map(|part| self.expr(part, of)).collect();
                Expr::seq(parts)
            }
            Expr::Alt(parts) => {
                let parts = parts
                    .iter()
                    .map(|part| Alternative::from(self.expr(&part.expr, of)));
                Expr::Alt(parts.collect())
            }
            Expr::Repeat { expr, min, max, .. } => self.expr(expr, of).repeat(*min, *max),
        }
    }

    /// A repetition or a choice of characters: what a person would write as one regex.
    fn is_run(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Repeat { expr, max, .. } => *max != Some(1) && regular::is_plain(expr),
            Expr::Alt(parts) => {
                let classes = parts.iter().filter(|part| {
                    matches!(&part.expr, Expr::Terminal { id, .. }
                        if !matches!(self.grammar.terminal(*id).pattern, Pattern::Literal { .. }))
                });
                classes.count() > 0 && regular::is_plain(expr)
            }
            _ => false,
        }
    }

    /// `pattern` as a lexeme without a name.
    fn lexeme(&mut self, pattern: &Pattern, of: RuleId) -> Expr {
        let nullable = regular::is_nullable_pattern(pattern);
        let Some(solid) = regular::solid(pattern) else {
            return Expr::Empty;
        };
        let flat = flat::flatten(solid);
        let keep = !matches!(flat, Pattern::Literal { .. });
        let terminal = self.builder.anonymous(flat, Extent::Longest, None);
        self.own(terminal, of, Level::Characters);
        let lexeme = Expr::Terminal {
            id: terminal,
            keep,
            span: None,
        };
        if nullable { lexeme.optional() } else { lexeme }
    }
}
