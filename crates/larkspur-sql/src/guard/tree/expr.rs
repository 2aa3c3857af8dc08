//! Expressions of the parser as expressions of trees.

use sqlparser::ast;

use super::{name, optional, orders, plain, statement};
use crate::guard::expr::is_plain_interval;
use crate::tree::{
    Arguments, BinaryOperator, Bound, Call, Column, Expr, Frame, FrameUnits, Literal,
    MatchOperator, Name, Number, Over, UnaryOperator, Window,
};

pub(super) fn exprs(list: Vec<ast::Expr>) -> Option<Vec<Expr>> {
    list.into_iter().map(expr).collect()
}

/// Without parentheses that only group: the tree says it.
pub(super) fn expr(of: ast::Expr) -> Option<Expr> {
    Some(match of {
        ast::Expr::Nested(inner) => expr(*inner)?,
        ast::Expr::Identifier(ident) => Expr::Column(Column {
            schema: None,
            table: None,
            name: name(ident),
        }),
        ast::Expr::CompoundIdentifier(idents) => {
            let mut names: Vec<Name> = idents.into_iter().map(name).collect();
            let (name, table, schema) = (names.pop()?, names.pop(), names.pop());
            if !names.is_empty() {
                return None;
            }
            Expr::Column(Column {
                schema,
                table,
                name,
            })
        }
        ast::Expr::Value(value) => literal(value.value)?,
        ast::Expr::UnaryOp { op, expr: operand } => unary(op, *operand)?,
        ast::Expr::BinaryOp { .. } => chain(of)?,
        ast::Expr::IsDistinctFrom(left, right) => is(*left, true, *right)?,
        ast::Expr::IsNotDistinctFrom(left, right) => is(*left, false, *right)?,
        ast::Expr::IsNull(operand) => is_null(*operand, false)?,
        ast::Expr::IsNotNull(operand) => is_null(*operand, true)?,
        ast::Expr::IsTrue(operand) => is_boolean(*operand, false, true)?,
        ast::Expr::IsNotTrue(operand) => is_boolean(*operand, true, true)?,
        ast::Expr::IsFalse(operand) => is_boolean(*operand, false, false)?,
        ast::Expr::IsNotFalse(operand) => is_boolean(*operand, true, false)?,
        ast::Expr::Tuple(list) => Expr::Row(exprs(list)?),
        ast::Expr::Collate {
            expr: operand,
            collation,
        } => Expr::Collate {
            operand: boxed(*operand)?,
            collation: plain(collation)?,
        },
        ast::Expr::Function(function) => call(function)?,
        ast::Expr::Substring { .. }
        | ast::Expr::Trim { .. }
        | ast::Expr::Extract { .. }
        | ast::Expr::Position { .. }
        | ast::Expr::AtTimeZone { .. }
        | ast::Expr::Ceil { .. }
        | ast::Expr::Floor { .. } => call_by_keyword(of)?,
        other => tested(other)?,
    })
}

fn boxed(of: ast::Expr) -> Option<Box<Expr>> {
    expr(of).map(Box::new)
}

/// What is held against several things.
fn tested(of: ast::Expr) -> Option<Expr> {
    Some(match of {
        ast::Expr::Between {
            expr: operand,
            negated,
            low,
            high,
        } => Expr::Between {
            operand: boxed(*operand)?,
            negated,
            low: boxed(*low)?,
            high: boxed(*high)?,
        },
        ast::Expr::InList {
            expr: operand,
            list,
            negated,
        } => Expr::InList {
            operand: boxed(*operand)?,
            negated,
            list: exprs(list)?,
        },
        ast::Expr::InSubquery {
            expr: operand,
            subquery,
            negated,
        } => Expr::InQuery {
            operand: boxed(*operand)?,
            negated,
            query: Box::new(statement(*subquery)?),
        },
        ast::Expr::Like {
            negated,
            any: false,
            expr: operand,
            pattern,
            escape_char,
        } => Expr::Match {
            operand: boxed(*operand)?,
            negated,
            operator: MatchOperator::Like,
            pattern: boxed(*pattern)?,
            escape: optional(escape_char, |escape| boxed(*escape)).ok()?,
        },
        ast::Expr::ILike {
            negated,
            any: false,
            expr: operand,
            pattern,
            escape_char,
        } => Expr::Match {
            operand: boxed(*operand)?,
            negated,
            operator: MatchOperator::ILike,
            pattern: boxed(*pattern)?,
            escape: optional(escape_char, |escape| boxed(*escape)).ok()?,
        },
        other => enclosed(other)?,
    })
}

/// What has its own beginning and end.
fn enclosed(of: ast::Expr) -> Option<Expr> {
    Some(match of {
        ast::Expr::Exists { subquery, negated } => {
            let exists = Expr::Exists(Box::new(statement(*subquery)?));
            if !negated {
                return Some(exists);
            }
            Expr::Unary {
                operator: UnaryOperator::Not,
                operand: Box::new(exists),
            }
        }
        ast::Expr::Subquery(query) => Expr::Query(Box::new(statement(*query)?)),
        ast::Expr::Cast {
            kind: ast::CastKind::Cast | ast::CastKind::DoubleColon,
            expr: operand,
            data_type,
            format: None,
            ..
        } => Expr::Cast {
            operand: boxed(*operand)?,
            data_type: type_name(&data_type)?,
        },
        // `DATE '2026-01-01'`, `INTERVAL '1 day'`.
        ast::Expr::TypedString(typed) => Expr::Cast {
            operand: Box::new(literal(typed.value.value)?),
            data_type: type_name(&typed.data_type)?,
        },
        ast::Expr::Interval(interval) if is_plain_interval(&interval) => Expr::Cast {
            operand: boxed(*interval.value)?,
            data_type: "INTERVAL".to_owned(),
        },
        ast::Expr::Case {
            operand,
            conditions,
            else_result,
            ..
        } => Expr::Case {
            operand: optional(operand, |operand| boxed(*operand)).ok()?,
            arms: conditions
                .into_iter()
                .map(|when| Some((expr(when.condition)?, expr(when.result)?)))
                .collect::<Option<_>>()?,
            otherwise: optional(else_result, |otherwise| boxed(*otherwise)).ok()?,
        },
        _ => return None,
    })
}

fn is_null(operand: ast::Expr, negated: bool) -> Option<Expr> {
    let operand = boxed(operand)?;
    Some(Expr::IsNull { operand, negated })
}

fn is_boolean(operand: ast::Expr, negated: bool, value: bool) -> Option<Expr> {
    Some(Expr::IsBoolean {
        operand: boxed(operand)?,
        negated,
        value,
    })
}

/// Words, and numbers in parentheses: whatever else there is, SQLite has no such type.
fn type_name(data_type: &ast::DataType) -> Option<String> {
    let name = data_type.to_string();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_ (),".contains(&byte);
    name.bytes().all(plain).then_some(name)
}

fn literal(value: ast::Value) -> Option<Expr> {
    Some(Expr::Literal(match value {
        ast::Value::Null => Literal::Null,
        ast::Value::Boolean(value) => Literal::Boolean(value),
        ast::Value::Number(digits, _) => Literal::Number(Number::written(digits)),
        ast::Value::SingleQuotedString(text) => Literal::Text(text),
        ast::Value::HexStringLiteral(digits) => Literal::Blob(bytes(&digits)?),
        ast::Value::Placeholder(name) => return Some(Expr::Parameter(name)),
        _ => return None,
    }))
}

/// What an even number of hexadecimal digits says.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16);
    let pairs = digits.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(digit(high)? * 16 + digit(low)?).ok(),
        _ => None,
    });
    pairs.collect()
}

fn unary(op: ast::UnaryOperator, operand: ast::Expr) -> Option<Expr> {
    let operator = match op {
        ast::UnaryOperator::Not => UnaryOperator::Not,
        ast::UnaryOperator::Minus => UnaryOperator::Minus,
        ast::UnaryOperator::Plus => UnaryOperator::Plus,
        ast::UnaryOperator::BitwiseNot => UnaryOperator::BitNot,
        _ => return None,
    };
    // A sign binds tighter than `COLLATE`, which the parser takes first.
    if let ast::Expr::Collate {
        expr: inner,
        collation,
    } = operand
    {
        if operator == UnaryOperator::Not {
            let collated = ast::Expr::Collate {
                expr: inner,
                collation,
            };
            return Some(Expr::Unary {
                operator,
                operand: boxed(collated)?,
            });
        }
        return Some(Expr::Collate {
            operand: Box::new(unary(op, *inner)?),
            collation: plain(collation)?,
        });
    }
    Some(match expr(operand)? {
        Expr::Literal(Literal::Number(number))
            if operator == UnaryOperator::Minus && !number.as_str().starts_with('-') =>
        {
            let digits = format!("-{}", number.as_str());
            Expr::Literal(Literal::Number(Number::written(digits)))
        }
        operand => Expr::Unary {
            operator,
            operand: Box::new(operand),
        },
    })
}

/// However it is written that something is `NULL` or true, it is told in one way.
fn is(left: ast::Expr, negated: bool, right: ast::Expr) -> Option<Expr> {
    Some(match expr(right)? {
        Expr::Literal(Literal::Null) => is_null(left, negated)?,
        Expr::Literal(Literal::Boolean(value)) => is_boolean(left, negated, value)?,
        right => Expr::Binary {
            left: boxed(left)?,
            operator: if negated {
                BinaryOperator::IsNot
            } else {
                BinaryOperator::Is
            },
            right: Box::new(right),
        },
    })
}

/// Operators side by side, of which the last is the outermost: a long chain is no deep one here.
fn chain(mut of: ast::Expr) -> Option<Expr> {
    let mut rest = Vec::new();
    while let ast::Expr::BinaryOp { left, op, right } = of {
        rest.push((op, right));
        of = *left;
    }
    let first = expr(of)?;
    let mut rest = rest.into_iter().rev();
    rest.try_fold(first, |left, (op, right)| {
        binary(Box::new(left), &op, boxed(*right)?)
    })
}

fn binary(left: Box<Expr>, op: &ast::BinaryOperator, right: Box<Expr>) -> Option<Expr> {
    use ast::BinaryOperator as Of;
    let operator = match op {
        Of::Or => BinaryOperator::Or,
        Of::And => BinaryOperator::And,
        Of::Eq => BinaryOperator::Equal,
        Of::NotEq => BinaryOperator::NotEqual,
        Of::Lt => BinaryOperator::Less,
        Of::LtEq => BinaryOperator::LessOrEqual,
        Of::Gt => BinaryOperator::Greater,
        Of::GtEq => BinaryOperator::GreaterOrEqual,
        Of::BitwiseAnd => BinaryOperator::BitAnd,
        Of::BitwiseOr => BinaryOperator::BitOr,
        Of::PGBitwiseShiftLeft => BinaryOperator::ShiftLeft,
        Of::PGBitwiseShiftRight => BinaryOperator::ShiftRight,
        Of::Plus => BinaryOperator::Add,
        Of::Minus => BinaryOperator::Subtract,
        Of::Multiply => BinaryOperator::Multiply,
        Of::Divide => BinaryOperator::Divide,
        Of::Modulo => BinaryOperator::Remainder,
        Of::StringConcat => BinaryOperator::Concat,
        Of::Arrow => BinaryOperator::Arrow,
        Of::LongArrow => BinaryOperator::LongArrow,
        Of::Glob => return Some(matched(left, MatchOperator::Glob, right)),
        Of::Regexp => return Some(matched(left, MatchOperator::Regexp, right)),
        Of::Match => return Some(matched(left, MatchOperator::Match, right)),
        _ => return None,
    };
    Some(Expr::Binary {
        left,
        operator,
        right,
    })
}

fn matched(operand: Box<Expr>, operator: MatchOperator, pattern: Box<Expr>) -> Expr {
    Expr::Match {
        operand,
        negated: false,
        operator,
        pattern,
        escape: None,
    }
}

/// A call that the parser has a node of its own for.
fn call_by_keyword(of: ast::Expr) -> Option<Expr> {
    let (name, list) = match of {
        ast::Expr::Substring {
            expr: text,
            substring_from,
            substring_for,
            shorthand,
            ..
        } => {
            let name = if shorthand { "substr" } else { "substring" };
            let more = substring_from.into_iter().chain(substring_for);
            let list: Vec<ast::Expr> = std::iter::once(*text)
                .chain(more.map(|argument| *argument))
                .collect();
            (name, list)
        }
        ast::Expr::Trim {
            trim_where: None,
            trim_what: None,
            expr: text,
            trim_characters,
        } => {
            let more = trim_characters.into_iter().flatten();
            ("trim", std::iter::once(*text).chain(more).collect())
        }
        other => call_by_operator(other)?,
    };
    Some(Expr::Call(Box::new(Call {
        // Quoted where it begins a form of its own.
        name: Name::written(name.to_owned(), matches!(name, "extract" | "position")),
        arguments: Arguments::List {
            distinct: false,
            list: exprs(list)?,
            order_by: Vec::new(),
        },
        filter: None,
        over: None,
    })))
}

/// The same as the call that it stands for.
fn call_by_operator(of: ast::Expr) -> Option<(&'static str, Vec<ast::Expr>)> {
    use ast::{CeilFloorKind::DateTimeField, DateTimeField::NoDateTime};
    Some(match of {
        ast::Expr::Extract { field, expr, .. } => {
            let field = ast::Value::SingleQuotedString(field.to_string().to_ascii_lowercase());
            ("extract", vec![ast::Expr::value(field), *expr])
        }
        ast::Expr::Position { expr, r#in } => ("position", vec![*r#in, *expr]),
        ast::Expr::AtTimeZone {
            timestamp,
            time_zone,
        } => ("timezone", vec![*time_zone, *timestamp]),
        ast::Expr::Ceil {
            expr,
            field: DateTimeField(NoDateTime),
        } => ("ceil", vec![*expr]),
        ast::Expr::Floor {
            expr,
            field: DateTimeField(NoDateTime),
        } => ("floor", vec![*expr]),
        _ => return None,
    })
}

fn call(function: ast::Function) -> Option<Expr> {
    Some(Expr::Call(Box::new(Call {
        name: plain(function.name)?,
        arguments: match function.args {
            ast::FunctionArguments::None => Arguments::Keyword,
            ast::FunctionArguments::List(list) => arguments(list)?,
            ast::FunctionArguments::Subquery(_) => return None,
        },
        filter: optional(function.filter, |filter| expr(*filter)).ok()?,
        over: match function.over {
            None => None,
            Some(ast::WindowType::NamedWindow(ident)) => Some(Over::Name(name(ident))),
            Some(ast::WindowType::WindowSpec(spec)) => Some(Over::Window(window(spec)?)),
        },
    })))
}

fn arguments(of: ast::FunctionArgumentList) -> Option<Arguments> {
    use ast::{FunctionArg::Unnamed, FunctionArgExpr};
    let distinct = of.duplicate_treatment == Some(ast::DuplicateTreatment::Distinct);
    if let [Unnamed(FunctionArgExpr::Wildcard)] = of.args.as_slice() {
        return (!distinct && of.clauses.is_empty()).then_some(Arguments::All);
    }
    let one = |argument| match argument {
        Unnamed(FunctionArgExpr::Expr(of)) => expr(of),
        _ => None,
    };
    let mut order_by = Vec::new();
    for clause in of.clauses {
        match clause {
            ast::FunctionArgumentClause::OrderBy(orders) => {
                order_by.extend(self::orders(orders)?);
            }
            _ => return None,
        }
    }
    Some(Arguments::List {
        distinct,
        list: of.args.into_iter().map(one).collect::<Option<_>>()?,
        order_by,
    })
}

pub(super) fn window(spec: ast::WindowSpec) -> Option<Window> {
    Some(Window {
        base: spec.window_name.map(name),
        partition_by: exprs(spec.partition_by)?,
        order_by: orders(spec.order_by)?,
        frame: optional(spec.window_frame, frame).ok()?,
    })
}

fn frame(frame: ast::WindowFrame) -> Option<Frame> {
    Some(Frame {
        units: match frame.units {
            ast::WindowFrameUnits::Rows => FrameUnits::Rows,
            ast::WindowFrameUnits::Range => FrameUnits::Range,
            ast::WindowFrameUnits::Groups => FrameUnits::Groups,
        },
        start: bound(frame.start_bound)?,
        end: optional(frame.end_bound, bound).ok()?,
    })
}

fn bound(bound: ast::WindowFrameBound) -> Option<Bound> {
    let by = |by: Option<Box<ast::Expr>>| optional(by, |by| boxed(*by)).ok();
    Some(match bound {
        ast::WindowFrameBound::CurrentRow => Bound::CurrentRow,
        ast::WindowFrameBound::Preceding(of) => Bound::Preceding(by(of)?),
        ast::WindowFrameBound::Following(of) => Bound::Following(by(of)?),
    })
}
