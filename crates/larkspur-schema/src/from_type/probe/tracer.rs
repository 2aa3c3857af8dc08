//! A deserializer over a sample value that writes down what the type asks for at each place.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde_json::Value;

use super::keys::{Key, KeyKind};
use super::refusal::Refusal;
use crate::from_type::pointer::child;

/// What was asked for, by the JSON Pointer of the place in the sample.
#[derive(Default)]
pub(super) struct Log {
    /// Names that a struct (or struct variant, or the two halves of an adjacently tagged enum) reads.
    pub(super) fields: BTreeMap<String, &'static [&'static str]>,
    /// Names that an enum reads.
    pub(super) variants: BTreeMap<String, &'static [&'static str]>,
    /// Where a tuple of a fixed length is read.
    pub(super) tuples: BTreeSet<String>,
    /// What the keys of a map are read as.
    pub(super) keys: BTreeMap<String, KeyKind>,
}

/// Reads `value` as a `T`, as `serde_json` would, and logs.
pub(super) fn read<T: DeserializeOwned>(value: &Value, log: &RefCell<Log>) -> Result<(), Refusal> {
    T::deserialize(Tracer {
        value,
        at: String::new(),
        log,
    })
    .map(drop)
}

struct Tracer<'a> {
    value: &'a Value,
    at: String,
    log: &'a RefCell<Log>,
}

impl<'a> Tracer<'a> {
    fn below(&self, value: &'a Value, step: &str) -> Tracer<'a> {
        Tracer {
            value,
            at: child(&self.at, step),
            log: self.log,
        }
    }

    fn refuse<V: Visitor<'a>>(&self, visitor: &V) -> Refusal {
        let found = match self.value {
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
            _ => Unexpected::Other("scalar"),
        };
        serde::de::Error::invalid_type(found, visitor)
    }

    fn items<V: Visitor<'a>>(self, items: &'a [Value], visitor: V) -> Result<V::Value, Refusal> {
        let mut access = Items {
            items: items.iter().enumerate(),
            parent: &self,
        };
        let read = visitor.visit_seq(&mut access)?;
        if access.items.len() == 0 {
            Ok(read)
        } else {
            Err(Refusal::Other)
        }
    }

    fn members<V: Visitor<'a>>(
        self,
        members: &'a serde_json::Map<String, Value>,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let mut access = Members {
            rest: members.iter(),
            value: None,
            parent: &self,
        };
        let read = visitor.visit_map(&mut access)?;
        if access.rest.len() == 0 {
            Ok(read)
        } else {
            Err(Refusal::Other)
        }
    }
}

/// Scalars are read as `serde_json` reads them.
macro_rules! scalars {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
            Ok(self.value.$method(visitor)?)
        })+
    };
}

macro_rules! texts {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
            match self.value {
                Value::String(text) => visitor.visit_str(text),
                _ => Err(self.refuse(&visitor)),
            }
        })+
    };
}

impl<'a> Deserializer<'a> for Tracer<'a> {
    type Error = Refusal;

    scalars! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_bytes deserialize_byte_buf deserialize_unit
    }

    // What refuses a text is told apart: it may be the name of a variant.
    texts! {
        deserialize_char deserialize_str deserialize_string deserialize_identifier
    }

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(_) => Ok(self.value.deserialize_any(visitor)?),
            Value::String(text) => visitor.visit_str(text),
            Value::Array(items) => self.items(items, visitor),
            Value::Object(members) => self.members(members, visitor),
        }
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        if self.value.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.value {
            Value::Array(items) => self.items(items, visitor),
            _ => Err(self.refuse(&visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Refusal> {
        self.log.borrow_mut().tuples.insert(self.at.clone());
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.value {
            Value::Object(members) => self.members(members, visitor),
            _ => Err(self.refuse(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.log.borrow_mut().fields.insert(self.at.clone(), fields);
        match self.value {
            Value::Array(items) => self.items(items, visitor),
            Value::Object(members) => self.members(members, visitor),
            _ => Err(self.refuse(&visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.log
            .borrow_mut()
            .variants
            .insert(self.at.clone(), variants);
        match self.value {
            Value::String(name) => visitor.visit_enum(Chosen {
                name,
                content: None,
            }),
            Value::Object(members) => match members.iter().next().filter(|_| members.len() == 1) {
                Some((name, content)) => visitor.visit_enum(Chosen {
                    name,
                    content: Some(self.below(content, name)),
                }),
                None => Err(self.refuse(&visitor)),
            },
            _ => Err(self.refuse(&visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_unit()
    }
}

struct Items<'a, 'p> {
    items: std::iter::Enumerate<std::slice::Iter<'a, Value>>,
    parent: &'p Tracer<'a>,
}

impl<'a> SeqAccess<'a> for Items<'a, '_> {
    type Error = Refusal;

    fn next_element_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refusal> {
        let next = self.items.next();
        next.map(|(index, item)| seed.deserialize(self.parent.below(item, &index.to_string())))
            .transpose()
    }
}

struct Members<'a, 'p> {
    rest: serde_json::map::Iter<'a>,
    value: Option<(&'a str, &'a Value)>,
    parent: &'p Tracer<'a>,
}

impl<'a> MapAccess<'a> for Members<'a, '_> {
    type Error = Refusal;

    fn next_key_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refusal> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some((key, value));
        let note = |kind| {
            let mut log = self.parent.log.borrow_mut();
            log.keys.insert(self.parent.at.clone(), kind);
        };
        seed.deserialize(Key {
            text: key,
            note: &note,
        })
        .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<S::Value, Refusal> {
        let (key, value) = self.value.take().ok_or(Refusal::Other)?;
        seed.deserialize(self.parent.below(value, key))
    }
}

/// A variant by name, with its content where the name was a key.
struct Chosen<'a> {
    name: &'a str,
    content: Option<Tracer<'a>>,
}

impl<'a> EnumAccess<'a> for Chosen<'a> {
    type Error = Refusal;
    type Variant = Content<'a>;

    fn variant_seed<S: DeserializeSeed<'a>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Content<'a>), Refusal> {
        let variant = seed.deserialize(StrDeserializer::<Refusal>::new(self.name))?;
        Ok((variant, Content(self.content)))
    }
}

struct Content<'a>(Option<Tracer<'a>>);

impl<'a> VariantAccess<'a> for Content<'a> {
    type Error = Refusal;

    fn unit_variant(self) -> Result<(), Refusal> {
        match self.0 {
            Some(content) if !content.value.is_null() => Err(Refusal::Other),
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'a>>(self, seed: S) -> Result<S::Value, Refusal> {
        seed.deserialize(self.0.ok_or(Refusal::Other)?)
    }

    fn tuple_variant<V: Visitor<'a>>(self, length: usize, visitor: V) -> Result<V::Value, Refusal> {
        self.0
            .ok_or(Refusal::Other)?
            .deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'a>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        self.0
            .ok_or(Refusal::Other)?
            .deserialize_struct("", fields, visitor)
    }
}
