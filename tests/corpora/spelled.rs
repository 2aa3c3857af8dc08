//! Queries in the spelling of `SelectGrammar`: key words in upper case, one blank, columns behind the name of their table or as they
//! stood, tables without other names, texts in single quotes. What they mean stays; the byte code that SQLite makes of them shows it.

use larkspur_sql::{Catalog, quote_name};
use sqlparser::{
    ast::{
        Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, JoinConstraint,
        JoinOperator, LimitClause, ObjectName, ObjectNamePart, OrderByKind, Query, Select,
        SelectItem, SelectItemQualifiedWildcardKind, SetExpr, Statement, TableAlias, TableFactor,
        Value,
    },
    dialect::SQLiteDialect,
    parser::Parser,
};

/// A query as the grammar spells it, and what it needs.
#[derive(Debug)]
pub(crate) struct Spelled {
    pub(crate) sql: String,
    /// The same, but that columns stand alone which did so.
    pub(crate) alone: String,
    /// Most tables of one `SELECT`.
    pub(crate) tables: usize,
    /// How deep queries stand in queries.
    pub(crate) depth: usize,
}

/// What a name in a `FROM` stands for.
struct Named {
    /// In the query as it was, in lower case.
    was: String,
    /// Now.
    is: String,
    table: String,
    columns: Vec<String>,
}

struct Speller<'a> {
    catalog: &'a Catalog,
    /// Whether columns stay alone.
    alone: bool,
    scopes: Vec<Vec<Named>>,
    tables: usize,
    depth: usize,
    deepest: usize,
}

pub(crate) fn spelled(catalog: &Catalog, sql: &str) -> Result<Spelled, String> {
    let mut statements =
        Parser::parse_sql(&SQLiteDialect {}, sql).map_err(|error| error.to_string())?;
    let Some(Statement::Query(query)) = statements.first_mut() else {
        return Err("no query".to_owned());
    };
    let spell = |alone: bool| {
        let mut query = query.clone();
        let mut speller = Speller {
            catalog,
            alone,
            scopes: Vec::new(),
            tables: 0,
            depth: 0,
            deepest: 0,
        };
        speller.query(&mut query)?;
        Ok::<_, String>((query.to_string(), speller.tables, speller.deepest))
    };
    let (sql, tables, depth) = spell(false)?;
    Ok(Spelled {
        sql,
        alone: spell(true)?.0,
        tables,
        depth,
    })
}

type Done = Result<(), String>;

impl Speller<'_> {
    fn query(&mut self, query: &mut Query) -> Done {
        let before = self.scopes.len();
        if query.with.is_some() {
            return Err("WITH".to_owned());
        }
        self.set(&mut query.body)?;
        if let Some(order) = &mut query.order_by {
            let OrderByKind::Expressions(order) = &mut order.kind else {
                return Err("ORDER BY ALL".to_owned());
            };
            for by in order {
                self.expr(&mut by.expr)?;
            }
        }
        if let Some(LimitClause::LimitOffset {
            offset: Some(_), ..
        }) = &query.limit_clause
        {
            return Err("OFFSET".to_owned());
        }
        self.scopes.truncate(before);
        Ok(())
    }

    /// Leaves the scope of a `SELECT` for what orders its rows.
    fn set(&mut self, body: &mut SetExpr) -> Done {
        match body {
            SetExpr::Select(select) => self.select(select),
            SetExpr::SetOperation { left, right, .. } => {
                let before = self.scopes.len();
                for side in [left, right] {
                    self.set(side)?;
                    self.scopes.truncate(before);
                }
                Ok(())
            }
            SetExpr::Query(query) => self.query(query),
            other => Err(other.to_string()),
        }
    }

    fn select(&mut self, select: &mut Select) -> Done {
        let mut scope = Vec::new();
        for table in &mut select.from {
            self.factor(&mut table.relation, &mut scope)?;
            for join in &mut table.joins {
                self.factor(&mut join.relation, &mut scope)?;
            }
        }
        self.tables = self.tables.max(scope.len());
        self.scopes.push(scope);
        for table in &mut select.from {
            for join in &mut table.joins {
                let on = match &mut join.join_operator {
                    JoinOperator::Inner(on) | JoinOperator::Join(on) => {
                        let on = on.clone();
                        join.join_operator = JoinOperator::Join(on);
                        let JoinOperator::Join(on) = &mut join.join_operator else {
                            return Err("join".to_owned());
                        };
                        on
                    }
                    JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => on,
                    other => return Err(format!("{other:?}")),
                };
                if let JoinConstraint::On(on) = on {
                    self.expr(on)?;
                }
            }
        }
        for item in &mut select.projection {
            match item {
                SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                    self.expr(expr)?;
                }
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    _,
                ) => {
                    let was = name.to_string().to_lowercase();
                    let named = self.scopes.iter().flatten().find(|named| named.was == was);
                    *name = object(&named.ok_or("?.*")?.is);
                }
                _ => {}
            }
        }
        let sqlparser::ast::GroupByExpr::Expressions(group, _) = &mut select.group_by else {
            return Err("GROUP BY ALL".to_owned());
        };
        let mut rest = select
            .selection
            .iter_mut()
            .chain(group)
            .chain(&mut select.having);
        rest.try_for_each(|expr| self.expr(expr))
    }

    fn factor(&mut self, factor: &mut TableFactor, scope: &mut Vec<Named>) -> Done {
        match factor {
            TableFactor::Table { name, alias, .. } => {
                let told = name
                    .to_string()
                    .trim_matches(['"', '`', '[', ']'])
                    .to_owned();
                let table = self
                    .catalog
                    .table(&told)
                    .ok_or(format!("no table {told}"))?;
                let times = scope
                    .iter()
                    .filter(|named| named.table == table.name)
                    .count();
                let is = if times == 0 {
                    table.name.clone()
                } else {
                    format!("{}_{}", table.name, times + 1)
                };
                let was = alias
                    .as_ref()
                    .map_or(told, |alias| alias.name.value.clone());
                *name = object(&table.name);
                *alias = (times > 0).then(|| named_as(&is));
                scope.push(Named {
                    was: was.to_lowercase(),
                    is,
                    table: table.name.clone(),
                    columns: table
                        .columns
                        .iter()
                        .map(|column| column.name.clone())
                        .collect(),
                });
            }
            TableFactor::Derived {
                subquery, alias, ..
            } => {
                self.deeper(subquery)?;
                let was = alias
                    .as_ref()
                    .map_or(String::new(), |alias| alias.name.value.to_lowercase());
                *alias = Some(named_as("step1"));
                scope.push(Named {
                    was,
                    is: "step1".to_owned(),
                    table: String::new(),
                    columns: Vec::new(),
                });
            }
            other => return Err(other.to_string()),
        }
        Ok(())
    }

    fn deeper(&mut self, query: &mut Query) -> Done {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        let done = self.query(query);
        self.depth -= 1;
        done
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e mut Expr>) -> Done {
        exprs.into_iter().try_for_each(|expr| self.expr(expr))
    }

    fn expr(&mut self, expr: &mut Expr) -> Done {
        match expr {
            Expr::Identifier(name) => {
                *expr = self.column(None, name)?;
                Ok(())
            }
            Expr::CompoundIdentifier(parts) => {
                let [table, column] = parts.as_slice() else {
                    return Err(expr.to_string());
                };
                *expr = self.column(Some(table), column)?;
                Ok(())
            }
            Expr::Nested(inner) => {
                self.expr(inner)?;
                // The grammar has parentheses around several conditions only.
                if !matches!(&**inner, Expr::BinaryOp { op, .. } if ["AND", "OR"].contains(&op.to_string().as_str()))
                {
                    *expr = (**inner).clone();
                }
                Ok(())
            }
            Expr::BinaryOp { left, right, .. } => self.all([&mut **left, &mut **right]),
            Expr::UnaryOp { expr, .. }
            | Expr::IsNull(expr)
            | Expr::IsNotNull(expr)
            | Expr::Cast { expr, .. } => self.expr(expr),
            Expr::Between {
                expr, low, high, ..
            } => self.all([&mut **expr, &mut **low, &mut **high]),
            Expr::Like { expr, pattern, .. } => self.all([&mut **expr, &mut **pattern]),
            Expr::InList { expr, list, .. } => {
                self.expr(expr)?;
                self.all(list)
            }
            Expr::InSubquery { expr, subquery, .. } => {
                self.expr(expr)?;
                self.deeper(subquery)
            }
            Expr::Subquery(query)
            | Expr::Exists {
                subquery: query, ..
            } => self.deeper(query),
            Expr::Function(function) => self.function(function),
            Expr::Value(_) => Ok(()),
            other => Err(format!("{other}")),
        }
    }

    fn function(&mut self, function: &mut Function) -> Done {
        let name = function.name.to_string().to_lowercase();
        function.name = ObjectName(vec![ObjectNamePart::Identifier(Ident::new(name))]);
        let FunctionArguments::List(list) = &mut function.args else {
            return Err(function.to_string());
        };
        for arg in &mut list.args {
            if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg {
                self.expr(expr)?;
            }
        }
        Ok(())
    }

    /// A column behind the name of its table; what is none and stands in double quotes is a text.
    fn column(&self, table: Option<&Ident>, name: &Ident) -> Result<Expr, String> {
        for scope in self.scopes.iter().rev() {
            for named in scope {
                if table.is_some_and(|table| table.value.to_lowercase() != named.was) {
                    continue;
                }
                let mut columns = named.columns.iter();
                if let Some(column) =
                    columns.find(|column| column.eq_ignore_ascii_case(&name.value))
                {
                    if self.alone && table.is_none() {
                        return Ok(Expr::Identifier(ident(column)));
                    }
                    return Ok(Expr::CompoundIdentifier(vec![
                        ident(&named.is),
                        ident(column),
                    ]));
                }
            }
        }
        match name.quote_style {
            Some('"') if table.is_none() => Ok(Expr::Value(
                Value::SingleQuotedString(name.value.clone()).into(),
            )),
            _ => Err(format!("no column {name}")),
        }
    }
}

fn ident(name: &str) -> Ident {
    if quote_name(name) == name {
        Ident::new(name)
    } else {
        Ident::with_quote('"', name)
    }
}

fn object(name: &str) -> ObjectName {
    ObjectName(vec![ObjectNamePart::Identifier(ident(name))])
}

fn named_as(name: &str) -> TableAlias {
    TableAlias {
        explicit: true,
        name: ident(name),
        columns: Vec::new(),
        at: None,
    }
}
