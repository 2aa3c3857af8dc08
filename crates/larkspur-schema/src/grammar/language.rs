//! Regular languages of JSON texts: what terminals are made of.

use std::collections::HashMap;

use larkspur_grammar::grammar::{Pattern, RegexPattern};
use regex_syntax::hir::{Hir, HirKind};

/// A terminal of the grammar that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TermId(pub(super) usize);

/// Texts.
#[derive(Clone, Debug)]
pub(super) enum Language {
    /// No text.
    Never,
    /// One regular expression.
    Regex(Hir),
    /// All of them.
    And(Vec<Self>),
    /// One of them.
    Or(Vec<Self>),
    /// Every other text.
    Not(Box<Self>),
}

impl Language {
    /// The texts of a regular expression written here, in the syntax of the `regex` crate.
    pub(super) fn regex(text: &str) -> Self {
        // The texts written in this module are regular expressions; a bound that made one too large is an empty language.
        regex_syntax::parse(text).map_or(Self::Never, Self::Regex)
    }

    /// One of several regular expressions.
    pub(super) fn any_of(alternatives: &[String]) -> Self {
        match alternatives {
            [] => Self::Never,
            more => Self::regex(&more.join("|")),
        }
    }

    pub(super) fn and(parts: Vec<Self>) -> Self {
        if parts.iter().any(|part| matches!(part, Self::Never)) {
            return Self::Never;
        }
        one(parts, Self::And)
    }

    pub(super) fn or(parts: Vec<Self>) -> Self {
        let parts: Vec<Self> = parts
            .into_iter()
            .filter(|part| !matches!(part, Self::Never))
            .collect();
        if parts.is_empty() {
            return Self::Never;
        }
        // One expression is simpler than several beside each other.
        let hirs: Option<Vec<Hir>> = parts
            .iter()
            .map(|part| match part {
                Self::Regex(hir) => Some(hir.clone()),
                _ => None,
            })
            .collect();
        match hirs {
            Some(hirs) => Self::Regex(Hir::alternation(hirs)),
            None => one(parts, Self::Or),
        }
    }

    pub(super) fn not(of: Self) -> Self {
        Self::Not(Box::new(of))
    }

    /// As a pattern of a grammar, and as a text that is the same for the same languages written the same way.
    fn pattern(&self) -> (Pattern, String) {
        let all = |parts: &[Self], sign: &str| -> (Vec<Pattern>, String) {
            let parts: Vec<(Pattern, String)> = parts.iter().map(Self::pattern).collect();
            let keys: Vec<&str> = parts.iter().map(|(_, key)| key.as_str()).collect();
            let key = format!("({})", keys.join(sign));
            (parts.into_iter().map(|(pattern, _)| pattern).collect(), key)
        };
        match self {
            Self::Never => (Pattern::Alt(Vec::new()), "never".to_owned()),
            Self::Regex(hir) => of_hir(hir),
            Self::And(parts) => {
                let (parts, key) = all(parts, "&");
                (Pattern::And(parts), key)
            }
            Self::Or(parts) => {
                let (parts, key) = all(parts, "|");
                (Pattern::Alt(parts), key)
            }
            Self::Not(of) => {
                let (pattern, key) = of.pattern();
                (Pattern::Not(Box::new(pattern)), format!("~{key}"))
            }
        }
    }
}

fn one(mut parts: Vec<Language>, of_several: impl FnOnce(Vec<Language>) -> Language) -> Language {
    if parts.len() == 1 {
        parts.pop().unwrap_or(Language::Never)
    } else {
        of_several(parts)
    }
}

fn of_hir(hir: &Hir) -> (Pattern, String) {
    if let HirKind::Literal(bytes) = hir.kind()
        && let Ok(text) = std::str::from_utf8(&bytes.0)
    {
        return (Pattern::literal(text), format!("{text:?}"));
    }
    match RegexPattern::of_hir(hir.clone()) {
        Some(regex) => {
            let key = format!("/{}/", regex.source);
            (Pattern::Regex(regex), key)
        }
        // Nothing here has bytes that are no text, or look-around.
        None => (Pattern::Alt(Vec::new()), "never".to_owned()),
    }
}

/// A terminal that is made once, however often it is used.
#[derive(Clone, Debug)]
pub(super) struct Terminal {
    pub(super) name: Option<&'static str>,
    pub(super) pattern: Pattern,
    /// Whether it shows in trees.
    pub(super) keep: bool,
    /// Whether an intersection or a complement is in it.
    pub(super) is_combined: bool,
}

/// The terminals made so far.
#[derive(Debug, Default)]
pub(super) struct Terminals {
    pub(super) all: Vec<Terminal>,
    keys: HashMap<String, TermId>,
}

impl Terminals {
    /// The terminal for a language; the first name that it is asked for by stays.
    pub(super) fn id(
        &mut self,
        language: &Language,
        name: Option<&'static str>,
        keep: bool,
    ) -> TermId {
        let (pattern, key) = language.pattern();
        if let Some(known) = self.keys.get(&key) {
            return *known;
        }
        let id = TermId(self.all.len());
        self.all.push(Terminal {
            name,
            pattern,
            keep,
            is_combined: !matches!(language, Language::Regex(_)),
        });
        self.keys.insert(key, id);
        id
    }
}
