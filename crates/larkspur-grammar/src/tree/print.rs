//! Trees as text: S-expressions, JSON, and what serde makes of them.

use std::fmt::{self, Write as _};

use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};

use super::{Node, NodeKind, Tree};
use crate::quoted;

/// Deeper trees are not given to serde, which recurses on the machine stack; [`Tree::to_json`] takes any.
const MAX_SERDE_DEPTH: usize = 128;

impl Tree<'_> {
    /// The tree as an S-expression on one line: `(sum (NUMBER "1") (NUMBER "2"))`; `_` for what is absent.
    pub fn to_sexpr(&self) -> String {
        self.root().to_sexpr()
    }

    /// The tree as JSON on one line. Rules are `{"rule","span","children"}`, lexemes `{"terminal","span","text"}`, what is
    /// absent is `null`.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        let mut open = 0;
        for (depth, node) in self.walk() {
            close(&mut out, &mut open, depth, "]}");
            if !(out.is_empty() || out.ends_with('[')) {
                out.push(',');
            }
            match node.kind() {
                NodeKind::Absent => out.push_str("null"),
                NodeKind::Terminal => {
                    head(&mut out, "terminal", node);
                    out.push_str(",\"text\":");
                    quote(&mut out, &node.text());
                    out.push('}');
                }
                NodeKind::Rule => {
                    head(&mut out, "rule", node);
                    out.push_str(",\"children\":[");
                    open += 1;
                }
            }
        }
        close(&mut out, &mut open, 0, "]}");
        out
    }
}

impl Node<'_> {
    /// This node and all below it as an S-expression on one line: `(sum (NUMBER "1") (NUMBER "2"))`; `_` for what is absent.
    pub fn to_sexpr(&self) -> String {
        let mut out = String::new();
        let mut open = 0;
        for (depth, node) in self.walk() {
            close(&mut out, &mut open, depth, ")");
            if !out.is_empty() {
                out.push(' ');
            }
            match node.kind() {
                NodeKind::Absent => out.push('_'),
                NodeKind::Terminal => {
                    out.push('(');
                    out.push_str(node.name());
                    out.push(' ');
                    quote(&mut out, &node.text());
                    out.push(')');
                }
                NodeKind::Rule => {
                    out.push('(');
                    out.push_str(node.name());
                    open += 1;
                }
            }
        }
        close(&mut out, &mut open, 0, ")");
        out
    }
}

/// Closes the rules that are open but are not above `depth`.
fn close(out: &mut String, open: &mut usize, depth: usize, with: &str) {
    while *open > depth {
        out.push_str(with);
        *open -= 1;
    }
}

fn head(out: &mut String, key: &str, node: Node<'_>) {
    out.push_str("{\"");
    out.push_str(key);
    out.push_str("\":");
    quote(out, node.name());
    let span = node.span();
    // Writing to a `String` cannot fail.
    let _ = write!(
        out,
        ",\"span\":{{\"start\":{},\"end\":{}}}",
        span.start, span.end
    );
}

/// A JSON string, which is also what S-expressions are quoted with.
fn quote(out: &mut String, text: &str) {
    quoted::quote(text, |c| c < ' ', out);
}

/// The S-expression.
impl fmt::Display for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_sexpr())
    }
}

/// As [`Tree::to_json`]; a tree deeper than 128 levels is an error, since serde recurses.
impl Serialize for Tree<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.walk().any(|(depth, _)| depth > MAX_SERDE_DEPTH) {
            return Err(S::Error::custom(format!(
                "the tree is deeper than {MAX_SERDE_DEPTH} levels; use `to_json`"
            )));
        }
        self.root().serialize(serializer)
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.kind() {
            NodeKind::Absent => serializer.serialize_none(),
            NodeKind::Terminal => {
                let mut map = serializer.serialize_map(Some(3))?;
                map.serialize_entry("terminal", self.name())?;
                map.serialize_entry("span", &self.span())?;
                map.serialize_entry("text", &self.text())?;
                map.end()
            }
            NodeKind::Rule => {
                let mut map = serializer.serialize_map(Some(3))?;
                map.serialize_entry("rule", self.name())?;
                map.serialize_entry("span", &self.span())?;
                map.serialize_entry("children", &self.children().collect::<Vec<_>>())?;
                map.end()
            }
        }
    }
}
