//! Lists, sets, arrays, tuples and maps.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};

use larkspur_schema::JsonSchema;
use serde::Deserialize;

use super::records::Item;

#[derive(Debug, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Color {
    Red,
    DarkGreen,
    Blue,
}

/// Its documented variants are separate constants in the schema.
#[derive(Debug, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Size {
    /// Up to a hand.
    Small,
    /// More.
    Large,
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[serde(transparent)]
pub struct Key(pub String);

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Lists {
    pub list: Vec<u8>,
    pub deque: VecDeque<Item>,
    pub linked: LinkedList<Option<bool>>,
    pub heap: BinaryHeap<i8>,
    pub boxed: Box<[String]>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Sets {
    pub ordered: BTreeSet<u8>,
    pub hashed: HashSet<String>,
    pub colors: HashSet<Color>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Arrays {
    pub none: [u8; 0],
    pub three: [i16; 3],
    pub grid: [[bool; 2]; 2],
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Tuples {
    pub one: (u8,),
    pub two: (String, Option<i8>),
    pub nested: ((u8, u8), Vec<(bool, Item)>),
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Maps {
    pub plain: HashMap<String, i32>,
    pub nested: BTreeMap<String, BTreeMap<String, Vec<Item>>>,
    pub keyed: BTreeMap<Key, bool>,
    pub maybe: Option<HashMap<String, Option<u8>>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct KeyedMaps {
    pub by_byte: BTreeMap<u8, String>,
    pub by_number: BTreeMap<u64, String>,
    pub by_signed: HashMap<i16, Vec<u8>>,
    pub by_color: HashMap<Color, u8>,
    pub by_letter: BTreeMap<char, u8>,
}

super::table! {
    "Vec" => Vec<Item>: [], [{"name": "a", "count": 1}];
    "Lists" => Lists: {"list": [1], "deque": [{"name": "a", "count": 1}], "linked": [true, null], "heap": [-1, 2], "boxed": ["x"]};
    "Sets" => Sets: {"ordered": [1, 2], "hashed": ["a"], "colors": ["red", "dark_green"]};
    "Arrays" => Arrays: {"none": [], "three": [1, 2, 3], "grid": [[true, false], [false, true]]};
    "Tuples" => Tuples: {"one": [1], "two": ["a", null], "nested": [[1, 2], [[true, {"name": "a", "count": 1}]]]};
    "Maps" => Maps: {"plain": {"a": -1}, "nested": {"x": {"y": [{"name": "a", "count": 1}]}}, "keyed": {"k": true}};
    "KeyedMaps" => KeyedMaps: {"by_byte": {"0": "a", "255": "b"}, "by_number": {"18446744073709551615": "z"}, "by_signed": {"-5": [1]}, "by_color": {"red": 1}, "by_letter": {"x": 1}};
    "Map_of_sizes" => BTreeMap<Size, u8>: {"Small": 1}, {};
    "Map_of_maps" => HashMap<String, HashMap<String, HashMap<String, u8>>>: {"a": {"b": {"c": 1}}}, {};
    "Map_of_bools" => BTreeMap<bool, u8>: {"true": 1, "false": 0};
}
