//! What is JSON and what is not; how the refusals read.

#![expect(clippy::panic, clippy::expect_used, reason = "helpers of tests")]

use larkspur_json::{Error, Limits, Node, parse, parse_with};

#[track_caller]
fn accepts(text: &str) -> Node<'_> {
    let node = parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    assert!(
        serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok(),
        "the oracle refuses {text:?}"
    );
    node
}

/// The text is no JSON; the message, and the text that its span covers, are these.
#[track_caller]
fn refuses(text: &str, message: &str, covered: &str) -> Error {
    let error = parse(text).expect_err(text);
    assert_eq!(error.message(), message, "{text:?}");
    assert_eq!(error.span().of(text), Some(covered), "{text:?}");
    error
}

#[track_caller]
fn hints(text: &str, hint: &str) {
    assert_eq!(parse(text).expect_err(text).hint(), Some(hint), "{text:?}");
}

#[test]
fn values_of_every_kind() {
    let cases = [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-1",
        "10",
        "1.5",
        "-0.0",
        "1e2",
        "1E+2",
        "1e-2",
        "0e0",
        "123456789012345678901234567890",
        r#""""#,
        r#""a""#,
        "[]",
        "{}",
        "[[]]",
        "[1,2]",
        r#"{"":0}"#,
        r#"{"a":{"b":[null]}}"#,
        r#""\u0000""#,
        "\"\u{7f}é€😀\"",
    ];
    for case in cases {
        assert_eq!(accepts(case).to_string(), case);
    }
}

#[test]
fn whitespace_is_the_four_of_the_standard() {
    assert_eq!(accepts(" \t\r\n[ 1 ,\n2 ] ").to_string(), "[1,2]");
    assert_eq!(
        accepts("{ \"a\" : 1 , \"b\" : { } }\n").to_string(),
        r#"{"a":1,"b":{}}"#
    );
    refuses("\u{a0}1", "expected a value, found `\\u{a0}`", "\u{a0}");
    refuses("[1,\u{c}2]", "expected a value, found `\\u{c}`", "\u{c}");
}

#[test]
fn escapes_mean_what_the_standard_says() {
    let cases = [
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r#""\u0041\u00e9\u20AC""#, "Aé€"),
        (r#""\ud83d\ude00""#, "😀"),
        (r#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
        (
            r#""plain until here: \t and then on""#,
            "plain until here: \t and then on",
        ),
        (r#""\u005C\u0022""#, "\\\""),
    ];
    for (text, value) in cases {
        assert_eq!(accepts(text).as_str(), Some(value), "{text}");
    }
}

#[test]
fn spans_cover_the_source() {
    let text = " {\"a\" : [ 10 , \"\\n\" ] , \"é\": {} } ";
    let node = accepts(text);
    let cases = [
        ("", text.trim()),
        ("/a", "[ 10 , \"\\n\" ]"),
        ("/a/0", "10"),
        ("/a/1", "\"\\n\""),
        ("/é", "{}"),
    ];
    for (pointer, covered) in cases {
        let pointer = pointer.parse().unwrap();
        assert_eq!(
            node.span_at(&pointer).and_then(|span| span.of(text)),
            Some(covered),
            "{pointer}"
        );
    }
    let member = node.member_at(&"/é".parse().unwrap()).unwrap();
    assert_eq!(member.key_span.of(text), Some("\"é\""));
}

#[test]
fn refusals_name_what_was_expected_and_found() {
    refuses("[1 2]", "expected `,` or `]`, found `2`", "2");
    refuses("[,1]", "expected a value or `]`, found `,`", ",");
    refuses(
        "{1:2}",
        "expected a key in double quotes or `}`, found `1`",
        "1",
    );
    refuses(r#"{"a" 1}"#, "expected `:`, found `1`", "1");
    refuses(r#"{"a":1 "b":2}"#, "expected `,` or `}`, found `\"`", "\"");
    refuses(r#"{"a":}"#, "expected a value, found `}`", "}");
    refuses("1 2", "expected nothing after the value, found `2`", "2");
    refuses("nul1", "expected a value, found `nul1`", "n");
    refuses("-a", "expected a digit, found `a`", "a");
    refuses("1.e5", "expected a digit, found `e5`", "e");
    refuses("1e+", "the text ends inside a number", "");
    refuses(
        "[01]",
        "a number may not begin with `0` and another digit",
        "0",
    );
    refuses(
        "[-012]",
        "a number may not begin with `0` and another digit",
        "0",
    );
    refuses("\"a\nb\"", "control character U+000A in a string", "\n");
    refuses("\"a\0b\"", "control character U+0000 in a string", "\0");
    refuses(r#""\x41""#, "there is no escape `\\x`", r"\x");
    refuses(r#""\u12g4""#, "there is no escape `\\u12g`", r"\u12g");
    refuses(r#""\ué""#, "there is no escape `\\ué`", r"\ué");
    refuses(
        "\u{feff}1",
        "the text begins with a byte order mark",
        "\u{feff}",
    );
    refuses(
        "[\u{1b}]",
        "expected a value or `]`, found `\\u{1b}`",
        "\u{1b}",
    );
}

#[test]
fn lone_surrogates_are_refused() {
    for text in [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800x""#,
        r#""\ud800\n""#,
        r#""\ud800\u0041""#,
        r#""\ud800\ud800""#,
    ] {
        let escape = text.get(1..7).unwrap();
        let error = refuses(
            text,
            &format!("`{escape}` is half of a surrogate pair"),
            escape,
        );
        assert!(
            error
                .hint()
                .is_some_and(|hint| hint.contains("two escapes")),
            "{error:?}"
        );
    }
}

#[test]
fn hints_for_what_models_write() {
    hints("[1,]", "JSON has no trailing commas");
    hints(r#"{"a":1,}"#, "JSON has no trailing commas");
    hints("{'a':1}", "JSON strings are written in double quotes");
    hints(r#"{"a": 'b'}"#, "JSON strings are written in double quotes");
    hints("{\"a\": “b”}", "JSON strings are written in double quotes");
    hints("{a:1}", "keys are written in double quotes");
    hints(r#"{"a": True}"#, "write `true`");
    hints("[False]", "write `false`");
    hints("[1, None]", "write `null`");
    hints("[undefined]", "write `null`");
    hints("[NaN]", "JSON has no NaN and no infinity");
    hints("[yes]", "strings are written in double quotes");
    hints("[1 // one\n]", "JSON has no comments");
    hints("{/* none */}", "JSON has no comments");
    hints(
        "```json\n{}\n```",
        "answer with the JSON alone, without a Markdown fence",
    );
    hints(
        "Here is the JSON: {}",
        "answer with the JSON alone, without text around it",
    );
    hints(
        "{} Hope this helps!",
        "answer with the JSON alone, without text around it",
    );
    hints("{}}", "there is one closing bracket too many");
    hints("{}\n{}", "answer with one JSON value");
    hints("[+1]", "a number has no plus sign");
    hints("[.5]", "a number has a digit before its point");
    hints(
        "[5.]",
        "a number has digits before and after its point and in its exponent",
    );
    hints("[007]", "leave the zeros out, or write a string");
    hints(
        r#"{"a":1 "b":2}"#,
        "a comma is missing, or a quote in a string is not escaped",
    );
    hints(
        r#"{"a":"say "hi" now"}"#,
        "a comma is missing, or a quote in a string is not escaped",
    );
    hints(r#"{"a"=1}"#, "key and value are separated by a colon");
    hints("\"a\nb\"", "write a line break in a string as `\\n`");
    hints(r#""C:\dir""#, "write a backslash as `\\\\`");
    hints(
        r#"{"a": [1, 2"#,
        "the text is cut off, or a quote or bracket was never closed",
    );
}

#[test]
fn every_proper_prefix_of_a_value_is_truncated() {
    let text =
        "{\"a\": [1, -2.5e+3, true, false, null], \"b\\n\": \"x\\ud83d\\ude00\\\\\", \"c\": {}}";
    accepts(text);
    for end in 0..text.len() {
        let prefix = text.get(..end).unwrap();
        let error = parse(prefix).expect_err(prefix);
        assert!(error.is_truncated(), "{prefix:?}: {error}");
        assert_eq!(
            (error.span().start, error.span().end),
            (end, end),
            "{prefix:?}"
        );
    }
    for wrong in ["[1,]", "[1}", "\"\\x", "nulL", "-x"] {
        assert!(!parse(wrong).expect_err(wrong).is_truncated(), "{wrong}");
    }
}

#[test]
fn places_are_lines_and_columns_of_characters() {
    let error = parse("{\n  \"é\": \"ü\", x\n}").unwrap_err();
    assert_eq!((error.line(), error.column()), (2, 13));
    assert_eq!(
        error.to_string(),
        "expected a key in double quotes, found `x` at line 2, column 13"
    );
}

#[test]
fn limits_are_kept() {
    let limit = |text: &str, limits: Limits| {
        let error = parse_with(text, &limits).expect_err("a limit");
        assert!(error.is_limit() && !error.is_truncated(), "{error}");
        error.message().to_owned()
    };
    assert_eq!(
        limit("[0,1]", Limits::new().max_bytes(4)),
        "the text has 5 bytes; the limit is 4"
    );
    assert!(parse_with("[0,1]", &Limits::new().max_bytes(5)).is_ok());
    assert_eq!(
        limit("[[[]]]", Limits::new().max_depth(2)),
        "arrays and objects are nested deeper than the limit of 2"
    );
    assert!(parse_with(r#"[{"a":0},{"b":[]}]"#, &Limits::new().max_depth(3)).is_ok());
    assert_eq!(
        limit("[0,1]", Limits::new().max_values(2)),
        "the text has more values than the limit of 2"
    );
    assert!(parse_with("[0,1]", &Limits::new().max_values(3)).is_ok());
    assert_eq!(
        Limits::new().max_depth(usize::MAX),
        Limits::new().max_depth(Limits::DEEPEST)
    );
    let default_depth = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert!(parse(&default_depth).is_ok());
    assert!(parse(&format!("[{default_depth}]")).unwrap_err().is_limit());
}

#[test]
fn hostile_texts_are_refused_quickly() {
    for opener in ["[", "{\"a\":", "[{\"a\":"] {
        assert!(parse(&opener.repeat(100_000)).unwrap_err().is_limit());
    }
    assert!(
        parse(&format!("\"{}", "\\".repeat(1_000_001)))
            .unwrap_err()
            .is_truncated()
    );
    let digits = "9".repeat(1_000_000);
    let node = accepts(&digits);
    assert_eq!(node.as_number().unwrap().as_f64(), None);
    assert_eq!(node.to_value(), serde_json::json!(f64::MAX));
}

#[test]
fn duplicates_are_kept_and_found() {
    let text = r#"{"a":1,"b":{"x":1,"\u0078":2,"x":3},"a":[{"c":0,"c":0}]}"#;
    let node = accepts(text);
    assert_eq!(node.to_string(), text.replace("\\u0078", "x"));
    let found: Vec<_> = node
        .duplicate_keys()
        .into_iter()
        .map(|duplicate| {
            (
                duplicate.pointer.to_string(),
                duplicate.first.of(text).unwrap(),
                duplicate.second.start,
            )
        })
        .collect();
    let expected = [
        ("/b/x", "\"x\"", 18),
        ("/b/x", "\"x\"", 29),
        ("/a", "\"a\"", 36),
        ("/a/0/c", "\"c\"", 48),
    ];
    assert_eq!(
        found,
        expected.map(|(pointer, first, second)| (pointer.to_owned(), first, second))
    );
    assert_eq!(
        node.at(&"/a/0/c".parse().unwrap()).unwrap().to_string(),
        "0"
    );
    assert!(accepts(r#"[{"a":1},{"a":1}]"#).duplicate_keys().is_empty());
}

#[test]
fn large_objects_are_indexed() {
    let members: Vec<_> = (0..20_000)
        .map(|place| format!("\"k{place}\":{place}"))
        .collect();
    let text = format!("{{{}}}", members.join(","));
    let node = accepts(&text);
    assert!(!node.has_duplicate_keys());
    let object = node.as_object().unwrap();
    for place in [0, 1, 19_999] {
        assert_eq!(
            object.get(&format!("k{place}")).unwrap().to_string(),
            place.to_string()
        );
    }
    assert!(object.get("k20000").is_none());
    let mut built: larkspur_json::Object<'_> = object.iter().take(100).cloned().collect();
    built.push(larkspur_json::Member::new(
        "k3",
        Node::from(larkspur_json::Kind::Null),
    ));
    assert!(built.get("k3").unwrap().is_null(), "the last one counts");
    assert!(Node::from(larkspur_json::Kind::Object(built)).has_duplicate_keys());
}

#[test]
fn the_list_of_duplicates_is_bounded() {
    let many = format!("{{{}\"a\":0}}", "\"a\":0,".repeat(10_000));
    assert_eq!(accepts(&many).duplicate_keys().len(), 100);
    let long_keys = format!("{{\"{}\":{many}}}", "k".repeat(600_000));
    assert_eq!(accepts(&long_keys).duplicate_keys().len(), 2);
}
