//! The keywords of one type of value, as rules.

use serde_json::{Map, Value};

use super::{
    Maker,
    cases::{Kind, Rule, Term, Todo},
    decimal::Decimal,
    document::{Draft, SchemaId, is_schema},
};

impl<'s> Maker<'s> {
    /// What the keywords for values of this type say.
    pub(super) fn ruled(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        kind: Kind,
        todo: &mut Vec<Todo<'s>>,
    ) {
        let validates = self.document.entry(id).is_none_or(|entry| entry.validates);
        match kind {
            Kind::Number if validates => self.number_rules(id, keywords, todo),
            Kind::Text if validates => self.text_rules(id, keywords, todo),
            Kind::Null | Kind::Boolean | Kind::Number | Kind::Text => {}
            Kind::Array => self.array_rules(id, keywords, validates, todo),
            Kind::Object => self.object_rules(id, keywords, validates, todo),
        }
    }

    fn number_rules(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        todo: &mut Vec<Todo<'s>>,
    ) {
        for (keyword, exclusive, is_low) in [
            ("minimum", "exclusiveMinimum", true),
            ("maximum", "exclusiveMaximum", false),
        ] {
            // Draft 4 says with a boolean that the bound itself is outside.
            let outside = keywords.get(exclusive) == Some(&Value::Bool(true));
            for (keyword, strict) in [(keyword, outside), (exclusive, true)] {
                let Some(bound) = keywords.get(keyword).filter(|bound| !bound.is_boolean()) else {
                    continue;
                };
                let Some(number) = bound.as_number() else {
                    self.malformed(id, keyword, "a number");
                    continue;
                };
                match Decimal::of(number).filter(|bound| bound.written().is_some()) {
                    Some(bound) if is_low => todo.push(Todo::Rule(Rule::Low(bound, strict))),
                    Some(bound) => todo.push(Todo::Rule(Rule::High(bound, strict))),
                    None => self.relax(id, keyword, "the bound has too many digits"),
                }
            }
        }
        if let Some(step) = keywords.get("multipleOf") {
            match step.as_number().and_then(Decimal::of) {
                Some(step) if !step.is_zero() && !step.negative => {
                    todo.push(Todo::Rule(Rule::Multiple(step, id)));
                }
                _ => self.malformed(id, "multipleOf", "a number above 0"),
            }
        }
    }

    fn text_rules(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        todo: &mut Vec<Todo<'s>>,
    ) {
        if let Some(min) = self.count(id, keywords, "minLength").filter(|min| *min > 0) {
            todo.push(Todo::Rule(Rule::MinLength(min, id)));
        }
        if let Some(max) = self.count(id, keywords, "maxLength") {
            todo.push(Todo::Rule(Rule::MaxLength(max, id)));
        }
        if let Some(pattern) = self.string(id, keywords, "pattern") {
            todo.push(Todo::Rule(Rule::Pattern(pattern, id, true)));
        }
        if self.options.formats
            && let Some(format) = self.string(id, keywords, "format")
            && super::formats::is_known(format)
        {
            todo.push(Todo::Rule(Rule::Format(format, id, true)));
        }
    }

    fn array_rules(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        validates: bool,
        todo: &mut Vec<Todo<'s>>,
    ) {
        if keywords.contains_key("items") || keywords.contains_key("prefixItems") {
            todo.push(Todo::Rule(Rule::Items(id)));
        }
        if self.draft(id) >= Draft::Six && keywords.contains_key("contains") {
            todo.push(Todo::Rule(Rule::Contains(id)));
        }
        if !validates {
            return;
        }
        if let Some(min) = self.count(id, keywords, "minItems").filter(|min| *min > 0) {
            todo.push(Todo::Rule(Rule::MinItems(min, id)));
        }
        if let Some(max) = self.count(id, keywords, "maxItems") {
            todo.push(Todo::Rule(Rule::MaxItems(max, id)));
        }
        if keywords.get("uniqueItems") == Some(&Value::Bool(true)) {
            todo.push(Todo::Rule(Rule::Unique(id)));
        }
    }

    fn object_rules(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        validates: bool,
        todo: &mut Vec<Todo<'s>>,
    ) {
        let tables = ["properties", "patternProperties", "additionalProperties"];
        if tables.iter().any(|keyword| keywords.contains_key(*keyword)) {
            todo.push(Todo::Rule(Rule::Members(id)));
        }
        if self.draft(id) >= Draft::Six
            && let Some(names) = keywords
                .get("propertyNames")
                .filter(|names| is_schema(names))
        {
            let names = self.document.below(id, names, &["propertyNames"]);
            todo.push(Todo::Rule(Rule::Names(Term::Schema(names, true))));
        }
        if validates {
            for name in self.names(id, keywords, "required") {
                todo.push(Todo::Rule(Rule::Required(name, id)));
            }
            if let Some(min) = self
                .count(id, keywords, "minProperties")
                .filter(|min| *min > 0)
            {
                todo.push(Todo::Rule(Rule::MinMembers(min, id)));
            }
            if let Some(max) = self.count(id, keywords, "maxProperties") {
                todo.push(Todo::Rule(Rule::MaxMembers(max, id)));
            }
        }
        self.dependent_rules(id, keywords, todo);
    }

    /// `dependentRequired`, `dependentSchemas` and, in the drafts that had it, `dependencies`.
    fn dependent_rules(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        todo: &mut Vec<Todo<'s>>,
    ) {
        let draft = self.draft(id);
        for keyword in ["dependentRequired", "dependentSchemas", "dependencies"] {
            if (draft < Draft::Nineteen) != (keyword == "dependencies") {
                continue;
            }
            let Some(dependents) = keywords.get(keyword).and_then(Value::as_object) else {
                continue;
            };
            for (name, dependent) in dependents {
                let mut then = vec![Todo::Rule(Rule::Required(name, id))];
                match dependent {
                    Value::Array(names) => {
                        let names = names.iter().filter_map(Value::as_str);
                        then.extend(names.map(|name| Todo::Rule(Rule::Required(name, id))));
                    }
                    Value::String(other) => then.push(Todo::Rule(Rule::Required(other, id))),
                    schema if is_schema(schema) => {
                        let schema = self.document.below(id, schema, &[keyword, name]);
                        then.push(Todo::Term(Term::Schema(schema, true)));
                    }
                    _ => {
                        self.malformed(id, keyword, "names or schemas under names");
                        continue;
                    }
                }
                let without = vec![Todo::Rule(Rule::Absent(name))];
                todo.push(Todo::Or(vec![without, then], id, keyword));
            }
        }
    }

    pub(super) fn unsupported(
        &mut self,
        id: SchemaId,
        keywords: &Map<String, Value>,
        kind: Kind,
        draft: Draft,
    ) {
        for keyword in unsupported_in(keywords, kind, draft) {
            self.relax(
                id,
                keyword,
                "what the other keywords have seen is not followed",
            );
        }
    }

    pub(super) fn draft(&self, id: SchemaId) -> Draft {
        self.document
            .entry(id)
            .map_or(Draft::Twenty, |entry| entry.draft)
    }

    /// The listed properties and their schemas.
    pub(super) fn properties(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
    ) -> Vec<(&'s str, SchemaId)> {
        self.map(id, keywords, "properties")
    }

    /// The schemas in the object under a keyword.
    pub(super) fn map(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        keyword: &'static str,
    ) -> Vec<(&'s str, SchemaId)> {
        let Some(value) = keywords.get(keyword) else {
            return Vec::new();
        };
        let Some(members) = value
            .as_object()
            .filter(|members| members.values().all(is_schema))
        else {
            self.malformed(id, keyword, "an object of schemas");
            return Vec::new();
        };
        members
            .iter()
            .map(|(name, schema)| {
                (
                    name.as_str(),
                    self.document.below(id, schema, &[keyword, name]),
                )
            })
            .collect()
    }

    /// The names in a list.
    fn names(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        keyword: &'static str,
    ) -> Vec<&'s str> {
        match keywords.get(keyword) {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            // Draft 3 said it of the property.
            None | Some(Value::Bool(_)) => Vec::new(),
            Some(_) => {
                self.malformed(id, keyword, "a list of names");
                Vec::new()
            }
        }
    }

    fn string(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        keyword: &'static str,
    ) -> Option<&'s str> {
        let value = keywords.get(keyword)?;
        if !value.is_string() {
            self.malformed(id, keyword, "a string");
        }
        value.as_str()
    }

    /// A count; `2.0` is one too.
    pub(super) fn count(
        &mut self,
        id: SchemaId,
        keywords: &Map<String, Value>,
        keyword: &'static str,
    ) -> Option<u64> {
        let value = keywords.get(keyword)?;
        let decimal = value.as_number().and_then(Decimal::of);
        let Some(decimal) = decimal.filter(|count| count.is_integer() && !count.negative) else {
            self.malformed(id, keyword, "a count");
            return None;
        };
        let written = decimal.written().map(|(whole, _)| whole);
        let digits = written.filter(|whole| whole.len() < 19).unwrap_or_default();
        if digits.is_empty() {
            return Some(u64::MAX);
        }
        Some(
            digits
                .iter()
                .fold(0, |sum, digit| sum * 10 + u64::from(*digit)),
        )
    }
}

/// Keywords that are not looked into, where they may say something.
pub(super) fn unsupported_in(
    keywords: &Map<String, Value>,
    kind: Kind,
    draft: Draft,
) -> Vec<&'static str> {
    let keyword = match kind {
        Kind::Array => "unevaluatedItems",
        Kind::Object => "unevaluatedProperties",
        _ => return Vec::new(),
    };
    let says = keywords.get(keyword).is_some_and(|value| {
        *value != Value::Bool(true) && value.as_object().is_none_or(|schema| !schema.is_empty())
    });
    if says && draft >= Draft::Nineteen {
        vec![keyword]
    } else {
        Vec::new()
    }
}
