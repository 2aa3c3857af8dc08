//! JSON for people: in the order it has, and on one line where that is short.

use serde_json::Value;

const WIDTH: usize = 96;

pub(crate) fn pretty(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text
}

fn write(value: &Value, indent: usize, text: &mut String) {
    let short = one_line(value);
    if short.len() + indent <= WIDTH {
        text.push_str(&short);
        return;
    }
    let (open, parts, close): (_, Vec<(String, &Value)>, _) = match value {
        Value::Object(members) => (
            '{',
            members
                .iter()
                .map(|(key, value)| (format!("{key:?}: "), value))
                .collect(),
            '}',
        ),
        Value::Array(items) => (
            '[',
            items.iter().map(|item| (String::new(), item)).collect(),
            ']',
        ),
        _ => return text.push_str(&short),
    };
    text.push(open);
    for (index, (key, part)) in parts.iter().enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        text.push_str(&" ".repeat(indent + 2));
        text.push_str(key);
        write(part, indent + 2, text);
    }
    text.push('\n');
    text.push_str(&" ".repeat(indent));
    text.push(close);
}

fn one_line(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| format!("{key:?}: {}", one_line(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(items) => format!(
            "[{}]",
            items.iter().map(one_line).collect::<Vec<_>>().join(", ")
        ),
        scalar => scalar.to_string(),
    }
}
