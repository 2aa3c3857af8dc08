//! Laws of lenient reading, over random values whose texts look like JSON.

use larkspur_json::{Repair, RepairKind, parse, parse_lenient};
use proptest::prelude::*;

/// JSON values, with texts in them that look like JSON.
pub(crate) fn json() -> impl Strategy<Value = serde_json::Value> {
    let text = prop_oneof![
        "[a-z ]{0,6}",
        r#"[a-z,:{}\[\]"' /#\\\n]{0,8}"#,
        r#"[ab",:{}\[\] ]{2,7}"#,
        Just("```json\n{}\n```".to_owned()),
        Just("é😀\u{2028}".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i32>().prop_map(Into::into),
        (-1e6..1e6).prop_map(|number: f64| serde_json::json!(number)),
        text.clone().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            proptest::collection::vec((text.clone(), inner), 0..4)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Where the tokens of a JSON text stand that are not inside strings.
fn outside_strings(text: &str) -> Vec<(usize, char)> {
    let (mut inside, mut escaped) = (false, false);
    let mut found = Vec::new();
    for (place, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ if !inside => found.push((place, character)),
            _ => {}
        }
    }
    found
}

/// Whether the first is what has come of the second when the text of it breaks off.
fn is_beginning(first: &serde_json::Value, whole: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object, String};
    match (first, whole) {
        (String(first), String(whole)) => whole.starts_with(first.as_str()),
        (Number(first), Number(whole)) => {
            whole.to_string().starts_with(&first.to_string()) || first == whole
        }
        (Array(first), Array(whole)) => {
            first.len() <= whole.len()
                && first
                    .iter()
                    .zip(whole)
                    .all(|(first, whole)| is_beginning(first, whole))
        }
        (Object(first), Object(whole)) => first.iter().all(|(key, first)| {
            whole
                .get(key)
                .is_some_and(|whole| is_beginning(first, whole))
        }),
        _ => first == whole,
    }
}

proptest! {
    /// The reader that is only tolerant gives what the strict one gives: it is made to run by a comma after the text.
    #[test]
    fn tolerance_changes_nothing_in_what_is_json(value in json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let wrapped = format!("[{text},]");
        prop_assert_eq!(parse_lenient(&wrapped).unwrap().node.to_string(), format!("[{}]", parse(&text).unwrap()));
    }

    /// One comma, colon or bracket is dropped or doubled: the value comes back, or an error.
    #[test]
    fn one_damage_is_undone_or_told(value in json(), which in any::<prop::sample::Index>(), doubled in any::<bool>()) {
        let text = serde_json::to_string(&value).unwrap();
        let places: Vec<_> = outside_strings(&text).into_iter()
            .filter(|(_, character)| matches!(character, ',' | ':') || doubled && matches!(character, '}' | ']'))
            .collect();
        if places.is_empty() {
            return Ok(());
        }
        let (place, character) = places[which.index(places.len())];
        let mut damaged = text.clone();
        if doubled { damaged.insert(place, character) } else { damaged.remove(place); }
        if let Ok(read) = parse_lenient(&damaged) {
            // The text may begin with JSON: `[12]` of `[1,2]`, `[[1]]` of `[[1]],2]`. Only brackets too many can follow.
            let is_json = read.span.of(&damaged).is_some_and(|part| parse(part).is_ok());
            prop_assert!(is_json || read.node.to_value() == value, "{} was read to {}", damaged, read.node);
        }
    }

    /// A prefix is read to something that the whole text goes on from.
    #[test]
    fn what_is_cut_off_is_a_beginning(value in json(), end in any::<prop::sample::Index>()) {
        let text = serde_json::to_string(&value).unwrap();
        let ends: Vec<_> = text.char_indices().map(|(place, _)| place).collect();
        let cut = &text[..ends[end.index(ends.len())]];
        if let Ok(read) = parse_lenient(cut) {
            prop_assert!(is_beginning(&read.node.to_value(), &value), "{} was read to {}", cut, read.node);
            // A string that ends with closing brackets for all that is open lacks a quote: `["a]`.
            let lacks_quote = |repair: &Repair| {
                let rest = repair.span.end..;
                repair.kind == RepairKind::MissingQuote && cut[rest].chars().all(|rest| matches!(rest, ' ' | ']' | '}'))
            };
            prop_assert!(read.truncated || parse(cut).is_ok() || read.repairs.iter().any(lacks_quote), "{}", cut);
        }
    }

    /// No text makes it panic, and every repair has a place in the text.
    #[test]
    fn any_text_is_read_or_refused(text in r#"[\[\]{}(),:"'“”`\\/#*+.\-0-9a-zN \n]{0,40}"#) {
        if let Ok(read) = parse_lenient(&text) {
            prop_assert!(read.repairs.iter().all(|repair| repair.span.of(&text).is_some()));
            prop_assert!(read.span.of(&text).is_some());
        }
    }
}
