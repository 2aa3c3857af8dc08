//! The authorizer without the guard before it.

#[path = "../../tests/sql/attacks.rs"]
mod attacks;

use super::*;

const SHOP: &str = "
    CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT, password TEXT);
    CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, total NUMERIC(10,2), day DATE);
    CREATE TABLE secret (id INTEGER PRIMARY KEY, canary TEXT);
    CREATE VIEW german AS SELECT id, name FROM customer WHERE country = 'Germany' AND password <> '';
    CREATE VIEW leak AS SELECT canary FROM secret;
";

/// What SQLite does not ask its authorizer about, so that only the guard stands before it. May only shrink.
const ONLY_THE_GUARD_HOLDS: &[&str] = &[];

/// The authorizer is asked without the guard.
#[test]
fn the_authorizer_holds_by_itself() {
    let policy = Policy::from_json(r#"{"exclude": ["*.password", "secret", "leak"]}"#).unwrap();
    let db = Sqlite::from_ddl(SHOP).unwrap().policy(policy).unwrap();
    let passed: Vec<_> = attacks::ATTACKS
        .iter()
        .filter(|sql| db.prepares(sql).is_empty())
        .collect();
    assert_eq!(passed, ONLY_THE_GUARD_HOLDS.iter().collect::<Vec<_>>());
}
