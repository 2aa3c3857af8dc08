//! The steps of a plan, backwards: from the original shape to the lowered one.

use larkspur_json::{Kind, Member, Node, Object, Token};

use super::{
    matching::{branch_of_value, takes_null_as_text, value_of_entries},
    network::{Field, OrNull, Place, PlaceId},
    session::Session,
};
use crate::plan::Action;

/// Lowers a value in place.
pub(super) fn lower(session: &mut Session<'_>, root: Option<PlaceId>, node: &mut Node<'static>) {
    if let Some(root) = root {
        lower_at(session, root, node);
    }
}

fn lower_at(session: &mut Session<'_>, id: PlaceId, node: &mut Node<'static>) {
    let place = session.network.place(id);
    if !place.changes || (place.nullable && node.is_null()) {
        return;
    }
    session.deeper(node.span, |session| {
        if !place.branches.is_empty() {
            return match branch_of_value(session, &place.branches, node) {
                Some(branch) => lower_at(session, branch, node),
                None => session.problem(
                    node,
                    "the value matches no branch of the union",
                    "a value of one of the branches",
                ),
            };
        }
        match &place.action {
            None | Some(Action::Optional { .. }) => lower_parts(session, place, node),
            Some(Action::JsonText { .. }) => {
                let text = node.to_string();
                node.kind = Kind::String(text.into());
            }
            Some(Action::Unwrap { field }) => lower_wrapped(session, place, field, node),
            Some(Action::Entries { key, value }) => lower_entries(session, id, key, value, node),
            Some(Action::Extras { field }) => lower_extras(session, place, field, node),
            Some(Action::Tuple {
                fields,
                required,
                rest,
            }) => {
                lower_tuple(session, place, fields, *required, rest.as_deref(), node);
            }
        }
    });
}

fn lower_parts(session: &mut Session<'_>, place: &Place, node: &mut Node<'static>) {
    match &mut node.kind {
        Kind::Array(elements) => {
            for (index, element) in elements.iter_mut().enumerate() {
                if let Some(id) = place.element(index) {
                    session.inside(index, |session| lower_at(session, id, element));
                }
            }
        }
        Kind::Object(object) => {
            let members = lower_members(session, place, std::mem::take(object), None);
            node.kind = Kind::Object(members.into_iter().collect());
        }
        _ => {}
    }
}

/// The properties in the order of the lowered schema; `null` for those that are absent. Others are a problem, unless they
/// are taken by `others`.
fn lower_members(
    session: &mut Session<'_>,
    place: &Place,
    object: Object<'static>,
    mut others: Option<&mut Vec<Member<'static>>>,
) -> Vec<Member<'static>> {
    let mut members: Vec<Option<Member<'static>>> = place.properties.iter().map(|_| None).collect();
    let mut unnamed = Vec::new();
    for mut member in object {
        let index = place.properties.get_index_of(member.key.as_ref());
        match (index.and_then(|index| members.get_mut(index)), &mut others) {
            (Some(slot), _) => *slot = Some(member),
            (None, Some(others)) => others.push(member),
            (None, None) if place.is_open => {
                if let Some(others) = place.others {
                    session.inside(Token::Key(&member.key), |session| {
                        lower_at(session, others, &mut member.value);
                    });
                }
                unnamed.push(member);
            }
            (None, None) => session.inside(Token::Key(&member.key), |session| {
                let message = format!("the schema does not name the property `{}`", member.key);
                session.problem(&member.value, message, "no property of this name");
            }),
        }
    }
    let mut lowered = Vec::with_capacity(members.len() + unnamed.len());
    for ((name, field), member) in place.properties.iter().zip(members) {
        match member {
            Some(mut member) => {
                lower_field(session, name, *field, &mut member.value);
                lowered.push(member);
            }
            None if field.optional.is_some() => {
                lowered.push(Member::new(name.clone(), Node::from(Kind::Null)));
            }
            None => {}
        }
    }
    lowered.extend(unnamed);
    lowered
}

fn lower_field(session: &mut Session<'_>, name: &str, field: Field, value: &mut Node<'static>) {
    session.inside(Token::Key(name), |session| {
        lower_optional(session, name, field, value);
    });
}

/// Lowers a value that is there, where it might also be absent.
fn lower_optional(session: &mut Session<'_>, name: &str, field: Field, value: &mut Node<'static>) {
    match field.optional {
        Some(OrNull(or_null)) if value.is_null() => {
            if takes_null_as_text(session, field) {
                lower_at(session, field.place, value);
            } else if !or_null {
                session.problem(
                    value,
                    format!("`{name}` may be absent but not null"),
                    "a value",
                );
            }
        }
        _ => lower_at(session, field.place, value),
    }
}

fn lower_wrapped(session: &mut Session<'_>, place: &Place, field: &str, node: &mut Node<'static>) {
    if let Some(inner) = place.properties.get(field) {
        lower_at(session, inner.place, node);
    }
    let value = std::mem::replace(node, Node::from(Kind::Null));
    node.kind = Kind::Object(Object::from_iter([Member::new(field.to_owned(), value)]));
}

fn lower_entries(
    session: &mut Session<'_>,
    id: PlaceId,
    key: &str,
    value: &str,
    node: &mut Node<'static>,
) {
    let Kind::Object(object) = &mut node.kind else {
        return session.problem(node, "not a map", "an object");
    };
    let value_place = value_of_entries(session, id);
    let mut entries = Vec::with_capacity(object.len());
    for mut member in std::mem::take(object) {
        if let Some(place) = value_place {
            session.inside(Token::Key(&member.key), |session| {
                lower_at(session, place, &mut member.value);
            });
        }
        let entry = [
            Member::new(key.to_owned(), Node::from(Kind::String(member.key))),
            Member::new(value.to_owned(), member.value),
        ];
        entries.push(Node::from(Kind::Object(Object::from_iter(entry))));
    }
    node.kind = Kind::Array(entries);
}

fn lower_extras(session: &mut Session<'_>, place: &Place, field: &str, node: &mut Node<'static>) {
    let Kind::Object(object) = &mut node.kind else {
        return session.problem(node, "not an object", "an object");
    };
    let mut others = Vec::new();
    let mut members = lower_members(session, place, std::mem::take(object), Some(&mut others));
    let mut extras = Node::from(Kind::Object(others.into_iter().collect()));
    if let Some(entries) = place.properties.get(field) {
        lower_at(session, entries.place, &mut extras);
    }
    members.push(Member::new(field.to_owned(), extras));
    node.kind = Kind::Object(members.into_iter().collect());
}

fn lower_tuple(
    session: &mut Session<'_>,
    place: &Place,
    fields: &[String],
    required: usize,
    rest: Option<&str>,
    node: &mut Node<'static>,
) {
    let Kind::Array(elements) = &mut node.kind else {
        return session.problem(node, "not a tuple", "an array");
    };
    let count = elements.len();
    let mut elements = std::mem::take(elements).into_iter();
    let mut members = Vec::with_capacity(fields.len() + 1);
    for (index, name) in fields.iter().enumerate() {
        let field = place.properties.get(name);
        let Some(mut element) = elements.next() else {
            // `null` says that a position is missing only where properties cannot be missing themselves.
            if field.is_some_and(|field| field.optional.is_some()) {
                members.push(Member::new(name.clone(), Node::from(Kind::Null)));
            }
            continue;
        };
        if let Some(field) = field {
            session.inside(index, |session| {
                lower_optional(session, name, *field, &mut element);
            });
        }
        members.push(Member::new(name.clone(), element));
    }
    if count < required || (rest.is_none() && count > fields.len()) {
        let expected = format!("{required} to {} elements", fields.len());
        session.problem(node, format!("the tuple has {count} elements"), &expected);
    }
    if let Some(rest) = rest {
        let mut after = Node::from(Kind::Array(elements.collect()));
        if let Some(field) = place.properties.get(rest) {
            lower_at(session, field.place, &mut after);
        }
        members.push(Member::new(rest.to_owned(), after));
    }
    node.kind = Kind::Object(members.into_iter().collect());
}
