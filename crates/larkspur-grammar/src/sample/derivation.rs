//! A sentence as the tree of the choices that made it.
//!
//! Nodes lie in one list and name their children by index. A change gives one node another content, which may share what
//! lies below the old one; what nothing leads to any more stays in the list until the change is undone.

use super::plan::{Class, Node, Plan};
use super::walk::run_together;
use super::{SampledLexeme, Sampler, Sentence, simple};
use crate::span::Span;

/// The node of the start.
pub(super) const ROOT: usize = 0;
/// No node.
pub(super) const NO_NODE: usize = usize::MAX;

#[derive(Clone, Debug, Default)]
pub(super) struct Derivation {
    pub(super) nodes: Vec<Made>,
}

/// One node.
#[derive(Clone, Debug)]
pub(super) struct Made {
    /// What it was derived from.
    pub(super) plan: usize,
    pub(super) part: Part,
}

#[derive(Clone, Debug)]
pub(super) enum Part {
    Inner(Vec<usize>),
    Lexeme {
        /// Ignored text before it.
        gap: String,
        text: String,
    },
}

/// How large a text is; less is simpler. Compared from the first number on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Measure {
    lexemes: usize,
    bytes: usize,
    rank: u64,
}

impl Measure {
    fn add_text(&mut self, text: &str) {
        self.bytes += text.len();
        self.rank += text
            .chars()
            .map(|c| u64::from(simple::rank(c)))
            .sum::<u64>();
    }
}

/// A stretch of the text that is written in place of some lexemes.
#[derive(Clone, Debug)]
pub(super) struct Patch {
    /// The first lexeme that is replaced, with the ignored text before it, and the last one; [`NO_NODE`] in a text without
    /// lexemes.
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) text: String,
    /// The text ends with the stretch.
    pub(super) cut: bool,
}

/// Parts of a derivation that another may be made of, each once and in their order.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// In pre-order: what it is, which node, and the place behind all that lies below it.
    parts: Vec<(Class, usize, usize)>,
    next: usize,
}

impl Pool {
    fn take(&mut self, class: Class) -> Option<usize> {
        let rest = self.parts.get(self.next..)?;
        let (_, node, end) = rest.iter().find(|(of, ..)| *of == class)?;
        self.next = *end;
        Some(*node)
    }
}

impl Derivation {
    /// A new node below `parent`, without content.
    pub(super) fn add(&mut self, plan: usize, parent: usize) -> usize {
        let id = self.nodes.len();
        self.nodes.push(Made {
            plan,
            part: Part::Inner(Vec::new()),
        });
        self.attach(parent, id);
        id
    }

    pub(super) fn attach(&mut self, parent: usize, child: usize) {
        if let Some(Made {
            part: Part::Inner(children),
            ..
        }) = self.nodes.get_mut(parent)
        {
            children.push(child);
        }
    }

    pub(super) fn set_lexeme(&mut self, id: usize, gap: &str, text: &str) {
        if let Some(made) = self.nodes.get_mut(id) {
            made.part = Part::Lexeme {
                gap: gap.to_owned(),
                text: text.to_owned(),
            };
        }
    }

    pub(super) fn children(&self, id: usize) -> &[usize] {
        match self.nodes.get(id) {
            Some(Made {
                part: Part::Inner(children),
                ..
            }) => children,
            _ => &[],
        }
    }

    /// The text of a lexeme.
    pub(super) fn text(&self, id: usize) -> Option<&str> {
        match &self.nodes.get(id)?.part {
            Part::Lexeme { text, .. } => Some(text),
            Part::Inner(_) => None,
        }
    }

    pub(super) fn plan(&self, id: usize) -> usize {
        self.nodes.get(id).map_or(usize::MAX, |made| made.plan)
    }

    /// The nodes from `top` on, each before what lies below it.
    pub(super) fn walk(&self, top: usize) -> Descent<'_> {
        Descent {
            derivation: self,
            stack: vec![top],
        }
    }

    pub(super) fn lexemes(&self) -> usize {
        let made = self.walk(ROOT).filter_map(|id| self.nodes.get(id));
        made.filter(|made| matches!(made.part, Part::Lexeme { .. }))
            .count()
    }

    /// For each node in pre-order below `top`, itself included: the place behind its last descendant.
    fn ends(&self, order: &[usize]) -> Vec<usize> {
        let mut ends = vec![0; order.len()];
        // Children stand behind their parent; going backwards, those of the node at hand are the topmost stretches left.
        let mut open: Vec<usize> = Vec::new();
        for (at, &id) in order.iter().enumerate().rev() {
            let mut end = at + 1;
            for _ in self.children(id) {
                end = open.pop().unwrap_or(end);
            }
            if let Some(slot) = ends.get_mut(at) {
                *slot = end;
            }
            open.push(end);
        }
        ends
    }

    /// Nodes in pre-order below `top`, itself included, each with how many nodes and lexemes it holds.
    pub(super) fn sizes(&self, top: usize) -> Vec<(usize, usize, usize)> {
        let order: Vec<usize> = self.walk(top).collect();
        let ends = self.ends(&order);
        let is_lexeme = |id: &usize| {
            let made = self.nodes.get(*id);
            matches!(made.map(|made| &made.part), Some(Part::Lexeme { .. }))
        };
        let mut before = Vec::with_capacity(order.len() + 1);
        before.push(0_usize);
        for id in &order {
            let last = before.last().copied().unwrap_or_default();
            before.push(last + usize::from(is_lexeme(id)));
        }
        let count = |at: usize| before.get(at).copied().unwrap_or_default();
        let sized = order.iter().zip(&ends).enumerate();
        sized
            .map(|(at, (&id, &end))| (id, end - at, count(end) - count(at)))
            .collect()
    }

    /// All that lies below `top`, from the node `first` on, to make another derivation of.
    pub(super) fn pool(&self, plan: &Plan, top: usize, first: usize) -> Pool {
        let order: Vec<usize> = self.walk(top).collect();
        let ends = self.ends(&order);
        let parts = order.iter().zip(ends);
        Pool {
            parts: parts
                .map(|(&id, end)| (plan.class(self.plan(id)), id, end))
                .collect(),
            next: order.iter().position(|id| *id == first).unwrap_or(1),
        }
    }

    /// The cheapest derivation of a node of the plan, made of parts of the pool where they fit.
    pub(super) fn grow(&mut self, sampler: &Sampler, of: usize, pool: &mut Pool) -> usize {
        let mut top = NO_NODE;
        let mut stack = vec![(of, NO_NODE, 1_u64)];
        while let Some((at, parent, times)) = stack.pop() {
            if times > 1 {
                stack.push((at, parent, times - 1));
            }
            let id = match pool.take(sampler.plan.class(at)) {
                Some(old) => {
                    self.attach(parent, old);
                    old
                }
                None => self.grow_one(sampler, at, parent, &mut stack),
            };
            if top == NO_NODE {
                top = id;
            }
        }
        top
    }

    fn grow_one(
        &mut self,
        sampler: &Sampler,
        at: usize,
        parent: usize,
        stack: &mut Vec<(usize, usize, u64)>,
    ) -> usize {
        let plan = &*sampler.plan;
        let id = self.add(at, parent);
        match plan.node(at) {
            Node::Empty | Node::Never | Node::Repeat { min: 0, .. } => {}
            Node::Lexeme(terminal) => {
                let text = sampler.lexemes.simplest(*terminal).unwrap_or_default();
                self.set_lexeme(id, "", &text);
            }
            Node::Rule(rule) => {
                stack.extend(plan.rules.get(*rule).map(|body| (*body, id, 1)));
            }
            Node::Seq(parts) => stack.extend(parts.iter().rev().map(|part| (*part, id, 1))),
            Node::Alt { parts, .. } => {
                let cheapest = parts.iter().min_by_key(|part| plan.cost(**part));
                stack.extend(cheapest.map(|part| (*part, id, 1)));
            }
            Node::Repeat { inner, min, .. } => stack.push((*inner, id, u64::from(*min))),
        }
        id
    }

    /// How large the text below a node is, and how many nodes had to be visited to say so.
    pub(super) fn measure(&self, top: usize) -> (Measure, usize) {
        let mut measure = Measure::default();
        let mut visited = 0;
        for id in self.walk(top) {
            visited += 1;
            if let Some(Part::Lexeme { gap, text }) = self.nodes.get(id).map(|made| &made.part) {
                measure.lexemes += 1;
                measure.add_text(gap);
                measure.add_text(text);
            }
        }
        (measure, visited)
    }

    /// The text; `None` if a lexeme that the patch stands for is not there any more.
    pub(super) fn sentence(&self, sampler: &Sampler, patch: Option<&Patch>) -> Option<Sentence> {
        let mut writing = Writing {
            sampler,
            patch,
            inside: false,
            sentence: Sentence::default(),
            pieces: Vec::new(),
        };
        let mut done = patch.is_none();
        if let Some(patch) = patch.filter(|patch| patch.first == NO_NODE) {
            writing.sentence.text.push_str(&patch.text);
            return Some(writing.sentence);
        }
        for id in self.walk(ROOT) {
            let Some(Made {
                plan,
                part: Part::Lexeme { gap, text },
            }) = self.nodes.get(id)
            else {
                continue;
            };
            writing.lexeme(id, *plan, gap, text);
            if patch.is_some_and(|patch| patch.last == id) {
                done = !writing.inside;
                if patch.is_some_and(|patch| patch.cut) {
                    break;
                }
            }
        }
        done.then_some(writing.sentence)
    }

    /// The lexemes with the places of the text where each piece (a lexeme and what is ignored before it) begins and ends.
    pub(super) fn pieces(&self, sampler: &Sampler) -> Vec<(usize, Span)> {
        let mut writing = Writing {
            sampler,
            patch: None,
            inside: false,
            sentence: Sentence::default(),
            pieces: Vec::new(),
        };
        for id in self.walk(ROOT) {
            if let Some(Made {
                plan,
                part: Part::Lexeme { gap, text },
            }) = self.nodes.get(id)
            {
                writing.lexeme(id, *plan, gap, text);
            }
        }
        writing.pieces
    }
}

struct Writing<'a> {
    sampler: &'a Sampler,
    patch: Option<&'a Patch>,
    /// Between the first and the last lexeme of the patch.
    inside: bool,
    sentence: Sentence,
    pieces: Vec<(usize, Span)>,
}

impl Writing<'_> {
    fn lexeme(&mut self, id: usize, plan: usize, gap: &str, text: &str) {
        let begin = self.sentence.text.len();
        if let Some(patch) = self.patch {
            if patch.first == id {
                self.sentence.text.push_str(&patch.text);
                self.inside = true;
            }
            if self.inside {
                self.inside = patch.last != id;
                return;
            }
        }
        if !self.sentence.text.is_empty() {
            self.gap(gap, text);
        }
        let start = self.sentence.text.len();
        self.sentence.text.push_str(text);
        let end = self.sentence.text.len();
        self.pieces.push((id, Span::new(begin, end)));
        if let Node::Lexeme(terminal) = self.sampler.plan.node(plan) {
            let lexeme = self.sampler.lexemes.id(*terminal);
            self.sentence
                .lexemes
                .extend(lexeme.map(|terminal| SampledLexeme {
                    terminal,
                    span: Span::new(start, end),
                }));
        }
    }

    /// The ignored text that the lexeme came with, or what keeps two words apart that have become neighbours.
    fn gap(&mut self, gap: &str, next: &str) {
        self.sentence.text.push_str(gap);
        if gap.is_empty() && run_together(&self.sentence.text, next) {
            let ignored = self.sampler.simplest_gap();
            self.sentence.text.push_str(&ignored.unwrap_or_default());
        }
    }
}

/// See [`Derivation::walk`].
pub(super) struct Descent<'a> {
    derivation: &'a Derivation,
    stack: Vec<usize>,
}

impl Iterator for Descent<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let id = self.stack.pop()?;
        self.stack.extend(self.derivation.children(id).iter().rev());
        Some(id)
    }
}
