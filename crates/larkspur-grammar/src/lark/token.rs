//! The tokens of Lark's own syntax.

use std::fmt;

/// A token. What it cost to tell them apart (is this `{` a repetition or a template?) the lexer has paid, so that the
/// grammar needs one token of lookahead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tok<'s> {
    /// A rule's or terminal's name.
    Name(&'s str),
    /// `?` or `!` in front of a name.
    Modifier(char),
    Number(&'s str),
    /// A number in the form `0x1F`.
    Hex(&'s str),
    Str(StrTok<'s>),
    Regex {
        body: &'s str,
        flags: &'s str,
    },
    /// `<|name|>`, `<[1-5]>`.
    Special(&'s str),
    /// `@name`.
    GrammarRef(&'s str),
    /// `%json` with the JSON text behind it.
    Json(&'s str),
    /// `%regex` with the JSON text behind it.
    RegexExt(&'s str),
    /// `%llguidance`, or xgrammar's `%grammar_options`, with the JSON text behind it.
    Options {
        directive: &'s str,
        value: &'s str,
    },
    Ignore,
    Import,
    Override,
    Extend,
    Declare,
    If,
    /// `%lark` with the `{` behind it.
    LarkOpen,
    /// A directive that no dialect knows, to the end of its line.
    Unknown(&'s str),
    Colon,
    DoubleColon,
    Eq,
    Comma,
    Dot,
    DotDot,
    Arrow,
    LPar,
    RPar,
    LSqb,
    RSqb,
    /// `{` of template parameters and arguments.
    LBrace,
    /// `{` of a repetition.
    LRepeat,
    RBrace,
    /// `~` of a complement.
    Tilde,
    /// `~` of a repetition.
    TildeCount,
    Underscore,
    /// `?`, `*`, `+`.
    Op(char),
    And,
    VBar,
    /// The end of a line that is not followed by `|`.
    Nl,
    /// One or more line ends and the `|` behind them.
    NlBar {
        /// Whether only blank lines stand between: llguidance does not go on across a comment line, nor across a line that
        /// holds white space only.
        plain: bool,
    },
    /// A text that is no token; it has been reported already.
    Bad,
}

/// A string as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StrTok<'s> {
    /// Between the quotes, escapes not read.
    pub(crate) raw: &'s str,
    /// The suffix `i`.
    pub(crate) ignore_case: bool,
}

impl fmt::Display for Tok<'_> {
    /// As messages call it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self {
            Self::Name(name) => return write!(f, "the name `{name}`"),
            Self::Modifier(c) | Self::Op(c) => return write!(f, "`{c}`"),
            Self::Number(text) | Self::Hex(text) => return write!(f, "the number `{text}`"),
            Self::Str(_) => "a string",
            Self::Regex { .. } => "a regex",
            Self::Special(text) | Self::GrammarRef(text) => return write!(f, "`{text}`"),
            Self::Json(_) => "`%json`",
            Self::RegexExt(_) => "`%regex`",
            Self::Options { directive, .. } => return write!(f, "`{directive}`"),
            Self::Ignore => "`%ignore`",
            Self::Import => "`%import`",
            Self::Override => "`%override`",
            Self::Extend => "`%extend`",
            Self::Declare => "`%declare`",
            Self::If => "`%if`",
            Self::LarkOpen => "`%lark {`",
            Self::Unknown(name) => return write!(f, "`{name}`"),
            Self::Colon => "`:`",
            Self::DoubleColon => "`::`",
            Self::Eq => "`=`",
            Self::Comma => "`,`",
            Self::Dot => "`.`",
            Self::DotDot => "`..`",
            Self::Arrow => "`->`",
            Self::LPar => "`(`",
            Self::RPar => "`)`",
            Self::LSqb => "`[`",
            Self::RSqb => "`]`",
            Self::LBrace | Self::LRepeat => "`{`",
            Self::RBrace => "`}`",
            Self::Tilde | Self::TildeCount => "`~`",
            Self::Underscore => "`_`",
            Self::And => "`&`",
            Self::VBar | Self::NlBar { .. } => "`|`",
            Self::Nl => "the end of the line",
            Self::Bad => "this text",
        };
        f.write_str(sign)
    }
}
