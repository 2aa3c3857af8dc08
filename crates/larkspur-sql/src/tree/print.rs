//! Trees in pieces, in the order of the text: what is printed, and what is visited.
//!
//! A piece is taken apart into smaller ones with a stack of its own, so that no depth of a tree is one of the machine's stack.

mod expr;

use std::fmt;

use super::{
    Body, Constraint, Cte, Expr, FromClause, Item, Join, JoinOperator, Literal, Name, Order,
    Select, SetOperator, Source, Statement, Table,
};
use crate::Dialect;

/// How tightly things bind in SQLite (<https://sqlite.org/lang_expr.html#operators_and_parse_affecting_attributes>). What
/// PostgreSQL has otherwise, [`is_loose`] says.
pub(in crate::tree) mod binds {
    pub(in crate::tree) const NOTHING: u8 = 0;
    pub(in crate::tree) const OR: u8 = 1;
    pub(in crate::tree) const AND: u8 = 2;
    pub(in crate::tree) const NOT: u8 = 3;
    pub(in crate::tree) const EQUALITY: u8 = 4;
    pub(in crate::tree) const ORDER: u8 = 5;
    pub(in crate::tree) const BITS: u8 = 6;
    pub(in crate::tree) const SUM: u8 = 7;
    pub(in crate::tree) const PRODUCT: u8 = 8;
    /// 9 is what stands right of a product.
    pub(in crate::tree) const CONCAT: u8 = 10;
    pub(in crate::tree) const COLLATE: u8 = 11;
    pub(in crate::tree) const SIGN: u8 = 12;
    pub(in crate::tree) const ATOM: u8 = 13;
}

/// Whether what binds so needs parentheses where at least the other is wanted. To PostgreSQL comparisons do not stand side by side, and
/// `||` binds as bits do, less tightly than sums.
const fn is_loose(binds: u8, least: u8, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Sqlite => binds < least,
        Dialect::Postgres => {
            let is_operand = matches!(least, binds::EQUALITY | binds::ORDER);
            let of_sum = binds == binds::CONCAT && least >= binds::BITS && least < binds::CONCAT;
            binds < least || is_operand && binds < binds::BITS || of_sum
        }
    }
}

/// Whether a name without quotes has letters in upper case.
fn is_mixed(name: &Name) -> bool {
    let mut bytes = name.as_str().bytes();
    !name.is_quoted() && bytes.any(|byte| byte.is_ascii_uppercase())
}

/// Operators that PostgreSQL has other words for.
fn spelled(text: &str, dialect: Dialect) -> &str {
    match (dialect, text) {
        (Dialect::Postgres, "IS") => "IS NOT DISTINCT FROM",
        (Dialect::Postgres, "IS NOT") => "IS DISTINCT FROM",
        _ => text,
    }
}

/// A piece of a text.
#[derive(Clone, Copy)]
pub(super) enum Piece<'t> {
    Text(&'static str),
    Owned(&'t str),
    Name(&'t Name),
    Literal(&'t Literal),
    Statement(&'t Statement),
    Select(&'t Select),
    From(&'t FromClause),
    Table(&'t Table),
    /// An expression, in parentheses if it binds less tightly than this.
    Expr(&'t Expr, u8),
}

impl Statement {
    pub(super) fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        if !self.with.is_empty() {
            to.push(Piece::Text(if self.recursive {
                "WITH RECURSIVE "
            } else {
                "WITH "
            }));
            listed(to, &self.with, Cte::pieces);
            to.push(Piece::Text(" "));
        }
        self.body.pieces(to);
        for (operator, body) in &self.compound {
            to.push(Piece::Text(operator.as_text()));
            body.pieces(to);
        }
        ordered(to, " ORDER BY ", &self.order_by);
        if let Some(limit) = &self.limit {
            to.extend([
                Piece::Text(" LIMIT "),
                Piece::Expr(&limit.rows, binds::NOTHING),
            ]);
            clause(to, " OFFSET ", limit.offset.as_ref());
        }
    }
}

impl SetOperator {
    const fn as_text(self) -> &'static str {
        match self {
            Self::Union => " UNION ",
            Self::UnionAll => " UNION ALL ",
            Self::Intersect => " INTERSECT ",
            Self::Except => " EXCEPT ",
        }
    }
}

/// `first, second, third`
fn listed<'t, T>(
    to: &mut Vec<Piece<'t>>,
    list: &'t [T],
    pieces: impl Fn(&'t T, &mut Vec<Piece<'t>>),
) {
    for (place, item) in list.iter().enumerate() {
        if place > 0 {
            to.push(Piece::Text(", "));
        }
        pieces(item, to);
    }
}

fn exprs<'t>(to: &mut Vec<Piece<'t>>, list: &'t [Expr]) {
    listed(to, list, |expr, to| {
        to.push(Piece::Expr(expr, binds::NOTHING));
    });
}

fn names<'t>(to: &mut Vec<Piece<'t>>, list: &'t [Name]) {
    listed(to, list, |name, to| to.push(Piece::Name(name)));
}

fn ordered<'t>(to: &mut Vec<Piece<'t>>, before: &'static str, list: &'t [Order]) {
    if !list.is_empty() {
        to.push(Piece::Text(before));
        listed(to, list, Order::pieces);
    }
}

fn clause<'t>(to: &mut Vec<Piece<'t>>, before: &'static str, expr: Option<&'t Expr>) {
    if let Some(expr) = expr {
        to.extend([Piece::Text(before), Piece::Expr(expr, binds::NOTHING)]);
    }
}

fn alias<'t>(to: &mut Vec<Piece<'t>>, name: Option<&'t Name>) {
    if let Some(name) = name {
        to.extend([Piece::Text(" AS "), Piece::Name(name)]);
    }
}

fn parenthesized<'t>(to: &mut Vec<Piece<'t>>, statement: &'t Statement) {
    to.extend([
        Piece::Text("("),
        Piece::Statement(statement),
        Piece::Text(")"),
    ]);
}

/// `schema.name`
fn dotted<'t>(to: &mut Vec<Piece<'t>>, names: impl IntoIterator<Item = &'t Name>) {
    for (place, name) in names.into_iter().enumerate() {
        if place > 0 {
            to.push(Piece::Text("."));
        }
        to.push(Piece::Name(name));
    }
}

impl Cte {
    fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        to.push(Piece::Name(&self.name));
        if !self.columns.is_empty() {
            to.push(Piece::Text(" ("));
            names(to, &self.columns);
            to.push(Piece::Text(")"));
        }
        to.push(Piece::Text(" AS "));
        parenthesized(to, &self.query);
    }
}

impl Body {
    fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        match self {
            Self::Select(select) => to.push(Piece::Select(select)),
            Self::Nested(statement) => parenthesized(to, statement),
            Self::Values(rows) => {
                to.push(Piece::Text("VALUES "));
                listed(to, rows, |row, to| {
                    to.push(Piece::Text("("));
                    exprs(to, row);
                    to.push(Piece::Text(")"));
                });
            }
        }
    }
}

impl Select {
    pub(super) fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        to.push(Piece::Text(if self.distinct {
            "SELECT DISTINCT "
        } else {
            "SELECT "
        }));
        listed(to, &self.items, Item::pieces);
        if let Some(from) = &self.from {
            to.push(Piece::Text(" FROM "));
            from.pieces(to);
        }
        clause(to, " WHERE ", self.filter.as_ref());
        if !self.group_by.is_empty() {
            to.push(Piece::Text(" GROUP BY "));
            exprs(to, &self.group_by);
        }
        clause(to, " HAVING ", self.having.as_ref());
        if !self.windows.is_empty() {
            to.push(Piece::Text(" WINDOW "));
            listed(to, &self.windows, |(name, window), to| {
                to.extend([Piece::Name(name), Piece::Text(" AS ")]);
                window.pieces(to);
            });
        }
    }
}

impl Item {
    fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        match self {
            Self::Expr { expr, alias: name } => {
                to.push(Piece::Expr(expr, binds::NOTHING));
                alias(to, name.as_ref());
            }
            Self::All => to.push(Piece::Text("*")),
            Self::AllOf(name) => to.extend([Piece::Name(name), Piece::Text(".*")]),
        }
    }
}

impl FromClause {
    fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        self.source.pieces(to);
        for join in &self.joins {
            join.pieces(to);
        }
    }
}

impl Join {
    fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        if self.constraint == Constraint::Natural {
            to.push(Piece::Text(" NATURAL"));
        }
        to.push(Piece::Text(match self.operator {
            JoinOperator::Comma => ", ",
            JoinOperator::Inner => " JOIN ",
            JoinOperator::Left => " LEFT JOIN ",
            JoinOperator::Right => " RIGHT JOIN ",
            JoinOperator::Full => " FULL JOIN ",
            JoinOperator::Cross => " CROSS JOIN ",
        }));
        self.source.pieces(to);
        match &self.constraint {
            Constraint::None | Constraint::Natural => {}
            Constraint::On(expr) => clause(to, " ON ", Some(expr)),
            Constraint::Using(columns) => {
                to.push(Piece::Text(" USING ("));
                names(to, columns);
                to.push(Piece::Text(")"));
            }
        }
    }
}

impl Source {
    fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        match self {
            Self::Table(table) => to.push(Piece::Table(table)),
            Self::Query { query, alias: name } => {
                parenthesized(to, query);
                alias(to, name.as_ref());
            }
            Self::Nested { from, alias: name } => {
                to.push(Piece::Text("("));
                to.push(Piece::From(from));
                to.push(Piece::Text(")"));
                alias(to, name.as_ref());
            }
        }
    }
}

impl Table {
    pub(super) fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        dotted(to, self.schema.iter().chain([&self.name]));
        alias(to, self.alias.as_ref());
    }
}

impl Order {
    fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        to.push(Piece::Expr(&self.expr, binds::NOTHING));
        if self.descending {
            to.push(Piece::Text(" DESC"));
        }
        to.extend(
            self.nulls_first
                .map(|first| Piece::Text(if first { " NULLS FIRST" } else { " NULLS LAST" })),
        );
    }
}

/// Pieces in the order of the text, each taken apart before the next.
pub(super) struct Unfolding<'t> {
    /// The next one last.
    open: Vec<Piece<'t>>,
    parts: Vec<Piece<'t>>,
    dialect: Dialect,
}

impl<'t> Unfolding<'t> {
    pub(super) fn of(piece: Piece<'t>) -> Self {
        Self::for_dialect(piece, Dialect::Sqlite)
    }

    fn for_dialect(piece: Piece<'t>, dialect: Dialect) -> Self {
        Self {
            open: vec![piece],
            parts: Vec::new(),
            dialect,
        }
    }
}

impl<'t> Iterator for Unfolding<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        let piece = self.open.pop()?;
        match piece {
            Piece::Statement(statement) => statement.pieces(&mut self.parts),
            Piece::Select(select) => select.pieces(&mut self.parts),
            Piece::From(from) => from.pieces(&mut self.parts),
            Piece::Table(table) => table.pieces(&mut self.parts),
            Piece::Expr(expr, least) if is_loose(expr.binds(), least, self.dialect) => {
                let inner = [Piece::Text("("), Piece::Expr(expr, binds::NOTHING)];
                self.parts.extend(inner);
                self.parts.push(Piece::Text(")"));
            }
            Piece::Expr(expr, _) => expr.pieces(&mut self.parts),
            Piece::Text(_) | Piece::Owned(_) | Piece::Name(_) | Piece::Literal(_) => {}
        }
        self.open.extend(self.parts.drain(..).rev());
        Some(piece)
    }
}

fn print(piece: Piece<'_>, dialect: Dialect, f: &mut impl fmt::Write) -> fmt::Result {
    Unfolding::for_dialect(piece, dialect).try_for_each(|piece| match piece {
        Piece::Text(text) => f.write_str(spelled(text, dialect)),
        Piece::Owned(text) => f.write_str(text),
        // PostgreSQL would read it in lower case.
        Piece::Name(name) if dialect == Dialect::Postgres && is_mixed(name) => {
            f.write_str(&dialect.quote_name(name.as_str()))
        }
        Piece::Name(name) => write!(f, "{name}"),
        Piece::Literal(literal) => write!(f, "{literal}"),
        Piece::Statement(_)
        | Piece::Select(_)
        | Piece::From(_)
        | Piece::Table(_)
        | Piece::Expr(..) => Ok(()),
    })
}

impl Statement {
    /// The query as a text for a database; [`Display`](fmt::Display) is the one for SQLite.
    ///
    /// ```
    /// use larkspur_sql::{Catalog, Column, Dialect, Guard, Policy, Table};
    ///
    /// let track = Table::new("track", [Column::new("name", "text")]);
    /// let guard = Guard::new(&Catalog::new([track]).of(Dialect::Postgres), Policy::default());
    /// let query = guard.check("select name from Track where (name = 'a') = true")?;
    /// assert_eq!(query.statement().print(Dialect::Postgres), "SELECT name FROM track WHERE (name = 'a') = TRUE");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn print(&self, dialect: Dialect) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = print(Piece::Statement(self), dialect, &mut text);
        text
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(Piece::Statement(self), Dialect::Sqlite, f)
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(Piece::Expr(self, binds::NOTHING), Dialect::Sqlite, f)
    }
}
