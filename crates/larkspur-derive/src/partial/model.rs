//! What a type and its attributes say together, and what of it cannot be shown in part.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt as _;
use syn::{Attribute, Data, DeriveInput, Fields, GenericParam, Path, Visibility, parse_quote};

use super::attr::{self, Serde, Told};
use super::fields::{self, Slot};
use crate::case::Case;
use crate::errors::Errors;

/// A type that can be shown in part.
pub(super) struct Model {
    pub(super) krate: Path,
    pub(super) ident: Ident,
    pub(super) vis: Visibility,
    pub(super) companion: Ident,
    /// What else the companion derives.
    pub(super) derive: TokenStream,
    pub(super) body: Body,
}

pub(super) enum Body {
    /// Shown when it is whole, as itself.
    Whole,
    /// Shown as what it holds.
    Inner(Box<Slot>),
    Struct {
        slots: Vec<Slot>,
        is_tuple: bool,
    },
    Enum {
        tagging: Tagging,
        variants: Vec<Variant>,
    },
}

pub(super) enum Tagging {
    External,
    Internal(String),
    Adjacent { tag: String, content: String },
}

pub(super) struct Variant {
    pub(super) ident: Ident,
    pub(super) names: Vec<String>,
    /// Stands for all tags that have no variant.
    pub(super) is_other: bool,
    pub(super) docs: Vec<Attribute>,
    pub(super) style: Style,
    pub(super) slots: Vec<Slot>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Unit,
    Newtype,
    Tuple,
    Named,
}

/// Serde's entries for types that are read by way of something else.
const ELSEWHERE: [(&str, &str); 5] = [
    (
        "from",
        "it is read by way of another type; show it when it is whole: `#[partial(whole)]`",
    ),
    (
        "try_from",
        "it is read by way of another type; show it when it is whole: `#[partial(whole)]`",
    ),
    (
        "remote",
        "it stands in for a type of another crate; write `#[partial(whole)]` at the fields that are read by it",
    ),
    (
        "field_identifier",
        "the name of a field is shown when it is whole: `#[partial(whole)]`",
    ),
    (
        "variant_identifier",
        "the name of a variant is shown when it is whole: `#[partial(whole)]`",
    ),
];

pub(super) fn model(input: &DeriveInput, errors: &mut Errors) -> Model {
    let told = Told::read(&input.attrs, errors);
    let serde = Serde::read(&input.attrs);
    generics(input, errors);
    if !told.whole {
        for (key, message) in ELSEWHERE {
            if let Some(entry) = serde.entry(key) {
                errors.at(entry, message);
            }
        }
    }
    let body = if told.whole {
        Body::Whole
    } else {
        match &input.data {
            Data::Struct(data) => structure(input, &serde, &data.fields, errors),
            Data::Enum(data) => enumeration(&serde, data, errors),
            Data::Union(data) => {
                errors.at(data.union_token, "serde reads no union; use an enum");
                Body::Whole
            }
        }
    };
    let ident = input.ident.clone();
    let companion = told
        .name
        .unwrap_or_else(|| format_ident!("{}Partial", ident.unraw()));
    Model {
        krate: told
            .krate
            .unwrap_or_else(|| parse_quote!(::larkspur::partial)),
        vis: input.vis.clone(),
        companion,
        derive: told.derive,
        body,
        ident,
    }
}

fn generics(input: &DeriveInput, errors: &mut Errors) {
    for param in &input.generics.params {
        let message = match param {
            GenericParam::Lifetime(_) => {
                "a value that is shown while it comes owns its text: use `String` or `Box<str>` in place of a borrow"
            }
            _ => {
                "no companion is made of a generic type; write `#[partial(whole)]` at the fields that hold it"
            }
        };
        errors.at(param, message);
    }
}

fn structure(input: &DeriveInput, serde: &Serde, all: &Fields, errors: &mut Errors) -> Body {
    let case = serde.case("rename_all", errors);
    let is_tuple = matches!(all, Fields::Unnamed(_));
    let is_single = is_tuple && all.len() == 1;
    let mut slots = fields::slots(all, case, Some(&input.vis), errors);
    if is_single || serde.has("transparent") {
        if slots.len() > 1 {
            errors.at(
                &input.ident,
                "skip the other fields with `#[serde(skip)]`, so that it is clear which one is read",
            );
        }
        return match slots.pop() {
            Some(slot) if slot.is_whole() => {
                errors.at(
                    &slot.ty,
                    "what holds just one value is shown when it is whole by `#[partial(whole)]` at the type",
                );
                Body::Whole
            }
            Some(slot) => Body::Inner(Box::new(slot)),
            None => Body::Whole,
        };
    }
    if matches!(all, Fields::Unit) {
        return Body::Whole;
    }
    Body::Struct { slots, is_tuple }
}

fn enumeration(serde: &Serde, data: &syn::DataEnum, errors: &mut Errors) -> Body {
    let has_content = data
        .variants
        .iter()
        .any(|variant| !variant.fields.is_empty());
    let tag = serde.text("tag").map(|tag| tag.value());
    let content = serde.text("content").map(|content| content.value());
    let tagging = match (tag, content) {
        (Some(tag), Some(content)) => Tagging::Adjacent { tag, content },
        (Some(tag), None) => Tagging::Internal(tag),
        _ => Tagging::External,
    };
    // Which variant it is shows in the end only.
    if serde.has("untagged") || (!has_content && matches!(tagging, Tagging::External)) {
        for variant in &data.variants {
            attr::is_whole(&variant.attrs, "a variant", errors);
        }
        return Body::Whole;
    }
    let cases = Cases {
        variants: serde.case("rename_all", errors),
        fields: serde.case("rename_all_fields", errors),
    };
    let variants = data.variants.iter();
    let variants = variants
        .filter_map(|variant| self::variant(variant, &cases, errors))
        .collect();
    Body::Enum { tagging, variants }
}

struct Cases {
    variants: Option<Case>,
    fields: Option<Case>,
}

/// Nothing for variants that are never read.
fn variant(variant: &syn::Variant, cases: &Cases, errors: &mut Errors) -> Option<Variant> {
    attr::is_whole(&variant.attrs, "a variant", errors);
    let serde = Serde::read(&variant.attrs);
    if serde.is_skipped() {
        return None;
    }
    for key in ["untagged", "with", "deserialize_with"] {
        if let Some(entry) = serde.entry(key) {
            let message = format!(
                "a variant that is read by `{key}` cannot be shown in part; write `#[partial(whole)]` at the enum"
            );
            errors.at(entry, message);
        }
    }
    let own = variant.ident.unraw().to_string();
    let name = serde.text("rename").map(|name| name.value());
    let name = name.unwrap_or_else(|| cases.variants.map_or(own.clone(), |case| case.apply(&own)));
    let mut names = vec![name];
    names.extend(serde.aliases());
    let style = match &variant.fields {
        Fields::Unit => Style::Unit,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Style::Newtype,
        Fields::Unnamed(_) => Style::Tuple,
        Fields::Named(_) => Style::Named,
    };
    let case = serde.case("rename_all", errors).or(cases.fields);
    Some(Variant {
        ident: variant.ident.clone(),
        names,
        is_other: serde.has("other"),
        docs: fields::docs(&variant.attrs),
        style,
        slots: fields::slots(&variant.fields, case, None, errors),
    })
}

/// What is said of a type that has no documentation of its own.
pub(super) fn said(text: &str) -> TokenStream {
    let attribute: Attribute = parse_quote!(#[doc = #text]);
    attribute.to_token_stream()
}
