//! Which place of the lowered schema a part belongs to, when it has not come as a whole.

use larkspur_json::{Node, Part, PartKind};
use serde_json::Value;

use crate::{
    lift::{
        network::{ARRAY, BOOLEAN, INTEGER, NULL, NUMBER, Network, OBJECT, Place, PlaceId, STRING},
        session::Session,
        up,
    },
    plan::Action,
};

/// What a part is of its place.
pub(super) enum Resolved<'v> {
    /// It is not clear yet.
    Undecided,
    /// This part of this place; without a place it has the original shape already.
    Part(Part<'v>, Option<PlaceId>),
    /// A whole value, lifted.
    Whole(Node<'static>),
}

/// Most steps to a place without branches and wrappers; more are a union that contains itself.
const STEPS: usize = 64;

/// Members among which a tag is looked for in an object that is still open.
const SEARCHED: usize = 256;

/// Goes down unions and wrappers, which are not there in the original.
pub(super) fn resolve<'v>(network: &Network, id: PlaceId, part: Part<'v>) -> Resolved<'v> {
    let (mut id, mut part) = (id, part);
    for _ in 0..STEPS {
        let place = network.place(id);
        if !place.changes || part.kind() == PartKind::Null {
            return Resolved::Part(part, None);
        }
        if !place.branches.is_empty() {
            match branch(network, &place.branches, part) {
                Some(branch) => id = branch,
                None => return when_whole(network, id, part),
            }
            continue;
        }
        match &place.action {
            Some(Action::Unwrap { field }) => {
                let inner = place.properties.get(field).map(|field| field.place);
                let Some(inner) = inner else { break };
                id = inner;
                if part.kind() != PartKind::Object {
                    continue;
                }
                match part.children().next() {
                    Some(first) if first.key() == Some(field) => part = first,
                    None if !part.is_complete() => return Resolved::Undecided,
                    _ => {}
                }
            }
            Some(Action::JsonText { .. }) if part.as_str().is_some() => {
                return when_whole(network, id, part);
            }
            _ => return Resolved::Part(part, Some(id)),
        }
    }
    Resolved::Undecided
}

/// The value lifted as a whole, once it is.
fn when_whole<'v>(network: &Network, id: PlaceId, part: Part<'v>) -> Resolved<'v> {
    if !part.is_complete() {
        return Resolved::Undecided;
    }
    let mut node = part.to_node();
    let mut session = Session::new(network);
    up::lift(&mut session, Some(id), &mut node);
    match session.finish(node) {
        Ok(node) => Resolved::Whole(node),
        Err(_) => Resolved::Undecided,
    }
}

/// The branch of a union that a part means, where that shows already: only one has its type and, of objects, its tags.
fn branch(network: &Network, branches: &[PlaceId], part: Part<'_>) -> Option<PlaceId> {
    let kind = kind_of(part);
    let mut candidates = branches.iter().copied().filter(|branch| {
        let place = network.place(*branch);
        !place.branches.is_empty()
            || (place.kinds & kind != 0 && may_have_tags(network, place, part))
    });
    let only = candidates.next()?;
    candidates.next().is_none().then_some(only)
}

/// Whether no tag that has come says otherwise.
fn may_have_tags(network: &Network, place: &Place, part: Part<'_>) -> bool {
    place.tags.iter().all(|&position| {
        let Some((name, field)) = place.properties.get_index(position) else {
            return true;
        };
        let listed = network.place(field.place).listed.as_ref();
        let Some(text) = whole_text(part, name) else {
            return true;
        };
        let is_text = |value: &Value| value.as_str() == Some(text);
        listed.is_none_or(|listed| listed.iter().any(is_text))
    })
}

/// The text of a member that is a whole string.
pub(super) fn whole_text<'v>(part: Part<'v>, key: &str) -> Option<&'v str> {
    let most = if part.is_complete() {
        usize::MAX
    } else {
        SEARCHED
    };
    let mut children = part.children().take(most);
    let child = children.find(|child| child.key() == Some(key))?;
    child.as_str().filter(|_| child.is_complete())
}

/// The place of the values of a map that is sent as entries.
pub(super) fn value_of_entries(network: &Network, place: &Place) -> Option<PlaceId> {
    let Some(Action::Entries { value, .. }) = &place.action else {
        return None;
    };
    let entry = network.place(place.items?);
    entry.properties.get(value).map(|field| field.place)
}

fn kind_of(part: Part<'_>) -> u8 {
    match part.kind() {
        PartKind::Null => NULL,
        PartKind::Bool(_) => BOOLEAN,
        PartKind::Number(_) => NUMBER | INTEGER,
        PartKind::String(_) => STRING,
        PartKind::Array => ARRAY,
        PartKind::Object => OBJECT,
    }
}
