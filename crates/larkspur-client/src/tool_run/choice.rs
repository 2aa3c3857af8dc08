//! Which tools may be called in which answer.

use std::collections::BTreeSet;

use crate::api::Settings;
use crate::error::{Error, Kind, Problem};
use crate::tool_choice::{ToolChoice, ToolRef};

use super::Narrowed;

/// The choice for the first answer, for those behind it, and who may be called at all.
#[derive(Debug)]
pub(super) struct Choices {
    pub(super) first: Option<ToolChoice>,
    pub(super) later: Option<ToolChoice>,
    /// Every tool, where nothing is said.
    pub(super) allowed: Option<BTreeSet<String>>,
}

impl Choices {
    /// From what the request or the run says; `answer` is the tool that carries the answer, if one does.
    pub(super) fn of(
        settings: &Settings,
        narrowed: Option<&Narrowed>,
        answer: Option<&str>,
    ) -> Result<Self, Error> {
        let choice = match narrowed {
            Some(narrowed) => Some(allowed(settings, narrowed)?),
            None => settings.tool_choice.clone(),
        };
        let names = match &choice {
            Some(ToolChoice::None) => Some(BTreeSet::new()),
            Some(ToolChoice::Allowed { tools, .. }) => {
                Some(tools.iter().map(|tool| tool.name().to_owned()).collect())
            }
            _ => None,
        };
        let later = choice.clone().map(ToolChoice::relaxed);
        let answer = answer.and_then(|answer| find(settings, answer));
        let (first, later) = match answer {
            Some(answer) => (
                Some(or_answer(choice, &answer)),
                Some(or_answer(later, &answer)),
            ),
            None => (choice, later),
        };
        Ok(Self {
            first,
            later,
            allowed: names,
        })
    }
}

/// A choice under which the model may answer by a tool, and must call it where it would otherwise answer in text.
fn or_answer(choice: Option<ToolChoice>, answer: &ToolRef) -> ToolChoice {
    match choice {
        None | Some(ToolChoice::Auto | ToolChoice::Required) => ToolChoice::Required,
        Some(ToolChoice::None) => ToolChoice::Tool(answer.clone()),
        Some(ToolChoice::Allowed {
            required: false,
            mut tools,
        }) => {
            tools.push(answer.clone());
            ToolChoice::one_of(tools)
        }
        Some(obliged) => obliged,
    }
}

fn allowed(settings: &Settings, narrowed: &Narrowed) -> Result<ToolChoice, Error> {
    let mut tools = Vec::new();
    let mut problems = Vec::new();
    for name in &narrowed.names {
        match find(settings, name) {
            Some(tool) => tools.push(tool),
            None => problems.push(Problem {
                message: format!("no tool of the request is called `{name}`"),
                hint: None,
            }),
        }
    }
    if problems.is_empty() {
        Ok(ToolChoice::Allowed {
            required: narrowed.required,
            tools,
        })
    } else {
        Err(Error::new(Kind::Request { problems }))
    }
}

fn find(settings: &Settings, name: &str) -> Option<ToolRef> {
    let mut tools = settings.tools.iter();
    tools.find(|tool| tool.name() == name)?.reference()
}
