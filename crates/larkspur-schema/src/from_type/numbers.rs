//! Exact ranges of the native number types.
//!
//! `schemars` gives `i32`, `i64`, `u32` and `u64` a non-standard `format` instead of bounds, so a number that is valid under
//! its schema can fail to deserialize. Here the bounds are those of the type and the non-standard formats go.
//!
//! `f64` holds every number that JSON text can bring; `f32` does not, and what is too large for it would be read as infinity.

use serde_json::{Map, Number, Value};

pub(super) fn correct(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    let Some(format) = object.get("format").and_then(Value::as_str) else {
        return;
    };
    if format == "double" && has_type(object, "number") {
        object.shift_remove("format");
        return;
    }
    let wanted = if format == "float" {
        "number"
    } else {
        "integer"
    };
    let Some(range) = Range::named(format).filter(|_| has_type(object, wanted)) else {
        return;
    };
    object.shift_remove("format");
    for (keyword, bound, is_lower) in range.bounds() {
        tighten(object, keyword, bound, is_lower);
    }
}

fn has_type(object: &Map<String, Value>, wanted: &str) -> bool {
    match object.get("type") {
        Some(Value::String(name)) => name == wanted,
        Some(Value::Array(names)) => names.iter().any(|name| name == wanted),
        _ => false,
    }
}

/// The range of a number type, by the `format` that `schemars` writes.
enum Range {
    Signed(i64, i64),
    Unsigned(u64),
    /// `i128`: both ends are powers of two, so a float says them exactly.
    Signed128,
    Unsigned128,
    /// `f32`: what rounds to a finite number, that is, stays half a step below `2^128`.
    Single,
}

impl Range {
    fn named(format: &str) -> Option<Self> {
        Some(match format {
            "int8" => Self::Signed(i8::MIN.into(), i8::MAX.into()),
            "int16" => Self::Signed(i16::MIN.into(), i16::MAX.into()),
            "int32" => Self::Signed(i32::MIN.into(), i32::MAX.into()),
            // `isize` and `usize` are taken as 64 bits wide, so that a schema does not depend on the machine that prints it.
            "int64" | "int" => Self::Signed(i64::MIN, i64::MAX),
            "int128" => Self::Signed128,
            "uint8" => Self::Unsigned(u8::MAX.into()),
            "uint16" => Self::Unsigned(u16::MAX.into()),
            "uint32" => Self::Unsigned(u32::MAX.into()),
            "uint64" | "uint" => Self::Unsigned(u64::MAX),
            "uint128" => Self::Unsigned128,
            "float" => Self::Single,
            _ => return None,
        })
    }

    /// Keyword, bound, and whether it is a lower one.
    fn bounds(&self) -> [(&'static str, Number, bool); 2] {
        let float = |bound: f64| Number::from_f64(bound).unwrap_or_else(|| 0.into());
        match *self {
            Self::Signed(low, high) => [
                ("minimum", low.into(), true),
                ("maximum", high.into(), false),
            ],
            Self::Unsigned(high) => [("minimum", 0.into(), true), ("maximum", high.into(), false)],
            Self::Signed128 => [
                ("minimum", float(-(2_f64.powi(127))), true),
                ("exclusiveMaximum", float(2_f64.powi(127)), false),
            ],
            Self::Unsigned128 => [
                ("minimum", 0.into(), true),
                ("exclusiveMaximum", float(2_f64.powi(128)), false),
            ],
            Self::Single => {
                let end = 2_f64.powi(128) - 2_f64.powi(103);
                [
                    ("exclusiveMinimum", float(-end), true),
                    ("exclusiveMaximum", float(end), false),
                ]
            }
        }
    }
}

/// Sets the bound unless the user's own is at least as tight.
fn tighten(object: &mut Map<String, Value>, keyword: &str, bound: Number, is_lower: bool) {
    let keywords = if is_lower {
        ["minimum", "exclusiveMinimum"]
    } else {
        ["maximum", "exclusiveMaximum"]
    };
    let own = keywords
        .iter()
        .filter_map(|keyword| object.get(*keyword)?.as_f64());
    let is_as_tight = |own: f64| {
        bound
            .as_f64()
            .is_some_and(|bound| if is_lower { own >= bound } else { own <= bound })
    };
    if !own.into_iter().any(is_as_tight) {
        object.insert(keyword.to_owned(), Value::Number(bound));
    }
}
