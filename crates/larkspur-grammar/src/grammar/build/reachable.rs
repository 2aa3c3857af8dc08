//! Only what sentences are made of.

use super::{BuildError, GrammarBuilder, Slot};
use crate::diagnostic::Diagnostic;
use crate::grammar::{Expr, Grammar, Pattern, RuleId, TerminalId};

impl GrammarBuilder {
    /// As [`build`](Self::build), without the rules and terminals that `start` leads nowhere near, so that whoever makes a grammar
    /// may define what only some of its options need.
    ///
    /// ```
    /// use larkspur_grammar::grammar::{Expr, GrammarBuilder, Semantics};
    ///
    /// let mut builder = GrammarBuilder::new(Semantics::Llguidance);
    /// let (start, unused) = (builder.rule("start"), builder.rule("unused"));
    /// let [a, b] = ["a", "b"].map(|text| builder.literal(text));
    /// builder.define_rule(unused, b);
    /// builder.define_rule(start, a);
    /// let grammar = builder.build_reachable(start)?;
    /// assert_eq!((grammar.rules().len(), grammar.terminals().len()), (1, 1));
    /// # Ok::<(), larkspur_grammar::grammar::BuildError>(())
    /// ```
    ///
    /// # Errors
    /// As `build`, also for what is left out.
    pub fn build_reachable(mut self, start: RuleId) -> Result<Grammar, BuildError> {
        self.check_start(start);
        self.check();
        let is_wrong = self.findings.iter().any(Diagnostic::is_error);
        let start = if is_wrong {
            start
        } else {
            self.keep_reachable(start)
        };
        self.finish(start)
    }

    /// Leaves out what cannot be reached; the start under its new id. What there is has been checked.
    fn keep_reachable(&mut self, start: RuleId) -> RuleId {
        let Reached { rules, terminals } = Reached::of(self, start);
        rules.keep(&mut self.rules);
        terminals.keep(&mut self.terminals);
        self.rule_ids.retain(|_, id| rules.renumber(&mut id.0));
        self.terminal_ids
            .retain(|_, id| terminals.renumber(&mut id.0));
        let rest = self.rules.iter_mut();
        for rule in rest.filter_map(|slot| slot.definition.as_mut()) {
            renumber(&mut rule.body, &rules, &terminals);
        }
        let rest = self.terminals.iter_mut();
        for terminal in rest.filter_map(|slot| slot.definition.as_mut()) {
            renumber_pattern(&mut terminal.pattern, &terminals);
        }
        for id in &mut self.ignore {
            terminals.renumber(&mut id.0);
        }
        let mut start = start;
        rules.renumber(&mut start.0);
        start
    }
}

/// What has been reached.
struct Reached {
    rules: Numbers,
    terminals: Numbers,
}

impl Reached {
    fn of(builder: &GrammarBuilder, start: RuleId) -> Self {
        let mut rules = Numbers(vec![None; builder.rules.len()]);
        let mut terminals = Numbers(vec![None; builder.terminals.len()]);
        let mut patterns: Vec<TerminalId> = builder.ignore.clone();
        rules.reach(start.index());
        let mut open = vec![start];
        while let Some(id) = open.pop() {
            let slot = builder.rules.get(id.index());
            let mut bodies: Vec<&Expr> = slot
                .and_then(|slot| slot.definition.as_ref())
                .map(|rule| &rule.body)
                .into_iter()
                .collect();
            while let Some(expr) = bodies.pop() {
                match expr {
                    Expr::Rule { id, .. } if rules.reach(id.index()) => open.push(*id),
                    Expr::Terminal { id, .. } => patterns.push(*id),
                    _ => bodies.extend(expr.children()),
                }
            }
        }
        while let Some(id) = patterns.pop() {
            let slot = builder.terminals.get(id.index());
            if terminals.reach(id.index()) {
                let terminal = slot.and_then(|slot| slot.definition.as_ref());
                patterns.extend(
                    terminal
                        .into_iter()
                        .flat_map(|terminal| terminal.pattern.terminals()),
                );
            }
        }
        rules.count();
        terminals.count();
        Self { rules, terminals }
    }
}

/// New numbers of those that stay.
struct Numbers(Vec<Option<u32>>);

impl Numbers {
    /// Whether it is new.
    fn reach(&mut self, index: usize) -> bool {
        let slot = self.0.get_mut(index);
        slot.is_some_and(|slot| slot.replace(0).is_none())
    }

    /// Gives numbers in the old order.
    fn count(&mut self) {
        for (number, slot) in (0..).zip(self.0.iter_mut().flatten()) {
            *slot = number;
        }
    }

    /// Whether it stays.
    fn renumber(&self, number: &mut u32) -> bool {
        let new = usize::try_from(*number)
            .ok()
            .and_then(|old| self.0.get(old).copied().flatten());
        new.inspect(|new| *number = *new).is_some()
    }

    fn keep<T>(&self, slots: &mut Vec<Slot<T>>) {
        let mut stays = self.0.iter();
        slots.retain(|_| stays.next().is_some_and(Option::is_some));
    }
}

/// Recursion is as deep as expressions are, which is bounded.
fn renumber(expr: &mut Expr, rules: &Numbers, terminals: &Numbers) {
    match expr {
        Expr::Rule { id, .. } => {
            rules.renumber(&mut id.0);
        }
        Expr::Terminal { id, .. } => {
            terminals.renumber(&mut id.0);
        }
        Expr::Seq(parts) => {
            for part in parts {
                renumber(part, rules, terminals);
            }
        }
        Expr::Alt(parts) => {
            for part in parts {
                renumber(&mut part.expr, rules, terminals);
            }
        }
        Expr::Repeat { expr, .. } => renumber(expr, rules, terminals),
        Expr::Empty | Expr::Opaque { .. } => {}
    }
}

/// Recursion is as deep as patterns are, which is bounded.
fn renumber_pattern(pattern: &mut Pattern, terminals: &Numbers) {
    match pattern {
        Pattern::Terminal(id) => {
            terminals.renumber(&mut id.0);
        }
        Pattern::Concat(parts) | Pattern::Alt(parts) | Pattern::And(parts) => {
            for part in parts {
                renumber_pattern(part, terminals);
            }
        }
        Pattern::Repeat { pattern, .. } | Pattern::Not(pattern) => {
            renumber_pattern(pattern, terminals);
        }
        Pattern::Literal { .. }
        | Pattern::Range { .. }
        | Pattern::Regex(_)
        | Pattern::Substring(_) => {}
    }
}
