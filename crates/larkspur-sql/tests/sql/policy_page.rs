//! `docs/sql-policy.md`: every switch of a policy, with a text that it lets pass and one that it does not.
//!
//! To write the document anew: `LARKSPUR_BLESS=1 cargo test --workspace --test sql policy_page`.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use larkspur_sql::Policy;

use crate::support::{shop, told};

/// A switch, what it says, a policy that sets it, a text that passes then, and one that does not and why.
struct Row {
    key: &'static str,
    says: &'static str,
    default: &'static str,
    policy: &'static str,
    passes: &'static str,
    refused: &'static str,
    code: &'static str,
}

macro_rules! rows {
    ($($key:ident $says:literal $default:literal $policy:literal $passes:literal $refused:literal $code:literal)*) => {
        &[$(Row {
            key: stringify!($key),
            says: $says,
            default: $default,
            policy: $policy,
            passes: $passes,
            refused: $refused,
            code: $code,
        }),*]
    };
}

#[rustfmt::skip]
const ROWS: &[Row] = rows! {
    include "Only these tables and columns, as patterns: `*` for any characters, names in double quotes as they are, a table or `table.column`."
        "all" r#"{"include": ["customer.id", "customer.name", "invoice"]}"#
        "SELECT name FROM customer" "SELECT country FROM customer" "unknown-column"
    exclude "Not these, also where they are included. What is hidden does not exist: neither in the catalog nor in the grammar nor in hints."
        "none" r#"{"exclude": ["*.password", "secret", "leak"]}"#
        "SELECT id, name FROM customer" "SELECT canary FROM secret" "unknown-table"
    schemas "Schemas of PostgreSQL whose tables there are, in the order in which names are looked up."
        "those of the connection" r#"{"schemas": ["main"]}"#
        "SELECT name FROM main.customer" "SELECT name FROM other.customer" "unknown-table"
    functions "The functions that may be called, in place of the default: functions that only compute, and make no large value of a small one."
        "see `Functions`" r#"{"functions": ["count", "sum"]}"#
        "SELECT sum(total) FROM invoice" "SELECT max(total) FROM invoice" "function"
    more_functions "Functions that may be called besides those."
        "none" r#"{"more_functions": ["printf"]}"#
        "SELECT printf('%.2f', total) FROM invoice" "SELECT randomblob(9)" "function"
    max_bytes "Bytes of a text."
        "65536" r#"{"max_bytes": 40}"#
        "SELECT name FROM customer" "SELECT name FROM customer WHERE country = 'France'" "too-long"
    max_nesting "How deep parentheses, `CASE` and prefixes may nest; at most 100."
        "48" r#"{"max_nesting": 2}"#
        "SELECT (1 + (2))" "SELECT (1 + (2 + (3)))" "too-deep"
    max_operators "Operators of one chain, and set operations of a query; at most 400."
        "200" r#"{"max_operators": 2}"#
        "SELECT 1 + 2 + 3" "SELECT 1 + 2 + 3 + 4" "too-many-operators"
    max_joins "Joins of a whole text, commas between tables among them."
        "16" r#"{"max_joins": 1}"#
        "SELECT c.name FROM customer c JOIN invoice i ON i.customer_id = c.id"
        "SELECT a.id FROM invoice a, invoice b, invoice c" "too-many-joins"
    max_query_depth "How deep queries may stand within queries."
        "8" r#"{"max_query_depth": 2}"#
        "SELECT name FROM customer WHERE id IN (SELECT customer_id FROM invoice)"
        "SELECT (SELECT (SELECT max(id) FROM invoice))" "too-deep"
    comments "Comments, which can cut off what follows."
        "false" r#"{"comments": true}"#
        "SELECT name FROM customer -- all of them" "SELECT name FROM customer -- all of them" "comment"
    ctes "`WITH`."
        "true" r#"{"ctes": false}"#
        "SELECT n FROM (SELECT count(*) AS n FROM invoice)" "WITH w AS (SELECT 1 AS n) SELECT n FROM w" "forbidden"
    recursion "A query of a `WITH` that reads itself, and so may never end."
        "false" r#"{"recursion": true}"#
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 9) SELECT x FROM n"
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 9) SELECT x FROM n" "recursion"
    subqueries "Queries within queries."
        "true" r#"{"subqueries": false}"#
        "SELECT max(total) FROM invoice" "SELECT id FROM invoice WHERE total = (SELECT max(total) FROM invoice)" "forbidden"
    set_operations "`UNION`, `EXCEPT`, `INTERSECT`."
        "true" r#"{"set_operations": false}"#
        "SELECT id FROM customer" "SELECT id FROM customer EXCEPT SELECT customer_id FROM invoice" "forbidden"
    window_functions "`OVER`."
        "true" r#"{"window_functions": false}"#
        "SELECT count(*) FROM invoice" "SELECT rank() OVER (ORDER BY total) FROM invoice" "forbidden"
    cartesian_products "Tables side by side that no condition joins."
        "true" r#"{"cartesian_products": false}"#
        "SELECT c.name FROM customer c, invoice i WHERE i.customer_id = c.id"
        "SELECT c.name FROM customer c, invoice i" "cartesian-product"
    constant_conditions "An operand of `OR` that reads no column, with which a condition says nothing."
        "false" r#"{"constant_conditions": true}"#
        "SELECT name FROM customer WHERE id = 7 OR 1 = 1" "SELECT name FROM customer WHERE id = 7 OR 1 = 1" "constant-condition"
    double_quoted_texts "A name in double quotes that is no column, which SQLite takes as a text."
        "true" r#"{"double_quoted_texts": false}"#
        "SELECT name FROM customer WHERE country = 'France'"
        "SELECT name FROM customer WHERE country = \"France\"" "unknown-column"
    parameters "Parameters, which get their values before a run (`Query::bind`)."
        "false" r#"{"parameters": true}"#
        "SELECT name FROM customer WHERE id = :id" "SELECT name FROM customer WHERE id = :id" "parameter"
    limit "A bound on the rows that the outermost `LIMIT` asks for; where it is missing it is added, or the text refused (`\"missing\": \"refuse\"`)."
        "none" r#"{"limit": {"max": 100}}"#
        "SELECT name FROM customer" "SELECT name FROM customer LIMIT 101" "limit"
};

/// Whether a switch is one that allows: then its text is refused where it is not set.
fn allows(row: &Row) -> bool {
    row.passes == row.refused
}

#[test]
fn every_switch_does_what_its_row_says() {
    for row in ROWS {
        let passed = shop(row.policy).check(row.passes);
        assert!(passed.is_ok(), "{}: {:?}", row.key, passed.err());
        let policy = if allows(row) { "{}" } else { row.policy };
        let told = told(row.refused, shop(policy).check(row.refused));
        assert!(
            told.iter().all(|told| told.starts_with(row.code)) && !told.is_empty(),
            "{}: {told:?}",
            row.key
        );
        // It is this switch that does it; no schema of SQLite's is called otherwise.
        if row.key != "schemas" {
            let other = shop(if allows(row) { row.policy } else { OPEN });
            assert!(other.check(row.refused).is_ok(), "{}", row.key);
        }
    }
}

/// Under which all texts of the rows pass.
const OPEN: &str = r#"{"recursion": true, "comments": true, "constant_conditions": true, "parameters": true, "more_functions": ["randomblob"]}"#;

/// Each switch that there is has a row, and the default that the row says.
#[test]
fn there_is_a_row_for_every_switch() {
    let unknown = Policy::from_json(r#"{"?": 1}"#).unwrap_err().to_string();
    let known = unknown.split_once("expected one of ").unwrap().1;
    let known: BTreeSet<&str> = known.split('`').skip(1).step_by(2).collect();
    let rows: BTreeSet<&str> = ROWS.iter().map(|row| row.key).collect();
    assert_eq!(rows, known);
    for row in ROWS {
        let is_value =
            row.default.parse::<usize>().is_ok() || ["true", "false"].contains(&row.default);
        if is_value {
            let said = format!("{{\"{}\": {}}}", row.key, row.default);
            assert_eq!(
                Policy::from_json(&said).unwrap(),
                Policy::default(),
                "{said}"
            );
        }
    }
}

fn document() -> String {
    let mut out = String::from(HEAD);
    for row in ROWS {
        let Row {
            key,
            says,
            default,
            policy,
            passes,
            refused,
            code,
        } = row;
        let run = shop(policy).check(passes).unwrap().sql().to_owned();
        let becomes = if run == *passes {
            String::new()
        } else {
            format!("\n-- runs as: {run}")
        };
        let without = if allows(row) {
            ", without the switch"
        } else {
            ""
        };
        let _ = write!(
            out,
            "\n## `{key}`\n\n{says} Default: {default}.\n\n```json\n{policy}\n```\n\n```sql\n-- passes\n{passes}{becomes}\n\n\
             -- refused{without}: {code}\n{refused}\n```\n",
        );
    }
    out
}

const HEAD: &str = "# Policies of SQL

A policy says what a SQL text may read and do. It is a JSON object; each key may be left out, and one that no policy has is an error. It is
what `larkspur sql … --policy FILE` reads, `Policy::from_json` in the library. `crates/larkspur-sql/tests/sql/policy_page.rs` checks and writes
this page: of each switch, a text that passes under the policy shown and one that is refused, with the code of the rule that it breaks.

Whatever a policy says, one statement that only reads is allowed, and nothing else. The texts are about these tables:

```sql
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT, password TEXT);
CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, total NUMERIC(10,2), day DATE);
CREATE TABLE secret (id INTEGER PRIMARY KEY, canary TEXT);
CREATE VIEW german AS SELECT id, name FROM customer WHERE country = 'Germany' AND password <> '';
CREATE VIEW leak AS SELECT canary FROM secret;
```
";

#[test]
fn the_page_is_what_the_rows_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sql-policy.md");
    let document = document();
    if std::env::var_os("LARKSPUR_BLESS").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        page == document,
        "the page is not what the rows say: set LARKSPUR_BLESS=1"
    );
    let tables = HEAD.lines().filter(|line| line.starts_with("CREATE"));
    assert!(
        tables
            .into_iter()
            .all(|line| crate::support::SHOP.contains(line))
    );
}
