//! One sentence, from the start to its last lexeme.

use super::derivation::{Derivation, NO_NODE};
use super::plan::{NEVER, Node, Plan};
use super::{Rng, SampledLexeme, Sampler, Sentence};
use crate::span::Span;

/// Chooses among the branches that the size allows: gets them all and gives back those to choose from, which must not be
/// none.
pub(super) type Prefer<'a> = dyn FnMut(&mut Rng, Vec<usize>) -> Vec<usize> + 'a;

/// A node still to be derived. `at` is its place on the path, if it lies on it.
struct Task {
    node: usize,
    at: Option<usize>,
    /// How often.
    times: u64,
    /// The node of the derivation that it is a part of.
    parent: usize,
}

/// Derives the start, along `path` (nodes from the start on; empty: freely).
pub(super) fn walk(
    sampler: &Sampler,
    rng: &mut Rng,
    size: usize,
    path: &[usize],
    prefer: &mut Prefer<'_>,
) -> Sentence {
    run(sampler, rng, size, path, prefer, None).sentence
}

/// As [`walk`], and keeps what was chosen.
pub(super) fn derive(
    sampler: &Sampler,
    rng: &mut Rng,
    size: usize,
    path: &[usize],
    prefer: &mut Prefer<'_>,
) -> Derivation {
    let record = Some(Derivation::default());
    let walk = run(sampler, rng, size, path, prefer, record);
    walk.record.unwrap_or_default()
}

fn run<'a>(
    sampler: &'a Sampler,
    rng: &mut Rng,
    size: usize,
    path: &'a [usize],
    prefer: &mut Prefer<'_>,
    record: Option<Derivation>,
) -> Walk<'a> {
    let plan = &*sampler.plan;
    let mut walk = Walk {
        sampler,
        plan,
        path,
        size: u64::try_from(size).unwrap_or(u64::MAX),
        used: 0,
        steps: 0,
        pending: plan.cost(plan.start),
        stack: vec![Task {
            node: plan.start,
            at: (!path.is_empty()).then_some(0),
            times: 1,
            parent: NO_NODE,
        }],
        sentence: Sentence::default(),
        record,
        made: NO_NODE,
    };
    while let Some(task) = walk.next_task() {
        walk.note(&task);
        walk.expand(&task, rng, prefer);
    }
    walk
}

struct Walk<'a> {
    sampler: &'a Sampler,
    plan: &'a Plan,
    path: &'a [usize],
    size: u64,
    /// Lexemes written.
    used: u64,
    /// Rules gone into.
    steps: u64,
    /// The least cost of all that is still to be derived.
    pending: u64,
    stack: Vec<Task>,
    sentence: Sentence,
    record: Option<Derivation>,
    /// The node of the derivation for the task at hand.
    made: usize,
}

impl Walk<'_> {
    /// The next node, and no cost for it any more.
    fn next_task(&mut self) -> Option<Task> {
        let task = self.stack.last_mut()?;
        let node = task.node;
        let at = task.at.take();
        let parent = task.parent;
        task.times -= 1;
        if task.times == 0 {
            self.stack.pop();
        }
        self.pending = self.pending.saturating_sub(self.plan.cost(node));
        Some(Task {
            node,
            at,
            times: 1,
            parent,
        })
    }

    fn note(&mut self, task: &Task) {
        if let Some(record) = &mut self.record {
            self.made = record.add(task.node, task.parent);
        }
    }

    fn push(&mut self, node: usize, times: u64, at: Option<usize>) {
        if times > 0 {
            self.pending = self
                .pending
                .saturating_add(self.plan.cost(node).saturating_mul(times));
            let parent = self.made;
            self.stack.push(Task {
                node,
                at,
                times,
                parent,
            });
        }
    }

    /// What may be spent on the task that was taken last, its least cost included. Rules that lead to rules and write nothing do not go on for ever.
    fn spare(&self) -> u64 {
        if self.steps > STEPS.saturating_add(self.size.saturating_mul(STEPS_PER_LEXEME)) {
            return 0;
        }
        self.size
            .saturating_sub(self.used.saturating_add(self.pending))
    }

    /// The place on the path of a child of the node at `at`, if it is the next on it.
    fn next_on_path(&self, at: Option<usize>, child: usize) -> Option<usize> {
        let next = at? + 1;
        (self.path.get(next) == Some(&child)).then_some(next)
    }

    fn expand(&mut self, task: &Task, rng: &mut Rng, prefer: &mut Prefer<'_>) {
        let plan = self.plan;
        match plan.node(task.node) {
            Node::Empty | Node::Never => {}
            Node::Lexeme(terminal) => self.lexeme(*terminal, rng),
            Node::Rule(rule) => {
                self.steps += 1;
                let body = plan.rules.get(*rule).copied().unwrap_or_default();
                self.push(body, 1, self.next_on_path(task.at, body));
            }
            Node::Seq(parts) => {
                let on_path = parts
                    .iter()
                    .position(|part| self.next_on_path(task.at, *part).is_some());
                for (place, &part) in parts.iter().enumerate().rev() {
                    let at = self
                        .next_on_path(task.at, part)
                        .filter(|_| on_path == Some(place));
                    self.push(part, 1, at);
                }
            }
            Node::Alt {
                parts,
                first_branch,
            } => {
                let on_path = parts
                    .iter()
                    .find(|part| self.next_on_path(task.at, **part).is_some());
                let chosen = match on_path {
                    Some(part) => {
                        let way = parts
                            .iter()
                            .position(|other| other == part)
                            .unwrap_or_default();
                        prefer(rng, vec![first_branch + way]);
                        *part
                    }
                    None => self.choose(parts, *first_branch, rng, prefer),
                };
                self.push(chosen, 1, self.next_on_path(task.at, chosen));
            }
            Node::Repeat {
                inner,
                min,
                max,
                first_branch,
            } => {
                let at = self.next_on_path(task.at, *inner);
                let bounds = (u64::from(*min), max.map(u64::from));
                let times = self.times(*inner, bounds, *first_branch, at, rng, prefer);
                self.push(*inner, times, at);
            }
        }
    }

    fn choose(
        &self,
        parts: &[usize],
        first_branch: usize,
        rng: &mut Rng,
        prefer: &mut Prefer<'_>,
    ) -> usize {
        let least = parts
            .iter()
            .map(|part| self.plan.cost(*part))
            .min()
            .unwrap_or(NEVER);
        let most = self.spare();
        let affordable: Vec<usize> = (0..parts.len())
            .filter(|at| {
                let cost = parts.get(*at).map_or(NEVER, |part| self.plan.cost(*part));
                cost != NEVER && (cost <= least || cost <= most)
            })
            .map(|at| first_branch + at)
            .collect();
        let preferred = prefer(rng, affordable);
        let branch = preferred
            .get(rng.index(preferred.len()))
            .copied()
            .unwrap_or(first_branch);
        parts
            .get(branch - first_branch)
            .copied()
            .unwrap_or_default()
    }

    fn times(
        &self,
        inner: usize,
        (min, max): (u64, Option<u64>),
        first_branch: usize,
        at: Option<usize>,
        rng: &mut Rng,
        prefer: &mut Prefer<'_>,
    ) -> u64 {
        let cost = self.plan.cost(inner);
        let affordable = match cost {
            NEVER => 0,
            cost => {
                let least = cost.saturating_mul(min);
                (self.spare().saturating_sub(least) + 1) / (cost + 1)
            }
        };
        let most = max.map_or(u64::MAX, |max| max - min).min(affordable);
        // On the path once more is allowed even where the size is used up.
        let can_be_more =
            max.is_none_or(|max| max > min) && cost != NEVER && (most > 0 || at.is_some());
        let mut ways = vec![first_branch];
        if can_be_more {
            ways.push(first_branch + 1);
        }
        if at.is_some() && min == 0 {
            ways.remove(0);
        }
        let preferred = prefer(rng, ways);
        if preferred.get(rng.index(preferred.len())) != Some(&(first_branch + 1)) {
            return min;
        }
        min + 1 + rng.more(most.saturating_sub(1).min(MORE))
    }

    fn lexeme(&mut self, terminal: usize, rng: &mut Rng) {
        self.used += 1;
        let lexemes = &self.sampler.lexemes;
        let (Some(id), Some(text)) = (lexemes.id(terminal), lexemes.draw(terminal, rng)) else {
            return;
        };
        let before = self.sentence.text.len();
        self.ignored(&text, rng);
        let start = self.sentence.text.len();
        if let Some(record) = &mut self.record {
            let gap = self.sentence.text.get(before..).unwrap_or_default();
            record.set_lexeme(self.made, gap, &text);
        }
        self.sentence.text.push_str(&text);
        self.sentence.lexemes.push(SampledLexeme {
            terminal: id,
            span: Span::new(start, start + text.len()),
        });
    }

    /// Ignored text before a lexeme that is not the first: always between two words, else now and then.
    fn ignored(&mut self, next: &str, rng: &mut Rng) {
        let ignore = self.sampler.grammar.ignore();
        if self.sentence.lexemes.is_empty() || ignore.is_empty() {
            return;
        }
        let words = run_together(&self.sentence.text, next);
        if words || rng.one_in(4) {
            let chosen = ignore.get(rng.index(ignore.len()));
            let text = chosen.and_then(|id| self.sampler.lexemes.draw(id.index(), rng));
            self.sentence.text.push_str(&text.unwrap_or_default());
        }
    }
}

/// Whether the last character of one text and the first of the next would be one word.
pub(super) fn run_together(text: &str, next: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c == '_' || c.is_alphanumeric());
    is_word(text.chars().next_back()) && is_word(next.chars().next())
}

/// Rules that a sentence may go into before the cheapest ways are taken: so many, and so many more for each lexeme of its size.
const STEPS: u64 = 1_000;
const STEPS_PER_LEXEME: u64 = 32;

/// Repetitions beyond the least, where the size would allow any number.
const MORE: u64 = 1_000;
