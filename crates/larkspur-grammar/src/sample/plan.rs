//! The grammar as a flat list of nodes, with what each of them costs at least.

use rustc_hash::FxHashSet;

use super::lexeme::Lexemes;
use crate::grammar::{Expr, Grammar};

/// Derives nothing.
pub(super) const NEVER: u64 = u64::MAX;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Empty,
    /// The body of a rule.
    Rule(usize),
    Lexeme(usize),
    Seq(Vec<usize>),
    /// Branches `first_branch..` belong to the alternatives in order.
    Alt {
        parts: Vec<usize>,
        first_branch: usize,
    },
    /// Branches: as seldom as can be, and more often.
    Repeat {
        inner: usize,
        min: u32,
        max: Option<u32>,
        first_branch: usize,
    },
    /// What cannot be written.
    Never,
}

/// See [`Plan::class`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Node(usize),
    Lexeme(usize),
}

/// See the [module](self).
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) nodes: Vec<Node>,
    /// By rule: the node of its body.
    pub(super) rules: Vec<usize>,
    pub(super) start: usize,
    /// By node: the least number of lexemes, counting each rule as one step too, so that every choice leads closer to an end.
    pub(super) cost: Vec<u64>,
    /// By node: the node through which it is reached most cheaply from the start.
    pub(super) parent: Vec<usize>,
    /// By branch: the node it belongs to, and which of its ways it is.
    pub(super) branches: Vec<(usize, usize)>,
}

impl Plan {
    pub(super) fn new(grammar: &Grammar, lexemes: &Lexemes) -> Self {
        let mut plan = Self {
            nodes: Vec::new(),
            rules: Vec::new(),
            start: 0,
            cost: Vec::new(),
            parent: Vec::new(),
            branches: Vec::new(),
        };
        for rule in grammar.rules() {
            let node = plan.add(&rule.body, lexemes);
            plan.rules.push(node);
        }
        plan.start = plan
            .rules
            .get(grammar.start().index())
            .copied()
            .unwrap_or_default();
        plan.costs();
        plan.parents();
        plan
    }

    /// The cost of the cheapest sentence.
    pub(super) fn shortest(&self) -> Option<u64> {
        self.cost
            .get(self.start)
            .copied()
            .filter(|cost| *cost != NEVER)
    }

    pub(super) fn node(&self, at: usize) -> &Node {
        self.nodes.get(at).unwrap_or(&Node::Never)
    }

    /// What two nodes have in common that derive the same texts: the body of a rule and each use of the rule.
    pub(super) fn class(&self, at: usize) -> Class {
        match self.node(at) {
            Node::Rule(rule) => Class::Node(self.rules.get(*rule).copied().unwrap_or_default()),
            Node::Lexeme(terminal) => Class::Lexeme(*terminal),
            _ => Class::Node(at),
        }
    }

    /// Whether a node is all that a rule derives.
    pub(super) fn is_body(&self, at: usize) -> bool {
        self.rules.binary_search(&at).is_ok()
    }

    pub(super) fn cost(&self, at: usize) -> u64 {
        self.cost.get(at).copied().unwrap_or(NEVER)
    }

    /// Recursion is bounded by the depth of the expression (`Limits::max_depth`).
    fn add(&mut self, expr: &Expr, lexemes: &Lexemes) -> usize {
        let node = match expr {
            Expr::Empty => Node::Empty,
            Expr::Rule { id, .. } => Node::Rule(id.index()),
            Expr::Terminal { id, .. } if lexemes.can_draw(id.index()) => Node::Lexeme(id.index()),
            Expr::Terminal { .. } | Expr::Opaque { .. } => Node::Never,
            Expr::Seq(parts) => {
                Node::Seq(parts.iter().map(|part| self.add(part, lexemes)).collect())
            }
            Expr::Alt(parts) => {
                let parts = parts
                    .iter()
                    .map(|part| self.add(&part.expr, lexemes))
                    .collect();
                Node::Alt {
                    parts,
                    first_branch: 0,
                }
            }
            Expr::Repeat { expr, min, max, .. } => Node::Repeat {
                inner: self.add(expr, lexemes),
                min: *min,
                max: *max,
                first_branch: 0,
            },
        };
        self.nodes.push(node);
        self.number_branches();
        self.nodes.len() - 1
    }

    fn number_branches(&mut self) {
        let node = self.nodes.len() - 1;
        let next = self.branches.len();
        let ways = match self.nodes.last_mut() {
            Some(Node::Alt {
                parts,
                first_branch,
            }) => {
                *first_branch = next;
                parts.len()
            }
            Some(Node::Repeat {
                min,
                max,
                first_branch,
                ..
            }) => {
                *first_branch = next;
                if *max == Some(*min) { 1 } else { 2 }
            }
            _ => 0,
        };
        self.branches.extend((0..ways).map(|way| (node, way)));
    }

    /// The least solution, by correcting labels: when a body becomes cheaper, the rules that use it are looked at again.
    fn costs(&mut self) {
        self.cost = vec![NEVER; self.nodes.len()];
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); self.rules.len()];
        let mut owner = vec![0; self.nodes.len()];
        let mut first = 0;
        for (rule, &body) in self.rules.iter().enumerate() {
            for node in first..=body {
                if let Some(slot) = owner.get_mut(node) {
                    *slot = rule;
                }
                if let Some(Node::Rule(used)) = self.nodes.get(node)
                    && let Some(users) = users.get_mut(*used)
                {
                    users.push(rule);
                }
            }
            first = body + 1;
        }
        let mut queue: std::collections::VecDeque<usize> = (0..self.rules.len()).collect();
        let mut queued = vec![true; self.rules.len()];
        while let Some(rule) = queue.pop_front() {
            if let Some(slot) = queued.get_mut(rule) {
                *slot = false;
            }
            let body = self.rules.get(rule).copied().unwrap_or_default();
            let from = rule
                .checked_sub(1)
                .and_then(|before| self.rules.get(before))
                .map_or(0, |end| end + 1);
            let before = self.cost(body);
            for node in from..=body {
                let cost = self.cost_of(self.node(node));
                if let Some(slot) = self.cost.get_mut(node) {
                    *slot = cost;
                }
            }
            if self.cost(body) < before {
                for &user in users.get(rule).into_iter().flatten() {
                    if queued.get(user) == Some(&false) {
                        queue.push_back(user);
                        if let Some(slot) = queued.get_mut(user) {
                            *slot = true;
                        }
                    }
                }
            }
        }
    }

    fn cost_of(&self, node: &Node) -> u64 {
        match node {
            Node::Empty => 0,
            Node::Never => NEVER,
            Node::Lexeme(_) => 1,
            Node::Rule(rule) => {
                let body = self.rules.get(*rule).copied().unwrap_or(usize::MAX);
                self.cost(body).saturating_add(1)
            }
            Node::Seq(parts) => parts
                .iter()
                .fold(0, |sum: u64, part| sum.saturating_add(self.cost(*part))),
            Node::Alt { parts, .. } => parts
                .iter()
                .map(|part| self.cost(*part))
                .min()
                .unwrap_or(NEVER),
            Node::Repeat { inner, min, .. } => match (*min, self.cost(*inner)) {
                (0, _) => 0,
                (_, NEVER) => NEVER,
                (min, cost) => cost.saturating_mul(u64::from(min)),
            },
        }
    }

    /// From the start, nodes in the order of how many steps away they are.
    fn parents(&mut self) {
        self.parent = vec![usize::MAX; self.nodes.len()];
        let mut seen: FxHashSet<usize> = FxHashSet::default();
        let mut queue = std::collections::VecDeque::from([self.start]);
        seen.insert(self.start);
        while let Some(at) = queue.pop_front() {
            let children: Vec<usize> = match self.node(at) {
                Node::Rule(rule) => self.rules.get(*rule).copied().into_iter().collect(),
                Node::Seq(parts) if self.cost(at) != NEVER => parts.clone(),
                Node::Alt { parts, .. } => parts.clone(),
                Node::Repeat { inner, max, .. } if *max != Some(0) => vec![*inner],
                _ => Vec::new(),
            };
            for child in children {
                if self.cost(child) != NEVER && seen.insert(child) {
                    if let Some(slot) = self.parent.get_mut(child) {
                        *slot = at;
                    }
                    queue.push_back(child);
                }
            }
        }
    }

    /// The nodes from the start to `node`, or nothing if it is in no sentence.
    pub(super) fn path(&self, node: usize) -> Vec<usize> {
        let mut path = vec![node];
        let mut at = node;
        while at != self.start {
            at = self.parent.get(at).copied().unwrap_or(usize::MAX);
            if at == usize::MAX {
                return Vec::new();
            }
            path.push(at);
        }
        path.reverse();
        path
    }

    /// Whether a branch is in some sentence.
    pub(super) fn is_reachable(&self, branch: usize) -> bool {
        let Some(&(node, way)) = self.branches.get(branch) else {
            return false;
        };
        let here = self.cost(node) != NEVER
            && (node == self.start || self.parent.get(node) != Some(&usize::MAX));
        here && match self.node(node) {
            Node::Alt { parts, .. } => parts.get(way).is_some_and(|part| self.cost(*part) != NEVER),
            Node::Repeat { inner, .. } => way == 0 || self.cost(*inner) != NEVER,
            _ => false,
        }
    }
}
