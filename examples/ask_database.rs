//! A question to a database: the model writes one query, which is proven harmless, runs read-only, and gives typed rows. What the guard or
//! the database has against it goes back to the model.
//!
//! ```sh
//! cargo run --example ask_database -- "Which artist sold most in Germany?"
//! ```
//!
//! With no key and no URL set, the local server answers, with an invented query over the tables that there are.

use larkspur::sql::{Policy, RunLimits, Sqlite};

/// A small shop for music, in the shape of the sample database Chinook.
const SHOP: &str = "
    CREATE TABLE Artist (ArtistId INTEGER PRIMARY KEY, Name TEXT NOT NULL);
    CREATE TABLE Album (AlbumId INTEGER PRIMARY KEY, Title TEXT NOT NULL, ArtistId INTEGER NOT NULL REFERENCES Artist);
    CREATE TABLE Customer (CustomerId INTEGER PRIMARY KEY, Name TEXT NOT NULL, Country TEXT, Email TEXT);
    CREATE TABLE Sale (SaleId INTEGER PRIMARY KEY, CustomerId INTEGER REFERENCES Customer, AlbumId INTEGER REFERENCES Album,
        Day DATE, Price NUMERIC(10, 2));
    INSERT INTO Artist VALUES (1, 'Kraftwerk'), (2, 'Nina Simone'), (3, 'Can');
    INSERT INTO Album VALUES (1, 'Autobahn', 1), (2, 'Radio-Aktivität', 1), (3, 'Pastel Blues', 2), (4, 'Tago Mago', 3);
    INSERT INTO Customer VALUES (1, 'Ada', 'Germany', 'ada@example.org'), (2, 'Bo', 'France', 'bo@example.org'), (3, 'Cy', 'Germany', NULL);
    INSERT INTO Sale VALUES (1, 1, 1, '2026-01-03', 12.5), (2, 1, 4, '2026-01-09', 14), (3, 2, 3, '2026-02-01', 9.5),
        (4, 3, 2, '2026-02-11', 12.5), (5, 3, 3, '2026-03-02', 9.5);
";

/// What a model may see of it, and how much it may ask for.
const POLICY: &str = r#"{"exclude": ["Customer.Email"], "limit": {"max": 20}}"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let question = std::env::args().nth(1);
    let question = question.unwrap_or_else(|| "Which artist sold most in Germany?".to_owned());
    // Of a real database: `Sqlite::open_read_only("chinook.sqlite")?`.
    let db = Sqlite::from_ddl(SHOP)?.policy(Policy::from_json(POLICY)?)?;
    let select = db.select().max_tables(4);

    let client = larkspur::connect()?;
    let reply = client
        .responses("gpt-5.2")
        .instructions(select.instructions())
        .input(question)
        .extract_with(&select.with_rows(RunLimits::default()))
        .await?;
    println!("{}\n", reply.value.query);
    print!("{}", reply.value.rows?.to_table());

    // Who writes the whole query reads nothing else and changes nothing.
    for sql in ["SELECT Email FROM Customer", "DROP TABLE Sale"] {
        let Err(rejection) = db.check(sql) else {
            return Err(format!("{sql} is allowed").into());
        };
        println!("\n{rejection}");
    }
    Ok(())
}
