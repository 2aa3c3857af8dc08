//! The list of models, `GET /models`.

use crate::Extra;
use crate::models;
use crate::object::object;

object! {
    /// The answer to `GET /models`.
    pub struct ModelList {
        /// The models of this page, in the server's order.
        required models: Vec<Model>,
        /// Where the next page begins, if there is one.
        optional next_page_token as "nextPageToken": String,
    }
}

object! {
    /// One model.
    pub struct Model {
        /// `models/…`.
        required name: String,
        /// For people.
        lenient display_name as "displayName": String,
        /// The tokens that it reads at most.
        lenient input_token_limit as "inputTokenLimit": u64,
        /// The tokens that it writes at most.
        lenient output_token_limit as "outputTokenLimit": u64,
        /// What may be asked of it, for example `generateContent`.
        lenient supported_generation_methods as "supportedGenerationMethods": Vec<String>,
    }
}

impl Model {
    /// The name as requests use it, without `models/`.
    pub fn id(&self) -> &str {
        self.name.strip_prefix("models/").unwrap_or(&self.name)
    }
}

/// The list in the form of other servers, with all that is known of each model.
impl From<ModelList> for models::ModelList {
    fn from(list: ModelList) -> Self {
        let data = list.models.into_iter().map(|model| {
            let id = model.id().to_owned();
            let extra = match serde_json::to_value(model) {
                Ok(serde_json::Value::Object(members)) => members.into(),
                _ => Extra::default(),
            };
            models::Model {
                id,
                extra,
                ..models::Model::default()
            }
        });
        Self {
            data: data.collect(),
            ..Self::default()
        }
    }
}
