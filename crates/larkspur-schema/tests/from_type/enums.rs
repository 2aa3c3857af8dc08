//! Attributes of enums and variants, in all four representations.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use larkspur_schema::JsonSchema;
use serde::Deserialize;

use crate::{read, schema};

#[derive(Deserialize, JsonSchema)]
struct Item {
    /// What was sold.
    name: String,
    count: Option<bool>,
}

#[test]
fn plain_names_are_one_enum() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    enum Color {
        Red,
        DarkGreen,
        #[serde(rename = "azure")]
        Blue,
        #[serde(skip)]
        Hidden,
        #[serde(skip_deserializing)]
        OnlyWritten,
    }
    assert_snapshot!(schema::<Color>());
}

#[test]
fn documented_names_are_constants() {
    #[derive(Deserialize, JsonSchema)]
    enum Level {
        /// Least.
        Low,
        /// Most.
        High,
        Other,
    }
    #[derive(Deserialize, JsonSchema)]
    struct Holder {
        /// How much.
        level: Option<Level>,
    }
    assert_snapshot!(schema::<Holder>());
}

#[test]
fn external_variants_are_closed_objects_of_one_key() {
    #[derive(Deserialize, JsonSchema)]
    enum External {
        Nothing,
        /// One of it.
        One(bool),
        Two(bool, String),
        Record {
            name: String,
            item: Option<Item>,
        },
        Line(Item),
        Empty(),
    }
    assert_snapshot!(schema::<External>());
}

#[test]
fn rename_all_fields_renames_inside_variants() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
    enum Renamed {
        FirstKind {
            long_name: bool,
        },
        #[serde(rename = "2nd", rename_all = "UPPERCASE")]
        SecondKind {
            long_name: bool,
        },
    }
    assert_snapshot!(schema::<Renamed>());
}

#[test]
fn internal_newtype_variants_are_merged_tag_first() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "kind")]
    enum Internal {
        Point,
        Circle {
            radius: bool,
        },
        /// A line of a bill.
        Line(Item),
        Bag(BTreeMap<String, bool>),
    }
    assert_snapshot!(schema::<Internal>());
}

#[test]
fn internal_variants_of_strict_types_are_closed() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        name: String,
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "kind")]
    enum Internal {
        Strict(Strict),
    }
    assert_snapshot!(schema::<Internal>());
}

#[test]
fn internal_enum_that_holds_its_own_list() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "op", rename_all = "snake_case")]
    enum Expression {
        Number { value: bool },
        Sum { terms: Vec<Expression> },
        Group(Group),
    }
    #[derive(Deserialize, JsonSchema)]
    struct Group {
        inner: Box<Expression>,
    }
    assert_snapshot!(schema::<Expression>());
}

#[test]
fn adjacent_variants_have_tag_and_content() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        Nothing,
        One(bool),
        Record { name: String },
    }
    assert_snapshot!(schema::<Adjacent>());
}

#[test]
fn adjacent_content_is_read_as_serde_does() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        Nothing,
        Maybe(Option<bool>),
    }
    assert_snapshot!(read::<Adjacent>());
}

#[test]
fn untagged_variants_are_any_of() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(untagged)]
    enum Untagged {
        Flag(bool),
        Pair(bool, String),
        Item(Item),
        Record { only: Vec<bool> },
        Nothing,
    }
    assert_snapshot!(schema::<Untagged>());
}

#[test]
fn one_untagged_variant_among_tagged_ones() {
    #[derive(Deserialize, JsonSchema)]
    enum Partly {
        A,
        B(bool),
        #[serde(untagged)]
        Text(Vec<String>),
    }
    assert_snapshot!(schema::<Partly>());
}

#[test]
fn flattened_enums_of_all_representations() {
    #[derive(Deserialize, JsonSchema)]
    enum External {
        Fast,
        Slow { by: bool },
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "kind")]
    enum Internal {
        Dot,
        Circle { radius: bool },
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(untagged)]
    enum Untagged {
        Mail { mail: String },
        Phone { phone: String },
    }
    #[derive(Deserialize, JsonSchema)]
    struct Holder {
        #[serde(flatten)]
        external: External,
        #[serde(flatten)]
        internal: Internal,
        #[serde(flatten)]
        untagged: Untagged,
    }
    assert_snapshot!(schema::<Holder>());
}

#[test]
fn alias_of_external_variants_is_read() {
    #[derive(Deserialize, JsonSchema)]
    enum Aliased {
        #[serde(alias = "colour")]
        Color(String),
        #[serde(alias = "nil")]
        Nothing,
    }
    assert_snapshot!(read::<Aliased>());
}

#[test]
fn alias_of_tagged_variants_is_read() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "kind")]
    enum Aliased {
        #[serde(alias = "first")]
        A { x: bool },
        #[serde(alias = "second", alias = "2nd")]
        B { y: bool },
    }
    assert_snapshot!(read::<Aliased>());
}

#[test]
fn other_is_any_other_name() {
    #[derive(Deserialize, JsonSchema)]
    enum Answer {
        Yes,
        No,
        #[serde(other)]
        Other,
    }
    assert_snapshot!(read::<Answer>());
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Event {
    Known {
        x: bool,
    },
    #[serde(other)]
    Unknown,
}

#[test]
fn other_is_written_by_its_own_name() {
    assert_snapshot!(schema::<Event>());
}

#[test]
fn other_is_any_other_tag() {
    assert_snapshot!(read::<Event>());
}

#[test]
fn an_enum_without_variants_has_no_value() {
    #[derive(Deserialize, JsonSchema)]
    enum Never {}
    assert_snapshot!(schema::<Never>());
}
