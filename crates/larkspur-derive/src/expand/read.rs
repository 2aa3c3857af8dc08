//! `Syntax::from_node`.

use proc_macro2::TokenStream;
use quote::quote;

use super::parts::leaf as leaf_of;
use super::{members, variable};
use crate::valid::{Form, Item, Kind, Model, Piece, Shape, Slot, SlotKind};

pub(super) fn body(model: &Model) -> TokenStream {
    let krate = &model.krate;
    match &model.kind {
        Kind::Leaf(member, leaf) => {
            let leaf = leaf_of(model, leaf);
            quote!(::core::result::Result::Ok(Self { #member: #leaf.read(_node)? }))
        }
        Kind::Struct(shape) => value(model, shape, &quote!(Self)),
        Kind::Enum { variants, .. } => {
            let arms = variants.iter().map(|(ident, shape)| {
                let name = &shape.name;
                let value = value(model, shape, &quote!(Self::#ident));
                quote!(#name => { #value })
            });
            quote! {
                match _node.name() {
                    #(#arms)*
                    _ => ::core::result::Result::Err(#krate::syntax::Error::mismatch(_node)),
                }
            }
        }
    }
}

/// Reads the fields in the order of the text.
fn value(model: &Model, shape: &Shape, path: &TokenStream) -> TokenStream {
    let krate = &model.krate;
    let order: Vec<usize> = match &shape.form {
        Form::Operator { .. } => (0..shape.fields.len()).collect(),
        Form::Template(pieces) => pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Field(index) => Some(*index),
                Piece::Text(_) | Piece::Blank | Piece::Break(_) => None,
            })
            .collect(),
    };
    let fields = order.iter().filter_map(|index| {
        let (variable, slot) = (variable(*index), shape.fields.get(*index)?);
        let read = field(model, slot);
        Some(quote!(let #variable = _fields.#read?;))
    });
    let open =
        (!order.is_empty()).then(|| quote!(let mut _fields = #krate::syntax::Fields::new(_node);));
    let members = members(shape);
    quote! {
        #open
        #(#fields)*
        ::core::result::Result::Ok(#path #members)
    }
}

/// The method that reads a field.
fn field(model: &Model, slot: &Slot) -> TokenStream {
    let ty = &slot.ty;
    match &slot.kind {
        SlotKind::Value => quote!(value::<#ty>()),
        SlotKind::Leaf { leaf, .. } => {
            let leaf = leaf_of(model, leaf);
            quote!(leaf::<#ty>(#leaf))
        }
        SlotKind::List { item, .. } => item_of(model, item, &quote!(list), &quote!(leaves)),
        SlotKind::Optional { some, .. } => {
            item_of(model, some, &quote!(optional), &quote!(optional_leaf))
        }
    }
}

fn item_of(model: &Model, item: &Item, value: &TokenStream, leaf: &TokenStream) -> TokenStream {
    let ty = &item.ty;
    match &item.leaf {
        None => quote!(#value::<#ty>()),
        Some((_, how)) => {
            let how = leaf_of(model, how);
            quote!(#leaf::<#ty>(#how))
        }
    }
}
