//! What stands around the name of a definition: modifiers, priority, parameters, attributes.

use super::Lowering;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Feature, Support};
use crate::grammar::{Expr, Extent, Pattern};
use crate::lark::params;
use crate::lark::syntax::{AtomKind, Attribute, AttributeValue, Definition, Name, NameKind};
use crate::span::Span;

/// Keys of attributes, and what their value must be.
const KEYS: &[(&str, Value)] = &[
    ("capture", Value::MaybeString),
    ("lazy", Value::None),
    ("stop", Value::Terminal),
    ("stop_capture", Value::String),
    ("suffix", Value::Terminal),
    ("max_tokens", Value::Count),
    ("temperature", Value::Number),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    None,
    MaybeString,
    String,
    Terminal,
    Count,
    Number,
}

impl<'f> Lowering<'f> {
    pub(super) fn head_features(&mut self, definition: &'f Definition) {
        let terminal = definition.name.is_terminal();
        self.modifiers(definition, terminal);
        self.name_features(&definition.name);
        if let Some(priority) = &definition.priority {
            let feature = if terminal {
                Feature::TerminalPriority
            } else {
                Feature::RulePriority
            };
            self.require(feature, priority.span);
            if self.dialect.support(feature) == Support::Yes
                && priority.text.parse::<i32>().is_err()
            {
                self.report(
                    Diagnostic::error(
                        "priority",
                        format!("`{}` is no whole number", priority.text),
                    )
                    .at(priority.span),
                );
            }
        }
        if let Some(template) = &definition.template {
            self.require(Feature::Template, template.span);
            self.template_parameters(&template.parameters, terminal, template.span);
        }
        if let Some(span) = definition.parameter {
            self.require(Feature::Parameter, span);
            if terminal {
                self.report(
                    Diagnostic::error("parameter", "terminals take no parameters").at(span),
                );
            }
        }
        self.attributes(definition, terminal);
    }

    fn modifiers(&mut self, definition: &Definition, terminal: bool) {
        let signs: String = definition.modifiers.iter().map(|(sign, _)| *sign).collect();
        let Some((_, first)) = definition.modifiers.first() else {
            return;
        };
        let Some((_, last)) = definition.modifiers.last() else {
            return;
        };
        let span = first.to(*last);
        if terminal {
            let message = format!("`{signs}` stands before the names of rules only");
            return self.report(
                Diagnostic::error("modifier", message)
                    .at(span)
                    .suggest(span, ""),
            );
        }
        if !matches!(signs.as_str(), "?" | "!" | "!?" | "?!") {
            return self.report(
                Diagnostic::error("modifier", format!("`{signs}` is no modifier of a rule"))
                    .at(span)
                    .hint("there are `?` and `!`"),
            );
        }
        if last.end != definition.name.span.start || span.len() != signs.len() {
            return self.report(
                Diagnostic::error(
                    "modifier",
                    format!("`{signs}` must touch the name behind it"),
                )
                .at(span),
            );
        }
        let hidden = definition.name.text.starts_with('_');
        if signs.contains('?') && hidden {
            let message = format!(
                "`?` and `_` cannot both mark a rule: `_` already leaves out the node of `{}`",
                definition.name.text
            );
            return self.report(
                Diagnostic::error("modifier", message)
                    .at(span)
                    .hint("leave `?` out"),
            );
        }
        if signs == "?!" {
            self.require(Feature::ModifierOrder, span);
        }
    }

    pub(super) fn name_features(&mut self, name: &Name) {
        if name.text.contains('-') && name.kind() != NameKind::Neither {
            self.require(Feature::DashInName, name.span);
        }
    }

    fn template_parameters(&mut self, parameters: &'f [Name], terminal: bool, span: Span) {
        if terminal {
            return self.report(
                Diagnostic::error("template", "terminals cannot be templates")
                    .at(span)
                    .hint("write it as a rule, in lower case"),
            );
        }
        for (index, parameter) in parameters.iter().enumerate() {
            let first = parameters
                .get(..index)
                .and_then(|before| before.iter().find(|other| other.text == parameter.text));
            if let Some(first) = first {
                let message = format!("the parameter `{}` is named twice", parameter.text);
                self.report(
                    Diagnostic::error("template", message)
                        .at(parameter.span)
                        .related(first.span, "first named here"),
                );
            }
            if let Some(symbol) = self.scope.get(&parameter.text) {
                let defined = symbol.span;
                let message = format!("the parameter `{}` has the name of a rule", parameter.text);
                self.report(
                    Diagnostic::error("template", message)
                        .at(parameter.span)
                        .related(defined, "defined here"),
                );
            }
        }
    }

    fn attributes(&mut self, definition: &'f Definition, terminal: bool) {
        let Some((first, last)) = definition
            .attributes
            .first()
            .zip(definition.attributes.last())
        else {
            return;
        };
        let span = first.span.to(last.span);
        if terminal {
            let finding = Diagnostic::error("attribute", "terminals take no attributes").at(span);
            return self.report(finding.hint(format!(
                "give them to a rule: `{}[…]: {}`",
                definition.name.text.to_lowercase(),
                definition.name.text
            )));
        }
        let stops = definition
            .attributes
            .iter()
            .any(|attribute| matches!(attribute.key.text.as_str(), "lazy" | "stop" | "suffix"));
        self.require(
            if stops {
                Feature::StopAttributes
            } else {
                Feature::Attributes
            },
            span,
        );
        if self.dialect.support(Feature::Attributes) == Support::Refused {
            return;
        }
        for attribute in &definition.attributes {
            self.attribute(attribute);
        }
        self.attribute_clashes(definition);
    }

    fn attribute(&mut self, attribute: &Attribute) {
        let key = attribute.key.text.as_str();
        let Some((_, wanted)) = KEYS.iter().find(|(known, _)| *known == key) else {
            let finding = Diagnostic::error("attribute", format!("there is no attribute `{key}`"))
                .at(attribute.key.span);
            return self.report(match crate::suggest::closest(key, KEYS.iter().map(|(known, _)| *known)) {
                Some(near) => finding.hint(format!("did you mean `{near}`?")).suggest(attribute.key.span, near),
                None => finding.hint("there are capture, lazy, stop, stop_capture, suffix, max_tokens, temperature"),
            });
        };
        let fits = match (wanted, &attribute.value) {
            (Value::String | Value::MaybeString, Some(AttributeValue::Atom(atom))) => {
                matches!(&atom.kind, AtomKind::String(string) if !string.ignore_case)
            }
            (Value::None | Value::MaybeString, None)
            | (Value::Terminal, Some(AttributeValue::Atom(_))) => true,
            (Value::Count, Some(AttributeValue::Number(number))) => {
                number.text.parse::<usize>().is_ok()
            }
            (Value::Number, Some(AttributeValue::Number(number))) => {
                number.text.parse::<f32>().is_ok()
            }
            _ => false,
        };
        if !fits {
            let form = match wanted {
                Value::None => "`lazy` alone".to_owned(),
                Value::MaybeString => "`capture` alone, or `capture=\"name\"`".to_owned(),
                Value::String => format!("`{key}=\"name\"`"),
                Value::Terminal => format!("`{key}=\"text\"`, `{key}=/regex/` or `{key}=NAME`"),
                Value::Count => format!("`{key}=20`, a whole number"),
                Value::Number => format!("`{key}=0.7`"),
            };
            self.report(
                Diagnostic::error("attribute", format!("`{key}` is written {form}"))
                    .at(attribute.span),
            );
        }
    }

    fn attribute_clashes(&mut self, definition: &Definition) {
        let mut ends: Option<&Attribute> = None;
        for attribute in &definition.attributes {
            let key = attribute.key.text.as_str();
            let ends_here = matches!(key, "stop" | "suffix");
            if ends_here && let Some(first) = ends {
                let message = format!("`{key}` cannot be joined with `{}`", first.key.text);
                self.report(
                    Diagnostic::error("attribute", message)
                        .at(attribute.span)
                        .related(first.span, "the rule is ended here already"),
                );
            }
            if ends_here || (key == "lazy" && ends.is_none()) {
                ends = Some(attribute);
            }
            if definition.parameter.is_some() && !matches!(key, "capture" | "stop_capture") {
                self.report(
                    Diagnostic::error(
                        "attribute",
                        format!("a rule with a parameter takes no `{key}`"),
                    )
                    .at(attribute.span),
                );
            }
        }
        if let Some(capture) = definition
            .attribute("stop_capture")
            .filter(|_| ends.is_none())
        {
            self.report(
                Diagnostic::error(
                    "attribute",
                    "`stop_capture` names what `stop` or `suffix` matched, and there is neither",
                )
                .at(capture.span),
            );
        }
    }

    /// The body of a rule whose attributes make it one lexeme, or an error; `None` for every other rule.
    pub(super) fn attributed_body(&mut self, definition: &'f Definition) -> Option<Expr> {
        if self.dialect.support(Feature::Attributes) == Support::Refused
            || definition.attributes.is_empty()
        {
            return None;
        }
        let zero = definition.attribute("max_tokens").is_some_and(
            |attribute| matches!(&attribute.value, Some(AttributeValue::Number(number)) if number.text.parse::<usize>() == Ok(0)),
        );
        if zero {
            return Some(Expr::Empty);
        }
        let stop = definition
            .attribute("stop")
            .or_else(|| definition.attribute("suffix"));
        let lazy = definition.attribute("lazy").is_some();
        if stop.is_some() || lazy {
            return Some(self.shortest(definition, stop));
        }
        let sampled = definition.attribute("max_tokens").is_some()
            || definition.attribute("temperature").is_some();
        if sampled && !is_subgrammar(definition) {
            let pattern = self.pattern(&definition.body);
            let id = self.as_terminal(pattern, definition.body.span);
            return Some(Expr::Terminal {
                id,
                keep: true,
                span: Some(definition.body.span),
            });
        }
        None
    }

    fn shortest(&mut self, definition: &'f Definition, stop: Option<&'f Attribute>) -> Expr {
        let span = definition.body.span;
        let body = self.pattern(&definition.body);
        let stop = match stop.and_then(|attribute| attribute.value.as_ref()) {
            Some(AttributeValue::Atom(atom)) => Some(self.pattern_atom(atom)),
            _ => None,
        };
        let (pattern, extent) = match stop {
            // `suffix=""` switches laziness off.
            Some(Pattern::Literal { text, .. }) if text.is_empty() => (body, Extent::Longest),
            Some(stop) => (Pattern::Concat(vec![body, stop]), Extent::Shortest),
            None => (body, Extent::Shortest),
        };
        let id = self.builder.anonymous(pattern, extent, Some(span));
        Expr::Terminal {
            id,
            keep: true,
            span: Some(span),
        }
    }

    /// A template or a rule with a parameter, as far as it can be checked without arguments.
    pub(super) fn check_parameters(&mut self, definition: &'f Definition) {
        if definition.parameter.is_none() {
            return;
        }
        if !uses_parameter(definition) {
            let message = format!(
                "the rule `{}` has a parameter, and nothing in it depends on it",
                definition.name.text
            );
            self.report(
                Diagnostic::error("parameter", message)
                    .at(definition.name.span)
                    .hint("leave `::_` out"),
            );
        }
    }

    /// A rule without a parameter must not ask for one.
    pub(super) fn check_no_parameter(&mut self, definition: &'f Definition) {
        if definition.parameter.is_none() && uses_parameter(definition) {
            let name = &definition.name.text;
            let message = format!("`{name}` has no parameter, and its body depends on one");
            self.report(
                Diagnostic::error("parameter", message)
                    .at(definition.name.span)
                    .hint(format!("define it as `{name}::_: …`")),
            );
        }
    }
}

/// Whether a condition, or an argument that is computed, stands in the body.
fn uses_parameter(definition: &Definition) -> bool {
    let conditions = definition
        .body
        .alternatives
        .iter()
        .filter_map(|alternative| alternative.condition.as_ref());
    let mut uses = conditions.into_iter().any(|term| {
        params::condition(term).is_ok_and(|condition| condition != params::Condition::True)
    });
    crate::lark::scope::visit_atoms(&definition.body, &mut |atom| match &atom.kind {
        AtomKind::Parametric { argument, .. } => {
            uses |= params::argument(argument).is_ok_and(params::Argument::needs_parameter);
        }
        AtomKind::Group(body) | AtomKind::Optional(body) => {
            let mut conditions = body
                .alternatives
                .iter()
                .filter_map(|alternative| alternative.condition.as_ref());
            uses |= conditions.any(|term| {
                params::condition(term).is_ok_and(|condition| condition != params::Condition::True)
            });
        }
        _ => {}
    });
    uses
}

/// Whether the body is a single `%json`, `%lark` or `@name`.
fn is_subgrammar(definition: &Definition) -> bool {
    let [alternative] = definition.body.alternatives.as_slice() else {
        return false;
    };
    let [sequence] = alternative.conjuncts.as_slice() else {
        return false;
    };
    let [piece] = sequence.pieces.as_slice() else {
        return false;
    };
    piece.quantifiers.is_empty()
        && piece.complements.is_empty()
        && matches!(
            piece.atom.kind,
            AtomKind::Json(_) | AtomKind::Nested(_) | AtomKind::GrammarRef(_)
        )
}
