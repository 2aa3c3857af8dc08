//! `Syntax::write`.

use proc_macro2::TokenStream;
use quote::quote;

use super::parts::{group, leaf, list, parts};
use super::{members, variable};
use crate::valid::{Fixity, Form, Kind, Model, Piece, Shape, SlotKind};

pub(super) fn body(model: &Model) -> TokenStream {
    match &model.kind {
        Kind::Leaf(member, how) => {
            let leaf = leaf(model, how);
            quote!(_out.leaf(&self.#member, #leaf))
        }
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
        SlotKind::Value => quote!(_out.value(#variable)?;),
        SlotKind::Leaf { leaf, .. } => {
            let leaf = self::leaf(model, leaf);
            quote!(_out.leaf(#variable, #leaf)?;)
        }
        SlotKind::List { item, .. } => {
            let list = list(model, &slot.kind);
            match &item.leaf {
                None => quote!(_out.list(#variable, #list)?;),
                Some((_, how)) => {
                    let leaf = leaf(model, how);
                    quote!(_out.leaves(#variable, #leaf, #list)?;)
                }
            }
        }
        SlotKind::Optional {
            some,
            before,
            after,
            ..
        } => {
            let (before, after) = (texts(model, before), texts(model, after));
            let write = match &some.leaf {
                None => quote!(_out.value(_some)?;),
                Some((_, how)) => {
                    let leaf = leaf(model, how);
                    quote!(_out.leaf(_some, #leaf)?;)
                }
            };
            quote! {
                if let ::core::option::Option::Some(_some) = #variable {
                    #before
                    #write
                    #after
                }
            }
        }
    }
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
