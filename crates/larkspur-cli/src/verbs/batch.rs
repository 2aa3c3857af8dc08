//! `larkspur batch`: asks about every row of a file, several at a time, and goes on where it was stopped.

mod journal;
mod progress;
mod prompt;
mod rows;
mod work;

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use larkspur_client::{Client, Error, RequestBuilder, Usage, tokens};
use larkspur_json::Node;
use larkspur_output::Output;
use serde_json::{Value, json};

use self::{
    journal::{Done, Journal},
    progress::Progress,
    prompt::Prompt,
    rows::{Row, Rows},
    work::{Asked, Bounds, NotAsked, Report},
};
use super::extract;
use crate::{
    args::{ConstraintArgs, ModelArgs},
    asked::asked,
    exit::{Failure, Verdict, say},
    input, runtime, server,
};

#[derive(Args)]
#[command(group = ArgGroup::new("asked for").args(["schema", "grammar", "regex"]).required(true))]
pub(crate) struct BatchArgs {
    #[command(flatten)]
    constraint: ConstraintArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// The rows: JSON lines (a string, or an object), or CSV with a header (`.csv`). A file, since it is read again to go on.
    input: PathBuf,
    /// Where the values go, a JSON line each, in the order in which they come. What is in it already is not asked for again.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Where the rows without a value go, a JSON line each; default: beside the output, `NAME.failures.jsonl`.
    #[arg(long, value_name = "FILE")]
    failures: Option<PathBuf>,
    /// What is asked about a row: `{name}` is its member or column of that name, `{{` is a brace. Default: the row itself where
    /// it is a string, its `input` where it has one, else all of it as JSON.
    #[arg(long, value_name = "TEXT")]
    prompt: Option<String>,
    /// What the model must do, for all rows.
    #[arg(long, value_name = "TEXT")]
    instructions: Option<String>,
    /// The most tokens of one answer.
    #[arg(long, value_name = "N")]
    max_output_tokens: Option<u64>,
    /// Rows that are asked about at a time.
    #[arg(long, value_name = "N", default_value = "8", value_parser = clap::value_parser!(u16).range(1..=1024))]
    concurrency: u16,
    /// Begin no row once this run has cost so many US dollars, at list price.
    #[arg(long, value_name = "DOLLARS", value_parser = dollars)]
    max_cost: Option<f64>,
    /// Ask again also about rows that were answered without a value: refused, cut off, rejected.
    #[arg(long)]
    retry_failures: bool,
    /// Send nothing: say how many rows are left, and about what their input costs.
    #[arg(long)]
    dry_run: bool,
}

fn dollars(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(dollars) if (0.0..=1e9).contains(&dollars) => Ok(dollars),
        _ => Err("not an amount of dollars, such as `2.50`".to_owned()),
    }
}

/// What all rows have in common.
struct Batch<'a> {
    args: &'a BatchArgs,
    client: Client,
    output: Output<Node<'static>>,
    prompt: Prompt,
}

pub(crate) fn run(args: &BatchArgs) -> Result<Verdict, Failure> {
    let rows = Rows::new(&args.input);
    // The local server runs as long as it is held.
    let (client, _local) = server::client(&args.model)?;
    let is_json = args.constraint.schema.is_some();
    let output = extract::output(&args.constraint, client.target())?;
    let batch = Batch {
        args,
        client,
        output: output.and_then(move |_, text| Ok(extract::value(&text, is_json))),
        prompt: Prompt::new(args.prompt.as_deref())?,
    };
    let job = job(args)?;
    let failures = args.failures.as_deref();
    let read = || Done::read(&args.output, failures, &job, args.retry_failures);
    if args.dry_run {
        say(batch
            .plan(&rows, &read()?)?
            .told(&batch.client, args.model.name()));
        return Ok(Verdict::Yes);
    }
    // What is no row is told before any file is made.
    batch.plan(&rows, &read()?)?;
    let (mut journal, done) = Journal::open(&args.output, &job, read)?;
    let plan = batch.plan(&rows, &done)?;
    let report = batch.work(&rows, &mut journal, &done, &plan)?;
    Ok(told(&report, &plan, &done))
}

/// What an output was begun with. A key that holds another value in the next run is named to the person.
fn job(args: &BatchArgs) -> Result<Value, Failure> {
    let ConstraintArgs {
        schema,
        grammar,
        regex,
    } = &args.constraint;
    let text = |path: &Option<std::path::PathBuf>| {
        let source = path.as_deref().map(input::read).transpose();
        source.map(|source| source.map(|source| source.text))
    };
    Ok(json!({
        "model": args.model.name(),
        "prompt": args.prompt,
        "instructions": args.instructions,
        "schema": text(schema)?,
        "grammar": text(grammar)?,
        "regex": regex,
    }))
}

/// How much there is to do.
#[derive(Default)]
struct Plan {
    rows: u64,
    left: u64,
    /// About the tokens of the requests that are left.
    tokens: u64,
}

impl Plan {
    fn told(&self, client: &Client, model: &str) -> String {
        let usage = Usage {
            input_tokens: self.tokens,
            ..Usage::default()
        };
        let cost = client
            .catalogue()
            .get(model)
            .map(|model| model.cost(&usage));
        let cost = cost.map_or_else(
            || format!("the catalogue has no price for `{model}`"),
            |cost| format!("about ${:.2} for input, output not counted", cost.dollars()),
        );
        format!(
            "{} rows, {} to ask about: about {} tokens of input with the constraint, {cost}",
            self.rows, self.left, usage.input_tokens
        )
    }
}

impl Batch<'_> {
    /// Reads all rows once, so that what is no row is told before anything is paid.
    fn plan(&self, rows: &Rows, done: &Done) -> Result<Plan, Failure> {
        let mut plan = Plan::default();
        for row in rows.read()? {
            let row = row?;
            plan.rows += 1;
            if done.has(&row)? {
                continue;
            }
            plan.left += 1;
            if let (true, Ok(prompt)) = (self.args.dry_run, self.prompt.fill(&row.data)) {
                plan.tokens += self.tokens(prompt);
            }
        }
        Ok(plan)
    }

    /// The size of the request that a prompt becomes.
    fn tokens(&self, prompt: String) -> u64 {
        let (client, model) = (&self.client, self.args.model.name());
        asked!(self.args.model.api, client, model, |request| {
            let request = self.common(request).input(prompt);
            tokens::of_request(&request.build_for(&self.output))
        })
    }

    fn work(
        &self,
        rows: &Rows,
        journal: &mut Journal,
        done: &Done,
        plan: &Plan,
    ) -> Result<Report, Failure> {
        let bounds = Bounds {
            concurrency: usize::from(self.args.concurrency),
            max_cost: self.args.max_cost,
        };
        let mut progress = Progress::new(plan.rows, plan.rows - plan.left);
        let left = rows.read()?.filter_map(|row| match row {
            Ok(row) => match done.has(&row) {
                Ok(true) => None,
                Ok(false) => Some(Ok(row)),
                Err(failure) => Some(Err(failure)),
            },
            Err(failure) => Some(Err(failure)),
        });
        let ask = |row| self.ask(row);
        let work = work::run(left, ask, &bounds, journal, &mut progress);
        let report = runtime::block_on(work)?;
        progress.end();
        report
    }

    async fn ask(&self, row: Row) -> Asked {
        let answer = match self.prompt.fill(&row.data) {
            Err(message) => Err(NotAsked::Row(message)),
            Ok(prompt) => self.answer(prompt).await.map_err(NotAsked::Server),
        };
        Asked { row, answer }
    }

    async fn answer(
        &self,
        prompt: String,
    ) -> Result<larkspur_client::Answer<Node<'static>>, Error> {
        let (client, model) = (&self.client, self.args.model.name());
        asked!(self.args.model.api, client, model, |request| {
            let request = self.common(request).input(prompt);
            request.ask(&self.output).await
        })
    }

    fn common<A: larkspur_client::Api>(&self, mut request: RequestBuilder<A>) -> RequestBuilder<A> {
        if let Some(instructions) = &self.args.instructions {
            request = request.instructions(instructions);
        }
        if let Some(tokens) = self.args.max_output_tokens {
            request = request.max_output_tokens(tokens);
        }
        request
    }
}

/// Tells a person how it ended. The answer is yes where every row has a value.
fn told(report: &Report, plan: &Plan, done: &Done) -> Verdict {
    let values = done.values() + report.values;
    let failures = done.failed() + report.failures;
    let mut told = vec![match done.values() {
        0 => format!("{} rows: {values} values", plan.rows),
        before => format!(
            "{} rows: {values} values ({before} of them from before)",
            plan.rows
        ),
    }];
    if failures > 0 {
        let path = done.failures_path().display();
        told.push(format!("{failures} without a value in `{path}`"));
    }
    let left = plan.rows.saturating_sub((values + failures) as u64);
    if left > 0 {
        told.push(format!("{left} not asked about"));
    }
    say(format_args!("{}; cost {}", told.join(", "), report.cost));
    if let Some(reason) = &report.stopped {
        say(format_args!("stopped: {reason}"));
        say("hint: the same command goes on with the rows that are left");
    }
    Verdict::from_ok(values as u64 == plan.rows)
}
