//! The models that a server offers, in the forms in which servers list them.

use std::fmt::Write as _;

use larkspur_wire::gemini;
use larkspur_wire::models::ModelList;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::call::Call;
use crate::client::Client;
use crate::error::Error;
use crate::ledger::AttemptKind;

/// More pages than a list may have.
const MAX_PAGES: usize = 100;

/// One page of a list.
struct Page {
    list: ModelList,
    next: Option<String>,
}

impl<'de> Deserialize<'de> for Page {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value.get("data").is_some() || value.get("models").is_none() {
            let list = ModelList::deserialize(value).map_err(D::Error::custom)?;
            return Ok(Self { list, next: None });
        }
        let mut list = gemini::ModelList::deserialize(value).map_err(D::Error::custom)?;
        let next = list
            .next_page_token
            .take()
            .filter(|token| !token.is_empty());
        Ok(Self {
            list: list.into(),
            next,
        })
    }
}

/// All pages of the list.
pub(crate) async fn models(client: &Client) -> Result<ModelList, Error> {
    let mut found: Option<ModelList> = None;
    let mut call = Call::get("models");
    for _ in 0..MAX_PAGES {
        let sent = client.fetch::<Page>(&call, AttemptKind::First, "list of models");
        let page = sent.await?.response;
        match &mut found {
            Some(found) => found.data.extend(page.list.data),
            None => found = Some(page.list),
        }
        let Some(next) = page.next else {
            break;
        };
        call = Call::get(format!("models?pageToken={}", in_path(&next)));
    }
    Ok(found.unwrap_or_default())
}

/// A text as it can stand within a segment of a path or a value of a query.
pub(crate) fn in_path(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                written.push(char::from(byte));
            }
            _ => {
                // Writing to a text does not fail.
                let _ = write!(written, "%{byte:02X}");
            }
        }
    }
    written
}
