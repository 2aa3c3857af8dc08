//! Grammars inside grammars: rules in the place of pieces that this crate cannot look into.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{BuildError, GrammarBuilder};
use crate::diagnostic::Diagnostic;
use crate::grammar::{
    Alternative, Expr, Grammar, Opaque, Pattern, Rule, RuleId, Terminal, TerminalId, analysis,
};
use crate::limits::Limits;

impl Grammar {
    /// The pieces that this crate cannot look into, each once, with the rule that it was met in first.
    pub fn opaque_pieces(&self) -> Vec<(&Opaque, &Rule)> {
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        for rule in self.rules() {
            let mut open = vec![&rule.body];
            while let Some(expr) = open.pop() {
                if let Expr::Opaque { what, .. } = expr
                    && seen.insert(what)
                {
                    found.push((what, rule));
                }
                let inside: Vec<&Expr> = expr.children().collect();
                open.extend(inside.into_iter().rev());
            }
        }
        found
    }

    /// Puts the rules of other grammars in the place of pieces that this crate cannot look into; pieces that are not listed stay.
    ///
    /// One lexer cuts the whole text. So what this grammar ignores may also stand inside the other ones, and these must ignore
    /// nothing themselves and be meant for the same lexer.
    ///
    /// ```
    /// use larkspur_grammar::{Compiled, Dialect, lark};
    ///
    /// let outer = lark::compile(r#"start: "point=" %json { "type": "null" }"#, Dialect::llguidance())?;
    /// let inner = lark::compile(r#"start: "null""#, Dialect::llguidance())?;
    /// let piece = outer.opaque_pieces()[0].0.clone();
    /// let whole = outer.embed(&[(piece, inner)])?;
    ///
    /// let compiled = Compiled::new(&whole)?;
    /// assert!(compiled.accepts(&mut compiled.cache(), "point=null")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where one of the other grammars ignores something or has other [`Semantics`](crate::grammar::Semantics), or the whole is beyond
    /// the default [`Limits`].
    pub fn embed(&self, known: &[(Opaque, Self)]) -> Result<Self, BuildError> {
        let mut builder = GrammarBuilder::holding(self);
        let names = self.rules().iter().map(|rule| rule.name.clone());
        let mut taken: FxHashSet<String> = names.collect();
        let mut places: FxHashMap<&Opaque, RuleId> = FxHashMap::default();
        for (what, inner) in known {
            if !inner.ignore().is_empty() || inner.semantics() != self.semantics() {
                let message = "a grammar that is put into another one ignores text of its own, or is meant for another lexer";
                return Err(BuildError::new(vec![Diagnostic::error(
                    "foreign-lexer",
                    message,
                )]));
            }
            let start = Guest::new(&mut builder, inner, &mut taken).move_in();
            places.insert(what, start);
        }
        builder.replace_opaque(&places);
        builder.build(self.start())
    }
}

impl GrammarBuilder {
    /// A builder that holds all of a grammar, under the same ids.
    fn holding(grammar: &Grammar) -> Self {
        let mut builder = Self::with_limits(grammar.semantics(), Limits::default());
        for terminal in grammar.terminals() {
            builder.take_in(terminal.clone());
        }
        for rule in grammar.rules() {
            let id = builder.rule(&rule.name);
            builder.define(id, rule.clone());
        }
        for id in grammar.ignore() {
            builder.ignore(*id);
        }
        builder.options(grammar.options());
        builder
    }

    /// Adds a terminal as it is; its name is free if it has one.
    fn take_in(&mut self, terminal: Terminal) -> TerminalId {
        let (pattern, extent) = (terminal.pattern.clone(), terminal.extent);
        let name = if terminal.named {
            terminal.name.clone()
        } else {
            String::new()
        };
        let id = self.push_terminal(name.clone(), Some(terminal));
        if !name.is_empty() {
            self.terminal_ids.insert(name, id);
        }
        self.by_pattern.add(&pattern, extent, id);
        id
    }

    fn define(&mut self, id: RuleId, rule: Rule) {
        self.define_rule_with(id, rule.body, rule.span, rule.tree, rule.priority);
    }

    fn replace_opaque(&mut self, places: &FxHashMap<&Opaque, RuleId>) {
        let leaf = |expr: &Expr| match expr {
            Expr::Opaque { what, span } => places.get(what).map(|id| Expr::Rule {
                id: *id,
                span: *span,
            }),
            _ => None,
        };
        for rule in &mut self.rules {
            if let Some(rule) = &mut rule.definition {
                rule.body = with_leaves(&rule.body, &leaf);
            }
        }
    }
}

/// A grammar that is taken into another one.
struct Guest<'g> {
    builder: &'g mut GrammarBuilder,
    grammar: &'g Grammar,
    taken: &'g mut FxHashSet<String>,
    rules: Vec<RuleId>,
    terminals: Vec<TerminalId>,
}

impl<'g> Guest<'g> {
    fn new(
        builder: &'g mut GrammarBuilder,
        grammar: &'g Grammar,
        taken: &'g mut FxHashSet<String>,
    ) -> Self {
        Self {
            builder,
            grammar,
            taken,
            rules: Vec::new(),
            terminals: vec![TerminalId(0); grammar.terminals().len()],
        }
    }

    /// Copies everything; the rule that its sentences begin with.
    fn move_in(mut self) -> RuleId {
        for id in analysis::terminal_order(self.grammar) {
            let terminal = self.terminal(self.grammar.terminal(id).clone());
            if let Some(place) = self.terminals.get_mut(id.index()) {
                *place = terminal;
            }
        }
        for (id, rule) in self.grammar.rule_ids().zip(self.grammar.rules()) {
            let wanted = if id == self.grammar.start() {
                "json"
            } else {
                &rule.name
            };
            let name = self.free_name(wanted);
            self.rules.push(self.builder.rule(&name));
        }
        for (id, rule) in self.rules.iter().zip(self.grammar.rules()) {
            let leaf = |expr: &Expr| match expr {
                Expr::Rule { id, span } => Some(Expr::Rule {
                    id: *self.rules.get(id.index())?,
                    span: *span,
                }),
                Expr::Terminal { id, keep, span } => Some(Expr::Terminal {
                    id: *self.terminals.get(id.index())?,
                    keep: *keep,
                    span: *span,
                }),
                _ => None,
            };
            let mut rule = rule.clone();
            rule.body = with_leaves(&rule.body, &leaf);
            self.builder.define(*id, rule);
        }
        let start = self.rules.get(self.grammar.start().index());
        start.copied().unwrap_or(RuleId(0))
    }

    /// The terminal with the same texts, or a new one.
    fn terminal(&mut self, mut terminal: Terminal) -> TerminalId {
        terminal.pattern = self.pattern(&terminal.pattern);
        let known = &self.builder.by_pattern;
        if let Some(known) = known.get(&terminal.pattern, terminal.extent) {
            return known;
        }
        let wanted = terminal.name.clone();
        let mut next = 2;
        while terminal.named && self.builder.terminal_ids.contains_key(&terminal.name) {
            terminal.name = format!("{wanted}_{next}");
            next += 1;
        }
        self.builder.take_in(terminal)
    }

    /// Terminals that this one refers to come before it. Recursion is as deep as patterns are, which is bounded.
    fn pattern(&self, pattern: &Pattern) -> Pattern {
        let all = |parts: &[Pattern]| parts.iter().map(|part| self.pattern(part)).collect();
        match pattern {
            Pattern::Terminal(id) => {
                Pattern::Terminal(self.terminals.get(id.index()).copied().unwrap_or(*id))
            }
            Pattern::Concat(parts) => Pattern::Concat(all(parts)),
            Pattern::Alt(parts) => Pattern::Alt(all(parts)),
            Pattern::And(parts) => Pattern::And(all(parts)),
            Pattern::Not(of) => Pattern::Not(Box::new(self.pattern(of))),
            Pattern::Repeat { pattern, min, max } => Pattern::Repeat {
                pattern: Box::new(self.pattern(pattern)),
                min: *min,
                max: *max,
            },
            Pattern::Literal { .. }
            | Pattern::Range { .. }
            | Pattern::Regex(_)
            | Pattern::Substring(_) => pattern.clone(),
        }
    }

    fn free_name(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut next = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{wanted}_{next}");
            next += 1;
        }
        name
    }
}

/// An expression with other leaves; those for which there is none stay. Recursion is as deep as expressions are, which is bounded.
fn with_leaves(expr: &Expr, leaf: &impl Fn(&Expr) -> Option<Expr>) -> Expr {
    match expr {
        Expr::Seq(parts) => Expr::Seq(parts.iter().map(|part| with_leaves(part, leaf)).collect()),
        Expr::Alt(parts) => Expr::Alt(
            parts
                .iter()
                .map(|part| Alternative {
                    expr: with_leaves(&part.expr, leaf),
                    ..part.clone()
                })
                .collect(),
        ),
        Expr::Repeat {
            expr,
            min,
            max,
            placeholder,
        } => Expr::Repeat {
            expr: Box::new(with_leaves(expr, leaf)),
            min: *min,
            max: *max,
            placeholder: *placeholder,
        },
        Expr::Empty | Expr::Rule { .. } | Expr::Terminal { .. } | Expr::Opaque { .. } => {
            leaf(expr).unwrap_or_else(|| expr.clone())
        }
    }
}
