//! Numbers, text and the values of one kind.

use std::borrow::Cow;
use std::num::{
    NonZeroI16, NonZeroI64, NonZeroI128, NonZeroU8, NonZeroU32, NonZeroU64, NonZeroUsize, Wrapping,
};

use larkspur_schema::JsonSchema;
use serde::Deserialize;

/// Every integer type beside each other.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Integers {
    pub a: i8,
    pub b: i16,
    pub c: i32,
    pub d: i64,
    pub e: isize,
    pub f: u8,
    pub g: u16,
    pub h: u32,
    pub i: u64,
    pub j: usize,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct NonZeros {
    pub a: NonZeroU8,
    pub b: NonZeroI16,
    pub c: NonZeroU32,
    pub d: NonZeroI64,
    pub e: NonZeroU64,
    pub f: NonZeroUsize,
    pub g: Option<NonZeroU8>,
    pub h: Option<NonZeroI128>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wide {
    pub signed: i128,
    pub unsigned: u128,
    pub maybe: Option<u128>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Floats {
    pub narrow: f32,
    pub wide: f64,
    pub maybe: Option<f32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Texts {
    pub owned: String,
    pub shared: Cow<'static, str>,
    pub boxed: Box<str>,
    pub letter: char,
    pub path: std::path::PathBuf,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Unit;

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Meters(pub f64);

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Pair(pub u8, pub String);

#[derive(Debug, Deserialize, JsonSchema)]
pub struct Bounded {
    #[schemars(range(min = 1, max = 9))]
    pub digit: u8,
    #[schemars(length(min = 2, max = 4))]
    pub code: String,
    #[schemars(regex(pattern = "^[A-Z]{3}$"))]
    pub currency: String,
}

super::table! {
    "bool" => bool: true, false;
    "i8" => i8: (-128), 0, 127;
    "u8" => u8: 0, 255;
    "i64" => i64: (i64::MIN), 0, (i64::MAX);
    "u64" => u64: 0, (u64::MAX);
    "i128" => i128: (i64::MIN), 0, (u64::MAX);
    "u128" => u128: 0, (u64::MAX);
    "f32" => f32: 0.5, (-1), 3.4e38;
    "f64" => f64: 0.1, 7, (f64::MAX), (f64::MIN_POSITIVE);
    "char" => char: "x", "é", "🦀";
    "String" => String: "", "text", "e\u{301}";
    "unit" => (): null;
    "Unit" => Unit: null;
    "Meters" => Meters: 1.5, 2;
    "Pair" => Pair: [1, "one"];
    "Wrapping" => Wrapping<u16>: 65535;
    "Integers" => Integers: {"a": -128, "b": 0, "c": 1, "d": 2, "e": -3, "f": 255, "g": 65535, "h": 1, "i": 2, "j": 3};
    "NonZeros" => NonZeros: {"a": 1, "b": -1, "c": 1, "d": -1, "e": 1, "f": 1}, {"a": 255, "b": 1, "c": 9, "d": 9, "e": 9, "f": 9, "g": null, "h": -5};
    "Wide" => Wide: {"signed": -1, "unsigned": 1, "maybe": null}, {"signed": 5, "unsigned": 0};
    "Floats" => Floats: {"narrow": 1.5, "wide": 1e300, "maybe": 2};
    "Texts" => Texts: {"owned": "a", "shared": "b", "boxed": "c", "letter": "d", "path": "/tmp/e"};
    "Bounded" => Bounded: {"digit": 9, "code": "ab", "currency": "EUR"};
}
