//! Names of definitions.

use std::collections::BTreeMap;

use larkspur_schema::{JsonSchema, schema_for};
use serde_json::Value;

#[derive(JsonSchema)]
struct Item {
    n: bool,
}

#[derive(JsonSchema)]
struct Page<T> {
    items: Vec<T>,
}

#[derive(JsonSchema)]
struct Two<A, B> {
    a: A,
    b: B,
}

#[derive(JsonSchema)]
struct Row<const N: usize, T> {
    cells: Vec<T>,
}

#[derive(JsonSchema)]
#[schemars(rename = "List_{T}")]
struct Named<T> {
    items: Vec<T>,
}

mod elsewhere {
    #[derive(larkspur_schema::JsonSchema)]
    pub(crate) struct Item {
        m: bool,
    }
}

/// The names of the definitions of a field of type `T`, the last one first.
#[track_caller]
fn check<T: JsonSchema>(expected: &[&str]) {
    let schema = schema_for::<Vec<T>>();
    let names: Vec<&str> = schema["$defs"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(names, expected);
    for reference in references(&schema) {
        assert!(schema.pointer(&reference[1..]).is_some(), "{reference}");
    }
}

fn references(schema: &Value) -> Vec<String> {
    let text = schema.to_string();
    let parts = text.split("\"$ref\":\"").skip(1);
    parts
        .map(|part| part.split('"').next().unwrap().to_owned())
        .collect()
}

#[test]
fn instances_are_named_after_their_arguments() {
    check::<Page<Item>>(&["Page_of_Item", "Item"]);
    check::<Page<u8>>(&["Page_of_u8"]);
    check::<Page<String>>(&["Page_of_String"]);
    check::<Page<Page<Item>>>(&["Page_of_Page_of_Item", "Page_of_Item", "Item"]);
    check::<Page<uuid::Uuid>>(&["Page_of_Uuid"]);
}

#[test]
fn arguments_of_built_in_types_are_spelt_out() {
    check::<Page<Vec<u64>>>(&["Page_of_Array_of_u64"]);
    check::<Page<Option<char>>>(&["Page_of_Option_of_char"]);
    check::<Page<(i8, bool)>>(&["Page_of_Tuple_of_i8_and_bool"]);
    check::<Page<[f64; 3]>>(&["Page_of_Array_of_3_and_f64"]);
    check::<Page<BTreeMap<u8, Item>>>(&["Page_of_Map_of_u8_and_Item", "Item"]);
}

#[test]
fn several_arguments_are_told_apart() {
    check::<Two<Item, Page<Item>>>(&["Two_of_Item_and_Page_of_Item", "Item", "Page_of_Item"]);
    check::<Two<u8, u16>>(&["Two_of_u8_and_u16"]);
    check::<Row<3, f64>>(&["Row_of_3_and_f64"]);
}

#[test]
fn instances_beside_each_other_keep_their_names() {
    check::<Two<Page<u8>, Page<Item>>>(&[
        "Two_of_Page_of_u8_and_Page_of_Item",
        "Page_of_u8",
        "Page_of_Item",
        "Item",
    ]);
}

#[test]
fn a_name_of_the_users_is_kept() {
    check::<Named<Item>>(&["List_Item", "Item"]);
}

#[test]
fn types_of_one_name_are_numbered() {
    check::<Two<Item, elsewhere::Item>>(&["Two_of_Item_and_Item", "Item", "Item2"]);
}

#[test]
fn names_need_no_escape() {
    #[derive(JsonSchema)]
    #[schemars(rename = "a b/c~%é")]
    struct Odd {
        next: Option<Box<Odd>>,
    }
    check::<Odd>(&["a_b_c___"]);
}

#[test]
fn the_root_is_titled_as_its_entry() {
    assert_eq!(schema_for::<Page<Item>>()["title"], "Page_of_Item");
    assert_eq!(schema_for::<Item>()["title"], "Item");
}
