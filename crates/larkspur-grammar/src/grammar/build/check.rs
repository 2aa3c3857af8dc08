//! What must hold before a grammar is made.

use std::fmt::Write;

use super::GrammarBuilder;
use crate::diagnostic::Diagnostic;
use crate::grammar::{Expr, Pattern};
use crate::limits::Limits;

impl GrammarBuilder {
    pub(super) fn check(&mut self) {
        let mut findings = std::mem::take(&mut self.findings);
        self.check_names(&mut findings);
        self.check_sizes(&mut findings);
        self.check_circles(&mut findings);
        self.findings = findings;
    }

    fn check_names(&self, findings: &mut Vec<Diagnostic>) {
        let rules = self
            .rules
            .iter()
            .filter(|slot| slot.definition.is_none())
            .map(|slot| ("rule", &slot.name));
        let terminals = self
            .terminals
            .iter()
            .filter(|slot| slot.definition.is_none())
            .map(|slot| ("terminal", &slot.name));
        findings.extend(rules.chain(terminals).map(|(kind, name)| {
            Diagnostic::error(
                "unknown-name",
                format!("the {kind} `{name}` is not defined"),
            )
        }));
    }

    fn check_sizes(&self, findings: &mut Vec<Diagnostic>) {
        let limits = &self.limits;
        let symbols = self.rules.len() + self.terminals.len();
        if symbols > limits.max_symbols {
            let message = format!(
                "{symbols} rules and terminals, the limit is {}",
                limits.max_symbols
            );
            findings.push(Diagnostic::error("limit", message));
        }
        let mut size = Size {
            nodes: 0,
            limits,
            ids: self.rules.len(),
            terminals: self.terminals.len(),
        };
        for slot in &self.rules {
            if let Some(rule) = &slot.definition
                && let Err(message) = size.expr(&rule.body)
            {
                findings.push(
                    Diagnostic::error("limit", format!("rule `{}`: {message}", slot.name))
                        .at(rule.span),
                );
            }
        }
        for slot in &self.terminals {
            if let Some(terminal) = &slot.definition
                && let Err(message) = size.pattern(&terminal.pattern)
            {
                findings.push(
                    Diagnostic::error("limit", format!("terminal `{}`: {message}", slot.name))
                        .at(terminal.span),
                );
            }
        }
    }

    /// Terminals are regular: none may contain itself. A depth-first walk with an explicit stack, each edge once.
    fn check_circles(&self, findings: &mut Vec<Diagnostic>) {
        let edges: Vec<Vec<usize>> = self
            .terminals
            .iter()
            .map(|slot| {
                slot.definition
                    .as_ref()
                    .map(|terminal| {
                        terminal
                            .pattern
                            .terminals()
                            .iter()
                            .map(|id| id.index())
                            .collect()
                    })
                    .unwrap_or_default()
            })
            .collect();
        for cycle in cycles(&edges) {
            let names: Vec<&str> = cycle
                .iter()
                .filter_map(|&at| self.terminals.get(at))
                .map(|slot| slot.name.as_str())
                .collect();
            let Some(slot) = cycle.first().and_then(|&at| self.terminals.get(at)) else {
                continue;
            };
            let span = slot.definition.as_ref().and_then(|terminal| terminal.span);
            findings.push(circular(&names, span));
        }
    }
}

/// The finding for terminals that contain each other, in the order of containment.
pub(crate) fn circular(names: &[&str], span: Option<crate::Span>) -> Diagnostic {
    let first = names.first().copied().unwrap_or_default();
    let path: Vec<String> = names
        .iter()
        .chain(names.first())
        .map(|name| format!("`{name}`"))
        .collect();
    let message = if names.len() == 1 {
        format!("the terminal `{first}` contains itself")
    } else {
        format!(
            "the terminal `{first}` contains itself: {}",
            path.join(" → ")
        )
    };
    Diagnostic::error("circular-terminal", message)
        .at(span)
        .hint("terminals are regular expressions; write what recurses as a rule, in lower case")
}

/// Cycles that are reported.
const MAX_CYCLES: usize = 100;
/// Members of a cycle that are reported.
const MAX_CYCLE: usize = 20;

/// One cycle for each node that closes one, in the order of a depth-first walk.
pub(crate) fn cycles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut state = vec![0_u8; edges.len()]; // 0 new, 1 on the path, 2 done
    let mut found = Vec::new();
    for root in 0..edges.len() {
        let mut path: Vec<(usize, usize)> = Vec::new();
        if state.get(root) == Some(&0) {
            path.push((root, 0));
        }
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            if let Some(mark) = state.get_mut(node) {
                *mark = 1;
            }
            let child = edges
                .get(node)
                .and_then(|children| children.get(*next))
                .copied();
            *next += 1;
            match child {
                None => {
                    if let Some(mark) = state.get_mut(node) {
                        *mark = 2;
                    }
                    path.pop();
                }
                Some(child) => match state.get(child) {
                    Some(0) => path.push((child, 0)),
                    Some(1) if found.len() < MAX_CYCLES => {
                        let path = path.iter().map(|(node, _)| *node);
                        found.push(
                            path.skip_while(|node| *node != child)
                                .take(MAX_CYCLE)
                                .collect(),
                        );
                    }
                    _ => {}
                },
            }
        }
    }
    found
}

struct Size<'a> {
    nodes: usize,
    limits: &'a Limits,
    ids: usize,
    terminals: usize,
}

impl Size<'_> {
    /// Levels of `Seq`, `Alt` and `Repeat` that one group of the author's text may become.
    const LEVELS: usize = 3;

    fn expr(&mut self, expr: &Expr) -> Result<(), String> {
        let mut stack = vec![(expr, 0)];
        while let Some((expr, depth)) = stack.pop() {
            self.node(depth)?;
            match expr {
                Expr::Rule { id, .. } if id.index() >= self.ids => {
                    return Err("an id of another grammar".to_owned());
                }
                Expr::Terminal { id, .. } if id.index() >= self.terminals => {
                    return Err("an id of another grammar".to_owned());
                }
                Expr::Repeat { min, max, .. } => self.count(max.unwrap_or(*min))?,
                _ => {}
            }
            stack.extend(expr.children().map(|child| (child, depth + 1)));
        }
        Ok(())
    }

    fn pattern(&mut self, pattern: &Pattern) -> Result<(), String> {
        let mut stack = vec![(pattern, 0)];
        while let Some((pattern, depth)) = stack.pop() {
            self.node(depth)?;
            match pattern {
                Pattern::Terminal(id) if id.index() >= self.terminals => {
                    return Err("an id of another grammar".to_owned());
                }
                Pattern::Repeat { min, max, .. } => self.count(max.unwrap_or(*min))?,
                _ => {}
            }
            stack.extend(pattern.children().iter().map(|child| (child, depth + 1)));
        }
        Ok(())
    }

    fn node(&mut self, depth: usize) -> Result<(), String> {
        self.nodes += 1;
        if depth > self.limits.max_depth.saturating_mul(Self::LEVELS) {
            return Err(format!(
                "groups are nested more than {} deep",
                self.limits.max_depth
            ));
        }
        if self.nodes > self.limits.max_nodes {
            return Err(format!(
                "the grammar has more than {} pieces",
                self.limits.max_nodes
            ));
        }
        Ok(())
    }

    fn count(&self, count: u32) -> Result<(), String> {
        let max = self.limits.max_repeat;
        if count > max {
            Err(format!("a repetition of {count}, the limit is {max}"))
        } else {
            Ok(())
        }
    }
}

/// Writes a pattern so that equal texts mean equal patterns. Recursion is bounded by the depth of the pattern, which front
/// ends bound while they read.
pub(super) fn write_key(pattern: &Pattern, key: &mut String) {
    let (kind, children) = match pattern {
        Pattern::Literal { text, ignore_case } => {
            let _ = write!(key, "{text:?}{}", if *ignore_case { "i" } else { "" });
            return;
        }
        Pattern::Range { first, last } => {
            let _ = write!(key, "{first:?}..{last:?}");
            return;
        }
        Pattern::Regex(regex) => {
            let _ = write!(key, "/{}/{}", regex.source, regex.flags);
            return;
        }
        Pattern::Terminal(id) => {
            let _ = write!(key, "#{}", id.index());
            return;
        }
        Pattern::Substring(pieces) => {
            let _ = write!(key, "sub{pieces:?}");
            return;
        }
        Pattern::Repeat { min, max, .. } => (format!("{min}-{max:?}"), pattern.children()),
        Pattern::Concat(parts) => (".".to_owned(), parts.as_slice()),
        Pattern::Alt(parts) => ("|".to_owned(), parts.as_slice()),
        Pattern::And(parts) => ("&".to_owned(), parts.as_slice()),
        Pattern::Not(_) => ("~".to_owned(), pattern.children()),
    };
    let _ = write!(key, "{kind}(");
    for child in children {
        write_key(child, key);
        key.push(',');
    }
    key.push(')');
}
