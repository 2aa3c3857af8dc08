//! The syntax tree of a Lark grammar: everything the author wrote, with its place.
//!
//! The tree holds what *any* of the dialects can say, templates, priorities, `%declare`, llguidance's attributes and
//! parameters included: whether one of them is allowed is asked later, of a dialect. Nodes keep numbers and escapes as they
//! are written, for the same reason.

use std::sync::Arc;

use crate::span::Span;

/// A whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct File {
    /// The text that was read.
    pub source: Arc<str>,
    /// Definitions and directives, in order.
    pub items: Vec<Item>,
    /// Comments, and line ends that a `\` hides, in order.
    pub trivia: Vec<Span>,
    /// Oddities of the layout that some dialects refuse.
    pub layout: Layout,
}

/// Places where the text is laid out in a way that some dialects refuse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Layout {
    /// `a->b`: llguidance takes the dash into the name.
    pub glued_arrows: Vec<Span>,
    /// A `\` at the end of a line joins it with the next one in Python's Lark.
    pub continuations: Vec<Span>,
    /// A comment line, or one of white space only, before a `|` that goes on: llguidance ends the rule there.
    pub split_rules: Vec<Span>,
    /// A directive that another item follows on the same line: only llguidance takes that.
    pub shared_lines: Vec<Span>,
    /// `%lark { … }` whose last rule ends with the brace and not with its line: llguidance refuses that.
    pub unended_blocks: Vec<Span>,
}

/// A definition or a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Item {
    /// From its first to its last character.
    pub span: Span,
    /// What it is.
    pub kind: ItemKind,
}

/// What an [`Item`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemKind {
    /// `name: …` or `NAME: …`.
    Definition(Definition),
    /// `%override name: …`: the definition takes the place of an imported one.
    Override(Definition),
    /// `%extend name: …`: the alternatives are added to those of an earlier definition.
    Extend(Definition),
    /// `%import …`.
    Import(Import),
    /// `%ignore …`.
    Ignore(Body),
    /// `%declare NAME …`: terminals that something else makes.
    Declare(Vec<Name>),
    /// `%llguidance { … }`, or xgrammar's `%grammar_options { … }`.
    Options {
        /// Which of them, with the sign.
        directive: String,
        /// The options.
        value: Json,
    },
    /// A directive that no dialect knows.
    Unknown(String),
    /// A text that could not be read.
    Error,
}

/// A name with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Name {
    /// The name, without modifiers.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// What the letters of a name say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameKind {
    /// Lower case.
    Rule,
    /// Upper case.
    Terminal,
    /// Both, or neither: no dialect has such names.
    Neither,
}

impl Name {
    /// Rule or terminal, by its letters: `_?[a-z][_a-z0-9-]*` or `_?[A-Z][_A-Z0-9-]*`.
    pub fn kind(&self) -> NameKind {
        let letters = self.text.strip_prefix('_').unwrap_or(&self.text);
        let all = |letter: fn(&char) -> bool| {
            letters.starts_with(|c| letter(&c))
                && letters
                    .chars()
                    .all(|c| letter(&c) || c.is_ascii_digit() || c == '_' || c == '-')
        };
        if all(char::is_ascii_lowercase) {
            NameKind::Rule
        } else if all(char::is_ascii_uppercase) {
            NameKind::Terminal
        } else {
            NameKind::Neither
        }
    }

    /// Whether it is a terminal's name.
    pub fn is_terminal(&self) -> bool {
        self.kind() == NameKind::Terminal
    }
}

/// `?name{a, b}.2[lazy]: …`
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Definition {
    /// `?` and `!` before the name.
    pub modifiers: Vec<(char, Span)>,
    /// The name.
    pub name: Name,
    /// `::_`: the rule has a parameter of 64 bits.
    pub parameter: Option<Span>,
    /// `{a, b}`: the rule is a template.
    pub template: Option<Template>,
    /// `.2`.
    pub priority: Option<Number>,
    /// `[capture, lazy, …]`.
    pub attributes: Vec<Attribute>,
    /// What it derives.
    pub body: Body,
}

impl Definition {
    /// Whether the definition bears a modifier.
    pub fn has_modifier(&self, sign: char) -> bool {
        self.modifiers.iter().any(|(modifier, _)| *modifier == sign)
    }

    /// The attribute with this name.
    pub fn attribute(&self, key: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| attribute.key.text == key)
    }
}

/// The parameters of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Template {
    /// With the braces.
    pub span: Span,
    /// Their names.
    pub parameters: Vec<Name>,
}

/// A number as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Number {
    /// Sign, digits, point, exponent; or `0x…`.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// `key` or `key=value` in the brackets behind a rule's name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attribute {
    /// With its value.
    pub span: Span,
    /// Its name.
    pub key: Name,
    /// What stands behind `=`.
    pub value: Option<AttributeValue>,
}

/// The value of an [`Attribute`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttributeValue {
    /// `max_tokens=5`.
    Number(Number),
    /// `suffix="x"`, `stop=/y/`.
    Atom(Atom),
}

/// Alternatives.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Body {
    /// From the first to the last alternative.
    pub span: Span,
    /// At least one.
    pub alternatives: Vec<Alternative>,
}

/// `a & b -> name %if condition`
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alternative {
    /// With alias and condition.
    pub span: Span,
    /// What `&` joins; one where there is none.
    pub conjuncts: Vec<Sequence>,
    /// `-> name`.
    pub alias: Option<Name>,
    /// `%if …`.
    pub condition: Option<Term>,
}

/// One piece after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sequence {
    /// Empty at its place where there are no pieces.
    pub span: Span,
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
}

/// `~atom+`
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Piece {
    /// With `~` and quantifiers.
    pub span: Span,
    /// `~` before it, each one a complement.
    pub complements: Vec<Span>,
    /// What is repeated.
    pub atom: Atom,
    /// How often; more than one is refused by every dialect.
    pub quantifiers: Vec<Quantifier>,
}

/// How often a piece stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quantifier {
    /// Its place.
    pub span: Span,
    /// Its form.
    pub kind: QuantifierKind,
}

/// The forms of a [`Quantifier`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuantifierKind {
    /// `?`, `*`, `+`.
    Sign(char),
    /// `{3}`, `{2,5}`, `{2,}`, `{,5}`.
    Braces {
        /// Before the comma.
        min: Option<Number>,
        /// Whether there is a comma.
        comma: bool,
        /// Behind the comma.
        max: Option<Number>,
    },
    /// `~3`, `~2..5`.
    Tilde {
        /// Before the dots.
        min: Number,
        /// Behind the dots.
        max: Option<Number>,
    },
}

/// The smallest piece.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Atom {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub kind: AtomKind,
}

/// What an [`Atom`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AtomKind {
    /// `( … )`.
    Group(Body),
    /// `[ … ]`.
    Optional(Body),
    /// `name`, `NAME`.
    Name(Name),
    /// `?name` inside a body: a modifier where none may be.
    Modified(Vec<(char, Span)>, Name),
    /// `sep{item, ","}`.
    Template {
        /// Of which template.
        name: Name,
        /// Its arguments.
        arguments: Vec<Body>,
    },
    /// `perm::set_bit(0)`.
    Parametric {
        /// Of which rule.
        name: Name,
        /// The value it is given.
        argument: Term,
    },
    /// `"text"`, `"text"i`.
    String(StringLiteral),
    /// `"a".."z"`.
    Range(StringLiteral, StringLiteral),
    /// `/regex/flags`.
    Regex(RegexLiteral),
    /// `%json { … }`.
    Json(Json),
    /// `%regex { … }`.
    RegexExtension(Json),
    /// `%lark { … }`.
    Nested(Vec<Item>),
    /// `<|name|>`, `<[1-5]>`, with the angles.
    SpecialToken(String),
    /// `@name`, with the sign.
    GrammarRef(String),
    /// A text that could not be read.
    Error,
}

/// A string as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StringLiteral {
    /// With quotes and suffix.
    pub span: Span,
    /// Between the quotes; escapes are not read, because dialects read them differently.
    pub raw: String,
    /// The suffix `i`.
    pub ignore_case: bool,
}

/// A regex as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RegexLiteral {
    /// With slashes and flags.
    pub span: Span,
    /// Between the slashes.
    pub source: String,
    /// Behind the second slash.
    pub flags: String,
}

/// A JSON value as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Json {
    /// With the directive before it.
    pub span: Span,
    /// The value.
    pub text: String,
}

/// A term of llguidance's parameters: `_`, `[0:3]`, `7`, `incr(_)`, `lt(_, 6)`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Term {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub kind: TermKind,
}

/// What a [`Term`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TermKind {
    /// `_`: the whole parameter.
    Whole,
    /// `[start:end]`: some of its bits.
    Bits(Number, Number),
    /// A number.
    Number(Number),
    /// `name(…)`, or a name alone.
    Call(Name, Vec<Term>),
}

/// `%import`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Import {
    /// Whether the path begins with a dot: a file beside this one.
    pub relative: bool,
    /// The names between the dots.
    pub path: Vec<Name>,
    /// What is imported from there.
    pub what: Imported,
}

/// What an [`Import`] brings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Imported {
    /// The last name of the path.
    Last,
    /// The last name of the path, under another name.
    As(Name),
    /// These names of the library that the path names.
    Names(Vec<Name>),
}

impl Import {
    /// The library as it is written, such as `common`, `.grammar` or `python`.
    pub fn library(&self) -> String {
        let names: Vec<&str> = self.path.iter().map(|name| name.text.as_str()).collect();
        let names = match self.what {
            Imported::Names(_) => names.as_slice(),
            Imported::Last | Imported::As(_) => {
                names.split_last().map_or(&[][..], |(_, library)| library)
            }
        };
        format!(
            "{}{}",
            if self.relative { "." } else { "" },
            names.join(".")
        )
    }

    /// What is imported, each with the name it gets here.
    pub fn names(&self) -> Vec<(&Name, &Name)> {
        match (&self.what, self.path.last()) {
            (Imported::Names(names), _) => names.iter().map(|name| (name, name)).collect(),
            (Imported::As(alias), Some(last)) => vec![(last, alias)],
            (Imported::Last, Some(last)) => vec![(last, last)],
            (_, None) => Vec::new(),
        }
    }
}
