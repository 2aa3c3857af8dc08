//! Expressions: what they read and call.

use larkspur_json::Span;
use sqlparser::ast::{
    BinaryOperator, CastKind, CeilFloorKind, DataType, DateTimeField, Expr, Function, FunctionArg,
    FunctionArgExpr, FunctionArgumentClause, FunctionArgumentList, FunctionArguments, Ident,
    Interval, OrderByExpr, Spanned, UnaryOperator, Value, ValueWithSpan, WindowFrameBound,
    WindowSpec, WindowType,
};

use super::{
    lex::span_of,
    scope::Found,
    walk::{Walk, idents, span_of_idents},
};
use crate::Rule;

/// The name of a column that is this expression, where it has one to call it by.
pub(super) fn name_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(ident) => Some(ident.value.clone()),
        Expr::CompoundIdentifier(idents) => idents.last().map(|ident| ident.value.clone()),
        _ => None,
    }
}

/// A hint that lists names, not too many.
pub(super) fn listed<'n>(what: &str, names: impl Iterator<Item = &'n str>) -> String {
    const MOST: usize = 20;
    let mut names: Vec<&str> = names.take(MOST + 1).collect();
    let more = names.len() > MOST;
    names.truncate(MOST);
    let mut hint = format!(
        "{what}: {}",
        names
            .iter()
            .map(|name| crate::quote_name(name))
            .collect::<Vec<_>>()
            .join(", ")
    );
    if more {
        hint.push_str(", …");
    }
    hint
}

impl Walk<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Identifier(ident) => self.column(ident),
            Expr::CompoundIdentifier(idents) => self.qualified(idents),
            Expr::Value(value) => self.value(value),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::UnaryOp { op, expr: inner } => {
                self.unary(*op, inner, span_of(expr.span()));
            }
            Expr::Function(function) => self.function(function),
            Expr::Subquery(query)
            | Expr::Exists {
                subquery: query, ..
            } => {
                self.subquery(query);
            }
            Expr::InSubquery { expr, subquery, .. } => {
                self.expr(expr);
                self.subquery(subquery);
            }
            Expr::Cast {
                kind: CastKind::Cast | CastKind::DoubleColon,
                expr,
                format: None,
                data_type,
                ..
            } => {
                self.expr(expr);
                self.cast_type(data_type, span_of(expr.span()));
            }
            Expr::TypedString(typed) => {
                self.cast_type(&typed.data_type, span_of(typed.value.span));
            }
            Expr::Case {
                operand,
                conditions,
                else_result,
                ..
            } => {
                self.exprs(operand.as_deref());
                for when in conditions {
                    self.expr(&when.condition);
                    self.expr(&when.result);
                }
                self.exprs(else_result.as_deref());
            }
            other => self.other(other),
        }
    }

    fn unary(&mut self, op: UnaryOperator, inner: &Expr, span: Option<Span>) {
        self.expr(inner);
        if !matches!(
            op,
            UnaryOperator::Plus
                | UnaryOperator::Minus
                | UnaryOperator::Not
                | UnaryOperator::BitwiseNot
        ) {
            self.unsupported(span, "this operator");
        }
    }

    /// What is no more than its parts, or the call of a function; nothing else is known to be harmless.
    fn other(&mut self, expr: &Expr) {
        if let Some((function, arguments)) = spelled_out(expr) {
            self.calls(function, span_of(expr.span()));
            self.exprs(arguments);
        } else if let Some(parts) = plain(expr) {
            self.exprs(parts);
        } else {
            self.unsupported(span_of(expr.span()), "this expression");
        }
    }

    pub(super) fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    /// What a value is converted to, where the database has types that do more than hold one.
    fn cast_type(&mut self, data_type: &DataType, span: Option<Span>) {
        let Some(allowed) = self.dialect().cast_types() else {
            return;
        };
        let name = data_type.to_string().to_ascii_lowercase();
        let bare = name.split_once('(').map_or(name.as_str(), |(bare, rest)| {
            // `numeric(10,2)`, but not `timestamp(0) with time zone`, which nobody needs.
            if rest.ends_with(')') { bare } else { "" }
        });
        if !allowed.contains(&bare.trim()) {
            let message = format!("a conversion to {} is not allowed", super::shown(&name));
            self.report(Rule::Function, span.unwrap_or(self.around), message);
        }
    }

    fn value(&mut self, value: &ValueWithSpan) {
        let span = span_of(value.span).unwrap_or(self.around);
        match &value.value {
            Value::Number(..)
            | Value::SingleQuotedString(_)
            | Value::HexStringLiteral(_)
            | Value::Boolean(_)
            | Value::Null => {}
            Value::Placeholder(_) if self.policy().parameters => {}
            Value::Placeholder(name) => {
                let message = format!("the parameter {} has no value", super::shown(name));
                self.report_with(Rule::Parameter, span, message, "write the value itself");
            }
            _ => self.unsupported(Some(span), "this literal"),
        }
    }

    fn binary(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr) {
        match op {
            BinaryOperator::Or if !self.policy().constant_conditions => {
                self.operand_of_or(left);
                return self.operand_of_or(right);
            }
            BinaryOperator::Glob => self.calls("glob", span_of(left.span())),
            BinaryOperator::Match => self.calls("match", span_of(left.span())),
            BinaryOperator::Regexp => self.calls("regexp", span_of(left.span())),
            BinaryOperator::Arrow => self.calls("->", span_of(left.span())),
            BinaryOperator::LongArrow => self.calls("->>", span_of(left.span())),
            BinaryOperator::Or
            | BinaryOperator::And
            | BinaryOperator::Plus
            | BinaryOperator::Minus
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo
            | BinaryOperator::StringConcat
            | BinaryOperator::Gt
            | BinaryOperator::Lt
            | BinaryOperator::GtEq
            | BinaryOperator::LtEq
            | BinaryOperator::Eq
            | BinaryOperator::NotEq
            | BinaryOperator::BitwiseOr
            | BinaryOperator::BitwiseAnd
            | BinaryOperator::PGBitwiseShiftLeft
            | BinaryOperator::PGBitwiseShiftRight => {}
            _ => self.unsupported(span_of(left.span()), "the operator behind this"),
        }
        self.expr(left);
        self.expr(right);
    }

    /// An operand that reads nothing decides the whole condition.
    fn operand_of_or(&mut self, operand: &Expr) {
        let mark = self.scopes.mark();
        self.expr(operand);
        let is_or = matches!(
            operand,
            Expr::BinaryOp {
                op: BinaryOperator::Or,
                ..
            }
        );
        if self.scopes.since(mark).is_empty() && !is_or {
            let span = span_of(operand.span()).unwrap_or(self.around);
            let message = "this side of OR reads no column, so that the condition holds always or says nothing";
            self.report_with(Rule::ConstantCondition, span, message, "leave it out");
        }
    }

    fn column(&mut self, ident: &Ident) {
        let may_be_text = ident.quote_style == Some('"')
            && self.policy().double_quoted_texts
            && self.dialect().has_double_quoted_texts();
        match self.scopes.column(&ident.value) {
            Found::Column | Found::Alias => {}
            Found::Nothing if may_be_text => {}
            Found::Nothing | Found::Hidden | Found::NoRelation => {
                let message = format!("there is no column {} here", super::shown(&ident.value));
                let hint = self.columns_here();
                let span = span_of(ident.span).unwrap_or(self.around);
                self.scopes.touch_something();
                self.report_with(Rule::UnknownColumn, span, message, hint);
            }
        }
    }

    fn columns_here(&self) -> String {
        let relations = self
            .scopes
            .innermost()
            .map(|scope| scope.relations.as_slice())
            .unwrap_or_default();
        let names: Vec<String> = relations
            .iter()
            .filter_map(super::scope::Relation::column_names)
            .flatten()
            .flatten()
            .collect();
        listed("columns here", names.iter().map(String::as_str))
    }

    /// `table.column`, perhaps behind `main.`.
    fn qualified(&mut self, idents: &[Ident]) {
        let span = span_of_idents(idents).unwrap_or(self.around);
        let (qualifier, name) = match idents {
            [qualifier, name] => (qualifier, name),
            [schema, qualifier, name] if self.is_schema(&schema.value) => (qualifier, name),
            _ => return self.unsupported(Some(span), "a name of so many parts"),
        };
        let (found, relation) = self.scopes.column_of(&qualifier.value, &name.value);
        match found {
            Found::Column | Found::Alias => {}
            Found::NoRelation => {
                self.scopes.touch_something();
                self.no_relation(qualifier, span);
            }
            Found::Nothing | Found::Hidden => {
                let names: Vec<String> = relation
                    .and_then(super::scope::Relation::column_names)
                    .into_iter()
                    .flatten()
                    .flatten()
                    .collect();
                let message = format!(
                    "{} has no column {}",
                    super::shown(&qualifier.value),
                    super::shown(&name.value)
                );
                let hint = listed("its columns", names.iter().map(String::as_str));
                self.scopes.touch_something();
                self.report_with(Rule::UnknownColumn, span, message, hint);
            }
        }
    }

    /// Whether tables that are to be seen stand in a schema with this name.
    fn is_schema(&self, name: &str) -> bool {
        let (dialect, mut tables) = (self.dialect(), self.guard.catalog().tables.iter());
        let main = dialect.main_schema();
        dialect.same(main, name)
            || tables.any(|table| dialect.same(table.schema.as_deref().unwrap_or(main), name))
    }

    pub(super) fn no_relation(&mut self, qualifier: &Ident, span: Span) {
        let message = format!(
            "no table of this query goes by the name {}",
            super::shown(&qualifier.value)
        );
        let hint = listed("names here", self.scopes.names());
        self.report_with(Rule::UnknownTable, span, message, hint);
    }

    /// A call of a function, also where it is written as an operator.
    fn calls(&mut self, name: &str, span: Option<Span>) {
        if !self.policy().allows_function(name) {
            let message = format!("the function {} is not allowed", super::shown(name));
            self.report(Rule::Function, span.unwrap_or(self.around), message);
        }
    }

    fn function(&mut self, function: &Function) {
        let names = idents(&function.name).unwrap_or_default();
        let span = span_of_idents(names.iter().copied());
        match names.as_slice() {
            [name] => self.calls(&name.value, span),
            _ => self.unsupported(span, "a dotted name of a function"),
        }
        if function.uses_odbc_syntax
            || !function.within_group.is_empty()
            || function.null_treatment.is_some()
            || !matches!(function.parameters, FunctionArguments::None)
        {
            self.unsupported(span, "this form of a call");
        }
        match &function.args {
            FunctionArguments::None => {}
            FunctionArguments::Subquery(_) => {
                self.unsupported(span, "a query as the argument of a function");
            }
            FunctionArguments::List(list) => self.arguments(list, span),
        }
        self.exprs(function.filter.as_deref());
        if let Some(over) = &function.over {
            if !self.policy().window_functions {
                self.forbidden(span, "OVER");
            }
            if let WindowType::WindowSpec(spec) = over {
                self.window(spec);
            }
        }
    }

    fn arguments(&mut self, list: &FunctionArgumentList, span: Option<Span>) {
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => self.expr(expr),
                // `count(*)`: it counts the rows of the query, so it is no constant.
                FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => self.scopes.touch_something(),
                _ => self.unsupported(span, "an argument of this kind"),
            }
        }
        for clause in &list.clauses {
            match clause {
                FunctionArgumentClause::OrderBy(orders) => {
                    self.orders(orders);
                }
                _ => self.unsupported(span, "a clause within a call"),
            }
        }
    }

    pub(super) fn orders(&mut self, orders: &[OrderByExpr]) {
        for order in orders {
            self.order(order);
        }
    }

    fn order(&mut self, order: &OrderByExpr) {
        self.expr(&order.expr);
        if order.with_fill.is_some() {
            self.unsupported(span_of(order.span()), "WITH FILL");
        }
    }

    pub(super) fn window(&mut self, spec: &WindowSpec) {
        self.exprs(&spec.partition_by);
        self.orders(&spec.order_by);
        let bounds = spec
            .window_frame
            .iter()
            .flat_map(|frame| [Some(&frame.start_bound), frame.end_bound.as_ref()]);
        for bound in bounds.flatten() {
            if let WindowFrameBound::Preceding(Some(expr))
            | WindowFrameBound::Following(Some(expr)) = bound
            {
                self.expr(expr);
            }
        }
    }
}

/// The parts of an expression that is no more than they are.
fn plain(expr: &Expr) -> Option<Vec<&Expr>> {
    Some(match expr {
        Expr::Nested(inner)
        | Expr::IsNull(inner)
        | Expr::IsNotNull(inner)
        | Expr::IsTrue(inner)
        | Expr::IsNotTrue(inner)
        | Expr::IsFalse(inner)
        | Expr::IsNotFalse(inner)
        | Expr::Collate { expr: inner, .. } => vec![&**inner],
        Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => {
            vec![&**left, &**right]
        }
        Expr::InList { expr, list, .. } => std::iter::once(&**expr).chain(list).collect(),
        Expr::Between {
            expr, low, high, ..
        } => vec![&**expr, &**low, &**high],
        Expr::Tuple(parts) => parts.iter().collect(),
        Expr::Interval(interval) if is_plain_interval(interval) => vec![&*interval.value],
        _ => return None,
    })
}

/// An expression in words of its own that is the call of a function: which one, and its arguments.
fn spelled_out(expr: &Expr) -> Option<(&'static str, Vec<&Expr>)> {
    let whole = CeilFloorKind::DateTimeField(DateTimeField::NoDateTime);
    Some(match expr {
        Expr::Like {
            any: false,
            expr,
            pattern,
            escape_char,
            ..
        } => ("like", matched(expr, pattern, escape_char.as_deref())),
        Expr::ILike {
            any: false,
            expr,
            pattern,
            escape_char,
            ..
        } => ("ilike", matched(expr, pattern, escape_char.as_deref())),
        Expr::Substring {
            expr,
            substring_from,
            substring_for,
            ..
        } => {
            let bounds = [substring_from, substring_for].into_iter();
            let bounds = bounds.filter_map(|bound| bound.as_deref());
            (
                "substring",
                std::iter::once(&**expr).chain(bounds).collect(),
            )
        }
        Expr::Extract { expr, .. } => ("extract", vec![&**expr]),
        Expr::Position { expr, r#in } => ("position", vec![&**expr, &**r#in]),
        Expr::AtTimeZone {
            timestamp,
            time_zone,
        } => ("timezone", vec![&**timestamp, &**time_zone]),
        Expr::Ceil { expr, field } if *field == whole => ("ceil", vec![&**expr]),
        Expr::Floor { expr, field } if *field == whole => ("floor", vec![&**expr]),
        Expr::Trim {
            trim_where: None,
            trim_what: None,
            expr,
            trim_characters,
        } => {
            let characters = trim_characters.iter().flatten();
            ("trim", std::iter::once(&**expr).chain(characters).collect())
        }
        _ => return None,
    })
}

/// A text, what it is held against, and the character that takes signs literally.
fn matched<'e>(text: &'e Expr, pattern: &'e Expr, escape: Option<&'e Expr>) -> Vec<&'e Expr> {
    [text, pattern].into_iter().chain(escape).collect()
}

/// `INTERVAL '1 day'`: all is said in the text.
pub(super) fn is_plain_interval(interval: &Interval) -> bool {
    let is_text = matches!(&*interval.value, Expr::Value(value) if matches!(value.value, Value::SingleQuotedString(_)));
    is_text
        && interval.leading_field.is_none()
        && interval.leading_precision.is_none()
        && interval.last_field.is_none()
        && interval.fractional_seconds_precision.is_none()
}
