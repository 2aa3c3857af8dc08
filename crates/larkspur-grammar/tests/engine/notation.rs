//! Grammars for tests, from a few lines of text.

use larkspur_grammar::grammar::{Expr, Extent, Grammar, GrammarBuilder, Options, Pattern, RegexPattern, RuleTree, Semantics};

/// Reads the part of Lark's notation that the tests use.
pub(crate) fn grammar(text: &str, semantics: Semantics) -> Grammar {
    let mut reader = Reader { builder: GrammarBuilder::new(semantics), rest: Vec::new(), keep: false };
    for line in joined(text) {
        reader.statement(&line);
    }
    let start = reader.builder.rule("start");
    reader.builder.build(start).expect("the grammar of a test is sound")
}

/// Lines, with those that begin with `|` put behind the one before.
fn joined(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match lines.last_mut() {
            Some(last) if line.starts_with('|') => last.push_str(line),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

struct Reader {
    builder: GrammarBuilder,
    rest: Vec<char>,
    keep: bool,
}

impl Reader {
    fn statement(&mut self, line: &str) {
        if line.starts_with("%llguidance") {
            self.builder.options(Options {
                allow_initial_skip: line.contains("initial"),
                ignore_once: line.contains("ignore_once"),
                ..Default::default()
            });
            return;
        }
        if let Some(ignored) = line.strip_prefix("%ignore") {
            self.rest = ignored.trim().chars().rev().collect();
            let pattern = self.pattern_alt();
            let id = self.builder.anonymous(pattern, Extent::Longest, None);
            self.builder.ignore(id);
            return;
        }
        let (name, body) = line.split_once(':').expect("a definition");
        self.rest = body.trim().chars().rev().collect();
        let keep_all = name.starts_with('!');
        let inline_single = name.trim_start_matches('!').starts_with('?');
        let name = name.trim_start_matches(['!', '?']).trim();
        if name.trim_start_matches('_').starts_with(char::is_uppercase) {
            let pattern = self.pattern_alt();
            let id = self.builder.terminal(name);
            self.builder.define_terminal(id, pattern);
            return;
        }
        self.keep = keep_all;
        let body = self.alternatives();
        let id = self.builder.rule(name);
        let mut tree = RuleTree::default();
        tree.inline = name.starts_with('_');
        tree.inline_single = inline_single;
        tree.keep_all = keep_all;
        self.builder.define_rule_with(id, body, None, tree, 0);
    }

    fn blank(&mut self) {
        while self.rest.last().is_some_and(|c| c.is_whitespace()) {
            self.rest.pop();
        }
    }

    fn peek(&mut self) -> Option<char> {
        self.blank();
        self.rest.last().copied()
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.rest.pop();
        }
        found
    }

    fn alternatives(&mut self) -> Expr {
        let mut all = Vec::new();
        loop {
            let mut seq = Vec::new();
            while !matches!(self.peek(), None | Some('|' | ')' | ']' | '-')) {
                seq.push(self.item());
            }
            let alias = (self.eat('-') && self.eat('>')).then(|| self.name());
            all.push(larkspur_grammar::grammar::Alternative::new(Expr::seq(seq), alias, None));
            if !self.eat('|') {
                break;
            }
        }
        if all.len() == 1 && all[0].alias.is_none() {
            return all.remove(0).expr;
        }
        Expr::Alt(all)
    }

    fn item(&mut self) -> Expr {
        let keep = self.keep;
        let atom = match self.peek().unwrap() {
            '(' => {
                self.eat('(');
                let inner = self.alternatives();
                assert!(self.eat(')'));
                inner
            }
            '"' => {
                let pattern = self.pattern_atom();
                let Pattern::Literal { text, ignore_case: false } = &pattern else {
                    let id = self.builder.anonymous(pattern, Extent::Longest, None);
                    return self.postfix(Expr::Terminal { id, keep, span: None });
                };
                match self.builder.literal(text) {
                    Expr::Terminal { id, .. } => Expr::Terminal { id, keep, span: None },
                    other => other,
                }
            }
            '/' => {
                let pattern = self.pattern_atom();
                Expr::terminal(self.builder.anonymous(pattern, Extent::Longest, None))
            }
            _ => {
                let name = self.name();
                if name.trim_start_matches('_').starts_with(char::is_uppercase) {
                    Expr::Terminal { id: self.builder.terminal(&name), keep: keep || !name.starts_with('_'), span: None }
                } else {
                    Expr::rule(self.builder.rule(&name))
                }
            }
        };
        self.postfix(atom)
    }

    fn postfix(&mut self, mut expr: Expr) -> Expr {
        while let Some((min, max)) = self.count() {
            expr = expr.repeat(min, max);
        }
        expr
    }

    fn count(&mut self) -> Option<(u32, Option<u32>)> {
        match self.rest.last()? {
            '?' => { self.rest.pop(); Some((0, Some(1))) }
            '*' => { self.rest.pop(); Some((0, None)) }
            '+' => { self.rest.pop(); Some((1, None)) }
            '{' => {
                self.rest.pop();
                let mut text = String::new();
                while !self.eat('}') {
                    text.push(self.rest.pop().unwrap());
                }
                let number = |text: &str| text.trim().parse::<u32>().ok();
                Some(match text.split_once(',') {
                    None => (number(&text).unwrap(), number(&text)),
                    Some((min, max)) => (number(min).unwrap_or(0), number(max)),
                })
            }
            _ => None,
        }
    }

    fn name(&mut self) -> String {
        self.blank();
        let mut name = String::new();
        while self.rest.last().is_some_and(|c| c.is_alphanumeric() || *c == '_') {
            name.push(self.rest.pop().unwrap());
        }
        assert!(!name.is_empty(), "no name before {:?}", self.rest.iter().rev().collect::<String>());
        name
    }

    fn pattern_alt(&mut self) -> Pattern {
        let mut all = vec![self.pattern_and()];
        while self.eat('|') {
            all.push(self.pattern_and());
        }
        if all.len() == 1 { all.remove(0) } else { Pattern::Alt(all) }
    }

    fn pattern_and(&mut self) -> Pattern {
        let mut all = vec![self.pattern_seq()];
        while self.eat('&') {
            all.push(self.pattern_seq());
        }
        if all.len() == 1 { all.remove(0) } else { Pattern::And(all) }
    }

    fn pattern_seq(&mut self) -> Pattern {
        let mut all = Vec::new();
        while !matches!(self.peek(), None | Some('|' | ')' | '&')) {
            let not = self.eat('~');
            let mut atom = self.pattern_atom();
            while let Some((min, max)) = self.count() {
                atom = Pattern::Repeat { pattern: Box::new(atom), min, max };
            }
            all.push(if not { Pattern::Not(Box::new(atom)) } else { atom });
        }
        if all.len() == 1 { all.remove(0) } else { Pattern::Concat(all) }
    }

    fn pattern_atom(&mut self) -> Pattern {
        match self.peek().unwrap() {
            '(' => {
                self.eat('(');
                let inner = self.pattern_alt();
                assert!(self.eat(')'));
                inner
            }
            '"' => {
                let text = self.quoted('"');
                let text = text.replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\");
                let ignore_case = self.rest.last() == Some(&'i');
                if ignore_case {
                    self.rest.pop();
                }
                Pattern::Literal { text, ignore_case }
            }
            '/' => {
                let source = self.quoted('/').replace("\\/", "/");
                let hir = regex_syntax::parse(&source).unwrap();
                Pattern::Regex(RegexPattern::new(source, "", hir))
            }
            _ => {
                let name = self.name();
                Pattern::Terminal(self.builder.terminal(&name))
            }
        }
    }

    fn quoted(&mut self, by: char) -> String {
        assert!(self.eat(by));
        let mut text = String::new();
        loop {
            match self.rest.pop().expect("a closing quote") {
                '\\' => {
                    text.push('\\');
                    text.push(self.rest.pop().unwrap());
                }
                c if c == by => return text,
                c => text.push(c),
            }
        }
    }
}
