//! A guard in front of a text-to-SQL product that is there already: its SQL goes in, and out comes a text that may be run, within a bound on
//! rows, or what the product is to be told so that it writes a better one.
//!
//! ```sh
//! cargo run --example sql_gateway
//! ```
//!
//! Nothing here asks a model: who wrote a text makes no difference to the guard.

use larkspur::sql::{Policy, Rows, RunLimits, Sqlite};

/// A shop; of a real database: `Sqlite::open_read_only("shop.sqlite")?`, or `Postgres::connect("postgres://reader@localhost/shop")?`.
const SHOP: &str = "
    CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT, email TEXT, password TEXT);
    CREATE TABLE sale (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer, day DATE, price NUMERIC(10, 2));
    CREATE TABLE audit_log (id INTEGER PRIMARY KEY, line TEXT);
    INSERT INTO customer VALUES (1, 'Ada', 'Germany', 'ada@example.org', 'x'), (2, 'Bo', 'France', NULL, 'x'), (3, 'Cy', 'Germany', NULL, 'x');
    INSERT INTO sale VALUES (1, 1, '2026-01-03', 12.5), (2, 1, '2026-01-09', 14), (3, 2, '2026-02-01', 9.5), (4, 3, '2026-02-11', 12.5);
";

/// What the product's users may read, and how much of it at once: a file beside the product, as a rule.
const POLICY: &str = r#"{
    "exclude": ["customer.email", "*.password", "audit_*"],
    "limit": {"max": 100, "missing": "add"},
    "max_joins": 4
}"#;

/// How often the product may try.
const TRIES: usize = 3;

/// What stands between the product and the database.
struct Gateway {
    db: Sqlite,
    limits: RunLimits,
}

/// What became of a text.
enum Judged {
    /// The text to run, which has a `LIMIT`.
    Run(String),
    /// What the product is told, in words for a model.
    Again(String),
}

impl Gateway {
    fn open() -> Result<Self, Box<dyn std::error::Error>> {
        let db = Sqlite::from_ddl(SHOP)?.policy(Policy::from_json(POLICY)?)?;
        let limits = RunLimits::default();
        Ok(Self { db, limits })
    }

    /// Judges a text, for a product that runs it itself.
    fn judge(&self, sql: &str) -> Judged {
        match self.db.check(sql) {
            Ok(query) => Judged::Run(query.sql().to_owned()),
            Err(rejection) => Judged::Again(rejection.reask()),
        }
    }

    /// Has the product write until a text of it can be run, and runs it here: read-only, within limits.
    fn answer(
        &self,
        mut product: impl FnMut(Option<&str>) -> String,
    ) -> Result<Rows, Box<dyn std::error::Error>> {
        let mut told = None;
        for _ in 0..TRIES {
            let sql = product(told.as_deref());
            told = Some(match self.db.check(&sql) {
                Ok(query) => match self.db.run(&query, &self.limits) {
                    Ok(rows) => return Ok(rows),
                    Err(error) if error.is_query() => error.to_string(),
                    Err(error) => return Err(error.into()),
                },
                Err(rejection) => rejection.reask(),
            });
        }
        Err(told.unwrap_or_default().into())
    }
}

/// The product, as it was before: texts that it wrote on some day, one after the other.
fn product() -> impl FnMut(Option<&str>) -> String {
    let mut texts = [
        "SELECT c.name, c.email, sum(s.price) FROM customer c JOIN sales s ON s.customer_id = c.id GROUP BY c.id",
        "SELECT c.name, sum(s.price) AS spent FROM customer c JOIN sale s ON s.customer_id = c.id GROUP BY c.id ORDER BY spent DESC",
    ]
    .into_iter();
    move |told| {
        if let Some(told) = told {
            println!("told: {told}\n");
        }
        let text = texts.next().unwrap_or_default().to_owned();
        println!("wrote: {text}\n");
        text
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gateway = Gateway::open()?;
    let rows = gateway.answer(product())?;
    print!("{}", rows.to_table());
    for sql in [
        "SELECT name FROM customer WHERE country = 'Germany'",
        "SELECT name FROM customer; DELETE FROM customer",
    ] {
        match gateway.judge(sql) {
            Judged::Run(sql) => println!("\nmay be run: {sql}"),
            Judged::Again(told) => println!("\nmay not be run: {sql}\n{told}"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_product_is_told_what_is_wrong_and_its_next_text_runs() {
        let gateway = Gateway::open().expect("opens");
        let mut product = product();
        let mut told = Vec::new();
        let rows = gateway.answer(|wrong| {
            told.extend(wrong.map(str::to_owned));
            product(wrong)
        });
        let rows: Vec<(String, f64)> = rows.expect("is answered").read().expect("are pairs");
        assert_eq!(rows[0], ("Ada".to_owned(), 26.5));
        let [told] = told.as_slice() else {
            panic!("{told:?}");
        };
        assert!(told.contains("`c` has no column `email`"), "{told}");
        assert!(told.contains("there is no table `sales`"), "{told}");
    }

    #[test]
    fn what_may_be_run_is_bounded_and_the_rest_is_not_run() {
        let gateway = Gateway::open().expect("opens");
        let Judged::Run(sql) = gateway.judge("SELECT name FROM customer") else {
            panic!("is refused");
        };
        assert_eq!(sql, "SELECT name FROM customer LIMIT 100");
        for sql in [
            "SELECT password FROM customer",
            "SELECT line FROM audit_log",
            "SELECT name FROM customer LIMIT 101",
            "DELETE FROM sale",
            "SELECT name FROM customer; DROP TABLE sale",
            "SELECT load_extension('x')",
            "SELECT id FROM customer NATURAL JOIN (SELECT 'x' AS password)",
            "",
        ] {
            let Judged::Again(told) = gateway.judge(sql) else {
                panic!("{sql} is allowed");
            };
            assert!(told.lines().count() > 1, "{sql}: {told}");
        }
    }

    #[test]
    fn a_product_that_learns_nothing_is_not_asked_for_ever() {
        let gateway = Gateway::open().expect("opens");
        let mut asked = 0;
        let error = gateway.answer(|_| {
            asked += 1;
            "SELECT abs(-9223372036854775808)".to_owned()
        });
        let error = error.expect_err("overflows").to_string();
        assert_eq!(
            (asked, error.as_str()),
            (TRIES, "a value cannot be computed: integer overflow")
        );
    }
}
