use std::collections::HashMap;

use larkspur::Syntax;

#[derive(Syntax)]
#[syntax("{name}: {entries}")]
struct Section {
    name: String,
    entries: HashMap<String, String>,
}

fn main() {}
