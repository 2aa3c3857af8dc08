//! `#[syntax(…)]`: its entries, and what each place understands.

use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Lit, LitInt, LitStr, Path, Token};

use crate::case::Case;
use crate::errors::Errors;

/// The name of the attribute.
const SYNTAX: &str = "syntax";

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
        if input.parse::<Option<Token![=]>>()?.is_none() {
            let value = Value::None;
            return Ok(Self::Key { key, value });
        }
        let first: Lit = input.parse()?;
        let value = if input.parse::<Option<Token![..=]>>()?.is_some() {
            match first {
                Lit::Int(first) => Value::Range(first, input.parse()?),
                other => return Err(syn::Error::new_spanned(other, "a range is of integers")),
            }
        } else {
            Value::Lit(first)
        };
        Ok(Self::Key { key, value })
    }
}

/// The entries of one place that nobody has asked for yet.
struct Entries<'e> {
    rest: Vec<Entry>,
    known: Vec<&'static str>,
    errors: &'e mut Errors,
}

impl<'e> Entries<'e> {
    fn new(attrs: &[Attribute], errors: &'e mut Errors) -> Self {
        let mut rest = Vec::new();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident(SYNTAX)) {
            match attr.parse_args_with(Punctuated::<Entry, Token![,]>::parse_terminated) {
                Ok(entries) => rest.extend(entries),
                Err(error) => errors.push(error),
            }
        }
        let known = Vec::new();
        Self {
            rest,
            known,
            errors,
        }
    }

    fn template(&mut self) -> Option<LitStr> {
        let mut found = None;
        for entry in std::mem::take(&mut self.rest) {
            match entry {
                Entry::Template(template) if found.is_none() => found = Some(template),
                Entry::Template(second) => self.errors.at(second, "there are two templates"),
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

    fn wrong<T>(&mut self, key: &Ident, example: &str) -> Option<T> {
        self.errors.at(key, format!("write `{example}`"));
        None
    }

    fn text(&mut self, wanted: &'static str, example: &str) -> Option<LitStr> {
        match self.take(wanted)? {
            (_, Value::Lit(Lit::Str(text))) => Some(text),
            (key, _) => self.wrong(&key, example),
        }
    }

    fn number(&mut self, wanted: &'static str, example: &str) -> Option<Number> {
        match self.take(wanted)? {
            (_, Value::Lit(Lit::Int(number))) => self
                .small(&number)
                .map(|value| Number { value, lit: number }),
            (key, _) => self.wrong(&key, example),
        }
    }

    fn small(&mut self, number: &LitInt) -> Option<u32> {
        let value = number.base10_parse::<u16>().ok();
        if value.is_none() {
            self.errors.at(number, "a number here is at most 65535");
        }
        value.map(u32::from)
    }

    fn range(&mut self, wanted: &'static str, example: &str) -> Option<(u32, u32)> {
        match self.take(wanted)? {
            (_, Value::Range(first, last)) => {
                let bounds = (self.small(&first)?, self.small(&last)?);
                if bounds.0 > bounds.1 {
                    self.errors.at(first, "the range is empty");
                    return None;
                }
                Some(bounds)
            }
            (key, _) => self.wrong(&key, example),
        }
    }

    /// A range of integers of any size.
    fn integers(&mut self, wanted: &'static str, example: &str) -> Option<(LitInt, LitInt)> {
        match self.take(wanted)? {
            (_, Value::Range(first, last)) => Some((first, last)),
            (key, _) => self.wrong(&key, example),
        }
    }

    fn flag(&mut self, wanted: &'static str) -> Option<Ident> {
        match self.take(wanted)? {
            (key, Value::None) => Some(key),
            (key, _) => self.wrong(&key, wanted),
        }
    }

    /// What is left is unknown here.
    fn finish(self, place: &str) {
        let known: Vec<String> = self.known.iter().map(|key| format!("`{key}`")).collect();
        for entry in self.rest {
            match entry {
                Entry::Template(template) => self
                    .errors
                    .at(template, format!("{place} takes no template")),
                Entry::Key { key, .. } => {
                    let known = known.join(", ");
                    let message = format!("{place} takes no `{key}`; it takes {known}");
                    self.errors.at(&key, message);
                }
            }
        }
    }
}

/// A small number with its place.
#[derive(Clone)]
pub(crate) struct Number {
    pub(crate) value: u32,
    pub(crate) lit: LitInt,
}

/// What a type is told.
pub(crate) struct ItemAttrs {
    pub(crate) template: Option<LitStr>,
    pub(crate) krate: Option<Path>,
    pub(crate) leaf: LeafAttrs,
    pub(crate) group: Option<LitStr>,
    pub(crate) rename_all: Case,
    pub(crate) ignore_case: bool,
    pub(crate) blank: Option<(u32, u32)>,
    pub(crate) lines: Option<Ident>,
}

/// How text or a number is written.
#[derive(Default)]
pub(crate) struct LeafAttrs {
    pub(crate) pattern: Option<LitStr>,
    pub(crate) quote: Option<LitStr>,
    pub(crate) escape: Option<LitStr>,
    pub(crate) range: Option<(LitInt, LitInt)>,
}

impl LeafAttrs {
    fn read(entries: &mut Entries<'_>) -> Self {
        Self {
            pattern: entries.text("pattern", "pattern = \"[a-z]+\""),
            quote: entries.text("quote", "quote = \"'\""),
            escape: entries.text("escape", "escape = \"doubled\""),
            range: entries.integers("range", "range = 1..=12"),
        }
    }

    /// Whether any is given.
    pub(crate) fn any(&self) -> bool {
        self.pattern.is_some()
            || self.quote.is_some()
            || self.escape.is_some()
            || self.range.is_some()
    }
}

impl ItemAttrs {
    pub(crate) fn read(attrs: &[Attribute], is_enum: bool, errors: &mut Errors) -> Self {
        let mut entries = Entries::new(attrs, errors);
        let krate = entries.text("crate", "crate = \"larkspur::grammar\"");
        let krate = krate.and_then(|text| {
            text.parse()
                .map_err(|error| entries.errors.push(error))
                .ok()
        });
        let ignore_case = entries.flag("ignore_case").is_some();
        let blank = entries.range("blank", "blank = 0..=4");
        let lines = entries.flag("lines");
        let mut this = Self {
            template: None,
            krate,
            leaf: LeafAttrs::default(),
            group: None,
            rename_all: Case::default(),
            ignore_case,
            blank,
            lines,
        };
        if is_enum {
            this.group = entries.text("group", "group = \"({})\"");
            let case = entries.text("rename_all", "rename_all = \"kebab-case\"");
            this.rename_all =
                case.map_or_else(Case::default, |text| Case::read(&text, entries.errors));
            entries.finish("an enum");
        } else {
            this.template = entries.template();
            this.leaf = LeafAttrs::read(&mut entries);
            entries.finish("a struct");
        }
        this
    }
}

/// What a variant is told.
#[derive(Default)]
pub(crate) struct VariantAttrs {
    pub(crate) template: Option<LitStr>,
    pub(crate) infix: Option<LitStr>,
    pub(crate) prefix: Option<LitStr>,
    pub(crate) postfix: Option<LitStr>,
    pub(crate) precedence: Option<Number>,
    pub(crate) associativity: Option<LitStr>,
}

impl VariantAttrs {
    pub(crate) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut entries = Entries::new(attrs, errors);
        let this = Self {
            template: entries.template(),
            infix: entries.text("infix", "infix = \"AND\""),
            prefix: entries.text("prefix", "prefix = \"NOT\""),
            postfix: entries.text("postfix", "postfix = \"!\""),
            precedence: entries.number("precedence", "precedence = 1"),
            associativity: entries.text("associativity", "associativity = \"left\""),
        };
        entries.finish("a variant");
        this
    }
}

/// What a field is told.
pub(crate) struct FieldAttrs {
    pub(crate) separator: Option<LitStr>,
    pub(crate) trailing: Option<Ident>,
    pub(crate) min: Option<Number>,
    pub(crate) max: Option<Number>,
    pub(crate) some: Option<LitStr>,
    pub(crate) leaf: LeafAttrs,
}

impl FieldAttrs {
    pub(crate) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut entries = Entries::new(attrs, errors);
        let this = Self {
            separator: entries.text("separator", "separator = \", \""),
            trailing: entries.flag("trailing"),
            min: entries.number("min", "min = 1"),
            max: entries.number("max", "max = 10"),
            some: entries.text("some", "some = \" limit {}\""),
            leaf: LeafAttrs::read(&mut entries),
        };
        entries.finish("a field");
        this
    }

    /// Whether it is told how a list is written.
    pub(crate) fn is_list(&self) -> bool {
        self.separator.is_some()
            || self.trailing.is_some()
            || self.min.is_some()
            || self.max.is_some()
    }
}
