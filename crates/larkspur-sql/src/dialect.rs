//! What databases have otherwise.

use crate::{functions, name};

/// Which database's SQL it is. A [`Catalog`](crate::Catalog) knows its own, and all that is made of it follows.
///
/// ```
/// use larkspur_sql::Dialect;
///
/// assert_eq!(Dialect::Sqlite.quote_name("Album"), "Album");
/// // PostgreSQL reads a plain name in lower case.
/// assert_eq!(Dialect::Postgres.quote_name("Album"), "\"Album\"");
/// assert_eq!(Dialect::Postgres.quote_name("user"), "\"user\"");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// SQLite 3.
    #[default]
    Sqlite,
    /// PostgreSQL, from version 12 on.
    Postgres,
}

impl Dialect {
    /// A name as this database reads it back: in double quotes where it needs them.
    pub fn quote_name(self, name: &str) -> String {
        if self.is_plain(name) {
            name.to_owned()
        } else {
            format!("\"{}\"", name.replace('"', "\"\""))
        }
    }

    /// The name of a column that stands alone, as the guard reads it back too.
    pub(crate) fn quote_alone(self, name: &str) -> String {
        if name::NOT_ALONE.contains(&name.to_ascii_lowercase().as_str()) {
            format!("\"{name}\"")
        } else {
            self.quote_name(name)
        }
    }

    /// A regex of the names that need no quotes, wherever they stand.
    pub(crate) fn plain_names(self) -> String {
        let key_words = match self {
            Self::Sqlite => name::KEYWORDS,
            Self::Postgres => name::postgres::KEYWORDS,
        };
        name::plain::names_but(key_words.iter().chain(name::NOT_ALONE).copied())
    }

    /// A regex of parameters.
    pub(crate) const fn parameters(self) -> &'static str {
        match self {
            Self::Sqlite => ":[a-z][a-z0-9_]{0,30}",
            Self::Postgres => r"\$[1-9]",
        }
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    fn is_plain(self, name: &str) -> bool {
        match self {
            Self::Sqlite => name::is_plain(name),
            Self::Postgres => name::postgres::is_plain(name),
        }
    }

    /// Whether two names, without their quotes, are the same. What stands without quotes in a text of PostgreSQL is in lower case by then.
    pub(crate) fn same(self, left: &str, right: &str) -> bool {
        match self {
            Self::Sqlite => name::same(left, right),
            Self::Postgres => left == right,
        }
    }

    /// The same text for names that are the same.
    pub(crate) fn folded(self, name: &str) -> String {
        match self {
            Self::Sqlite => name.to_ascii_lowercase(),
            Self::Postgres => name.to_owned(),
        }
    }

    /// Functions that only compute.
    pub(crate) const fn harmless(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => functions::HARMLESS,
            Self::Postgres => functions::postgres::HARMLESS,
        }
    }

    /// Values are converted only where a text says so, and what is selected from groups is what they are grouped by.
    pub(crate) const fn has_typed_expressions(self) -> bool {
        matches!(self, Self::Postgres)
    }

    /// The schema of a table that says none.
    pub(crate) const fn main_schema(self) -> &'static str {
        match self {
            Self::Sqlite => "main",
            Self::Postgres => "public",
        }
    }
}

/// What the guard asks.
#[cfg(feature = "guard")]
impl Dialect {
    /// A name in double quotes that is no column is a text.
    pub(crate) const fn has_double_quoted_texts(self) -> bool {
        matches!(self, Self::Sqlite)
    }

    /// Tables and functions that are tables which every database has, whatever its owner made.
    pub(crate) fn is_of_system(self, table: &str) -> bool {
        let table = table.to_ascii_lowercase();
        match self {
            // `dbstat`, `bytecode` and the like are virtual tables by their own names.
            Self::Sqlite => {
                ["sqlite_", "pragma_", "json_", "jsonb_", "fts5"]
                    .iter()
                    .any(|own| table.starts_with(own))
                    || [
                        "dbstat",
                        "dbpage",
                        "bytecode",
                        "tables_used",
                        "completion",
                        "generate_series",
                    ]
                    .contains(&table.as_str())
            }
            Self::Postgres => table.starts_with("pg_"),
        }
    }

    /// The name of a table is a value of all its columns, where no column has that name.
    pub(crate) const fn has_whole_rows(self) -> bool {
        matches!(self, Self::Postgres)
    }

    /// Types that a value may be converted to, in lower case, without what stands in parentheses; nothing where it may be any.
    pub(crate) const fn cast_types(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(functions::postgres::CAST_TYPES),
        }
    }
}
