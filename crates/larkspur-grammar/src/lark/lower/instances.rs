//! Templates and rules with parameters: each use with other arguments is a rule of its own.

use super::Lowering;
use crate::diagnostic::Diagnostic;
use crate::dialect::Feature;
use crate::grammar::{Expr, RuleId};
use crate::lark::params;
use crate::lark::scope::SymbolKind;
use crate::lark::syntax::{AtomKind, Body, Definition, Name, Term};
use crate::span::Span;

/// The longest name of an instance: arguments of arguments of arguments end somewhere.
const MAX_NAME: usize = 4096;

/// What the names of a template's parameters, and `_`, stand for while a body is lowered.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment<'f> {
    parameters: &'f [Name],
    arguments: Vec<Argument<'f>>,
    /// The value of a rule's parameter.
    pub(super) value: Option<u64>,
}

impl<'f> Environment<'f> {
    pub(super) fn parameters(&self) -> &'f [Name] {
        self.parameters
    }

    pub(super) fn argument(&self, name: &str) -> Option<&Argument<'f>> {
        let index = self
            .parameters
            .iter()
            .position(|parameter| parameter.text == name)?;
        self.arguments.get(index)
    }
}

/// What a parameter of a template stands for.
#[derive(Clone, Debug)]
pub(super) struct Argument<'f> {
    /// As it is written, parameters replaced.
    text: String,
    pub(super) expr: Expr,
    /// The template it names, where it names one.
    template: Option<&'f Name>,
}

/// A rule still to be made.
pub(super) struct Instance<'f> {
    id: RuleId,
    definition: &'f Definition,
    extra: Vec<&'f Body>,
    environment: Environment<'f>,
    in_use: bool,
}

impl<'f> Lowering<'f> {
    /// `name{arguments}`.
    pub(super) fn template_use(
        &mut self,
        name: &'f Name,
        arguments: &'f [Body],
        span: Span,
        environment: &Environment<'f>,
    ) -> Expr {
        self.require(Feature::TemplateUse, span);
        if self.is_elsewhere(name) {
            return Expr::rule(self.builder.rule(&name.text));
        }
        let Some((name, definition, extra)) = self.template(name, span, environment) else {
            return nothing();
        };
        let wanted = definition
            .template
            .as_ref()
            .map_or(&[][..], |template| template.parameters.as_slice());
        if wanted.len() != arguments.len() {
            self.report(
                wrong_arguments(definition, wanted.len(), arguments.len())
                    .at(span)
                    .related(definition.name.span, "defined here"),
            );
            return nothing();
        }
        let arguments: Vec<Argument<'f>> = arguments
            .iter()
            .map(|body| self.argument(body, environment))
            .collect();
        let texts: Vec<&str> = arguments
            .iter()
            .map(|argument| argument.text.as_str())
            .collect();
        let key = format!("{}{{{}}}", name.text, texts.join(","));
        let inner = Environment {
            parameters: wanted,
            arguments,
            value: None,
        };
        self.instance(&key, definition, extra, inner, span)
    }

    /// Whether the name is of another file, which is not read: whatever it is there, a use of it is opaque.
    fn is_elsewhere(&self, name: &Name) -> bool {
        let symbol = self.scope.get(&name.text);
        symbol
            .is_some_and(|symbol| matches!(symbol.kind, SymbolKind::Elsewhere { terminal: false }))
    }

    /// The rule that a template's name, or a parameter that stands for one, leads to.
    fn template(
        &mut self,
        name: &'f Name,
        span: Span,
        environment: &Environment<'f>,
    ) -> Option<(&'f Name, &'f Definition, Vec<&'f Body>)> {
        let name = match environment.argument(&name.text) {
            Some(Argument {
                template: Some(template),
                ..
            }) => template,
            Some(_) => {
                let message = format!("`{}` does not stand for a template here", name.text);
                self.report(Diagnostic::error("template", message).at(span));
                return None;
            }
            None => name,
        };
        match self.scope.get(&name.text).map(|symbol| &symbol.kind) {
            Some(SymbolKind::Rule(definition, extra)) => Some((name, *definition, extra.clone())),
            Some(_) => {
                self.report(
                    Diagnostic::error("template", format!("`{}` is no template", name.text))
                        .at(span),
                );
                None
            }
            None => {
                self.unknown(name, environment);
                None
            }
        }
    }

    fn argument(&mut self, body: &'f Body, environment: &Environment<'f>) -> Argument<'f> {
        if let Some(name) = single_name(body) {
            if let Some(argument) = environment.argument(&name.text) {
                return argument.clone();
            }
            let is_template = matches!(
                self.scope.get(&name.text).map(|symbol| &symbol.kind),
                Some(SymbolKind::Rule(definition, _)) if definition.template.is_some()
            );
            if is_template {
                return Argument {
                    text: name.text.clone(),
                    expr: nothing(),
                    template: Some(name),
                };
            }
        }
        let mut text = body.span.text(self.source).trim().to_owned();
        for (parameter, argument) in environment.parameters.iter().zip(&environment.arguments) {
            // Texts only tell instances apart; a parameter's name inside a string makes two where one would do.
            text = replace_word(&text, &parameter.text, &argument.text);
        }
        let expr = self.body(body, environment);
        if matches!(expr, Expr::Seq(_) | Expr::Repeat { .. })
            || matches!(&expr, Expr::Alt(parts) if !parts.is_empty())
        {
            let finding = Diagnostic::error("template", "an argument is one name, string or regex");
            self.report(finding.at(body.span).hint("give it a rule of its own"));
            return Argument {
                text: String::new(),
                expr: nothing(),
                template: None,
            };
        }
        Argument {
            text,
            expr,
            template: None,
        }
    }

    /// `name::argument`.
    pub(super) fn parametric_use(
        &mut self,
        name: &'f Name,
        argument: &'f Term,
        span: Span,
        environment: &Environment<'f>,
    ) -> Expr {
        self.require(Feature::Parameter, span);
        let argument = match params::argument(argument) {
            Ok(argument) => argument,
            Err(finding) => {
                self.report_always(*finding);
                return nothing();
            }
        };
        let (definition, extra) = match self.scope.get(&name.text).map(|symbol| &symbol.kind) {
            Some(SymbolKind::Rule(definition, extra)) => (*definition, extra.clone()),
            Some(_) => {
                self.report(
                    Diagnostic::error("parameter", format!("`{}` is no rule", name.text)).at(span),
                );
                return nothing();
            }
            None => {
                self.unknown(name, environment);
                return nothing();
            }
        };
        if definition.parameter.is_none() {
            let finding = Diagnostic::error(
                "parameter",
                format!("the rule `{}` takes no parameter", name.text),
            )
            .at(span);
            self.report(finding.related(definition.name.span, "defined here, without `::_`"));
            return nothing();
        }
        let value = argument.eval(environment.value.unwrap_or_default());
        let key = format!("{}::{value:#x}", name.text);
        let inner = Environment {
            value: Some(value),
            ..Environment::default()
        };
        self.instance(&key, definition, extra, inner, span)
    }

    fn instance(
        &mut self,
        key: &str,
        definition: &'f Definition,
        extra: Vec<&'f Body>,
        environment: Environment<'f>,
        span: Span,
    ) -> Expr {
        if let Some(id) = self.instances.get(key) {
            return Expr::Rule {
                id: *id,
                span: Some(span),
            };
        }
        if key.len() > MAX_NAME || self.instances.len() >= self.limits.max_instances {
            let most = self.limits.max_instances;
            let message = format!(
                "`{}` is used with ever new arguments: more than {most} rules, or names of more than {MAX_NAME} bytes",
                definition.name.text
            );
            self.report(Diagnostic::error("limit", message).at(span));
            return nothing();
        }
        let id = self.builder.rule(key);
        self.instances.insert(key.to_owned(), id);
        self.pending.push_back(Instance {
            id,
            definition,
            extra,
            environment,
            in_use: self.in_use,
        });
        Expr::Rule {
            id,
            span: Some(span),
        }
    }

    pub(super) fn make_instances(&mut self) {
        while let Some(instance) = self.pending.pop_front() {
            self.in_use = instance.in_use;
            let label = Some(instance.definition.name.text.clone());
            self.rule(
                instance.id,
                instance.definition,
                &instance.extra,
                &instance.environment,
                label,
            );
            if self.findings.len() > self.limits.max_diagnostics {
                self.pending.clear();
            }
        }
        self.in_use = true;
    }

    /// Reports an error that is one whether the definition is used or not.
    pub(super) fn report_always(&mut self, finding: Diagnostic) {
        let in_use = std::mem::replace(&mut self.in_use, true);
        self.report(finding);
        self.in_use = in_use;
    }
}

fn wrong_arguments(definition: &Definition, wanted: usize, given: usize) -> Diagnostic {
    let name = &definition.name.text;
    let message = match wanted {
        0 => format!("`{name}` is no template"),
        1 => format!("the template `{name}` takes 1 argument, not {given}"),
        _ => format!("the template `{name}` takes {wanted} arguments, not {given}"),
    };
    Diagnostic::error("template", message)
}

/// Nothing at all: what stands for a part that could not be lowered.
pub(super) const fn nothing() -> Expr {
    Expr::Alt(Vec::new())
}

/// The name, if the body is nothing else.
fn single_name(body: &Body) -> Option<&Name> {
    let [alternative] = body.alternatives.as_slice() else {
        return None;
    };
    let [sequence] = alternative.conjuncts.as_slice() else {
        return None;
    };
    let [piece] = sequence.pieces.as_slice() else {
        return None;
    };
    match &piece.atom.kind {
        AtomKind::Name(name) if piece.quantifiers.is_empty() && piece.complements.is_empty() => {
            Some(name)
        }
        _ => None,
    }
}

fn replace_word(text: &str, word: &str, by: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let is_name = |c: char| c == '_' || c.is_alphanumeric();
    while let Some(at) = rest.find(word) {
        let (before, found) = rest.split_at(at);
        let after = found.get(word.len()..).unwrap_or_default();
        let whole = !before.ends_with(is_name) && !after.starts_with(is_name);
        out.push_str(before);
        out.push_str(if whole { by } else { word });
        rest = after;
    }
    out.push_str(rest);
    out
}
