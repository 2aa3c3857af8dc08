//! Rules for goals: what is asked for is made once, and met again as a reference to it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use larkspur_json::Pointer;
use serde_json::Value;

use super::{
    Options,
    body::{Body, RuleId},
    cases::{Case, Kind, Rule, Term},
    decimal::Decimal,
    document::{Document, SchemaId},
    ecma::Texts,
    language::{Language, TermId, Terminals},
    punctuation::Signs,
};
use crate::{Diagnostic, Relaxation};

/// A rule that is being made.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) body: Body,
}

/// Makes the rules of a grammar.
#[derive(Debug)]
pub(super) struct Maker<'s> {
    pub(super) document: Document<'s>,
    pub(super) options: &'s Options,
    signs: &'s Signs,
    pub(super) terminals: Terminals,
    pub(super) rules: Vec<Definition>,
    pub(super) relaxations: Vec<Relaxation>,
    pub(super) told: HashSet<(SchemaId, String)>,
    pub(super) problems: Vec<Diagnostic>,
    goals: HashMap<Vec<Term>, RuleId>,
    /// Goals that have a rule and no body yet.
    pending: Vec<(Vec<Term>, RuleId)>,
    values: Vec<&'s Value>,
    value_ids: HashMap<usize, usize>,
    pub(super) regexes: HashMap<String, Option<regex_automata::meta::Regex>>,
    pub(super) patterns: HashMap<&'s str, Option<Arc<Texts>>>,
    /// Single strings.
    pub(super) strings: HashMap<&'s str, Language>,
    /// All names but these.
    pub(super) other_names: HashMap<Vec<&'s str>, TermId>,
    /// Regular expressions that were written from what schemas say.
    pub(super) written: HashMap<String, Language>,
    pub(super) disjoint: HashMap<(SchemaId, SchemaId), bool>,
    steps: usize,
}

impl<'s> Maker<'s> {
    pub(super) fn new(
        schema: &'s Value,
        documents: &'s [(String, Value)],
        options: &'s Options,
        signs: &'s Signs,
    ) -> Self {
        Self {
            document: Document::new(schema, documents),
            options,
            signs,
            terminals: Terminals::default(),
            rules: Vec::new(),
            relaxations: Vec::new(),
            told: HashSet::new(),
            problems: Vec::new(),
            goals: HashMap::new(),
            pending: Vec::new(),
            values: Vec::new(),
            value_ids: HashMap::new(),
            regexes: HashMap::new(),
            patterns: HashMap::new(),
            strings: HashMap::new(),
            other_names: HashMap::new(),
            written: HashMap::new(),
            disjoint: HashMap::new(),
            steps: 0,
        }
    }

    /// Makes all rules; the body of the first one.
    pub(super) fn run(&mut self) -> Body {
        let start = self.goal(vec![Term::Schema(SchemaId::ROOT, true)], "root");
        while let Some((goal, rule)) = self.pending.pop() {
            if self.is_over() {
                break;
            }
            let body = self.body(&goal, rule);
            self.define(rule, body);
        }
        if self.is_over() && self.problems.is_empty() {
            let message = format!(
                "the grammar takes more than {} rules or {} steps to make",
                self.options.max_rules, self.options.max_steps
            );
            let hint = "fewer choices beside each other (`anyOf` in `allOf`, `oneOf`, `if`) make a smaller grammar";
            self.problems
                .push(Diagnostic::error("too-large", &Pointer::root(), message).hint(hint));
        }
        start
    }

    /// Whether the schema takes more than it may.
    pub(super) fn is_over(&self) -> bool {
        self.rules.len() > self.options.max_rules || self.steps > self.options.max_steps
    }

    pub(super) fn count_step(&mut self) {
        self.steps += 1;
    }

    /// The values that satisfy all of a goal.
    pub(super) fn goal(&mut self, mut goal: Vec<Term>, name: &str) -> Body {
        if self.is_impossible(&goal) {
            return Body::Never;
        }
        for term in &mut goal {
            *term = self.behind_references(*term);
        }
        goal.retain(|term| !self.is_trivial(*term));
        goal.sort_unstable();
        goal.dedup();
        if let Some(rule) = self.goals.get(&goal) {
            return Body::Rule(*rule);
        }
        let name = match goal.as_slice() {
            [] => "value".to_owned(),
            [Term::Schema(id, true)] => self.name_of(*id, name),
            _ => name.to_owned(),
        };
        let rule = self.reserve(&name);
        self.goals.insert(goal.clone(), rule);
        self.pending.push((goal, rule));
        Body::Rule(rule)
    }

    /// A definition is named after itself, anything else after its place.
    fn name_of(&self, id: SchemaId, otherwise: &str) -> String {
        let pointer = self.document.entry(id).map(|entry| &entry.pointer);
        let parent = pointer.and_then(Pointer::parent);
        let is_named = parent.is_some_and(|parent| {
            parent
                .last()
                .is_some_and(|keyword| keyword == "$defs" || keyword == "definitions")
        });
        let name = pointer.filter(|_| is_named).and_then(Pointer::last);
        name.map_or_else(|| otherwise.to_owned(), std::borrow::Cow::into_owned)
    }

    /// Whether no value can satisfy a goal, as far as one sees at once.
    pub(super) fn is_impossible(&self, goal: &[Term]) -> bool {
        goal.iter().any(|term| match term {
            Term::Schema(id, holds) => {
                let value = self.document.entry(*id).map(|entry| entry.value);
                value == Some(&Value::Bool(!holds))
            }
            Term::Value(_) => false,
        })
    }

    /// What a schema that is nothing but a reference refers to.
    fn behind_references(&mut self, term: Term) -> Term {
        const FARTHEST: usize = 32;
        let Term::Schema(mut id, holds) = term else {
            return term;
        };
        for _ in 0..FARTHEST {
            let keywords = self
                .document
                .keywords(id)
                .filter(|keywords| keywords.len() == 1);
            let reference = keywords.and_then(|keywords| keywords.get("$ref")?.as_str());
            match reference.map(|reference| self.document.resolve(id, reference)) {
                Some(Ok(target)) => id = target,
                _ => break,
            }
        }
        Term::Schema(id, holds)
    }

    /// Whether every value satisfies a term, as far as one sees at once.
    fn is_trivial(&self, term: Term) -> bool {
        match term {
            Term::Schema(id, holds) => self.document.entry(id).is_some_and(|entry| {
                *entry.value == Value::Bool(holds)
                    || holds
                        && entry
                            .value
                            .as_object()
                            .is_some_and(serde_json::Map::is_empty)
            }),
            Term::Value(_) => false,
        }
    }

    /// A rule whose body comes later.
    pub(super) fn reserve(&mut self, name: &str) -> RuleId {
        let id = RuleId(self.rules.len());
        self.rules.push(Definition {
            name: name.to_owned(),
            body: Body::Never,
        });
        id
    }

    pub(super) fn define(&mut self, rule: RuleId, body: Body) {
        if let Some(definition) = self.rules.get_mut(rule.0) {
            definition.body = body;
        }
    }

    /// A rule with its body.
    pub(super) fn helper(&mut self, name: &str, body: Body) -> RuleId {
        let rule = self.reserve(name);
        self.define(rule, body);
        rule
    }

    /// What a goal derives: the cases of each type.
    fn body(&mut self, goal: &[Term], rule: RuleId) -> Body {
        let name = self
            .rules
            .get(rule.0)
            .map(|rule| rule.name.clone())
            .unwrap_or_default();
        let mut all = Vec::new();
        for kind in Kind::ALL {
            let cases = self.cases(goal, kind);
            let mut languages = Vec::new();
            for case in &cases {
                self.count_step();
                let listed = case.rules.iter().any(|rule| matches!(rule, Rule::Among(_)));
                match kind {
                    _ if listed && !matches!(kind, Kind::Number | Kind::Text) => {
                        all.push(self.among(case, kind));
                    }
                    Kind::Null => all.push(self.word("null")),
                    Kind::Boolean => {
                        for value in [true, false] {
                            if self.fits(&Value::Bool(value), case) {
                                all.push(self.word(if value { "true" } else { "false" }));
                            }
                        }
                    }
                    Kind::Number if listed => languages.push(self.number_values(case)),
                    Kind::Number => languages.push(self.numbers(case)),
                    Kind::Text => languages.push(self.text_case(case)),
                    Kind::Array => all.push(self.arrays(case, &name)),
                    Kind::Object => all.push(self.objects(case, &name)),
                }
                if kind == Kind::Null && !listed && !self.fits(&Value::Null, case) {
                    all.pop();
                }
            }
            match Language::or(languages) {
                Language::Never => {}
                language => {
                    let id = self
                        .terminals
                        .id(&language, terminal_name(kind, &language), true);
                    all.push(Body::Term(id));
                }
            }
        }
        Body::alt(all)
    }

    /// The strings of a case, listed or not.
    pub(super) fn text_case(&mut self, case: &Case<'s>) -> Language {
        if !case.rules.iter().any(|rule| matches!(rule, Rule::Among(_))) {
            return self.texts(case);
        }
        let values = self.listed_values(case, Kind::Text);
        let texts = values.iter().filter_map(|value| value.as_str());
        Language::or(texts.map(|text| self.text(text)).collect())
    }

    fn number_values(&mut self, case: &Case<'s>) -> Language {
        let values = self.listed_values(case, Kind::Number);
        let numbers = values
            .iter()
            .filter_map(|value| Decimal::of(value.as_number()?));
        Language::or(numbers.filter_map(|number| self.number(&number)).collect())
    }

    /// The listed values of a type that satisfy all else that is said.
    fn listed_values(&mut self, case: &Case<'s>, kind: Kind) -> Vec<&'s Value> {
        let lists = case.rules.iter().filter_map(|rule| match rule {
            Rule::Among(values) => Some(*values),
            _ => None,
        });
        let Some(shortest) = lists.min_by_key(|values| values.len()) else {
            return Vec::new();
        };
        let mut kept: Vec<&'s Value> = Vec::new();
        for value in shortest.iter().filter(|value| Kind::of(value) == kind) {
            if self.fits(value, case) {
                kept.push(value);
            }
        }
        kept
    }

    /// Whether a value satisfies the rules of a case. What is not known is taken to be so, and noted.
    fn fits(&mut self, value: &Value, case: &Case<'s>) -> bool {
        let mut is_known = true;
        for rule in &case.rules {
            match self.of_rule(value, rule, 0) {
                Some(true) => {}
                Some(false) => return false,
                None => is_known = false,
            }
        }
        if !is_known && let Some(Term::Schema(id, _)) = case.terms.first() {
            self.relax(
                *id,
                "enum",
                "whether a listed value satisfies the other rules is not known",
            );
        }
        true
    }

    /// The listed values of a case.
    fn among(&mut self, case: &Case<'s>, kind: Kind) -> Body {
        let values = self.listed_values(case, kind);
        let bodies: Vec<Body> = values
            .into_iter()
            .map(|value| self.constant(value))
            .collect();
        Body::alt(bodies)
    }

    /// One value. What is inside has a rule of its own.
    fn constant(&mut self, value: &'s Value) -> Body {
        match value {
            Value::Null => self.word("null"),
            Value::Bool(true) => self.word("true"),
            Value::Bool(false) => self.word("false"),
            Value::Number(_) | Value::String(_) => {
                let language = match value {
                    Value::String(text) => self.text(text),
                    _ => value
                        .as_number()
                        .and_then(Decimal::of)
                        .and_then(|number| self.number(&number))
                        .unwrap_or(Language::Never),
                };
                Body::Term(self.terminals.id(&language, None, true))
            }
            Value::Array(elements) => {
                let mut parts = Vec::new();
                for element in elements {
                    if !parts.is_empty() {
                        parts.push(self.mark("COMMA"));
                    }
                    parts.push(self.value_goal(element, "item"));
                }
                let is_empty = elements.is_empty();
                let inner = if is_empty {
                    Body::Never
                } else {
                    Body::seq(parts)
                };
                self.bracketed(inner, is_empty)
            }
            Value::Object(members) => self.constant_object(members),
        }
    }

    /// A rule for one value.
    pub(super) fn value_goal(&mut self, value: &'s Value, name: &str) -> Body {
        let next = self.values.len();
        let address = std::ptr::from_ref(value).addr();
        let index = *self.value_ids.entry(address).or_insert(next);
        if index == next {
            self.values.push(value);
        }
        self.goal(vec![Term::Value(index)], name)
    }

    pub(super) fn value_slice(&self, value: usize) -> &'s [Value] {
        self.values
            .get(value)
            .map(|value| std::slice::from_ref(*value))
            .unwrap_or_default()
    }

    /// `true`, `false`, `null`.
    fn word(&mut self, word: &'static str) -> Body {
        Body::Term(self.terminals.id(&Language::fixed(word), None, true))
    }

    /// A piece of JSON's punctuation, with the white space that belongs to it.
    pub(super) fn mark(&mut self, name: &'static str) -> Body {
        let sign = self.signs.get(name);
        Body::Term(self.terminals.id(sign, Some(name), false))
    }
}

/// The name of a terminal that everybody knows.
fn terminal_name(kind: Kind, language: &Language) -> Option<&'static str> {
    let is = |text| matches!((language, Language::fixed(text)), (Language::Regex(a), Language::Regex(b)) if *a == b);
    match kind {
        Kind::Text if is(super::spelling::ANY_STRING) => Some("STRING"),
        Kind::Number if is(super::numbers::ANY) => Some("NUMBER"),
        _ => None,
    }
}
