//! `docs/sql-features.md`: what of SQL the guard passes, and what of it the grammars have, for each database.
//!
//! Each cell is what the guard and the grammar say of the text of its row. To write the document anew:
//! `LARKSPUR_BLESS=1 cargo test --workspace --test sql features_page`.

use std::{fmt::Write as _, path::Path};

use larkspur_output::GrammarReader;
use larkspur_sql::{
    Catalog, Column, Dialect, ForeignKey, Guard, Joins, Policy, SelectGrammar, Table,
};

/// A feature and the smallest text with it, as the grammars spell it: for both databases, or for each.
const FEATURES: &[(&str, &str, &str)] = &[
    (
        "columns",
        "SELECT customer.name, customer.country FROM customer",
        "",
    ),
    ("`*`", "SELECT * FROM customer", ""),
    ("`table.*`", "SELECT customer.* FROM customer", ""),
    (
        "columns without their table",
        "SELECT name FROM customer",
        "",
    ),
    (
        "names of results",
        "SELECT customer.name AS full_name FROM customer",
        "",
    ),
    ("names of tables", "SELECT c.name FROM customer AS c", ""),
    (
        "`DISTINCT`",
        "SELECT DISTINCT customer.country FROM customer",
        "",
    ),
    (
        "`DISTINCT ON`",
        "",
        "SELECT DISTINCT ON (country) name FROM customer",
    ),
    (
        "literals",
        "SELECT customer.name FROM customer WHERE customer.country = 'it''s'",
        "",
    ),
    ("BLOB literals", "SELECT x'00ff'", "SELECT '\\x00ff'::bytea"),
    (
        "dates",
        "SELECT invoice.id FROM invoice WHERE invoice.day = '2026-01-31'",
        "",
    ),
    (
        "intervals",
        "",
        "SELECT day + INTERVAL '1 day' FROM invoice",
    ),
    (
        "parameters",
        "SELECT customer.name FROM customer WHERE customer.country = :name",
        "SELECT customer.name FROM customer WHERE customer.country = $1",
    ),
    ("arithmetic", "SELECT invoice.total * 2 FROM invoice", ""),
    ("`||`", "SELECT name || country FROM customer", ""),
    ("functions", "SELECT upper(customer.name) FROM customer", ""),
    (
        "`EXTRACT`",
        "",
        "SELECT extract(year FROM day) FROM invoice",
    ),
    (
        "functions in place of tables",
        "SELECT value FROM json_each('[1]')",
        "SELECT n FROM generate_series(1, 3) AS n",
    ),
    (
        "`CASE`",
        "SELECT CASE WHEN customer.country = 'x' THEN 'y' ELSE 'z' END FROM customer",
        "",
    ),
    (
        "`CAST`",
        "SELECT CAST(customer.id AS TEXT) FROM customer",
        "",
    ),
    ("`::`", "", "SELECT total::integer FROM invoice"),
    (
        "`COLLATE`",
        "SELECT name FROM customer ORDER BY name COLLATE NOCASE",
        "SELECT name FROM customer ORDER BY name COLLATE \"C\"",
    ),
    (
        "JSON operators",
        "SELECT name -> '$.a' FROM customer",
        "SELECT name::jsonb -> 'a' FROM customer",
    ),
    ("arrays", "", "SELECT ARRAY[1, 2]"),
    ("`count(*)`", "SELECT count(*) FROM customer", ""),
    ("aggregates", "SELECT sum(invoice.total) FROM invoice", ""),
    (
        "aggregates of distinct values",
        "SELECT count(DISTINCT customer.country) FROM customer",
        "",
    ),
    (
        "`FILTER`",
        "SELECT count(*) FILTER (WHERE total > 1) FROM invoice",
        "",
    ),
    (
        "windows",
        "SELECT rank() OVER (ORDER BY invoice.total DESC) FROM invoice",
        "",
    ),
    (
        "windows with a frame",
        "SELECT sum(total) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM invoice",
        "",
    ),
    (
        "windows with a name",
        "SELECT rank() OVER w FROM invoice WINDOW w AS (ORDER BY total)",
        "",
    ),
    (
        "comparisons",
        "SELECT customer.name FROM customer WHERE customer.id >= 2",
        "",
    ),
    (
        "`AND`, `OR`, `NOT`, parentheses",
        "SELECT customer.name FROM customer WHERE NOT (customer.id = 1 OR customer.id = 2) AND customer.id > 0",
        "",
    ),
    (
        "`BETWEEN`",
        "SELECT customer.name FROM customer WHERE customer.id BETWEEN 1 AND 3",
        "",
    ),
    (
        "`IN` with a list",
        "SELECT customer.name FROM customer WHERE customer.id IN (1, 2)",
        "",
    ),
    (
        "`LIKE`",
        "SELECT customer.name FROM customer WHERE customer.name LIKE 'A%'",
        "",
    ),
    (
        "`ILIKE`",
        "",
        "SELECT customer.name FROM customer WHERE customer.name ILIKE 'a%'",
    ),
    (
        "`GLOB`",
        "SELECT name FROM customer WHERE name GLOB 'A*'",
        "",
    ),
    (
        "regular expressions",
        "SELECT name FROM customer WHERE name REGEXP 'A'",
        "SELECT name FROM customer WHERE name ~ 'A'",
    ),
    (
        "`IS NULL`",
        "SELECT customer.name FROM customer WHERE customer.country IS NOT NULL",
        "",
    ),
    (
        "`IS DISTINCT FROM`",
        "SELECT name FROM customer WHERE name IS DISTINCT FROM country",
        "",
    ),
    (
        "rows of values",
        "SELECT name FROM customer WHERE (id, name) = (1, 'x')",
        "",
    ),
    (
        "`JOIN … ON`",
        "SELECT customer.name FROM customer JOIN invoice ON invoice.customer_id = customer.id",
        "",
    ),
    (
        "`LEFT JOIN`",
        "SELECT customer.name FROM customer LEFT JOIN invoice ON invoice.customer_id = customer.id",
        "",
    ),
    (
        "`RIGHT JOIN`, `FULL JOIN`",
        "SELECT c.name FROM invoice i FULL JOIN customer c ON i.customer_id = c.id",
        "",
    ),
    (
        "`USING`",
        "SELECT count(*) FROM invoice JOIN customer USING (id)",
        "",
    ),
    (
        "`NATURAL JOIN`",
        "SELECT count(*) FROM invoice NATURAL JOIN customer",
        "",
    ),
    (
        "`CROSS JOIN`",
        "SELECT count(*) FROM customer CROSS JOIN invoice",
        "",
    ),
    (
        "commas between tables",
        "SELECT count(*) FROM customer, invoice",
        "",
    ),
    (
        "a table joined with itself",
        "SELECT customer.name FROM customer JOIN customer AS customer_2 ON customer_2.country = customer.country",
        "",
    ),
    (
        "`LATERAL`",
        "",
        "SELECT x.n FROM customer c, LATERAL (SELECT c.id AS n) x",
    ),
    (
        "samples of tables",
        "",
        "SELECT id FROM customer TABLESAMPLE SYSTEM (1)",
    ),
    ("hints", "SELECT id FROM customer NOT INDEXED", ""),
    (
        "`GROUP BY`",
        "SELECT customer.country, count(*) FROM customer GROUP BY customer.country",
        "SELECT customer.country, count(*) FROM customer GROUP BY 1",
    ),
    (
        "`HAVING`",
        "SELECT customer.country FROM customer GROUP BY customer.country HAVING count(*) > 1",
        "SELECT customer.country FROM customer GROUP BY 1 HAVING count(*) > 1",
    ),
    (
        "`ROLLUP`, `CUBE`, `GROUPING SETS`",
        "",
        "SELECT country, count(*) FROM customer GROUP BY ROLLUP (country)",
    ),
    (
        "`ORDER BY`",
        "SELECT customer.name FROM customer ORDER BY customer.name DESC",
        "",
    ),
    (
        "`NULLS LAST`",
        "SELECT name FROM customer ORDER BY country NULLS LAST",
        "",
    ),
    ("`LIMIT`", "SELECT customer.name FROM customer LIMIT 10", ""),
    (
        "`OFFSET`",
        "SELECT customer.name FROM customer LIMIT 10 OFFSET 5",
        "",
    ),
    (
        "`FETCH FIRST`",
        "",
        "SELECT name FROM customer FETCH FIRST 3 ROWS ONLY",
    ),
    ("`FOR UPDATE`", "", "SELECT name FROM customer FOR UPDATE"),
    (
        "a query in a comparison",
        "SELECT invoice.id FROM invoice WHERE invoice.total = (SELECT max(invoice.total) FROM invoice)",
        "",
    ),
    (
        "a query in `IN`",
        "SELECT customer.name FROM customer WHERE customer.id IN (SELECT invoice.customer_id FROM invoice)",
        "",
    ),
    (
        "`EXISTS`",
        "SELECT customer.name FROM customer WHERE EXISTS (SELECT 1 FROM invoice WHERE invoice.customer_id = customer.id)",
        "",
    ),
    (
        "a query among what is selected",
        "SELECT (SELECT count(*) FROM invoice) FROM customer",
        "",
    ),
    (
        "a query in `FROM`",
        "SELECT step1.c2 FROM (SELECT customer.country AS c1, count(*) AS c2 FROM customer GROUP BY customer.country) AS step1",
        "SELECT step1.c2 FROM (SELECT customer.country AS c1, count(*) AS c2 FROM customer GROUP BY 1) AS step1",
    ),
    (
        "`WITH`",
        "WITH step1 AS (SELECT customer.country AS c1, count(*) AS c2 FROM customer GROUP BY customer.country) SELECT step1.c2 FROM step1",
        "WITH step1 AS (SELECT customer.country AS c1, count(*) AS c2 FROM customer GROUP BY 1) SELECT step1.c2 FROM step1",
    ),
    (
        "several queries in one `WITH`",
        "WITH step1 AS (SELECT customer.id AS c1, customer.name AS c2 FROM customer), step2 AS (SELECT step1.c1 AS c1, step1.c2 AS c2 FROM step1) SELECT step2.c1 FROM step2",
        "WITH step1 AS (SELECT customer.name AS c1, customer.id AS c2 FROM customer), step2 AS (SELECT step1.c1 AS c1, step1.c2 AS c2 FROM step1) SELECT step2.c1 FROM step2",
    ),
    (
        "`WITH RECURSIVE`",
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 9) SELECT x FROM n",
        "",
    ),
    (
        "`UNION`, `INTERSECT`, `EXCEPT`",
        "SELECT customer.id FROM customer EXCEPT SELECT invoice.customer_id FROM invoice",
        "",
    ),
    ("`VALUES`", "VALUES (1, 'a'), (2, 'b')", ""),
    ("comments", "SELECT name FROM customer /* all */", ""),
    ("several statements", "SELECT 1; SELECT 2", ""),
    (
        "statements that write",
        "INSERT INTO customer (name) VALUES ('x')",
        "",
    ),
    (
        "`PRAGMA`, `SET`, `COPY`, `ATTACH`",
        "PRAGMA query_only",
        "SET ROLE reader",
    ),
    ("`EXPLAIN`", "EXPLAIN SELECT 1", ""),
];

/// What a policy can allow.
const OPEN: &str =
    r#"{"recursion": true, "comments": true, "constant_conditions": true, "parameters": true}"#;

fn catalog(dialect: Dialect) -> Catalog {
    let types: [&str; 5] = match dialect {
        Dialect::Postgres => ["integer", "text", "integer", "numeric(10,2)", "date"],
        _ => ["INTEGER", "TEXT", "INTEGER", "NUMERIC(10,2)", "DATE"],
    };
    let [id, text, other, number, date] = types;
    let customer = Table::new(
        "customer",
        [
            Column::new("id", id).not_null(),
            Column::new("name", text),
            Column::new("country", text),
        ],
    );
    let invoice = Table::new(
        "invoice",
        [
            Column::new("id", id).not_null(),
            Column::new("customer_id", other),
            Column::new("total", number),
            Column::new("day", date),
        ],
    );
    let key = ForeignKey::new(["customer_id"], "customer", ["id"]);
    let invoice = invoice.primary_key(["id"]).foreign_key(key);
    Catalog::new([customer.primary_key(["id"]), invoice]).of(dialect)
}

/// What judges the texts of a database: under no policy, and under one that is open.
struct Judge([(Guard, GrammarReader); 2]);

impl Judge {
    fn of(dialect: Dialect) -> Self {
        Self(["{}", OPEN].map(|policy| {
            let (catalog, policy) = (catalog(dialect), Policy::from_json(policy).unwrap());
            let select = SelectGrammar::new(&catalog, &policy).joins(Joins::Any);
            let grammar = select.max_bytes(usize::MAX).grammar().unwrap();
            let reader = GrammarReader::new(&grammar).unwrap();
            (Guard::new(&catalog, policy), reader)
        }))
    }

    /// What the guard says, and the grammar.
    fn says(&self, sql: &str) -> [&'static str; 2] {
        let guard = self.0.each_ref().map(|(guard, _)| guard.check(sql).is_ok());
        let grammar = self
            .0
            .each_ref()
            .map(|(_, reader)| reader.accept(sql).is_ok());
        // What the grammar has, the guard passes.
        assert!(guard[0] || !grammar[0], "{sql}");
        assert!(guard[1] || !grammar[1], "{sql}");
        [guard, grammar].map(|[closed, open]| match (closed, open) {
            (true, _) => "yes",
            (false, true) => "by policy",
            (false, false) => "**no**",
        })
    }
}

fn document() -> String {
    let (sqlite, postgres) = (Judge::of(Dialect::Sqlite), Judge::of(Dialect::Postgres));
    let mut out = String::from(HEAD);
    for (feature, text, for_postgres) in FEATURES {
        // No text: the database does not have it.
        let none = ["–", "–"];
        let ours = if text.is_empty() {
            none
        } else {
            sqlite.says(text)
        };
        let both = if for_postgres.is_empty() {
            text
        } else {
            for_postgres
        };
        let of_sqlite = ["`GLOB`", "hints"].contains(feature);
        let theirs = if of_sqlite { none } else { postgres.says(both) };
        let shown = if text.is_empty() { for_postgres } else { text };
        let shown = shown.replace('|', "\\|");
        let feature = feature.replace('|', "\\|");
        let cells = [ours[0], ours[1], theirs[0], theirs[1]].join(" | ");
        let _ = writeln!(out, "| {feature} | {cells} | `{shown}` |");
    }
    out
}

const HEAD: &str = "# SQL by feature

What the guard passes (`larkspur sql check`, whoever wrote the text) and what the grammar of a database has (`larkspur sql grammar`, what a
model is held to), for SQLite and for PostgreSQL. Every cell is what they say of the row's text, or of the same in PostgreSQL's words;
`crates/larkspur-sql/tests/sql/features_page.rs` asks them and writes this page.

*yes*: under any policy that does not forbid it. *by policy*: only where [a policy](sql-policy.md) allows it. **no**: refused, or not in the
grammar, whatever the policy says. –: the database does not have it. The grammar is that of two tables with `joins(Joins::Any)`; an answer
of a model that is no sentence of it and that the guard passes is an answer all the same.

| feature | SQLite: guard | grammar | PostgreSQL: guard | grammar | text |
|---|---|---|---|---|---|
";

#[test]
fn the_page_is_what_guard_and_grammars_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sql-features.md");
    let document = document();
    if std::env::var_os("LARKSPUR_BLESS").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    let lines = page.lines().zip(document.lines());
    let other: Vec<_> = lines.filter(|(page, says)| page != says).collect();
    assert!(
        page == document,
        "set LARKSPUR_BLESS=1 to write it anew: {other:#?}"
    );
}
