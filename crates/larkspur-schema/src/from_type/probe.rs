//! What serde reads beyond what `schemars` can know, found out by asking.
//!
//! Aliases, `#[serde(other)]`, the type of map keys, a `deserialize_with` that makes an `Option` required: none of it reaches
//! `JsonSchema`, all of it is compiled into `Deserialize`. So sample values that the schema allows are read as the type
//! through a deserializer that takes notes (`derive(Deserialize)` passes the names of its fields and variants, aliases
//! included, and says in its errors which field is a duplicate or missing), and then read again with one thing changed.
//!
//! A fact is only taken from a place where serde reads straight from the deserializer. Below `flatten`, `untagged` and
//! inside internally tagged variants serde copies the input first, names are not passed on, and another variant may be what
//! accepts a changed value. There the schema stays as `schemars` wrote it, which is on the narrow side.

mod enums;
mod height;
mod keys;
mod records;
mod refusal;
mod sample;
mod tracer;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::Value;

pub(super) use enums::{EnumFacts, Spelling};
pub(super) use keys::KeyKind;
pub(super) use records::RecordFacts;
use refusal::Refusal;
use sample::{Sample, Sampler};
use tracer::Log;

/// A type with more variants than this is not asked about all of them.
const MAX_SAMPLES: usize = 512;
/// So many samples in a row without a new place end the search.
const MAX_IDLE: usize = 8;

/// What was learned, by the JSON Pointer of the schema that it is about.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) records: BTreeMap<String, RecordFacts>,
    pub(super) enums: BTreeMap<String, EnumFacts>,
    /// Objects that are structs without fields.
    pub(super) empty: BTreeSet<String>,
    /// The least number of items of a tuple.
    pub(super) tuples: BTreeMap<String, usize>,
}

/// Reads a value as the type that is asked about.
type Read<'a> = &'a dyn Fn(&Value, &RefCell<Log>) -> Result<(), Refusal>;

/// The kinds of key of the maps of `T`, where `schema` says less.
pub(super) fn key_kinds<T: DeserializeOwned>(schema: &Value) -> BTreeMap<String, KeyKind> {
    let mut kinds = BTreeMap::new();
    for (sample, log, _) in samples(schema, &tracer::read::<T>) {
        for (place, kind) in log
            .keys
            .iter()
            .filter(|(place, _)| !log.fields.contains_key(*place))
        {
            let is_map = |at: &str| {
                let keyword = |keyword| {
                    schema
                        .pointer(at)
                        .is_some_and(|schema| schema.get(keyword).is_some())
                };
                keyword("additionalProperties") || keyword("patternProperties")
            };
            if let Some(at) = sample.schemas_at(place).filter(|at| is_map(at)).last() {
                kinds.insert(at.to_owned(), *kind);
            }
        }
    }
    kinds
}

/// Everything else there is to learn about `T`.
pub(super) fn facts<T: DeserializeOwned>(schema: &Value) -> Facts {
    let read: Read = &tracer::read::<T>;
    let good: Vec<Visited> = samples(schema, read)
        .filter(|(_, _, outcome)| outcome.is_ok())
        .map(|(sample, log, _)| Visited { sample, log })
        .collect();
    let mut facts = Facts::default();
    let mut asked = BTreeSet::new();
    for visited in &good {
        for (place, at) in &visited.sample.places {
            let Some(Value::Object(part)) =
                schema.pointer(at).filter(|_| asked.insert(at.as_str()))
            else {
                continue;
            };
            let here = Place {
                schema: part,
                at,
                path: place,
                visited,
                read,
            };
            if part.contains_key("properties") {
                facts.records.insert(at.clone(), records::learn(&here));
            }
            if records::is_empty(&here) {
                facts.empty.insert(at.clone());
            }
            if part.contains_key("prefixItems")
                && let Some(least) = records::least_items(&here)
            {
                facts.tuples.insert(at.clone(), least);
            }
            // A branch of names belongs to the enum that it is a branch of.
            let is_branch =
                enums::enum_of_branch(at).is_some_and(|at| facts.enums.contains_key(at));
            if !is_branch && let Some(found) = enums::learn(&here, &good) {
                facts.enums.insert(at.clone(), found);
            }
        }
    }
    facts
}

/// A sample that was read, with the notes.
struct Visited {
    sample: Sample,
    log: Log,
}

/// A schema, where it is, and a place in a good sample that is under it.
struct Place<'a> {
    schema: &'a serde_json::Map<String, Value>,
    at: &'a str,
    path: &'a str,
    visited: &'a Visited,
    read: Read<'a>,
}

impl Place<'_> {
    fn value(&self) -> Option<&Value> {
        self.visited.sample.value.pointer(self.path)
    }

    /// Reads the sample with `replacement` at this place.
    fn read_with(&self, replacement: Value) -> Result<(), Refusal> {
        let mut value = self.visited.sample.value.clone();
        *value.pointer_mut(self.path).ok_or(Refusal::Other)? = replacement;
        (self.read)(&value, &RefCell::default())
    }
}

impl Sample {
    /// The schemas that the value at `place` is under, outer before inner.
    fn schemas_at<'s>(&'s self, place: &str) -> impl Iterator<Item = &'s str> {
        self.places
            .iter()
            .filter(move |(known, _)| known == place)
            .map(|(_, at)| at.as_str())
    }
}

/// Samples until nothing new is reached, each read once.
fn samples<'a>(
    schema: &'a Value,
    read: Read<'a>,
) -> impl Iterator<Item = (Sample, Log, Result<(), Refusal>)> + 'a {
    let mut sampler = Sampler::new(schema);
    let mut reached = BTreeSet::new();
    let mut idle = 0;
    std::iter::from_fn(move || {
        let sample = sampler.next_sample()?;
        let is_new = sample
            .places
            .iter()
            .fold(false, |new, (_, at)| reached.insert(at.clone()) || new);
        idle = if is_new { 0 } else { idle + 1 };
        let log = RefCell::default();
        let outcome = read(&sample.value, &log);
        (idle <= MAX_IDLE).then(|| (sample, log.into_inner(), outcome))
    })
    .take(MAX_SAMPLES)
}
