//! Pass 14: sizes.
//!
//! Whether a schema is too large shows when it is printed. A list of values that is too long for the server becomes a string (or
//! number) whose values are checked in the answer; the longest lists go first. A schema with too many properties is refused.

use serde_json::Value;

use super::{
    LowerError, Lowered,
    graph::{Enum, Graph, NodeId, Number, Shape, Text, Union},
    print::{Printed, print},
};
use crate::{Diagnostic, Dialect, check::budget};

/// The most values of a long list that are told in the description.
const MOST_TOLD: usize = 20;

const TOO_LONG: &str = "the server takes no list this long; some values are told in the description, and the answer is checked";

pub(super) fn print_within(graph: &mut Graph, dialect: &Dialect) -> Result<Lowered, LowerError> {
    loop {
        let Printed {
            schema,
            plan,
            relaxations,
            receipt,
            mut problems,
        } = print(graph, dialect);
        problems.extend(
            budget::problems(&schema, dialect)
                .into_iter()
                .filter(Diagnostic::is_error),
        );
        if problems.is_empty() {
            return Ok(Lowered {
                schema,
                plan,
                relaxations,
                receipt,
            });
        }
        let is_about_lists = problems.iter().all(budget::shrinks_with_lists);
        if !is_about_lists || !relax_longest(graph) {
            return Err(LowerError::new(problems));
        }
    }
}

/// Lets go of the lists that are at least half as long as the longest. Says whether there was any.
fn relax_longest(graph: &mut Graph) -> bool {
    let weight = |graph: &Graph, id: NodeId| match graph.shape(id) {
        Shape::Enum(listed) if listed.values.len() > 1 => {
            listed.values.len() + budget::characters(&listed.values) / 16
        }
        _ => 0,
    };
    let Some(longest) = graph
        .ids()
        .map(|id| weight(graph, id))
        .max()
        .filter(|longest| *longest > 0)
    else {
        return false;
    };
    for id in graph.ids() {
        if weight(graph, id) * 2 >= longest
            && let Shape::Enum(listed) = graph.shape(id)
        {
            let listed = listed.clone();
            forget_list(graph, id, &listed, TOO_LONG);
        }
    }
    true
}

/// Makes a list the type of its values, of which some are told in the description.
pub(super) fn forget_list(graph: &mut Graph, id: NodeId, listed: &Enum, reason: &str) {
    let shown: Vec<String> = listed
        .values
        .iter()
        .take(MOST_TOLD)
        .map(Value::to_string)
        .collect();
    let shown = shown.join(", ");
    let sentence = match listed.values.len() {
        1 => format!("Always {shown}."),
        count if count <= MOST_TOLD => format!("One of {shown}."),
        count => format!("One of {count} values, such as {shown}."),
    };
    let shape = match listed.values.iter().find(|value| !value.is_null()) {
        Some(Value::Bool(_)) => Shape::Boolean,
        Some(Value::Number(_)) => {
            let integer = !listed.values.iter().any(Value::is_f64);
            Shape::Number(Number {
                integer,
                ..Number::default()
            })
        }
        _ => Shape::Text(Text::default()),
    };
    let shape = if listed.values.contains(&Value::Null) {
        let origin = graph.node(id).origin.clone();
        let branches = [shape, Shape::Null]
            .map(|shape| graph.add_shape(&origin, shape))
            .to_vec();
        Shape::Union(Union {
            branches,
            exclusive: false,
            type_list: true,
        })
    } else {
        shape
    };
    let node = graph.node_mut(id);
    node.relax("enum", Value::Null, reason, Some(sentence));
    node.shape = shape;
}
