//! Which value of a text is read, in which form, and what is refused.

#![cfg(feature = "validate")]
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "helpers of tests; hostile texts are timed"
)]

use larkspur_output::{Doubt, JsonReader, OutputType, Rejection, Target, json, json_schema};
use larkspur_schema::JsonSchema;
use serde_json::{Value, json as value};

fn reader(schema: &Value) -> JsonReader {
    JsonReader::new(schema).unwrap()
}

/// The text is read to this value, by repairs of these kinds.
#[track_caller]
fn check(schema: &Value, text: &str, expected: &Value, kinds: &[&str]) {
    check_in_doubt(Doubt::Reject, schema, text, expected, kinds);
}

#[track_caller]
fn check_in_doubt(doubt: Doubt, schema: &Value, text: &str, expected: &Value, kinds: &[&str]) {
    let reading = match reader(schema).read_in_doubt::<Value>(text, doubt) {
        Ok(reading) => reading,
        Err(rejection) => panic!("{text:?}: {rejection}"),
    };
    assert_eq!(reading.value, *expected, "{text:?}");
    let found: Vec<_> = reading
        .repairs
        .iter()
        .map(|repair| repair.kind.name())
        .collect();
    assert_eq!(found, kinds, "{text:?}");
}

#[track_caller]
fn refuses(schema: &Value, text: &str, message: &str) -> Rejection {
    let rejection = match reader(schema).read_lenient::<Value>(text) {
        Ok(reading) => panic!("{text:?} was read to {}", reading.value),
        Err(rejection) => rejection,
    };
    assert_eq!(rejection.message(), message, "{text:?}");
    rejection
}

fn person() -> Value {
    value!({
        "type": "object",
        "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
        "required": ["name"],
        "additionalProperties": false,
    })
}

#[test]
fn what_fits_is_left_alone() {
    let schema = value!({"type": "object", "properties": {"a": {"type": "string"}}});
    for text in [
        "{}",
        " {\"a\": \"```json\\n{}\\n```\"} ",
        "{\"a\": \"{'b': 1,}\"}",
    ] {
        check(&schema, text, &serde_json::from_str(text).unwrap(), &[]);
    }
}

#[test]
fn where_the_value_is() {
    let ann = value!({"name": "Ann"});
    let schema = person();
    check(
        &schema,
        "```json\n{\"name\": \"Ann\"}\n```",
        &ann,
        &["fence", "fence"],
    );
    check(
        &schema,
        "Here:\n\n```\n{name: 'Ann'}\n```\nDone.",
        &ann,
        &["prose", "bare-key", "other-quotes", "prose"],
    );
    check(
        &schema,
        "The person [1] is {\"name\": \"Ann\"}, as {said}.",
        &ann,
        &["prose", "prose"],
    );
    check(
        &schema,
        "<think>{\"name\": \"Bob\"}?</think>{\"name\": \"Ann\"}",
        &ann,
        &["prose"],
    );
    check(
        &schema,
        "{\"age\": 3} no: {\"name\": \"Ann\"}",
        &ann,
        &["prose"],
    );
    check(
        &schema,
        "{\"name\": \"Ann\"} and again {\"name\": \"Ann\"}",
        &ann,
        &["prose"],
    );
    check(
        &schema,
        "{\"name\": \"Bob\"}\n```json\n{\"name\": \"Ann\"}\n```",
        &ann,
        &["prose", "fence"],
    );
    check(
        &value!(true),
        "```\n(1, 2)\n```",
        &value!([1, 2]),
        &["fence", "tuple", "fence"],
    );
    check(
        &value!(true),
        "callback({\"a\": 1});",
        &value!({"a": 1}),
        &["call", "extra-comma"],
    );
    check(
        &schema,
        "```json\n{\"name\": \"Ann\"\n```\nThat is all.",
        &ann,
        &["fence", "missing-closer", "prose"],
    );
}

#[test]
fn the_first_of_several_is_taken_on_request_and_told() {
    let number = value!({"type": "number"});
    let color = value!({"enum": ["Dark", "Dark Green", "Red"]});
    let check = |schema: &Value, text: &str, expected: Value, kinds: &[&str]| {
        check_in_doubt(Doubt::TakeFirst, schema, text, &expected, kinds);
    };
    let ann = "{\"name\": \"Ann\"} or {\"name\": \"Bob\"}";
    check(
        &person(),
        ann,
        value!({"name": "Ann"}),
        &["prose", "choice"],
    );
    let fenced = format!("```json\n{{\"name\": \"Eve\"}}\n```\n{ann}");
    let alone = ["fence", "prose"];
    check(&person(), &fenced, value!({"name": "Eve"}), &alone);
    check(&color, "Red or Dark.", value!("Red"), &["choice"]);
    check(
        &color,
        "Dark green or red",
        value!("Dark Green"),
        &["choice"],
    );
    check(&number, "1/5", value!(0.2), &["choice"]);
    check(&number, " -7 / 4 ", value!(-1.75), &["choice"]);
    check(&number, "1,000", value!(1000), &["form"]);
    check(&value!({"type": "integer"}), "10/5", value!(2), &["choice"]);
    for (schema, text) in [
        (&number, "1/3"),
        (&number, "1/0"),
        (&number, "1/-5"),
        (&number, "1/5/5"),
        (&value!({"type": "integer"}), "1/5"),
        (&color, "Neither red nor dark"),
        // A list that lost its brackets: taking the first would lose the others.
        (&person(), "{\"name\": \"Ann\"}, {\"name\": \"Bob\"}"),
        (&value!(true), "[\"x, \"a\", y\"]"),
    ] {
        let read = reader(schema).read_in_doubt::<Value>(text, Doubt::TakeFirst);
        assert!(read.is_err(), "{text}: {read:?}");
    }
}

#[test]
fn two_values_are_an_error_and_not_a_guess() {
    let two = "{\"name\": \"Ann\"} or {\"name\": \"Bob\"}";
    let rejection = refuses(
        &person(),
        two,
        "two values of the text fit and differ: bytes 0..15 and bytes 19..34 (and 1 more)",
    );
    let spans: Vec<_> = rejection
        .violations()
        .iter()
        .filter_map(|violation| violation.span?.of(two))
        .collect();
    assert_eq!(spans, ["{\"name\": \"Ann\"}", "{\"name\": \"Bob\"}"]);
    refuses(
        &value!(true),
        "{}, {}",
        "two values of the text fit and differ: bytes 0..2 and bytes 4..6 (and 1 more)",
    );
    refuses(
        &value!(true),
        "{\"a\": 1} \"b\": 2}",
        "expected nothing after the value, found `\"`",
    );
    refuses(
        &value!(true),
        "{\"a\": 1, 'a': 2}",
        "the key `a` is there twice at /a",
    );
    refuses(
        &value!(true),
        "I cannot tell.",
        "expected a value, found `I`",
    );
    let list = value!({"type": "array", "items": person()});
    check(
        &list,
        two,
        &value!([{"name": "Ann"}, {"name": "Bob"}]),
        &["form"],
    );
}

#[test]
fn a_key_that_is_there_twice_with_one_value() {
    check(
        &value!(true),
        "{\"a\": [1], \"a\": [1]}",
        &value!({"a": [1]}),
        &["duplicate-key"],
    );
}

#[test]
fn the_form_that_the_schema_asks_for() {
    let schema = value!({
        "type": "object",
        "properties": {
            "n": {"type": "integer"}, "x": {"type": ["number", "null"]}, "b": {"type": "boolean"}, "s": {"type": "string"},
            "l": {"type": "array", "items": {"type": "string"}}, "o": {"type": "object"}, "e": {"enum": ["Red", "Green"]},
        },
    });
    let cases = [
        ("{\"n\": \"12\"}", value!({"n": 12})),
        ("{\"n\": \"1,200\"}", value!({"n": 1200})),
        ("{\"x\": \"null\"}", value!({"x": null})),
        ("{\"x\": \"-1.5\"}", value!({"x": -1.5})),
        ("{\"b\": \"True\"}", value!({"b": true})),
        ("{\"s\": 12}", value!({"s": "12"})),
        ("{\"l\": \"a\"}", value!({"l": ["a"]})),
        (
            "{\"l\": \"[\\\"a\\\", \\\"b\\\"]\"}",
            value!({"l": ["a", "b"]}),
        ),
        ("{\"o\": \"{\\\"a\\\": 1}\"}", value!({"o": {"a": 1}})),
        ("{\"e\": \"red.\"}", value!({"e": "Red"})),
        ("{\"n\": [3]}", value!({"n": 3})),
    ];
    for (text, expected) in cases {
        check(&schema, text, &expected, &["form"]);
    }
    refuses(
        &schema,
        "{\"n\": \"twelve\"}",
        "expected an integer, found the string \"twelve\" at /n",
    );
    refuses(
        &schema,
        "{\"n\": \"1.5\"}",
        "expected an integer, found the string \"1.5\" at /n",
    );
    refuses(
        &schema,
        "{\"b\": \"yes\"}",
        "expected a boolean, found the string \"yes\" at /b",
    );
    refuses(
        &schema,
        "{\"b\": 1}",
        "expected a boolean, found the number 1 at /b",
    );
    refuses(
        &schema,
        "{\"l\": \"[a, b]\"}",
        "expected an array, found the string \"[a, b]\" at /l",
    );
    refuses(
        &schema,
        "{\"e\": \"Blue\"}",
        "expected \"Red\" or \"Green\", found the string \"Blue\" at /e",
    );
    refuses(
        &person(),
        "{\"name\": \"Ann\", \"city\": \"Rome\",}",
        "unknown field `city`; known fields are `name` and `age` at /city",
    );
    refuses(&person(), "{\"age\": 3,}", "missing field `name`");
}

#[test]
fn texts_without_json() {
    let text = value!({"type": "string"});
    check(
        &text,
        "Dear {name}, …",
        &value!("Dear {name}, …"),
        &["form"],
    );
    check(&text, "[1, 2]", &value!("[1, 2]"), &["form"]);
    let color = value!({"enum": ["Red", "Dark Green"]});
    check(
        &color,
        "It is **dark green**!",
        &value!("Dark Green"),
        &["form"],
    );
    check(
        &value!({"type": "boolean"}),
        "True.\nIt does not matter.",
        &value!(true),
        &["form"],
    );
    check(
        &value!({"type": "integer"}),
        "12,111",
        &value!(12111),
        &["form"],
    );
    let colors = value!({"type": "array", "items": color});
    check(&colors, "I would say red.", &value!(["Red"]), &["form"]);
    refuses(
        &colors,
        "Red and dark green",
        "expected a value, found `Red`",
    );
    refuses(&color, "It is not red.", "expected a value, found `It`");
    refuses(&color, "Red or dark green", "expected a value, found `Red`");
    refuses(
        &value!({"type": "boolean"}),
        "true or false",
        "expected a value, found `true`",
    );
}

#[derive(Debug, PartialEq, serde::Deserialize, JsonSchema)]
#[schemars(crate = "larkspur_schema::schemars")]
struct Invoice {
    vendor: String,
    total: Option<u32>,
    tags: std::collections::BTreeMap<String, String>,
}

#[test]
fn a_lowered_type_is_read_in_one_line() {
    let output = json::<Invoice>().prepare(Target::openai()).unwrap();
    let text = "Sure!\n```json\n{\"vendor\": \"ACME\", \"total\": null, \"tags\": [{\"key\": \"a\", \"value\": \"b\"},]}\n```";
    let reading = output.read_lenient(text).unwrap();
    assert_eq!(reading.value.vendor, "ACME");
    assert_eq!(reading.value.tags["a"], "b");
    assert!(!reading.is_exact() && !reading.truncated);
    assert!(output.read(text).is_err());
    // Renamed and continued outputs keep their lenient reader.
    let output = json::<Invoice>()
        .name("x")
        .prepare(Target::openai())
        .unwrap()
        .and_then(|_, invoice| Ok(invoice.vendor));
    assert_eq!(output.read_lenient(text).unwrap().value, "ACME");
}

#[test]
fn a_text_that_is_cut_off_says_so() {
    let output = json_schema("list", value!({"type": "array"}))
        .lossless()
        .prepare(Target::plain())
        .unwrap();
    let reading = output.read_lenient("[1, 2, {\"a\": \"b").unwrap();
    assert_eq!(reading.value.to_string(), "[1,2,{\"a\":\"b\"}]");
    assert!(reading.truncated);
    assert!(!output.read_lenient("[1, 2,]").unwrap().truncated);
    let rejection = reader(&person())
        .read_lenient::<Value>("{\"age\": 1, \"na")
        .unwrap_err();
    assert!(rejection.is_truncated());
}

#[test]
fn hostile_texts() {
    let list = value!({"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]}});
    let texts = [
        "[".repeat(100_000),
        "{\"a\":\"x\" y ".repeat(20_000),
        "[1] [2] ".repeat(50_000),
        "```".repeat(100_000),
        "{a".repeat(100_000),
        "{\\\"".repeat(100_000),
        "\"a\": {} ".repeat(20_000),
        format!("<think>{}", "{}".repeat(10_000)),
    ];
    for text in &texts {
        let start = std::time::Instant::now();
        let result = reader(&list).read_lenient::<Value>(text);
        assert!(
            start.elapsed().as_secs() < 20,
            "{:?}… took {:?}",
            &text[..8],
            start.elapsed()
        );
        assert!(result.is_err(), "{:?}…", &text[..8]);
    }
}
