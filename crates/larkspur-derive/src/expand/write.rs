//! `Syntax::write`.

use proc_macro2::TokenStream;
use quote::quote;

use super::define::{list, option};
use super::{members, variable};
use crate::valid::{Fixity, Form, Kind, Model, Piece, Shape, SlotKind};

pub(super) fn body(model: &Model) -> TokenStream {
    match &model.kind {
        Kind::Pattern(member, _) => quote!(_out.leaf::<Self>(&self.#member)),
        Kind::Struct(shape) => {
            let (members, writes) = (members(shape), template(model, shape));
            quote! {
                let Self #members = self;
                #writes
                ::core::result::Result::Ok(())
            }
        }
        Kind::Enum { variants, group } => {
            let group = option(group.as_ref().map(|[open, close]| quote!([#open, #close])));
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
            Piece::Text(_) | Piece::Blank => texts(model, std::slice::from_ref(piece)),
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
        SlotKind::List { .. } => {
            let list = list(model, &slot.kind);
            quote!(_out.list(#variable, #list)?;)
        }
        SlotKind::Optional { before, after, .. } => {
            let (before, after) = (texts(model, before), texts(model, after));
            quote! {
                if let ::core::option::Option::Some(_some) = #variable {
                    #before
                    _out.value(_some)?;
                    #after
                }
            }
        }
    }
}

/// Writes texts; a blank is one space unless the policy has none or more.
fn texts(model: &Model, pieces: &[Piece]) -> TokenStream {
    let blank = model.blank.map_or(1, |(min, max)| min.max(1).min(max));
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => quote!(_out.text(#text);),
            Piece::Blank => {
                let spaces = " ".repeat(usize::try_from(blank).unwrap_or_default());
                quote!(_out.text(#spaces);)
            }
            Piece::Field(_) => TokenStream::new(),
        })
        .collect()
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
