//! Members that a type does not name.

use larkspur_wire::Extra;
use serde_json::{Map, Value, json};

fn members(names: &[&str]) -> impl Iterator<Item = (String, Value)> {
    names.iter().map(|name| ((*name).to_owned(), json!(name)))
}

#[test]
fn none_are_the_same_however_they_came_to_be() {
    let mut emptied: Extra = members(&["a"]).collect();
    assert_ne!(emptied, Extra::default());
    emptied.remove("a");
    let mut extended = Extra::default();
    extended.extend(members(&[]));
    let made = [emptied, extended, Map::new().into(), members(&[]).collect()];
    for none in made {
        assert!(none.is_empty());
        assert_eq!(none, Extra::default());
        assert_eq!(none.get("a"), None);
        assert_eq!((&none).into_iter().count(), 0);
        assert_eq!(format!("{none:?}"), "{}");
        assert_eq!(serde_json::to_string(&none).unwrap(), "{}");
        assert_eq!(none.into_iter().count(), 0);
    }
}

#[test]
fn they_keep_their_order() {
    let mut extra: Extra = members(&["b", "a"]).collect();
    extra.extend(members(&["d", "c", "a"]));
    assert_eq!(
        serde_json::to_string(&extra).unwrap(),
        r#"{"b":"b","a":"a","d":"d","c":"c"}"#
    );
    let names: Vec<_> = (&extra)
        .into_iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["b", "a", "d", "c"]);
    assert_eq!(
        extra.into_iter().next_back(),
        Some(("c".to_owned(), json!("c")))
    );
}
