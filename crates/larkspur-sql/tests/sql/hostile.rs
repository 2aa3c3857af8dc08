//! Texts made to break the reader: all end soon, with a refusal, on the stack of a test.

use std::time::{Duration, Instant};

use larkspur_sql::{Policy, Sqlite};
use proptest::prelude::*;

use crate::support::{HIDING, shop};

/// The code of the first thing that is wrong.
fn code(db: &Sqlite, sql: &str) -> Option<&'static str> {
    let start = Instant::now();
    let code = db
        .check(sql)
        .err()
        .and_then(|rejection| rejection.violations().first().and_then(|first| first.code));
    let took = start.elapsed();
    // Generous, for busy machines: what is quadratic takes hours.
    assert!(took < Duration::from_secs(60), "{took:?}");
    code
}

#[test]
fn deep_and_long_texts() {
    let mut wide = Policy::default();
    wide.max_bytes = 64 << 20;
    let db = shop("{}").policy(wide).unwrap();
    let n = 100_000;
    for (name, sql, expected) in [
        (
            "parentheses",
            format!("SELECT {}1{}", "(".repeat(n), ")".repeat(n)),
            "too-deep",
        ),
        ("open", "(".repeat(n), "too-deep"),
        ("closed", format!("SELECT 1{}", ")".repeat(n)), "syntax"),
        ("signs", format!("SELECT {}1", "- ".repeat(n)), "too-deep"),
        ("not", format!("SELECT {}1", "NOT ".repeat(n)), "too-deep"),
        (
            "not between",
            format!("SELECT 1 {}", "BETWEEN 1 AND NOT 1 ".repeat(n)),
            "too-deep",
        ),
        (
            "equals not",
            format!("SELECT 1 {}", "= NOT 1 ".repeat(n)),
            "too-deep",
        ),
        (
            "case",
            format!("SELECT {}", "CASE WHEN ".repeat(n)),
            "too-deep",
        ),
        (
            "sum",
            format!("SELECT 1{}", " + 1".repeat(n)),
            "too-many-operators",
        ),
        (
            "and",
            format!("SELECT 1{}", " AND 1".repeat(n)),
            "too-many-operators",
        ),
        (
            "union",
            format!("SELECT 1{}", " UNION SELECT 1".repeat(n)),
            "too-many-operators",
        ),
        (
            "collate",
            format!("SELECT 1{}", " COLLATE nocase".repeat(n)),
            "too-many-operators",
        ),
        (
            "arrows",
            format!("SELECT 1{}", " -> 1".repeat(n)),
            "too-many-operators",
        ),
        (
            "is null",
            format!("SELECT 1{}", " IS NULL".repeat(n)),
            "too-many-operators",
        ),
        (
            "is distinct from",
            format!("SELECT 1{}", " IS DISTINCT FROM 1".repeat(n)),
            "too-many-operators",
        ),
        (
            "isnull",
            format!("SELECT 1{}", " ISNULL".repeat(n)),
            "too-many-operators",
        ),
        ("statements", "SELECT 1;".repeat(n), "one-statement"),
        ("semicolons", ";".repeat(n), "one-statement"),
        ("quotes", "'".repeat(n + 1), "bad-text"),
        ("brackets", "[".repeat(n), "bad-text"),
        ("comments", "/*".repeat(n), "comment"),
        ("dashes", "--\n".repeat(n), "comment"),
        ("control", "\u{1}".repeat(n), "bad-text"),
    ] {
        assert_eq!(code(&db, &sql), Some(expected), "{name}");
    }
    let columns = format!("SELECT {}id FROM customer", "id, ".repeat(1_000));
    assert_eq!(code(&db, &columns), None);
}

#[test]
fn ten_megabytes() {
    let db = shop("{}");
    assert_eq!(code(&db, &"x".repeat(10 << 20)), Some("too-long"));
    let mut wide = Policy::default();
    wide.max_bytes = 64 << 20;
    let db = db.policy(wide).unwrap();
    assert_eq!(
        code(&db, &format!("SELECT '{}'", "x".repeat(1 << 20))),
        None
    );
    assert_eq!(code(&db, &"x".repeat(1 << 20)), Some("read-only"));
    assert_eq!(
        code(&db, &format!("SELECT {}", "x ".repeat(1 << 19))),
        Some("syntax")
    );
    assert_eq!(code(&db, &"é".repeat(1 << 20)), Some("read-only"));
}

#[test]
fn nesting_up_to_the_bound_is_read_and_takes_no_time() {
    let db = shop("{}");
    let nested = |open: &str, inner: &str, close: &str, n: usize| {
        format!("{}{inner}{}", open.repeat(n), close.repeat(n))
    };
    for sql in [
        format!("SELECT {}", nested("(", "1", ")", 48)),
        format!("SELECT {}", nested("abs(", "1", ")", 48)),
        format!("SELECT {}", nested("CASE WHEN 1 THEN ", "1", " END", 48)),
        format!("SELECT {}", nested("NOT ", "1", "", 48)),
        format!("SELECT {}", nested("1 IN (", "1", ")", 48)),
        format!("SELECT {}", nested("CAST(", "1", " AS TEXT)", 48)),
        format!("SELECT 1{}", " + 1".repeat(200)),
        format!("SELECT 1 FROM {}", nested("(", "customer", ")", 40)),
        format!(
            "SELECT 1 FROM {}",
            nested("(", "customer JOIN invoice", ")", 40)
        ),
        nested("(", "SELECT 1", ")", 40),
        format!("SELECT 1 FROM {}", nested("(", "SELECT 1", ")", 40)),
        format!("SELECT {}", nested("(", "SELECT 1", ")", 40)),
        format!("SELECT 1 WHERE EXISTS {}", nested("(", "SELECT 1", ")", 40)),
        format!("SELECT 1 WHERE 1 IN {}", nested("(", "SELECT 1", ")", 40)),
        format!("SELECT {}", nested("(1, (", "1", "))", 20)),
        format!("SELECT CAST(1 AS {})", nested("ARRAY(", "INT", ")", 40)),
        format!(
            "SELECT CAST(1 AS {}INT{})",
            "ARRAY<".repeat(3000),
            ">".repeat(3000)
        ),
        format!(
            "SELECT CAST(1 AS {}INT{})",
            "STRUCT<a ".repeat(3000),
            ">".repeat(3000)
        ),
        format!("SELECT CAST(1 AS {})", nested("Nullable(", "INT", ")", 40)),
    ] {
        let start = Instant::now();
        let _ = code(&db, &sql);
        let took = start.elapsed();
        assert!(
            took < Duration::from_secs(20),
            "{took:?} {}",
            sql.chars().take(80).collect::<String>()
        );
    }
}

proptest! {
    /// Whatever the text is, there is an answer, and its places lie in the text.
    #[test]
    fn any_text_is_answered(sql in "\\PC{0,60}|SELECT [\\x00-\\x7f]{0,60}|(SELECT|FROM|WHERE|\\(|\\)|,|'|\"|--|/\\*|;| |id|customer|\\*|=|1|é|UNION|AS){0,30}") {
        let db = shop(HIDING);
        if let Err(rejection) = db.check(&sql) {
            prop_assert!(!rejection.violations().is_empty());
            for violation in rejection.violations() {
                let span = violation.span.unwrap();
                prop_assert!(span.of(&sql).is_some(), "{:?} in {:?}", violation, sql);
            }
            let _ = (rejection.to_string(), rejection.reask());
        }
    }
}
