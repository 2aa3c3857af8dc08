//! Forms to a grammar.

use regex_syntax::ParserBuilder;

use super::form::{Form, Forms};
use super::pattern::{Question, class};
use crate::grammar::{
    Alternative, BuildError, Expr, Extent, Grammar, GrammarBuilder, Pattern, RegexPattern, RuleId,
    RuleTree, Semantics,
};
use crate::limits::Limits;
use crate::regular::regex;

pub(super) fn grammar(forms: &Forms, limits: &Limits) -> Result<Grammar, BuildError> {
    let mut builder = GrammarBuilder::with_limits(Semantics::Scannerless, limits.clone());
    let rules: Vec<RuleId> = forms
        .versions
        .iter()
        .map(|version| builder.rule(&version.name))
        .collect();
    let skip = forms.skip.as_ref().map(|(name, _)| builder.rule(name));
    let mut build = Build {
        builder,
        rules,
        skip,
    };
    for (at, version) in forms.versions.iter().enumerate() {
        let body = build.expr(&version.form);
        let tree = tree(version.silent);
        if let Some(&id) = build.rules.get(at) {
            build
                .builder
                .define_rule_with(id, body, Some(version.span), tree, 0);
        }
    }
    if let (Some(id), Some((_, form))) = (skip, &forms.skip) {
        let body = build.expr(form);
        build
            .builder
            .define_rule_with(id, body, None, tree(true), 0);
    }
    let start = build.rules.get(forms.start).copied();
    let start = start.unwrap_or_else(|| build.builder.rule(""));
    build.builder.build(start)
}

/// Silent rules show in no tree.
fn tree(silent: bool) -> RuleTree {
    let mut tree = RuleTree::default();
    tree.inline |= silent;
    tree
}

struct Build {
    builder: GrammarBuilder,
    rules: Vec<RuleId>,
    skip: Option<RuleId>,
}

impl Build {
    /// Recursion is bounded by the depth of groups.
    fn expr(&mut self, form: &Form) -> Expr {
        match form {
            Form::Empty | Form::Start | Form::End | Form::Ahead(..) => Expr::Empty,
            Form::Text(text) => self.builder.literal(text),
            Form::Set(set) => Expr::terminal(self.builder.anonymous(
                class(set.clone()),
                Extent::Longest,
                None,
            )),
            Form::Regular(regular) => {
                let plain = plain(&regular.pattern).unwrap_or_else(|| regular.pattern.clone());
                Expr::terminal(
                    self.builder
                        .anonymous(plain, Extent::Longest, Some(regular.span)),
                )
            }
            Form::Rule(at) => self
                .rules
                .get(*at)
                .map_or(Expr::Empty, |id| Expr::rule(*id)),
            Form::Skip => self.skip.map_or(Expr::Empty, Expr::rule),
            Form::Seq(parts) => {
                let parts: Vec<Expr> = parts.iter().map(|part| self.expr(part)).collect();
                Expr::seq(parts)
            }
            Form::Choice(parts, _) => {
                let parts = parts.iter().map(|part| Alternative::from(self.expr(part)));
                Expr::Alt(parts.collect())
            }
            Form::Repeat(inner, min, max, _) => self.expr(inner).repeat(*min, *max),
        }
    }
}

/// The longest regex that an automaton is written as, and the largest automaton.
const MAX_REGEX: usize = 20_000;
const MAX_STATES: usize = 200;

/// A pattern without `&` and `~`, by its automaton; `None` where that is too large.
fn plain(pattern: &Pattern) -> Option<Pattern> {
    let Question {
        mut automata,
        grammar,
        ..
    } = Question::new(&[pattern])?;
    let dfa = automata.dfa(grammar.terminal_ids().next()?, MAX_STATES)?;
    let source = regex::of_dfa(&dfa, MAX_REGEX)?;
    let hir = ParserBuilder::new().build().parse(&source).ok()?;
    Some(Pattern::Regex(RegexPattern::new(source, "", hir)))
}
