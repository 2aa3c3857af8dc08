//! From the model to code.

mod companion;
mod update;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{DeriveInput, Path, Type};

use super::model::{Body, Model};

/// The companion, where there is one, and the impl.
pub(super) fn expand(model: &Model) -> TokenStream {
    let (krate, ident, companion) = (&model.krate, &model.ident, &model.companion);
    let shown = match &model.body {
        Body::Whole => quote!(Self),
        Body::Inner(slot) => {
            let ty = &slot.ty;
            shown(krate, ty)
        }
        Body::Struct { .. } | Body::Enum { .. } => quote!(#companion),
    };
    let item = companion::companion(model);
    let advance = update::advance(model);
    let takes = update::takes(model);
    quote! {
        #item

        #[automatically_derived]
        impl #krate::Partial for #ident {
            type Partial = #shown;

            fn advance(_partial: &mut ::core::option::Option<Self::Partial>, _view: &#krate::View<'_>) {
                #advance
            }

            #takes
        }
    }
}

/// What a type is shown as; where it cannot be, that is said at the type.
fn shown(krate: &Path, ty: &Type) -> TokenStream {
    quote_spanned!(ty.span()=> <#ty as #krate::Partial>::Partial)
}

/// An impl that shows nothing, so that a type with a fault is told of the fault only.
pub(super) fn stub(input: &DeriveInput, krate: &Path) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let ident = &input.ident;
    quote! {
        #[automatically_derived]
        impl #krate::Partial for #ident {
            type Partial = ();

            fn advance(_partial: &mut ::core::option::Option<()>, _view: &#krate::View<'_>) {}
        }
    }
}
