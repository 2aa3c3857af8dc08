//! `Syntax::define`.

use proc_macro2::TokenStream;
use quote::quote;

use super::parts;
use crate::valid::{Fixity, Form, Kind, Model, Piece, Shape, Slot, SlotKind};

pub(super) fn body(model: &Model) -> TokenStream {
    let (krate, rule) = (&model.krate, &model.rule);
    match &model.kind {
        Kind::Leaf(.., leaf) => {
            let (name, leaf) = (rule.to_uppercase(), parts::leaf(model, leaf));
            quote!(_definitions.newtype::<Self>(#name, #leaf))
        }
        Kind::Struct(shape) => {
            let parts = sequence(model, shape);
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
            let group = parts::group(model, group.as_ref());
            quote! {
                _definitions.strata::<Self>(#rule, #group, |_definitions| {
                    (::std::vec![#(#atoms),*], ::std::vec![#(#operators),*])
                })
            }
        }
    }
}

fn variant(model: &Model, shape: &Shape) -> Option<TokenStream> {
    let Form::Template(_) = &shape.form else {
        return None;
    };
    let (name, parts) = (&shape.name, sequence(model, shape));
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
    let text = parts::parts(model, text);
    Some(quote! {
        #krate::syntax::Operator {
            name: #name,
            precedence: #precedence,
            fixity: #krate::syntax::Fixity::#fixity,
            text: _definitions.parts(#text),
        }
    })
}

/// The pieces of a template as an array of expressions.
fn sequence(model: &Model, shape: &Shape) -> TokenStream {
    let Form::Template(pieces) = &shape.form else {
        return quote!([]);
    };
    let parts = pieces
        .iter()
        .map(|piece| self::piece(model, &shape.fields, piece));
    quote!([#(#parts),*])
}

fn piece(model: &Model, fields: &[Slot], piece: &Piece) -> TokenStream {
    if let Piece::Field(index) = piece {
        return fields
            .get(*index)
            .map_or_else(TokenStream::new, |slot| field(model, slot));
    }
    let parts = parts::parts(model, std::slice::from_ref(piece));
    quote!(_definitions.parts(#parts))
}

fn field(model: &Model, slot: &Slot) -> TokenStream {
    let krate = &model.krate;
    match &slot.kind {
        SlotKind::Value => {
            let ty = &slot.ty;
            quote!(<#ty as #krate::syntax::Syntax>::define(_definitions))
        }
        SlotKind::Leaf { terminal, leaf } => {
            let leaf = parts::leaf(model, leaf);
            quote!(_definitions.leaf(#terminal, #leaf))
        }
        SlotKind::List { rule, item, .. } => {
            let (define, list) = (parts::define(model, item), parts::list(model, &slot.kind));
            quote!({ let _item = #define; _definitions.list(#rule, &_item, #list) })
        }
        SlotKind::Optional {
            rule,
            some,
            before,
            after,
        } => {
            let define = parts::define(model, some);
            let (before, after) = (parts::parts(model, before), parts::parts(model, after));
            quote!({
                let _some = #krate::grammar::Expr::seq([
                    _definitions.parts(#before),
                    #define,
                    _definitions.parts(#after),
                ]);
                _definitions.optional(#rule, _some)
            })
        }
    }
}
