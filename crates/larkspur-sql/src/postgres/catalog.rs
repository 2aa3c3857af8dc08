//! The catalog of a PostgreSQL database, in PostgreSQL's own words.

use std::collections::HashMap;

use tokio_postgres::{Client, Error, Row};

use super::Found;
use crate::{Catalog, Column, Dialect, ForeignKey, Table, TableKind};

/// Tables by what a name without a schema means, in the order of the schemas and then of their creation.
const TABLES: &str = "
SELECT c.oid, c.relname, n.nspname, c.relkind::text, obj_description(c.oid, 'pg_class'), c.reltuples::float8
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND n.nspname = ANY (current_schemas(false))
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' AND pg_table_is_visible(c.oid)
ORDER BY array_position(current_schemas(false), n.nspname), c.oid";

/// Columns, with whether they may be read; a domain by the type that it is made of.
const COLUMNS: &str = "
SELECT a.attrelid, a.attname,
  format_type(coalesce(nullif(t.typbasetype, 0), t.oid), CASE WHEN t.typbasetype = 0 THEN a.atttypmod ELSE t.typtypmod END),
  a.attnotnull OR t.typnotnull, col_description(a.attrelid, a.attnum),
  has_column_privilege(a.attrelid, a.attnum, 'SELECT'),
  ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e
    WHERE e.enumtypid = coalesce(nullif(t.typbasetype, 0), t.oid) ORDER BY e.enumsortorder)
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum";

/// Primary and foreign keys, in the order of declaration.
const KEYS: &str = "
SELECT k.conrelid, k.contype::text, k.confrelid,
  ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u (number, place)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place),
  ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u (number, place)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place)
FROM pg_catalog.pg_constraint k
WHERE k.contype IN ('p', 'f') AND k.conrelid = ANY ($1) AND k.conparentid = 0
ORDER BY k.oid";

/// Functions of the schemas that are looked into: one of them may be meant where PostgreSQL's own is, if its arguments fit better.
const FUNCTIONS: &str = "
SELECT DISTINCT p.proname::text FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = ANY (current_schemas(false)) AND n.nspname <> 'pg_catalog'";

pub(super) async fn read(client: &mut Client) -> Result<Found, Error> {
    let transaction = client.build_transaction().read_only(true).start().await?;
    let rows = transaction.query(TABLES, &[]).await?;
    let mut tables = Vec::with_capacity(rows.len());
    for row in &rows {
        tables.push((row.try_get::<_, u32>(0)?, table(row)?));
    }
    let ids: Vec<u32> = tables.iter().map(|(id, _)| *id).collect();
    let places: HashMap<u32, usize> = ids.iter().copied().zip(0..).collect();
    for row in transaction.query(COLUMNS, &[&ids]).await? {
        let place = places.get(&row.try_get::<_, u32>(0)?);
        if let Some((_, table)) = place.and_then(|place| tables.get_mut(*place)) {
            add_column(table, &row)?;
        }
    }
    let names: HashMap<u32, String> = tables
        .iter()
        .map(|(id, table)| (*id, table.name.clone()))
        .collect();
    for row in transaction.query(KEYS, &[&ids]).await? {
        let place = places.get(&row.try_get::<_, u32>(0)?);
        if let Some((_, table)) = place.and_then(|place| tables.get_mut(*place)) {
            add_key(table, &row, &names)?;
        }
    }
    let functions = transaction.query(FUNCTIONS, &[]).await?;
    let functions: Result<Vec<String>, Error> =
        functions.iter().map(|row| row.try_get(0)).collect();
    transaction.rollback().await?;
    let tables = tables.into_iter().map(|(_, table)| table);
    let tables = tables.filter(|table| !table.columns.is_empty());
    Ok(Found {
        catalog: Catalog::new(tables).of(Dialect::Postgres),
        functions: functions?,
    })
}

fn table(row: &Row) -> Result<Table, Error> {
    let mut table = Table::new(row.try_get::<_, String>(1)?, []);
    table.schema = Some(row.try_get(2)?);
    table.kind = match row.try_get::<_, &str>(3)? {
        "v" | "m" => TableKind::View,
        "f" => TableKind::Virtual,
        _ => TableKind::Table,
    };
    table.comment = row.try_get(4)?;
    // Of a view there is nothing to count, which old versions say as 0.
    if table.kind != TableKind::View {
        table.rows = counted(row.try_get(5)?);
    }
    Ok(table)
}

/// `reltuples`, which is negative where nobody has counted yet.
fn counted(tuples: f64) -> Option<u64> {
    (tuples >= 0.0).then_some(())?;
    format!("{tuples:.0}").parse().ok()
}

/// What the role may not read is not there to be seen.
fn add_column(table: &mut Table, row: &Row) -> Result<(), Error> {
    let name: String = row.try_get(1)?;
    if !row.try_get::<_, bool>(5)? {
        table.hide(name);
        return Ok(());
    }
    let mut column = Column::new(name, row.try_get::<_, String>(2)?);
    column.nullable = !row.try_get::<_, bool>(3)?;
    column.comment = row.try_get(4)?;
    column.labels = row.try_get(6)?;
    table.columns.push(column);
    Ok(())
}

/// A key of which the role may not read a part is none to be seen.
fn add_key(table: &mut Table, row: &Row, names: &HashMap<u32, String>) -> Result<(), Error> {
    let columns: Vec<String> = row.try_get(3)?;
    let is_seen = |name: &String| table.columns.iter().any(|column| column.name == *name);
    if !columns.iter().all(is_seen) {
        return Ok(());
    }
    if row.try_get::<_, &str>(1)? == "p" {
        table.primary_key = columns;
    } else if let Some(target) = names.get(&row.try_get::<_, u32>(2)?) {
        let references: Vec<String> = row.try_get(4)?;
        let key = ForeignKey::new(columns, target, references);
        table.foreign_keys.push(key);
    }
    Ok(())
}
