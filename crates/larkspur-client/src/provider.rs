//! Services and servers, as far as a client has to know them.

use larkspur_output::{Carrier, Target};
use larkspur_schema::Dialect;

use crate::env;

/// A service or a server, as far as a client has to know it: where it is, how it takes the key, what it takes.
///
/// What is set on the builder counts before what the provider says. Sources: the documentation of each, as of 2026-11.
///
/// ```
/// use larkspur_client::{Client, Provider};
///
/// let client = Client::builder().provider(Provider::ollama()).build()?;
/// assert_eq!(client.base_url(), "http://127.0.0.1:11434/v1");
/// # Ok::<(), larkspur_client::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Provider {
    /// Whom traces name.
    pub(crate) name: &'static str,
    pub(crate) base_url: Option<&'static str>,
    pub(crate) key: KeyHeader,
    /// What every request carries.
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) target: Target,
    pub(crate) chat: ChatForm,
}

/// What a server's Chat API spells otherwise than `OpenAI`'s.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChatForm {
    /// A schema stands beside `"type": "json_object"`, not in a `json_schema` of its own.
    pub(crate) schema_beside_json_object: bool,
    /// The bound on an answer is `max_tokens`; `max_completion_tokens` is skipped without a word.
    pub(crate) max_tokens: bool,
    /// A message with calls says something, if only nothing at all: `null` is refused.
    pub(crate) text_beside_calls: bool,
}

/// Where the key goes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum KeyHeader {
    /// `authorization: Bearer KEY`.
    Bearer,
    /// A header of its own.
    Named(&'static str),
}

impl Provider {
    const fn at(base_url: &'static str, target: Target) -> Self {
        Self {
            name: "",
            base_url: Some(base_url),
            key: KeyHeader::Bearer,
            headers: &[],
            target,
            chat: ChatForm {
                schema_beside_json_object: false,
                max_tokens: false,
                text_beside_calls: false,
            },
        }
    }

    /// The name in traces: one of the well-known values of OpenTelemetry's `gen_ai.provider.name` where there is one.
    const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// `OpenAI`.
    pub fn openai() -> Self {
        Self::at(env::OPENAI_URL, Target::openai()).named("openai")
    }

    /// `CometAPI`, a reseller with `OpenAI`'s API.
    pub fn cometapi() -> Self {
        Self::at(env::COMETAPI_URL, Target::openai()).named("cometapi")
    }

    /// `OpenRouter`, for models of many makers through Chat. Whether a schema is held depends on who answers.
    pub fn openrouter() -> Self {
        let target = Target::new(Dialect::openai(), Carrier::Description);
        Self::at("https://openrouter.ai/api/v1", target).named("openrouter")
    }

    /// Azure `OpenAI`. The base URL is that of the resource, `https://RESOURCE.openai.azure.com/openai/v1`; the model is the name of
    /// the deployment.
    pub fn azure() -> Self {
        Self {
            name: "azure.ai.openai",
            base_url: None,
            key: KeyHeader::Named("api-key"),
            headers: &[],
            target: Target::azure(),
            chat: ChatForm::default(),
        }
    }

    /// Anthropic, through [`Client::messages`](crate::Client::messages).
    pub fn anthropic() -> Self {
        Self {
            name: "anthropic",
            key: KeyHeader::Named("x-api-key"),
            headers: &[("anthropic-version", "2023-06-01")],
            ..Self::at("https://api.anthropic.com/v1", Target::anthropic())
        }
    }

    /// Google's Gemini API, through [`Client::generate_content`](crate::Client::generate_content).
    pub fn gemini() -> Self {
        Self {
            name: "gcp.gemini",
            key: KeyHeader::Named("x-goog-api-key"),
            ..Self::at(
                "https://generativelanguage.googleapis.com/v1beta",
                Target::gemini(),
            )
        }
    }

    /// vLLM on this machine.
    pub fn vllm() -> Self {
        Self::at("http://127.0.0.1:8000/v1", Target::vllm()).named("vllm")
    }

    /// `SGLang` on this machine.
    pub fn sglang() -> Self {
        Self::at("http://127.0.0.1:30000/v1", Target::sglang()).named("sglang")
    }

    /// The server of llama.cpp on this machine: its own, or the one of llama-cpp-python, through [`Client::chat`](crate::Client::chat).
    ///
    /// A schema goes as `{"type": "json_object", "schema": …}`, which both hold; to `json_schema` the one in Python answers with status 500. The
    /// bound on an answer goes as `max_tokens`, for that one skips `max_completion_tokens`, as did llama.cpp's own until 2026-02.
    pub fn llama_cpp() -> Self {
        Self {
            chat: ChatForm {
                schema_beside_json_object: true,
                max_tokens: true,
                text_beside_calls: true,
            },
            ..Self::at("http://127.0.0.1:8080/v1", Target::llama_cpp()).named("llama.cpp")
        }
    }

    /// Ollama on this machine. The bound on an answer goes as `max_tokens`: `max_completion_tokens` is skipped there.
    pub fn ollama() -> Self {
        Self {
            chat: ChatForm {
                max_tokens: true,
                ..ChatForm::default()
            },
            ..Self::at("http://127.0.0.1:11434/v1", Target::ollama()).named("ollama")
        }
    }
}
