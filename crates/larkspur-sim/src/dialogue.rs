//! What was said so far, whichever API it came through.

use serde_json::Value;

use crate::ask::texts;

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// The program, before the conversation or within it.
    Program,
    User,
    Model,
    /// A tool, whose output is said.
    Tool,
}

/// One thing that is said. Images, files and calls are not told.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) by: Speaker,
    pub(crate) text: String,
}

/// A conversation in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dialogue(Vec<Said>);

impl FromIterator<Said> for Dialogue {
    fn from_iter<I: IntoIterator<Item = Said>>(said: I) -> Self {
        Self(said.into_iter().collect())
    }
}

impl Dialogue {
    /// Instructions, and messages or other items of a conversation as `OpenAI` and Anthropic write them.
    pub(crate) fn of<'a>(
        instructions: Option<&Value>,
        conversation: impl IntoIterator<Item = &'a Value>,
    ) -> Self {
        let told = |by, value: &Value| {
            let mut found = Vec::new();
            texts(value, &mut found);
            let text = found.join("\n");
            Said { by, text }
        };
        let instructions = instructions.map(|value| told(Speaker::Program, value));
        let rest = conversation
            .into_iter()
            .filter_map(|item| speaker(item).map(|by| told(by, item)));
        instructions.into_iter().chain(rest).collect()
    }

    /// What the user said last.
    pub(crate) fn prompt(&self) -> &str {
        let of_user = |said: &&Said| said.by == Speaker::User;
        let last = self.0.iter().rev().find(of_user);
        last.map_or("", |said| said.text.as_str())
    }

    /// Everything, in its order.
    #[cfg(feature = "gguf")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Said> {
        self.0.iter()
    }
}

/// Who says an item, if it says anything to the model.
fn speaker(item: &Value) -> Option<Speaker> {
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    match text("role") {
        Some("system" | "developer") => Some(Speaker::Program),
        Some("user") => Some(Speaker::User),
        Some("assistant") => Some(Speaker::Model),
        Some(_) => Some(Speaker::Tool),
        None => text("type")
            .is_some_and(|kind| kind.ends_with("_output"))
            .then_some(Speaker::Tool),
    }
}
