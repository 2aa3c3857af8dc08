//! The type as it is written, with its attributes read.

use syn::ext::IdentExt as _;
use syn::{Data, DeriveInput, Fields, Ident, Index, Member, Type};

use crate::attr::{FieldAttrs, ItemAttrs, VariantAttrs};
use crate::errors::Errors;

/// A type that is to be its own syntax.
pub(crate) struct Input<'i> {
    pub(crate) original: &'i DeriveInput,
    pub(crate) attrs: ItemAttrs,
    pub(crate) body: Body<'i>,
}

pub(crate) enum Body<'i> {
    Struct(Vec<Field<'i>>),
    Enum(Vec<Variant<'i>>),
}

pub(crate) struct Variant<'i> {
    pub(crate) ident: &'i Ident,
    pub(crate) attrs: VariantAttrs,
    pub(crate) fields: Vec<Field<'i>>,
}

pub(crate) struct Field<'i> {
    pub(crate) ty: &'i Type,
    pub(crate) member: Member,
    pub(crate) attrs: FieldAttrs,
}

impl Field<'_> {
    /// Its name, or its number.
    pub(crate) fn name(&self) -> String {
        match &self.member {
            Member::Named(ident) => ident.unraw().to_string(),
            Member::Unnamed(index) => index.index.to_string(),
        }
    }
}

impl<'i> Input<'i> {
    /// `None` for what can have no syntax at all.
    pub(crate) fn read(original: &'i DeriveInput, errors: &mut Errors) -> Option<Self> {
        let is_enum = matches!(original.data, Data::Enum(_));
        let attrs = ItemAttrs::read(&original.attrs, is_enum, errors);
        let body = match &original.data {
            Data::Struct(data) => Body::Struct(fields(&data.fields, errors)),
            Data::Enum(data) => Body::Enum(
                data.variants
                    .iter()
                    .map(|variant| Variant {
                        ident: &variant.ident,
                        attrs: VariantAttrs::read(&variant.attrs, errors),
                        fields: fields(&variant.fields, errors),
                    })
                    .collect(),
            ),
            Data::Union(data) => {
                errors.at(data.union_token, "a union has no syntax; use an enum");
                return None;
            }
        };
        Some(Self {
            original,
            attrs,
            body,
        })
    }
}

fn fields<'i>(fields: &'i Fields, errors: &mut Errors) -> Vec<Field<'i>> {
    let fields = fields.iter().enumerate();
    fields
        .map(|(index, field)| Field {
            ty: &field.ty,
            member: match &field.ident {
                Some(ident) => Member::Named(ident.clone()),
                None => Member::Unnamed(Index::from(index)),
            },
            attrs: FieldAttrs::read(&field.attrs, errors),
        })
        .collect()
}
