//! Enum variants written as an object with one member.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor};

use super::{DeserializeError, error::Step, key::KeyDeserializer};
use crate::{Member, Object};

type Result<T> = std::result::Result<T, DeserializeError>;

/// The member that names a variant and holds its content.
#[derive(Clone, Copy)]
pub(super) struct VariantMember<'a, 't>(&'a Member<'t>);

impl<'a, 't> VariantMember<'a, 't> {
    /// The only member of an object.
    pub(super) fn of(object: &'a Object<'t>) -> Option<Self> {
        let mut members = object.iter();
        match (members.next(), members.next()) {
            (Some(only), None) => Some(Self(only)),
            _ => None,
        }
    }

    fn within(self, error: DeserializeError) -> DeserializeError {
        error
            .at(self.0.value.span)
            .below(Step::Key(self.0.key.as_ref().to_owned()))
    }
}

impl<'t> EnumAccess<'t> for VariantMember<'_, 't> {
    type Error = DeserializeError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'t>>(self, seed: V) -> Result<(V::Value, Self)> {
        match seed.deserialize(KeyDeserializer::new(&self.0.key)) {
            Ok(variant) => Ok((variant, self)),
            Err(error) => Err(error
                .at(self.0.key_span)
                .below(Step::Key(self.0.key.as_ref().to_owned()))),
        }
    }
}

impl<'t> VariantAccess<'t> for VariantMember<'_, 't> {
    type Error = DeserializeError;

    fn unit_variant(self) -> Result<()> {
        self.0
            .value
            .deserialize()
            .map_err(|error| self.within(error))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'t>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(&self.0.value)
            .map_err(|error| self.within(error))
    }

    fn tuple_variant<V: Visitor<'t>>(self, _length: usize, visitor: V) -> Result<V::Value> {
        self.0
            .value
            .deserialize_seq(visitor)
            .map_err(|error| self.within(error))
    }

    fn struct_variant<V: Visitor<'t>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.0
            .value
            .deserialize_struct("", fields, visitor)
            .map_err(|error| self.within(error))
    }
}
