//! Queries in which any identifier may be a name: their shape holds, and what a policy says of it.

use larkspur_grammar::{Compiled, Parser, sample::Sampler};
use larkspur_output::{OutputType as _, Target};
use larkspur_sql::{Catalog, Dialect, Guard, Names, Policy, SelectGrammar};
use sqlparser::{
    dialect::{PostgreSqlDialect, SQLiteDialect},
    parser::Parser as SqlParser,
};

use crate::{
    grammar::findings,
    support::{HIDING, raw, shop, told},
};

fn relaxed(policy: &str) -> SelectGrammar {
    SelectGrammar::relaxed(Dialect::Sqlite, &Policy::from_json(policy).unwrap())
}

fn guard(dialect: Dialect, policy: &str) -> Guard {
    Guard::new(
        &Catalog::unknown(dialect),
        Policy::from_json(policy).unwrap(),
    )
}

#[test]
fn what_a_sentence_may_say() {
    let compiled = Compiled::new(&relaxed("{}").max_rows(100).grammar().unwrap()).unwrap();
    let mut cache = compiled.cache();
    let mut accepts = |sql: &str| Parser::new(&compiled).parse(&mut cache, sql).is_ok();
    let guard = guard(Dialect::Sqlite, "{}");
    for sql in [
        "SELECT title FROM Album",
        "SELECT a.Title AS name, count(*) AS n FROM Album AS a JOIN Track AS t ON t.AlbumId = a.AlbumId WHERE t.Milliseconds > 1000 GROUP BY a.Title HAVING count(*) > 2 ORDER BY n DESC LIMIT 5",
        "SELECT * FROM \"Order Details\" WHERE \"Unit Price\" BETWEEN 1 AND 2 OR selected IS NULL",
        "WITH best AS (SELECT artist, sum(total) AS money FROM sales GROUP BY artist), rest AS (SELECT * FROM best) SELECT artist FROM rest ORDER BY money DESC",
        "SELECT x.n FROM (SELECT count(*) AS n FROM orders) AS x LEFT JOIN y ON x.n = y.n",
        "SELECT name FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id = a.id AND b.x IN (1, 2))",
        "SELECT name FROM a UNION SELECT name FROM b",
        "SELECT upper(name), CASE WHEN price > 1 THEN 'much' ELSE 'little' END FROM ordering",
    ] {
        // `1` is no column.
        let expected = !sql.contains("SELECT 1");
        assert_eq!(accepts(sql), expected, "{sql}");
        guard
            .check(sql)
            .unwrap_or_else(|rejection| panic!("{rejection}"));
    }
    for sql in [
        "DROP TABLE album",
        "SELECT title FROM album; DELETE FROM album",
        "SELECT load_extension('x') FROM album",
        "SELECT title FROM album LIMIT 101",
        "SELECT title INTO x FROM album",
        "SELECT select FROM album",
        "SELECT title FROM Order",
        "SELECT interval FROM album",
        "SELECT title FROM album -- all",
        "SELECT a FROM b UNION SELECT c, d FROM e",
        "SELECT a FROM (SELECT b FROM (SELECT c FROM d) AS e) AS f",
        "SELECT a FROM b JOIN c ON b.x = c.x JOIN d ON d.x = c.x JOIN e ON e.x = d.x",
        "PRAGMA table_info(album)",
    ] {
        assert!(!accepts(sql), "{sql}");
    }
}

/// A column alone is nobody knows whose: no join can be told from a product by it.
#[test]
fn without_products_tables_are_joined_on_columns_behind_their_names() {
    let policy = r#"{"cartesian_products": false}"#;
    let compiled = Compiled::new(&relaxed(policy).grammar().unwrap()).unwrap();
    let mut cache = compiled.cache();
    let guard = guard(Dialect::Sqlite, policy);
    let mut check = |sql: &str, is_sentence: bool, passes: bool| {
        let accepted = Parser::new(&compiled).parse(&mut cache, sql).is_ok();
        let passed = guard.check(sql).is_ok();
        assert_eq!((accepted, passed), (is_sentence, passes), "{sql}");
    };
    check(
        "SELECT title FROM album JOIN track ON track.album_id = album.id",
        true,
        true,
    );
    check(
        "SELECT n FROM a AS x LEFT JOIN (SELECT b AS n FROM c) AS y ON x.n = y.n AND y.n = x.m WHERE n > 1",
        true,
        true,
    );
    check("SELECT title FROM album JOIN track", false, false);
    check(
        "SELECT title FROM album JOIN track ON album_id = album.id",
        false,
        false,
    );
    check(
        "SELECT title FROM album JOIN track ON a = b OR c = d",
        false,
        false,
    );
    check("SELECT title FROM album, track", false, false);
    // The shape is right, the names are not.
    check(
        "SELECT title FROM album JOIN track ON album.a = album.b",
        true,
        false,
    );
}

/// What SQLite has against texts whose names are not there, or that go together by chance only; nothing of it is their syntax.
const OF_NAMES: &[&str] = &[
    "no such table: ",
    "no such column: ",
    "ambiguous column name: ",
    "duplicate WITH table name: ",
    "circular reference: ",
    "misuse of aliased ",
];

#[test]
fn every_sentence_is_one_query_to_all_readers() {
    let empty = raw("");
    for (policy, number) in [
        ("{}", 300),
        (
            r#"{"functions": ["count"], "limit": {"max": 9, "missing": "refuse"}}"#,
            100,
        ),
        (
            r#"{"subqueries": false, "ctes": false, "set_operations": false, "window_functions": false, "parameters": true}"#,
            100,
        ),
        (r#"{"cartesian_products": false}"#, 100),
    ] {
        for (depth, dialect) in [
            (1, Dialect::Sqlite),
            (2, Dialect::Sqlite),
            (1, Dialect::Postgres),
        ] {
            let select = SelectGrammar::relaxed(dialect, &Policy::from_json(policy).unwrap())
                .max_depth(depth);
            assert_eq!(findings(&select), [""; 0], "{policy}");
            let guard = guard(dialect, policy);
            for sentence in Sampler::new(&select.grammar().unwrap())
                .unwrap()
                .sentences(11, 40)
                .take(number)
            {
                let sql = sentence.text.as_str();
                let parsed = match dialect {
                    Dialect::Postgres => SqlParser::parse_sql(&PostgreSqlDialect {}, sql),
                    _ => SqlParser::parse_sql(&SQLiteDialect {}, sql),
                };
                assert_eq!(parsed.map(|statements| statements.len()), Ok(1), "{sql}");
                // What is wrong with names in the text itself is seen without a catalog too.
                let of_names = [
                    "unknown-table ",
                    "unknown-column ",
                    "recursion ",
                    "cartesian-product ",
                    "constant-condition ",
                ];
                for told in told(sql, guard.check(sql)) {
                    let is_of_names = of_names.iter().any(|of| told.starts_with(of));
                    assert!(is_of_names, "{sql}\n{told}");
                }
                if dialect == Dialect::Sqlite {
                    let error = empty.prepare(sql).unwrap_err().to_string();
                    assert!(
                        OF_NAMES.iter().any(|of| error.starts_with(of)),
                        "{sql}\n{error}"
                    );
                }
            }
        }
    }
}

#[test]
fn what_a_policy_hides_is_hidden_under_its_names() {
    let policy =
        r#"{"exclude": ["*.password", "secret"], "include": ["users", "secret", "post.title"]}"#;
    let guard_of = |dialect| guard(dialect, policy);
    for (sql, sqlite, postgres) in [
        ("SELECT name FROM users", true, false),
        (
            "SELECT u.name, p.title FROM users AS u JOIN post AS p ON p.title = u.name",
            true,
            false,
        ),
        ("SELECT password FROM users", false, false),
        ("SELECT u.password FROM users AS u", false, false),
        ("SELECT * FROM users", false, false),
        ("SELECT u.* FROM users AS u", false, false),
        (
            "SELECT count(*) FROM users JOIN post USING (password)",
            false,
            false,
        ),
        (
            "SELECT count(*) FROM users NATURAL JOIN users AS u",
            false,
            false,
        ),
        ("SELECT body FROM post", false, false),
        ("SELECT a FROM secret", false, false),
        ("SELECT a FROM other", false, false),
        ("SELECT name FROM main.users", true, false),
        ("SELECT name FROM temp.users", false, false),
    ] {
        assert_eq!(
            guard_of(Dialect::Sqlite).check(sql).is_ok(),
            sqlite,
            "{sql}"
        );
        assert_eq!(
            guard_of(Dialect::Postgres).check(sql).is_ok(),
            postgres,
            "{sql}"
        );
    }
    for (sql, dialect) in [
        ("SELECT sql FROM sqlite_schema", Dialect::Sqlite),
        ("SELECT name FROM pragma_table_list", Dialect::Sqlite),
        ("SELECT passwd FROM pg_shadow", Dialect::Postgres),
        (
            "SELECT table_name FROM information_schema.tables",
            Dialect::Postgres,
        ),
    ] {
        assert!(guard(dialect, "{}").check(sql).is_err(), "{sql}");
    }
    assert!(
        guard(Dialect::Postgres, "{}")
            .check("SELECT * FROM public.users")
            .is_ok()
    );
}

#[test]
fn a_database_still_has_the_last_word() {
    let select = shop(HIDING).select().names(Names::Any);
    assert!(select.receipt().unwrap().is_complete());
    assert!(select.instructions().contains("customer(id INTEGER"));
    let output = select.prepare(Target::openai()).unwrap();
    assert!(output.read("SELECT c.name FROM customer AS c").is_ok());
    for sql in [
        "SELECT c.name FROM nobody AS c",
        "SELECT password FROM customer",
    ] {
        assert!(output.read(sql).is_err(), "{sql}");
    }
    assert_eq!(
        relaxed("{}").instructions(),
        "Answer the question with one SELECT statement for SQLite and nothing else."
    );
}

#[test]
fn a_relaxed_grammar_gives_up_depth_for_bytes() {
    let deep = relaxed("{}").max_depth(3);
    let bytes = deep.receipt().unwrap().bytes.unwrap();
    let less = relaxed("{}").max_depth(3).max_bytes(bytes - 1);
    assert_eq!(
        less.receipt().unwrap().to_string(),
        "left out: queries within queries"
    );
    let error = relaxed("{}").max_bytes(1_000).grammar().unwrap_err();
    assert!(
        error.to_string().ends_with("bytes, 1000 are allowed"),
        "{error}"
    );
}
