//! Columns of queries, as far as they are known without running anything.

use sqlparser::ast::{
    Expr, ObjectName, Query, Select, SelectItem, SetExpr, TableFactor, TableWithJoins,
};

use super::{
    read::{Left, Reader, named, object},
    types::formatted,
};
use crate::{Column, Table};

/// Most columns of a view, as in PostgreSQL.
const MOST: usize = 1_600;

/// Most tables of a view whose columns are looked for.
const TABLES: usize = 64;

/// What stands in the `FROM`, by its name.
type Source<'r> = (String, Option<&'r Table>);

/// The columns of a query; the first ones may be given other names.
pub(super) fn columns(
    query: &Query,
    given: &[String],
    known: &Reader,
) -> Result<Vec<Column>, Left> {
    let select = select(&query.body).ok_or("what this query selects is not followed")?;
    let sources = sources(select, known);
    let mut columns = Vec::new();
    for item in &select.projection {
        match item {
            SelectItem::UnnamedExpr(expr) => {
                let name = name_of(expr);
                if name.is_none() && columns.len() >= given.len() {
                    return Err("a column has no name".to_owned());
                }
                columns.push(column(name.unwrap_or_default(), expr, &sources));
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                columns.push(column(named(alias), expr, &sources));
            }
            SelectItem::Wildcard(_) => all(&sources, None, &mut columns)?,
            SelectItem::QualifiedWildcard(of, _) => all(
                &sources,
                Some(&of.to_string().to_ascii_lowercase()),
                &mut columns,
            )?,
            SelectItem::ExprWithAliases { .. } => {
                return Err("what this query selects is not followed".to_owned());
            }
        }
        if columns.len() > MOST {
            return Err("it has more than 1,600 columns".to_owned());
        }
    }
    for (column, name) in columns.iter_mut().zip(given) {
        column.name.clone_from(name);
    }
    Ok(columns)
}

/// The first query of a set operation says what the columns are.
fn select(mut body: &SetExpr) -> Option<&Select> {
    loop {
        match body {
            SetExpr::Select(select) => return Some(select),
            SetExpr::Query(query) => body = &query.body,
            SetExpr::SetOperation { left, .. } => body = left,
            _ => return None,
        }
    }
}

fn sources<'r>(select: &Select, known: &'r Reader) -> Vec<Source<'r>> {
    // `FROM ((a JOIN b) JOIN c)`, as PostgreSQL itself writes it.
    let mut open: Vec<&TableWithJoins> = select.from.iter().rev().collect();
    let mut joined = Vec::new();
    while let Some(from) = open.pop() {
        for factor in
            std::iter::once(&from.relation).chain(from.joins.iter().map(|join| &join.relation))
        {
            match factor {
                TableFactor::NestedJoin {
                    table_with_joins,
                    alias: None,
                } => open.push(table_with_joins),
                factor => joined.push(factor),
            }
        }
    }
    let source = |factor: &TableFactor| match factor {
        TableFactor::Table {
            name,
            alias,
            args: None,
            ..
        } => {
            let called = alias
                .as_ref()
                .map_or_else(|| object(name).1, |alias| named(&alias.name));
            let renames = alias
                .as_ref()
                .is_some_and(|alias| !alias.columns.is_empty());
            (called, known.table(name).filter(|_| !renames))
        }
        _ => (String::new(), None),
    };
    joined.into_iter().take(TABLES).map(source).collect()
}

fn all(sources: &[Source<'_>], of: Option<&str>, columns: &mut Vec<Column>) -> Result<(), Left> {
    let wanted = sources
        .iter()
        .filter(|(name, _)| of.is_none_or(|of| of == name));
    for (_, table) in wanted {
        let table = table.ok_or("what `*` stands for is not known")?;
        columns.extend(table.columns.iter().map(shown));
    }
    Ok(())
}

/// As a column of another table: what is said of it there is said there.
fn shown(column: &Column) -> Column {
    let mut shown = Column::new(&column.name, &column.data_type);
    shown.labels.clone_from(&column.labels);
    shown
}

fn column(name: String, expr: &Expr, sources: &[Source<'_>]) -> Column {
    let path: Vec<String> = match expr {
        Expr::Identifier(column) => vec![named(column)],
        Expr::CompoundIdentifier(path) => path.iter().map(named).collect(),
        Expr::Cast { data_type, .. } => return Column::new(name, formatted(data_type)),
        Expr::Function(call) if is(&call.name, "count") => return Column::new(name, "bigint"),
        _ => return Column::new(name, ""),
    };
    let mut path = path.iter().rev();
    let (column, table) = (path.next(), path.next());
    let from = sources
        .iter()
        .filter(|(name, _)| table.is_none_or(|table| table == name));
    let found = from.filter_map(|(_, table)| {
        let mut columns = table.as_ref()?.columns.iter();
        columns.find(|found| Some(&found.name) == column)
    });
    let found = found.map(shown).next();
    let mut made = found.unwrap_or_else(|| Column::new("", ""));
    made.name = name;
    made
}

fn is(function: &ObjectName, name: &str) -> bool {
    object(function).1 == name
}

/// As PostgreSQL calls what has no name.
fn name_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(name) => Some(named(name)),
        Expr::CompoundIdentifier(path) => path.last().map(named),
        Expr::Function(call) => Some(object(&call.name).1),
        Expr::Cast { expr, .. } | Expr::Nested(expr) => name_of(expr),
        _ => None,
    }
}
