//! JSON Pointer, RFC 6901.

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A path from the root of a JSON text to one of its values, as RFC 6901 writes it.
///
/// The root is the empty text; each step is a `/` and a key or an index, with `~` written `~0` and `/` written `~1`.
///
/// ```
/// use larkspur_json::Pointer;
///
/// let pointer = Pointer::root().child("items").child(3).child("a/b");
/// assert_eq!(pointer.to_string(), "/items/3/a~1b");
/// assert_eq!(pointer.tokens().collect::<Vec<_>>(), ["items", "3", "a/b"]);
/// assert_eq!("/items/3/a~1b".parse(), Ok(pointer));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

/// One step of a [`Pointer`]: the key of a member or the index of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// The key of an object's member, unescaped.
    Key(&'a str),
    /// The index of an array's element, from 0.
    Index(usize),
}

impl<'a> From<&'a str> for Token<'a> {
    fn from(key: &'a str) -> Self {
        Self::Key(key)
    }
}

impl<'a> From<&'a String> for Token<'a> {
    fn from(key: &'a String) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Token<'_> {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl Pointer {
    /// The pointer to the whole text.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// Whether this points to the whole text.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The pointer as RFC 6901 writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Steps down to the member with this key.
    pub fn push_key(&mut self, key: &str) {
        self.0.push('/');
        for character in key.chars() {
            match character {
                '~' => self.0.push_str("~0"),
                '/' => self.0.push_str("~1"),
                other => self.0.push(other),
            }
        }
    }

    /// Steps down to the element with this index.
    pub fn push_index(&mut self, index: usize) {
        self.0.push('/');
        self.0.push_str(&index.to_string());
    }

    /// Steps down by a key or an index.
    pub fn push<'a>(&mut self, token: impl Into<Token<'a>>) {
        match token.into() {
            Token::Key(key) => self.push_key(key),
            Token::Index(index) => self.push_index(index),
        }
    }

    /// Steps up; the root stays the root. Says whether there was a step to take back.
    pub fn pop(&mut self) -> bool {
        match self.0.rfind('/') {
            Some(slash) => {
                self.0.truncate(slash);
                true
            }
            None => false,
        }
    }

    /// The pointer one step below this one.
    pub fn child<'a>(&self, token: impl Into<Token<'a>>) -> Self {
        let mut child = self.clone();
        child.push(token);
        child
    }

    /// The pointer one step above this one; the root has none.
    pub fn parent(&self) -> Option<Self> {
        let slash = self.0.rfind('/')?;
        self.0.get(..slash).map(|parent| Self(parent.to_owned()))
    }

    /// This pointer followed by the steps of `below`.
    pub fn join(&self, below: &Self) -> Self {
        Self(format!("{}{}", self.0, below.0))
    }

    /// Whether `other` is this pointer or lies below it.
    pub fn contains(&self, other: &Self) -> bool {
        other
            .0
            .strip_prefix(&self.0)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The steps from the root, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.split('/').skip(1).map(unescape)
    }

    /// The last step, unescaped; the root has none.
    pub fn last(&self) -> Option<Cow<'_, str>> {
        self.0.rsplit_once('/').map(|(_, token)| unescape(token))
    }
}

/// `~1` and `~0` back to `/` and `~`, in this order, as section 4 of the RFC demands.
fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// The array index that a token says: decimal digits without leading zeros.
pub(crate) fn index_of(token: &str) -> Option<usize> {
    let canonical = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|_| canonical)
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Pointer {
    type Err = InvalidPointer;

    /// # Errors
    /// Where the text neither is empty nor begins with `/`, or a `~` is followed by something other than `0` or `1`.
    fn from_str(text: &str) -> Result<Self, InvalidPointer> {
        if !text.is_empty() && !text.starts_with('/') {
            return Err(InvalidPointer { offset: 0 });
        }
        let bad_tilde = text
            .match_indices('~')
            .find(|(at, _)| !matches!(text.as_bytes().get(at + 1), Some(b'0' | b'1')));
        match bad_tilde {
            Some((offset, _)) => Err(InvalidPointer { offset }),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl Serialize for Pointer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Pointer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A text is not a JSON Pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPointer {
    offset: usize,
}

impl InvalidPointer {
    /// Offset of the byte that is wrong.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for InvalidPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.offset == 0 {
            f.write_str("a JSON Pointer is empty or begins with `/`")
        } else {
            write!(
                f,
                "byte {} of the JSON Pointer: write `~` as `~0` and `/` as `~1`",
                self.offset
            )
        }
    }
}

impl std::error::Error for InvalidPointer {}
