//! Arrays: positions, counts, and what must be among the elements.

use serde_json::Value;

use super::{
    Maker,
    body::{Body, RuleId},
    cases::{Case, Rule, Term},
    document::{Draft, SchemaId},
};

/// The longest count of elements that is kept.
const MOST_ITEMS: u64 = 10_000;
/// The most rules that one array with `contains` may take.
const MOST_STATES: usize = 400;

/// What is said of the elements of an array.
#[derive(Debug, Default)]
struct Elements {
    /// Goals of the first elements, and of all after these.
    prefix: Vec<Vec<Term>>,
    rest: Vec<Term>,
    min: usize,
    max: Option<usize>,
    contains: Vec<Contained>,
}

/// Elements of which there must be a number.
#[derive(Debug)]
struct Contained {
    term: Term,
    min: usize,
    max: Option<usize>,
}

impl<'s> Maker<'s> {
    /// The schemas of the first elements and of the rest.
    pub(super) fn positions(&mut self, id: SchemaId) -> (Vec<SchemaId>, Option<SchemaId>) {
        let Some(keywords) = self.document.keywords(id) else {
            return (Vec::new(), None);
        };
        let is_new = self.draft(id) >= Draft::Twenty;
        if keywords.get("items").is_some_and(Value::is_array) {
            let prefix = self.list(id, keywords, "items").unwrap_or_default();
            return (prefix, self.child(id, keywords, "additionalItems"));
        }
        let prefix = if is_new {
            self.list(id, keywords, "prefixItems")
        } else {
            None
        };
        (
            prefix.unwrap_or_default(),
            self.child(id, keywords, "items"),
        )
    }

    /// What `contains` asks for: the schema, and how often at least and at most.
    pub(super) fn contained(&mut self, id: SchemaId) -> Option<(SchemaId, u64, Option<u64>)> {
        let keywords = self.document.keywords(id)?;
        let schema = self.child(id, keywords, "contains")?;
        if self.draft(id) < Draft::Nineteen {
            return Some((schema, 1, None));
        }
        let min = self.count(id, keywords, "minContains").unwrap_or(1);
        Some((schema, min, self.count(id, keywords, "maxContains")))
    }

    /// The arrays of a case.
    pub(super) fn arrays(&mut self, case: &Case<'s>, name: &str) -> Body {
        let elements = self.elements(case);
        if elements.max.is_some_and(|max| max < elements.min) {
            return Body::Never;
        }
        let inner = if elements.contains.is_empty() {
            self.listed_elements(&elements, name)
        } else {
            self.counted_elements(&elements, name)
        };
        self.bracketed(
            inner,
            elements.min == 0 && elements.contains.iter().all(|of| of.min == 0),
        )
    }

    /// `[`, elements, `]`; or nothing between them.
    pub(super) fn bracketed(&mut self, elements: Body, may_be_empty: bool) -> Body {
        let full = Body::seq([self.mark("LBRACKET"), elements, self.mark("RBRACKET")]);
        let empty = if may_be_empty {
            self.mark("EMPTY_ARRAY")
        } else {
            Body::Never
        };
        Body::alt([empty, full])
    }

    fn elements(&mut self, case: &Case<'s>) -> Elements {
        let mut elements = Elements::default();
        let mut tables: Vec<(Vec<SchemaId>, Option<SchemaId>)> = Vec::new();
        let mut unique = None;
        for rule in &case.rules {
            match rule {
                Rule::Items(id) => tables.push(self.positions(*id)),
                Rule::Each(term) => elements.rest.push(*term),
                Rule::MinItems(min, id) => match usize::try_from(*min) {
                    Ok(min) if min as u64 <= MOST_ITEMS => elements.min = elements.min.max(min),
                    _ => self.relax(*id, "minItems", TOO_MANY),
                },
                Rule::MaxItems(max, id) => match usize::try_from(*max) {
                    Ok(max) if max as u64 <= MOST_ITEMS => {
                        elements.max = Some(elements.max.map_or(max, |known| known.min(max)));
                    }
                    _ => self.relax(*id, "maxItems", TOO_MANY),
                },
                Rule::Contains(id) => self.contain(*id, &mut elements),
                Rule::Some(term) => elements.contains.push(Contained {
                    term: *term,
                    min: 1,
                    max: None,
                }),
                Rule::Unique(id) => unique = Some(*id),
                Rule::NotAmong(values, id) if values.iter().any(Value::is_array) => {
                    self.relax(*id, "not", "that a list is not this one cannot be said");
                }
                _ => {}
            }
        }
        let longest = tables.iter().map(|(prefix, _)| prefix.len()).max();
        let every = elements.rest.clone();
        for at in 0..longest.unwrap_or_default() {
            let here = tables
                .iter()
                .filter_map(|(prefix, rest)| prefix.get(at).copied().or(*rest));
            let mut goal = every.clone();
            goal.extend(here.map(|id| Term::Schema(id, true)));
            elements.prefix.push(goal);
        }
        let rest = tables.iter().filter_map(|(_, rest)| *rest);
        elements.rest.extend(rest.map(|id| Term::Schema(id, true)));
        self.settle_length(&mut elements);
        if let Some(id) = unique
            && elements.max.is_none_or(|max| max > 1)
        {
            self.relax(id, "uniqueItems", "a grammar does not compare elements");
        }
        elements
    }

    fn contain(&mut self, id: SchemaId, elements: &mut Elements) {
        let Some((schema, min, max)) = self.contained(id) else {
            return;
        };
        let most = MOST_STATES as u64;
        if min > most || max.is_some_and(|max| max > most) {
            return self.relax(id, "contains", TOO_MANY);
        }
        if min > 0 || max.is_some() {
            elements.contains.push(Contained {
                term: Term::Schema(schema, true),
                min: usize::try_from(min).unwrap_or_default(),
                max: max.and_then(|max| usize::try_from(max).ok()),
            });
        }
    }

    /// An array ends before an element that cannot be, and is not longer than it may be.
    fn settle_length(&mut self, elements: &mut Elements) {
        let longest = elements
            .prefix
            .iter()
            .position(|goal| self.is_impossible(goal));
        let longest = longest.or_else(|| {
            self.is_impossible(&elements.rest)
                .then_some(elements.prefix.len())
        });
        if let Some(longest) = longest {
            elements.max = Some(elements.max.map_or(longest, |max| max.min(longest)));
        }
        if let Some(max) = elements.max {
            elements.prefix.truncate(max);
        }
    }

    /// Elements with nothing but positions and a length; at least one.
    fn listed_elements(&mut self, elements: &Elements, name: &str) -> Body {
        let min = elements.min.max(1);
        let max = elements.max;
        if max == Some(0) {
            return Body::Never;
        }
        let at = |maker: &mut Self, index: usize| {
            let goal = elements.prefix.get(index).unwrap_or(&elements.rest).clone();
            let item = maker.goal(goal, "item");
            if index == 0 {
                item
            } else {
                Body::seq([maker.mark("COMMA"), item])
            }
        };
        let fixed = elements.prefix.len().max(1);
        let mut tail = {
            let item = Body::seq([self.mark("COMMA"), self.goal(elements.rest.clone(), "item")]);
            let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            match max {
                Some(max) if max <= fixed => Body::Empty,
                max => item.repeat(
                    count(min.saturating_sub(fixed)),
                    max.map(|max| count(max - fixed)),
                ),
            }
        };
        for index in (0..fixed).rev() {
            tail = Body::seq([at(self, index), tail]);
            if index >= min {
                let optional = tail.optional();
                // A rule each, so that no body is deep.
                tail = Body::Rule(self.helper(&format!("{name}_from_{index}"), optional));
            }
        }
        tail
    }

    /// Elements some of which are counted; at least one. A rule for each position and count.
    fn counted_elements(&mut self, elements: &Elements, name: &str) -> Body {
        let lengths = elements
            .max
            .map_or(elements.min, |max| max)
            .max(elements.prefix.len());
        let counts: usize = elements
            .contains
            .iter()
            .map(|of| of.max.unwrap_or(of.min) + 1)
            .product();
        if (lengths + 1).saturating_mul(counts) > MOST_STATES || elements.contains.len() > 3 {
            self.relax_term(elements, "contains");
            return self.listed_elements(elements, name);
        }
        let start = State {
            at: 0,
            counts: vec![0; elements.contains.len()],
        };
        let mut walk = Walk {
            elements,
            lengths,
            name,
            known: Vec::new(),
        };
        let mut next = 0;
        let first = walk.ways(self, &start, true);
        while let Some((state, rule)) = walk.known.get(next).cloned() {
            next += 1;
            let mut body = walk.ways(self, &state, false);
            if walk.is_done(&state) {
                body = body.optional();
            }
            self.define(rule, body);
        }
        first
    }

    fn relax_term(&mut self, elements: &Elements, keyword: &str) {
        for of in &elements.contains {
            if let Term::Schema(id, _) = of.term {
                self.relax(id, keyword, TOO_MANY);
            }
        }
    }
}

const TOO_MANY: &str = "so many elements are not counted";

/// So many elements so far, and so many of each kind that is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    at: usize,
    counts: Vec<usize>,
}

struct Walk<'e> {
    elements: &'e Elements,
    /// Positions beyond this one are all alike.
    lengths: usize,
    name: &'e str,
    known: Vec<(State, RuleId)>,
}

impl Walk<'_> {
    fn is_done(&self, state: &State) -> bool {
        let counted = self.elements.contains.iter().zip(&state.counts);
        state.at >= self.elements.min && counted.clone().all(|(of, count)| *count >= of.min)
    }

    /// The next element in each way it may count, and what follows.
    fn ways(&mut self, maker: &mut Maker<'_>, state: &State, is_first: bool) -> Body {
        if self.elements.max.is_some_and(|max| state.at >= max) {
            return Body::Never;
        }
        let base = self
            .elements
            .prefix
            .get(state.at)
            .unwrap_or(&self.elements.rest);
        let mut ways = Vec::new();
        for choice in 0..1_usize << self.elements.contains.len() {
            let mut goal = base.clone();
            let mut counts = state.counts.clone();
            let mut fits = true;
            let each = self.elements.contains.iter().zip(&mut counts).enumerate();
            for (index, (of, count)) in each {
                let counted = choice >> index & 1 == 1;
                if counted {
                    goal.push(of.term);
                    *count = (*count + 1).min(of.max.map_or(of.min, |max| max + 1));
                    fits &= of.max.is_none_or(|max| *count <= max);
                } else if of.max.is_some()
                    && let Term::Schema(id, holds) = of.term
                {
                    goal.push(Term::Schema(id, !holds));
                }
            }
            // Once there are enough, and not too many to be, counting on says nothing.
            let is_idle = counts == state.counts && choice != 0;
            if !fits || is_idle {
                continue;
            }
            let at = (state.at + 1).min(self.lengths + 1);
            let rest = self.rule(maker, State { at, counts });
            let comma = if is_first {
                Body::Empty
            } else {
                maker.mark("COMMA")
            };
            ways.push(Body::seq([
                comma,
                maker.goal(goal, "item"),
                Body::Rule(rest),
            ]));
        }
        Body::alt(ways)
    }

    fn rule(&mut self, maker: &mut Maker<'_>, state: State) -> RuleId {
        if let Some((_, rule)) = self.known.iter().find(|(known, _)| *known == state) {
            return *rule;
        }
        let rule = maker.reserve(&format!("{}_items", self.name));
        self.known.push((state, rule));
        rule
    }
}
