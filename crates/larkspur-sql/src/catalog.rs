//! What there is in a database.

#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) mod samples;

use std::fmt;

use serde::Serialize;

use crate::{Dialect, Visibility, name::same};

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
    /// Whose names these are.
    #[serde(skip)]
    dialect: Dialect,
    /// Whether there may be other tables.
    #[serde(skip)]
    is_unknown: bool,
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
    /// The schema that it stands in, where the database has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// What kind it is.
    pub kind: TableKind,
    /// What its owner says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// About how many rows it has, as the database last counted, or were [looked at](crate::Sampling), if those are all; nothing where nobody
    /// counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
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
    /// What its owner says of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// All values that its type has, where these are texts that can be listed (PostgreSQL's `enum`), in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Some of its values, where they were [looked up](crate::Sampling).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samples: Option<Samples>,
}

/// Values of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Samples {
    /// As SQL writes them, the most frequent first.
    pub values: Vec<String>,
    /// Whether there were no others, but for `NULL`, when they were looked up.
    pub complete: bool,
    /// Whether these are no values but what they look like: letters are `a` and `A`, digits `9`.
    pub masked: bool,
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
            dialect: Dialect::default(),
            is_unknown: false,
        }
    }

    /// That of a database of which nothing is known: there may be any table, with any columns.
    pub fn unknown(dialect: Dialect) -> Self {
        Self {
            tables: Vec::new(),
            dialect,
            is_unknown: true,
        }
    }

    /// The same of another database's SQL.
    pub fn of(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Whether there may be tables that it does not have.
    #[cfg(feature = "guard")]
    pub(crate) const fn is_unknown(&self) -> bool {
        self.is_unknown
    }

    /// Whose SQL it is for.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The table or view with this name; upper and lower case are the same in ASCII, unless the database has both.
    pub fn table(&self, name: &str) -> Option<&Table> {
        let like = || self.tables.iter().find(|table| same(&table.name, name));
        let exactly = self.tables.iter().find(|table| table.name == name);
        exactly.or_else(like)
    }

    /// The table or view that a text means with this name.
    pub(crate) fn meant(&self, name: &str) -> Option<&Table> {
        let is_meant = |table: &&Table| self.dialect.same(&table.name, name);
        self.tables.iter().find(is_meant)
    }

    /// Only these tables, and the keys between them.
    pub(crate) fn only(&self, names: &[&str]) -> Self {
        let kept = |name: &str| names.iter().any(|kept| self.dialect.same(kept, name));
        let tables = self.tables.iter().filter(|table| kept(&table.name));
        let mut catalog = Self::new(tables.cloned()).of(self.dialect);
        for table in &mut catalog.tables {
            table.foreign_keys.retain(|key| kept(&key.table));
        }
        catalog
    }

    /// Without what is not to be seen. A table of which nothing is seen is gone, and with it the keys that lead to it.
    pub fn visible(&self, visibility: &Visibility) -> Self {
        let tables = self.tables.iter().map(|table| table.visible(visibility));
        let seen = tables.filter(|table| !table.columns.is_empty());
        let mut catalog = Self {
            tables: seen.collect(),
            ..*self
        };
        let seen = catalog.clone();
        for table in &mut catalog.tables {
            table.foreign_keys.retain(|key| {
                let target = seen.meant(&key.table);
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
            schema: None,
            kind: TableKind::Table,
            comment: None,
            rows: None,
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

    /// The visible column with this name; upper and lower case are the same in ASCII, unless the table has both.
    pub fn column(&self, name: &str) -> Option<&Column> {
        let like = || self.columns.iter().find(|column| same(&column.name, name));
        let exactly = self.columns.iter().find(|column| column.name == name);
        exactly.or_else(like)
    }

    /// The same under another name.
    pub(crate) fn called(&self, name: String) -> Self {
        Self {
            name,
            ..self.clone()
        }
    }

    /// Whether there are columns that are not to be seen.
    pub(crate) fn hides_any(&self) -> bool {
        !self.hidden.is_empty()
    }

    /// The names of those.
    pub(crate) fn hidden(&self) -> &[String] {
        &self.hidden
    }

    /// There is one more column, which is not to be seen.
    #[cfg(feature = "postgres")]
    pub(crate) fn hide(&mut self, name: String) {
        self.hidden.push(name);
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
            comment: None,
            labels: Vec::new(),
            samples: None,
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

/// A line for each table, and below it its keys and what is said of it: short enough for a prompt, names quoted as in SQL.
impl fmt::Display for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |table| Shown(table, self.dialect);
        let mut tables = self.tables.iter().map(shown);
        tables.try_for_each(|table| writeln!(f, "{table}"))
    }
}

/// As SQLite quotes it.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Shown(self, Dialect::Sqlite).fmt(f)
    }
}

/// A table with the names of a dialect.
struct Shown<'a>(&'a Table, Dialect);

impl Shown<'_> {
    fn names(&self, names: &[String]) -> String {
        let quoted = names.iter().map(|name| self.1.quote_name(name));
        quoted.collect::<Vec<_>>().join(", ")
    }

    fn column(&self, column: &Column) -> String {
        let mut text = self.1.quote_name(&column.name);
        if !column.data_type.is_empty() {
            text.push(' ');
            text.push_str(&column.data_type);
        }
        if !column.labels.is_empty() {
            let labels: Vec<String> = column
                .labels
                .iter()
                .map(|label| crate::quote_text(label))
                .collect();
            text.extend([" (", &labels.join(", "), ")"]);
        }
        text
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(table, dialect) = self;
        let columns: Vec<_> = table
            .columns
            .iter()
            .map(|column| self.column(column))
            .collect();
        let name = dialect.quote_name(&table.name);
        write!(f, "{name}({})", columns.join(", "))?;
        match table.kind {
            TableKind::Table => {}
            TableKind::View => f.write_str(" view")?,
            TableKind::Virtual => f.write_str(" virtual")?,
        }
        if !table.primary_key.is_empty() {
            write!(f, "\n  key {}", self.names(&table.primary_key))?;
        }
        for key in &table.foreign_keys {
            let (columns, references) = (self.names(&key.columns), self.names(&key.references));
            let table = dialect.quote_name(&key.table);
            write!(f, "\n  {columns} -> {table}({references})")?;
        }
        if let Some(rows) = table.rows {
            let word = if rows == 1 { "row" } else { "rows" };
            write!(f, "\n  about {rows} {word}")?;
        }
        if let Some(comment) = &table.comment {
            write!(f, "\n  {}", said(comment))?;
        }
        for column in &table.columns {
            let name = dialect.quote_name(&column.name);
            if let Some(comment) = &column.comment {
                write!(f, "\n  {name}: {}", said(comment))?;
            }
            if let Some(samples) = &column.samples {
                write!(f, "\n  {name} {samples}")?;
            }
        }
        Ok(())
    }
}

/// In words, such as `is one of 'a', 'b'`.
impl fmt::Display for Samples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match (self.complete, self.masked) {
            (true, _) => "is one of",
            (false, true) => "in the form of",
            (false, false) => "such as",
        };
        write!(f, "{how} {}", self.values.join(", "))
    }
}

/// A comment on one line, cut to a bounded length.
fn said(comment: &str) -> String {
    const MOST: usize = 200;
    let words = comment.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(MOST).collect()
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = Table::new("", []);
        f.write_str(&Shown(&table, Dialect::Sqlite).column(self))
    }
}
