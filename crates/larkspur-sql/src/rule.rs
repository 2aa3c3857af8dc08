//! The rules that a text can break.

use std::fmt;

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// A rule that a text can break. Its [code](Self::code) stands in the `code` of a [`Violation`](larkspur_output::Violation).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $name,)*
        }

        impl Rule {
            /// All rules, in the order in which they are looked at.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name that never changes.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

rules! {
    /// More bytes than the policy allows.
    TooLong = "too-long",
    /// A character that no SQL holds, a quote that is not closed, NUL.
    BadText = "bad-text",
    /// A comment.
    Comment = "comment",
    /// Parentheses, prefixes or queries within one another, deeper than the policy allows.
    TooDeep = "too-deep",
    /// More operators in one chain than the policy allows.
    TooManyOperators = "too-many-operators",
    /// No statement, or more than one.
    OneStatement = "one-statement",
    /// Anything but a query that only reads: another statement, also within a `WITH`; `INTO`; a locking clause.
    ReadOnly = "read-only",
    /// The text cannot be read as SQL.
    Syntax = "syntax",
    /// SQL that SQLite does not have, or that the guard does not judge.
    Unsupported = "unsupported",
    /// `WITH`, a query within a query, a set operation or a window that the policy does not allow.
    Forbidden = "forbidden",
    /// A common table expression that reads itself.
    Recursion = "recursion",
    /// A common table expression with the name of a table.
    Shadowing = "shadowing",
    /// A table that does not exist or is not to be seen.
    UnknownTable = "unknown-table",
    /// A column that does not exist or is not to be seen.
    UnknownColumn = "unknown-column",
    /// `*` or `NATURAL` over a table of which a part is not to be seen.
    HiddenColumns = "hidden-columns",
    /// A function that the policy does not allow.
    Function = "function",
    /// A parameter, which the policy does not allow.
    Parameter = "parameter",
    /// More joins than the policy allows.
    TooManyJoins = "too-many-joins",
    /// Tables side by side that no condition joins.
    CartesianProduct = "cartesian-product",
    /// An operand of `OR` that reads no column.
    ConstantCondition = "constant-condition",
    /// A `LIMIT` that is missing, too large, or no plain number.
    Limit = "limit",
    /// The database itself does not prepare the text.
    Database = "database",
    /// The database's authorizer was asked for something that the policy does not allow.
    Authorizer = "authorizer",
    /// The database could not run the text: a value cannot be computed or is too large, or it takes too long.
    Run = "run",
}

impl Rule {
    /// The rule with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.code() == code)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
