//! Null, booleans, numbers, strings.

use larkspur_schema::grammar::Options;
use serde_json::json;

use super::{check, check_with};

#[test]
fn types_are_told_apart() {
    check(
        &json!({"type": "null"}),
        &["null"],
        &["0", "\"null\"", "", "false"],
    );
    check(
        &json!({"type": "boolean"}),
        &["true", "false"],
        &["0", "null"],
    );
    check(
        &json!({"type": ["string", "null"]}),
        &["\"\"", "null"],
        &["1", "[]"],
    );
    check(
        &json!({"type": "number"}),
        &["0", "-0.5", "1e9", "1E-9"],
        &["01", ".5", "1.", "+1", "NaN"],
    );
    check(
        &json!({"type": "integer"}),
        &["0", "-12", "1.0", "1e16", "12345678901234567890123"],
        &["1.5", "1e-1", "01"],
    );
    check(
        &json!(true),
        &["1", "{\"a\": [null]}"],
        &["", "{a:1}", "[1,]"],
    );
    check(&json!(false), &[], &["1", "null", "{}", ""]);
}

#[test]
fn bounds_hold_digit_by_digit() {
    check(
        &json!({"type": "integer", "minimum": -15, "maximum": 217}),
        &[
            "-15", "-9", "-0", "0", "7", "99", "100", "209", "217", "217.0",
        ],
        &["-16", "-20", "218", "220", "1000", "217.5", "0217"],
    );
    check(
        &json!({"type": "integer", "minimum": i64::MIN, "maximum": u64::MAX}),
        &["-9223372036854775808", "18446744073709551615", "0"],
        &["-9223372036854775809", "18446744073709551616"],
    );
    check(
        &json!({"type": "integer", "exclusiveMinimum": 0}),
        &["1", "10", "99999999999999999999999", "1e20"],
        &["0", "-0", "-1", "0.0"],
    );
    check(
        &json!({"type": "number", "minimum": 0.25, "exclusiveMaximum": 10.5}),
        &[
            "0.25",
            "0.250",
            "0.3",
            "1",
            "9.99",
            "10",
            "10.49999",
            "2.5e-1",
            "1e1",
            "1.049e+01",
        ],
        &[
            "0.2", "0.2499", "10.5", "10.50", "11", "-1", "2.4e-1", "1.05e1", "1e2",
        ],
    );
    check(
        &json!({"type": "number", "exclusiveMinimum": -1.5, "maximum": -0.001}),
        &["-1.4999", "-1", "-0.001", "-1e-3", "-0.0010"],
        &["-1.5", "-0.0009", "0", "-0", "-1e-4", "1"],
    );
    check(
        &json!({"type": "number", "minimum": 1e40}),
        &["1e40", "2.5e+40", "1e300"],
        &["1e39", "9.9e39", "1"],
    );
    check(
        &json!({"type": "number", "minimum": 3, "maximum": 2}),
        &[],
        &["2", "2.5", "3"],
    );
    check(
        &json!({"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2}),
        &[],
        &["1", "2", "1.5"],
    );
}

#[test]
fn multiples_are_told_by_their_last_digits() {
    check(
        &json!({"type": "integer", "multipleOf": 25}),
        &["0", "25", "-50", "1075"],
        &["5", "26", "105"],
    );
    check(
        &json!({"type": "number", "multipleOf": 0.01}),
        &["0", "1.5", "1.25", "1.250", "-3"],
        &["1.255", "0.001"],
    );
    check(
        &json!({"type": "number", "multipleOf": 0.5, "minimum": 1, "maximum": 3}),
        &["1", "1.5", "2.50", "3"],
        &["0.5", "1.25", "3.5"],
    );
    check(
        &json!({"multipleOf": 1000}),
        &["1000", "\"text\"", "12000"],
        &["100", "1500"],
    );
    let sevenths = json!({"type": "integer", "multipleOf": 7});
    assert_eq!(
        check_with(&sevenths, &Options::default(), &["7", "8"], &["7.5"]),
        ["multipleOf"]
    );
}

#[test]
fn lengths_count_characters_however_they_are_written() {
    check(
        &json!({"type": "string", "minLength": 2, "maxLength": 3}),
        &[
            r#""ab""#,
            r#""äöü""#,
            r#""\n\"\\""#,
            r#""\u00e4b""#,
            r#""\ud83d\udc1da""#,
            "\"🐝🐝\"",
        ],
        &[
            r#""a""#,
            r#""abcd""#,
            r#""\ud83d\udc1d""#,
            "\"🐝\"",
            r#""\ud83d""#,
        ],
    );
}

#[test]
fn patterns_are_searched_for() {
    check(
        &json!({"pattern": "b+"}),
        &[r#""abc""#, r#""b""#, "12", "null"],
        &[r#""ac""#, r#""""#],
    );
    check(
        &json!({"type": "string", "pattern": "^a|z$"}),
        &[r#""ab""#, r#""yz""#],
        &[r#""bab""#, r#""zy""#],
    );
    check(
        &json!({"type": "string", "pattern": r"^\d{2}-\w$"}),
        &[r#""12-a""#],
        &[r#""12-ä""#, r#""١٢-a""#, r#""12-ab""#],
    );
    check(
        &json!({"type": "string", "pattern": r#"^[^"]/\\$"#}),
        &[r#""a/\\""#, r#""a\/\\""#, r#""\n/\\""#],
        &[r#""\"/\\""#, r#""a/""#],
    );
    check(
        &json!({"type": "string", "pattern": "^[a-z]*$", "minLength": 2, "maxLength": 4}),
        &[r#""ab""#, r#""abcd""#],
        &[r#""a""#, r#""abcde""#, r#""AB""#],
    );
    check(
        &json!({"type": "string", "pattern": "^é$"}),
        &["\"é\"", r#""\u00e9""#, r#""\u00E9""#],
        &["\"e\""],
    );
    check(
        &json!({"type": "string", "not": {"pattern": "^x"}}),
        &[r#""a""#, r#""""#],
        &[r#""x""#, r#""xa""#],
    );
    for pattern in [r"^(?=a)", r"(a)\1", r"\bword\b"] {
        let schema = json!({"type": "string", "pattern": pattern});
        assert_eq!(
            check_with(&schema, &Options::default(), &[r#""b""#], &["1"]),
            ["pattern"]
        );
    }
}

#[test]
fn formats_are_patterns() {
    let format = |name: &str| json!({"type": "string", "format": name});
    check(
        &format("date"),
        &[r#""2024-02-29""#, r#""1999-12-31""#],
        &[r#""2023-02-29""#, r#""2024-04-31""#, r#""24-01-01""#],
    );
    check(
        &format("uuid"),
        &[r#""01234567-89ab-cdef-0123-456789ABCDEF""#],
        &[r#""0123456789ab""#],
    );
    check(
        &format("ipv4"),
        &[r#""127.0.0.1""#],
        &[r#""256.0.0.1""#, r#""1.2.3""#, r#""01.2.3.4""#],
    );
    check(
        &format("ipv6"),
        &[
            r#""::""#,
            r#""1::2:3""#,
            r#""1:2:3:4:5:6:7:8""#,
            r#""::ffff:1.2.3.4""#,
        ],
        &[r#""1:2""#, r#""1::2::3""#, r#""1:2:3:4:5:6:7:8:9""#],
    );
    check(
        &format("uri"),
        &[
            r#""https://a.b/c?d=e#f""#,
            r#""urn:x:y""#,
            r#""http://[::1]:80/""#,
        ],
        &[r#""no scheme""#, r#""//a""#, r#""http://a b""#],
    );
    check(
        &format("duration"),
        &[r#""P1DT2H""#, r#""P3W""#],
        &[r#""P""#, r#""1D""#, r#""PT""#],
    );
    check(&format("int32"), &[r#""anything""#], &["1"]);
    let time = format("date-time");
    assert_eq!(
        check_with(
            &time,
            &Options::default(),
            &[r#""2024-02-29T23:59:60Z""#],
            &[r#""2024-02-30T00:00:00Z""#, r#""2024-02-29""#]
        ),
        ["format"]
    );
    let options = Options {
        formats: false,
        ..Options::default()
    };
    assert_eq!(check_with(&time, &options, &[r#""soon""#], &["1"]), [""; 0]);
}

#[test]
fn listed_values_are_those_that_fit() {
    check(
        &json!({"enum": ["a", 1, null, true]}),
        &["\"a\"", "1", "1.0", "null", "true"],
        &["\"b\"", "2", "false", "1.5"],
    );
    check(
        &json!({"enum": [1, 2.5, "x"], "type": "number", "minimum": 2}),
        &["2.5", "2.50"],
        &["1", "\"x\""],
    );
    check(
        &json!({"const": {"a": [1, {}], "b": "c"}}),
        &[r#"{"a": [1, {}], "b": "c"}"#, r#"{"b":"c","a":[1.0,{}]}"#],
        &[r#"{"a": [1, {}]}"#, r#"{"a": [1], "b": "c"}"#, "[]"],
    );
    check(
        &json!({"type": "string", "not": {"enum": ["a", "b"]}}),
        &["\"c\"", "\"\""],
        &["\"a\"", "\"b\"", "1"],
    );
    check(
        &json!({"type": "integer", "not": {"const": 5}}),
        &["4", "55"],
        &["5", "5.0"],
    );
    check(&json!({"const": []}), &["[]", "[ ]"], &["[[]]", "{}"]);
}
