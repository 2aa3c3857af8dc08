//! Elements and members, one by one.

use serde::de::{DeserializeSeed, MapAccess, SeqAccess};

use super::{
    DeserializeError,
    error::{Fault, Step},
    key::KeyDeserializer,
};
use crate::{Member, Node, Object};

type Result<T> = std::result::Result<T, DeserializeError>;

/// The elements of an array that have not been taken.
pub(super) struct Elements<'a, 't> {
    all: &'a [Node<'t>],
    taken: usize,
}

impl<'a, 't> Elements<'a, 't> {
    pub(super) fn new(all: &'a [Node<'t>]) -> Self {
        Self { all, taken: 0 }
    }

    /// Fails where the type has left elements untaken.
    pub(super) fn end(&self) -> Result<()> {
        match self.all.get(self.taken) {
            None => Ok(()),
            Some(leftover) => {
                let error = DeserializeError::new(Fault::Leftover {
                    expected: self.taken,
                });
                Err(error.at(leftover.span).below(Step::Index(self.taken)))
            }
        }
    }
}

impl<'t> SeqAccess<'t> for &mut Elements<'_, 't> {
    type Error = DeserializeError;

    fn next_element_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(element) = self.all.get(self.taken) else {
            return Ok(None);
        };
        let index = self.taken;
        self.taken += 1;
        match seed.deserialize(element) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error.at(element.span).below(Step::Index(index))),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.all.len().checked_sub(self.taken)
    }
}

/// The members of an object that have not been taken.
pub(super) struct Members<'a, 't> {
    rest: std::slice::Iter<'a, Member<'t>>,
    /// The member whose key was taken last.
    current: Option<&'a Member<'t>>,
    length: usize,
}

impl<'a, 't> Members<'a, 't> {
    pub(super) fn new(object: &'a Object<'t>) -> Self {
        Self {
            rest: object.iter(),
            current: None,
            length: object.len(),
        }
    }

    /// Fails where the type has left members untaken.
    pub(super) fn end(&self) -> Result<()> {
        match self.rest.as_slice().first() {
            None => Ok(()),
            Some(leftover) => {
                let expected = self.length.saturating_sub(self.rest.len());
                Err(at_key(
                    DeserializeError::new(Fault::Leftover { expected }),
                    leftover,
                ))
            }
        }
    }

    /// Gives an error of the whole object the place of the key that was taken last.
    #[cold]
    pub(super) fn at_last_key(&self, error: DeserializeError) -> DeserializeError {
        match self.current {
            Some(member) => at_key(error, member),
            None => error,
        }
    }
}

#[cold]
fn at_key(error: DeserializeError, member: &Member<'_>) -> DeserializeError {
    error
        .at(member.key_span)
        .below(Step::Key(member.key.as_ref().to_owned()))
}

impl<'t> MapAccess<'t> for &mut Members<'_, 't> {
    type Error = DeserializeError;

    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        self.current = self.rest.next();
        let Some(member) = self.current else {
            return Ok(None);
        };
        match seed.deserialize(KeyDeserializer::new(&member.key)) {
            Ok(key) => Ok(Some(key)),
            Err(error) => Err(at_key(error, member)),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Result<V::Value> {
        let Some(member) = self.current else {
            return Err(serde::de::Error::custom(
                "a value was asked for before its key",
            ));
        };
        seed.deserialize(&member.value).map_err(|error| {
            error
                .at(member.value.span)
                .below(Step::Key(member.key.as_ref().to_owned()))
        })
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}
