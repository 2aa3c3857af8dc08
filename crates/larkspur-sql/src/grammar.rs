//! A grammar of the queries that a database can answer.

mod common;
mod fit;
#[cfg(feature = "guard")]
mod output;
mod query;
mod receipt;
mod relaxed;
mod relevance;
mod scope;
mod search;
mod single;
mod sources;
mod spelling;
mod steps;
mod table;
mod typed;

use std::{fmt, sync::OnceLock};

use larkspur_grammar::{
    Grammar, GrammarBuilder, Semantics,
    grammar::{BuildError, Expr, Pattern, RegexPattern, RuleId},
};

use self::common::Common;
use self::fit::Fitted;
pub use self::{receipt::Receipt, spelling::Columns};
use crate::{Catalog, Dialect, LimitRule, MissingLimit, Policy};

/// A grammar of `SELECT` statements over a catalog: its sentences name only tables and columns that there are, join tables
/// only along foreign keys, and call only functions that the policy allows.
///
/// It covers columns, arithmetic, scalar functions, `CASE`, `CAST`, aggregates, windows and `DISTINCT`; joins of as many tables as
/// [`max_tables`](Self::max_tables) says, also of a table with itself; `WHERE` with comparisons, `BETWEEN`, `LIKE`, `IN`, `IS NULL`,
/// `AND`, `OR`, `NOT` and parentheses; `GROUP BY`, `HAVING`, `ORDER BY`, a bounded `LIMIT` and `OFFSET`; queries in comparisons, in `IN`, in
/// `EXISTS` along a key, among what is selected, in `FROM` and in `WITH`, as deep as [`max_depth`](Self::max_depth) says; up to three queries in
/// one `WITH`, each of which may read the one before; `UNION`, `INTERSECT` and `EXCEPT` of up to three columns, or of all of a table. What the policy forbids of it is left out; parameters (`:name`, wherever a literal may stand) are there if it
/// allows them. A column stands behind the name of its table, or alone where [it can](Columns); a
/// table that stands there a second time is called as it is with `_2` behind it, the queries in a `FROM` or `WITH` are `step1` to `step3`, and their
/// columns `c1` to `c3`. Whatever a sentence says, the database prepares it on that schema, and the guard passes it; but no grammar counts the
/// bytes and joins of a whole text, so that a policy which allows few of them can still refuse a long one.
///
/// For PostgreSQL, which converts nothing by itself, each value stands only where its type can, and what is selected is grouped, and behind
/// `DISTINCT` ordered, by its place (`GROUP BY 1, 2`). Columns whose values cannot be compared (`json`, arrays, types of extensions) are left out; a
/// query in a `FROM` or `WITH` gives a text or a number, and a number for it; set operations have one column, or two of a single table. A parameter
/// has one type there: `$1` to `$3` are texts, `$4` to `$6` numbers, `$7` and `$8` dates, `$9` is a time, and each stands where a value is held against
/// it. What can only fail on the data, such as a division by zero, still can.
///
/// As an output it is asked for with `extract_with(&select)`: the grammar is sent, and the value of an answer is a
/// [`Query`](crate::Query) that the guard has passed. One [of a database](crate::Sqlite::select) is also prepared there. Whatever
/// these refuse is a rejection, which the client sends back. An answer that is no sentence of the grammar and passes all the same
/// is an answer: not every server holds grammars.
///
/// ```
/// use larkspur_grammar::{Dialect, print};
/// use larkspur_sql::{Policy, SelectGrammar, Sqlite};
///
/// let db = Sqlite::from_ddl("CREATE TABLE album (title TEXT, year INTEGER)")?;
/// let select = SelectGrammar::new(db.catalog(), &Policy::default()).max_rows(100);
/// let lark = print::lark(&select.grammar()?, Dialect::openai());
/// assert!(lark.losses.is_empty());
/// assert!(lark.text.contains(r#""album.title""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SelectGrammar {
    catalog: Catalog,
    policy: Policy,
    joins: Joins,
    columns: Columns,
    names: Names,
    max_tables: usize,
    max_shapes: usize,
    max_depth: usize,
    max_bytes: usize,
    question: Option<String>,
    /// What became of it all, once it was asked for.
    fitted: OnceLock<Result<Fitted, GrammarError>>,
    /// Has the last word on an answer.
    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    database: Option<std::sync::Arc<dyn LastWord>>,
}

/// Which tables a query may join, and on what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Joins {
    /// Along foreign keys.
    #[default]
    Keys,
    /// Any tables: where columns are equal, or, if the policy allows cartesian products, on nothing. Ways along keys come first.
    Any,
}

/// Which names a query may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Names {
    /// Those of the catalog, each where it belongs.
    #[default]
    Known,
    /// Any identifier, as a table, a column or another name. Queries keep their shape, and what the policy says of it: one `SELECT`, the
    /// functions that it allows, how deep and how many, its `LIMIT`. Whether there is what a text names, whoever judges it must say; and where the
    /// policy allows no cartesian products, whether the columns that a join equates, which then stand behind names of tables, are those of
    /// the tables that it joins.
    Any,
}

/// A database that has the last word on a text.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) trait LastWord: fmt::Debug + Send + Sync {
    /// Judges a text, by a guard that allows no more than the database's own.
    fn judge(
        &self,
        guard: &crate::Guard,
        sql: &str,
    ) -> Result<crate::Query, larkspur_output::Rejection>;

    /// Runs what was judged.
    fn run(
        &self,
        query: &crate::Query,
        limits: &crate::RunLimits,
    ) -> Result<crate::Rows, crate::Error>;
}

/// No grammar can be made of a catalog.
#[derive(Clone, Debug)]
pub struct GrammarError(Kind);

#[derive(Clone, Debug)]
enum Kind {
    NoTables,
    TooLarge { bytes: usize, max: usize },
    Build(BuildError),
}

impl fmt::Display for GrammarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::NoTables => f.write_str("the catalog shows no table"),
            Kind::TooLarge { bytes, max } => write!(
                f,
                "the grammar of a single table takes {bytes} bytes, {max} are allowed"
            ),
            Kind::Build(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for GrammarError {}

impl SelectGrammar {
    /// The queries over what a catalog holds and a policy shows.
    pub fn new(catalog: &Catalog, policy: &Policy) -> Self {
        Self {
            catalog: catalog.visible(&policy.visibility()),
            policy: policy.clone().on(catalog.dialect()),
            joins: Joins::Keys,
            columns: Columns::Either,
            names: Names::Known,
            max_tables: 3,
            max_shapes: 60,
            max_depth: 1,
            max_bytes: 100_000,
            question: None,
            fitted: OnceLock::new(),
            #[cfg(any(feature = "postgres", feature = "sqlite"))]
            database: None,
        }
    }

    /// The queries of a database of which nothing is known: [any identifier](Names::Any) may be a name.
    ///
    /// An answer is judged by the policy alone. What its patterns hide is hidden under its own names; that a view shows it, nobody can know.
    ///
    /// ```
    /// use larkspur_grammar::{Dialect as Lark, print};
    /// use larkspur_output::{OutputType as _, Target};
    /// use larkspur_sql::{Dialect, Policy, SelectGrammar};
    ///
    /// let policy = Policy::from_json(r#"{"exclude": ["*.password"], "limit": {"max": 100}}"#)?;
    /// let select = SelectGrammar::relaxed(Dialect::Sqlite, &policy);
    /// assert!(print::lark(&select.grammar()?, Lark::openai()).losses.is_empty());
    ///
    /// # #[cfg(feature = "guard")] {
    /// let output = select.prepare(Target::openai())?;
    /// assert!(output.read("SELECT a.title FROM album AS a WHERE a.year > 1977").is_ok());
    /// assert!(output.read("SELECT password FROM users").is_err());
    /// assert!(output.read("DROP TABLE album").is_err());
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn relaxed(dialect: Dialect, policy: &Policy) -> Self {
        Self::new(&Catalog::unknown(dialect), policy).names(Names::Any)
    }

    /// The same for a database, which has the last word on an answer.
    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    pub(crate) fn of_database(guard: &crate::Guard, database: impl LastWord + 'static) -> Self {
        let mut select = Self::new(guard.catalog(), guard.policy());
        select.database = Some(std::sync::Arc::new(database));
        select
    }

    /// The database that has the last word, if there is one.
    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    pub(crate) fn database(&self) -> Option<std::sync::Arc<dyn LastWord>> {
        self.database.clone()
    }

    /// The most rows that a query may ask for; a query that says nothing is asked for so many, unless the policy refuses such.
    /// Default: as the policy has it, which a larger number does not change.
    pub fn max_rows(mut self, rows: u64) -> Self {
        let limit = self.policy.limit;
        let missing = limit.map_or(MissingLimit::Add, |limit| limit.missing);
        let max = limit.map_or(rows, |limit| limit.max.min(rows));
        self.policy.limit = Some(LimitRule { max, missing });
        self.refit()
    }

    /// Which tables a query may join. Default: along foreign keys.
    pub fn joins(mut self, joins: Joins) -> Self {
        self.joins = joins;
        self.refit()
    }

    /// How columns are written. Default: behind the name of their table, and alone where they can be.
    ///
    /// ```
    /// use larkspur_sql::{Columns, Sqlite};
    ///
    /// let db = Sqlite::from_ddl("CREATE TABLE album (title TEXT, year INTEGER)")?;
    /// let sizes = [Columns::Either, Columns::Bare, Columns::Qualified].map(|columns| {
    ///     let select = db.select().columns(columns);
    ///     select.receipt().ok().and_then(|receipt| receipt.bytes)
    /// });
    /// assert!(sizes[0] > sizes[1] && sizes[1] < sizes[2]);
    /// # Ok::<(), larkspur_sql::Error>(())
    /// ```
    pub fn columns(mut self, columns: Columns) -> Self {
        self.columns = columns;
        self.refit()
    }

    /// Which names there may be. Default: those of the catalog.
    ///
    /// With [any](Names::Any), the grammar is as small for the largest catalog, and an answer is judged by that catalog all the same.
    pub fn names(mut self, names: Names) -> Self {
        self.names = names;
        self.refit()
    }

    /// How many tables one `SELECT` may join. Default 3.
    pub fn max_tables(mut self, tables: usize) -> Self {
        self.max_tables = tables.max(1);
        self.refit()
    }

    /// How many sets of tables that are joined there may be; those of fewer tables come first. Default 60.
    pub fn max_shapes(mut self, shapes: usize) -> Self {
        self.max_shapes = shapes;
        self.refit()
    }

    /// How deep queries may stand within queries. Default 1; the policy may allow less. Each level makes the grammar larger.
    pub fn max_depth(mut self, depth: usize) -> Self {
        self.max_depth = depth;
        self.refit()
    }

    /// How many bytes the grammar may take as Lark; [`usize::MAX`] is no bound. Default 100,000; no server says how many it takes.
    ///
    /// What is too much is left out, as the [receipt](Self::receipt) says: columns [without the names of their tables](Self::columns), but where
    /// [a question is known](Self::about) only if that is enough, and otherwise tables that it has nothing to do with; then several queries in one
    /// `WITH`, then ways to join tables, then queries within queries, and then tables from the end.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self.refit()
    }

    /// The question that is asked, which tells what may be left out of a large catalog.
    ///
    /// Tables are ranked by the words of the question in their names and in those of their columns, and by those of the tables
    /// that keys relate to them. Endings of plurals are passed over.
    ///
    /// ```
    /// use larkspur_sql::Sqlite;
    ///
    /// let db = Sqlite::from_ddl("CREATE TABLE singer (name TEXT); CREATE TABLE stadium (city TEXT)")?;
    /// let select = db.select().about("In which cities are there stadiums?");
    /// // There is room for all of it.
    /// assert!(select.receipt()?.is_complete());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn about(mut self, question: impl Into<String>) -> Self {
        self.question = Some(question.into());
        self.refit()
    }

    /// What was left out, so that the grammar is no larger than it may be.
    ///
    /// # Errors
    /// As [`grammar`](Self::grammar).
    pub fn receipt(&self) -> Result<&Receipt, GrammarError> {
        self.fitted().map(|fitted| &fitted.receipt)
    }

    /// Builds the grammar.
    ///
    /// # Errors
    /// Where there is no table, or the grammar of a single table is larger than it may be.
    pub fn grammar(&self) -> Result<Grammar, GrammarError> {
        self.fitted().map(|fitted| fitted.grammar.clone())
    }

    /// Options have changed.
    fn refit(mut self) -> Self {
        self.fitted = OnceLock::new();
        self
    }

    /// How deep queries stand within queries: as deep as is wanted and the policy allows.
    fn depth(&self) -> usize {
        if self.policy.subqueries {
            let most = self.policy.max_query_depth.saturating_sub(1);
            self.max_depth.min(most)
        } else {
            0
        }
    }
}

/// The builder, and short ways to say what the rules are made of.
struct Words {
    builder: GrammarBuilder,
}

/// Blanks belong to the key words that they part: so the next lexeme says which way to go, and no lexeme begins another
/// that can stand at the same place.
impl Words {
    fn new() -> Self {
        Self {
            builder: GrammarBuilder::new(Semantics::Llguidance),
        }
    }

    /// The grammar of a start, of what it leads to: whether a table's aggregates are needed, say, its options do not tell.
    fn build(mut self, start: RuleId, body: Expr) -> Result<Grammar, GrammarError> {
        self.builder.define_rule(start, body);
        let built = self.builder.build_reachable(start);
        built.map_err(|error| GrammarError(Kind::Build(error)))
    }

    fn text(&mut self, text: &str) -> Expr {
        self.builder.literal(text)
    }

    /// A terminal that is one of these texts; nothing where there are none.
    fn one_of(&mut self, name: &str, texts: &[String]) -> Option<Expr> {
        if texts.is_empty() {
            return None;
        }
        let id = self.builder.terminal(name);
        let mut patterns: Vec<Pattern> = texts.iter().map(Pattern::literal).collect();
        let pattern = match patterns.pop() {
            Some(only) if patterns.is_empty() => only,
            last => Pattern::Alt(patterns.into_iter().chain(last).collect()),
        };
        self.builder.define_terminal(id, pattern);
        Some(Expr::terminal(id))
    }

    /// A terminal by its regex, which stands in this crate and is known to be one.
    fn regex(&mut self, name: &str, regex: &str) -> Expr {
        let id = self.builder.terminal(name);
        let pattern = match regex_syntax::parse(regex) {
            Ok(hir) => Pattern::Regex(RegexPattern::new(regex, "", hir)),
            Err(_) => Pattern::literal(regex),
        };
        self.builder.define_terminal(id, pattern);
        Expr::terminal(id)
    }

    fn rule(&mut self, name: &str, body: Expr) -> Expr {
        let id: RuleId = self.builder.rule(name);
        self.builder.define_rule(id, body);
        Expr::rule(id)
    }

    /// `first (", " more){0,n}`
    fn list(&mut self, item: &Expr, more: u32) -> Expr {
        let comma = self.text(", ");
        Expr::seq([
            item.clone(),
            Expr::seq([comma, item.clone()]).repeat(0, Some(more)),
        ])
    }
}
