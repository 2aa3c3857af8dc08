//! Where two requests differ.

use serde_json::Value;

use crate::error::excerpt;

/// Places that are looked for.
const MOST: usize = 1_000;

/// Every place in which a request differs from a recorded one, in words, in the order of the recorded one. What came out of a reader of JSON is
/// nested no deeper than that reader allows (128), so neither is this.
pub(super) fn between(recorded: Option<&Value>, asked: Option<&Value>) -> Vec<String> {
    let mut found = Vec::new();
    compare(recorded, asked, &mut String::new(), &mut found);
    found
}

fn compare(
    recorded: Option<&Value>,
    asked: Option<&Value>,
    at: &mut String,
    found: &mut Vec<String>,
) {
    if recorded == asked || found.len() >= MOST {
        return;
    }
    match (recorded, asked) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let added = new.keys().filter(|name| !old.contains_key(*name));
            for name in old.keys().chain(added) {
                below(name, at, |at| {
                    compare(old.get(name), new.get(name), at, found);
                });
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            for index in 0..old.len().max(new.len()) {
                let name = index.to_string();
                below(&name, at, |at| {
                    compare(old.get(index), new.get(index), at, found);
                });
            }
        }
        _ => {
            let place = if at.is_empty() { "as a whole" } else { "at " };
            let (recorded, asked) = (said(recorded), said(asked));
            found.push(format!(
                "{place}{at}: recorded {recorded}, asked for {asked}"
            ));
        }
    }
}

/// One step down a JSON Pointer and back.
fn below(name: &str, at: &mut String, compare: impl FnOnce(&mut String)) {
    let length = at.len();
    at.push('/');
    at.push_str(&name.replace('~', "~0").replace('/', "~1"));
    compare(at);
    at.truncate(length);
}

fn said(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| excerpt(&value.to_string()))
}
