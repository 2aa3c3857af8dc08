//! Objects.

use std::collections::HashSet;

use larkspur_json::Pointer;
use serde_json::Value;

use super::{Keywords, Rules, has_type};
use crate::{
    Diagnostic,
    check::context::quoted,
    dialect::{Others, Silence},
    vocabulary::required_names,
};

impl Rules<'_> {
    pub(super) fn object(&mut self, at: &Pointer, keywords: &Keywords) {
        let is_object = has_type(keywords, "object");
        if is_object || keywords.contains_key("properties") {
            self.counts(at, keywords);
            self.patterns_of_names(at, keywords);
        }
        if !is_object {
            return;
        }
        let Some(properties) = keywords.get("properties").and_then(Value::as_object) else {
            return self.without_properties(at);
        };
        let form = &self.dialect.form;
        if form.others == Others::Closed
            && keywords.get("additionalProperties") != Some(&Value::Bool(false))
        {
            let problem = Diagnostic::error("open-object", at, "the object is not closed")
                .hint("say `additionalProperties: false`");
            self.find_in(problem, at, &[]);
        }
        if form.all_required {
            self.required(at, properties, keywords.get("required"));
        }
    }

    fn without_properties(&mut self, at: &Pointer) {
        let form = &self.dialect.form;
        let is_open = match form.others {
            Others::Closed => true,
            Others::Unsaid => form.silence != Silence::Open,
            Others::Any => false,
        };
        if is_open {
            let message = "the object does not list its properties";
            let hint = "a map is sent as an array of entries; an empty object has `properties: {}`";
            let problem = Diagnostic::error("object-without-properties", at, message).hint(hint);
            self.find_in(problem, at, &[]);
        }
    }

    fn required(&mut self, at: &Pointer, properties: &Keywords, required: Option<&Value>) {
        let empty = Vec::new();
        let names = required.and_then(Value::as_array).unwrap_or(&empty);
        let listed: HashSet<&str> = names.iter().filter_map(Value::as_str).collect();
        for name in properties.keys() {
            if !listed.contains(name.as_str()) {
                let place = at.child("properties").child(name);
                let problem = Diagnostic::error(
                    "optional-property",
                    &place,
                    format!("`{name}` is not required"),
                )
                .hint("list it in `required` and let it be null");
                self.find_in(problem, at, &[("name", &quoted(name))]);
            }
        }
        for name in names.iter().filter_map(Value::as_str) {
            if !properties.contains_key(name) {
                let message = format!("`{name}` is required but is no property");
                let problem = Diagnostic::error("unknown-required", &at.child("required"), message)
                    .hint("add the property, or take the name out");
                self.find_in(problem, at, &[("name", &quoted(name))]);
            }
        }
    }

    /// Numbers of properties, where some of these are optional.
    fn counts(&mut self, at: &Pointer, keywords: &Keywords) {
        if self.dialect.form.counts_optional {
            return;
        }
        let properties = keywords.get("properties").and_then(Value::as_object);
        let required = required_names(keywords);
        let has_optional =
            properties.is_some_and(|all| all.keys().any(|name| !required.contains(name.as_str())));
        let least = keywords.get("minProperties").and_then(Value::as_u64);
        let is_more = least.is_some_and(|least| least > required.len() as u64);
        let limit = if keywords.contains_key("maxProperties") {
            Some("maxProperties")
        } else {
            is_more.then_some("minProperties")
        };
        if let Some(keyword) = limit.filter(|_| has_optional) {
            let message = format!("`{keyword}` of an object with optional properties");
            let problem = Diagnostic::error("count-of-optional", &at.child(keyword), message).hint(
                "require every listed property, or say it in the description and check the answer",
            );
            self.find_in(problem, at, &[]);
        }
    }

    /// `patternProperties` and `propertyNames` of engines that take one of them alone.
    fn patterns_of_names(&mut self, at: &Pointer, keywords: &Keywords) {
        if self.dialect.text("pattern-properties", &[]).is_none() {
            return;
        }
        let count = keywords
            .get("patternProperties")
            .and_then(Value::as_object)
            .map_or(0, serde_json::Map::len);
        let has_properties = keywords.contains_key("properties");
        if count > 1 || (count > 0 && has_properties) {
            let place = at.child("patternProperties");
            let message =
                "`patternProperties` is taken with one pattern and no `properties` beside it";
            let problem = Diagnostic::error("pattern-properties", &place, message)
                .hint("say what other properties look like by `additionalProperties`");
            self.find_in(problem, at, &[]);
        }
        let has_others = keywords
            .get("additionalProperties")
            .is_some_and(Value::is_object);
        if keywords.contains_key("propertyNames") && (has_properties || count > 0 || has_others) {
            let place = at.child("propertyNames");
            let message = "`propertyNames` is taken with nothing else beside it";
            let problem = Diagnostic::error("property-names", &place, message)
                .hint("say it in the description and check the answer, or lower the schema, which does both");
            self.find_in(problem, at, &[]);
        }
    }
}
