//! Grammars for PostgreSQL: every sentence is one that the database prepares, the guard passes, and a run takes within its limits.

use std::{fmt::Write as _, time::Duration};

use larkspur_grammar::{Dialect as Reader, lark, print, sample::Sampler};
use larkspur_output::GrammarReader;
use larkspur_sql::{
    Catalog, Column, Dialect, Joins, Policy, Postgres, Query, RunLimits, SelectGrammar, Sqlite,
    tree::Literal,
};

use crate::{data, server::server};

/// All types that matter, and names that need care.
const OWN: &str = r#"
    CREATE TYPE mood AS ENUM ('sad', 'it''s ok', E'two\nlines');
    CREATE TABLE "Order" (
        "select" integer PRIMARY KEY, "a""b" text, "MiXed" varchar(10), "ünï 🦀" numeric(12,3), "" "char", ok boolean, born date,
        seen timestamp, zoned timestamptz, feeling mood, doc jsonb, tags text[], code uuid, took interval, raw bytea, ratio double precision,
        small smallint, fixed char(5), net inet, part real
    );
    CREATE TABLE "user" (id bigint PRIMARY KEY, "Order" integer REFERENCES "Order", boss bigint REFERENCES "user", "user" text);
    CREATE TABLE only_json (doc json);
    CREATE VIEW totals AS SELECT "Order", count(*) AS n, avg(id) AS average FROM "user" GROUP BY 1;
    INSERT INTO "Order" SELECT g, 'it''s ' || g, g, g / 3.0, 'x', g % 2 = 0, DATE '2020-01-01' + g, now(), now(), 'sad', '{}', '{}',
        '00000000-0000-0000-0000-000000000000', '1 day', '\x00', g / 7.0, g, 'abc', '::1', 'NaN' FROM generate_series(0, 20) AS g;
    INSERT INTO "user" SELECT g, g, g, NULL FROM generate_series(0, 20) AS g;
"#;

/// How many sentences are taken of each grammar; `LARKSPUR_SENTENCES` says otherwise.
fn wanted() -> usize {
    std::env::var("LARKSPUR_SENTENCES").map_or(30, |wanted| wanted.parse().unwrap())
}

/// Databases of the gold queries with many keys, and Chinook.
const TRANSLATED: &[&str] = &[
    "chinook",
    "car_1",
    "dog_kennels",
    "flight_2",
    "student_transcripts_tracking",
];

/// Statements that make these, and the one of all types.
pub(crate) fn databases() -> Vec<(String, String)> {
    let translated = TRANSLATED
        .iter()
        .map(|name| ((*name).to_owned(), translated(sqlite(name).catalog())));
    translated.chain([("own".to_owned(), own())]).collect()
}

fn own() -> String {
    OWN.replace("\"\" \"char\", ", "\"x y\" \"char\", ")
}

fn sqlite(name: &str) -> Sqlite {
    if name == "chinook" {
        return Sqlite::from_ddl(&data::text("sample-databases/chinook.sql")).unwrap();
    }
    let rows = data::lines("text-to-sql/databases.jsonl");
    let row = rows.iter().find(|row| row["db_id"] == name).unwrap();
    Sqlite::from_ddl(row["ddl"].as_str().unwrap()).unwrap()
}

/// The type of PostgreSQL that is nearest to what SQLite was told.
fn postgres_type(column: &Column) -> &'static str {
    let declared = column.data_type.to_ascii_uppercase();
    let is = |parts: &[&str]| parts.iter().any(|part| declared.contains(part));
    if is(&["BOOL"]) {
        "boolean"
    } else if is(&["DATETIME", "TIMESTAMP"]) {
        "timestamp"
    } else if is(&["DATE"]) {
        "date"
    } else if is(&["INT"]) {
        "integer"
    } else if is(&["REAL", "FLOA", "DOUB"]) {
        "double precision"
    } else if is(&["NUM", "DEC"]) {
        "numeric(12,2)"
    } else {
        "text"
    }
}

/// The same tables in PostgreSQL. Columns of a key have the type of what they refer to.
fn translated(catalog: &Catalog) -> String {
    let quoted = |name: &str| Dialect::Postgres.quote_name(name);
    let list = |names: &[String]| {
        names
            .iter()
            .map(|name| quoted(name))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let type_of = |table: &str, column: &str| {
        let (mut table, mut column) = (table.to_owned(), column.to_owned());
        for _ in 0..5 {
            let found = catalog.table(&table).unwrap();
            let to = found.foreign_keys.iter().find_map(|key| {
                let place = key
                    .columns
                    .iter()
                    .position(|own| own.eq_ignore_ascii_case(&column))?;
                Some((key.table.clone(), key.references[place].clone()))
            });
            let Some(next) = to else { break };
            (table, column) = next;
        }
        postgres_type(catalog.table(&table).unwrap().column(&column).unwrap())
    };
    let mut ddl = String::new();
    for table in &catalog.tables {
        let columns = table.columns.iter();
        let columns = columns.map(|column| {
            format!(
                "{} {}",
                quoted(&column.name),
                type_of(&table.name, &column.name)
            )
        });
        writeln!(
            ddl,
            "CREATE TABLE {} ({});",
            quoted(&table.name),
            columns.collect::<Vec<_>>().join(", ")
        )
        .unwrap();
    }
    for table in &catalog.tables {
        let name = quoted(&table.name);
        for key in &table.foreign_keys {
            let target = catalog.table(&key.table).unwrap();
            let names = key
                .references
                .iter()
                .map(|name| target.column(name).unwrap().name.clone());
            let references = list(&names.collect::<Vec<_>>());
            let target = quoted(&target.name);
            let own = key
                .columns
                .iter()
                .map(|name| table.column(name).unwrap().name.clone());
            let own = list(&own.collect::<Vec<_>>());
            // PostgreSQL wants what is referred to to be unique.
            let unique = format!("{} {references}", key.table)
                .replace(|c: char| !c.is_ascii_alphanumeric(), "_");
            writeln!(
                ddl,
                "CREATE UNIQUE INDEX IF NOT EXISTS \"u_{unique}\" ON {target} ({references});"
            )
            .unwrap();
            writeln!(
                ddl,
                "ALTER TABLE {name} ADD FOREIGN KEY ({own}) REFERENCES {target} ({references});"
            )
            .unwrap();
        }
    }
    ddl
}

/// Sentences of a grammar prepare, pass and run; those that fail on the data, or run for more than a second, are counted.
fn hold(name: &str, db: &Postgres, select: &SelectGrammar, texts: usize) -> [usize; 2] {
    let grammar = select.grammar().unwrap();
    let printed = print::lark(&grammar, Reader::openai());
    assert!(printed.losses.is_empty(), "{name}: {:?}", printed.losses);
    let found = lark::check(&printed.text, Reader::openai());
    assert!(found.is_empty(), "{name}: {found:?}");
    assert_eq!(select.receipt().unwrap().tables, [""; 0], "{name}");
    let limits = RunLimits {
        max_rows: 1,
        timeout: Duration::from_secs(1),
        ..RunLimits::default()
    };
    let (mut of_data, mut stopped) = (0, 0);
    let sampler = Sampler::new(&grammar).unwrap();
    for sentence in sampler.sentences(7, 60).take(texts) {
        let query = db
            .check(&sentence.text)
            .unwrap_or_else(|rejection| panic!("{name}: {}\n{rejection}", sentence.text));
        let printed = query.statement().print(Dialect::Postgres);
        let again = db
            .guard()
            .check(&printed)
            .unwrap_or_else(|rejection| panic!("{name}: {query}\n{rejection}"));
        assert_eq!(again.statement(), query.statement(), "{query}\n{printed}");
        let names: Vec<String> = query.statement().parameters().map(str::to_owned).collect();
        let query = names.into_iter().fold(query, bound);
        match db.run(&query, &limits) {
            Ok(_) => {}
            Err(error) if error.is_timeout() => stopped += 1,
            Err(error) if error.is_data() => of_data += 1,
            Err(error) => panic!("{name}: {query}\n{error}"),
        }
    }
    [of_data, stopped]
}

/// With a value of the type that the grammar has a parameter for.
fn bound(query: Query, name: String) -> Query {
    let value: Literal = match name.as_str() {
        "$1" | "$2" | "$3" => "x".into(),
        "$4" | "$5" | "$6" => 1.into(),
        _ => "2026-01-31".into(),
    };
    query.bind(name, value)
}

#[test]
fn sentences_of_translated_databases_prepare_pass_and_run() {
    let server = server();
    for name in TRANSLATED {
        let ddl = translated(sqlite(name).catalog());
        let db = server.database(&format!("translated_{name}"), &ddl);
        let [of_data, stopped] = hold(name, &db, &db.select(), wanted());
        // There are no rows, but a count of them can be divided by zero.
        assert!(
            of_data <= wanted() / 10 && stopped == 0,
            "{name}: {of_data}, {stopped}"
        );
    }
}

#[test]
fn sentences_of_all_types_and_hostile_names_prepare_pass_and_run() {
    let server = server();
    let db = server.database("own", &own());
    let texts = wanted();
    let [of_data, stopped] = hold("own", &db, &db.select(), 3 * texts);
    assert!(
        of_data < texts && stopped <= texts / 50,
        "{of_data}, {stopped}"
    );
    hold("any", &db, &db.select().joins(Joins::Any), texts);
    let flat = SelectGrammar::new(db.catalog(), db.guard().policy())
        .max_depth(0)
        .max_tables(1)
        .max_rows(20);
    hold("flat", &db, &flat, texts);
    hold("deep", &db, &db.select().max_depth(3).max_tables(2), texts);
    for policy in [
        r#"{"functions": ["count"], "limit": {"max": 25}}"#,
        r#"{"functions": []}"#,
        r#"{"parameters": true}"#,
        r#"{"subqueries": false, "set_operations": false, "window_functions": false, "ctes": false}"#,
        r#"{"cartesian_products": false, "exclude": ["\"Order\".\"MiXed\"", "*.code"], "limit": {"max": 9, "missing": "refuse"}}"#,
    ] {
        let db = Postgres::connect(&server.url("own", "reader")).unwrap();
        let db = db.policy(Policy::from_json(policy).unwrap()).unwrap();
        hold(policy, &db, &db.select(), texts / 2);
    }
}

/// What the one before leaves out between the parameters is nothing.
#[test]
fn parameters_have_types_by_their_numbers() {
    let server = server();
    let db = server.database("parameters", "CREATE TABLE t (a text, n int, d date)");
    server.psql("parameters", "INSERT INTO t VALUES ('x', 1, '2026-01-31')");
    let policy = Policy::from_json(r#"{"parameters": true}"#).unwrap();
    let db = db.policy(policy).unwrap();
    let reader = GrammarReader::new(&db.select().grammar().unwrap()).unwrap();
    for (sql, is_sentence) in [
        ("SELECT a FROM t WHERE a = $1", true),
        ("SELECT a FROM t WHERE n = $4", true),
        ("SELECT a FROM t WHERE n IN ($4, $6) AND d > $7", true),
        ("SELECT a FROM t WHERE n = $1", false),
        ("SELECT a FROM t WHERE a = $4", false),
        ("SELECT a FROM t WHERE n = $10", false),
    ] {
        assert_eq!(reader.accept(sql).is_ok(), is_sentence, "{sql}");
    }
    let limits = RunLimits::default();
    let query = db.check("SELECT a FROM t WHERE d = $7").unwrap();
    assert!(db.run(&query, &limits).unwrap_err().is_unbound());
    let query = query.bind("$7", "2026-01-31");
    assert!(db.explain(&query).is_ok());
    assert_eq!(db.run(&query, &limits).unwrap().rows().len(), 1);
    // So many that PostgreSQL has to say what it thinks of it.
    let wrong = db.check("SELECT a FROM t WHERE d = $101").unwrap_err();
    assert_eq!(
        wrong.message(),
        "could not determine data type of parameter $1"
    );
}
