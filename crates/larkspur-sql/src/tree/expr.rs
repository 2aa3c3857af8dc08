//! Expressions.

use super::{Literal, Name, Order, Statement};

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expr {
    /// A column, or the name of what is selected; or, in double quotes where nothing has that name, a text.
    Column(Column),
    /// A value.
    Literal(Literal),
    /// A parameter, with its first character: `?1`, `:name`.
    Parameter(String),
    /// An operator before its operand.
    Unary {
        /// The operator.
        operator: UnaryOperator,
        /// What it is applied to.
        operand: Box<Self>,
    },
    /// An operator between its operands.
    Binary {
        /// What stands before it.
        left: Box<Self>,
        /// The operator.
        operator: BinaryOperator,
        /// What stands behind it.
        right: Box<Self>,
    },
    /// `LIKE` and its kin.
    Match {
        /// What is looked at.
        operand: Box<Self>,
        /// `NOT LIKE`.
        negated: bool,
        /// How.
        operator: MatchOperator,
        /// What it is to look like.
        pattern: Box<Self>,
        /// `ESCAPE`.
        escape: Option<Box<Self>>,
    },
    /// `IS NULL`, `IS NOT NULL`.
    IsNull {
        /// What is looked at.
        operand: Box<Self>,
        /// `IS NOT NULL`.
        negated: bool,
    },
    /// `IS TRUE`, `IS NOT FALSE` and so on.
    IsBoolean {
        /// What is looked at.
        operand: Box<Self>,
        /// `IS NOT`.
        negated: bool,
        /// Which.
        value: bool,
    },
    /// `BETWEEN`.
    Between {
        /// What is looked at.
        operand: Box<Self>,
        /// `NOT BETWEEN`.
        negated: bool,
        /// The least.
        low: Box<Self>,
        /// The most.
        high: Box<Self>,
    },
    /// `IN (1, 2)`.
    InList {
        /// What is looked for.
        operand: Box<Self>,
        /// `NOT IN`.
        negated: bool,
        /// Where.
        list: Vec<Self>,
    },
    /// `IN (SELECT …)`.
    InQuery {
        /// What is looked for.
        operand: Box<Self>,
        /// `NOT IN`.
        negated: bool,
        /// Where.
        query: Box<Statement>,
    },
    /// `EXISTS (SELECT …)`.
    Exists(Box<Statement>),
    /// A query as a value: `(SELECT …)`.
    Query(Box<Statement>),
    /// `CASE`.
    Case {
        /// What is compared with each `WHEN`; without, each is a condition.
        operand: Option<Box<Self>>,
        /// `WHEN` and `THEN`.
        arms: Vec<(Self, Self)>,
        /// `ELSE`.
        otherwise: Option<Box<Self>>,
    },
    /// `CAST(… AS type)`.
    Cast {
        /// What is converted.
        operand: Box<Self>,
        /// The name of the type, as it is written.
        data_type: String,
    },
    /// `COLLATE`.
    Collate {
        /// What is compared.
        operand: Box<Self>,
        /// How.
        collation: Name,
    },
    /// A call of a function.
    Call(Box<Call>),
    /// Several values as one: `(a, b)`.
    Row(Vec<Self>),
}

/// A column, as it is named: `column`, `table.column` or `main.table.column`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// `main`, where it is said.
    pub schema: Option<Name>,
    /// The name that the table goes by, where it is said.
    pub table: Option<Name>,
    /// The name of the column.
    pub name: Name,
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `NOT`
    Not,
    /// `-`
    Minus,
    /// `+`, which changes nothing.
    Plus,
    /// `~`
    BitNot,
}

macro_rules! operators {
    ($(#[$of:meta])* $type:ident: $($name:ident = $text:literal,)*) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $type {
            $(
                #[doc = concat!("`", $text, "`")]
                $name,
            )*
        }

        impl $type {
            /// As it is written.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

operators! {
    /// An operator between its operands.
    BinaryOperator:
    Or = "OR",
    And = "AND",
    Equal = "=",
    NotEqual = "<>",
    Is = "IS",
    IsNot = "IS NOT",
    Less = "<",
    LessOrEqual = "<=",
    Greater = ">",
    GreaterOrEqual = ">=",
    BitAnd = "&",
    BitOr = "|",
    ShiftLeft = "<<",
    ShiftRight = ">>",
    Add = "+",
    Subtract = "-",
    Multiply = "*",
    Divide = "/",
    Remainder = "%",
    Concat = "||",
    Arrow = "->",
    LongArrow = "->>",
}

operators! {
    /// An operator that holds a value against a pattern.
    MatchOperator:
    Like = "LIKE",
    ILike = "ILIKE",
    Glob = "GLOB",
    Regexp = "REGEXP",
    Match = "MATCH",
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The function.
    pub name: Name,
    /// Its arguments.
    pub arguments: Arguments,
    /// `FILTER (WHERE …)`.
    pub filter: Option<Expr>,
    /// `OVER`.
    pub over: Option<Over>,
}

/// The arguments of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arguments {
    /// Not even parentheses, as of `CURRENT_DATE`.
    Keyword,
    /// `*`
    All,
    /// A list, which may be empty.
    List {
        /// `DISTINCT`.
        distinct: bool,
        /// The arguments.
        list: Vec<Expr>,
        /// `ORDER BY`, of an aggregate.
        order_by: Vec<Order>,
    },
}

/// The window of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    /// By its name in `WINDOW`.
    Name(Name),
    /// As it is.
    Window(Window),
}

/// A window: `(base PARTITION BY … ORDER BY … frame)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The window that it goes on from.
    pub base: Option<Name>,
    /// `PARTITION BY`.
    pub partition_by: Vec<Expr>,
    /// `ORDER BY`.
    pub order_by: Vec<Order>,
    /// Which rows of it.
    pub frame: Option<Frame>,
}

/// The rows of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What is counted.
    pub units: FrameUnits,
    /// From where.
    pub start: Bound,
    /// Up to where; without, up to the current row.
    pub end: Option<Bound>,
}

operators! {
    /// What is counted in a frame.
    FrameUnits:
    Rows = "ROWS",
    Range = "RANGE",
    Groups = "GROUPS",
}

/// An end of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `CURRENT ROW`
    CurrentRow,
    /// `… PRECEDING`, or `UNBOUNDED PRECEDING`.
    Preceding(Option<Box<Expr>>),
    /// `… FOLLOWING`, or `UNBOUNDED FOLLOWING`.
    Following(Option<Box<Expr>>),
}
