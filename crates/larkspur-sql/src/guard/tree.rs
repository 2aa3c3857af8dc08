//! The parser's tree as [`tree`]s: what has no place there is refused.
//!
//! It recurses as deep as the parser did, on the same stack.

mod expr;

use sqlparser::ast;

use self::expr::{expr, exprs, window};
use crate::tree::{
    Body, Constraint, Cte, FromClause, Item, Join, JoinOperator, Limit, Name, Order, Select,
    SetOperator, Source, Statement, Table,
};

/// A query that the walk has passed; nothing where it says what no tree can.
pub(super) fn statement(query: ast::Query) -> Option<Statement> {
    let mut with = Vec::new();
    let recursive = query.with.as_ref().is_some_and(|with| with.recursive);
    for one in query.with.into_iter().flat_map(|with| with.cte_tables) {
        with.push(cte(one)?);
    }
    let mut bodies = Vec::new();
    let mut compound = Vec::new();
    self::bodies(*query.body, &mut bodies, &mut compound)?;
    let mut bodies = bodies.into_iter();
    let body = bodies.next()?;
    let order_by = match query.order_by.map(|order_by| order_by.kind) {
        None => Vec::new(),
        Some(ast::OrderByKind::Expressions(orders)) => self::orders(orders)?,
        Some(ast::OrderByKind::All(_)) => return None,
    };
    Some(Statement {
        with,
        recursive,
        body,
        compound: compound.into_iter().zip(bodies).collect(),
        order_by,
        limit: match query.limit_clause {
            None => None,
            Some(clause) => Some(limit(clause)?),
        },
    })
}

fn limit(clause: ast::LimitClause) -> Option<Limit> {
    let (rows, offset) = match clause {
        ast::LimitClause::LimitOffset { limit, offset, .. } => {
            (limit?, offset.map(|offset| offset.value))
        }
        ast::LimitClause::OffsetCommaLimit { offset, limit } => (limit, Some(offset)),
    };
    Some(Limit {
        rows: expr(rows)?,
        offset: optional(offset, expr).ok()?,
    })
}

/// There is something that no tree can say.
pub(super) struct Untold;

/// What may be missing.
pub(super) fn optional<T, U>(
    what: Option<T>,
    told: impl Fn(T) -> Option<U>,
) -> Result<Option<U>, Untold> {
    what.map(|what| told(what).ok_or(Untold)).transpose()
}

pub(super) fn name(ident: ast::Ident) -> Name {
    Name::written(ident.value, ident.quote_style.is_some())
}

/// The names of a dotted name; nothing where one is computed.
pub(super) fn names(name: ast::ObjectName) -> Option<Vec<Name>> {
    let names = name.0.into_iter().map(|part| match part {
        ast::ObjectNamePart::Identifier(ident) => Some(self::name(ident)),
        ast::ObjectNamePart::Function(_) => None,
    });
    names.collect()
}

/// A name without dots.
pub(super) fn plain(name: ast::ObjectName) -> Option<Name> {
    let mut names = names(name)?.into_iter();
    names.next().filter(|_| names.next().is_none())
}

fn cte(cte: ast::Cte) -> Option<Cte> {
    if cte.materialized.is_some() {
        return None;
    }
    let columns = cte.alias.columns.into_iter();
    Some(Cte {
        name: name(cte.alias.name),
        columns: columns.map(|column| name(column.name)).collect(),
        query: Box::new(statement(*cte.query)?),
    })
}

/// The bodies of set operations in the order of the text, whatever the parser takes to bind tighter.
fn bodies(body: ast::SetExpr, to: &mut Vec<Body>, operators: &mut Vec<SetOperator>) -> Option<()> {
    match body {
        ast::SetExpr::Select(select) => to.push(Body::Select(Box::new(self::select(*select)?))),
        ast::SetExpr::Query(query) => to.push(Body::Nested(Box::new(statement(*query)?))),
        ast::SetExpr::Values(values) => {
            let rows = values.rows.into_iter().map(|row| exprs(row.content));
            to.push(Body::Values(rows.collect::<Option<_>>()?));
        }
        ast::SetExpr::SetOperation {
            left,
            op,
            set_quantifier,
            right,
        } => {
            bodies(*left, to, operators)?;
            operators.push(set_operator(op, set_quantifier)?);
            bodies(*right, to, operators)?;
        }
        _ => return None,
    }
    Some(())
}

const fn set_operator(op: ast::SetOperator, quantifier: ast::SetQuantifier) -> Option<SetOperator> {
    Some(match (op, quantifier) {
        (ast::SetOperator::Union, ast::SetQuantifier::None) => SetOperator::Union,
        (ast::SetOperator::Union, ast::SetQuantifier::All) => SetOperator::UnionAll,
        (ast::SetOperator::Intersect, ast::SetQuantifier::None) => SetOperator::Intersect,
        (ast::SetOperator::Except, ast::SetQuantifier::None) => SetOperator::Except,
        _ => return None,
    })
}

fn select(select: ast::Select) -> Option<Select> {
    let ast::GroupByExpr::Expressions(group_by, _) = select.group_by else {
        return None;
    };
    let windows = select.named_window.into_iter().map(|named| match named {
        ast::NamedWindowDefinition(ident, ast::NamedWindowExpr::WindowSpec(spec)) => {
            Some((name(ident), window(spec)?))
        }
        ast::NamedWindowDefinition(..) => None,
    });
    Some(Select {
        distinct: match select.distinct {
            None | Some(ast::Distinct::All) => false,
            Some(ast::Distinct::Distinct) => true,
            Some(ast::Distinct::On(_)) => return None,
        },
        items: select
            .projection
            .into_iter()
            .map(item)
            .collect::<Option<_>>()?,
        from: from(select.from).ok()?,
        filter: optional(select.selection, expr).ok()?,
        group_by: exprs(group_by)?,
        having: optional(select.having, expr).ok()?,
        windows: windows.collect::<Option<_>>()?,
    })
}

fn item(item: ast::SelectItem) -> Option<Item> {
    use ast::SelectItemQualifiedWildcardKind::ObjectName;
    Some(match item {
        ast::SelectItem::UnnamedExpr(of) => Item::Expr {
            expr: expr(of)?,
            alias: None,
        },
        ast::SelectItem::ExprWithAlias { expr: of, alias } => Item::Expr {
            expr: expr(of)?,
            alias: Some(name(alias)),
        },
        ast::SelectItem::Wildcard(_) => Item::All,
        ast::SelectItem::QualifiedWildcard(ObjectName(of), _) => Item::AllOf(plain(of)?),
        _ => return None,
    })
}

/// A comma is one more way to join: SQLite reads them all from the left.
fn from(tables: Vec<ast::TableWithJoins>) -> Result<Option<FromClause>, Untold> {
    let mut from: Option<FromClause> = None;
    for table in tables {
        let mut one = joined(table).ok_or(Untold)?;
        match &mut from {
            None => from = Some(one),
            Some(from) => {
                from.joins.push(Join {
                    operator: JoinOperator::Comma,
                    source: one.source,
                    constraint: Constraint::None,
                });
                from.joins.append(&mut one.joins);
            }
        }
    }
    Ok(from)
}

fn joined(table: ast::TableWithJoins) -> Option<FromClause> {
    Some(FromClause {
        source: source(table.relation)?,
        joins: table.joins.into_iter().map(join).collect::<Option<_>>()?,
    })
}

fn join(join: ast::Join) -> Option<Join> {
    use ast::JoinOperator as Of;
    let (operator, constraint) = match join.join_operator {
        Of::Join(constraint) | Of::Inner(constraint) => (JoinOperator::Inner, constraint),
        Of::Left(constraint) | Of::LeftOuter(constraint) => (JoinOperator::Left, constraint),
        Of::Right(constraint) | Of::RightOuter(constraint) => (JoinOperator::Right, constraint),
        Of::FullOuter(constraint) => (JoinOperator::Full, constraint),
        Of::CrossJoin(constraint) => (JoinOperator::Cross, constraint),
        _ => return None,
    };
    let constraint = match constraint {
        ast::JoinConstraint::None => Constraint::None,
        ast::JoinConstraint::Natural => Constraint::Natural,
        ast::JoinConstraint::On(on) => Constraint::On(expr(on)?),
        ast::JoinConstraint::Using(columns) => {
            Constraint::Using(columns.into_iter().map(plain).collect::<Option<_>>()?)
        }
    };
    Some(Join {
        operator,
        source: source(join.relation)?,
        constraint,
    })
}

fn source(factor: ast::TableFactor) -> Option<Source> {
    let called = |alias: Option<ast::TableAlias>| alias.map(|alias| name(alias.name));
    Some(match factor {
        ast::TableFactor::Table { name, alias, .. } => {
            let mut names = names(name)?;
            let name = names.pop()?;
            let schema = names.pop();
            if !names.is_empty() {
                return None;
            }
            Source::Table(Table {
                schema,
                name,
                alias: called(alias),
            })
        }
        ast::TableFactor::Derived {
            subquery, alias, ..
        } => Source::Query {
            query: Box::new(statement(*subquery)?),
            alias: called(alias),
        },
        ast::TableFactor::NestedJoin {
            table_with_joins,
            alias,
        } => Source::Nested {
            from: Box::new(joined(*table_with_joins)?),
            alias: called(alias),
        },
        _ => return None,
    })
}

pub(super) fn orders(orders: Vec<ast::OrderByExpr>) -> Option<Vec<Order>> {
    let one = |order: ast::OrderByExpr| {
        Some(Order {
            expr: expr(order.expr)?,
            descending: match order.options.sort {
                None | Some(ast::OrderBySort::Asc) => false,
                Some(ast::OrderBySort::Desc) => true,
                Some(ast::OrderBySort::Using(_)) => return None,
            },
            nulls_first: order.options.nulls_first,
        })
    };
    orders.into_iter().map(one).collect()
}
