//! The environment variables that are read, all of them here.

/// The key of `OpenAI`, or of whoever answers at [`OPENAI_BASE_URL`].
pub const OPENAI_API_KEY: &str = "OPENAI_API_KEY";

/// Where requests go instead of [`OPENAI_URL`]; ends in `/v1` as a rule.
pub const OPENAI_BASE_URL: &str = "OPENAI_BASE_URL";

/// The organisation that is billed, for keys that belong to several.
pub const OPENAI_ORG_ID: &str = "OPENAI_ORG_ID";

/// The project that is billed, for keys that belong to several.
pub const OPENAI_PROJECT_ID: &str = "OPENAI_PROJECT_ID";

/// The key of Anthropic. No client looks for it by itself; the command does, for its APIs.
pub const ANTHROPIC_API_KEY: &str = "ANTHROPIC_API_KEY";

/// The key of Google's Gemini API. No client looks for it by itself; the command does, for its APIs.
pub const GEMINI_API_KEY: &str = "GEMINI_API_KEY";

/// The key of `CometAPI`, a reseller with the same API. Used only where requests go to it: a key is never sent to a
/// host it was not made for.
pub const COMETAPI_KEY: &str = "COMETAPI_KEY";

/// Where requests go if nothing says otherwise.
pub const OPENAI_URL: &str = "https://api.openai.com/v1";

/// Where requests go if the only key is [`COMETAPI_KEY`].
pub const COMETAPI_URL: &str = "https://api.cometapi.com/v1";
