//! Where a PEG reads less than the grammar made of it.
//!
//! A PEG commits: to the first alternative that fits, to as many rounds as there are, and to what lookahead says. The
//! grammar does not. The two agree where the next byte decides alone (the sets FIRST and FOLLOW of the textbooks, blanks
//! between parts left out), and where the regular sets involved show that no other way leads on. Everything else is told.

mod begin;
mod regular;
mod sets;

use std::cell::Cell;

use super::form::{Duty, Form, Forms, Regular};
use super::pattern::{Bytes, Patterns};
use crate::grammar::Pattern;
use crate::loss::{Effect, Loss};
use crate::span::Span;
use regular::{Hides, crosses, decided, hides, stops};

/// Pairs of alternatives of one choice that are compared by automata.
const MAX_PAIRS: usize = 400;
/// Rules within rules that are followed with what comes after them.
const MAX_CHAIN: usize = 64;
/// Forms behind a place that are looked at one by one.
const MAX_REST: usize = 64;
/// Nodes of automata that all comparisons of one file may build; what is compared behind that counts as not known.
const MAX_NODES: usize = 200_000;

pub(super) fn differences(forms: &Forms) -> Vec<Loss> {
    let mut differ = Differ::new(forms);
    differ.solve();
    let mut found = Found::default();
    for at in 0..forms.versions.len() {
        if differ.uses.get(at) != Some(&1) || at == forms.start {
            differ.alone(at, &mut found);
        }
    }
    while let Some(at) = found.later.pop() {
        differ.alone(at, &mut found);
    }
    found.losses.extend(differ.skip());
    found.losses
}

#[derive(Default)]
struct Found {
    losses: Vec<Loss>,
    /// Versions used once, too far within others to be looked at there.
    later: Vec<usize>,
}

struct Differ<'f> {
    forms: &'f Forms,
    /// By version: whether it may be empty.
    nullable: Vec<bool>,
    /// By version: the bytes it may begin with, blanks between parts left out.
    first: Vec<Bytes>,
    /// By version: the bytes that may come after it.
    follow: Vec<Bytes>,
    /// By version: in how many places it is used. The one that stands for whole texts is used from outside too, so that no
    /// circle is made of versions that are used once.
    uses: Vec<usize>,
    /// Nodes of automata that may still be built.
    nodes: Cell<usize>,
}

/// What comes after a form.
#[derive(Clone)]
struct Rest<'a> {
    first: Bytes,
    /// What comes next in the same sequence, nearest first, as far as it is looked at.
    forms: Vec<&'a Form>,
    /// Rules that were gone into.
    chain: usize,
}

impl<'f> Differ<'f> {
    fn new(forms: &'f Forms) -> Self {
        let count = forms.versions.len();
        let mut uses = vec![0; count];
        let bodies = forms
            .versions
            .iter()
            .map(|version| &version.form)
            .chain(forms.skip.iter().map(|(_, form)| form));
        for used in bodies.flat_map(Form::uses) {
            if let Some(count) = uses.get_mut(used) {
                *count += 1;
            }
        }
        if let Some(count) = uses.get_mut(forms.start) {
            *count += 1;
        }
        Self {
            forms,
            nullable: vec![false; count],
            first: vec![Bytes::default(); count],
            follow: vec![Bytes::default(); count],
            uses,
            nodes: Cell::new(MAX_NODES),
        }
    }

    /// A version, wherever it is used.
    fn alone(&self, at: usize, found: &mut Found) {
        let first = self.follow.get(at).copied().unwrap_or_default();
        let rest = Rest {
            first,
            forms: Vec::new(),
            chain: 0,
        };
        self.version(at, &rest, found);
    }

    /// A version, where what comes after it is known.
    fn version(&self, at: usize, rest: &Rest<'_>, found: &mut Found) {
        let Some(version) = self.forms.versions.get(at) else {
            return;
        };
        let before = found.losses.len();
        self.check(&version.form, rest, found);
        let new = found.losses.split_off(before);
        found.losses.extend(new.into_iter().map(|loss| {
            if loss.rule.is_some() {
                loss
            } else {
                let span = loss.span;
                loss.of(&version.written, span)
            }
        }));
    }

    /// Recursion is bounded by the depth of groups, and by [`MAX_CHAIN`] rules.
    fn check(&self, form: &Form, rest: &Rest<'_>, found: &mut Found) {
        match form {
            Form::Seq(parts) => {
                let mut firsts = vec![rest.first];
                for part in parts.iter().skip(1).rev() {
                    let after = firsts.last().copied().unwrap_or_default();
                    firsts.push(self.before(part, after));
                }
                for (at, (part, first)) in parts.iter().zip(firsts.into_iter().rev()).enumerate() {
                    let behind = parts.iter().skip(at + 1);
                    let forms = behind.chain(rest.forms.iter().copied());
                    let rest = Rest {
                        first,
                        forms: forms.take(MAX_REST).collect(),
                        chain: rest.chain,
                    };
                    self.check(part, &rest, found);
                }
            }
            Form::Choice(parts, span) => {
                if let Some(span) = span {
                    found.losses.extend(self.choice(parts, *span, rest));
                }
                for part in parts {
                    self.check(part, rest, found);
                }
            }
            Form::Repeat(inner, min, max, span) => {
                found
                    .losses
                    .extend(self.repetition(inner, (*min, *max), *span, rest));
                let mut again = rest.clone();
                if *max != Some(1) {
                    again.first.add(self.first(inner));
                    again.forms.clear();
                }
                self.check(inner, &again, found);
            }
            // A rule that is used once is looked at where it is used: there it is known what comes next.
            Form::Rule(at) if self.uses.get(*at) == Some(&1) => {
                if rest.chain >= MAX_CHAIN {
                    found.later.push(*at);
                    return;
                }
                let mut rest = rest.clone();
                rest.chain += 1;
                self.version(*at, &rest, found);
            }
            Form::Regular(regular) => {
                found.losses.extend(self.regular(regular, rest));
                self.check(&regular.parts, rest, found);
            }
            _ => {}
        }
    }

    /// A repetition takes all it can; the grammar may stop before.
    fn repetition(
        &self,
        inner: &Form,
        (min, max): (u32, Option<u32>),
        span: Span,
        rest: &Rest<'_>,
    ) -> Option<Loss> {
        if max == Some(min)
            || !self.first(inner).meets(rest.first)
            || self.apart(&[inner], &rest.forms)
        {
            return None;
        }
        let first = self.first(inner);
        let both = || rest.first.iter().filter(|byte| first.contains(*byte));
        let example = both().find(u8::is_ascii_graphic).or(both().next());
        let shown = example
            .map(|byte| format!("{:?}", char::from(byte)))
            .unwrap_or_default();
        let what = format!("the repetition may stop before {shown} where pest goes on");
        let why = "pest takes as many as there are and gives none back";
        Some(Loss::new("greedy-repetition", Effect::Wider, what, why).at(Some(span)))
    }

    /// The first alternative that fits hides the later ones.
    fn choice(&self, parts: &[Form], span: Span, rest: &Rest<'_>) -> Option<Loss> {
        let firsts: Vec<Bytes> = parts.iter().map(|part| self.first(part)).collect();
        let patterns: Vec<Option<Pattern>> = parts
            .iter()
            .map(|part| Patterns::of(self.forms, part))
            .collect();
        let mut compared = 0;
        for (later, first_of_later) in firsts.iter().enumerate().skip(1) {
            for earlier in 0..later {
                let nullable = parts
                    .get(earlier)
                    .is_some_and(|part| self.is_nullable(part));
                let meets = firsts
                    .get(earlier)
                    .is_some_and(|first| first.meets(*first_of_later));
                if !nullable && !meets {
                    continue;
                }
                compared += 1;
                let pair = (
                    patterns.get(earlier)?.as_ref(),
                    patterns.get(later)?.as_ref(),
                );
                let mut after: Vec<&Form> = vec![parts.get(later)?];
                after.extend(&rest.forms);
                if compared <= MAX_PAIRS && self.apart(&[parts.get(earlier)?], &after) {
                    continue;
                }
                let hidden = |a, b| hides(a, b, rest.first, &self.nodes);
                let example = match pair {
                    (Some(a), Some(b)) if compared <= MAX_PAIRS => match hidden(a, b) {
                        Hides::No => continue,
                        Hides::Yes(text) => format!(", as in {:?}", String::from_utf8_lossy(&text)),
                        Hides::Unknown => String::new(),
                    },
                    _ => String::new(),
                };
                let what = format!(
                    "alternative {} may be tried where pest has taken alternative {}{example}",
                    later + 1,
                    earlier + 1
                );
                let why = "pest takes the first alternative that fits and does not come back";
                return Some(Loss::new("ordered-choice", Effect::Wider, what, why).at(Some(span)));
            }
        }
        None
    }

    fn regular(&self, regular: &Regular, rest: &Rest<'_>) -> Option<Loss> {
        let next = self.regular_rest(&rest.forms);
        let sure = match &regular.duty {
            Duty::Ahead {
                texts,
                ahead,
                positive,
            } => {
                decided(texts, ahead, next.as_ref(), rest.first).map(|(wider, narrower)| {
                    // For `&p` the two sides change places.
                    if *positive {
                        (narrower, wider)
                    } else {
                        (wider, narrower)
                    }
                })
            }
            Duty::Until { set, stop } => {
                let clean = crosses(set, stop, next.as_ref(), rest.first) == Some(false)
                    && stops(set, stop, next.as_ref(), rest.first) == Some(true);
                Some((!clean, false))
            }
        };
        let effect = match sure {
            Some((false, false)) => return None,
            Some((true, false)) => Effect::Wider,
            Some((false, true)) => Effect::Narrower,
            Some((true, true)) | None => Effect::Other,
        };
        let what = "the lookahead may see more than its own sequence";
        let why = "what follows decides whether it holds, and the grammar does not look there";
        Some(Loss::new("lookahead", effect, what, why).at(Some(regular.span)))
    }

    /// The texts of the regular forms that come next.
    fn regular_rest(&self, forms: &[&Form]) -> Option<Pattern> {
        let mut parts = Vec::new();
        for form in forms {
            match Patterns::of(self.forms, form) {
                Some(pattern) => parts.push(pattern),
                None => break,
            }
        }
        (!parts.is_empty()).then_some(Pattern::Concat(parts))
    }

    /// Blanks between parts: where a part may begin like a comment, the grammar may read it so.
    fn skip(&self) -> Option<Loss> {
        let (_, skip) = self.forms.skip.as_ref()?;
        let Form::Repeat(one, ..) = skip else {
            return None;
        };
        let first = self.first(one);
        let mut after = Bytes::default();
        for version in &self.forms.versions {
            self.after_skips(&version.form, Bytes::default(), &mut after);
        }
        if !first.meets(after) {
            return None;
        }
        let what = "a part that begins like a blank or a comment may be read as one, or the other way round";
        let why = "pest takes all blanks there are before it looks at the next part";
        Some(Loss::new("greedy-blanks", Effect::Wider, what, why))
    }

    fn after_skips(&self, form: &Form, after: Bytes, found: &mut Bytes) {
        match form {
            Form::Skip => {
                found.add(after);
            }
            Form::Seq(parts) => {
                let mut after = after;
                for part in parts.iter().rev() {
                    self.after_skips(part, after, found);
                    after = self.before(part, after);
                }
            }
            other => {
                for child in other.children() {
                    self.after_skips(child, after, found);
                }
            }
        }
    }
}
