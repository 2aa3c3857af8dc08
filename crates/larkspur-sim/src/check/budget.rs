//! Sizes that are limited for a request as a whole: over the format of the text and all tools.
//!
//! The guide states the limits in total; the texts that users have quoted speak of one schema. No refusal of a whole
//! request has been published, so it is said here in the words for one schema, of the schema with which the request
//! goes over, counted in the order format, tools. What a schema alone has too much of is refused before.

use larkspur_schema::{Dialect, Weight, check_request};
use serde_json::Value;

use crate::api_error::ApiError;

use super::schema::{Owner, problem};

/// The schemas of a request that have to be kept to the letter because the request says so.
#[derive(Debug, Default)]
pub(super) struct Budget<'a>(Vec<(Owner<'a>, Weight)>);

impl<'a> Budget<'a> {
    pub(super) fn add(&mut self, owner: Owner<'a>, schema: &Value) {
        self.0.push((owner, Weight::of(schema)));
    }

    /// Refuses what is too much together.
    pub(super) fn check(&self) -> Result<(), ApiError> {
        let parts: Vec<_> = self
            .0
            .iter()
            .map(|(owner, weight)| (owner.param(), *weight))
            .collect();
        let Some(cause) = excess(&parts) else {
            return Ok(());
        };
        // Sizes only grow from one schema to the next, so the first that is too much can be searched for.
        let ends: Vec<usize> = (1..=parts.len()).collect();
        let first = ends.partition_point(|end| parts.get(..*end).and_then(excess).is_none());
        match self.0.get(first) {
            Some((owner, _)) => Err(owner.refusal(&cause)),
            None => Ok(()),
        }
    }
}

/// What these schemas have too much of, in the server's words where they are known.
fn excess(parts: &[(&str, Weight)]) -> Option<String> {
    problem(check_request(parts, Dialect::openai()))
}
