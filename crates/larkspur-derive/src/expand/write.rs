//! `Syntax::write`.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::Type;

use super::parts::{group, list, parts};
use super::{members, variable};
use crate::valid::{Fixity, Form, Item, Kind, Leaf, Model, Piece, Shape, SlotKind};

pub(super) fn body(model: &Model) -> TokenStream {
    match &model.kind {
        Kind::Leaf(member, ty, how) => leaf_of(model, ty, how, &quote!(&self.#member)),
        Kind::Struct(shape) => {
            let (members, writes) = (members(shape), template(model, shape));
            quote! {
                let Self #members = self;
                #writes
                ::core::result::Result::Ok(())
            }
        }
        Kind::Enum { variants, group } => {
            let group = self::group(model, group.as_ref());
            let arms = variants.iter().map(|(ident, shape)| {
                let members = members(shape);
                let writes = match &shape.form {
                    Form::Template(_) => template(model, shape),
                    Form::Operator {
                        fixity,
                        precedence,
                        text,
                    } => {
                        let text = texts(model, text);
                        operator(*fixity, *precedence, &text, &group)
                    }
                };
                quote!(Self::#ident #members => { #writes })
            });
            quote! {
                match self { #(#arms)* }
                ::core::result::Result::Ok(())
            }
        }
    }
}

fn template(model: &Model, shape: &Shape) -> TokenStream {
    let Form::Template(pieces) = &shape.form else {
        return TokenStream::new();
    };
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(_) | Piece::Blank | Piece::Break(_) => {
                texts(model, std::slice::from_ref(piece))
            }
            Piece::Field(index) => field(model, shape, *index),
        })
        .collect()
}

fn field(model: &Model, shape: &Shape, index: usize) -> TokenStream {
    let variable = variable(index);
    let Some(slot) = shape.fields.get(index) else {
        return TokenStream::new();
    };
    match &slot.kind {
        SlotKind::Value => {
            let write = value_of(model, &slot.ty, &variable.to_token_stream());
            quote!(#write?;)
        }
        SlotKind::Leaf { leaf, .. } => {
            let write = leaf_of(model, &slot.ty, leaf, &variable.to_token_stream());
            quote!(#write?;)
        }
        SlotKind::List { item, .. } => {
            let (list, write) = (list(model, &slot.kind), item_of(model, item));
            quote!(_out.list(#variable, #list, |_out, _item| #write)?;)
        }
        SlotKind::Optional {
            some,
            before,
            after,
            ..
        } => {
            let (before, after) = (texts(model, before), texts(model, after));
            let write = item_of(model, some);
            quote! {
                if let ::core::option::Option::Some(_item) = #variable {
                    #before
                    #write?;
                    #after
                }
            }
        }
    }
}

/// Writes `_item`.
fn item_of(model: &Model, item: &Item) -> TokenStream {
    match &item.leaf {
        None => value_of(model, &item.ty, &quote!(_item)),
        Some((_, leaf)) => leaf_of(model, &item.ty, leaf, &quote!(_item)),
    }
}

/// Writes a value.
fn value_of(model: &Model, ty: &Type, value: &TokenStream) -> TokenStream {
    let krate = &model.krate;
    quote! {
        _out.value(#value, |_value, _out| <#ty as #krate::syntax::Syntax>::write(_value, _out))
    }
}

/// Writes a leaf.
fn leaf_of(model: &Model, ty: &Type, leaf: &Leaf, value: &TokenStream) -> TokenStream {
    let krate = &model.krate;
    let leaf = super::parts::leaf(model, leaf);
    quote!(<#ty as #krate::syntax::LeafValue>::write(#value, _out, #leaf))
}

/// Writes pieces without fields.
fn texts(model: &Model, pieces: &[Piece]) -> TokenStream {
    if pieces.is_empty() {
        return TokenStream::new();
    }
    let parts = parts(model, pieces);
    quote!(_out.parts(#parts);)
}

fn operator(
    fixity: Fixity,
    precedence: u32,
    text: &TokenStream,
    group: &TokenStream,
) -> TokenStream {
    let tighter = precedence + 1;
    let operand = |index: usize, precedence: u32| {
        let variable = variable(index);
        quote!(_out.operand(#variable, #precedence, #group)?;)
    };
    let (first, second) = match fixity {
        Fixity::Left => (operand(0, precedence), Some(operand(1, tighter))),
        Fixity::Right => (operand(0, tighter), Some(operand(1, precedence))),
        Fixity::Apart => (operand(0, tighter), Some(operand(1, tighter))),
        Fixity::Prefix | Fixity::Postfix => (operand(0, precedence), None),
    };
    match second {
        Some(second) => quote!(#first #text #second),
        None if fixity == Fixity::Prefix => quote!(#text #first),
        None => quote!(#first #text),
    }
}
