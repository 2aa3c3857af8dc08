//! Texts made to hurt: each is refused or read in time that is linear in its length, and told in bounded words.

#![cfg(feature = "validate")]
#![expect(clippy::expect_used, reason = "helpers of tests")]

use larkspur_output::{JsonReader, Rejection};
use serde_json::{Value, json};

fn reader(schema: &Value) -> JsonReader {
    JsonReader::new(schema).expect("a valid schema")
}

/// Refused; and everything that is told of it is short and holds no control characters but line breaks.
#[track_caller]
fn refused(schema: &Value, text: &str) -> Rejection {
    let rejection = reader(schema).read::<Value>(text).expect_err("a rejection");
    for told in [
        rejection.to_string(),
        rejection.reask(),
        rejection.message(),
        rejection.masked().to_string(),
    ] {
        assert!(told.len() < 10_000, "{} bytes are told", told.len());
        assert!(
            told.chars()
                .all(|character| character == '\n' || !character.is_control()),
            "{told:?}"
        );
    }
    rejection
}

/// A recursive schema whose branches share a recursive field: trying all of them takes 2^depth steps.
fn expression() -> Value {
    let binary = |op: &str| {
        json!({
            "type": "object",
            "properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}, "op": {"const": op}},
            "required": ["op", "left", "right"]
        })
    };
    json!({"anyOf": [{"type": "integer"}, binary("and"), binary("or"), binary("xor")]})
}

#[test]
fn deep_nesting() {
    let anything = json!(true);
    for opener in ["[", "{\"a\":", "[[{\"b\":"] {
        let rejection = refused(&anything, &opener.repeat(100_000));
        assert_eq!(
            rejection.message(),
            "arrays and objects are nested deeper than the limit of 128"
        );
        assert!(!rejection.is_truncated());
    }
}

#[test]
fn limits_of_ones_own() {
    let limited = reader(&json!(true)).limits(larkspur_json::Limits::new().max_bytes(8));
    assert!(limited.read::<Value>("\"123456\"").is_ok());
    let rejection = limited.read::<Value>("\"1234567\"").expect_err("too long");
    assert_eq!(rejection.message(), "the text has 9 bytes; the limit is 8");
}

#[test]
fn the_deepest_text_that_is_read_fits_on_a_small_stack() {
    let test = || {
        let recursive = json!({"anyOf": [{"type": "array", "items": {"$ref": "#"}}, {"enum": [1]}, {"type": "null"}]});
        let text = |middle: &str| format!("{}{middle}{}", "[".repeat(128), "]".repeat(128));
        assert!(reader(&recursive).read::<Value>(&text("1")).is_ok());
        let rejection = refused(&recursive, &text("2"));
        let pointer = rejection.violations()[0].pointer.clone().expect("a place");
        assert_eq!(pointer.tokens().count(), 128);
    };
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(test)
        .expect("a thread")
        .join()
        .expect("no overflow");
}

#[test]
fn exponentially_many_reasons() {
    for depth in [5, 20, 60] {
        let text = format!(
            "{}\"x\"{}",
            r#"{"op": "and", "right": 1, "left": "#.repeat(depth),
            "}".repeat(depth)
        );
        let rejection = refused(&expression(), &text);
        let violation = &rejection.violations()[0];
        assert!(
            violation.span.is_some() && violation.pointer.is_some(),
            "{violation:?}"
        );
    }
    let valid = format!(
        "{}1{}",
        r#"{"op": "xor", "right": 1, "left": "#.repeat(60),
        "}".repeat(60)
    );
    assert!(reader(&expression()).read::<Value>(&valid).is_ok());
}

#[test]
fn ten_megabytes() {
    let numbers = json!({"type": "array", "items": {"type": "integer"}});
    let valid = format!("[{}0]", "1234567,".repeat(1_250_000));
    assert_eq!(
        reader(&numbers)
            .read_node(&valid)
            .expect("valid")
            .as_array()
            .map(<[_]>::len),
        Some(1_250_001)
    );
    let one_wrong = format!("[{}null]", "1234567,".repeat(1_250_000));
    assert_eq!(refused(&numbers, &one_wrong).violations().len(), 1);
    let all_wrong = format!("[{}null]", "\"1234567\",".repeat(1_000_000));
    let rejection = refused(&numbers, &all_wrong);
    assert_eq!(rejection.violations().len(), Rejection::MOST);
    assert!(rejection.omitted() > 0);
    let long = format!("[\"{}\"]", "\u{1F600}".repeat(2_500_000));
    assert_eq!(refused(&numbers, &long).violations().len(), 1);
    let open = format!("[\"{}", "\\n".repeat(1_000_000));
    assert!(refused(&numbers, &open).is_truncated());
}

#[test]
fn long_keys_above_many_errors() {
    let map = json!({"additionalProperties": {"type": "array", "items": {"type": "integer"}}});
    let text = format!(
        "{{\"{}\": [{}null]}}",
        "k".repeat(1_000_000),
        "null,".repeat(100_000)
    );
    assert!(!refused(&map, &text).violations().is_empty());
}

#[test]
fn many_keys_against_many_properties() {
    let properties: serde_json::Map<_, _> = (0..2_000)
        .map(|place| (format!("p{place}"), json!({"type": "integer"})))
        .collect();
    let required: Vec<_> = properties.keys().cloned().collect();
    let schema =
        json!({"properties": properties, "required": required, "additionalProperties": false});
    let members: Vec<_> = (0..200_000)
        .map(|place| format!("\"q{place}\":1"))
        .collect();
    let rejection = refused(&schema, &format!("{{{}}}", members.join(",")));
    assert_eq!(rejection.violations().len(), Rejection::MOST);
}

#[test]
fn repeated_keys_and_elements() {
    let unique = json!({"uniqueItems": true});
    let distinct: Vec<_> = (0..100_000)
        .map(|place| format!("{{\"a\":{place}}}"))
        .collect();
    assert!(
        reader(&unique)
            .read_node(&format!("[{}]", distinct.join(",")))
            .is_ok()
    );
    let same = format!("[{}[]]", "[[]],".repeat(200_000));
    assert_eq!(refused(&unique, &same).violations().len(), 1);
    let keys = format!("{{{}\"a\":1}}", "\"a\":1,".repeat(200_000));
    assert_eq!(refused(&json!(true), &keys).violations().len(), 100);
}

#[test]
fn patterns_that_backtrack() {
    let linear = json!({"pattern": "^(a+)+$"});
    refused(&linear, &format!("\"{}b\"", "a".repeat(100_000)));
    // Look-ahead needs the backtracking engine, which gives up after a bounded number of steps.
    let look_ahead = json!({"pattern": "^(?=(a+)+$)a+$"});
    assert!(reader(&look_ahead).read_node("\"aaa\"").is_ok());
    refused(&look_ahead, &format!("\"{}b\"", "a".repeat(50_000)));
}

#[test]
fn numbers_of_any_size() {
    let bounded = json!({"type": "integer", "minimum": 0, "maximum": 100, "multipleOf": 3});
    for number in [
        "1e400",
        "-1e400",
        "1e99999999999999999999",
        &"9".repeat(100_000),
        &format!("0.{}1", "0".repeat(100_000)),
    ] {
        refused(&bounded, number);
    }
    let unbounded = json!({"type": "number"});
    let node = reader(&unbounded).read_node("1e400").expect("a number");
    assert_eq!(node.to_string(), "1e400");
    assert_eq!(
        refused(&unbounded, "1e400").violations()[0].message,
        "number out of range"
    );
}

#[test]
fn characters_that_hide_or_move() {
    let schema = json!({"additionalProperties": {"type": "integer"}, "maxProperties": 1});
    refused(
        &schema,
        "{\"\u{202e}\u{200b}key\u{7}\": \"\u{feff}\u{9b}31m\", \"b\": \"\u{1F600}\u{e0041}\"}",
    );
    for text in [
        "\0",
        "\"\u{1b}[2J\"",
        "{\"a\": \r\n\u{b}1}",
        "\u{feff}{}",
        "\u{2028}",
        "[\"\u{85}\",]",
    ] {
        refused(&schema, text);
    }
}

#[test]
fn schemas_that_cannot_be_used() {
    let cases = [
        (
            json!({"type": "strin"}),
            "\"strin\" is not valid under any of the schemas listed in the 'anyOf' keyword",
        ),
        (
            json!({"$ref": "https://example.com/schema.json"}),
            "https://example.com/schema.json",
        ),
        (json!({"$ref": "#/$defs/Missing"}), "/$defs/Missing"),
        (json!({"pattern": "("}), "regex"),
        (json!(7), "7"),
    ];
    for (schema, part) in cases {
        let error = JsonReader::new(&schema)
            .err()
            .expect("an error")
            .to_string();
        assert!(error.contains(part), "{error}");
    }
}
