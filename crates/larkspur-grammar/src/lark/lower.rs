//! Syntax tree to [`Grammar`], under the rules of one dialect.
//!
//! Every definition is lowered, used or not, and every finding is kept. Where a dialect never looks at what the start does not
//! reach (llguidance), errors there are warnings. A part that cannot be lowered stands as an alternative of nothing, so that
//! what depends on it is still looked at; no grammar is made then.

mod attributes;
mod features;
mod instances;
mod literal;
mod rules;
mod terminals;

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::scope::{Scope, Symbol, SymbolKind};
use super::syntax::{Definition, File, Item, Name};
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::{Dialect, Feature, Regexes, Support};
use crate::grammar::{
    Expr, Extent, Grammar, GrammarBuilder, Opaque, Options, Pattern, RuleId, TerminalId,
};
use crate::limits::Limits;
use crate::regex;
use crate::span::Span;

use instances::{Environment, Instance};

/// Findings up to which a new one is compared with each: instances of templates repeat theirs.
const MAX_COMPARED: usize = 1_000;
/// Findings beyond which warnings are dropped.
const MAX_WARNINGS: usize = 10_000;

/// What came of a file under a dialect.
pub(crate) struct Lowered {
    /// The grammar, if nothing stood in the way.
    pub(crate) grammar: Option<Grammar>,
    pub(crate) findings: Vec<Diagnostic>,
}

pub(super) struct Lowering<'f> {
    scope: Scope<'f>,
    source: &'f str,
    dialect: &'static Dialect,
    limits: &'f Limits,
    builder: GrammarBuilder,
    findings: Vec<Diagnostic>,
    /// Whether the definition that is being lowered is reached from the start.
    in_use: bool,
    /// Whether it is marked `!`: nothing is filtered from trees.
    keep_all: bool,
    /// Templates and rules with parameters, still to be made.
    pending: VecDeque<Instance<'f>>,
    instances: FxHashMap<String, RuleId>,
    /// How deep in groups, and in nested blocks, the place is.
    depth: usize,
    /// Terminals that lead back to themselves.
    circular: FxHashSet<&'f str>,
    options: Options,
    nesting_reported: bool,
    /// Constructs of which it has been said that nobody knows.
    doubted: FxHashSet<Feature>,
}

/// Lowers a file that was read without faults; with faults, the grammar is left out.
pub(crate) fn lower_file(file: &File, dialect: &'static Dialect, limits: &Limits) -> Lowered {
    let mut lowering = Lowering::new(Scope::new(file), &file.source, dialect, limits, 0);
    lowering.layout(file);
    lowering.run(&file.items)
}

impl<'f> Lowering<'f> {
    fn new(
        mut scope: Scope<'f>,
        source: &'f str,
        dialect: &'static Dialect,
        limits: &'f Limits,
        depth: usize,
    ) -> Self {
        let findings = std::mem::take(&mut scope.findings);
        Self {
            scope,
            source,
            dialect,
            limits,
            builder: GrammarBuilder::with_limits(dialect.semantics(), limits.clone()),
            findings,
            in_use: true,
            keep_all: false,
            pending: VecDeque::new(),
            instances: FxHashMap::default(),
            depth,
            circular: FxHashSet::default(),
            options: Options::default(),
            nesting_reported: false,
            doubted: FxHashSet::default(),
        }
    }

    fn run(mut self, items: &'f [Item]) -> Lowered {
        for item in items {
            self.item_features(item);
        }
        self.read_options();
        self.find_circles();
        self.declare_symbols();
        self.define_terminals();
        self.define_rules();
        self.define_ignored();
        self.make_instances();
        let start = self.start();
        let clean = !self.findings.iter().any(Diagnostic::is_error);
        let mut grammar = None;
        if let (true, Some(start)) = (clean, start) {
            self.builder.options(self.options);
            match self.builder.build(start) {
                Ok(built) => grammar = Some(built),
                Err(error) => self.findings.extend(error.into_diagnostics()),
            }
        }
        Lowered {
            grammar,
            findings: self.findings,
        }
    }

    fn report(&mut self, finding: Diagnostic) {
        let unused = !self.in_use && self.dialect.lazily_compiled() && finding.is_error();
        let finding = if unused {
            let mut finding = finding;
            finding.severity = Severity::Warning;
            finding.message += ", which ";
            finding.message += self.dialect.title();
            finding.message += " does not see: the definition is not used";
            finding
        } else {
            finding
        };
        // Errors are always kept: they decide. Of the rest, only so many can be shown.
        let known = self.findings.len() < MAX_COMPARED && self.findings.contains(&finding);
        if !known && (finding.is_error() || self.findings.len() < MAX_WARNINGS) {
            self.findings.push(finding);
        }
    }

    /// The name that must exist, as the first thing a user forgets.
    fn start(&mut self) -> Option<RuleId> {
        let candidate = match self.scope.get("start") {
            Some(symbol) if symbol.is_rule() => {
                let plain = matches!(symbol.kind, SymbolKind::Rule(definition, _) if definition.template.is_none() && definition.parameter.is_none());
                if !plain {
                    let span = symbol.span;
                    self.report(
                        Diagnostic::error(
                            "no-start",
                            "`start` takes arguments, and nothing gives it any",
                        )
                        .at(span),
                    );
                }
                return plain.then(|| self.builder.rule("start"));
            }
            _ => self
                .scope
                .symbols
                .iter()
                .find(|(_, symbol)| symbol.is_rule())
                .map(|(name, symbol)| ((*name).to_owned(), symbol.span)),
        };
        if self.scope.may_define("start") {
            return None;
        }
        let finding = Diagnostic::error("no-start", "there is no rule `start`");
        let (unless, without) = match self.dialect.regexes() {
            Regexes::Python => (
                ", unless Lark's option `start` names another",
                "; what has no rules can only be imported",
            ),
            Regexes::Rust => ("", ""),
        };
        let begins = format!("the grammar begins at the rule `start`{unless}");
        self.report(match candidate {
            Some((first, span)) => finding.at(span).hint(format!(
                "{begins}: rename `{first}`, or add `start: {first}`"
            )),
            None => finding.hint(begins + without),
        });
        None
    }

    fn find_circles(&mut self) {
        let names: Vec<&'f str> = self.scope.symbols.keys().copied().collect();
        let edges: Vec<Vec<usize>> = self
            .scope
            .symbols
            .values()
            .map(|symbol| match &symbol.kind {
                SymbolKind::Terminal(definition, extra) => {
                    self.scope.terminal_edges(definition, extra)
                }
                _ => Vec::new(),
            })
            .collect();
        for cycle in crate::grammar::cycles(&edges) {
            let path: Vec<&'f str> = cycle
                .iter()
                .filter_map(|at| names.get(*at).copied())
                .collect();
            let Some(symbol) = path.first().and_then(|name| self.scope.get(name)) else {
                continue;
            };
            let (span, reachable) = (symbol.span, symbol.reachable);
            self.in_use = reachable;
            self.report(crate::grammar::circular(&path, Some(span)));
            self.circular.extend(path);
        }
        self.in_use = true;
    }

    /// Gives every symbol its index, in the order of the definitions.
    fn declare_symbols(&mut self) {
        for (name, symbol) in &self.scope.symbols {
            match &symbol.kind {
                SymbolKind::Rule(definition, _)
                    if definition.template.is_none() && definition.parameter.is_none() =>
                {
                    self.builder.rule(name);
                }
                SymbolKind::Rule(..) => {}
                SymbolKind::Elsewhere { terminal: false } => {
                    self.builder.rule(name);
                }
                _ => {
                    self.builder.terminal(name);
                }
            }
        }
    }

    fn define_terminals(&mut self) {
        let names: Vec<&'f str> = self.scope.symbols.keys().copied().collect();
        for name in names {
            let Some(symbol) = self.scope.get(name) else {
                continue;
            };
            let span = symbol.span;
            self.in_use = symbol.reachable;
            let (pattern, priority) = match &symbol.kind {
                SymbolKind::Terminal(definition, extra) => {
                    let (definition, extra) = (*definition, extra.clone());
                    (self.terminal(definition, &extra), priority(definition))
                }
                SymbolKind::Common(common) => (self.common(common), 0),
                SymbolKind::Elsewhere { terminal: true } => {
                    self.elsewhere(name, span);
                    (Pattern::Alt(Vec::new()), 0)
                }
                _ => continue,
            };
            let id = self.builder.terminal(name);
            self.builder
                .define_terminal_with(id, pattern, Some(span), Extent::Longest, priority);
        }
        self.in_use = true;
    }

    /// A name whose meaning is in another file, which this crate does not read.
    fn elsewhere(&mut self, name: &str, span: Span) {
        let refused = [
            Feature::LibraryImport,
            Feature::RelativeImport,
            Feature::Declare,
        ]
        .iter()
        .any(|feature| self.dialect.support(*feature) != Support::Yes);
        if !refused {
            let message =
                format!("`{name}` is defined elsewhere, so that texts cannot be judged here");
            self.report(Diagnostic::warning("elsewhere", message).at(span));
        }
    }

    fn common(&mut self, common: &'static super::common::CommonTerminal) -> Pattern {
        let python = self.dialect.regexes() == Regexes::Python;
        let text = if python {
            common.python
        } else {
            common.rust.unwrap_or(common.python)
        };
        let (hir, _) = regex::parse(
            regex::Source {
                text,
                flags: "",
                at: None,
            },
            self.dialect,
        );
        hir.map_or(Pattern::Alt(Vec::new()), |hir| {
            Pattern::Regex(crate::grammar::RegexPattern::new(text, "", hir))
        })
    }

    fn define_rules(&mut self) {
        let names: Vec<&'f str> = self.scope.symbols.keys().copied().collect();
        for name in names {
            let Some(Symbol {
                span,
                kind,
                reachable,
            }) = self.scope.get(name)
            else {
                continue;
            };
            self.in_use = *reachable;
            match kind {
                SymbolKind::Rule(definition, extra) => {
                    let (definition, extra) = (*definition, extra.clone());
                    if definition.template.is_some() || definition.parameter.is_some() {
                        self.check_parameters(definition);
                    } else {
                        let id = self.builder.rule(name);
                        self.rule(id, definition, &extra, &Environment::default(), None);
                    }
                }
                SymbolKind::Elsewhere { terminal: false } => {
                    let span = *span;
                    self.elsewhere(name, span);
                    let id = self.builder.rule(name);
                    self.builder.define_rule_with(
                        id,
                        Expr::Opaque {
                            what: Opaque::Imported(name.to_owned()),
                            span: Some(span),
                        },
                        Some(span),
                        crate::grammar::RuleTree::default(),
                        0,
                    );
                }
                _ => {}
            }
        }
        self.in_use = true;
    }

    fn define_ignored(&mut self) {
        let bodies = self.scope.ignored.clone();
        for body in bodies {
            let pattern = self.pattern(body);
            let id = self.as_terminal(pattern, body.span);
            self.builder.ignore(id);
        }
    }

    /// The terminal with this pattern: the named one itself where the pattern is only its name.
    fn as_terminal(&mut self, pattern: Pattern, span: Span) -> TerminalId {
        match pattern {
            Pattern::Terminal(id) => id,
            pattern => self.builder.anonymous(pattern, Extent::Longest, Some(span)),
        }
    }

    fn unknown(&mut self, name: &Name, environment: &Environment<'f>) {
        if let Some(finding) = self.scope.unknown(name, environment.parameters()) {
            self.report(finding);
        }
    }
}

fn priority(definition: &Definition) -> i32 {
    definition
        .priority
        .as_ref()
        .and_then(|number| number.text.parse().ok())
        .unwrap_or_default()
}
