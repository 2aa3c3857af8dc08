//! The models that are listed. Sources: the page "Gemini models", as of 2026-06.

use axum::http::StatusCode;
use larkspur_wire::gemini::{Model, ModelList};

use crate::api_error::ApiError;

/// Names, and the names for people. All read 1,048,576 tokens and write 65,536.
const MODELS: &[(&str, &str)] = &[
    ("gemini-3-pro-preview", "Gemini 3 Pro Preview"),
    ("gemini-3-flash-preview", "Gemini 3 Flash Preview"),
    ("gemini-2.5-pro", "Gemini 2.5 Pro"),
    ("gemini-2.5-flash", "Gemini 2.5 Flash"),
];

/// All models, on one page.
pub(crate) fn list() -> ModelList {
    ModelList {
        models: MODELS.iter().map(model).collect(),
        ..ModelList::default()
    }
}

/// The model of this name.
pub(crate) fn named(name: &str) -> Result<Model, ApiError> {
    let found = MODELS.iter().find(|(known, _)| *known == name);
    found.map(model).ok_or_else(|| {
        let message = format!(
            "models/{name} is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods."
        );
        ApiError::invalid(message).status(StatusCode::NOT_FOUND)
    })
}

fn model((name, title): &(&str, &str)) -> Model {
    Model {
        name: format!("models/{name}"),
        display_name: Some((*title).to_owned()),
        input_token_limit: Some(1_048_576),
        output_token_limit: Some(65_536),
        supported_generation_methods: Some(vec![
            "generateContent".to_owned(),
            "countTokens".to_owned(),
        ]),
        ..Model::default()
    }
}
