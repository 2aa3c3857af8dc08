//! A query as a typed tree: to look at, to change, and to print again.
//!
//! A guard makes the tree of every text that it passes ([`Query::statement`](crate::Query::statement)). It is read as the database reads
//! it, with its precedence of operators; parentheses that only group are not kept, and printed again where they are needed. What
//! is [printed](Statement::print) for the same database means the same: SQLite makes the same byte code of it. White space, comments, the spelling of operators and key words
//! are not kept, and so the names of result columns that have none of their own can differ. A query that reads such a column from
//! another by its text (`SELECT "max( id )" FROM (SELECT max( id ) FROM t)`) needs an alias to be printed.
//!
//! A tree that was changed is a text like any other: print it, and have it [checked](crate::Guard::check) again.
//!
//! ```
//! use larkspur_sql::{Sqlite, tree::{Expr, Literal}};
//!
//! let db = Sqlite::from_ddl("CREATE TABLE track (name TEXT, genre TEXT, seconds REAL)")?;
//! let query = db.check("select t.name from track as t where (t.genre == 'Rock') limit 500")?;
//! let mut statement = query.statement().clone();
//!
//! // What does it read?
//! let tables: Vec<_> = statement.tables().map(|table| table.name.as_str()).collect();
//! assert_eq!(tables, ["track"]);
//! let columns: Vec<_> = statement.columns().map(|column| column.name.as_str()).collect();
//! assert_eq!(columns, ["name", "genre"]);
//!
//! // Literals become what the product says; no more rows than a page has.
//! statement.for_each_expr_mut(|expr| {
//!     if let Expr::Literal(Literal::Text(genre)) = expr {
//!         *genre = genre.to_uppercase();
//!     }
//! });
//! statement.set_limit(20, 40);
//!
//! let sql = statement.to_string();
//! assert_eq!(sql, "SELECT t.name FROM track AS t WHERE t.genre = 'ROCK' LIMIT 20 OFFSET 40");
//! let query = db.check(&sql)?;
//! assert_eq!(query.statement(), &statement);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod expr;
mod literal;
mod print;
mod visit;

pub use self::{
    expr::{
        Arguments, BinaryOperator, Bound, Call, Column, Expr, Frame, FrameUnits, MatchOperator,
        Over, UnaryOperator, Window,
    },
    literal::{Literal, Name, Number},
    visit::{Node, Nodes},
};

/// A whole query: that of a text, or one that stands within another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// `WITH`, in the order of the text.
    pub with: Vec<Cte>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// What it gives, or the first of what it puts together.
    pub body: Body,
    /// Set operations in the order of the text. To SQLite each stands between all that is before it and its body; to PostgreSQL
    /// `INTERSECT` binds tighter.
    pub compound: Vec<(SetOperator, Body)>,
    /// `ORDER BY`.
    pub order_by: Vec<Order>,
    /// `LIMIT`.
    pub limit: Option<Limit>,
}

/// A common table expression: `name (columns) AS (query)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cte {
    /// What it is called.
    pub name: Name,
    /// What its columns are called, if that is said.
    pub columns: Vec<Name>,
    /// The query.
    pub query: Box<Statement>,
}

/// What a query gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// `SELECT`.
    Select(Box<Select>),
    /// `VALUES`, row by row.
    Values(Vec<Vec<Expr>>),
    /// A query in parentheses. SQLite has none here; a guard without a database passes it.
    Nested(Box<Statement>),
}

/// How two bodies are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetOperator {
    /// `UNION`.
    Union,
    /// `UNION ALL`.
    UnionAll,
    /// `INTERSECT`.
    Intersect,
    /// `EXCEPT`.
    Except,
}

/// `SELECT` up to what orders and limits its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Select {
    /// `DISTINCT`.
    pub distinct: bool,
    /// What is selected.
    pub items: Vec<Item>,
    /// `FROM`.
    pub from: Option<FromClause>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `GROUP BY`.
    pub group_by: Vec<Expr>,
    /// `HAVING`.
    pub having: Option<Expr>,
    /// `WINDOW`: windows by their names.
    pub windows: Vec<(Name, Window)>,
}

/// One of the things that are selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An expression, perhaps with a name.
    Expr {
        /// What is computed.
        expr: Expr,
        /// `AS`.
        alias: Option<Name>,
    },
    /// `*`
    All,
    /// `table.*`
    AllOf(Name),
}

/// `FROM`: sources, each joined with all that are before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromClause {
    /// The first.
    pub source: Source,
    /// Those that are joined, in the order of the text.
    pub joins: Vec<Join>,
}

/// A source that is joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// How.
    pub operator: JoinOperator,
    /// With what.
    pub source: Source,
    /// On what.
    pub constraint: Constraint,
}

/// How a source is joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JoinOperator {
    /// A comma.
    Comma,
    /// `JOIN`, also written `INNER JOIN`.
    Inner,
    /// `LEFT JOIN`.
    Left,
    /// `RIGHT JOIN`.
    Right,
    /// `FULL JOIN`.
    Full,
    /// `CROSS JOIN`, whose order SQLite keeps.
    Cross,
}

/// What holds of joined rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// Nothing.
    None,
    /// `ON`.
    On(Expr),
    /// `USING`.
    Using(Vec<Name>),
    /// `NATURAL`.
    Natural,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A table, a view or a common table expression.
    Table(Table),
    /// A query.
    Query {
        /// The query.
        query: Box<Statement>,
        /// `AS`.
        alias: Option<Name>,
    },
    /// Sources in parentheses.
    Nested {
        /// The sources.
        from: Box<FromClause>,
        /// `AS`.
        alias: Option<Name>,
    },
}

/// A table, a view or a common table expression in a `FROM`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// `main`, where it is said.
    pub schema: Option<Name>,
    /// Its name.
    pub name: Name,
    /// `AS`.
    pub alias: Option<Name>,
}

/// What rows are ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// An expression; a whole number is the place of a result column.
    pub expr: Expr,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST` or `NULLS LAST`, if that is said.
    pub nulls_first: Option<bool>,
}

/// How many rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// At most so many.
    pub rows: Expr,
    /// Without the first so many.
    pub offset: Option<Expr>,
}

impl Statement {
    /// At most so many rows, without the first `offset`, whatever the query said.
    pub fn set_limit(&mut self, rows: u64, offset: u64) {
        let number = |number: u64| Expr::Literal(Literal::Number(Number::from(number)));
        self.limit = Some(Limit {
            rows: number(rows),
            offset: (offset > 0).then(|| number(offset)),
        });
    }

    /// Writes a value in the place of a parameter, such as `:name` or `?1`, and says in how many places.
    pub fn bind(&mut self, parameter: &str, value: impl Into<Literal>) -> usize {
        let value = value.into();
        let mut places = 0;
        self.for_each_expr_mut(|expr| {
            if matches!(expr, Expr::Parameter(name) if name == parameter) {
                *expr = Expr::Literal(value.clone());
                places += 1;
            }
        });
        places
    }
}
