//! Sizes that a server limits, in one schema and over a whole request.

use larkspur_json::{Pointer, Token};
use serde_json::{Map, Value};

use super::walk::{Step, each_inside};
use crate::{Diagnostic, Dialect, vocabulary::required_names};

/// What a schema takes of the sizes that a server limits, alone or over a whole request.
///
/// [`SharedSchema`](crate::SharedSchema) keeps that of a schema which goes into many requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    properties: usize,
    enum_values: usize,
    characters: usize,
    optional: usize,
    unions: usize,
}

impl Weight {
    /// The weight of a schema. One that is nested or large beyond reason, so that [`check`](crate::check) does not look into it, weighs
    /// nothing.
    pub fn of(schema: &Value) -> Self {
        if super::size::problems(schema).is_empty() {
            measure(schema, Dialect::plain(), &mut Vec::new()).weight
        } else {
            Self::default()
        }
    }

    fn add(&mut self, other: &Self) {
        self.properties += other.properties;
        self.enum_values += other.enum_values;
        self.characters += other.characters;
        self.optional += other.optional;
        self.unions += other.unions;
    }
}

/// What was found on a walk over a schema.
#[derive(Default)]
struct Measured {
    weight: Weight,
    levels: usize,
    /// Where the deepest schema is, if it is too deep.
    deepest: Pointer,
}

/// The sizes of a schema that exceed the server's limits.
pub(crate) fn problems(schema: &Value, dialect: &Dialect) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let measured = measure(schema, dialect, &mut found);
    let limits = &dialect.limits;
    if let Some(most) = limits.levels.filter(|most| measured.levels > *most) {
        let levels = measured.levels;
        let message = format!("{levels} levels of objects and arrays, {most} are allowed");
        let hint = "flatten the inner objects, or lower the schema: what is too deep is then carried as JSON text";
        let problem = Diagnostic::error("too-deep", &measured.deepest, message).hint(hint);
        found.push(answered(problem, dialect, levels, most));
    }
    found.extend(totals(&measured.weight, dialect, "the schema"));
    found
}

/// A finding with the server's answer to it.
fn answered(mut problem: Diagnostic, dialect: &Dialect, count: usize, most: usize) -> Diagnostic {
    let (count, most) = (count.to_string(), most.to_string());
    problem.server_message = dialect.text(problem.code, &[("count", &count), ("most", &most)]);
    problem
}

/// A size that is added up: the code and the words for it.
struct Total {
    code: &'static str,
    of: fn(&Weight) -> usize,
    limit: fn(&Dialect) -> Option<usize>,
    /// With `{what}`, `{count}` and `{most}`.
    message: &'static str,
    hint: &'static str,
}

const TOTALS: &[Total] = &[
    Total {
        code: "too-many-properties",
        of: |weight| weight.properties,
        limit: |dialect| dialect.limits.properties,
        message: "{what} has {count} properties, {most} are allowed",
        hint: "ask for less at a time",
    },
    Total {
        code: "too-many-enum-values",
        of: |weight| weight.enum_values,
        limit: |dialect| dialect.limits.enum_values,
        message: "{what} lists {count} enum values, {most} are allowed",
        hint: "a value counts each time it is listed, `null` too; let a long list be a string and check it yourself",
    },
    Total {
        code: "too-many-characters",
        of: |weight| weight.characters,
        limit: |dialect| dialect.limits.characters,
        message: "{what} has {count} characters in names, enum values and consts, {most} are allowed",
        hint: "shorten names or lists",
    },
    Total {
        code: "too-many-optional",
        of: |weight| weight.optional,
        limit: |dialect| dialect.budgets.optional,
        message: "{what} has {count} optional properties, {most} are allowed in all strict schemas of a request",
        hint: "require what is nearly always there, or send some tools without `strict`",
    },
    Total {
        code: "too-many-unions",
        of: |weight| weight.unions,
        limit: |dialect| dialect.budgets.unions,
        message: "{what} has {count} properties with a union, {most} are allowed in all strict schemas of a request",
        hint: "an `anyOf` counts and so does a list of types; leave a property out of `required` instead of letting it be null",
    },
];

fn totals(weight: &Weight, dialect: &Dialect, what: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let root = Pointer::root();
    for total in TOTALS {
        let count = (total.of)(weight);
        let Some(most) = (total.limit)(dialect) else {
            continue;
        };
        if count > most {
            let message = total
                .message
                .replace("{what}", what)
                .replace("{count}", &count.to_string())
                .replace("{most}", &most.to_string());
            let problem = Diagnostic::error(total.code, &root, message).hint(total.hint);
            found.push(answered(problem, dialect, count, most));
        } else if count == most && total.code == "too-many-enum-values" {
            let message = format!(
                "{what} lists {count} enum values; servers have been seen to allow {} only",
                most - 1
            );
            let problem = Diagnostic::warning("many-enum-values", &root, message);
            found.push(answered(problem, dialect, count, most));
        }
    }
    found
}

/// Whether shorter lists of values would help.
pub(crate) fn shrinks_with_lists(problem: &Diagnostic) -> bool {
    matches!(
        problem.code,
        "too-many-enum-values" | "too-many-characters" | "enum-too-long"
    )
}

/// Characters of listed values, as the server counts them: strings without quotes, others as JSON.
pub(crate) fn characters(values: &[Value]) -> usize {
    values
        .iter()
        .map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_string().len(), |text| text.chars().count())
        })
        .sum()
}

/// A schema that is still to be measured.
struct Open<'s> {
    schema: &'s Value,
    level: usize,
    /// The last of the steps to it.
    steps: Option<usize>,
}

/// The steps to the schemas that were met, each with the one before it. Places are worked out where they are told: every request is
/// measured, and nearly none has anything to tell.
struct Steps<'s>(Vec<(Option<usize>, Step<'s>)>);

impl Steps<'_> {
    fn pointer(&self, mut last: Option<usize>) -> Pointer {
        let mut steps = Vec::new();
        while let Some((before, step)) = last.and_then(|last| self.0.get(last)) {
            steps.push(step);
            last = *before;
        }
        let from_the_root = steps.iter().rev();
        from_the_root.fold(Pointer::root(), |at, step| step.from(&at))
    }
}

fn measure(schema: &Value, dialect: &Dialect, found: &mut Vec<Diagnostic>) -> Measured {
    let mut measured = Measured::default();
    let (mut steps, mut deepest) = (Steps(Vec::with_capacity(16)), None);
    let mut open = Vec::with_capacity(16);
    open.push(Open {
        schema,
        level: 0,
        steps: None,
    });
    while let Some(next) = open.pop() {
        let Value::Object(keywords) = next.schema else {
            continue;
        };
        let others = open.len();
        let mut is_structure = false;
        for (keyword, value) in keywords {
            let at = || steps.pointer(next.steps).child(Token::Key(keyword));
            weigh_names(keyword, value, keywords, &mut measured.weight);
            weigh_values(at, keyword, value, dialect, &mut measured.weight, found);
            is_structure |= matches!(keyword.as_str(), "properties" | "items");
            each_inside(keyword, value, |step, schema| {
                // A union is where its branches are; everything else is one level down.
                let goes_down = !matches!(step.keyword, "anyOf" | "oneOf" | "allOf");
                steps.0.push((next.steps, step));
                open.push(Open {
                    schema,
                    level: next.level + usize::from(goes_down),
                    steps: Some(steps.0.len() - 1),
                });
            });
        }
        // They are taken from the end.
        open.get_mut(others..).unwrap_or_default().reverse();
        if is_structure && next.level > measured.levels {
            measured.levels = next.level;
            deepest = next.steps;
        }
    }
    if dialect
        .limits
        .levels
        .is_some_and(|most| measured.levels > most)
    {
        measured.deepest = steps.pointer(deepest);
    }
    measured
}

fn weigh_names(keyword: &str, value: &Value, keywords: &Map<String, Value>, weight: &mut Weight) {
    let Value::Object(named) = value else {
        return;
    };
    if matches!(keyword, "properties" | "$defs" | "definitions") {
        weight.characters += named.keys().map(|name| name.chars().count()).sum::<usize>();
    }
    if keyword != "properties" {
        return;
    }
    weight.properties += named.len();
    let required = required_names(keywords);
    let is_optional = |name: &&String| !required.contains(name.as_str());
    weight.optional += named.keys().filter(is_optional).count();
    let is_union = |schema: &&Value| {
        schema.get("anyOf").is_some() || schema.get("type").is_some_and(Value::is_array)
    };
    weight.unions += named.values().filter(is_union).count();
}

fn weigh_values(
    at: impl Fn() -> Pointer,
    keyword: &str,
    value: &Value,
    dialect: &Dialect,
    weight: &mut Weight,
    found: &mut Vec<Diagnostic>,
) {
    if keyword == "const" {
        weight.characters += characters(std::slice::from_ref(value));
    }
    let ("enum", Value::Array(values)) = (keyword, value) else {
        return;
    };
    let length = characters(values);
    weight.enum_values += values.len();
    weight.characters += length;
    if let Some((many, most)) = dialect.limits.long_enum
        && values.len() > many
        && values.iter().any(Value::is_string)
        && length > most
    {
        let message = format!(
            "a list of {} strings with {length} characters; beyond {many} values {most} are allowed",
            values.len()
        );
        let mut problem = Diagnostic::error("enum-too-long", &at(), message)
            .hint("let it be a string and check it yourself");
        let given = [many, most, length].map(|figure| figure.to_string());
        let [many, most, length] = &given;
        problem.server_message = dialect.text(
            problem.code,
            &[("many", many), ("most", most), ("count", length)],
        );
        found.push(problem);
    }
}

/// The sizes that are limited for a whole request, over its output format and all its tools.
///
/// `parts` are names, as a person knows them, and what the schemas weigh as they are sent. The message names the part that weighs most.
///
/// ```
/// use larkspur_schema::{Dialect, Weight, check_request};
/// use serde_json::{Value, json};
///
/// let list: Vec<Value> = (0..600).map(|number| json!(format!("city{number}"))).collect();
/// let schema = json!({"type": "object", "properties": {"city": {"type": "string", "enum": list}}});
/// let weight = Weight::of(&schema);
/// let found = check_request(&[("weather", weight), ("travel", weight)], Dialect::openai());
/// assert_eq!(found[0].code, "too-many-enum-values");
/// assert!(found[0].message.contains("`weather`"));
///
/// // Anthropic allows 24 optional properties over all strict tools.
/// let many: Value = (0..15).map(|number| (format!("p{number}"), json!({"type": "string"}))).collect();
/// let weight = Weight::of(&json!({"type": "object", "properties": many, "additionalProperties": false}));
/// let found = check_request(&[("search", weight), ("book", weight)], Dialect::anthropic());
/// assert_eq!(found[0].code, "too-many-optional");
/// ```
pub fn check_request(parts: &[(&str, Weight)], dialect: &Dialect) -> Vec<Diagnostic> {
    let mut total = Weight::default();
    for (_, weight) in parts {
        total.add(weight);
    }
    let mut found = totals(&total, dialect, "the request");
    for problem in &mut found {
        let size = TOTALS.iter().find(|total| total.code == problem.code);
        let enum_values: fn(&Weight) -> usize = |weight| weight.enum_values;
        let size = size.map_or(enum_values, |total| total.of);
        // Of equal ones the first: `max_by_key` would take the last.
        let heaviest = parts.iter().rev().max_by_key(|(_, weight)| size(weight));
        if let Some((name, weight)) = heaviest {
            problem.message = format!(
                "{}; the heaviest part is `{name}` with {}",
                problem.message,
                size(weight)
            );
        }
    }
    found.extend(too_many_parts(parts.len(), dialect));
    found
}

/// Whether there are more strict schemas than the server takes tools. One of them may be the format of the answer.
fn too_many_parts(count: usize, dialect: &Dialect) -> Option<Diagnostic> {
    let most = dialect.budgets.tools.filter(|most| count > *most)?;
    let message =
        format!("the request has {count} strict schemas, {most} strict tools are allowed");
    let hint = "send the tools that matter most with `strict`, and the others without";
    let problem = if count == most + 1 {
        Diagnostic::warning("too-many-tools", &Pointer::root(), message)
    } else {
        Diagnostic::error("too-many-tools", &Pointer::root(), message)
    };
    Some(problem.hint(hint))
}
