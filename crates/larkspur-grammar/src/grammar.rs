//! The representation that every front end lowers to and every engine compiles from.
//!
//! A [`Grammar`] is a list of [`Rule`]s over [`Terminal`]s. A rule's body is an [`Expr`]; a terminal's pattern is a
//! [`Pattern`], a regular expression over text. Rules and terminals are referred to by index ([`RuleId`], [`TerminalId`]),
//! so a grammar is a flat value: immutable, cheap to clone, `Send + Sync`.
//!
//! What holds of every `Grammar` that exists, because [`GrammarBuilder::build`] is the only way to make one:
//! - every [`RuleId`] and [`TerminalId`] in it is an index into its own lists;
//! - terminals do not contain themselves, directly or through others;
//! - no [`Expr`] and no [`Pattern`] is deeper than [`Limits::max_depth`](crate::Limits::max_depth) groups;
//! - names of rules are distinct, and so are names of terminals.
//!
//! It may still hold rules that derive nothing, rules that nobody uses, and rules that derive themselves: these are
//! findings of [`analysis`], not breaches.

pub mod analysis;
mod build;
mod expr;
mod names;
mod pattern;

use std::sync::Arc;

use rustc_hash::FxHashMap;

pub(crate) use build::check::{circular, cycles};
pub use build::{BuildError, GrammarBuilder};
pub use expr::{Alternative, Expr, Opaque};
pub use pattern::{Pattern, RegexPattern};

use crate::span::Span;

/// The index of a rule of one [`Grammar`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(u32);

/// The index of a terminal of one [`Grammar`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TerminalId(u32);

impl RuleId {
    /// The position in [`Grammar::rules`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl TerminalId {
    /// The position in [`Grammar::terminals`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// How the text is cut into lexemes: the same rules mean different languages under different lexers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Semantics {
    /// The lexer of llguidance, which servers run: at each place only the terminals that the rules allow there compete, the
    /// longest match is taken and never given back, and all terminals that match that same text go on together.
    #[default]
    Llguidance,
    /// Python's Lark with its Earley parser and dynamic lexer: of every terminal that may stand at a place the longest match goes
    /// on, so that lexemes of different lengths begin at one place. Ignored text is matched in the same way, and may stand at the
    /// beginning and the end. Of several trees the one whose rules have the greater priorities is the first, then the one whose
    /// alternatives come first.
    Lark,
    /// No lexer at all: every terminal may match any text of its pattern (GBNF, xgrammar's EBNF).
    Scannerless,
}

/// A context-free grammar over regular terminals. See the [module](self).
#[derive(Clone, Debug)]
pub struct Grammar(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rules: Vec<Rule>,
    terminals: Vec<Terminal>,
    rule_names: FxHashMap<String, RuleId>,
    terminal_names: FxHashMap<String, TerminalId>,
    start: RuleId,
    ignore: Vec<TerminalId>,
    semantics: Semantics,
    options: Options,
}

/// Switches of the grammar itself (llguidance's `%llguidance { … }`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_structs,
    reason = "options are written with `..Default::default()`"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "these are the switches of the directive, which are independent"
)]
pub struct Options {
    /// Ignored text may stand before the first lexeme.
    pub allow_initial_skip: bool,
    /// Ignored text is matched at most once between two lexemes, instead of any number of times.
    pub ignore_once: bool,
    /// Terminals may match bytes that are not UTF-8.
    pub allow_invalid_utf8: bool,
    /// Forced text is not inserted by the server; without effect on the language.
    pub no_forcing: bool,
}

/// A rule: a name for what its body derives.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The name, without `?` and `!`; for an instance of a template, with its arguments: `sep{item, ","}`.
    pub name: String,
    /// Where the name is defined.
    pub span: Option<Span>,
    /// What it derives.
    pub body: Expr,
    /// How it shows in parse trees.
    pub tree: RuleTree,
    /// Lark's priority (`name.2:`), 0 if not given. Only [`Semantics::Lark`] reads it.
    pub priority: i32,
}

/// How a rule shows in parse trees; the words are those of Lark's documentation, section "Tree construction".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleTree {
    /// `_rule`: the children stand in the place of the node.
    pub inline: bool,
    /// `?rule`: the node is left out where it has exactly one child.
    pub inline_single: bool,
    /// `!rule`: nothing is filtered out. The `keep` of the terminals in its body is already set accordingly.
    pub keep_all: bool,
    /// The name of the node where it is not [`Rule::name`]: instances of a template bear the template's name.
    pub label: Option<String>,
}

impl Rule {
    /// The name that nodes of this rule bear in trees, aliases apart.
    pub fn label(&self) -> &str {
        self.tree.label.as_deref().unwrap_or(&self.name)
    }
}

/// A terminal: a name for a regular set of texts, matched as one lexeme.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Terminal {
    /// The author's name, or one made as Lark makes it: `LPAR` for `"("`, `SELECT` for `"select"`, else `__ANON_0`.
    pub name: String,
    /// Where it is defined, or first written.
    pub span: Option<Span>,
    /// The texts it matches.
    pub pattern: Pattern,
    /// Whether the author named it; `false` for strings and regexes written inside rules.
    pub named: bool,
    /// How much of the text one lexeme takes.
    pub extent: Extent,
    /// Lark's priority (`NAME.2:`), 0 if not given. Only [`Semantics::Lark`] reads it.
    pub priority: i32,
}

/// How much of the text one lexeme takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Extent {
    /// As much as the pattern can match.
    #[default]
    Longest,
    /// It ends with the first byte that completes a match: llguidance's `[lazy]`, `[stop=…]`, `[suffix=…]`. The pattern then
    /// holds the stop text too.
    Shortest,
}

impl Grammar {
    /// All rules, in the order of their definition; instances of templates follow.
    pub fn rules(&self) -> &[Rule] {
        &self.0.rules
    }

    /// All terminals: named ones in the order of their definition, then anonymous ones in the order of their use.
    pub fn terminals(&self) -> &[Terminal] {
        &self.0.terminals
    }

    /// The rule at `id`.
    ///
    /// # Panics
    /// If `id` is of another grammar and lies beyond this one's rules.
    #[expect(
        clippy::indexing_slicing,
        reason = "ids of this grammar are in range: `GrammarBuilder::build` has checked them"
    )]
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.0.rules[id.index()]
    }

    /// The terminal at `id`.
    ///
    /// # Panics
    /// If `id` is of another grammar and lies beyond this one's terminals.
    #[expect(
        clippy::indexing_slicing,
        reason = "ids of this grammar are in range: `GrammarBuilder::build` has checked them"
    )]
    pub fn terminal(&self, id: TerminalId) -> &Terminal {
        &self.0.terminals[id.index()]
    }

    /// The ids of all rules, in order.
    pub fn rule_ids(&self) -> impl ExactSizeIterator<Item = RuleId> + use<> {
        (0..u32::try_from(self.0.rules.len()).unwrap_or(u32::MAX)).map(RuleId)
    }

    /// The ids of all terminals, in order.
    pub fn terminal_ids(&self) -> impl ExactSizeIterator<Item = TerminalId> + use<> {
        (0..u32::try_from(self.0.terminals.len()).unwrap_or(u32::MAX)).map(TerminalId)
    }

    /// The rule with this name.
    pub fn rule_named(&self, name: &str) -> Option<RuleId> {
        self.0.rule_names.get(name).copied()
    }

    /// The terminal with this name, the author's or a made one.
    pub fn terminal_named(&self, name: &str) -> Option<TerminalId> {
        self.0.terminal_names.get(name).copied()
    }

    /// The rule whose sentences are the language.
    pub fn start(&self) -> RuleId {
        self.0.start
    }

    /// Terminals that may stand between lexemes and mean nothing (`%ignore`).
    pub fn ignore(&self) -> &[TerminalId] {
        &self.0.ignore
    }

    /// How the text is cut into lexemes.
    pub fn semantics(&self) -> Semantics {
        self.0.semantics
    }

    /// Switches of the grammar itself.
    pub fn options(&self) -> Options {
        self.0.options
    }
}
