//! Any bytes as JSON: the readers beside `serde_json`, beside each other, and whole beside in pieces.

use larkspur_json::{Node, Partial, parse, parse_lenient};
use serde_json::Value;

/// Panics where two readers disagree.
pub(crate) fn run(bytes: &[u8]) {
    let whole = in_pieces(bytes, bytes.len().max(1));
    for size in [1, 2, 3, 7] {
        assert_eq!(in_pieces(bytes, size), whole, "pieces of {size}");
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        assert_eq!(whole, None);
        return;
    };
    let lenient = parse_lenient(text);
    let oracle = serde_json::from_str::<Value>(text);
    match parse(text) {
        Ok(node) => {
            let read = lenient.expect("what is JSON is read");
            assert!(read.node == node && read.repairs.is_empty() && !read.truncated);
            if !node.has_duplicate_keys() {
                assert_eq!(whole, Some(node.to_value()));
                // Where it fails, a number is beyond its range.
                if let Ok(value) = oracle {
                    assert_eq!(node.to_value(), value);
                }
            }
            the_tolerant_reader_agrees(text, &node);
        }
        Err(error) => {
            assert!(oracle.is_err() || error.is_limit(), "{error}");
            assert!(whole.is_none() || error.is_limit(), "{error}");
            if let Ok(read) = lenient {
                assert!(!read.repairs.is_empty());
                let has_place = |span: larkspur_json::Span| span.of(text).is_some();
                assert!(read.repairs.iter().all(|repair| has_place(repair.span)));
                assert!(has_place(read.span));
            }
        }
    }
}

/// A comma behind the value makes the tolerant reader run.
fn the_tolerant_reader_agrees(text: &str, node: &Node<'_>) {
    match parse_lenient(&format!("[{text},]")) {
        Ok(read) => assert_eq!(read.node.to_string(), format!("[{node}]")),
        Err(error) => assert!(error.is_limit(), "{error}"),
    }
}

/// The value of bytes that come in pieces of this size.
fn in_pieces(bytes: &[u8], size: usize) -> Option<Value> {
    let mut partial = Partial::new();
    for piece in bytes.chunks(size) {
        partial.push_bytes(piece).ok()?;
    }
    partial.finish().ok()?.to_value()
}
