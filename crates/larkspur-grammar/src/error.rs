//! Errors of the engine: grammars it does not compile, texts that cost more than they may.

use std::fmt;

/// A limit of [`Config`](crate::Config) that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exceeded {
    /// More bytes of text than [`Config::max_input_bytes`](crate::Config::max_input_bytes).
    InputBytes(usize),
    /// More states of the automata than [`Config::max_automaton_states`](crate::Config::max_automaton_states).
    AutomatonStates(usize),
    /// More entries of the parser's stacks than [`Config::max_items`](crate::Config::max_items).
    Items(usize),
    /// More steps through an ambiguous text than [`Config::max_steps`](crate::Config::max_steps).
    Steps(usize),
    /// More nodes of the tree than [`Config::max_tree_nodes`](crate::Config::max_tree_nodes).
    TreeNodes(usize),
    /// A deeper tree than [`Config::max_tree_depth`](crate::Config::max_tree_depth).
    TreeDepth(usize),
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InputBytes(limit) => write!(
                f,
                "the text is longer than {limit} bytes (`max_input_bytes`)"
            ),
            Self::AutomatonStates(limit) => {
                write!(
                    f,
                    "the grammar needs more than {limit} automaton states for this text (`max_automaton_states`)"
                )
            }
            Self::Items(limit) => write!(
                f,
                "the parse needs more than {limit} stack entries (`max_items`)"
            ),
            Self::Steps(limit) => {
                write!(
                    f,
                    "the text is so ambiguous that the parse needs more than {limit} steps (`max_steps`)"
                )
            }
            Self::TreeNodes(limit) => {
                write!(f, "the tree has more than {limit} nodes (`max_tree_nodes`)")
            }
            Self::TreeDepth(limit) => write!(
                f,
                "the tree is deeper than {limit} levels (`max_tree_depth`)"
            ),
        }
    }
}

impl std::error::Error for Exceeded {}
