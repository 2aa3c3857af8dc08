//! One hunk of a unified diff.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{maybe, some};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("@@ -{old} +{new} @@{section}\n{lines}")]
pub(crate) struct Hunk {
    old: Range,
    new: Range,
    #[syntax(some = " {}", pattern = "[ -~]{1,60}")]
    section: Option<String>,
    #[syntax(separator = "", min = 1)]
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{start}{count}")]
pub(crate) struct Range {
    start: u32,
    #[syntax(some = ",{}")]
    count: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Line {
    #[syntax(" {0}\n")]
    Context(#[syntax(pattern = "[^\n]{1,120}")] Option<String>),
    #[syntax("+{0}\n")]
    Added(#[syntax(pattern = "[^\n]{1,120}")] Option<String>),
    #[syntax("-{0}\n")]
    Removed(#[syntax(pattern = "[^\n]{1,120}")] Option<String>),
    #[syntax("\\ No newline at end of file\n")]
    NoNewline,
}

pub(crate) type Root = Hunk;

pub(crate) const ACCEPTED: &[&str] = &[
    "@@ -1,3 +1,2 @@ fn main() {\n let x = 1;\n-    let y = 2;\n+\n",
    "@@ -0 +1 @@\n+a\n\\ No newline at end of file\n",
];

pub(crate) const REFUSED: &[&str] = &["@@ -1 +1 @@\n", "@@ -1 +1 @@\nx\n", "@@ -1 @@\n a\n", "@@ -1 +1 @@\n+a"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let range = || (any::<u32>(), maybe(any::<u32>())).prop_map(|(start, count)| Range { start, count });
    let text = || maybe("[^\n]{1,120}");
    let line = prop_oneof![
        text().prop_map(Line::Context),
        text().prop_map(Line::Added),
        text().prop_map(Line::Removed),
        Just(Line::NoNewline),
    ];
    (range(), range(), maybe("[ -~]{1,60}"), some(line, 6))
        .prop_map(|(old, new, section, lines)| Hunk { old, new, section, lines })
}
