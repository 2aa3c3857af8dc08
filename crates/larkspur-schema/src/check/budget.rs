//! Sizes that a server limits.

use larkspur_json::{Pointer, Token};
use serde_json::{Map, Value};

use super::walk::subschemas;
use crate::{Diagnostic, Dialect};

/// What a schema takes of each limited size.
#[derive(Clone, Debug, Default)]
struct Sizes {
    properties: usize,
    enum_values: usize,
    characters: usize,
    levels: usize,
    /// Where the deepest schema is.
    deepest: Pointer,
}

/// The sizes of a schema that exceed the server's limits.
pub(crate) fn problems(schema: &Value, dialect: &Dialect) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let sizes = measure(schema, dialect, &mut found);
    let limits = &dialect.limits;
    if let Some(most) = limits.levels.filter(|most| sizes.levels > *most) {
        let levels = sizes.levels;
        found.push(
            Diagnostic::error("too-deep", &sizes.deepest, format!("{levels} levels of objects and arrays, {most} are allowed"))
                .hint("flatten the inner objects, or lower the schema: what is too deep is then carried as JSON text")
                .server(format!("{levels} levels of nesting exceeds limit of {most}.")),
        );
    }
    found.extend(totals(&sizes, dialect, "the schema"));
    found
}

fn totals(sizes: &Sizes, dialect: &Dialect, what: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let limits = &dialect.limits;
    let root = Pointer::root();
    if let Some(most) = limits.properties.filter(|most| sizes.properties > *most) {
        let count = sizes.properties;
        found.push(
            Diagnostic::error(
                "too-many-properties",
                &root,
                format!("{what} has {count} properties, {most} are allowed"),
            )
            .hint("ask for less at a time")
            .server(format!("{count} parameters exceeds limit of {most}.")),
        );
    }
    if let Some(most) = limits.enum_values {
        let count = sizes.enum_values;
        let server = format!(
            "Expected at most {most} enum values in total within a single schema when using structured outputs, but received {count}. Consider reducing the number of enums, or use 'strict: false' to opt out of structured outputs."
        );
        if count > most {
            let message = format!("{what} lists {count} enum values, {most} are allowed");
            let hint = "a value counts each time it is listed, `null` too; let a long list be a string and check it yourself";
            found.push(
                Diagnostic::error("too-many-enum-values", &root, message)
                    .hint(hint)
                    .server(server),
            );
        } else if count == most {
            let message = format!(
                "{what} lists {count} enum values; servers have been seen to allow {} only",
                most - 1
            );
            found.push(Diagnostic::warning("many-enum-values", &root, message).server(server));
        }
    }
    if let Some(most) = limits.characters.filter(|most| sizes.characters > *most) {
        let count = sizes.characters;
        let message = format!(
            "{what} has {count} characters in names, enum values and consts, {most} are allowed"
        );
        found.push(
            Diagnostic::error("too-many-characters", &root, message).hint("shorten names or lists"),
        );
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

fn measure(schema: &Value, dialect: &Dialect, found: &mut Vec<Diagnostic>) -> Sizes {
    let mut sizes = Sizes::default();
    let mut open = vec![(Pointer::root(), schema, 0)];
    while let Some((at, schema, level)) = open.pop() {
        let Value::Object(keywords) = schema else {
            continue;
        };
        measure_names(keywords, &mut sizes);
        measure_values(&at, keywords, dialect, &mut sizes, found);
        let is_structure = keywords.contains_key("properties") || keywords.contains_key("items");
        if is_structure && level > sizes.levels {
            sizes.levels = level;
            sizes.deepest = at.clone();
        }
        let mut inside = subschemas(&at, schema);
        inside.reverse();
        for (below, schema) in inside {
            // A union is where its branches are; everything else is one level down.
            let keyword = below.as_str().get(at.as_str().len()..).unwrap_or_default();
            let goes_down = !["/anyOf/", "/oneOf/", "/allOf/"]
                .iter()
                .any(|union| keyword.starts_with(union));
            open.push((below, schema, level + usize::from(goes_down)));
        }
    }
    sizes
}

fn measure_names(keywords: &Map<String, Value>, sizes: &mut Sizes) {
    for keyword in ["properties", "$defs", "definitions"] {
        if let Some(Value::Object(named)) = keywords.get(keyword) {
            sizes.characters += named.keys().map(|name| name.chars().count()).sum::<usize>();
            if keyword == "properties" {
                sizes.properties += named.len();
            }
        }
    }
}

fn measure_values(
    at: &Pointer,
    keywords: &Map<String, Value>,
    dialect: &Dialect,
    sizes: &mut Sizes,
    found: &mut Vec<Diagnostic>,
) {
    if let Some(value) = keywords.get("const") {
        sizes.characters += characters(std::slice::from_ref(value));
    }
    let Some(Value::Array(values)) = keywords.get("enum") else {
        return;
    };
    let length = characters(values);
    sizes.enum_values += values.len();
    sizes.characters += length;
    if let Some((many, most)) = dialect.limits.long_enum
        && values.len() > many
        && values.iter().any(Value::is_string)
        && length > most
    {
        let message = format!(
            "a list of {} strings with {length} characters; beyond {many} values {most} are allowed",
            values.len()
        );
        let server = format!(
            "Expected at most {most} total characters across enum values when there are more than {many} enum values, but received {length}."
        );
        found.push(
            Diagnostic::error("enum-too-long", &at.child(Token::Key("enum")), message)
                .server(server),
        );
    }
}

/// The sizes that are limited for a whole request, over its output format and all its tools.
///
/// `parts` are names, as a person knows them, and schemas as they are sent. The message names the part that weighs most.
///
/// ```
/// use larkspur_schema::{Dialect, check_request};
/// use serde_json::{Value, json};
///
/// let list: Vec<Value> = (0..600).map(|number| json!(format!("city{number}"))).collect();
/// let schema = json!({"type": "object", "properties": {"city": {"type": "string", "enum": list}}});
/// let found = check_request(&[("weather", &schema), ("travel", &schema)], Dialect::openai());
/// assert_eq!(found[0].code, "too-many-enum-values");
/// assert!(found[0].message.contains("`weather`"));
/// ```
pub fn check_request(parts: &[(&str, &Value)], dialect: &Dialect) -> Vec<Diagnostic> {
    let mut total = Sizes::default();
    let mut each = Vec::new();
    for (name, schema) in parts {
        if !super::size::problems(schema).is_empty() {
            continue;
        }
        let sizes = measure(schema, dialect, &mut Vec::new());
        total.properties += sizes.properties;
        total.enum_values += sizes.enum_values;
        total.characters += sizes.characters;
        each.push((*name, sizes));
    }
    let mut found = totals(&total, dialect, "the request");
    for problem in &mut found {
        let weight = |sizes: &Sizes| match problem.code {
            "too-many-properties" => sizes.properties,
            "too-many-characters" => sizes.characters,
            _ => sizes.enum_values,
        };
        // Of equal ones the first: `max_by_key` would take the last.
        let heaviest = each.iter().rev().max_by_key(|(_, sizes)| weight(sizes));
        if let Some((name, sizes)) = heaviest {
            problem.message = format!(
                "{}; the heaviest part is `{name}` with {}",
                problem.message,
                weight(sizes)
            );
        }
    }
    found
}
