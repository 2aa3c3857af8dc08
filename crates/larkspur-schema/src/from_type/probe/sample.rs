//! Small values that a schema allows, and which part of the schema each part of a value is under.

use std::collections::BTreeMap;
use std::rc::Rc;

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value, json};

use super::height::{ENDLESS, Heights};
use crate::from_type::pointer::child;
use crate::vocabulary::required_names;

/// A value is given up below this; a type that needs more has no end.
const MAX_DEPTH: usize = 64;
/// After so many parts a sample takes the shortest way to its end.
const ENOUGH_PARTS: usize = 1_000;
/// A type whose smallest value has more parts gets no samples.
const MAX_PARTS: usize = 20_000;
/// A definition that is entered inside itself so often takes the shortest way to its end.
const MAX_TURNS: usize = 2;
/// Text for a pattern is cut off here; a pattern that asks for more gets no sample.
const MAX_TEXT: usize = 1024;

pub(super) struct Sample {
    pub(super) value: Value,
    /// Pointer into the value, pointer into the schema; outer before inner.
    pub(super) places: Vec<(String, String)>,
}

/// Draws samples; each turn prefers the branches that were taken least, so that a few samples reach every part.
pub(super) struct Sampler<'s> {
    root: &'s Value,
    taken: BTreeMap<String, usize>,
    entered: Vec<&'s str>,
    places: Vec<(String, String)>,
    /// Parts drawn for the sample so far, given up ones included.
    parts: usize,
    /// Definitions that are being left by the shortest way.
    hurry: usize,
    heights: Heights,
    measured: BTreeMap<*const Value, Rc<[usize]>>,
}

impl<'s> Sampler<'s> {
    pub(super) fn new(root: &'s Value) -> Self {
        Self {
            root,
            taken: BTreeMap::new(),
            entered: Vec::new(),
            places: Vec::new(),
            parts: 0,
            hurry: 0,
            heights: Heights::of(root),
            measured: BTreeMap::new(),
        }
    }

    pub(super) fn next_sample(&mut self) -> Option<Sample> {
        self.places.clear();
        self.entered.clear();
        self.parts = 0;
        let root = self.root;
        if self.heights.height(root) == ENDLESS {
            return None;
        }
        let value = self.draw(root, "", "", 0)?;
        Some(Sample {
            value,
            places: std::mem::take(&mut self.places),
        })
    }

    /// A value of `schema`, which is at `at`, for the place `place`. Takes back its places where there is none.
    fn draw(&mut self, schema: &'s Value, at: &str, place: &str, depth: usize) -> Option<Value> {
        let (places, entered) = (self.places.len(), self.entered.len());
        let drawn = self.try_draw(schema, at, place, depth);
        self.entered.truncate(entered);
        if drawn.is_none() {
            self.places.truncate(places);
        }
        drawn
    }

    fn try_draw(
        &mut self,
        schema: &'s Value,
        at: &str,
        place: &str,
        depth: usize,
    ) -> Option<Value> {
        self.parts += 1;
        if depth > MAX_DEPTH || self.parts > MAX_PARTS || schema == &Value::Bool(false) {
            return None;
        }
        self.places.push((place.to_owned(), at.to_owned()));
        let Some(object) = schema.as_object() else {
            return Some(Value::Null);
        };
        if let Some(constant) = object.get("const") {
            return Some(constant.clone());
        }
        if let Some(Value::Array(values)) = object.get("enum") {
            let turn = self.taken.entry(child(at, "enum")).or_default();
            *turn += 1;
            return values.get((*turn - 1) % values.len().max(1)).cloned();
        }
        let mut parts = Vec::new();
        if object.contains_key("type") || object.contains_key("properties") {
            parts.push(self.typed(object, at, place, depth)?);
        }
        if let Some(name) = object.get("$ref").and_then(Value::as_str) {
            parts.push(self.referred(name, place, depth)?);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = object.get(keyword) {
                parts.push(self.branch(branches, &child(at, keyword), place, depth)?);
            }
        }
        for (index, branch) in object
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            let at = child(&child(at, "allOf"), &index.to_string());
            parts.push(self.draw(branch, &at, place, depth + 1)?);
        }
        Some(parts.into_iter().reduce(joined).unwrap_or(Value::Null))
    }

    fn referred(&mut self, name: &'s str, place: &str, depth: usize) -> Option<Value> {
        let at = name.strip_prefix('#')?;
        let target = self.root.pointer(at)?;
        let turns = self
            .entered
            .iter()
            .filter(|entered| **entered == at)
            .count();
        self.hurry += usize::from(turns >= MAX_TURNS);
        self.entered.push(at);
        let drawn = self.draw(target, at, place, depth + 1);
        self.hurry -= usize::from(turns >= MAX_TURNS);
        drawn
    }

    /// Measured once for every list of branches; the lists are told apart by where they are.
    fn branch_heights(&mut self, branches: &'s [Value]) -> Rc<[usize]> {
        let heights = &self.heights;
        let measured = self.measured.entry(branches.as_ptr());
        Rc::clone(measured.or_insert_with(|| {
            branches
                .iter()
                .map(|branch| heights.height(branch))
                .collect()
        }))
    }

    /// Whether only what must be there is drawn.
    fn is_short(&self) -> bool {
        self.hurry > 0 || self.parts > ENOUGH_PARTS
    }

    fn branch(
        &mut self,
        branches: &'s [Value],
        at: &str,
        place: &str,
        depth: usize,
    ) -> Option<Value> {
        let heights = self.branch_heights(branches);
        let height = |index: &usize| heights.get(*index).copied().unwrap_or(ENDLESS);
        let mut order: Vec<usize> = (0..branches.len())
            .filter(|index| height(index) < ENDLESS)
            .collect();
        if self.is_short() {
            order.sort_by_key(height);
        } else {
            order.sort_by_cached_key(|index| {
                self.taken
                    .get(&child(at, &index.to_string()))
                    .copied()
                    .unwrap_or(0)
            });
        }
        order.into_iter().find_map(|index| {
            let at = child(at, &index.to_string());
            let drawn = self.draw(branches.get(index)?, &at, place, depth + 1)?;
            *self.taken.entry(at).or_default() += 1;
            Some(drawn)
        })
    }

    fn typed(
        &mut self,
        schema: &'s Map<String, Value>,
        at: &str,
        place: &str,
        depth: usize,
    ) -> Option<Value> {
        let name = match schema.get("type") {
            Some(Value::String(name)) => name.as_str(),
            // The last one is null, of which there is nothing to learn.
            Some(Value::Array(names)) => names.first()?.as_str()?,
            _ => "object",
        };
        Some(match name {
            "boolean" => json!(true),
            "integer" => integer(schema),
            "number" => number(schema),
            "string" => Value::String(string(schema)?),
            "array" => Value::Array(self.array(schema, at, place, depth)?),
            "object" => Value::Object(self.object(schema, at, place, depth)?),
            _ => Value::Null,
        })
    }

    fn array(
        &mut self,
        schema: &'s Map<String, Value>,
        at: &str,
        place: &str,
        depth: usize,
    ) -> Option<Vec<Value>> {
        let count = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
        let least = count("minItems").unwrap_or(0);
        let prefix = schema
            .get("prefixItems")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let wanted = if self.is_short() {
            least
        } else {
            least.max(prefix.len().max(1) as u64)
        };
        let length = wanted.min(count("maxItems").unwrap_or(u64::MAX));
        let mut items = Vec::new();
        for index in 0..length.min(MAX_DEPTH as u64) {
            let step = index.to_string();
            let (item, at) = match usize::try_from(index)
                .ok()
                .and_then(|index| prefix.get(index))
            {
                Some(item) => (item, child(&child(at, "prefixItems"), &step)),
                None => (
                    schema.get("items").unwrap_or(&Value::Null),
                    child(at, "items"),
                ),
            };
            match self.draw(item, &at, &child(place, &step), depth + 1) {
                Some(item) => items.push(item),
                None if index >= least => break,
                None => return None,
            }
        }
        Some(items)
    }

    fn object(
        &mut self,
        schema: &'s Map<String, Value>,
        at: &str,
        place: &str,
        depth: usize,
    ) -> Option<Map<String, Value>> {
        let required = required_names(schema);
        let mut object = Map::new();
        for (name, property) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let must = required.contains(name.as_str());
            if !must && (self.is_short() || self.heights.height(property) == ENDLESS) {
                continue;
            }
            let at = child(&child(at, "properties"), name);
            match self.draw(property, &at, &child(place, name), depth + 1) {
                Some(value) => drop(object.insert(name.clone(), value)),
                None if must => return None,
                None => {}
            }
        }
        if !self.is_short()
            && let Some((key, values, at)) = map_entry(schema, at)
            && let Some(value) = self.draw(values, &at, &child(place, &key), depth + 1)
        {
            object.insert(key, value);
        }
        Some(object)
    }
}

/// A key that the schema of a map allows, the schema of its value, and where that is.
fn map_entry<'s>(schema: &'s Map<String, Value>, at: &str) -> Option<(String, &'s Value, String)> {
    if let Some(Value::Object(patterns)) = schema.get("patternProperties") {
        let (pattern, values) = patterns.iter().next()?;
        return Some((
            matching(pattern)?,
            values,
            child(&child(at, "patternProperties"), pattern),
        ));
    }
    let values = schema.get("additionalProperties")?;
    let names = schema.get("propertyNames");
    let key = match names.and_then(|names| names.get("enum")?.get(0)?.as_str()) {
        Some(name) => name.to_owned(),
        None => string(names.and_then(Value::as_object).unwrap_or(&Map::new()))?,
    };
    Some((key, values, child(at, "additionalProperties")))
}

fn joined(first: Value, second: Value) -> Value {
    match (first, second) {
        (Value::Object(mut first), Value::Object(second)) => {
            first.extend(second);
            Value::Object(first)
        }
        (_, second) => second,
    }
}

fn integer(schema: &Map<String, Value>) -> Value {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_i64);
    let low = bound("minimum").or(bound("exclusiveMinimum").map(|low| low.saturating_add(1)));
    let high = bound("maximum").or(bound("exclusiveMaximum").map(|high| high.saturating_sub(1)));
    let number = 1.max(low.unwrap_or(1)).min(high.unwrap_or(i64::MAX));
    let step = bound("multipleOf").filter(|step| *step > 0).unwrap_or(1);
    json!(number.saturating_add(step - 1) / step * step)
}

fn number(schema: &Map<String, Value>) -> Value {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    json!(
        0.5_f64
            .max(bound("minimum").unwrap_or(0.5))
            .min(bound("maximum").unwrap_or(f64::MAX))
    )
}

fn string(schema: &Map<String, Value>) -> Option<String> {
    if let Some(example) = schema
        .get("examples")
        .and_then(|examples| examples.get(0)?.as_str())
    {
        return Some(example.to_owned());
    }
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        return matching(pattern);
    }
    let text = match schema.get("format").and_then(Value::as_str) {
        Some("date") => "2024-02-29",
        Some("date-time") => "2024-02-29T12:30:00Z",
        Some("time") => "12:30:00Z",
        Some("duration") => "P1D",
        Some("email") => "a@example.com",
        Some("hostname") => "example.com",
        Some("ipv4") => "127.0.0.1",
        Some("ipv6") => "::1",
        Some("uri") => "https://example.com/",
        Some("uuid") => "67e55044-10b1-426f-9247-bb680e5fe0c8",
        _ => "x",
    };
    let length = |keyword: &str| {
        schema
            .get(keyword)
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
    };
    let (least, most) = (
        length("minLength").unwrap_or(0).min(1 << 16),
        length("maxLength").unwrap_or(usize::MAX),
    );
    let padding = std::iter::repeat_n('x', least.saturating_sub(text.len()));
    Some(text.chars().chain(padding).take(most).collect())
}

/// A short text that `pattern` matches; patterns that Rust's syntax does not know have none.
fn matching(pattern: &str) -> Option<String> {
    let mut text = String::new();
    write_match(&regex_syntax::parse(pattern).ok()?, &mut text);
    (text.len() <= MAX_TEXT).then_some(text)
}

/// The parser of patterns bounds their nesting (250 levels), and so this.
fn write_match(pattern: &Hir, text: &mut String) {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.extend(member(class)),
        HirKind::Repetition(repetition) => {
            for _ in 0..repetition.min {
                if text.len() > MAX_TEXT {
                    break;
                }
                write_match(&repetition.sub, text);
            }
        }
        HirKind::Capture(capture) => write_match(&capture.sub, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write_match(part, text)),
        HirKind::Alternation(parts) => parts
            .iter()
            .take(1)
            .for_each(|part| write_match(part, text)),
    }
}

/// A character of the class, a printable one where there is one.
fn member(class: &Class) -> Option<char> {
    match class {
        Class::Unicode(class) => {
            let ranges = class.ranges();
            let holds = |c: &char| {
                ranges
                    .iter()
                    .any(|range| (range.start()..=range.end()).contains(c))
            };
            ['a', 'A', '1'].into_iter().find(holds).or(ranges
                .first()
                .map(regex_syntax::hir::ClassUnicodeRange::start))
        }
        Class::Bytes(class) => class
            .ranges()
            .first()
            .map(|range| char::from(range.start())),
    }
}
