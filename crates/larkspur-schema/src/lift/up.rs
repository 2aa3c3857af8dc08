//! Carrying out the steps of a plan.

use std::borrow::Cow;

use larkspur_json::{Kind, Member, Node, Object, Span, Token};

use super::{
    matching::{branch_of_answer, value_of_entries},
    network::{Place, PlaceId},
    session::Session,
};
use crate::plan::{Action, JsonTextOf};

/// Lifts a value in place. Parts are lifted before what they are part of.
pub(super) fn lift(session: &mut Session<'_>, root: Option<PlaceId>, node: &mut Node<'_>) {
    if let Some(root) = root {
        lift_at(session, root, node);
    }
}

fn lift_at(session: &mut Session<'_>, id: PlaceId, node: &mut Node<'_>) {
    let place = session.network.place(id);
    if !place.changes || (place.nullable && node.is_null()) {
        return;
    }
    session.deeper(node.span, |session| {
        if !place.branches.is_empty() {
            return lift_union(session, place, node);
        }
        match &place.action {
            None | Some(Action::Optional { .. }) => lift_parts(session, place, node),
            Some(Action::JsonText { of }) => lift_text(session, *of, node),
            Some(Action::Unwrap { field }) => lift_wrapped(session, place, field, node),
            Some(Action::Entries { key, value }) => lift_entries(session, id, key, value, node),
            Some(Action::Extras { field }) => lift_extras(session, place, field, node),
            Some(Action::Tuple {
                fields,
                required,
                rest,
            }) => {
                lift_tuple(session, place, fields, *required, rest.as_deref(), node);
            }
        }
    });
}

fn lift_union(session: &mut Session<'_>, place: &Place, node: &mut Node<'_>) {
    match branch_of_answer(session, &place.branches, node) {
        Some(branch) => lift_at(session, branch, node),
        None if session.is_exhausted() => {
            session.problem(
                node,
                "finding the branch of a union takes too long",
                "a value that is told apart sooner",
            );
        }
        None => session.problem(
            node,
            "the value matches no branch of the union",
            "a value of one of the branches",
        ),
    }
}

fn lift_parts(session: &mut Session<'_>, place: &Place, node: &mut Node<'_>) {
    match &mut node.kind {
        Kind::Array(elements) => lift_elements(session, place, elements),
        Kind::Object(object) => lift_members(session, place, object),
        _ => {}
    }
}

fn lift_elements(session: &mut Session<'_>, place: &Place, elements: &mut [Node<'_>]) {
    for (index, element) in elements.iter_mut().enumerate() {
        if let Some(id) = place.element(index) {
            session.inside(index, |session| lift_at(session, id, element));
        }
    }
}

/// Lifts the properties, and takes out those that stand for absent ones.
fn lift_members(session: &mut Session<'_>, place: &Place, object: &mut Object<'_>) {
    let mut positions = 0..;
    object.retain_mut(|key, value| {
        let position = positions.next().unwrap_or_default();
        let Some(field) = place.property_near(position, key) else {
            if let Some(others) = place.others {
                session.inside(Token::Key(key), |session| lift_at(session, others, value));
            }
            return true;
        };
        if value.is_null() && field.optional.is_some() {
            return false;
        }
        if session.network.place(field.place).changes {
            session.inside(Token::Key(key), |session| {
                lift_at(session, field.place, value);
            });
        }
        true
    });
}

fn lift_wrapped(session: &mut Session<'_>, place: &Place, field: &str, node: &mut Node<'_>) {
    let Some(inner) = place.properties.get(field).map(|field| field.place) else {
        return;
    };
    let is_wrapped = matches!(&node.kind, Kind::Object(object) if object.len() == 1 && object.contains_key(field));
    if !is_wrapped {
        // The answer may be in the original shape already.
        return lift_at(session, inner, node);
    }
    if let Kind::Object(object) = &mut node.kind
        && let Some(member) = std::mem::take(object).into_iter().next()
    {
        let mut value = member.value;
        session.inside(Token::Key(field), |session| {
            lift_at(session, inner, &mut value);
        });
        *node = value;
    }
}

fn lift_entries(
    session: &mut Session<'_>,
    id: PlaceId,
    key: &str,
    value: &str,
    node: &mut Node<'_>,
) {
    let value_place = value_of_entries(session, id);
    match &mut node.kind {
        Kind::Array(elements) => {
            let mut map = Object::new();
            for (index, element) in std::mem::take(elements).into_iter().enumerate() {
                session.inside(index, |session| {
                    let Some(mut member) = entry(session, element, key, value) else {
                        return;
                    };
                    if let Some(first) = map.member(&member.key).map(|first| first.key_span) {
                        return session.inside(Token::Key(key), |session| {
                            session.duplicate(&member.key, member.key_span, first);
                        });
                    }
                    if let Some(place) = value_place {
                        session.inside(Token::Key(value), |session| {
                            lift_at(session, place, &mut member.value);
                        });
                    }
                    map.push(member);
                });
            }
            node.kind = Kind::Object(map);
        }
        Kind::Object(object) => {
            // The original shape: a map given as an object.
            object.retain_mut(|key, value| {
                if let Some(place) = value_place {
                    session.inside(Token::Key(key), |session| lift_at(session, place, value));
                }
                true
            });
        }
        Kind::Null => {}
        _ => session.problem(
            node,
            "not an array of entries",
            "an array of objects with a key and a value",
        ),
    }
}

/// The member that an entry stands for.
fn entry<'t>(
    session: &mut Session<'_>,
    element: Node<'t>,
    key: &str,
    value: &str,
) -> Option<Member<'t>> {
    let span = element.span;
    let type_name = element.type_name();
    let mut not_an_entry = |found: &str| {
        let expected = format!("an object with `{key}` and `{value}`");
        session.problem_at(span, "not an entry", &expected, found);
        None
    };
    let Kind::Object(object) = element.kind else {
        return not_an_entry(type_name);
    };
    let (mut found_key, mut found_value) = (None, None);
    for member in object {
        if member.key == key {
            found_key = Some(member.value);
        } else if member.key == value {
            found_value = Some(member.value);
        }
    }
    if let (
        Some(Node {
            span: key_span,
            kind: Kind::String(key),
        }),
        Some(value),
    ) = (found_key, found_value)
    {
        Some(Member {
            key,
            key_span,
            value,
        })
    } else {
        not_an_entry("an object without them")
    }
}

fn lift_extras(session: &mut Session<'_>, place: &Place, field: &str, node: &mut Node<'_>) {
    let Kind::Object(object) = &mut node.kind else {
        return session.problem(node, "not an object", "an object");
    };
    let value_place = place
        .properties
        .get(field)
        .and_then(|field| value_of_entries(session, field.place));
    lift_members(session, place, object);
    let mut members: Vec<Member<'_>> = Vec::new();
    let mut extras: Vec<Member<'_>> = Vec::new();
    for mut member in std::mem::take(object) {
        if member.key != field {
            // Others that are given beside the properties are in the original shape already.
            if let Some(place) =
                value_place.filter(|_| !place.properties.contains_key(member.key.as_ref()))
            {
                let Member { key, value, .. } = &mut member;
                session.inside(Token::Key(key), |session| lift_at(session, place, value));
            }
            members.push(member);
            continue;
        }
        match member.value.kind {
            Kind::Object(inner) => extras.extend(inner),
            Kind::Null => {}
            _ => session.inside(Token::Key(field), |session| {
                session.problem(
                    &member.value,
                    "not an array of entries",
                    "an array of objects with a key and a value",
                );
            }),
        }
    }
    for extra in extras {
        match members
            .iter()
            .find(|member| member.key == extra.key)
            .map(|member| member.key_span)
        {
            Some(first) => session.inside(Token::Key(field), |session| {
                session.duplicate(&extra.key, extra.key_span, first);
            }),
            None => members.push(extra),
        }
    }
    node.kind = Kind::Object(members.into_iter().collect());
}

fn lift_tuple(
    session: &mut Session<'_>,
    place: &Place,
    fields: &[String],
    required: usize,
    rest: Option<&str>,
    node: &mut Node<'_>,
) {
    match &mut node.kind {
        Kind::Object(object) => {
            // `null` that is sent says that the position is missing; `null` as JSON text does not.
            let mut parts = Parts::of(place);
            for mut member in std::mem::take(object) {
                let is_null = member.value.is_null();
                if let Some((index, _, field)) = place.properties.get_full(member.key.as_ref()) {
                    session.inside(Token::Key(&member.key), |session| {
                        lift_at(session, field.place, &mut member.value);
                    });
                    let is_missing = is_null && field.optional.is_some();
                    parts.put(index, (is_missing, member.value));
                }
            }
            let elements = positions(session, node.span, fields, required, rest, parts);
            node.kind = Kind::Array(elements);
        }
        Kind::Array(elements) => {
            // The original shape.
            let after = rest
                .and_then(|rest| place.properties.get(rest))
                .and_then(|rest| session.network.place(rest.place).items);
            for (index, element) in elements.iter_mut().enumerate() {
                let named = fields
                    .get(index)
                    .and_then(|name| place.properties.get(name))
                    .map(|field| field.place);
                if let Some(id) = named.or(after) {
                    session.inside(index, |session| lift_at(session, id, element));
                }
            }
        }
        _ => session.problem(
            node,
            "not a tuple",
            "an object with a property for each position",
        ),
    }
}

/// The lifted properties of a tuple, each with whether what was sent says that it is missing, in the order of the schema.
struct Parts<'p, 't> {
    place: &'p Place,
    found: Vec<Option<(bool, Node<'t>)>>,
}

impl<'p, 't> Parts<'p, 't> {
    fn of(place: &'p Place) -> Self {
        let found = place.properties.values().map(|_| None).collect();
        Self { place, found }
    }

    fn put(&mut self, index: usize, part: (bool, Node<'t>)) {
        if let Some(found) = self.found.get_mut(index) {
            *found = Some(part);
        }
    }

    fn take(&mut self, name: &str) -> Option<(bool, Node<'t>)> {
        let index = self.place.properties.get_index_of(name)?;
        self.found.get_mut(index)?.take()
    }
}

/// The elements of a tuple, from its lifted properties.
fn positions<'t>(
    session: &mut Session<'_>,
    span: Span,
    fields: &[String],
    required: usize,
    rest: Option<&str>,
    mut parts: Parts<'_, 't>,
) -> Vec<Node<'t>> {
    let after = match rest
        .and_then(|rest| parts.take(rest))
        .map(|(_, rest)| rest.kind)
    {
        Some(Kind::Array(elements)) => elements,
        _ => Vec::new(),
    };
    let mut elements = Vec::with_capacity(fields.len() + after.len());
    for (index, field) in fields.iter().enumerate() {
        match parts.take(field) {
            Some(element) => elements.push(element),
            None if index < required => {
                session.problem_at(
                    span,
                    format!("`{field}` is missing"),
                    "every position",
                    "an object without it",
                );
            }
            None => break,
        }
    }
    if after.is_empty() {
        while elements.len() > required
            && elements.last().is_some_and(|(is_missing, _)| *is_missing)
        {
            elements.pop();
        }
    }
    let mut elements: Vec<Node<'t>> = elements.into_iter().map(|(_, element)| element).collect();
    elements.extend(after);
    elements
}

fn lift_text(session: &mut Session<'_>, of: JsonTextOf, node: &mut Node<'_>) {
    let Kind::String(text) = &node.kind else {
        // `null` for a property that may be absent, or the value itself: the original shape.
        return;
    };
    let outer = node.span;
    // Without escapes the text stands in the model's text as it is, one byte after the quote.
    let offset =
        (outer.end.saturating_sub(outer.start) == text.len() + 2).then_some(outer.start + 1);
    let place = |inner: Span| match offset {
        Some(offset) => Span::new(inner.start + offset, inner.end + offset),
        None => outer,
    };
    let parsed = match text {
        Cow::Borrowed(text) => larkspur_json::parse(text),
        Cow::Owned(text) => larkspur_json::parse(text).map(Node::into_owned),
    };
    match parsed {
        Ok(mut value) => {
            value.map_spans(&mut |span| place(span));
            for duplicate in value.duplicate_keys() {
                let key = duplicate.pointer.last().unwrap_or_default().into_owned();
                session.duplicate(&key, duplicate.second, duplicate.first);
            }
            *node = value;
        }
        Err(error) => {
            if of == JsonTextOf::Any && !text.trim_start().starts_with(['{', '[', '"']) {
                return;
            }
            let message = format!("the string does not hold JSON text: {error}");
            session.problem_at(
                place(error.span()),
                message,
                "JSON text",
                "text that is not JSON",
            );
        }
    }
}
