//! What each server and library accepts of a grammar: data, not code.
//!
//! A [`Dialect`] is a column of the table in `dialect/table.rs`, with the few facts that are not yes or no. Code asks a
//! dialect for what it [supports](Dialect::support) and never for its name.

mod table;

use crate::convert::Notation;
use crate::grammar::Semantics;

pub use table::{Capability, Feature};

/// How a dialect takes a construct.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Support {
    /// With the meaning it has in the language it comes from.
    Yes,
    /// Read, and without effect on the sentences.
    Ignored,
    /// Accepted, but it does not do what it seems to.
    Trap,
    /// Nobody has published whether it is accepted; do not rely on it.
    Unknown,
    /// Refused wherever it stands.
    Refused,
    /// Refused where it is used: rules and terminals that the start does not reach are not looked at.
    RefusedInUse,
}

/// Which reader of strings a dialect has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strings {
    /// JSON's escapes and `\xHH`.
    Json,
    /// Python's.
    Python,
}

/// Which regular expressions a dialect has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Regexes {
    /// Those of the Rust `regex` crate.
    Rust,
    /// Those of Python's `re`.
    Python,
}

/// The subset of a grammar notation that one server or library accepts.
#[derive(Debug)]
pub struct Dialect {
    name: &'static str,
    title: &'static str,
    column: usize,
    notations: &'static [Notation],
    semantics: Semantics,
    strings: Strings,
    regexes: Regexes,
    flags: &'static str,
    max_nesting: Option<usize>,
    lazily_compiled: bool,
}

impl Dialect {
    /// OpenAI's custom tools: llguidance behind the rules of OpenAI's guide.
    pub fn openai() -> &'static Self {
        &OPENAI
    }

    /// llguidance 1.9, as local servers run it.
    pub fn llguidance() -> &'static Self {
        &LLGUIDANCE
    }

    /// Python's Lark 1.3.
    pub fn lark() -> &'static Self {
        &LARK
    }

    /// xgrammar 0.2's reader of Lark text.
    pub fn xgrammar() -> &'static Self {
        &XGRAMMAR
    }

    /// llama.cpp: what can be said in GBNF, for grammars that are to be converted.
    pub fn llama_cpp() -> &'static Self {
        &LLAMA_CPP
    }

    /// All of them, in the order of the table's columns.
    pub fn all() -> &'static [&'static Self] {
        static ALL: [&Dialect; 5] = [&OPENAI, &LLGUIDANCE, &LARK, &XGRAMMAR, &LLAMA_CPP];
        &ALL
    }

    /// The dialect with this [`name`](Self::name).
    ///
    /// ```
    /// use larkspur_grammar::Dialect;
    /// assert_eq!(Dialect::named("llama.cpp").map(Dialect::title), Some("llama.cpp"));
    /// assert!(Dialect::named("bison").is_none());
    /// ```
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all()
            .iter()
            .copied()
            .find(|dialect| dialect.name == name)
    }

    /// The name on the command line, such as `openai`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The name in sentences, such as `OpenAI`.
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// The notations that it reads, the one to write for it first.
    ///
    /// llama.cpp reads no Lark; but Lark text is checked for it as what it becomes when it is
    /// [converted](crate::convert::convert).
    pub fn notations(&self) -> &'static [Notation] {
        self.notations
    }

    /// How it takes a construct.
    pub fn support(&self, feature: Feature) -> Support {
        feature
            .capability()
            .support
            .get(self.column)
            .copied()
            .unwrap_or(Support::Unknown)
    }

    /// How it cuts a text into lexemes.
    pub fn semantics(&self) -> Semantics {
        self.semantics
    }

    pub(crate) fn strings(&self) -> Strings {
        self.strings
    }

    pub(crate) fn regexes(&self) -> Regexes {
        self.regexes
    }

    /// The letters that may stand behind a regex.
    pub(crate) fn flags(&self) -> &'static str {
        self.flags
    }

    /// How many groups it takes within each other.
    pub(crate) fn max_nesting(&self) -> Option<usize> {
        self.max_nesting
    }

    /// Whether rules and terminals that the start does not reach are never looked at.
    pub(crate) fn lazily_compiled(&self) -> bool {
        self.lazily_compiled
    }
}

static OPENAI: Dialect = Dialect {
    name: "openai",
    title: "OpenAI",
    column: 0,
    ..LLGUIDANCE_FACTS
};

static LLGUIDANCE: Dialect = LLGUIDANCE_FACTS;

const LLGUIDANCE_FACTS: Dialect = Dialect {
    name: "llguidance",
    title: "llguidance",
    column: 1,
    notations: &[Notation::Lark, Notation::Regex],
    semantics: Semantics::Llguidance,
    strings: Strings::Json,
    regexes: Regexes::Rust,
    flags: "imsux",
    // `MAX_NESTING` of its parser is 30 and counts the body itself and one more.
    max_nesting: Some(28),
    lazily_compiled: true,
};

static LARK: Dialect = Dialect {
    name: "lark",
    title: "Lark",
    column: 2,
    notations: &[Notation::Lark],
    semantics: Semantics::Lark,
    strings: Strings::Python,
    regexes: Regexes::Python,
    flags: "imsux",
    max_nesting: None,
    lazily_compiled: false,
};

static XGRAMMAR: Dialect = Dialect {
    name: "xgrammar",
    title: "xgrammar",
    column: 3,
    notations: &[Notation::Ebnf, Notation::Lark, Notation::Regex],
    semantics: Semantics::Scannerless,
    strings: Strings::Json,
    regexes: Regexes::Rust,
    flags: "isu",
    max_nesting: None,
    lazily_compiled: false,
};

static LLAMA_CPP: Dialect = Dialect {
    name: "llama.cpp",
    title: "llama.cpp",
    column: 4,
    notations: &[Notation::Gbnf],
    semantics: Semantics::Scannerless,
    strings: Strings::Json,
    regexes: Regexes::Rust,
    flags: "imsux",
    max_nesting: None,
    lazily_compiled: false,
};
