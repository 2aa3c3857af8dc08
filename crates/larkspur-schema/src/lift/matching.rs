//! Which branch of a union a value means.

use larkspur_json::{Kind, Node, Object};
use serde_json::Value;

use super::{
    network::{
        ARRAY, BOOLEAN, Field, INTEGER, NULL, NUMBER, Network, OBJECT, OrNull, Place, PlaceId,
        STRING,
    },
    session::Session,
};
use crate::plan::{Action, JsonTextOf};

/// In which shape a value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Reading {
    /// As it is sent.
    Lowered,
    /// As the original has it.
    Original,
    /// Either way, each part for itself.
    Either,
}

/// The branch of a union that an answer means.
pub(super) fn branch_of_answer(
    session: &mut Session<'_>,
    branches: &[PlaceId],
    node: &Node<'_>,
) -> Option<PlaceId> {
    let network = session.network;
    let resembling = |branch: &PlaceId| resembles(network, network.place(*branch), node);
    let mut likely = branches.iter().copied().filter(resembling);
    let Some(first) = likely.next() else {
        return first_match(session, branches, node, Reading::Either);
    };
    let Some(second) = likely.next() else {
        return Some(first);
    };
    let likely: Vec<PlaceId> = [first, second].into_iter().chain(likely).collect();
    first_match(session, &likely, node, Reading::Lowered)
        .or_else(|| first_match(session, branches, node, Reading::Either))
        .or(Some(first))
}

/// The branch of a union that a value of the original means.
pub(super) fn branch_of_value(
    session: &mut Session<'_>,
    branches: &[PlaceId],
    node: &Node<'_>,
) -> Option<PlaceId> {
    first_match(session, branches, node, Reading::Original).or_else(|| {
        // With `null` beside one other branch there is no doubt which is meant, and going there finds what is wrong.
        let mut others = branches
            .iter()
            .copied()
            .filter(|branch| session.network.place(*branch).kinds != NULL);
        others
            .next()
            .filter(|_| others.next().is_none() && !node.is_null())
    })
}

fn first_match(
    session: &mut Session<'_>,
    branches: &[PlaceId],
    node: &Node<'_>,
    reading: Reading,
) -> Option<PlaceId> {
    session.begin_question();
    branches
        .iter()
        .copied()
        .find(|branch| matches(session, *branch, node, reading))
}

/// Whether a value has the type, the tags and the keys of a place, without looking further down.
fn resembles(network: &Network, place: &Place, node: &Node<'_>) -> bool {
    if !place.branches.is_empty() {
        return true;
    }
    if !has_kind(place, node) || !is_listed(place, node) {
        return false;
    }
    let Kind::Object(object) = &node.kind else {
        return true;
    };
    has_tags(network, place, object) && has_keys(place, object)
}

/// Whether the properties that list their values have such values, where they are there.
fn has_tags(network: &Network, place: &Place, object: &Object<'_>) -> bool {
    place.tags.iter().all(|&position| {
        place
            .properties
            .get_index(position)
            .and_then(|(name, field)| Some((field, member_near(object, position, name)?)))
            .is_none_or(|(field, value)| is_listed(network.place(field.place), value))
    })
}

/// A member by its key, looked for first at a position; see [`Place::property_near`].
fn member_near<'o, 't>(object: &'o Object<'t>, position: usize, key: &str) -> Option<&'o Node<'t>> {
    match object.iter().nth(position) {
        Some(member) if member.key == key => Some(&member.value),
        _ => object.get(key),
    }
}

fn has_keys(place: &Place, object: &Object<'_>) -> bool {
    let names = place.properties.keys();
    let in_order = object.iter().map(|member| member.key.as_ref());
    if in_order.eq(names.map(String::as_str)) {
        return true;
    }
    let mut members = object.iter();
    let is_there = |(name, field): (&String, &Field)| !field.required || object.contains_key(name);
    place.properties.iter().all(is_there)
        && (place.is_open
            || members.all(|member| place.properties.contains_key(member.key.as_ref())))
}

/// Whether a value matches a place in full.
///
/// What may be asked again is remembered: unions share branches, and a value that may be read either way is read up to twice
/// on each level. Everything else is reached on one way only.
pub(super) fn matches(
    session: &mut Session<'_>,
    id: PlaceId,
    node: &Node<'_>,
    reading: Reading,
) -> bool {
    let place = session.network.place(id);
    if place.branches.is_empty() && reading != Reading::Either {
        return session.compare() && matches_now(session, place, node, reading);
    }
    let key = (id, std::ptr::from_ref(node).addr(), reading);
    if let Some(known) = session.known(key) {
        return known;
    }
    if !session.compare() {
        return false;
    }
    // Met again before it is decided, which only a union that contains itself can do, it does not match.
    session.remember(key, false);
    let result = matches_now(session, place, node, reading);
    session.remember(key, result);
    result
}

fn matches_now(
    session: &mut Session<'_>,
    place: &Place,
    node: &Node<'_>,
    reading: Reading,
) -> bool {
    if place.nullable && node.is_null() {
        return true;
    }
    let mut result = false;
    session.deeper(node.span, |session| {
        result = match reading {
            Reading::Lowered => matches_lowered(session, place, node, reading),
            Reading::Original => matches_original(session, place, node, reading),
            Reading::Either => {
                matches_lowered(session, place, node, reading)
                    || (place.changes && matches_original(session, place, node, reading))
            }
        };
    });
    result
}

fn matches_lowered(
    session: &mut Session<'_>,
    place: &Place,
    node: &Node<'_>,
    reading: Reading,
) -> bool {
    if !place.branches.is_empty() {
        return place
            .branches
            .iter()
            .any(|branch| matches(session, *branch, node, reading));
    }
    if !has_kind(place, node) || !is_listed(place, node) {
        return false;
    }
    match &node.kind {
        Kind::Number(number) => number
            .as_f64()
            .is_none_or(|number| is_within(place, number)),
        Kind::String(text) if reading == Reading::Original => follows_rule(place, text),
        Kind::Array(elements) => elements_match(session, place, elements, reading),
        Kind::Object(object) => {
            has_keys(place, object)
                && object.iter().enumerate().all(|(position, member)| {
                    match place.property_near(position, &member.key) {
                        Some(field) => matches(session, field.place, &member.value, reading),
                        None => other_matches(session, place, &member.value, reading),
                    }
                })
        }
        _ => true,
    }
}

fn matches_original(
    session: &mut Session<'_>,
    place: &Place,
    node: &Node<'_>,
    reading: Reading,
) -> bool {
    match (&place.action, &node.kind) {
        (Some(Action::JsonText { of }), kind) => match of {
            JsonTextOf::Any => true,
            JsonTextOf::Object => matches!(kind, Kind::Object(_)),
            JsonTextOf::Array => matches!(kind, Kind::Array(_)),
        },
        (Some(Action::Unwrap { field }), _) => place
            .properties
            .get(field)
            .is_some_and(|field| matches(session, field.place, node, reading)),
        (Some(Action::Entries { .. }), Kind::Object(object)) => {
            entries_match(session, place, object, reading)
        }
        (
            Some(Action::Tuple {
                fields,
                required,
                rest,
            }),
            Kind::Array(elements),
        ) => {
            let rest = rest.as_ref().and_then(|name| place.properties.get(name));
            elements.len() >= *required
                && elements.iter().enumerate().all(|(index, element)| {
                    match fields
                        .get(index)
                        .and_then(|name| place.properties.get(name))
                    {
                        Some(field) => matches_field(session, *field, element, reading),
                        None => rest.is_some_and(|rest| {
                            let items = session.network.place(rest.place).items;
                            items.is_none_or(|items| matches(session, items, element, reading))
                        }),
                    }
                })
        }
        (Some(Action::Entries { .. } | Action::Tuple { .. }), _) => false,
        (extras, Kind::Object(object))
            if place.kinds & OBJECT != 0 && place.branches.is_empty() =>
        {
            let extras = match extras {
                Some(Action::Extras { field }) => Some(field.as_str()),
                _ => None,
            };
            object_matches(session, place, object, extras, reading)
        }
        _ => matches_lowered(session, place, node, reading),
    }
}

/// Whether an object has the properties that are required, others only where there may be others, and all match.
fn object_matches(
    session: &mut Session<'_>,
    place: &Place,
    object: &Object<'_>,
    extras: Option<&str>,
    reading: Reading,
) -> bool {
    let is_there = |(name, field): (&String, &Field)| {
        !field.required
            || field.optional.is_some()
            || Some(name.as_str()) == extras
            || object.contains_key(name)
    };
    if !place.properties.iter().all(is_there) {
        return false;
    }
    object.iter().enumerate().all(|(position, member)| {
        let key = member.key.as_ref();
        match (place.property_near(position, key), extras) {
            (Some(field), _) if Some(key) != extras => {
                matches_field(session, *field, &member.value, reading)
            }
            (_, Some(extras)) => match place
                .properties
                .get(extras)
                .map(|field| value_of_entries(session, field.place))
            {
                Some(Some(value)) => matches(session, value, &member.value, reading),
                _ => true,
            },
            (_, None) => other_matches(session, place, &member.value, reading),
        }
    })
}

/// Whether a value matches a property, as the original has it.
fn matches_field(
    session: &mut Session<'_>,
    field: Field,
    node: &Node<'_>,
    reading: Reading,
) -> bool {
    match field.optional {
        // The lowered schema lets `null` stand for an absent property; in the original it is just `null`.
        Some(OrNull(or_null)) if node.is_null() && reading == Reading::Original => {
            or_null || takes_null_as_text(session, field)
        }
        _ => matches(session, field.place, node, reading),
    }
}

/// Whether the place can say `null` as JSON text.
pub(super) fn takes_null_as_text(session: &Session<'_>, field: Field) -> bool {
    matches!(
        session.network.place(field.place).action,
        Some(Action::JsonText {
            of: JsonTextOf::Any
        })
    )
}

/// The place of the values in an array of entries.
pub(super) fn value_of_entries(session: &Session<'_>, entries: PlaceId) -> Option<PlaceId> {
    let place = session.network.place(entries);
    let Some(Action::Entries { value, .. }) = &place.action else {
        return None;
    };
    let entry = session.network.place(place.items?);
    entry.properties.get(value).map(|field| field.place)
}

fn entries_match(
    session: &mut Session<'_>,
    place: &Place,
    object: &Object<'_>,
    reading: Reading,
) -> bool {
    let (Some(Action::Entries { key, value }), Some(items)) = (&place.action, place.items) else {
        return false;
    };
    let entry = session.network.place(items);
    let (Some(key), Some(value)) = (entry.properties.get(key), entry.properties.get(value)) else {
        return false;
    };
    let keys = session.network.place(key.place);
    has_count(place, object.len())
        && object.iter().all(|member| {
            follows_rule(keys, &member.key)
                && keys
                    .listed
                    .as_ref()
                    .is_none_or(|listed| listed.iter().any(|one| one.as_str() == Some(&member.key)))
                && matches(session, value.place, &member.value, reading)
        })
}

fn follows_rule(place: &Place, text: &str) -> bool {
    place.text.as_ref().is_none_or(|rule| rule.accepts(text))
}

fn elements_match(
    session: &mut Session<'_>,
    place: &Place,
    elements: &[Node<'_>],
    reading: Reading,
) -> bool {
    has_count(place, elements.len())
        && elements.iter().enumerate().all(|(index, element)| {
            let id = place.element(index);
            id.is_none_or(|id| matches(session, id, element, reading))
        })
}

/// Whether a property may be there that is not listed.
fn other_matches(
    session: &mut Session<'_>,
    place: &Place,
    node: &Node<'_>,
    reading: Reading,
) -> bool {
    match place.others {
        Some(others) => matches(session, others, node, reading),
        None => place.is_open,
    }
}

fn has_count(place: &Place, count: usize) -> bool {
    let count = count as u64;
    place.bounds.min_items.is_none_or(|min| min <= count)
        && place.bounds.max_items.is_none_or(|max| count <= max)
}

fn is_within(place: &Place, number: f64) -> bool {
    let bounds = &place.bounds;
    bounds.minimum.is_none_or(|min| min <= number)
        && bounds.maximum.is_none_or(|max| number <= max)
        && bounds.above.is_none_or(|above| above < number)
        && bounds.below.is_none_or(|below| number < below)
}

fn has_kind(place: &Place, node: &Node<'_>) -> bool {
    let kind = match &node.kind {
        Kind::Null => NULL,
        Kind::Bool(_) => BOOLEAN,
        Kind::Number(number) if number.is_integer() => NUMBER | INTEGER,
        Kind::Number(_) => NUMBER,
        Kind::String(_) => STRING,
        Kind::Array(_) => ARRAY,
        Kind::Object(_) => OBJECT,
    };
    place.kinds & kind != 0
}

fn is_listed(place: &Place, node: &Node<'_>) -> bool {
    let Some(listed) = &place.listed else {
        return true;
    };
    listed.iter().any(|value| match (value, &node.kind) {
        (Value::Null, Kind::Null) => true,
        (Value::Bool(a), Kind::Bool(b)) => a == b,
        (Value::String(a), Kind::String(b)) => a == b,
        (Value::Number(a), Kind::Number(b)) => a.as_f64() == b.as_f64(),
        (other, _) => (other.is_array() || other.is_object()) && *other == node.to_value(),
    })
}
