//! Structs: options, nesting, recursion.

use std::rc::Rc;
use std::sync::Arc;

use larkspur_schema::JsonSchema;
use serde::Deserialize;

/// One line of a bill.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Item {
    /// What was sold.
    pub name: String,
    /// How many.
    pub count: u32,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Empty {}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Options {
    pub plain: Option<u8>,
    pub twice: Option<Option<String>>,
    pub record: Option<Item>,
    pub boxed: Box<Option<bool>>,
    pub list: Option<Vec<Option<u8>>>,
    pub tuple: Option<(u8, u8)>,
    pub unit: Option<()>,
}

/// Reasoning first: the order of the fields matters to a model.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Invoice {
    pub vendor: String,
    pub items: Vec<Item>,
    pub paid: bool,
    /// The first line.
    pub first: Item,
    /// The last line.
    pub last: Option<Box<Item>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Tree {
    pub label: String,
    #[serde(default)]
    pub children: Vec<Tree>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Chain {
    pub value: u8,
    pub next: Option<Box<Chain>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Folder {
    pub files: Vec<File>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct File {
    pub name: String,
    pub parent: Option<Box<Folder>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Transparent {
    pub inner: Vec<u8>,
}

/// A documented transparent type over an option: its field may still be absent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct MaybeName(pub Option<String>);

#[derive(Debug, Deserialize, JsonSchema)]
pub struct HoldsMaybeName {
    pub name: MaybeName,
    pub id: u8,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct NewtypeOption(pub Option<u8>);

#[derive(Debug, Deserialize, JsonSchema)]
pub struct HoldsNewtypeOption {
    pub value: NewtypeOption,
}

/// Owned by several, across threads or not.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Shared {
    pub name: Arc<str>,
    pub item: Rc<Item>,
    pub list: Arc<[u8]>,
    pub maybe: Option<Rc<str>>,
    pub next: Option<Arc<Shared>>,
}

super::table! {
    "Item" => Item: {"name": "nut", "count": 7};
    "Empty" => Empty: {};
    "Options" => Options: {"boxed": null}, {"plain": 1, "twice": "x", "record": {"name": "a", "count": 1}, "boxed": true, "list": [1, null], "tuple": [1, 2], "unit": null};
    "Invoice" => Invoice: {"vendor": "v", "items": [], "paid": true, "first": {"name": "a", "count": 0}};
    "Tree" => Tree: {"label": "a", "children": [{"label": "b"}]};
    "Chain" => Chain: {"value": 1, "next": {"value": 2, "next": null}};
    "Folder" => Folder: {"files": [{"name": "a", "parent": {"files": []}}]};
    "Transparent" => Transparent: [1, 2];
    "Shared" => Shared: {"name": "a", "item": {"name": "b", "count": 1}, "list": []}, {"name": "", "item": {"name": "b", "count": 1}, "list": [1, 2], "maybe": "x", "next": {"name": "c", "item": {"name": "d", "count": 0}, "list": [], "maybe": null, "next": null}};
    "Rc<Item>" => Rc<Item>: {"name": "nut", "count": 7};
    "Arc<str>" => Arc<str>: "", "text";
    "HoldsMaybeName" => HoldsMaybeName: {"name": "x", "id": 1}, {"name": null, "id": 1};
    "HoldsNewtypeOption" => HoldsNewtypeOption: {"value": null}, {"value": 3};
}
