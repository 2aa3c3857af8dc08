//! Arrays, strings, numbers and lists of values.

use larkspur_json::Pointer;
use serde_json::Value;

use super::{Keywords, Rules, has_type};
use crate::{
    Diagnostic, Support,
    check::context::quoted,
    dialect::{Listed, Patterns, Tuples},
    lower::{is_anchored, is_regular},
    vocabulary,
};

impl Rules<'_> {
    pub(super) fn array(&mut self, at: &Pointer, keywords: &Keywords) {
        let says_elements = keywords.get("items").is_some_and(Value::is_object)
            || keywords.contains_key("prefixItems");
        let form = &self.dialect.form;
        if has_type(keywords, "array") && form.typed && !says_elements {
            let message = "the array does not say what its elements look like";
            let problem = Diagnostic::error("array-without-items", at, message).hint("say `items`");
            self.find_in(problem, at, &[]);
        }
        if form.tuples == Tuples::Fixed
            && keywords.contains_key("prefixItems")
            && keywords.contains_key("items")
        {
            let message = "`items` beside `prefixItems`: one of them is skipped";
            let problem = Diagnostic::error("items-beside-prefix", &at.child("items"), message)
                .hint("leave `items` out; the array is as long as `prefixItems`");
            self.find_in(problem, at, &[]);
        }
        let least = keywords.get("minItems").and_then(Value::as_u64);
        if let Some(most) = self.dialect.limits.min_items
            && least.is_some_and(|least| least > most)
        {
            let message = format!("`minItems` is at most {most} here");
            let problem = Diagnostic::error("min-items", &at.child("minItems"), message)
                .hint("say it in the description and check the answer, or lower the schema, which does both");
            self.find_in(problem, at, &[]);
        }
    }

    pub(super) fn string(&mut self, at: &Pointer, keywords: &Keywords) {
        self.format(at, keywords);
        if let Some(pattern) = keywords.get("pattern").and_then(Value::as_str)
            && self.dialect.takes("pattern")
        {
            self.pattern(at, pattern);
        }
        self.lengths(at, keywords);
    }

    fn format(&mut self, at: &Pointer, keywords: &Keywords) {
        let Some(format) = keywords.get("format").and_then(Value::as_str) else {
            return;
        };
        if !self.dialect.takes("format") {
            return;
        }
        let is_number = has_type(keywords, "number") || has_type(keywords, "integer");
        let support = if is_number && !has_type(keywords, "string") {
            self.dialect.formats.numbers
        } else {
            self.dialect.format_support(format)
        };
        let place = at.child("format");
        let title = self.dialect.title;
        let mut problem = match support {
            Support::Refused => Diagnostic::error(
                "format-not-permitted",
                &place,
                format!("`{format}` is not a format of this server"),
            ),
            Support::Ignored if !is_number => Diagnostic::warning(
                "format-ignored",
                &place,
                format!("{title} skips the format `{format}` without a word"),
            ),
            Support::Disputed => Diagnostic::warning(
                "disputed-format",
                &place,
                format!("it is not known whether the server takes the format `{format}`"),
            ),
            _ => return,
        };
        problem = match vocabulary::format_like(format) {
            Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
            None => problem.hint("say it in the description, or as a `pattern`"),
        };
        let given = [
            ("format", quoted(format)),
            ("format_name", format.to_owned()),
        ];
        let given: Vec<(&str, &str)> = given
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.find_in(problem, at, &given);
    }

    fn pattern(&mut self, at: &Pointer, pattern: &str) {
        let place = at.child("pattern");
        let rule = self.dialect.form.patterns;
        if rule != Patterns::Free && !is_regular(pattern) {
            let message = format!("`{pattern}` is not a regular expression that the server takes");
            let problem = Diagnostic::error("pattern-not-regular", &place, message)
                .hint("do without look-around, back-references and word boundaries");
            self.find_in(problem, at, &[]);
        } else if rule == Patterns::Anchored && !is_anchored(pattern) {
            let message =
                format!(r"`{pattern}` is not between `^` and `$`, or uses `\d`, `\w` or `\s`");
            let problem = Diagnostic::error("pattern-not-anchored", &place, message)
                .hint(r"write `^…$` around it, and classes such as `[0-9]` out");
            self.find_in(problem, at, &[]);
        }
    }

    fn lengths(&mut self, at: &Pointer, keywords: &Keywords) {
        let has = |keyword: &str| keywords.contains_key(keyword);
        let length = ["minLength", "maxLength"]
            .into_iter()
            .find(|keyword| has(keyword) && self.dialect.takes(keyword));
        let Some(length) = length else {
            return;
        };
        let place = at.child(length);
        let form = &self.dialect.form;
        if !form.lengths_beside_patterns && (has("pattern") || has("format")) {
            let message = format!("`{length}` is not counted beside a `pattern` or a `format`");
            let hint = "put the length into the pattern, or lower the schema";
            let problem = if self.dialect.text("length-beside-pattern", &[]).is_some() {
                Diagnostic::error("length-beside-pattern", &place, message)
            } else {
                Diagnostic::warning("length-beside-pattern", &place, message)
            };
            self.find_in(problem.hint(hint), at, &[]);
        }
        let count = keywords.get(length).and_then(Value::as_u64);
        if let Some(most) = self.dialect.limits.length
            && count.is_some_and(|count| count > most)
        {
            let message =
                format!("a length of more than {most} makes the engine's grammar too large");
            let problem = Diagnostic::warning("length-too-large", &place, message)
                .hint("say it in the description and check the answer, or lower the schema, which does both");
            self.find_in(problem, at, &[]);
        }
    }

    pub(super) fn number(&mut self, at: &Pointer, keywords: &Keywords) {
        let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
        for keyword in bounds {
            let Some(bound) = keywords
                .get(keyword)
                .filter(|_| self.dialect.takes(keyword))
            else {
                continue;
            };
            let place = at.child(keyword);
            if self.dialect.form.integer_bounds_only && !has_type(keywords, "integer") {
                let message =
                    format!("`{keyword}` holds for integers only; of numbers it is skipped");
                let problem = Diagnostic::warning("bound-ignored", &place, message)
                    .hint("make it an integer, or check the answer");
                self.find_in(problem, at, &[]);
            }
            #[expect(
                clippy::cast_precision_loss,
                reason = "the limit is an integer that a double holds"
            )]
            let most = self.dialect.limits.number_bound.map(|most| most as f64);
            if let (Some(most), Some(bound)) = (most, bound.as_f64())
                && bound.abs() > most
            {
                let message =
                    format!("`{keyword}` is beyond what the server's engine counts exactly");
                let problem = Diagnostic::warning("bound-too-large", &place, message).hint(
                    "leave it out and check the answer, or lower the schema, which does both",
                );
                self.find_in(problem, at, &[]);
            }
        }
    }

    pub(super) fn values(&mut self, at: &Pointer, keywords: &Keywords) {
        let (place, values) = match (keywords.get("enum"), keywords.get("const")) {
            (Some(Value::Array(values)), _) => (at.child("enum"), values.as_slice()),
            (_, Some(value)) => (at.child("const"), std::slice::from_ref(value)),
            _ => return,
        };
        let is_composite = |value: &Value| value.is_array() || value.is_object();
        let mut kinds = values.iter().map(kind).filter(|kind| *kind != "null");
        let first = kinds.next();
        let is_mixed = first.is_some_and(|first| kinds.any(|kind| kind != first));
        let problem = match self.dialect.form.listed {
            Listed::OneType if is_mixed => {
                Diagnostic::error("mixed-enum", &place, "the values are of different types")
                    .hint("make an `anyOf` with an `enum` for each type")
            }
            Listed::Scalars if values.iter().any(is_composite) => {
                let message = "objects and arrays cannot be listed";
                Diagnostic::error("composite-enum", &place, message)
                    .hint("describe the value by its properties or elements")
            }
            Listed::Strings if !values.iter().all(Value::is_string) => {
                let message = "only strings can be listed";
                Diagnostic::error("enum-not-strings", &place, message).hint(
                    "list numbers in the description and check the answer, or lower the schema",
                )
            }
            _ => return,
        };
        self.find_in(problem, at, &[]);
    }

    pub(super) fn first_keys(&mut self, at: &Pointer, keywords: &Keywords) {
        let Some(branches) = keywords.get("anyOf").and_then(Value::as_array) else {
            return;
        };
        if !self.dialect.form.distinct_first_keys {
            return;
        }
        let mut seen: Vec<(&String, Option<&Value>)> = Vec::new();
        for branch in branches {
            let properties = branch.get("properties").and_then(Value::as_object);
            let Some((name, property)) = properties.and_then(|all| all.iter().next()) else {
                continue;
            };
            let tag = property.get("const").or_else(|| {
                match property.get("enum").and_then(Value::as_array)?.as_slice() {
                    [only] => Some(only),
                    _ => None,
                }
            });
            let clashes = seen.iter().any(|(other, its_tag)| {
                *other == name && (tag.is_none() || its_tag.is_none() || *its_tag == tag)
            });
            if clashes {
                let message = format!(
                    "several branches begin with the key `{name}`, which does not tell them apart"
                );
                let problem =
                    Diagnostic::warning("shared-first-key", &at.child("anyOf"), message)
                        .hint("begin each branch with a key of its own or with a constant; some models refuse this");
                return self.find_in(problem, at, &[]);
            }
            seen.push((name, tag));
        }
    }
}

fn kind(value: &Value) -> &'static str {
    crate::lower::kind(value)
}
