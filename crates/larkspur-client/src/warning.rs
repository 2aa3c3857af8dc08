//! What a model would probably refuse, by the catalogue, and what will not be done.

use std::fmt;

use larkspur_wire::Effort;

use crate::api::{Api, Settings};
use crate::catalogue::{Model, Sampling};
use crate::fallback;
use crate::request::RequestBuilder;

/// Something that the catalogue says the model refuses, or that will not be done. The catalogue may be behind the times, so it is only said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// For programs: `effort`, `sampling`, `api`, `output-limit`, `structured-outputs`, `servers`.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

pub(crate) fn warnings<A: Api>(request: &RequestBuilder<A>) -> Vec<Warning> {
    let settings = &request.settings;
    let model = request.client.catalogue().get(&settings.model);
    [
        model.and_then(|model| effort(model, settings)),
        model.and_then(|model| sampling(model, settings)),
        model.and_then(|model| api(model, A::NAME)),
        output_limit(model, settings, A::LEAST_OUTPUT_TOKENS),
        model.and_then(|model| structured(model, settings, A::FORMAT)),
        servers(request),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn effort(model: &Model, settings: &Settings) -> Option<Warning> {
    let effort = settings.effort.as_ref()?;
    if model.efforts.is_empty() || model.efforts.contains(effort) {
        return None;
    }
    let accepted = model
        .efforts
        .iter()
        .map(Effort::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    let message = format!(
        "{} does not accept effort `{effort}`, only {accepted}",
        model.name
    );
    Some(Warning {
        code: "effort",
        message,
    })
}

fn sampling(model: &Model, settings: &Settings) -> Option<Warning> {
    let effort = settings.effort.as_ref().or(model.default_effort.as_ref());
    let refused = match model.sampling? {
        Sampling::Always => false,
        Sampling::WithoutReasoning => effort.is_some_and(|effort| *effort != Effort::None),
        Sampling::Never => true,
    };
    let samples = settings.temperature.is_some() || settings.top_p.is_some();
    if !samples || !refused {
        return None;
    }
    let when = if model.sampling == Some(Sampling::Never) {
        ""
    } else {
        " unless the effort is `none`"
    };
    let message = format!("{} refuses `temperature` and `top_p`{when}", model.name);
    Some(Warning {
        code: "sampling",
        message,
    })
}

fn api(model: &Model, api: &str) -> Option<Warning> {
    if model.apis.is_empty() || model.apis.iter().any(|name| name == api) {
        return None;
    }
    let message = format!(
        "{} is not offered through the {api} API, only {}",
        model.name,
        model.apis.join(", ")
    );
    Some(Warning {
        code: "api",
        message,
    })
}

fn output_limit(model: Option<&Model>, settings: &Settings, least: u64) -> Option<Warning> {
    let asked = settings.max_output_tokens?;
    let message = match model.and_then(|model| Some((model, model.max_output_tokens?))) {
        _ if asked < least => {
            format!("`max_output_tokens` is {asked}; less than {least} is refused")
        }
        Some((model, most)) if asked > most => {
            format!(
                "`max_output_tokens` is {asked}; {} writes at most {most}",
                model.name
            )
        }
        _ => return None,
    };
    Some(Warning {
        code: "output-limit",
        message,
    })
}

fn structured(model: &Model, settings: &Settings, format_field: &str) -> Option<Warning> {
    if model.structured_outputs != Some(false) || settings.strict_schemas(format_field).is_empty() {
        return None;
    }
    let message = format!(
        "{} is not listed with Structured Outputs; it may ignore or refuse the schema",
        model.name
    );
    Some(Warning {
        code: "structured-outputs",
        message,
    })
}

/// Others to ask, who cannot be asked.
pub(crate) fn servers<A: Api>(request: &RequestBuilder<A>) -> Option<Warning> {
    if request.elsewhere.is_empty() {
        return None;
    }
    let what = fallback::kept_by_server(request)?;
    Some(Warning {
        code: "servers",
        message: format!("no other server is asked: {what} means something to the first alone"),
    })
}
