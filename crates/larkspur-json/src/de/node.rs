//! `impl Deserializer for &Node`.

use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer,
    de::{
        Error as _, Expected, IntoDeserializer, Unexpected, Visitor, value::BorrowedStrDeserializer,
    },
};

use super::{
    DeserializeError,
    access::{Elements, Members},
    enumeration::VariantMember,
    error::Fault,
};
use crate::{Kind, Node, Number, Object, number::Native};

type Result<T> = std::result::Result<T, DeserializeError>;

impl<'t> Node<'t> {
    /// Reads the value into a Rust type, as [`serde_json::from_str`] would read its text.
    ///
    /// Strings without escapes can be borrowed from the text that was parsed.
    ///
    /// ```
    /// let node = larkspur_json::parse(r#"{"a": 1, "b": 2}"#)?;
    /// let map: std::collections::BTreeMap<&str, u8> = node.deserialize()?;
    /// assert_eq!(map["b"], 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where the value does not fit the type: the first misfit, with the place of the innermost value.
    pub fn deserialize<T: Deserialize<'t>>(&self) -> Result<T> {
        // Untagged types fail after they have let go of the node, so the place is given here.
        T::deserialize(self).map_err(|error| error.at(self.span))
    }

    fn invalid_type(&self, expected: &dyn Expected) -> DeserializeError {
        let unexpected = match &self.kind {
            Kind::Null => Unexpected::Unit,
            Kind::Bool(value) => Unexpected::Bool(*value),
            Kind::Number(number) => match number.native() {
                Some(Native::Unsigned(value)) => Unexpected::Unsigned(value),
                Some(Native::Negative(value)) => Unexpected::Signed(value),
                Some(Native::Float(value)) => Unexpected::Float(value),
                None => Unexpected::Other("number out of range"),
            },
            Kind::String(text) => Unexpected::Str(text),
            Kind::Array(_) => Unexpected::Seq,
            Kind::Object(_) => Unexpected::Map,
        };
        DeserializeError::invalid_type(unexpected, expected)
    }
}

pub(super) fn visit_str<'t, V: Visitor<'t>>(text: &Cow<'t, str>, visitor: V) -> Result<V::Value> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_str(text),
    }
}

pub(super) fn visit_number<'t, V: Visitor<'t>>(
    number: &Number<'_>,
    visitor: V,
) -> Result<V::Value> {
    match number.native() {
        Some(Native::Unsigned(value)) => visitor.visit_u64(value),
        Some(Native::Negative(value)) => visitor.visit_i64(value),
        Some(Native::Float(value)) => visitor.visit_f64(value),
        None => Err(DeserializeError::new(Fault::NumberOutOfRange)),
    }
}

/// As [`visit_number`], for a type that holds less than a double: rounded once, and never to infinity.
pub(super) fn visit_single<'t, V: Visitor<'t>>(
    number: &Number<'_>,
    visitor: V,
) -> Result<V::Value> {
    match (number.native(), number.as_f32()) {
        (Some(Native::Float(_)), Some(value)) => visitor.visit_f64(f64::from(value)),
        (Some(Native::Float(_)), None) => Err(DeserializeError::new(Fault::NumberOutOfRange)),
        _ => visit_number(number, visitor),
    }
}

/// A string where an enum is wanted: the name of a unit variant.
pub(super) fn visit_variant_name<'t, V: Visitor<'t>>(
    name: &Cow<'t, str>,
    visitor: V,
) -> Result<V::Value> {
    match name {
        Cow::Borrowed(name) => visitor.visit_enum(BorrowedStrDeserializer::new(name)),
        Cow::Owned(name) => visitor.visit_enum(name.as_str().into_deserializer()),
    }
}

fn visit_array<'t, V: Visitor<'t>>(elements: &[Node<'t>], visitor: V) -> Result<V::Value> {
    let mut access = Elements::new(elements);
    let value = visitor.visit_seq(&mut access)?;
    access.end()?;
    Ok(value)
}

fn visit_object<'t, V: Visitor<'t>>(object: &Object<'t>, visitor: V) -> Result<V::Value> {
    let mut access = Members::new(object);
    match visitor.visit_map(&mut access) {
        Ok(value) => access.end().map(|()| value),
        Err(error) if error.wants_last_key() => Err(access.at_last_key(error)),
        Err(error) => Err(error),
    }
}

/// Methods that all mean the same to JSON.
macro_rules! deserialize_as {
    ($target:ident: $($method:ident)*) => {$(
        fn $method<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
            self.$target(visitor)
        }
    )*};
}

impl<'t> Node<'t> {
    fn expect_number<V: Visitor<'t>>(&self, visitor: V) -> Result<V::Value> {
        match &self.kind {
            Kind::Number(number) => visit_number(number, visitor),
            _ => Err(self.invalid_type(&visitor)),
        }
        .map_err(|error| error.at(self.span))
    }

    /// 128 bits: exact where the text is an integer, else what any other number type would say.
    fn expect_wide<V: Visitor<'t>, N>(
        &self,
        visitor: V,
        exact: fn(&Number<'t>) -> Option<N>,
        visit: fn(V, N) -> Result<V::Value>,
    ) -> Result<V::Value> {
        match &self.kind {
            Kind::Number(number) if number.is_integer_text() => match exact(number) {
                Some(value) => visit(visitor, value),
                None => Err(DeserializeError::new(Fault::NumberOutOfRange)),
            },
            _ => return self.expect_number(visitor),
        }
        .map_err(|error| error.at(self.span))
    }

    fn expect_string<V: Visitor<'t>>(&self, visitor: V) -> Result<V::Value> {
        match &self.kind {
            Kind::String(text) => visit_str(text, visitor),
            _ => Err(self.invalid_type(&visitor)),
        }
        .map_err(|error| error.at(self.span))
    }

    fn expect_bytes<V: Visitor<'t>>(&self, visitor: V) -> Result<V::Value> {
        match &self.kind {
            Kind::String(Cow::Borrowed(text)) => visitor.visit_borrowed_bytes(text.as_bytes()),
            Kind::String(Cow::Owned(text)) => visitor.visit_bytes(text.as_bytes()),
            Kind::Array(elements) => visit_array(elements, visitor),
            _ => Err(self.invalid_type(&visitor)),
        }
        .map_err(|error| error.at(self.span))
    }

    fn expect_null<V: Visitor<'t>>(&self, visitor: V) -> Result<V::Value> {
        match &self.kind {
            Kind::Null => visitor.visit_unit(),
            _ => Err(self.invalid_type(&visitor)),
        }
        .map_err(|error| error.at(self.span))
    }

    fn expect_array<V: Visitor<'t>>(&self, visitor: V) -> Result<V::Value> {
        match &self.kind {
            Kind::Array(elements) => visit_array(elements, visitor),
            _ => Err(self.invalid_type(&visitor)),
        }
        .map_err(|error| error.at(self.span))
    }
}

impl<'t> Deserializer<'t> for &Node<'t> {
    type Error = DeserializeError;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        match &self.kind {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool(value) => visitor.visit_bool(*value),
            Kind::Number(number) => visit_number(number, visitor),
            Kind::String(text) => visit_str(text, visitor),
            Kind::Array(elements) => visit_array(elements, visitor),
            Kind::Object(object) => visit_object(object, visitor),
        }
        .map_err(|error| error.at(self.span))
    }

    deserialize_as!(expect_number:
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_f64);
    deserialize_as!(expect_string: deserialize_char deserialize_str deserialize_string deserialize_identifier);
    deserialize_as!(expect_bytes: deserialize_bytes deserialize_byte_buf);
    deserialize_as!(expect_null: deserialize_unit);
    deserialize_as!(expect_array: deserialize_seq);

    fn deserialize_f32<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        match &self.kind {
            Kind::Number(number) => visit_single(number, visitor),
            _ => Err(self.invalid_type(&visitor)),
        }
        .map_err(|error| error.at(self.span))
    }

    fn deserialize_u128<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        self.expect_wide(visitor, Number::as_u128, V::visit_u128)
    }

    fn deserialize_i128<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        self.expect_wide(visitor, Number::as_i128, V::visit_i128)
    }

    fn deserialize_bool<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        match self.kind {
            Kind::Bool(value) => visitor.visit_bool(value),
            _ => Err(self.invalid_type(&visitor)),
        }
        .map_err(|error| error.at(self.span))
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        match self.kind {
            Kind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
        .map_err(|error| error.at(self.span))
    }

    fn deserialize_unit_struct<V: Visitor<'t>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        self.expect_null(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor
            .visit_newtype_struct(self)
            .map_err(|error| error.at(self.span))
    }

    fn deserialize_tuple<V: Visitor<'t>>(self, _length: usize, visitor: V) -> Result<V::Value> {
        self.expect_array(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'t>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.expect_array(visitor)
    }

    fn deserialize_map<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        match &self.kind {
            Kind::Object(object) => visit_object(object, visitor),
            _ => Err(self.invalid_type(&visitor)),
        }
        .map_err(|error| error.at(self.span))
    }

    /// A struct may also be written as an array of its fields, as in `serde_json`.
    fn deserialize_struct<V: Visitor<'t>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match &self.kind {
            Kind::Object(object) => visit_object(object, visitor),
            Kind::Array(elements) => visit_array(elements, visitor),
            _ => Err(self.invalid_type(&visitor)),
        }
        .map_err(|error| error.at(self.span))
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match &self.kind {
            Kind::String(name) => visit_variant_name(name, visitor),
            Kind::Object(object) => match VariantMember::of(object) {
                Some(member) => visitor.visit_enum(member),
                None => Err(DeserializeError::new(Fault::VariantObject)),
            },
            _ => Err(self.invalid_type(&"a string or an object with one member")),
        }
        .map_err(|error| error.at(self.span))
    }

    fn deserialize_ignored_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }
}

/// A node is also what it turns into, so that it can be handed on by code that is generic over its source.
impl<'t> IntoDeserializer<'t, DeserializeError> for &Node<'t> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
