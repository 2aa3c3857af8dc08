//! Ways through a tree.

use super::{
    Arguments, Body, Bound, Call, Column, Constraint, Expr, FromClause, Item, Literal, Order, Over,
    Select, Source, Statement, Table, Window,
    print::{Piece, Unfolding},
};

/// Something in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Node<'t> {
    /// A query.
    Statement(&'t Statement),
    /// A `SELECT`.
    Select(&'t Select),
    /// A table in a `FROM`.
    Table(&'t Table),
    /// An expression.
    Expr(&'t Expr),
}

/// All there is in a tree, in the order of the text; what holds something comes before it.
pub struct Nodes<'t>(Unfolding<'t>);

impl<'t> Iterator for Nodes<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        self.0.find_map(|piece| match piece {
            Piece::Statement(statement) => Some(Node::Statement(statement)),
            Piece::Select(select) => Some(Node::Select(select)),
            Piece::Table(table) => Some(Node::Table(table)),
            // One in parentheses comes again without them.
            Piece::Expr(expr, least) if expr.binds() >= least => Some(Node::Expr(expr)),
            _ => None,
        })
    }
}

impl Statement {
    /// All there is in the query, this first.
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes(Unfolding::of(Piece::Statement(self)))
    }

    /// The expressions, those within others too.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        self.nodes().filter_map(|node| match node {
            Node::Expr(expr) => Some(expr),
            _ => None,
        })
    }

    /// The tables and views that are read, as often as they are named; not what `WITH` calls so.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        let mut known: Vec<&str> = Vec::new();
        self.nodes().filter_map(move |node| match node {
            Node::Statement(statement) => {
                known.extend(statement.with.iter().map(|cte| cte.name.as_str()));
                None
            }
            // A guard passes no `WITH` with the name of a table.
            Node::Table(table) => {
                let own = table.name.as_str();
                let is_cte = known.iter().any(|name| crate::name::same(name, own));
                (table.schema.is_some() || !is_cte).then_some(table)
            }
            _ => None,
        })
    }

    /// The columns, as often as they are named.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.exprs().filter_map(|expr| match expr {
            Expr::Column(column) => Some(column),
            _ => None,
        })
    }

    /// The values that stand in the text.
    pub fn literals(&self) -> impl Iterator<Item = &Literal> {
        self.exprs().filter_map(|expr| match expr {
            Expr::Literal(literal) => Some(literal),
            _ => None,
        })
    }

    /// The parameters, as often as they are named.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.exprs().filter_map(|expr| match expr {
            Expr::Parameter(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Goes through all expressions, each before those within it: what is put in its place is gone through too.
    pub fn for_each_expr_mut(&mut self, mut change: impl FnMut(&mut Expr)) {
        let mut open = Open::default();
        open.statements.push(self);
        loop {
            if let Some(expr) = open.exprs.pop() {
                change(expr);
                open.within(expr);
            } else if let Some(statement) = open.statements.pop() {
                open.statement(statement);
            } else {
                return;
            }
        }
    }
}

/// What is yet to be gone through.
#[derive(Default)]
struct Open<'t> {
    exprs: Vec<&'t mut Expr>,
    statements: Vec<&'t mut Statement>,
}

impl<'t> Open<'t> {
    fn statement(&mut self, statement: &'t mut Statement) {
        let ctes = statement.with.iter_mut();
        self.statements.extend(ctes.map(|cte| &mut *cte.query));
        let more = statement.compound.iter_mut().map(|(_, body)| body);
        for body in std::iter::once(&mut statement.body).chain(more) {
            match body {
                Body::Select(select) => self.select(select),
                Body::Values(rows) => self.exprs.extend(rows.iter_mut().flatten()),
                Body::Nested(statement) => self.statements.push(statement),
            }
        }
        self.orders(&mut statement.order_by);
        if let Some(limit) = &mut statement.limit {
            self.exprs.push(&mut limit.rows);
            self.exprs.extend(&mut limit.offset);
        }
    }

    fn select(&mut self, select: &'t mut Select) {
        for item in &mut select.items {
            if let Item::Expr { expr, .. } = item {
                self.exprs.push(expr);
            }
        }
        self.from(select.from.as_mut());
        self.exprs.extend(&mut select.filter);
        self.exprs.extend(&mut select.group_by);
        self.exprs.extend(&mut select.having);
        for (_, window) in &mut select.windows {
            self.window(window);
        }
    }

    fn from(&mut self, from: Option<&'t mut FromClause>) {
        let mut open: Vec<&mut FromClause> = from.into_iter().collect();
        while let Some(from) = open.pop() {
            let mut sources = vec![&mut from.source];
            for join in &mut from.joins {
                sources.push(&mut join.source);
                if let Constraint::On(expr) = &mut join.constraint {
                    self.exprs.push(expr);
                }
            }
            for source in sources {
                match source {
                    Source::Table(_) => {}
                    Source::Query { query, .. } => self.statements.push(query),
                    Source::Nested { from, .. } => open.push(from),
                }
            }
        }
    }

    fn orders(&mut self, orders: &'t mut [Order]) {
        self.exprs
            .extend(orders.iter_mut().map(|order| &mut order.expr));
    }

    fn window(&mut self, window: &'t mut Window) {
        self.exprs.extend(&mut window.partition_by);
        self.orders(&mut window.order_by);
        if let Some(frame) = &mut window.frame {
            for bound in std::iter::once(&mut frame.start).chain(&mut frame.end) {
                if let Bound::Preceding(by) | Bound::Following(by) = bound {
                    self.exprs.extend(by.as_deref_mut());
                }
            }
        }
    }

    fn call(&mut self, call: &'t mut Call) {
        if let Arguments::List { list, order_by, .. } = &mut call.arguments {
            self.exprs.extend(list);
            self.orders(order_by);
        }
        self.exprs.extend(&mut call.filter);
        if let Some(Over::Window(window)) = &mut call.over {
            self.window(window);
        }
    }

    fn within(&mut self, expr: &'t mut Expr) {
        match expr {
            Expr::Column(_) | Expr::Literal(_) | Expr::Parameter(_) => {}
            Expr::Unary { operand, .. }
            | Expr::IsNull { operand, .. }
            | Expr::IsBoolean { operand, .. }
            | Expr::Cast { operand, .. }
            | Expr::Collate { operand, .. } => self.exprs.push(operand),
            Expr::Binary { left, right, .. } => self.exprs.extend([&mut **left, &mut **right]),
            Expr::Match {
                operand,
                pattern,
                escape,
                ..
            } => {
                self.exprs.extend([&mut **operand, &mut **pattern]);
                self.exprs.extend(escape.as_deref_mut());
            }
            Expr::Between {
                operand, low, high, ..
            } => self.exprs.extend([&mut **operand, &mut **low, &mut **high]),
            Expr::InList { operand, list, .. } => {
                self.exprs.push(operand);
                self.exprs.extend(list);
            }
            Expr::InQuery { operand, query, .. } => {
                self.exprs.push(operand);
                self.statements.push(query);
            }
            Expr::Exists(query) | Expr::Query(query) => self.statements.push(query),
            Expr::Case {
                operand,
                arms,
                otherwise,
            } => {
                self.exprs.extend(operand.as_deref_mut());
                for (when, then) in arms {
                    self.exprs.extend([when, then]);
                }
                self.exprs.extend(otherwise.as_deref_mut());
            }
            Expr::Call(call) => self.call(call),
            Expr::Row(list) => self.exprs.extend(list),
        }
    }
}
