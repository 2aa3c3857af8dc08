//! What the queries of all tables have in common.

use larkspur_grammar::grammar::Expr;

use super::Words;
use crate::{Dialect, Policy};

/// Lexemes and rules of all tables. A lexeme that several rules use is one terminal, for two that match the same text at the
/// same place would be two readings.
pub(super) struct Common {
    pub(super) number: Expr,
    pub(super) text: Expr,
    pub(super) literal: Expr,
    pub(super) comparison: Expr,
    pub(super) arithmetic: Expr,
    pub(super) null: Expr,
    pub(super) between: Expr,
    pub(super) within: Expr,
    pub(super) alias: Expr,
    pub(super) direction: Expr,
    pub(super) limit: Expr,
    pub(super) cast_type: Expr,
    pub(super) set_operation: Expr,
    pub(super) join: Expr,
    /// `AND` and `OR`.
    pub(super) junction: Expr,
    pub(super) digit: Expr,
    pub(super) functions: Functions,
}

/// What calls begin with, where the policy allows them.
pub(super) struct Functions {
    pub(super) of_text: Option<Expr>,
    pub(super) sums: Option<Expr>,
    pub(super) extremes: Option<Expr>,
    /// Functions of windows without arguments, and with one.
    pub(super) ranks: Option<Expr>,
    pub(super) neighbours: Option<Expr>,
    /// `count(*)`.
    pub(super) count_all: Option<Expr>,
    /// `LIKE`, which is a function to SQLite.
    pub(super) like: Option<Expr>,
}

impl Common {
    pub(super) fn define(
        words: &mut Words,
        policy: &Policy,
        dialect: Dialect,
        joins: bool,
    ) -> Self {
        let number = words.regex("NUMBER", r"-?[0-9]{1,15}(\.[0-9]{1,9})?");
        let text = words.regex("TEXT", r"'([^'\x00-\x1f\x7f]|''){0,200}'");
        let parameter = policy
            .parameters
            .then(|| words.regex("PARAMETER", dialect.parameters()));
        let literals = [number.clone(), text.clone()].into_iter().chain(parameter);
        let literal = words.rule("literal", Expr::alt(literals));
        // Key words of SQLite have no underscore, so none can be an alias by chance.
        let alias = words.regex("ALIAS", "[a-z][a-z0-9]{0,20}_[a-z0-9]{1,20}");
        let most = policy.limit.map(|limit| up_to(limit.max));
        let rows = words.regex("ROWS", most.as_deref().unwrap_or("[0-9]{1,9}"));
        let skipped = words.regex("SKIPPED", "[0-9]{1,9}");
        let offset = Expr::seq([words.text(" OFFSET "), skipped]).optional();
        let limit = Expr::seq([words.text(" LIMIT "), rows, offset]);
        let limit = words.rule("limit", limit);
        let functions = Functions::define(words, policy);
        let mut one_of = |name: &str, of: &[&str]| one_of(words, name, of);
        let set_operations = [" UNION ", " UNION ALL ", " INTERSECT ", " EXCEPT "];
        let joined = [" JOIN ", " LEFT JOIN "];
        Self {
            comparison: one_of("COMPARISON", &[" = ", " <> ", " <= ", " >= ", " < ", " > "]),
            arithmetic: one_of("ARITHMETIC", &[" + ", " - ", " * ", " / ", " % "]),
            null: one_of("NULL", &[" IS NULL", " IS NOT NULL"]),
            between: one_of("BETWEEN", &[" BETWEEN ", " NOT BETWEEN "]),
            within: one_of("IN", &[" IN (", " NOT IN ("]),
            direction: one_of("DIRECTION", &[" ASC", " DESC"]),
            cast_type: one_of("TYPE", &["INTEGER", "REAL", "TEXT"]),
            set_operation: one_of(
                "SET_OPERATION",
                some(policy.set_operations, &set_operations),
            ),
            join: one_of("JOIN", some(joins, &joined)),
            junction: one_of("JUNCTION", &[" AND ", " OR "]),
            limit,
            alias: Expr::seq([words.text(" AS "), alias]).optional(),
            digit: words.regex("DIGIT", "[0-9]"),
            number,
            text,
            literal,
            functions,
        }
    }
}

impl Functions {
    fn define(words: &mut Words, policy: &Policy) -> Self {
        let calls = |names: &[&str]| {
            let allowed = names.iter().filter(|name| policy.allows_function(name));
            allowed.map(|name| format!("{name}(")).collect::<Vec<_>>()
        };
        let of_windows = |names: &[&str]| {
            let calls = policy.window_functions.then(|| calls(names));
            calls.unwrap_or_default()
        };
        let of_text = calls(&["lower", "upper", "trim", "length"]);
        Self {
            of_text: words.one_of("TEXT_FUNCTION", &of_text),
            sums: words.one_of("SUM", &calls(&["sum", "avg", "total"])),
            extremes: words.one_of("EXTREME", &calls(&["min", "max"])),
            ranks: words.one_of("RANK", &of_windows(&["row_number", "rank", "dense_rank"])),
            neighbours: words.one_of("NEIGHBOUR", &of_windows(&["lag", "lead", "first_value"])),
            count_all: policy.allows_function("count").then(|| {
                let parts = [words.text("count("), words.text("*"), words.text(")")];
                words.rule("count_all", Expr::seq(parts))
            }),
            like: policy
                .allows_function("like")
                .then(|| one_of(words, "LIKE", &[" LIKE ", " NOT LIKE "])),
        }
    }
}

/// These, or none of them.
fn some<'t>(wanted: bool, texts: &'t [&'t str]) -> &'t [&'t str] {
    if wanted { texts } else { &[] }
}

/// A terminal of these texts; nothing where there are none.
pub(super) fn one_of(words: &mut Words, name: &str, texts: &[&str]) -> Expr {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    words.one_of(name, &texts).unwrap_or(Expr::Empty)
}

/// A regex of the decimal numbers from 1 to `most`, without leading zeros; of 0 where `most` is 0.
pub(super) fn up_to(most: u64) -> String {
    let digits: Vec<char> = most.to_string().chars().collect();
    let mut ways = Vec::new();
    if digits.len() > 1 {
        ways.push(format!("[1-9][0-9]{{0,{}}}", digits.len() - 2));
    }
    for (place, digit) in digits.iter().enumerate() {
        let kept: String = digits.iter().take(place).collect();
        let lowest = if place == 0 { '1' } else { '0' };
        let rest = digits.len() - place - 1;
        if let Some(below) = char::from_u32(u32::from(*digit).saturating_sub(1))
            .filter(|below| *below >= lowest && *digit > '0')
        {
            ways.push(if rest == 0 {
                format!("{kept}[{lowest}-{below}]")
            } else {
                format!("{kept}[{lowest}-{below}][0-9]{{{rest}}}")
            });
        }
    }
    ways.push(most.to_string());
    ways.join("|")
}
