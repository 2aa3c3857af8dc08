//! Rules, terminals and directives, in the order of the grammar.

use std::fmt::Write;

use super::names::Names;
use super::nesting::Nesting;
use super::pattern::{Patterns, Place, write_repeat};
use super::takes;
use crate::dialect::{Dialect, Feature, Regexes};
use crate::grammar::{
    Alternative, Expr, Extent, Grammar, Opaque, Options, Pattern, Rule, TerminalId,
};
use crate::lark::common;
use crate::lexing::Lexing;
use crate::loss::{Effect, Loss};

/// Alternatives that do not fit go on lines of their own.
const WIDTH: usize = 100;

pub(super) fn write(
    grammar: &Grammar,
    dialect: &'static Dialect,
    lexing: Option<&mut Lexing>,
    losses: &mut Vec<Loss>,
) -> String {
    let (names, taken) = Names::new(grammar, dialect);
    let mut writer = Writer {
        grammar,
        dialect,
        names: &names,
        patterns: Patterns {
            grammar,
            dialect,
            names: &names,
            lexing,
            losses,
            nesting: Nesting::new(taken, dialect),
        },
        rule: "",
    };
    let sections = [
        options(grammar.options(), dialect),
        writer.rules(),
        writer.terminals(),
        writer.ignores(),
    ];
    let filled: Vec<String> = sections.into_iter().filter(|one| !one.is_empty()).collect();
    filled.join("\n")
}

fn options(options: Options, dialect: &'static Dialect) -> String {
    let given = [
        ("allow_initial_skip", options.allow_initial_skip),
        ("ignore_once", options.ignore_once),
        ("allow_invalid_utf8", options.allow_invalid_utf8),
        ("no_forcing", options.no_forcing),
    ];
    let given: Vec<String> = given
        .into_iter()
        .filter(|(_, is_set)| *is_set)
        .map(|(name, _)| format!("\"{name}\": true"))
        .collect();
    if given.is_empty() || !takes(dialect, Feature::Options) {
        return String::new();
    }
    format!("%llguidance {{ {} }}\n", given.join(", "))
}

struct Writer<'a> {
    grammar: &'a Grammar,
    dialect: &'static Dialect,
    names: &'a Names,
    patterns: Patterns<'a>,
    /// The rule being written.
    rule: &'a str,
}

impl<'a> Writer<'a> {
    fn rules(&mut self) -> String {
        let mut out = String::new();
        let mut broken_before = false;
        for (place, id) in self.grammar.rule_ids().enumerate() {
            let rule = self.grammar.rule(id);
            self.rule = self.names.rule(id);
            self.patterns.nesting.own(self.rule);
            let text = self.rule_text(rule) + &self.patterns.nesting.made();
            let broken = text.trim_end().contains('\n');
            if place > 0 && (broken || broken_before) {
                out.push('\n');
            }
            broken_before = broken;
            out.push_str(&text);
        }
        out
    }

    fn rule_text(&mut self, rule: &'a Rule) -> String {
        let mut head = String::new();
        if rule.tree.keep_all {
            head.push('!');
        }
        let plain = !self.rule.starts_with('_') || takes(self.dialect, Feature::ModifierOrder);
        if rule.tree.inline_single && plain {
            head.push('?');
        }
        head.push_str(self.rule);
        if let Expr::Terminal { id, .. } = &rule.body
            && self.is_lazy(*id)
        {
            head.push_str("[lazy]");
        }
        if takes(self.dialect, Feature::RulePriority) && rule.priority != 0 {
            let _ = write!(head, ".{}", rule.priority);
        }
        let alternatives = match &rule.body {
            Expr::Alt(alternatives) if !alternatives.is_empty() => alternatives.as_slice(),
            body => {
                let mut line = format!("{head}: ");
                self.expr(body, Place::Alternatives, &mut line);
                return line.trim_end().to_owned() + "\n";
            }
        };
        let parts: Vec<String> = alternatives
            .iter()
            .map(|one| self.alternative(one))
            .collect();
        let line = format!("{head}: {}", parts.join(" | "));
        let aliased = alternatives.iter().any(|one| one.alias.is_some());
        if parts.len() < 2 || (!aliased && line.chars().count() <= WIDTH) {
            return line.trim_end().to_owned() + "\n";
        }
        let indent = " ".repeat(head.chars().count());
        let mut out = format!("{head}:");
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                let _ = write!(out, "\n{indent}|");
            }
            let _ = write!(out, "{}{part}", if part.is_empty() { "" } else { " " });
        }
        out.push('\n');
        out
    }

    fn is_lazy(&self, id: TerminalId) -> bool {
        let terminal = self.grammar.terminal(id);
        terminal.extent == Extent::Shortest && takes(self.dialect, Feature::StopAttributes)
    }

    fn alternative(&mut self, alternative: &Alternative) -> String {
        let mut out = String::new();
        if alternative.expr != Expr::Empty {
            self.expr(&alternative.expr, Place::Sequence, &mut out);
        }
        if let Some(alias) = &alternative.alias {
            let _ = write!(out, " -> {alias}");
        }
        out
    }

    /// Recursion is bounded by the depth of the expression (`Limits::max_depth`).
    fn expr(&mut self, expr: &Expr, place: Place, out: &mut String) {
        match expr {
            Expr::Empty => out.push_str(if place == Place::Alternatives {
                ""
            } else {
                "()"
            }),
            Expr::Rule { id, .. } => out.push_str(self.names.rule(*id)),
            Expr::Terminal { id, keep, .. } => self.lexeme(*id, *keep, place, out),
            Expr::Seq(parts) => {
                let brackets = (place == Place::Operand).then_some(("(", ")"));
                self.grouped(brackets, out, |own, out| {
                    for (at, part) in parts.iter().enumerate() {
                        out.push_str(if at > 0 { " " } else { "" });
                        let inner = match part {
                            Expr::Alt(_) => Place::Operand,
                            _ => Place::Sequence,
                        };
                        own.expr(part, inner, out);
                    }
                });
            }
            Expr::Alt(_) => self.grouped(Some(("(", ")")), out, |own, out| own.inside(expr, out)),
            Expr::Repeat {
                expr,
                placeholder: true,
                ..
            } => self.grouped(Some(("[", "]")), out, |own, out| own.inside(expr, out)),
            Expr::Repeat { expr, min, max, .. } => {
                let brackets = (place == Place::Operand).then_some(("(", ")"));
                self.grouped(brackets, out, |own, out| {
                    let mut inner = String::new();
                    own.expr(expr, Place::Operand, &mut inner);
                    write_repeat(&inner, *min, *max, own.dialect, out);
                });
            }
            Expr::Opaque { what, .. } => self.opaque(what, out),
        }
    }

    /// Writes what `inside` writes, in `brackets` if there are any.
    fn grouped(
        &mut self,
        brackets: Option<(&'static str, &'static str)>,
        out: &mut String,
        inside: impl FnOnce(&mut Self, &mut String),
    ) {
        let Some(brackets) = brackets else {
            return inside(self, out);
        };
        let group = self.patterns.nesting.open(brackets, out);
        inside(self, out);
        self.patterns.nesting.close(group, out);
    }

    /// What stands in brackets of its own already.
    fn inside(&mut self, expr: &Expr, out: &mut String) {
        if let Expr::Alt(parts) = expr {
            let parts: Vec<String> = parts.iter().map(|part| self.alternative(part)).collect();
            out.push_str(&parts.join(" | "));
        } else {
            self.expr(expr, Place::Sequence, out);
        }
    }

    /// A lexeme by its name where it shows in trees, by its text where it does not.
    fn lexeme(&mut self, id: TerminalId, keep: bool, place: Place, out: &mut String) {
        let terminal = self.grammar.terminal(id);
        let hidden = !keep && !terminal.name.starts_with('_');
        match &terminal.pattern {
            Pattern::Literal { text, ignore_case }
                if hidden || self.patterns.is_inline(terminal) =>
            {
                self.patterns.literal(text, *ignore_case, terminal, out);
            }
            _ if self.patterns.is_inline(terminal) || (!terminal.named && self.is_lazy(id)) => {
                self.patterns.terminal(id, place, out);
            }
            _ => out.push_str(self.names.terminal(id)),
        }
    }

    fn opaque(&mut self, what: &Opaque, out: &mut String) {
        let _ = match what {
            Opaque::JsonSchema(schema) => write!(out, "%json {schema}"),
            Opaque::NestedLark(text) => write!(out, "{text}"),
            Opaque::SpecialToken(token) => write!(out, "{token}"),
            Opaque::NamedGrammar(name) => write!(out, "@{}", name.trim_start_matches('@')),
            Opaque::Imported(_) => write!(out, "/[\\s\\S]+/"),
        };
        let feature = match what {
            Opaque::JsonSchema(_) => Feature::JsonSchema,
            Opaque::NestedLark(_) => Feature::NestedLark,
            Opaque::SpecialToken(_) => Feature::SpecialToken,
            Opaque::NamedGrammar(_) => Feature::GrammarRef,
            Opaque::Imported(name) => {
                let why = "the file it stands in is not at hand";
                let what = format!("`{name}` of another file becomes any text");
                let loss = Loss::new("opaque", Effect::Wider, what, why);
                return self.patterns.losses.push(loss.of(self.rule, None));
            }
        };
        if !takes(self.dialect, feature) {
            let why = format!("{} is not known to read it", self.dialect.title());
            let name = match what {
                Opaque::JsonSchema(_) => "%json",
                Opaque::NestedLark(_) => "%lark",
                Opaque::SpecialToken(text) | Opaque::NamedGrammar(text) => text,
                Opaque::Imported(_) => "%import",
            };
            let what = format!("`{name}`, an extension of llguidance, is left as it is");
            let loss = Loss::new("opaque", Effect::Other, what, why);
            self.patterns.losses.push(loss.of(self.rule, None));
        }
    }

    fn terminals(&mut self) -> String {
        let mut out = String::new();
        for id in self.grammar.terminal_ids() {
            let terminal = self.grammar.terminal(id);
            let lazy = !terminal.named && self.is_lazy(id);
            if self.patterns.is_inline(terminal) || lazy {
                continue;
            }
            if self.is_common(id) {
                let _ = writeln!(out, "%import common.{}", terminal.name);
                continue;
            }
            self.patterns.nesting.own(self.names.terminal(id));
            out.push_str(self.names.terminal(id));
            if takes(self.dialect, Feature::TerminalPriority) && terminal.priority != 0 {
                let _ = write!(out, ".{}", terminal.priority);
            }
            out.push_str(": ");
            self.patterns.terminal(id, Place::Alternatives, &mut out);
            out.push('\n');
            out.push_str(&self.patterns.nesting.made());
        }
        out
    }

    /// Whether the terminal is the one that the reader's library `common` has under its name.
    fn is_common(&self, id: TerminalId) -> bool {
        let terminal = self.grammar.terminal(id);
        let Pattern::Regex(regex) = &terminal.pattern else {
            return false;
        };
        let common =
            common::lookup(&terminal.name).and_then(|common| match self.dialect.regexes() {
                Regexes::Rust => common.rust,
                Regexes::Python => Some(common.python),
            });
        let plain =
            terminal.named && terminal.priority == 0 && self.names.terminal(id) == terminal.name;
        plain && regex.flags.is_empty() && common == Some(regex.source.as_str())
    }

    fn ignores(&mut self) -> String {
        let mut out = String::new();
        for &id in self.grammar.ignore() {
            out.push_str("%ignore ");
            if self.patterns.is_inline(self.grammar.terminal(id)) {
                self.patterns.terminal(id, Place::Alternatives, &mut out);
            } else {
                out.push_str(self.names.terminal(id));
            }
            out.push('\n');
        }
        out
    }
}
