//! Whoever writes the whole text reads what the policy shows, and writes nothing.

use std::{
    fs,
    time::{Duration, Instant},
};

use larkspur_sql::{Policy, RunLimits, Sqlite};

use crate::{
    attacks::ATTACKS,
    support::{HIDING, SHOP, told},
};

/// As open as it can be, so that what it refuses is not the only thing that is tested.
fn open_policy() -> Policy {
    let mut policy = Policy::from_json(HIDING).unwrap();
    policy.comments = true;
    policy.recursion = true;
    policy.constant_conditions = true;
    policy
}

#[test]
fn nothing_hidden_is_read_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.sqlite");
    write_database(&path);
    let before = fs::read(&path).unwrap();
    let db = Sqlite::open_read_only(&path)
        .unwrap()
        .policy(open_policy())
        .unwrap();
    let passed: Vec<_> = ATTACKS.iter().filter(|sql| db.check(sql).is_ok()).collect();
    assert!(passed.is_empty(), "{passed:#?}");
    assert_eq!(fs::read(&path).unwrap(), before);
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
}

/// The shop as a file.
fn write_database(path: &std::path::Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch(SHOP).unwrap();
}

#[test]
fn bombs_go_off_within_the_limits() {
    let db = Sqlite::from_ddl(SHOP)
        .unwrap()
        .policy(open_policy())
        .unwrap();
    let many = "customer a, customer b, customer c, customer d, customer e, customer f, customer g, customer h, customer i, \
        customer j, customer k, customer l, customer m, customer n, customer o, customer p, customer q";
    let limits = RunLimits {
        timeout: Duration::from_millis(100),
        ..RunLimits::default()
    };
    let like = format!(
        "SELECT '{}' LIKE '{}b'",
        "a".repeat(30_000),
        "%a".repeat(400)
    );
    let instr = "WITH a AS (SELECT replace('0123456789', '0', 'aaaaaaaaaaaaaaaa') AS s), b AS (SELECT replace(s, 'a', s) AS s FROM a), \
        c AS (SELECT replace(s, 'a', s) AS s FROM b) SELECT instr(s || s || s, s || 'b') FROM c";
    for (name, sql) in [
        ("recursion", "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n".to_owned()),
        ("rows", "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, x || 'x' FROM n".to_owned()),
        ("product", format!("SELECT count(*) FROM {many}")),
        ("sort", format!("SELECT a.name FROM {many} ORDER BY a.name || b.name")),
        ("texts", "WITH RECURSIVE n (x) AS (SELECT 'a' UNION ALL SELECT x || x FROM n) SELECT max(x) FROM n".to_owned()),
        ("groups", format!("SELECT group_concat(a.name || b.name) FROM {many}")),
        ("like", like),
        ("instr", instr.to_owned()),
    ] {
        let query = db.check(&sql).unwrap_or_else(|rejection| panic!("{name}: {rejection}"));
        let start = Instant::now();
        let result = db.run(&query, &limits);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(8), "{name}: {took:?}");
        if let Ok(rows) = result {
            assert!(rows.rows().len() <= 1000, "{name}");
        }
    }
}

#[test]
fn views_read_what_their_owner_wrote_and_no_more() {
    let db = Sqlite::from_ddl(SHOP)
        .unwrap()
        .policy(open_policy())
        .unwrap();
    let query = db.check("SELECT name FROM german").unwrap();
    let names: Vec<String> = db
        .run(&query, &RunLimits::default())
        .unwrap()
        .read()
        .unwrap();
    assert_eq!(names, ["Ada"]);
    assert_eq!(
        told("", db.check("SELECT password FROM german")),
        ["unknown-column \"?\""]
    );
}
