//! How many tokens a text is, before it is sent.

use serde::Serialize;
use serde_json::Value;

/// The tokens of a text in `o200k_base`, the vocabulary of `OpenAI`'s models since gpt-4o. The first call takes some tenths of a
/// second, since it builds the vocabulary.
///
/// ```
/// assert_eq!(larkspur_client::tokens::count("Acme Corp: 3 lamps at 24.50"), 12);
/// ```
pub fn count(text: &str) -> u64 {
    tiktoken_rs::o200k_base_singleton().count_ordinary(text) as u64
}

/// About how many tokens a request is that [`build`](crate::RequestBuilder::build) or
/// [`build_for`](crate::RequestBuilder::build_for) made: its texts, schemas and grammars. What a server puts around them is not
/// published, and images and files inside the request cost by their own rules: neither is counted.
///
/// ```
/// use larkspur_client::{Client, tokens};
///
/// let client = Client::builder().base_url("http://127.0.0.1:8080/v1").build()?;
/// let request = client.responses("gpt-5.2").input("Acme Corp: 3 lamps at 24.50");
/// assert_eq!(tokens::of_request(&request.build()), 20);
/// # Ok::<(), larkspur_client::Error>(())
/// ```
pub fn of_request(request: &impl Serialize) -> u64 {
    let body = serde_json::to_value(request).unwrap_or_default();
    let mut tokens = 0;
    let mut left = vec![&body];
    while let Some(value) = left.pop() {
        match value {
            Value::String(text) if text.starts_with("data:") => {}
            Value::String(text) => tokens += count(text),
            Value::Array(items) => left.extend(items),
            Value::Object(members) => {
                tokens += members.keys().map(|key| count(key)).sum::<u64>();
                left.extend(members.values());
            }
            other => tokens += count(&other.to_string()),
        }
    }
    tokens
}
