//! Objects: which members may be, which must, and in which order.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    Maker,
    body::Body,
    cases::{Case, Rule, Term},
    document::SchemaId,
    language::{Language, TermId},
    scalars::NOT_REGULAR,
    spelling,
};

/// The most patterns of names that are told apart: each set of them is a kind of name of its own.
const MOST_PATTERNS: usize = 5;

/// What is said of the members of an object.
#[derive(Debug, Default)]
pub(super) struct Members<'s> {
    pub(super) listed: Vec<Listed<'s>>,
    /// `name: value` of all other members, in each way they may be; none where there may be no others.
    pub(super) others: Option<Body>,
    pub(super) min: usize,
    pub(super) max: Option<usize>,
    pub(super) bounds: Vec<(SchemaId, &'static str)>,
}

/// A member with a name.
#[derive(Debug)]
pub(super) struct Listed<'s> {
    pub(super) name: &'s str,
    pub(super) pair: Body,
    /// Who asks for it.
    pub(super) required: Option<SchemaId>,
}

/// The rules of a case that are about members.
#[derive(Debug, Default)]
struct Said<'s> {
    tables: Vec<SchemaId>,
    members: Vec<(&'s str, Term)>,
    required: Vec<(&'s str, SchemaId)>,
    absent: Vec<&'s str>,
    names: Vec<Term>,
}

impl<'s> Maker<'s> {
    /// What one schema says of the member with a name; `None` where a pattern is not understood.
    pub(super) fn terms_for(&mut self, id: SchemaId, name: &str) -> Option<Vec<Term>> {
        let keywords = self.document.keywords(id)?;
        let mut found: Vec<SchemaId> = Vec::new();
        let listed = keywords.get("properties").and_then(Value::as_object);
        if let Some((name, schema)) = listed.and_then(|listed| listed.get_key_value(name)) {
            found.push(self.document.below(id, schema, &["properties", name]));
        }
        let mut is_unknown = false;
        for (pattern, schema) in self.map(id, keywords, "patternProperties") {
            match self.is_found(pattern, name) {
                Some(true) => found.push(schema),
                Some(false) => {}
                None => is_unknown = true,
            }
        }
        if is_unknown {
            return None;
        }
        if found.is_empty() {
            found.extend(self.child(id, keywords, "additionalProperties"));
        }
        Some(found.into_iter().map(|id| Term::Schema(id, true)).collect())
    }

    /// The objects of a case.
    pub(super) fn objects(&mut self, case: &Case<'s>, name: &str) -> Body {
        let mut members = Members::default();
        let mut said = Said::default();
        for rule in &case.rules {
            match rule {
                Rule::Members(id) => said.tables.push(*id),
                Rule::Member(name, term) => said.members.push((name, *term)),
                Rule::Required(name, id) => said.required.push((name, *id)),
                Rule::Absent(name) => said.absent.push(name),
                Rule::Names(term) => said.names.push(*term),
                Rule::MinMembers(min, id) => {
                    members.min = members.min.max(usize::try_from(*min).unwrap_or(usize::MAX));
                    members.bounds.push((*id, "minProperties"));
                }
                Rule::MaxMembers(max, id) => {
                    let max = usize::try_from(*max).unwrap_or(usize::MAX);
                    members.max = Some(members.max.map_or(max, |known| known.min(max)));
                    members.bounds.push((*id, "maxProperties"));
                }
                Rule::NotAmong(values, id) if values.iter().any(Value::is_object) => {
                    self.relax(*id, "not", "that an object is not this one cannot be said");
                }
                _ => {}
            }
        }
        if !self.list_members(&said, &mut members) {
            return Body::Never;
        }
        members.others = self.other_members(&said);
        self.members(members, name)
    }

    /// Lists the members that have a name; `false` if one is asked for that cannot be.
    fn list_members(&mut self, said: &Said<'s>, members: &mut Members<'s>) -> bool {
        let mut names: indexmap::IndexMap<&'s str, ()> = indexmap::IndexMap::new();
        for id in &said.tables {
            let listed = self
                .document
                .keywords(*id)
                .and_then(|keywords| keywords.get("properties"));
            let listed = listed.and_then(Value::as_object).into_iter().flatten();
            names.extend(listed.map(|(name, _)| (name.as_str(), ())));
        }
        names.extend(said.members.iter().map(|(name, _)| (*name, ())));
        names.extend(said.required.iter().map(|(name, _)| (*name, ())));
        let mut asked: HashMap<&str, SchemaId> = HashMap::new();
        for (name, id) in &said.required {
            asked.entry(name).or_insert(*id);
        }
        for name in names.into_keys() {
            let required = asked.get(name).copied();
            let mut goal = Vec::new();
            for id in &said.tables {
                match self.terms_for(*id, name) {
                    Some(terms) => goal.extend(terms),
                    None => self.relax(*id, "patternProperties", NOT_REGULAR),
                }
            }
            goal.extend(
                said.members
                    .iter()
                    .filter(|(of, _)| *of == name)
                    .map(|(_, term)| *term),
            );
            let key = Value::String(name.to_owned());
            let is_refused = said.absent.contains(&name)
                || self.is_impossible(&goal)
                || said
                    .names
                    .iter()
                    .any(|term| self.verdict(&key, *term, 0) == Some(false));
            if is_refused {
                if required.is_some() {
                    return false;
                }
                // It stays a name of its own: it is none of the others.
                members.listed.push(Listed {
                    name,
                    pair: Body::Never,
                    required: None,
                });
                continue;
            }
            let text = self.text(name);
            let key = Body::Term(self.terminals.id(&text, None, true));
            let value = self.goal(goal, name);
            members.listed.push(Listed {
                name,
                pair: Body::seq([key, self.mark("COLON"), value]),
                required,
            });
        }
        true
    }

    /// All members that are not listed: a kind for each set of patterns that their names match.
    fn other_members(&mut self, said: &Said<'s>) -> Option<Body> {
        let mut patterns: Vec<&'s str> = Vec::new();
        let mut is_unknown = false;
        for id in &said.tables {
            let Some(keywords) = self.document.keywords(*id) else {
                continue;
            };
            for (pattern, _) in self.map(*id, keywords, "patternProperties") {
                if self.texts_of(pattern).is_none() {
                    self.relax(*id, "patternProperties", NOT_REGULAR);
                    is_unknown = true;
                } else if !patterns.contains(&pattern) {
                    patterns.push(pattern);
                }
            }
        }
        if patterns.len() > MOST_PATTERNS {
            for id in &said.tables {
                self.relax(
                    *id,
                    "patternProperties",
                    "so many patterns are not told apart",
                );
            }
            is_unknown = true;
        }
        if is_unknown {
            let key = self.other_names(said, &[], &[]);
            return Some(self.pair(key, Vec::new()));
        }
        let mut kinds = Vec::new();
        for set in (0..1_usize << patterns.len()).rev() {
            let is_in = |at: usize| set >> at & 1 == 1;
            let goal = self.goal_of_set(said, &patterns, set);
            if self.is_impossible(&goal) {
                continue;
            }
            let choose = |of: bool| -> Vec<&'s str> {
                let chosen = patterns.iter().enumerate();
                chosen
                    .filter(|(at, _)| is_in(*at) == of)
                    .map(|(_, pattern)| *pattern)
                    .collect()
            };
            let key = self.other_names(said, &choose(true), &choose(false));
            kinds.push(self.pair(key, goal));
        }
        (!kinds.is_empty()).then(|| Body::alt(kinds))
    }

    fn pair(&mut self, key: TermId, goal: Vec<Term>) -> Body {
        Body::seq([
            Body::Term(key),
            self.mark("COLON"),
            self.goal(goal, "value"),
        ])
    }

    /// What is said of the value of an unlisted name that matches these patterns and no other.
    fn goal_of_set(&mut self, said: &Said<'s>, patterns: &[&'s str], set: usize) -> Vec<Term> {
        let mut goal = Vec::new();
        for id in &said.tables {
            let Some(keywords) = self.document.keywords(*id) else {
                continue;
            };
            let mut matched = false;
            for (pattern, schema) in self.map(*id, keywords, "patternProperties") {
                let at = patterns.iter().position(|known| *known == pattern);
                if at.is_some_and(|at| set >> at & 1 == 1) {
                    matched = true;
                    goal.push(Term::Schema(schema, true));
                }
            }
            if !matched && let Some(schema) = self.child(*id, keywords, "additionalProperties") {
                goal.push(Term::Schema(schema, true));
            }
        }
        goal
    }

    /// The terminal of names that are not listed, match these patterns and none of those, and are as `propertyNames` says.
    fn other_names(&mut self, said: &Said<'s>, matching: &[&'s str], others: &[&'s str]) -> TermId {
        let names = self.named(said);
        let is_free = said.names.is_empty() && matching.is_empty() && others.is_empty();
        if is_free && let Some(known) = self.other_names.get(&names) {
            return *known;
        }
        let language = self.name_language(said, &names, matching, others);
        let id = self.terminals.id(&language, None, true);
        if is_free {
            self.other_names.insert(names, id);
        }
        id
    }

    /// All names that something is said of, sorted.
    fn named(&self, said: &Said<'s>) -> Vec<&'s str> {
        let mut names: Vec<&str> = Vec::new();
        for id in &said.tables {
            let listed = self
                .document
                .keywords(*id)
                .and_then(|keywords| keywords.get("properties"));
            let listed = listed.and_then(Value::as_object).into_iter().flatten();
            names.extend(listed.map(|(name, _)| name.as_str()));
        }
        names.extend(said.members.iter().map(|(name, _)| *name));
        names.extend(said.required.iter().map(|(name, _)| *name));
        names.extend(&said.absent);
        names.sort_unstable();
        names.dedup();
        names
    }

    fn name_language(
        &mut self,
        said: &Said<'s>,
        names: &[&'s str],
        matching: &[&'s str],
        others: &[&'s str],
    ) -> Language {
        let mut parts: Vec<Language> = Vec::new();
        for pattern in matching {
            let texts = self.texts_of(pattern);
            parts.extend(texts.map(|texts| self.quoted(&texts)));
        }
        for term in &said.names {
            parts.push(self.name_goal(*term));
        }
        if parts.is_empty() {
            parts.push(Language::fixed(spelling::ANY_STRING));
        }
        let mut excluded: Vec<Language> = Vec::new();
        for pattern in others {
            let texts = self.texts_of(pattern);
            excluded.extend(texts.map(|texts| self.quoted(&texts)));
        }
        for name in names {
            let mut finds = |pattern: &&'s str, found| self.is_found(pattern, name) == Some(found);
            let is_other = matching.iter().any(|pattern| finds(pattern, false))
                || others.iter().any(|pattern| finds(pattern, true));
            if !is_other {
                excluded.push(self.text(name));
            }
        }
        if !excluded.is_empty() {
            parts.push(Language::not(Language::or(excluded)));
        }
        Language::and(parts)
    }

    /// The strings that satisfy a term.
    fn name_goal(&mut self, term: Term) -> Language {
        let cases = self.cases(&[term], super::cases::Kind::Text);
        let all = cases.iter().map(|case| self.text_case(case)).collect();
        Language::or(all)
    }

    /// One object, its members in the order of the options.
    pub(super) fn constant_object(&mut self, members: &'s serde_json::Map<String, Value>) -> Body {
        let mut all = Members::default();
        for (name, value) in members {
            let text = self.text(name);
            let key = Body::Term(self.terminals.id(&text, None, true));
            let value = self.value_goal(value, name);
            all.listed.push(Listed {
                name,
                pair: Body::seq([key, self.mark("COLON"), value]),
                required: Some(SchemaId::ROOT),
            });
        }
        self.members(all, "object")
    }
}
