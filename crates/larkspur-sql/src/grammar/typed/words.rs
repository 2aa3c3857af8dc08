//! What the queries of all tables have in common, by type.

use larkspur_grammar::grammar::Expr;

use super::{
    super::{
        Words,
        common::{one_of, up_to},
    },
    kinds::{Kind, Of},
};
use crate::Policy;

/// Lexemes of all tables. A lexeme that several rules use is one terminal, for two that match the same text at the same place would be two
/// readings.
pub(super) struct Common {
    pub(super) number: Expr,
    pub(super) text: Expr,
    pub(super) date: Expr,
    pub(super) stamp: Expr,
    pub(super) comparison: Expr,
    /// `=` and `<>`.
    pub(super) equality: Expr,
    pub(super) arithmetic: Expr,
    pub(super) null: Expr,
    pub(super) truth: Expr,
    pub(super) between: Expr,
    pub(super) within: Expr,
    pub(super) like: Expr,
    pub(super) alias: Expr,
    pub(super) direction: Expr,
    pub(super) junction: Expr,
    pub(super) join: Expr,
    pub(super) set_operation: Expr,
    pub(super) digit: Expr,
    /// What closes a `CAST` to numbers.
    pub(super) number_type: Expr,
    pub(super) limit: Expr,
    /// Those of each type, where the policy allows parameters.
    pub(super) parameters: Of<Option<Expr>>,
    pub(super) calls: Calls,
}

/// What calls begin with, where the policy allows them.
pub(super) struct Calls {
    pub(super) of_text: Option<Expr>,
    pub(super) length: Option<Expr>,
    pub(super) substr: Option<Expr>,
    pub(super) round: Option<Expr>,
    pub(super) abs: Option<Expr>,
    pub(super) coalesce: Option<Expr>,
    pub(super) extract: Option<Expr>,
    pub(super) truncate: Option<Expr>,
    pub(super) sums: Option<Expr>,
    pub(super) extremes: Option<Expr>,
    pub(super) count: Option<Expr>,
    pub(super) count_all: Option<Expr>,
    pub(super) ranks: Option<Expr>,
    pub(super) neighbours: Option<Expr>,
    /// Whether aggregates may be those of windows.
    pub(super) windows: bool,
}

/// Days that there are: PostgreSQL refuses others.
const DAY: &str = concat!(
    "((19|20)[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)",
    "|02-(0[1-9]|1[0-9]|2[0-8]))|((19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)"
);

impl Common {
    pub(super) fn define(words: &mut Words, policy: &Policy) -> Self {
        let most = policy.limit.map(|limit| up_to(limit.max));
        let rows = words.regex("ROWS", most.as_deref().unwrap_or("[0-9]{1,9}"));
        let skipped = words.regex("SKIPPED", "[0-9]{1,9}");
        let offset = Expr::seq([words.text(" OFFSET "), skipped]).optional();
        let limit = Expr::seq([words.text(" LIMIT "), rows, offset]);
        let limit = words.rule("limit", limit);
        let alias = words.regex("ALIAS", "[a-z][a-z0-9]{0,20}_[a-z0-9]{1,20}");
        let alias = Expr::seq([words.text(" AS "), alias]).optional();
        let calls = Calls::define(words, policy);
        let parameters = Of::each(|kind| {
            let numbers = parameters(kind);
            let name = format!("PARAMETER_{}", kind.name().to_ascii_uppercase());
            policy.parameters.then(|| words.regex(&name, numbers))
        });
        let mut one_of = |name: &str, of: &[&str]| one_of(words, name, of);
        let sets = [" UNION ", " UNION ALL ", " INTERSECT ", " EXCEPT "];
        Self {
            number_type: one_of(
                "NUMBER_TYPE",
                &[" AS INTEGER)", " AS NUMERIC)", " AS DOUBLE PRECISION)"],
            ),
            comparison: one_of("COMPARISON", &[" = ", " <> ", " <= ", " >= ", " < ", " > "]),
            equality: one_of("EQUALITY", &[" = ", " <> "]),
            arithmetic: one_of("ARITHMETIC", &[" + ", " - ", " * ", " / "]),
            null: one_of("NULL", &[" IS NULL", " IS NOT NULL"]),
            truth: one_of(
                "TRUTH",
                &[" IS TRUE", " IS FALSE", " IS NOT TRUE", " IS NOT FALSE"],
            ),
            between: one_of("BETWEEN", &[" BETWEEN ", " NOT BETWEEN "]),
            within: one_of("IN", &[" IN (", " NOT IN ("]),
            like: one_of("LIKE", &likes(policy)),
            direction: one_of("DIRECTION", &[" ASC", " DESC"]),
            junction: one_of("JUNCTION", &[" AND ", " OR "]),
            join: one_of("JOIN", &[" JOIN ", " LEFT JOIN "]),
            set_operation: one_of("SET_OPERATION", &sets),
            number: words.regex("NUMBER", r"-?[0-9]{1,15}(\.[0-9]{1,9})?"),
            text: words.regex("TEXT", r"'([^'\\\x00-\x1f\x7f]|''){0,200}'"),
            date: words.regex("DATE", &format!("'{DAY}'")),
            stamp: words.regex(
                "STAMP",
                &format!("'{DAY}( ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])?'"),
            ),
            digit: words.regex("DIGIT", "[0-9]"),
            alias,
            limit,
            parameters,
            calls,
        }
    }
}

/// The parameters of a type: each has one type in a whole text.
const fn parameters(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => r"\$[1-3]",
        Kind::Number => r"\$[4-6]",
        Kind::Date => r"\$[78]",
        Kind::Stamp => r"\$9",
    }
}

impl Calls {
    fn define(words: &mut Words, policy: &Policy) -> Self {
        let mut begin = Beginnings { words, policy };
        let units = ["year", "quarter", "month", "week", "day", "dow"];
        let cut_to = ["year", "month", "week", "day"];
        Self {
            of_text: begin.any("TEXT_FUNCTION", &["lower", "upper", "trim"]),
            ranks: begin.of_windows("RANK", &["row_number", "rank", "dense_rank"]),
            neighbours: begin.of_windows("NEIGHBOUR", &["lag", "lead", "first_value"]),
            sums: begin.any("SUMS", &["sum", "avg"]),
            extremes: begin.any("EXTREME", &["min", "max"]),
            count: begin.one("count"),
            count_all: begin.count_all(),
            length: begin.one("length"),
            substr: begin.one("substr"),
            round: begin.one("round"),
            abs: begin.one("abs"),
            coalesce: begin.one("coalesce"),
            extract: begin.with_field("EXTRACT", "extract", &units, ["", " FROM "]),
            truncate: begin.with_field("TRUNCATE", "date_trunc", &cut_to, ["'", "', "]),
            windows: policy.window_functions,
        }
    }
}

/// Makes the beginnings of calls; nothing where the policy does not allow the functions.
struct Beginnings<'a> {
    words: &'a mut Words,
    policy: &'a Policy,
}

impl Beginnings<'_> {
    fn one(&mut self, function: &str) -> Option<Expr> {
        let is_allowed = self.policy.allows_function(function);
        is_allowed.then(|| self.words.text(&format!("{function}(")))
    }

    /// One terminal of them all.
    fn any(&mut self, name: &str, functions: &[&str]) -> Option<Expr> {
        let allowed = functions
            .iter()
            .filter(|function| self.policy.allows_function(function));
        let begin: Vec<String> = allowed.map(|function| format!("{function}(")).collect();
        self.words.one_of(name, &begin)
    }

    fn of_windows(&mut self, name: &str, functions: &[&str]) -> Option<Expr> {
        let are_allowed = self.policy.window_functions;
        self.any(name, if are_allowed { functions } else { &[] })
    }

    /// `count(*)`, whole.
    fn count_all(&mut self) -> Option<Expr> {
        let count = self.one("count")?;
        let parts = [count, self.words.text("*"), self.words.text(")")];
        Some(self.words.rule("count_all", Expr::seq(parts)))
    }

    /// With each of these fields behind the bracket, between these texts.
    fn with_field(
        &mut self,
        name: &str,
        function: &str,
        fields: &[&str],
        [before, behind]: [&str; 2],
    ) -> Option<Expr> {
        if !self.policy.allows_function(function) {
            return None;
        }
        let begin = |field: &&str| format!("{function}({before}{field}{behind}");
        let begin: Vec<String> = fields.iter().map(begin).collect();
        self.words.one_of(name, &begin)
    }
}

/// Those that the policy allows.
fn likes(policy: &Policy) -> Vec<&'static str> {
    let all = [
        ("like", [" LIKE ", " NOT LIKE "]),
        ("ilike", [" ILIKE ", " NOT ILIKE "]),
    ];
    let allowed = all
        .into_iter()
        .filter(|(name, _)| policy.allows_function(name));
    allowed.flat_map(|(_, texts)| texts).collect()
}
