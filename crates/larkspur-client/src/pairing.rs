//! Calls of tools and their outputs, which go in pairs: the server refuses a request where one is missing.

use std::collections::HashSet;

use crate::api::Api;
use crate::error::{Error, Kind, Problem};

/// The calls and outputs of one conversation. A call is known by its id and by whether it is one of a custom tool.
#[derive(Debug, Default)]
pub(crate) struct Pairs<'a> {
    /// With the name of the tool.
    calls: Vec<((&'a str, bool), &'a str)>,
    outputs: Vec<(&'a str, bool)>,
}

impl<'a> Pairs<'a> {
    pub(crate) fn call(&mut self, id: &'a str, tool: &'a str, custom: bool) {
        self.calls.push(((id, custom), tool));
    }

    pub(crate) fn output(&mut self, id: &'a str, custom: bool) {
        self.outputs.push((id, custom));
    }

    /// What has no counterpart. Calls may be `elsewhere`, where only the server sees them.
    pub(crate) fn problems(&self, elsewhere: bool) -> Vec<String> {
        let called: HashSet<_> = self.calls.iter().map(|(call, _)| *call).collect();
        let answered: HashSet<_> = self.outputs.iter().copied().collect();
        let calls = self.calls.iter();
        let calls = calls
            .filter(|(call, _)| !answered.contains(call))
            .map(|((id, _), tool)| format!("the call `{id}` of `{tool}` has no output"));
        let outputs = self.outputs.iter();
        let outputs = outputs
            .filter(|output| !elsewhere && !called.contains(output))
            .map(|(id, _)| format!("the output for `{id}` has no call of its kind before it"));
        calls.chain(outputs).collect()
    }
}

/// Refuses a request with calls or outputs that are alone.
pub(crate) fn check<A: Api>(request: &A::Request) -> Result<(), Error> {
    let problems: Vec<_> = A::unpaired(request)
        .into_iter()
        .map(|message| Problem {
            message,
            hint: Some("every call goes with its output, and every output with its call".into()),
        })
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::new(Kind::Request { problems }))
    }
}
