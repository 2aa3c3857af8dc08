//! The tools of a run, by name, as the server is told of them.

use std::collections::HashMap;
use std::sync::Arc;

use larkspur_output::Target;

use crate::api::Settings;
use crate::error::{Error, Kind, Problem};
use crate::runnable::{Run, RunnableTool};

/// The longest name of a tool (`OpenAI`'s messages; longer ones are taken inside namespaces only).
const LONGEST_NAME: usize = 64;

/// How the calls of each tool are run.
pub(super) struct Toolbox(HashMap<String, Arc<Run>>);

impl Toolbox {
    /// Declares the tools in a request, and keeps how they are run.
    pub(super) fn prepare(
        tools: &[RunnableTool],
        target: Target,
        settings: &mut Settings,
    ) -> Result<Self, Error> {
        let mut runs = HashMap::new();
        let mut problems = Vec::new();
        for tool in tools {
            let name = tool.name();
            let (declared, run) = tool.prepare(target).map_err(|error| {
                Error::new(Kind::Request {
                    problems: vec![Problem {
                        message: format!("the input of the tool `{name}` cannot be said: {error}"),
                        hint: None,
                    }],
                })
            })?;
            let taken = settings.tools.iter().any(|other| other.name() == name);
            problems.extend(problem(name, taken));
            settings.tools.push(declared);
            runs.insert(name.to_owned(), run);
        }
        if problems.is_empty() {
            Ok(Self(runs))
        } else {
            Err(Error::new(Kind::Request { problems }))
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Arc<Run>> {
        self.0.get(name)
    }

    /// The names, in the order of the alphabet.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.0.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}

/// What is wrong with the name of a tool.
fn problem(name: &str, taken: bool) -> Option<Problem> {
    let is_good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let (message, hint) = if taken {
        let message = format!("two tools are called `{name}`");
        (message, "the model calls tools by name: rename one")
    } else if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(is_good) {
        let message = format!("a tool cannot be called `{name}`");
        (
            message,
            "names are 1 to 64 of the characters a-z A-Z 0-9 _ -",
        )
    } else {
        return None;
    };
    Some(Problem {
        message,
        hint: Some(hint.to_owned()),
    })
}
