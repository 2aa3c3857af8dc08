//! Structs and variants as templates.

use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::{Ident, LitStr};

use super::{Context, Form, Piece, Shape, field, pieces};
use crate::ast::{Field, Variant};
use crate::case::Case;
use crate::errors::Errors;
use crate::template::{self, Part};

/// A struct, or a variant that is no operator. A unit variant without a template is the keyword `keyword`.
pub(super) fn template(
    context: &Context<'_>,
    ident: &Ident,
    template: Option<&LitStr>,
    fields: &[Field<'_>],
    keyword: Option<String>,
    errors: &mut Errors,
) -> Shape {
    let name = Case::Snake.apply(&ident.unraw().to_string());
    let pieces = match (template, fields) {
        (Some(template), _) => placed(context, template, fields, errors),
        (None, [_]) => vec![Piece::Field(0)],
        (None, []) => keyword.map(Piece::Text).into_iter().collect(),
        (None, _) => {
            let holes: Vec<String> = fields
                .iter()
                .map(|field| format!("{{{}}}", field.name()))
                .collect();
            let example = holes.join(" ");
            let message =
                format!("say how its fields are written, such as `#[syntax(\"{example}\")]`");
            errors.at(ident, message);
            Vec::new()
        }
    };
    if pieces.is_empty() && fields.is_empty() {
        let whole: &dyn ToTokens = template.map_or(ident, |template| template);
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
    for part in template::parse(template, errors) {
        let Part::Hole(name) = part else {
            texts.push(part);
            continue;
        };
        placed.extend(pieces(std::mem::take(&mut texts), context.blank));
        let index = fields.iter().position(|field| field.name() == name);
        match index.and_then(|index| Some((index, used.get_mut(index)?))) {
            Some((_, true)) => errors.at(template, format!("`{{{name}}}` is written twice")),
            Some((index, used)) => {
                *used = true;
                placed.push(Piece::Field(index));
            }
            None => errors.at(template, unknown(&name, fields)),
        }
    }
    placed.extend(pieces(texts, context.blank));
    for (field, used) in fields.iter().zip(used) {
        if !used {
            let name = field.name();
            errors.at(
                template,
                format!("the field `{name}` has no place; write `{{{name}}}` where it stands"),
            );
        }
    }
    placed
}

fn unknown(name: &str, fields: &[Field<'_>]) -> String {
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

/// Two variants that are the same text could not be told apart.
pub(super) fn distinct(
    variants: &[Variant<'_>],
    shapes: &[(Ident, Shape)],
    ignore_case: bool,
    errors: &mut Errors,
) {
    let mut seen: Vec<(String, &Ident)> = Vec::new();
    for (variant, (ident, shape)) in variants.iter().zip(shapes) {
        let Form::Template(pieces) = &shape.form else {
            continue;
        };
        let [Piece::Text(text)] = pieces.as_slice() else {
            continue;
        };
        let text = if ignore_case {
            text.to_lowercase()
        } else {
            text.clone()
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
