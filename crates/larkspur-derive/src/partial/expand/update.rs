//! `Partial::advance` and `Partial::takes`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Member, Path};

use crate::partial::fields::{How, Slot};
use crate::partial::model::{Body, Model, Style, Tagging, Variant};

pub(super) fn advance(model: &Model) -> TokenStream {
    let krate = &model.krate;
    match &model.body {
        Body::Whole => quote! {
            if ::core::option::Option::is_none(_partial) {
                *_partial = #krate::View::whole(_view);
            }
        },
        Body::Inner(slot) => {
            let ty = &slot.ty;
            quote!(<#ty as #krate::Partial>::advance(_partial, _view))
        }
        Body::Struct { slots, is_tuple } => structure(model, slots, *is_tuple),
        Body::Enum { tagging, variants } => enumeration(model, tagging, variants),
    }
}

/// Nothing where the default says the same.
pub(super) fn takes(model: &Model) -> TokenStream {
    let krate = &model.krate;
    let taken = match &model.body {
        Body::Inner(slot) => {
            let ty = &slot.ty;
            quote!(<#ty as #krate::Partial>::takes(_key))
        }
        Body::Struct {
            slots,
            is_tuple: false,
        } => hidden(krate, slots, slots.len()),
        Body::Enum {
            tagging: Tagging::External,
            variants,
        } => {
            let names = variants.iter().flat_map(|variant| &variant.names);
            quote!(::core::matches!(_key, #(#names)|*))
        }
        _ => return TokenStream::new(),
    };
    quote! {
        fn takes(_key: &str) -> bool {
            #taken
        }
    }
}

fn structure(model: &Model, slots: &[Slot], is_tuple: bool) -> TokenStream {
    let (krate, companion) = (&model.krate, &model.companion);
    let variables = variables(slots);
    let pattern = slots.iter().zip(&variables).map(|(slot, variable)| {
        let member = member(slot);
        quote!(#member: #variable)
    });
    let view = quote!(_view);
    let (is_kind, update) = if is_tuple {
        (quote!(is_array), elements(krate, slots, &variables, &view))
    } else {
        (quote!(is_object), members(krate, slots, &variables, &view))
    };
    quote! {
        if !#krate::View::#is_kind(_view) {
            return;
        }
        let #companion { #(#pattern),* } = ::core::option::Option::get_or_insert_with(
            _partial,
            <#companion as ::core::default::Default>::default,
        );
        #update
    }
}

fn member(slot: &Slot) -> Member {
    match &slot.ident {
        Some(ident) => Member::Named(ident.clone()),
        None => Member::Unnamed(slot.index.into()),
    }
}

/// A variable for each field, which its name cannot clash with.
fn variables(slots: &[Slot]) -> Vec<Ident> {
    let indices = slots.iter().map(|slot| slot.index);
    indices
        .map(|index| format_ident!("_field_{index}"))
        .collect()
}

/// Brings one field up to date.
fn update(krate: &Path, slot: &Slot, variable: &Ident, view: &TokenStream) -> TokenStream {
    let ty = &slot.ty;
    match &slot.how {
        How::Growing => quote!(#krate::Progress::advance::<#ty>(#variable, #view)),
        How::Whole => {
            quote!(#krate::Progress::when_whole(#variable, #view, |_view| #krate::View::whole(_view)))
        }
        How::Function(function) => quote! {
            #krate::Progress::when_whole(#variable, #view, |_view| {
                ::core::option::Option::and_then(
                    #krate::View::whole_node(_view),
                    |_node| ::core::result::Result::ok(#function(&_node)),
                )
            })
        },
    }
}

/// Brings the fields of an object up to date, those that are flattened last.
fn members(krate: &Path, slots: &[Slot], variables: &[Ident], view: &TokenStream) -> TokenStream {
    let own = slots.iter().zip(variables);
    let own = own.filter(|(slot, _)| !slot.is_flattened);
    let arms = own.map(|(slot, variable)| {
        let (names, update) = (&slot.names, update(krate, slot, variable, &quote!(_value)));
        quote!(#(#names)|* => #update,)
    });
    let flattened = slots.iter().zip(variables).enumerate();
    let flattened = flattened.filter(|(_, (slot, _))| slot.is_flattened);
    let flattened = flattened.map(|(index, (slot, variable))| {
        let hidden = hidden(krate, slots, index);
        let update = update(
            krate,
            slot,
            variable,
            &quote!(&#krate::View::without(#view, &|_key| #hidden)),
        );
        quote!(#update;)
    });
    quote! {
        #krate::View::members(#view, &mut |_key, _value| match _key {
            #(#arms)*
            _ => {}
        });
        #(#flattened)*
    }
}

/// Whether `_key` is that of a named field, or is taken by one that is flattened before `index`.
fn hidden(krate: &Path, slots: &[Slot], index: usize) -> TokenStream {
    let own = slots.iter().filter(|slot| !slot.is_flattened);
    let names: Vec<&String> = own.flat_map(|slot| &slot.names).collect();
    let own = if names.is_empty() {
        quote!(false)
    } else {
        quote!(::core::matches!(_key, #(#names)|*))
    };
    let before = slots.iter().take(index).filter(|slot| slot.is_flattened);
    let before = before.map(|slot| {
        let ty = &slot.ty;
        quote!(|| <#ty as #krate::Partial>::takes(_key))
    });
    quote!(#own #(#before)*)
}

/// Brings the elements of an array up to date.
fn elements(krate: &Path, slots: &[Slot], variables: &[Ident], view: &TokenStream) -> TokenStream {
    let arms = slots.iter().zip(variables).map(|(slot, variable)| {
        let (index, update) = (slot.index, update(krate, slot, variable, &quote!(_value)));
        quote!(#index => #update,)
    });
    quote! {
        #krate::View::elements(#view, &mut |_index, _value| match _index {
            #(#arms)*
            _ => {}
        });
    }
}

fn enumeration(model: &Model, tagging: &Tagging, variants: &[Variant]) -> TokenStream {
    let krate = &model.krate;
    match tagging {
        Tagging::External => external(model, variants),
        Tagging::Internal(tag) => {
            let begin = begin(model, tag, variants);
            let content = contents(model, variants, &quote!(_view), Some(tag));
            quote!(#begin #content)
        }
        Tagging::Adjacent { tag, content } => {
            let begin = begin(model, tag, variants);
            let contents = contents(model, variants, &quote!(_value), None);
            quote! {
                #begin
                #krate::View::members(_view, &mut |_key, _value| {
                    if _key == #content {
                        #contents
                    }
                });
            }
        }
    }
}

/// A variant by its name, `None` for names of none.
fn by_name(model: &Model, variants: &[Variant], has_other: bool) -> TokenStream {
    let arms = variants.iter().map(|variant| {
        let (names, empty) = (&variant.names, empty(model, variant));
        quote!(#(#names)|* => ::core::option::Option::Some(#empty),)
    });
    let other = variants
        .iter()
        .find(|variant| has_other && variant.is_other);
    let other = other.map_or_else(
        || quote!(::core::option::Option::None),
        |other| {
            let empty = empty(model, other);
            quote!(::core::option::Option::Some(#empty))
        },
    );
    quote!(#(#arms)* _ => #other,)
}

/// A variant of which nothing has come.
fn empty(model: &Model, variant: &Variant) -> TokenStream {
    let (krate, companion, ident) = (&model.krate, &model.companion, &variant.ident);
    let fields = variant.slots.iter().map(|slot| {
        let member = member(slot);
        quote!(#member: #krate::Progress::Absent)
    });
    quote!(#companion::#ident { #(#fields),* })
}

/// Finds out by the tag which variant it is.
fn begin(model: &Model, tag: &str, variants: &[Variant]) -> TokenStream {
    let (krate, arms) = (&model.krate, by_name(model, variants, true));
    quote! {
        if ::core::option::Option::is_none(_partial) {
            let ::core::option::Option::Some(_tag) = #krate::View::text_of(_view, #tag) else {
                return;
            };
            *_partial = match &*_tag { #arms };
        }
    }
}

fn external(model: &Model, variants: &[Variant]) -> TokenStream {
    let krate = &model.krate;
    let names = by_name(model, variants, false);
    let contents = contents(model, variants, &quote!(_value), None);
    let unit_names = variants
        .iter()
        .filter(|variant| variant.style == Style::Unit);
    let unit_arms = unit_names.map(|variant| {
        let (names, empty) = (&variant.names, empty(model, variant));
        quote!(#(#names)|* => ::core::option::Option::Some(#empty),)
    });
    quote! {
        if let ::core::option::Option::Some(_name) = #krate::View::as_str(_view) {
            if #krate::View::is_complete(_view) && ::core::option::Option::is_none(_partial) {
                *_partial = match _name {
                    #(#unit_arms)*
                    _ => ::core::option::Option::None,
                };
            }
            return;
        }
        #krate::View::members(_view, &mut |_key, _value| {
            if !<Self as #krate::Partial>::takes(_key) {
                return;
            }
            if ::core::option::Option::is_none(_partial) {
                *_partial = match _key { #names };
            }
            #contents
        });
    }
}

/// Brings the content of the variant up to date that it is.
fn contents(
    model: &Model,
    variants: &[Variant],
    view: &TokenStream,
    tag: Option<&String>,
) -> TokenStream {
    let (krate, companion) = (&model.krate, &model.companion);
    let filled = variants.iter().filter(|variant| !variant.slots.is_empty());
    let arms = filled.map(|variant| {
        let (ident, variables) = (&variant.ident, variables(&variant.slots));
        let pattern = variant
            .slots
            .iter()
            .zip(&variables)
            .map(|(slot, variable)| {
                let member = member(slot);
                quote!(#member: #variable)
            });
        let update = match (variant.style, &*variant.slots, &*variables) {
            (Style::Newtype, [slot], [variable]) => match tag {
                Some(tag) => {
                    let view = quote!(&#krate::View::without(#view, &|_key| _key == #tag));
                    update(krate, slot, variable, &view)
                }
                None => update(krate, slot, variable, view),
            },
            (Style::Named, slots, variables) => members(krate, slots, variables, view),
            (_, slots, variables) => elements(krate, slots, variables, view),
        };
        quote! {
            ::core::option::Option::Some(#companion::#ident { #(#pattern),* }) => { #update }
        }
    });
    quote! {
        match _partial {
            #(#arms)*
            _ => {}
        }
    }
}
