//! From `jsonschema`'s errors to violations in plain words.

use jsonschema::{
    JsonType, ValidationError,
    error::{TypeKind, ValidationErrorKind},
    paths::Location,
};
use larkspur_json::{Kind, Node, Pointer};
use serde_json::{Map, Value};

use super::{branches, equality};
use crate::{Rejection, Violation, wording};

/// Collects violations; knows the value and the schema that errors only point into.
pub(super) struct Explainer<'a> {
    root: &'a Node<'a>,
    schema: &'a Value,
    violations: Vec<Violation>,
    /// Length of the pointers of all violations together.
    pointer_bytes: usize,
    /// Reasons that were not told because there were too many.
    omitted: usize,
}

impl<'a> Explainer<'a> {
    /// More than a rejection keeps, so that those kept can be the first in the text.
    const MOST: usize = 10 * Rejection::MOST;
    const MOST_POINTER_BYTES: usize = 32 << 20;

    pub(super) fn new(root: &'a Node<'_>, schema: &'a Value) -> Self {
        Self {
            root,
            schema,
            violations: Vec::new(),
            pointer_bytes: 0,
            omitted: 0,
        }
    }

    /// The violations, and how many more there are.
    pub(super) fn finish(self) -> (Vec<Violation>, usize) {
        (self.violations, self.omitted)
    }

    pub(super) fn explain(&mut self, error: &ValidationError<'_>) {
        if !counts(error) {
            return;
        }
        let place = self.place(error.instance_path());
        match error.kind() {
            ValidationErrorKind::AnyOf { context }
            | ValidationErrorKind::OneOfNotValid { context } => {
                branches::explain(self, &place, context);
            }
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                let known = self.known_fields(error);
                for key in unexpected {
                    self.push(|| place.unknown_field(key, &known));
                }
            }
            ValidationErrorKind::PropertyNames { error: inner } => self.explain_key(&place, inner),
            ValidationErrorKind::UniqueItems => self.push(|| place.repetition()),
            ValidationErrorKind::FalseSchema => self.explain_false(&place, error),
            kind => self.push(|| place.explain(kind)),
        }
    }

    /// Adds a violation, which is only made where there is room for it.
    pub(super) fn push(&mut self, violation: impl FnOnce() -> Violation) {
        if self.violations.len() >= Self::MOST || self.pointer_bytes > Self::MOST_POINTER_BYTES {
            self.omitted += 1;
            return;
        }
        let violation = violation();
        self.pointer_bytes += violation
            .pointer
            .as_ref()
            .map_or(0, |pointer| pointer.as_str().len());
        self.violations.push(violation);
    }

    pub(super) fn place(&self, path: &Location) -> Place<'a> {
        // A path that `jsonschema` made is a pointer, and leads to where the error was found.
        let pointer: Pointer = path.as_str().parse().unwrap_or_default();
        let node = self.root.at(&pointer).unwrap_or(self.root);
        Place { node, pointer }
    }

    /// Names of the fields beside the `additionalProperties` or `unevaluatedProperties` that failed.
    fn known_fields(&self, error: &ValidationError<'_>) -> Vec<&'a str> {
        let keyword: Pointer = error.schema_path().as_str().parse().unwrap_or_default();
        let around = keyword
            .parent()
            .and_then(|around| self.schema.pointer(around.as_str()));
        let properties = around
            .and_then(|schema| schema.get("properties"))
            .and_then(Value::as_object);
        properties
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect()
    }

    /// Nothing is allowed here. `false` under `additionalProperties` alone is reported for the object as a whole.
    fn explain_false(&mut self, place: &Place<'_>, error: &ValidationError<'_>) {
        let keyword = error
            .schema_path()
            .as_str()
            .rsplit('/')
            .next()
            .unwrap_or_default();
        match (keyword, place.node.as_object()) {
            ("additionalProperties" | "unevaluatedProperties", Some(object)) => {
                object
                    .iter()
                    .for_each(|member| self.push(|| place.unknown_field(&member.key, &[])));
            }
            ("items" | "additionalItems" | "unevaluatedItems", _) => {
                self.push(|| place.expected("no further element"));
            }
            _ => self.push(|| place.expected("nothing here")),
        }
    }

    /// A key of the object breaks `propertyNames`; the inner error carries the key.
    fn explain_key(&mut self, object: &Place<'_>, error: &ValidationError<'_>) {
        let Some(key) = error.instance().as_str() else {
            return;
        };
        let name = Node::from(Kind::String(key.into()));
        let rule = Place {
            node: &name,
            pointer: Pointer::root(),
        }
        .explain(error.kind());
        let expected = rule.expected.unwrap_or_else(|| "another key".to_owned());
        let violation = Violation::expected(format!("{expected} as the key"), wording::quoted(key));
        self.push(|| object.at_key(key, violation));
    }
}

/// Whether the error was made before the budget was spent.
fn counts(error: &ValidationError<'_>) -> bool {
    error.instance().as_ref() != &Value::Bool(false)
}

/// A value that breaks a rule.
pub(super) struct Place<'a> {
    pub(super) node: &'a Node<'a>,
    pub(super) pointer: Pointer,
}

impl Place<'_> {
    /// `expected …, found …` for this value.
    pub(super) fn expected(&self, expected: impl Into<String>) -> Violation {
        let expected = expected.into();
        let masked = format!(
            "expected {expected}, found {}",
            wording::found_masked(self.node)
        );
        self.located(Violation::expected(expected, wording::found(self.node)).masked_as(masked))
    }

    pub(super) fn located(&self, violation: Violation) -> Violation {
        violation.at(self.pointer.clone()).within(self.node.span)
    }

    /// Gives a violation the place of one of the object's keys.
    pub(super) fn at_key(&self, key: &str, violation: Violation) -> Violation {
        let member = self.node.as_object().and_then(|object| object.member(key));
        let span = member.map_or(self.node.span, |member| member.key_span);
        violation.at(self.pointer.child(key)).within(span)
    }

    pub(super) fn unknown_field(&self, key: &str, known: &[&str]) -> Violation {
        let names = || wording::list(known.iter().map(|name| wording::name(name)), "and");
        let rule = match known.len() {
            0 => "no fields are allowed here".to_owned(),
            1 => format!("the only known field is {}", names()),
            _ => format!("known fields are {}", names()),
        };
        let taken = |name: &&&str| {
            !self
                .node
                .as_object()
                .is_some_and(|object| object.contains_key(name))
        };
        let missing = known.iter().filter(taken).copied();
        let mut violation = Violation::new(format!("unknown field {}; {rule}", wording::name(key)))
            .masked_as("unknown field");
        if let Some(meant) = wording::did_you_mean(key, missing) {
            violation = violation.hint(format!("did you mean {}?", wording::name(meant)));
        }
        violation.found = Some(wording::name(key));
        self.at_key(key, violation)
    }

    pub(super) fn missing_field(&self, name: &str) -> Violation {
        let message = format!("missing field {}", wording::name(name));
        let mut violation = Violation::new(message.clone()).masked_as(message);
        violation.expected = Some(format!("the field {}", wording::name(name)));
        self.located(violation)
    }

    pub(super) fn one_of(&self, options: &[&Value]) -> Violation {
        let violation = self.expected(wording::one_of(options.iter().map(|option| json(option))));
        let names = options.iter().filter_map(|option| option.as_str());
        match self
            .node
            .as_str()
            .and_then(|written| wording::did_you_mean(written, names))
        {
            Some(meant) => violation.hint(format!("did you mean {}?", wording::quoted(meant))),
            None => violation,
        }
    }

    /// The second of two equal elements.
    fn repetition(&self) -> Violation {
        let repetition = self.node.as_array().and_then(|elements| {
            let (first, second) = equality::first_repetition(elements)?;
            Some((first, second, elements.get(second)?))
        });
        let Some((first, second, node)) = repetition else {
            return self.expected("elements that all differ");
        };
        Place {
            node,
            pointer: self.pointer.child(second),
        }
        .expected(format!("an element that differs from element {first}"))
    }

    pub(super) fn explain(&self, kind: &ValidationErrorKind) -> Violation {
        match kind {
            ValidationErrorKind::Required { property } => {
                self.missing_field(property.as_str().unwrap_or_default())
            }
            ValidationErrorKind::Enum { options } => self.one_of(
                &options
                    .as_array()
                    .map(|options| options.iter().collect::<Vec<_>>())
                    .unwrap_or_default(),
            ),
            ValidationErrorKind::Constant { expected_value } => self.one_of(&[expected_value]),
            ValidationErrorKind::OneOfMultipleValid { .. } => {
                self.told("the value fits more than one of the allowed forms; exactly one must fit")
            }
            ValidationErrorKind::Not { .. } => {
                self.told("the value has a form that is explicitly not allowed")
            }
            ValidationErrorKind::BacktrackLimitExceeded { .. }
            | ValidationErrorKind::RegexEngineFailure { .. } => {
                self.told("the string is too involved to be checked against the pattern")
            }
            kind => match rule(kind) {
                Some(expected) => self.expected(expected),
                None => self.told(&format!("the value breaks the rule `{}`", kind.keyword())),
            },
        }
    }

    /// A message without values of the text.
    fn told(&self, message: &str) -> Violation {
        let mut violation = Violation::new(message).masked_as(message);
        violation.found = Some(wording::found(self.node));
        self.located(violation)
    }
}

/// What a rule wants, in words that fit after `expected`.
fn rule(kind: &ValidationErrorKind) -> Option<String> {
    Some(match kind {
        ValidationErrorKind::Type { kind } => type_names(kind),
        ValidationErrorKind::Minimum { limit } => {
            format!("a number of at least {}", json(limit))
        }
        ValidationErrorKind::Maximum { limit } => {
            format!("a number of at most {}", json(limit))
        }
        ValidationErrorKind::ExclusiveMinimum { limit } => {
            format!("a number above {}", json(limit))
        }
        ValidationErrorKind::ExclusiveMaximum { limit } => {
            format!("a number below {}", json(limit))
        }
        ValidationErrorKind::MultipleOf { multiple_of } => format!("a multiple of {multiple_of}"),
        ValidationErrorKind::MinLength { limit } => {
            format!("at least {}", wording::count(*limit, "character"))
        }
        ValidationErrorKind::MaxLength { limit } => {
            format!("at most {}", wording::count(*limit, "character"))
        }
        ValidationErrorKind::MinItems { limit } => {
            format!("at least {}", wording::count(*limit, "element"))
        }
        ValidationErrorKind::MaxItems { limit } => {
            format!("at most {}", wording::count(*limit, "element"))
        }
        ValidationErrorKind::AdditionalItems { limit } => {
            format!("at most {}", wording::count(*limit, "element"))
        }
        ValidationErrorKind::UnevaluatedItems { .. } => "fewer elements".to_owned(),
        ValidationErrorKind::MinProperties { limit } => {
            format!("at least {}", wording::count(*limit, "field"))
        }
        ValidationErrorKind::MaxProperties { limit } => {
            format!("at most {}", wording::count(*limit, "field"))
        }
        ValidationErrorKind::Pattern { pattern } => format!(
            "a string that matches the pattern {}",
            wording::quoted(pattern)
        ),
        ValidationErrorKind::Format { format } => format_name(format),
        ValidationErrorKind::Contains => {
            "as many elements that fit `contains` as the schema wants".to_owned()
        }
        ValidationErrorKind::ContentEncoding { content_encoding } => {
            format!("text in the encoding `{content_encoding}`")
        }
        ValidationErrorKind::ContentMediaType { content_media_type } => {
            format!("text of the type `{content_media_type}`")
        }
        ValidationErrorKind::FromUtf8 { .. } => "encoded text that is UTF-8".to_owned(),
        _ => return None,
    })
}

pub(super) fn type_names(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => type_name(*one).to_owned(),
        TypeKind::Multiple(set) => {
            // `null` is the afterthought of an optional value, so it is named last.
            let (null, others): (Vec<_>, Vec<_>) =
                set.iter().partition(|one| *one == JsonType::Null);
            wording::list(
                others
                    .into_iter()
                    .chain(null)
                    .map(|one| type_name(one).to_owned()),
                "or",
            )
        }
    }
}

fn type_name(one: JsonType) -> &'static str {
    match one {
        JsonType::Array => "an array",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "an integer",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a string",
    }
}

/// The formats of JSON Schema with an example: a name alone tells a model less.
fn format_name(format: &str) -> String {
    let (what, example) = match format {
        "date-time" => ("a date and time", "2024-05-31T17:45:00Z"),
        "date" => ("a date", "2024-05-31"),
        "time" => ("a time with its offset", "17:45:00Z"),
        "duration" => ("a duration", "P1DT12H"),
        "email" | "idn-email" => ("an email address", "name@example.com"),
        "hostname" | "idn-hostname" => ("a host name", "www.example.com"),
        "ipv4" => ("an IPv4 address", "192.0.2.1"),
        "ipv6" => ("an IPv6 address", "2001:db8::1"),
        "uri" | "iri" => ("an absolute URI", "https://example.com/path"),
        "uuid" => ("a UUID", "67e55044-10b1-426f-9247-bb680e5fe0c8"),
        other => return format!("a string in the format `{other}`"),
    };
    format!("{what} such as {example}")
}

/// A value as JSON, cut.
pub(super) fn json(value: &Value) -> String {
    match value {
        Value::String(text) => wording::quoted(text),
        other => wording::cut(&other.to_string()),
    }
}
