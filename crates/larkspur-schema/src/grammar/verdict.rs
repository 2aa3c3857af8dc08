//! Whether a value satisfies a schema, as far as that is easily said: for listed values and names of properties.

use serde_json::{Map, Value};

use super::{
    Maker,
    cases::{Kind, Rule, Term, Todo},
    decimal::Decimal,
    document::{Draft, SchemaId},
    ecma,
    rules::unsupported_in,
};

/// The deepest that schemas are followed into.
const DEEPEST: usize = 64;

/// Whether JSON Schema calls two values equal. Recursion is bounded by the nesting of schemas.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || Decimal::of(a) == Decimal::of(b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, a)| b.get(name).is_some_and(|b| equal(a, b)))
        }
        (a, b) => a == b,
    }
}

/// Whether all hold; `None` where that hangs on one that is not known.
fn all(verdicts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for verdict in verdicts {
        match verdict {
            Some(true) => {}
            Some(false) => return Some(false),
            None => known = None,
        }
    }
    known
}

fn any(verdicts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    all(verdicts
        .into_iter()
        .map(|verdict| verdict.map(|holds| !holds)))
    .map(|none| !none)
}

impl<'s> Maker<'s> {
    /// Whether a value satisfies a term; `None` where it is not known.
    pub(super) fn verdict(&mut self, value: &Value, term: Term, depth: usize) -> Option<bool> {
        self.count_step();
        if depth > DEEPEST || self.is_over() {
            return None;
        }
        match term {
            Term::Schema(id, holds) => self.of_schema(value, id, depth + 1).map(|is| is == holds),
            Term::Value(known) => Some(
                self.value_slice(known)
                    .iter()
                    .any(|known| equal(known, value)),
            ),
        }
    }

    fn of_schema(&mut self, value: &Value, id: SchemaId, depth: usize) -> Option<bool> {
        let entry = self.document.entry(id)?;
        let (draft, validates) = (entry.draft, entry.validates);
        let keywords = match entry.value {
            Value::Bool(holds) => return Some(*holds),
            Value::Object(keywords) => keywords,
            _ => return None,
        };
        let kind = Kind::of(value);
        let mut todo = Vec::new();
        let mut verdicts = Vec::new();
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            let target = self.document.resolve(id, reference).ok()?;
            verdicts.push(self.verdict(value, Term::Schema(target, true), depth));
            if draft < Draft::Nineteen {
                return all(verdicts);
            }
        }
        if keywords.contains_key("$dynamicRef") || keywords.contains_key("$recursiveRef") {
            verdicts.push(None);
        }
        if validates {
            verdicts.push(Some(is_of_type(value, keywords.get("type"))));
            if let Some(values) = keywords.get("enum").and_then(Value::as_array) {
                verdicts.push(Some(values.iter().any(|known| equal(known, value))));
            }
            if draft >= Draft::Six
                && let Some(known) = keywords.get("const")
            {
                verdicts.push(Some(equal(known, value)));
            }
        }
        if !unsupported_in(keywords, kind, draft).is_empty() {
            verdicts.push(None);
        }
        verdicts.push(self.of_combined(value, id, keywords, depth));
        self.ruled(id, keywords, kind, &mut todo);
        for rule in &todo {
            if verdicts.contains(&Some(false)) {
                break;
            }
            verdicts.push(self.of_todo(value, rule, depth));
        }
        all(verdicts)
    }

    fn of_combined(
        &mut self,
        value: &Value,
        id: SchemaId,
        keywords: &'s Map<String, Value>,
        depth: usize,
    ) -> Option<bool> {
        let mut verdicts = Vec::new();
        let each = |maker: &mut Self, keyword| -> Option<Vec<Option<bool>>> {
            let schemas = maker.list(id, keywords, keyword)?;
            let terms = schemas.into_iter().map(|id| Term::Schema(id, true));
            Some(
                terms
                    .map(|term| maker.verdict(value, term, depth))
                    .collect(),
            )
        };
        if let Some(of_each) = each(self, "allOf") {
            verdicts.push(all(of_each));
        }
        if let Some(of_each) = each(self, "anyOf") {
            verdicts.push(any(of_each));
        }
        if let Some(of_each) = each(self, "oneOf") {
            let holds = of_each
                .iter()
                .filter(|verdict| **verdict == Some(true))
                .count();
            let is_known = holds > 1 || of_each.iter().all(Option::is_some);
            verdicts.push(is_known.then_some(holds == 1));
        }
        if let Some(schema) = self.child(id, keywords, "not") {
            verdicts.push(self.verdict(value, Term::Schema(schema, false), depth));
        }
        if let Some(condition) = self.child(id, keywords, "if")
            && self.draft(id) >= Draft::Seven
        {
            let branch = match self.verdict(value, Term::Schema(condition, true), depth) {
                Some(true) => self.child(id, keywords, "then"),
                Some(false) => self.child(id, keywords, "else"),
                None => {
                    verdicts.push(None);
                    None
                }
            };
            if let Some(schema) = branch {
                verdicts.push(self.verdict(value, Term::Schema(schema, true), depth));
            }
        }
        all(verdicts)
    }

    fn of_todo(&mut self, value: &Value, todo: &Todo<'s>, depth: usize) -> Option<bool> {
        match todo {
            Todo::Rule(rule) => self.of_rule(value, rule, depth),
            Todo::Term(term) => self.verdict(value, *term, depth),
            Todo::Or(branches, ..) => {
                let mut verdicts = Vec::new();
                for branch in branches {
                    let of_branch: Vec<_> = branch
                        .iter()
                        .map(|todo| self.of_todo(value, todo, depth))
                        .collect();
                    verdicts.push(all(of_branch));
                }
                any(verdicts)
            }
        }
    }

    /// Whether a rule holds of a value of its type.
    pub(super) fn of_rule(&mut self, value: &Value, rule: &Rule<'s>, depth: usize) -> Option<bool> {
        match (value, rule) {
            (_, Rule::Among(values)) => Some(values.iter().any(|known| equal(known, value))),
            (_, Rule::NotAmong(values, _)) => Some(!values.iter().any(|known| equal(known, value))),
            (Value::Number(number), rule) => of_number(&Decimal::of(number)?, rule),
            (Value::String(text), rule) => self.of_text(text, rule),
            (Value::Array(elements), rule) => self.of_array(elements, rule, depth),
            (Value::Object(members), rule) => self.of_object(members, rule, depth),
            _ => Some(true),
        }
    }

    fn of_text(&mut self, text: &str, rule: &Rule<'s>) -> Option<bool> {
        let count = || u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        match rule {
            Rule::MinLength(min, _) => Some(count() >= *min),
            Rule::MaxLength(max, _) => Some(count() <= *max),
            Rule::Pattern(pattern, _, holds) => {
                self.is_found(pattern, text).map(|found| found == *holds)
            }
            Rule::Format(format, _, holds) => {
                let format = super::formats::named(format)?;
                let matches = self.is_found(&format.pattern(), text)?;
                // Where the pattern is wider, it can only refuse.
                if matches && !format.exact {
                    None
                } else {
                    Some(matches == *holds)
                }
            }
            _ => Some(true),
        }
    }

    /// Whether a pattern is found in a text.
    pub(super) fn is_found(&mut self, pattern: &str, text: &str) -> Option<bool> {
        if !self.regexes.contains_key(pattern) {
            let compiled = ecma::read(pattern).and_then(|pattern| {
                // Few texts are searched, and short ones: an engine that is made quickly is better than a quick one.
                let config = regex_automata::meta::Config::new()
                    .nfa_size_limit(Some(1 << 20))
                    .auto_prefilter(false)
                    .dfa(false)
                    .onepass(false);
                regex_automata::meta::Builder::new()
                    .configure(config)
                    .build_from_hir(&pattern.search)
                    .ok()
            });
            self.regexes.insert(pattern.to_owned(), compiled);
        }
        let regex = self.regexes.get(pattern)?.as_ref()?;
        Some(regex.is_match(text))
    }

    fn of_array(&mut self, elements: &[Value], rule: &Rule<'s>, depth: usize) -> Option<bool> {
        let count = u64::try_from(elements.len()).unwrap_or(u64::MAX);
        match rule {
            Rule::MinItems(min, _) => Some(count >= *min),
            Rule::MaxItems(max, _) => Some(count <= *max),
            Rule::Unique(_) => {
                Some(elements.iter().enumerate().all(|(at, element)| {
                    !elements.iter().take(at).any(|other| equal(element, other))
                }))
            }
            Rule::Items(id) => {
                let (prefix, rest) = self.positions(*id);
                let mut verdicts = Vec::new();
                for (at, element) in elements.iter().enumerate() {
                    if let Some(schema) = prefix.get(at).copied().or(rest) {
                        verdicts.push(self.verdict(element, Term::Schema(schema, true), depth));
                    }
                }
                all(verdicts)
            }
            Rule::Each(term) => {
                let verdicts: Vec<_> = elements
                    .iter()
                    .map(|of| self.verdict(of, *term, depth))
                    .collect();
                all(verdicts)
            }
            Rule::Some(term) => {
                let verdicts: Vec<_> = elements
                    .iter()
                    .map(|of| self.verdict(of, *term, depth))
                    .collect();
                any(verdicts)
            }
            Rule::Contains(id) => {
                let (schema, min, max) = self.contained(*id)?;
                let mut found = 0;
                for element in elements {
                    found += u64::from(self.verdict(element, Term::Schema(schema, true), depth)?);
                }
                Some(found >= min && max.is_none_or(|max| found <= max))
            }
            _ => Some(true),
        }
    }

    fn of_object(
        &mut self,
        members: &Map<String, Value>,
        rule: &Rule<'s>,
        depth: usize,
    ) -> Option<bool> {
        let count = u64::try_from(members.len()).unwrap_or(u64::MAX);
        match rule {
            Rule::MinMembers(min, _) => Some(count >= *min),
            Rule::MaxMembers(max, _) => Some(count <= *max),
            Rule::Required(name, _) => Some(members.contains_key(*name)),
            Rule::Absent(name) => Some(!members.contains_key(*name)),
            Rule::Member(name, term) => match members.get(*name) {
                Some(value) => self.verdict(value, *term, depth),
                None => Some(true),
            },
            Rule::Names(term) => {
                let mut verdicts = Vec::new();
                for name in members.keys() {
                    verdicts.push(self.verdict(&Value::String(name.clone()), *term, depth));
                }
                all(verdicts)
            }
            Rule::Members(id) => {
                let mut verdicts = Vec::new();
                for (name, value) in members {
                    match self.terms_for(*id, name) {
                        Some(terms) => {
                            for term in terms {
                                verdicts.push(self.verdict(value, term, depth));
                            }
                        }
                        None => verdicts.push(None),
                    }
                }
                all(verdicts)
            }
            _ => Some(true),
        }
    }
}

fn is_of_type(value: &Value, types: Option<&Value>) -> bool {
    let is = |name: &str| match (value, name) {
        (Value::Number(number), "integer") => {
            Decimal::of(number).is_none_or(|number| number.is_integer())
        }
        (value, name) => Kind::of(value).is_named(name),
    };
    match types {
        Some(Value::String(name)) => is(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    }
}

fn of_number(number: &Decimal, rule: &Rule<'_>) -> Option<bool> {
    Some(match rule {
        Rule::Low(low, strict) => number > low || number == low && !strict,
        Rule::High(high, strict) => number < high || number == high && !strict,
        Rule::Integer(holds) => number.is_integer() == *holds,
        Rule::Multiple(step, _) => return number.is_multiple_of(step),
        _ => true,
    })
}
