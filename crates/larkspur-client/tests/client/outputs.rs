//! Outputs for the tests.

use larkspur_client::Client;
use larkspur_output::{Output, OutputType as _, Target};
use larkspur_schema::{JsonSchema, schemars};
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub(crate) struct Total {
    /// In the currency of the invoice.
    pub(crate) amount: f64,
    pub(crate) currency: String,
}

pub(crate) fn total() -> Output<Total> {
    larkspur_output::json::<Total>()
        .prepare(Target::openai())
        .unwrap()
}

/// A client for tests that send nothing.
pub(crate) fn offline() -> Client {
    Client::builder()
        .base_url("http://127.0.0.1:9/v1")
        .build()
        .unwrap()
}
