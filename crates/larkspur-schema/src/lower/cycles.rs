//! Pass 2: references that lead to themselves.
//!
//! Recursion through a property or an element describes values of any depth. Recursion without one, `a → b → a`, describes
//! nothing, and walking it never ends. After this pass, or rather if it finds nothing, walking references, unions and
//! conjunctions without entering a property or an element ends.

use super::graph::{Graph, NodeId, Shape};
use crate::Diagnostic;

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    Not,
    Open,
    Done,
}

/// Finds every node from which a walk without structure comes back to it.
pub(super) fn refuse_cycles(graph: &mut Graph) {
    let mut visits = vec![Visit::Not; graph.len()];
    for start in graph.ids() {
        let mut path = vec![(start, false)];
        while let Some((id, is_left)) = path.pop() {
            let Some(visit) = visits.get_mut(id.index()) else {
                continue;
            };
            if is_left {
                *visit = Visit::Done;
                continue;
            }
            match *visit {
                Visit::Done => {}
                Visit::Open => report(graph, id),
                Visit::Not => {
                    *visit = Visit::Open;
                    path.push((id, true));
                    path.extend(
                        same_value(graph.shape(id))
                            .into_iter()
                            .map(|next| (next, false)),
                    );
                }
            }
        }
    }
}

/// The nodes that describe the very value that this one describes.
fn same_value(shape: &Shape) -> Vec<NodeId> {
    match shape {
        Shape::Ref(target) | Shape::Implied(target) => vec![*target],
        Shape::Union(union) => union.branches.clone(),
        Shape::All(parts) => parts.clone(),
        _ => Vec::new(),
    }
}

fn report(graph: &mut Graph, id: NodeId) {
    let origin = graph.node(id).origin.clone();
    let message = "a reference leads back to itself without a property or an element between";
    let problem = Diagnostic::error("cyclic-ref", &origin, message)
        .hint("recursion needs a property or an array element to pass through");
    if !graph.problems.contains(&problem) {
        graph.problems.push(problem);
    }
}
