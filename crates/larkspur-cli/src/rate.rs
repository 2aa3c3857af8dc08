//! How much may come in a time, as it is typed.

use std::{str::FromStr, time::Duration};

/// So much in so long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    pub(crate) amount: u32,
    pub(crate) per: Duration,
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (amount, seconds) = text.split_once('/').unwrap_or((text, "60"));
        let amount = amount.parse().ok().filter(|amount| *amount > 0);
        let per = seconds.parse().ok().and_then(|seconds: f64| {
            let sensible = (0.001..=86_400.0).contains(&seconds);
            sensible.then(|| Duration::from_secs_f64(seconds))
        });
        match (amount, per) {
            (Some(amount), Some(per)) => Ok(Self { amount, per }),
            (None, _) => Err("the number before `/` is none from 1 on".to_owned()),
            (_, None) => Err("the seconds behind `/` are none from 0.001 to 86400".to_owned()),
        }
    }
}
