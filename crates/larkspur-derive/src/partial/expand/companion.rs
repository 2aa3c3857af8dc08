//! The companion: the type with every field as far as it has come.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use crate::partial::fields::Slot;
use crate::partial::model::{Body, Model, Style, Variant, said};

pub(super) fn companion(model: &Model) -> TokenStream {
    let Model {
        krate,
        vis,
        companion,
        derive,
        ..
    } = model;
    let (item, default) = match &model.body {
        Body::Whole | Body::Inner(_) => return TokenStream::new(),
        Body::Struct { slots, is_tuple } => {
            let fields = slots.iter().map(|slot| field(krate, slot));
            let fields = if *is_tuple {
                quote!(( #(#fields),* );)
            } else {
                quote!({ #(#fields),* })
            };
            (
                quote!(struct #companion #fields),
                quote!(::core::default::Default,),
            )
        }
        Body::Enum { variants, .. } => {
            let variants = variants.iter().map(|variant| self::variant(krate, variant));
            (quote!(enum #companion { #(#variants),* }), quote!())
        }
    };
    let docs = said(&format!("How far a [`{}`] has come.", model.ident));
    let derive = if derive.is_empty() {
        quote!()
    } else {
        quote!(#[derive(#derive)])
    };
    quote! {
        #docs
        #[derive(::core::clone::Clone, #default ::core::fmt::Debug)]
        #derive
        #[allow(
            dead_code, missing_docs, unreachable_pub, clippy::exhaustive_enums, clippy::exhaustive_structs,
            reason = "what it is made from decides"
        )]
        #vis #item
    }
}

fn variant(krate: &Path, variant: &Variant) -> TokenStream {
    let Variant {
        ident, docs, slots, ..
    } = variant;
    let fields = slots.iter().map(|slot| field(krate, slot));
    let fields = match variant.style {
        Style::Unit => quote!(),
        Style::Newtype | Style::Tuple => quote!(( #(#fields),* )),
        Style::Named => quote!({ #(#fields),* }),
    };
    quote!(#(#docs)* #ident #fields)
}

fn field(krate: &Path, slot: &Slot) -> TokenStream {
    let Slot {
        ident,
        vis,
        ty,
        docs,
        ..
    } = slot;
    let shown = if slot.is_whole() {
        quote!(#ty)
    } else {
        super::shown(krate, ty)
    };
    let name = ident.as_ref().map(|ident| quote!(#ident:));
    quote!(#(#docs)* #vis #name #krate::Progress<#shown>)
}
