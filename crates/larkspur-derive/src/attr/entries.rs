//! `#[syntax(…)]`: its entries, asked for one by one.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Lit, LitInt, LitStr, Path, Token};

use crate::case::Case;
use crate::errors::Errors;
use crate::near::near;

/// The name of the attribute.
const SYNTAX: &str = "syntax";

/// Where an attribute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Struct,
    Enum,
    Variant,
    Field,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Struct => "a struct",
            Self::Enum => "an enum",
            Self::Variant => "a variant",
            Self::Field => "a field",
        }
    }

    /// Why there is no template here.
    fn without_template(self) -> &'static str {
        match self {
            Self::Enum => "an enum has no template; each of its variants has one",
            _ => {
                "a field has no template; write the text in that of the struct or variant, or as `some = \"…{}\"` if it is there only with a value"
            }
        }
    }
}

/// What the keys are for.
const PLACES: [(&[&str], &str); 6] = [
    (
        &["crate", "ignore_case", "blank", "lines"],
        "a whole struct or enum",
    ),
    (&["group", "rename_all"], "an enum"),
    (
        &["infix", "prefix", "postfix", "precedence", "associativity"],
        "a variant",
    ),
    (
        &["separator", "trailing", "min", "max"],
        "a field of type `Vec<…>`",
    ),
    (&["some"], "a field of type `Option<…>` or `Vec<…>`"),
    (
        &["pattern", "quote", "escape", "range"],
        "a field, or a struct with one field",
    ),
];

/// One entry of an attribute.
enum Entry {
    Template(LitStr),
    Key { key: Ident, value: Value },
}

enum Value {
    None,
    Lit(Lit),
    Range(LitInt, LitInt),
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return input.parse().map(Self::Template);
        }
        let key = Ident::parse_any(input)?;
        let value = match input.parse::<Option<Token![=]>>()? {
            None => Value::None,
            Some(_) => input.parse()?,
        };
        Ok(Self::Key { key, value })
    }
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let error = |message: &str| Err(input.error(message));
        if input.peek(syn::Ident) {
            return error("write the value itself: the derive cannot see what a name stands for");
        }
        if input.peek(Token![..]) {
            return error("a range says where it begins: `0..=4`");
        }
        let first: Lit = input.parse()?;
        if !input.peek(Token![..]) {
            return Ok(Self::Lit(first));
        }
        if input.parse::<Option<Token![..=]>>()?.is_none() {
            return error("a range says its last number: write `..=`, as in `0..=4`");
        }
        match first {
            Lit::Int(first) => Ok(Self::Range(first, input.parse()?)),
            other => Err(syn::Error::new_spanned(other, "a range is of integers")),
        }
    }
}

impl ToTokens for Value {
    fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
        match self {
            Self::None => {}
            Self::Lit(lit) => lit.to_tokens(tokens),
            Self::Range(_, last) => last.to_tokens(tokens),
        }
    }
}

/// A small number with its place.
#[derive(Clone)]
pub(crate) struct Number {
    pub(crate) value: u32,
    pub(crate) lit: LitInt,
}

/// A range of small numbers, and what it says.
#[derive(Clone)]
pub(crate) struct Bounds {
    pub(crate) min: u32,
    pub(crate) max: u32,
    pub(crate) key: Ident,
}

/// The entries of one place that nobody has asked for yet.
pub(super) struct Entries<'e> {
    place: Place,
    rest: Vec<Entry>,
    known: Vec<&'static str>,
    /// How many there were before.
    faults: usize,
    errors: &'e mut Errors,
}

impl<'e> Entries<'e> {
    pub(super) fn new(attrs: &[Attribute], place: Place, errors: &'e mut Errors) -> Self {
        let (mut rest, faults) = (Vec::new(), errors.len());
        for attr in attrs.iter().filter(|attr| attr.path().is_ident(SYNTAX)) {
            match attr.parse_args_with(Punctuated::<Entry, Token![,]>::parse_terminated) {
                Ok(entries) => rest.extend(entries),
                Err(error) => errors.push(error),
            }
        }
        Self {
            place,
            rest,
            known: Vec::new(),
            faults,
            errors,
        }
    }

    pub(super) fn template(&mut self) -> Option<LitStr> {
        let mut found = None;
        for entry in std::mem::take(&mut self.rest) {
            match entry {
                Entry::Template(template) if found.is_none() => found = Some(template),
                Entry::Template(second) => self.errors.at(second, "there is a template already"),
                key @ Entry::Key { .. } => self.rest.push(key),
            }
        }
        found
    }

    fn take(&mut self, wanted: &'static str) -> Option<(Ident, Value)> {
        self.known.push(wanted);
        let mut found = None;
        for entry in std::mem::take(&mut self.rest) {
            match entry {
                Entry::Key { key, value } if key == wanted => match found {
                    None => found = Some((key, value)),
                    Some(_) => self.errors.at(&key, format!("`{wanted}` is given twice")),
                },
                other => self.rest.push(other),
            }
        }
        found
    }

    /// The value is of another kind than `example`.
    fn wrong<T>(&mut self, key: &Ident, value: &Value, kind: &str, example: &str) -> Option<T> {
        let message = format!("`{key}` {kind}: write `{example}`");
        self.errors.at(quote::quote!(#key #value), message);
        None
    }

    pub(super) fn text(&mut self, wanted: &'static str, example: &str) -> Option<LitStr> {
        match self.take(wanted)? {
            (_, Value::Lit(Lit::Str(text))) => Some(text),
            (key, value) => self.wrong(&key, &value, "is a text", example),
        }
    }

    pub(super) fn path(&mut self, wanted: &'static str, example: &str) -> Option<Path> {
        let text = self.text(wanted, example)?;
        let path = text.parse().ok();
        if path.is_none() {
            let message = format!("`{}` is no path: write `{example}`", text.value());
            self.errors.at(text, message);
        }
        path
    }

    pub(super) fn case(&mut self, wanted: &'static str, example: &str) -> Case {
        let text = self.text(wanted, example);
        text.map_or_else(Case::default, |text| Case::read(&text, self.errors))
    }

    pub(super) fn number(&mut self, wanted: &'static str, example: &str) -> Option<Number> {
        match self.take(wanted)? {
            (_, Value::Lit(Lit::Int(number))) => self
                .small(&number)
                .map(|value| Number { value, lit: number }),
            (key, value) => self.wrong(&key, &value, "is a number", example),
        }
    }

    fn small(&mut self, number: &LitInt) -> Option<u32> {
        let value = number.base10_parse::<u16>().ok();
        if value.is_none() {
            self.errors.at(number, "a number here is from 0 to 65535");
        }
        value.map(u32::from)
    }

    pub(super) fn range(&mut self, wanted: &'static str, example: &str) -> Option<Bounds> {
        match self.take(wanted)? {
            (key, Value::Range(first, last)) => {
                let (min, max) = (self.small(&first)?, self.small(&last)?);
                if min > max {
                    let message = format!("there is nothing from {min} to {max}");
                    self.errors.at(quote::quote!(#first #last), message);
                    return None;
                }
                Some(Bounds { min, max, key })
            }
            (key, value) => self.wrong(&key, &value, "has two bounds", example),
        }
    }

    /// A range of integers of any size.
    pub(super) fn integers(
        &mut self,
        wanted: &'static str,
        example: &str,
    ) -> Option<(LitInt, LitInt)> {
        match self.take(wanted)? {
            (_, Value::Range(first, last)) => Some((first, last)),
            (key, value) => self.wrong(&key, &value, "has two bounds", example),
        }
    }

    pub(super) fn flag(&mut self, wanted: &'static str) -> Option<Ident> {
        match self.take(wanted)? {
            (key, Value::None) => Some(key),
            (key, value) => self.wrong(&key, &value, "has no value", wanted),
        }
    }

    /// What is left is unknown here. Says whether all was understood.
    pub(super) fn finish(self) -> bool {
        for entry in &self.rest {
            match entry {
                Entry::Template(template) => {
                    self.errors.at(template, self.place.without_template());
                }
                Entry::Key { key, .. } => {
                    let message = unknown(&key.unraw().to_string(), self.place, &self.known);
                    self.errors.at(key, message);
                }
            }
        }
        self.errors.len() == self.faults
    }
}

/// What to say of a key that has no meaning in this place.
fn unknown(key: &str, place: Place, known: &[&'static str]) -> String {
    let name = place.name();
    if let Some((_, home)) = PLACES.iter().find(|(keys, _)| keys.contains(&key)) {
        return format!("`{key}` is for {home}, not for {name}");
    }
    if (key, place) == ("rename", Place::Variant) {
        return "a variant is called in the text as its template says: `#[syntax(\"text\")]`"
            .to_owned();
    }
    if let Some(near) = near(key, known.iter().copied()) {
        return format!("{name} takes no `{key}`; did you mean `{near}`?");
    }
    let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
    format!("{name} takes no `{key}`; it takes {}", known.join(", "))
}
