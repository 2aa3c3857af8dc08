//! Values that are written many times.

use larkspur_json::{SharedValue, to_vec};
use proptest::prelude::*;
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::{Value, json};

/// Any JSON, a few levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((".{0,4}", inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    /// It says what the value says, the second time too, and wherever it stands.
    #[test]
    fn it_is_written_as_the_value_is(value in any_json()) {
        let shared = SharedValue::from(value.clone());
        for _ in 0..2 {
            prop_assert_eq!(to_vec(&[&shared]).unwrap(), serde_json::to_vec(&[&value]).unwrap());
        }
        let indented = serde_json::to_string_pretty(&[&shared.clone()]).unwrap();
        prop_assert_eq!(&indented, &serde_json::to_string_pretty(&[&value]).unwrap());
        prop_assert_eq!(&serde_json::to_value(&shared).unwrap(), &value);
        let [read]: [SharedValue; 1] = serde_json::from_str(&indented).unwrap();
        prop_assert_eq!(&read, &shared);
        prop_assert_eq!(&*read, &value);
    }
}

#[test]
fn others_differ() {
    let [one, other] = [json!({"a": 1}), json!({"a": 2})].map(SharedValue::from);
    assert_ne!(one, other);
    assert_eq!(format!("{one:?}"), format!("{:?}", json!({"a": 1})));
    assert_eq!(SharedValue::default(), SharedValue::from(Value::Null));
}

/// Refuses to be written.
struct Refused;

impl Serialize for Refused {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("not this one"))
    }
}

#[test]
fn other_writers_see_the_value_before_and_after() {
    let shared = SharedValue::from(json!({"a": [1]}));
    let indented = "{\n  \"a\": [\n    1\n  ]\n}";
    assert_eq!(to_vec(&shared).unwrap(), br#"{"a":[1]}"#);
    assert_eq!(serde_json::to_string_pretty(&shared).unwrap(), indented);
    let error = to_vec(&(&shared, Refused)).unwrap_err();
    assert_eq!(error.to_string(), "not this one");
    assert_eq!(serde_json::to_string_pretty(&shared).unwrap(), indented);
}
