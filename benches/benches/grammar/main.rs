//! The grammar engine beside its rivals, on the same texts in the same run; prints the tables of `docs/speed.md`.
//!
//! `cargo bench --bench grammar` runs all, `cargo bench --bench grammar -- WORD` the parts whose title has the word.
//! Python's Lark takes part after `just lark`.

mod earlgrey;
mod lalrpop;
#[path = "../../../crates/larkspur-grammar/tests/support/large.rs"]
mod large;
mod lark;
mod lexing;
mod llguidance;
mod measure;
mod pest;
mod texts;

use std::hint::black_box;

use larkspur_grammar::{Cache, Compiled, Dialect, Matcher, Parser};

use lexing::Lexer;
use measure::{Contender, best, bytes_to_f64, race, significant, timed};

/// A grammar of the engine, warm: its tables stay, as in a service.
struct Engine {
    compiled: Compiled,
    cache: Cache,
}

impl Engine {
    fn new(grammar: &str) -> Self {
        let grammar = larkspur_grammar::lark::compile(grammar, Dialect::llguidance());
        let compiled = Compiled::new(&grammar.expect("sound")).expect("compiles");
        let cache = compiled.cache();
        Self { compiled, cache }
    }

    /// Bytes of the tree, of what was kept to make it, and of a matcher that has read the text.
    fn bytes(&mut self, text: &str) -> [usize; 3] {
        let mut parser = Parser::new(&self.compiled);
        let tree = parser.parse_first(&mut self.cache, text);
        let tree = tree.expect("a sentence").heap_bytes();
        let matcher = self.matcher(text).heap_bytes();
        [tree, parser.heap_bytes(), matcher]
    }

    fn matcher(&mut self, text: &str) -> Matcher {
        let mut matcher = Matcher::new(&self.compiled, &mut self.cache).expect("within limits");
        matcher.push(&mut self.cache, text).expect("a sentence");
        matcher
    }

    fn tree<'c>(&self, name: &'c str, text: &'c str) -> Contender<'c> {
        let (mut parser, mut cache) = (Parser::new(&self.compiled), self.cache.clone());
        Contender::new(name, move || {
            timed(|| {
                let tree = parser.parse_first(&mut cache, black_box(text));
                tree.expect("a sentence")
            })
        })
    }

    fn recognise<'c>(&self, name: &'c str, text: &'c str) -> Contender<'c> {
        let mut cache = self.cache.clone();
        let mut matcher = Matcher::new(&self.compiled, &mut cache).expect("within limits");
        Contender::new(name, move || {
            timed(|| {
                matcher.restart(&mut cache).expect("within limits");
                matcher
                    .push(&mut cache, black_box(text))
                    .expect("a sentence");
            })
        })
    }
}

/// The contenders that every grammar has.
fn common<'c>(grammar: &'c str, text: &'c str, lexer: &'c Lexer) -> Vec<Contender<'c>> {
    let engine = Engine::new(grammar);
    vec![
        engine.tree("larkspur, tree kept", text),
        engine.recognise("larkspur, recognise", text),
        Contender::new("lexing alone (a DFA of regex-automata)", move || {
            timed(|| lexer.lexemes(black_box(text)).count())
        }),
        Contender::new("llguidance, recognise", || {
            llguidance::recognise(grammar, black_box(text))
        }),
    ]
}

fn json_rivals<'c>(text: &'c str, lexer: &'c Lexer) -> [Contender<'c>; 2] {
    [
        Contender::new("LALRPOP on that lexer, tree", move || {
            timed(|| lalrpop::parse(lexer, black_box(text)))
        }),
        Contender::new("pest, pairs", || timed(|| pest::parse(black_box(text)))),
    ]
}

/// Python's Lark as a contender: its own process, timed by itself, once.
fn python<'c>(
    name: &'c str,
    (grammar, text): (&str, &str),
    parser: &str,
    rounds: u32,
) -> Option<Contender<'c>> {
    let took = lark::parse(grammar, text, parser, rounds)?;
    Some(Contender::new(name, move || took))
}

fn json() {
    let (text, lexer) = (texts::json(1_000_000), Lexer::new(lexing::JSON));
    let mut contenders = common(large::JSON, &text, &lexer);
    contenders.extend(json_rivals(&text, &lexer));
    contenders.extend(python(
        "Python's Lark, LALR, tree",
        (large::JSON, &text),
        "lalr",
        3,
    ));
    race("JSON, 1 MB", text.len(), contenders);
}

fn json_small() {
    let (text, lexer) = (texts::json(5_000), Lexer::new(lexing::JSON));
    let rival = earlgrey::Json::new();
    let mut contenders = common(large::JSON, &text, &lexer);
    contenders.push(Contender::new("earlgrey on that lexer, tree", || {
        timed(|| rival.parse(&lexer, black_box(&text)))
    }));
    contenders.extend(python(
        "Python's Lark, Earley, tree",
        (large::JSON, &text),
        "earley",
        3,
    ));
    race("JSON, 5 kB, beside Earley parsers", text.len(), contenders);
}

fn sql_reserved() {
    let (text, lexer, grammar) = (texts::sql(100_000), Lexer::sql(), large::reserved_sql());
    let mut contenders = common(&grammar, &text, &lexer);
    contenders.extend(python(
        "Python's Lark, LALR, tree",
        (large::SQL, &text),
        "lalr",
        3,
    ));
    race("SQL, 100 kB, words reserved", text.len(), contenders);
}

fn sql() {
    let (text, lexer) = (texts::sql(100_000), Lexer::sql());
    let contenders = common(large::SQL, &text, &lexer);
    race(
        "SQL, 100 kB, not LR(1): a keyword may be a name",
        text.len(),
        contenders,
    );
}

/// The cost is linear in the text.
fn sizes() {
    println!("\n| size of JSON | ms, tree kept | MB/s |\n|---|---|---|");
    for size in [10_000, 100_000, 1_000_000, 10_000_000] {
        let text = texts::json(size);
        let engine = Engine::new(large::JSON);
        let [took] = best(&mut [engine.tree("", &text)])[..] else {
            continue;
        };
        let seconds = took.as_secs_f64();
        println!(
            "| {size} | {} | {} |",
            significant(seconds * 1e3),
            significant(bytes_to_f64(text.len()) / seconds / 1e6)
        );
    }
}

/// Right recursion, where Earley parsers without Leo's trick are quadratic.
fn right_recursion() {
    const GRAMMAR: &str = "start: many\nmany: \"a\" many | \"a\"";
    println!("\n| items of right recursion | ms, tree kept | llguidance, ms |\n|---|---|---|");
    for items in [250, 500, 1_000, 10_000, 100_000, 1_000_000] {
        let text = "a".repeat(items);
        let engine = Engine::new(GRAMMAR);
        let [took] = best(&mut [engine.tree("", &text)])[..] else {
            continue;
        };
        let rival = if items > 1_000 {
            "refused from 1,996 on".to_owned()
        } else {
            significant(llguidance::recognise(GRAMMAR, &text).as_secs_f64() * 1e3)
        };
        println!(
            "| {items} | {} | {rival} |",
            significant(took.as_secs_f64() * 1e3)
        );
    }
}

fn compile() {
    let source = texts::rules(200);
    let read = || larkspur_grammar::lark::compile(&source, Dialect::llguidance()).expect("sound");
    let grammar = read();
    let names = ["read", "compile", "llguidance, both"];
    let mut contenders = [
        Contender::new(names[0], || timed(read)),
        Contender::new(names[1], || timed(|| Compiled::new(&grammar))),
        Contender::new(names[2], || timed(|| llguidance::parser(&source))),
    ];
    println!("\n| a grammar of 200 rules | ms |\n|---|---|");
    for (name, took) in names.iter().zip(best(&mut contenders)) {
        println!("| {name} | {} |", significant(took.as_secs_f64() * 1e3));
    }
}

/// What stays in memory after a text.
fn memory() {
    println!(
        "\n| bytes kept per byte of text | tree | matcher | parser, for the next text |\n|---|---|---|---|"
    );
    let (json, sql) = (texts::json(1_000_000), texts::sql(100_000));
    for (name, grammar, text) in [
        ("JSON, 1 MB", large::JSON.to_owned(), &json),
        ("SQL, 100 kB, words reserved", large::reserved_sql(), &sql),
        ("SQL, 100 kB", large::SQL.to_owned(), &sql),
    ] {
        let [tree, parser, matcher] = Engine::new(&grammar)
            .bytes(text)
            .map(|bytes| significant(bytes_to_f64(bytes) / bytes_to_f64(text.len())));
        println!("| {name} | {tree} | {matcher} | {parser} |");
    }
}

fn main() {
    let word = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let parts: [(&str, fn()); 8] = [
        ("json", json),
        ("earley json", json_small),
        ("reserved sql", sql_reserved),
        ("ambiguous sql", sql),
        ("sizes", sizes),
        ("right recursion", right_recursion),
        ("compile", compile),
        ("memory", memory),
    ];
    if !lark::is_installed() {
        println!("Python's Lark does not take part: `just lark` installs it");
    }
    for (title, part) in parts {
        if word.as_deref().is_none_or(|word| title.contains(word)) {
            part();
        }
    }
}
