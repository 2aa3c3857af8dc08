//! Writing into a schema what [`super::probe`] found out.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::probe::{EnumFacts, Facts, KeyKind, RecordFacts, Spelling};

/// Says what the keys of maps are; true if that was news.
pub(super) fn apply_keys(schema: &mut Value, kinds: &BTreeMap<String, KeyKind>) -> bool {
    let before = schema.clone();
    for (at, kind) in inner_first(kinds) {
        if let Some(Value::Object(map)) = schema.pointer_mut(at) {
            apply_key(map, *kind);
        }
    }
    *schema != before
}

fn apply_key(map: &mut Map<String, Value>, kind: KeyKind) {
    let names = match kind {
        KeyKind::Bool => json!({"enum": ["true", "false"]}),
        KeyKind::Char => json!({"minLength": 1, "maxLength": 1}),
        // Where `schemars` knows the names they are properties.
        KeyKind::Names(names) if !map.contains_key("properties") => json!({"enum": names}),
        KeyKind::Names(_) | KeyKind::Text => return,
        KeyKind::Integer { below, above } => {
            if let Some(Value::Object(patterns)) = map.get_mut("patternProperties")
                && let Some((_, values)) = std::mem::take(patterns).into_iter().next()
            {
                patterns.insert(integer_pattern(below, above), values);
            }
            return;
        }
    };
    map.insert("propertyNames".to_owned(), names);
}

/// A pattern for the integers of a type as JSON writes them: exact up to 32 bits; of the wider types the longest, which
/// would need a branch a digit, are left out.
fn integer_pattern(below: u128, above: u128) -> String {
    let mut options = vec!["0".to_owned()];
    let positive = |limit: u128| {
        let digits = limit.to_string();
        let any_shorter = format!("[1-9][0-9]{{0,{}}}", digits.len().saturating_sub(2));
        if digits.len() > 10 {
            vec![any_shorter]
        } else {
            up_to(&digits, any_shorter)
        }
    };
    options.extend(positive(above));
    if below > 0 {
        options.extend(
            positive(below)
                .into_iter()
                .map(|option| format!("-{option}")),
        );
    }
    format!("^({})$", options.join("|"))
}

/// `1` to the number written as `digits`: all that are shorter, then those that are smaller at the first, second, … digit.
fn up_to(digits: &str, any_shorter: String) -> Vec<String> {
    let mut options = vec![any_shorter];
    for (index, digit) in digits.char_indices() {
        let least = if index == 0 { '1' } else { '0' };
        let rest = digits.len() - index - 1;
        let free = match rest {
            0 => String::new(),
            1 => "[0-9]".to_owned(),
            rest => format!("[0-9]{{{rest}}}"),
        };
        // The last digit may be reached, any other must stay below.
        let most = if rest == 0 {
            Some(digit)
        } else {
            char::from_u32(u32::from(digit) - 1)
        };
        if let Some(most) = most.filter(|most| *most >= least) {
            let prefix = digits.get(..index).unwrap_or_default();
            options.push(if least == most {
                format!("{prefix}{least}{free}")
            } else {
                format!("{prefix}[{least}-{most}]{free}")
            });
        }
    }
    options
}

/// What makes the schema narrower: fields that serde insists on.
pub(super) fn narrow(schema: &mut Value, facts: &Facts) {
    for (at, record) in inner_first(&facts.records) {
        if let Some(Value::Object(object)) = schema.pointer_mut(at)
            && !record.needed.is_empty()
            && let Value::Array(required) = object.entry("required").or_insert_with(|| json!([]))
        {
            required.extend(record.needed.iter().map(|name| Value::from(name.as_str())));
        }
    }
}

/// A struct without fields is written as `{}`; open, it would be free-form to a server.
pub(super) fn close_empty(schema: &mut Value, facts: &Facts) {
    for at in &facts.empty {
        if let Some(Value::Object(object)) = schema.pointer_mut(at) {
            object.insert("properties".to_owned(), json!({}));
            object.insert("additionalProperties".to_owned(), false.into());
        }
    }
}

/// What makes the schema wider: other names, and parts that may be left out.
pub(super) fn widen(schema: &mut Value, facts: &Facts) {
    for (at, found) in inner_first(&facts.enums) {
        if let Some(Value::Object(object)) = schema.pointer_mut(at) {
            widen_enum(object, found);
        }
    }
    for (at, record) in inner_first(&facts.records) {
        if let Some(Value::Object(object)) = schema.pointer_mut(at) {
            widen_record(object, record);
        }
    }
    for (at, least) in &facts.tuples {
        if let Some(Value::Object(array)) = schema.pointer_mut(at) {
            array.insert("minItems".to_owned(), (*least).into());
        }
    }
}

fn widen_record(object: &mut Map<String, Value>, facts: &RecordFacts) {
    if let Some(Value::Array(required)) = object.get_mut("required") {
        required.retain(|name| !facts.optional.iter().any(|optional| name == optional));
    }
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, alias) in &facts.aliases {
        names.entry(name).or_insert_with(|| vec![name]).push(alias);
    }
    for (name, spellings) in names {
        let required = object.get_mut("required").and_then(Value::as_array_mut);
        let is_required = required.is_some_and(|required| {
            let index = required.iter().position(|required| required == name);
            index.is_some_and(|index| required.remove(index) == name)
        });
        if let Value::Array(rules) = object.entry("allOf").or_insert_with(|| json!([])) {
            rules.push(one_spelling(&spellings, is_required));
        }
        if let Some(Value::Object(properties)) = object.get_mut("properties")
            && let Some(schema) = properties.get(name).cloned()
        {
            properties.extend(
                spellings
                    .iter()
                    .skip(1)
                    .map(|alias| ((*alias).to_owned(), schema.clone())),
            );
        }
    }
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        properties.extend(
            facts
                .null
                .iter()
                .map(|name| (name.clone(), json!({"type": "null"}))),
        );
    }
}

/// Serde refuses a field that comes twice, under whichever names.
fn one_spelling(spellings: &[&str], is_required: bool) -> Value {
    let each: Vec<Value> = spellings
        .iter()
        .map(|name| json!({"required": [name]}))
        .collect();
    let none = json!({"not": {"anyOf": each.clone()}});
    json!({"oneOf": each.into_iter().chain((!is_required).then_some(none)).collect::<Vec<_>>()})
}

fn widen_enum(object: &mut Map<String, Value>, facts: &EnumFacts) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = object.get_mut(keyword) else {
            continue;
        };
        for branch in branches.iter_mut() {
            widen_branch(branch, facts);
        }
        if facts.other {
            branches.extend(other_branch(facts));
        }
    }
    if object.contains_key("enum") {
        if facts.other {
            object.shift_remove("enum");
        } else if let Some(Value::Array(names)) = object.get_mut("enum") {
            names.extend(
                facts
                    .aliases
                    .iter()
                    .map(|(_, alias)| Value::from(alias.as_str())),
            );
        }
    }
}

fn widen_branch(branch: &mut Value, facts: &EnumFacts) {
    for spelling in Spelling::of_branch(branch) {
        let same = facts
            .aliases
            .iter()
            .filter(|(name, _)| name == spelling.name());
        let aliases: Vec<Value> = same.map(|(_, alias)| Value::from(alias.as_str())).collect();
        let Some(branch) = branch.as_object_mut().filter(|_| !aliases.is_empty()) else {
            continue;
        };
        match spelling {
            Spelling::Text(name) => add_names(branch, &name, aliases),
            Spelling::Tag { tag, name } => {
                let tag = branch
                    .get_mut("properties")
                    .and_then(|properties| properties.get_mut(tag));
                if let Some(Value::Object(tag)) = tag {
                    add_names(tag, &name, aliases);
                }
            }
            Spelling::Key(name) => add_keys(branch, &name, &aliases),
        }
    }
}

/// More names beside a `const` or in an `enum`.
fn add_names(schema: &mut Map<String, Value>, name: &str, aliases: Vec<Value>) {
    schema.shift_remove("const");
    if let Value::Array(names) = schema.entry("enum").or_insert_with(|| json!([name])) {
        names.extend(aliases);
    }
}

/// Exactly one of several keys.
fn add_keys(branch: &mut Map<String, Value>, name: &str, aliases: &[Value]) {
    branch.shift_remove("required");
    branch.insert("minProperties".to_owned(), 1.into());
    branch.insert("maxProperties".to_owned(), 1.into());
    if let Some(Value::Object(properties)) = branch.get_mut("properties")
        && let Some(content) = properties.get(name).cloned()
    {
        let aliases = aliases.iter().filter_map(Value::as_str);
        properties.extend(aliases.map(|alias| (alias.to_owned(), content.clone())));
    }
}

/// Any name that no other variant has.
fn other_branch(facts: &EnumFacts) -> Option<Value> {
    let name = json!({"type": "string", "not": {"enum": facts.names()}});
    let Spelling::Tag { tag, .. } = facts.spellings.first()? else {
        return Some(name);
    };
    let mut properties = Map::from_iter([(tag.clone(), name)]);
    // The variant has no content, so there is none beside the tag.
    properties.extend(
        facts
            .content
            .iter()
            .map(|content| (content.clone(), json!({"type": "null"}))),
    );
    Some(json!({"type": "object", "properties": properties, "required": [tag]}))
}

/// Longest pointers first: a change at an outer place can move what is inside.
fn inner_first<V>(facts: &BTreeMap<String, V>) -> Vec<(&str, &V)> {
    let mut sorted: Vec<_> = facts.iter().map(|(at, fact)| (at.as_str(), fact)).collect();
    sorted.sort_by_key(|(at, _)| Reverse(at.matches('/').count()));
    sorted
}
