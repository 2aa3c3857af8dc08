//! Making a [`Grammar`]: names become indices, and nothing that breaks its invariants gets through.

use std::fmt;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Expr, Extent, Grammar, Inner, Options, Pattern, RegexPattern, Rule, RuleId, RuleTree,
    Semantics, Terminal, TerminalId, names,
};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::span::Span;

mod by_pattern;
pub(crate) mod check;
mod embed;
mod reachable;

use by_pattern::ByPattern;

/// Collects rules and terminals and makes a [`Grammar`] of them. Every front end ends here.
///
/// Names may be used before they are defined: [`rule`](Self::rule) and [`terminal`](Self::terminal) give an id for a name at
/// once, and [`build`](Self::build) says which were never defined.
///
/// ```
/// use larkspur_grammar::grammar::{Expr, GrammarBuilder, Pattern, Semantics};
///
/// let mut builder = GrammarBuilder::new(Semantics::Llguidance);
/// let start = builder.rule("start");
/// let item = builder.rule("item");
/// let digit = builder.terminal("DIGIT");
/// builder.define_terminal(digit, Pattern::Range { first: '0', last: '9' });
/// let comma = builder.literal(",");
/// builder.define_rule(start, Expr::seq([Expr::rule(item), Expr::seq([comma, Expr::rule(item)]).star()]));
/// builder.define_rule(item, Expr::terminal(digit));
/// let grammar = builder.build(start)?;
/// assert_eq!(grammar.terminals()[1].name, "COMMA");
/// # Ok::<(), larkspur_grammar::grammar::BuildError>(())
/// ```
#[derive(Debug)]
pub struct GrammarBuilder {
    semantics: Semantics,
    options: Options,
    limits: Limits,
    rules: Vec<Slot<Rule>>,
    rule_ids: FxHashMap<String, RuleId>,
    terminals: Vec<Slot<Terminal>>,
    terminal_ids: FxHashMap<String, TerminalId>,
    by_pattern: ByPattern,
    ignore: Vec<TerminalId>,
    ignored: FxHashSet<TerminalId>,
    findings: Vec<Diagnostic>,
}

/// A name that may still wait for its definition.
#[derive(Debug)]
struct Slot<Definition> {
    name: String,
    definition: Option<Definition>,
}

impl GrammarBuilder {
    /// An empty builder with the default [`Limits`].
    pub fn new(semantics: Semantics) -> Self {
        Self::with_limits(semantics, Limits::default())
    }

    /// An empty builder.
    pub fn with_limits(semantics: Semantics, limits: Limits) -> Self {
        Self {
            semantics,
            options: Options::default(),
            limits,
            rules: Vec::new(),
            rule_ids: FxHashMap::default(),
            terminals: Vec::new(),
            terminal_ids: FxHashMap::default(),
            by_pattern: ByPattern::default(),
            ignore: Vec::new(),
            ignored: FxHashSet::default(),
            findings: Vec::new(),
        }
    }

    /// The rule with this name, whether it is defined already or not.
    pub fn rule(&mut self, name: &str) -> RuleId {
        if let Some(&id) = self.rule_ids.get(name) {
            return id;
        }
        let id = RuleId(index(self.rules.len()));
        self.rules.push(Slot {
            name: name.to_owned(),
            definition: None,
        });
        self.rule_ids.insert(name.to_owned(), id);
        id
    }

    /// Defines a rule that shows in trees under its own name.
    pub fn define_rule(&mut self, id: RuleId, body: Expr) {
        self.define_rule_with(id, body, None, RuleTree::default(), 0);
    }

    /// Defines a rule. A second definition of the same name is an error of [`build`](Self::build).
    pub fn define_rule_with(
        &mut self,
        id: RuleId,
        body: Expr,
        span: Option<Span>,
        tree: RuleTree,
        priority: i32,
    ) {
        let Some(slot) = self.rules.get_mut(id.index()) else {
            return self.foreign_id();
        };
        let name = slot.name.clone();
        match &slot.definition {
            Some(first) => self
                .findings
                .push(duplicate("rule", &name, span, first.span)),
            None => {
                slot.definition = Some(Rule {
                    name,
                    span,
                    body,
                    tree,
                    priority,
                });
            }
        }
    }

    /// The terminal with this name, whether it is defined already or not.
    pub fn terminal(&mut self, name: &str) -> TerminalId {
        if let Some(&id) = self.terminal_ids.get(name) {
            return id;
        }
        let id = self.push_terminal(name.to_owned(), None);
        self.terminal_ids.insert(name.to_owned(), id);
        id
    }

    /// Defines a terminal that takes the longest match.
    pub fn define_terminal(&mut self, id: TerminalId, pattern: Pattern) {
        self.define_terminal_with(id, pattern, None, Extent::Longest, 0);
    }

    /// Defines a terminal. A second definition of the same name is an error of [`build`](Self::build).
    pub fn define_terminal_with(
        &mut self,
        id: TerminalId,
        pattern: Pattern,
        span: Option<Span>,
        extent: Extent,
        priority: i32,
    ) {
        let Some(slot) = self.terminals.get_mut(id.index()) else {
            return self.foreign_id();
        };
        let name = slot.name.clone();
        if let Some(first) = &slot.definition {
            self.findings
                .push(duplicate("terminal", &name, span, first.span));
        } else {
            self.by_pattern.add(&pattern, extent, id);
            slot.definition = Some(Terminal {
                name,
                span,
                pattern,
                named: true,
                extent,
                priority,
            });
        }
    }

    /// A lexeme without a name of its own: the terminal that is already defined with this pattern, else a new one, which
    /// [`build`](Self::build) names.
    pub fn anonymous(
        &mut self,
        pattern: Pattern,
        extent: Extent,
        span: Option<Span>,
    ) -> TerminalId {
        if let Some(id) = self.by_pattern.get(&pattern, extent) {
            return id;
        }
        self.by_pattern
            .add(&pattern, extent, TerminalId(index(self.terminals.len())));
        let definition = Terminal {
            name: String::new(),
            span,
            pattern,
            named: false,
            extent,
            priority: 0,
        };
        self.push_terminal(String::new(), Some(definition))
    }

    /// Exactly this text, as a lexeme that does not show in trees; the empty text is no lexeme at all.
    pub fn literal(&mut self, text: &str) -> Expr {
        if text.is_empty() {
            return Expr::Empty;
        }
        let known = self.by_pattern.text(text);
        let id =
            known.unwrap_or_else(|| self.anonymous(Pattern::literal(text), Extent::Longest, None));
        Expr::Terminal {
            id,
            keep: false,
            span: None,
        }
    }

    /// A lexeme that matches a regular expression and shows in trees.
    pub fn regex(&mut self, regex: RegexPattern) -> Expr {
        Expr::terminal(self.anonymous(Pattern::Regex(regex), Extent::Longest, None))
    }

    /// What `terminal` matches may stand between lexemes and means nothing.
    pub fn ignore(&mut self, terminal: TerminalId) {
        if self.ignored.insert(terminal) {
            self.ignore.push(terminal);
        }
    }

    /// Sets the switches of the grammar itself.
    pub fn options(&mut self, options: Options) {
        self.options = options;
    }

    /// Makes the grammar whose sentences are those of `start`.
    ///
    /// # Errors
    /// All that is wrong with it: names that were used and not defined, or defined twice; terminals that contain themselves;
    /// bounds of [`Limits`].
    pub fn build(mut self, start: RuleId) -> Result<Grammar, BuildError> {
        self.check_start(start);
        self.check();
        self.finish(start)
    }

    fn check_start(&mut self, start: RuleId) {
        if start.index() >= self.rules.len() {
            self.foreign_id();
        }
    }

    /// What was checked.
    fn finish(mut self, start: RuleId) -> Result<Grammar, BuildError> {
        if self.findings.iter().any(Diagnostic::is_error) {
            return Err(BuildError {
                findings: self.findings,
            });
        }
        self.name_anonymous();
        let terminals: Vec<Terminal> = self
            .terminals
            .into_iter()
            .filter_map(|slot| slot.definition)
            .collect();
        let rules: Vec<Rule> = self
            .rules
            .into_iter()
            .filter_map(|slot| slot.definition)
            .collect();
        let terminal_names = (0..)
            .map(TerminalId)
            .zip(&terminals)
            .map(|(id, terminal)| (terminal.name.clone(), id))
            .collect();
        Ok(Grammar(Arc::new(Inner {
            rules,
            terminals,
            rule_names: self.rule_ids,
            terminal_names,
            start,
            ignore: self.ignore,
            semantics: self.semantics,
            options: self.options,
        })))
    }

    fn push_terminal(&mut self, name: String, definition: Option<Terminal>) -> TerminalId {
        let id = TerminalId(index(self.terminals.len()));
        self.terminals.push(Slot { name, definition });
        id
    }

    fn foreign_id(&mut self) {
        self.findings.push(Diagnostic::error(
            "foreign-id",
            "an id of another grammar was given to this builder",
        ));
    }

    /// Names anonymous terminals in the order of their first use.
    fn name_anonymous(&mut self) {
        let mut taken: FxHashSet<String> = self.terminal_ids.keys().cloned().collect();
        let mut next = 0_u32;
        for terminal in self
            .terminals
            .iter_mut()
            .filter_map(|slot| slot.definition.as_mut())
            .filter(|terminal| !terminal.named)
        {
            let natural = match &terminal.pattern {
                Pattern::Literal { text, .. } => names::natural_name(text),
                _ => None,
            };
            let name = natural
                .filter(|name| !taken.contains(name))
                .unwrap_or_else(|| {
                    loop {
                        let name = format!("__ANON_{next}");
                        next += 1;
                        if !taken.contains(&name) {
                            break name;
                        }
                    }
                });
            taken.insert(name.clone());
            terminal.name = name;
        }
    }
}

/// Why no grammar could be made. Holds every reason, not only the first.
#[derive(Clone, Debug)]
pub struct BuildError {
    findings: Vec<Diagnostic>,
}

impl BuildError {
    pub(crate) fn new(findings: Vec<Diagnostic>) -> Self {
        Self { findings }
    }

    /// All findings: at least one error, and the warnings that came with it.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// Takes the findings out.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.findings
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut errors = self.findings.iter().filter(|finding| finding.is_error());
        match errors.next() {
            Some(first) => write!(f, "{}", first.message)?,
            None => f.write_str("the grammar could not be built")?,
        }
        match errors.count() {
            0 => Ok(()),
            more => write!(f, " (and {more} more)"),
        }
    }
}

impl std::error::Error for BuildError {}

fn duplicate(kind: &str, name: &str, second: Option<Span>, first: Option<Span>) -> Diagnostic {
    let code = if kind == "rule" {
        "duplicate-rule"
    } else {
        "duplicate-terminal"
    };
    Diagnostic::error(code, format!("the {kind} `{name}` is defined twice"))
        .at(second)
        .related(first, "first defined here")
}

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
