//! What a server accepts, as data.

mod openai;
mod plain;

/// The subset of JSON Schema that one server accepts, and what it says about the rest.
///
/// A dialect is a table, not code: lowering and checking ask it for capabilities and never for its name, so a new server
/// is a new table. Every figure in a table names the public document or report it was taken from.
///
/// ```
/// use larkspur_schema::Dialect;
///
/// let openai = Dialect::openai();
/// assert_eq!(openai.name(), "openai");
/// assert!(openai.accepts_format("date-time"));
/// assert!(!openai.accepts_format("uri"));
/// assert!(Dialect::named("plain").is_some());
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Dialect {
    /// Short name, as the command line takes it.
    pub(crate) name: &'static str,
    /// Where the table was taken from.
    pub(crate) source: &'static str,
    /// Which keywords may stand where; `None` where every keyword may.
    pub(crate) keywords: Option<Keywords>,
    /// Values of `format`; `None` where any may stand.
    pub(crate) formats: Option<&'static [&'static str]>,
    /// Sizes that are refused when they are exceeded.
    pub(crate) limits: Limits,
    /// Rules on the form of the schema.
    pub(crate) rules: Rules,
}

/// Keywords that may stand in a schema, by the type of value it describes.
#[derive(Debug)]
pub(crate) struct Keywords {
    /// Beside anything.
    pub(crate) any: &'static [&'static str],
    pub(crate) string: &'static [&'static str],
    /// Numbers and integers.
    pub(crate) number: &'static [&'static str],
    pub(crate) array: &'static [&'static str],
    pub(crate) object: &'static [&'static str],
    /// Refused by some models or at some time, and taken by others.
    pub(crate) disputed: &'static [&'static str],
}

/// Sizes; `None` is no limit.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Properties of all objects together.
    pub(crate) properties: Option<usize>,
    /// Objects and arrays inside one another, the root not counted.
    pub(crate) levels: Option<usize>,
    /// Values of all `enum`s together, `null` and repetitions counted.
    pub(crate) enum_values: Option<usize>,
    /// A string `enum` with more values than the first figure has at most the second in characters.
    pub(crate) long_enum: Option<(usize, usize)>,
    /// Characters of all property names, definition names, enum values and consts together.
    pub(crate) characters: Option<usize>,
    /// Largest integer, either sign, that a bound may hold.
    pub(crate) number_bound: Option<u64>,
}

/// Rules on the form of a schema. Each is a capability that the server lacks.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a table of independent yes/no answers is what this is"
)]
pub(crate) struct Rules {
    /// The root describes an object and is no union.
    pub(crate) root_object: bool,
    /// `additionalProperties` is there and `false`.
    pub(crate) closed_objects: bool,
    /// Every property is in `required`.
    pub(crate) all_required: bool,
    /// Every schema says what it is: a `type`, an `anyOf` or a `$ref`.
    pub(crate) typed: bool,
    /// A `$ref` stands alone and leads to `#` or `#/$defs/NAME`.
    pub(crate) bare_refs: bool,
    /// Branches of a union do not begin with the same key, unless it tells them apart.
    pub(crate) distinct_first_keys: bool,
    /// `pattern` knows no look-around and no back-references.
    pub(crate) regular_patterns: bool,
}

static ALL: [Dialect; 2] = [openai::OPENAI, plain::PLAIN];

impl Dialect {
    /// Structured Outputs of the OpenAI API: `strict: true` in a response format or a function tool.
    pub fn openai() -> &'static Self {
        static OPENAI: Dialect = openai::OPENAI;
        &OPENAI
    }

    /// JSON Schema as it is: everything is accepted and lowering changes nothing.
    ///
    /// For servers that take any schema and for use without a server.
    pub fn plain() -> &'static Self {
        static PLAIN: Dialect = plain::PLAIN;
        &PLAIN
    }

    /// The dialect with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|dialect| dialect.name == name)
    }

    /// Every dialect there is.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// Short name, as the command line takes it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The public documents that the table was taken from.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Whether the server takes this value of `format`.
    pub fn accepts_format(&self, format: &str) -> bool {
        self.formats.is_none_or(|formats| formats.contains(&format))
    }

    /// Whether the server takes a keyword in the schema of a value of this type.
    pub(crate) fn accepts(&self, kind: &str, keyword: &str) -> bool {
        let Some(keywords) = &self.keywords else {
            return true;
        };
        let of_type = match kind {
            "string" => keywords.string,
            "number" | "integer" => keywords.number,
            "array" => keywords.array,
            "object" => keywords.object,
            _ => &[],
        };
        keywords.any.contains(&keyword) || of_type.contains(&keyword)
    }

    /// Whether reports differ on whether the server takes a keyword.
    pub(crate) fn is_disputed(&self, keyword: &str) -> bool {
        self.keywords
            .as_ref()
            .is_some_and(|keywords| keywords.disputed.contains(&keyword))
    }

    /// Whether the server takes any schema, so that there is nothing to lower.
    pub(crate) fn accepts_everything(&self) -> bool {
        self.keywords.is_none()
    }
}
