//! What `#[partial(…)]` says, and what `#[serde(…)]` says of reading.
//!
//! What is wrong with serde's attributes is told by serde's own derive, so here it is passed over.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Path, Token};

use crate::case::Case;
use crate::errors::Errors;
use crate::near::near;

/// What a type is told by `#[partial(…)]`.
#[derive(Default)]
pub(super) struct Told {
    pub(super) krate: Option<Path>,
    pub(super) name: Option<Ident>,
    pub(super) derive: TokenStream,
    pub(super) whole: bool,
}

/// The keys of a type.
const KEYS: [&str; 4] = ["name", "derive", "whole", "crate"];

impl Told {
    pub(super) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut told = Self::default();
        for meta in entries(attrs, "partial", Some(errors)) {
            match (key(&meta).as_str(), text(&meta)) {
                ("whole", _) if matches!(meta, Meta::Path(_)) => told.whole = true,
                ("crate", Some(path)) => told.krate = parsed(&path, "a path", errors),
                ("name", Some(name)) => told.name = parsed(&name, "a name", errors),
                ("derive", _) => match &meta {
                    Meta::List(list) => told.derive.clone_from(&list.tokens),
                    _ => errors.at(&meta, "`derive` has a list: write `derive(PartialEq)`"),
                },
                ("whole", _) => errors.at(&meta, "`whole` has no value: write `whole`"),
                ("crate", None) => errors.at(
                    &meta,
                    "`crate` is a text: write `crate = \"larkspur::partial\"`",
                ),
                ("name", None) => {
                    errors.at(&meta, "`name` is a text: write `name = \"InvoiceSoFar\"`");
                }
                (other, _) => errors.at(&meta, unknown(other, "a type", &KEYS)),
            }
        }
        told
    }
}

/// Whether `#[partial(whole)]` is said of a field or variant; nothing else may be.
pub(super) fn is_whole(attrs: &[Attribute], place: &str, errors: &mut Errors) -> bool {
    let mut whole = false;
    for meta in entries(attrs, "partial", Some(errors)) {
        match key(&meta).as_str() {
            "whole" if place == "a field" => match &meta {
                Meta::Path(_) => whole = true,
                _ => errors.at(&meta, "`whole` has no value: write `whole`"),
            },
            key if KEYS.contains(&key) => {
                let message = format!("`{key}` is for a whole struct or enum, not for {place}");
                errors.at(&meta, message);
            }
            other => errors.at(&meta, unknown(other, place, &["whole"])),
        }
    }
    whole
}

fn unknown(key: &str, place: &str, known: &[&str]) -> String {
    if let Some(near) = near(key, known.iter().copied()) {
        return format!("{place} takes no `{key}`; did you mean `{near}`?");
    }
    let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
    format!("{place} takes no `{key}`; it takes {}", known.join(", "))
}

fn parsed<T: syn::parse::Parse>(text: &LitStr, what: &str, errors: &mut Errors) -> Option<T> {
    let parsed = text.parse().ok();
    if parsed.is_none() {
        errors.at(text, format!("`{}` is not {what}", text.value()));
    }
    parsed
}

/// The entries of all attributes of a name; what is no list of entries is told where there is someone to tell.
fn entries(attrs: &[Attribute], name: &str, mut errors: Option<&mut Errors>) -> Vec<Meta> {
    let mut all = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident(name)) {
        match attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) {
            Ok(entries) => all.extend(entries),
            Err(error) => {
                if let Some(errors) = &mut errors {
                    errors.push(error);
                }
            }
        }
    }
    all
}

fn key(meta: &Meta) -> String {
    meta.path().to_token_stream().to_string()
}

/// The text behind `key =`.
fn text(meta: &Meta) -> Option<LitStr> {
    match meta {
        Meta::NameValue(pair) => literal(&pair.value),
        _ => None,
    }
}

fn literal(value: &Expr) -> Option<LitStr> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.clone()),
        _ => None,
    }
}

/// What serde is told of a type, a variant or a field.
pub(super) struct Serde {
    entries: Vec<Meta>,
}

impl Serde {
    pub(super) fn read(attrs: &[Attribute]) -> Self {
        Self {
            entries: entries(attrs, "serde", None),
        }
    }

    /// The entry of a key.
    pub(super) fn entry(&self, wanted: &str) -> Option<&Meta> {
        self.entries.iter().find(|meta| key(meta) == wanted)
    }

    pub(super) fn has(&self, wanted: &str) -> bool {
        self.entry(wanted).is_some()
    }

    /// The text of a key, or that inside of `key(deserialize = "…")`.
    pub(super) fn text(&self, wanted: &str) -> Option<LitStr> {
        self.entries
            .iter()
            .filter(|meta| key(meta) == wanted)
            .find_map(|meta| match meta {
                Meta::List(list) => list
                    .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
                    .ok()?
                    .iter()
                    .find(|meta| key(meta) == "deserialize")
                    .and_then(text),
                other => text(other),
            })
    }

    pub(super) fn case(&self, wanted: &str, errors: &mut Errors) -> Option<Case> {
        self.text(wanted).map(|text| Case::read(&text, errors))
    }

    pub(super) fn aliases(&self) -> Vec<String> {
        let aliases = self.entries.iter().filter(|meta| key(meta) == "alias");
        aliases
            .filter_map(text)
            .map(|alias| alias.value())
            .collect()
    }

    /// Whether nothing of it is read.
    pub(super) fn is_skipped(&self) -> bool {
        self.has("skip") || self.has("skip_deserializing")
    }

    /// The function that reads it, where there is one.
    pub(super) fn function(&self) -> Option<TokenStream> {
        if let Some(function) = self.text("deserialize_with") {
            return function.parse().ok();
        }
        let module: Path = self.text("with")?.parse().ok()?;
        Some(quote::quote!(#module::deserialize))
    }
}
