//! Fields: single values, lists, and what may be absent.

use syn::{GenericArgument, PathArguments, Type};

use super::{Context, Piece, Slot, SlotKind, pieces};
use crate::ast::Field;
use crate::case::Case;
use crate::errors::Errors;
use crate::template::{self, Part};

/// Whether a type is written as this name, whatever path stands before it.
pub(super) fn is(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// `T` of `Name<T>`.
pub(super) fn argument<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = ty else { return None };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(ty)) if arguments.args.len() == 1 => Some(ty),
        _ => None,
    }
}

pub(super) fn slot(
    context: &Context<'_>,
    owner: &str,
    field: &Field<'_>,
    errors: &mut Errors,
) -> Slot {
    let kind = if field.attrs.is_list() {
        list(context, owner, field, errors)
    } else if field.attrs.some.is_some() {
        optional(context, owner, field, errors)
    } else {
        SlotKind::Value
    };
    Slot {
        member: field.member.clone(),
        ty: field.ty.clone(),
        kind,
    }
}

/// The name of a field's own rule.
fn rule(context: &Context<'_>, owner: &str, field: &Field<'_>) -> String {
    let name = Case::Snake.apply(&field.name());
    if owner == context.rule {
        format!("{owner}_{name}")
    } else {
        format!("{}_{owner}_{name}", context.rule)
    }
}

fn list(context: &Context<'_>, owner: &str, field: &Field<'_>, errors: &mut Errors) -> SlotKind {
    let attrs = &field.attrs;
    let separator = attrs
        .separator
        .as_ref()
        .map_or_else(|| ", ".to_owned(), syn::LitStr::value);
    if let Some(trailing) = &attrs.trailing
        && separator.is_empty()
    {
        errors.at(trailing, "there is no separator that could trail");
    }
    if let Some(some) = &attrs.some {
        errors.at(some, "`some` is for `Option`, not for a list");
    }
    let min = attrs.min.as_ref().map_or(0, |min| min.value);
    if let Some(max) = attrs.max.as_ref().filter(|max| max.value < min.max(1)) {
        let message = format!("`max` must be at least {}", min.max(1));
        errors.at(&max.lit, message);
    }
    let item = argument(field.ty, "Vec").unwrap_or_else(|| {
        let message = "`separator`, `trailing`, `min` and `max` are for a field of type `Vec<…>`";
        errors.at(field.ty, message);
        field.ty
    });
    SlotKind::List {
        rule: rule(context, owner, field),
        item: item.clone(),
        separator,
        trailing: attrs.trailing.is_some(),
        min,
        max: attrs.max.as_ref().map(|max| max.value),
    }
}

fn optional(
    context: &Context<'_>,
    owner: &str,
    field: &Field<'_>,
    errors: &mut Errors,
) -> SlotKind {
    let some = argument(field.ty, "Option").unwrap_or_else(|| {
        errors.at(field.ty, "`some` is for a field of type `Option<…>`");
        field.ty
    });
    let (before, after) = around(context, field, errors);
    SlotKind::Optional {
        rule: rule(context, owner, field),
        some: some.clone(),
        before,
        after,
    }
}

/// What stands before and behind the value, if there is one.
fn around(
    context: &Context<'_>,
    field: &Field<'_>,
    errors: &mut Errors,
) -> (Vec<Piece>, Vec<Piece>) {
    let Some(some) = &field.attrs.some else {
        return (Vec::new(), Vec::new());
    };
    let mut before = template::parse(some, errors);
    let holes = before.iter().filter(|part| matches!(part, Part::Hole(_)));
    if holes.count() != 1 {
        errors.at(
            some,
            "write the place of the value once, as `{}`: `some = \" limit {}\"`",
        );
    }
    let hole = before.iter().position(|part| matches!(part, Part::Hole(_)));
    let after = before.split_off(hole.map_or(before.len(), |hole| hole + 1));
    (pieces(before, context.blank), pieces(after, context.blank))
}
