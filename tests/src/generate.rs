//! Values walked from a schema, boundaries included.
//!
//! What comes out is *meant* to be valid; keywords that say what a value is not (`not`, `propertyNames`, …) are left to
//! the caller's validator. Made for the schemas of types, not for every schema there is.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use crate::random::Random;

/// Deeper than this, only what must be there is written.
const DEPTH: usize = 4;
/// Deeper than this, a value is given up.
const MAX_DEPTH: usize = 40;

/// Draws values from one root schema.
pub struct Generator<'s> {
    root: &'s Value,
    random: Random,
    runner: TestRunner,
    unknown_keys: bool,
}

impl<'s> Generator<'s> {
    /// The same schema and seed give the same values.
    pub fn new(root: &'s Value, seed: u64) -> Self {
        Self {
            root,
            random: Random::new(seed),
            runner: TestRunner::deterministic(),
            unknown_keys: true,
        }
    }

    /// Only properties that the schema names, as a server writes them that closes all objects.
    pub fn closed(mut self) -> Self {
        self.unknown_keys = false;
        self
    }

    /// One value; `None` where the schema holds none, or none of bounded depth was found.
    pub fn value(&mut self) -> Option<Value> {
        let root = self.root;
        self.draw(root, 0)
    }

    fn draw(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        let object = match schema {
            Value::Bool(true) => return Some(self.anything(depth)),
            Value::Object(object) => object,
            _ => return None,
        };
        if let Some(constant) = object.get("const") {
            return Some(constant.clone());
        }
        if let Some(Value::Array(values)) = object.get("enum") {
            return (!values.is_empty()).then(|| self.random.pick(values).clone());
        }
        let mut parts = Vec::new();
        if let Some(name) = object.get("$ref").and_then(Value::as_str) {
            let target = self.root.pointer(name.strip_prefix('#')?)?;
            parts.push(self.draw(target, depth + 1)?);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = object.get(keyword) {
                parts.push(self.branch(branches, depth)?);
            }
        }
        for branch in object
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            parts.push(self.draw(branch, depth + 1)?);
        }
        if object.contains_key("type") || object.contains_key("properties") {
            parts.insert(0, self.typed(object, depth)?);
        }
        Some(
            parts
                .into_iter()
                .reduce(merged)
                .unwrap_or_else(|| self.anything(depth)),
        )
    }

    /// A branch at random; deep down the first that comes to an end.
    fn branch(&mut self, branches: &[Value], depth: usize) -> Option<Value> {
        let start = self.random.below(branches.len());
        let mut order: Vec<&Value> = branches
            .iter()
            .skip(start)
            .chain(branches.iter().take(start))
            .collect();
        if depth > DEPTH {
            order.sort_by_key(|branch| branch.to_string().contains("$ref"));
        }
        order
            .into_iter()
            .find_map(|branch| self.draw(branch, depth + 1))
    }

    fn typed(&mut self, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let name = match schema.get("type") {
            Some(Value::Array(names)) => self.random.pick(names).as_str()?.to_owned(),
            Some(Value::String(name)) => name.clone(),
            _ => "object".to_owned(),
        };
        Some(match name.as_str() {
            "null" => Value::Null,
            "boolean" => Value::Bool(self.random.once_in(2)),
            "integer" => self.integer(schema),
            "number" => self.number(schema),
            "string" => Value::String(self.string(schema)?),
            "array" => Value::Array(self.array(schema, depth)?),
            "object" => Value::Object(self.object(schema, depth)?),
            _ => return None,
        })
    }

    fn integer(&mut self, schema: &Map<String, Value>) -> Value {
        let bound = |keyword: &str| schema.get(keyword).map(whole);
        let low = bound("minimum")
            .or(bound("exclusiveMinimum").map(|low| low + 1))
            .unwrap_or(i64::MIN.into());
        let high = bound("maximum")
            .or(bound("exclusiveMaximum").map(|high| high - 1))
            .unwrap_or(u64::MAX.into());
        // What `serde_json::Number` holds exactly.
        let (low, high) = (low.max(i64::MIN.into()), high.min(u64::MAX.into()));
        let step = schema.get("multipleOf").map_or(1, whole);
        let between = low + (self.random.bits() as i128).rem_euclid((high - low + 1).max(1));
        let number =
            *self
                .random
                .pick(&[low, high, 0.clamp(low, high), 1.clamp(low, high), between])
                / step
                * step;
        u64::try_from(number).map_or_else(|_| json!(number as i64), |number| json!(number))
    }

    fn number(&mut self, schema: &Map<String, Value>) -> Value {
        let low = schema
            .get("minimum")
            .and_then(Value::as_f64)
            .unwrap_or(f64::MIN);
        let high = schema
            .get("maximum")
            .and_then(Value::as_f64)
            .unwrap_or(f64::MAX);
        let some = [0.0, -0.0, 1.0, -1.5, 1e-300, 3.5e38, 0.1, 1e15, low, high];
        let picked = self.random.pick(&some).clamp(low, high);
        if picked == 1.0 && self.random.once_in(2) {
            json!(1)
        } else {
            json!(picked)
        }
    }

    fn string(&mut self, schema: &Map<String, Value>) -> Option<String> {
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
            return self.matching(pattern);
        }
        if let Some(format) = schema.get("format").and_then(Value::as_str) {
            return Some((*self.random.pick(of_format(format)?)).to_owned());
        }
        let length = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
        let text = *self.random.pick(&[
            "",
            "a",
            "text",
            "two words",
            "é",
            "🦀",
            "e\u{301}\u{0}",
            "null",
            "5",
        ]);
        let least = length("minLength").unwrap_or(0) as usize;
        let most = length("maxLength").unwrap_or(100) as usize;
        let padding = std::iter::repeat_n('x', least.saturating_sub(text.chars().count()));
        Some(text.chars().chain(padding).take(most).collect())
    }

    fn matching(&mut self, pattern: &str) -> Option<String> {
        let bare = pattern.strip_prefix('^')?.strip_suffix('$')?;
        let strategy = proptest::string::string_regex(bare).ok()?;
        Some(strategy.new_tree(&mut self.runner).ok()?.current())
    }

    fn array(&mut self, schema: &Map<String, Value>, depth: usize) -> Option<Vec<Value>> {
        let count = |keyword: &str| {
            schema
                .get(keyword)
                .and_then(Value::as_u64)
                .map(|count| count as usize)
        };
        let least = count("minItems").unwrap_or(0);
        let most = count("maxItems").unwrap_or(if depth > DEPTH { least } else { least + 3 });
        let length = least + self.random.below(most - least + 1);
        let prefix = schema
            .get("prefixItems")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let rest = schema.get("items").unwrap_or(&Value::Bool(true));
        let mut items = Vec::new();
        for index in 0..length {
            let item = self.draw(prefix.get(index).unwrap_or(rest), depth + 1);
            match item {
                Some(item) if schema.contains_key("uniqueItems") && items.contains(&item) => {}
                Some(item) => items.push(item),
                None if index >= least => break,
                None => return None,
            }
        }
        Some(items)
    }

    fn object(&mut self, schema: &Map<String, Value>, depth: usize) -> Option<Map<String, Value>> {
        let required = schema
            .get("required")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let mut object = Map::new();
        for (name, property) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let must = required.iter().any(|required| required == name);
            if !must && (depth > DEPTH || self.random.once_in(3)) {
                continue;
            }
            match self.draw(property, depth + 1) {
                Some(value) => object.insert(name.clone(), value),
                None if must => return None,
                None => None,
            };
        }
        if depth <= DEPTH {
            self.further_properties(schema, &mut object, depth);
        }
        Some(object)
    }

    /// Keys that no property names: of a map, or unknown ones where the object is open.
    fn further_properties(
        &mut self,
        schema: &Map<String, Value>,
        object: &mut Map<String, Value>,
        depth: usize,
    ) {
        for (pattern, values) in schema
            .get("patternProperties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            if let (Some(key), Some(value)) = (self.matching(pattern), self.draw(values, depth + 1))
            {
                object.insert(key, value);
            }
        }
        let keys = schema.get("propertyNames");
        let open = Value::Bool(true);
        let values = schema.get("additionalProperties").unwrap_or(&open);
        let count = if values == &open {
            usize::from(
                schema.contains_key("additionalProperties")
                    || self.unknown_keys && self.random.once_in(4),
            )
        } else {
            self.random.below(3)
        };
        for _ in 0..count {
            let key = match keys {
                Some(keys) => self.draw(keys, depth + 1),
                None => Some(json!(*self.random.pick(&["", "zz", "unknown key", "é"]))),
            };
            if let (Some(Value::String(key)), Some(value)) = (key, self.draw(values, depth + 1)) {
                object.entry(key).or_insert(value);
            }
        }
    }

    fn anything(&mut self, depth: usize) -> Value {
        let some = [
            json!(null),
            json!(true),
            json!(0),
            json!(-1.5),
            json!("x"),
            json!([]),
            json!([1, null]),
            json!({"k": {}}),
        ];
        self.random
            .pick(if depth > DEPTH { &some[..5] } else { &some })
            .clone()
    }
}

/// Objects are joined; of other values the later one counts.
fn merged(first: Value, second: Value) -> Value {
    match (first, second) {
        (Value::Object(mut first), Value::Object(second)) => {
            first.extend(second);
            Value::Object(first)
        }
        (_, second) => second,
    }
}

fn whole(number: &Value) -> i128 {
    number
        .as_i64()
        .map(i128::from)
        .or(number.as_u64().map(i128::from))
        .unwrap_or(number.as_f64().unwrap_or(0.0) as i128)
}

fn of_format(format: &str) -> Option<&'static [&'static str]> {
    Some(match format {
        "date" => &["2024-02-29", "1999-12-31", "0001-01-01"],
        "date-time" => &[
            "2024-01-02T03:04:05Z",
            "1999-12-31T23:59:59.123456+05:30",
            "2024-06-30T12:00:00-00:00",
        ],
        "time" => &["12:30:00Z"],
        "uuid" => &[
            "67e55044-10b1-426f-9247-bb680e5fe0c8",
            "00000000-0000-0000-0000-000000000000",
        ],
        "uri" => &[
            "https://example.com/a?b=c",
            "urn:isbn:0451450523",
            "mailto:a@example.com",
        ],
        "ipv4" => &["127.0.0.1", "255.255.255.255", "0.0.0.0"],
        "ipv6" => &["::1", "2001:db8::ff00:42:8329", "::ffff:192.0.2.1"],
        "email" => &["a@example.com"],
        _ => return None,
    })
}
