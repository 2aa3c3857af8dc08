//! Keys of objects: strings that may stand for numbers or truth values.

use std::borrow::Cow;

use serde::{
    Deserializer,
    de::{Error as _, Unexpected, Visitor},
    forward_to_deserialize_any,
};

use super::{
    DeserializeError,
    error::Fault,
    node::{visit_number, visit_single, visit_str, visit_variant_name},
};
use crate::Number;

type Result<T> = std::result::Result<T, DeserializeError>;

/// Gives its errors no place: whoever holds the member knows the key's.
#[derive(Clone, Copy)]
pub(super) struct KeyDeserializer<'a, 't>(&'a Cow<'t, str>);

impl<'a, 't> KeyDeserializer<'a, 't> {
    pub(super) fn new(key: &'a Cow<'t, str>) -> Self {
        Self(key)
    }

    /// The number that the key spells.
    fn number(&self) -> Result<Number<'_>> {
        Number::from_text(self.0.as_ref()).ok_or_else(|| {
            DeserializeError::invalid_value(Unexpected::Str(self.0), &"a key that spells a number")
        })
    }

    fn number_or_range<N>(self, value: Option<N>) -> Result<N> {
        self.number()?;
        value.ok_or_else(|| DeserializeError::new(Fault::NumberOutOfRange))
    }
}

macro_rules! deserialize_number {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            visit_number(&self.number()?, visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for KeyDeserializer<'_, 'de> {
    type Error = DeserializeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visit_str(self.0, visitor)
    }

    deserialize_number!(
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_f64
    );

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visit_single(&self.number()?, visitor)
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_u128(self.number_or_range(self.0.parse().ok())?)
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_i128(self.number_or_range(self.0.parse().ok())?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.as_ref() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            other => Err(DeserializeError::invalid_type(
                Unexpected::Str(other),
                &visitor,
            )),
        }
    }

    /// A key is never `null`.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visit_variant_name(self.0, visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Cow::Borrowed(text) => visitor.visit_borrowed_bytes(text.as_bytes()),
            Cow::Owned(text) => visitor.visit_bytes(text.as_bytes()),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    forward_to_deserialize_any! {
        char str string unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
