//! The deepest tree that can be asked for fits on the stack of a thread, whatever is done with it.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "helpers of tests")]

use larkspur_json::{Kind, Limits, Node, Object, parse_with};
use serde::Deserialize;

#[derive(Debug, Deserialize, PartialEq)]
enum Tagged {
    Leaf,
    Next(Box<Link>),
}

#[derive(Debug, Deserialize, PartialEq)]
struct Link {
    next: Option<Box<Tagged>>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(transparent)]
struct List(Vec<List>);

/// Runs in a thread with the 2 MiB that Rust gives to one.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(test)
        .unwrap()
        .join()
        .expect("no overflow, no panic");
}

fn nested(open: &str, middle: &str, close: &str, levels: usize) -> String {
    format!("{}{middle}{}", open.repeat(levels), close.repeat(levels))
}

fn walk_every_way(node: &Node<'_>, text: &str) {
    assert_eq!(node.to_string(), text);
    assert!(!node.has_duplicate_keys());
    assert_eq!(node.duplicate_keys(), []);
    let mut copy = node.clone();
    assert!(copy == *node);
    copy.map_spans(&mut |_| larkspur_json::Span::default());
    let value = copy.into_owned().to_value();
    assert_eq!(Node::from_value(&value).to_string(), text);
    drop(value);
}

#[test]
fn arrays_and_objects() {
    on_a_small_stack(|| {
        let limits = Limits::new().max_depth(usize::MAX);
        for (open, middle, close) in [
            ("[", "1", "]"),
            ("{\"a\":", "1", "}"),
            ("[{\"a\":", "1", "}]"),
        ] {
            let levels = Limits::DEEPEST / if open.len() > 5 { 2 } else { 1 };
            let text = nested(open, middle, close, levels);
            walk_every_way(&parse_with(&text, &limits).unwrap(), &text);
            let deeper = nested(open, middle, close, levels + 1);
            assert!(parse_with(&deeper, &limits).unwrap_err().is_limit());
        }
    });
}

#[test]
fn recursive_types() {
    on_a_small_stack(|| {
        let limits = Limits::new().max_depth(usize::MAX);
        let text = nested("[", "", "]", Limits::DEEPEST);
        parse_with(&text, &limits)
            .unwrap()
            .deserialize::<List>()
            .unwrap();
        let text = nested(
            "{\"Next\":{\"next\":",
            "\"Leaf\"",
            "}}",
            Limits::DEEPEST / 2,
        );
        parse_with(&text, &limits)
            .unwrap()
            .deserialize::<Tagged>()
            .unwrap();
        let text = nested("[", "{}", "]", Limits::DEEPEST - 1);
        parse_with(&text, &limits)
            .unwrap()
            .deserialize::<serde_json::Value>()
            .unwrap();
        let error = parse_with(&text, &limits)
            .unwrap()
            .deserialize::<List>()
            .unwrap_err();
        assert_eq!(error.pointer().tokens().count(), Limits::DEEPEST - 1);
    });
}

#[test]
fn an_object_is_empty_until_something_is_pushed() {
    assert_eq!(Node::from(Kind::Object(Object::new())).to_string(), "{}");
}
