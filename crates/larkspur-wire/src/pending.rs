//! JSON that was read before it is known what it is.
//!
//! An object tells its kind in a member that may come last, and what does not fit a type is kept as it came. Both need the whole before the
//! type is tried. A [`Value`] would do, at several times the expense: it hashes every key and owns every string.

use std::borrow::Cow;
use std::fmt;

use serde::de::Visitor;
use serde::de::value::{BorrowedStrDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserialize, Deserializer, IntoDeserializer, MapAccess, SeqAccess};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Number, Value};

/// A string, borrowed from the text where that has no escapes in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Text<'de>, E> {
                self.visit_string(text.to_owned())
            }

            fn visit_string<E>(self, text: String) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(Any)
    }
}

/// A value, with its members in order and as often as they came: of two with one name the last counts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pending<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Pending<'a>>),
    Object(Vec<(Cow<'a, str>, Pending<'a>)>),
}

impl Pending<'_> {
    /// What the object says that it is.
    pub(crate) fn tag(&self) -> Option<&str> {
        let Self::Object(members) = self else {
            return None;
        };
        match members.iter().rfind(|(key, _)| key == "type") {
            Some((_, Self::Text(tag))) => Some(tag),
            _ => None,
        }
    }
}

impl From<Pending<'_>> for Value {
    fn from(pending: Pending<'_>) -> Self {
        match pending {
            Pending::Null => Self::Null,
            Pending::Bool(bool) => Self::Bool(bool),
            Pending::Number(number) => Self::Number(number),
            Pending::Text(text) => Self::String(text.into_owned()),
            Pending::List(list) => list.into_iter().map(Self::from).collect(),
            Pending::Object(members) => {
                let owned = |(key, value): (Cow<'_, str>, _)| (key.into_owned(), Self::from(value));
                members.into_iter().map(owned).collect()
            }
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Pending<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Whole)
    }
}

struct Whole;

impl<'de> Visitor<'de> for Whole {
    type Value = Pending<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Pending<'de>, E> {
        Ok(Pending::Null)
    }

    fn visit_none<E>(self) -> Result<Pending<'de>, E> {
        Ok(Pending::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<Pending<'de>, D::Error> {
        Deserialize::deserialize(value)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Pending<'de>, E> {
        Ok(Pending::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Pending<'de>, E> {
        Ok(Pending::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Pending<'de>, E> {
        Ok(Pending::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Pending<'de>, E> {
        Ok(Number::from_f64(value).map_or(Pending::Null, Pending::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Pending<'de>, E> {
        Ok(Pending::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Pending<'de>, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E>(self, text: String) -> Result<Pending<'de>, E> {
        Ok(Pending::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Pending<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = seq.next_element()? {
            list.push(element);
        }
        Ok(Pending::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pending<'de>, A::Error> {
        // Most objects have about so many, and growing costs more than a little room.
        let mut members = Vec::with_capacity(8);
        while let Some(Text(key)) = map.next_key()? {
            members.push((key, map.next_value()?));
        }
        Ok(Pending::Object(members))
    }
}

/// The types are tried on it while it stays what it is, so that nothing is lost where none fits.
impl<'de> Deserializer<'de> for &'de Pending<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Pending::Null => visitor.visit_unit(),
            Pending::Bool(value) => visitor.visit_bool(*value),
            Pending::Number(number) => number.deserialize_any(visitor),
            Pending::Text(text) => visitor.visit_borrowed_str(text),
            Pending::List(list) => {
                let mut seq = SeqDeserializer::new(list.iter());
                let value = visitor.visit_seq(&mut seq)?;
                seq.end().map(|()| value)
            }
            Pending::Object(members) => {
                let members = members.iter();
                let mut map = MapDeserializer::new(
                    members.map(|(key, value)| (BorrowedStrDeserializer::new(key), value)),
                );
                let value = visitor.visit_map(&mut map)?;
                map.end().map(|()| value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Pending::Null => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        Value::from(self.clone()).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for &'de Pending<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
