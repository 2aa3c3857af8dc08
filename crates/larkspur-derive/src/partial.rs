//! `derive(Partial)`: from a type that serde reads to a companion in which every field is as far as it has come.

mod attr;
mod expand;
mod fields;
mod model;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::errors::Errors;

/// The companion and the impl; where something is wrong, all errors and an impl that shows nothing.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let model = model::model(&input, &mut errors);
    match errors.finish() {
        Ok(()) => expand::expand(&model),
        Err(error) => {
            let errors = error.into_compile_error();
            let stub = expand::stub(&input, &model.krate);
            quote!(#errors #stub)
        }
    }
}
