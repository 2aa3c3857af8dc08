//! The sets FIRST and FOLLOW of the textbooks, in bytes, blanks between parts left out.

use std::collections::VecDeque;

use super::Differ;
use super::regular::{firsts, matches_empty};
use crate::import::pest::form::Form;
use crate::import::pest::pattern::Bytes;

impl Differ<'_> {
    /// Least solutions: a version is looked at again where one that it uses, or that uses it, has changed.
    pub(super) fn solve(&mut self) {
        let users = self.forms.users();
        let mut open = Open::all(self.forms.versions.len());
        while let Some(at) = open.next() {
            if self.begins(at) {
                open.extend(users.get(at).into_iter().flatten().copied());
            }
        }
        let mut open = Open::all(self.forms.versions.len());
        while let Some(at) = open.next() {
            let Some(version) = self.forms.versions.get(at) else {
                continue;
            };
            let after = self.follow.get(at).copied().unwrap_or_default();
            let mut changed = Vec::new();
            self.spread(&version.form, after, &mut changed);
            open.extend(changed);
        }
    }

    /// Looks at how a version begins; whether something is new.
    fn begins(&mut self, at: usize) -> bool {
        let Some(version) = self.forms.versions.get(at) else {
            return false;
        };
        let (nullable, first) = (self.is_nullable(&version.form), self.first(&version.form));
        let mut changed = false;
        if let (Some(known), Some(bytes)) = (self.nullable.get_mut(at), self.first.get_mut(at)) {
            changed = *known != nullable;
            *known = nullable;
            changed |= bytes.add(first);
        }
        changed
    }

    pub(super) fn is_nullable(&self, form: &Form) -> bool {
        match form {
            Form::Empty | Form::Skip | Form::Start | Form::End | Form::Ahead(..) => true,
            Form::Text(_) | Form::Set(_) => false,
            Form::Regular(regular) => matches_empty(&regular.pattern),
            Form::Rule(at) => self.nullable.get(*at) == Some(&true),
            Form::Seq(parts) => parts.iter().all(|part| self.is_nullable(part)),
            Form::Choice(parts, _) => parts.iter().any(|part| self.is_nullable(part)),
            Form::Repeat(inner, min, ..) => *min == 0 || self.is_nullable(inner),
        }
    }

    pub(super) fn first(&self, form: &Form) -> Bytes {
        let mut bytes = Bytes::default();
        match form {
            Form::Empty
            | Form::Skip
            | Form::Start
            | Form::End
            | Form::Ahead(..)
            | Form::Repeat(_, _, Some(0), _) => {}
            Form::Text(text) => text.bytes().take(1).for_each(|byte| bytes.insert(byte)),
            Form::Set(set) => bytes = Bytes::of_class(set),
            Form::Regular(regular) => bytes = firsts(&regular.pattern),
            Form::Rule(at) => bytes = self.first.get(*at).copied().unwrap_or_default(),
            Form::Seq(parts) => {
                for part in parts {
                    bytes.add(self.first(part));
                    if !self.is_nullable(part) {
                        break;
                    }
                }
            }
            Form::Choice(parts, _) => {
                for part in parts {
                    bytes.add(self.first(part));
                }
            }
            Form::Repeat(inner, ..) => bytes = self.first(inner),
        }
        bytes
    }

    /// Notes what comes after the versions used in `form`, after which `after` comes.
    fn spread(&mut self, form: &Form, after: Bytes, changed: &mut Vec<usize>) {
        match form {
            Form::Rule(at) => {
                if let Some(follow) = self.follow.get_mut(*at)
                    && follow.add(after)
                {
                    changed.push(*at);
                }
            }
            Form::Seq(parts) => {
                let mut after = after;
                for part in parts.iter().rev() {
                    self.spread(part, after, changed);
                    after = self.before(part, after);
                }
            }
            Form::Choice(parts, _) => {
                for part in parts {
                    self.spread(part, after, changed);
                }
            }
            Form::Repeat(inner, _, max, _) => {
                let mut after = after;
                if *max != Some(1) {
                    after.add(self.first(inner));
                }
                self.spread(inner, after, changed);
            }
            _ => {}
        }
    }

    /// What may come first where `part` and then `after` come.
    pub(super) fn before(&self, part: &Form, after: Bytes) -> Bytes {
        let mut bytes = self.first(part);
        if self.is_nullable(part) {
            bytes.add(after);
        }
        bytes
    }
}

/// What is still to be looked at, each once at a time.
struct Open {
    queue: VecDeque<usize>,
    queued: Vec<bool>,
}

impl Open {
    fn all(count: usize) -> Self {
        Self {
            queue: (0..count).collect(),
            queued: vec![true; count],
        }
    }

    fn next(&mut self) -> Option<usize> {
        let at = self.queue.pop_front()?;
        if let Some(slot) = self.queued.get_mut(at) {
            *slot = false;
        }
        Some(at)
    }

    fn extend(&mut self, more: impl IntoIterator<Item = usize>) {
        for at in more {
            if let Some(slot) = self.queued.get_mut(at).filter(|slot| !**slot) {
                *slot = true;
                self.queue.push_back(at);
            }
        }
    }
}
