//! Catalogs that are too large for a grammar: what is left is what a question is about, and the rest is told.

use std::time::{Duration, Instant};

use larkspur_grammar::{Compiled, Parser, sample::Sampler};
use larkspur_sql::{Catalog, Dialect, Guard, Names, Policy, SelectGrammar, Sqlite};

use crate::grammar::{findings, sentences};

/// Far more than it takes, also in a debug build beside other tests.
const MOST_TIME: Duration = Duration::from_secs(60);

/// A large database: shops in so many towns, and singers.
fn large(towns: usize) -> Sqlite {
    let shops = (0..towns).map(|town| {
        format!(
            "CREATE TABLE shop_{town} (id INTEGER PRIMARY KEY, name TEXT, opened DATE, staff INTEGER);
             CREATE TABLE sale_{town} (id INTEGER PRIMARY KEY, shop_id INTEGER REFERENCES shop_{town}, price NUMERIC, day DATE);"
        )
    });
    let singers = "CREATE TABLE singer (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE singer_at (singer_id INTEGER REFERENCES singer, stadium_id INTEGER REFERENCES stadium);
        CREATE TABLE stadium (id INTEGER PRIMARY KEY, city TEXT);";
    Sqlite::from_ddl(&(shops.collect::<String>() + singers)).unwrap()
}

#[test]
fn a_large_catalog_is_cut_down_to_what_a_question_is_about() {
    let db = large(20);
    let select = db
        .select()
        .about("Which singers sang in the largest cities?")
        .max_bytes(40_000);
    let receipt = select.receipt().unwrap();
    assert!(
        receipt.bytes <= Some(40_000) && !receipt.is_complete(),
        "{receipt}"
    );
    assert!(
        receipt
            .tables
            .iter()
            .all(|name| name.starts_with("shop") || name.starts_with("sale")),
        "{receipt}"
    );
    let instructions = select.instructions();
    assert!(
        instructions.contains("singer_at(") && instructions.len() < 5_000,
        "{instructions}"
    );
    assert_eq!(findings(&select), [""; 0]);
    let grammar = select.grammar().unwrap();
    let compiled = Compiled::new(&grammar).unwrap();
    let mut cache = compiled.cache();
    let sql = "SELECT singer.name FROM singer JOIN singer_at ON singer_at.singer_id = singer.id \
        JOIN stadium ON singer_at.stadium_id = stadium.id WHERE stadium.city = 'Berlin'";
    assert!(Parser::new(&compiled).parse(&mut cache, sql).is_ok());
    sentences(&db, &select, 100, 4).unwrap();
    // The answer may still name what the grammar does not have: the guard knows all.
    assert!(db.check("SELECT count(*) FROM shop_19").is_ok());
}

/// The words of a question name neither what is sold nor where it is written down.
#[test]
fn a_small_catalog_keeps_the_tables_between_those_of_a_question() {
    let db = Sqlite::from_ddl(
        "CREATE TABLE artist (artist_id INTEGER PRIMARY KEY, name TEXT);
         CREATE TABLE album (album_id INTEGER PRIMARY KEY, title TEXT, artist_id INTEGER REFERENCES artist);
         CREATE TABLE genre (genre_id INTEGER PRIMARY KEY, name TEXT);
         CREATE TABLE medium (medium_id INTEGER PRIMARY KEY, name TEXT);
         CREATE TABLE track (track_id INTEGER PRIMARY KEY, name TEXT, album_id INTEGER REFERENCES album,
             genre_id INTEGER REFERENCES genre, medium_id INTEGER REFERENCES medium, price NUMERIC);
         CREATE TABLE employee (employee_id INTEGER PRIMARY KEY, name TEXT, reports_to INTEGER REFERENCES employee);
         CREATE TABLE customer (customer_id INTEGER PRIMARY KEY, name TEXT, country TEXT, helper INTEGER REFERENCES employee);
         CREATE TABLE invoice (invoice_id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer, country TEXT);
         CREATE TABLE invoice_line (line_id INTEGER PRIMARY KEY, invoice_id INTEGER REFERENCES invoice,
             track_id INTEGER REFERENCES track, price NUMERIC, quantity INTEGER);",
    )
    .unwrap();
    let select = db
        .select()
        .about("Which artist sold most in Germany?")
        .max_bytes(60_000);
    let receipt = select.receipt().unwrap();
    assert!(!receipt.is_complete(), "{receipt}");
    assert_eq!(receipt.tables, [""; 0], "{receipt}");
}

/// The same tables in PostgreSQL, without a database.
fn postgres(catalog: &Catalog) -> Catalog {
    let mut catalog = catalog.clone().of(Dialect::Postgres);
    let columns = catalog
        .tables
        .iter_mut()
        .flat_map(|table| &mut table.columns);
    for column in columns {
        column.data_type = column.data_type.to_ascii_lowercase();
    }
    catalog
}

/// Each sentence is one that the guard passes.
fn pass(select: &SelectGrammar, guard: &Guard) {
    let grammar = select.grammar().unwrap();
    for sentence in Sampler::new(&grammar).unwrap().sentences(3, 40).take(50) {
        guard
            .check(&sentence.text)
            .unwrap_or_else(|rejection| panic!("{rejection}"));
    }
}

#[test]
fn postgres_grammars_of_five_hundred_tables_are_cut_down_too() {
    let catalog = postgres(large(250).catalog());
    let guard = Guard::new(&catalog, Policy::default());
    let begun = Instant::now();
    let select = SelectGrammar::new(&catalog, &Policy::default())
        .about("Which singers sang in the largest cities?");
    let receipt = select.receipt().unwrap();
    assert!(begun.elapsed() < MOST_TIME, "{:?}", begun.elapsed());
    assert!(receipt.bytes <= Some(100_000), "{receipt}");
    assert!(
        receipt.tables.len() > 400 && receipt.tables.len() < 500,
        "{receipt}"
    );
    for name in ["singer", "singer_at", "stadium"] {
        assert!(!receipt.tables.contains(&name.to_owned()), "{name}");
    }
    assert_eq!(findings(&select), [""; 0]);
    pass(&select, &guard);
}

/// Without a question there is nothing to go by but the order of the catalog; any identifier needs no catalog.
#[test]
fn of_five_hundred_tables_without_a_question_the_first_are_left_or_any_name() {
    let db = large(250);
    let begun = Instant::now();
    let select = db.select();
    let receipt = select.receipt().unwrap();
    assert!(begun.elapsed() < MOST_TIME, "{:?}", begun.elapsed());
    assert!(
        receipt.bytes <= Some(100_000) && receipt.columns,
        "{receipt}"
    );
    assert!(!receipt.tables.contains(&"shop_0".to_owned()), "{receipt}");
    assert!(receipt.tables.contains(&"stadium".to_owned()), "{receipt}");
    // Each table is either told or told to be missing.
    let told = select.instructions();
    for table in &db.catalog().tables {
        let is_told = told.contains(&format!("\n{}(", table.name));
        assert_ne!(
            is_told,
            receipt.tables.contains(&table.name),
            "{}",
            table.name
        );
    }
    let any = db.select().names(Names::Any);
    assert!(any.receipt().unwrap().is_complete());
    assert!(any.receipt().unwrap().bytes < Some(50_000));
}

#[test]
fn of_five_hundred_tables_those_are_left_that_a_question_is_about() {
    let db = large(250);
    let select = db
        .select()
        .about("Which singers sang in the largest cities?");
    let begun = Instant::now();
    let receipt = select.receipt().unwrap();
    assert!(begun.elapsed() < MOST_TIME, "{:?}", begun.elapsed());
    assert!(receipt.bytes <= Some(100_000), "{receipt}");
    assert!(receipt.tables.len() > 400, "{receipt}");
    let told = receipt.to_string();
    assert!(
        told.starts_with("left out: tables s") && told.contains(" more"),
        "{told}"
    );
    for name in ["singer", "singer_at", "stadium"] {
        assert!(!receipt.tables.contains(&name.to_owned()), "{name}");
    }
    sentences(&db, &select, 50, 9).unwrap();
}

/// Tables of very different sizes, the largest ones last.
#[test]
fn as_many_tables_are_left_as_there_is_room_for() {
    let narrow = (0..60).map(|at| format!("CREATE TABLE narrow_{at} (id INTEGER, name TEXT);"));
    let columns = (0..80).map(|at| format!("column_{at} TEXT"));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let wide = (0..60).map(|at| format!("CREATE TABLE wide_{at} ({columns});"));
    let db = Sqlite::from_ddl(&narrow.chain(wide).collect::<String>()).unwrap();
    let mut before = 0;
    for bound in [30_000, 50_000, 100_000, 150_000] {
        let select = db.select().max_bytes(bound);
        let receipt = select.receipt().unwrap();
        let bytes = receipt.bytes.unwrap();
        assert!(bytes <= bound, "{bound}: {bytes}");
        let kept = db.catalog().tables.len() - receipt.tables.len();
        assert!(kept > before, "{bound}: {kept} after {before}");
        before = kept;
        // There is no room for one more.
        let one_more = &db.catalog().tables[..=kept];
        let one_more = SelectGrammar::new(&Catalog::new(one_more.to_vec()), &Policy::default());
        let one_more = one_more.max_bytes(bound);
        assert_eq!(
            one_more.receipt().unwrap().tables.len(),
            1,
            "{bound}: {kept}, {bytes} bytes"
        );
    }
}
