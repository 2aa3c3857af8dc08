//! Enums of all four representations, nested in each other.

use std::collections::BTreeMap;

use larkspur_schema::JsonSchema;
use serde::Deserialize;

use super::collections::{Color, Size};
use super::records::Item;

#[derive(Debug, Deserialize, JsonSchema)]
pub enum External {
    Nothing,
    One(u8),
    Two(u8, String),
    Record { name: String, note: Option<String> },
    Line(Item),
    Maybe(Option<u8>),
    List(Vec<External>),
    None0(),
    Empty {},
}

/// All variants documented, one renamed.
#[derive(Debug, Deserialize, JsonSchema)]
pub enum Level {
    /// Least.
    #[serde(rename = "low-level")]
    Low,
    /// Most.
    High,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
pub enum Internal {
    Point,
    Circle { radius: f64 },
    Line(Item),
    Bag(BTreeMap<String, u8>),
    Nested(Box<Folded>),
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Folded {
    pub depth: u8,
    pub inner: Option<Internal>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", deny_unknown_fields)]
pub enum StrictInternal {
    Circle { radius: u8 },
    Square { side: u8, name: Option<String> },
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StrictItem {
    pub name: String,
    pub count: Option<u8>,
}

/// Its inner types refuse unknown fields, so a tag beside them must be known.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
pub enum TaggedStrict {
    Item(StrictItem),
    Other(Item),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
pub enum Adjacent {
    Nothing,
    One(u8),
    Maybe(Option<u8>),
    Two(u8, bool),
    Record { name: String },
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c", deny_unknown_fields)]
pub enum StrictAdjacent {
    Nothing,
    Record { name: String },
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Untagged {
    Flag(bool),
    Number(i32),
    Pair(u8, String),
    Item(Item),
    Record { only: Vec<u8> },
    Nothing,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub enum PartlyTagged {
    A,
    B(u8),
    #[serde(untagged)]
    Text(Vec<String>),
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct AllFour {
    pub external: External,
    pub internal: Internal,
    pub adjacent: Adjacent,
    pub untagged: Untagged,
    pub colors: Option<Color>,
    pub size: Option<Size>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Expression {
    Number { value: i64 },
    Sum { terms: Vec<Expression> },
    Negate { term: Box<Expression> },
}

#[derive(Debug, Deserialize, JsonSchema)]
pub enum Logic {
    Is(String),
    Not(Box<Logic>),
    All(Vec<Logic>),
}

#[derive(Debug, Deserialize, JsonSchema)]
pub enum Single {
    Only,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct HoldsConst {
    pub single: Single,
    pub maybe: Option<Single>,
}

super::table! {
    "External" => External: "Nothing", {"One": 1}, {"Two": [1, "b"]}, {"Record": {"name": "a"}}, {"Line": {"name": "a", "count": 1}}, {"Maybe": null}, {"List": ["Nothing", {"One": 2}]}, {"None0": []}, {"Empty": {}};
    "Level" => Level: "low-level", "High";
    "Color" => Color: "red", "dark_green";
    "Internal" => Internal: {"kind": "Point"}, {"kind": "Circle", "radius": 1.5}, {"kind": "Line", "name": "a", "count": 1}, {"kind": "Bag", "x": 1}, {"kind": "Nested", "depth": 1, "inner": {"kind": "Point"}};
    "StrictInternal" => StrictInternal: {"kind": "Circle", "radius": 1}, {"kind": "Square", "side": 1};
    "StrictItem" => StrictItem: {"name": "a", "count": 1}, {"name": "b"};
    "TaggedStrict" => TaggedStrict: {"kind": "Item", "name": "a"}, {"kind": "Other", "name": "a", "count": 2};
    "Adjacent" => Adjacent: {"t": "Nothing"}, {"t": "One", "c": 1}, {"t": "Maybe", "c": null}, {"t": "Two", "c": [1, true]}, {"t": "Record", "c": {"name": "a"}};
    "StrictAdjacent" => StrictAdjacent: {"t": "Nothing"}, {"t": "Record", "c": {"name": "a"}};
    "Untagged" => Untagged: true, 5, [1, "a"], {"name": "a", "count": 1}, {"only": [1]}, null;
    "PartlyTagged" => PartlyTagged: "A", {"B": 1}, ["text"];
    "AllFour" => AllFour: {"external": "Nothing", "internal": {"kind": "Point"}, "adjacent": {"t": "Nothing"}, "untagged": null, "colors": "blue"};
    "Expression" => Expression: {"op": "sum", "terms": [{"op": "number", "value": 1}, {"op": "negate", "term": {"op": "number", "value": 2}}]};
    "Logic" => Logic: {"All": [{"Is": "x"}, {"Not": {"Is": "y"}}]};
    "HoldsConst" => HoldsConst: {"single": "Only"}, {"single": "Only", "maybe": null};
}
