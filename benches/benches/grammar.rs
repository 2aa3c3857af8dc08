//! The grammar engine beside llguidance's recogniser, on the same texts in the same run.
//!
//! JSON is 1 MB of records, SQL 100 kB of one query; both are made here. `sql, words reserved` is deterministic, `sql` is not:
//! there a keyword may be a name, and the engine follows several stacks. Only the engine makes trees.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use larkspur_grammar::{Compiled, Dialect, Matcher, Parser, lark};
use llguidance::api::TopLevelGrammar;
use llguidance::toktrie::{ApproximateTokEnv, InferenceCapabilities};
use llguidance::{ParserFactory, TokenParser};

const JSON: &str = r#"
start: value
?value: object | array | STRING | NUMBER | "true" -> true | "false" -> false | "null" -> null
object: "{" (pair ("," pair)*)? "}"
pair: STRING ":" value
array: "[" (value ("," value)*)? "]"
STRING: /"([^"\\\x00-\x1f]|\\(["\\\/bfnrt]|u[0-9a-fA-F]{4}))*"/
NUMBER: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/
%ignore /[ \n\r\t]+/
"#;

/// Every string and literal of JSON, in any order: what lexing alone costs.
const JSON_LEXEMES: &str = r#"
start: (STRING | NUMBER | "true" | "false" | "null" | /[{}\[\],:]/)+
STRING: /"([^"\\\x00-\x1f]|\\(["\\\/bfnrt]|u[0-9a-fA-F]{4}))*"/
NUMBER: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/
%ignore /[ \n\r\t]+/
"#;

const SQL: &str = r#"
start: query (";")?
query: "select"i distinct? items "from"i sources where_? group_? order_? limit_?
distinct: "distinct"i
items: item ("," item)*
item: "*" -> all | expr ("as"i NAME)?
sources: source ("," source | join)*
source: NAME ("as"i NAME)? | "(" query ")" "as"i NAME
join: ("left"i | "inner"i)? "join"i source "on"i expr
where_: "where"i expr
group_: "group"i "by"i expr ("," expr)* ("having"i expr)?
order_: "order"i "by"i key ("," key)*
key: expr ("asc"i | "desc"i)?
limit_: "limit"i NUMBER ("offset"i NUMBER)?
?expr: or_
?or_: and_ | or_ "or"i and_
?and_: not_ | and_ "and"i not_
?not_: cmp | "not"i not_
?cmp: add | add OP add | add "is"i "not"i? "null"i | add "not"i? "in"i "(" (query | expr ("," expr)*) ")" | add "not"i? "like"i add | add "between"i add "and"i add
?add: mul | add "+" mul | add "-" mul
?mul: unary | mul "*" unary | mul "/" unary
?unary: primary | "-" unary
?primary: NUMBER | STRING | "null"i -> null_ | call | column | "(" expr ")" | case
call: NAME "(" ("*" | "distinct"i? expr ("," expr)*)? ")"
column: NAME ("." (NAME | "*"))?
case: "case"i ("when"i expr "then"i expr)+ ("else"i expr)? "end"i
OP: "=" | "<>" | "!=" | "<=" | ">=" | "<" | ">"
NAME: /[A-Za-z_][A-Za-z0-9_]*/
NUMBER: /[0-9]+(\.[0-9]+)?/
STRING: /'([^']|'')*'/
%ignore /[ \t\n\r]+/
"#;

const WORDS: &str = "select|distinct|from|where|group|by|having|order|limit|offset|as|on|join|left|inner|and|or|not|is|in|like|between|null|case|when|then|else|end|asc|desc";

fn reserved_sql() -> String {
    SQL.replace(
        "NAME: /[A-Za-z_][A-Za-z0-9_]*/",
        &format!("NAME: /[A-Za-z_][A-Za-z0-9_]*/ & ~/(?i:{WORDS})/"),
    )
}

fn json(size: usize) -> String {
    let mut text = String::from("[");
    let mut i = 0;
    while text.len() < size {
        if i > 0 {
            text.push_str(",\n  ");
        }
        text.push_str(&format!(
            r#"{{"id": {i}, "name": "user {}", "email": "u{i}@example.com", "score": {}.{}, "tags": ["a", "bc", "tag{}"], "active": {}, "address": {{"city": "City {}", "zip": null}}}}"#,
            i * 7 % 1000,
            i % 97,
            i % 10,
            i % 5,
            i % 2 == 0,
            i % 13
        ));
        i += 1;
    }
    text.push(']');
    text
}

fn sql(size: usize) -> String {
    let mut text = String::from("SELECT ");
    let mut i = 0;
    while text.len() < size {
        if i > 0 {
            text.push_str(", ");
        }
        text.push_str(&format!(
            "CASE WHEN t{}.amount * {i} + {} > 10 AND NOT (u.name LIKE 'a%{i}' OR t.kind IN (1, 2, {i})) THEN sum(t.price - {i}) ELSE max(u.x) END AS col{i}",
            i % 7,
            i * 3
        ));
        i += 1;
    }
    text.push_str(" FROM t, u LEFT JOIN v ON u.id = v.id WHERE t.a IS NOT NULL AND u.b BETWEEN 1 AND 5 GROUP BY t.a ORDER BY u.b DESC LIMIT 10");
    text
}

fn rival(grammar: &str) -> TokenParser {
    let env = ApproximateTokEnv::single_byte_env();
    let mut factory = ParserFactory::new(&env, InferenceCapabilities::default(), &[])
        .expect("a vocabulary of bytes");
    factory.quiet();
    let mut parser = factory
        .create_parser(TopLevelGrammar::from_lark(grammar.to_owned()))
        .expect("the grammar is sound");
    parser.start_without_prompt();
    parser
}

/// Tree, recognition, and the rival's recognition of one text.
fn compare(criterion: &mut Criterion, name: &str, grammar: &str, text: &str) {
    let compiled = Compiled::new(&lark::compile(grammar, Dialect::llguidance()).expect("sound"))
        .expect("compiles");
    let mut cache = compiled.cache();
    let mut group = criterion.benchmark_group(name);
    group
        .sample_size(10)
        .throughput(Throughput::Bytes(text.len() as u64));
    let mut parser = Parser::new(&compiled);
    group.bench_function("larkspur, tree kept", |bencher| {
        bencher.iter(|| {
            parser
                .parse_first(&mut cache, black_box(text))
                .expect("a sentence")
                .heap_bytes()
        });
    });
    let mut matcher = Matcher::new(&compiled, &mut cache).expect("within limits");
    group.bench_function("larkspur, recognise", |bencher| {
        bencher.iter(|| {
            matcher.restart(&mut cache).expect("within limits");
            matcher
                .push(&mut cache, black_box(text))
                .expect("a sentence");
        });
    });
    group.bench_function("llguidance, recognise", |bencher| {
        bencher.iter_batched(
            || rival(grammar),
            |mut parser| parser.parser.apply_token(black_box(text).as_bytes(), 0),
            criterion::BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn rivals(criterion: &mut Criterion) {
    let (json, sql) = (json(1_000_000), sql(100_000));
    compare(criterion, "json 1 MB", JSON, &json);
    compare(criterion, "json 1 MB, lexemes alone", JSON_LEXEMES, &json);
    compare(
        criterion,
        "sql 100 kB, words reserved",
        &reserved_sql(),
        &sql,
    );
    compare(criterion, "sql 100 kB", SQL, &sql);
}

/// The cost is linear in the text.
fn sizes(criterion: &mut Criterion) {
    let compiled = Compiled::new(&lark::compile(JSON, Dialect::llguidance()).expect("sound"))
        .expect("compiles");
    let mut cache = compiled.cache();
    let mut parser = Parser::new(&compiled);
    let mut group = criterion.benchmark_group("json by size, tree kept");
    for size in [10_000, 100_000, 1_000_000, 10_000_000] {
        let text = json(size);
        group
            .sample_size(10)
            .throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| {
                parser
                    .parse(&mut cache, black_box(&text))
                    .expect("a sentence")
                    .heap_bytes()
            });
        });
    }
    group.finish();
}

/// Compiling 200 rules, and 100,000 items of right recursion.
fn other(criterion: &mut Criterion) {
    let mut rules = String::from("start: r0\n");
    for i in 0..200 {
        rules.push_str(&format!(
            "r{i}: \"k{i}\" (r{} | NAME)* | \"(\" r{} \")\" NUMBER?\n",
            (i * 7 + 1) % 200,
            (i + 1) % 200
        ));
    }
    rules.push_str("NAME: /[a-z]+/\nNUMBER: /[0-9]+/\n%ignore / +/\n");
    let grammar = lark::compile(&rules, Dialect::llguidance()).expect("sound");
    criterion.bench_function("compile 200 rules", |bencher| {
        bencher.iter(|| Compiled::new(black_box(&grammar)).expect("compiles"));
    });
    let compiled = Compiled::new(
        &lark::compile(
            "start: many\nmany: \"a\" many | \"a\"",
            Dialect::llguidance(),
        )
        .expect("sound"),
    )
    .expect("compiles");
    let mut cache = compiled.cache();
    let mut parser = Parser::new(&compiled);
    let text = "a".repeat(100_000);
    criterion.bench_function("right recursion, 100,000 items, tree kept", |bencher| {
        bencher.iter(|| {
            parser
                .parse(&mut cache, black_box(&text))
                .expect("a sentence")
                .heap_bytes()
        });
    });
}

criterion_group!(benches, rivals, sizes, other);
criterion_main!(benches);
