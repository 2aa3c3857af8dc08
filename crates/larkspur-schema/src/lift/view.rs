//! What has come of an answer, seen in the original shape.
//!
//! Nothing is copied and nothing is kept: a [`View`] is a part of a text that is still coming together with the place of the lowered
//! schema that it belongs to, and lifts on the way down. Only what cannot be lifted before it is whole (JSON text in a
//! string, a union without tags) is lifted as values are, when it is.

mod resolve;

use larkspur_json::{Kind, Mark, Member, Node, Object, Part, PartKind, Pointer, Snapshot};
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::resolve::Resolved;
use super::{
    Lift,
    network::{Network, Place, PlaceId},
};
use crate::plan::Action;

/// A value that is still coming, in the shape that the type has: what [`Lift::view`] gives.
///
/// Only what has one meaning already is there: a branch of a union when its tag has come or the value is whole, an entry of a map when its key
/// has come. What stands for absent values is `null` here until the value around it is read as a whole.
#[derive(Clone, Copy)]
pub struct View<'v> {
    seen: Seen<'v>,
    /// Members that are not shown.
    hidden: Option<&'v dyn Fn(&str) -> bool>,
    since: Mark,
}

#[derive(Clone, Copy)]
enum Seen<'v> {
    /// A part, and where it is lifted its place.
    Part(Part<'v>, Option<(&'v Network, PlaceId)>),
    /// A whole value in the original shape.
    Node(&'v Node<'v>),
}

/// What [`View::members`] calls.
type EachMember<'f> = dyn FnMut(&str, &View<'_>) + 'f;

/// What [`View::elements`] calls.
type EachElement<'f> = dyn FnMut(usize, &View<'_>) + 'f;

impl Lift {
    /// Shows `with` what has come of an answer, in the original shape; nothing before the value has a meaning.
    ///
    /// Of arrays and objects only what may have changed since the mark is walked through, see [`View::members`]; with
    /// [`Mark::default`] that is all.
    ///
    /// ```
    /// use larkspur_json::{Mark, Partial};
    /// use larkspur_schema::{Dialect, Lift, lower};
    /// use serde_json::json;
    ///
    /// let schema = json!({"type": "object", "additionalProperties": {"type": "integer"}});
    /// let lift = Lift::new(&lower(&schema, Dialect::openai())?)?;
    /// let mut partial = Partial::new();
    /// let snapshot = partial.push(r#"{"value": [{"key": "a", "value": 1}, {"key": "b", "val"#)?;
    /// let value = lift.view(snapshot, Mark::default(), |view| view.to_value());
    /// assert_eq!(value, Some(json!({"a": 1})));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn view<R>(
        &self,
        snapshot: Snapshot<'_>,
        since: Mark,
        with: impl FnOnce(&View<'_>) -> R,
    ) -> Option<R> {
        let part = snapshot.root()?;
        let mut result = None;
        let mut with = Some(with);
        let mut show = |view: &View<'_>| result = with.take().map(|with| with(view));
        match self.network.root() {
            Some(root) => show_at(&self.network, root, part, since, &mut show),
            None => show(&View::new(Seen::Part(part, None), since)),
        }
        result
    }
}

/// Shows a part that belongs to a place, if it has a meaning already.
fn show_at(
    network: &Network,
    id: PlaceId,
    part: Part<'_>,
    since: Mark,
    show: &mut dyn FnMut(&View<'_>),
) {
    match resolve::resolve(network, id, part) {
        Resolved::Undecided => {}
        Resolved::Part(part, id) => {
            let place = id.map(|id| (network, id));
            show(&View::new(Seen::Part(part, place), since));
        }
        Resolved::Whole(node) => show(&View::new(Seen::Node(&node), since)),
    }
}

impl<'v> View<'v> {
    const fn new(seen: Seen<'v>, since: Mark) -> Self {
        Self {
            seen,
            hidden: None,
            since,
        }
    }

    /// A snapshot as it is, for answers that are not lifted; nothing before the value begins.
    pub fn of(snapshot: Snapshot<'v>, since: Mark) -> Option<Self> {
        let part = snapshot.root()?;
        Some(Self::new(Seen::Part(part, None), since))
    }

    /// The same, for someone who has seen nothing of it yet: all of it is walked through.
    pub fn anew(&self) -> Self {
        Self {
            since: Mark::default(),
            ..*self
        }
    }

    /// The same without the members whose keys are `hidden`, as a value sees them that is flattened into another one.
    pub fn without<'h>(&self, hidden: &'h dyn Fn(&str) -> bool) -> View<'h>
    where
        'v: 'h,
    {
        View {
            hidden: Some(hidden),
            ..*self
        }
    }

    /// Whether nothing more will come.
    pub fn is_complete(&self) -> bool {
        match self.seen {
            Seen::Part(part, _) => part.is_complete(),
            Seen::Node(_) => true,
        }
    }

    fn place(&self) -> Option<&'v Place> {
        match self.seen {
            Seen::Part(_, Some((network, id))) => Some(network.place(id)),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        match self.seen {
            Seen::Part(part, _) => part.kind() == PartKind::Null,
            Seen::Node(node) => node.is_null(),
        }
    }

    /// The string as far as it has come, where it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.seen {
            Seen::Part(part, _) => part.as_str(),
            Seen::Node(node) => node.as_str(),
        }
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        let action = self.place().and_then(|place| place.action.as_ref());
        match (self.seen, action) {
            (Seen::Part(part, _), Some(Action::Entries { .. })) => {
                matches!(part.kind(), PartKind::Array | PartKind::Object)
            }
            (_, Some(Action::Tuple { .. })) => false,
            (Seen::Part(part, _), _) => part.kind() == PartKind::Object,
            (Seen::Node(node), _) => node.as_object().is_some(),
        }
    }

    /// Whether it is an array.
    pub fn is_array(&self) -> bool {
        let action = self.place().and_then(|place| place.action.as_ref());
        match (self.seen, action) {
            (Seen::Part(part, _), Some(Action::Tuple { .. })) => {
                matches!(part.kind(), PartKind::Array | PartKind::Object)
            }
            (_, Some(Action::Entries { .. })) => false,
            (Seen::Part(part, _), _) => part.kind() == PartKind::Array,
            (Seen::Node(node), _) => node.as_array().is_some(),
        }
    }

    /// Calls `each` with the members of an object that may have changed since the mark, and that have a meaning already.
    pub fn members(&self, each: &mut EachMember<'_>) {
        let hidden = self.hidden;
        let mut shown = |key: &str, value: &View<'_>| {
            if !hidden.is_some_and(|hidden| hidden(key)) {
                each(key, value);
            }
        };
        match self.seen {
            Seen::Node(node) => {
                for member in node.as_object().into_iter().flat_map(Object::iter) {
                    shown(
                        &member.key,
                        &View::new(Seen::Node(&member.value), self.since),
                    );
                }
            }
            Seen::Part(part, None) => {
                for child in part.children_since(self.since) {
                    if let Some(key) = child.key() {
                        shown(key, &View::new(Seen::Part(child, None), self.since));
                    }
                }
            }
            Seen::Part(part, Some((network, id))) => {
                members_at(network, id, part, self.since, &mut shown);
            }
        }
    }

    /// Calls `each` with the elements of an array that may have changed since the mark, and that have a meaning already.
    pub fn elements(&self, each: &mut EachElement<'_>) {
        match self.seen {
            Seen::Node(node) => {
                let elements = node.as_array().into_iter().flatten();
                for (index, element) in elements.enumerate() {
                    each(index, &View::new(Seen::Node(element), self.since));
                }
            }
            Seen::Part(part, None) => {
                if part.kind() == PartKind::Array {
                    for child in part.children_since(self.since) {
                        let view = View::new(Seen::Part(child, None), self.since);
                        each(child.index(), &view);
                    }
                }
            }
            Seen::Part(part, Some((network, id))) => {
                elements_at(network, id, part, self.since, each);
            }
        }
    }

    /// The text of a member that is a whole string, such as a tag. It is looked for among the first 256 members, and among all when
    /// the object is whole.
    pub fn text_of(&self, key: &str) -> Option<String> {
        match self.seen {
            Seen::Node(node) => Some(node.as_object()?.get(key)?.as_str()?.to_owned()),
            Seen::Part(part, _) => resolve::whole_text(part, key).map(str::to_owned),
        }
    }

    /// The value as a type, as far as it has come. It fits where the type lets everything be absent that has not come: its
    /// fields are `Option`s or have a default. Numbers, literals and what has no meaning yet are absent.
    pub fn to<T: DeserializeOwned>(&self) -> Option<T> {
        self.to_node().deserialize().ok()
    }

    /// The value as a type, where it is whole and fits.
    pub fn whole<T: DeserializeOwned>(&self) -> Option<T> {
        self.whole_node()?.deserialize().ok()
    }

    /// The value, where it is whole.
    pub fn whole_node(&self) -> Option<Node<'static>> {
        self.is_complete().then(|| self.to_node())
    }

    /// The value as far as it has come, with the places in the text.
    pub fn to_node(&self) -> Node<'static> {
        let anew = self.anew();
        let (span, leaf) = match self.seen {
            Seen::Node(node) => return node.clone().into_owned(),
            Seen::Part(part, None) => return part.to_node(),
            Seen::Part(part, Some(_)) => (part.span(), part),
        };
        if anew.is_object() {
            let mut object = Object::new();
            let absent = self.place().map(|place| &place.properties);
            anew.members(&mut |key, value| {
                let stands_for_absent = || {
                    let field = absent.and_then(|properties| properties.get(key));
                    field.is_some_and(|field| field.optional.is_some())
                };
                if !(value.is_null() && stands_for_absent()) {
                    object.push(Member::new(key.to_owned(), value.to_node()));
                }
            });
            return Node::new(span, Kind::Object(object));
        }
        if anew.is_array() {
            let mut elements = Vec::new();
            anew.elements(&mut |index, value| {
                // An array has no holes: what comes behind one waits.
                if index == elements.len() {
                    elements.push(value.to_node());
                }
            });
            return Node::new(span, Kind::Array(elements));
        }
        leaf.to_node()
    }

    /// The value as far as it has come.
    pub fn to_value(&self) -> Value {
        self.to_node().to_value()
    }

    /// Shows `with` the value that a pointer leads to, if it may have changed since the mark.
    pub fn at(&self, pointer: &Pointer, with: &mut dyn FnMut(&View<'_>)) {
        let tokens: Vec<_> = pointer.tokens().collect();
        self.below(&tokens, with);
    }

    fn below(&self, tokens: &[impl AsRef<str>], with: &mut dyn FnMut(&View<'_>)) {
        let Some((first, rest)) = tokens.split_first() else {
            return with(self);
        };
        let first = first.as_ref();
        self.members(&mut |key, value| {
            if key == first {
                value.below(rest, with);
            }
        });
        self.elements(&mut |index, value| {
            if first.parse() == Ok(index) {
                value.below(rest, with);
            }
        });
    }
}

fn members_at(
    network: &Network,
    id: PlaceId,
    part: Part<'_>,
    since: Mark,
    each: &mut EachMember<'_>,
) {
    let place = network.place(id);
    match (&place.action, part.kind()) {
        (Some(Action::Entries { key, value }), PartKind::Array) => {
            let values = resolve::value_of_entries(network, place);
            for entry in part.children_since(since) {
                let name = resolve::whole_text(entry, key);
                let held = entry
                    .children()
                    .take(4)
                    .find(|child| child.key() == Some(value));
                if let (Some(name), Some(held)) = (name, held) {
                    show_or(network, values, held, since, &mut |view| each(name, view));
                }
            }
        }
        (Some(Action::Tuple { .. }), _) => {}
        (action, PartKind::Object) => {
            let others = match action {
                Some(Action::Entries { .. }) => resolve::value_of_entries(network, place),
                _ => place.others,
            };
            let extras = match action {
                Some(Action::Extras { field }) => Some(field.as_str()),
                _ => None,
            };
            for child in part.children_since(since) {
                let Some(key) = child.key() else { continue };
                let field = place.properties.get(key).map(|field| field.place);
                if extras == Some(key) {
                    show_or(network, field, child, since, &mut |view| view.members(each));
                } else {
                    show_or(network, field.or(others), child, since, &mut |view| {
                        each(key, view);
                    });
                }
            }
        }
        _ => {}
    }
}

fn elements_at(
    network: &Network,
    id: PlaceId,
    part: Part<'_>,
    since: Mark,
    each: &mut EachElement<'_>,
) {
    let place = network.place(id);
    let tuple = match &place.action {
        Some(Action::Entries { .. }) => return,
        Some(Action::Tuple { fields, rest, .. }) => Some((fields, rest.as_deref())),
        _ => None,
    };
    match (tuple, part.kind()) {
        (Some((fields, rest)), PartKind::Object) => {
            for child in part.children_since(since) {
                let Some(key) = child.key() else { continue };
                let field = place.properties.get(key).map(|field| field.place);
                if rest == Some(key) {
                    show_or(network, field, child, since, &mut |view| {
                        view.elements(&mut |index, view| each(fields.len() + index, view));
                    });
                } else if let Some(index) = fields.iter().position(|field| field == key) {
                    show_or(network, field, child, since, &mut |view| each(index, view));
                }
            }
        }
        (tuple, PartKind::Array) => {
            let named = |index| {
                let (fields, _): (&Vec<String>, _) = tuple?;
                let name: &String = fields.get(index)?;
                Some(place.properties.get(name)?.place)
            };
            for child in part.children_since(since) {
                let index = child.index();
                let place = named(index).or_else(|| place.element(index));
                show_or(network, place, child, since, &mut |view| each(index, view));
            }
        }
        _ => {}
    }
}

/// As [`show_at`]; a part without a place is shown as it is.
fn show_or(
    network: &Network,
    id: Option<PlaceId>,
    part: Part<'_>,
    since: Mark,
    show: &mut dyn FnMut(&View<'_>),
) {
    match id {
        Some(id) => show_at(network, id, part, since, show),
        None => show(&View::new(Seen::Part(part, None), since)),
    }
}
