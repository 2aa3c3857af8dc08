//! `Syntax::define`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::valid::{Fixity, Form, Kind, Model, Piece, Shape, Slot, SlotKind};

pub(super) fn body(model: &Model) -> TokenStream {
    let (krate, rule) = (&model.krate, &model.rule);
    match &model.kind {
        Kind::Pattern(_, pattern) => {
            let name = rule.to_uppercase();
            quote!(_definitions.terminal::<Self>(#name, #pattern))
        }
        Kind::Struct(shape) => {
            let parts = parts(model, shape);
            quote! {
                _definitions.rule::<Self>(#rule, |_definitions| #krate::grammar::Expr::seq(#parts))
            }
        }
        Kind::Enum { variants, group } => {
            let shapes = || variants.iter().map(|(_, shape)| shape);
            let atoms = shapes().filter_map(|shape| variant(model, shape));
            let operators: Vec<TokenStream> = shapes()
                .filter_map(|shape| operator(model, shape))
                .collect();
            if operators.is_empty() {
                return quote! {
                    _definitions.choice::<Self>(#rule, |_definitions| ::std::vec![#(#atoms),*])
                };
            }
            let group = option(group.as_ref().map(|[open, close]| quote!([#open, #close])));
            quote! {
                _definitions.strata::<Self>(#rule, #group, |_definitions| {
                    (::std::vec![#(#atoms),*], ::std::vec![#(#operators),*])
                })
            }
        }
    }
}

pub(super) fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(
        || quote!(::core::option::Option::None),
        |value| quote!(::core::option::Option::Some(#value)),
    )
}

fn variant(model: &Model, shape: &Shape) -> Option<TokenStream> {
    let Form::Template(_) = &shape.form else {
        return None;
    };
    let (name, parts) = (&shape.name, parts(model, shape));
    Some(quote!({ let _parts = #parts; _definitions.variant(#name, _parts) }))
}

fn operator(model: &Model, shape: &Shape) -> Option<TokenStream> {
    let Form::Operator {
        fixity,
        precedence,
        text,
    } = &shape.form
    else {
        return None;
    };
    let (krate, name) = (&model.krate, &shape.name);
    let fixity = match fixity {
        Fixity::Left => quote!(Left),
        Fixity::Right => quote!(Right),
        Fixity::Apart => quote!(Apart),
        Fixity::Prefix => quote!(Prefix),
        Fixity::Postfix => quote!(Postfix),
    };
    let text = text.iter().map(|piece| self::piece(model, &[], piece));
    Some(quote! {
        #krate::syntax::Operator {
            name: #name,
            precedence: #precedence,
            fixity: #krate::syntax::Fixity::#fixity,
            text: #krate::grammar::Expr::seq([#(#text),*]),
        }
    })
}

/// The pieces of a template as an array of expressions.
fn parts(model: &Model, shape: &Shape) -> TokenStream {
    let Form::Template(pieces) = &shape.form else {
        return quote!([]);
    };
    let parts = pieces
        .iter()
        .map(|piece| self::piece(model, &shape.fields, piece));
    quote!([#(#parts),*])
}

fn piece(model: &Model, fields: &[Slot], piece: &Piece) -> TokenStream {
    match piece {
        Piece::Text(text) if model.ignore_case && text.chars().any(char::is_alphabetic) => {
            quote!(_definitions.text_in_any_case(#text))
        }
        Piece::Text(text) => quote!(_definitions.text(#text)),
        Piece::Blank => {
            let (min, max) = model.blank.unwrap_or((1, 1));
            quote!(_definitions.blank(#min, #max))
        }
        Piece::Field(index) => fields
            .get(*index)
            .map_or_else(TokenStream::new, |slot| field(model, slot)),
    }
}

fn field(model: &Model, slot: &Slot) -> TokenStream {
    let krate = &model.krate;
    let define = |ty: &syn::Type| quote!(<#ty as #krate::syntax::Syntax>::define(_definitions));
    match &slot.kind {
        SlotKind::Value => define(&slot.ty),
        SlotKind::List { rule, item, .. } => {
            let (define, list) = (define(item), list(model, &slot.kind));
            quote!({ let _item = #define; _definitions.list(#rule, &_item, #list) })
        }
        SlotKind::Optional {
            rule,
            some,
            before,
            after,
        } => {
            let around = |pieces: &[Piece]| -> Vec<TokenStream> {
                pieces
                    .iter()
                    .map(|piece| self::piece(model, &[], piece))
                    .collect()
            };
            let (before, define, after) = (around(before), define(some), around(after));
            quote!({
                let _some = #krate::grammar::Expr::seq([#(#before,)* #define #(, #after)*]);
                _definitions.optional(#rule, _some)
            })
        }
    }
}

/// The `List` of a field that is one.
pub(super) fn list(model: &Model, kind: &SlotKind) -> TokenStream {
    let SlotKind::List {
        separator,
        trailing,
        min,
        max,
        ..
    } = kind
    else {
        return TokenStream::new();
    };
    let krate = &model.krate;
    let max = option(max.map(|max| quote!(#max)));
    quote! {
        #krate::syntax::List {
            separator: #separator,
            trailing: #trailing,
            min: #min,
            max: #max,
        }
    }
}
