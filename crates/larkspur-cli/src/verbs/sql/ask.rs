//! `larkspur sql ask`: a question, a query that a model wrote for it, and its rows.

use clap::Args;
use larkspur_client::Answer;
use larkspur_output::{Outcome, OutputType as _};
use larkspur_sql::Selection;

use super::{
    Database, database,
    database::{DatabaseArgs, DialectArgs, SamplesArgs},
    note_receipt, refused, rows,
    rows::RowsArgs,
    shape::ShapeArgs,
};
use crate::{
    args::ModelArgs,
    asked::asked,
    exit::{Failure, Verdict, say},
    input, runtime, server,
};

#[derive(Args)]
pub(super) struct AskArgs {
    #[command(flatten)]
    pub(super) database: DatabaseArgs,
    #[command(flatten)]
    pub(super) dialect: DialectArgs,
    #[command(flatten)]
    pub(super) samples: SamplesArgs,
    #[command(flatten)]
    pub(super) model: ModelArgs,
    #[command(flatten)]
    pub(super) shape: ShapeArgs,
    /// The question; stdin where left out or `-`.
    pub(super) question: Option<String>,
    #[command(flatten)]
    pub(super) rows: RowsArgs,
}

pub(super) fn run(args: &AskArgs) -> Result<Verdict, Failure> {
    let limits = rows::limits(&args.rows)?;
    let db = Database::open(&args.database, args.dialect.dialect)?;
    db.live()?;
    let db = db.sampled(&args.samples)?;
    let question = input::text(args.question.as_deref())?;
    if question.trim().is_empty() {
        return Err(Failure::new("there is no question"));
    }
    let most = u64::try_from(args.rows.max_rows).unwrap_or(u64::MAX);
    let select = args.shape.of(db.select().max_rows(most).about(&question));
    note_receipt(&select)?;
    // The local server runs as long as it is held.
    let (client, _local) = server::client(&args.model)?;
    let with_rows = select.with_rows(limits);
    let output = with_rows.prepare(client.target()).map_err(Failure::new)?;
    let (model, instructions) = (args.model.name(), select.instructions());
    let answer: Answer<Selection> = runtime::block_on(async {
        asked!(args.model.api, client, model, |request| {
            let request = request.instructions(instructions);
            request.input(question).ask(&output).await
        })
    })?
    .map_err(Failure::new)?;
    if let Outcome::Invalid(rejection) = &answer.outcome {
        return Ok(refused(rejection));
    }
    match answer.into_reply() {
        Ok(reply) => {
            let Selection { query, rows, .. } = reply.value;
            say(query);
            rows::print(
                &rows.map_err(|error| database::failed(&error))?,
                args.rows.format,
            )
        }
        Err(no_value) => {
            say(no_value);
            Ok(Verdict::No)
        }
    }
}
