//! `POST /models/MODEL:countTokens`.

use serde_json::Value;

use crate::gemini::Request;
use crate::object::object;

object! {
    /// The body of `POST /models/MODEL:countTokens`: a whole request, which names its model.
    pub struct CountTokensRequest {
        /// The request, of which nothing is answered.
        required generate_content_request as "generateContentRequest": Request,
    }
}

impl CountTokensRequest {
    /// Counts this request of a model, whose name is `models/…`.
    pub fn new(model: impl Into<String>, mut request: Request) -> Self {
        let model = Value::String(model.into());
        request.extra.insert("model".to_owned(), model);
        Self {
            generate_content_request: request,
            ..Self::default()
        }
    }
}

object! {
    /// The answer to `POST /models/MODEL:countTokens`.
    pub struct CountTokensResponse {
        /// Tokens that the model would read.
        required total_tokens as "totalTokens": u64,
        /// Those of them that the server keeps.
        optional cached_content_token_count as "cachedContentTokenCount": u64,
    }
}
