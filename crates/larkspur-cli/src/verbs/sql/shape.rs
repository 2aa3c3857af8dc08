//! What queries a grammar has.

use clap::{Args, ValueEnum};
use larkspur_sql::{Columns, Joins, SelectGrammar};

/// Which tables a query may join.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum JoinsOf {
    /// Along foreign keys.
    Keys,
    /// Any tables.
    Any,
}

/// How columns are written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ColumnsAs {
    /// Behind the name of their table, and alone where they can be.
    Either,
    /// Alone wherever they can be.
    Bare,
    /// Behind the name of their table.
    Qualified,
}

/// What queries a grammar has, and how large it may be.
#[derive(Args)]
pub(super) struct ShapeArgs {
    /// How many tables a query may join.
    #[arg(long, value_name = "N", default_value_t = 3)]
    max_tables: usize,
    /// Which tables a query may join.
    #[arg(long, value_enum, default_value = "keys")]
    joins: JoinsOf,
    /// How columns are written.
    #[arg(long, value_enum, default_value = "either")]
    columns: ColumnsAs,
    /// How deep queries may stand within queries; default 1.
    #[arg(long, value_name = "N")]
    max_depth: Option<usize>,
    /// How many bytes the grammar may take; default 100,000. What is left out is told on stderr.
    #[arg(long, value_name = "N")]
    max_bytes: Option<usize>,
}

impl ShapeArgs {
    /// A grammar of such queries.
    pub(super) fn of(&self, select: SelectGrammar) -> SelectGrammar {
        let mut select = select
            .max_tables(self.max_tables)
            .joins(match self.joins {
                JoinsOf::Keys => Joins::Keys,
                JoinsOf::Any => Joins::Any,
            })
            .columns(match self.columns {
                ColumnsAs::Either => Columns::Either,
                ColumnsAs::Bare => Columns::Bare,
                ColumnsAs::Qualified => Columns::Qualified,
            });
        if let Some(depth) = self.max_depth {
            select = select.max_depth(depth);
        }
        if let Some(bytes) = self.max_bytes {
            select = select.max_bytes(bytes);
        }
        select
    }
}
