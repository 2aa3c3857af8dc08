//! What is found out by asking `Deserialize`, and what cannot be.

use std::collections::BTreeMap;

use larkspur_schema::{JsonSchema, schema_for, schemas_of};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Nothing was learned.
#[track_caller]
fn check_unchanged<T: JsonSchema + DeserializeOwned>() {
    let schemas = schemas_of::<T>();
    assert_eq!(schemas.write, schema_for::<T>());
    assert_eq!(schemas.read, schema_for::<T>());
}

#[test]
fn a_type_without_a_finite_value() {
    #[derive(Deserialize, JsonSchema)]
    struct Endless {
        #[serde(alias = "more")]
        next: Box<Endless>,
    }
    check_unchanged::<Endless>();
}

#[test]
fn a_pattern_that_no_sample_is_made_for() {
    #[derive(Deserialize, JsonSchema)]
    struct Code {
        #[serde(alias = "c")]
        #[schemars(regex(pattern = "^(?!x)[a-z]+$"))]
        code: String,
    }
    check_unchanged::<Code>();
}

#[test]
fn a_type_that_reads_no_sample() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(try_from = "String")]
    struct Never;
    impl TryFrom<String> for Never {
        type Error = &'static str;
        fn try_from(_: String) -> Result<Self, Self::Error> {
            Err("never")
        }
    }
    #[derive(Deserialize, JsonSchema)]
    struct Holder {
        #[serde(alias = "n")]
        never: Never,
    }
    check_unchanged::<Holder>();
}

#[test]
fn names_are_hidden_below_flatten_untagged_and_internal_tags() {
    #[derive(Deserialize, JsonSchema)]
    struct Aliased {
        #[serde(alias = "b")]
        a: u8,
    }
    #[derive(Deserialize, JsonSchema)]
    struct Flattened {
        #[serde(flatten)]
        aliased: Aliased,
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(untagged)]
    enum Untagged {
        Aliased(Aliased),
        Other { a: u8, c: u8 },
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "kind")]
    enum Internal {
        Aliased(Aliased),
    }
    check_unchanged::<Flattened>();
    check_unchanged::<Untagged>();
    check_unchanged::<Internal>();
}

#[test]
fn another_untagged_variant_does_not_make_a_field_optional() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(untagged)]
    enum Untagged {
        Long { a: u8, b: u8 },
        Short { a: u8 },
        Pair(u8, u8),
        Single(Vec<u8>),
    }
    check_unchanged::<Untagged>();
}

#[test]
fn an_alias_next_to_a_variant_of_another_shape() {
    #[derive(Deserialize, JsonSchema)]
    enum Shapes {
        Text(String),
        #[serde(alias = "Amount", alias = "Zahl")]
        Number(u8),
        #[serde(alias = "A_list")]
        List(Vec<u8>),
        #[serde(alias = "Zip")]
        Nothing,
    }
    let read = schemas_of::<Shapes>().read;
    for (value, expected) in [
        (r#"{"Amount": 1}"#, true),
        (r#"{"Zahl": 1}"#, true),
        (r#"{"Zahl": "x"}"#, false),
        (r#"{"A_list": [1]}"#, true),
        (r#"{"A_list": 1}"#, false),
        (r#"{"Amount": 1, "Number": 1}"#, false),
        (r#""Zip""#, true),
        (r#""Amount""#, false),
        (r#""Nowhere""#, false),
    ] {
        assert_eq!(
            serde_json::from_str::<Shapes>(value).is_ok(),
            expected,
            "{value}"
        );
        let value: Value = serde_json::from_str(value).unwrap();
        assert_eq!(jsonschema::is_valid(&read, &value), expected, "{value}");
    }
}

/// Every node holds others, so that a careless walk would be exponential.
macro_rules! entangled {
    ($($name:ident)+) => {
        #[derive(Deserialize, JsonSchema)]
        enum Node { Leaf, $($name(Box<$name>)),+ }
        $(#[derive(Deserialize, JsonSchema)]
        struct $name {
            #[serde(alias = "first")]
            left: Node,
            right: Node,
            rest: Vec<Node>,
            named: BTreeMap<char, Node>,
            maybe: Option<Box<$name>>,
        })+
    };
}

entangled! { A B C D E F G H I J K L M N O P Q R S T U V W X Y Z }

#[test]
fn many_types_inside_each_other_take_bounded_work() {
    let schemas = schemas_of::<Node>();
    for name in ["A", "M", "Z"] {
        let properties = &schemas.read["$defs"][name]["properties"];
        assert!(properties.get("first").is_some(), "{name}");
        assert_eq!(
            properties["named"]["propertyNames"]["maxLength"], 1,
            "{name}"
        );
    }
}
