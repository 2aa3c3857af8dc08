//! One walk over one value.

use std::collections::HashMap;

use larkspur_json::{Node, Pointer, Span, Token};

use super::{
    LiftProblem,
    matching::Reading,
    network::{Network, PlaceId},
};

/// Deepest recursion of a walk. A value that was read is at most 512 deep, and a level of it takes two steps at most; what is beyond is
/// a union of unions without end, as no lowered schema has.
const DEEPEST: usize = 1_100;
/// Most comparisons of a value with a branch. They are remembered, so this is far beyond what an answer of some megabytes needs.
const MOST_COMPARED: usize = 5_000_000;
/// Most problems that are told.
const MOST_TOLD: usize = 100;

pub(super) struct Session<'n> {
    pub(super) network: &'n Network,
    problems: Vec<Problem>,
    depth: usize,
    /// Comparisons that were made, by place, address of the value, and reading.
    ///
    /// An address stands for its value only while nothing moves, which is while one question is answered: between two of
    /// them the walk moves values, and one may come to stand where another one was.
    known: HashMap<(PlaceId, usize, Reading), bool>,
    compared: usize,
}

/// A problem whose pointer is still to be found out: the walk adds a step each time it comes back from one, so that
/// values without problems cost nothing.
struct Problem {
    told: LiftProblem,
    /// The way to it, innermost step first.
    way: Vec<Step>,
}

enum Step {
    Key(String),
    Index(usize),
}

impl Problem {
    fn finish(self) -> LiftProblem {
        let mut told = self.told;
        for step in self.way.iter().rev() {
            match step {
                Step::Key(key) => told.pointer.push_key(key),
                Step::Index(index) => told.pointer.push_index(*index),
            }
        }
        told
    }
}

impl From<Token<'_>> for Step {
    fn from(token: Token<'_>) -> Self {
        match token {
            Token::Key(key) => Self::Key(key.to_owned()),
            Token::Index(index) => Self::Index(index),
        }
    }
}

impl<'n> Session<'n> {
    pub(super) fn new(network: &'n Network) -> Self {
        Self {
            network,
            problems: Vec::new(),
            depth: 0,
            known: HashMap::new(),
            compared: 0,
        }
    }

    pub(super) fn finish<T>(self, value: T) -> Result<T, Vec<LiftProblem>> {
        if self.problems.is_empty() {
            Ok(value)
        } else {
            Err(self.problems.into_iter().map(Problem::finish).collect())
        }
    }

    pub(super) fn problem(&mut self, node: &Node<'_>, message: impl Into<String>, expected: &str) {
        self.problem_at(node.span, message, expected, node.type_name());
    }

    pub(super) fn problem_at(
        &mut self,
        span: Span,
        message: impl Into<String>,
        expected: &str,
        found: &str,
    ) {
        self.push(LiftProblem {
            pointer: Pointer::root(),
            span,
            other_span: None,
            message: message.into(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        });
    }

    pub(super) fn duplicate(&mut self, key: &str, second: Span, first: Span) {
        self.push(LiftProblem {
            pointer: Pointer::root(),
            span: second,
            other_span: Some(first),
            message: format!("the key `{key}` is given twice"),
            expected: "each key once".to_owned(),
            found: format!("`{key}` again"),
        });
    }

    fn push(&mut self, told: LiftProblem) {
        if self.problems.len() < MOST_TOLD {
            let way = Vec::new();
            self.problems.push(Problem { told, way });
        }
    }

    /// Runs `walk` one step down the value.
    pub(super) fn inside<'k>(&mut self, token: impl Into<Token<'k>>, walk: impl FnOnce(&mut Self)) {
        let before = self.problems.len();
        walk(self);
        let token = token.into();
        for problem in self.problems.iter_mut().skip(before) {
            problem.way.push(token.into());
        }
    }

    /// Runs `walk` unless the recursion is too deep, which is a problem of the value.
    pub(super) fn deeper(&mut self, span: Span, walk: impl FnOnce(&mut Self)) {
        if self.depth >= DEEPEST {
            self.problem_at(
                span,
                "the value is nested too deep to be lifted",
                "a value less deep",
                "one deeper",
            );
            return;
        }
        self.depth += 1;
        walk(self);
        self.depth -= 1;
    }

    /// Starts the comparisons for one union.
    pub(super) fn begin_question(&mut self) {
        if !self.known.is_empty() {
            // A new one, because emptying a table that was large once takes long each time.
            self.known = HashMap::new();
        }
    }

    pub(super) fn known(&self, key: (PlaceId, usize, Reading)) -> Option<bool> {
        self.known.get(&key).copied()
    }

    /// Counts a comparison; says whether there is still time for it.
    pub(super) fn compare(&mut self) -> bool {
        self.compared += 1;
        self.compared <= MOST_COMPARED
    }

    pub(super) fn remember(&mut self, key: (PlaceId, usize, Reading), matches: bool) {
        self.known.insert(key, matches);
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.compared > MOST_COMPARED
    }
}
