//! Formats that no standard knows, said in standard keywords.

use serde_json::{Map, Value, json};

/// A day of the proleptic Gregorian calendar with a four-digit year, leap years included.
const DATE: &str = "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|\
    02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
/// Second 60 is a leap second, which chrono reads at any minute.
const TIME: &str = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]{1,9})?";

pub(super) fn correct(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    let Some(format) = object.get("format").and_then(Value::as_str) else {
        return;
    };
    match format {
        // `std::net::IpAddr`
        "ip" => either_address(object),
        // `chrono::NaiveTime` and `NaiveDateTime`: RFC 3339 without an offset, for which there is no format.
        "partial-time" => pattern(object, &format!("^{TIME}$")),
        "partial-date-time" => pattern(object, &format!("^{DATE}T{TIME}$")),
        _ => {}
    }
}

fn either_address(object: &mut Map<String, Value>) {
    object.shift_remove("format");
    let accepts_null = object.get("type").is_some_and(|ty| {
        ty.as_array()
            .is_some_and(|types| types.contains(&json!("null")))
    });
    let mut branches = vec![
        json!({"type": "string", "format": "ipv4"}),
        json!({"type": "string", "format": "ipv6"}),
    ];
    if accepts_null {
        branches.push(json!({"type": "null"}));
    }
    object.shift_remove("type");
    object.insert("anyOf".to_owned(), branches.into());
}

fn pattern(object: &mut Map<String, Value>, pattern: &str) {
    object.shift_remove("format");
    object.entry("pattern").or_insert_with(|| pattern.into());
}
