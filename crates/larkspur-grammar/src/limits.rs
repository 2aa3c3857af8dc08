//! Upper bounds on everything that is built from a grammar's text.

/// What a grammar may cost before it is refused.
///
/// Grammars come from outside (a request, a file, a model), so each dimension has a bound, and going over one is a
/// diagnostic like any other, with the code `limit` and the place where it happened.
///
/// ```
/// let limits = larkspur_grammar::Limits { max_bytes: 10_000, ..Default::default() };
/// assert!(limits.max_depth >= 64);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "options are written with `..Default::default()`"
)]
pub struct Limits {
    /// Bytes of the grammar's text. Default 16 MiB.
    pub max_bytes: usize,
    /// Groups within groups, `( [ {`, including those of templates; a nested `%lark` block counts as eight. Also how deep a regex may
    /// nest, and how deep an expression may be that is built through [`GrammarBuilder`](crate::grammar::GrammarBuilder).
    /// Default 128.
    pub max_depth: usize,
    /// Pieces (names, literals, operators, groups) of the whole text, and nodes of the lowered grammar. Default 2,000,000.
    pub max_nodes: usize,
    /// Rules and terminals after templates and parameters have been instantiated. Default 100,000.
    pub max_symbols: usize,
    /// Rules made from templates and from rules with parameters, one for each use with other arguments. Default 10,000.
    pub max_instances: usize,
    /// The largest count in `x{n,m}` and `x~n..m`. Default 1,000,000.
    pub max_repeat: u32,
    /// Bytes that one compiled terminal may take (its regex, its automaton). Default 10 MiB.
    pub max_terminal_bytes: usize,
    /// Diagnostics that are kept; one more says how many were left out. Default 200.
    pub max_diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 16 << 20,
            max_depth: 128,
            max_nodes: 2_000_000,
            max_symbols: 100_000,
            max_instances: 10_000,
            max_repeat: 1_000_000,
            max_terminal_bytes: 10 << 20,
            max_diagnostics: 200,
        }
    }
}
