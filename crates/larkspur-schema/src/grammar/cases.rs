//! What a conjunction of schemas says of values of one type: a union of cases, each a plain list of rules.
//!
//! A *goal* is a set of [`Term`]s, schemas that hold or do not hold, all of which a value is to satisfy. For one type at a time,
//! `$ref`, `allOf`, `anyOf`, `oneOf`, `not`, `if` and `dependent…` are multiplied out; what is left of each case are [`Rule`]s
//! about the value itself. Negations are pushed down to single keywords. A rule that cannot be negated, and a choice that would
//! make too many cases, are left out and noted: a case can only become wider by that.

use serde_json::{Map, Value};

use super::{
    Maker,
    decimal::Decimal,
    document::{Draft, SchemaId, is_schema},
};

/// The types of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Object,
}

impl Kind {
    pub(super) const ALL: [Self; 6] = [
        Self::Null,
        Self::Boolean,
        Self::Number,
        Self::Text,
        Self::Array,
        Self::Object,
    ];

    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }

    pub(super) fn is_named(self, name: &str) -> bool {
        matches!(
            (self, name),
            (Self::Null, "null")
                | (Self::Boolean, "boolean")
                | (Self::Number, "number" | "integer")
                | (Self::Text, "string")
                | (Self::Array, "array")
                | (Self::Object, "object")
        )
    }
}

/// A schema that holds, or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Term {
    Schema(SchemaId, bool),
    /// A value, by its place in the list of values.
    Value(usize),
}

/// Where `$ref` and its kin lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// There is none.
    None,
    /// Somewhere that is not known.
    Unknown,
    To(SchemaId),
}

/// A rule about a value itself.
#[derive(Clone, Debug)]
pub(super) enum Rule<'s> {
    /// At least; more than, if `true`.
    Low(Decimal, bool),
    High(Decimal, bool),
    Integer(bool),
    Multiple(Decimal, SchemaId),
    MinLength(u64, SchemaId),
    MaxLength(u64, SchemaId),
    Pattern(&'s str, SchemaId, bool),
    Format(&'s str, SchemaId, bool),
    /// `prefixItems`, `items`, `additionalItems` of this schema.
    Items(SchemaId),
    MinItems(u64, SchemaId),
    MaxItems(u64, SchemaId),
    /// `contains` of this schema.
    Contains(SchemaId),
    Unique(SchemaId),
    /// Every element.
    Each(Term),
    /// At least one element.
    Some(Term),
    /// `properties`, `patternProperties`, `additionalProperties` of this schema.
    Members(SchemaId),
    Required(&'s str, SchemaId),
    Absent(&'s str),
    Member(&'s str, Term),
    MinMembers(u64, SchemaId),
    MaxMembers(u64, SchemaId),
    Names(Term),
    /// One of these values.
    Among(&'s [Value]),
    NotAmong(&'s [Value], SchemaId),
}

/// What is still to be said of a case.
#[derive(Clone, Debug)]
pub(super) enum Todo<'s> {
    Term(Term),
    Rule(Rule<'s>),
    /// One of several; left out, with a note, where that makes too many cases.
    Or(Vec<Vec<Self>>, SchemaId, &'static str),
}

/// Rules that hold together.
#[derive(Clone, Debug, Default)]
pub(super) struct Case<'s> {
    pub(super) rules: Vec<Rule<'s>>,
    pub(super) terms: Vec<Term>,
}

/// A case that is not finished.
#[derive(Clone, Debug, Default)]
struct Open<'s> {
    case: Case<'s>,
    choices: Vec<(Vec<Vec<Todo<'s>>>, SchemaId, &'static str)>,
}

/// The most cases of one goal and type.
pub(super) const MOST_CASES: usize = 128;

const TOO_MANY: &str = "the choices that have to be multiplied out are too many";

/// Ways, one of which is taken.
pub(super) type Branches<'s> = Vec<Vec<Todo<'s>>>;

impl<'s> Maker<'s> {
    /// The cases of a goal for values of one type; none where there is no such value.
    pub(super) fn cases(&mut self, goal: &[Term], kind: Kind) -> Vec<Case<'s>> {
        let mut open = Vec::new();
        let todo = goal.iter().map(|term| Todo::Term(*term)).collect();
        if let Some(first) = self.say(Open::default(), todo, kind) {
            open.push(first);
        }
        let mut done = Vec::new();
        while let Some(mut case) = open.pop() {
            if self.is_over() {
                return Vec::new();
            }
            // The smallest choice first: it may settle others.
            let smallest = (0..case.choices.len())
                .min_by_key(|at| case.choices.get(*at).map(|(branches, ..)| branches.len()));
            let Some(at) = smallest else {
                done.push(case.case);
                continue;
            };
            let (branches, schema, keyword) = case.choices.swap_remove(at);
            if open.len() + done.len() + branches.len() > MOST_CASES {
                self.relax(schema, keyword, TOO_MANY);
                open.push(case);
                continue;
            }
            for branch in branches.into_iter().rev() {
                open.extend(self.say(case.clone(), branch, kind));
            }
        }
        done
    }

    /// Adds to a case until only choices are left; nothing if that contradicts itself.
    fn say(&mut self, mut open: Open<'s>, mut todo: Vec<Todo<'s>>, kind: Kind) -> Option<Open<'s>> {
        todo.reverse();
        while let Some(next) = todo.pop() {
            match next {
                Todo::Rule(rule) => {
                    if contradicts(&open.case.rules, &rule) {
                        return None;
                    }
                    open.case.rules.push(rule);
                }
                Todo::Or(mut branches, schema, keyword) => match branches.len() {
                    0 => return None,
                    1 => todo.extend(branches.pop().into_iter().flatten().rev()),
                    _ => open.choices.push((branches, schema, keyword)),
                },
                Todo::Term(term) => {
                    if open.case.terms.contains(&term) {
                        continue;
                    }
                    if let Term::Schema(id, holds) = term
                        && open.case.terms.contains(&Term::Schema(id, !holds))
                    {
                        return None;
                    }
                    open.case.terms.push(term);
                    self.count_step();
                    let more = match term {
                        Term::Schema(id, true) => self.affirmed(id, kind)?,
                        Term::Schema(id, false) => self.denied(id, kind)?,
                        Term::Value(value) => {
                            vec![Todo::Rule(Rule::Among(self.value_slice(value)))]
                        }
                    };
                    todo.extend(more.into_iter().rev());
                }
            }
            if self.is_over() {
                return None;
            }
        }
        Some(open)
    }

    /// What a schema says of values of one type; nothing if there is none.
    fn affirmed(&mut self, id: SchemaId, kind: Kind) -> Option<Vec<Todo<'s>>> {
        let entry = self.document.entry(id)?;
        let (value, draft, validates) = (entry.value, entry.draft, entry.validates);
        let keywords = match value {
            Value::Bool(true) => return Some(Vec::new()),
            Value::Object(keywords) => keywords,
            Value::Bool(_) => return None,
            _ => {
                self.no_schema(id);
                return None;
            }
        };
        let mut todo = Vec::new();
        let reference = self.reference(id, keywords);
        if let Reference::To(target) = reference {
            todo.push(Todo::Term(Term::Schema(target, true)));
        }
        if reference != Reference::None && draft < Draft::Nineteen {
            return Some(todo);
        }
        if validates && !self.has_type(id, keywords, kind, &mut todo) {
            return None;
        }
        self.combined(id, keywords, draft, &mut todo);
        if validates {
            self.listed(id, keywords, draft, &mut todo);
        }
        self.ruled(id, keywords, kind, &mut todo);
        self.unsupported(id, keywords, kind, draft);
        Some(todo)
    }

    /// Where `$ref` and its kin lead.
    pub(super) fn reference(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
    ) -> Reference {
        let draft = self.draft(id);
        let found = ["$ref", "$dynamicRef", "$recursiveRef"]
            .into_iter()
            .find_map(|keyword| Some((keyword, keywords.get(keyword)?.as_str()?)));
        let Some((keyword, reference)) = found else {
            return Reference::None;
        };
        match keyword {
            "$dynamicRef" if draft < Draft::Twenty => return Reference::None,
            "$recursiveRef" if draft != Draft::Nineteen => return Reference::None,
            _ => {}
        }
        let target = self.target(id, keyword, reference);
        if keyword == "$ref" && keywords.contains_key("$dynamicRef") {
            self.relax(id, "$dynamicRef", "beside a `$ref` it is not followed");
        }
        target.map_or(Reference::Unknown, Reference::To)
    }

    /// Whether the type may be; `integer` is a rule.
    pub(super) fn has_type(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        kind: Kind,
        todo: &mut Vec<Todo<'s>>,
    ) -> bool {
        let Some(types) = self.types(id, keywords) else {
            return true;
        };
        if !types.iter().any(|name| kind.is_named(name)) {
            return false;
        }
        if kind == Kind::Number && !types.contains(&"number") {
            todo.push(Todo::Rule(Rule::Integer(true)));
        }
        true
    }

    pub(super) fn types(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
    ) -> Option<Vec<&'s str>> {
        let value = keywords.get("type")?;
        let types: Option<Vec<&str>> = match value {
            Value::String(name) => Some(vec![name]),
            Value::Array(names) => names.iter().map(Value::as_str).collect(),
            _ => None,
        };
        if types.is_none() {
            self.malformed(id, "type", "a name of a type or a list of names");
        }
        types
    }

    /// The id of the schema under a keyword.
    pub(super) fn child(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        keyword: &'static str,
    ) -> Option<SchemaId> {
        let value = keywords.get(keyword)?;
        if !is_schema(value) {
            self.malformed(id, keyword, "a schema");
            return None;
        }
        Some(self.document.below(id, value, &[keyword]))
    }

    /// The ids of the schemas in the list under a keyword.
    pub(super) fn list(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        keyword: &'static str,
    ) -> Option<Vec<SchemaId>> {
        let value = keywords.get(keyword)?;
        let Some(elements) = value
            .as_array()
            .filter(|elements| elements.iter().all(is_schema))
        else {
            self.malformed(id, keyword, "a list of schemas");
            return None;
        };
        let ids = elements.iter().enumerate();
        Some(
            ids.map(|(index, element)| {
                self.document
                    .below(id, element, &[keyword, &index.to_string()])
            })
            .collect(),
        )
    }

    /// `allOf`, `anyOf`, `oneOf`, `not`, `if`.
    fn combined(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        draft: Draft,
        todo: &mut Vec<Todo<'s>>,
    ) {
        let term = |id, holds| Todo::Term(Term::Schema(id, holds));
        if let Some(all) = self.list(id, keywords, "allOf") {
            todo.extend(all.into_iter().map(|id| term(id, true)));
        }
        if let Some(any) = self.list(id, keywords, "anyOf") {
            let branches = any.into_iter().map(|id| vec![term(id, true)]);
            todo.push(Todo::Or(branches.collect(), id, "anyOf"));
        }
        if let Some(one) = self.list(id, keywords, "oneOf") {
            todo.push(Todo::Or(self.exclusive(&one), id, "oneOf"));
        }
        if let Some(not) = self.child(id, keywords, "not") {
            todo.push(term(not, false));
        }
        if draft >= Draft::Seven
            && let Some(condition) = self.child(id, keywords, "if")
        {
            let then = self.child(id, keywords, "then");
            let otherwise = self.child(id, keywords, "else");
            if then.is_some() || otherwise.is_some() {
                let branch = |holds, then: Option<SchemaId>| {
                    let mut branch = vec![term(condition, holds)];
                    branch.extend(then.map(|id| term(id, true)));
                    branch
                };
                let branches = vec![branch(true, then), branch(false, otherwise)];
                todo.push(Todo::Or(branches, id, "if"));
            }
        }
    }

    /// The branches of a `oneOf`: each without those others that it may share values with.
    fn exclusive(&mut self, branches: &[SchemaId]) -> Branches<'s> {
        branches
            .iter()
            .enumerate()
            .map(|(at, branch)| {
                let mut todo = vec![Todo::Term(Term::Schema(*branch, true))];
                for (other_at, other) in branches.iter().enumerate() {
                    if other_at != at && !self.are_disjoint(*branch, *other) {
                        todo.push(Todo::Term(Term::Schema(*other, false)));
                    }
                }
                todo
            })
            .collect()
    }

    /// `const` and `enum`.
    fn listed(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        draft: Draft,
        todo: &mut Vec<Todo<'s>>,
    ) {
        if let Some(values) = self.values_of(id, keywords) {
            todo.push(Todo::Rule(Rule::Among(values)));
        }
        if draft >= Draft::Six
            && let Some(value) = keywords.get("const")
        {
            todo.push(Todo::Rule(Rule::Among(std::slice::from_ref(value))));
        }
    }

    pub(super) fn values_of(
        &mut self,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
    ) -> Option<&'s [Value]> {
        let value = keywords.get("enum")?;
        if !value.is_array() {
            self.malformed(id, "enum", "a list of values");
        }
        value.as_array().map(Vec::as_slice)
    }
}

/// Whether two rules visibly exclude one another.
pub(super) fn contradicts(known: &[Rule<'_>], new: &Rule<'_>) -> bool {
    known.iter().any(|known| match (known, new) {
        (Rule::Required(a, _), Rule::Absent(b)) | (Rule::Absent(b), Rule::Required(a, _)) => a == b,
        (Rule::Integer(a), Rule::Integer(b)) => a != b,
        (Rule::Low(low, a), Rule::High(high, b)) | (Rule::High(high, b), Rule::Low(low, a)) => {
            low > high || low == high && (*a || *b)
        }
        (Rule::MinItems(min, _), Rule::MaxItems(max, _))
        | (Rule::MaxItems(max, _), Rule::MinItems(min, _))
        | (Rule::MinLength(min, _), Rule::MaxLength(max, _))
        | (Rule::MaxLength(max, _), Rule::MinLength(min, _))
        | (Rule::MinMembers(min, _), Rule::MaxMembers(max, _))
        | (Rule::MaxMembers(max, _), Rule::MinMembers(min, _)) => min > max,
        _ => false,
    })
}
