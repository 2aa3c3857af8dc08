//! Typed trees: what they say, how they print, and that printing keeps the meaning.

use std::sync::LazyLock;

use larkspur_sql::{
    Guard, Policy, Query, Sqlite,
    tree::{
        BinaryOperator, Body, Column, Expr, Item, Literal, Name, Node, SetOperator, Statement,
        UnaryOperator,
    },
};
use proptest::prelude::*;

use crate::support::{self, SHOP, shop};

fn query(sql: &str) -> Query {
    anything()
        .check(sql)
        .unwrap_or_else(|rejection| panic!("{rejection}"))
}

/// Prints so, and what is printed prints so again.
#[track_caller]
fn prints(sql: &str, expected: &str) {
    let statement = query(sql).statement().clone();
    assert_eq!(statement.to_string(), expected);
    assert_eq!(query(expected).statement(), &statement);
    support::same_code(&support::raw(SHOP), sql, expected);
}

#[track_caller]
fn stays(sql: &str) {
    prints(sql, sql);
}

#[test]
fn what_stands_in_a_tree_is_printed() {
    for sql in [
        "SELECT 1",
        "SELECT DISTINCT c.name AS who, i.* FROM customer AS c LEFT JOIN invoice AS i ON i.customer_id = c.id",
        "SELECT * FROM customer, invoice CROSS JOIN german",
        "SELECT customer.id FROM customer NATURAL JOIN invoice",
        "SELECT total FROM customer JOIN invoice USING (id)",
        "SELECT name FROM (customer JOIN invoice ON customer_id = customer.id)",
        "SELECT z.name FROM (SELECT name FROM customer) AS z",
        "SELECT main.customer.id FROM main.customer",
        "SELECT country, count(*) FROM customer GROUP BY country, 1 + id HAVING count(*) > 1 AND max(name) < 'x'",
        "SELECT id FROM customer UNION SELECT 2 UNION ALL SELECT 3 INTERSECT SELECT 4 EXCEPT VALUES (5), (6)",
        "SELECT name FROM customer ORDER BY name DESC NULLS LAST, 1, id NULLS FIRST LIMIT 3 OFFSET 4",
        "WITH a AS (SELECT 1 AS x), b (y) AS (SELECT x FROM a) SELECT y FROM b",
        "SELECT count(DISTINCT name), group_concat(name, ',' ORDER BY id DESC) FROM customer",
        "SELECT sum(total) FILTER (WHERE id > 1) OVER (PARTITION BY day ORDER BY total DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM invoice",
        "SELECT rank() OVER w, lag(total, 1) OVER (w ROWS UNBOUNDED PRECEDING) FROM invoice WINDOW w AS (ORDER BY day)",
        "SELECT CASE name WHEN 'Ada' THEN 1 ELSE 2 END, CASE WHEN id > 1 THEN 'x' END FROM customer",
        "SELECT CAST(total AS TEXT), CAST(total AS NUMERIC(10,2)) FROM invoice",
        "SELECT name FROM customer WHERE name NOT LIKE '%\\%' ESCAPE '\\' AND name GLOB 'A*'",
        "SELECT name FROM customer WHERE id IN (1, 2) OR id NOT IN (SELECT customer_id FROM invoice) OR id IN ()",
        "SELECT name FROM customer WHERE (id, name) IN (SELECT id, name FROM german)",
        "SELECT name FROM customer AS c WHERE NOT EXISTS (SELECT 1 FROM invoice WHERE customer_id = c.id)",
        "SELECT name IS NULL, name IS NOT NULL, id IS TRUE, id IS NOT FALSE, id IS NOT 2, id IS name FROM customer",
        "SELECT id NOT BETWEEN 1 AND 2 FROM customer",
        "SELECT NULL, TRUE, FALSE, -5, 1e3, 0x1F, 'it''s', x'0aff', CURRENT_DATE",
        "SELECT \"order\".\"5\"\" disk\" FROM (SELECT 1 AS \"5\"\" disk\") AS \"order\"",
        "SELECT \"\"\"\"\"\" FROM (SELECT 1 AS \"\"\"\"\"\")",
        "SELECT id FROM customer WHERE name = \"Ada\"",
        "SELECT name COLLATE nocase, - -id, ~id, +id, - +id FROM customer",
        "SELECT (SELECT max(total) FROM invoice), id << 2 | 1 FROM customer",
        "SELECT '{}' -> 'a' ->> 'b' || 'c'",
        "VALUES (1, 2), (3, 4)",
    ] {
        stays(sql);
    }
}

#[test]
fn what_is_written_otherwise_is_printed_in_one_way() {
    prints("select  1 ;", "SELECT 1");
    prints(
        "SELECT ALL c.id id FROM customer c INNER JOIN invoice WHERE c.id == 1 AND c.id != 2",
        "SELECT c.id AS id FROM customer AS c JOIN invoice WHERE c.id = 1 AND c.id <> 2",
    );
    prints(
        "SELECT `id`, [name] FROM 'customer' LEFT OUTER JOIN invoice USING(id)",
        "SELECT \"id\", \"name\" FROM \"customer\" LEFT JOIN invoice USING (id)",
    );
    prints(
        "SELECT id FROM customer ORDER BY id ASC LIMIT 5, 3",
        "SELECT id FROM customer ORDER BY id LIMIT 3 OFFSET 5",
    );
    prints(
        "SELECT ((id)), (id NOTNULL), id ISNULL FROM customer",
        "SELECT id, id IS NOT NULL, id IS NULL FROM customer",
    );
    prints(
        "SELECT - 5, X'AB', trim( 'a' )",
        "SELECT -5, x'ab', trim('a')",
    );
}

/// Parentheses are printed where the tree needs them, and nowhere else.
#[test]
fn operators_bind_as_in_sqlite() {
    let of = |sql: &str| format!("SELECT {sql} FROM customer");
    for (sql, printed) in [
        ("(1 + 2) * 3", "(1 + 2) * 3"),
        ("1 + (2 * 3)", "1 + 2 * 3"),
        ("1 - (2 - 3)", "1 - (2 - 3)"),
        ("(1 - 2) - 3", "1 - 2 - 3"),
        ("-id || 'x'", "-id || 'x'"),
        ("-(id || 'x')", "-(id || 'x')"),
        ("id * (name || 'x')", "id * name || 'x'"),
        ("(id * 2) || 'x'", "(id * 2) || 'x'"),
        ("NOT id = 1", "NOT id = 1"),
        ("(NOT id) = 1", "(NOT id) = 1"),
        ("NOT EXISTS (SELECT 1) = 1", "NOT EXISTS (SELECT 1) = 1"),
        ("id = (1 < 2)", "id = 1 < 2"),
        ("(id = 1) < 2", "(id = 1) < 2"),
        ("id < (1 & 2)", "id < 1 & 2"),
        ("id | (1 & 2)", "id | (1 & 2)"),
        ("(id OR name) AND id", "(id OR name) AND id"),
        ("id OR (name AND id)", "id OR name AND id"),
        ("id BETWEEN 1 AND 2 = 1", "id BETWEEN 1 AND 2 = 1"),
        ("id BETWEEN 1 AND (2 = 1)", "id BETWEEN 1 AND (2 = 1)"),
        ("id = (name IS NULL)", "id = (name IS NULL)"),
        ("(id = name) IS NULL", "id = name IS NULL"),
        ("(-id) COLLATE nocase", "-id COLLATE nocase"),
        ("- id COLLATE nocase", "-id COLLATE nocase"),
        ("name LIKE 'a' = 1", "name LIKE 'a' = 1"),
        ("1 = 2 LIKE 3", "1 = 2 LIKE 3"),
        ("1 = (2 LIKE 3)", "1 = (2 LIKE 3)"),
        ("1 IS NULL = 2", "1 IS NULL = 2"),
        ("id IS NULL > 7", "id IS NULL > 7"),
        ("id IS NOT NULL > 7", "id IS NOT NULL > 7"),
        ("id ISNULL > 7", "(id IS NULL) > 7"),
        ("id IS NOT DISTINCT FROM name", "id IS name"),
        ("id IS TRUE = 1", "id IS TRUE = 1"),
        ("id -> 'a' || 'b'", "id -> 'a' || 'b'"),
    ] {
        prints(&of(sql), &of(printed));
    }
}

#[test]
fn what_a_tree_says() {
    let query = query(
        "WITH w AS (SELECT id FROM customer) SELECT a.total AS sum, -2 FROM invoice AS a, w \
         WHERE a.total > 1.5 AND a.day IN (SELECT day FROM invoice WHERE customer_id = w.id) ORDER BY 1 LIMIT 10",
    );
    let statement = query.statement();
    let tables: Vec<_> = statement
        .tables()
        .map(|table| table.name.as_str())
        .collect();
    assert_eq!(tables, ["customer", "invoice", "invoice"]);
    let columns: Vec<_> = statement
        .columns()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(
        columns,
        ["id", "total", "total", "day", "day", "customer_id", "id"]
    );
    let literals: Vec<_> = statement.literals().map(ToString::to_string).collect();
    assert_eq!(literals, ["-2", "1.5", "1", "10"]);
    let statements = statement
        .nodes()
        .filter(|node| matches!(node, Node::Statement(_)));
    assert_eq!(statements.count(), 3);
    let Body::Select(select) = &statement.body else {
        panic!("{statement}")
    };
    assert!(
        matches!(&select.items[0], Item::Expr { alias: Some(name), .. } if name.as_str() == "sum")
    );
    assert_eq!(
        select.filter.as_ref().unwrap().to_string(),
        "a.total > 1.5 AND a.day IN (SELECT day FROM invoice WHERE customer_id = w.id)"
    );
}

#[test]
fn a_parameter_can_become_a_literal() {
    let db = shop(r#"{"parameters": true}"#);
    let query = db.check("SELECT :who, upper(:who), ?1").unwrap();
    let mut statement = query.statement().clone();
    assert_eq!(
        statement.parameters().collect::<Vec<_>>(),
        [":who", ":who", "?1"]
    );
    assert_eq!(statement.bind(":who", "O'Brien"), 2);
    assert_eq!(
        statement.to_string(),
        "SELECT 'O''Brien', upper('O''Brien'), ?1"
    );
}

#[test]
fn set_operations_stand_side_by_side() {
    let query = query("SELECT 1 UNION SELECT 2 INTERSECT SELECT 3");
    let operators: Vec<_> = query
        .statement()
        .compound
        .iter()
        .map(|(operator, _)| *operator)
        .collect();
    assert_eq!(operators, [SetOperator::Union, SetOperator::Intersect]);
}

#[test]
fn a_limit_that_a_policy_adds_stands_in_the_tree() {
    let db = shop(r#"{"limit": {"max": 7}}"#);
    let query = db.check("SELECT id FROM customer;").unwrap();
    assert_eq!(query.statement().to_string(), query.sql());
    assert!(query.sql().ends_with(" LIMIT 7"));
}

#[test]
fn a_changed_tree_is_judged_like_any_text() {
    let db = shop(support::HIDING);
    let mut statement = db
        .check("SELECT name FROM customer")
        .unwrap()
        .statement()
        .clone();
    statement.for_each_expr_mut(|expr| {
        if let Expr::Column(column) = expr {
            column.name = Name::new("password");
        }
    });
    assert!(db.check(&statement.to_string()).is_err());
}

#[test]
fn values_of_programs_are_literals() {
    for (literal, printed) in [
        (Literal::from(-3), "-3"),
        (Literal::from(i64::MIN), "-9223372036854775808"),
        (Literal::from(0.5), "0.5"),
        (Literal::from(f64::NAN), "NULL"),
        (Literal::from(f64::NEG_INFINITY), "-9.0e999"),
        (Literal::from(1e300), "1e300"),
        (Literal::from("it's"), "'it''s'"),
        (Literal::from(vec![1, 171]), "x'01ab'"),
        (Literal::from(true), "TRUE"),
        (Literal::from(None::<i64>), "NULL"),
    ] {
        assert_eq!(literal.to_string(), printed);
        // Behind a sign too, where two would begin a comment.
        let mut statement = query("SELECT -name FROM customer").statement().clone();
        statement.for_each_expr_mut(|expr| {
            if matches!(expr, Expr::Column(_)) {
                *expr = Expr::Literal(literal.clone());
            }
        });
        query(&statement.to_string());
    }
}

/// As deep as the guard reads at all, on the stack of a test.
#[test]
fn deep_trees() {
    let mut policy = Policy::default();
    (policy.max_nesting, policy.max_operators) = (usize::MAX, usize::MAX);
    policy.max_bytes = 64 << 20;
    policy.max_query_depth = usize::MAX;
    let db = Sqlite::from_ddl(SHOP).unwrap();
    let guard = Guard::new(db.catalog(), policy);
    let n = 100_000;
    for sql in [
        format!("SELECT {}1", "- ".repeat(n)),
        format!("SELECT 1{}", " + 1".repeat(n)),
        format!("SELECT {}1{}", "(SELECT ".repeat(n), ")".repeat(n)),
        format!("SELECT 1{}", " UNION SELECT 1".repeat(n)),
    ] {
        let codes: Vec<_> = guard
            .check(&sql)
            .unwrap_err()
            .violations()
            .iter()
            .map(|violation| violation.code)
            .collect();
        assert!(
            matches!(codes.as_slice(), [Some("too-deep" | "too-many-operators")]),
            "{codes:?}"
        );
    }
    for sql in [
        format!("SELECT {}id FROM customer", "- ".repeat(100)),
        format!("SELECT id{} FROM customer", " + 1".repeat(400)),
        format!("SELECT {}1{}", "(SELECT ".repeat(100), ")".repeat(100)),
        format!("SELECT id{} FROM customer", " || 1 + 1".repeat(200)),
        format!("SELECT 1{}", " UNION SELECT 1".repeat(400)),
        format!("SELECT id{} FROM customer", " ISNULL".repeat(400)),
        format!("SELECT id{} FROM customer", " IS 1".repeat(400)),
    ] {
        let query = guard
            .check(&sql)
            .unwrap_or_else(|rejection| panic!("{rejection}"));
        let statement = query.statement().clone();
        let printed = statement.to_string();
        assert!(statement.nodes().count() >= 100);
        assert_eq!(guard.check(&printed).unwrap().statement(), &statement);
        assert!(!format!("{statement:?}").is_empty());
    }
}

/// Expressions without any parentheses, and with some.
fn expr() -> impl Strategy<Value = String> {
    let atom = prop_oneof![
        Just("id".to_owned()),
        Just("c.name".to_owned()),
        Just("7".to_owned()),
        Just("'x'".to_owned()),
        Just("NULL".to_owned()),
        Just("max(id, 2)".to_owned()),
        Just("(SELECT 1)".to_owned()),
    ];
    atom.prop_recursive(6, 24, 3, |inner| {
        let operator = prop::sample::select(vec![
            "OR", "AND", "=", "==", "<>", "!=", "<", "<=", ">", ">=", "&", "|", "<<", ">>", "+", "-", "*", "/", "%", "||",
            "->", "->>", "LIKE", "IS", "IS NOT", "NOT LIKE", "GLOB", "IS DISTINCT FROM", "IS NOT DISTINCT FROM",
        ]);
        let prefix = prop::sample::select(vec!["NOT ", "- ", "+ ", "~ ", "-"]);
        let postfix = prop::sample::select(vec![
            " IS NULL", " IS NOT NULL", " NOTNULL", " ISNULL", " COLLATE nocase", " IS TRUE", " IN (1, 2)", " NOT IN (SELECT id FROM german)",
        ]);
        prop_oneof![
            4 => (inner.clone(), operator, inner.clone()).prop_map(|(left, operator, right)| format!("{left} {operator} {right}")),
            1 => (prefix, inner.clone()).prop_map(|(prefix, inner)| format!("{prefix}{inner}")),
            1 => (inner.clone(), postfix).prop_map(|(inner, postfix)| format!("{inner}{postfix}")),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("{a} BETWEEN {b} AND {c}")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("CASE WHEN {a} THEN {b} ELSE 0 END")),
            2 => inner.prop_map(|inner| format!("({inner})")),
        ]
    })
}

/// A guard of the shop that passes conditions which say nothing.
fn anything() -> &'static Guard {
    static GUARD: LazyLock<Guard> = LazyLock::new(|| {
        let mut policy = Policy::default();
        policy.constant_conditions = true;
        Guard::new(Sqlite::from_ddl(SHOP).unwrap().catalog(), policy)
    });
    &GUARD
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    /// The tree is what SQLite reads: with all parentheses that it can have, SQLite makes the same code.
    #[test]
    fn trees_are_read_as_sqlite_reads(expr in expr()) {
        let guard = anything();
        let sql = format!("SELECT {expr} FROM customer AS c");
        let Ok(query) = guard.check(&sql) else { return Ok(()) };
        let printed = query.statement().to_string();
        let again = guard.check(&printed);
        prop_assert!(again.is_ok(), "{sql}\n{printed}\n{}", again.unwrap_err());
        let again = again.unwrap();
        prop_assert_eq!(again.statement(), query.statement(), "{}\n{}", sql, printed);
        let connection = support::raw(SHOP);
        support::same_code(&connection, &sql, &printed);
        support::same_code(&connection, &sql, &grouped(query.statement()));
    }
}

/// Printed with a pair of parentheses around each expression of the only item.
fn grouped(statement: &Statement) -> String {
    let Body::Select(select) = &statement.body else {
        panic!("{statement}")
    };
    let [Item::Expr { expr, .. }] = select.items.as_slice() else {
        panic!("{statement}")
    };
    format!("SELECT {} FROM customer AS c", in_parentheses(expr))
}

fn in_parentheses(expr: &Expr) -> String {
    let inner = |expr: &Expr| in_parentheses(expr);
    match expr {
        Expr::Binary {
            left,
            operator,
            right,
        } => format!("({} {} {})", inner(left), operator.as_str(), inner(right)),
        Expr::Unary {
            operator: UnaryOperator::Not,
            operand,
        } => format!("(NOT {})", inner(operand)),
        Expr::Unary {
            operator: UnaryOperator::Minus,
            operand,
        } => format!("(- {})", inner(operand)),
        Expr::Unary {
            operator: UnaryOperator::Plus,
            operand,
        } => format!("(+ {})", inner(operand)),
        Expr::Unary {
            operator: UnaryOperator::BitNot,
            operand,
        } => format!("(~ {})", inner(operand)),
        Expr::Collate { operand, collation } => format!("({} COLLATE {collation})", inner(operand)),
        Expr::Between {
            operand, low, high, ..
        } => format!(
            "({} BETWEEN {} AND {})",
            inner(operand),
            inner(low),
            inner(high)
        ),
        Expr::Match {
            operand,
            negated,
            operator,
            pattern,
            ..
        } => {
            format!(
                "({} {}{} {})",
                inner(operand),
                if *negated { "NOT " } else { "" },
                operator.as_str(),
                inner(pattern)
            )
        }
        Expr::IsNull { operand, negated } => format!(
            "({} {})",
            inner(operand),
            if *negated { "NOTNULL" } else { "ISNULL" }
        ),
        other => format!("({other})"),
    }
}

#[test]
fn a_tree_can_be_made() {
    let mut statement = query("SELECT name FROM customer").statement().clone();
    let Body::Select(select) = &mut statement.body else {
        panic!("{statement}")
    };
    let column = |name: &str| {
        Box::new(Expr::Column(Column {
            schema: None,
            table: None,
            name: Name::new(name),
        }))
    };
    let literal = |literal: Literal| Box::new(Expr::Literal(literal));
    let either = Expr::Binary {
        left: column("country"),
        operator: BinaryOperator::Or,
        right: column("id"),
    };
    select.filter = Some(Expr::Binary {
        left: Box::new(either),
        operator: BinaryOperator::Equal,
        right: literal("x".into()),
    });
    assert_eq!(
        statement.to_string(),
        "SELECT name FROM customer WHERE (country OR id) = 'x'"
    );
    assert_eq!(Name::new("group").to_string(), "\"group\"");
}
