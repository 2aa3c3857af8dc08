//! The rules of types, shared between their uses.

use std::any::TypeId;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Blank, Error, Leaf, Part};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::grammar::{
    Alternative, BuildError, Expr, Extent, Grammar, GrammarBuilder, Pattern, RegexPattern, RuleId,
    RuleTree,
};
use crate::regex;

/// The rules and terminals of types on their way into one grammar. See [`Syntax::define`](super::Syntax::define).
#[derive(Debug)]
pub struct Definitions {
    pub(super) builder: GrammarBuilder,
    /// How each type that has been met is used.
    uses: FxHashMap<TypeId, Use>,
    /// The terminals of leaves that no type has, by their regular expressions.
    leaves: FxHashMap<String, Expr>,
    names: FxHashSet<String>,
    findings: Vec<Diagnostic>,
}

#[derive(Clone, Debug)]
struct Use {
    expr: Expr,
    name: String,
}

/// How a list is written.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "derived code writes every field, which makes a new one a compile error there"
)]
pub struct List<'s> {
    /// What stands between two items; may be empty.
    pub separator: &'s [Part<'s>],
    /// Whether the separator, without white space at its end, may stand behind the last item too. It is read and never printed.
    pub trailing: bool,
    /// The fewest items.
    pub min: u32,
    /// The most items; never less than `min` and at least one.
    pub max: Option<u32>,
    /// What stands before the first item, if there is one.
    pub before: &'s [Part<'s>],
    /// What stands behind the last item, if there is one.
    pub after: &'s [Part<'s>],
}

impl List<'_> {
    /// Items with `, ` between them, also none.
    pub const COMMAS: List<'static> = List {
        separator: &[Part::Text(", ")],
        trailing: false,
        min: 0,
        max: None,
        before: &[],
        after: &[],
    };
}

impl Definitions {
    pub(super) fn new(builder: GrammarBuilder) -> Self {
        Self {
            builder,
            uses: FxHashMap::default(),
            leaves: FxHashMap::default(),
            names: FxHashSet::default(),
            findings: Vec::new(),
        }
    }

    /// The rule of the type `T`, defined at its first use. `name` is what it is called in the grammar unless that is taken;
    /// `body` may use the rule itself.
    pub fn rule<T: 'static>(&mut self, name: &str, body: impl FnOnce(&mut Self) -> Expr) -> Expr {
        self.rule_with::<T>(name, RuleTree::default(), |definitions, _| {
            body(definitions)
        })
    }

    pub(super) fn rule_with<T: 'static>(
        &mut self,
        name: &str,
        tree: RuleTree,
        body: impl FnOnce(&mut Self, RuleId) -> Expr,
    ) -> Expr {
        if let Some(known) = self.uses.get(&TypeId::of::<T>()) {
            return known.expr.clone();
        }
        let (id, name) = self.fresh_rule(name);
        let expr = Expr::rule(id);
        let used = Use {
            expr: expr.clone(),
            name,
        };
        self.uses.insert(TypeId::of::<T>(), used);
        let body = body(self, id);
        self.builder.define_rule_with(id, body, None, tree, 0);
        expr
    }

    /// The terminal of the type `T`, defined at its first use by a regular expression in the syntax of the `regex` crate.
    pub fn terminal<T: 'static>(&mut self, name: &str, pattern: &str) -> Expr {
        if let Some(known) = self.uses.get(&TypeId::of::<T>()) {
            return known.expr.clone();
        }
        let name = self.fresh_name(name);
        let id = self.builder.terminal(&name);
        let pattern = self.pattern(pattern);
        self.builder.define_terminal(id, pattern);
        let expr = Expr::terminal(id);
        let used = Use {
            expr: expr.clone(),
            name: name.to_lowercase(),
        };
        self.uses.insert(TypeId::of::<T>(), used);
        expr
    }

    /// The terminal of a newtype that is written as a leaf.
    pub fn newtype<T: 'static>(&mut self, name: &str, leaf: Leaf<'_>) -> Expr {
        self.terminal::<T>(name, &leaf.regex())
    }

    /// The terminal of a field that is written as a leaf; equal leaves share one.
    pub fn leaf(&mut self, name: &str, leaf: Leaf<'_>) -> Expr {
        self.regex(name, &leaf.regex())
    }

    pub(super) fn regex(&mut self, name: &str, regex: &str) -> Expr {
        if let Some(known) = self.leaves.get(regex) {
            return known.clone();
        }
        let name = self.fresh_name(name);
        let id = self.builder.terminal(&name);
        let pattern = self.pattern(regex);
        self.builder.define_terminal(id, pattern);
        self.leaves.insert(regex.to_owned(), Expr::terminal(id));
        Expr::terminal(id)
    }

    /// Exactly this text, which leaves nothing in the tree.
    pub fn text(&mut self, text: &str) -> Expr {
        self.builder.literal(text)
    }

    /// This text in upper or lower case, which leaves nothing in the tree.
    pub fn text_in_any_case(&mut self, text: &str) -> Expr {
        if text.is_empty() {
            return Expr::Empty;
        }
        let pattern = Pattern::Literal {
            text: text.to_owned(),
            ignore_case: true,
        };
        let id = self.builder.anonymous(pattern, Extent::Longest, None);
        Expr::Terminal {
            id,
            keep: false,
            span: None,
        }
    }

    /// White space.
    pub fn blank(&mut self, blank: Blank) -> Expr {
        let Blank { min, max, lines } = blank;
        let max = max.max(min);
        if max == 0 {
            return Expr::Empty;
        }
        let pattern = if lines {
            self.pattern(&format!("[ \\t\\r\\n]{{{},{max}}}", min.max(1)))
        } else {
            Pattern::Repeat {
                pattern: Box::new(Pattern::literal(" ")),
                min: min.max(1),
                max: Some(max),
            }
        };
        let id = self.builder.anonymous(pattern, Extent::Longest, None);
        let expr = Expr::Terminal {
            id,
            keep: false,
            span: None,
        };
        if min == 0 { expr.optional() } else { expr }
    }

    /// A rule of its own for a list; its node holds the items.
    pub fn list(&mut self, name: &str, item: &Expr, list: List<'_>) -> Expr {
        let (id, _) = self.fresh_rule(name);
        let body = self.items(item, list);
        self.builder.define_rule(id, body);
        Expr::rule(id)
    }

    /// The items of a list, to be the body of a rule.
    pub(super) fn items(&mut self, item: &Expr, list: List<'_>) -> Expr {
        let (before, after) = (self.parts(list.before), self.parts(list.after));
        let separator = self.parts(list.separator);
        if separator == Expr::Empty {
            let around = before != Expr::Empty || after != Expr::Empty;
            let min = if around { list.min.max(1) } else { list.min };
            let some = Expr::seq([before, item.clone().repeat(min, list.max), after]);
            return if around && list.min == 0 {
                some.optional()
            } else {
                some
            };
        }
        let more = Expr::seq([separator.clone(), item.clone()]);
        let more = match (
            list.min.saturating_sub(1),
            list.max.map(|max| max - max.min(1)),
        ) {
            (0, Some(0)) => Expr::Empty,
            (min, max) => more.repeat(min, max),
        };
        let end = if list.trailing {
            self.parts(&without_space_at_end(list.separator)).optional()
        } else {
            Expr::Empty
        };
        let some = Expr::seq([before, item.clone(), more, end, after]);
        if list.min == 0 { some.optional() } else { some }
    }

    /// A rule of its own for what may be absent; its node holds the value or nothing.
    pub fn optional(&mut self, name: &str, some: Expr) -> Expr {
        let (id, _) = self.fresh_rule(name);
        self.builder.define_rule(id, some.optional());
        Expr::rule(id)
    }

    /// One variant of an enum: its node is called `name`.
    pub fn variant(&self, name: &str, parts: impl IntoIterator<Item = Expr>) -> Alternative {
        Alternative::new(Expr::seq(parts), Some(name.to_owned()), None)
    }

    /// What the type `T` is called in the grammar, if it has been met.
    pub(super) fn name_of<T: 'static>(&self) -> &str {
        self.uses
            .get(&TypeId::of::<T>())
            .map_or("value", |known| &known.name)
    }

    pub(super) fn finish(mut self, start: Expr) -> Result<Grammar, Error> {
        let id = match start {
            Expr::Rule { id, .. } => id,
            leaf => {
                let (id, _) = self.fresh_rule("start");
                let tree = RuleTree {
                    inline_single: true,
                    ..RuleTree::default()
                };
                self.builder.define_rule_with(id, leaf, None, tree, 0);
                id
            }
        };
        if !self.findings.is_empty() {
            return Err(BuildError::new(self.findings).into());
        }
        Ok(self.builder.build(id)?)
    }

    pub(super) fn fresh_rule(&mut self, name: &str) -> (RuleId, String) {
        let name = self.fresh_name(name);
        (self.builder.rule(&name), name)
    }

    fn fresh_name(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut next = 2_u32;
        while !self.names.insert(name.clone()) {
            name = format!("{wanted}_{next}");
            next += 1;
        }
        name
    }

    fn pattern(&mut self, source: &str) -> Pattern {
        let text = regex::Source {
            text: source,
            flags: "",
            at: None,
        };
        let (hir, findings) = regex::parse(text, Dialect::llguidance());
        let errors = findings.into_iter().filter(Diagnostic::is_error);
        self.findings.extend(errors);
        hir.map_or_else(Pattern::empty, |hir| {
            Pattern::Regex(RegexPattern::new(source, "", hir))
        })
    }
}

/// A separator as it stands behind the last item.
fn without_space_at_end<'s>(separator: &[Part<'s>]) -> Vec<Part<'s>> {
    let mut parts = separator.to_vec();
    while let Some(last) = parts.pop() {
        match last {
            Part::Blank(_) | Part::Break { .. } => {}
            Part::Text(text) if text.trim_end().is_empty() => {}
            Part::Text(text) => {
                parts.push(Part::Text(text.trim_end()));
                return parts;
            }
            Part::AnyCase(_) => {
                parts.push(last);
                return parts;
            }
        }
    }
    separator.to_vec()
}
