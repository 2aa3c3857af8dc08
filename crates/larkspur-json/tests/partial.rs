//! JSON in pieces: however it is cut, the end is the same, and what was shown stays true.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "helpers of tests"
)]

use larkspur_json::{Limits, Partial, Pointer, Snapshot, parse};
use proptest::prelude::*;
use serde_json::{Value, json};

/// After this piece the snapshot is this, and the innermost value in flight is there.
#[track_caller]
fn pushes(partial: &mut Partial, piece: &str, value: Option<Value>, in_flight: Option<&str>) {
    let snapshot = partial.push(piece).expect(piece);
    assert_eq!(snapshot.to_value(), value, "{piece:?}");
    assert_eq!(
        snapshot.in_flight().as_ref().map(Pointer::as_str),
        in_flight,
        "{piece:?}"
    );
}

#[test]
fn a_snapshot_after_every_piece() {
    let mut partial = Partial::new();
    pushes(&mut partial, "  ", None, None);
    pushes(&mut partial, "{", Some(json!({})), Some(""));
    pushes(&mut partial, "\"a", Some(json!({})), Some(""));
    pushes(&mut partial, "\": ", Some(json!({})), Some(""));
    pushes(&mut partial, "\"x\\", Some(json!({"a": "x"})), Some("/a"));
    pushes(
        &mut partial,
        "ud83d\\ud",
        Some(json!({"a": "x"})),
        Some("/a"),
    );
    pushes(&mut partial, "e00y", Some(json!({"a": "x😀y"})), Some("/a"));
    pushes(
        &mut partial,
        "\", \"b\": [1, 2",
        Some(json!({"a": "x😀y", "b": [1]})),
        Some("/b"),
    );
    pushes(
        &mut partial,
        ", tru",
        Some(json!({"a": "x😀y", "b": [1, 2]})),
        Some("/b"),
    );
    pushes(
        &mut partial,
        "e, {\"c\":[",
        Some(json!({"a": "x😀y", "b": [1, 2, true, {"c": []}]})),
        Some("/b/3/c"),
    );
    pushes(
        &mut partial,
        "]}]}",
        Some(json!({"a": "x😀y", "b": [1, 2, true, {"c": []}]})),
        None,
    );
    assert!(partial.finish().expect("whole").is_complete());
}

#[test]
fn elements_are_handed_out_as_they_finish() {
    let mut partial = Partial::new();
    let mut finished = Vec::new();
    for piece in ["[{\"n\"", ": 1}, {\"n\": 2", "}, {\"n\": ", "3}]"] {
        let snapshot = partial.push(piece).expect(piece);
        let elements = snapshot
            .finished()
            .filter(|part| part.pointer().tokens().count() == 1);
        finished.push(
            elements
                .map(|part| part.to_node().to_string())
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(
        finished,
        [
            vec![],
            vec!["{\"n\":1}"],
            vec!["{\"n\":2}"],
            vec!["{\"n\":3}"]
        ]
    );
}

#[test]
fn parts_are_found_without_copying() {
    let mut partial = Partial::new();
    let snapshot = partial.push("{\"a\": [\"x\", \"yz").expect("a beginning");
    let at = |pointer: &str| snapshot.at(&pointer.parse().expect("a pointer"));
    assert_eq!(at("/a/1").and_then(|part| part.as_str()), Some("yz"));
    assert_eq!(at("/a/0").map(|part| part.is_complete()), Some(true));
    assert_eq!(
        at("/a").map(|part| (part.is_complete(), part.children().count())),
        Some((false, 2))
    );
    assert_eq!(at("/a").and_then(|part| part.key()), Some("a"));
    assert!(at("/b").is_none() && at("/a/01").is_none());
    assert_eq!(
        at("/a/1").and_then(|part| part.span().of("{\"a\": [\"x\", \"yz")),
        Some("\"yz")
    );
}

#[test]
fn prose_is_passed_over_where_asked() {
    let mut partial = Partial::new().in_prose();
    pushes(&mut partial, "Sure:\n``", None, None);
    pushes(&mut partial, "`json\n{\"a\"", Some(json!({})), Some(""));
    pushes(
        &mut partial,
        ": 1}\n``` Done {",
        Some(json!({"a": 1})),
        None,
    );
    assert!(partial.finish().is_ok());
    assert!(Partial::new().push("Sure").is_err());
}

#[test]
fn faults_come_at_the_first_wrong_character_and_stay() {
    let mut partial = Partial::new();
    assert!(partial.push("[1, 2").is_ok());
    let error = partial.push("}").expect_err("wrong");
    assert_eq!(error.message(), "expected `,` or `]`, found `}`");
    assert_eq!(partial.push("]").expect_err("still wrong"), error);
    assert_eq!(partial.finish().expect_err("still wrong"), error);
    assert!(Partial::new().push("nux").is_err());
    assert!(Partial::new().push_bytes(b"\"\xff").is_err());
    let mut partial = Partial::new();
    partial
        .push_bytes(b"\"\xf0\x9f")
        .expect("the beginning of a character");
    assert!(partial.finish().is_err());
}

#[test]
fn limits_are_kept() {
    let is_limit = |text: &str, limits: Limits| {
        Partial::with_limits(limits)
            .push(text)
            .is_err_and(|error| error.is_limit())
    };
    assert!(is_limit(&"[".repeat(100_000), Limits::new()));
    assert!(is_limit("[[[", Limits::new().max_depth(2)));
    assert!(is_limit("[1,2,3", Limits::new().max_values(2)));
    assert!(is_limit("[1,2,3", Limits::new().max_bytes(5)));
    let mut partial = Partial::new();
    assert!(partial.push("\"").is_ok());
    for _ in 0..20_000 {
        assert!(partial.push(&"x".repeat(64)).is_ok());
    }
    assert!(
        partial
            .push("\"")
            .is_ok_and(|snapshot| snapshot.is_complete())
    );
}

fn value() -> impl Strategy<Value = Value> {
    let text = prop_oneof!["[a-z]{0,5}", "[\"\\\\/\u{1}é€😀\\n]{0,6}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e9..1e9).prop_map(|number: f64| json!(number)),
        text.clone().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            proptest::collection::vec((text.clone(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A text of the value, some characters as escapes.
fn written(value: &Value, pretty: bool, escaped: bool) -> String {
    let text = if pretty {
        serde_json::to_string_pretty(value)
    } else {
        serde_json::to_string(value)
    };
    let text = text.expect("JSON");
    if !escaped {
        return text;
    }
    let mut units = [0; 2];
    let escape = |character: char| match character {
        '\0'..='~' => character.to_string(),
        other => {
            let units = other.encode_utf16(&mut units).iter();
            units.fold(String::new(), |text, unit| text + &format!("\\u{unit:04x}"))
        }
    };
    text.chars().map(escape).collect()
}

/// Whether `later` is `earlier`, or has grown from it.
fn has_grown(earlier: &Value, later: &Value) -> bool {
    match (earlier, later) {
        (Value::String(earlier), Value::String(later)) => later.starts_with(earlier.as_str()),
        (Value::Array(earlier), Value::Array(later)) => {
            earlier.len() <= later.len()
                && earlier
                    .iter()
                    .zip(later)
                    .all(|(earlier, later)| has_grown(earlier, later))
        }
        (Value::Object(earlier), Value::Object(later)) => earlier
            .iter()
            .all(|(key, value)| later.get(key).is_some_and(|later| has_grown(value, later))),
        _ => earlier == later,
    }
}

/// The text cut at these places.
fn cut<'t>(text: &'t [u8], places: &[prop::sample::Index]) -> Vec<&'t [u8]> {
    let mut places: Vec<_> = places
        .iter()
        .map(|place| place.index(text.len() + 1))
        .collect();
    places.sort_unstable();
    let mut from = 0;
    let mut pieces = Vec::new();
    for place in places.into_iter().chain([text.len()]) {
        pieces.push(&text[from..place]);
        from = place;
    }
    pieces
}

proptest! {
    #[test]
    fn every_chunking_ends_in_the_whole_parse(
        value in value(), pretty in any::<bool>(), escaped in any::<bool>(), places in proptest::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let text = written(&value, pretty, escaped);
        let mut partial = Partial::new();
        let mut last: Option<Value> = None;
        let mut finished = 0;
        for piece in cut(text.as_bytes(), &places) {
            let snapshot = partial.push_bytes(piece).expect("JSON");
            finished += snapshot.finished().count();
            let now = snapshot.to_value();
            if let Some(last) = &last {
                prop_assert!(now.as_ref().is_some_and(|now| has_grown(last, now)), "{last} then {now:?}");
            }
            // What is not in flight is whole: it is what the whole text has there.
            if let (Some(root), Some(in_flight)) = (snapshot.root(), snapshot.in_flight()) {
                prop_assert!(!root.is_complete());
                prop_assert!(snapshot.at(&in_flight).is_some_and(|part| !part.is_complete()));
            }
            last = now;
        }
        let whole = parse(&text).expect("JSON");
        let snapshot = partial.finish().expect("whole");
        finished += snapshot.finished().count();
        prop_assert_eq!(snapshot.to_node(), Some(whole));
        prop_assert_eq!(finished, count(&value));
    }

    /// What is no JSON fails as it does when read as a whole.
    #[test]
    fn faults_are_those_of_the_strict_reader(
        text in r#"[\[\]{},:"\\ntrue0-9.e+é \n]{0,12}|[\[{]"?[a-z]{0,2}"?:? ?[0-9.\-tfn]{0,3}[\]},]{0,3}"#,
        places in proptest::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let mut partial = Partial::new();
        let read: Result<(), _> = cut(text.as_bytes(), &places).into_iter().try_for_each(|piece| partial.push_bytes(piece).map(|_| ()));
        let read = read.and_then(|()| partial.finish().map(|snapshot: Snapshot<'_>| snapshot.to_node()));
        match (read, parse(&text)) {
            (Ok(node), Ok(whole)) => prop_assert_eq!(node, Some(whole)),
            (Err(error), Err(whole)) => prop_assert_eq!(error.is_truncated(), whole.is_truncated(), "{} / {}", error, whole),
            (read, whole) => prop_assert!(false, "{:?}: {:?} / {:?}", text, read, whole),
        }
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}
