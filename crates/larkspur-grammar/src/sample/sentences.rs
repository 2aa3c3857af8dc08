//! Many sentences that go everywhere.

use super::{Rng, Sampler, Sentence, walk};

/// An iterator without end. See [`Sampler::sentences`].
#[derive(Clone, Debug)]
pub struct Sentences<'s> {
    sampler: &'s Sampler,
    rng: Rng,
    size: usize,
    /// By branch: how often it was taken.
    taken: Vec<u32>,
    /// The next branch to look at while there are branches that were never taken.
    next: usize,
}

/// How much of a grammar some sentences have used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// Branches taken at least once: alternatives, and for each repetition "as seldom as can be" and "more often".
    pub reached: usize,
    /// Branches that are in some sentence.
    pub total: usize,
}

impl Coverage {
    /// Whether everything was reached.
    pub const fn is_complete(self) -> bool {
        self.reached == self.total
    }
}

impl<'s> Sentences<'s> {
    pub(super) fn new(sampler: &'s Sampler, seed: u64, size: usize) -> Self {
        Self {
            sampler,
            rng: Rng::new(seed),
            size,
            taken: vec![0; sampler.plan.branches.len()],
            next: 0,
        }
    }

    /// What the sentences so far have reached.
    pub fn coverage(&self) -> Coverage {
        let plan = &self.sampler.plan;
        let all = (0..plan.branches.len()).filter(|branch| plan.is_reachable(*branch));
        let (mut reached, mut total) = (0, 0);
        for branch in all {
            total += 1;
            reached += usize::from(self.taken.get(branch).is_some_and(|taken| *taken > 0));
        }
        Coverage { reached, total }
    }

    /// The path to the next branch that was never taken, and the branch.
    fn goal(&mut self) -> (Vec<usize>, Option<usize>) {
        let plan = &self.sampler.plan;
        while self.next < plan.branches.len() {
            let branch = self.next;
            self.next += 1;
            if self.taken.get(branch) != Some(&0) || !plan.is_reachable(branch) {
                continue;
            }
            return (plan.path_to(branch), Some(branch));
        }
        (Vec::new(), None)
    }
}

impl Iterator for Sentences<'_> {
    type Item = Sentence;

    fn next(&mut self) -> Option<Sentence> {
        let (path, goal) = self.goal();
        let taken = &mut self.taken;
        let mut prefer = |rng: &mut Rng, ways: Vec<usize>| {
            let wanted = goal.filter(|goal| ways.contains(goal));
            let chosen = wanted.unwrap_or_else(|| rarest(rng, &ways, taken));
            if let Some(slot) = taken.get_mut(chosen) {
                *slot = slot.saturating_add(1);
            }
            vec![chosen]
        };
        Some(walk::walk(
            self.sampler,
            &mut self.rng,
            self.size,
            &path,
            &mut prefer,
        ))
    }
}

/// Any way with chances that fall with how often it was taken.
fn rarest(rng: &mut Rng, ways: &[usize], taken: &[u32]) -> usize {
    const UNIT: u64 = 1 << 20;
    let weight = |way: &usize| UNIT / (1 + u64::from(taken.get(*way).copied().unwrap_or_default()));
    let weights: Vec<u64> = ways.iter().map(|way| weight(way).max(1)).collect();
    let mut left = rng.below(weights.iter().sum());
    for (way, weight) in ways.iter().zip(&weights) {
        if left < *weight {
            return *way;
        }
        left -= weight;
    }
    ways.last().copied().unwrap_or_default()
}
