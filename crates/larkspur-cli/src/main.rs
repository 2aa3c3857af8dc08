//! The `larkspur` command: check schemas and grammars, lower and convert them, read texts and lift answers, sample
//! sentences, ask a model once or for every row of a file, run the local server, judge and run SQL.
//!
//! stdout is data, stderr is talk. Exit status 0: yes; 1: the answer is no (findings, rejected, refused);
//! 2: it could not run (usage, unreadable input, network).

mod args;
mod asked;
mod catalogue;
mod cli;
mod exit;
mod grammar;
mod input;
mod rate;
mod reading;
mod render;
mod runtime;
mod schema;
mod server;
mod verbs;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Verb};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.verb {
        Verb::Check(args) => verbs::check::run(&args),
        Verb::Lower(args) => verbs::lower::run(&args),
        Verb::Lift(args) => verbs::lift::run(&args),
        Verb::Validate(args) => verbs::validate::run(&args),
        Verb::Convert(args) => verbs::convert::run(&args),
        Verb::Parse(args) => verbs::parse::run(&args),
        Verb::Sample(args) => verbs::sample::run(&args),
        Verb::Extract(args) => verbs::extract::run(&args),
        Verb::Batch(args) => verbs::batch::run(&args),
        Verb::Serve(args) => verbs::serve::run(&args),
        Verb::Sql(args) => verbs::sql::run(&args),
        Verb::Cost(args) => verbs::cost::run(&args),
        Verb::Models(args) => verbs::models::run(&args),
    };
    exit::code(result)
}
