//! Pass 10: bounds of numbers.
//!
//! After it every bound is one that the server takes, that a double holds exactly and that the server's engine can turn into a
//! grammar. An exclusive bound of an integer becomes an inclusive one where the server takes only these, which says the same.

use serde_json::Number as JsonNumber;

use super::graph::{Graph, Node, NodeId, Number, Shape};
use crate::{Dialect, Support};

const DOUBLES: &str = "the server's engine counts in doubles, which do not hold this bound; it is checked in the answer";
const REASON: &str =
    "the server does not take this rule; it is told in the description and checked in the answer";
const SKIPPED: &str = "the server skips this rule without a word; it is told in the description and checked in the answer";

pub(super) fn restrict_numbers(graph: &mut Graph, dialect: &Dialect) {
    for id in graph.ids() {
        if let Shape::Number(number) = graph.shape(id) {
            let number = number.clone();
            restrict(graph, id, number, dialect);
        }
    }
}

fn restrict(graph: &mut Graph, id: NodeId, mut number: Number, dialect: &Dialect) {
    let node = graph.node_mut(id);
    include(&mut number, dialect);
    let is_skipped = dialect.form.integer_bounds_only && !number.integer;
    let bounds = [
        ("minimum", "At least", &mut number.minimum),
        (
            "exclusiveMinimum",
            "More than",
            &mut number.exclusive_minimum,
        ),
        ("maximum", "At most", &mut number.maximum),
        (
            "exclusiveMaximum",
            "Less than",
            &mut number.exclusive_maximum,
        ),
    ];
    for (keyword, words, bound) in bounds {
        if is_skipped || !dialect.takes(keyword) {
            tell(node, keyword, words, bound.take(), dialect);
        } else if let Some(most) = dialect.limits.number_bound
            && let Some(bound) = bound.take_if(|bound| !holds(bound, most))
        {
            node.relax(keyword, bound.into(), DOUBLES, None);
        }
    }
    if !dialect.takes("multipleOf") {
        tell(
            node,
            "multipleOf",
            "A multiple of",
            number.multiple_of.take(),
            dialect,
        );
    } else if dialect.limits.number_bound.is_some()
        && let Some(step) = number.multiple_of.take_if(|step| !is_decimal(step))
    {
        let told = Some(format!("A multiple of {step}."));
        node.relax("multipleOf", step.into(), DOUBLES, told);
    }
    node.shape = Shape::Number(number);
}

fn tell(node: &mut Node, keyword: &str, words: &str, bound: Option<JsonNumber>, dialect: &Dialect) {
    if let Some(bound) = bound {
        let told = Some(format!("{words} {bound}."));
        let is_refused = matches!(
            dialect.support(keyword),
            Support::Refused | Support::Disputed
        );
        let reason = if is_refused { REASON } else { SKIPPED };
        node.relax(keyword, bound.into(), reason, told);
    }
}

/// Says the exclusive bounds of an integer inclusively, where the server takes only these.
fn include(number: &mut Number, dialect: &Dialect) {
    if !number.integer {
        return;
    }
    if !dialect.takes("exclusiveMinimum")
        && dialect.takes("minimum")
        && let Some(above) = number
            .exclusive_minimum
            .as_ref()
            .and_then(JsonNumber::as_i64)
        && let Some(least) = above.checked_add(1)
    {
        number.exclusive_minimum = None;
        let is_more = |minimum: &JsonNumber| minimum.as_f64() >= JsonNumber::from(least).as_f64();
        number.minimum = number.minimum.take().filter(is_more).or(Some(least.into()));
    }
    if !dialect.takes("exclusiveMaximum")
        && dialect.takes("maximum")
        && let Some(below) = number
            .exclusive_maximum
            .as_ref()
            .and_then(JsonNumber::as_i64)
        && let Some(most) = below.checked_sub(1)
    {
        number.exclusive_maximum = None;
        let is_less = |maximum: &JsonNumber| maximum.as_f64() <= JsonNumber::from(most).as_f64();
        number.maximum = number.maximum.take().filter(is_less).or(Some(most.into()));
    }
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
pub(super) fn is_decimal(step: &JsonNumber) -> bool {
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
