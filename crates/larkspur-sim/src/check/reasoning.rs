//! Reasoning effort: a known name, and one that the model takes.

use crate::api_error::{ApiError, quoted_list};
use crate::fields::Fields;
use crate::models::{EFFORTS, Model};

use super::Api;

/// The effort of a request on the Responses API.
pub(super) fn responses<'a>(
    body: &Fields<'a>,
    model: Option<&Model>,
) -> Result<Option<&'a str>, ApiError> {
    let Some(reasoning) = body.object("reasoning")? else {
        return Ok(None);
    };
    reasoning.only(&["effort", "summary", "generate_summary", "context", "mode"])?;
    reasoning.one_of("summary", &["auto", "concise", "detailed"])?;
    reasoning.one_of("generate_summary", &["auto", "concise", "detailed"])?;
    reasoning.one_of("context", &["auto", "current_turn", "all_turns"])?;
    reasoning.one_of("mode", &["standard", "pro"])?;
    let effort = reasoning.one_of("effort", EFFORTS)?;
    supported(effort, model, Api::Responses)?;
    Ok(effort)
}

/// The effort of a request on the Chat Completions API.
pub(super) fn chat<'a>(
    body: &Fields<'a>,
    model: Option<&Model>,
) -> Result<Option<&'a str>, ApiError> {
    let effort = body.one_of("reasoning_effort", EFFORTS)?;
    supported(effort, model, Api::Chat)?;
    Ok(effort)
}

fn supported(effort: Option<&str>, model: Option<&Model>, api: Api) -> Result<(), ApiError> {
    let (Some(effort), Some(model)) = (effort, model) else {
        return Ok(());
    };
    let efforts = model.efforts();
    if efforts.contains(&effort) {
        return Ok(());
    }
    let name = model.name;
    match (api, efforts.is_empty()) {
        (Api::Responses, true) => {
            let message =
                "Unsupported parameter: 'reasoning.effort' is not supported with this model.";
            Err(ApiError::unsupported_parameter(message, "reasoning.effort"))
        }
        (Api::Chat, true) => Err(ApiError::invalid(
            "Unrecognized request argument supplied: reasoning_effort",
        )),
        (Api::Responses, false) => {
            let message = format!(
                "Unsupported value: '{effort}' is not supported with the '{name}' model. Supported values are: {}.",
                quoted_list(&efforts)
            );
            Err(ApiError::unsupported_value(message, "reasoning.effort"))
        }
        (Api::Chat, false) => {
            let message = format!(
                "Unsupported value: 'reasoning_effort' does not support '{effort}' with this model. Supported values are: {}.",
                quoted_list(&efforts)
            );
            Err(ApiError::unsupported_value(message, "reasoning_effort"))
        }
    }
}
