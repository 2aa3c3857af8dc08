//! Bodies of rules to expressions.

use super::Lowering;
use super::instances::{Environment, nothing};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Feature, Support};
use crate::grammar::{Alternative, Expr, Extent, Opaque, Pattern, RuleId, RuleTree, Semantics};
use crate::lark::params;
use crate::lark::scope::{Scope, SymbolKind};
use crate::lark::syntax::{self, Atom, AtomKind, Body, Definition, Item, Name, Piece, Sequence};
use crate::span::Span;

impl<'f> Lowering<'f> {
    /// Defines one rule. `label` is given for instances of templates and of rules with parameters.
    pub(super) fn rule(
        &mut self,
        id: RuleId,
        definition: &'f Definition,
        extra: &[&'f Body],
        environment: &Environment<'f>,
        label: Option<String>,
    ) {
        self.keep_all = definition.has_modifier('!');
        let tree = RuleTree {
            inline: definition.name.text.starts_with('_'),
            inline_single: definition.has_modifier('?'),
            keep_all: self.keep_all,
            label,
        };
        self.check_no_parameter(definition);
        self.hidden_aliases(definition);
        let body = if let Some(body) = self.attributed_body(definition) {
            body
        } else {
            let mut alternatives = Vec::new();
            for body in extra.iter().chain(&[&definition.body]) {
                alternatives.extend(self.alternatives(body, environment));
            }
            collapse(alternatives)
        };
        self.builder.define_rule_with(
            id,
            body,
            Some(definition.name.span),
            tree,
            super::priority(definition),
        );
        self.keep_all = false;
    }

    /// Lark has no node to give the name to.
    fn hidden_aliases(&mut self, definition: &'f Definition) {
        if self.dialect.semantics() != Semantics::Lark || !definition.name.text.starts_with('_') {
            return;
        }
        for alias in definition
            .body
            .alternatives
            .iter()
            .filter_map(|alternative| alternative.alias.as_ref())
        {
            let message = format!(
                "`{}` has no node of its own, so that its alternatives can have no names",
                definition.name.text
            );
            self.report(
                Diagnostic::error("alias-name", message)
                    .at(alias.span)
                    .hint("leave out the `_` or the alias"),
            );
        }
    }

    /// A body as one expression.
    pub(super) fn body(&mut self, body: &'f Body, environment: &Environment<'f>) -> Expr {
        collapse(self.alternatives(body, environment))
    }

    fn alternatives(&mut self, body: &'f Body, environment: &Environment<'f>) -> Vec<Alternative> {
        if !self.enter(body.span) {
            return Vec::new();
        }
        let mut alternatives = Vec::with_capacity(body.alternatives.len());
        for alternative in &body.alternatives {
            if !self.applies(alternative, environment) {
                continue;
            }
            let expr = self.alternative(alternative, environment);
            let alias = alternative.alias.as_ref().map(|alias| alias.text.clone());
            alternatives.push(Alternative::new(expr, alias, Some(alternative.span)));
        }
        self.leave();
        alternatives
    }

    /// Whether the condition of an alternative holds; it is checked whether the parameter is known or not.
    fn applies(
        &mut self,
        alternative: &'f syntax::Alternative,
        environment: &Environment<'f>,
    ) -> bool {
        let Some(term) = &alternative.condition else {
            return true;
        };
        self.require(Feature::Condition, term.span);
        match params::condition(term) {
            Ok(condition) => condition.holds(environment.value.unwrap_or_default()),
            Err(finding) => {
                self.report_always(*finding);
                // Taken as false: a rule that calls itself would never end.
                false
            }
        }
    }

    fn alternative(
        &mut self,
        alternative: &'f syntax::Alternative,
        environment: &Environment<'f>,
    ) -> Expr {
        if let Some(alias) = &alternative.alias
            && alias.is_terminal()
        {
            self.report_always(
                Diagnostic::error("alias-name", "an alias is a name in lower case").at(alias.span),
            );
        }
        match alternative.conjuncts.as_slice() {
            [sequence] => self.sequence(sequence, environment),
            conjuncts => {
                self.require(Feature::IntersectionInRule, alternative.span);
                let parts = conjuncts
                    .iter()
                    .map(|sequence| self.pattern_sequence(sequence))
                    .collect();
                self.lexeme(Pattern::And(parts), true, alternative.span)
            }
        }
    }

    fn sequence(&mut self, sequence: &'f Sequence, environment: &Environment<'f>) -> Expr {
        let parts: Vec<Expr> = sequence
            .pieces
            .iter()
            .map(|piece| self.piece(piece, environment))
            .collect();
        Expr::seq(parts)
    }

    fn piece(&mut self, piece: &'f Piece, environment: &Environment<'f>) -> Expr {
        let mut expr = if piece.complements.is_empty() {
            self.atom(&piece.atom, environment)
        } else {
            self.require(Feature::ComplementInRule, piece.span);
            let inner = self.pattern_atom(&piece.atom);
            let pattern = self.complement(inner, &piece.complements);
            self.lexeme(pattern, true, piece.span)
        };
        for quantifier in self.quantifiers(piece) {
            // A repetition of at most 0 derives the empty text.
            expr = if quantifier.max == Some(0) {
                Expr::Empty
            } else {
                expr.repeat(quantifier.min, quantifier.max)
            };
        }
        expr
    }

    fn atom(&mut self, atom: &'f Atom, environment: &Environment<'f>) -> Expr {
        let span = atom.span;
        match &atom.kind {
            AtomKind::Group(body) => self.body(body, environment),
            AtomKind::Optional(body) => {
                let inner = self.body(body, environment);
                Expr::Repeat {
                    expr: Box::new(inner),
                    min: 0,
                    max: Some(1),
                    placeholder: true,
                }
            }
            AtomKind::Name(name) => self.name(name, environment),
            AtomKind::Modified(modifiers, name) => self.modified(modifiers, name),
            AtomKind::Template { name, arguments } => {
                self.template_use(name, arguments, span, environment)
            }
            AtomKind::Parametric { name, argument } => {
                self.parametric_use(name, argument, span, environment)
            }
            AtomKind::String(string) => match self.string(string) {
                Some(Pattern::Literal { text, .. }) if text.is_empty() => Expr::Empty,
                Some(pattern) => self.lexeme(pattern, self.keep_all, span),
                None => nothing(),
            },
            AtomKind::Range(..) | AtomKind::Regex(_) | AtomKind::RegexExtension(_) => {
                let pattern = self.pattern_atom(atom);
                self.lexeme(pattern, true, span)
            }
            AtomKind::Json(json) => self.opaque(
                Feature::JsonSchema,
                Opaque::JsonSchema(json.text.clone()),
                span,
            ),
            AtomKind::Nested(items) => self.nested(items, span),
            AtomKind::SpecialToken(text) => {
                self.special_token(text, span);
                self.opaque(
                    Feature::SpecialToken,
                    Opaque::SpecialToken(text.clone()),
                    span,
                )
            }
            AtomKind::GrammarRef(text) => self.grammar_ref(text, span),
            AtomKind::Error => nothing(),
        }
    }

    fn grammar_ref(&mut self, text: &str, span: Span) -> Expr {
        if text.bytes().skip(1).all(|b| b.is_ascii_digit()) {
            let message = format!("`{text}`: grammars are referred to by name, not by number");
            self.report(Diagnostic::error("grammar-reference", message).at(span));
        }
        self.opaque(
            Feature::GrammarRef,
            Opaque::NamedGrammar(text.to_owned()),
            span,
        )
    }

    fn opaque(&mut self, feature: Feature, what: Opaque, span: Span) -> Expr {
        self.require(feature, span);
        Expr::Opaque {
            what,
            span: Some(span),
        }
    }

    pub(super) fn lexeme(&mut self, pattern: Pattern, keep: bool, span: Span) -> Expr {
        if matches!(&pattern, Pattern::Alt(parts) if parts.is_empty()) {
            return nothing();
        }
        let id = match pattern {
            Pattern::Terminal(id) => id,
            pattern => self.builder.anonymous(pattern, Extent::Longest, Some(span)),
        };
        Expr::Terminal {
            id,
            keep,
            span: Some(span),
        }
    }

    fn name(&mut self, name: &'f Name, environment: &Environment<'f>) -> Expr {
        if let Some(argument) = environment.argument(&name.text) {
            let mut expr = argument.expr.clone();
            // What is given to a `!template` shows in its tree.
            if let Expr::Terminal { keep, .. } = &mut expr {
                *keep |= self.keep_all;
            }
            return expr;
        }
        let Some(symbol) = self.scope.get(&name.text) else {
            self.unknown(name, environment);
            return nothing();
        };
        let span = Some(name.span);
        match &symbol.kind {
            SymbolKind::Rule(definition, _)
                if definition.template.is_some() || definition.parameter.is_some() =>
            {
                let finding = lacking(name, definition);
                self.report(finding);
                nothing()
            }
            SymbolKind::Rule(..) | SymbolKind::Elsewhere { terminal: false } => Expr::Rule {
                id: self.builder.rule(&name.text),
                span,
            },
            _ => {
                let keep = self.keep_all || !name.text.starts_with('_');
                Expr::Terminal {
                    id: self.builder.terminal(&name.text),
                    keep,
                    span,
                }
            }
        }
    }

    /// `"a"?b` is read as `"a" ?b` by all readers of Lark.
    pub(super) fn modified(&mut self, modifiers: &[(char, Span)], name: &Name) -> Expr {
        let Some((sign, span)) = modifiers.first() else {
            return nothing();
        };
        let whole = span.to(name.span);
        let finding = Diagnostic::error(
            "modifier-in-body",
            format!("`{sign}{}` is read as one name", name.text),
        )
        .at(whole);
        self.report(match sign {
            '?' => finding
                .hint("put a blank behind `?`")
                .suggest(whole, format!("? {}", name.text)),
            _ => finding.hint("modifiers stand where a rule is defined"),
        });
        nothing()
    }

    fn nested(&mut self, items: &'f [Item], span: Span) -> Expr {
        if self.dialect.support(Feature::NestedLark) != Support::Refused {
            let scope = Scope::of_items(items, self.source);
            let inner = Lowering::new(
                scope,
                self.source,
                self.dialect,
                self.limits,
                self.depth + 1,
            );
            let lowered = inner.run(items);
            for finding in lowered.findings {
                self.report(finding);
            }
        }
        self.opaque(
            Feature::NestedLark,
            Opaque::NestedLark(span.text(self.source).to_owned()),
            span,
        )
    }

    /// One group deeper; `false` beyond what the dialect takes.
    pub(super) fn enter(&mut self, span: Span) -> bool {
        let most = self.dialect.max_nesting().unwrap_or(usize::MAX);
        if self.depth > most && !std::mem::replace(&mut self.nesting_reported, true) {
            let message = format!(
                "{} takes groups nested {most} deep, and no deeper",
                self.dialect.title()
            );
            self.report_always(
                Diagnostic::error("nesting", message)
                    .at(Span::at(span.start))
                    .hint("give inner groups names of their own"),
            );
        }
        self.depth += 1;
        self.depth <= self.limits.max_depth + 2
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

/// One alternative without a name stands for itself.
fn collapse(mut alternatives: Vec<Alternative>) -> Expr {
    if alternatives.len() == 1 && alternatives.first().is_some_and(|one| one.alias.is_none()) {
        return alternatives.pop().map_or_else(nothing, |one| one.expr);
    }
    Expr::Alt(alternatives)
}

/// A template without arguments, or a rule with a parameter that gets no value.
fn lacking(name: &Name, definition: &Definition) -> Diagnostic {
    let finding = if let Some(template) = &definition.template {
        let count = template.parameters.len();
        let message = format!(
            "the template `{}` is used without its {count} arguments",
            name.text
        );
        Diagnostic::error("template", message)
    } else {
        let message = format!("the rule `{}` needs a parameter", name.text);
        Diagnostic::error("parameter", message).hint(format!("give it a value: `{}::0`", name.text))
    };
    finding
        .at(name.span)
        .related(definition.name.span, "defined here")
}
