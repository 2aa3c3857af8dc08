//! Pass 8: values of which nothing is known → JSON text, where the dialect has no schema for them.
//!
//! A strict dialect has no schema for "any value". A string that holds JSON text can carry one, and the description says so.
//! Objects and arrays of which only their type is known are carried the same way.
//!
//! After it there is no [`Shape::Any`] in such a dialect, and every array says what its elements look like.

use super::graph::{Array, Graph, NodeId, Rest, Shape, Text};
use crate::{
    Dialect,
    dialect::{Silence, Unknown},
    plan::{Action, JsonTextOf},
};

/// What a description of a string that holds JSON text begins with.
///
/// Whoever writes an answer from a lowered schema alone, as a simulated model does, can tell by this sentence that any string
/// would be accepted but only JSON text is meant.
pub const JSON_TEXT_NOTE: &str = "Give this as JSON text";

pub(super) fn write_unknown_as_text(graph: &mut Graph, dialect: &Dialect) {
    for id in graph.ids() {
        match graph.shape(id) {
            Shape::Any if dialect.form.unknown == Unknown::Text => {
                write_as_text(graph, id, JsonTextOf::Any);
            }
            Shape::Array(array) if dialect.form.unknown == Unknown::Text => {
                let array = array.clone();
                settle_array(graph, id, array);
            }
            Shape::Array(array) => {
                let array = array.clone();
                say_elements(graph, id, array, dialect);
            }
            _ => {}
        }
    }
}

/// Says that elements may be anything where silence would be taken for something else, or no count would be held.
fn say_elements(graph: &mut Graph, id: NodeId, mut array: Array, dialect: &Dialect) {
    let is_silent = match array.rest {
        Rest::Open => true,
        Rest::Unsaid => array.prefix.is_empty(),
        Rest::Closed | Rest::Each(_) => false,
    };
    let is_counted = array.min.is_some() || array.max.is_some();
    let must_say = match dialect.form.unknown {
        Unknown::Open => dialect.form.silence != Silence::Open,
        Unknown::Text | Unknown::Types => is_counted,
    };
    let is_empty = array.rest == Rest::Closed && array.prefix.is_empty();
    if (is_silent && must_say) || is_empty {
        let origin = graph.node(id).origin.clone();
        array.rest = Rest::Each(graph.add_shape(&origin, Shape::Any));
        if is_empty {
            array.max = Some(0);
        }
        graph.set_shape(id, Shape::Array(array));
    }
}

fn settle_array(graph: &mut Graph, id: NodeId, mut array: Array) {
    match array.rest {
        Rest::Each(_) => {}
        // A tuple that ends, or whose other elements are anything.
        Rest::Closed | Rest::Unsaid if !array.prefix.is_empty() => {}
        Rest::Open if !array.prefix.is_empty() => {
            let origin = graph.node(id).origin.clone();
            let any = graph.add_shape(&origin, Shape::Any);
            write_as_text(graph, any, JsonTextOf::Any);
            array.rest = Rest::Each(any);
            graph.set_shape(id, Shape::Array(array));
        }
        Rest::Closed => {
            // No elements at all; the schema still has to say what they look like.
            let origin = graph.node(id).origin.clone();
            array.rest = Rest::Each(graph.add_shape(&origin, Shape::Null));
            array.max = Some(0);
            graph.set_shape(id, Shape::Array(array));
        }
        Rest::Unsaid | Rest::Open => {
            let reason = "the array is carried as JSON text; the rule is told in the description and checked in the answer";
            let limits = [
                ("minItems", "least", array.min.filter(|min| *min > 0)),
                ("maxItems", "most", array.max),
            ];
            for (keyword, word, count) in limits {
                if let Some(count) = count {
                    let note = format!("At {word} {count} elements.");
                    graph
                        .node_mut(id)
                        .relax(keyword, count.into(), reason, Some(note));
                }
            }
            write_as_text(graph, id, JsonTextOf::Array);
        }
    }
}

/// Makes a node the string that holds its value as JSON text.
pub(super) fn write_as_text(graph: &mut Graph, id: NodeId, of: JsonTextOf) {
    let node = graph.node_mut(id);
    node.shape = Shape::Text(Text::default());
    node.action = Some(Action::JsonText { of });
    node.notes.push(note(of));
}

/// What the model is told of a string that holds JSON text.
pub(super) fn note(of: JsonTextOf) -> String {
    let what = match of {
        JsonTextOf::Any => {
            r#"of any value, such as 12, "text" with its quotes, or {"key": [1, 2]}"#
        }
        JsonTextOf::Object => r#"of an object, such as {"key": [1, 2]}"#,
        JsonTextOf::Array => r#"of an array, such as [1, "text"]"#,
    };
    format!("{JSON_TEXT_NOTE} {what}.")
}
