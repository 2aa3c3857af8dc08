//! The engine: a grammar compiled to tables, and the tables that texts add to it.
//!
//! Three handles, as in `regex-automata`: [`Config`] says what may be spent, [`Compiled`] is the immutable result of compiling
//! (`Send + Sync`, cheap to clone), and [`Cache`] belongs to the caller and holds what is built while texts are read: automaton
//! states, which stay for the next text.
//!
//! ```text
//!  Grammar ──lower──▶ productions with absent symbols ──epsilon──▶ Bnf ──▶ lr (lazy LR(1))
//!     └── patterns ──automaton──▶ byte expressions ──────────────────────▶ lexer (lazy DFA)
//!  text ──run──▶ one stack, and the tree at once
//!         └────▶ several stacks (gss), a log and a forest ──replay──▶ tree
//! ```

pub(crate) mod bnf;
mod caches;
mod compile;
mod config;
mod epsilon;
mod gss;
pub(crate) mod lexer;
mod lower;
pub(crate) mod lr;
mod priority;
pub(crate) mod replay;
pub(crate) mod run;
mod scannerless;
pub(crate) mod sets;
pub(crate) mod stack;
mod units;

use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use caches::Caches;
pub use compile::CompileError;
pub use config::Config;

use crate::automaton::Exprs;
use crate::error::Exceeded;
use crate::grammar::{Grammar, Semantics};
use bnf::TermId;
use lexer::{LexState, Lexer, LexerSpec};
use lr::{Lr, LrSpec};
use replay::Recipes;
use run::Tables;
use sets::SetId;

/// A grammar compiled for reading texts. Cheap to clone.
///
/// ```
/// use larkspur_grammar::{Compiled, GrammarBuilder, Matcher, Semantics};
/// use larkspur_grammar::grammar::Expr;
///
/// let mut builder = GrammarBuilder::new(Semantics::Llguidance);
/// let start = builder.rule("start");
/// let a = builder.literal("a");
/// builder.define_rule(start, Expr::plus(a));
/// let compiled = Compiled::new(&builder.build(start)?)?;
/// let mut cache = compiled.cache();
/// assert!(compiled.accepts(&mut cache, "aaa")?);
/// assert!(!compiled.accepts(&mut cache, "ab")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Compiled(pub(crate) Arc<Spec>);

/// What compiling makes. See [`Compiled`].
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) grammar: Grammar,
    pub(crate) config: Config,
    pub(crate) lexer: LexerSpec,
    pub(crate) lr: LrSpec,
    pub(crate) recipes: Recipes,
    exprs: Exprs,
    /// The grammar's terminal for each of the lexer's.
    pub(crate) names: Vec<crate::grammar::TerminalId>,
    pub(crate) allow_initial_skip: bool,
    pub(crate) ignore_once: bool,
    /// Of several derivations one may be better than another.
    pub(crate) has_priorities: bool,
}

/// Automaton states built while texts were read. Belongs to the caller, one to a thread; made by [`Compiled::cache`].
///
/// A cache may be used with any grammar: it starts anew when the grammar changes.
#[derive(Clone, Debug)]
pub struct Cache {
    spec: Arc<Spec>,
    pub(crate) lexer: Lexer,
    pub(crate) lr: Lr,
    /// Where the lexer starts in each state of the parser.
    pub(crate) starts: Vec<LexState>,
    /// The same by the terminals that can follow, and whether ignored text can.
    pub(crate) starts_of: FxHashMap<(SetId, bool), LexState>,
    /// A text had several stacks: then the next one will have them too.
    pub(crate) several: bool,
}

impl Compiled {
    /// Compiles with the default limits.
    ///
    /// # Errors
    /// If the grammar has pieces that no engine knows (see [`Opaque`](crate::grammar::Opaque)), a regex with look-around, or
    /// more symbols than [`Config`] allows.
    pub fn new(grammar: &Grammar) -> Result<Self, CompileError> {
        Self::with_config(grammar, Config::default())
    }

    /// Compiles with limits.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_config(grammar: &Grammar, config: Config) -> Result<Self, CompileError> {
        compile::compile(grammar, config).map(|spec| Self(Arc::new(spec)))
    }

    /// The grammar that was compiled.
    pub fn grammar(&self) -> &Grammar {
        &self.0.grammar
    }

    /// The limits it was compiled with.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// An empty cache.
    pub fn cache(&self) -> Cache {
        Cache::new(&self.0)
    }

    /// Whether `text` is a sentence.
    ///
    /// # Errors
    /// If a limit of the [`Config`] is reached.
    pub fn accepts(&self, cache: &mut Cache, text: impl AsRef<[u8]>) -> Result<bool, Exceeded> {
        let mut tables = self.tables(cache);
        let mut run = run::Run::new(false);
        run.restart(&mut tables)?;
        let bytes = text.as_ref();
        Ok(run.feed(&mut tables, bytes)? == bytes.len() && run.finish(&mut tables)?)
    }

    /// The tables for one reading; a cache of another grammar is emptied first.
    pub(crate) fn tables<'t>(&'t self, cache: &'t mut Cache) -> Tables<'t> {
        if !Arc::ptr_eq(&cache.spec, &self.0) {
            *cache = self.cache();
        }
        Tables {
            spec: &self.0,
            cache,
        }
    }
}

impl Cache {
    fn new(spec: &Arc<Spec>) -> Self {
        let max_states = spec.config.max_automaton_states;
        Self {
            spec: Arc::clone(spec),
            lexer: Lexer::new(&spec.lexer, spec.exprs.clone(), spec.lr.end, max_states),
            lr: Lr::new(&spec.lr, max_states),
            starts: Vec::new(),
            starts_of: FxHashMap::default(),
            several: false,
        }
    }

    /// States of the lexer and of the parser built so far.
    pub fn states(&self) -> (usize, usize) {
        (self.lexer.states(), self.lr.states())
    }

    /// Bytes on the heap, roughly.
    pub fn heap_bytes(&self) -> usize {
        self.lexer.heap_bytes() + self.lr.heap_bytes()
    }
}

impl Spec {
    /// Whether texts are read under the lexer of Python's Lark.
    pub(crate) fn is_dynamic(&self) -> bool {
        self.grammar.semantics() == Semantics::Lark
    }

    /// The name of a terminal of the lexer; `None` for ignored text.
    pub(crate) fn terminal(&self, term: TermId) -> Option<crate::grammar::TerminalId> {
        use crate::table::Id as _;
        self.names.get(term.index()).copied()
    }
}
