//! Lookahead, folded into what follows it.
//!
//! `!p ~ e` with regular `p` and `e` is the set of those texts of `e` that do not begin as `p` does: `e & ~(p any*)`. Where
//! `e` may end before it is clear whether `p` holds, what follows decides, and [`super::differ`] looks whether it can.
//! `(!p ~ c)*` with a character `c` is handled as a whole: any characters up to a place where `p` holds.

use super::form::{Duty, Form, Forms, Regular};
use super::pattern::{Patterns, anything, class};
use crate::grammar::Pattern;
use crate::loss::{Effect, Loss};
use crate::regular::chars;
use crate::span::Span;
use regex_syntax::hir::ClassUnicode;

/// Forms looked at to find out whether one is a single character.
const MAX_LOOKED_AT: usize = 2_000;

/// Folds all lookahead, rules that others use first; what cannot be folded is dropped and told.
pub(super) fn resolve(forms: &mut Forms) -> Vec<Loss> {
    let mut losses = Vec::new();
    forms.written = forms
        .versions
        .iter()
        .map(|version| version.form.clone())
        .collect();
    forms.ahead = ahead(forms);
    for at in used_first(forms) {
        let Some(version) = forms.versions.get(at) else {
            continue;
        };
        let (name, form) = (version.written.clone(), version.form.clone());
        let mut resolver = Resolver {
            forms,
            losses: &mut losses,
            name: &name,
        };
        let form = resolver.form(form);
        if let Some(version) = forms.versions.get_mut(at) {
            version.form = form;
        }
    }
    losses
}

/// See [`Forms::ahead`].
fn ahead(forms: &Forms) -> Vec<bool> {
    let users = forms.users();
    let direct = |form: &Form| matches!(form, Form::Ahead(..) | Form::End);
    let written = forms.written.iter().enumerate();
    let own = written.filter(|(_, form)| form.all().any(direct));
    let mut open: Vec<usize> = own.map(|(at, _)| at).collect();
    let mut ahead = vec![false; forms.versions.len()];
    while let Some(at) = open.pop() {
        if let Some(slot) = ahead.get_mut(at).filter(|slot| !**slot) {
            *slot = true;
            open.extend(users.get(at).into_iter().flatten());
        }
    }
    ahead
}

/// All versions, each after those it uses as far as they do not use it. A walk with an explicit stack.
fn used_first(forms: &Forms) -> Vec<usize> {
    let mut order = Vec::new();
    let mut entered = vec![false; forms.versions.len()];
    for root in 0..forms.versions.len() {
        let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut next = Some(root);
        loop {
            if let Some(at) = next.take()
                && let Some(slot) = entered.get_mut(at).filter(|slot| !**slot)
            {
                *slot = true;
                let uses = forms.versions.get(at).map(|version| version.form.uses());
                path.push((at, uses.unwrap_or_default()));
            }
            let Some((at, rest)) = path.last_mut() else {
                break;
            };
            next = rest.pop();
            if next.is_none() {
                order.push(*at);
                path.pop();
            }
        }
    }
    order
}

struct Resolver<'a> {
    forms: &'a Forms,
    losses: &'a mut Vec<Loss>,
    name: &'a str,
}

impl Resolver<'_> {
    /// Recursion is bounded by the depth of groups.
    fn form(&mut self, form: Form) -> Form {
        match form {
            Form::Seq(parts) => self.sequence(parts),
            Form::Choice(parts, span) => Form::Choice(
                parts.into_iter().map(|part| self.form(part)).collect(),
                span,
            ),
            Form::Repeat(inner, min, max, span) => match self.until(&inner, min, max, span) {
                Some(until) => until,
                None => Form::Repeat(Box::new(self.form(*inner)), min, max, span),
            },
            ahead @ Form::Ahead(..) => self.sequence(vec![ahead]),
            other => other,
        }
    }

    /// From the right: what follows a lookahead is free of lookahead when it is folded in.
    fn sequence(&mut self, parts: Vec<Form>) -> Form {
        let mut rest: Vec<Form> = Vec::new();
        for part in parts.into_iter().rev() {
            match part {
                Form::Ahead(positive, inner, span) => self.fold(positive, &inner, span, &mut rest),
                other => rest.insert(0, self.form(other)),
            }
        }
        match rest.len() {
            1 => rest.pop().unwrap_or(Form::Empty),
            _ => Form::Seq(rest),
        }
    }

    fn fold(&mut self, positive: bool, inner: &Form, span: Span, rest: &mut Vec<Form>) {
        if matches!(inner, Form::End)
            && !positive
            && matches!(rest.first(), Some(Form::Set(_) | Form::Text(_)))
        {
            // Where a character follows, the text is not at its end.
            return;
        }
        if let (Some(ahead), Some(Form::Set(next))) = (self.one_character(inner), rest.first_mut())
        {
            if positive {
                next.intersect(&ahead);
            } else {
                next.difference(&ahead);
            }
            return;
        }
        let inner = self.prepared(inner);
        let Some(ahead) = Patterns::ahead(self.forms, &inner) else {
            return self.dropped(span);
        };
        let (mut texts, mut parts) = (Vec::new(), Vec::new());
        while let Some(part) = rest.first() {
            match Patterns::of(self.forms, part) {
                Some(pattern) => texts.push(pattern),
                None => break,
            }
            parts.push(rest.remove(0));
        }
        let texts = Pattern::Concat(texts);
        let holds = if positive {
            ahead.clone()
        } else {
            Pattern::Not(Box::new(ahead.clone()))
        };
        let pattern = Pattern::And(vec![texts.clone(), holds]);
        let duty = Duty::Ahead {
            texts,
            ahead,
            positive,
        };
        rest.insert(
            0,
            Form::Regular(Box::new(Regular {
                pattern,
                span,
                parts: Form::Seq(parts),
                duty,
            })),
        );
    }

    /// What is looked for, its repetitions free of lookahead.
    fn prepared(&mut self, form: &Form) -> Form {
        match form {
            Form::Repeat(..) => self.form(form.clone()),
            Form::Seq(parts) => Form::Seq(parts.iter().map(|part| self.prepared(part)).collect()),
            Form::Choice(parts, span) => Form::Choice(
                parts.iter().map(|part| self.prepared(part)).collect(),
                *span,
            ),
            other => other.clone(),
        }
    }

    fn dropped(&mut self, span: Span) {
        let why = "what is looked for is not regular, and a grammar cannot look ahead";
        let loss = Loss::new("lookahead", Effect::Wider, "the lookahead is dropped", why);
        self.losses.push(loss.of(self.name, Some(span)));
    }

    /// `(!p ~ c)*`.
    fn until(&mut self, inner: &Form, min: u32, max: Option<u32>, span: Span) -> Option<Form> {
        let Form::Seq(parts) = inner else { return None };
        let [Form::Ahead(false, stop, _), next] = parts.as_slice() else {
            return None;
        };
        let set = self.one_character(next)?;
        if self.one_character(stop).is_some() || max.is_some() || min > 1 {
            return None;
        }
        let stop = Patterns::ahead(self.forms, stop)?;
        let many = |min| Pattern::Repeat {
            pattern: Box::new(class(set.clone())),
            min,
            max: None,
        };
        let stopped = Pattern::Concat(vec![many(0), Pattern::And(vec![stop.clone(), some()])]);
        let pattern = Pattern::And(vec![many(min), Pattern::Not(Box::new(stopped))]);
        let duty = Duty::Until { set, stop };
        Some(Form::Regular(Box::new(Regular {
            pattern,
            span,
            parts: Form::Empty,
            duty,
        })))
    }

    /// The set, where the form is exactly one character.
    fn one_character(&self, form: &Form) -> Option<ClassUnicode> {
        let mut budget = MAX_LOOKED_AT;
        self.one_character_within(form, &mut budget)
    }

    fn one_character_within(&self, form: &Form, budget: &mut usize) -> Option<ClassUnicode> {
        *budget = budget.checked_sub(1)?;
        match form {
            Form::Set(set) => Some(set.clone()),
            Form::Text(text) => {
                let mut chars = text.chars();
                let first = chars.next()?;
                chars.next().is_none().then(|| chars::range(first, first))
            }
            Form::Choice(parts, _) => {
                let mut all = ClassUnicode::empty();
                for part in parts {
                    all.union(&self.one_character_within(part, budget)?);
                }
                Some(all)
            }
            Form::Rule(at) => match &self.forms.versions.get(*at)?.form {
                Form::Rule(_) => None,
                form => self.one_character_within(form, budget),
            },
            _ => None,
        }
    }
}

/// Any text but the empty one.
fn some() -> Pattern {
    match anything() {
        Pattern::Repeat { pattern, .. } => Pattern::Repeat {
            pattern,
            min: 1,
            max: None,
        },
        other => other,
    }
}
