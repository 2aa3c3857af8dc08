//! What the tolerant reader makes of text that is almost JSON, and what it refuses.

#![expect(
    clippy::panic,
    clippy::disallowed_methods,
    reason = "helpers of tests; hostile texts are timed"
)]

mod damage;
mod laws;

use larkspur_json::{
    Error, Limits, Repair, RepairKind, Repaired, parse, parse_lenient, parse_lenient_with,
};

#[track_caller]
fn read(text: &str) -> Repaired<'_> {
    parse_lenient(text).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

/// The text is read to this, by these repairs.
#[track_caller]
fn check(text: &str, expected: &str, kinds: &[RepairKind]) {
    let read = read(text);
    assert_eq!(read.node.to_string(), expected, "{text:?}");
    let found: Vec<_> = read.repairs.iter().map(|repair| repair.kind).collect();
    assert_eq!(found, kinds, "{text:?}");
    assert!(
        read.repairs
            .iter()
            .all(|repair| repair.span.of(text).is_some()),
        "{text:?}"
    );
}

/// The text is read to this; the end of the text closed what was open.
#[track_caller]
fn check_cut(text: &str, expected: &str) {
    let read = read(text);
    assert_eq!(read.node.to_string(), expected, "{text:?}");
    assert!(read.truncated, "{text:?}");
}

#[track_caller]
fn refuses(text: &str, message: &str) -> Error {
    let error = match parse_lenient(text) {
        Ok(read) => panic!("{text:?} was read to {}", read.node),
        Err(error) => error,
    };
    assert_eq!(error.message(), message, "{text:?}");
    error
}

#[test]
fn json_is_left_alone() {
    for text in [
        "1",
        "\"a\"",
        "[]",
        " {\"a\" : [1, 2.50, null]} ",
        "{\"a\": \"```json\\n{}\\n```\"}",
        "{\"a\":1,\"a\":2}",
        "[\"it's\", \"a \\\"b\\\" c\", \"// no comment\", \"{'a':1,}\"]",
        "{\"a\": \"x\\n, b: 1}\", \"c\": \"[...]\"}",
    ] {
        let read = read(text);
        assert_eq!(read.node, parse(text).expect("JSON"), "{text:?}");
        assert!(read.repairs.is_empty() && !read.truncated, "{text:?}");
    }
}

#[test]
fn commas_colons_and_brackets() {
    use RepairKind::*;
    check("[1, 2,]", "[1,2]", &[TrailingComma]);
    check("{\"a\": 1,\n}", "{\"a\":1}", &[TrailingComma]);
    check("[,1]", "[1]", &[ExtraComma]);
    check(
        "{,\"a\": 1,, \"b\": 2}",
        "{\"a\":1,\"b\":2}",
        &[ExtraComma, ExtraComma],
    );
    check("{\"a\": 1};", "{\"a\":1}", &[ExtraComma]);
    check("[1 2 \"a\" {} []]", "[1,2,\"a\",{},[]]", &[MissingComma; 4]);
    check("{\"a\": 1\n\"b\": 2}", "{\"a\":1,\"b\":2}", &[MissingComma]);
    check(
        "{\"a\" 1, 'b' true}",
        "{\"a\":1,\"b\":true}",
        &[MissingColon, OtherQuotes, MissingColon],
    );
    check(
        "{\"a\" = 1, \"b\" => 2}",
        "{\"a\":1,\"b\":2}",
        &[OtherColon, OtherColon],
    );
    check(
        r#"{"a":"a","b"["}"]}"#,
        r#"{"a":"a","b":["}"]}"#,
        &[MissingColon],
    );
    check("[{\"a\": 1]", "[{\"a\":1}]", &[MissingCloser]);
    check("{\"a\": [1, 2}", "{\"a\":[1,2]}", &[MissingCloser]);
    check(
        "{\"a\": [1, 2}, \"b\": 3}",
        "{\"a\":[1,2],\"b\":3}",
        &[WrongCloser],
    );
    check("{\"a\": 1]", "{\"a\":1}", &[WrongCloser]);
    check(
        "[{\"a\": 1}}, {\"a\": 2}]",
        "[{\"a\":1},{\"a\":2}]",
        &[ExtraCloser],
    );
    check("{\"a\": 1}}]", "{\"a\":1}", &[ExtraCloser, ExtraCloser]);
    check("[1, 2, ...]", "[1,2]", &[Ellipsis]);
    check("{\"a\": 1, … }", "{\"a\":1}", &[Ellipsis]);
    refuses("[1,,2]", "expected a value, found `,`");
    refuses("{\"a\": , \"b\": 1}", "expected a value, found `,`");
    refuses("{\"a\"}", "expected `:`, found `}`");
    refuses("{\"a\", \"b\"}", "expected `:`, found `,`");
    refuses("[\"a\": 1]", "expected `,` or `]`, found `:`");
    refuses(
        "{\"a\": 1} {\"b\": 2}",
        "expected nothing after the value, found `{`",
    );
    refuses(
        "{\"a\": [1], [2]}",
        "expected a key in double quotes, found `[`",
    );
}

#[test]
fn quotes() {
    use RepairKind::*;
    check("['it's']", "[\"it's\"]", &[OtherQuotes, UnescapedQuote]);
    check("{“a”: „b“}", "{\"a\":\"b\"}", &[OtherQuotes; 2]);
    check("[`a´, ‘b’]", "[\"a\",\"b\"]", &[OtherQuotes; 2]);
    check("['a \"b\" c']", "[\"a \\\"b\\\" c\"]", &[OtherQuotes]);
    check(
        "[\"a \"b\" c\"]",
        "[\"a \\\"b\\\" c\"]",
        &[UnescapedQuote; 2],
    );
    check(
        "{\"a\": \"say \"hi\", then go\", \"b\": 1}",
        "{\"a\":\"say \\\"hi\\\", then go\",\"b\":1}",
        &[UnescapedQuote; 2],
    );
    check(
        "{\"a\": \"the {\"b\": 1}, you know\"}",
        "{\"a\":\"the {\\\"b\\\": 1}, you know\"}",
        &[UnescapedQuote; 2],
    );
    check("{\"a\": \"72\"\"}", "{\"a\":\"72\\\"\"}", &[UnescapedQuote]);
    check(
        "{\"a\": 'x' + \"y\" + 'z'}",
        "{\"a\":\"xyz\"}",
        &[OtherQuotes, Concatenation, Concatenation, OtherQuotes],
    );
    check(
        "{\"a\": \"\"\"x \"y\" z\"\"\"}",
        "{\"a\":\"x \\\"y\\\" z\"}",
        &[OtherQuotes],
    );
    check(
        "{\"a\": \"x, \"b\": 1}",
        "{\"a\":\"x\",\"b\":1}",
        &[MissingQuote],
    );
    check("{\"a\": \"x}", "{\"a\":\"x\"}", &[MissingQuote]);
    check("[\n\"a,\n\"b\"\n]", "[\"a\",\"b\"]", &[MissingQuote]);
    check("{\"a\": 1, b\": 2}", "{\"a\":1,\"b\":2}", &[MissingQuote]);
    refuses(
        "{'a': 'it''s'}",
        "the text has two readings: one string with quotes inside, or several strings",
    );
    refuses(
        "[\"a, b]",
        "the text has two readings: where this string without a closing quote ends",
    );
    refuses(
        "[\"a,\"b\"]",
        "the text has two readings: where this string with quotes inside ends",
    );
    refuses(
        "{\"a\": \"x, b: 1}",
        "the text has two readings: where this string without a closing quote ends",
    );
    refuses(
        "{\"a\": \"\"b\"}",
        "the text has two readings: an empty string, or a doubled quote",
    );
    refuses(
        "{\"a\": [\"b\" c],\"d\": [\"e\"]}",
        "the text has two readings: where this string ends",
    );
}

/// Quotes inside a string, or strings between which something is missing: what needs fewer repairs, and else an error.
#[test]
fn one_string_or_several() {
    let one = [
        (r#"["a "b" c"]"#, r#"["a \"b\" c"]"#),
        (r#"["say "hi"", "x"]"#, r#"["say \"hi\"","x"]"#),
        (
            r#"{"a": "5'11" tall", "b": "6" x"}"#,
            r#"{"a":"5'11\" tall","b":"6\" x"}"#,
        ),
        (
            r#"{"a": "f("x", "y")", "b": 1}"#,
            r#"{"a":"f(\"x\", \"y\")","b":1}"#,
        ),
        (
            r#"{"a": "{"b": ["x", "y"]}"}"#,
            r#"{"a":"{\"b\": [\"x\", \"y\"]}"}"#,
        ),
        (
            r#"{"a": "<b id="x">y</b>", "b": "z"}"#,
            r#"{"a":"<b id=\"x\">y</b>","b":"z"}"#,
        ),
    ];
    for (text, expected) in one {
        let read = read(text);
        assert_eq!(read.node.to_string(), expected, "{text}");
        let is_quote = |repair: &Repair| repair.kind == RepairKind::UnescapedQuote;
        assert!(read.repairs.iter().all(is_quote), "{text}");
    }
    let several = [
        r#"[" ",null"x "]"#,
        r#"[" "{"a":","}]"#,
        r#"["a","b"1,"c"]"#,
        r#"["a"1"b"]"#,
        r#"["x, "a", y"]"#,
        r#"{"a":"b","}"#,
        r#"{"a":[[1]],"b"]," ":2}"#,
        r#""a","b""#,
    ];
    for text in several {
        refuses(
            text,
            "the text has two readings: one string with quotes inside, or several strings",
        );
    }
    refuses(
        r#"["He said "hello", "and" left"]"#,
        "the text has two readings: where this string with quotes inside ends",
    );
    refuses(
        r#"{""""}"#,
        "the text has two readings: an empty string, or a tripled quote",
    );
}

#[test]
fn brackets_that_can_be_repaired_in_two_ways() {
    let message = "the text has two readings: which bracket is wrong, missing or too many";
    refuses(r#"[[null,{}}," "]]"#, message);
    refuses(r#"{"a":[1,{"b":[2]],"c":3}]}"#, message);
    refuses(r#"{"a":"b,"]#":null,"c":null}"#, message);
    for text in ["[1.52.5]", "[00]", "[1-2]", "[nulltrue]"] {
        refuses(
            text,
            "the text has two readings: one word, or several values without commas",
        );
    }
    check(
        "{\"a\":1.52.5}",
        "{\"a\":\"1.52.5\"}",
        &[RepairKind::BareString],
    );
}

#[test]
fn a_bracket_that_closes_the_object_before_its_last_members() {
    use RepairKind::*;
    check(r#"{"a": 1}, "b": 2}"#, r#"{"a":1,"b":2}"#, &[ExtraCloser]);
    check(
        r#"{"a": {"x": 1}}, "b": "c", "d": [{}]}"#,
        r#"{"a":{"x":1},"b":"c","d":[{}]}"#,
        &[ExtraCloser],
    );
    check(
        r#"{"a": "b"}, "c" "d"}"#,
        r#"{"a":"b","c":"d"}"#,
        &[ExtraCloser, MissingColon],
    );
    let message = "the text has two readings: which bracket is wrong, missing or too many";
    refuses(r#"{"a": {"x": 1}, "b": 2}, "c": 3}"#, message);
    refuses(r#"{"a": {"b": {"x": 1}, "y": 2}}, "c": 3}"#, message);
    refuses(r#"{"a": 1}, "b": 2"#, message);
    refuses(
        r#"{"a": 1}, b: 2}"#,
        "expected nothing after the value, found `b`",
    );
    refuses(
        r#"[1], "b": 2]"#,
        "expected nothing after the value, found `\"`",
    );
}

#[test]
fn brackets_in_a_text_without_quotes() {
    use RepairKind::*;
    check(
        "{a: words{in brackets}, b: see [1] (twice)}",
        r#"{"a":"words{in brackets}","b":"see [1] (twice)"}"#,
        &[BareKey, BareString, BareKey, BareString],
    );
    check(
        "[This is F(3), and c]",
        r#"["This is F(3)","and c"]"#,
        &[BareString; 2],
    );
    let message = "the text has two readings: which bracket is wrong, missing or too many";
    refuses("{a: b {c}", message);
    refuses("{a: b [c], d: [1}", message);
    refuses("[a b (c)]", "expected `,` or `]`, found `(`");
    refuses("[see [1]]", "expected `,` or `]`, found `[`");
    refuses("{a: b {c: 1}}", "expected `,` or `}`, found `{`");
    refuses("{a: b {}}", "expected `,` or `}`, found `{`");
}

#[test]
fn escapes_and_controls() {
    use RepairKind::*;
    check("\"a\nb\tc\"", "\"a\\nb\\tc\"", &[ControlCharacter; 2]);
    check(
        r#"["C:\dir", "\d+", "it\'s", "\x41"]"#,
        r#"["C:\\dir","\\d+","it's","A"]"#,
        &[Escape; 4],
    );
    check(
        r#"{\"a\": \"b \\\"c\\\"\"}"#,
        r#"{"a":"b \"c\""}"#,
        &[EscapedText],
    );
    check("{\\n  \\\"a\\\": [1]\\n}", "{\"a\":[1]}", &[EscapedText]);
    refuses("[\"\u{1}\",]", "control character U+0001 in a string");
    refuses(r#"["\uZ000",]"#, "there is no escape `\\uZ`");
    refuses(r#"["\ud800",]"#, "`\\ud800` is half of a surrogate pair");
}

#[test]
fn words_and_numbers() {
    use RepairKind::*;
    check(
        "{a: 1, b-c: 2, d e: 3}",
        "{\"a\":1,\"b-c\":2,\"d e\":3}",
        &[BareKey; 3],
    );
    check(
        "[True, False, None, undefined]",
        "[true,false,null,null]",
        &[Literal; 4],
    );
    check(
        "[NaN, -Infinity]",
        "[\"NaN\",\"-Infinity\"]",
        &[BareString; 2],
    );
    check(
        "[+1, .5, 1., -.5e3, 0x1F, 1_000]",
        "[1,0.5,1.0,-0.5e3,31,1000]",
        &[Number; 6],
    );
    check(
        "{\"a\": 1,200.50, \"b\": 2}",
        "{\"a\":1200.50,\"b\":2}",
        &[Number],
    );
    check(
        "{\"a\": New York, \"b\": 1/3}",
        "{\"a\":\"New York\",\"b\":\"1/3\"}",
        &[BareString; 2],
    );
    check(
        "[007, 1.2.3, https://a.b/c]",
        "[\"007\",\"1.2.3\",\"https://a.b/c\"]",
        &[BareString; 3],
    );
    check("[ObjectId(\"1\"), NumberLong(2)]", "[\"1\",2]", &[Call; 2]);
    check("((1, 2), (3), ())", "[[1,2],3,[]]", &[Tuple; 4]);
    refuses("hello", "expected a value, found `hello`");
    refuses(
        "[f(1, 2)]",
        "a call is read as its only argument; this one has none or several",
    );
    refuses(
        "[1 a b]",
        "the text has two readings: one text without quotes, or several values without commas",
    );
    refuses("{\"a\": b: c}", "expected `,` or `}`, found `:`");
}

#[test]
fn blanks_and_comments() {
    use RepairKind::*;
    check(
        "\u{feff}{\"a\":\u{a0}1}",
        "{\"a\":1}",
        &[ByteOrderMark, WhiteSpace],
    );
    check(
        "{ // one\n \"a\": 1, # two\n /* three */ \"b\": 2}",
        "{\"a\":1,\"b\":2}",
        &[Comment; 3],
    );
    check("{\"a\": 1 # one }", "{\"a\":1}", &[Comment]);
    check("[1] // the end", "[1]", &[Comment]);
}

#[test]
fn what_is_cut_off() {
    check_cut("{\"a\": [1, {\"b\": \"c", "{\"a\":[1,{\"b\":\"c\"}]}");
    check_cut("{\"a\": 1, \"b", "{\"a\":1}");
    check_cut("{\"a\": 1, \"b\":", "{\"a\":1}");
    check_cut("[\"a\\u00", "[\"a\"]");
    check_cut("[\"a\\ud83d\\ude", "[\"a\"]");
    check_cut("[1, 2", "[1,2]");
    check_cut("[1, -", "[1]");
    check_cut("[1, 2.5e", "[1,2.5]");
    check_cut("[tr", "[true]");
    check_cut("{\"code\": \"fn main() {}", "{\"code\":\"fn main() {}\"}");
    refuses("", "expected a value, found an empty text");
    refuses(
        "[\"a \"b\" c",
        "the text has two readings: where this string with quotes inside ends",
    );
}

#[test]
fn limits_are_kept() {
    let limit = |text: &str, limits: Limits| {
        let error = parse_lenient_with(text, &limits).expect_err("a limit");
        assert!(error.is_limit(), "{error}");
    };
    limit("[1,]", Limits::new().max_bytes(3));
    limit("[[[1,]]]", Limits::new().max_depth(2));
    limit("[1,2,]", Limits::new().max_values(2));
    for opener in ["[", "{'a':", "[{a:", "(", "f(", "{\"a\":["] {
        assert!(
            parse_lenient(&opener.repeat(100_000))
                .expect_err("too deep")
                .is_limit(),
            "{opener}"
        );
    }
}

/// Texts that invite looking ahead again and again: each takes a moment or forever.
#[test]
fn hostile_texts_take_linear_time() {
    let texts = [
        format!("['{}", "\"/*".repeat(300_000)),
        format!("[\"{}", "\"//".repeat(300_000)),
        format!("[\"{}", "\" ".repeat(300_000)),
        format!("{{\"a\":\"{}", "x\n\"b\":".repeat(200_000)),
        format!("[\"{}", "{\"},".repeat(300_000)),
        format!("{{\"a\":\"{}", "\"}]".repeat(300_000)),
        format!("[{}", "\"\"a".repeat(300_000)),
        format!("{{{}", "a:b,".repeat(300_000)),
        format!("[{}]", "1 ".repeat(300_000)),
        format!("[{}]", "\"a\"b\",".repeat(50_000)),
        format!("[{}]", "\"a \"b\" c\",".repeat(50_000)),
        format!("[\"a\"{}", "+ ".repeat(300_000)),
        format!("[{}", "'".repeat(1_000_000)),
        "\\\"".repeat(500_000),
        format!("[\"{}\",]", "x".repeat(5_000_000)),
        format!("[{},]", "9".repeat(1_000_000)),
    ];
    for text in &texts {
        let start = std::time::Instant::now();
        let result = parse_lenient(text);
        let taken = start.elapsed();
        assert!(
            taken.as_secs() < 10,
            "{:?}… took {taken:?}: {:?}",
            text.get(..12),
            result.err()
        );
    }
}
