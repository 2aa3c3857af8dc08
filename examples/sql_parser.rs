//! Somebody else's parser put to the test: `sqlparser` reads what the shipped grammar of SELECT says.
//!
//! `cargo run --example sql_parser` tells what it finds. A parser of the whole of SQL takes more than the grammar does, so there
//! is nothing to be learned from near misses; but every sentence must be read, and printed as a text with the same meaning.

use larkspur::grammar::{Dialect, Grammar, lark};
use larkspur_proptest::{Disagreement, Laws, sentences};
use proptest::test_runner::{Config, RngSeed};
use sqlparser::ast::Statement;
use sqlparser::dialect::{PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::{Parser, ParserError};

/// In the repository; in your own, the grammar that you give to the model.
const SELECT: &str = include_str!("../grammars/sql-select.lark");

fn sqlite(text: &str) -> Result<Vec<Statement>, ParserError> {
    Parser::parse_sql(&SQLiteDialect {}, text)
}

fn postgres(text: &str) -> Result<Vec<Statement>, ParserError> {
    Parser::parse_sql(&PostgreSqlDialect {}, text)
}

fn print(statements: &[Statement]) -> String {
    let texts: Vec<String> = statements.iter().map(ToString::to_string).collect();
    texts.join("; ")
}

/// Each law with what it says.
fn run(grammar: &Grammar, cases: u32) -> [(&'static str, Result<(), Disagreement>); 4] {
    let laws = Laws::with(Config {
        cases,
        rng_seed: RngSeed::Fixed(1),
        ..Config::default()
    });
    let select = || sentences(grammar).max_lexemes(60);
    [
        (
            "SQLite's dialect reads every sentence",
            laws.reader_accepts_sentences(select(), sqlite),
        ),
        (
            "PostgreSQL's dialect reads every sentence",
            laws.reader_accepts_sentences(select(), postgres),
        ),
        (
            "both read it as the same tree",
            laws.parsers_agree(select(), sqlite, postgres),
        ),
        (
            "what is printed is read as the same tree",
            laws.print_parse_identity(select(), sqlite, |read| print(read)),
        ),
    ]
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let grammar = lark::compile(SELECT, Dialect::openai()).map_err(|_| "the grammar has faults")?;
    for (law, outcome) in run(&grammar, 2_000) {
        match outcome {
            Ok(()) => println!("holds: {law}\n"),
            Err(wrong) => println!("does not hold: {law}\n{wrong}\n"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is known of sqlparser 0.63, and found again within seconds.
    #[test]
    fn what_is_found() {
        let grammar = lark::compile(SELECT, Dialect::openai()).unwrap();
        let [sqlite, postgres, same_tree, printed] = run(&grammar, 500).map(|(_, outcome)| outcome);
        sqlite.unwrap();
        postgres.unwrap();
        // `||` binds tighter than `*` in SQLite and looser in PostgreSQL: one text, two meanings.
        let same_tree = same_tree.unwrap_err();
        assert_eq!(same_tree.text(), "SELECT a || a * a FROM a");
        // A name of quotes alone is printed with half of them.
        let printed = printed.unwrap_err();
        assert_eq!(printed.text(), r#"SELECT * FROM """""""#);
    }
}
