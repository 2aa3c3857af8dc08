//! Structs and variants as templates.

use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::{Ident, LitStr};

use super::{Context, Form, Piece, Shape, Slot, SlotKind, field, pieces};
use crate::ast::{Field, Variant};
use crate::case::Case;
use crate::errors::Errors;
use crate::near::near;
use crate::template::{self, Part};

/// What stands in the text for a struct, or for a variant that is no operator.
pub(super) struct Spelled<'s> {
    pub(super) ident: &'s Ident,
    pub(super) template: Option<&'s LitStr>,
    /// What a unit variant without a template is.
    pub(super) keyword: Option<String>,
    /// Whether all attributes were understood; else what is missing may be among them.
    pub(super) sound: bool,
}

pub(super) fn template(
    context: &Context<'_>,
    spelled: &Spelled<'_>,
    fields: &[Field<'_>],
    errors: &mut Errors,
) -> Shape {
    let name = Case::Snake.apply(&spelled.ident.unraw().to_string());
    let pieces = match (spelled.template, fields) {
        (Some(template), _) => placed(context, template, fields, errors),
        (None, [_]) => vec![Piece::Field(0)],
        (None, []) => spelled
            .keyword
            .clone()
            .map(Piece::Text)
            .into_iter()
            .collect(),
        (None, _) => {
            if spelled.sound {
                errors.at(spelled.ident, say_how(fields));
            }
            Vec::new()
        }
    };
    let is_empty = spelled
        .template
        .is_none_or(|template| template.value().is_empty());
    if pieces.is_empty() && fields.is_empty() && is_empty && spelled.sound {
        let whole: &dyn ToTokens = spelled.template.map_or(spelled.ident, |template| template);
        errors.at(whole, "it has no text; write `#[syntax(\"text\")]`");
    }
    Shape {
        fields: fields
            .iter()
            .map(|field| field::slot(context, &name, field, errors))
            .collect(),
        name,
        form: Form::Template(pieces),
    }
}

/// The shape of what is not expanded.
pub(super) fn unknown(name: &str) -> Shape {
    Shape {
        name: name.to_owned(),
        fields: Vec::new(),
        form: Form::Template(Vec::new()),
    }
}

fn say_how(fields: &[Field<'_>]) -> String {
    let holes: Vec<String> = fields
        .iter()
        .map(|field| format!("{{{}}}", field.name()))
        .collect();
    let example = holes.join(" ");
    format!("say how its fields are written, such as `#[syntax(\"{example}\")]`")
}

/// The pieces of a template, in which every field has its place once.
fn placed(
    context: &Context<'_>,
    template: &LitStr,
    fields: &[Field<'_>],
    errors: &mut Errors,
) -> Vec<Piece> {
    let mut placed = Vec::new();
    let mut texts = Vec::new();
    let mut used = vec![false; fields.len()];
    let Some(parts) = template::parse(template, errors) else {
        return placed;
    };
    // As `format!` would have it: that is told for each, and not again for what has no place.
    let by_order = parts.contains(&Part::Hole(String::new()));
    for part in parts {
        let Part::Hole(name) = part else {
            texts.push(part);
            continue;
        };
        placed.extend(pieces(std::mem::take(&mut texts), context.blank));
        let known = index(&name, fields);
        if known.is_none() {
            errors.at(template, no_such_field(&name, fields));
        }
        // What is misspelled has a place; that is one fault, not two.
        let index = known.or_else(|| index(&meant(&name, fields)?, fields));
        match index.and_then(|index| Some((index, used.get_mut(index)?))) {
            Some((_, true)) => errors.at(template, format!("`{{{name}}}` is written twice")),
            Some((index, used)) => {
                *used = true;
                placed.push(Piece::Field(index));
            }
            None => {}
        }
    }
    placed.extend(pieces(texts, context.blank));
    for (field, used) in fields.iter().zip(used) {
        if !used && !by_order {
            let name = field.name();
            errors.at(
                template,
                format!("the field `{name}` has no place; write `{{{name}}}` where it stands"),
            );
        }
    }
    placed
}

fn index(name: &str, fields: &[Field<'_>]) -> Option<usize> {
    fields.iter().position(|field| field.name() == name)
}

/// The field that is probably meant: one with almost this name, or the one there is. What stands behind a colon is how
/// Rust's `format!` would write it.
fn meant(name: &str, fields: &[Field<'_>]) -> Option<String> {
    let names: Vec<String> = fields.iter().map(Field::name).collect();
    let name = name.split(':').next().unwrap_or_default().trim();
    if let [only] = names.as_slice()
        && name.is_empty()
    {
        return Some(only.clone());
    }
    let same = names.iter().find(|known| *known == name);
    same.cloned()
        .or_else(|| near(name, names.iter().map(String::as_str)).map(str::to_owned))
}

fn no_such_field(name: &str, fields: &[Field<'_>]) -> String {
    if let Some(meant) = meant(name, fields) {
        return format!("`{{{name}}}` names no field; did you mean `{{{meant}}}`?");
    }
    let known: Vec<String> = fields
        .iter()
        .map(|field| format!("`{{{}}}`", field.name()))
        .collect();
    if known.is_empty() {
        format!("`{{{name}}}` names no field; there are none (`{{{{` is a brace)")
    } else {
        format!(
            "`{{{name}}}` names no field; there are {}",
            known.join(", ")
        )
    }
}

/// Two variants that are written alike could not be told apart.
pub(super) fn distinct(
    variants: &[Variant<'_>],
    shapes: &[(Ident, Shape)],
    ignore_case: bool,
    errors: &mut Errors,
) {
    let mut seen: Vec<(String, &Ident)> = Vec::new();
    for (variant, (ident, shape)) in variants.iter().zip(shapes) {
        let Some(text) = written(shape, ignore_case) else {
            continue;
        };
        match seen.iter().find(|(known, _)| *known == text) {
            Some((_, first)) => {
                let message =
                    format!("`{first}` is written `{text}` too; they could not be told apart");
                match &variant.attrs.template {
                    Some(template) => errors.at(template, message),
                    None => errors.at(ident, message),
                }
            }
            None => seen.push((text, ident)),
        }
    }
}

/// How a variant is written, for comparison and for people; `None` if that is not known here.
fn written(shape: &Shape, ignore_case: bool) -> Option<String> {
    let Form::Template(pieces) = &shape.form else {
        return None;
    };
    if pieces.is_empty() {
        return None;
    }
    let mut written = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                let text = text.replace('{', "{{").replace('}', "}}");
                written.push_str(&if ignore_case {
                    text.to_lowercase()
                } else {
                    text
                });
            }
            Piece::Blank | Piece::Break(_) => written.push(' '),
            Piece::Field(index) => {
                let Slot {
                    ty,
                    kind: SlotKind::Value,
                    ..
                } = shape.fields.get(*index)?
                else {
                    return None;
                };
                let ty = ty.to_token_stream().to_string().replace(' ', "");
                written.extend(["{", &ty, "}"]);
            }
        }
    }
    Some(written)
}
