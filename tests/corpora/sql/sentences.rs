//! Sentences of the grammars of real databases.
//!
//! A long run, which with that of the catalogs with hostile names takes ten thousand of each: `just sentences`.

use std::time::Duration;

use larkspur_grammar::{Dialect, lark, print, sample::Sampler};
use larkspur_sql::{RunLimits, SelectGrammar, Sqlite};

use super::databases;

/// How many sentences are taken of each grammar; `LARKSPUR_SENTENCES` says otherwise.
fn wanted() -> usize {
    std::env::var("LARKSPUR_SENTENCES").map_or(20, |wanted| wanted.parse().unwrap())
}

/// Each prepares on the database, passes its guard, and runs within the limits. Gives those that were stopped at the limit of time.
fn hold(name: &str, db: &Sqlite, select: &SelectGrammar) -> Vec<String> {
    let mut stopped = Vec::new();
    let sampler = Sampler::new(&select.grammar().unwrap()).unwrap();
    let limits = RunLimits {
        max_rows: 1,
        timeout: Duration::from_secs(1),
        ..RunLimits::default()
    };
    for sentence in sampler.sentences(7, 60).take(wanted()) {
        let query = db
            .check(&sentence.text)
            .unwrap_or_else(|rejection| panic!("{name}: {}\n{rejection}", sentence.text));
        match db.run(&query, &limits) {
            Ok(_) => {}
            Err(error) if error.is_timeout() => stopped.push(sentence.text),
            Err(error) => panic!("{name}: {query}\n{error}"),
        }
    }
    stopped
}

/// The size of the grammar as OpenAI takes it, in bytes.
fn is_clean(name: &str, select: &SelectGrammar) -> usize {
    let printed = print::lark(&select.grammar().unwrap(), Dialect::openai());
    assert!(printed.losses.is_empty(), "{name}: {:?}", printed.losses);
    let found = lark::check(&printed.text, Dialect::openai());
    assert!(found.is_empty(), "{name}: {found:?}");
    printed.text.len()
}

#[test]
fn sentences_of_real_databases_prepare_and_pass() {
    let (mut largest, mut cut, mut one_step, mut qualified) = (0, Vec::new(), 0, 0);
    let mut stopped = Vec::new();
    for (name, db) in databases() {
        let select = SelectGrammar::new(db.catalog(), db.guard().policy());
        let receipt = select.receipt().unwrap();
        assert_eq!(receipt.tables, [""; 0], "{name}");
        let is_cut = receipt.joins + receipt.depth > 0;
        cut.extend(is_cut.then(|| format!("{name}, {receipt}")));
        one_step += usize::from(receipt.steps);
        qualified += usize::from(receipt.columns);
        largest = largest.max(is_clean(&name, &select));
        stopped.extend(hold(&name, &db, &select));
    }
    // Only one of the databases has rows that a join can make many of.
    assert!(stopped.len() <= wanted() / 200, "{stopped:#?}");
    // In bytes, of the 51 grammars; it may only shrink.
    assert!(largest <= 100_000, "{largest}");
    // Of so many not all joins, or no queries within queries, are left, of so many only one query in a `WITH`, and of so many no columns without
    // the names of their tables; they may only shrink.
    assert!(cut.len() <= 8, "{cut:#?}");
    assert!(one_step <= 10, "{one_step}");
    assert!(qualified <= 13, "{qualified}");
}
