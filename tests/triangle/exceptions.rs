//! Where schema and serde differ, and why that is right or cannot be helped. Rows may only go.

use larkspur_tests::mutate::Change;

use self::Change::{
    DroppedKey, EmptyArray, EmptyObject, EmptyText, ExtraKey, Fraction, IntegralFloat, LongerText,
    Null, ObjectAsArray, OtherCase, OtherNumber, OtherText, OtherType, RenamedKey, RepeatedItem,
    Swapped, TextAsObject, Wrapped,
};

/// Which of the two takes the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Serde reads what the schema refuses: an answer is refused that could have been read.
    BySerdeOnly,
    /// The schema allows what serde refuses: a model may write what cannot be read.
    BySchemaOnly,
}

pub struct Exception {
    pub reason: &'static str,
    pub taken: Taken,
    /// All types where empty.
    pub types: &'static [&'static str],
    pub changes: &'static [Change],
}

impl Exception {
    pub fn explains(&self, name: &str, taken: Taken, change: Change) -> bool {
        self.taken == taken
            && self.changes.contains(&change)
            && (self.types.is_empty() || self.types.contains(&name))
    }
}

use Taken::{BySchemaOnly, BySerdeOnly};

pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        reason: "JSON Schema counts 1.0 as an integer, serde does not; the reader says so at that place",
        taken: BySchemaOnly,
        types: &[],
        changes: &[IntegralFloat],
    },
    Exception {
        reason: "derive(Deserialize) reads a struct from an array of its fields; no one asks a model for that",
        taken: BySerdeOnly,
        types: &[],
        changes: &[ObjectAsArray, EmptyArray],
    },
    Exception {
        reason: "the same, where a list was reversed, wrapped or got another item",
        taken: BySerdeOnly,
        types: &["Untagged", "Strict", "Aliased"],
        changes: &[Swapped, Wrapped, OtherType],
    },
    Exception {
        reason: "serde reads a unit variant also from {\"Name\": null}; there is one spelling for the model",
        taken: BySerdeOnly,
        types: &[],
        changes: &[TextAsObject],
    },
    Exception {
        reason: "a flattened unit variant is read from {\"Name\": {}} too",
        taken: BySerdeOnly,
        types: &["FlattenedExternal"],
        changes: &[EmptyObject],
    },
    Exception {
        reason: "a set folds repeated items, its schema asks for unique ones",
        taken: BySerdeOnly,
        types: &["Sets"],
        changes: &[RepeatedItem, OtherNumber, EmptyText, OtherText],
    },
    Exception {
        reason: "rules that the user wrote as schemars attributes; serde does not know them",
        taken: BySerdeOnly,
        types: &["Bounded"],
        changes: &[OtherNumber, EmptyText, OtherText, LongerText, OtherCase],
    },
    Exception {
        reason: "a conversion of the user's (`try_from`) refuses more than its input type",
        taken: BySchemaOnly,
        types: &["Word"],
        changes: &[Change::None, OtherText, LongerText, OtherCase],
    },
    Exception {
        reason: "schemars calls a socket address any string, and nothing tells it from one",
        taken: BySchemaOnly,
        types: &["SocketAddr"],
        changes: &[Change::None, EmptyText, OtherText, LongerText, OtherCase],
    },
    Exception {
        reason: "an optional flattened struct that does not read becomes None; a wrong type is worth an error",
        taken: BySerdeOnly,
        types: &["FlattenedOption"],
        changes: &[Null, OtherType, EmptyObject, Wrapped, Fraction, OtherNumber],
    },
    Exception {
        reason: "below `flatten` serde hides that the content of an adjacently tagged enum may be absent",
        taken: BySerdeOnly,
        types: &["FlattenedAdjacent"],
        changes: &[DroppedKey, RenamedKey],
    },
    Exception {
        reason: "below `flatten` serde hides that a unit variant has no content",
        taken: BySchemaOnly,
        types: &["FlattenedAdjacent"],
        changes: &[ExtraKey],
    },
    Exception {
        reason: "chrono reads Weekday in any case",
        taken: BySerdeOnly,
        types: &["Weekday"],
        changes: &[OtherCase],
    },
    Exception {
        reason: "the last seconds before the end of the range are left out, so that any nanoseconds fit beside the rest",
        taken: BySerdeOnly,
        types: &["Timer", "TimeDelta"],
        changes: &[OtherNumber],
    },
    Exception {
        reason: "keys of 64-bit maps stop at 19 digits; the exact pattern would be longer than the schema",
        taken: BySerdeOnly,
        types: &["KeyedMaps"],
        changes: &[
            Change::None,
            DroppedKey,
            RenamedKey,
            ExtraKey,
            OtherNumber,
            EmptyObject,
            EmptyText,
            OtherText,
            LongerText,
            OtherCase,
            RepeatedItem,
            Change::DroppedItem,
        ],
    },
];
