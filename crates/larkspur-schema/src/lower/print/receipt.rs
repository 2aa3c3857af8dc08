//! What became of the rules of the original: steps of the plan, relaxations, and the receipt of all.

use larkspur_json::Pointer;

use super::Printer;
use crate::{
    Change, Enforcer, Entry, Relaxation,
    lower::graph::{Node, Relaxed},
    plan::{Action, Step},
};

impl Printer<'_> {
    pub(super) fn step(&mut self, at: &Pointer, node: &Node) {
        if let Some(action) = &node.action {
            self.add_step(at, action.clone(), &node.origin);
        }
    }

    pub(super) fn add_step(&mut self, at: &Pointer, action: Action, origin: &Pointer) {
        let (rule, reason) = receipt_of(&action);
        self.enter(origin, rule, Change::Kept, Enforcer::Server, reason);
        self.plan.steps.push(Step {
            pointer: at.clone(),
            action,
        });
    }

    pub(super) fn enter(
        &mut self,
        origin: &Pointer,
        rule: &str,
        change: Change,
        by: Enforcer,
        why: &str,
    ) {
        let key = (origin.clone(), rule.to_owned(), change);
        self.receipt.entry(key).or_insert_with(|| Entry {
            pointer: origin.clone(),
            place: None,
            rule: rule.to_owned(),
            change,
            by,
            reason: why.to_owned(),
        });
    }

    pub(super) fn report(&mut self, relaxed: &[Relaxed]) {
        for rule in relaxed {
            self.enter(
                &rule.origin,
                &rule.keyword,
                rule.change,
                rule.by,
                &rule.reason,
            );
            if !rule.is_relaxation() {
                continue;
            }
            let key = (rule.origin.clone(), rule.keyword.clone());
            self.relaxations.entry(key).or_insert_with(|| Relaxation {
                pointer: rule.origin.clone(),
                keyword: rule.keyword.clone(),
                value: rule.value.clone(),
                reason: rule.reason.clone(),
            });
        }
    }
}

/// The rule that an action carries in another form, and how.
fn receipt_of(action: &Action) -> (&'static str, &'static str) {
    match action {
        Action::Optional { or_null: false } => (
            "required",
            "sent as required; `null` says that it is absent",
        ),
        Action::Optional { or_null: true } => (
            "required",
            "sent as required; `null` says that it is absent, which can then not be told from `null`",
        ),
        Action::Entries { .. } => (
            "additionalProperties",
            "sent as an array of entries, each with a key and a value",
        ),
        Action::Extras { .. } => (
            "additionalProperties",
            "sent as one more property that holds the others",
        ),
        Action::Tuple { .. } => (
            "prefixItems",
            "sent as an object with a property for each position",
        ),
        Action::JsonText { .. } => ("type", "sent as a string that holds JSON text"),
        Action::Unwrap { .. } => ("type", "sent inside an object with one property"),
    }
}
