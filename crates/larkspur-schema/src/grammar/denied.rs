//! What it means that a schema does not hold: one of its keywords does not.

use serde_json::{Map, Value};

use super::{
    Maker,
    cases::{Branches, Kind, MOST_CASES, Reference, Rule, Term, Todo},
    document::{Draft, SchemaId},
    ecma, formats,
    rules::unsupported_in,
};

const NO_NEGATION: &str = "that the rule does not hold cannot be said";

impl<'s> Maker<'s> {
    /// What a schema says if it is not to hold: nothing if it always does.
    pub(super) fn denied(&mut self, id: SchemaId, kind: Kind) -> Option<Vec<Todo<'s>>> {
        let entry = self.document.entry(id)?;
        let (value, draft, validates) = (entry.value, entry.draft, entry.validates);
        let keywords = match value {
            Value::Bool(false) => return Some(Vec::new()),
            Value::Object(keywords) => keywords,
            Value::Bool(_) => return None,
            _ => {
                self.no_schema(id);
                return None;
            }
        };
        let mut branches: Branches<'s> = Vec::new();
        let term = |id, holds| Todo::Term(Term::Schema(id, holds));
        match self.reference(id, keywords) {
            Reference::None => {}
            Reference::Unknown => return Some(Vec::new()),
            Reference::To(target) => branches.push(vec![term(target, false)]),
        }
        if !branches.is_empty() && draft < Draft::Nineteen {
            return Some(vec![Todo::Or(branches, id, "not")]);
        }
        if validates && let Some(types) = self.types(id, keywords) {
            if !types.iter().any(|name| kind.is_named(name)) {
                return Some(Vec::new());
            }
            if kind == Kind::Number && !types.contains(&"number") {
                branches.push(vec![Todo::Rule(Rule::Integer(false))]);
            }
        }
        self.combined_denied(id, keywords, draft, &mut branches);
        if validates {
            if let Some(values) = self.values_of(id, keywords) {
                branches.push(vec![Todo::Rule(Rule::NotAmong(values, id))]);
            }
            if draft >= Draft::Six
                && let Some(value) = keywords.get("const")
            {
                branches.push(vec![Todo::Rule(Rule::NotAmong(
                    std::slice::from_ref(value),
                    id,
                ))]);
            }
        }
        let mut rules = Vec::new();
        self.ruled(id, keywords, kind, &mut rules);
        for rule in rules {
            branches.extend(self.negated(rule, id));
        }
        for keyword in unsupported_in(keywords, kind, draft) {
            self.relax(id, keyword, NO_NEGATION);
            branches.push(Vec::new());
        }
        if branches.iter().any(Vec::is_empty) {
            return Some(Vec::new());
        }
        Some(vec![Todo::Or(branches, id, "not")])
    }

    fn combined_denied(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        draft: Draft,
        branches: &mut Branches<'s>,
    ) {
        let term = |id, holds| Todo::Term(Term::Schema(id, holds));
        if let Some(all) = self.list(id, keywords, "allOf") {
            branches.extend(all.into_iter().map(|id| vec![term(id, false)]));
        }
        if let Some(any) = self.list(id, keywords, "anyOf") {
            branches.push(any.into_iter().map(|id| term(id, false)).collect());
        }
        if let Some(one) = self.list(id, keywords, "oneOf") {
            branches.push(one.iter().map(|id| term(*id, false)).collect());
            for (at, first) in one.iter().enumerate() {
                for second in one.iter().skip(at + 1) {
                    if !self.are_disjoint(*first, *second) {
                        branches.push(vec![term(*first, true), term(*second, true)]);
                    }
                }
            }
        }
        if let Some(not) = self.child(id, keywords, "not") {
            branches.push(vec![term(not, true)]);
        }
        if draft >= Draft::Seven
            && let Some(condition) = self.child(id, keywords, "if")
        {
            for (keyword, holds) in [("then", true), ("else", false)] {
                if let Some(schema) = self.child(id, keywords, keyword) {
                    branches.push(vec![term(condition, holds), term(schema, false)]);
                }
            }
        }
    }

    /// Ways in which a rule does not hold.
    fn negated(&mut self, rule: Todo<'s>, id: SchemaId) -> Branches<'s> {
        let one = |rule| vec![vec![Todo::Rule(rule)]];
        let rule = match rule {
            Todo::Rule(rule) => rule,
            // Of `dependentRequired` and its kin: none of the branches holds.
            Todo::Or(branches, schema, keyword) => return self.none_of(branches, schema, keyword),
            Todo::Term(Term::Schema(id, holds)) => {
                return vec![vec![Todo::Term(Term::Schema(id, !holds))]];
            }
            Todo::Term(Term::Value(_)) => return vec![Vec::new()],
        };
        match rule {
            Rule::Low(bound, strict) => one(Rule::High(bound, !strict)),
            Rule::High(bound, strict) => one(Rule::Low(bound, !strict)),
            Rule::Integer(holds) => one(Rule::Integer(!holds)),
            Rule::Pattern(pattern, schema, holds) => {
                if ecma::read(pattern).is_none() {
                    return self.inexact(schema, "pattern");
                }
                one(Rule::Pattern(pattern, schema, !holds))
            }
            Rule::Format(format, schema, holds) => {
                if formats::named(format).is_none_or(|format| !format.exact) {
                    return self.inexact(schema, "format");
                }
                one(Rule::Format(format, schema, !holds))
            }
            Rule::MinLength(min, schema) => below(min, |most| Rule::MaxLength(most, schema)),
            Rule::MaxLength(max, schema) => one(Rule::MinLength(max.saturating_add(1), schema)),
            Rule::MinItems(min, schema) => below(min, |most| Rule::MaxItems(most, schema)),
            Rule::MaxItems(max, schema) => one(Rule::MinItems(max.saturating_add(1), schema)),
            Rule::MinMembers(min, schema) => below(min, |most| Rule::MaxMembers(most, schema)),
            Rule::MaxMembers(max, schema) => one(Rule::MinMembers(max.saturating_add(1), schema)),
            Rule::Required(name, _) => one(Rule::Absent(name)),
            Rule::Members(schema) => self.members_denied(schema),
            Rule::Contains(schema) => self.contains_denied(schema),
            Rule::Items(schema) => self.items_denied(schema),
            Rule::Each(Term::Schema(schema, holds)) => {
                one(Rule::Some(Term::Schema(schema, !holds)))
            }
            Rule::Some(Term::Schema(schema, holds)) => {
                one(Rule::Each(Term::Schema(schema, !holds)))
            }
            Rule::Unique(schema) => self.inexact(schema, "uniqueItems"),
            Rule::Multiple(_, schema) => self.inexact(schema, "multipleOf"),
            Rule::Names(_) => self.inexact(id, "propertyNames"),
            Rule::Absent(name) => one(Rule::Required(name, id)),
            Rule::Member(..)
            | Rule::Each(_)
            | Rule::Some(_)
            | Rule::Among(_)
            | Rule::NotAmong(..) => self.inexact(id, "not"),
        }
    }

    fn inexact(&mut self, id: SchemaId, keyword: &str) -> Branches<'s> {
        self.relax(id, keyword, NO_NEGATION);
        vec![Vec::new()]
    }

    fn none_of(
        &mut self,
        branches: Branches<'s>,
        id: SchemaId,
        keyword: &'static str,
    ) -> Branches<'s> {
        let mut all = vec![Vec::new()];
        for branch in branches {
            let mut ways = Vec::new();
            for todo in branch {
                ways.extend(self.negated(todo, id));
            }
            if ways.len() != 1 && all.len() * ways.len() > MOST_CASES {
                return self.inexact(id, keyword);
            }
            all = all
                .iter()
                .flat_map(|known: &Vec<Todo<'s>>| {
                    ways.iter()
                        .map(move |way| known.iter().chain(way).cloned().collect())
                })
                .collect();
        }
        all
    }

    /// A listed property that is there and breaks its schema; of others it is not known.
    fn members_denied(&mut self, id: SchemaId) -> Branches<'s> {
        let mut branches: Branches<'s> = Vec::new();
        let Some(keywords) = self.document.keywords(id) else {
            return branches;
        };
        for (name, schema) in self.properties(id, keywords) {
            branches.push(vec![
                Todo::Rule(Rule::Required(name, id)),
                Todo::Rule(Rule::Member(name, Term::Schema(schema, false))),
            ]);
        }
        for keyword in ["patternProperties", "additionalProperties"] {
            let says_nothing = keywords.get(keyword).is_none_or(|value| {
                *value == Value::Bool(true) || value.as_object().is_some_and(Map::is_empty)
            });
            if !says_nothing {
                return self.inexact(id, keyword);
            }
        }
        branches
    }

    fn contains_denied(&mut self, id: SchemaId) -> Branches<'s> {
        let Some(keywords) = self.document.keywords(id) else {
            return Vec::new();
        };
        let counted = keywords.contains_key("minContains") || keywords.contains_key("maxContains");
        match self.child(id, keywords, "contains") {
            Some(schema) if !counted => {
                vec![vec![Todo::Rule(Rule::Each(Term::Schema(schema, false)))]]
            }
            _ => self.inexact(id, "contains"),
        }
    }

    /// Some element that breaks its schema.
    fn items_denied(&mut self, id: SchemaId) -> Branches<'s> {
        let Some(keywords) = self.document.keywords(id) else {
            return Vec::new();
        };
        if keywords.contains_key("prefixItems")
            || keywords.get("items").is_some_and(Value::is_array)
        {
            return self.inexact(id, "items");
        }
        let items = self.child(id, keywords, "items");
        let broken = |schema| vec![Todo::Rule(Rule::Some(Term::Schema(schema, false)))];
        items.into_iter().map(broken).collect()
    }
}

/// Fewer than `min`.
fn below<'s>(min: u64, rule: impl FnOnce(u64) -> Rule<'s>) -> Branches<'s> {
    match min.checked_sub(1) {
        Some(most) => vec![vec![Todo::Rule(rule(most))]],
        None => Vec::new(),
    }
}
