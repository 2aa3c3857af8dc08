//! `anyOf` and `oneOf`: which of the forms was meant, and why it does not fit.
//!
//! "Not valid under any of the schemas" helps nobody. A person who looks at the value sees at once which form its author
//! had in mind: the one whose tag it carries, or whose fields it has. This module looks the same way.

use jsonschema::{ValidationError, error::ValidationErrorKind};
use serde_json::Value;

use super::explain::{Explainer, Place, json, type_names};
use crate::{Violation, wording};

type Errors = Vec<ValidationError<'static>>;

/// How far a form is from what was written; less is nearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The right fields; something in them is wrong.
    Inside,
    /// Fields are missing or unknown.
    OtherFields,
    /// A constant that tells the forms apart has another value.
    OtherTag,
    /// Another constant, with nothing in it that could be looked at.
    OtherConstant,
    /// Another type of JSON value.
    OtherType,
}

/// A form that does not fit, and how it fails.
struct Branch<'e> {
    errors: &'e Errors,
    fit: Fit,
    /// Fields that are missing or unknown.
    misfits: usize,
}

/// Explains why a value fits none of the forms.
pub(super) fn explain(explainer: &mut Explainer<'_>, place: &Place<'_>, forms: &[Errors]) {
    let mut branches: Vec<Branch<'_>> = forms
        .iter()
        .map(|errors| Branch::new(errors, place))
        .collect();
    branches.retain(|branch| branch.fit < Fit::OtherType);
    branches.sort_by_key(|branch| (branch.fit, branch.misfits, branch.errors.len()));
    if let Some(branch) = meant(&branches) {
        branch
            .errors
            .iter()
            .for_each(|error| explainer.explain(error));
        return;
    }
    let violation = other_tag(explainer, &branches)
        .or_else(|| other_variant(place, &branches))
        .or_else(|| missing_everywhere(place, &branches))
        .unwrap_or_else(|| summary(place, forms));
    explainer.push(|| violation);
}

/// The branch that was evidently meant.
fn meant<'b, 'e>(branches: &'b [Branch<'e>]) -> Option<&'b Branch<'e>> {
    let (first, others) = branches.split_first()?;
    let Some(second) = others.first() else {
        // The only one of the right type; a wrong constant is told in the summary together with the other types.
        return (first.fit < Fit::OtherConstant).then_some(first);
    };
    match first.fit {
        Fit::Inside => Some(first),
        Fit::OtherFields => {
            ((second.fit, second.misfits) != (first.fit, first.misfits)).then_some(first)
        }
        Fit::OtherTag | Fit::OtherConstant | Fit::OtherType => None,
    }
}

impl<'e> Branch<'e> {
    fn new(errors: &'e Errors, place: &Place<'_>) -> Self {
        let fit = errors
            .iter()
            .map(|error| fit(error, place))
            .max()
            .unwrap_or(Fit::Inside);
        let misfits = errors
            .iter()
            .filter(|error| is_at(error, place))
            .map(misfits)
            .sum();
        Self {
            errors,
            fit,
            misfits,
        }
    }
}

fn misfits(error: &ValidationError<'_>) -> usize {
    match error.kind() {
        ValidationErrorKind::Required { .. } => 1,
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => unexpected.len(),
        _ => 0,
    }
}

fn is_at(error: &ValidationError<'_>, place: &Place<'_>) -> bool {
    error.instance_path().as_str() == place.pointer.as_str()
}

/// How far this error alone puts the form.
fn fit(error: &ValidationError<'_>, place: &Place<'_>) -> Fit {
    let here = is_at(error, place);
    match error.kind() {
        ValidationErrorKind::Type { .. } | ValidationErrorKind::FalseSchema if here => {
            Fit::OtherType
        }
        ValidationErrorKind::Constant { .. } | ValidationErrorKind::Enum { .. } if here => {
            Fit::OtherConstant
        }
        ValidationErrorKind::Constant { .. } if is_child(error, place) => Fit::OtherTag,
        ValidationErrorKind::Enum { options } if is_child(error, place) && is_single(options) => {
            Fit::OtherTag
        }
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }
            if here =>
        {
            // Forms within forms: as near as the nearest of them.
            context
                .iter()
                .map(|errors| Branch::new(errors, place).fit)
                .min()
                .unwrap_or(Fit::OtherType)
        }
        _ if here && misfits(error) > 0 => Fit::OtherFields,
        _ => Fit::Inside,
    }
}

/// Whether the error is about a direct child of the place.
fn is_child(error: &ValidationError<'_>, place: &Place<'_>) -> bool {
    let rest = error
        .instance_path()
        .as_str()
        .strip_prefix(place.pointer.as_str());
    rest.and_then(|rest| rest.strip_prefix('/'))
        .is_some_and(|token| !token.contains('/'))
}

fn is_single(options: &Value) -> bool {
    options.as_array().is_some_and(|options| options.len() == 1)
}

/// The value's tag is none of the known ones: all forms that are left have a constant at the same child.
fn other_tag(explainer: &Explainer<'_>, branches: &[Branch<'_>]) -> Option<Violation> {
    let mut path = None;
    let mut tags = Vec::new();
    for branch in branches {
        let error = branch
            .errors
            .iter()
            .find(|error| branch.fit == Fit::OtherTag && !constants(error).is_empty())?;
        if path.get_or_insert(error.instance_path()) != &error.instance_path() {
            return None;
        }
        tags.extend(constants(error));
    }
    path.map(|path| explainer.place(path).one_of(&tags))
}

/// The object's only field is none of the known ones: every form that is left wants one field, and not this one.
///
/// This is how serde writes enums without a tag attribute: `{"Variant": …}`.
fn other_variant(place: &Place<'_>, branches: &[Branch<'_>]) -> Option<Violation> {
    let mut variants = Vec::new();
    let mut unknown = None;
    for branch in branches {
        let (missing, unexpected) = other_fields(branch, place);
        match (missing.as_slice(), unexpected.as_slice()) {
            ([variant], [key]) if *unknown.get_or_insert(*key) == *key => variants.push(*variant),
            _ => return None,
        }
    }
    let key = unknown.filter(|_| variants.len() > 1)?;
    let expected = format!(
        "the field {}",
        wording::list(variants.iter().map(|name| wording::name(name)), "or")
    );
    let mut violation = place.at_key(key, Violation::expected(expected, wording::name(key)));
    violation.hint = wording::did_you_mean(key, variants)
        .map(|meant| format!("did you mean {}?", wording::name(meant)));
    Some(violation)
}

/// A field that all forms want, as a rule their tag.
fn missing_everywhere(place: &Place<'_>, branches: &[Branch<'_>]) -> Option<Violation> {
    let (first, others) = branches.split_first()?;
    let (missing, _) = other_fields(first, place);
    let everywhere = |field: &&str| {
        others
            .iter()
            .all(|branch| other_fields(branch, place).0.contains(field))
    };
    missing
        .into_iter()
        .find(everywhere)
        .map(|field| place.missing_field(field))
}

/// The fields that a form misses and those that it does not know.
fn other_fields<'e>(branch: &Branch<'e>, place: &Place<'_>) -> (Vec<&'e str>, Vec<&'e str>) {
    let mut missing = Vec::new();
    let mut unexpected = Vec::new();
    for error in branch.errors.iter().filter(|error| is_at(error, place)) {
        match error.kind() {
            ValidationErrorKind::Required { property } => missing.extend(property.as_str()),
            ValidationErrorKind::AdditionalProperties { unexpected: keys }
            | ValidationErrorKind::UnevaluatedProperties { unexpected: keys } => {
                unexpected.extend(keys.iter().map(String::as_str));
            }
            _ => {}
        }
    }
    (missing, unexpected)
}

/// All the forms in a few words each.
fn summary(place: &Place<'_>, forms: &[Errors]) -> Violation {
    let mut summary = Summary::default();
    summary.add_forms(place, forms);
    let violation = place.expected(match summary.words.len() {
        0 => "one of the allowed forms".to_owned(),
        _ => wording::list(summary.words, "or"),
    });
    let meant = place
        .node
        .as_str()
        .and_then(|written| wording::did_you_mean(written, summary.strings));
    match meant {
        Some(meant) => violation.hint(format!("did you mean {}?", wording::quoted(meant))),
        None => violation,
    }
}

#[derive(Default)]
struct Summary<'e> {
    words: Vec<String>,
    /// Strings that would have been right.
    strings: Vec<&'e str>,
}

impl<'e> Summary<'e> {
    fn add_forms(&mut self, place: &Place<'_>, forms: &'e [Errors]) {
        for errors in forms {
            // The most telling error of a form is the one that puts it furthest.
            let telling = errors
                .iter()
                .filter(|error| is_at(error, place))
                .max_by_key(|error| fit(error, place));
            if let Some(error) = telling {
                self.add(place, error);
            }
        }
    }

    fn add(&mut self, place: &Place<'_>, error: &'e ValidationError<'_>) {
        match error.kind() {
            ValidationErrorKind::AnyOf { context }
            | ValidationErrorKind::OneOfNotValid { context } => {
                self.add_forms(place, context);
            }
            ValidationErrorKind::Type { kind } => self.add_words(type_names(kind)),
            ValidationErrorKind::Required { property } => {
                let field = wording::name(property.as_str().unwrap_or_default());
                self.add_words(format!("an object with {field}"));
            }
            _ => {
                for constant in constants(error) {
                    self.strings.extend(constant.as_str());
                    self.add_words(json(constant));
                }
            }
        }
    }

    fn add_words(&mut self, words: String) {
        if !self.words.contains(&words) {
            self.words.push(words);
        }
    }
}

/// The values that a `const` or `enum` would have taken.
fn constants<'e>(error: &'e ValidationError<'_>) -> Vec<&'e Value> {
    match error.kind() {
        ValidationErrorKind::Constant { expected_value } => vec![expected_value],
        ValidationErrorKind::Enum { options } => options.as_array().into_iter().flatten().collect(),
        _ => Vec::new(),
    }
}
