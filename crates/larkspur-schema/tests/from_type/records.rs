//! Attributes of structs and fields.

use std::collections::{BTreeMap, HashMap};

use insta::assert_snapshot;
use larkspur_schema::JsonSchema;
use larkspur_schema::schemars::{self, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{read, schema, write};

/// A person.
#[derive(Deserialize, JsonSchema)]
struct Person {
    name: String,
    age: Option<u8>,
}

#[test]
fn properties_come_in_declaration_order() {
    #[derive(Deserialize, JsonSchema)]
    struct Reply {
        reasoning: String,
        confidence: f64,
        answer: bool,
    }
    assert_snapshot!(schema::<Reply>());
}

#[test]
fn comments_are_kept_also_beside_a_reference() {
    #[derive(Deserialize, JsonSchema)]
    struct Letter {
        /// Who wrote it.
        from: Person,
        /// Who reads it,
        /// if known.
        to: Option<Person>,
        /// All that is said.
        pages: Vec<Person>,
        no_comment: Person,
    }
    assert_snapshot!(schema::<Letter>());
}

#[test]
fn options_may_be_absent_or_null() {
    #[derive(Deserialize, JsonSchema)]
    struct Options {
        plain: Option<bool>,
        twice: Option<Option<bool>>,
        boxed: Box<Option<char>>,
        unit: Option<()>,
        any: Option<Value>,
    }
    assert_snapshot!(schema::<Options>());
}

#[test]
fn rename_all_and_rename_take_the_name_that_is_read() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all(deserialize = "camelCase", serialize = "UPPERCASE"))]
    struct Renamed {
        first_name: bool,
        #[serde(rename = "surname")]
        last_name: bool,
        #[serde(rename(deserialize = "years", serialize = "age"))]
        age_in_years: bool,
        r#type: bool,
    }
    assert_snapshot!(schema::<Renamed>());
}

#[derive(Deserialize, JsonSchema)]
struct Aliased {
    #[serde(alias = "title")]
    name: String,
    #[serde(alias = "zip", alias = "code")]
    postcode: Option<bool>,
}

#[test]
fn alias_is_not_offered_to_the_model() {
    assert_snapshot!(schema::<Aliased>());
}

#[test]
fn alias_is_read_once() {
    assert_snapshot!(read::<Aliased>());
}

#[test]
fn default_makes_optional_and_is_shown() {
    fn five() -> u8 {
        5
    }
    #[derive(Deserialize, JsonSchema)]
    struct Defaults {
        #[serde(default)]
        name: String,
        #[serde(default = "five")]
        count: u8,
        needed: bool,
    }
    assert_snapshot!(schema::<Defaults>());
}

#[test]
fn default_on_the_struct_makes_all_optional() {
    #[derive(Default, Deserialize, JsonSchema)]
    #[serde(default)]
    struct Defaults {
        name: String,
        flags: Vec<bool>,
    }
    assert_snapshot!(schema::<Defaults>());
}

#[test]
fn default_at_the_end_of_a_tuple_makes_it_shorter() {
    #[derive(Deserialize, JsonSchema)]
    struct Point(bool, #[serde(default)] String);
    assert_snapshot!(read::<Point>());
}

#[test]
fn skip_means_skipped_when_reading() {
    #[derive(Deserialize, JsonSchema)]
    struct Skipping {
        #[serde(skip)]
        never: bool,
        #[serde(skip_deserializing)]
        only_written: bool,
        #[serde(skip_serializing)]
        only_read: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        sometimes: Option<bool>,
    }
    assert_snapshot!(schema::<Skipping>());
}

#[test]
fn a_struct_without_fields_is_written_closed() {
    #[derive(Deserialize, JsonSchema)]
    struct Empty {}
    assert_snapshot!(write::<Empty>());
    assert_snapshot!(read::<Empty>());
}

#[derive(Deserialize, JsonSchema)]
struct Paging {
    /// From 1.
    page: bool,
    size: Option<bool>,
}

#[test]
fn flatten_merges_in_place() {
    #[derive(Deserialize, JsonSchema)]
    struct Search {
        query: String,
        #[serde(flatten)]
        paging: Paging,
        last: bool,
    }
    assert_snapshot!(schema::<Search>());
}

#[test]
fn flatten_of_a_map_takes_all_other_keys() {
    #[derive(Deserialize, JsonSchema)]
    struct Open {
        id: bool,
        #[serde(flatten)]
        more: BTreeMap<String, bool>,
    }
    assert_snapshot!(schema::<Open>());
}

#[test]
fn flatten_of_an_option_requires_nothing() {
    #[derive(Deserialize, JsonSchema)]
    struct Search {
        id: bool,
        #[serde(flatten)]
        paging: Option<Paging>,
    }
    assert_snapshot!(schema::<Search>());
}

#[test]
fn deny_unknown_fields_closes() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        name: String,
        #[serde(skip)]
        never: bool,
    }
    assert_snapshot!(schema::<Strict>());
}

#[test]
fn deny_unknown_fields_with_flatten_closes_the_whole() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        name: String,
        #[serde(flatten)]
        paging: Paging,
    }
    assert_snapshot!(schema::<Strict>());
}

#[test]
fn transparent_is_what_it_holds() {
    /// Not seen by a field.
    #[derive(Deserialize, JsonSchema)]
    #[serde(transparent)]
    struct Id(u8);
    #[derive(Deserialize, JsonSchema)]
    #[serde(transparent)]
    struct Maybe {
        name: Option<String>,
    }
    #[derive(Deserialize, JsonSchema)]
    struct Holder {
        id: Id,
        maybe: Maybe,
    }
    assert_snapshot!(schema::<Holder>());
}

#[test]
fn newtypes_and_units_have_their_own_entry() {
    #[derive(Deserialize, JsonSchema)]
    struct Meters(f64);
    #[derive(Deserialize, JsonSchema)]
    struct Nothing;
    #[derive(Deserialize, JsonSchema)]
    struct Holder {
        length: Meters,
        nothing: Nothing,
        pair: (bool, Meters),
    }
    assert_snapshot!(schema::<Holder>());
}

fn even_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "multipleOf": 2, "minimum": 0, "maximum": 254})
}

fn even<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    u8::deserialize(from)
}

fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Option::deserialize(from)
}

#[derive(Deserialize, JsonSchema)]
struct With {
    #[serde(deserialize_with = "even")]
    #[schemars(schema_with = "even_schema")]
    even: u8,
    #[serde(deserialize_with = "even")]
    #[schemars(with = "Even")]
    typed: u8,
    #[serde(deserialize_with = "present")]
    present: Option<bool>,
}

/// An even number.
#[derive(JsonSchema)]
struct Even(#[schemars(range(max = 254))] u8);

#[test]
fn with_takes_the_schema_that_is_named() {
    assert_snapshot!(schema::<With>());
}

#[test]
fn with_makes_an_option_required_as_serde_does() {
    assert_snapshot!(read::<With>());
}

#[test]
fn from_and_try_from_read_the_other_type() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(from = "Paging")]
    struct Offset(bool);
    impl From<Paging> for Offset {
        fn from(paging: Paging) -> Self {
            Self(paging.page)
        }
    }
    assert_snapshot!(schema::<Offset>());
}

#[test]
fn remote_is_read_through_its_definition() {
    struct Theirs {
        seconds: bool,
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(remote = "Theirs")]
    struct Ours {
        seconds: bool,
    }
    #[derive(Deserialize, JsonSchema)]
    struct Holder {
        #[serde(with = "Ours")]
        theirs: Theirs,
    }
    assert_snapshot!(schema::<Holder>());
}

#[test]
fn schemars_rules_are_kept_and_tightened() {
    #[derive(Deserialize, JsonSchema)]
    struct Bounded {
        #[schemars(range(min = 1, max = 1000))]
        digit: u8,
        #[schemars(length(min = 2, max = 4))]
        code: String,
        #[schemars(regex(pattern = "^[A-Z]{3}$"))]
        currency: String,
        #[schemars(extend("examples" = ["x"]))]
        example: String,
    }
    assert_snapshot!(schema::<Bounded>());
}

#[test]
fn a_type_inside_itself_refers_to_its_own_entry() {
    #[derive(Deserialize, JsonSchema)]
    struct Tree {
        label: String,
        children: Vec<Tree>,
    }
    assert_snapshot!(schema::<Tree>());
}

#[test]
fn types_inside_each_other_refer_to_their_entries() {
    #[derive(Deserialize, JsonSchema)]
    struct Folder {
        files: Vec<File>,
    }
    #[derive(Deserialize, JsonSchema)]
    struct File {
        parent: Option<Box<Folder>>,
    }
    assert_snapshot!(schema::<Folder>());
}

#[test]
fn keys_of_maps_are_what_serde_reads() {
    /// Documented variants are not seen as keys by the derive.
    #[derive(Deserialize, JsonSchema, PartialEq, Eq, Hash, PartialOrd, Ord)]
    enum Size {
        /// Up to a hand.
        Small,
        /// More.
        Large,
    }
    #[derive(Deserialize, JsonSchema)]
    struct Maps {
        text: HashMap<String, bool>,
        byte: BTreeMap<u8, bool>,
        signed: BTreeMap<i16, bool>,
        wide: BTreeMap<u64, bool>,
        letter: BTreeMap<char, bool>,
        flag: BTreeMap<bool, bool>,
        size: HashMap<Size, bool>,
        nested: BTreeMap<char, BTreeMap<bool, BTreeMap<i8, bool>>>,
    }
    assert_snapshot!(read::<Maps>());
}
