//! What each place is told by `#[syntax(…)]`.

mod entries;

use proc_macro2::Ident;
use syn::{Attribute, LitInt, LitStr, Path};

use crate::case::Case;
use crate::errors::Errors;
pub(crate) use entries::{Bounds, Number};
use entries::{Entries, Place};

/// What a type is told.
pub(crate) struct ItemAttrs {
    pub(crate) template: Option<LitStr>,
    pub(crate) krate: Option<Path>,
    pub(crate) leaf: LeafAttrs,
    pub(crate) group: Option<LitStr>,
    pub(crate) rename_all: Case,
    pub(crate) ignore_case: Option<Ident>,
    pub(crate) blank: Option<Bounds>,
    pub(crate) lines: Option<Ident>,
    /// Whether all of it was understood.
    pub(crate) sound: bool,
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
        let place = if is_enum { Place::Enum } else { Place::Struct };
        let mut entries = Entries::new(attrs, place, errors);
        let mut this = Self {
            template: None,
            krate: entries.path("crate", "crate = \"larkspur::grammar\""),
            ignore_case: entries.flag("ignore_case"),
            blank: entries.range("blank", "blank = 0..=4"),
            lines: entries.flag("lines"),
            leaf: LeafAttrs::default(),
            group: None,
            rename_all: Case::default(),
            sound: true,
        };
        if is_enum {
            this.group = entries.text("group", "group = \"({})\"");
            this.rename_all = entries.case("rename_all", "rename_all = \"kebab-case\"");
        } else {
            this.template = entries.template();
            this.leaf = LeafAttrs::read(&mut entries);
        }
        this.sound = entries.finish();
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
    /// Whether all of it was understood.
    pub(crate) sound: bool,
}

impl VariantAttrs {
    pub(crate) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut entries = Entries::new(attrs, Place::Variant, errors);
        let mut this = Self {
            template: entries.template(),
            infix: entries.text("infix", "infix = \"AND\""),
            prefix: entries.text("prefix", "prefix = \"NOT\""),
            postfix: entries.text("postfix", "postfix = \"!\""),
            precedence: entries.number("precedence", "precedence = 1"),
            associativity: entries.text("associativity", "associativity = \"left\""),
            sound: true,
        };
        this.sound = entries.finish();
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
        let mut entries = Entries::new(attrs, Place::Field, errors);
        let this = Self {
            separator: entries.text("separator", "separator = \", \""),
            trailing: entries.flag("trailing"),
            min: entries.number("min", "min = 1"),
            max: entries.number("max", "max = 10"),
            some: entries.text("some", "some = \" limit {}\""),
            leaf: LeafAttrs::read(&mut entries),
        };
        entries.finish();
        this
    }

    /// Whether anything is given.
    pub(crate) fn any(&self) -> bool {
        self.is_list() || self.some.is_some() || self.leaf.any()
    }

    /// Whether it is told how a list is written.
    pub(crate) fn is_list(&self) -> bool {
        self.separator.is_some()
            || self.trailing.is_some()
            || self.min.is_some()
            || self.max.is_some()
    }
}
