//! Pass 10: bounds of numbers.
//!
//! After it every bound is one that a double holds exactly and that the server's engine can turn into a grammar.

use serde_json::Number as JsonNumber;

use super::graph::{Graph, NodeId, Number, Shape};
use crate::Dialect;

const REASON: &str = "the server's engine counts in doubles, which do not hold this bound; it is checked in the answer";

pub(super) fn restrict_numbers(graph: &mut Graph, dialect: &Dialect) {
    let Some(most) = dialect.limits.number_bound else {
        return;
    };
    for id in graph.ids() {
        if let Shape::Number(number) = graph.shape(id) {
            let number = number.clone();
            restrict(graph, id, number, most);
        }
    }
}

fn restrict(graph: &mut Graph, id: NodeId, mut number: Number, most: u64) {
    let node = graph.node_mut(id);
    let bounds = [
        ("minimum", &mut number.minimum),
        ("exclusiveMinimum", &mut number.exclusive_minimum),
        ("maximum", &mut number.maximum),
        ("exclusiveMaximum", &mut number.exclusive_maximum),
    ];
    for (keyword, bound) in bounds {
        if let Some(bound) = bound.take_if(|bound| !holds(bound, most)) {
            node.relax(keyword, bound.into(), REASON, None);
        }
    }
    if let Some(step) = number.multiple_of.take_if(|step| !is_decimal(step)) {
        let told = Some(format!("A multiple of {step}."));
        node.relax("multipleOf", step.into(), REASON, told);
    }
    node.shape = Shape::Number(number);
}

fn holds(bound: &JsonNumber, most: u64) -> bool {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the limit is an integer that a double holds"
    )]
    let most = most as f64;
    bound.as_f64().is_some_and(|bound| bound.abs() <= most)
}

/// Whether a step is a decimal of few digits: the engine counts remainders, and refuses more states than these make.
fn is_decimal(step: &JsonNumber) -> bool {
    const MOST_DIGITS: usize = 6;
    let text = step.to_string();
    let digits = text
        .trim_start_matches(['0', '.'])
        .bytes()
        .filter(u8::is_ascii_digit)
        .count();
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    step.as_f64().is_some_and(|step| step > 0.0)
        && !text.contains(['e', 'E'])
        && digits <= MOST_DIGITS
        && decimals <= MOST_DIGITS
}
