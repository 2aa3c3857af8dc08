//! What SQLite may do while it prepares and runs a text.
//!
//! SQLite asks for each thing that a statement does before it does it (<https://sqlite.org/c3ref/set_authorizer.html>).
//! Only reading what the policy shows is allowed; everything that has no name here is denied.
//!
//! It does not hear of everything: not of columns that `USING` and `NATURAL` compare, and a query of a `WITH` goes by its name as
//! a view does. The guard sees both, and so does SQLite itself where there is [nothing else](super::shadow).

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::{
    Connection,
    hooks::{AuthAction, AuthContext, Authorization},
};

use crate::{Guard, TableKind, quote_name};

/// What was denied, in words, for whoever prepares.
pub(super) type Denied = Arc<Mutex<Vec<String>>>;

/// Most denials that are kept.
const MOST_DENIED: usize = 20;

/// What is allowed.
pub(super) struct Allowed {
    guard: Guard,
    /// What views do, each in its own name: the owner of the database wrote them, so they may read what is else hidden.
    by_view: BTreeSet<Deed>,
    /// Names of all there is to read, in lower case: tables, also hidden ones, and modules that are tables by themselves.
    taken: BTreeSet<String>,
}

/// Something that was done in the name of a view, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Read {
        view: String,
        table: String,
        column: String,
    },
    Call {
        view: String,
        function: String,
    },
    Recurse {
        view: String,
    },
}

impl Allowed {
    /// What a guard allows on this database, where SQLite says itself what the visible views do.
    pub(super) fn of(connection: &mut Connection, guard: &Guard) -> rusqlite::Result<Self> {
        // The one of an earlier policy would not let the catalog be read.
        connection.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
        let taken = taken(connection)?;
        let deeds: Arc<Mutex<BTreeSet<Deed>>> = Arc::default();
        let seen = Arc::clone(&deeds);
        connection.authorizer(Some(move |context: AuthContext<'_>| {
            if let Some(deed) = deed(&context) {
                seen.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(deed);
            }
            Authorization::Allow
        }))?;
        for view in guard
            .catalog()
            .tables
            .iter()
            .filter(|table| table.kind == TableKind::View)
        {
            // A view that does not prepare can do nothing.
            let _ = connection.prepare(&format!("SELECT * FROM main.{}", quote_name(&view.name)));
        }
        connection.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
        let by_view = std::mem::take(&mut *deeds.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Self {
            guard: guard.clone(),
            by_view,
            taken,
        })
    }

    pub(super) fn allows(&self, context: &AuthContext<'_>) -> bool {
        let by_view = || deed(context).is_some_and(|deed| self.by_view.contains(&deed));
        let policy = self.guard.policy();
        match context.action {
            AuthAction::Select => true,
            AuthAction::Read {
                table_name,
                column_name,
            } => self.reads(context.database_name, table_name, column_name) || by_view(),
            AuthAction::Function { function_name } => {
                policy.allows_function(function_name) || by_view()
            }
            AuthAction::Recursive => policy.recursion || by_view(),
            _ => false,
        }
    }

    /// Without a column, only rows are counted: those of a table, or those of a `WITH` query, whose name is then told.
    fn reads(&self, database: Option<&str>, table: &str, column: &str) -> bool {
        let in_main = database.is_none_or(|name| name == "main");
        match self.guard.catalog().table(table).filter(|_| in_main) {
            Some(table) => column.is_empty() || table.column(column).is_some(),
            None => column.is_empty() && !self.is_taken(table),
        }
    }

    fn is_taken(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        name.starts_with("sqlite_") || name.starts_with("pragma_") || self.taken.contains(&name)
    }
}

fn taken(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut statement = connection.prepare(
        "SELECT lower(name) FROM sqlite_schema UNION SELECT lower(name) FROM pragma_module_list",
    )?;
    statement.query_map([], |row| row.get(0))?.collect()
}

fn deed(context: &AuthContext<'_>) -> Option<Deed> {
    let view = context.accessor?.to_ascii_lowercase();
    Some(match context.action {
        AuthAction::Read {
            table_name,
            column_name,
        } => Deed::Read {
            view,
            table: table_name.to_ascii_lowercase(),
            column: column_name.to_ascii_lowercase(),
        },
        AuthAction::Function { function_name } => Deed::Call {
            view,
            function: function_name.to_ascii_lowercase(),
        },
        AuthAction::Recursive => Deed::Recurse { view },
        _ => return None,
    })
}

/// Sets the authorizer for all that the connection does from now on.
pub(super) fn install(
    connection: &mut Connection,
    allows: impl Fn(&AuthContext<'_>) -> bool + Send + 'static,
    denied: Denied,
) -> rusqlite::Result<()> {
    connection.authorizer(Some(move |context: AuthContext<'_>| {
        if allows(&context) {
            return Authorization::Allow;
        }
        let mut denied = denied.lock().unwrap_or_else(PoisonError::into_inner);
        let message = told(&context.action);
        if denied.len() < MOST_DENIED && !denied.contains(&message) {
            denied.push(message);
        }
        Authorization::Deny
    }))
}

/// What was denied since it was last asked.
pub(super) fn take(denied: &Denied) -> Vec<String> {
    std::mem::take(&mut *denied.lock().unwrap_or_else(PoisonError::into_inner))
}

fn told(action: &AuthAction<'_>) -> String {
    match action {
        AuthAction::Read {
            table_name,
            column_name: "",
        } => {
            format!("reading {} is not allowed", quote_name(table_name))
        }
        AuthAction::Read {
            table_name,
            column_name,
        } => reading(table_name, column_name),
        AuthAction::Function { function_name } => {
            format!("calling {} is not allowed", quote_name(function_name))
        }
        AuthAction::Recursive => "a query that reads itself is not allowed".to_owned(),
        AuthAction::Pragma { .. } => "PRAGMA is not allowed".to_owned(),
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => {
            "attaching databases is not allowed".to_owned()
        }
        _ => "only reading is allowed".to_owned(),
    }
}

/// That a column was to be read.
pub(super) fn reading(table: &str, column: &str) -> String {
    let (table, column) = (quote_name(table), quote_name(column));
    format!("reading {table}.{column} is not allowed")
}
