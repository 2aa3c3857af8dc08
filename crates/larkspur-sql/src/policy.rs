//! What a text may do, as data.

use std::{collections::BTreeSet, fmt};

use larkspur_json::{Position, Span};
use serde::Deserialize;

use crate::{Dialect, Visibility};

/// What SQL texts may do. The default reads everything, in every usual way, and changes nothing.
///
/// As JSON it is an object with the names of the fields, each of which may be left out:
///
/// ```
/// use larkspur_sql::Policy;
///
/// let policy = Policy::from_json(r#"{
///     "exclude": ["users.password", "audit_*"],
///     "max_joins": 3,
///     "limit": {"max": 100, "missing": "add"}
/// }"#)?;
/// assert_eq!(policy.max_joins, 3);
///
/// let error = Policy::from_json(r#"{"max_join": 3}"#).unwrap_err();
/// assert!(error.to_string().starts_with("unknown field `max_join`"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a rule of its own that is on or off"
)]
pub struct Policy {
    /// Only these tables and columns, as [patterns](crate::Pattern); where it is empty, all.
    pub include: Vec<crate::Pattern>,
    /// Not these tables and columns, also where they are included.
    pub exclude: Vec<crate::Pattern>,
    /// Schemas of PostgreSQL whose tables there are; of several with the same name the first. Where it is empty, those of the connection's
    /// own search path, as a rule `public`.
    pub schemas: Vec<String>,
    /// The functions that may be called, in lower case. Default: [`Functions::default`].
    pub functions: Functions,
    /// Functions that may be called besides those.
    pub more_functions: Functions,
    /// Bytes of a text. Default 64 KiB.
    pub max_bytes: usize,
    /// How deep parentheses, `CASE` and prefixes may nest. Default 48; more than 100 is as 100.
    pub max_nesting: usize,
    /// How many operators one expression may chain, and how many set operations a query. Default 200; more than 400 is as 400.
    pub max_operators: usize,
    /// Joins of a whole text, commas between tables among them. Default 16.
    pub max_joins: usize,
    /// How deep queries may stand within queries. Default 8.
    pub max_query_depth: usize,
    /// Comments, which can cut off what follows. Default no.
    pub comments: bool,
    /// `WITH`. Default yes.
    pub ctes: bool,
    /// A common table expression that reads itself and so may never end. Default no.
    pub recursion: bool,
    /// Queries within queries. Default yes.
    pub subqueries: bool,
    /// `UNION`, `EXCEPT`, `INTERSECT`. Default yes.
    pub set_operations: bool,
    /// `OVER`. Default yes.
    pub window_functions: bool,
    /// Tables side by side that no condition joins. Default yes.
    pub cartesian_products: bool,
    /// An operand of `OR` that reads no column, so that the whole condition means nothing (`x = 1 OR 1 = 1`). Default no.
    pub constant_conditions: bool,
    /// A name in double quotes that is no column, which SQLite takes as a text. Default yes.
    pub double_quoted_texts: bool,
    /// Parameters, such as `:name` and `?1`, which are [given their values](crate::Query::bind) before a run. Default no.
    pub parameters: bool,
    /// A bound on the rows that the text asks for. Default none: a run has a bound of its own.
    pub limit: Option<LimitRule>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            include: Vec::new(),
            exclude: Vec::new(),
            schemas: Vec::new(),
            functions: Functions::default(),
            more_functions: Functions::none(),
            max_bytes: 64 << 10,
            max_nesting: 48,
            max_operators: 200,
            max_joins: 16,
            max_query_depth: 8,
            comments: false,
            ctes: true,
            recursion: false,
            subqueries: true,
            set_operations: true,
            window_functions: true,
            cartesian_products: true,
            constant_conditions: false,
            double_quoted_texts: true,
            parameters: false,
            limit: None,
        }
    }
}

/// A bound on the rows that a text asks for in its outermost `LIMIT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LimitRule {
    /// Most rows. A text that asks for more is refused.
    pub max: u64,
    /// What happens to a text without a `LIMIT`.
    #[serde(default)]
    pub missing: MissingLimit,
}

impl LimitRule {
    /// At most `max` rows; added where a text says nothing.
    pub const fn new(max: u64) -> Self {
        Self {
            max,
            missing: MissingLimit::Add,
        }
    }
}

/// What happens to a text without a `LIMIT`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum MissingLimit {
    /// It gets one.
    #[default]
    Add,
    /// It is refused.
    Refuse,
}

/// Names of functions, in lower case.
///
/// By default those of the database that compute from their arguments and cannot make much out of little: not `printf`, `format`,
/// `randomblob`, `zeroblob`, `repeat` and `lpad`, which pad; not `load_extension`, `pg_read_file` and what else reads or writes files; nothing
/// that tells of the connection. Before a database is known, these are SQLite's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct Functions(Option<BTreeSet<String>>);

impl Functions {
    /// No function at all.
    pub const fn none() -> Self {
        Self(Some(BTreeSet::new()))
    }

    /// The default of a database.
    pub fn of(dialect: Dialect) -> Self {
        dialect.harmless().iter().copied().collect()
    }

    /// Whether a function may be called.
    pub fn contains(&self, name: &str) -> bool {
        let lower = name.to_ascii_lowercase();
        match &self.0 {
            Some(names) => names.contains(&lower),
            None => Dialect::Sqlite.harmless().contains(&lower.as_str()),
        }
    }

    /// Without these.
    #[cfg(feature = "guard")]
    pub(crate) fn without(mut self, names: &[String]) -> Self {
        if let Some(known) = &mut self.0 {
            known.retain(|known| !names.contains(known));
        }
        self
    }
}

impl<S: Into<String>> FromIterator<S> for Functions {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let names = names.into_iter();
        let names = names.map(|name| name.into().to_ascii_lowercase());
        Self(Some(names.collect()))
    }
}

impl From<Vec<String>> for Functions {
    fn from(names: Vec<String>) -> Self {
        names.into_iter().collect()
    }
}

impl Policy {
    /// Reads a policy from JSON.
    ///
    /// # Errors
    /// Where it is no JSON, has a key twice or one that no policy has, or a value of the wrong kind.
    pub fn from_json(json: &str) -> Result<Self, PolicyError> {
        let node = larkspur_json::parse(json)
            .map_err(|error| PolicyError::new(json, error.message(), Some(error.span())))?;
        if let Some(twice) = node.duplicate_keys().into_iter().next() {
            return Err(PolicyError::new(
                json,
                "a key stands twice in the same object",
                Some(twice.second),
            ));
        }
        if !matches!(node.kind, larkspur_json::Kind::Object(_)) {
            let message = "a policy is an object";
            return Err(PolicyError::new(json, message, Some(node.span)));
        }
        node.deserialize()
            .map_err(|error| PolicyError::new(json, error.message(), error.span()))
    }

    /// What the policy shows of a database.
    pub fn visibility(&self) -> Visibility {
        let mut visibility = Visibility::default();
        visibility.include.clone_from(&self.include);
        visibility.exclude.clone_from(&self.exclude);
        visibility
    }

    /// With the functions of a database, where it says none.
    pub(crate) fn on(mut self, dialect: Dialect) -> Self {
        if self.functions.0.is_none() {
            self.functions = Functions::of(dialect);
        }
        self
    }

    /// Whether a function may be called.
    pub fn allows_function(&self, name: &str) -> bool {
        self.functions.contains(name) || self.more_functions.contains(name)
    }
}

/// A text is no [`Policy`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    message: String,
    position: Option<Position>,
}

impl PolicyError {
    fn new(text: &str, message: impl Into<String>, span: Option<Span>) -> Self {
        Self {
            message: message.into(),
            position: span.map(|span| Position::of(text, span.start)),
        }
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where, if it is at a place.
    pub const fn position(&self) -> Option<Position> {
        self.position
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.position {
            Some(Position { line, column, .. }) => write!(f, " at line {line}, column {column}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PolicyError {}
