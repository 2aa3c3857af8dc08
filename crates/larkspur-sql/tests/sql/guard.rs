//! What the guard refuses, with its place, and what it passes.

mod names;
mod rules;
mod statements;

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
