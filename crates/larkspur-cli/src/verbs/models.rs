//! `larkspur models`: the catalogue.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

use clap::Args;
use larkspur_client::catalogue::Model;

use crate::{
    args::Format,
    catalogue::CatalogueArgs,
    exit::{Failure, Verdict, say},
};

#[derive(Args)]
pub(crate) struct ModelsArgs {
    /// One model; without it, all.
    name: Option<String>,
    #[command(flatten)]
    catalogue: CatalogueArgs,
    /// Output for people or for programs.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(args: &ModelsArgs) -> Result<Verdict, Failure> {
    let catalogue = args.catalogue.whole()?;
    let models: Vec<&Model> = match &args.name {
        None => catalogue.models.iter().collect(),
        Some(name) => catalogue.get(name).into_iter().collect(),
    };
    if let (Some(name), true) = (&args.name, models.is_empty()) {
        say(format_args!(
            "`{name}` is not in the catalogue (that is no reason not to use it)"
        ));
        return Ok(Verdict::No);
    }
    let mut stdout = io::stdout().lock();
    match (args.format, args.name.is_some()) {
        (Format::Text, _) => write!(stdout, "{}", table(&models))?,
        (Format::Json, true) => writeln!(stdout, "{}", pretty(&models.first())?)?,
        (Format::Json, false) => writeln!(stdout, "{}", pretty(&models)?)?,
    }
    Ok(Verdict::Yes)
}

/// A row a model; prices are the list prices, in dollars per million tokens.
fn table(models: &[&Model]) -> String {
    let mut text = format!(
        "{:<22} {:>9} {:>8}  {:<34} {:>7} {:>7} {:>7}\n",
        "model", "window", "output", "efforts", "$ in", "cached", "$ out"
    );
    for model in models {
        let price = model.prices.first();
        let tokens = |tokens: Option<u64>| tokens.map_or("?".to_owned(), thousands);
        let dollars =
            |dollars: Option<f64>| dollars.map_or("?".to_owned(), |value| value.to_string());
        let efforts: Vec<_> = model.efforts.iter().map(ToString::to_string).collect();
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            text,
            "{:<22} {:>9} {:>8}  {:<34} {:>7} {:>7} {:>7}",
            model.name,
            tokens(model.context_window),
            tokens(model.max_output_tokens),
            efforts.join(" "),
            dollars(price.map(|price| price.input)),
            dollars(price.and_then(|price| price.cached_input)),
            dollars(price.map(|price| price.output)),
        );
    }
    text
}

/// `400000` as `400K`: windows are published in round thousands.
fn thousands(tokens: u64) -> String {
    if tokens.is_multiple_of(1_000) {
        format!("{}K", tokens / 1_000)
    } else {
        tokens.to_string()
    }
}

fn pretty(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map_err(Failure::new)
}
