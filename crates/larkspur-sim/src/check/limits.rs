//! Sampling and length settings that both APIs of OpenAI share.

use serde_json::Value;

use crate::api_error::ApiError;
use crate::ask::tokens;
use crate::fields::Fields;
use crate::models::Model;

use super::Api;

/// Settings that reasoning models refuse unless they do not reason.
const SAMPLING: [(&str, f64, f64); 2] = [("temperature", 0.0, 2.0), ("top_p", 0.0, 1.0)];

/// `temperature` and `top_p`: ranges, and whether the model takes them at this effort.
pub(super) fn sampling(
    body: &Fields<'_>,
    api: Api,
    model: Option<&Model>,
    effort: Option<&str>,
) -> Result<(), ApiError> {
    for (name, low, high) in SAMPLING {
        let Some(value) = body.decimal(name, low, high)? else {
            continue;
        };
        let reasons = model.is_some_and(|model| {
            model.reasons() && effort.unwrap_or(model.default_effort()) != "none"
        });
        if !reasons {
            continue;
        }
        match api {
            Api::Responses => {
                let message =
                    format!("Unsupported parameter: '{name}' is not supported with this model.");
                return Err(ApiError::invalid(message).param(name));
            }
            #[expect(clippy::float_cmp, reason = "only the default itself is admitted")]
            Api::Chat if value == 1.0 => {}
            Api::Chat => {
                let sent = body.get(name).unwrap_or(&Value::Null);
                let message = format!(
                    "Unsupported value: '{name}' does not support {sent} with this model. Only the default (1) value is supported."
                );
                return Err(ApiError::unsupported_value(message, name));
            }
        }
    }
    Ok(())
}

/// `stream`, and the options that go with it only.
pub(super) fn stream(body: &Fields<'_>, options: &[&str]) -> Result<(), ApiError> {
    let streams = body.boolean("stream")? == Some(true);
    let Some(sent) = body.object("stream_options")? else {
        return Ok(());
    };
    if !streams {
        let message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
        return Err(ApiError::invalid(message).param("stream_options"));
    }
    sent.only(options)?;
    options
        .iter()
        .try_for_each(|name| sent.boolean(name).map(drop))
}

/// `service_tier`, by its names.
pub(super) fn service_tier(body: &Fields<'_>) -> Result<(), ApiError> {
    body.one_of(
        "service_tier",
        &[
            "auto",
            "default",
            "flex",
            "scale",
            "priority",
            "fast",
            "ultrafast",
        ],
    )
    .map(drop)
}

/// A short identifier.
pub(super) fn short(body: &Fields<'_>, name: &str, most: usize) -> Result<(), ApiError> {
    let length = body.string(name)?.map_or(0, |text| text.chars().count());
    if length > most {
        Err(ApiError::too_long(name, most, length))
    } else {
        Ok(())
    }
}

/// What is left of an input, where the server may leave out what came first.
pub(super) fn within_window(model: Option<&Model>, bytes: usize) -> usize {
    let most = model.and_then(|model| usize::try_from(model.input_window).ok());
    most.map_or(bytes, |most| bytes.min(most.saturating_mul(4)))
}

/// An input that the model's window does not hold.
pub(super) fn window(api: Api, model: Option<&Model>, bytes: usize) -> Result<(), ApiError> {
    let Some(model) = model.filter(|model| tokens(bytes) > model.input_window) else {
        return Ok(());
    };
    Err(match api {
        Api::Responses => {
            let message = "Your input exceeds the context window of this model. Please adjust your input and try again.";
            ApiError::invalid(message)
                .param("input")
                .code("context_length_exceeded")
        }
        Api::Chat => {
            let message = format!(
                "This model's maximum context length is {} tokens. However, your messages resulted in {} tokens. Please reduce the length of the messages.",
                model.input_window,
                tokens(bytes)
            );
            ApiError::invalid(message)
                .param("messages")
                .code("context_length_exceeded")
        }
    })
}
