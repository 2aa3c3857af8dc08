//! The loop: ask, run what is called, go on.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use larkspur_output::{Outcome, Output};
use larkspur_wire::Ending;

use crate::answer::{AnswerCall, Said};
use crate::api::{Api, CallOutput};
use crate::ask;
use crate::error::{Error, Kind};
use crate::ledger::{AttemptKind, Ledger};
use crate::request::RequestBuilder;
use crate::runnable::{Run, RunnableTool};
use crate::stream;
use crate::tool_choice::ToolChoice;

use super::calls::{self, Called};
use super::choice::Choices;
use super::toolbox::Toolbox;
use super::{Limits, Narrowed, OnDelta, ToolRun};

/// A run under way.
pub(super) struct Session<A: Api> {
    /// Grows by what the model said and what the tools gave.
    request: RequestBuilder<A>,
    toolbox: Toolbox,
    rules: Rules,
    limits: Limits,
    pub(super) on_delta: Option<OnDelta>,
    /// What calls gave, so that none is run twice.
    outputs: HashMap<Called, String>,
    rounds: u32,
    calls: usize,
    asked_again: u32,
}

/// What holds for all answers behind the first.
pub(super) struct Rules {
    later: Option<ToolChoice>,
    allowed: Option<BTreeSet<String>>,
    /// The tool whose call is the answer, where one carries it.
    answer: Option<String>,
}

/// What a run ends in: the outcome, the text it was read from, and the response.
type End<A, V> = (Outcome<V>, String, <A as Api>::Response);

/// What comes of one answer.
enum Step<A: Api, V> {
    End(End<A, V>),
    Again(AttemptKind),
}

/// Puts the tools and the form of the answer into a request.
pub(super) fn prepare<A: Api, V>(
    mut request: RequestBuilder<A>,
    tools: &[RunnableTool],
    narrowed: Option<&Narrowed>,
    output: &Output<V>,
) -> Result<(RequestBuilder<A>, Toolbox, Rules), Error> {
    let target = request.client.target();
    let settings = &mut request.settings;
    let toolbox = Toolbox::prepare(tools, target, settings)?;
    let answer = settings.constrain_beside_tools(output.constraint());
    let choices = Choices::of(settings, narrowed, answer.as_deref())?;
    settings.tool_choice = choices.first;
    A::prepare_to_go_on(&mut request.own, settings);
    let rules = Rules {
        later: choices.later,
        allowed: choices.allowed,
        answer,
    };
    Ok((request, toolbox, rules))
}

impl<A: Api> Session<A> {
    /// Of a run, with one of the servers that may be asked.
    pub(super) fn begin<V>(
        request: RequestBuilder<A>,
        run: &mut ToolRun<A>,
        output: &Output<V>,
    ) -> Result<Self, Error> {
        let (request, toolbox, rules) =
            prepare(request, &run.tools, run.narrowed.as_ref(), output)?;
        Ok(Self {
            request,
            toolbox,
            rules,
            limits: run.limits,
            on_delta: run.on_delta.take(),
            outputs: HashMap::new(),
            rounds: 0,
            calls: 0,
            asked_again: 0,
        })
    }

    /// Whether a tool ran, or something of an answer was heard: then nothing may be done over again.
    pub(super) fn has_begun(&self, ledger: &Ledger) -> bool {
        let last = ledger.attempts().last().and_then(|attempt| attempt.status);
        let heard = self.on_delta.is_some() && last.is_some_and(|status| status < 300);
        self.rounds > 0 || heard
    }

    /// The request with everything that was said since, but for the last answer.
    pub(super) fn into_request(self) -> RequestBuilder<A> {
        self.request
    }

    pub(super) async fn run<V>(
        &mut self,
        output: &Output<V>,
        mut kind: AttemptKind,
        ledger: &mut Ledger,
    ) -> Result<End<A, V>, Error> {
        loop {
            let mut response = match &mut self.on_delta {
                None => ask::exchange(&self.request, kind, ledger).await?,
                Some(hear) => stream::exchange(&self.request, kind, ledger, hear).await?,
            };
            let later = self.rules.later.clone();
            self.request.settings.tool_choice = later;
            A::name_calls(&mut response, &format!("call_{}_", self.rounds + 1));
            match self.step(response, output, ledger).await? {
                Step::End(end) => return Ok(end),
                Step::Again(why) => kind = why,
            }
        }
    }

    /// Ends with an answer, or runs what it calls and gets ready to go on.
    async fn step<V>(
        &mut self,
        response: A::Response,
        output: &Output<V>,
        ledger: &mut Ledger,
    ) -> Result<Step<A, V>, Error> {
        let calls: Vec<_> = A::calls(&response).into_iter().map(Called::from).collect();
        let (answers, calls): (Vec<_>, Vec<_>) = calls
            .into_iter()
            .partition(|call| Some(&call.tool) == self.rules.answer.as_ref());
        let is_finished = matches!(A::ending(&response), Ending::Finished);
        let mut rejected = None;
        if !is_finished || calls.is_empty() || !answers.is_empty() {
            let said = match answers.first() {
                Some(call) => Said::answer(AnswerCall::from(call), output.constraint()),
                None => Said::Text(A::text(&response)),
            };
            let outcome = ask::outcome::<A, V>(&response, &said, output)?;
            ask::note_failure(ledger, output, &outcome);
            let client = self.request.client.inner();
            ask::record::<A, V>(client, &response, &said, output, &outcome);
            let Some(wrong) = self.asks_again(&outcome, ledger) else {
                return Ok(Step::End((outcome, said.text().to_owned(), response)));
            };
            self.asked_again += 1;
            if answers.is_empty() {
                A::reask(&mut self.request.own, &response, &said, &wrong);
                return Ok(Step::Again(AttemptKind::Reask));
            }
            rejected = Some(wrong);
        }
        self.weigh(&calls, ledger)?;
        self.work(&calls, ledger).await;
        // In the order in which they were called.
        let outputs = A::calls(&response).into_iter().map(Called::from);
        let outputs = outputs.map(|call| CallOutput {
            text: match self.outputs.get(&call) {
                Some(output) => output.clone(),
                None => rejected.clone().unwrap_or_default(),
            },
            id: call.id,
            custom: call.custom,
        });
        let outputs = outputs.collect();
        A::go_on(&mut self.request.own, response, outputs);
        Ok(Step::Again(match rejected {
            Some(_) => AttemptKind::Reask,
            None => AttemptKind::ToolOutputs,
        }))
    }

    /// What is wrong with an answer, where it is asked for again.
    fn asks_again<V>(&self, outcome: &Outcome<V>, ledger: &Ledger) -> Option<String> {
        let reask = &self.request.reask;
        match outcome {
            Outcome::Invalid(rejection)
                if self.asked_again < reask.times && reask.budget.allows_another(ledger) =>
            {
                Some(rejection.reask())
            }
            _ => None,
        }
    }

    /// Counts calls, and says no before any of them is run.
    fn weigh(&mut self, calls: &[Called], ledger: &Ledger) -> Result<(), Error> {
        let limit = |message: String, hint| Err(Error::new(Kind::Limit { message, hint }));
        let declared = |call: &&Called| {
            let mut tools = self.request.settings.tools.iter();
            self.toolbox.get(&call.tool).is_none() && tools.any(|tool| tool.name() == call.tool)
        };
        if calls.iter().any(|call| declared(&call)) {
            let tools = calls.iter().map(|call| call.tool.clone()).collect();
            return Err(Error::new(Kind::Calls { tools }));
        }
        self.rounds += u32::from(!calls.is_empty());
        self.calls += calls.len();
        let Limits {
            rounds,
            calls: most,
            ..
        } = self.limits;
        if self.rounds > rounds {
            let message = format!("the model still calls tools after {rounds} rounds");
            return limit(message, "raise `max_rounds`");
        }
        if self.calls > most {
            let message = format!("the model calls tools more than {most} times");
            return limit(message, "raise `max_calls`");
        }
        if !self.request.reask.budget.allows_another(ledger) {
            let message = "the model calls tools, and the budget is used up".to_owned();
            return limit(message, "raise the request's `budget`");
        }
        Ok(())
    }

    /// Runs the calls that were not run before, and keeps what they gave.
    async fn work(&mut self, calls: &[Called], ledger: &mut Ledger) {
        let mut fresh = Vec::new();
        for call in calls {
            let again = fresh.iter().any(|(other, _)| other == call);
            if !again && !self.outputs.contains_key(call) {
                fresh.push((call.clone(), self.runner(&call.tool)));
            }
        }
        let keys: Vec<Called> = fresh.iter().map(|(call, _)| call.clone()).collect();
        let done = calls::run(fresh, self.limits).await;
        for (call, done) in keys.into_iter().zip(done) {
            self.outputs.insert(call, done.output.clone());
            ledger.push_tool_call(done);
        }
    }

    /// How a tool is run, or why it is not.
    fn runner(&self, tool: &str) -> Result<Arc<Run>, String> {
        let allowed = self.rules.allowed.as_ref();
        let may = |name: &&str| allowed.is_none_or(|allowed| allowed.contains(*name));
        let names = self.toolbox.names().into_iter().filter(may);
        let names = names.collect::<Vec<_>>().join(", ");
        match self.toolbox.get(tool) {
            None => Err(format!("There is no such tool. There are: {names}.")),
            Some(_) if !may(&tool) => {
                Err(format!("This tool may not be called. These may: {names}."))
            }
            Some(run) => Ok(Arc::clone(run)),
        }
    }
}

impl From<&Called> for AnswerCall {
    fn from(call: &Called) -> Self {
        Self {
            id: call.id.clone(),
            name: call.tool.clone(),
            text: call.text.clone(),
            custom: call.custom,
        }
    }
}
