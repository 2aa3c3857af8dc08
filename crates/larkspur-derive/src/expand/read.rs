//! `Syntax::from_node`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::{members, variable};
use crate::valid::{Form, Item, Kind, Leaf, Model, Piece, Shape, Slot, SlotKind};

pub(super) fn body(model: &Model) -> TokenStream {
    let krate = &model.krate;
    match &model.kind {
        Kind::Leaf(member, ty, leaf) => {
            let read = leaf_of(model, ty, leaf);
            quote!(::core::result::Result::Ok(Self { #member: (#read)(_node)? }))
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

/// The method that reads a field. A function of a trait is called, and not passed on: then the compiler points to the type where it
/// lacks the trait, and says so once.
fn field(model: &Model, slot: &Slot) -> TokenStream {
    let ty = &slot.ty;
    match &slot.kind {
        SlotKind::Value => {
            let read = value_of(model, ty);
            quote!(value(#read))
        }
        SlotKind::Leaf { leaf, .. } => {
            let read = leaf_of(model, ty, leaf);
            quote!(value(#read))
        }
        SlotKind::List { item, .. } => {
            let read = item_of(model, item);
            quote!(list(#read))
        }
        SlotKind::Optional { some, .. } => {
            let read = item_of(model, some);
            quote!(optional(#read))
        }
    }
}

fn item_of(model: &Model, item: &Item) -> TokenStream {
    match &item.leaf {
        None => value_of(model, &item.ty),
        Some((_, leaf)) => leaf_of(model, &item.ty, leaf),
    }
}

/// What reads the node of a value.
fn value_of(model: &Model, ty: &Type) -> TokenStream {
    let krate = &model.krate;
    quote!(|_node| <#ty as #krate::syntax::Syntax>::from_node(_node))
}

/// What reads the node of a leaf.
fn leaf_of(model: &Model, ty: &Type, leaf: &Leaf) -> TokenStream {
    let krate = &model.krate;
    let leaf = super::parts::leaf(model, leaf);
    quote!(|_node| <#ty as #krate::syntax::LeafValue>::read(_node, #leaf))
}
