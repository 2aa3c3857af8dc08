//! Structs and enums with serde attributes.

use std::collections::{BTreeMap, HashMap};

use larkspur_schema::JsonSchema;
use larkspur_schema::schemars::{self, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::records::Item;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all(deserialize = "camelCase", serialize = "SCREAMING_SNAKE_CASE"))]
pub struct Renamed {
    pub first_name: String,
    #[serde(rename = "surname")]
    pub last_name: String,
    #[serde(rename(deserialize = "years", serialize = "age"))]
    pub age_in_years: u8,
    pub r#type: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum RenamedVariants {
    FirstKind {
        long_name: u8,
    },
    #[serde(rename = "2nd", rename_all = "UPPERCASE")]
    SecondKind {
        long_name: u8,
    },
    ThirdKind,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Aliased {
    #[serde(alias = "title", alias = "a_name")]
    pub name: String,
    #[serde(alias = "zip")]
    pub postcode: Option<u32>,
    #[serde(default, alias = "n")]
    pub count: u8,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub enum AliasedVariants {
    #[serde(alias = "colour", alias = "Farbe")]
    Color(String),
    #[serde(alias = "number")]
    Count(u8),
    #[serde(alias = "nil")]
    Nothing,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
pub enum AliasedTags {
    #[serde(alias = "first")]
    A { x: u8 },
    #[serde(alias = "second")]
    B { y: u8 },
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "is")]
pub enum AliasedAdjacent {
    #[serde(alias = "first")]
    A(u8),
    #[serde(alias = "second")]
    B(String),
    #[serde(alias = "third")]
    C,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AllDefault {
    pub name: String,
    pub count: u8,
    pub tags: Vec<String>,
}

fn five() -> u8 {
    5
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct SomeDefault {
    pub id: u8,
    #[serde(default)]
    pub name: String,
    #[serde(default = "five")]
    pub count: u8,
    #[serde(default)]
    pub maybe: Option<Item>,
}

/// A tuple whose last fields may be left out.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ShortTuple(
    pub u8,
    #[serde(default)] pub String,
    #[serde(default)] pub u8,
);

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Skipping {
    pub kept: u8,
    #[serde(skip)]
    pub never: u8,
    #[serde(skip_deserializing)]
    pub only_written: u8,
    #[serde(skip_serializing)]
    pub only_read: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sometimes: Option<u8>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StrictSkipping {
    pub kept: u8,
    #[serde(skip)]
    pub never: u8,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub enum SkippingVariants {
    A,
    #[serde(skip)]
    B,
    #[serde(skip_deserializing)]
    C(u8),
    D(u8),
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Paging {
    pub page: u32,
    pub size: Option<u32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Flattened {
    pub query: String,
    #[serde(flatten)]
    pub paging: Paging,
    pub last: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StrictFlattened {
    pub query: String,
    #[serde(flatten)]
    pub paging: Paging,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct FlattenedMap {
    pub id: u8,
    #[serde(flatten)]
    pub extra: BTreeMap<String, bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct FlattenedAny {
    pub id: u8,
    #[serde(flatten)]
    pub extra: HashMap<String, Value>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "shape", rename_all = "lowercase")]
pub enum Shape {
    Circle { radius: u8 },
    Square { side: u8 },
    Dot,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct FlattenedInternal {
    pub name: String,
    #[serde(flatten)]
    pub shape: Shape,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub enum Mode {
    Fast,
    Slow { by: u8 },
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct FlattenedExternal {
    pub name: String,
    #[serde(flatten)]
    pub mode: Mode,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct FlattenedAdjacent {
    pub name: String,
    #[serde(flatten)]
    pub value: super::enums::Adjacent,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Contact {
    Mail { mail: String },
    Phone { phone: u32 },
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct FlattenedUntagged {
    pub name: String,
    #[serde(flatten)]
    pub contact: Contact,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct FlattenedTwice {
    #[serde(flatten)]
    pub outer: Flattened,
    #[serde(flatten)]
    pub shape: Shape,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct FlattenedOption {
    pub id: u8,
    #[serde(flatten)]
    pub paging: Option<Paging>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Strict {
    pub name: String,
    pub note: Option<String>,
    pub inner: Vec<StrictInner>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StrictInner {
    #[serde(alias = "val")]
    pub value: u8,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
pub enum WithOther {
    Known {
        x: u8,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlainOther {
    Yes,
    No,
    #[serde(other)]
    Maybe,
}

/// Names, content and any other name.
#[derive(Debug, Deserialize, JsonSchema)]
pub enum MixedOther {
    /// Documented.
    Yes,
    #[serde(alias = "nay")]
    No,
    Because(String),
    #[serde(other)]
    Unclear,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
pub enum AdjacentOther {
    Known(u8),
    #[serde(other)]
    Unknown,
}

/// Aliases below `Option`, in lists and in another definition.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct DeepAliases {
    pub maybe: Option<Aliased>,
    pub list: Vec<MixedOther>,
    pub variants: Option<AliasedVariants>,
}

/// Reads `"1,2,3"`.
mod commas {
    use super::{Deserialize, Deserializer};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
        let text = String::deserialize(from)?;
        Ok(text.split(',').map(str::to_owned).collect())
    }
}

fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u8>, D::Error> {
    Option::deserialize(from)
}

fn even_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "minimum": 0, "maximum": 254, "multipleOf": 2})
}

fn even<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    let number = u8::deserialize(from)?;
    if number % 2 == 0 {
        Ok(number)
    } else {
        Err(serde::de::Error::custom("odd"))
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct With {
    #[serde(with = "commas")]
    #[schemars(with = "String")]
    pub parts: Vec<String>,
    #[serde(deserialize_with = "even")]
    #[schemars(schema_with = "even_schema")]
    pub even: u8,
    /// Must be there, even if null: serde asks for it because the function might.
    #[serde(deserialize_with = "present")]
    pub present: Option<u8>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(from = "Paging")]
pub struct FromPaging {
    pub offset: u64,
}

impl From<Paging> for FromPaging {
    fn from(paging: Paging) -> Self {
        Self {
            offset: u64::from(paging.page) * u64::from(paging.size.unwrap_or(10)),
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct Word(pub String);

impl TryFrom<String> for Word {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.contains(' ') {
            Err("a word holds no space".to_owned())
        } else {
            Ok(Self(text))
        }
    }
}

/// A type of someone else's, read through a stand-in.
#[derive(Debug)]
pub struct Foreign {
    pub seconds: u8,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(remote = "Foreign")]
pub struct ForeignDef {
    pub seconds: u8,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct HoldsForeign {
    #[serde(with = "ForeignDef")]
    pub foreign: Foreign,
}

super::table! {
    "Renamed" => Renamed: {"firstName": "a", "surname": "b", "years": 5, "type": "c"};
    "RenamedVariants" => RenamedVariants: {"first-kind": {"longName": 1}}, {"2nd": {"LONG_NAME": 2}}, "third-kind";
    "Aliased" => Aliased: {"name": "a"}, {"title": "b", "zip": 1, "n": 2}, {"a_name": "b", "postcode": null};
    "AliasedVariants" => AliasedVariants: {"Color": "a"}, {"colour": "b"}, {"Farbe": "c"}, {"number": 1}, "nil", "Nothing";
    "AliasedTags" => AliasedTags: {"kind": "A", "x": 1}, {"kind": "second", "y": 2};
    "AliasedAdjacent" => AliasedAdjacent: {"kind": "A", "is": 1}, {"kind": "second", "is": "b"}, {"kind": "third"};
    "AllDefault" => AllDefault: {}, {"name": "a", "count": 1, "tags": ["b"]};
    "SomeDefault" => SomeDefault: {"id": 1}, {"id": 1, "name": "a", "count": 2, "maybe": null};
    "ShortTuple" => ShortTuple: [1], [1, "a"], [1, "a", 2];
    "Skipping" => Skipping: {"kept": 1, "only_read": 2}, {"kept": 1, "only_read": 2, "sometimes": 3};
    "StrictSkipping" => StrictSkipping: {"kept": 1};
    "SkippingVariants" => SkippingVariants: "A", {"D": 1};
    "Flattened" => Flattened: {"query": "a", "page": 1, "last": true}, {"query": "a", "page": 1, "size": 2, "last": true};
    "StrictFlattened" => StrictFlattened: {"query": "a", "page": 1, "size": null};
    "FlattenedMap" => FlattenedMap: {"id": 1}, {"id": 1, "a": true};
    "FlattenedAny" => FlattenedAny: {"id": 1, "a": [null]};
    "FlattenedInternal" => FlattenedInternal: {"name": "a", "shape": "circle", "radius": 1}, {"name": "a", "shape": "dot"};
    "FlattenedExternal" => FlattenedExternal: {"name": "a", "Fast": null}, {"name": "a", "Slow": {"by": 1}};
    "FlattenedAdjacent" => FlattenedAdjacent: {"name": "a", "t": "One", "c": 1}, {"name": "a", "t": "Nothing"};
    "FlattenedUntagged" => FlattenedUntagged: {"name": "a", "mail": "b"}, {"name": "a", "phone": 1};
    "FlattenedTwice" => FlattenedTwice: {"query": "a", "page": 1, "last": true, "shape": "square", "side": 1};
    "FlattenedOption" => FlattenedOption: {"id": 1}, {"id": 1, "page": 2};
    "Strict" => Strict: {"name": "a", "inner": [{"value": 1}, {"val": 2}]};
    "WithOther" => WithOther: {"kind": "Known", "x": 1}, {"kind": "Unknown"}, {"kind": "anything", "y": 1};
    "PlainOther" => PlainOther: "yes", "maybe", "perhaps";
    "MixedOther" => MixedOther: "Yes", "nay", {"Because": "x"}, "what";
    "AdjacentOther" => AdjacentOther: {"t": "Known", "c": 1}, {"t": "Unknown"}, {"t": "what", "c": null};
    "DeepAliases" => DeepAliases: {"maybe": {"title": "x"}, "list": ["nay", "huh"], "variants": {"number": 1}}, {"list": []};
    "With" => With: {"parts": "a,b", "even": 4, "present": null};
    "FromPaging" => FromPaging: {"page": 1}, {"page": 1, "size": 2};
    "Word" => Word: "word";
    "HoldsForeign" => HoldsForeign: {"foreign": {"seconds": 1}};
}
