//! What the attributes say together: from the type as it is written to a model that can always be expanded.

mod field;
mod operators;
mod shape;

use proc_macro2::Span;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{DeriveInput, GenericParam, Generics, Ident, LitStr, Member, Path, Type};

use crate::ast::{Body, Field, Input, Variant};
use crate::case::Case;
use crate::errors::Errors;
use crate::template::{self, Part};

/// A type whose attributes make sense.
pub(crate) struct Model {
    pub(crate) krate: Path,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    /// The name of the rule.
    pub(crate) rule: String,
    pub(crate) ignore_case: bool,
    /// `None`: a space is a space.
    pub(crate) blank: Option<(u32, u32)>,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    /// A newtype of [`String`] and its regular expression.
    Pattern(Member, LitStr),
    Struct(Shape),
    Enum {
        variants: Vec<(Ident, Shape)>,
        group: Option<[String; 2]>,
    },
}

/// A struct, or a variant of an enum.
pub(crate) struct Shape {
    /// The name of its nodes.
    pub(crate) name: String,
    pub(crate) fields: Vec<Slot>,
    pub(crate) form: Form,
}

pub(crate) enum Form {
    Template(Vec<Piece>),
    Operator {
        fixity: Fixity,
        precedence: u32,
        text: Vec<Piece>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fixity {
    Left,
    Right,
    Apart,
    Prefix,
    Postfix,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Blank,
    /// The field at this index.
    Field(usize),
}

pub(crate) struct Slot {
    pub(crate) member: Member,
    pub(crate) ty: Type,
    pub(crate) kind: SlotKind,
}

pub(crate) enum SlotKind {
    Value,
    List {
        rule: String,
        item: Type,
        separator: String,
        trailing: bool,
        min: u32,
        max: Option<u32>,
    },
    Optional {
        rule: String,
        some: Type,
        before: Vec<Piece>,
        after: Vec<Piece>,
    },
}

/// What holds of the whole type while its parts are looked at.
struct Context<'i> {
    original: &'i DeriveInput,
    rule: String,
    rename_all: Case,
    blank: Option<(u32, u32)>,
}

/// Checks a type. What is wrong goes to `errors`; the model may then be wrong too.
pub(crate) fn model(input: &Input<'_>, errors: &mut Errors) -> Model {
    let original = input.original;
    lifetimes(&original.generics, errors);
    let rule = Case::Snake.apply(&original.ident.unraw().to_string());
    let context = Context {
        original,
        rule: rule.clone(),
        rename_all: input.attrs.rename_all,
        blank: input.attrs.blank,
    };
    let kind = match &input.body {
        Body::Struct(fields) => structure(input, &context, fields, errors),
        Body::Enum(variants) => enumeration(input, &context, variants, errors),
    };
    Model {
        krate: krate(input),
        ident: original.ident.clone(),
        generics: original.generics.clone(),
        rule,
        ignore_case: input.attrs.ignore_case,
        blank: input.attrs.blank,
        kind,
    }
}

/// Where the library is.
pub(crate) fn krate(input: &Input<'_>) -> Path {
    let default = || syn::parse_quote!(::larkspur::grammar);
    input.attrs.krate.clone().unwrap_or_else(default)
}

fn lifetimes(generics: &Generics, errors: &mut Errors) {
    for param in &generics.params {
        if let GenericParam::Lifetime(lifetime) = param {
            errors.at(
                lifetime,
                "a value that is read owns its text: use `String` or `Box<str>` in place of a borrow",
            );
        }
    }
}

fn structure(
    input: &Input<'_>,
    context: &Context<'_>,
    fields: &[Field<'_>],
    errors: &mut Errors,
) -> Kind {
    let attrs = &input.attrs;
    if let Some(pattern) = &attrs.pattern {
        if let Some(template) = &attrs.template {
            errors.at(template, "a struct has a pattern or a template, not both");
        }
        return newtype(context, pattern, fields, errors);
    }
    let shape = shape::template(
        context,
        &context.original.ident,
        attrs.template.as_ref(),
        fields,
        None,
        errors,
    );
    Kind::Struct(shape)
}

/// A newtype of text. Its pattern is read here as the library reads it later.
fn newtype(
    context: &Context<'_>,
    pattern: &LitStr,
    fields: &[Field<'_>],
    errors: &mut Errors,
) -> Kind {
    match regex_syntax::parse(&pattern.value()) {
        Err(error) => {
            let reason = match &error {
                regex_syntax::Error::Parse(error) => error.kind().to_string(),
                regex_syntax::Error::Translate(error) => error.kind().to_string(),
                other => other.to_string(),
            };
            errors.at(pattern, format!("the pattern is no regular expression: {reason}"));
        }
        Ok(hir) if hir.properties().minimum_len() == Some(0) => errors.at(
            pattern,
            "the pattern matches the empty text; let it match at least one character, and use `Option` where it may be absent",
        ),
        Ok(hir) if !hir.properties().look_set().is_empty() => errors.at(
            pattern,
            "the pattern looks around (`^`, `$`, `\\b`), which servers refuse; it always matches as a whole",
        ),
        Ok(_) => {}
    }
    match fields {
        [field] if field::is(field.ty, "String") => {
            Kind::Pattern(field.member.clone(), pattern.clone())
        }
        _ => {
            errors.at(
                &context.original.ident,
                "a pattern is for a struct with one field of type `String`",
            );
            Kind::Pattern(Member::from(0), pattern.clone())
        }
    }
}

fn enumeration(
    input: &Input<'_>,
    context: &Context<'_>,
    variants: &[Variant<'_>],
    errors: &mut Errors,
) -> Kind {
    if variants.is_empty() {
        errors.at(
            &context.original.ident,
            "an enum without variants has no text; give it one",
        );
    }
    let has_operators = variants.iter().any(operators::is_operator);
    let group = input.attrs.group.as_ref().and_then(|group| {
        if !has_operators {
            errors.at(group, "`group` is for enums with operators");
        }
        brackets(group, errors)
    });
    let shapes: Vec<(Ident, Shape)> = variants
        .iter()
        .map(|variant| {
            let shape = if operators::is_operator(variant) {
                operators::shape(context, variant, errors)
            } else {
                operators::plain(context, variant, has_operators, errors)
            };
            (variant.ident.clone(), shape)
        })
        .collect();
    operators::check(variants, &shapes, errors);
    shape::distinct(variants, &shapes, input.attrs.ignore_case, errors);
    Kind::Enum {
        variants: shapes,
        group,
    }
}

/// The two texts of a group.
fn brackets(group: &LitStr, errors: &mut Errors) -> Option<[String; 2]> {
    let parts = template::parse(group, errors);
    let text = |parts: &[Part]| -> String {
        let texts = parts.iter().map(|part| match part {
            Part::Text(text) | Part::Blank(text) => text.as_str(),
            Part::Hole(_) => "",
        });
        texts.collect()
    };
    let hole = parts
        .iter()
        .position(|part| matches!(part, Part::Hole(_)))?;
    let open = text(parts.get(..hole).unwrap_or_default());
    let close = text(parts.get(hole + 1..).unwrap_or_default());
    if open.is_empty() || close.is_empty() {
        errors.at(
            group,
            "a group needs a text on both sides: `group = \"({})\"`",
        );
        return None;
    }
    Some([open, close])
}

/// Pieces without fields.
fn pieces(parts: Vec<Part>, blank: Option<(u32, u32)>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for part in parts {
        let text = match part {
            Part::Text(text) => text,
            Part::Blank(text) if blank.is_none() => text,
            Part::Blank(_) => {
                pieces.push(Piece::Blank);
                continue;
            }
            Part::Hole(_) => continue,
        };
        match pieces.last_mut() {
            Some(Piece::Text(before)) => before.push_str(&text),
            _ => pieces.push(Piece::Text(text)),
        }
    }
    pieces
}

/// An impl that says nothing, so that a type with a fault is told of the fault only.
pub(crate) fn stub(original: &DeriveInput, krate: &Path) -> proc_macro2::TokenStream {
    let ident = &original.ident;
    let (impl_generics, type_generics, where_clause) = original.generics.split_for_impl();
    let statics = original.generics.lifetimes().next().is_none();
    if !statics {
        return proc_macro2::TokenStream::new();
    }
    let name = Ident::new("_node", Span::mixed_site());
    quote! {
        #[automatically_derived]
        impl #impl_generics #krate::syntax::Syntax for #ident #type_generics #where_clause {
            fn define(_definitions: &mut #krate::syntax::Definitions) -> #krate::grammar::Expr {
                #krate::grammar::Expr::Empty
            }
            fn from_node(#name: #krate::tree::Node<'_>) -> ::core::result::Result<Self, #krate::syntax::Error> {
                ::core::result::Result::Err(#krate::syntax::Error::mismatch(#name))
            }
            fn write(&self, _out: &mut #krate::syntax::Writer) -> ::core::result::Result<(), #krate::syntax::Error> {
                ::core::result::Result::Ok(())
            }
        }
    }
}
