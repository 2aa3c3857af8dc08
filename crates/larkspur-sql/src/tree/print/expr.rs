//! Expressions in pieces.

use super::{Piece, binds, clause, dotted, exprs, listed, ordered, parenthesized};
use crate::tree::{
    Arguments, BinaryOperator, Bound, Call, Expr, Frame, Literal, Order, Over, UnaryOperator,
    Window,
};

impl Window {
    pub(super) fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        to.push(Piece::Text("("));
        let start = to.len();
        to.extend(self.base.as_ref().map(Piece::Name));
        let part = |to: &mut Vec<Piece<'t>>, text| {
            if to.len() > start {
                to.push(Piece::Text(" "));
            }
            to.push(Piece::Text(text));
        };
        if !self.partition_by.is_empty() {
            part(to, "PARTITION BY ");
            exprs(to, &self.partition_by);
        }
        if !self.order_by.is_empty() {
            part(to, "ORDER BY ");
            listed(to, &self.order_by, Order::pieces);
        }
        if let Some(frame) = &self.frame {
            part(to, frame.units.as_str());
            frame.pieces(to);
        }
        to.push(Piece::Text(")"));
    }
}

impl Frame {
    pub(super) fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        to.push(Piece::Text(if self.end.is_some() {
            " BETWEEN "
        } else {
            " "
        }));
        self.start.pieces(to);
        if let Some(end) = &self.end {
            to.push(Piece::Text(" AND "));
            end.pieces(to);
        }
    }
}

impl Bound {
    pub(super) fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        let (by, direction) = match self {
            Self::CurrentRow => return to.push(Piece::Text("CURRENT ROW")),
            Self::Preceding(by) => (by, " PRECEDING"),
            Self::Following(by) => (by, " FOLLOWING"),
        };
        to.push(
            by.as_deref()
                .map_or(Piece::Text("UNBOUNDED"), |by| Piece::Expr(by, binds::ORDER)),
        );
        to.push(Piece::Text(direction));
    }
}

impl Call {
    pub(super) fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        to.push(Piece::Name(&self.name));
        match &self.arguments {
            Arguments::Keyword => {}
            Arguments::All => to.push(Piece::Text("(*)")),
            Arguments::List {
                distinct,
                list,
                order_by,
            } => {
                to.push(Piece::Text(if *distinct { "(DISTINCT " } else { "(" }));
                exprs(to, list);
                ordered(to, " ORDER BY ", order_by);
                to.push(Piece::Text(")"));
            }
        }
        if let Some(filter) = &self.filter {
            clause(to, " FILTER (WHERE ", Some(filter));
            to.push(Piece::Text(")"));
        }
        match &self.over {
            None => {}
            Some(Over::Name(name)) => to.extend([Piece::Text(" OVER "), Piece::Name(name)]),
            Some(Over::Window(window)) => {
                to.push(Piece::Text(" OVER "));
                window.pieces(to);
            }
        }
    }
}

impl BinaryOperator {
    const fn binds(self) -> u8 {
        match self {
            Self::Or => binds::OR,
            Self::And => binds::AND,
            Self::Equal | Self::NotEqual | Self::IsNot | Self::Is => binds::EQUALITY,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => binds::ORDER,
            Self::BitAnd | Self::BitOr | Self::ShiftLeft | Self::ShiftRight => binds::BITS,
            Self::Add | Self::Subtract => binds::SUM,
            Self::Multiply | Self::Divide | Self::Remainder => binds::PRODUCT,
            Self::Concat | Self::Arrow | Self::LongArrow => binds::CONCAT,
        }
    }
}

fn tested<'t>(
    to: &mut Vec<Piece<'t>>,
    operand: &'t Expr,
    negated: bool,
    plain: &'static str,
    not: &'static str,
) {
    to.push(Piece::Expr(operand, binds::EQUALITY));
    to.push(Piece::Text(if negated { not } else { plain }));
}

impl Expr {
    pub(in crate::tree) fn binds(&self) -> u8 {
        match self {
            Self::Unary {
                operator: UnaryOperator::Not,
                ..
            } => binds::NOT,
            Self::Unary { .. } => binds::SIGN,
            Self::Literal(Literal::Number(number)) if number.is_negative() => binds::SIGN,
            Self::Binary { operator, .. } => operator.binds(),
            Self::Match { .. }
            | Self::IsNull { .. }
            | Self::IsBoolean { .. }
            | Self::Between { .. }
            | Self::InList { .. }
            | Self::InQuery { .. } => binds::EQUALITY,
            Self::Collate { .. } => binds::COLLATE,
            _ => binds::ATOM,
        }
    }

    pub(super) fn pieces<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        match self {
            Self::Column(column) => {
                let qualifier = column.schema.iter().chain(&column.table);
                dotted(to, qualifier.chain([&column.name]));
            }
            Self::Literal(literal) => to.push(Piece::Literal(literal)),
            Self::Parameter(name) => to.push(Piece::Owned(name)),
            Self::Unary { operator, operand } => operator.pieces(operand, to),
            Self::Binary {
                left,
                operator,
                right,
            } => {
                let binds = operator.binds();
                let text = Piece::Text(operator.as_str());
                to.extend([Piece::Expr(left, binds), Piece::Text(" "), text]);
                to.extend([Piece::Text(" "), Piece::Expr(right, binds + 1)]);
            }
            Self::IsNull { operand, negated } => {
                tested(to, operand, *negated, " IS NULL", " IS NOT NULL");
            }
            Self::IsBoolean {
                operand,
                negated,
                value,
            } => {
                tested(to, operand, *negated, " IS ", " IS NOT ");
                to.push(Piece::Text(if *value { "TRUE" } else { "FALSE" }));
            }
            other => other.compared(to),
        }
    }

    /// What is held against several things.
    fn compared<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        match self {
            Self::Match {
                operand,
                negated,
                operator,
                pattern,
                escape,
            } => {
                tested(to, operand, *negated, " ", " NOT ");
                to.extend([Piece::Text(operator.as_str()), Piece::Text(" ")]);
                to.push(Piece::Expr(pattern, binds::ORDER));
                if let Some(escape) = escape {
                    to.extend([Piece::Text(" ESCAPE "), Piece::Expr(escape, binds::ORDER)]);
                }
            }
            Self::Between {
                operand,
                negated,
                low,
                high,
            } => {
                tested(to, operand, *negated, " BETWEEN ", " NOT BETWEEN ");
                to.extend([Piece::Expr(low, binds::ORDER), Piece::Text(" AND ")]);
                to.push(Piece::Expr(high, binds::ORDER));
            }
            Self::InList {
                operand,
                negated,
                list,
            } => {
                tested(to, operand, *negated, " IN (", " NOT IN (");
                exprs(to, list);
                to.push(Piece::Text(")"));
            }
            Self::InQuery {
                operand,
                negated,
                query,
            } => {
                tested(to, operand, *negated, " IN ", " NOT IN ");
                parenthesized(to, query);
            }
            other => other.enclosed(to),
        }
    }

    /// What has its own beginning and end.
    fn enclosed<'t>(&'t self, to: &mut Vec<Piece<'t>>) {
        match self {
            Self::Exists(query) => {
                to.push(Piece::Text("EXISTS "));
                parenthesized(to, query);
            }
            Self::Query(query) => parenthesized(to, query),
            Self::Case {
                operand,
                arms,
                otherwise,
            } => {
                to.push(Piece::Text("CASE"));
                clause(to, " ", operand.as_deref());
                for (when, then) in arms {
                    clause(to, " WHEN ", Some(when));
                    clause(to, " THEN ", Some(then));
                }
                clause(to, " ELSE ", otherwise.as_deref());
                to.push(Piece::Text(" END"));
            }
            Self::Cast { operand, data_type } => {
                clause(to, "CAST(", Some(operand));
                to.extend([
                    Piece::Text(" AS "),
                    Piece::Owned(data_type),
                    Piece::Text(")"),
                ]);
            }
            Self::Collate { operand, collation } => {
                to.push(Piece::Expr(operand, binds::COLLATE));
                to.extend([Piece::Text(" COLLATE "), Piece::Name(collation)]);
            }
            Self::Call(call) => call.pieces(to),
            Self::Row(list) => {
                to.push(Piece::Text("("));
                exprs(to, list);
                to.push(Piece::Text(")"));
            }
            _ => {}
        }
    }
}

impl UnaryOperator {
    fn pieces<'t>(self, operand: &'t Expr, to: &mut Vec<Piece<'t>>) {
        let (text, least) = match self {
            Self::Not => ("NOT", binds::NOT),
            Self::Minus => ("-", binds::SIGN),
            Self::Plus => ("+", binds::SIGN),
            Self::BitNot => ("~", binds::SIGN),
        };
        to.push(Piece::Text(text));
        // Two signs side by side would begin a comment.
        if self == Self::Not || operand.binds() == binds::SIGN {
            to.push(Piece::Text(" "));
        }
        to.push(Piece::Expr(operand, least));
    }
}
