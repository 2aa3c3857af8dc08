//! A node gives a type what `serde_json::from_str` would give it.

#![expect(clippy::panic, clippy::unwrap_used, reason = "helpers of tests")]
#![expect(
    clippy::zero_sized_map_values,
    reason = "serde gives such maps no special case, so they are worth a test"
)]
#![expect(dead_code, reason = "fields are compared by what `Debug` prints")]

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
};

use larkspur_json::parse;
use proptest::prelude::*;
use serde::{Deserialize, de::DeserializeOwned};

/// Both readers agree on the value, or both refuse.
#[track_caller]
fn agrees<T: DeserializeOwned + Debug>(text: &str) {
    let oracle = serde_json::from_str::<T>(text);
    let Ok(node) = parse(text) else {
        assert!(oracle.is_err(), "only serde_json reads {text}");
        return;
    };
    match (node.deserialize::<T>(), oracle) {
        // `{:?}` instead of `==`, so that NaN-free floats of types without `PartialEq` count too.
        (Ok(ours), Ok(theirs)) => assert_eq!(format!("{ours:?}"), format!("{theirs:?}"), "{text}"),
        (Err(_), Err(_)) => {}
        (ours, theirs) => panic!(
            "{}\n{text}\nours: {ours:?}\ntheirs: {theirs:?}",
            std::any::type_name::<T>()
        ),
    }
}

#[derive(Debug, Deserialize)]
struct Plain {
    a: u8,
    b: Option<i64>,
    #[serde(default)]
    c: String,
    #[serde(rename = "k0", alias = "k1")]
    d: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {
    a: Option<bool>,
    b: Option<Box<Strict>>,
}

#[derive(Debug, Deserialize)]
struct Flat {
    a: Option<u32>,
    #[serde(flatten)]
    inner: Inner,
    #[serde(flatten)]
    rest: BTreeMap<String, serde_json::Value>,
}

#[derive(Debug, Deserialize)]
struct Inner {
    b: Option<f32>,
    c: Option<char>,
}

#[derive(Debug, Deserialize)]
enum External {
    A,
    B(i32),
    C(u8, String),
    #[serde(rename = "a")]
    D {
        a: Option<u8>,
    },
}

#[derive(Debug, Deserialize)]
#[serde(tag = "a")]
enum Internal {
    #[serde(rename = "k0")]
    Unit,
    A {
        b: Option<i8>,
    },
    B(BTreeMap<String, serde_json::Value>),
}

#[derive(Debug, Deserialize)]
#[serde(tag = "a", content = "b")]
enum Adjacent {
    A,
    B(u16),
    C(bool, ()),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Untagged>),
    Struct { a: Box<Untagged> },
    Nothing,
}

#[derive(Debug, Deserialize)]
struct Unit;

#[derive(Debug, Deserialize)]
struct Newtype(u64);

#[derive(Debug, Deserialize)]
struct Pair(i16, Option<String>);

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Letter {
    A,
    B,
}

/// Every type of the table reads `text` as `serde_json` does.
fn all_agree(text: &str) {
    agrees::<serde_json::Value>(text);
    agrees::<serde::de::IgnoredAny>(text);
    agrees::<Plain>(text);
    agrees::<Strict>(text);
    agrees::<Flat>(text);
    agrees::<External>(text);
    agrees::<Vec<External>>(text);
    agrees::<Internal>(text);
    agrees::<Adjacent>(text);
    agrees::<Untagged>(text);
    agrees::<Unit>(text);
    agrees::<Newtype>(text);
    agrees::<Pair>(text);
    agrees::<(u8, i8)>(text);
    agrees::<[Option<u8>; 2]>(text);
    agrees::<Option<Option<bool>>>(text);
    agrees::<Vec<Cow<'static, str>>>(text);
    agrees::<BTreeSet<Letter>>(text);
    agrees::<BTreeMap<String, Option<f64>>>(text);
    agrees::<BTreeMap<u8, Untagged>>(text);
    agrees::<BTreeMap<i128, bool>>(text);
    agrees::<BTreeMap<bool, External>>(text);
    agrees::<BTreeMap<Letter, u8>>(text);
    agrees::<BTreeMap<Option<char>, ()>>(text);
    agrees::<Result<u8, String>>(text);
    agrees::<char>(text);
    agrees::<(u8,)>(text);
    agrees::<()>(text);
    agrees::<u64>(text);
    agrees::<i8>(text);
    agrees::<u128>(text);
    agrees::<i128>(text);
    agrees::<f32>(text);
    agrees::<std::num::NonZeroU8>(text);
    agrees::<std::time::Duration>(text);
    agrees::<std::net::IpAddr>(text);
    agrees::<std::ops::Range<u8>>(text);
}

#[test]
fn every_type_reads_every_case_alike() {
    let cases = r#"
        null true false "" "a" "A" "k0" "Nothing" "\u0041" "\n" "é" "😀" "ab" "127.0.0.1"
        0 -0 1 -1 7 127 128 255 256 -129 65536 4294967296 9223372036854775807 9223372036854775808
        18446744073709551615 18446744073709551616 -9223372036854775808 -9223372036854775809
        170141183460469231731687303715884105727 170141183460469231731687303715884105728
        -170141183460469231731687303715884105728 340282366920938463463374607431768211455
        340282366920938463463374607431768211456
        0.0 -0.0 1.0 1.5 1e2 1E-2 2.5e+3 1e308 1e309 -1e400 1e-400
        [] [1] [1,2] [1,2,3] [1,"a"] [1,null] [null,null] [true,null] ["a","b"] ["A","B"] [[]] [[[]]] ["A",{"B":1}]
        {} {"a":1} {"a":null} {"a":256} {"a":1,"b":2} {"a":1,"b":null,"c":"x","k0":1} {"a":1,"k1":2} {"a":1,"k0":1,"k1":2}
        {"a":1,"a":2} {"a":1,"z":[1,{"x":null}]} {"a":true,"b":{"a":false}} {"a":true,"b":{"z":1}}
        {"b":1.5,"c":"x","d":{"e":[1]}} {"a":"k0"} {"a":"A"} {"a":"A","b":5} {"a":"A","b":500} {"a":"B","b":5} {"b":5,"a":"B"}
        {"a":"C","b":[true,null]} {"b":[true,null],"a":"C"} {"a":"Z"} {"a":{"a":{"a":3}}}
        {"A":null} {"A":1} {"B":7} {"B":"7"} {"C":[1,"x"]} {"C":[1]} {"C":[1,"x",2]} {"a":{"a":1}} {"a":[1]} {"A":null,"B":1}
        {"0":1} {"1":"x","255":1.5} {"-1":true} {"256":0} {"01":1} {"1.0":1} {"":1} {"true":"A","false":{"B":1}} {"a":1,"b":2}
        {"Ok":1} {"Err":"x"} {"Ok":"x"} {"secs":1,"nanos":2} {"secs":1} [1,2] {"start":1,"end":2} {"x":null} {"xy":null}
    "#;
    for case in cases.split_whitespace() {
        all_agree(case);
    }
}

/// JSON whose keys and values often fit the types of the table.
fn json_text() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        any::<i16>().prop_map(|number| number.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        // Few digits: `serde_json` is exact there, and may be one bit off elsewhere.
        (-99_999..99_999_i32, -5..6_i8)
            .prop_map(|(digits, exponent)| format!("{digits}e{exponent}")),
        (0..999_u16, 0..999_u16).prop_map(|(whole, fraction)| format!("{whole}.{fraction}")),
    ];
    let string = prop_oneof![
        "[abAB01]{0,2}".prop_map(|text| format!("{text:?}")),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap_or_default()),
    ];
    let key =
        prop_oneof!["a|b|c|k0|k1|A|B|C|0|1|true", "[a-c]{0,2}"].prop_map(|key| format!("{key:?}"));
    let scalar = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        number,
        string
    ];
    scalar.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|elements| format!("[{}]", elements.join(" , "))),
            prop::collection::btree_map(key.clone(), inner, 0..4).prop_map(|members| {
                let members: Vec<_> = members
                    .iter()
                    .map(|(key, value)| format!("{key}:{value}"))
                    .collect();
                format!("{{{}}}", members.join(",\n"))
            }),
        ]
    })
}

/// Characters that syntax errors are made of.
fn near_json() -> impl Strategy<Value = String> {
    let scraps = r#"{ } [ ] , : " \ \u d800 0 1 - + . e E true null a é / '"#
        .split(' ')
        .collect::<Vec<_>>();
    prop::collection::vec(prop::sample::select(scraps), 0..12).prop_map(|scraps| scraps.concat())
}

proptest! {
    #[test]
    fn every_type_reads_json_alike(text in json_text()) {
        all_agree(&text);
    }

    #[test]
    fn wide_integers_are_read_alike(unsigned in any::<u128>(), signed in any::<i128>(), cut in 0..120_u32) {
        for text in [(unsigned >> cut).to_string(), (signed >> cut).to_string()] {
            agrees::<u128>(&text);
            agrees::<i128>(&text);
            agrees::<u64>(&text);
            agrees::<i64>(&text);
            agrees::<BTreeMap<i128, bool>>(&format!("{{\"{text}\": true}}"));
        }
    }

    #[test]
    fn printing_and_reading_is_the_identity(text in json_text()) {
        let node = parse(&text).unwrap();
        let printed = node.to_string();
        let again = parse(&printed).unwrap();
        prop_assert_eq!(again.to_string(), printed);
        let oracle: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&node.to_value(), &oracle);
        prop_assert_eq!(larkspur_json::Node::from_value(&oracle).to_value(), oracle);
        prop_assert_eq!(node.clone().into_owned(), node);
    }

    #[test]
    fn every_span_covers_the_text_of_its_value(text in json_text()) {
        fn check(node: &larkspur_json::Node<'_>, text: &str) {
            let covered = parse(node.span.of(text).unwrap()).unwrap();
            assert_eq!(covered.to_string(), node.to_string());
            node.as_array().unwrap_or_default().iter().for_each(|element| check(element, text));
            for member in node.as_object().into_iter().flatten() {
                let key = parse(member.key_span.of(text).unwrap()).unwrap();
                assert_eq!(key.as_str(), Some(member.key.as_ref()));
                check(&member.value, text);
            }
        }
        check(&parse(&text).unwrap(), &text);
    }

    #[test]
    fn the_same_texts_are_json(text in near_json()) {
        let oracle = serde_json::from_str::<serde_json::Value>(&text);
        prop_assert_eq!(parse(&text).is_ok(), oracle.is_ok(), "{:?}", oracle);
    }

    #[test]
    fn no_text_brings_the_reader_down(text in any::<String>()) {
        if let Err(error) = parse(&text) {
            prop_assert!(error.span().of(&text).is_some());
            prop_assert!(!error.to_string().is_empty());
        }
    }
}

#[test]
fn integers_of_128_bits_are_exact() {
    let text = "[340282366920938463463374607431768211455, 0]";
    assert_eq!(
        parse(text).unwrap().deserialize::<[u128; 2]>(),
        Ok([u128::MAX, 0])
    );
    let key = r#"{"-170141183460469231731687303715884105728": 1}"#;
    assert_eq!(
        parse(key).unwrap().deserialize(),
        Ok(BTreeMap::from([(i128::MIN, 1)]))
    );
}

#[derive(Deserialize)]
struct Borrowing<'t> {
    a: &'t str,
    #[serde(borrow)]
    b: Vec<&'t str>,
}

#[test]
fn strings_are_borrowed_where_they_can_be() {
    let text = r#"{"a": "plain", "b": ["x", "y"]}"#.to_owned();
    let read: Borrowing<'_> = parse(&text).unwrap().deserialize().unwrap();
    assert_eq!((read.a, read.b), ("plain", vec!["x", "y"]));
    let error = parse(r#""\n""#).unwrap().deserialize::<&str>().unwrap_err();
    assert_eq!(error.expected(), Some("a borrowed string"));
}

/// The error's message, pointer, and the text that its span covers.
#[track_caller]
fn fails<T: DeserializeOwned + Debug>(text: &str, expected: (&str, &str, &str)) {
    let error = parse(text).unwrap().deserialize::<T>().unwrap_err();
    let pointer = error.pointer().to_string();
    let covered = error
        .span()
        .and_then(|span| span.of(text))
        .unwrap_or("nothing");
    assert_eq!(
        (error.message().as_str(), pointer.as_str(), covered),
        expected,
        "{text}"
    );
}

#[test]
fn errors_point_to_the_innermost_value() {
    fails::<Vec<Plain>>(
        r#"[{"a": 1}, {"a": "x"}]"#,
        ("invalid type: string \"x\", expected u8", "/1/a", "\"x\""),
    );
    fails::<Vec<Plain>>(
        r#"[{"a": 1}, {"b": 2}]"#,
        ("missing field `a`", "/1", r#"{"b": 2}"#),
    );
    fails::<Strict>(
        r#"{"b": {"b": {"x": 1}}}"#,
        (
            "unknown field `x`, expected one of `a`, `b`",
            "/b/b/x",
            "\"x\"",
        ),
    );
    fails::<Plain>(
        r#"{"a": 1, "a": 2}"#,
        ("duplicate field `a`", "/a", "\"a\""),
    );
    fails::<BTreeMap<String, u8>>(
        r#"{"p/q": 300}"#,
        ("invalid value: integer `300`, expected u8", "/p~1q", "300"),
    );
    fails::<BTreeMap<u8, u8>>(
        r#"{"1": 1, "x": 2}"#,
        (
            "invalid value: string \"x\", expected a key that spells a number",
            "/x",
            "\"x\"",
        ),
    );
    fails::<(u8, u8)>(
        "[1, 2, 3]",
        (
            "expected no more than 2 elements or members here",
            "/2",
            "3",
        ),
    );
    fails::<(u8, u8)>(
        "[1]",
        ("invalid length 1, expected a tuple of size 2", "", "[1]"),
    );
    fails::<Vec<External>>(
        r#"["A", {"C": [1, 2]}]"#,
        (
            "invalid type: integer `2`, expected a string",
            "/1/C/1",
            "2",
        ),
    );
    fails::<Vec<External>>(
        r#"["A", {"X": 1}]"#,
        (
            "unknown variant `X`, expected one of `A`, `B`, `C`, `a`",
            "/1/X",
            "\"X\"",
        ),
    );
    fails::<Vec<External>>(
        r#"[{"A": null, "B": 1}]"#,
        (
            "expected an object with exactly one member, named after the variant",
            "/0",
            r#"{"A": null, "B": 1}"#,
        ),
    );
    fails::<Option<Newtype>>("[]", ("invalid type: sequence, expected u64", "", "[]"));
    fails::<Vec<f64>>("[1, 1e999]", ("number out of range", "/1", "1e999"));
    fails::<Untagged>(
        r#"{"a": {}}"#,
        (
            "data did not match any variant of untagged enum Untagged",
            "",
            r#"{"a": {}}"#,
        ),
    );
    fails::<u8>("null", ("invalid type: null, expected u8", "", "null"));
}
