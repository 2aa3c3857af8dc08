//! What is known about models: windows, efforts, prices.
//!
//! The data is in a file with sources and dates, and goes stale. So it is used for two things only: the cost of an
//! answer, and warnings before sending. Nothing is ever refused because of a model's name.
//!
//! ```
//! use larkspur_client::{Catalogue, Usage};
//!
//! let model = Catalogue::builtin().get("gpt-5.2-2025-12-11").unwrap();
//! assert_eq!(model.name, "gpt-5.2");
//! let usage = Usage { input_tokens: 1_000, cached_input_tokens: 400, output_tokens: 100, ..Usage::default() };
//! assert_eq!(model.cost(&usage).to_string(), "$0.00252");
//! ```

use std::collections::BTreeSet;
use std::sync::LazyLock;

use larkspur_wire::{Effort, Usage};
use serde::{Deserialize, Deserializer, Serialize};

use crate::cost::Cost;
use crate::error::Error;

/// The models that are known.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// When somebody last went through the file: `YYYY-MM-DD`.
    #[serde(default)]
    pub updated: String,
    /// Where the figures come from.
    #[serde(default)]
    pub sources: Vec<String>,
    /// The models.
    pub models: Vec<Model>,
}

/// What is known about one model. What is not known is absent, and nobody warns about it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The name that requests use.
    pub name: String,
    /// Dated names of the same model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub snapshots: Vec<String>,
    /// Tokens of input and output together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_window: Option<u64>,
    /// Tokens of output, reasoning included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u64>,
    /// The last day it knows of: `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knowledge_cutoff: Option<String>,
    /// The APIs it answers at: `responses`, `chat`, `batch`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apis: Vec<String>,
    /// The efforts it accepts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub efforts: Vec<Effort>,
    /// The effort it takes if none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_effort: Option<Effort>,
    /// Whether it accepts `temperature` and `top_p`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampling: Option<Sampling>,
    /// Whether its page lists Structured Outputs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structured_outputs: Option<bool>,
    /// What it costs, by who sells it; the first is the list price.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<Price>,
    /// Where the figures of this model come from, and what is doubtful about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Whether a model accepts `temperature` and `top_p`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Sampling {
    /// Always.
    Always,
    /// Only while the effort is `none`.
    WithoutReasoning,
    /// Never.
    Never,
}

/// What a model costs at one seller, in US dollars per million tokens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Who sells: `openai`, `cometapi`.
    pub seller: String,
    /// Input that was not cached.
    #[serde(deserialize_with = "dollars")]
    pub input: f64,
    /// Input that was read from the cache; as `input` if absent.
    #[serde(
        default,
        deserialize_with = "some_dollars",
        skip_serializing_if = "Option::is_none"
    )]
    pub cached_input: Option<f64>,
    /// Input that was written to the cache; as `input` if absent.
    #[serde(
        default,
        deserialize_with = "some_dollars",
        skip_serializing_if = "Option::is_none"
    )]
    pub cache_write: Option<f64>,
    /// Output, reasoning included.
    #[serde(deserialize_with = "dollars")]
    pub output: f64,
    /// When it was looked up: `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

impl Catalogue {
    /// The catalogue that ships with this version.
    pub fn builtin() -> &'static Self {
        // The file is part of the crate and a test reads it; an empty catalogue would only mean unknown costs.
        static BUILTIN: LazyLock<Catalogue> =
            LazyLock::new(|| serde_json::from_str(include_str!("models.json")).unwrap_or_default());
        &BUILTIN
    }

    /// Reads a catalogue in the format of the built-in one.
    ///
    /// # Errors
    ///
    /// The text is not such a catalogue; the message has line and column.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let catalogue: Self = serde_json::from_str(text).map_err(|error| {
            Error::config(format!("the model catalogue cannot be read: {error}"))
        })?;
        let mut names = BTreeSet::new();
        let twice = catalogue
            .models
            .iter()
            .find(|model| !names.insert(&model.name));
        match twice {
            Some(model) => Err(Error::config(format!(
                "the model catalogue has {} twice",
                model.name
            ))),
            None => Ok(catalogue),
        }
    }

    /// This catalogue with another over it: its models replace those of the same name and add the rest.
    pub fn overlaid(&self, over: &Self) -> Self {
        let kept = self
            .models
            .iter()
            .filter(|model| over.models.iter().all(|other| other.name != model.name));
        Self {
            updated: over.updated.clone(),
            sources: self.sources.iter().chain(&over.sources).cloned().collect(),
            models: over.models.iter().chain(kept).cloned().collect(),
        }
    }

    /// The model with this name, or with this name as a snapshot. A dated name that is not listed falls back to the
    /// name without its date: `gpt-5.2-2026-01-31` is priced as `gpt-5.2`.
    pub fn get(&self, name: &str) -> Option<&Model> {
        let listed = |name: &str| {
            self.models.iter().find(|model| {
                model.name == name || model.snapshots.iter().any(|snapshot| snapshot == name)
            })
        };
        listed(name).or_else(|| listed(without_date(name)?))
    }
}

/// The name before a trailing `-YYYY-MM-DD`.
fn without_date(name: &str) -> Option<&str> {
    let (stem, date) = name.split_at_checked(name.len().checked_sub(11)?)?;
    let fits = date.bytes().enumerate().all(|(at, byte)| match at {
        0 | 5 | 8 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    fits.then_some(stem)
}

impl Model {
    /// What this usage costs at list price.
    pub fn cost(&self, usage: &Usage) -> Cost {
        self.prices
            .first()
            .map_or(Cost::UNKNOWN, |price| price.cost(usage))
    }

    /// What this usage costs at this seller; at list price where the seller has none of its own.
    pub fn cost_at(&self, seller: &str, usage: &Usage) -> Cost {
        let own = self.prices.iter().find(|price| price.seller == seller);
        own.map_or_else(|| self.cost(usage), |price| price.cost(usage))
    }
}

impl Price {
    /// What this usage costs. What was read from the cache or written to it is part of the input, and is not counted twice.
    pub fn cost(&self, usage: &Usage) -> Cost {
        let cached = usage.cached_input_tokens.min(usage.input_tokens);
        let rest = usage.input_tokens.saturating_sub(cached);
        let written = usage.cache_write_tokens.min(rest);
        let parts = [
            (rest.saturating_sub(written), self.input),
            (cached, self.cached_input.unwrap_or(self.input)),
            (written, self.cache_write.unwrap_or(self.input)),
            (usage.output_tokens, self.output),
        ];
        let total = parts
            .iter()
            .map(|(tokens, dollars)| u128::from(*tokens) * u128::from(per_token(*dollars)))
            .sum::<u128>();
        Cost::from_picodollars(u64::try_from(total).unwrap_or(u64::MAX))
    }
}

/// An amount that is a price. Where it is none, serde says at which line.
fn dollars<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    f64::deserialize(deserializer).and_then(price)
}

fn some_dollars<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let dollars = Option::deserialize(deserializer)?;
    dollars.map(price).transpose()
}

fn price<E: serde::de::Error>(dollars: f64) -> Result<f64, E> {
    if (0.0..=1_000_000.0).contains(&dollars) {
        return Ok(dollars);
    }
    let message = format!("a price is between 0 and 1000000, not {dollars}");
    Err(E::custom(message))
}

/// Dollars per million tokens as picodollars per token: the same number times a million.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what fits"
)]
fn per_token(dollars: f64) -> u64 {
    (dollars * 1_000_000.0).round().clamp(0.0, 1e15) as u64
}
