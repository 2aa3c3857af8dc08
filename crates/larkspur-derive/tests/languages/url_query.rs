//! The query of a URL: pairs of bytes, percent-encoded. The leaf is a type of its own that knows how.

use std::fmt;
use std::str::FromStr;

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{maybe, some};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("?{pairs}")]
pub(crate) struct Query {
    #[syntax(separator = "&", min = 1, max = 30)]
    pairs: Vec<Pair>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{key}{value}")]
pub(crate) struct Pair {
    #[syntax(pattern = "([A-Za-z0-9._~-]|%[0-9A-F]{2}){1,40}")]
    key: Bytes,
    #[syntax(some = "={}", pattern = "([A-Za-z0-9._~-]|%[0-9A-F]{2}){1,40}")]
    value: Option<Bytes>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bytes(Vec<u8>);

impl FromStr for Bytes {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut pieces = text.split('%');
        let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
        for piece in pieces {
            let (code, plain) = piece.split_at(2);
            bytes.push(u8::from_str_radix(code, 16)?);
            bytes.extend(plain.as_bytes());
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for &byte in &self.0 {
            if byte.is_ascii_alphanumeric() || b"._~-".contains(&byte) {
                write!(f, "{}", char::from(byte))?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

pub(crate) type Root = Query;

pub(crate) const ACCEPTED: &[&str] = &["?a=1&b=x%20y&flag", "?%C3%A9=~"];

pub(crate) const REFUSED: &[&str] = &["", "?", "a=1", "?a=", "?a=%2", "?a=%zz", "?a&&b", "?a=b=c"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let bytes = || some(any::<u8>(), 40).prop_map(Bytes);
    let pair = (bytes(), maybe(bytes())).prop_map(|(key, value)| Pair { key, value });
    some(pair, 5).prop_map(|pairs| Query { pairs })
}
