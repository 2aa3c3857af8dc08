//! Fields: single values, lists, and what may be absent.

use syn::{GenericArgument, PathArguments, Type};

use super::{Context, Item, Piece, Slot, SlotKind, leaf, pieces};
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
    let attrs = &field.attrs;
    let is_leaf = attrs.leaf.any();
    absent(field, errors);
    let kind = if attrs.is_list()
        || argument(field.ty, "Vec").is_some() && (is_leaf || attrs.some.is_some())
    {
        list(context, owner, field, errors)
    } else if attrs.some.is_some() || argument(field.ty, "Option").is_some() && is_leaf {
        optional(context, owner, field, errors)
    } else if is_leaf {
        match leaf::leaf(&attrs.leaf, field.ty, errors) {
            Some(leaf) => SlotKind::Leaf {
                terminal: rule(context, owner, field).to_uppercase(),
                leaf,
            },
            None => SlotKind::Value,
        }
    } else {
        SlotKind::Value
    };
    Slot {
        member: field.member.clone(),
        ty: field.ty.clone(),
        kind,
    }
}

/// A field that is an operand: the enum itself.
pub(super) fn operand(field: &Field<'_>) -> Slot {
    Slot {
        member: field.member.clone(),
        ty: field.ty.clone(),
        kind: SlotKind::Value,
    }
}

/// What is not there in two ways is not told apart in a text.
fn absent(field: &Field<'_>, errors: &mut Errors) {
    let is_option = |ty: Option<&Type>| ty.is_some_and(|ty| argument(ty, "Option").is_some());
    let attrs = &field.attrs;
    if attrs.some.is_some() {
        return;
    }
    if is_option(argument(field.ty, "Option")) {
        errors.at(
            field.ty,
            "`None` and `Some(None)` are both written as nothing; say what stands around a value: `some = \"({})\"`",
        );
    }
    let separated = attrs
        .separator
        .as_ref()
        .is_none_or(|text| !text.value().is_empty());
    let is_list = is_option(argument(field.ty, "Vec"));
    if is_list && !separated {
        errors.at(
            field.ty,
            "absent items leave nothing in the text without a `separator`",
        );
    } else if is_list && attrs.min.as_ref().is_none_or(|min| min.value == 0) {
        errors.at(
            field.ty,
            "no item and one absent item are both written as nothing; add `min = 1`",
        );
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

/// What a list or an option holds.
fn item(
    context: &Context<'_>,
    owner: &str,
    field: &Field<'_>,
    ty: &Type,
    errors: &mut Errors,
) -> Item {
    let leaf = leaf::leaf(&field.attrs.leaf, ty, errors);
    Item {
        ty: ty.clone(),
        leaf: leaf.map(|leaf| (rule(context, owner, field).to_uppercase(), leaf)),
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
    let min = attrs.min.as_ref().map_or(0, |min| min.value);
    if let Some(some) = attrs.some.as_ref().filter(|_| min > 0) {
        errors.at(
            some,
            "with `min` there always are items; write these texts in the template, around the field",
        );
    }
    if let Some(max) = attrs.max.as_ref().filter(|max| max.value < min.max(1)) {
        let message = if min > 1 {
            format!("`max` is less than `min`, which is {min}")
        } else {
            "`max` must be at least 1".to_owned()
        };
        errors.at(&max.lit, message);
    }
    let ty = argument(field.ty, "Vec").unwrap_or_else(|| {
        let message = "`separator`, `trailing`, `min` and `max` are for a field whose type is written `Vec<…>`";
        errors.at(field.ty, message);
        field.ty
    });
    let (before, after) = around(context, field, errors);
    SlotKind::List {
        rule: rule(context, owner, field),
        item: item(context, owner, field, ty, errors),
        separator: pieces(template::plain(&separator), context.blank),
        trailing: attrs.trailing.is_some(),
        min,
        max: attrs.max.as_ref().map(|max| max.value),
        before,
        after,
    }
}

fn optional(
    context: &Context<'_>,
    owner: &str,
    field: &Field<'_>,
    errors: &mut Errors,
) -> SlotKind {
    let ty = argument(field.ty, "Option").unwrap_or_else(|| {
        errors.at(
            field.ty,
            "`some` is for a field whose type is written `Option<…>` or `Vec<…>`",
        );
        field.ty
    });
    let (before, after) = around(context, field, errors);
    SlotKind::Optional {
        rule: rule(context, owner, field),
        some: item(context, owner, field, ty, errors),
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
    let Some(mut before) = template::parse(some, errors) else {
        return (Vec::new(), Vec::new());
    };
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
