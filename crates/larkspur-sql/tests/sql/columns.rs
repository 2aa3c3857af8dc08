//! Columns behind the name of their table, alone, and either way.

use std::collections::BTreeSet;

use larkspur_grammar::{Compiled, Dialect as Lark, Parser, print};
use larkspur_sql::{
    Catalog, Column, Columns, Dialect, Guard, Joins, Policy, SelectGrammar, Sqlite, Table,
};
use sqlparser::keywords::ALL_KEYWORDS;

use crate::{
    grammar::{findings, sentences},
    support::{HIDING, shop},
};

const ALL: [Columns; 3] = [Columns::Either, Columns::Bare, Columns::Qualified];

/// Teams, of which one can be joined with itself, and columns of the same names.
const GAMES: &str = "
    CREATE TABLE team (id INTEGER PRIMARY KEY, name TEXT, city_id INT REFERENCES city, captain INT REFERENCES team);
    CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT, \"group\" TEXT, mayor TEXT);
    CREATE TABLE game (home INT REFERENCES team, away INT REFERENCES team, place INT, spot INT, FOREIGN KEY (place, spot) REFERENCES spot);
    CREATE TABLE spot (place INT, spot INT, note TEXT, PRIMARY KEY (place, spot));
";

/// Whether a grammar has each of these sentences, all of which the database takes.
fn accepts(db: &Sqlite, select: &SelectGrammar, sql: &str) -> bool {
    let compiled = Compiled::new(&select.grammar().unwrap()).unwrap();
    assert!(db.check(sql).is_ok(), "{sql}");
    Parser::new(&compiled)
        .parse(&mut compiled.cache(), sql)
        .is_ok()
}

#[test]
fn each_way_of_writing_has_its_own_sentences() {
    let db = Sqlite::from_ddl(GAMES).unwrap();
    // Which of either, alone and qualified has it.
    for (sql, expected) in [
        ("SELECT team.name FROM team", [true, false, true]),
        ("SELECT name FROM team", [true, true, false]),
        (
            "SELECT name, team.id FROM team WHERE upper(team.name) = 'A' ORDER BY id",
            [true, false, false],
        ),
        (
            "SELECT \"group\", count(*) AS how_many FROM city GROUP BY \"group\" HAVING max(mayor) > 'A' ORDER BY count(id)",
            [true, true, false],
        ),
        // Of which there are several, also where the table itself may be one of them.
        (
            "SELECT team.name, mayor FROM team JOIN city ON team.city_id = city.id",
            [true, true, false],
        ),
        (
            "SELECT team.name, city.mayor FROM team JOIN city ON team.city_id = city.id",
            [true, false, true],
        ),
        (
            "SELECT home, note FROM game JOIN spot ON game.place = spot.place AND game.spot = spot.spot",
            [true, true, false],
        ),
        // Within a query there is only what stands there.
        (
            "SELECT name FROM team WHERE city_id IN (SELECT id FROM city WHERE name = 'B')",
            [true, true, false],
        ),
        (
            "SELECT name FROM city WHERE EXISTS (SELECT 1 FROM team WHERE team.city_id = city.id AND name = 'B')",
            [true, true, false],
        ),
        (
            "SELECT name, (SELECT count(id) FROM team WHERE team.city_id = city.id AND captain = 1) FROM city",
            [true, true, false],
        ),
        (
            "WITH step1 AS (SELECT name AS c1, count(*) AS c2 FROM team GROUP BY name) SELECT c1 FROM step1 WHERE c2 > 1 ORDER BY c2",
            [true, true, false],
        ),
        (
            "WITH step1 AS (SELECT name AS c1, id AS c2 FROM team), step2 AS (SELECT name AS c1, id AS c2 FROM city) \
             SELECT step1.c1 FROM step1 JOIN step2 ON step1.c2 = step2.c2",
            [true, true, false],
        ),
    ] {
        for (columns, expected) in ALL.into_iter().zip(expected) {
            let select = db.select().columns(columns);
            assert_eq!(accepts(&db, &select, sql), expected, "{columns:?}: {sql}");
        }
    }
}

#[test]
fn a_name_that_several_tables_have_never_stands_alone_among_them() {
    let db = Sqlite::from_ddl(GAMES).unwrap();
    let select = db.select();
    let compiled = Compiled::new(&select.grammar().unwrap()).unwrap();
    let mut cache = compiled.cache();
    for sql in [
        "SELECT name FROM team JOIN city ON team.city_id = city.id",
        "SELECT captain FROM team JOIN team AS team_2 ON team.captain = team_2.id",
        "SELECT place FROM game JOIN spot ON game.place = spot.place AND game.spot = spot.spot",
        "SELECT mayor FROM team",
        "SELECT name FROM team WHERE mayor = 'B'",
        "WITH step1 AS (SELECT name AS c1, id AS c2 FROM team), step2 AS (SELECT name AS c1, id AS c2 FROM city) \
         SELECT c1 FROM step1 JOIN step2 ON step1.c2 = step2.c2",
    ] {
        assert!(
            Parser::new(&compiled).parse(&mut cache, sql).is_err(),
            "{sql}"
        );
        assert!(db.check(sql).is_err(), "{sql}");
    }
}

/// What is hidden is still there for the database, and makes a name that is shown one of two.
#[test]
fn a_hidden_column_takes_its_name_from_others() {
    let db = Sqlite::from_ddl(
        "CREATE TABLE person (id INTEGER PRIMARY KEY, note TEXT, name TEXT);
         CREATE TABLE visit (id INTEGER PRIMARY KEY, person_id INT REFERENCES person, note TEXT, day DATE);",
    )
    .unwrap()
    .policy(Policy::from_json(r#"{"exclude": ["person.note"]}"#).unwrap())
    .unwrap();
    let select = db.select().columns(Columns::Bare);
    let joined = |column: &str| {
        format!("SELECT {column} FROM person JOIN visit ON visit.person_id = person.id")
    };
    let compiled = Compiled::new(&select.grammar().unwrap()).unwrap();
    let has = |sql: &str| {
        let is_sentence = Parser::new(&compiled)
            .parse(&mut compiled.cache(), sql)
            .is_ok();
        assert_eq!(is_sentence, db.check(sql).is_ok(), "{sql}");
        is_sentence
    };
    assert!(has("SELECT note FROM visit") && has(&joined("day")) && has(&joined("visit.note")));
    assert!(!has(&joined("note")) && !has("SELECT note FROM person"));
    sentences(&db, &select, 300, 3).unwrap();
}

#[test]
fn sentences_hold_however_columns_are_written() {
    let policies = [
        "{}",
        HIDING,
        r#"{"functions": ["count"], "double_quoted_texts": false}"#,
    ];
    for columns in ALL {
        for policy in policies {
            let db = shop(policy);
            let select = db.select().columns(columns);
            assert_eq!(findings(&select), [""; 0], "{columns:?}");
            sentences(&db, &select, 200, 1).unwrap_or_else(|error| panic!("{columns:?}: {error}"));
        }
        let db = Sqlite::from_ddl(GAMES).unwrap();
        for joins in [Joins::Keys, Joins::Any] {
            let select = db.select().columns(columns).joins(joins);
            sentences(&db, &select, 200, 2).unwrap_or_else(|error| panic!("{columns:?}: {error}"));
        }
    }
}

/// Texts with a column wherever one can stand.
fn everywhere(c: &str) -> [String; 4] {
    [
        format!(
            "SELECT {c}, {c} AS a_1 FROM t WHERE {c} = 1 AND NOT {c} IS NULL AND ({c} > 2 OR {c} LIKE 'a')"
        ),
        format!(
            "SELECT DISTINCT {c} + 1, count(DISTINCT {c}), sum({c}) FROM t GROUP BY {c} HAVING max({c}) > 1 ORDER BY {c} DESC, {c}"
        ),
        format!(
            "SELECT CASE WHEN {c} = 1 THEN 2 END, CAST({c} AS TEXT), {c} * {c} FROM t WHERE {c} BETWEEN 1 AND 2 OR {c} IN (1, 2)"
        ),
        format!(
            "SELECT rank() OVER (PARTITION BY {c} ORDER BY {c}) FROM t WHERE {c} IN (SELECT {c} FROM t) ORDER BY {c}"
        ),
    ]
}

/// Every word that means something to the parser, as a column that stands alone wherever a column can, quoted where the grammar does so.
#[test]
fn key_words_stand_alone_as_columns() {
    let names: Vec<String> = ALL_KEYWORDS
        .iter()
        .map(|word| word.to_lowercase())
        .collect();
    let mut refused = BTreeSet::new();
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let columns = names.iter().map(|name| Column::new(name, "integer"));
        let catalog = Catalog::new([Table::new("t", columns)]).of(dialect);
        let guard = Guard::new(&catalog, Policy::default());
        let select = SelectGrammar::new(&catalog, &Policy::default());
        let select = select
            .columns(Columns::Bare)
            .max_depth(0)
            .max_bytes(usize::MAX);
        let lark = print::lark(&select.grammar().unwrap(), Lark::openai()).text;
        let of_columns = lark
            .lines()
            .find(|line| line.starts_with("NUM_T_0: "))
            .unwrap();
        for name in &names {
            let alone = of_columns.contains(&format!(" \"{name}\""));
            let spelled = if alone {
                name.clone()
            } else {
                format!("\"{name}\"")
            };
            for sql in everywhere(&spelled) {
                if let Err(rejection) = guard.check(&sql) {
                    refused.insert(format!("{dialect:?}, {name}: {rejection}"));
                }
            }
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn names_alone_are_the_first_that_there_is_no_room_for() {
    let db = Sqlite::from_ddl(GAMES).unwrap();
    let bytes = |select: SelectGrammar| select.receipt().unwrap().bytes.unwrap();
    let qualified = bytes(db.select().columns(Columns::Qualified));
    assert!(qualified < bytes(db.select()));
    let tight = db.select().max_bytes(qualified);
    let receipt = tight.receipt().unwrap();
    assert_eq!(
        receipt.to_string(),
        "left out: columns without the names of their tables"
    );
    assert!(receipt.columns && !receipt.is_complete());
    assert!(
        tight
            .instructions()
            .contains("Write every column behind the name of its table.")
    );
}
