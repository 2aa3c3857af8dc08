//! Schema files as grammars.

use clap::{Args, ValueEnum};
pub(crate) use larkspur_schema::grammar::Options;
use larkspur_schema::{
    Relaxation,
    grammar::{GrammarError, PropertyOrder, SchemaGrammar, Spelling, WhiteSpace, to_grammar},
};
use serde_json::Value;

use crate::{
    exit::{Failure, say},
    input::{self, Source},
};

/// How a schema becomes a grammar. What a verb does where nothing is said differs from verb to verb.
#[derive(Args, Default)]
pub(crate) struct SchemaArgs {
    /// Of a schema: the order of properties. Default `any`; `sample`: `declared`.
    #[arg(long, value_enum)]
    order: Option<Order>,
    /// Of a schema: how strings and numbers may be written. Default `usual`; `parse`: `any`, `sample`: `plain`.
    #[arg(long, value_enum)]
    spelling: Option<Written>,
    /// Of a schema: where white space may stand. Default `between`; `parse`: `everywhere`, `sample`: `none`.
    #[arg(long, value_enum)]
    white_space: Option<Blank>,
    /// Of a schema: `format` is a note and no rule.
    #[arg(long)]
    ignore_formats: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Order {
    /// As the standard has it.
    Any,
    /// As the schema lists them.
    Declared,
}

#[derive(Clone, Copy, ValueEnum)]
enum Written {
    /// In the shortest way.
    Plain,
    /// As the usual writers of JSON do.
    Usual,
    /// As `usual`, and every character may be escaped.
    Any,
}

#[derive(Clone, Copy, ValueEnum)]
enum Blank {
    /// Nowhere.
    None,
    /// Inside the value.
    Between,
    /// Also around it.
    Everywhere,
}

impl SchemaArgs {
    /// The options, with those of the verb where nothing is said.
    fn options(&self, verb: Options) -> Options {
        Options {
            order: self.order.map_or(verb.order, |order| match order {
                Order::Any => PropertyOrder::Any,
                Order::Declared => PropertyOrder::Declared,
            }),
            spelling: self
                .spelling
                .map_or(verb.spelling, |spelling| match spelling {
                    Written::Plain => Spelling::Plain,
                    Written::Usual => Spelling::Usual,
                    Written::Any => Spelling::Any,
                }),
            white_space: self
                .white_space
                .map_or(verb.white_space, |space| match space {
                    Blank::None => WhiteSpace::None,
                    Blank::Between => WhiteSpace::Between,
                    Blank::Everywhere => WhiteSpace::Everywhere,
                }),
            formats: verb.formats && !self.ignore_formats,
            ..verb
        }
    }
}

/// What `sample` writes: sentences that are values as a model should write them.
pub(crate) fn for_samples() -> Options {
    Options {
        order: PropertyOrder::Declared,
        spelling: Spelling::Plain,
        white_space: WhiteSpace::None,
        ..Options::default()
    }
}

/// What `parse` reads: values in every way that JSON has.
pub(crate) fn for_reading() -> Options {
    Options {
        spelling: Spelling::Any,
        white_space: WhiteSpace::Everywhere,
        ..Options::default()
    }
}

/// A schema file and its grammar.
pub(crate) fn read(
    source: &Source,
    args: &SchemaArgs,
    verb: Options,
) -> Result<(Value, SchemaGrammar), Failure> {
    let schema = input::json(source)?;
    let made =
        to_grammar(&schema, &args.options(verb)).map_err(|error| unusable(source, &error))?;
    Ok((schema, made))
}

pub(crate) fn unusable(source: &Source, error: &GrammarError) -> Failure {
    for problem in error.diagnostics() {
        say(problem);
    }
    Failure::new(format_args!("`{}` cannot be made a grammar", source.name))
}

/// A rule that the grammar does not keep, in one line.
pub(crate) fn told(relaxation: &Relaxation) -> String {
    let Relaxation {
        pointer,
        keyword,
        reason,
        ..
    } = relaxation;
    format!("`{keyword}` at `#{pointer}`: {reason} (more is accepted)")
}
