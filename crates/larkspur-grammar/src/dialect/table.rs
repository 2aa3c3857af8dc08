//! Construct by dialect. Where a cell comes from: the columns llguidance, Lark and xgrammar were read in the sources of
//! llguidance 1.9.1 (`src/lark/`), Lark 1.3.1 (`load_grammar.py`) and xgrammar 0.2.8 (`docs/defining_structures/lark_grammar.md`
//! and its test suite) and tried; the column OpenAI is llguidance's, less what OpenAI's guide "Function calling", section
//! "Context-free grammars", rules out; llama.cpp is `grammars/README.md` of llama.cpp: what GBNF can say.

use super::Support::{self, Ignored, Refused, RefusedInUse, Trap, Unknown, Yes};

/// A construct that not every dialect takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "each is named by the `construct` of its row in the table"
)]
pub enum Feature {
    RulePriority,
    TerminalPriority,
    Template,
    TemplateUse,
    Declare,
    Override,
    Extend,
    CommonImport,
    LibraryImport,
    RelativeImport,
    Ignore,
    Options,
    GrammarOptions,
    JsonSchema,
    NestedLark,
    Substring,
    SubstringWords,
    SpecialToken,
    GrammarRef,
    Attributes,
    StopAttributes,
    Parameter,
    Condition,
    Complement,
    ComplementInRule,
    Intersection,
    IntersectionInRule,
    BraceRepeat,
    ZeroRepeat,
    EmptyString,
    DashInName,
    GluedArrow,
    GluedRange,
    SplitRule,
    Continuation,
    SharedLine,
    UnendedBlock,
    ModifierOrder,
    LazyQuantifier,
    UnicodeClass,
    LostBound,
    StopGroup,
    MultilineRegex,
    EmptyTerminal,
    LeftRecursion,
    RightRecursion,
    GreedyNeighbour,
    CharacterLexemes,
    Ambiguity,
    OpenAmbiguity,
}

/// A row of the table.
#[derive(Debug)]
#[non_exhaustive]
pub struct Capability {
    /// Which construct.
    pub feature: Feature,
    /// The code of findings about it.
    pub code: &'static str,
    /// What it is called in sentences; plural, or a form that stands without an article.
    pub construct: &'static str,
    /// One for each of [`Dialect::all`](super::Dialect::all).
    pub support: [Support; 5],
    /// What to write instead.
    pub hint: &'static str,
}

impl Feature {
    /// Its row.
    pub fn capability(self) -> &'static Capability {
        static FALLBACK: Capability = row(
            Feature::Ignore,
            "unknown",
            "this construct",
            [Unknown; 5],
            "",
        );
        // A row for each, in their order, as a test says.
        TABLE.get(self as usize).unwrap_or(&FALLBACK)
    }

    /// The whole table, in the order in which a matrix would show it.
    pub fn table() -> &'static [Capability] {
        TABLE
    }
}

const fn row(
    feature: Feature,
    code: &'static str,
    construct: &'static str,
    support: [Support; 5],
    hint: &'static str,
) -> Capability {
    Capability {
        feature,
        code,
        construct,
        support,
        hint,
    }
}

#[rustfmt::skip]
static TABLE: &[Capability] = &[
    //                                                                              OpenAI        llguidance    Lark     xgrammar llama.cpp
    row(Feature::RulePriority, "priority", "priorities of rules",                 [Refused,      Refused,      Yes,     Refused, Refused],
        "make the rules disjoint, or let one exclude the other: `NAME: /[a-z]+/ & ~(\"if\" | \"else\")`"),
    row(Feature::TerminalPriority, "priority", "priorities of terminals",         [Refused,      Refused,      Yes,     Refused, Refused],
        "let one terminal exclude the other: `NAME: /[a-z]+/ & ~(\"if\" | \"else\")`"),
    row(Feature::Template, "template", "templates",                               [Refused,      Refused,      Yes,     Refused, Refused],
        "write the rule out for each of its arguments"),
    row(Feature::TemplateUse, "template", "templates",                            [RefusedInUse, RefusedInUse, Yes,     Refused, Refused],
        "write the rule out for each of its arguments"),
    row(Feature::Declare, "declare", "`%declare`",                                [Refused,      Refused,      Yes,     Refused, Refused],
        "give the terminal a pattern"),
    row(Feature::Override, "override", "`%override`",                             [Refused,      Refused,      Yes,     Refused, Refused],
        "define the rule once, here"),
    row(Feature::Extend, "extend", "`%extend`",                                   [Refused,      Refused,      Yes,     Refused, Refused],
        "add the alternatives to the definition itself"),
    row(Feature::CommonImport, "import", "imports from `common`",                 [Yes,          Yes,          Yes,     Yes,     Yes], ""),
    row(Feature::LibraryImport, "import", "imports from other libraries than `common`", [Refused, Refused,     Yes,     Refused, Refused],
        "copy the definition into this grammar"),
    row(Feature::RelativeImport, "import", "imports from other files",            [Refused,      Refused,      Yes,     Refused, Refused],
        "copy the definitions into this grammar"),
    row(Feature::Ignore, "unbounded-ignore", "`%ignore`",                         [Trap,         Yes,          Yes,     Yes,     Refused],
        "put white space where the language has it: `SP: / {1,8}/`, and use `SP` in the rules"),
    row(Feature::Options, "options", "`%llguidance`",                             [Unknown,      Yes,          Refused, Ignored, Refused], "leave it out"),
    row(Feature::GrammarOptions, "options", "`%grammar_options`",                 [Refused,      Refused,      Refused, Yes,     Refused],
        "this is xgrammar's; llguidance writes `%llguidance { … }`"),
    row(Feature::JsonSchema, "json-schema", "`%json`",                            [Unknown,      Yes,          Refused, Yes,     Refused],
        "write the JSON texts as rules"),
    row(Feature::NestedLark, "nested-lark", "`%lark`",                            [Unknown,      Yes,          Refused, Yes,     Refused],
        "write its rules into this grammar"),
    row(Feature::Substring, "substring", "`%regex`",                              [Unknown,      Yes,          Refused, Yes,     Refused],
        "list the strings as alternatives"),
    row(Feature::SubstringWords, "substring", "`substring_words`",                [Unknown,      Yes,          Refused, Refused, Refused],
        "write `substring_chunks` with the words, blanks included"),
    row(Feature::SpecialToken, "special-token", "special tokens",                 [Unknown,      Yes,          Refused, Yes,     Refused],
        "a grammar of text has no special tokens"),
    row(Feature::GrammarRef, "grammar-reference", "references to other grammars", [Unknown,      Yes,          Refused, Yes,     Refused],
        "write its rules into this grammar"),
    row(Feature::Attributes, "attribute", "attributes of rules",                  [Unknown,      Yes,          Refused, Yes,     Refused], "leave them out"),
    row(Feature::StopAttributes, "attribute", "`lazy`, `stop` and `suffix`",      [Unknown,      Yes,          Refused, Yes,     Refused],
        "let the terminal exclude what ends it: `/[^;]*/ \";\"`"),
    row(Feature::Parameter, "parameter", "rules with parameters",                 [Unknown,      Yes,          Refused, Refused, Refused],
        "write one rule for each value"),
    row(Feature::Condition, "condition", "`%if`",                                 [Unknown,      Yes,          Refused, Refused, Refused],
        "write one rule for each value"),
    row(Feature::Complement, "complement", "the complement `~`",                  [Yes,          Yes,          Refused, Refused, Refused],
        "say what the terminal matches, not what it does not"),
    row(Feature::ComplementInRule, "complement", "the complement `~` in a rule",  [Yes,          Yes,          Refused, Refused, Refused],
        "give it a terminal of its own"),
    row(Feature::Intersection, "intersection", "the intersection `&`",            [Yes,          Yes,          Refused, Refused, Refused],
        "write one regex for both"),
    row(Feature::IntersectionInRule, "intersection", "`&` in rules",              [RefusedInUse, RefusedInUse, Refused, Refused, Refused],
        "`&` joins terminals: give the pair a name in capitals"),
    row(Feature::BraceRepeat, "brace-repeat", "repetitions in braces",            [Yes,          Yes,          Refused, Yes,     Yes],
        "Lark writes `x~2..5`"),
    row(Feature::ZeroRepeat, "zero-repeat", "repetitions of at most 0",           [Refused,      Refused,      Yes,     Yes,     Yes],
        "leave the piece out"),
    row(Feature::EmptyString, "empty-string", "the empty string as a terminal",   [Yes,          Yes,          Refused, Yes,     Yes],
        "write an empty alternative: `a: | \"x\"`"),
    row(Feature::DashInName, "dash-in-name", "dashes in names",                   [Yes,          Yes,          Refused, Yes,     Yes], "write `_`"),
    row(Feature::GluedArrow, "glued-arrow", "`->` without a blank before it",     [Refused,      Refused,      Yes,     Yes,     Yes],
        "put a blank before `->`: the dash is read as part of the name"),
    row(Feature::GluedRange, "glued-range", "`~2..5` glued to a string with `i`, a special token or JSON", [Refused, Refused, Yes, Yes, Yes],
        "put a blank before `~` (its lexer counts columns wrong there), or write `{2,5}`"),
    row(Feature::SplitRule, "split-rule", "comments and blank-filled lines between alternatives", [Refused, Refused, Yes, Yes, Yes],
        "move the comment above the rule; the rule ends before it"),
    row(Feature::Continuation, "continuation", "lines joined with `\\`",          [Refused,      Refused,      Yes,     Refused, Refused],
        "write one line, or begin the next one with `|`"),
    row(Feature::SharedLine, "shared-line", "two items on one line",              [Yes,          Yes,          Refused, Refused, Yes], "begin a new line"),
    row(Feature::UnendedBlock, "unended-block", "a `%lark` block whose last rule has no line end", [Refused, Refused, Refused, Yes, Yes],
        "put the closing `}` on a line of its own"),
    row(Feature::ModifierOrder, "modifier-order", "the modifiers `?!`, and `?` before `_`", [Refused, Refused, Yes, Refused, Yes],
        "trees are not built by servers: leave `?` out"),
    row(Feature::LazyQuantifier, "lazy-quantifier", "lazy quantifiers",           [Trap,         Trap,         Yes,     Trap,    Trap],
        "a lexeme always takes the longest match; exclude what ends it from what is repeated"),
    row(Feature::UnicodeClass, "unicode-class", "classes of all Unicode",         [Trap,         Trap,         Yes,     Yes,     Trap],
        "write the characters that are meant"),
    row(Feature::LostBound, "lost-bound", "a bounded repetition that is repeated", [Trap,        Trap,         Trap,    Trap,    Trap],
        "the outer repetition undoes the bound"),
    row(Feature::StopGroup, "stop-group", "a group named `stop`",                 [Trap,         Trap,         Yes,     Yes,     Yes],
        "llguidance takes the group's text as look-ahead and gives it back; give the group another name"),
    row(Feature::MultilineRegex, "multiline-regex", "a regex across lines without the flag `x`", [Yes, Yes,       Refused, Yes,     Yes],
        "write `\\n` for a line end"),
    row(Feature::EmptyTerminal, "empty-terminal", "terminals that match the empty text", [Yes,   Yes,          Refused, Yes,     Yes],
        "repeat at least once, and make the terminal optional where it is used"),
    row(Feature::LeftRecursion, "left-recursion", "left recursion",               [Yes,          Yes,          Yes,     Yes,     Refused],
        "write a repetition: `item (sep item)*`"),
    row(Feature::RightRecursion, "right-recursion", "lists by right recursion",   [Trap,         Trap,         Yes,     Yes,     Yes],
        "the cost is quadratic, and lists of about 2,000 items are refused; write a repetition"),
    row(Feature::GreedyNeighbour, "greedy-neighbour", "a terminal that takes the text of its neighbour", [Trap, Trap, Yes, Yes, Yes],
        "make one terminal of both, or exclude from the first what begins the second"),
    row(Feature::CharacterLexemes, "character-lexemes", "text as a repetition of one-character terminals", [Trap, Trap, Yes, Yes, Yes],
        "write one terminal: a lexeme for each character is slow, and its neighbours compete at every one"),
    row(Feature::Ambiguity, "ambiguous", "ambiguous grammars",                    [Trap, Trap, Trap, Yes, Yes],
        "write operators in layers (`sum: sum \"+\" term | term`), and let one rule alone own what is optional"),
    // A question that stays open matters where trees are built; the others only ask whether a text is a sentence.
    row(Feature::OpenAmbiguity, "ambiguity-unknown", "grammars that may be ambiguous", [Yes, Yes, Trap, Yes, Yes],
        "a grammar in which the next lexeme decides what to do is known to be unambiguous"),
];
