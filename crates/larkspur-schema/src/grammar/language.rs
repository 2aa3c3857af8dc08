//! Regular languages of JSON texts: what terminals are made of.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError},
};

use larkspur_grammar::grammar::{Pattern, RegexPattern};
use regex_syntax::hir::{Hir, HirKind};

/// A terminal of the grammar that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TermId(pub(super) usize);

/// Texts.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Language {
    /// No text.
    Never,
    /// One regular expression.
    Regex(Regex),
    /// All of them.
    And(Vec<Self>),
    /// One of them.
    Or(Vec<Self>),
    /// Every other text.
    Not(Box<Self>),
}

/// A regular expression, shared by all who use it, and as a pattern once somebody has asked for that.
#[derive(Clone, Debug)]
pub(super) struct Regex(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    hir: Arc<Hir>,
    written: OnceLock<(Pattern, String)>,
}

impl Regex {
    pub(super) fn new(hir: Hir) -> Self {
        Self(Arc::new(Shared {
            hir: Arc::new(hir),
            written: OnceLock::new(),
        }))
    }

    /// As a pattern of a grammar, and as a text that is the same for the same expressions.
    fn written(&self) -> &(Pattern, String) {
        self.0.written.get_or_init(|| of_hir(&self.0.hir))
    }

    fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}

impl PartialEq for Regex {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.hir == other.0.hir
    }
}

impl Language {
    /// The texts of a regular expression, in the syntax of the `regex` crate.
    pub(super) fn regex(text: &str) -> Self {
        // The texts written in this module are regular expressions; a bound that made one too large is an empty language.
        regex_syntax::parse(text).map_or(Self::Never, Self::of_hir)
    }

    /// The same for one that stands in this crate: it is read once, however many schemas ask for it.
    pub(super) fn fixed(text: &'static str) -> Self {
        static READ: LazyLock<Mutex<HashMap<&'static str, Language>>> =
            LazyLock::new(Mutex::default);
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        read.entry(text)
            .or_insert_with(|| Self::regex(text))
            .clone()
    }

    pub(super) fn of_hir(hir: Hir) -> Self {
        Self::Regex(Regex::new(hir))
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

    pub(super) fn or(mut parts: Vec<Self>) -> Self {
        parts.retain(|part| !matches!(part, Self::Never));
        if parts.is_empty() {
            return Self::Never;
        }
        if parts.len() == 1 {
            return one(parts, Self::Or);
        }
        // One expression is simpler than several beside each other.
        let hirs: Option<Vec<Hir>> = parts
            .iter()
            .map(|part| match part {
                Self::Regex(regex) => Some((*regex.0.hir).clone()),
                _ => None,
            })
            .collect();
        match hirs {
            Some(hirs) => Self::of_hir(Hir::alternation(hirs)),
            None => one(parts, Self::Or),
        }
    }

    pub(super) fn not(of: Self) -> Self {
        Self::Not(Box::new(of))
    }

    /// Whether it takes a search to know that some text is left.
    fn may_be_empty(&self) -> bool {
        // Of infinitely many strings some are left without finitely many.
        let leaves_some = |part: &Self| match part {
            Self::Not(of) => of.is_finite(),
            Self::Regex(_) => *part == Self::fixed(super::spelling::ANY_STRING),
            _ => false,
        };
        match self {
            Self::Regex(_) => false,
            Self::And(parts) => !parts.iter().all(leaves_some),
            _ => true,
        }
    }

    /// Whether it visibly has finitely many texts.
    fn is_finite(&self) -> bool {
        match self {
            Self::Never => true,
            Self::Regex(regex) => regex.0.hir.properties().maximum_len().is_some(),
            Self::And(parts) => parts.iter().any(Self::is_finite),
            Self::Or(parts) => parts.iter().all(Self::is_finite),
            Self::Not(_) => false,
        }
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
            Self::Regex(regex) => regex.written().clone(),
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

fn of_hir(hir: &Arc<Hir>) -> (Pattern, String) {
    if let HirKind::Literal(bytes) = hir.kind()
        && let Ok(text) = std::str::from_utf8(&bytes.0)
    {
        return (Pattern::literal(text), format!("{text:?}"));
    }
    match RegexPattern::of_hir(Arc::clone(hir)) {
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
    /// Whether it may have no text: an intersection or a complement is in it.
    pub(super) may_be_empty: bool,
}

/// The terminals made so far.
#[derive(Debug, Default)]
pub(super) struct Terminals {
    pub(super) all: Vec<Terminal>,
    keys: HashMap<String, TermId>,
    /// By the address of their expression, which stays one while it is kept here.
    shared: HashMap<usize, (Regex, TermId)>,
}

impl Terminals {
    /// The terminal for a language; the first name that it is asked for by stays.
    pub(super) fn id(
        &mut self,
        language: &Language,
        name: Option<&'static str>,
        keep: bool,
    ) -> TermId {
        let Language::Regex(regex) = language else {
            let (pattern, key) = language.pattern();
            return self.by_key(&key, name, keep, || (pattern, language.may_be_empty()));
        };
        if let Some((_, known)) = self.shared.get(&regex.address()) {
            return *known;
        }
        let (pattern, key) = regex.written();
        let id = self.by_key(key, name, keep, || (pattern.clone(), false));
        // Who else holds it may ask again.
        if Arc::strong_count(&regex.0) > 1 {
            self.shared.insert(regex.address(), (regex.clone(), id));
        }
        id
    }

    fn by_key(
        &mut self,
        key: &str,
        name: Option<&'static str>,
        keep: bool,
        make: impl FnOnce() -> (Pattern, bool),
    ) -> TermId {
        if let Some(known) = self.keys.get(key) {
            return *known;
        }
        let id = TermId(self.all.len());
        let (pattern, may_be_empty) = make();
        self.all.push(Terminal {
            name,
            pattern,
            keep,
            may_be_empty,
        });
        self.keys.insert(key.to_owned(), id);
        id
    }
}
