//! Lexing alone: the longest match of a DFA over all terminals, with `regex-automata`. It is what a parser cannot be faster
//! than, and the lexer of the rivals that have none.

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};

use crate::large::SQL_WORDS;

/// A lexer of several patterns; the last one is left out of what it gives.
pub(crate) struct Lexer {
    dfa: dense::DFA<Vec<u32>>,
    start: StateID,
    ignored: usize,
}

/// Which pattern matched, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Match {
    pub(crate) pattern: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The patterns of JSON; [`lalrpop`](crate::lalrpop) knows their order.
pub(crate) const JSON: &[&str] = &[
    r"\{",
    r"\}",
    r"\[",
    r"\]",
    ":",
    ",",
    "true",
    "false",
    "null",
    r#""([^"\\\x00-\x1f]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*""#,
    r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?",
    r"[ \n\r\t]+",
];

impl Lexer {
    pub(crate) fn new(patterns: &[&str]) -> Self {
        let dfa = dense::Builder::new()
            .configure(
                dense::Config::new()
                    .match_kind(MatchKind::All)
                    .start_kind(StartKind::Anchored)
                    .minimize(true),
            )
            .build_many(patterns)
            .expect("the patterns are sound");
        let start = dfa
            .start_state(&start::Config::new().anchored(Anchored::Yes))
            .expect("no look-behind");
        Self {
            dfa,
            start,
            ignored: patterns.len() - 1,
        }
    }

    pub(crate) fn sql() -> Self {
        let words: Vec<String> = SQL_WORDS
            .split('|')
            .map(|word| format!("(?i:{word})"))
            .collect();
        let mut patterns: Vec<&str> = words.iter().map(String::as_str).collect();
        patterns.extend([
            "[A-Za-z_][A-Za-z0-9_]*",
            r"[0-9]+(\.[0-9]+)?",
            "'([^']|'')*'",
            "=|<>|!=|<=|>=|<|>",
            r"\*",
            r"\+",
            "-",
            "/",
            r"\(",
            r"\)",
            ",",
            r"\.",
            ";",
            r"[ \t\n\r]+",
        ]);
        Self::new(&patterns)
    }

    /// The lexemes of a text, without what is ignored.
    pub(crate) fn lexemes<'l>(&'l self, text: &'l str) -> impl Iterator<Item = Match> + 'l {
        let mut at = 0;
        std::iter::from_fn(move || {
            loop {
                if at == text.len() {
                    return None;
                }
                let found = self.longest(text.as_bytes(), at).expect("a lexeme");
                at = found.end;
                if found.pattern != self.ignored {
                    return Some(found);
                }
            }
        })
    }

    /// The longest match at a place.
    fn longest(&self, text: &[u8], start: usize) -> Option<Match> {
        let mut state = self.start;
        let mut found = None;
        let mut at = start;
        // A match shows one byte late, and at the end of the text.
        while let Some(&byte) = text.get(at) {
            state = self.dfa.next_state(state, byte);
            if self.dfa.is_special_state(state) {
                if !self.dfa.is_match_state(state) {
                    break;
                }
                found = Some((state, at));
            }
            at += 1;
        }
        if at == text.len() {
            state = self.dfa.next_eoi_state(state);
            if self.dfa.is_match_state(state) {
                found = Some((state, at));
            }
        }
        found.map(|(state, end)| Match {
            pattern: self.dfa.match_pattern(state, 0).as_usize(),
            start,
            end,
        })
    }
}
