//! Rules into a [`Grammar`]: what derives nothing is left out, what only stands for something else is replaced by it.

use std::collections::{HashMap, HashSet};

use larkspur_grammar::{
    Grammar, GrammarBuilder, Limits, Semantics,
    grammar::{BuildError, Expr, Pattern, RuleId as GrammarRule, TerminalId, analysis},
};

use super::{
    WhiteSpace,
    body::{Body, RuleId},
    language::{TermId, Terminal},
    maker::{Definition, Maker},
};

/// Nodes that are built to find out whether an intersection is empty.
const SEARCH_BUDGET: usize = 20_000;

/// The grammar whose start derives `start`.
pub(super) fn emit(maker: &Maker<'_>, start: &Body) -> Result<Grammar, BuildError> {
    let empty = empty_terminals(&maker.terminals.all)?;
    let mut rules = maker.rules.clone();
    let leaf = |body: &Body| match body {
        Body::Term(id) if empty.contains(id) => Body::Never,
        other => other.clone(),
    };
    for rule in &mut rules {
        rule.body = rule.body.map(&leaf);
    }
    prune(&mut rules);
    let start = follow(&rules, start);
    let start = match &start {
        Body::Rule(rule) if uses(&rules).get(rule.0).is_none_or(Vec::is_empty) => rules
            .get(rule.0)
            .map_or(Body::Never, |rule| rule.body.clone()),
        _ => start,
    };
    write(maker, &rules, &start)
}

/// Terminals that match nothing, among those of which that is not plain.
fn empty_terminals(terminals: &[Terminal]) -> Result<HashSet<TermId>, BuildError> {
    let doubtful: Vec<(TermId, &Terminal)> = terminals
        .iter()
        .enumerate()
        .filter(|(_, terminal)| terminal.may_be_empty)
        .map(|(at, terminal)| (TermId(at), terminal))
        .collect();
    if doubtful.is_empty() {
        return Ok(HashSet::new());
    }
    let mut builder = GrammarBuilder::with_limits(Semantics::Llguidance, limits());
    let start = builder.rule("start");
    let ids: Vec<TerminalId> = doubtful
        .iter()
        .enumerate()
        .map(|(at, (_, terminal))| {
            let id = builder.terminal(&format!("T{at}"));
            builder.define_terminal(id, terminal.pattern.clone());
            id
        })
        .collect();
    builder.define_rule(start, Expr::alt(ids.iter().map(|id| Expr::terminal(*id))));
    let grammar = builder.build(start)?;
    let empty = analysis::barren_terminals(&grammar, SEARCH_BUDGET);
    let found = doubtful
        .iter()
        .zip(&ids)
        .filter(|(_, id)| empty.contains(id.index()));
    Ok(found.map(|((id, _), _)| *id).collect())
}

fn limits() -> Limits {
    Limits::default()
}

/// For each rule those that use it.
fn uses(rules: &[Definition]) -> Vec<Vec<usize>> {
    let mut users = vec![Vec::new(); rules.len()];
    for (at, rule) in rules.iter().enumerate() {
        let mut open = vec![&rule.body];
        while let Some(body) = open.pop() {
            if let Body::Rule(used) = body
                && let Some(users) = users.get_mut(used.0)
            {
                users.push(at);
            }
            open.extend(body.children());
        }
    }
    users
}

/// Takes out what derives nothing, and puts what rules stand for in their place.
fn prune(rules: &mut [Definition]) {
    let users = uses(rules);
    let mut productive = vec![false; rules.len()];
    let mut open: Vec<usize> = (0..rules.len()).rev().collect();
    while let Some(at) = open.pop() {
        let Some(rule) = rules.get(at) else { continue };
        if !productive.get(at).is_some_and(|is| *is) && derives(&rule.body, &productive) {
            if let Some(is) = productive.get_mut(at) {
                *is = true;
            }
            open.extend(users.get(at).into_iter().flatten());
        }
    }
    let alive = |body: &Body| match body {
        Body::Rule(rule) if !productive.get(rule.0).is_some_and(|is| *is) => Body::Never,
        other => other.clone(),
    };
    for rule in rules.iter_mut() {
        rule.body = rule.body.map(&alive);
    }
    let known = rules.to_vec();
    for rule in rules {
        rule.body = rule.body.map(&|leaf: &Body| follow(&known, leaf));
    }
}

fn derives(body: &Body, productive: &[bool]) -> bool {
    match body {
        Body::Never => false,
        Body::Empty | Body::Term(_) | Body::Repeat(_, 0, _) => true,
        Body::Rule(rule) => productive.get(rule.0).is_some_and(|is| *is),
        Body::Seq(parts) => parts.iter().all(|part| derives(part, productive)),
        Body::Alt(parts) => parts.iter().any(|part| derives(part, productive)),
        Body::Repeat(body, ..) => derives(body, productive),
    }
}

/// What a reference stands for in the end.
fn follow(rules: &[Definition], body: &Body) -> Body {
    let mut body = body.clone();
    for _ in 0..rules.len() {
        let Body::Rule(RuleId(at)) = body else { break };
        match rules.get(at).map(|rule| &rule.body) {
            Some(next @ (Body::Rule(_) | Body::Term(_) | Body::Never | Body::Empty)) => {
                body = next.clone();
            }
            _ => break,
        }
    }
    body
}

/// Writes the rules that the start comes to.
fn write(maker: &Maker<'_>, rules: &[Definition], start: &Body) -> Result<Grammar, BuildError> {
    let mut writer = Writer {
        builder: GrammarBuilder::with_limits(Semantics::Llguidance, limits()),
        terminals: &maker.terminals.all,
        rules,
        ids: vec![None; rules.len()],
        terminal_ids: vec![None; maker.terminals.all.len()],
        names: HashMap::from([("start".to_owned(), 2)]),
        open: Vec::new(),
    };
    let first = writer.builder.rule("start");
    let mut body = writer.expr(start);
    if maker.options.white_space == WhiteSpace::Everywhere {
        let space = super::language::Language::fixed(r"[ \t\n\r]+");
        let mut terminals = super::language::Terminals::default();
        terminals.id(&space, Some("WS"), false);
        for terminal in &terminals.all {
            let id = writer.builder.terminal("WS");
            writer.builder.define_terminal(id, terminal.pattern.clone());
            let space = Expr::Terminal {
                id,
                keep: false,
                span: None,
            }
            .optional();
            body = Expr::seq([space.clone(), body.clone(), space]);
        }
    }
    writer.builder.define_rule(first, body);
    while let Some((rule, id)) = writer.open.pop() {
        let body = rules
            .get(rule.0)
            .map_or(Body::Never, |rule| rule.body.clone());
        let body = writer.expr(&body);
        writer.builder.define_rule(id, body);
    }
    writer.builder.build(first)
}

struct Writer<'w> {
    builder: GrammarBuilder,
    terminals: &'w [Terminal],
    rules: &'w [Definition],
    ids: Vec<Option<GrammarRule>>,
    terminal_ids: Vec<Option<TerminalId>>,
    /// The names that are taken, each with the number that the next one like it gets.
    names: HashMap<String, u32>,
    open: Vec<(RuleId, GrammarRule)>,
}

impl Writer<'_> {
    /// Recursion is as deep as bodies are, which are shallow.
    fn expr(&mut self, body: &Body) -> Expr {
        match body {
            Body::Never => Expr::terminal(self.builder.anonymous(
                Pattern::Alt(Vec::new()),
                larkspur_grammar::grammar::Extent::Longest,
                None,
            )),
            Body::Empty => Expr::Empty,
            Body::Rule(rule) => Expr::rule(self.rule(*rule)),
            Body::Term(term) => self.terminal(*term),
            Body::Seq(parts) => {
                let parts: Vec<Expr> = parts.iter().map(|part| self.expr(part)).collect();
                Expr::seq(parts)
            }
            Body::Alt(parts) => {
                let parts: Vec<Expr> = parts.iter().map(|part| self.expr(part)).collect();
                Expr::alt(parts)
            }
            Body::Repeat(body, min, max) => self.expr(body).repeat(*min, *max),
        }
    }

    fn rule(&mut self, rule: RuleId) -> GrammarRule {
        if let Some(Some(known)) = self.ids.get(rule.0) {
            return *known;
        }
        let wanted = self
            .rules
            .get(rule.0)
            .map_or("rule", |rule| rule.name.as_str());
        let name = self.free_name(&rule_name(wanted));
        let id = self.builder.rule(&name);
        if let Some(slot) = self.ids.get_mut(rule.0) {
            *slot = Some(id);
        }
        self.open.push((rule, id));
        id
    }

    fn free_name(&mut self, wanted: &str) -> String {
        let Some(known) = self.names.get(wanted) else {
            self.names.insert(wanted.to_owned(), 2);
            return wanted.to_owned();
        };
        let mut next = *known;
        let name = loop {
            let name = format!("{wanted}_{next}");
            next += 1;
            if !self.names.contains_key(&name) {
                break name;
            }
        };
        self.names.insert(wanted.to_owned(), next);
        self.names.insert(name.clone(), 2);
        name
    }

    fn terminal(&mut self, term: TermId) -> Expr {
        let Some(terminal) = self.terminals.get(term.0) else {
            return Expr::Empty;
        };
        let known = self.terminal_ids.get(term.0).copied().flatten();
        let id = known.unwrap_or_else(|| {
            let id = match terminal.name {
                Some(name) => {
                    let id = self.builder.terminal(name);
                    self.builder.define_terminal(id, terminal.pattern.clone());
                    id
                }
                None => self.builder.anonymous(
                    terminal.pattern.clone(),
                    larkspur_grammar::grammar::Extent::Longest,
                    None,
                ),
            };
            if let Some(slot) = self.terminal_ids.get_mut(term.0) {
                *slot = Some(id);
            }
            id
        });
        Expr::Terminal {
            id,
            keep: terminal.keep,
            span: None,
        }
    }
}

/// A name as grammars write those of rules: lower-case letters, digits and `_`.
fn rule_name(wanted: &str) -> String {
    const LONGEST: usize = 40;
    let mut name = String::new();
    for c in wanted.chars().take(LONGEST) {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    let name = name.trim_end_matches('_');
    match name.chars().next() {
        None => "item".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("r_{name}"),
        Some(_) => name.to_owned(),
    }
}
