//! Texts, blanks and leaves as values of the library.

use proc_macro2::TokenStream;
use quote::quote;

use crate::valid::{Escape, Item, Leaf, Model, Piece, SlotKind};

/// Pieces without fields as a slice of `Part`s.
pub(super) fn parts(model: &Model, pieces: &[Piece]) -> TokenStream {
    let krate = &model.krate;
    let blank = || {
        let (min, max, lines) = model.blank.map_or((1, 1, false), |policy| {
            (policy.min, policy.max, policy.lines)
        });
        quote!(#krate::syntax::Blank { min: #min, max: #max, lines: #lines })
    };
    let parts = pieces.iter().filter_map(|piece| {
        Some(match piece {
            Piece::Text(text) if model.ignore_case && text.chars().any(char::is_alphabetic) => {
                quote!(#krate::syntax::Part::AnyCase(#text))
            }
            Piece::Text(text) => quote!(#krate::syntax::Part::Text(#text)),
            Piece::Blank => {
                let blank = blank();
                quote!(#krate::syntax::Part::Blank(#blank))
            }
            Piece::Break(indent) => {
                let blank = blank();
                quote!(#krate::syntax::Part::Break { blank: #blank, indent: #indent })
            }
            Piece::Field(_) => return None,
        })
    });
    quote!(&[#(#parts),*])
}

/// The two sides of a group.
pub(super) fn group(model: &Model, group: Option<&[Vec<Piece>; 2]>) -> TokenStream {
    option(group.map(|[open, close]| {
        let (open, close) = (parts(model, open), parts(model, close));
        quote!([#open, #close])
    }))
}

pub(super) fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(
        || quote!(::core::option::Option::None),
        |value| quote!(::core::option::Option::Some(#value)),
    )
}

/// A leaf as a value of the library.
pub(super) fn leaf(model: &Model, leaf: &Leaf) -> TokenStream {
    let krate = &model.krate;
    match leaf {
        Leaf::Pattern(pattern) => quote!(#krate::syntax::Leaf::Pattern(#pattern)),
        Leaf::Integer { min, max } => {
            quote!(#krate::syntax::Leaf::Integer { min: #min, max: #max })
        }
        Leaf::QuotedPattern {
            open,
            close,
            pattern,
        } => quote! {
            #krate::syntax::Leaf::QuotedPattern { open: #open, close: #close, pattern: #pattern }
        },
        Leaf::Quoted {
            open,
            close,
            escape,
        } => {
            let escape = match escape {
                Escape::None => quote!(None),
                Escape::Doubled => quote!(Doubled),
                Escape::Backslash => quote!(Backslash),
                Escape::Json => quote!(Json),
            };
            quote! {
                #krate::syntax::Leaf::Quoted {
                    open: #open,
                    close: #close,
                    escape: #krate::syntax::Escape::#escape,
                }
            }
        }
    }
}

/// How an item of a list or an option is defined.
pub(super) fn define(model: &Model, item: &Item) -> TokenStream {
    let (krate, ty) = (&model.krate, &item.ty);
    match &item.leaf {
        None => quote!(<#ty as #krate::syntax::Syntax>::define(_definitions)),
        Some((name, leaf)) => {
            let leaf = self::leaf(model, leaf);
            quote!(_definitions.leaf(#name, #leaf))
        }
    }
}

/// The `List` of a field that is one.
pub(super) fn list(model: &Model, kind: &SlotKind) -> TokenStream {
    let SlotKind::List {
        separator,
        trailing,
        min,
        max,
        before,
        after,
        ..
    } = kind
    else {
        return TokenStream::new();
    };
    let krate = &model.krate;
    let max = option(max.map(|max| quote!(#max)));
    let [separator, before, after] = [separator, before, after].map(|pieces| parts(model, pieces));
    quote! {
        #krate::syntax::List {
            separator: #separator,
            trailing: #trailing,
            min: #min,
            max: #max,
            before: #before,
            after: #after,
        }
    }
}
