//! The texts: made here, so that a run needs no data.

use std::fmt::Write as _;

/// Records of a few fields, as a service would answer.
pub(crate) fn json(size: usize) -> String {
    let mut text = String::from("[");
    let mut i = 0;
    while text.len() < size {
        if i > 0 {
            text.push_str(",\n  ");
        }
        let _ = write!(
            text,
            r#"{{"id": {i}, "name": "user {}", "email": "u{i}@example.com", "score": {}.{}, "tags": ["a", "bc", "tag{}"], "active": {}, "address": {{"city": "City {}", "zip": null}}}}"#,
            i * 7 % 1000,
            i % 97,
            i % 10,
            i % 5,
            i % 2 == 0,
            i % 13
        );
        i += 1;
    }
    text.push(']');
    text
}

/// One query with many items, each of them an expression of several precedences.
pub(crate) fn sql(size: usize) -> String {
    let mut text = String::from("SELECT ");
    let mut i = 0;
    while text.len() < size {
        if i > 0 {
            text.push_str(", ");
        }
        let _ = write!(
            text,
            "CASE WHEN t{}.amount * {i} + {} > 10 AND NOT (u.name LIKE 'a%{i}' OR t.kind IN (1, 2, {i})) THEN sum(t.price - {i}) ELSE max(u.x) END AS col{i}",
            i % 7,
            i * 3
        );
        i += 1;
    }
    text.push_str(" FROM t, u LEFT JOIN v ON u.id = v.id WHERE t.a IS NOT NULL AND u.b BETWEEN 1 AND 5 GROUP BY t.a ORDER BY u.b DESC LIMIT 10");
    text
}

/// A grammar of so many rules, each of which uses two others.
pub(crate) fn rules(count: usize) -> String {
    let mut rules = String::from("start: r0\n");
    for i in 0..count {
        let (a, b) = ((i * 7 + 1) % count, (i + 1) % count);
        let _ = writeln!(
            rules,
            "r{i}: \"k{i}\" (r{a} | NAME)* | \"(\" r{b} \")\" NUMBER?"
        );
    }
    rules.push_str("NAME: /[a-z]+/\nNUMBER: /[0-9]+/\n%ignore / +/\n");
    rules
}
