//! What the attributes say together: from the type as it is written to a model that can always be expanded.

mod field;
mod leaf;
mod operators;
mod shape;

use proc_macro2::Span;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{DeriveInput, GenericParam, Generics, Ident, LitStr, Member, Path, Type};

use crate::ast::{Body, Field, Input, Variant};
use crate::attr::{ItemAttrs, LeafAttrs};
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
    pub(crate) blank: Option<Policy>,
    pub(crate) kind: Kind,
}

pub(crate) enum Kind {
    /// A newtype of text or a number.
    Leaf(Member, Box<Type>, Leaf),
    Struct(Shape),
    Enum {
        variants: Vec<(Ident, Shape)>,
        group: Option<[Vec<Piece>; 2]>,
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
    /// A blank that is a line break in pretty text, and how far the next line is indented.
    Break(u32),
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
    Leaf {
        terminal: String,
        leaf: Leaf,
    },
    List {
        rule: String,
        item: Item,
        separator: Vec<Piece>,
        trailing: bool,
        min: u32,
        max: Option<u32>,
        before: Vec<Piece>,
        after: Vec<Piece>,
    },
    Optional {
        rule: String,
        some: Item,
        before: Vec<Piece>,
        after: Vec<Piece>,
    },
}

/// What a list or an option holds.
pub(crate) struct Item {
    pub(crate) ty: Type,
    pub(crate) leaf: Option<(String, Leaf)>,
}

/// How text or a number is written.
pub(crate) enum Leaf {
    Pattern(LitStr),
    Quoted {
        open: char,
        close: char,
        escape: Escape,
    },
    QuotedPattern {
        open: char,
        close: char,
        pattern: LitStr,
    },
    Integer {
        min: String,
        max: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    None,
    Doubled,
    Backslash,
    Json,
}

/// What a blank in a template stands for.
#[derive(Clone, Copy)]
pub(crate) struct Policy {
    pub(crate) min: u32,
    pub(crate) max: u32,
    pub(crate) lines: bool,
}

/// What holds of the whole type while its parts are looked at.
struct Context<'i> {
    original: &'i DeriveInput,
    rule: String,
    rename_all: Case,
    blank: Option<Policy>,
}

/// Checks a type. What is wrong goes to `errors`; the model may then be wrong too.
pub(crate) fn model(input: &Input<'_>, errors: &mut Errors) -> Model {
    let original = input.original;
    lifetimes(&original.generics, errors);
    let rule = Case::Snake.apply(&original.ident.unraw().to_string());
    let blank = policy(&input.attrs, errors);
    let ignore_case = input.attrs.ignore_case.is_some();
    let context = Context {
        original,
        rule: rule.clone(),
        rename_all: input.attrs.rename_all,
        blank,
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
        ignore_case,
        blank,
        kind,
    }
}

fn policy(attrs: &ItemAttrs, errors: &mut Errors) -> Option<Policy> {
    if let (Some(lines), None) = (&attrs.lines, &attrs.blank) {
        errors.at(
            lines,
            "say how long white space may be: `lines, blank = 1..=80`",
        );
    }
    attrs.blank.as_ref().map(|bounds| Policy {
        min: bounds.min,
        max: bounds.max,
        lines: attrs.lines.is_some(),
    })
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
    if attrs.leaf.any() {
        without_texts(attrs, errors);
        return newtype(context, &attrs.leaf, fields, errors);
    }
    let spelled = shape::Spelled {
        ident: &context.original.ident,
        template: attrs.template.as_ref(),
        keyword: None,
        sound: attrs.sound,
    };
    Kind::Struct(shape::template(context, &spelled, fields, errors))
}

/// What is said of texts has no meaning where there are none.
fn without_texts(attrs: &ItemAttrs, errors: &mut Errors) {
    if let Some(template) = &attrs.template {
        errors.at(
            template,
            "beside a template, write `pattern`, `quote` or `range` at the field",
        );
    }
    if let Some(ignore_case) = &attrs.ignore_case {
        errors.at(
            ignore_case,
            "there is no template whose case could be ignored; a pattern says it as `(?i)`",
        );
    }
    if let Some(blank) = &attrs.blank {
        errors.at(
            &blank.key,
            "there is no template whose spaces this could be about; a pattern says them itself",
        );
    }
}

/// A newtype of text or a number.
fn newtype(
    context: &Context<'_>,
    attrs: &LeafAttrs,
    fields: &[Field<'_>],
    errors: &mut Errors,
) -> Kind {
    let [field] = fields else {
        errors.at(
            &context.original.ident,
            "`pattern`, `quote` and `range` are for a struct with one field, or for one field of it",
        );
        return Kind::Struct(shape::unknown(&context.rule));
    };
    let leaf = leaf::leaf(attrs, field.ty, errors).unwrap_or_else(leaf::nothing);
    Kind::Leaf(field.member.clone(), Box::new(field.ty.clone()), leaf)
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
        brackets(group, context.blank, errors)
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
    let ignore_case = input.attrs.ignore_case.is_some();
    shape::distinct(variants, &shapes, ignore_case, errors);
    Kind::Enum {
        variants: shapes,
        group,
    }
}

/// The two sides of a group.
fn brackets(group: &LitStr, blank: Option<Policy>, errors: &mut Errors) -> Option<[Vec<Piece>; 2]> {
    let mut open = template::parse(group, errors)?;
    let hole = open.iter().position(|part| matches!(part, Part::Hole(_)));
    let close = open.split_off(hole.map_or(open.len(), |hole| hole + 1));
    let sides = [pieces(open, blank), pieces(close, blank)];
    if hole.is_none() || sides.iter().any(Vec::is_empty) {
        errors.at(
            group,
            "a group needs a text on both sides: `group = \"({})\"`",
        );
        return None;
    }
    Some(sides)
}

/// Pieces without fields.
fn pieces(parts: Vec<Part>, blank: Option<Policy>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for part in parts {
        match part {
            Part::Text(text) => add_text(&mut pieces, &text),
            Part::Blank(text) => white_space(&mut pieces, &text, blank),
            Part::Hole(_) => {}
        }
    }
    pieces
}

/// Spaces and line breaks, by the policy where there is one.
fn white_space(pieces: &mut Vec<Piece>, text: &str, blank: Option<Policy>) {
    let Some(policy) = blank else {
        add_text(pieces, text);
        return;
    };
    match text.rsplit_once('\n') {
        None => pieces.push(Piece::Blank),
        Some((_, indent)) if policy.lines => {
            pieces.push(Piece::Break(
                u32::try_from(indent.len()).unwrap_or(u32::MAX),
            ));
        }
        Some(_) => {
            for (index, line) in text.split('\n').enumerate() {
                if index > 0 {
                    add_text(pieces, "\n");
                }
                if !line.is_empty() {
                    pieces.push(Piece::Blank);
                }
            }
        }
    }
}

fn add_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(before)) => before.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

/// An impl that says nothing, so that a type with a fault is told of the fault only.
pub(crate) fn stub(original: &DeriveInput, krate: &Path) -> proc_macro2::TokenStream {
    let ident = &original.ident;
    let generics = crate::expand::bounded(&original.generics, krate);
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
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
