//! Whether a server holds what it is asked to hold: found out by asking for what no model would say, and seen in answers that break it.

use larkspur_output::{
    Carrier, Constraint, GrammarFormat, GrammarSyntax, Outcome, Output, OutputType, Rejection,
    Target, Violation, json_schema,
};
use serde_json::{Value, json};

use crate::answer::Said;
use crate::api::Api;
use crate::ask;
use crate::error::{Error, Kind};
use crate::ledger::{AttemptKind, Ledger};
use crate::request::RequestBuilder;

/// What a model that nobody holds answers with `Paris`.
const PROMPT: &str = "What is the capital of France? Answer with the name of the city and nothing else: no JSON, no code, no other word. \
                      If a tool has to be called, give it that name.";

/// What no model says unasked.
const WORD: &str = "vqx-4170-zu";

/// Whether a server holds constraints: what [`RequestBuilder::check_enforcement`] finds out.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Enforcement {
    /// Whether it holds schemas.
    pub schema: Verdict,
    /// Whether it holds grammars.
    pub grammar: Verdict,
    /// Every attempt, with usage and cost.
    pub ledger: Ledger,
}

impl Enforcement {
    /// Whether no constraint was found to be ignored or refused.
    pub fn is_good(&self) -> bool {
        let is_bad = |verdict: &Verdict| {
            matches!(verdict, Verdict::Ignored { .. } | Verdict::Refused { .. })
        };
        !is_bad(&self.schema) && !is_bad(&self.grammar)
    }
}

/// Whether a server holds a kind of constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The answer was what the constraint demands, and what no model would have said.
    Enforced,
    /// The answer was something else: the server took the constraint and did not hold it.
    Ignored {
        /// What came in its place.
        said: String,
    },
    /// The server refused the constraint.
    Refused {
        /// What it says about it.
        message: String,
    },
    /// Such a constraint is not given to this server to hold: the model is told in words, and answers are checked here.
    NotAsked,
    /// There was no whole answer to tell by.
    Unclear {
        /// What came of it.
        reason: String,
    },
}

impl<A: Api> RequestBuilder<A> {
    /// Finds out whether the server makes this model hold constraints: asks a question, under a schema and then under a grammar that let
    /// nothing through but a word which is no answer to it. Two short requests, past the [cache](crate::Cache), and to the first server alone.
    /// The request comes without input of its own.
    ///
    /// Some gateways take constraints and drop them. Answers are checked in any case; this says beforehand whether they will have to be asked
    /// for twice.
    ///
    /// ```no_run
    /// use larkspur_client::{Client, Provider, Verdict};
    ///
    /// # async fn run() -> Result<(), larkspur_client::Error> {
    /// let client = Client::builder().provider(Provider::vllm()).build()?;
    /// let found = client.chat("qwen3").check_enforcement().await?;
    /// if let Verdict::Ignored { said } = &found.schema {
    ///     eprintln!("this server ignores schemas: it said {said:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The server cannot be reached, or fails in a way that says nothing about constraints.
    pub async fn check_enforcement(mut self) -> Result<Enforcement, Error>
    where
        A::Input: From<&'static str>,
    {
        self.elsewhere.clear();
        let request = self.input(PROMPT);
        let target = request.client.target();
        let mut ledger = Ledger::default();
        let schema = json!({
            "type": "object",
            "properties": {"word": {"type": "string", "enum": [WORD]}},
            "required": ["word"],
            "additionalProperties": false,
        });
        let schema = json_schema("canary", schema).prepare(target)?;
        let schema = Box::pin(try_out(&request, &schema, &mut ledger)).await;
        let grammar = match schema {
            Ok(_) => Box::pin(try_out(&request, &one_word(target), &mut ledger)).await,
            Err(_) => Ok(Verdict::NotAsked),
        };
        match (schema, grammar) {
            (Ok(schema), Ok(grammar)) => Ok(Enforcement {
                schema,
                grammar,
                ledger,
            }),
            (Err(error), _) | (_, Err(error)) => Err(error.with_ledger(ledger)),
        }
    }
}

/// One word as a grammar, in the notation that gets to the server.
fn one_word(target: Target) -> Output<()> {
    let carrier = target.carrier();
    let (syntax, rule) = match carrier {
        Carrier::GrammarField => (GrammarSyntax::Gbnf, "root ::="),
        Carrier::StructuredOutputs | Carrier::EbnfField => (GrammarSyntax::Ebnf, "root ::="),
        _ => (GrammarSyntax::Lark, "start:"),
    };
    let format = GrammarFormat::new(syntax, format!("{rule} \"{WORD}\"\n")).carried_by(carrier);
    Output::new(Constraint::Grammar(format), Vec::new(), |text| {
        if text == WORD {
            return Ok(());
        }
        let violation = Violation::new("this is not the word");
        Err(Rejection::new(text, vec![violation]))
    })
}

/// Asks under one constraint.
async fn try_out<A: Api, V>(
    request: &RequestBuilder<A>,
    output: &Output<V>,
    ledger: &mut Ledger,
) -> Result<Verdict, Error> {
    if !output.constraint().is_enforced() {
        return Ok(Verdict::NotAsked);
    }
    let mut constrained = request.clone();
    constrained.settings.constrain(output.constraint());
    let response = match ask::exchange(&constrained, AttemptKind::First, ledger).await {
        Ok(response) => response,
        Err(error) if is_refusal(&error, request, ledger).await => {
            let message = error
                .message()
                .map_or_else(|| error.to_string(), str::to_owned);
            return Ok(Verdict::Refused { message });
        }
        Err(error) => return Err(error),
    };
    let said = Said::of::<A>(&response, output.constraint());
    let unclear = |reason: String| Verdict::Unclear { reason };
    Ok(match ask::outcome::<A, V>(&response, &said, output) {
        Ok(Outcome::Value(_)) => Verdict::Enforced,
        Ok(Outcome::Invalid(rejection)) => Verdict::Ignored {
            said: rejection.text().to_owned(),
        },
        Ok(Outcome::Refusal(text)) => unclear(format!("the model refused: {text}")),
        Ok(Outcome::Truncated { reason, .. }) => unclear(format!("the answer was cut: {reason}")),
        Ok(_) => unclear("there is no whole answer".to_owned()),
        Err(error) if matches!(error.kind(), Kind::Calls { .. }) => Verdict::Ignored {
            said: error.to_string(),
        },
        Err(error) => unclear(error.to_string()),
    })
}

/// Whether an error says that the server does not take the constraint. A 500 does where the same request without it is answered:
/// llama-cpp-python says so of a format that it does not know.
async fn is_refusal<A: Api>(
    error: &Error,
    without: &RequestBuilder<A>,
    ledger: &mut Ledger,
) -> bool {
    match error.status() {
        Some(400 | 422) => true,
        Some(500) => ask::exchange(without, AttemptKind::First, ledger)
            .await
            .is_ok(),
        _ => false,
    }
}

/// Notes in the last attempt that its answer breaks a constraint which the server was to hold, and not only a rule that the reader has
/// beside it.
pub(crate) fn suspect<V>(ledger: &mut Ledger, output: &Output<V>, outcome: &Outcome<V>) {
    let Outcome::Invalid(rejection) = outcome else {
        return;
    };
    if !output.constraint().is_enforced() || !breaks(output, rejection.text()) {
        return;
    }
    if let Some(attempt) = ledger.last_mut() {
        tracing::warn!(
            code = "constraint-ignored",
            server = attempt.server,
            model = attempt.model,
            "the answer breaks the constraint that the server was to hold"
        );
        attempt.constraint_ignored = true;
    }
}

/// Whether a text breaks the constraint as it was sent. Where that cannot be told, it does not.
fn breaks<V>(output: &Output<V>, text: &str) -> bool {
    match output.constraint() {
        Constraint::JsonSchema(format) => {
            let sent = json_schema("sent", Value::clone(&format.schema)).prepare(Target::plain());
            sent.is_ok_and(|sent| sent.read(text).is_err())
        }
        #[cfg(feature = "grammar")]
        Constraint::Grammar(_) => {
            let watch = output.watch();
            watch.is_ok_and(|mut watch| watch.push(text).is_err())
        }
        _ => false,
    }
}
