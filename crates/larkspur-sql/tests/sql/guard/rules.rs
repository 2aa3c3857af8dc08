//! What a policy can forbid, and bounds that it sets.

use super::{passed, refused};
use crate::support::{HIDING, shop};

#[test]
fn functions() {
    refused(
        "{}",
        "SELECT load_extension('x')",
        &["function \"load_extension\""],
    );
    refused(
        "{}",
        "SELECT \"load_extension\"('x')",
        &["function \"\\\"load_extension\\\"\""],
    );
    refused(
        "{}",
        "SELECT printf('%1000000d', 1), RandomBlob(9)",
        &["function \"printf\"", "function \"RandomBlob\""],
    );
    refused(
        "{}",
        "SELECT id FROM customer WHERE name REGEXP 'x'",
        &["function \"name\""],
    );
    refused("{}", "SELECT main.abs(1)", &["unsupported \"main.abs\""]);
    refused(
        r#"{"functions": ["count"]}"#,
        "SELECT count(*), abs(1), name LIKE 'x' FROM customer",
        &["function \"abs\"", "function \"name LIKE 'x'\""],
    );
    passed(
        r#"{"functions": ["count"], "more_functions": ["ABS"]}"#,
        "SELECT count(*), abs(1)",
    );
    passed(
        "{}",
        "SELECT upper(name), substr(name, 1, 2), trim(name), CAST(total AS TEXT) FROM customer, invoice",
    );
    passed(
        "{}",
        "SELECT sum(total) FILTER (WHERE id > 1), rank() OVER (PARTITION BY day ORDER BY total DESC) FROM invoice GROUP BY id",
    );
    passed("{}", "SELECT CURRENT_TIMESTAMP, date('now')");
}

#[test]
fn common_table_expressions() {
    refused(
        "{}",
        "WITH customer AS (SELECT 1 AS id) SELECT id FROM customer",
        &["shadowing \"customer\""],
    );
    refused(
        HIDING,
        "WITH german AS (SELECT canary AS name FROM secret) SELECT name FROM german",
        &["shadowing \"german\"", "unknown-table \"secret\""],
    );
    refused(
        "{}",
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n",
        &["recursion \"n\""],
    );
    passed(
        r#"{"recursion": true}"#,
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 9) SELECT x FROM n",
    );
    passed(
        "{}",
        "WITH a AS (SELECT id FROM customer), b AS (SELECT id FROM a) SELECT b.id FROM b JOIN a USING (id)",
    );
}

#[test]
fn what_the_policy_forbids() {
    refused(
        r#"{"ctes": false}"#,
        "WITH a AS (SELECT 1 AS x) SELECT x FROM a",
        &["forbidden \"WITH\""],
    );
    refused(
        r#"{"subqueries": false}"#,
        "SELECT (SELECT 1)",
        &["forbidden \"SELECT 1\""],
    );
    refused(
        r#"{"set_operations": false}"#,
        "SELECT 1 UNION SELECT 2",
        &["forbidden \"SELECT 1 UNION SELECT 2\""],
    );
    refused(
        r#"{"window_functions": false}"#,
        "SELECT rank() OVER (ORDER BY id) FROM customer",
        &["forbidden \"rank\""],
    );
    refused(
        r#"{"double_quoted_texts": false}"#,
        "SELECT id FROM customer WHERE name = \"Ada\"",
        &["unknown-column \"\\\"Ada\\\"\""],
    );
    refused(
        r#"{"max_joins": 1}"#,
        "SELECT 1 FROM invoice a, invoice b JOIN invoice c",
        &["too-many-joins \"SELECT 1 FROM invoice a, invoice b JOIN invoice c\""],
    );
    refused(
        r#"{"max_query_depth": 2}"#,
        "SELECT (SELECT (SELECT 1))",
        &["too-deep \"SELECT 1\""],
    );
    refused("{}", "SELECT 1 -- one", &["comment \"-- one\""]);
    refused(
        "{}",
        "SELECT /* one */ 1 /* two",
        &["comment \"/* one */\"", "comment \"/* two\""],
    );
    passed(r#"{"comments": true}"#, "SELECT /* one */ 1 -- two");
    refused(
        "{}",
        "SELECT ?1, :a, @b, $c",
        &[
            "parameter \"?1\"",
            "parameter \":a\"",
            "parameter \"@b\"",
            "parameter \"$c\"",
        ],
    );
}

#[test]
fn conditions_that_say_nothing() {
    refused(
        "{}",
        "SELECT id FROM customer WHERE id = 1 OR 1 = 1",
        &["constant-condition \"1 = 1\""],
    );
    refused(
        "{}",
        "SELECT id FROM customer WHERE name = '' OR 'x' = 'x'",
        &["constant-condition \"'x' = 'x'\""],
    );
    refused(
        "{}",
        "SELECT id FROM customer WHERE id = 1 OR true",
        &["constant-condition \"true\""],
    );
    passed("{}", "SELECT id FROM customer WHERE 1 = 1 AND id = 1");
    passed(
        "{}",
        "SELECT country FROM customer GROUP BY country HAVING count(*) > 1 OR country = 'x'",
    );
    passed(
        r#"{"constant_conditions": true}"#,
        "SELECT id FROM customer WHERE id = 1 OR 1 = 1",
    );
}

#[test]
fn products() {
    let policy = r#"{"cartesian_products": false}"#;
    refused(
        policy,
        "SELECT 1 FROM customer, invoice",
        &["cartesian-product \"invoice\""],
    );
    refused(
        policy,
        "SELECT 1 FROM customer c CROSS JOIN invoice i WHERE c.id = 1 AND i.id = 1",
        &["cartesian-product \"invoice i\""],
    );
    refused(
        policy,
        "SELECT 1 FROM customer c JOIN invoice i ON i.customer_id = c.id OR i.id > 0",
        &["cartesian-product \"invoice i\""],
    );
    refused(
        policy,
        "SELECT 1 FROM customer a JOIN customer b ON a.id = a.id",
        &["cartesian-product \"customer b\""],
    );
    passed(
        policy,
        "SELECT 1 FROM customer c, invoice i WHERE (c.id = i.customer_id AND c.id > 1)",
    );
    passed(
        policy,
        "SELECT 1 FROM customer c JOIN invoice i ON i.customer_id = c.id JOIN invoice j USING (day)",
    );
    passed(policy, "SELECT 1 FROM customer NATURAL JOIN invoice");
    passed("{}", "SELECT 1 FROM customer, invoice");
}

#[test]
fn limits_of_rows() {
    let check = |policy: &str, sql: &str, expected: &str| {
        assert_eq!(shop(policy).check(sql).unwrap().sql(), expected, "{sql}");
    };
    let add = r#"{"limit": {"max": 10}, "comments": true}"#;
    check(
        add,
        "SELECT id FROM customer ORDER BY id ; -- all",
        "SELECT id FROM customer ORDER BY id LIMIT 10",
    );
    check(
        add,
        "SELECT id FROM customer LIMIT 10",
        "SELECT id FROM customer LIMIT 10",
    );
    check(
        add,
        "SELECT id FROM customer LIMIT 5, 3",
        "SELECT id FROM customer LIMIT 5, 3",
    );
    check(
        add,
        "SELECT 1 UNION SELECT 2",
        "SELECT 1 UNION SELECT 2 LIMIT 10",
    );
    check("{}", "SELECT id FROM customer", "SELECT id FROM customer");
    refused(add, "SELECT id FROM customer LIMIT 11", &["limit \"11\""]);
    refused(add, "SELECT id FROM customer LIMIT -1", &["limit \"1\""]);
    refused(
        add,
        "SELECT id FROM customer LIMIT 5, 30",
        &["limit \"30\""],
    );
    refused(
        add,
        "SELECT id FROM customer LIMIT (SELECT 100)",
        &["limit \"SELECT 100\""],
    );
    refused(add, "VALUES (1), (2)", &["limit \"\""]);
    refused(
        r#"{"limit": {"max": 10, "missing": "refuse"}}"#,
        "SELECT id FROM customer",
        &["limit \"\""],
    );
}
