//! Each switch of a policy is one of the grammar too, with a catalog and without.

use larkspur_grammar::{Compiled, Parser};
use larkspur_sql::{Dialect, Joins, Policy, SelectGrammar};

use crate::{
    grammar::{findings, sentences},
    support::shop,
};

fn accepts(select: &SelectGrammar, sql: &str) -> bool {
    let compiled = Compiled::new(&select.grammar().unwrap()).unwrap();
    Parser::new(&compiled)
        .parse(&mut compiled.cache(), sql)
        .is_ok()
}

/// A switch, a sentence that there is with one of its two positions only, and whether it is there with that policy; whether names matter.
const SWITCHES: &[(&str, &str, bool, bool)] = &[
    (
        r#"{"include": ["invoice"]}"#,
        "SELECT customer.name FROM customer",
        false,
        true,
    ),
    (
        r#"{"exclude": ["customer.name"]}"#,
        "SELECT customer.name FROM customer",
        false,
        true,
    ),
    (
        r#"{"exclude": ["customer.name"]}"#,
        "SELECT * FROM customer",
        false,
        false,
    ),
    (
        r#"{"functions": ["count"]}"#,
        "SELECT sum(invoice.total) FROM invoice",
        false,
        false,
    ),
    (
        r#"{"functions": ["count"]}"#,
        "SELECT invoice.id FROM invoice WHERE invoice.day LIKE '2%'",
        false,
        false,
    ),
    (
        r#"{"subqueries": false}"#,
        "SELECT customer.id FROM customer WHERE customer.id IN (SELECT invoice.id FROM invoice)",
        false,
        false,
    ),
    (
        r#"{"max_query_depth": 1}"#,
        "SELECT customer.id FROM customer WHERE customer.id IN (SELECT invoice.id FROM invoice)",
        false,
        false,
    ),
    (
        r#"{"ctes": false}"#,
        "WITH step1 AS (SELECT invoice.id AS c1 FROM invoice) SELECT max(step1.c1) FROM step1",
        false,
        false,
    ),
    (
        r#"{"set_operations": false}"#,
        "SELECT customer.id FROM customer EXCEPT SELECT invoice.customer_id FROM invoice",
        false,
        false,
    ),
    (
        r#"{"window_functions": false}"#,
        "SELECT rank() OVER (ORDER BY invoice.total) FROM invoice",
        false,
        false,
    ),
    (
        r#"{"max_joins": 0}"#,
        "SELECT count(*) FROM customer JOIN invoice ON invoice.customer_id = customer.id",
        false,
        false,
    ),
    (
        r#"{"limit": {"max": 10, "missing": "refuse"}}"#,
        "SELECT customer.id FROM customer",
        false,
        false,
    ),
    (
        r#"{"limit": {"max": 10}}"#,
        "SELECT customer.id FROM customer LIMIT 11",
        false,
        false,
    ),
    (
        r#"{"parameters": true}"#,
        "SELECT customer.id FROM customer WHERE customer.id = :id",
        true,
        false,
    ),
];

#[test]
fn a_switch_puts_things_in_or_takes_them_out() {
    for (policy, sql, there, of_names) in SWITCHES {
        let with = |policy: &str| {
            let db = shop(policy);
            let select = db.select();
            assert_eq!(findings(&select), [""; 0], "{policy}");
            if !policy.contains("parameters") {
                sentences(&db, &select, 60, 5).unwrap_or_else(|error| panic!("{policy}: {error}"));
            }
            accepts(&select, sql)
        };
        assert_eq!((with("{}"), with(policy)), (!there, *there), "{policy}");
        if !of_names {
            let relaxed = |policy: &str| {
                let policy = Policy::from_json(policy).unwrap();
                accepts(&SelectGrammar::relaxed(Dialect::Sqlite, &policy), sql)
            };
            assert_eq!(
                (relaxed("{}"), relaxed(policy)),
                (!there, *there),
                "relaxed: {policy}"
            );
        }
    }
}

#[test]
fn functions_are_added_and_products_taken_away() {
    let more = shop(r#"{"functions": ["count"], "more_functions": ["sum"]}"#);
    assert!(accepts(
        &more.select(),
        "SELECT sum(invoice.total) FROM invoice"
    ));
    let product = "SELECT count(*) FROM customer JOIN secret";
    let any = |policy: &str| accepts(&shop(policy).select().joins(Joins::Any), product);
    assert!(any("{}") && !any(r#"{"cartesian_products": false}"#));
    let relaxed = |policy: &str| {
        let policy = Policy::from_json(policy).unwrap();
        accepts(&SelectGrammar::relaxed(Dialect::Sqlite, &policy), product)
    };
    assert!(relaxed("{}") && !relaxed(r#"{"cartesian_products": false}"#));
}

/// What no sentence has, whatever the policy says of it.
#[test]
fn some_things_no_grammar_has() {
    let policy = r#"{"comments": true, "recursion": true, "constant_conditions": true, "double_quoted_texts": true}"#;
    let select = shop(policy).select();
    for sql in [
        "SELECT customer.id FROM customer -- all",
        "WITH RECURSIVE step1 AS (SELECT customer.id AS c1 FROM customer) SELECT step1.c1 FROM step1",
        "SELECT customer.id FROM customer WHERE customer.id = 1 OR 1 = 1",
        "SELECT customer.id FROM customer WHERE customer.name = \"Ada\"",
    ] {
        assert!(!accepts(&select, sql), "{sql}");
    }
}
