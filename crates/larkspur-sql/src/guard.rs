//! Whether a SQL text may be run, by the policy alone.

mod dialect;
mod expr;
mod from;
mod joined;
mod lex;
mod limit;
pub(crate) mod measure;
mod parse;
mod query;
mod scope;
mod tree;
mod walk;

use std::{fmt, sync::Arc, thread};

use larkspur_json::Span;
use larkspur_output::{Rejection, Violation};
use sqlparser::tokenizer::TokenWithSpan;

use self::{
    measure::{Measured, TooDeep},
    walk::Walk,
};
use crate::{
    Catalog, Dialect, Policy, Rule, Visibility,
    tree::{Literal, Statement},
};

/// The most stack that a caller is asked for: threads have at least two megabytes, unless told otherwise.
const ANY_STACK: usize = 1 << 20;

/// Whatever a policy allows: trees are cloned and dropped on the stack of whoever has them.
const MOST_NESTING: usize = 100;

/// The same for operators.
const MOST_OPERATORS: usize = 400;

/// Judges SQL texts by a catalog and a [`Policy`], whoever wrote them.
///
/// A text is cut as the database cuts it, measured before anything recurses over it, parsed by `sqlparser`, and its whole tree
/// walked: what the walk does not know is refused. All that is wrong is told at once. [`Sqlite::check`](crate::Sqlite::check)
/// adds the word of the database itself. Permissions of the database remain the boundary that holds when all else fails.
///
/// ```
/// use larkspur_sql::{Catalog, Column, Guard, Policy, Table};
///
/// let users = Table::new("users", [Column::new("id", "INTEGER"), Column::new("password", "TEXT")]);
/// let policy = Policy::from_json(r#"{"exclude": ["*.password"]}"#)?;
/// let guard = Guard::new(&Catalog::new([users]), policy);
///
/// let query = guard.check("SELECT id FROM users")?;
/// assert_eq!(query.sql(), "SELECT id FROM users");
///
/// let rejection = guard.check("SELECT password, load_extension('x') FROM users").unwrap_err();
/// let codes: Vec<_> = rejection.violations().iter().filter_map(|violation| violation.code).collect();
/// assert_eq!(codes, ["unknown-column", "function"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Guard(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    visible: Catalog,
    policy: Policy,
    visibility: Visibility,
}

/// A SQL text that a guard has passed. Cheap to clone.
///
/// It can be made in no other way, so a function that takes one cannot be given a text that nobody looked at.
#[derive(Clone)]
pub struct Query {
    passed: Arc<Passed>,
    /// What parameters are, by their names.
    values: Vec<(String, Literal)>,
}

struct Passed {
    sql: Box<str>,
    statement: Statement,
}

impl Query {
    fn new(sql: impl Into<Box<str>>, statement: Statement) -> Self {
        let sql = sql.into();
        Self {
            passed: Arc::new(Passed { sql, statement }),
            values: Vec::new(),
        }
    }

    /// A text that nobody looked at, to see what holds without a guard.
    #[cfg(all(test, any(feature = "postgres", feature = "sqlite")))]
    pub(crate) fn unjudged(sql: &str) -> Self {
        let nothing = Statement {
            with: Vec::new(),
            recursive: false,
            body: crate::tree::Body::Values(Vec::new()),
            compound: Vec::new(),
            order_by: Vec::new(),
            limit: None,
        };
        Self::new(sql, nothing)
    }

    /// The text to run: the text that was checked, with a `LIMIT` where the policy adds one.
    pub fn sql(&self) -> &str {
        &self.passed.sql
    }

    /// The text as a [tree](crate::tree), with that `LIMIT`.
    pub fn statement(&self) -> &Statement {
        &self.passed.statement
    }

    /// Gives a parameter its value, for a run. It is named as in the text, with its first character; those that are only `?` are `?1`, `?2`
    /// and so on, as SQLite counts them.
    ///
    /// The text stays as it is: whatever a value says, SQLite reads none of it as SQL. A [policy](Policy::parameters) must allow parameters.
    ///
    #[cfg_attr(feature = "sqlite", doc = "```")]
    #[cfg_attr(not(feature = "sqlite"), doc = "```ignore")]
    /// use larkspur_sql::{Policy, RunLimits, Sqlite};
    ///
    /// let ddl = "CREATE TABLE customer (name TEXT, country TEXT); INSERT INTO customer VALUES ('Ada', 'UK'), ('Bo', NULL)";
    /// let db = Sqlite::from_ddl(ddl)?.policy(Policy::from_json(r#"{"parameters": true}"#)?)?;
    ///
    /// let query = db.check("SELECT name FROM customer WHERE country = :country")?;
    /// let names: Vec<String> = db.run(&query.clone().bind(":country", "UK"), &RunLimits::default())?.read()?;
    /// assert_eq!(names, ["Ada"]);
    /// assert!(db.run(&query, &RunLimits::default()).unwrap_err().is_unbound());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bind(mut self, parameter: impl Into<String>, value: impl Into<Literal>) -> Self {
        let (parameter, value) = (parameter.into(), value.into());
        self.values.retain(|(name, _)| *name != parameter);
        self.values.push((parameter, value));
        self
    }

    /// What a parameter is.
    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    pub(crate) fn value_of(&self, parameter: &str) -> Option<&Literal> {
        let mut values = self.values.iter();
        values.find_map(|(name, value)| (name == parameter).then_some(value))
    }
}

/// Of the same text, with the same values.
impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.sql() == other.sql() && self.values == other.values
    }
}

impl Eq for Query {}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sql())
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Query").field(&self.sql()).finish()
    }
}

impl Guard {
    /// A guard for a database with this catalog, of which the policy shows a part.
    pub fn new(catalog: &Catalog, policy: Policy) -> Self {
        let visibility = policy.visibility();
        let visible = catalog.visible(&visibility);
        let policy = policy.on(catalog.dialect());
        Self(Arc::new(Inner {
            visible,
            policy,
            visibility,
        }))
    }

    /// What the policy shows of a table that is not known.
    fn visibility(&self) -> &Visibility {
        &self.0.visibility
    }

    /// What the policy shows of the database.
    pub fn catalog(&self) -> &Catalog {
        &self.0.visible
    }

    /// Whose SQL it judges: that of the catalog.
    pub fn dialect(&self) -> Dialect {
        self.0.visible.dialect()
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.0.policy
    }

    /// Judges a text.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the text.
    pub fn check(&self, sql: &str) -> Result<Query, Rejection> {
        let (found, passed) = self.judge(sql);
        match passed {
            Some(query) if found.is_empty() => Ok(query),
            _ => Err(Rejection::new(sql, found)),
        }
    }

    /// What is wrong with a text, or what there is to run.
    fn judge(&self, sql: &str) -> (Vec<Violation>, Option<Query>) {
        let policy = self.policy();
        if sql.len() > policy.max_bytes {
            let message = format!(
                "the text has {} bytes, {} are allowed",
                sql.len(),
                policy.max_bytes
            );
            return (
                vec![violation(
                    Rule::TooLong,
                    Span::new(policy.max_bytes, sql.len()),
                    message,
                )],
                None,
            );
        }
        let lexed = lex::lex(sql, self.dialect());
        let mut found: Vec<Violation> = lexed
            .faults
            .iter()
            .map(|(span, why)| violation(Rule::BadText, *span, *why))
            .collect();
        found.extend(sql.find('\0').map(|at| {
            violation(
                Rule::BadText,
                Span::new(at, at + 1),
                "the text holds the character NUL, where the database stops to read",
            )
        }));
        if !policy.comments {
            found.extend(lexed.comments.iter().map(|span| {
                violation(Rule::Comment, *span, "the text has a comment").hint("leave comments out")
            }));
        }
        let nesting = policy.max_nesting.min(MOST_NESTING);
        let operators = policy.max_operators.min(MOST_OPERATORS);
        let measured = measure::measure(&lexed.lexemes, nesting, operators);
        if let Some(too_deep) = measured.too_deep {
            found.push(of_depth(too_deep, nesting, operators));
            return (found, None);
        }
        let (more, passed) = self.walked(sql, lexed.lexemes, measured);
        found.extend(more);
        (found, passed)
    }

    /// Parses and walks the text, on a stack of its own where it is deep: the caller's may be small.
    fn walked(
        &self,
        sql: &str,
        lexemes: Vec<TokenWithSpan>,
        measured: Measured,
    ) -> (Vec<Violation>, Option<Query>) {
        let walk = move || {
            let mut walk = Walk::new(self, sql);
            let statement = parse::each_statement(sql, lexemes, &mut walk);
            let passed =
                statement.map(|statement| self.passed(sql, statement, walk.limit_missing()));
            (walk.found(), passed)
        };
        let stack = measured.stack();
        if stack <= ANY_STACK {
            return walk();
        }
        let on_its_own = thread::scope(|scope| {
            let handle = thread::Builder::new()
                .stack_size(stack)
                .spawn_scoped(scope, walk);
            handle.ok()?.join().ok()
        });
        on_its_own.unwrap_or_else(|| {
            let message = "there is no room to read a text that is so deep";
            (
                vec![violation(Rule::TooDeep, Span::new(0, sql.len()), message)],
                None,
            )
        })
    }
}

impl Guard {
    /// With a `LIMIT` where it is missing.
    fn passed(&self, sql: &str, mut statement: Statement, missing: Option<usize>) -> Query {
        match (missing, self.policy().limit) {
            (Some(end), Some(rule)) => {
                statement.set_limit(rule.max, 0);
                Query::new(limit::added(sql, end, rule), statement)
            }
            _ => Query::new(sql, statement),
        }
    }
}

fn of_depth(too_deep: TooDeep, nesting: usize, operators: usize) -> Violation {
    match too_deep {
        TooDeep::Nesting(span) => violation(
            Rule::TooDeep,
            span,
            format!("more than {nesting} parentheses, prefixes and CASE stand within one another"),
        ),
        TooDeep::Operators(span) => violation(
            Rule::TooManyOperators,
            span,
            format!("more than {operators} operators stand in one chain"),
        )
        .hint("`IN (…)` says many comparisons as one"),
    }
}

fn violation(rule: Rule, span: Span, message: impl Into<String>) -> Violation {
    Violation::new(message).code(rule.code()).within(span)
}

/// A piece of a text as a message shows it: on one line, cut to a bounded length.
fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = text
        .chars()
        .take(MOST)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}
