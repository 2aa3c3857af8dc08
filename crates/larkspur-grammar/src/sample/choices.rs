//! How likely each choice is.

use std::fmt;

use super::derivation::Derivation;
use super::plan::{Node, Plan};
use super::walk::{self, Prefer};
use super::{Rng, Sampler, Sentence};
use crate::grammar::{Grammar, RuleId};

/// Weights of the alternatives of a grammar; made by [`Sampler::choices`], where all of them weigh 1.
///
/// Among the ways that the size allows, each is taken in proportion to its weight; one that weighs 0 is taken only where no
/// other can be.
///
/// ```
/// use larkspur_grammar::sample::Sampler;
/// use larkspur_grammar::{Dialect, lark};
///
/// let grammar = lark::compile("start: \"a\" | \"b\" | call\ncall: \"f(\" start \")\"\n", Dialect::openai())?;
/// let sampler = Sampler::new(&grammar)?;
/// let mut choices = sampler.choices();
/// choices.set_rule("call", 0)?;
/// choices.set_alternative("start", 1, 9)?;
///
/// let texts: Vec<String> = (0..100).map(|seed| sampler.sentence_by(&choices, seed, 20).text).collect();
/// assert!(texts.iter().all(|text| text == "a" || text == "b"));
/// assert!(texts.iter().filter(|text| *text == "b").count() > 70);
/// assert!(choices.set_rule("cal", 1).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Choices {
    grammar: Grammar,
    /// By branch.
    weights: Vec<u32>,
    /// By rule: the branches that cannot do without it, and the node of its body.
    users: Vec<Vec<usize>>,
    alternatives: Vec<Option<(usize, usize)>>,
    /// Branches that are in some sentence.
    goals: Vec<usize>,
}

/// A weight for what the grammar does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceError {
    rule: String,
    alternatives: Option<(usize, usize)>,
}

impl fmt::Display for ChoiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = &self.rule;
        match self.alternatives {
            None => write!(f, "the grammar has no rule `{rule}`"),
            Some((asked, 0 | 1)) => write!(
                f,
                "the rule `{rule}` has no alternatives, so there is nothing to weigh at {asked}"
            ),
            Some((asked, there)) => write!(
                f,
                "the rule `{rule}` has the alternatives 0 to {}, there is no {asked}",
                there - 1
            ),
        }
    }
}

impl std::error::Error for ChoiceError {}

impl Choices {
    pub(super) fn new(grammar: &Grammar, plan: &Plan) -> Self {
        let mut users = vec![Vec::new(); plan.rules.len()];
        for (branch, &(node, way)) in plan.branches.iter().enumerate() {
            for rule in plan.needs(node, way) {
                if let Some(users) = users.get_mut(rule) {
                    users.push(branch);
                }
            }
        }
        let alternatives = plan.rules.iter().map(|body| match plan.node(*body) {
            Node::Alt {
                parts,
                first_branch,
            } => Some((*first_branch, parts.len())),
            _ => None,
        });
        let goals = (0..plan.branches.len()).filter(|branch| plan.is_reachable(*branch));
        Self {
            grammar: grammar.clone(),
            weights: vec![1; plan.branches.len()],
            users,
            alternatives: alternatives.collect(),
            goals: goals.collect(),
        }
    }

    /// Makes an alternative of a rule `weight` times as likely as one that weighs 1; alternatives are counted from 0.
    ///
    /// # Errors
    /// If there is no such rule, or no such alternative of it.
    pub fn set_alternative(
        &mut self,
        rule: &str,
        alternative: usize,
        weight: u32,
    ) -> Result<(), ChoiceError> {
        let id = self.rule(rule)?;
        let (first, count) = self
            .alternatives
            .get(id.index())
            .copied()
            .flatten()
            .unwrap_or((0, 1));
        if alternative >= count || count == 1 {
            return Err(ChoiceError {
                rule: rule.to_owned(),
                alternatives: Some((alternative, count)),
            });
        }
        if let Some(slot) = self.weights.get_mut(first + alternative) {
            *slot = weight;
        }
        Ok(())
    }

    /// Gives this weight to all alternatives and repetitions, of any rule, that cannot do without `rule`.
    ///
    /// # Errors
    /// If there is no such rule.
    pub fn set_rule(&mut self, rule: &str, weight: u32) -> Result<(), ChoiceError> {
        let id = self.rule(rule)?;
        for branch in self.users.get(id.index()).into_iter().flatten() {
            if let Some(slot) = self.weights.get_mut(*branch) {
                *slot = weight;
            }
        }
        Ok(())
    }

    fn rule(&self, name: &str) -> Result<RuleId, ChoiceError> {
        self.grammar.rule_named(name).ok_or_else(|| ChoiceError {
            rule: name.to_owned(),
            alternatives: None,
        })
    }

    /// One of the ways, by their weights.
    pub(super) fn choose(&self, rng: &mut Rng, ways: &[usize]) -> Option<usize> {
        let weight = |way: &usize| u64::from(self.weights.get(*way).copied().unwrap_or(1));
        let total: u64 = ways.iter().map(weight).sum();
        if total == 0 {
            return ways.get(rng.index(ways.len())).copied();
        }
        let mut left = rng.below(total);
        ways.iter()
            .find(|way| {
                let weight = weight(way);
                let found = left < weight;
                left = left.saturating_sub(weight);
                found
            })
            .copied()
    }

    /// A branch to go to, any of them that weighs something.
    pub(super) fn goal(&self, rng: &mut Rng) -> Option<usize> {
        let goal = self.goals.get(rng.index(self.goals.len())).copied()?;
        (self.weights.get(goal) != Some(&0)).then_some(goal)
    }
}

impl Plan {
    /// The rules that a way of a node cannot do without, those below other rules left out.
    fn needs(&self, node: usize, way: usize) -> Vec<usize> {
        let mut stack = match self.node(node) {
            Node::Alt { parts, .. } => parts.get(way).copied().into_iter().collect(),
            Node::Repeat { inner, .. } if way == 1 => vec![*inner],
            _ => Vec::new(),
        };
        let mut rules = Vec::new();
        while let Some(at) = stack.pop() {
            match self.node(at) {
                Node::Rule(rule) => rules.push(*rule),
                Node::Seq(parts) => stack.extend(parts),
                Node::Repeat {
                    inner, min: 1.., ..
                } => stack.push(*inner),
                _ => {}
            }
        }
        rules
    }

    /// The nodes from the start to a branch, its own included.
    pub(super) fn path_to(&self, branch: usize) -> Vec<usize> {
        let Some(&(node, way)) = self.branches.get(branch) else {
            return Vec::new();
        };
        let mut path = self.path(node);
        match self.node(node) {
            Node::Alt { parts, .. } => path.extend(parts.get(way)),
            Node::Repeat { inner, .. } if way == 1 => path.push(*inner),
            _ => {}
        }
        path
    }
}

impl Sampler {
    /// All ways alike.
    pub fn choices(&self) -> Choices {
        Choices::new(&self.grammar, &self.plan)
    }

    /// One sentence of at most `size` lexemes (see [`sentence`](Self::sentence)), as likely as `choices` say.
    ///
    /// Half of the sentences are led to an alternative or a repetition chosen among all of the grammar's, so that none is out
    /// of reach.
    pub fn sentence_by(&self, choices: &Choices, seed: u64, size: usize) -> Sentence {
        self.led(choices, seed, |rng, path, prefer| {
            let sentence = walk::walk(self, rng, size, path, prefer);
            let fits = sentence.lexemes.len() <= size;
            (sentence, fits)
        })
    }

    /// The derivation of what [`sentence_by`](Self::sentence_by) gives.
    pub(super) fn derivation_by(&self, choices: &Choices, seed: u64, size: usize) -> Derivation {
        self.led(choices, seed, |rng, path, prefer| {
            let derivation = walk::derive(self, rng, size, path, prefer);
            let fits = derivation.lexemes() <= size;
            (derivation, fits)
        })
    }

    /// Runs along the path to a goal, and freely where there is none or the sentence is then too long for the size.
    fn led<R>(
        &self,
        choices: &Choices,
        seed: u64,
        mut run: impl FnMut(&mut Rng, &[usize], &mut Prefer<'_>) -> (R, bool),
    ) -> R {
        let mut rng = Rng::new(seed);
        let goal = rng.one_in(2).then(|| choices.goal(&mut rng)).flatten();
        if let Some(goal) = goal {
            let path = self.plan.path_to(goal);
            let (made, fits) = run(&mut rng, &path, &mut |rng, ways| {
                let wanted = ways.contains(&goal).then_some(goal);
                let chosen = wanted.or_else(|| choices.choose(rng, &ways));
                chosen.into_iter().collect()
            });
            if fits {
                return made;
            }
        }
        let mut free = |rng: &mut Rng, ways: Vec<usize>| {
            let chosen = choices.choose(rng, &ways);
            chosen.into_iter().collect()
        };
        run(&mut rng, &[], &mut free).0
    }
}
