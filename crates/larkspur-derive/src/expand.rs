//! From the model to code. Cannot fail, and leaves what can be done at run time to the library.

mod define;
mod parts;
mod read;
mod write;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Generics, Ident, Path, parse_quote};

use crate::valid::{Form, Kind, Model, Shape};

/// The impl of a type.
pub(crate) fn expand(model: &Model) -> TokenStream {
    let krate = &model.krate;
    let ident = &model.ident;
    let generics = bounded(&model.generics, krate);
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let define = define::body(model);
    let read = read::body(model);
    let write = write::body(model);
    let precedence = precedence(model);
    quote! {
        #[automatically_derived]
        impl #impl_generics #krate::syntax::Syntax for #ident #type_generics #where_clause {
            fn define(_definitions: &mut #krate::syntax::Definitions) -> #krate::grammar::Expr {
                #define
            }

            fn from_node(_node: #krate::tree::Node<'_>) -> ::core::result::Result<Self, #krate::syntax::Error> {
                #read
            }

            fn write(&self, _out: &mut #krate::syntax::Writer) -> ::core::result::Result<(), #krate::syntax::Error> {
                #write
            }

            #precedence
        }
    }
}

/// Every type parameter has a syntax.
pub(crate) fn bounded(generics: &Generics, krate: &Path) -> Generics {
    let mut generics = generics.clone();
    for param in generics.type_params_mut() {
        param.bounds.push(parse_quote!(#krate::syntax::Syntax));
    }
    generics
}

/// The variable of the field at `index`.
fn variable(index: usize) -> Ident {
    format_ident!("_field_{index}")
}

/// `{ member: _field_0, … }`: as a pattern and as an expression, whatever the style of the fields.
fn members(shape: &Shape) -> TokenStream {
    let fields = shape.fields.iter().enumerate().map(|(index, slot)| {
        let (member, variable) = (&slot.member, variable(index));
        quote!(#member: #variable)
    });
    quote!({ #(#fields),* })
}

/// How tightly each variant binds; left to the default where there are no operators.
fn precedence(model: &Model) -> Option<TokenStream> {
    let Kind::Enum { variants, .. } = &model.kind else {
        return None;
    };
    let arms: Vec<TokenStream> = variants
        .iter()
        .filter_map(|(ident, shape)| match &shape.form {
            Form::Operator { precedence, .. } => Some(quote!(Self::#ident { .. } => #precedence,)),
            Form::Template(_) => None,
        })
        .collect();
    (!arms.is_empty()).then(|| {
        quote! {
            fn precedence(&self) -> u32 {
                match self {
                    #(#arms)*
                    _ => u32::MAX,
                }
            }
        }
    })
}
