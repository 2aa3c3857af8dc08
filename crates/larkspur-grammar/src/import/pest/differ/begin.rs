//! How texts begin: as much of them as is regular, and then anything.

use super::Differ;
use crate::grammar::Pattern;
use crate::import::pest::form::{Duty, Form};
use crate::import::pest::pattern::{Patterns, Question, anything};

/// Groups and rules within each other that are gone into.
const MAX_DEPTH: usize = 6;
/// Forms that are looked at for one beginning.
const MAX_FORMS: usize = 2_000;

/// A beginning as far as it was said.
#[derive(Default)]
struct Begun {
    parts: Vec<Pattern>,
    /// Whether the last part says all that may follow.
    closed: bool,
    forms: usize,
}

impl Begun {
    fn close(&mut self) {
        if !std::mem::replace(&mut self.closed, true) {
            self.parts.push(anything());
        }
    }
}

impl Differ<'_> {
    /// Whether no text begins both ways: where pest can read the one, the grammar does not read the other.
    pub(super) fn apart(&self, one: &[&Form], other: &[&Form]) -> bool {
        if self.nodes.get() == 0 || other.is_empty() {
            return false;
        }
        let both = Pattern::And(vec![self.beginning(one), self.beginning(other)]);
        let Some(mut question) = Question::new(&[&both]) else {
            return false;
        };
        let expr = question.expr(0);
        let apart = question.is_never(expr);
        self.nodes
            .set(self.nodes.get().saturating_sub(question.nodes()));
        apart
    }

    /// A superset of what begins with a text of these forms, one behind the other.
    fn beginning(&self, forms: &[&Form]) -> Pattern {
        let mut begun = Begun::default();
        for form in forms {
            if !self.begin(form, 0, &mut begun) {
                break;
            }
        }
        begun.close();
        Pattern::Concat(begun.parts)
    }

    /// Adds how `form` begins; whether all of it could be said.
    fn begin(&self, form: &Form, depth: usize, begun: &mut Begun) -> bool {
        begun.forms += 1;
        if begun.forms > MAX_FORMS {
            return false;
        }
        if let Form::Regular(regular) = form
            && let Duty::Ahead {
                texts,
                ahead,
                positive,
            } = &regular.duty
        {
            // Here the lookahead sees all that follows, as it does in pest.
            let holds = if *positive {
                ahead.clone()
            } else {
                Pattern::Not(Box::new(ahead.clone()))
            };
            let texts = Pattern::Concat(vec![texts.clone(), anything()]);
            begun.parts.push(Pattern::And(vec![texts, holds]));
            begun.closed = true;
            return false;
        }
        match form {
            Form::Seq(inner) if depth < MAX_DEPTH => {
                inner.iter().all(|part| self.begin(part, depth + 1, begun))
            }
            Form::Rule(at) if depth < MAX_DEPTH => match self.forms.versions.get(*at) {
                Some(version) => self.begin(&version.form, depth + 1, begun),
                None => false,
            },
            Form::Choice(ways, _) if depth < MAX_DEPTH => self.ways(ways, depth, begun),
            other => match Patterns::of(self.forms, other) {
                Some(pattern) => {
                    begun.parts.push(pattern);
                    true
                }
                None => false,
            },
        }
    }

    fn ways(&self, ways: &[Form], depth: usize, begun: &mut Begun) -> bool {
        let mut whole = true;
        let mut said = Vec::with_capacity(ways.len());
        for way in ways {
            let mut inner = Begun {
                forms: begun.forms,
                ..Begun::default()
            };
            whole &= self.begin(way, depth + 1, &mut inner);
            begun.forms = inner.forms;
            said.push(inner);
        }
        if !whole {
            said.iter_mut().for_each(Begun::close);
            begun.closed = true;
        }
        let said = said.into_iter().map(|way| Pattern::Concat(way.parts));
        begun.parts.push(Pattern::Alt(said.collect()));
        whole
    }
}
