//! The walk from a schema to a value.

use serde_json::{Map, Value};

use crate::rng::Rng;

use super::clues::Clues;
use super::hints::{About, words_of};
use super::resolve::{branches, follow, height, merged, target};
use super::source::Source;
use super::{numbers, strings, sums};

/// Values in one answer.
const MAX_VALUES: usize = 4_000;
/// Levels of schemas, references counted; what is deeper is given up.
const MAX_DEPTH: u32 = 96;
/// Levels of values from which the walk takes the shortest way out.
const DEEP: u32 = 6;
/// Items of an array that may have any number.
const USUAL_ITEMS: u64 = 3;
/// Tries for an item that no earlier item equals.
const DISTINCT_TRIES: u32 = 40;

/// Where in the value the walk is.
#[derive(Clone, Copy)]
struct Level {
    /// Schemas above this one.
    steps: u32,
    /// Objects and arrays above this value.
    values: u32,
    /// Times that a reference led back to a schema that is being walked.
    turns: u32,
}

impl Level {
    fn step(self) -> Option<Self> {
        (self.steps < MAX_DEPTH).then_some(Self {
            steps: self.steps + 1,
            ..self
        })
    }

    fn inside(self) -> Self {
        Self {
            values: self.values + 1,
            ..self
        }
    }

    fn is_deep(self) -> bool {
        self.values > DEEP || self.turns > 1
    }
}

/// See the module.
pub(crate) struct Walk<'a> {
    root: &'a Value,
    source: Source<'a>,
    values: usize,
    /// References being walked, from the root on.
    open: Vec<String>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(root: &'a Value, clues: Clues, rng: &'a mut Rng) -> Self {
        Self {
            root,
            source: Source::new(clues, rng),
            values: 0,
            open: vec!["#".to_owned()],
        }
    }

    /// A value of the whole schema.
    pub(crate) fn root(mut self, name: &str) -> Option<Value> {
        let title = self
            .root
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let about = About {
            parent: words_of(if title.is_empty() { name } else { title }),
            description: String::new(),
            words: Vec::new(),
        };
        let root = self.root;
        self.value(
            root,
            &about,
            Level {
                steps: 0,
                values: 0,
                turns: 0,
            },
        )
    }

    fn value(&mut self, schema: &Value, about: &About, level: Level) -> Option<Value> {
        let level = level.step()?;
        self.values += 1;
        if self.values > MAX_VALUES || schema == &Value::Bool(false) {
            return None;
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.reference(reference, schema, about, level);
        }
        if let Some(fixed) = schema.get("const") {
            return Some(fixed.clone());
        }
        if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
            return self.choice(choices);
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let mut whole = without(schema, "allOf");
            for part in parts {
                whole = merged(&whole, follow(self.root, part)?);
            }
            return self.value(&whole, about, level);
        }
        if let Some(all) = branches(schema) {
            return self.branch(schema, all, about, level);
        }
        self.typed(schema, about, level)
    }

    fn reference(
        &mut self,
        reference: &str,
        schema: &Value,
        about: &About,
        level: Level,
    ) -> Option<Value> {
        let found = target(self.root, reference)?;
        let siblings = without(schema, "$ref");
        let about = about.through(&siblings).through(found);
        let again = self.open.iter().any(|open| open == reference);
        let level = if again {
            Level {
                turns: level.turns + 1,
                ..level
            }
        } else {
            level
        };
        self.open.push(reference.to_owned());
        let structural = siblings.as_object().is_some_and(|keys| {
            keys.keys()
                .any(|key| key != "description" && key != "title")
        });
        let value = if structural {
            self.value(&merged(found, &siblings), &about, level)
        } else {
            self.value(found, &about, level)
        };
        self.open.pop();
        value
    }

    /// One of some fixed values: a text that the request mentions, or any.
    fn choice(&mut self, choices: &[Value]) -> Option<Value> {
        if let Some(named) = choices.iter().find(|choice| {
            choice
                .as_str()
                .is_some_and(|text| self.source.mentions(text))
        }) {
            return Some(named.clone());
        }
        self.source.rng.pick(choices).cloned()
    }

    fn branch(
        &mut self,
        schema: &Value,
        all: &[Value],
        about: &About,
        level: Level,
    ) -> Option<Value> {
        let is_null = |branch: &&Value| {
            follow(self.root, branch).is_some_and(|found| found.get("type") == Some(&"null".into()))
        };
        let (nulls, others): (Vec<&Value>, Vec<&Value>) = all.iter().partition(is_null);
        let candidates = if others.is_empty()
            || !nulls.is_empty() && (level.is_deep() || self.source.prefers_null(about))
        {
            nulls
        } else {
            others
        };
        let chosen = if level.is_deep() {
            let mut by_height: Vec<(u32, &Value)> = candidates
                .iter()
                .map(|branch| (height(self.root, branch), *branch))
                .collect();
            by_height.sort_by_key(|(height, _)| *height);
            by_height.first().map(|(_, branch)| *branch)
        } else {
            self.source.rng.pick(&candidates).copied()
        }?;
        let base = without(&without(schema, "anyOf"), "oneOf");
        let only_notes = base
            .as_object()
            .is_none_or(|keys| keys.keys().all(|key| is_annotation(key)));
        let about = about.through(chosen);
        if only_notes {
            return self.value(chosen, &about, level);
        }
        let whole = merged(&base, follow(self.root, chosen)?);
        self.value(&whole, &about, level)
    }

    fn typed(&mut self, schema: &Value, about: &About, level: Level) -> Option<Value> {
        let name = match schema.get("type") {
            Some(Value::Array(names)) => self.one_type(names, about, level)?,
            _ => super::resolve::main_type(schema)
                .unwrap_or("string")
                .to_owned(),
        };
        match name.as_str() {
            "null" => Some(Value::Null),
            "boolean" => Some(Value::Bool(self.source.rng.chance(60))),
            "integer" => self.told_or_not(about, |about, source| {
                numbers::integer(schema, about, source)
            }),
            "number" => self.told_or_not(about, |about, source| {
                numbers::number(schema, about, source)
            }),
            "string" => self.told_or_not(about, |about, source| {
                strings::string(schema, about, source).map(Value::String)
            }),
            "array" => self.array(schema, about, level),
            "object" => self.object(schema, about, level),
            _ => None,
        }
    }

    /// A value by all that is known of it, or, where the description asks for the impossible, by the schema alone.
    fn told_or_not(
        &mut self,
        about: &About,
        write: impl Fn(&About, &mut Source<'a>) -> Option<Value>,
    ) -> Option<Value> {
        if let Some(value) = write(about, &mut self.source) {
            return Some(value);
        }
        let untold = About {
            description: String::new(),
            ..about.clone()
        };
        write(&untold, &mut self.source)
    }

    fn one_type(&mut self, names: &[Value], about: &About, level: Level) -> Option<String> {
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        let null = names.contains(&"null");
        if null && (names.len() == 1 || level.is_deep() || self.source.prefers_null(about)) {
            return Some("null".to_owned());
        }
        let others: Vec<&str> = names.into_iter().filter(|name| *name != "null").collect();
        self.source.rng.pick(&others).map(|name| (*name).to_owned())
    }

    fn object(&mut self, schema: &Value, about: &About, level: Level) -> Option<Value> {
        let none = Map::new();
        let properties = schema
            .get("properties")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        let required = super::resolve::required(schema);
        let mut object = Map::new();
        for (name, property) in properties {
            let wanted =
                required.contains(&name.as_str()) || !level.is_deep() && self.source.rng.chance(75);
            if wanted {
                let value =
                    self.value(property, &about.property(name, property), level.inside())?;
                object.insert(name.clone(), value);
            }
        }
        for name in required {
            if !object.contains_key(name) {
                object.insert(name.to_owned(), self.extra(schema, name, about, level)?);
            }
        }
        self.fill_up(&mut object, schema, about, level)?;
        sums::add_up(&mut object, properties);
        Some(Value::Object(object))
    }

    /// Properties that a schema does not name: as many as it asks for, and one or two where it is a map.
    fn fill_up(
        &mut self,
        object: &mut Map<String, Value>,
        schema: &Value,
        about: &About,
        level: Level,
    ) -> Option<()> {
        let least = schema
            .get("minProperties")
            .and_then(Value::as_u64)
            .unwrap_or(0);
        let is_map = object.is_empty()
            && schema
                .get("additionalProperties")
                .is_some_and(Value::is_object);
        let usual = if is_map && !level.is_deep() {
            self.source.rng.below(2) + 1
        } else {
            0
        };
        let most = schema
            .get("maxProperties")
            .and_then(Value::as_u64)
            .unwrap_or(u64::MAX);
        let wanted = usual.max(least).min(most);
        let mut tries = 0;
        while count(object.len()) < wanted && tries < 4 * wanted.min(1_000) {
            tries += 1;
            let name = self.source.key(tries);
            if !object.contains_key(&name) {
                let value = self.extra(schema, &name, about, level)?;
                object.insert(name, value);
            }
        }
        Some(())
    }

    fn extra(&mut self, schema: &Value, name: &str, about: &About, level: Level) -> Option<Value> {
        let open = Value::Bool(true);
        let extra = schema.get("additionalProperties").unwrap_or(&open);
        self.value(extra, &about.property(name, extra), level.inside())
    }

    fn array(&mut self, schema: &Value, about: &About, level: Level) -> Option<Value> {
        let rules = Items::of(schema, about);
        let open = Value::Bool(true);
        let rest = rules.rest.unwrap_or(&open);
        let wanted = match rules.fixed.len() {
            0 if rest == &Value::Bool(false) => rules.least,
            0 if level.is_deep() => rules.least,
            0 => self.source.count(about, USUAL_ITEMS).max(rules.least),
            fixed => count(fixed).max(rules.least),
        };
        let wanted = wanted.min(rules.most);
        let mut items: Vec<Value> = Vec::new();
        let mut tries = 0;
        while count(items.len()) < wanted {
            let item = rules.fixed.get(items.len()).unwrap_or(rest);
            let value = self.value(item, &about.item(item), level.inside())?;
            if !items
                .iter()
                .any(|known| same_key(known, &value) || rules.distinct && known == &value)
            {
                items.push(value);
                continue;
            }
            tries += 1;
            if tries > DISTINCT_TRIES {
                return (count(items.len()) >= rules.least).then_some(Value::Array(items));
            }
        }
        Some(Value::Array(items))
    }
}

/// What an array has to hold, by its schema and its description.
struct Items<'s> {
    least: u64,
    most: u64,
    distinct: bool,
    /// Schemas of the first items.
    fixed: &'s [Value],
    /// The schema of the items after them.
    rest: Option<&'s Value>,
}

impl<'s> Items<'s> {
    fn of(schema: &'s Value, about: &About) -> Self {
        let bound = |keyword: &str| schema.get(keyword).cloned().or_else(|| about.told(keyword));
        let limit = |keyword: &str, side: &str| {
            let told = || {
                about
                    .counted(side, "elements")
                    .or_else(|| about.counted(side, "properties"))
            };
            bound(keyword)
                .and_then(|value| value.as_u64())
                .or_else(told)
        };
        Self {
            least: limit("minItems", "least").unwrap_or(0),
            most: limit("maxItems", "most").unwrap_or(u64::MAX),
            distinct: bound("uniqueItems") == Some(Value::Bool(true))
                || about.description.contains("No element occurs twice")
                || about.says("distinct")
                || about.says("unique"),
            fixed: schema
                .get("prefixItems")
                .and_then(Value::as_array)
                .map_or(&[], Vec::as_slice),
            rest: schema.get("items").filter(|items| !items.is_array()),
        }
    }
}

/// Whether two items are entries of one map under the same key: `{"key": …, "value": …}`.
fn same_key(first: &Value, second: &Value) -> bool {
    let key = |entry: &Value| {
        let entry = entry
            .as_object()
            .filter(|entry| entry.len() == 2 && entry.contains_key("value"))?;
        entry.get("key").cloned()
    };
    key(first).is_some_and(|first| key(second) == Some(first))
}

fn without(schema: &Value, keyword: &str) -> Value {
    match schema {
        Value::Object(keys) => Value::Object(
            keys.iter()
                .filter(|(key, _)| *key != keyword)
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn is_annotation(key: &str) -> bool {
    matches!(
        key,
        "description"
            | "title"
            | "default"
            | "examples"
            | "$defs"
            | "definitions"
            | "$schema"
            | "$id"
            | "$comment"
            | "discriminator"
    )
}

fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
