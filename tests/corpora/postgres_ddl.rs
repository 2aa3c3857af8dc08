//! The catalog of a dump, read without a server, is the one that the server tells.

use std::collections::BTreeMap;

use larkspur_sql::{Catalog, Postgres, PostgresDdl, Table, TableKind};

use crate::{postgres_grammar, server::Server, server::server};

/// Tables by their names, without what only a server knows; of views the columns' names.
fn comparable(catalog: &Catalog) -> BTreeMap<String, Table> {
    let tables = catalog.tables.iter().cloned().map(|mut table| {
        table.rows = None;
        table.foreign_keys.sort_by_key(|key| key.columns.clone());
        for column in &mut table.columns {
            // What a view selects is null or not by what the server makes of it.
            if table.kind == TableKind::View {
                column.data_type.clear();
                column.labels.clear();
            }
        }
        (table.name.clone(), table)
    });
    tables.collect()
}

fn check(server: &Server, name: &str, db: &Postgres) {
    let dump = server.dump(name);
    let ddl = PostgresDdl::read(&dump).unwrap();
    assert_eq!(ddl.left_out(), [""; 0], "{name}");
    assert_eq!(
        comparable(&ddl.catalog(&[])),
        comparable(db.catalog()),
        "{name}\n{dump}"
    );
}

#[test]
fn dumps_say_what_the_server_says() {
    let server = server();
    for (name, ddl) in postgres_grammar::databases() {
        let name = format!("dumped_{name}");
        let db = server.database(&name, &ddl);
        check(&server, &name, &db);
    }
    let more = r#"
        CREATE DOMAIN email AS varchar(40) NOT NULL CHECK (VALUE LIKE '%@%');
        CREATE TABLE parent (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mail email DEFAULT 'a@b', twice int GENERATED ALWAYS AS (3 * 2) STORED,
            "Weird "" name" text CHECK ("Weird "" name" ~ '^[a-z]+$'), wide numeric(10,3)[] DEFAULT '{}', b bit varying(5), z timetz(2));
        CREATE TABLE child (more text COLLATE "C" DEFAULT upper('x')) INHERITS (parent);
        CREATE TABLE parts (at date NOT NULL, n int) PARTITION BY RANGE (at);
        CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
        CREATE TABLE pairs (a int, b int, PRIMARY KEY (b, a), EXCLUDE USING btree (a WITH =));
        CREATE TABLE refers (x int, y int, FOREIGN KEY (x, y) REFERENCES pairs (b, a) DEFERRABLE);
        CREATE RULE nothing AS ON DELETE TO pairs DO INSTEAD (SELECT 1; SELECT 2);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE TRIGGER t BEFORE INSERT ON pairs FOR EACH ROW EXECUTE FUNCTION f();
        CREATE MATERIALIZED VIEW kept AS SELECT a, b, a + b AS c FROM pairs WHERE a > 0 UNION SELECT 1, 2, 3;
        COMMENT ON TABLE pairs IS 'it''s "two"'; COMMENT ON COLUMN pairs.a IS 'one
of them'"#;
    let db = server.database("dumped_more", more);
    check(&server, "dumped_more", &db);
}
