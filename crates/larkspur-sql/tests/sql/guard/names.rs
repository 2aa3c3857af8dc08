//! Tables and columns, and what of them is not to be seen.

use super::{passed, refused};
use crate::support::HIDING;

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
