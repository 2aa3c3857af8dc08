//! Members in an order: which may follow which, and when an object may end.

use serde_json::Value;

use super::{
    Maker, PropertyOrder,
    body::{Body, RuleId},
    objects::{Listed, Members},
};

/// The most rules that counting the members of one object may take.
const MOST_STATES: usize = 2_400;

impl<'s> Maker<'s> {
    /// `{`, members, `}`; or nothing between them.
    pub(super) fn members(&mut self, mut members: Members<'s>, name: &str) -> Body {
        let asked = members
            .listed
            .iter()
            .filter(|of| of.required.is_some())
            .count();
        if members.min <= asked {
            members.min = 0;
            members
                .bounds
                .retain(|(_, keyword)| *keyword != "minProperties");
        }
        let possible = members
            .listed
            .iter()
            .filter(|of| of.pair != Body::Never)
            .count();
        if members.others.is_none() && members.max.is_some_and(|max| max >= possible) {
            members.max = None;
        }
        self.bound_counts(&mut members);
        if members.max.is_some_and(|max| max < members.min.max(asked)) {
            return Body::Never;
        }
        members.listed.retain(|of| of.pair != Body::Never);
        let may_be_empty = asked == 0 && members.min == 0;
        let inner = if members.max == Some(0) {
            Body::Never
        } else {
            self.ordered(&mut members, name)
        };
        let full = Body::seq([self.mark("LBRACE"), inner, self.mark("RBRACE")]);
        let empty = if may_be_empty {
            self.mark("EMPTY_OBJECT")
        } else {
            Body::Never
        };
        Body::alt([empty, full])
    }

    /// At least one member, in the order that the options say.
    fn ordered(&mut self, members: &mut Members<'s>, name: &str) -> Body {
        if members.listed.is_empty() && members.max.is_none() && members.min <= 1 {
            return match members.others.take() {
                Some(others) => self.comma_list(&others),
                None => Body::Never,
            };
        }
        let is_declared = self.options.order == PropertyOrder::Declared;
        if is_declared && members.max.is_none() && members.min == 0 {
            return self.declared(members, name);
        }
        if !is_declared {
            self.forget_required(members);
        }
        let mut walk = Walk {
            members,
            is_declared,
            name,
            known: Vec::new(),
        };
        walk.run(self)
    }

    /// Leaves out counts that would take too many rules.
    fn bound_counts(&mut self, members: &mut Members<'s>) {
        let counts = members.max.map_or(members.min, |max| max.saturating_add(1));
        if counts == 0 {
            return;
        }
        let asked = members
            .listed
            .iter()
            .filter(|of| of.required.is_some())
            .count();
        let listed = members.listed.len();
        let rules = if self.options.order == PropertyOrder::Declared {
            (listed + 1).saturating_mul(listed.max(1))
        } else {
            1 << asked.min(20)
        };
        if rules.saturating_mul(counts.saturating_add(1)) > MOST_STATES {
            for (id, keyword) in std::mem::take(&mut members.bounds) {
                self.relax(id, keyword, "so many members are not counted");
            }
            (members.min, members.max) = (0, None);
        }
    }

    /// `others ("," others)*`.
    fn comma_list(&mut self, others: &Body) -> Body {
        let more = Body::seq([self.mark("COMMA"), others.clone()]);
        Body::seq([others.clone(), more.star()])
    }

    /// Members in the order of their declaration, then the others: a rule for what may follow each of them.
    fn declared(&mut self, members: &Members<'s>, name: &str) -> Body {
        let mut tail = match &members.others {
            Some(others) => Body::seq([self.mark("COMMA"), others.clone()]).star(),
            None => Body::Empty,
        };
        // What an object is that begins at this member or a later one.
        let mut first = match &members.others {
            Some(others) => self.comma_list(others),
            None => Body::Never,
        };
        for listed in members.listed.iter().rev() {
            let begins = Body::seq([listed.pair.clone(), tail.clone()]);
            let more = Body::seq([self.mark("COMMA"), listed.pair.clone()]);
            if listed.required.is_some() {
                first = begins;
                tail = Body::seq([more, tail]);
            } else {
                first = Body::alt([begins, first]);
                let with = Body::seq([more.optional(), tail]);
                tail = Body::Rule(self.helper(&format!("{name}_after_{}", listed.name), with));
            }
        }
        first
    }

    /// Keeps as many names asked for as there are rules for their sets.
    fn forget_required(&mut self, members: &mut Members<'s>) {
        let counts = members.max.map_or(members.min, |max| max + 1) + 1;
        // A grammar that is large already keeps less in mind.
        let most = if self.rules.len() > self.options.max_rules / 4 {
            4
        } else {
            self.options.max_order_states
        };
        let mut kept = 0_u32;
        for index in 0..members.listed.len() {
            let Some(listed) = members.listed.get_mut(index) else {
                continue;
            };
            let Some(id) = listed.required else { continue };
            if (1_usize << (kept + 1)).saturating_mul(counts) <= most {
                kept += 1;
            } else {
                listed.required = None;
                let value = Value::String(listed.name.to_owned());
                self.relax_value(
                    id,
                    "required",
                    &value,
                    "in any order, so many names are not kept in mind",
                );
            }
        }
    }
}

/// Where in an object one is: the next listed member or the set of those asked for that were met, and how many members
/// there were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct State {
    at: usize,
    count: usize,
}

struct Walk<'m, 's> {
    members: &'m Members<'s>,
    is_declared: bool,
    name: &'m str,
    known: Vec<(State, RuleId)>,
}

impl<'s> Walk<'_, 's> {
    fn run(&mut self, maker: &mut Maker<'s>) -> Body {
        let optional = if self.is_declared || self.counts() {
            None
        } else {
            let mut all: Vec<Body> = self
                .members
                .listed
                .iter()
                .filter(|of| of.required.is_none())
                .map(|of| of.pair.clone())
                .collect();
            all.extend(self.members.others.clone());
            (!all.is_empty()).then(|| {
                Body::Rule(maker.helper(&format!("{}_optional", self.name), Body::alt(all)))
            })
        };
        let start = State { at: 0, count: 0 };
        let first = self.ways(maker, start, optional.as_ref(), true);
        let mut next = 0;
        while let Some(&(state, rule)) = self.known.get(next) {
            next += 1;
            let ways = self.ways(maker, state, optional.as_ref(), false);
            let mut body = if self.is_done(state) {
                ways.optional()
            } else {
                ways
            };
            if let Some(optional) = &optional {
                let more = Body::seq([maker.mark("COMMA"), optional.clone()]);
                body = Body::seq([more.star(), body]);
            }
            maker.define(rule, body);
        }
        first
    }

    fn counts(&self) -> bool {
        self.members.min > 0 || self.members.max.is_some()
    }

    /// The members asked for, each with its place among them.
    fn required(&self) -> impl Iterator<Item = (usize, &Listed<'s>)> {
        self.members
            .listed
            .iter()
            .filter(|of| of.required.is_some())
            .enumerate()
    }

    fn is_done(&self, state: State) -> bool {
        let has_all = if self.is_declared {
            self.members
                .listed
                .iter()
                .skip(state.at)
                .all(|of| of.required.is_none())
        } else {
            state.at + 1 == 1 << self.required().count()
        };
        has_all && state.count >= self.members.min
    }

    /// The next member, and what follows; optional ones are left to a list where there is one.
    fn ways(
        &mut self,
        maker: &mut Maker<'s>,
        state: State,
        optional: Option<&Body>,
        is_first: bool,
    ) -> Body {
        if self.members.max.is_some_and(|max| state.count >= max) {
            return Body::Never;
        }
        let mut next = self.next(state);
        if !self.is_declared && !self.counts() && is_first {
            next.extend(optional.map(|optional| (optional.clone(), state.at)));
        }
        let comma = if is_first {
            Body::Empty
        } else {
            maker.mark("COMMA")
        };
        let count = if self.counts() {
            (state.count + 1).min(self.members.max.unwrap_or(self.members.min))
        } else {
            0
        };
        let ways: Vec<Body> = next
            .into_iter()
            .map(|(pair, at)| {
                let rest = self.rule(maker, State { at, count });
                Body::seq([comma.clone(), pair, Body::Rule(rest)])
            })
            .collect();
        Body::alt(ways)
    }

    /// The members that may come next, and where one is behind them; of those without a count only the ones asked for.
    fn next(&self, state: State) -> Vec<(Body, usize)> {
        let mut next: Vec<(Body, usize)> = Vec::new();
        if self.is_declared {
            for (at, listed) in self.members.listed.iter().enumerate().skip(state.at) {
                next.push((listed.pair.clone(), at + 1));
                if listed.required.is_some() {
                    break;
                }
            }
            let is_last = self
                .members
                .listed
                .iter()
                .skip(state.at)
                .all(|of| of.required.is_none());
            if is_last && let Some(others) = &self.members.others {
                next.push((others.clone(), self.members.listed.len()));
            }
        } else {
            for (place, listed) in self.required() {
                if state.at >> place & 1 == 0 {
                    next.push((listed.pair.clone(), state.at | 1 << place));
                }
            }
            if self.counts() {
                let free = self
                    .members
                    .listed
                    .iter()
                    .filter(|of| of.required.is_none());
                next.extend(free.map(|of| (of.pair.clone(), state.at)));
                next.extend(self.members.others.clone().map(|others| (others, state.at)));
            }
        }
        next
    }

    fn rule(&mut self, maker: &mut Maker<'s>, state: State) -> RuleId {
        if let Some((_, rule)) = self.known.iter().find(|(known, _)| *known == state) {
            return *rule;
        }
        let rule = maker.reserve(&format!("{}_members", self.name));
        self.known.push((state, rule));
        rule
    }
}
