//! Integer keys of maps, as `serde_json` reads them.
//!
//! `schemars` writes `^\d+$` and `^-?\d+$`. In ECMA-262 that takes `007`, which serde refuses: a key must be an integer as JSON
//! writes it, so no leading zero and no `-0`. The width of the integer type is not in the schema any more; a key that is too large
//! for it is found when the value is deserialized.

use serde_json::Value;

const CORRECTED: [(&str, &str); 2] = [
    (r"^\d+$", "^(0|[1-9][0-9]*)$"),
    (r"^-?\d+$", "^(0|-?[1-9][0-9]*)$"),
];

pub(super) fn correct(schema: &mut Value) {
    let Some(Value::Object(patterns)) = schema.get_mut("patternProperties") else {
        return;
    };
    for (wrong, right) in CORRECTED {
        if let Some(values) = patterns.shift_remove(wrong) {
            patterns.insert(right.to_owned(), values);
        }
    }
}
