//! Fields, as serde reads them.

use proc_macro2::TokenStream;
use syn::ext::IdentExt as _;
use syn::{Attribute, Fields, Ident, Type, Visibility};

use super::attr::{self, Serde};
use crate::case::Case;
use crate::errors::Errors;

/// A field that is read.
pub(super) struct Slot {
    /// Nothing in tuples.
    pub(super) ident: Option<Ident>,
    /// Its place among the elements of an array.
    pub(super) index: usize,
    /// Nothing where fields have none of their own.
    pub(super) vis: Option<Visibility>,
    pub(super) ty: Type,
    pub(super) docs: Vec<Attribute>,
    /// Keys under which it comes.
    pub(super) names: Vec<String>,
    pub(super) is_flattened: bool,
    pub(super) how: How,
}

pub(super) enum How {
    /// Shown as far as it has come.
    Growing,
    /// Shown when it is whole.
    Whole,
    /// Shown when it is whole, as this function reads it.
    Function(TokenStream),
}

impl Slot {
    pub(super) const fn is_whole(&self) -> bool {
        !matches!(self.how, How::Growing)
    }
}

pub(super) fn docs(attrs: &[Attribute]) -> Vec<Attribute> {
    let docs = attrs.iter().filter(|attr| attr.path().is_ident("doc"));
    docs.cloned().collect()
}

/// The fields that are read. `container` is there where fields say who sees them.
pub(super) fn slots(
    fields: &Fields,
    case: Option<Case>,
    container: Option<&Visibility>,
    errors: &mut Errors,
) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    for field in fields {
        let is_whole = attr::is_whole(&field.attrs, "a field", errors);
        let serde = Serde::read(&field.attrs);
        if serde.is_skipped() {
            continue;
        }
        let is_flattened = serde.has("flatten");
        let how = match serde.function() {
            Some(function) => How::Function(function),
            None if is_whole => How::Whole,
            None => How::Growing,
        };
        if is_flattened && !matches!(how, How::Growing) {
            errors.at(
                &field.ty,
                "what is flattened has no end of its own, so it cannot be shown when it is whole",
            );
        }
        let own = field.ident.as_ref().map(|ident| ident.unraw().to_string());
        let own = own.unwrap_or_default();
        let name = serde.text("rename").map(|name| name.value());
        let name =
            name.unwrap_or_else(|| case.map_or(own.clone(), |case| case.apply_to_field(&own)));
        let mut names = vec![name];
        names.extend(serde.aliases());
        slots.push(Slot {
            ident: field.ident.clone(),
            index: slots.len(),
            vis: container.map(|_| field.vis.clone()),
            ty: field.ty.clone(),
            docs: docs(&field.attrs),
            names,
            is_flattened,
            how,
        });
    }
    slots
}
