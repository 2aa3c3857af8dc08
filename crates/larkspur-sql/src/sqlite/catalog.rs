//! The catalog of a SQLite database, in SQLite's own words.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use rusqlite::{
    Connection, Row,
    hooks::{AuthAction, AuthContext, Authorization},
};

use crate::{Catalog, Column, Error, ForeignKey, Table, TableKind, error::Kind};

/// The most that the statements of a DDL text may take.
const DDL_TIME: Duration = Duration::from_secs(10);

/// Runs DDL that may come from anywhere, in a database in memory.
pub(super) fn create(connection: &mut Connection, ddl: &str) -> Result<(), Error> {
    let failed = |error| Error::new(Kind::Ddl, error);
    let until = Instant::now() + DDL_TIME;
    connection
        .progress_handler(1000, Some(move || Instant::now() > until))
        .map_err(failed)?;
    connection
        .authorizer(Some(only_in_memory))
        .map_err(failed)?;
    connection.execute_batch(ddl).map_err(failed)?;
    connection
        .authorizer(None::<fn(AuthContext<'_>) -> Authorization>)
        .map_err(failed)?;
    connection
        .progress_handler(0, None::<fn() -> bool>)
        .map_err(failed)
}

/// Nothing that reaches beyond the database or outlives the text.
fn only_in_memory(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Attach { .. }
        | AuthAction::Detach { .. }
        | AuthAction::Function {
            function_name: "load_extension" | "fts3_tokenizer",
        } => Authorization::Deny,
        // Dumps begin with `PRAGMA foreign_keys=OFF`; what a pragma would do is left undone.
        AuthAction::Pragma { .. } => Authorization::Ignore,
        _ => Authorization::Allow,
    }
}

/// Reads tables and views in the order in which they were created.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Catalog> {
    let mut statement = connection.prepare(
        "SELECT s.name, l.type FROM sqlite_schema AS s JOIN pragma_table_list AS l ON l.name = s.name AND l.schema = 'main' \
         WHERE s.type IN ('table', 'view') AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.rowid",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut tables = Vec::new();
    for row in rows {
        let (name, kind) = row?;
        let kind = match kind.as_str() {
            "table" => TableKind::Table,
            "view" => TableKind::View,
            "virtual" => TableKind::Virtual,
            // Where virtual tables keep their data.
            _ => continue,
        };
        // A view of a table that is gone has no columns that SQLite could tell.
        if let Ok(table) = table(connection, name, kind)
            && !table.columns.is_empty()
        {
            tables.push(table);
        }
    }
    let keys = tables
        .iter()
        .map(|table| (table.name.to_ascii_lowercase(), table.primary_key.clone()))
        .collect();
    let rows = counted(connection);
    for table in &mut tables {
        table.foreign_keys = foreign_keys(connection, &table.name, &keys)?;
        table.rows = rows.get(&table.name.to_ascii_lowercase()).copied();
    }
    Ok(Catalog::new(tables))
}

/// How many rows tables had when `ANALYZE` last ran (<https://sqlite.org/fileformat2.html>, 2.6.3); nothing where it never did, or somebody
/// wrote something else there.
fn counted(connection: &Connection) -> HashMap<String, u64> {
    let mut counted = HashMap::new();
    let Ok(mut statement) = connection.prepare("SELECT tbl, stat FROM sqlite_stat1") else {
        return counted;
    };
    let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    let Ok(rows) = statement.query_map([], read) else {
        return counted;
    };
    for (table, stat) in rows.flatten() {
        // An index of some of the rows counts fewer.
        if let Some(rows) = stat
            .split(' ')
            .next()
            .and_then(|rows| rows.parse::<u64>().ok())
        {
            let known = counted.entry(table.to_ascii_lowercase()).or_default();
            *known = rows.max(*known);
        }
    }
    counted
}

fn table(connection: &Connection, name: String, kind: TableKind) -> rusqlite::Result<Table> {
    // `hidden` is 1 for arguments of virtual tables; generated columns have other numbers.
    let mut statement = connection.prepare(
        "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1, 'main') WHERE hidden <> 1 ORDER BY cid",
    )?;
    let read = |row: &Row<'_>| {
        let nullable = !row.get::<_, bool>(2)?;
        let mut column = Column::new(row.get::<_, String>(0)?, row.get::<_, String>(1)?);
        column.nullable = nullable;
        Ok((column, row.get::<_, u32>(3)?))
    };
    let columns = statement
        .query_map([&name], read)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut key: Vec<_> = columns
        .iter()
        .filter(|(_, place)| *place > 0)
        .map(|(column, place)| (*place, column.name.clone()))
        .collect();
    key.sort_by_key(|(place, _)| *place);
    let mut table = Table::new(name, columns.into_iter().map(|(column, _)| column));
    table.kind = kind;
    Ok(table.primary_key(key.into_iter().map(|(_, name)| name)))
}

/// In the order of declaration. A key that names no columns of the other table refers to its primary key.
fn foreign_keys(
    connection: &Connection,
    table: &str,
    primary: &HashMap<String, Vec<String>>,
) -> rusqlite::Result<Vec<ForeignKey>> {
    let mut statement = connection
        .prepare("SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?1, 'main') ORDER BY id DESC, seq")?;
    let mut rows = statement.query([table])?;
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, column, reference) = (
            row.get(0)?,
            row.get::<_, String>(2)?,
            row.get::<_, Option<String>>(3)?,
        );
        if keys.last().is_none_or(|(last, _)| *last != id) {
            keys.push((
                id,
                ForeignKey::new([""; 0], row.get::<_, String>(1)?, [""; 0]),
            ));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.columns.push(column);
            key.references.extend(reference);
        }
    }
    for (_, key) in &mut keys {
        if key.references.is_empty() {
            key.references = primary
                .get(&key.table.to_ascii_lowercase())
                .cloned()
                .unwrap_or_default();
        }
    }
    // A key that leads nowhere joins nothing.
    let keys = keys.into_iter().map(|(_, key)| key);
    Ok(keys
        .filter(|key| key.references.len() == key.columns.len())
        .collect())
}
