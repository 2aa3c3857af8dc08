//! Settings that both APIs of `OpenAI` spell alike.

use crate::object::open_enum;

open_enum! {
    /// How much a reasoning model thinks before it answers. Each model accepts a subset and refuses the rest with 400.
    pub enum Effort {
        /// No reasoning.
        None = "none",
        /// As little as the model can; no model after gpt-5 takes it.
        Minimal = "minimal",
        /// Little.
        Low = "low",
        /// The middle.
        Medium = "medium",
        /// Much.
        High = "high",
        /// More than `high`; Chat stops here.
        XHigh = "xhigh",
        /// All the model can; Responses only.
        Max = "max",
    }
}

open_enum! {
    /// How long the answer should be.
    pub enum Verbosity {
        /// Short.
        Low = "low",
        /// The server's default.
        Medium = "medium",
        /// Long.
        High = "high",
    }
}

open_enum! {
    /// Whether a summary of the reasoning comes with the answer.
    pub enum Summary {
        /// The most detailed kind the model has.
        Auto = "auto",
        /// Short.
        Concise = "concise",
        /// Long.
        Detailed = "detailed",
    }
}

open_enum! {
    /// The processing tier. The answer names the tier that was used, which may be another.
    pub enum ServiceTier {
        /// As the project is set up.
        Auto = "auto",
        /// Standard price and speed.
        Default = "default",
        /// Cheaper, slower.
        Flex = "flex",
        /// Reserved capacity.
        Scale = "scale",
        /// Faster, dearer.
        Priority = "priority",
        /// What servers answer for `priority`.
        Fast = "fast",
        /// Faster still; Responses only.
        UltraFast = "ultrafast",
    }
}

open_enum! {
    /// The language of a grammar in a custom tool.
    #[derive(Default)]
    pub enum GrammarSyntax {
        #[default]
        /// The Lark dialect of llguidance.
        Lark = "lark",
        /// One Rust regex, matched against the whole text.
        Regex = "regex",
    }
}

open_enum! {
    /// How the model may use the tools it has.
    #[derive(Default)]
    pub enum ToolChoiceMode {
        /// No call.
        None = "none",
        #[default]
        /// The model decides.
        Auto = "auto",
        /// At least one call.
        Required = "required",
    }
}
