//! Where `schemars` alone and serde disagree, and the schema of this crate does not.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::{Bound, Range};
use std::time::{Duration, SystemTime};

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use larkspur_schema::{JsonSchema, schema_for, schemars, schemas_of};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn is_valid(schema: &Value, value: &Value) -> bool {
    let options = jsonschema::options().should_validate_formats(true);
    options.build(schema).unwrap().is_valid(value)
}

/// `schemars` takes `value` where serde does not, or the other way round.
#[track_caller]
fn check<T: JsonSchema + DeserializeOwned>(value: &Value) {
    let serde = serde_json::from_str::<T>(&value.to_string()).is_ok();
    let theirs = is_valid(schemars::schema_for!(T).as_value(), value);
    let ours = is_valid(&schemas_of::<T>().read, value);
    assert_eq!(ours, serde, "serde: {serde}, ours: {ours}");
    assert_ne!(
        theirs, serde,
        "schemars is right by now, and the correction can go"
    );
}

#[test]
fn integers_out_of_range() {
    check::<i32>(&json!(2_147_483_648_u32));
    check::<u32>(&json!(4_294_967_296_u64));
    check::<i64>(&json!(u64::MAX));
    check::<i128>(&json!(1e39));
    check::<Option<u32>>(&json!(u64::MAX));
}

#[test]
fn formats_of_no_standard() {
    check::<IpAddr>(&json!("example"));
    check::<NaiveTime>(&json!("24:00:00"));
    check::<NaiveDateTime>(&json!("2023-02-29T00:00:00"));
}

#[test]
fn unknown_keys_of_std_types() {
    check::<Duration>(&json!({"secs": 1, "nanos": 1, "x": 1}));
    check::<SystemTime>(&json!({"secs_since_epoch": 1, "nanos_since_epoch": 1, "x": 1}));
    check::<Range<u8>>(&json!({"start": 1, "end": 1, "x": 1}));
    check::<Result<u8, u8>>(&json!({"Ok": 1, "x": 1}));
    check::<Bound<u8>>(&json!({"Included": 1, "x": 1}));
}

#[test]
fn times_that_do_not_fit() {
    check::<SystemTime>(&json!({"secs_since_epoch": u64::MAX, "nanos_since_epoch": 1}));
    check::<Duration>(&json!({"secs": u64::MAX, "nanos": u32::MAX}));
    check::<TimeDelta>(&json!([i64::MAX, 0]));
}

#[test]
fn keys_of_maps() {
    #[derive(Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
    enum Size {
        /// Up to a hand.
        Small,
    }
    check::<BTreeMap<u8, u8>>(&json!({"007": 1}));
    check::<BTreeMap<u8, u8>>(&json!({"256": 1}));
    check::<BTreeMap<i32, u8>>(&json!({"-0": 1}));
    check::<BTreeMap<char, u8>>(&json!({"ab": 1}));
    check::<BTreeMap<bool, u8>>(&json!({"yes": 1}));
    check::<BTreeMap<Size, u8>>(&json!({"Large": 1}));
}

#[test]
fn other_names() {
    #[derive(Deserialize, JsonSchema)]
    struct Aliased {
        #[serde(alias = "title")]
        name: String,
    }
    #[derive(Deserialize, JsonSchema)]
    enum Answer {
        Yes,
        #[serde(alias = "nay")]
        No,
        #[serde(other)]
        Unclear,
    }
    check::<Aliased>(&json!({"title": "x"}));
    check::<Answer>(&json!("nay"));
    check::<Answer>(&json!("perhaps"));
}

#[test]
fn parts_that_may_or_must_be_there() {
    #[derive(Deserialize, JsonSchema)]
    struct Short(u8, #[serde(default)] u8);
    /// Its comment keeps schemars from seeing through it.
    #[derive(Deserialize, JsonSchema)]
    #[serde(transparent)]
    struct Maybe(Option<u8>);
    #[derive(Deserialize, JsonSchema)]
    struct Holder {
        maybe: Maybe,
    }
    #[derive(Deserialize, JsonSchema)]
    struct With {
        #[serde(deserialize_with = "Option::deserialize")]
        present: Option<u8>,
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        Unit,
        Maybe(Option<u8>),
    }
    check::<Short>(&json!([1]));
    check::<Holder>(&json!({}));
    check::<With>(&json!({}));
    check::<Adjacent>(&json!({"t": "Maybe"}));
    check::<Adjacent>(&json!({"t": "Unit", "c": 1}));
}

/// What a strict server asks for, done blindly.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.contains_key("properties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
fn internal_newtype_variants_can_be_closed() {
    #[derive(Deserialize, JsonSchema)]
    struct Circle {
        radius: u8,
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "kind")]
    enum Shape {
        Circle(Circle),
    }
    let value = json!({"kind": "Circle", "radius": 1});
    let (mut theirs, mut ours) = (
        schemars::schema_for!(Shape).to_value(),
        schema_for::<Shape>(),
    );
    close(&mut theirs);
    close(&mut ours);
    assert!(
        !is_valid(&theirs, &value),
        "schemars is right by now, and the correction can go"
    );
    assert!(is_valid(&ours, &value));
}

#[test]
fn the_root_can_be_moved() {
    #[derive(Deserialize, JsonSchema)]
    struct Chain {
        next: Option<Box<Chain>>,
    }
    let moved = |mut schema: Value| {
        let definitions = schema
            .as_object_mut()
            .unwrap()
            .shift_remove("$defs")
            .unwrap_or_else(|| json!({}));
        json!({"type": "object", "properties": {"chain": schema}, "$defs": definitions})
    };
    let value = json!({"chain": {"next": {"next": 5}}});
    assert!(
        is_valid(&moved(schemars::schema_for!(Chain).to_value()), &value),
        "its `#` means the outer root now"
    );
    assert!(!is_valid(&moved(schema_for::<Chain>()), &value));
}
