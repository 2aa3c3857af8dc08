//! Grammars for PostgreSQL: every sentence is one that the database prepares, the guard passes, and a run takes within its limits.

use std::fmt::Write as _;

use larkspur_grammar::{Dialect as Reader, lark, print, sample::Sampler};
use larkspur_sql::{
    Catalog, Column, Dialect, Joins, Policy, Postgres, RunLimits, SelectGrammar, Sqlite,
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

/// How many sentences are taken of each grammar; `LARKSPUR_TEXTS` says otherwise.
fn texts() -> usize {
    std::env::var("LARKSPUR_TEXTS").map_or(30, |texts| texts.parse().unwrap())
}

/// Databases of the gold queries with many keys, and Chinook.
const TRANSLATED: &[&str] = &[
    "chinook",
    "car_1",
    "dog_kennels",
    "flight_2",
    "student_transcripts_tracking",
];

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

/// Sentences of a grammar prepare, pass and run; those that fail on the data are counted.
fn hold(name: &str, db: &Postgres, select: &SelectGrammar, texts: usize) -> usize {
    let grammar = select.grammar().unwrap();
    let printed = print::lark(&grammar, Reader::openai());
    assert!(printed.losses.is_empty(), "{name}: {:?}", printed.losses);
    let found = lark::check(&printed.text, Reader::openai());
    assert!(found.is_empty(), "{name}: {found:?}");
    assert_eq!(select.receipt().unwrap().tables, [""; 0], "{name}");
    let limits = RunLimits {
        max_rows: 1,
        ..RunLimits::default()
    };
    let mut of_data = 0;
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
        match db.run(&query, &limits) {
            Ok(_) => {}
            Err(error) if error.is_data() => of_data += 1,
            Err(error) => panic!("{name}: {query}\n{error}"),
        }
    }
    of_data
}

#[test]
fn sentences_of_translated_databases_prepare_pass_and_run() {
    let server = server();
    for name in TRANSLATED {
        let ddl = translated(sqlite(name).catalog());
        let db = server.database(&format!("translated_{name}"), &ddl);
        // There are no rows.
        assert_eq!(hold(name, &db, &db.select(), texts()), 0, "{name}");
    }
}

#[test]
fn sentences_over_all_types_and_hostile_names_prepare_pass_and_run() {
    let server = server();
    let db = server.database("own", &OWN.replace("\"\" \"char\", ", "\"x y\" \"char\", "));
    let texts = texts();
    let of_data = hold("own", &db, &db.select(), 3 * texts);
    assert!(of_data < texts, "{of_data}");
    hold("any", &db, &db.select().joins(Joins::Any), texts);
    let flat = SelectGrammar::new(db.catalog(), db.guard().policy())
        .max_depth(0)
        .max_tables(1)
        .max_rows(20);
    hold("flat", &db, &flat, texts);
    for policy in [
        r#"{"functions": ["count"], "limit": {"max": 25}}"#,
        r#"{"functions": []}"#,
        r#"{"subqueries": false, "set_operations": false, "window_functions": false, "ctes": false}"#,
        r#"{"cartesian_products": false, "exclude": ["\"Order\".\"MiXed\"", "*.code"], "limit": {"max": 9, "missing": "refuse"}}"#,
    ] {
        let db = Postgres::connect(&server.url("own", "reader")).unwrap();
        let db = db.policy(Policy::from_json(policy).unwrap()).unwrap();
        hold(policy, &db, &db.select(), texts / 2);
    }
}
