//! The tables that a policy shows, empty, in a database of their own, where SQLite is asked once more.
//!
//! SQLite asks its authorizer nothing about columns that `USING` and `NATURAL` compare, and it names a query of a `WITH` as it names
//! a view. Here views are tables, so nothing is read in another's name; and which columns are read is seen in the code that SQLite
//! makes of a text (<https://sqlite.org/opcode.html>), where none is read without an instruction that says so. Columns that are
//! hidden stand behind the others: names mean here what they mean in the database.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{
    Connection,
    hooks::{AuthAction, AuthContext},
};

use super::authorizer::{self, Denied};
use crate::{Catalog, Table, quote_name};

/// The first column is that of the addresses.
const OPCODE: usize = 1;

/// The empty tables of a catalog.
#[derive(Debug)]
pub(super) struct Shadow {
    connection: Mutex<Connection>,
    /// By the page that a table begins at.
    tables: BTreeMap<i64, Standing>,
    denied: Denied,
}

/// How a table stands here.
#[derive(Debug)]
struct Standing {
    name: String,
    /// How many columns are to be seen.
    shown: usize,
    /// Those that stand behind them.
    hidden: Vec<String>,
}

impl Shadow {
    pub(super) fn of(visible: &Catalog) -> rusqlite::Result<Self> {
        let mut connection = Connection::open_in_memory()?;
        let creation: String = visible.tables.iter().map(created).collect();
        connection.execute_batch(&format!("BEGIN;\n{creation}COMMIT"))?;
        let mut tables = BTreeMap::new();
        for table in &visible.tables {
            let page = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
            let page = connection.query_row(page, [&table.name], |row| row.get(0))?;
            let standing = Standing {
                name: table.name.clone(),
                shown: table.columns.len(),
                hidden: table.hidden().to_vec(),
            };
            tables.insert(page, standing);
        }
        super::harden(&connection)?;
        let denied = Denied::default();
        let (allowed, told) = (Allowed::of(visible), Arc::clone(&denied));
        authorizer::install(
            &mut connection,
            move |context| allowed.allows(context),
            told,
        )?;
        Ok(Self {
            connection: Mutex::new(connection),
            tables,
            denied,
        })
    }

    /// What a text does that the policy does not allow, in words.
    ///
    /// # Errors
    /// Where SQLite does not prepare it, though nothing was denied.
    pub(super) fn denies(&self, sql: &str) -> rusqlite::Result<Vec<String>> {
        let connection = self.connection.lock();
        let connection = connection.unwrap_or_else(PoisonError::into_inner);
        authorizer::take(&self.denied);
        let code = code(&connection, sql);
        let denied = authorizer::take(&self.denied);
        match code {
            _ if !denied.is_empty() => Ok(denied),
            Ok(code) => Ok(self.reads(&code)),
            Err(error) => Err(error),
        }
    }

    /// The hidden columns that this code reads.
    fn reads(&self, code: &Code) -> Vec<String> {
        let mut told = Vec::new();
        for (cursor, column) in &code.columns {
            let opened = code.opened.iter().filter(|(opened, _)| opened == cursor);
            for table in opened.filter_map(|(_, page)| self.tables.get(page)) {
                let column = usize::try_from(*column).ok();
                let behind = column.and_then(|column| column.checked_sub(table.shown));
                if let Some(name) = behind.and_then(|behind| table.hidden.get(behind)) {
                    told.push(authorizer::reading(&table.name, name));
                }
            }
        }
        told
    }
}

fn created(table: &Table) -> String {
    let names = table.columns.iter().map(|column| column.name.as_str());
    let names = names.chain(table.hidden().iter().map(String::as_str));
    let names: Vec<String> = names.map(quote_name).collect();
    let (name, names) = (quote_name(&table.name), names.join(", "));
    format!("CREATE TABLE {name} ({names});\n")
}

/// What the instructions of a text open and read.
#[derive(Default)]
struct Code {
    /// Cursors and the pages that they are opened at.
    opened: BTreeSet<(i64, i64)>,
    /// Cursors and columns that are read through them.
    columns: BTreeSet<(i64, i64)>,
}

fn code(connection: &Connection, sql: &str) -> rusqlite::Result<Code> {
    let mut statement = connection.prepare(&format!("EXPLAIN {sql}"))?;
    let mut rows = statement.raw_query();
    let mut code = Code::default();
    while let Some(row) = rows.next()? {
        let opcode = row.get_ref(OPCODE)?;
        let operands = || Ok::<_, rusqlite::Error>((row.get(OPCODE + 1)?, row.get(OPCODE + 2)?));
        match opcode.as_str()? {
            "OpenRead" | "ReopenIdx" => code.opened.insert(operands()?),
            "Column" => code.columns.insert(operands()?),
            _ => continue,
        };
    }
    Ok(code)
}

/// What may be read here, in lower case: tables, each with its columns that may not be.
struct Allowed(BTreeMap<String, BTreeSet<String>>);

impl Allowed {
    fn of(visible: &Catalog) -> Self {
        let lower = |name: &String| name.to_ascii_lowercase();
        let tables = visible.tables.iter();
        let hidden = |table: &Table| table.hidden().iter().map(lower).collect();
        Self(
            tables
                .map(|table| (lower(&table.name), hidden(table)))
                .collect(),
        )
    }

    fn allows(&self, context: &AuthContext<'_>) -> bool {
        match context.action {
            AuthAction::Select | AuthAction::Function { .. } | AuthAction::Recursive => true,
            AuthAction::Read {
                table_name,
                column_name,
            } => self.reads(table_name, column_name),
            _ => false,
        }
    }

    /// Without a column, only rows are counted, also those of a `WITH` query, whose name is then told.
    fn reads(&self, table: &str, column: &str) -> bool {
        let table = table.to_ascii_lowercase();
        match self.0.get(&table) {
            Some(hidden) => !hidden.contains(&column.to_ascii_lowercase()),
            None => column.is_empty() && !table.starts_with("sqlite_"),
        }
    }
}
