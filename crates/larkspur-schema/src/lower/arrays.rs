//! Pass 11: numbers of elements.
//!
//! After it an array says only as many elements as the server takes.

use super::graph::{Graph, Shape};
use crate::Dialect;

const REASON: &str =
    "the server does not take this rule; it is told in the description and checked in the answer";

pub(super) fn restrict_arrays(graph: &mut Graph, dialect: &Dialect) {
    let most = dialect.limits.min_items.unwrap_or(u64::MAX);
    let (takes_min, takes_max) = (dialect.takes("minItems"), dialect.takes("maxItems"));
    for id in graph.ids() {
        let Shape::Array(array) = &mut graph.node_mut(id).shape else {
            continue;
        };
        let mut told = Vec::new();
        if let Some(min) = array.min.filter(|min| *min > 0)
            && (!takes_min || min > most)
        {
            array.min = Some(most.min(min)).filter(|_| takes_min);
            told.push(("minItems", min, format!("At least {min} elements.")));
        }
        if let Some(max) = array.max.take_if(|_| !takes_max) {
            let sentence = match max {
                0 => "Always empty.".to_owned(),
                max => format!("At most {max} elements."),
            };
            told.push(("maxItems", max, sentence));
        }
        let node = graph.node_mut(id);
        for (keyword, count, sentence) in told {
            node.relax(keyword, count.into(), REASON, Some(sentence));
        }
    }
}
