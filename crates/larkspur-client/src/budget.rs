//! What an answer may cost before the model is no longer asked again.

use crate::cost::Cost;
use crate::ledger::Ledger;

/// Bounds on all attempts for one answer together. Weighed before each re-ask, each round of tools and each further server that is asked: an
/// attempt under way is never cut off.
///
/// ```
/// use larkspur_client::{Budget, Cost};
///
/// let budget = Budget::none().tokens(20_000).cost(Cost::from_picodollars(50_000_000_000));
/// # let _ = budget;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Budget {
    tokens: Option<u64>,
    picodollars: Option<u64>,
}

impl Budget {
    /// No bounds.
    pub fn none() -> Self {
        Self::default()
    }

    /// At most this many tokens, input and output together.
    pub fn tokens(self, tokens: u64) -> Self {
        Self {
            tokens: Some(tokens),
            ..self
        }
    }

    /// At most this much money, at list price. What has no known price counts as nothing.
    pub fn cost(self, cost: Cost) -> Self {
        Self {
            picodollars: Some(cost.picodollars()),
            ..self
        }
    }

    /// Whether there are no bounds.
    pub(crate) fn is_none(&self) -> bool {
        *self == Self::none()
    }

    /// Whether another attempt like the last one that was answered still fits.
    pub(crate) fn allows_another(&self, ledger: &Ledger) -> bool {
        let mut attempts = ledger.attempts().iter().rev();
        let last = attempts.find(|attempt| attempt.usage.is_some());
        let tokens = last
            .and_then(|attempt| attempt.usage)
            .map_or(0, |usage| usage.total_tokens());
        let money = last.map_or(0, |attempt| attempt.cost.picodollars());
        let fits = |bound: Option<u64>, spent: u64, next: u64| {
            bound.is_none_or(|bound| spent.saturating_add(next) <= bound)
        };
        fits(self.tokens, ledger.usage().total_tokens(), tokens)
            && fits(self.picodollars, ledger.cost().picodollars(), money)
    }
}
