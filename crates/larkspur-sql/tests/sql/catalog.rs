//! What is read from databases, and what a policy shows of it.

use insta::assert_snapshot;
use larkspur_sql::{Catalog, Column, ForeignKey, Pattern, Sqlite, Table, TableKind, Visibility};
use proptest::prelude::*;

use crate::support::{HIDING, SHOP, shop};

#[test]
fn tables_views_types_and_keys() {
    let db = Sqlite::from_ddl(SHOP).unwrap();
    assert_snapshot!(db.catalog(), @r#"
customer(id INTEGER, name TEXT, country TEXT, password TEXT)
  key id
invoice(id INTEGER, customer_id INTEGER, total NUMERIC(10,2), day DATE)
  key id
  customer_id -> customer(id)
secret(id INTEGER, canary TEXT)
  key id
german(id INTEGER, name TEXT) view
leak(canary TEXT) view
"#);
    let json = serde_json::to_value(db.catalog()).unwrap();
    assert_eq!(
        json["tables"][1],
        serde_json::json!({
            "name": "invoice",
            "kind": "table",
            "columns": [
                {"name": "id", "type": "INTEGER", "nullable": true},
                {"name": "customer_id", "type": "INTEGER", "nullable": false},
                {"name": "total", "type": "NUMERIC(10,2)", "nullable": true},
                {"name": "day", "type": "DATE", "nullable": true},
            ],
            "primary_key": ["id"],
            "foreign_keys": [{"columns": ["customer_id"], "table": "customer", "references": ["id"]}],
        })
    );
}

#[test]
fn what_is_hidden_does_not_exist() {
    let db = shop(HIDING);
    assert_snapshot!(db.catalog(), @r#"
customer(id INTEGER, name TEXT, country TEXT)
  key id
invoice(id INTEGER, customer_id INTEGER, total NUMERIC(10,2), day DATE)
  key id
  customer_id -> customer(id)
german(id INTEGER, name TEXT) view
"#);
    let json = serde_json::to_string(db.catalog()).unwrap();
    assert!(
        !json.contains("password") && !json.contains("secret"),
        "{json}"
    );
}

#[test]
fn keys_of_several_columns_to_themselves_and_to_nothing() {
    let db = Sqlite::from_ddl(
        "CREATE TABLE part (a INT, b INT, parent_a INT, parent_b INT, gone INT REFERENCES nowhere,
            PRIMARY KEY (b, a), FOREIGN KEY (parent_b, parent_a) REFERENCES part) WITHOUT ROWID;
         CREATE TABLE use (x INT REFERENCES part (a), y INT, z AS (x + y) STORED);
         CREATE VIRTUAL TABLE words USING fts5(body);",
    )
    .unwrap();
    assert_snapshot!(db.catalog(), @r#"
part(a INT, b INT, parent_a INT, parent_b INT, gone INT)
  key b, a
  parent_b, parent_a -> part(b, a)
use(x INT, y INT, z)
  x -> part(a)
words(body) virtual
"#);
    assert_eq!(db.catalog().tables[2].kind, TableKind::Virtual);
}

#[test]
fn a_view_of_a_table_that_is_gone_is_left_out() {
    let db = Sqlite::from_ddl(
        "CREATE TABLE t (a); CREATE VIEW v AS SELECT * FROM t; CREATE VIEW w AS SELECT * FROM gone",
    )
    .unwrap();
    let names: Vec<_> = db
        .catalog()
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    assert_eq!(names, ["t", "v"]);
}

#[test]
fn ddl_reaches_no_file() {
    for (ddl, error) in [
        (
            "ATTACH 'x.db' AS x",
            "the tables cannot be created: not authorized",
        ),
        (
            "CREATE TABLE t (a); SELECT load_extension('x')",
            "the tables cannot be created: not authorized to use function: load_extension",
        ),
        (
            "CREATE TABLE t (a",
            "the tables cannot be created: incomplete input",
        ),
        (
            "CREATE TABLE t (a); CREATE TABLE t (a)",
            "the tables cannot be created: table t already exists",
        ),
        (
            "VACUUM INTO 'x.db'",
            "the tables cannot be created: authorization denied",
        ),
    ] {
        assert_eq!(
            Sqlite::from_ddl(ddl).unwrap_err().to_string(),
            error,
            "{ddl}"
        );
    }
    assert!(!std::path::Path::new("x.db").exists());
}

#[test]
fn a_file_is_opened_to_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.sqlite");
    let missing = Sqlite::open_read_only(&path).unwrap_err().to_string();
    assert!(missing.contains("No such file"), "{missing}");
    assert!(!path.exists());
    let directory = Sqlite::open_read_only(folder.path())
        .unwrap_err()
        .to_string();
    assert!(directory.ends_with("is a directory"), "{directory}");
    std::fs::write(
        &path,
        "this is no database, but a text that is long enough to be looked at",
    )
    .unwrap();
    let wrong = Sqlite::open_read_only(&path).unwrap_err().to_string();
    assert!(wrong.contains("file is not a database"), "{wrong}");
}

#[test]
fn include_and_exclude() {
    let column = |name| Column::new(name, "TEXT");
    let catalog = Catalog::new([
        Table::new("user", [column("id"), column("name"), column("pass_word")]).primary_key(["id"]),
        Table::new("order", [column("user_id"), column("note")]).foreign_key(ForeignKey::new(
            ["user_id"],
            "user",
            ["id"],
        )),
        Table::new("a.b", [column("c*")]),
    ]);
    let check = |include: &[&str], exclude: &[&str], expected: &str| {
        let patterns = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| text.parse::<Pattern>().unwrap())
                .collect::<Vec<_>>()
        };
        let mut visibility = Visibility::default();
        visibility.include = patterns(include);
        visibility.exclude = patterns(exclude);
        assert_eq!(
            catalog.visible(&visibility).to_string(),
            expected,
            "{include:?} {exclude:?}"
        );
    };
    let user = "user(id TEXT, name TEXT, pass_word TEXT)\n  key id\n";
    let order = "\"order\"(user_id TEXT, note TEXT)\n  user_id -> user(id)\n";
    let odd = "\"a.b\"(\"c*\" TEXT)\n";
    check(&[], &[], &[user, order, odd].concat());
    check(&["USER"], &[], user);
    check(
        &["o*", "u*.?d"],
        &["*.note"],
        "user(id TEXT)\n  key id\n\"order\"(user_id TEXT)\n  user_id -> user(id)\n",
    );
    check(
        &["*"],
        &["*.*_*", "\"a.b\".\"c*\""],
        "user(id TEXT, name TEXT)\n  key id\n\"order\"(note TEXT)\n",
    );
    check(
        &[],
        &["*.id"],
        "user(name TEXT, pass_word TEXT)\n\"order\"(user_id TEXT, note TEXT)\n\"a.b\"(\"c*\" TEXT)\n",
    );
    check(&[], &["*"], "");
    check(&["\"a.b\""], &[], odd);
}

#[test]
fn what_is_no_pattern() {
    for (text, error) in [
        (
            "",
            "a pattern needs a name, `*` for any; the empty name is `\"\"`",
        ),
        (
            "a.",
            "a pattern needs a name, `*` for any; the empty name is `\"\"`",
        ),
        (
            ".a",
            "a pattern needs a name, `*` for any; the empty name is `\"\"`",
        ),
        ("a.b.c", "a pattern has at most one dot outside of quotes"),
        ("\"a", "the pattern has a quote that is not closed"),
        ("\"a\"b", "behind a quoted name there is a dot or the end"),
    ] {
        assert_eq!(
            text.parse::<Pattern>().unwrap_err().to_string(),
            error,
            "{text}"
        );
    }
}

proptest! {
    /// Whatever a table is called, SQLite reads back the name that was quoted, and the pattern of the name finds it.
    #[test]
    fn any_name_is_quoted_exactly(table in "[^\\x00]{0,12}", column in "\\PC{0,12}") {
        prop_assume!(!table.to_ascii_lowercase().starts_with("sqlite_"));
        let (quoted, quoted_column) = (larkspur_sql::quote_name(&table), larkspur_sql::quote_name(&column));
        let db = Sqlite::from_ddl(&format!("CREATE TABLE {quoted} ({quoted_column} TEXT)")).unwrap();
        prop_assert_eq!(&db.catalog().tables[0].name, &table);
        prop_assert_eq!(&db.catalog().tables[0].columns[0].name, &column);
        let exactly = format!("\"{}\"", table.replace('"', "\"\""));
        prop_assert!(exactly.parse::<Pattern>().unwrap().matches_table(&table));
        let sql = format!("SELECT {quoted_column}, t.{quoted_column} FROM {quoted} AS t WHERE {quoted_column} = 'x'");
        prop_assert!(db.check(&sql).is_ok(), "{:?}", db.check(&sql));
    }

    /// Whatever a text is, it is one literal.
    #[test]
    fn any_text_is_quoted_exactly(text in "\\PC{0,20}|[\\x00-\\x7f]{0,20}") {
        let db = Sqlite::from_ddl("CREATE TABLE t (a TEXT)").unwrap();
        let query = db.check(&format!("SELECT {} AS text", larkspur_sql::quote_text(&text))).unwrap();
        let rows: Vec<String> = db.run(&query, &larkspur_sql::RunLimits::default()).unwrap().read().unwrap();
        prop_assert_eq!(rows, [text]);
    }

    #[test]
    fn patterns_with_stars_take_no_time(text in "[ab]{0,60}") {
        let pattern: Pattern = "*a*a*a*a*a*a*a*a*a*a*a*a*c".parse().unwrap();
        prop_assert!(!pattern.matches_table(&text));
        prop_assert!(pattern.matches_table("aaaaaaaaaaaaaaaaaaac"));
    }
}
