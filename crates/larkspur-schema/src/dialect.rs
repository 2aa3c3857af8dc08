//! What a server accepts, as data.

mod anthropic;
mod capabilities;
mod gemini;
mod llama_cpp;
mod llguidance;
mod openai;
mod plain;
mod xgrammar;

pub use self::capabilities::Support;
pub(crate) use self::capabilities::{
    Budgets, Form, Formats, Keywords, Limits, Listed, NamePatterns, Nulls, Others, Patterns,
    Recursion, Refs, Silence, Tuples, Unknown,
};
use crate::vocabulary;

/// The subset of JSON Schema that one server accepts, and what it says about the rest.
///
/// A dialect is a table, not code: lowering and checking ask it for capabilities and never for its name, so a new server
/// is a new table. Each table names the public documents or reports it was taken from, and when.
///
/// ```
/// use larkspur_schema::{Dialect, Support};
///
/// let openai = Dialect::openai();
/// assert_eq!(openai.name(), "openai");
/// assert!(openai.accepts_format("date-time"));
/// assert!(!openai.accepts_format("uri"));
/// assert_eq!(openai.support("uniqueItems"), Support::Refused);
/// // llama.cpp takes the keyword, and does not hold the model to it.
/// assert_eq!(Dialect::llama_cpp().support("uniqueItems"), Support::Ignored);
/// assert!(Dialect::named("plain").is_some());
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Dialect {
    /// Short name, as the command line takes it.
    pub(crate) name: &'static str,
    /// Other names that it goes by.
    pub(crate) aliases: &'static [&'static str],
    /// Name for people.
    pub(crate) title: &'static str,
    /// Where the table was taken from.
    pub(crate) source: &'static str,
    /// When, as year and month.
    pub(crate) date: &'static str,
    /// What becomes of each keyword.
    pub(crate) keywords: Keywords,
    /// What becomes of each value of `format`.
    pub(crate) formats: Formats,
    /// Sizes of one schema that are refused when they are exceeded.
    pub(crate) limits: Limits,
    /// Sizes of all schemas of a request together.
    pub(crate) budgets: Budgets,
    /// Rules on the form of the schema.
    pub(crate) form: Form,
    /// What the server answers, by the code of the finding. `{…}` stands for what the finding is about.
    pub(crate) texts: &'static [(&'static str, &'static str)],
}

/// Every dialect, in the order in which a matrix shows them.
static ALL: [&Dialect; 12] = [
    &openai::OPENAI,
    &openai::FINE_TUNED,
    &openai::AZURE,
    &anthropic::ANTHROPIC,
    &gemini::SCHEMA,
    &gemini::JSON_SCHEMA,
    &xgrammar::VLLM,
    &xgrammar::SGLANG,
    &llguidance::LLGUIDANCE,
    &llama_cpp::LLAMA_CPP,
    &llama_cpp::OLLAMA,
    &plain::PLAIN,
];

impl Dialect {
    /// Structured Outputs of the OpenAI API: `strict: true` in a response format or a function tool.
    pub fn openai() -> &'static Self {
        &openai::OPENAI
    }

    /// The same for fine-tuned models, which take no bounds, patterns and formats.
    pub fn openai_fine_tuned() -> &'static Self {
        &openai::FINE_TUNED
    }

    /// Azure `OpenAI`, with the smaller limits that its page lists.
    pub fn azure() -> &'static Self {
        &openai::AZURE
    }

    /// Anthropic's Messages API: `output_config.format` and tools with `strict: true`, which share their budgets.
    pub fn anthropic() -> &'static Self {
        &anthropic::ANTHROPIC
    }

    /// `responseSchema` of the Gemini API: a subset of OpenAPI 3.0.
    pub fn gemini_schema() -> &'static Self {
        &gemini::SCHEMA
    }

    /// `responseJsonSchema` of the Gemini API.
    pub fn gemini_json_schema() -> &'static Self {
        &gemini::JSON_SCHEMA
    }

    /// vLLM with xgrammar, its default backend.
    pub fn vllm() -> &'static Self {
        &xgrammar::VLLM
    }

    /// `SGLang` with xgrammar, its default backend.
    pub fn sglang() -> &'static Self {
        &xgrammar::SGLANG
    }

    /// llguidance, as a library and behind servers that name it as their backend.
    pub fn llguidance() -> &'static Self {
        &llguidance::LLGUIDANCE
    }

    /// The server of llama.cpp, which skips what its converter does not know.
    pub fn llama_cpp() -> &'static Self {
        &llama_cpp::LLAMA_CPP
    }

    /// Ollama with a local model.
    pub fn ollama() -> &'static Self {
        &llama_cpp::OLLAMA
    }

    /// JSON Schema 2020-12 as it is: everything is accepted, and lowering only translates older drafts.
    ///
    /// For servers that take any schema and for use without a server.
    pub fn plain() -> &'static Self {
        &plain::PLAIN
    }

    /// The dialect with this name, or one of its other names. Upper case, `_` and `.` are read as lower case and `-`.
    pub fn named(name: &str) -> Option<&'static Self> {
        let name = name.to_ascii_lowercase().replace(['_', '.'], "-");
        let goes_by =
            |dialect: &Self| dialect.name == name || dialect.aliases.contains(&name.as_str());
        ALL.iter().copied().find(|dialect| goes_by(dialect))
    }

    /// Every dialect there is.
    pub fn all() -> &'static [&'static Self] {
        &ALL
    }

    /// Short name, as the command line takes it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Name for people.
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// The public documents that the table was taken from.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// When the table was last compared with them, as year and month.
    pub fn date(&self) -> &'static str {
        self.date
    }

    /// Whether schemas are in the notation of `OpenAPI` 3.0, with the names of types in capitals.
    pub fn is_openapi(&self) -> bool {
        self.form.upper_types
    }

    /// What becomes of a keyword on this server.
    pub fn support(&self, keyword: &str) -> Support {
        self.keywords.support(keyword)
    }

    /// What becomes of a value of `format` on this server.
    pub fn format_support(&self, format: &str) -> Support {
        match self.support("format") {
            Support::Taken | Support::Partly(_) => self.formats.support(format),
            other => other,
        }
    }

    /// Whether the server takes this value of `format` and holds the model to it.
    pub fn accepts_format(&self, format: &str) -> bool {
        self.format_support(format) == Support::Taken
    }

    /// Whether lowering may leave the keyword to the server.
    pub(crate) fn takes(&self, keyword: &str) -> bool {
        matches!(self.support(keyword), Support::Taken | Support::Partly(_))
    }

    /// Whether the server takes any schema, so that there is nothing to lower.
    pub(crate) fn accepts_everything(&self) -> bool {
        self.keywords.takes_all()
    }

    /// What the server answers to a finding, with `{name}` replaced by what is given for it.
    pub(crate) fn text(&self, code: &str, given: &[(&str, &str)]) -> Option<String> {
        let (_, text) = self.texts.iter().find(|(of, _)| *of == code)?;
        Some(
            given
                .iter()
                .fold((*text).to_owned(), |text, (name, value)| {
                    text.replace(&format!("{{{name}}}"), value)
                }),
        )
    }

    /// Every keyword that some draft or this server knows.
    pub fn keywords() -> impl Iterator<Item = &'static str> {
        vocabulary::KEYWORDS.iter().copied()
    }
}
