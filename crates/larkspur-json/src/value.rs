//! To and from `serde_json::Value`.

use std::borrow::Cow;

use serde_json::Value;

use crate::{Kind, Member, Node, Number, number::Native};

impl Node<'_> {
    /// The tree as `serde_json` holds it: without places, the last of duplicate keys, numbers as `u64`, `i64` or `f64`.
    ///
    /// An integer beyond 64 bits becomes the nearest double, as in `serde_json`. A number beyond the doubles, which
    /// `serde_json` refuses, becomes the largest double of its sign.
    ///
    /// ```
    /// let node = larkspur_json::parse(r#"{"a": 1, "a": [2.50]}"#)?;
    /// assert_eq!(node.to_value(), serde_json::json!({"a": [2.5]}));
    /// # Ok::<(), larkspur_json::Error>(())
    /// ```
    pub fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(number) => number_to_value(number),
            Kind::String(text) => Value::String(text.as_ref().to_owned()),
            Kind::Array(elements) => elements.iter().map(Node::to_value).collect(),
            Kind::Object(object) => {
                let members = object.iter();
                Value::Object(
                    members
                        .map(|member| (member.key.as_ref().to_owned(), member.value.to_value()))
                        .collect(),
                )
            }
        }
    }

    /// The tree of a value that was not read from a text: every span is empty.
    ///
    /// Recursive: a value nested deeper than any [`parse`](crate::parse) result can exhaust the stack.
    pub fn from_value(value: &Value) -> Node<'static> {
        let kind = match value {
            Value::Null => Kind::Null,
            Value::Bool(value) => Kind::Bool(*value),
            Value::Number(number) => Kind::Number(Number::from(number)),
            Value::String(text) => Kind::String(Cow::Owned(text.clone())),
            Value::Array(elements) => Kind::Array(elements.iter().map(Node::from_value).collect()),
            Value::Object(members) => {
                let member = |(key, value): (&String, &Value)| {
                    Member::new(key.clone(), Node::from_value(value))
                };
                Kind::Object(members.iter().map(member).collect())
            }
        };
        Node::from(kind)
    }
}

fn number_to_value(number: &Number<'_>) -> Value {
    match number.native() {
        Some(Native::Unsigned(value)) => Value::from(value),
        Some(Native::Negative(value)) => Value::from(value),
        Some(Native::Float(value)) => Value::from(value),
        None if number.as_str().starts_with('-') => Value::from(f64::MIN),
        None => Value::from(f64::MAX),
    }
}
