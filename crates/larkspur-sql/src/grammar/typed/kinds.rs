//! What columns hold, as far as it matters to what can be said of them.

use crate::Column;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Whole and exact numbers.
    Number,
    /// Numbers with a floating point.
    Real,
    Text,
    Boolean,
    Date,
    /// A date with a time.
    Stamp,
    /// One of a list of texts.
    Label,
    /// What can be compared with its like, and no more is known.
    Plain,
}

/// Nothing where values can't even be told apart, as those of `json`.
pub(super) fn class(column: &Column) -> Option<Class> {
    if !column.labels.is_empty() {
        return Some(Class::Label);
    }
    let name = column.data_type.to_ascii_lowercase();
    if name.contains('[') {
        return None;
    }
    let bare = name.split('(').next().unwrap_or_default().trim();
    Some(match bare {
        "smallint" | "integer" | "bigint" | "numeric" | "decimal" | "int" | "int2" | "int4"
        | "int8" => Class::Number,
        "real" | "double precision" | "float4" | "float8" => Class::Real,
        "text" | "character varying" | "varchar" | "character" | "char" => Class::Text,
        "boolean" | "bool" => Class::Boolean,
        "date" => Class::Date,
        "uuid" | "interval" | "bytea" | "inet" | "macaddr" => Class::Plain,
        bare if bare.starts_with("timestamp") => Class::Stamp,
        bare if bare == "time" || bare.starts_with("time with") => Class::Plain,
        _ => return None,
    })
}

/// The same for columns whose values can stand below one another.
pub(super) fn signature<'c>(columns: impl Iterator<Item = &'c Column>) -> String {
    let types = columns.map(|column| match class(column) {
        Some(Class::Number | Class::Real) => "number",
        Some(Class::Text) => "text",
        Some(Class::Boolean) => "boolean",
        Some(Class::Date) => "date",
        Some(Class::Stamp) => "stamp",
        _ => column.data_type.as_str(),
    });
    types.collect::<Vec<_>>().join(", ")
}

/// Types whose values are compared with literals, parameters and what queries give.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    Date,
    Stamp,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Text => "text",
            Self::Date => "date",
            Self::Stamp => "stamp",
        }
    }

    pub(super) const fn of<T>(self, of: &Of<T>) -> &T {
        match self {
            Self::Number => &of.number,
            Self::Text => &of.text,
            Self::Date => &of.date,
            Self::Stamp => &of.stamp,
        }
    }

    pub(super) const fn of_mut<T>(self, of: &mut Of<T>) -> &mut T {
        match self {
            Self::Number => &mut of.number,
            Self::Text => &mut of.text,
            Self::Date => &mut of.date,
            Self::Stamp => &mut of.stamp,
        }
    }
}

/// Something for each of these types.
#[derive(Clone, Default)]
pub(super) struct Of<T> {
    pub(super) number: T,
    pub(super) text: T,
    pub(super) date: T,
    pub(super) stamp: T,
}

impl<T> Of<T> {
    pub(super) fn each(mut of: impl FnMut(Kind) -> T) -> Self {
        Self {
            number: of(Kind::Number),
            text: of(Kind::Text),
            date: of(Kind::Date),
            stamp: of(Kind::Stamp),
        }
    }

    pub(super) fn map<U>(&self, mut of: impl FnMut(Kind, &T) -> U) -> Of<U> {
        Of::each(|kind| of(kind, kind.of(self)))
    }
}

impl Of<()> {
    pub(super) const KINDS: [Kind; 4] = [Kind::Number, Kind::Text, Kind::Date, Kind::Stamp];
}
