//! `Syntax::from_node`.

use proc_macro2::TokenStream;
use quote::quote;

use super::{members, variable};
use crate::valid::{Form, Kind, Model, Piece, Shape, SlotKind};

pub(super) fn body(model: &Model) -> TokenStream {
    let krate = &model.krate;
    match &model.kind {
        Kind::Pattern(member, _) => {
            quote!(::core::result::Result::Ok(Self { #member: _node.text().into_owned() }))
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
                Piece::Text(_) | Piece::Blank => None,
            })
            .collect(),
    };
    let fields = order.iter().filter_map(|index| {
        let (variable, slot) = (variable(*index), shape.fields.get(*index)?);
        let ty = &slot.ty;
        Some(match &slot.kind {
            SlotKind::Value => quote!(let #variable = _fields.value::<#ty>()?;),
            SlotKind::List { item, .. } => quote!(let #variable = _fields.list::<#item>()?;),
            SlotKind::Optional { some, .. } => {
                quote!(let #variable = _fields.optional::<#some>()?;)
            }
        })
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
