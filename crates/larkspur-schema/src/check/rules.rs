//! The rules of a dialect, one function each.
//!
//! What the server answers stands in the table of the dialect, collected from public issue threads; where none is known there is
//! none there.

mod objects;
mod references;
mod values;

use larkspur_json::Pointer;
use serde_json::{Map, Value};

use super::{
    context::{quoted, tuple},
    walk::{each_schema, subschemas},
};
use crate::{Diagnostic, Dialect, Support, dialect::Refs, vocabulary};

type Keywords = Map<String, Value>;

pub(super) fn problems(schema: &Value, dialect: &Dialect) -> Vec<Diagnostic> {
    let mut rules = Rules {
        dialect,
        found: Vec::new(),
    };
    rules.root(schema);
    each_schema(schema, |at, schema| rules.schema(at, schema));
    if dialect.form.recursion != crate::dialect::Recursion::Yes {
        rules.recursion(schema);
    }
    rules.found
}

struct Rules<'d> {
    dialect: &'d Dialect,
    found: Vec<Diagnostic>,
}

impl Rules<'_> {
    /// Notes a finding about a schema, with what the server answers to it.
    fn find_in(&mut self, mut problem: Diagnostic, schema: &Pointer, given: &[(&str, &str)]) {
        let (context, place) = (tuple(schema), dotted(schema));
        let all: Vec<(&str, &str)> = [
            ("context", context.as_str()),
            ("place", place.as_str()),
            ("path", place.as_str()),
        ]
        .into_iter()
        .chain(given.iter().copied())
        .collect();
        problem.server_message = self.dialect.text(problem.code, &all);
        self.found.push(problem);
    }

    fn root(&mut self, schema: &Value) {
        let root = Pointer::root();
        let Some(keywords) = schema.as_object().filter(|_| self.dialect.form.root_object) else {
            return;
        };
        let is_object = keywords.get("type").and_then(Value::as_str) == Some("object");
        if !is_object {
            let got = match keywords.get("type") {
                Some(Value::String(name)) => format!("\"{name}\""),
                Some(other) => format!("\"{other}\""),
                None => "\"None\"".to_owned(),
            };
            let problem = Diagnostic::error("root-not-object", &root, "the root is not an object")
                .hint("put the schema into an object with one property");
            self.find_in(problem, &root, &[("got", &got)]);
        }
        let unions = ["anyOf", "oneOf", "allOf", "enum", "not"];
        if is_object && unions.iter().any(|keyword| keywords.contains_key(*keyword)) {
            let problem = Diagnostic::error("root-union", &root, "the root is a union")
                .hint("put the union into an object with one property");
            self.find_in(problem, &root, &[]);
        }
    }

    fn schema(&mut self, at: &Pointer, schema: &Value) {
        let Value::Object(keywords) = schema else {
            // Spoken of by the schema that it stands in.
            return;
        };
        if keywords.contains_key("$ref") && self.dialect.takes("$ref") {
            self.reference(at, keywords);
            if self.dialect.form.refs != Refs::Free {
                return;
            }
        }
        self.keywords(at, keywords);
        self.types(at, keywords);
        self.object(at, keywords);
        self.array(at, keywords);
        self.string(at, keywords);
        self.number(at, keywords);
        self.values(at, keywords);
        self.first_keys(at, keywords);
        self.booleans(at, schema);
    }

    /// Boolean schemas, but for what `additionalProperties` may say.
    fn booleans(&mut self, at: &Pointer, schema: &Value) {
        if !self.dialect.form.typed {
            return;
        }
        let others = at.child("additionalProperties");
        for (below, schema) in subschemas(at, schema) {
            if schema.is_boolean() && below != others {
                let message = "`true` and `false` are no schemas here";
                self.find_in(
                    Diagnostic::error("boolean-schema", &below, message),
                    &below,
                    &[],
                );
            }
        }
    }

    fn keywords(&mut self, at: &Pointer, keywords: &Keywords) {
        for keyword in keywords.keys() {
            let problem = match self.dialect.support(keyword) {
                Support::Taken | Support::Partly(_) => continue,
                Support::Ignored => self.ignored(at, keyword, keywords),
                Support::Disputed => Some(disputed(at, keyword)),
                Support::Refused => Some(refused(at, keyword)),
            };
            if let Some(problem) = problem {
                let kind = keywords.get("type").and_then(Value::as_str);
                let given = [
                    ("keyword", quoted(keyword)),
                    ("quoted", format!("\"{keyword}\"")),
                    ("name", keyword.clone()),
                    ("type", kind.unwrap_or("object").to_owned()),
                ];
                let given: Vec<(&str, &str)> = given
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                self.find_in(problem, at, &given);
            }
        }
    }

    /// A keyword that is taken and not enforced. What is no rule loses nothing by that.
    fn ignored(&self, at: &Pointer, keyword: &str, keywords: &Keywords) -> Option<Diagnostic> {
        let place = at.child(keyword);
        if !vocabulary::is_keyword(keyword) {
            let meant = vocabulary::keyword_like(keyword)?;
            let message = format!("`{keyword}` is no keyword, and is ignored");
            let hint = format!("did you mean `{meant}`?");
            return Some(Diagnostic::warning("unknown-keyword", &place, message).hint(hint));
        }
        let says_nothing = matches!(
            (keyword, keywords.get(keyword)),
            ("uniqueItems", Some(Value::Bool(false)))
        );
        if vocabulary::ANNOTATIONS.contains(&keyword) || says_nothing {
            return None;
        }
        let message = format!(
            "{} skips `{keyword}` without a word: the model is not held to it",
            self.dialect.title
        );
        Some(Diagnostic::warning("keyword-ignored", &place, message).hint(instead_of(keyword)))
    }

    fn types(&mut self, at: &Pointer, keywords: &Keywords) {
        let form = &self.dialect.form;
        let has = |any: &[&str]| any.iter().any(|keyword| keywords.contains_key(*keyword));
        let says = has(&["type", "anyOf", "oneOf", "allOf", "$ref"])
            || form.untyped_values && has(&["enum", "const"]);
        if form.typed && !says && !at.is_root() {
            let problem = Diagnostic::error("missing-type", at, "the schema does not say a `type`")
                .hint("say one, or list several");
            self.find_in(problem, at, &[]);
        }
        let place = at.child("type");
        if !form.type_lists && keywords.get("type").is_some_and(Value::is_array) {
            let problem = Diagnostic::error("type-list", &place, "`type` is one name here")
                .hint("say `nullable: true`, or make an `anyOf` of the types");
            self.find_in(problem, at, &[]);
        }
        if let Some(name) = keywords.get("type").and_then(Value::as_str)
            && form.upper_types
            && name.chars().any(|letter| letter.is_ascii_lowercase())
        {
            let message = format!(
                "the server's own name for this type is `{}`",
                name.to_uppercase()
            );
            let problem = Diagnostic::warning("type-in-lower-case", &place, message)
                .hint("some of its versions and gateways take no other");
            self.find_in(problem, at, &[]);
        }
    }
}

/// Whether a place holds the dialect's own name of a type, which no metaschema knows.
#[cfg(feature = "validate")]
pub(super) fn is_own_name(schema: &Value, at: &Pointer, dialect: &Dialect) -> bool {
    let name = schema.pointer(at.as_str()).and_then(Value::as_str);
    dialect.form.upper_types
        && at.last().is_some_and(|keyword| keyword == "type")
        && name.is_some_and(|name| {
            vocabulary::TYPES
                .iter()
                .any(|known| known.to_uppercase() == name)
        })
}

fn disputed(at: &Pointer, keyword: &str) -> Diagnostic {
    let message = format!("`{keyword}` is refused by some models and taken by others");
    let problem = Diagnostic::warning("disputed-keyword", &at.child(keyword), message);
    with_meant(problem, keyword)
}

fn refused(at: &Pointer, keyword: &str) -> Diagnostic {
    let message = format!("`{keyword}` is not permitted");
    let problem = Diagnostic::error("keyword-not-permitted", &at.child(keyword), message)
        .hint(instead_of(keyword));
    with_meant(problem, keyword)
}

/// A hint at the keyword that was probably meant, in place of any other.
fn with_meant(problem: Diagnostic, keyword: &str) -> Diagnostic {
    match vocabulary::keyword_like(keyword) {
        Some(meant) => problem.hint(format!("did you mean `{meant}`?")),
        None => problem,
    }
}

/// A place as some servers write it: `.properties.x`.
fn dotted(at: &Pointer) -> String {
    at.tokens()
        .fold(String::new(), |path, token| path + "." + &token)
}

fn has_type(keywords: &Keywords, name: &str) -> bool {
    let is = |one: &Value| {
        one.as_str()
            .is_some_and(|one| one.eq_ignore_ascii_case(name))
    };
    match keywords.get("type") {
        Some(Value::Array(many)) => many.iter().any(is),
        Some(one) => is(one),
        None => false,
    }
}

/// What to write in place of a keyword.
fn instead_of(keyword: &str) -> &'static str {
    match keyword {
        "oneOf" => "write `anyOf`",
        "allOf" => "write the schemas as one",
        "const" => "write an `enum` of one value",
        "$ref" | "$defs" | "definitions" => {
            "copy the schema that it refers to, or lower the schema"
        }
        "minLength" | "maxLength" => r"say it as a pattern, such as `^[\s\S]{1,64}$`",
        "patternProperties" => "a map is sent as an array of entries",
        "additionalProperties" => "leave it out: the model writes the listed properties only",
        "prefixItems" => "a tuple is sent as an object with a property for each position",
        _ => "say it in the description and check the answer, or lower the schema, which does both",
    }
}
