//! What the guard refuses, with its place, and what it passes.

use insta::assert_snapshot;
use larkspur_sql::{Guard, Policy, Rule, Sqlite};

use crate::support::{HIDING, SHOP, shop, told};

/// Refused with exactly these codes at these places.
#[track_caller]
fn refused(policy: &str, sql: &str, expected: &[&str]) {
    assert_eq!(told(sql, shop(policy).check(sql)), expected, "{sql}");
}

#[track_caller]
fn passed(policy: &str, sql: &str) {
    if let Err(rejection) = shop(policy).check(sql) {
        panic!("{sql}\n{rejection}");
    }
}

#[test]
fn one_statement() {
    refused("{}", "", &["one-statement \"\""]);
    refused("{}", " ; ;", &["one-statement \" ; ;\""]);
    refused(
        "{}",
        "SELECT 1; SELECT 2;",
        &["one-statement \"SELECT 2;\""],
    );
    refused(
        "{}",
        "SELECT 1; DROP TABLE customer",
        &[
            "one-statement \"DROP TABLE customer\"",
            "read-only \"DROP\"",
        ],
    );
    refused(
        "{}",
        "SELECT 1 END; DROP TABLE customer",
        &[
            "syntax \"END\"",
            "one-statement \"DROP TABLE customer\"",
            "read-only \"DROP\"",
        ],
    );
    passed("{}", "SELECT 1;");
    passed("{}", "  SELECT ';' ;  ");
}

#[test]
fn only_reading() {
    for statement in [
        "INSERT INTO customer (name) VALUES ('x')",
        "UPDATE customer SET name = 'x'",
        "DELETE FROM customer",
        "REPLACE INTO customer (name) VALUES ('x')",
        "DROP TABLE customer",
        "CREATE TABLE t (a)",
        "ALTER TABLE customer ADD COLUMN x",
        "ATTACH 'x' AS y",
        "DETACH main",
        "PRAGMA query_only = OFF",
        "VACUUM INTO 'x'",
        "BEGIN",
        "COMMIT",
        "SAVEPOINT x",
        "ANALYZE",
        "REINDEX",
        "EXPLAIN SELECT 1",
        "TRUNCATE customer",
        "COPY customer TO 'x'",
        "SET x = 1",
        "CALL f()",
        "42",
    ] {
        let first = statement.split(' ').next().unwrap();
        refused("{}", statement, &[&format!("read-only {first:?}")]);
    }
}

#[test]
fn writing_within_a_query() {
    let codes = |sql: &str| {
        let told = told(sql, shop("{}").check(sql));
        told.into_iter()
            .map(|told| told.split(' ').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        codes("WITH x AS (SELECT 1) DELETE FROM customer"),
        ["read-only"]
    );
    assert_eq!(
        codes("WITH x AS (SELECT 1) INSERT INTO customer SELECT * FROM x"),
        ["read-only"]
    );
    assert_eq!(codes("SELECT * INTO other FROM customer"), ["read-only"]);
    assert_eq!(codes("SELECT * FROM customer FOR UPDATE"), ["read-only"]);
    for sql in [
        "WITH x AS (DELETE FROM customer RETURNING id) SELECT * FROM x",
        "WITH x AS (INSERT INTO customer (name) VALUES ('x') RETURNING id) SELECT * FROM x",
        "SELECT (DELETE FROM customer)",
        "SELECT 1 UNION DELETE FROM customer",
    ] {
        assert!(!codes(sql).is_empty(), "{sql}");
    }
}

#[test]
fn tables_that_are_there() {
    refused(
        "{}",
        "SELECT 1 FROM nothing",
        &["unknown-table \"nothing\""],
    );
    refused(
        "{}",
        "SELECT 1 FROM temp.customer",
        &["unknown-table \"temp.customer\""],
    );
    refused(
        "{}",
        "SELECT sql FROM sqlite_master",
        &["unknown-table \"sqlite_master\""],
    );
    refused(
        "{}",
        "SELECT sql FROM main.sqlite_schema",
        &["unknown-table \"main.sqlite_schema\""],
    );
    refused(
        HIDING,
        "SELECT canary FROM secret",
        &["unknown-table \"secret\""],
    );
    refused(
        HIDING,
        "SELECT canary FROM leak",
        &["unknown-table \"leak\""],
    );
    refused(
        "{}",
        "SELECT x.id FROM customer",
        &["unknown-table \"x.id\""],
    );
    refused(
        "{}",
        "SELECT customer.id FROM customer AS c",
        &["unknown-table \"customer.id\""],
    );
    refused(
        "{}",
        "SELECT * FROM pragma_table_info('customer')",
        &["unsupported \"pragma_table_info\""],
    );
    refused(
        "{}",
        "SELECT value FROM json_each('[1]')",
        &["unsupported \"json_each\""],
    );
    passed("{}", "SELECT CUSTOMER.ID FROM Customer");
    passed(
        "{}",
        "SELECT z.total, z.name FROM (customer AS c JOIN invoice AS i ON i.customer_id = c.id) AS z",
    );
    refused(
        "{}",
        "SELECT c.name FROM (customer AS c JOIN invoice) AS z",
        &["unknown-table \"c.name\""],
    );
    refused(
        HIDING,
        "SELECT z.name FROM (customer JOIN invoice) AS z",
        &["hidden-columns \"customer JOIN invoice) AS z\""],
    );
    passed("{}", "SELECT main.customer.id FROM main.customer");
    passed("{}", "SELECT `c`.[id] FROM \"customer\" AS c");
}

#[test]
fn columns_that_are_there() {
    refused("{}", "SELECT x FROM customer", &["unknown-column \"x\""]);
    refused(
        "{}",
        "SELECT c.x, y FROM customer c",
        &["unknown-column \"c.x\"", "unknown-column \"y\""],
    );
    refused(
        HIDING,
        "SELECT password FROM customer",
        &["unknown-column \"password\""],
    );
    refused(
        HIDING,
        "SELECT \"password\" FROM customer",
        &["unknown-column \"\\\"password\\\"\""],
    );
    refused(
        HIDING,
        "SELECT c.PassWord FROM customer c",
        &["unknown-column \"c.PassWord\""],
    );
    refused(
        HIDING,
        "SELECT 1 AS password FROM customer ORDER BY password",
        &["unknown-column \"password\""],
    );
    refused(
        HIDING,
        "SELECT id FROM customer WHERE password LIKE 'h%'",
        &["unknown-column \"password\""],
    );
    refused(
        "{}",
        "SELECT rowid, _rowid_, oid FROM customer",
        &[
            "unknown-column \"rowid\"",
            "unknown-column \"_rowid_\"",
            "unknown-column \"oid\"",
        ],
    );
    refused(
        "{}",
        "SELECT d.x FROM (SELECT id FROM customer) AS d",
        &["unknown-column \"d.x\""],
    );
    refused(
        "{}",
        "WITH w AS (SELECT id AS n FROM customer) SELECT id FROM w",
        &["unknown-column \"id\""],
    );
    // A table that is not known does not make each of its columns unknown too.
    refused(
        "{}",
        "SELECT a, n.b FROM nothing AS n WHERE c = 1",
        &["unknown-table \"nothing\""],
    );
    passed("{}", "SELECT d.n FROM (SELECT id AS n FROM customer) AS d");
    passed(
        "{}",
        "WITH w (n) AS (SELECT id FROM customer) SELECT n FROM w",
    );
    passed(
        "{}",
        "SELECT name AS who FROM customer WHERE who = 'x' GROUP BY who HAVING who > 'a' ORDER BY who",
    );
    passed(
        "{}",
        "SELECT name FROM customer c WHERE EXISTS (SELECT 1 FROM invoice WHERE customer_id = c.id AND country = 'x')",
    );
    passed(
        "{}",
        "SELECT id FROM customer UNION SELECT customer_id FROM invoice ORDER BY id",
    );
}

#[test]
fn stars_over_hidden_columns() {
    refused(HIDING, "SELECT * FROM customer", &["hidden-columns \"*\""]);
    refused(
        HIDING,
        "SELECT c.* FROM customer AS c",
        &["hidden-columns \"c\""],
    );
    refused(
        HIDING,
        "SELECT id FROM (SELECT * FROM customer)",
        &["hidden-columns \"*\""],
    );
    refused(
        HIDING,
        "SELECT a.id FROM customer a NATURAL JOIN customer b",
        &["hidden-columns \"SELECT a.id FROM customer a NATURAL JOIN customer b\""],
    );
    refused(
        HIDING,
        "SELECT a.id FROM customer a JOIN customer b USING (password)",
        &["unknown-column \"password\""],
    );
    passed(HIDING, "SELECT count(*) FROM customer");
    passed(
        HIDING,
        "SELECT i.* FROM customer c JOIN invoice i ON i.customer_id = c.id",
    );
    passed(HIDING, "SELECT * FROM german");
    passed("{}", "SELECT * FROM customer NATURAL JOIN invoice");
}

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

#[test]
fn all_that_is_wrong_is_told_for_people_and_models() {
    let rejection = shop(HIDING)
        .check("SELECT c.password, printf('%9d', x)\nFROM customer AS c, secret\nWHERE c.id = 1 OR 1=1 -- all")
        .unwrap_err();
    assert_snapshot!(rejection, @r#"
error[unknown-column]: `c` has no column `password`
 --> line 1, column 8
  |
1 | SELECT c.password, printf('%9d', x)
  |        ^^^^^^^^^^
  = hint: its columns: id, name, country
error[function]: the function `printf` is not allowed
 --> line 1, column 20
  |
1 | SELECT c.password, printf('%9d', x)
  |                    ^^^^^^
error[unknown-table]: there is no table `secret`
 --> line 2, column 21
  |
2 | FROM customer AS c, secret
  |                     ^^^^^^
  = hint: tables: customer, invoice, german
error[constant-condition]: this side of OR reads no column, so that the condition holds always or says nothing
 --> line 3, column 19
  |
3 | WHERE c.id = 1 OR 1=1 -- all
  |                   ^^^
  = hint: leave it out
error[comment]: the text has a comment
 --> line 3, column 23
  |
3 | WHERE c.id = 1 OR 1=1 -- all
  |                       ^^^^^^
  = hint: leave comments out
"#);
    assert_snapshot!(rejection.reask(), @r#"
Your answer does not have the required form. Correct this and send the whole answer again:
- after "SELECT ": `c` has no column `password`; its columns: id, name, country
- after "SELECT c.password, ": the function `printf` is not allowed
- after …"'%9d', x)\nFROM customer AS c, ": there is no table `secret`; tables: customer, invoice, german
- after …"S c, secret\nWHERE c.id = 1 OR ": this side of OR reads no column, so that the condition holds always or says nothing; leave it out
- after …" secret\nWHERE c.id = 1 OR 1=1 ": the text has a comment; leave comments out
"#);
    assert_snapshot!(serde_json::to_string_pretty(&rejection.violations()[0]).unwrap(), @r#"
{
  "code": "unknown-column",
  "span": {
    "start": 7,
    "end": 17
  },
  "message": "`c` has no column `password`"
}
"#);
}

#[test]
fn sqlite_has_the_last_word() {
    refused(
        "{}",
        "SELECT sum(sum(total)) FROM invoice",
        &["database \"sum\""],
    );
    refused(
        "{}",
        "SELECT id FROM customer a, customer b",
        &["database \"id\""],
    );
    refused("{}", "SELECT abs(1, 2)", &["database \"abs\""]);
    let wrong = shop("{}").check("SELECT FROM customer").unwrap_err();
    assert_snapshot!(wrong, @r#"
error[database]: near "FROM": syntax error
 --> line 1, column 8
  |
1 | SELECT FROM customer
  |        ^^^^
error[syntax]: expected an expression, found FROM
 --> line 1, column 13
  |
1 | SELECT FROM customer
  |             ^^^^^^^^
"#);
}

#[test]
fn the_guard_alone_needs_no_database() {
    let db = Sqlite::from_ddl(SHOP).unwrap();
    let guard = Guard::new(db.catalog(), Policy::from_json(HIDING).unwrap());
    for sql in [
        "SELECT \"password\" FROM customer",
        "SELECT * FROM customer",
        "SELECT canary FROM leak",
    ] {
        assert!(guard.check(sql).is_err(), "{sql}");
    }
    assert!(guard.check("SELECT id FROM customer").is_ok());
}

#[test]
fn codes_are_told_apart_and_found_again() {
    for rule in Rule::ALL {
        assert_eq!(Rule::of_code(rule.code()), Some(*rule));
    }
    assert_eq!(Rule::of_code("nothing"), None);
}
