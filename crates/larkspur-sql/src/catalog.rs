//! What there is in a database.

use std::fmt;

use serde::Serialize;

use crate::{Visibility, name::same, quote_name};

/// The tables and views of a database, as far as they are to be seen.
///
/// It is read [from a database](crate::Sqlite::catalog) or put together by hand. [`Catalog::visible`] takes things out;
/// the guard still knows that they are there, and nobody else does: they are not printed and not serialised.
///
/// ```
/// use larkspur_sql::{Catalog, Column, Table, Visibility};
///
/// let users = Table::new("users", [Column::new("id", "INTEGER"), Column::new("password", "TEXT")]);
/// let catalog = Catalog::new([users]).visible(&Visibility::default().exclude("*.password".parse()?));
/// assert_eq!(catalog.to_string(), "users(id INTEGER)\n");
/// # Ok::<(), larkspur_sql::InvalidPattern>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Catalog {
    /// In the order of the database.
    pub tables: Vec<Table>,
}

/// What kind of table it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum TableKind {
    /// Rows are stored.
    Table,
    /// Rows are those of a query.
    View,
    /// Rows come from a module of the database, such as full-text search.
    Virtual,
}

/// A table or view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Table {
    /// Its name.
    pub name: String,
    /// What kind it is.
    pub kind: TableKind,
    /// In the order of the table.
    pub columns: Vec<Column>,
    /// The columns of the primary key, in its order; none where there is no such key or a part of it is hidden.
    pub primary_key: Vec<String>,
    /// References to other tables, both ends of which are visible.
    pub foreign_keys: Vec<ForeignKey>,
    /// Names of columns that are there and not to be seen.
    #[serde(skip)]
    hidden: Vec<String>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The type as it was declared; empty where none was.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Whether it may be null, as far as is declared.
    pub nullable: bool,
}

/// Columns whose values are those of a row of another table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ForeignKey {
    /// Here.
    pub columns: Vec<String>,
    /// The table referred to.
    pub table: String,
    /// Its columns, one for each of `columns`.
    pub references: Vec<String>,
}

impl Catalog {
    /// A catalog of these tables.
    pub fn new(tables: impl IntoIterator<Item = Table>) -> Self {
        Self {
            tables: tables.into_iter().collect(),
        }
    }

    /// The table or view with this name; upper and lower case are the same in ASCII.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| same(&table.name, name))
    }

    /// Only these tables, and the keys between them.
    pub(crate) fn only(&self, names: &[&str]) -> Self {
        let kept = |name: &str| names.iter().any(|kept| same(kept, name));
        let tables = self.tables.iter().filter(|table| kept(&table.name));
        let mut catalog = Self::new(tables.cloned());
        for table in &mut catalog.tables {
            table.foreign_keys.retain(|key| kept(&key.table));
        }
        catalog
    }

    /// Without what is not to be seen. A table of which nothing is seen is gone, and with it the keys that lead to it.
    pub fn visible(&self, visibility: &Visibility) -> Self {
        let tables = self.tables.iter().map(|table| table.visible(visibility));
        let mut catalog = Self::new(tables.filter(|table| !table.columns.is_empty()));
        let seen = catalog.clone();
        for table in &mut catalog.tables {
            table.foreign_keys.retain(|key| {
                let target = seen.table(&key.table);
                target.is_some_and(|target| {
                    key.references
                        .iter()
                        .all(|name| target.column(name).is_some())
                })
            });
        }
        catalog
    }
}

impl Table {
    /// A table with these columns, without keys.
    pub fn new(name: impl Into<String>, columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            name: name.into(),
            kind: TableKind::Table,
            columns: columns.into_iter().collect(),
            primary_key: Vec::new(),
            foreign_keys: Vec::new(),
            hidden: Vec::new(),
        }
    }

    /// The same with a primary key.
    pub fn primary_key(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.primary_key = columns.into_iter().map(Into::into).collect();
        self
    }

    /// The same with one more reference to another table.
    pub fn foreign_key(mut self, key: ForeignKey) -> Self {
        self.foreign_keys.push(key);
        self
    }

    /// The visible column with this name; upper and lower case are the same in ASCII.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| same(&column.name, name))
    }

    /// Whether there are columns that are not to be seen.
    pub(crate) fn hides_any(&self) -> bool {
        !self.hidden.is_empty()
    }

    /// Whether there is such a column that is not to be seen.
    pub(crate) fn hides(&self, name: &str) -> bool {
        self.hidden.iter().any(|hidden| same(hidden, name))
    }

    fn visible(&self, visibility: &Visibility) -> Self {
        let (columns, hidden): (Vec<_>, Vec<_>) = self
            .columns
            .iter()
            .cloned()
            .partition(|column| visibility.shows(&self.name, &column.name));
        let mut table = Self {
            columns,
            hidden: self
                .hidden
                .iter()
                .cloned()
                .chain(hidden.into_iter().map(|column| column.name))
                .collect(),
            ..self.clone()
        };
        let sees =
            |table: &Self, names: &[String]| names.iter().all(|name| table.column(name).is_some());
        if !sees(&table, &table.primary_key) {
            table.primary_key.clear();
        }
        let keys = std::mem::take(&mut table.foreign_keys);
        table.foreign_keys = keys
            .into_iter()
            .filter(|key| sees(&table, &key.columns))
            .collect();
        table
    }
}

impl Column {
    /// A column that may be null.
    pub fn new(name: impl Into<String>, data_type: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            data_type: data_type.into(),
            nullable: true,
        }
    }

    /// The same, never null.
    pub fn not_null(mut self) -> Self {
        self.nullable = false;
        self
    }
}

impl ForeignKey {
    /// `columns` here refer to `references` of `table`.
    pub fn new(
        columns: impl IntoIterator<Item = impl Into<String>>,
        table: impl Into<String>,
        references: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            columns: columns.into_iter().map(Into::into).collect(),
            table: table.into(),
            references: references.into_iter().map(Into::into).collect(),
        }
    }
}

/// A line for each table, and below it its keys: short enough for a prompt, names quoted as in SQL.
impl fmt::Display for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tables
            .iter()
            .try_for_each(|table| writeln!(f, "{table}"))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns: Vec<_> = self.columns.iter().map(Column::to_string).collect();
        write!(f, "{}({})", quote_name(&self.name), columns.join(", "))?;
        match self.kind {
            TableKind::Table => {}
            TableKind::View => f.write_str(" view")?,
            TableKind::Virtual => f.write_str(" virtual")?,
        }
        if !self.primary_key.is_empty() {
            write!(f, "\n  key {}", names(&self.primary_key))?;
        }
        self.foreign_keys.iter().try_for_each(|key| {
            let (columns, references) = (names(&key.columns), names(&key.references));
            write!(
                f,
                "\n  {columns} -> {}({references})",
                quote_name(&key.table)
            )
        })
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quote_name(&self.name))?;
        if !self.data_type.is_empty() {
            write!(f, " {}", self.data_type)?;
        }
        Ok(())
    }
}

fn names(names: &[String]) -> String {
    names
        .iter()
        .map(|name| quote_name(name))
        .collect::<Vec<_>>()
        .join(", ")
}
