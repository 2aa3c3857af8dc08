//! Variants that are operators.

use std::collections::BTreeMap;

use syn::ext::IdentExt as _;
use syn::{Ident, LitStr, Type};

use super::{Context, Fixity, Form, Piece, Shape, field, pieces, shape};
use crate::ast::Variant;
use crate::attr::VariantAttrs;
use crate::case::Case;
use crate::errors::Errors;
use crate::template;

pub(super) fn is_operator(variant: &Variant<'_>) -> bool {
    operator(&variant.attrs).is_some()
}

fn operator(attrs: &VariantAttrs) -> Option<&LitStr> {
    let between = attrs.infix.as_ref();
    between.or(attrs.prefix.as_ref()).or(attrs.postfix.as_ref())
}

/// A variant that is no operator, in an enum that may have some.
pub(super) fn plain(
    context: &Context<'_>,
    variant: &Variant<'_>,
    has_operators: bool,
    errors: &mut Errors,
) -> Shape {
    let attrs = &variant.attrs;
    if let Some(precedence) = attrs.precedence.as_ref().filter(|_| attrs.sound) {
        let message = "only an operator has a precedence; add `infix`, `prefix` or `postfix`";
        errors.at(&precedence.lit, message);
    }
    if let Some(associativity) = attrs.associativity.as_ref().filter(|_| attrs.sound) {
        errors.at(
            associativity,
            "only an infix operator associates; add `infix`",
        );
    }
    let keyword = context.rename_all.apply(&variant.ident.unraw().to_string());
    let spelled = shape::Spelled {
        ident: variant.ident,
        template: attrs.template.as_ref(),
        keyword: Some(keyword),
        sound: attrs.sound,
    };
    let shape = shape::template(context, &spelled, &variant.fields, errors);
    bare_operands(context, variant, &shape, has_operators, errors);
    shape
}

/// A template that begins or ends with the enum itself is an operator without a precedence.
fn bare_operands(
    context: &Context<'_>,
    variant: &Variant<'_>,
    shape: &Shape,
    has_operators: bool,
    errors: &mut Errors,
) {
    let Form::Template(pieces) = &shape.form else {
        return;
    };
    let is_self = |piece: Option<&Piece>| match piece {
        Some(Piece::Field(index)) => {
            let slot = shape.fields.get(*index);
            slot.is_some_and(|slot| is_operand(context, &slot.ty))
        }
        _ => false,
    };
    let (first, last) = (is_self(pieces.first()), is_self(pieces.last()));
    let message = if pieces.len() == 1 && first {
        "it is written as the enum itself, without end; put a text around it"
    } else if first && last || (has_operators && (first || last)) {
        "it begins or ends with the enum itself, which has several readings; write it as `infix`, `prefix` or `postfix` with a `precedence`"
    } else {
        return;
    };
    match &variant.attrs.template {
        Some(template) => errors.at(template, message),
        None => errors.at(variant.ident, message),
    }
}

/// Whether a type is the enum itself, boxed or not.
fn is_operand(context: &Context<'_>, ty: &Type) -> bool {
    let inner = field::argument(ty, "Box").unwrap_or(ty);
    field::is(inner, "Self")
        || matches!(inner, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == context.original.ident))
}

/// A variant that is an operator.
pub(super) fn shape(context: &Context<'_>, variant: &Variant<'_>, errors: &mut Errors) -> Shape {
    let attrs = &variant.attrs;
    conflicts(attrs, errors);
    let fixity = fixity(attrs, errors);
    let wanted = if attrs.infix.is_some() { 2 } else { 1 };
    operands(context, variant, wanted, errors);
    let name = Case::Snake.apply(&variant.ident.unraw().to_string());
    let precedence = attrs.precedence.as_ref().map_or(0, |number| number.value);
    if let (None, Some(text), true) = (&attrs.precedence, operator(attrs), attrs.sound) {
        let message = "an operator needs a precedence: `precedence = 1`; greater binds tighter";
        errors.at(text, message);
    }
    Shape {
        fields: variant.fields.iter().map(field::operand).collect(),
        name,
        form: Form::Operator {
            fixity,
            precedence,
            text: text(context, attrs, errors),
        },
    }
}

/// There are as many as the operator takes, each the enum itself.
fn operands(context: &Context<'_>, variant: &Variant<'_>, wanted: usize, errors: &mut Errors) {
    let ident = &context.original.ident;
    let operand = if context.original.generics.params.is_empty() {
        format!("`Box<{ident}>`")
    } else {
        "`Box<Self>`".to_owned()
    };
    if variant.fields.len() != wanted {
        let message = if wanted == 2 {
            format!("an infix operator has two operands: two fields of type {operand}")
        } else {
            format!("this operator has one operand: one field of type {operand}")
        };
        errors.at(variant.ident, message);
    }
    for field in &variant.fields {
        if !is_operand(context, field.ty) {
            errors.at(field.ty, format!("an operand is of type {operand}"));
        } else if field.attrs.any() {
            errors.at(
                field.ty,
                "an operand is written as the enum is; it takes no attributes",
            );
        }
    }
}

fn conflicts(attrs: &VariantAttrs, errors: &mut Errors) {
    let kinds = [&attrs.infix, &attrs.prefix, &attrs.postfix];
    for second in kinds.into_iter().flatten().skip(1) {
        errors.at(
            second,
            "an operator is one of `infix`, `prefix` and `postfix`",
        );
    }
    if let Some(template) = &attrs.template {
        errors.at(
            template,
            "an operator has no template: its text is that of `infix`, `prefix` or `postfix`",
        );
    }
    if let (Some(associativity), None) = (&attrs.associativity, &attrs.infix) {
        errors.at(associativity, "only an infix operator associates");
    }
}

fn fixity(attrs: &VariantAttrs, errors: &mut Errors) -> Fixity {
    if attrs.infix.is_none() {
        return if attrs.prefix.is_some() {
            Fixity::Prefix
        } else {
            Fixity::Postfix
        };
    }
    let Some(associativity) = &attrs.associativity else {
        return Fixity::Left;
    };
    match associativity.value().as_str() {
        "left" => Fixity::Left,
        "right" => Fixity::Right,
        "none" => Fixity::Apart,
        other => {
            errors.at(
                associativity,
                format!("`{other}` is no associativity; there are `left`, `right` and `none`"),
            );
            Fixity::Left
        }
    }
}

/// The text of an operator with the blanks around it: those that are written, else one on both sides of an infix, and one
/// between a word and its operand.
fn text(context: &Context<'_>, attrs: &VariantAttrs, errors: &mut Errors) -> Vec<Piece> {
    let Some(lit) = operator(attrs) else {
        return Vec::new();
    };
    let text = lit.value();
    if text.is_empty() {
        errors.at(lit, "an operator needs a text");
    }
    let is_word = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    };
    let text = if text.starts_with(' ') || text.ends_with(' ') {
        text
    } else if attrs.infix.is_some() {
        format!(" {text} ")
    } else if attrs.prefix.is_some() && is_word(text.chars().last()) {
        format!("{text} ")
    } else if attrs.postfix.is_some() && is_word(text.chars().next()) {
        format!(" {text}")
    } else {
        text
    };
    pieces(template::plain(&text), context.blank)
}

/// Operators of one precedence must nest on the same side, and something must be no operator.
pub(super) fn check(variants: &[Variant<'_>], shapes: &[(Ident, Shape)], errors: &mut Errors) {
    let mut levels: BTreeMap<u32, (Side, &Ident)> = BTreeMap::new();
    let mut atoms = 0;
    for (variant, (ident, shape)) in variants.iter().zip(shapes) {
        let Form::Operator {
            fixity, precedence, ..
        } = &shape.form
        else {
            atoms += 1;
            continue;
        };
        let side = Side::of(*fixity);
        let (known, first) = *levels.entry(*precedence).or_insert((side, ident));
        if known != side {
            let message = format!(
                "`{first}` has precedence {precedence} too but nests on the other side, which has several readings; give them different precedences"
            );
            match &variant.attrs.precedence {
                Some(number) => errors.at(&number.lit, message),
                None => errors.at(ident, message),
            }
        }
    }
    twice(variants, shapes, errors);
    if let (0, Some(variant)) = (atoms, variants.first()) {
        errors.at(
            variant.ident,
            "every variant is an operator, so no text ever ends; add one that is not",
        );
    }
}

/// Two operators with the same text in the same place could not be told apart.
fn twice(variants: &[Variant<'_>], shapes: &[(Ident, Shape)], errors: &mut Errors) {
    let mut seen: Vec<(bool, bool, &[Piece], &Ident)> = Vec::new();
    for (variant, (ident, shape)) in variants.iter().zip(shapes) {
        let Form::Operator { fixity, text, .. } = &shape.form else {
            continue;
        };
        let (before, behind) = (*fixity != Fixity::Prefix, *fixity != Fixity::Postfix);
        let known = seen
            .iter()
            .find(|(b, a, known, _)| (*b, *a, *known) == (before, behind, text));
        match (known, operator(&variant.attrs)) {
            (Some((.., first)), Some(lit)) => {
                let message = format!("`{first}` has this text too; they could not be told apart");
                errors.at(lit, message);
            }
            _ => seen.push((before, behind, text, ident)),
        }
    }
}

/// On which side an operator nests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Neither,
}

impl Side {
    fn of(fixity: Fixity) -> Self {
        match fixity {
            Fixity::Left | Fixity::Postfix => Self::Left,
            Fixity::Right | Fixity::Prefix => Self::Right,
            Fixity::Apart => Self::Neither,
        }
    }
}
