//! What an engine may cost.

/// Limits of the engine for one grammar. All of them bound memory or time on hostile grammars and texts; reaching one is a
/// typed error ([`Exceeded`](crate::Exceeded)), never a wrong answer.
///
/// ```
/// let config = larkspur_grammar::Config { max_input_bytes: 1 << 20, ..Default::default() };
/// assert!(config.max_items > config.max_input_bytes);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "options are written with `..Default::default()`"
)]
pub struct Config {
    /// Bytes of one text. Default 64 MiB; at most 1 GiB is ever read.
    pub max_input_bytes: usize,
    /// Entries of the parser's stacks, 12 bytes each, and of the record of a derivation, 4 bytes each. A matcher of a
    /// deterministic grammar has as many as the text is deep, a parser that follows several stacks at least one for each
    /// lexeme and each rule in the text. Default 2²⁷.
    pub max_items: usize,
    /// Steps through the graph-structured stack, that is, the work on ambiguous or not LR(1) stretches. Default 2²⁷.
    pub max_steps: usize,
    /// States of the lexer's automaton, and states of the parser's. Default 100,000 each.
    pub max_automaton_states: usize,
    /// Nodes of all byte expressions of the terminals together, when the grammar is compiled. Default 2²².
    pub max_terminal_nodes: usize,
    /// Symbols of all productions together, when the grammar is compiled. Default 2²².
    pub max_symbols: usize,
    /// Nodes of one tree. Default 2²⁷.
    pub max_tree_nodes: usize,
    /// Depth of one tree. Default 2²⁴: nothing here recurses on the machine stack, but a caller's code may.
    pub max_tree_depth: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_input_bytes: 64 << 20,
            max_items: 1 << 27,
            max_steps: 1 << 27,
            max_automaton_states: 100_000,
            max_terminal_nodes: 1 << 22,
            max_symbols: 1 << 22,
            max_tree_nodes: 1 << 27,
            max_tree_depth: 1 << 24,
        }
    }
}
