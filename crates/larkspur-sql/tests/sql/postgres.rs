//! The guard on texts for PostgreSQL, without one.

use larkspur_output::GrammarReader;
use larkspur_sql::{Catalog, Column, Dialect, Guard, Policy, SelectGrammar, Table, Visibility};

use crate::support::told;

fn catalog() -> Catalog {
    let customer = [
        ("id", "integer"),
        ("name", "text"),
        ("country", "text"),
        ("born", "date"),
        ("password", "text"),
        ("Password", "text"),
        ("order", "integer"),
    ];
    let columns = |columns: &[(&str, &str)]| {
        let columns = columns.iter();
        columns
            .map(|(name, of)| Column::new(*name, *of))
            .collect::<Vec<_>>()
    };
    let tables = [
        Table::new("customer", columns(&customer)),
        Table::new(
            "Customer",
            columns(&[("id", "integer"), ("canary", "text")]),
        ),
        Table::new(
            "invoice",
            columns(&[
                ("id", "bigint"),
                ("customer_id", "integer"),
                ("total", "numeric(10,2)"),
            ]),
        ),
    ];
    Catalog::new(tables).of(Dialect::Postgres)
}

fn guard(policy: &str) -> Guard {
    Guard::new(&catalog(), Policy::from_json(policy).unwrap())
}

/// Passes, and its tree prints to the same.
#[track_caller]
fn passed(sql: &str) {
    let guard = guard("{}");
    let query = guard
        .check(sql)
        .unwrap_or_else(|rejection| panic!("{rejection}"));
    let printed = query.statement().print(Dialect::Postgres);
    let again = guard
        .check(&printed)
        .unwrap_or_else(|rejection| panic!("{rejection}"));
    assert_eq!(again.statement(), query.statement(), "{printed}");
}

#[test]
fn what_a_query_needs_passes() {
    for sql in [
        "SELECT name, count(*) AS n FROM customer GROUP BY name HAVING count(*) > 1 ORDER BY n DESC NULLS LAST LIMIT 10 OFFSET 5",
        "SELECT ID, \"order\", NAME FROM Customer WHERE \"name\" ILIKE 'a%' AND name NOT ILIKE '%!%' ESCAPE '!'",
        "SELECT public.customer.id FROM public.customer",
        "SELECT extract(year FROM born), EXTRACT(DOW FROM born), position('a' IN name), substring(name FROM 1 FOR 2) FROM customer",
        "SELECT born AT TIME ZONE 'UTC', born + INTERVAL '1 day', DATE '2026-01-01', now() - born::timestamp FROM customer",
        "SELECT total::numeric(12,3), CAST(id AS double precision), id::text || 'x', -id::int FROM invoice",
        "SELECT ceil(total), floor(total), round(total, 1), trunc(total) FROM invoice",
        "SELECT string_agg(DISTINCT name, ', ' ORDER BY name) FILTER (WHERE id > 1) FROM customer",
        "SELECT rank() OVER (PARTITION BY country ORDER BY id DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM customer",
        "SELECT c.name FROM customer c LEFT JOIN invoice i ON i.customer_id = c.id WHERE i.id IS NULL AND (c.id = 1) IS NOT TRUE",
        "SELECT name FROM customer WHERE (id, country) IN (SELECT customer_id, 'x' FROM invoice) OR id BETWEEN 1 AND 3",
        "WITH w AS (SELECT id FROM customer) SELECT w.id FROM w UNION ALL SELECT id FROM invoice ORDER BY 1",
        "SELECT CASE WHEN id = 1 THEN 'a' ELSE name END FROM customer WHERE name IS DISTINCT FROM country",
        "SELECT customer.name FROM customer WHERE EXISTS (SELECT 1 FROM invoice WHERE invoice.customer_id = customer.id)",
        "SELECT id FROM customer WHERE NOT EXISTS (SELECT 1 FROM invoice) AND id NOT IN (1) AND name NOT LIKE 'a' AND id NOT BETWEEN 1 AND 2",
        "SELECT 'it''s', '\\', '$$', 'E\\' FROM customer",
        "SELECT (id + 1) * 2 - 3 / 4 % 5, id = 1 AND NOT id = 2, id || 'a' || 'b', (id || 'a')::text FROM customer",
        "SELECT true, false, NULL, 1.5e3, .5, 10. FROM customer",
    ] {
        passed(sql);
    }
}

#[track_caller]
fn refused(sql: &str, expected: &[&str]) {
    assert_eq!(
        told(sql, guard(r#"{"exclude": ["*.canary"]}"#).check(sql)),
        expected,
        "{sql}"
    );
}

/// PostgreSQL cuts texts otherwise than SQLite.
#[test]
fn what_only_postgres_cuts_so_is_refused() {
    for (sql, expected) in [
        ("SELECT E'\\''", "E"),
        ("SELECT e'a'", "e"),
        ("SELECT U&'a'", "U"),
        ("SELECT U&\"a\" FROM customer", "U"),
        ("SELECT x'00'", "x"),
        ("SELECT $$a$$", "$$a$$"),
        ("SELECT $a$b$a$", "$a$b$a$"),
        ("SELECT 'a'\n'b'", "'b'"),
        ("SELECT \"\" FROM customer", "\"\""),
        ("SELECT [id] FROM customer", "["),
        ("SELECT `id` FROM customer", "`"),
        ("SELECT 1 /* /* */ ", "/* /* */ "),
        ("SELECT id !~ 'a' FROM customer", "!~"),
        ("SELECT id @-1 FROM customer", "@-"),
        ("SELECT 1 == 1", "=="),
        ("SELECT :name", ":"),
        ("SELECT 1a", "1a"),
        ("SELECT 'a", "'a"),
    ] {
        let told = told(sql, guard("{}").check(sql));
        assert!(
            told.contains(&format!("bad-text {expected:?}")),
            "{sql}: {told:?}"
        );
    }
    // A comment nests, ends with a carriage return, and is refused as any other.
    refused("SELECT 1 /* /* */ */", &["comment \"/* /* */ */\""]);
    refused("SELECT 1 -- a\r, 2", &["comment \"-- a\""]);
    // A minus behind another operator is a sign, two are a comment.
    passed("SELECT 1 <-2, 3*-4, 5+ -6 FROM customer");
}

/// Names are what PostgreSQL takes them for.
#[test]
fn names_are_exact() {
    passed("SELECT \"Password\", password, PASSWORD FROM customer");
    refused(
        "SELECT \"PASSWORD\" FROM customer",
        &["unknown-column \"\\\"PASSWORD\\\"\""],
    );
    refused(
        "SELECT \"canary\" FROM \"Customer\"",
        &["unknown-column \"\\\"canary\\\"\""],
    );
    refused(
        "SELECT id FROM \"CUSTOMER\"",
        &["unknown-table \"\\\"CUSTOMER\\\"\""],
    );
    // A text is no name, and a name no text.
    refused(
        "SELECT id FROM customer WHERE name = \"x\"",
        &["unknown-column \"\\\"x\\\"\""],
    );
    // What is hidden of two names that differ only in their case stays hidden.
    let visibility = Visibility::default().exclude("customer.\"Password\"".parse().unwrap());
    assert!(
        catalog()
            .visible(&visibility)
            .table("customer")
            .unwrap()
            .column("name")
            .is_some()
    );
    let hiding = guard(r#"{"include": ["invoice", "\"customer\".id"]}"#);
    assert!(
        hiding
            .check("SELECT \"WITH\".id FROM (SELECT 1 AS id) AS \"WITH\"")
            .is_ok()
    );
    assert!(
        hiding
            .check("WITH \"CUSTOMER\" AS (SELECT 1 AS name) SELECT name FROM customer")
            .is_err()
    );
    let long = "a".repeat(64);
    let told = told("", guard("{}").check(&format!("SELECT id FROM \"{long}\"")));
    assert!(
        told.iter().any(|told| told.starts_with("bad-text")),
        "{told:?}"
    );
}

/// The name of a table is all of its row.
#[test]
fn whole_rows_are_refused() {
    refused(
        "SELECT \"Customer\" FROM \"Customer\"",
        &["unknown-column \"\\\"Customer\\\"\""],
    );
    refused(
        "SELECT c AS c FROM \"Customer\" c",
        &["unknown-column \"c\""],
    );
    refused(
        "SELECT id AS c FROM \"Customer\" c ORDER BY c",
        &["unknown-column \"c\""],
    );
    refused("SELECT c.* FROM \"Customer\" c", &["hidden-columns \"c\""]);
    // The name of a column is one.
    passed("SELECT id AS n FROM customer c ORDER BY n");
    passed("SELECT \"order\" FROM (SELECT id AS \"order\" FROM customer) AS \"order\"");
}

#[test]
fn functions_and_types_are_of_a_list() {
    for name in [
        "pg_read_file",
        "pg_sleep",
        "set_config",
        "lo_import",
        "dblink",
        "repeat",
        "version",
        "glob",
        "printf",
    ] {
        refused(
            &format!("SELECT {name}('x')"),
            &[&format!("function {name:?}")],
        );
    }
    refused("SELECT 'a'::regclass", &["function \"'a'\""]);
    refused(
        "SELECT CAST('a' AS pg_catalog.regclass)",
        &["function \"'a'\""],
    );
    refused("SELECT regclass 'a'", &["function \"'a'\""]);
}

/// Depth that only PostgreSQL's dialect of the parser recurses for is bounded too.
#[test]
fn depth_is_bounded() {
    for (before, behind) in [
        ("interval ", "'1 day'"),
        ("(", "1"),
        ("- ", "1"),
        ("NOT ", "true"),
        ("CASE ", "1"),
        ("+", "1"),
    ] {
        let sql = format!("SELECT {}{behind}", before.repeat(20_000));
        let codes = told(&sql, guard("{}").check(&sql));
        assert!(!codes.is_empty(), "{before}");
    }
    let casts = format!("SELECT 1{}", "::int".repeat(10_000));
    assert!(guard("{}").check(&casts).is_err());
}

/// Sentences are right by their types and by what they group; the tests with a server try many more.
#[test]
fn the_grammar_has_types() {
    let policy = Policy::default();
    let select = SelectGrammar::new(&catalog(), &policy);
    let reader = GrammarReader::new(&select.grammar().unwrap()).unwrap();
    for sql in [
        "SELECT customer.name FROM customer WHERE customer.id = 1 AND customer.name ILIKE 'a%' ORDER BY customer.born DESC LIMIT 3",
        "SELECT customer.country, count(*) AS how_many FROM customer GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 DESC",
        "SELECT DISTINCT customer.name, customer.\"order\" FROM customer ORDER BY 2, 1",
        "SELECT extract(year FROM customer.born), sum(customer.id) FROM customer GROUP BY 1",
        "SELECT invoice.total FROM invoice WHERE invoice.customer_id IN (SELECT customer.id FROM customer WHERE customer.born > '2001-01-01')",
        "WITH step1 AS (SELECT customer.country AS c1, count(*) AS c2 FROM customer GROUP BY 1) SELECT max(step1.c2) FROM step1",
        "SELECT customer.name FROM customer UNION SELECT CAST(invoice.total AS TEXT) FROM invoice ORDER BY 1",
    ] {
        assert!(reader.accept(sql).is_ok(), "{sql}");
        passed(sql);
    }
    for sql in [
        "SELECT customer.name FROM customer WHERE customer.name = 1",
        "SELECT customer.name FROM customer WHERE customer.id = 'a'",
        "SELECT customer.name FROM customer WHERE customer.id LIKE 'a'",
        "SELECT customer.name FROM customer WHERE customer.born = '2001-02-30'",
        "SELECT customer.name FROM customer WHERE customer.id = customer.name",
        "SELECT customer.name, count(*) FROM customer",
        "SELECT customer.name, count(*) FROM customer GROUP BY 2",
        "SELECT customer.name, customer.id, count(*) FROM customer GROUP BY 1",
        "SELECT DISTINCT customer.name FROM customer ORDER BY customer.id",
        "SELECT DISTINCT customer.name FROM customer ORDER BY 2",
        "SELECT customer.name FROM customer UNION SELECT customer.id FROM customer",
        "SELECT invoice.total FROM invoice WHERE invoice.customer_id IN (SELECT customer.name FROM customer)",
        "SELECT avg(customer.name) FROM customer",
        "SELECT customer.name FROM customer WHERE customer.name = 'a\\'",
        "SELECT customer.name FROM Customer",
    ] {
        assert!(reader.accept(sql).is_err(), "{sql}");
    }
}
