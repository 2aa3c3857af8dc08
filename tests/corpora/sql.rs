//! SQL of others: gold queries of text-to-SQL, attacks, statements of many dialects.

mod sentences;

use std::collections::BTreeMap;

use larkspur_output::GrammarReader;
use larkspur_sql::{Catalog, Joins, Policy, RunLimits, Sqlite, quote_text};

use rusqlite::Connection;

use crate::{
    data,
    spelled::{Spelled, spelled},
};

/// Gold queries that SQLite prepares and the guard refuses, by database and the codes of what it has against them.
/// Each has its reason; the list may only shrink.
const REFUSED_GOLD: &[(&str, &str)] = &[];

/// The databases of the gold queries, empty, and Chinook with its rows.
fn databases() -> BTreeMap<String, Sqlite> {
    let of_queries = data::lines("text-to-sql/databases.jsonl")
        .into_iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            (text("db_id"), text("ddl"))
        });
    let chinook = (
        "chinook".to_owned(),
        data::text("sample-databases/chinook.sql"),
    );
    let open = |(name, ddl): (String, String)| {
        let db = Sqlite::from_ddl(&ddl).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, db)
    };
    of_queries.chain([chinook]).map(open).collect()
}

/// The databases of the gold queries without anything in the way.
fn raw() -> BTreeMap<String, Connection> {
    let raw = data::lines("text-to-sql/databases.jsonl")
        .into_iter()
        .map(|row| {
            let connection = Connection::open_in_memory().unwrap();
            connection
                .execute_batch(row["ddl"].as_str().unwrap())
                .unwrap();
            (row["db_id"].as_str().unwrap().to_owned(), connection)
        });
    raw.collect()
}

/// What a tree prints is the same query, and has the same tree.
#[test]
fn the_guard_passes_every_gold_query_and_its_tree_prints_the_same() {
    let (databases, raw) = (databases(), raw());
    assert_eq!(databases.len(), 51);
    let (mut passed, mut refused) = (0, Vec::new());
    for row in data::lines("text-to-sql/queries.jsonl")
        .iter()
        .filter(|row| row["prepares"] == true)
    {
        let (db, sql) = (row["db_id"].as_str().unwrap(), row["sql"].as_str().unwrap());
        match databases[db].check(sql) {
            Ok(query) => {
                assert_eq!(query.sql(), sql);
                let printed = query.statement().to_string();
                let again = databases[db].guard().check(&printed);
                assert_eq!(again.unwrap().statement(), query.statement(), "{printed}");
                let [code, other] = [sql, &printed].map(|sql| byte_code(&raw[db], sql));
                assert_eq!(code, other, "{sql}\n{printed}");
                passed += 1;
            }
            Err(rejection) => refused.push(format!("{db}: {sql}\n{rejection}")),
        }
    }
    assert_eq!(
        refused.len(),
        REFUSED_GOLD.len(),
        "{}",
        refused.join("\n\n")
    );
    assert_eq!(passed + refused.len(), 2600);
}

/// Policies that hide all columns whose names a query does not have in it.
fn hiding_the_rest(catalog: &Catalog, sql: &str) -> Policy {
    let sql = sql.to_lowercase();
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let columns = catalog.tables.iter().flat_map(|table| {
        let columns = table.columns.iter().map(|column| column.name.as_str());
        let columns = columns.filter(|column| !sql.contains(&column.to_lowercase()));
        columns.map(|column| format!("{}.{}", quoted(&table.name), quoted(column)))
    });
    let columns: Vec<String> = columns.collect();
    Policy::from_json(&serde_json::json!({ "exclude": columns }).to_string()).unwrap()
}

/// Wherever the guard passes a query over what is left of a database, so does SQLite, asked over the database and over empty tables.
#[test]
fn what_is_hidden_and_not_named_is_in_nobodys_way() {
    let mut databases = databases();
    let mut passed = 0;
    let rows = data::lines("text-to-sql/queries.jsonl");
    for row in rows.iter().filter(|row| row["prepares"] == true) {
        let (name, sql) = (row["db_id"].as_str().unwrap(), row["sql"].as_str().unwrap());
        let db = databases.remove(name).unwrap();
        let db = db.policy(Policy::default()).unwrap();
        let policy = hiding_the_rest(db.catalog(), sql);
        let db = db.policy(policy).unwrap();
        if db.guard().check(sql).is_ok() {
            let checked = db.check(sql);
            assert!(checked.is_ok(), "{sql}: {:?}", checked.err());
            passed += 1;
        }
        databases.insert(name.to_owned(), db);
    }
    // The others read `*`.
    assert!(passed > 2_500, "{passed}");
}

/// The codes of a refusal.
fn codes(db: &Sqlite, sql: &str) -> Vec<&'static str> {
    match db.check(sql) {
        Ok(_) => Vec::new(),
        Err(rejection) => rejection
            .violations()
            .iter()
            .filter_map(|violation| violation.code)
            .collect(),
    }
}

/// Statements that are marked read-only and that the guard takes for something else, with the reason.
const JUDGED_OTHERWISE: &[(&str, &str)] = &[];

#[test]
fn statements_are_judged_as_they_are_marked() {
    let db = Sqlite::from_ddl("").unwrap();
    let mut otherwise = Vec::new();
    let mut told = BTreeMap::<&str, usize>::new();
    for row in data::lines("sql-attacks/statements.jsonl") {
        let sql = row["sql"].as_str().unwrap();
        let codes = codes(&db, sql);
        let reads = row["read_only"] == true;
        for code in &codes {
            *told.entry(code).or_default() += 1;
        }
        // What only reads may still be SQL that SQLite does not have, or name what is not there: these are other codes.
        let as_marked = if reads {
            !codes.contains(&"read-only") && !codes.contains(&"one-statement")
        } else {
            !codes.is_empty()
        };
        // What SQLite prepares on an empty schema, the guard passes.
        let sqlite = !(reads && row["sqlite"] == "ok")
            || codes
                .iter()
                .all(|code| ["comment", "function", "parameter"].contains(code));
        if !as_marked || !sqlite {
            otherwise.push(format!("{sql}: {codes:?}"));
        }
    }
    assert_eq!(
        otherwise.len(),
        JUDGED_OTHERWISE.len(),
        "{otherwise:#?}\n{told:?}"
    );
}

const USERS: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, password TEXT, email TEXT, role TEXT);
    INSERT INTO users VALUES (1, 'admin', 'hunter2', 'admin@example.org', 'admin'), (2, 'bo', 'hunter2', 'bo@example.org', 'user');
";

fn users() -> Sqlite {
    let policy = Policy::from_json(r#"{"exclude": ["*.password"]}"#).unwrap();
    Sqlite::from_ddl(USERS).unwrap().policy(policy).unwrap()
}

/// A text as a value is one literal, whatever it is, and comes back byte for byte.
#[test]
fn attacks_and_benign_texts_are_harmless_as_literals() {
    let db = users();
    let mut texts = 0;
    for row in data::lines("sql-attacks/attacks.jsonl")
        .into_iter()
        .chain(data::lines("sql-attacks/benign-text.jsonl"))
    {
        let text = row["s"].as_str().unwrap();
        let sql = format!(
            "SELECT {0} AS text, count(*) AS found FROM users WHERE username = {0}",
            quote_text(text)
        );
        let query = db
            .check(&sql)
            .unwrap_or_else(|rejection| panic!("{rejection}"));
        let rows: Vec<(String, u32)> = db
            .run(&query, &RunLimits::default())
            .unwrap()
            .read()
            .unwrap();
        assert_eq!(rows, [(text.to_owned(), 0)]);
        texts += 1;
    }
    assert_eq!(texts, 1661 + 207);
}

/// Attacks alone are no query: all are refused, but for a few that are.
#[test]
fn attacks_alone_are_refused() {
    let db = users();
    let passed: Vec<String> = data::lines("sql-attacks/attacks.jsonl")
        .iter()
        .filter_map(|row| row["s"].as_str().map(str::to_owned))
        .filter(|text| db.check(text).is_ok())
        .collect();
    assert!(passed.is_empty(), "{passed:#?}");
}

/// Where a value is pasted without quoting, what leaves its place and is still one query over what is shown passes: the guard
/// cannot know what was meant. It reads nothing that is hidden and writes nothing. Read one by one, these are of four kinds:
///
/// - *One constant*: nearly all for `num` and `order`, such as `' or 1=1 or ''='`, which is a text with both its quotes, or `1*56`;
///   and for `str` and `dq` what stays one with the quotes around it, such as `'-'`, `1'||'asd'||'` or ` like '%'` (a remainder).
///   The column is held against another constant than was meant, the rows are in no other order.
/// - *A constant that goes along* (`' and 1='1`, `1 and 1=1`): the condition is the same or never holds.
/// - *A condition that is held against a constant* (`'='`, `'LIKE'`): true or false is no empty text, so it never holds.
/// - *Another condition on a column that is shown* (`' or username like '%`): it does widen what is read, to rows that whoever
///   writes the text could ask for anyway. These, and constants that happen to be the key of a row, are listed: the texts with which rows
///   come that do not come where the text is one literal. That some rows are not to be seen is for a view to say.
///
/// The counts may only shrink.
const PASTED: &[(&str, &str, usize, &[&str])] = &[
    (
        "str",
        "SELECT id, email FROM users WHERE username = '{}'",
        15,
        &[
            "' or username is not NULL or username = '",
            "' or username like '%",
        ],
    ),
    (
        "dq",
        "SELECT id, email FROM users WHERE username = \"{}\"",
        3,
        &[],
    ),
    (
        "num",
        "SELECT id, email FROM users WHERE id = {}",
        60,
        &["1 and 1=1", "1-false"],
    ),
    ("order", "SELECT id, email FROM users ORDER BY {}", 58, &[]),
];

/// The rows of a text that passes, none of which has what is hidden.
fn rows(db: &Sqlite, sql: &str) -> Option<Vec<String>> {
    let query = db.check(sql).ok()?;
    let rows = db.run(&query, &RunLimits::default()).unwrap().to_csv();
    assert!(!rows.contains("hunter2"), "{sql}");
    Some(rows.lines().skip(1).map(str::to_owned).collect())
}

#[test]
fn attacks_pasted_into_templates_are_refused_or_read_what_is_shown() {
    let db = users();
    let mut otherwise = Vec::new();
    for (name, template, known, known_to_widen) in PASTED {
        let (mut passed, mut widens) = (0, Vec::new());
        for row in data::lines("sql-attacks/attacks.jsonl") {
            let text = row["s"].as_str().unwrap();
            let Some(found) = rows(&db, &template.replace("{}", text)) else {
                continue;
            };
            if row["sqlite"].get(name).is_none() {
                continue;
            }
            passed += 1;
            let place = if template.contains(['\'', '"']) {
                &template[..template.len() - 4]
            } else {
                template.trim_end_matches("{}")
            };
            let meant = rows(&db, &format!("{place}{}", quote_text(text))).unwrap();
            if found.iter().any(|row| !meant.contains(row)) {
                widens.push(text.to_owned());
            }
        }
        if passed != *known || widens != *known_to_widen {
            otherwise.push((name, passed, widens));
        }
    }
    assert!(otherwise.is_empty(), "{otherwise:#?}");
}

/// Gold queries that the grammar accepts with joins along the keys that the databases declare, and those that join otherwise: on
/// columns that no key relates, on several conditions, or on none. The counts may only grow.
const ACCEPTED: [usize; 2] = [2466, 130];

/// How many of all these it accepts with the columns alone that stand so in the query. The others name a column alone among several tables
/// that no other of them has, but another that could be joined there. It may only grow.
const ACCEPTED_ALONE: usize = 2580;

/// What of the gold queries the grammar does not accept, by reason. The counts may only shrink.
const NOT_ACCEPTED: &[(&str, usize)] = &[
    ("a table for the third time", 2),
    ("one of more sets of tables than there may be", 2),
];

/// Why a query is not accepted, by what stands in it.
fn reason(spelled: &Spelled) -> &'static str {
    let sql = &spelled.sql;
    if sql.contains("_3.") {
        "a table for the third time"
    } else if spelled.tables > 2 {
        "one of more sets of tables than there may be"
    } else {
        "?"
    }
}

/// Opcodes and operands of what SQLite makes of a query, without its notes for people.
fn byte_code(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN {sql}")).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut code = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let of_row: Vec<rusqlite::types::Value> =
            (1..7).map(|index| row.get(index).unwrap()).collect();
        if of_row[0] != rusqlite::types::Value::from("Explain".to_owned()) {
            code.push(format!("{of_row:?}"));
        }
    }
    code
}

/// Reads what a grammar accepts, for each database and what a query needs.
#[derive(Default)]
struct Readers(BTreeMap<(String, usize, usize, bool), GrammarReader>);

impl Readers {
    /// Whether it accepts a query, and whether also with the columns alone that stood so.
    fn accepts(
        &mut self,
        name: &str,
        db: &Sqlite,
        spelled: &Spelled,
        joins: Joins,
    ) -> (bool, bool) {
        let Spelled {
            sql,
            alone,
            tables,
            depth,
        } = spelled;
        let key = (name.to_owned(), *tables, *depth, joins == Joins::Any);
        let reader = self.0.entry(key).or_insert_with(|| {
            let select = db.select().joins(joins).max_tables(*tables);
            let grammar = select
                .max_depth(*depth)
                .max_shapes(400)
                .max_bytes(usize::MAX)
                .grammar();
            GrammarReader::new(&grammar.unwrap()).unwrap()
        });
        (reader.accept(sql).is_ok(), reader.accept(alone).is_ok())
    }
}

/// The grammar accepts the gold queries, spelled as it spells them, which means the same: SQLite makes the same code of both.
#[test]
fn the_grammar_covers_gold_queries() {
    let (databases, raw) = (databases(), raw());
    let mut readers = Readers::default();
    let (mut accepted, mut otherwise) = ([0, 0], BTreeMap::<&str, Vec<String>>::new());
    let mut accepted_alone = 0;
    for row in data::lines("text-to-sql/queries.jsonl")
        .iter()
        .filter(|row| row["prepares"] == true)
    {
        let (name, sql) = (row["db_id"].as_str().unwrap(), row["sql"].as_str().unwrap());
        let db = &databases[name];
        let spelled = spelled(db.catalog(), sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        for spelled in [&spelled.sql, &spelled.alone] {
            let codes = [sql, spelled].map(|sql| byte_code(&raw[name], sql));
            assert_eq!(codes[0], codes[1], "{sql}");
        }
        let ways = [Joins::Keys, Joins::Any].into_iter().enumerate();
        let mut ways = ways.map(|(way, joins)| (way, readers.accepts(name, db, &spelled, joins)));
        if let Some((way, (_, alone))) = ways.find(|(_, (accepts, _))| *accepts) {
            accepted[way] += 1;
            accepted_alone += usize::from(alone);
        } else {
            otherwise
                .entry(reason(&spelled))
                .or_default()
                .push(spelled.sql);
        }
    }
    let counts: Vec<(&str, usize)> = otherwise
        .iter()
        .map(|(why, sqls)| (*why, sqls.len()))
        .collect();
    assert_eq!(
        (accepted, counts.as_slice()),
        (ACCEPTED, NOT_ACCEPTED),
        "{otherwise:#?}"
    );
    assert_eq!(accepted_alone, ACCEPTED_ALONE);
    assert_eq!(
        accepted.iter().sum::<usize>() + counts.iter().map(|(_, count)| count).sum::<usize>(),
        2600
    );
}
