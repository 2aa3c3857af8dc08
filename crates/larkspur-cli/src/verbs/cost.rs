//! `larkspur cost`: what a request costs at list price, before it is sent.

use std::io::{self, Write as _};

use clap::Args;
use larkspur_client::{Client, Cost, RequestBuilder, Usage, catalogue::Model, tokens};
use larkspur_output::Output;
use serde_json::json;

use super::extract;
use crate::{
    args::{Api, ConstraintArgs, Format},
    asked::asked,
    catalogue::CatalogueArgs,
    exit::{Failure, Verdict, say},
    input,
};

#[derive(Args)]
pub(crate) struct CostArgs {
    /// The model's name.
    #[arg(long, value_name = "MODEL", default_value = "gpt-5.2")]
    model: String,
    /// The API that the request is made for.
    #[arg(long, value_enum, default_value = "responses")]
    api: Api,
    #[command(flatten)]
    constraint: Option<ConstraintArgs>,
    /// Tokens of input, in place of a prompt that is counted.
    #[arg(long, value_name = "N", conflicts_with_all = ["prompt", "constraint"])]
    input_tokens: Option<u64>,
    /// Those of the input that the server has in its cache.
    #[arg(long, value_name = "N", default_value_t = 0)]
    cached_tokens: u64,
    /// Tokens that the model writes, reasoning included.
    #[arg(long, value_name = "N", default_value_t = 0)]
    output_tokens: u64,
    /// How many such requests.
    #[arg(long, value_name = "N", default_value_t = 1)]
    requests: u32,
    #[command(flatten)]
    catalogue: CatalogueArgs,
    /// What is asked; stdin where left out or `-`.
    prompt: Option<String>,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &CostArgs) -> Result<Verdict, Failure> {
    let name = &args.model;
    let catalogue = args.catalogue.whole()?;
    let Some(model) = catalogue.get(name) else {
        say(format_args!("the catalogue has no price for `{name}`"));
        return Ok(Verdict::No);
    };
    let input_tokens = input_tokens(args)?;
    let usage = Usage {
        input_tokens,
        cached_input_tokens: args.cached_tokens.min(input_tokens),
        output_tokens: args.output_tokens,
        ..Usage::default()
    };
    let times = |cost: Cost| {
        Cost::from_picodollars(cost.picodollars().saturating_mul(args.requests.into()))
    };
    let total = times(model.cost(&usage));
    let mut stdout = io::stdout().lock();
    match args.format {
        Format::Json => writeln!(
            stdout,
            "{:#}",
            json!({
                "model": model.name,
                "requests": args.requests,
                "input_tokens": usage.input_tokens,
                "cached_input_tokens": usage.cached_input_tokens,
                "output_tokens": usage.output_tokens,
                "cost": total.to_string(),
            })
        )?,
        Format::Text => write!(stdout, "{}", table(args, model, usage, total))?,
    }
    Ok(Verdict::Yes)
}

/// About what the model is given: the prompt, and the constraint as it would be sent.
fn input_tokens(args: &CostArgs) -> Result<u64, Failure> {
    if let Some(tokens) = args.input_tokens {
        return Ok(tokens);
    }
    let prompt = input::text(args.prompt.as_deref())?;
    // Never asked: the request is only built.
    let client = Client::builder().base_url("http://127.0.0.1:9/v1").build();
    let client = client.map_err(Failure::new)?;
    let sent = args.constraint.as_ref();
    let output = sent.map(|sent| extract::output(sent, client.target()));
    let output = output.transpose()?;
    Ok(asked!(args.api, client, &args.model, |request| {
        of_request(&request.input(prompt), output.as_ref())
    }))
}

fn of_request<A: larkspur_client::Api>(
    request: &RequestBuilder<A>,
    output: Option<&Output<String>>,
) -> u64 {
    match output {
        Some(output) => tokens::of_request(&request.build_for(output)),
        None => tokens::of_request(&request.build()),
    }
}

fn table(args: &CostArgs, model: &Model, usage: Usage, total: Cost) -> String {
    let part = |input_tokens, cached_input_tokens, output_tokens| {
        let usage = Usage {
            input_tokens,
            cached_input_tokens,
            output_tokens,
            ..Usage::default()
        };
        model.cost(&usage)
    };
    let cached = usage.cached_input_tokens;
    let row = |name: &str, tokens: u64, cost: Cost| {
        format!("{name:<14} {tokens:>10} {:>16}\n", cost.to_string())
    };
    let mut text = format!("{:<14} {:>10} {:>16}\n", model.name, "tokens", "list price");
    text += &row(
        "input",
        usage.input_tokens - cached,
        part(usage.input_tokens - cached, 0, 0),
    );
    if cached > 0 {
        text += &row("cached input", cached, part(cached, cached, 0));
    }
    text += &row(
        "output",
        usage.output_tokens,
        part(0, 0, usage.output_tokens),
    );
    let tokens = usage.total_tokens().saturating_mul(args.requests.into());
    let name = match args.requests {
        1 => "together".to_owned(),
        requests => format!("{requests} requests"),
    };
    text + &row(&name, tokens, total)
}
