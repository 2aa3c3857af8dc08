//! The choice of the next token.

use llguidance::toktrie::TokenId;

use crate::engine::TokenMask;
use crate::rng::Rng;

pub(super) struct Sampler {
    temperature: f32,
    rng: Rng,
}

impl Sampler {
    /// Always the likeliest token where the temperature is 0 or none is given: a small model is at its best then.
    pub(super) fn new(temperature: Option<f64>, seed: u64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a chance need not be exact"
        )]
        let temperature = temperature.unwrap_or_default() as f32;
        let rng = Rng::new(seed);
        Self { temperature, rng }
    }

    /// A token of the mask, by the logarithms of the chances of all tokens; none where the mask has none.
    pub(super) fn choose(&mut self, chances: &[f32], mask: &TokenMask) -> Option<TokenId> {
        let all = (0..).zip(chances.iter().copied());
        let allowed = || all.clone().filter(|(token, _)| mask.has(*token));
        let (likeliest, most) = allowed().max_by(|one, other| one.1.total_cmp(&other.1))?;
        if self.temperature <= 0.0 {
            return Some(likeliest);
        }
        let weight = |chance: f32| f64::from((chance - most) / self.temperature).exp();
        let sum: f64 = allowed().map(|(_, chance)| weight(chance)).sum();
        let mut ticket = self.rng.share() * sum;
        let drawn = allowed().find(|(_, chance)| {
            ticket -= weight(*chance);
            ticket < 0.0
        });
        Some(drawn.map_or(likeliest, |(token, _)| token))
    }
}
