//! What is known of models: which reasoning efforts they take, and what they refuse beside them.
//!
//! The rows come from the model pages of OpenAI and from recorded refusals. A model that is not in the table is
//! answered all the same, without rules of its own: a local server has no reason to know every name.

/// One model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Model {
    pub(crate) name: &'static str,
    /// The dated snapshot that the alias stands for, which is what responses report.
    pub(crate) snapshot: &'static str,
    /// Efforts accepted, the default first.
    efforts: &'static [&'static str],
    /// The model answers on the Responses API only.
    pub(crate) responses_only: bool,
    /// Tokens that the model reads at most.
    pub(crate) input_window: u64,
    /// Seconds since 1970, as the list of models reports it.
    pub(crate) created: u64,
}

/// Every effort that the API knows, in the order of its messages.
pub(crate) const EFFORTS: &[&str] = &["none", "minimal", "low", "medium", "high", "xhigh", "max"];

const MODELS: &[Model] = &[
    Model {
        name: "gpt-5.2",
        snapshot: "gpt-5.2-2025-12-11",
        efforts: &["none", "low", "medium", "high", "xhigh"],
        responses_only: false,
        input_window: 272_000,
        created: 1_765_313_051,
    },
    Model {
        name: "gpt-5.2-chat-latest",
        snapshot: "gpt-5.2-chat-latest",
        efforts: &["medium"],
        responses_only: false,
        input_window: 128_000,
        created: 1_765_344_352,
    },
    Model {
        name: "gpt-5.2-pro",
        snapshot: "gpt-5.2-pro-2025-12-11",
        efforts: &["medium", "high", "xhigh"],
        responses_only: true,
        input_window: 272_000,
        created: 1_765_343_983,
    },
    Model {
        name: "gpt-5.1",
        snapshot: "gpt-5.1-2025-11-13",
        efforts: &["none", "low", "medium", "high"],
        responses_only: false,
        input_window: 272_000,
        created: 1_762_800_673,
    },
    Model {
        name: "gpt-5",
        snapshot: "gpt-5-2025-08-07",
        efforts: &["medium", "minimal", "low", "high"],
        responses_only: false,
        input_window: 272_000,
        created: 1_754_425_777,
    },
    Model {
        name: "gpt-5-mini",
        snapshot: "gpt-5-mini-2025-08-07",
        efforts: &["medium", "minimal", "low", "high"],
        responses_only: false,
        input_window: 272_000,
        created: 1_754_425_928,
    },
    Model {
        name: "gpt-4.1",
        snapshot: "gpt-4.1-2025-04-14",
        efforts: &[],
        responses_only: false,
        input_window: 1_047_576,
        created: 1_744_316_542,
    },
    Model {
        name: "gpt-4o",
        snapshot: "gpt-4o-2024-08-06",
        efforts: &[],
        responses_only: false,
        input_window: 128_000,
        created: 1_715_367_049,
    },
];

impl Model {
    /// The model of this name or of this snapshot.
    pub(crate) fn named(name: &str) -> Option<&'static Model> {
        MODELS
            .iter()
            .find(|model| model.name == name || model.snapshot == name)
    }

    /// All models, in the order in which they are listed.
    pub(crate) fn all() -> &'static [Model] {
        MODELS
    }

    /// Whether the model reasons at all.
    pub(crate) fn reasons(&self) -> bool {
        !self.efforts.is_empty()
    }

    /// The effort where a request names none.
    pub(crate) fn default_effort(&self) -> &'static str {
        self.efforts.first().copied().unwrap_or("none")
    }

    /// Efforts that the model takes, in the order of [`EFFORTS`].
    pub(crate) fn efforts(&self) -> Vec<&'static str> {
        EFFORTS
            .iter()
            .copied()
            .filter(|effort| self.efforts.contains(effort))
            .collect()
    }
}
