//! `larkspur sample`: sentences of a grammar or values of a schema, or texts that are almost sentences.

use std::io::{BufWriter, Write};

use clap::Args;
use larkspur_grammar::{
    Cache, Compiled,
    sample::{Sampler, Sentence},
};
use larkspur_output::JsonReader;
use serde_json::json;

use crate::{
    exit::{Failure, Verdict, say},
    grammar::{File, GrammarArgs},
    schema,
};

#[derive(Args)]
pub(crate) struct SampleArgs {
    #[command(flatten)]
    grammar: GrammarArgs,
    /// How many.
    #[arg(short = 'n', long = "number", value_name = "N", default_value_t = 10)]
    number: usize,
    /// The same seed gives the same texts.
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// About how many lexemes a sentence has at most.
    #[arg(long, value_name = "N", default_value_t = 40)]
    size: usize,
    /// Texts that are one edit away from a sentence, and are none.
    #[arg(long)]
    near_miss: bool,
    /// One JSON string a line, so that texts of several lines stay apart.
    #[arg(long)]
    ndjson: bool,
}

/// Sentences that are drawn, and edits that are tried, before one is given up.
const MOST_TRIES: usize = 200;

pub(crate) fn run(args: &SampleArgs) -> Result<Verdict, Failure> {
    let (grammar, name, schema) = File::open(&args.grammar, schema::for_samples())?.read()?;
    let failure = |error: &dyn std::fmt::Display| Failure::new(format_args!("`{name}`: {error}"));
    let sampler = Sampler::new(&grammar).map_err(|error| failure(&error))?;
    let mut judge = if let Some(schema) = schema {
        let reader = JsonReader::new(&schema).map_err(|error| failure(&error))?;
        Judge::Schema(Box::new(reader))
    } else {
        let compiled = Compiled::new(&grammar).map_err(|error| failure(&error))?;
        let cache = compiled.cache();
        Judge::Grammar(Box::new((compiled, cache)))
    };
    let mut stdout = BufWriter::new(std::io::stdout().lock());
    let mut missing = 0;
    let mut drawn = sampler.sentences(args.seed, args.size);
    for index in 0..args.number {
        let sentence = drawn
            .by_ref()
            .take(MOST_TRIES)
            .find(|sentence| judge.accepts(&sentence.text));
        let text = match sentence {
            Some(sentence) if args.near_miss => {
                let seed = args.seed.wrapping_add(index as u64);
                near_miss(&sampler, &sentence, seed, &mut judge)
            }
            other => other.map(|sentence| sentence.text),
        };
        match text {
            Some(text) => print(&mut stdout, &text, args.ndjson)?,
            None => missing += 1,
        }
    }
    stdout.flush()?;
    if missing > 0 {
        say(format_args!(
            "note: {missing} of {} could not be made: {}",
            args.number,
            if args.near_miss {
                "every text so near is a sentence"
            } else {
                "the lexer cuts them otherwise, or a rule of the schema that its grammar does not keep refuses them"
            }
        ));
    }
    Ok(Verdict::from_ok(missing == 0))
}

/// Says whether a text is a sentence, or the value of a schema: its grammar may be wider.
enum Judge {
    Grammar(Box<(Compiled, Cache)>),
    Schema(Box<JsonReader>),
}

impl Judge {
    /// A text that is too much work to judge is neither a sentence nor a near miss that can be shown.
    fn verdict(&mut self, text: &str) -> Option<bool> {
        match self {
            Self::Grammar(grammar) => {
                let (compiled, cache) = grammar.as_mut();
                compiled.accepts(cache, text).ok()
            }
            Self::Schema(reader) => Some(reader.read_node(text).is_ok()),
        }
    }

    fn accepts(&mut self, text: &str) -> bool {
        self.verdict(text) == Some(true)
    }
}

fn near_miss(
    sampler: &Sampler,
    sentence: &Sentence,
    seed: u64,
    judge: &mut Judge,
) -> Option<String> {
    let accepts = |text: &str| judge.verdict(text) != Some(false);
    let miss = sampler.near_miss(sentence, seed, MOST_TRIES, accepts);
    miss.map(|miss| miss.text)
}

fn print(out: &mut impl Write, text: &str, ndjson: bool) -> Result<(), Failure> {
    if ndjson {
        writeln!(out, "{}", json!(text))?;
    } else {
        writeln!(out, "{text}")?;
    }
    Ok(())
}
