//! What the keys of a map are read as.

use std::str::FromStr;

use serde::de::value::StrDeserializer;
use serde::de::{Deserializer, EnumAccess, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::refusal::Refusal;

/// The kinds of key that `schemars` does not, or not exactly, write down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::from_type) enum KeyKind {
    /// Any text, as far as can be seen.
    Text,
    Bool,
    Char,
    /// Names of an enum, aliases included.
    Names(&'static [&'static str]),
    /// From minus `below` to `above`.
    Integer {
        below: u128,
        above: u128,
    },
}

/// Reads one key and tells its kind.
pub(super) struct Key<'a> {
    pub(super) text: &'a str,
    pub(super) note: &'a dyn Fn(KeyKind),
}

impl Key<'_> {
    fn parsed<N: FromStr>(&self, kind: KeyKind) -> Result<N, Refusal> {
        (self.note)(kind);
        self.text.parse().map_err(|_| Refusal::Other)
    }
}

macro_rules! integers {
    ($($method:ident $visit:ident $type:ty, $below:expr, $above:expr;)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
            let number = self.parsed::<$type>(KeyKind::Integer { below: $below, above: $above })?;
            visitor.$visit(number)
        })+
    };
}

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Refusal;

    integers! {
        deserialize_i8 visit_i8 i8, 1 << 7, (1 << 7) - 1;
        deserialize_i16 visit_i16 i16, 1 << 15, (1 << 15) - 1;
        deserialize_i32 visit_i32 i32, 1 << 31, (1 << 31) - 1;
        deserialize_i64 visit_i64 i64, 1 << 63, (1 << 63) - 1;
        deserialize_i128 visit_i128 i128, 1 << 127, (1 << 127) - 1;
        deserialize_u8 visit_u8 u8, 0, (1 << 8) - 1;
        deserialize_u16 visit_u16 u16, 0, (1 << 16) - 1;
        deserialize_u32 visit_u32 u32, 0, (1 << 32) - 1;
        deserialize_u64 visit_u64 u64, 0, (1 << 64) - 1;
        deserialize_u128 visit_u128 u128, 0, u128::MAX;
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let flag = self.parsed(KeyKind::Bool)?;
        visitor.visit_bool(flag)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let letter = self.parsed(KeyKind::Char)?;
        visitor.visit_char(letter)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        (self.note)(KeyKind::Text);
        visitor.visit_str(self.text)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        (self.note)(KeyKind::Names(variants));
        let name: StrDeserializer<'_, Refusal> = self.text.into_deserializer();
        // Only the name: a key has no content, so only unit variants can be keys.
        visitor.visit_enum(NameOnly(name))
    }

    forward_to_deserialize_any! {
        f32 f64 str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct NameOnly<'a>(StrDeserializer<'a, Refusal>);

impl<'de, 'a> EnumAccess<'de> for NameOnly<'a> {
    type Error = Refusal;
    type Variant = <StrDeserializer<'a, Refusal> as EnumAccess<'de>>::Variant;

    fn variant_seed<S: serde::de::DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), Refusal> {
        self.0.variant_seed(seed)
    }
}
