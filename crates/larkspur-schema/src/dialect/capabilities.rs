//! What a table of a dialect is made of. Every field is a capability that code asks for.

use crate::vocabulary;

/// What becomes of a keyword, or of a format, on a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Support {
    /// It is taken, and the model is held to it.
    Taken,
    /// It is taken as far as the sentence says.
    Partly(&'static str),
    /// It is taken, and the model is not held to it.
    Ignored,
    /// Reports and documents differ on it, or say nothing.
    Disputed,
    /// The request is refused.
    Refused,
}

/// Keywords by what becomes of them.
#[derive(Debug)]
pub(crate) struct Keywords {
    pub(crate) taken: &'static [&'static str],
    /// With the condition under which they are taken.
    pub(crate) partly: &'static [(&'static str, &'static str)],
    pub(crate) ignored: &'static [&'static str],
    pub(crate) disputed: &'static [&'static str],
    /// All other keywords of JSON Schema.
    pub(crate) others: Support,
    /// Words that are no keywords.
    pub(crate) foreign: Support,
}

impl Keywords {
    pub(super) fn support(&self, keyword: &str) -> Support {
        if let Some((_, condition)) = self.partly.iter().find(|(name, _)| *name == keyword) {
            Support::Partly(condition)
        } else if self.taken.contains(&keyword) {
            Support::Taken
        } else if self.ignored.contains(&keyword) {
            Support::Ignored
        } else if self.disputed.contains(&keyword) {
            Support::Disputed
        } else if vocabulary::is_keyword(keyword) {
            self.others
        } else {
            self.foreign
        }
    }

    pub(super) fn takes_all(&self) -> bool {
        self.others == Support::Taken && self.partly.is_empty()
    }
}

/// Values of `format` by what becomes of them.
#[derive(Debug)]
pub(crate) struct Formats {
    /// `None` where any is taken.
    pub(crate) taken: Option<&'static [&'static str]>,
    pub(crate) others: Support,
    /// Any format of a number: `int32`, `double`.
    pub(crate) numbers: Support,
}

impl Formats {
    pub(super) fn support(&self, format: &str) -> Support {
        if self.taken.is_none_or(|taken| taken.contains(&format)) {
            Support::Taken
        } else {
            self.others
        }
    }
}

/// Sizes of one schema; `None` is no limit.
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
    /// Largest `minItems`.
    pub(crate) min_items: Option<u64>,
    /// Largest length of a string that the engine counts.
    pub(crate) length: Option<u64>,
}

impl Limits {
    pub(super) const NONE: Self = Self {
        properties: None,
        levels: None,
        enum_values: None,
        long_enum: None,
        characters: None,
        number_bound: None,
        min_items: None,
        length: None,
    };
}

/// Sizes of all schemas of a request together; `None` is no limit.
#[derive(Debug)]
pub(crate) struct Budgets {
    /// Strict tools.
    pub(crate) tools: Option<usize>,
    /// Properties that are not required.
    pub(crate) optional: Option<usize>,
    /// Properties with a union: an `anyOf` or a list of types.
    pub(crate) unions: Option<usize>,
}

impl Budgets {
    pub(super) const NONE: Self = Self {
        tools: None,
        optional: None,
        unions: None,
    };
}

/// Rules on the form of a schema.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a table of independent yes/no answers is what this is"
)]
pub(crate) struct Form {
    /// The root describes an object and is no union.
    pub(crate) root_object: bool,
    /// What `additionalProperties` may say.
    pub(crate) others: Others,
    /// What an object that says nothing of other properties is taken for.
    pub(crate) silence: Silence,
    /// Every property is in `required`.
    pub(crate) all_required: bool,
    /// The model writes the required properties before the others, whatever their order.
    pub(crate) required_first: bool,
    /// Every schema says what it is: a `type`, an `anyOf` or a `$ref`.
    pub(crate) typed: bool,
    /// Unless it lists its values, which say what they are.
    pub(crate) untyped_values: bool,
    /// `type` may be a list.
    pub(crate) type_lists: bool,
    /// The names of types are written in capitals.
    pub(crate) upper_types: bool,
    pub(crate) nulls: Nulls,
    pub(crate) refs: Refs,
    pub(crate) recursion: Recursion,
    pub(crate) tuples: Tuples,
    pub(crate) listed: Listed,
    pub(crate) unknown: Unknown,
    /// Branches of a union do not begin with the same key, unless it tells them apart.
    pub(crate) distinct_first_keys: bool,
    pub(crate) patterns: Patterns,
    pub(crate) name_patterns: NamePatterns,
    /// Lengths hold beside a `pattern` or a `format`.
    pub(crate) lengths_beside_patterns: bool,
    /// A length may be said by a pattern where the keyword is not taken.
    pub(crate) lengths_as_patterns: bool,
    /// Bounds hold for integers only.
    pub(crate) integer_bounds_only: bool,
    /// A number of properties may be said of objects with optional properties.
    pub(crate) counts_optional: bool,
}

impl Form {
    /// All of JSON Schema.
    pub(super) const FREE: Self = Self {
        root_object: false,
        others: Others::Any,
        silence: Silence::Open,
        all_required: false,
        required_first: false,
        typed: false,
        untyped_values: false,
        type_lists: true,
        upper_types: false,
        nulls: Nulls::Type,
        refs: Refs::Free,
        recursion: Recursion::Yes,
        tuples: Tuples::Any,
        listed: Listed::Any,
        unknown: Unknown::Open,
        distinct_first_keys: false,
        patterns: Patterns::Free,
        name_patterns: NamePatterns::Any,
        lengths_beside_patterns: true,
        lengths_as_patterns: false,
        integer_bounds_only: false,
        counts_optional: true,
    };
}

/// What `additionalProperties` may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// It is there and says `false`.
    Closed,
    /// It is not there, and there are no others.
    Unsaid,
    /// Anything.
    Any,
}

/// What an object that says nothing of other properties is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Silence {
    /// It is refused.
    Refused,
    /// There are no others.
    Closed,
    /// There may be others, as JSON Schema has it.
    Open,
}

/// How `null` is allowed beside something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// As one more type.
    Type,
    /// By `nullable: true`.
    Keyword,
}

/// What a `$ref` may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refs {
    /// There is none.
    None,
    /// Alone, leading to `#` or to a definition.
    Bare,
    /// Alone, leading to a definition, whose name becomes that of a rule: of letters, digits and hyphens.
    Named,
    /// Anywhere within the schema.
    Free,
}

impl Refs {
    /// Whether nothing stands beside a reference.
    pub(crate) fn are_alone(self) -> bool {
        matches!(self, Self::Bare | Self::Named)
    }

    /// Whether a reference may lead to what has this name; `#` has none.
    pub(crate) fn may_name(self, definition: &str) -> bool {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        self != Self::Named || (!definition.is_empty() && definition.bytes().all(is_plain))
    }
}

/// What a schema that contains itself may look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recursion {
    No,
    /// Only through a property that is not required.
    Optional,
    Yes,
}

/// Which tuples can be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tuples {
    No,
    /// Those of one length, by `prefixItems` alone.
    Fixed,
    Any,
}

/// What an `enum` or a `const` may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    /// Strings.
    Strings,
    /// Scalars of one type, and `null`.
    OneType,
    /// Scalars.
    Scalars,
    Any,
}

/// How a value of which nothing is known is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// Not at all: it is carried as JSON text.
    Text,
    /// By listing all types.
    Types,
    /// By an empty schema.
    Open,
}

/// Which patterns the engine takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patterns {
    /// Regular expressions in the strict sense: no look-around, no back-references, no word boundaries.
    Regular,
    /// Regular ones between `^` and `$`, without `\d`, `\w` and `\s`.
    Anchored,
    Free,
}

/// What objects may say of names that match a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamePatterns {
    No,
    /// One pattern, without properties and others.
    Alone,
    /// One pattern.
    One,
    Any,
}
