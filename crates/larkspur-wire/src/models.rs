//! The list of models, `GET /models`.

use serde_json::Number;

use crate::object::object;

object! {
    /// The answer to `GET /models`.
    pub struct ModelList {
        /// Always `list`.
        lenient object: String,
        /// The models, in the server's order.
        required data: Vec<Model>,
    }
}

object! {
    /// One model a server offers.
    pub struct Model {
        /// The name that requests use.
        required id: String,
        /// Always `model`.
        lenient object: String,
        /// When it was made, in seconds since 1970.
        lenient created: Number,
        /// Who offers it.
        lenient owned_by: String,
    }
}

impl ModelList {
    /// A list of these models.
    pub fn new(data: Vec<Model>) -> Self {
        Self {
            object: Some("list".to_owned()),
            data,
            ..Self::default()
        }
    }
}

impl Model {
    /// A model with this name.
    pub fn new(id: impl Into<String>, created: u64, owned_by: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            object: Some("model".to_owned()),
            created: Some(created.into()),
            owned_by: Some(owned_by.into()),
            ..Self::default()
        }
    }
}
