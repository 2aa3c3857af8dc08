//! `jsonschema`'s view of a node: no `serde_json::Value` is built.

use std::{
    borrow::Cow,
    sync::atomic::{AtomicUsize, Ordering},
};

use jsonschema::{
    JsonType,
    json::{self, NodeIdentity},
};
use larkspur_json::{Kind, Member, Node, Number, Object};
use serde_json::Value;

use super::equality;

/// The representation: trees of [`Node`]s.
pub(super) struct Tree;

/// What collecting errors may cost. Once it is spent, the rest of the tree looks empty, so that every walk ends soon.
pub(super) struct Budget {
    /// Values that may still be looked at.
    steps: AtomicUsize,
    /// Errors that may still be made.
    errors: AtomicUsize,
}

impl Budget {
    /// Looks at one value: a good validator does so a few times for each.
    const STEPS_PER_VALUE: usize = 64;
    const LEAST_STEPS: usize = 1_000_000;
    const MOST_ERRORS: usize = 2_000;
    /// Bytes of the pointers of all errors together.
    const MOST_PATH_BYTES: usize = 32 << 20;

    /// Linear in the tree, with room for small trees under involved schemas.
    pub(super) fn for_tree(node: &Node<'_>) -> Self {
        let (values, longest_path) = measure(node);
        let errors = Self::MOST_PATH_BYTES / longest_path.max(1);
        Self {
            steps: AtomicUsize::new(
                values
                    .saturating_mul(Self::STEPS_PER_VALUE)
                    .saturating_add(Self::LEAST_STEPS),
            ),
            errors: AtomicUsize::new(errors.clamp(2, Self::MOST_ERRORS)),
        }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.steps.load(Ordering::Relaxed) == 0 || self.errors.load(Ordering::Relaxed) == 0
    }

    fn spend(&self, steps: usize) {
        take(&self.steps, steps);
    }
}

/// Takes from a counter, down to zero. Only one thread ever counts; the atomic is for `Sync`.
fn take(counter: &AtomicUsize, amount: usize) {
    counter.store(
        counter.load(Ordering::Relaxed).saturating_sub(amount),
        Ordering::Relaxed,
    );
}

/// The number of values, and the length of the longest pointer.
fn measure(node: &Node<'_>) -> (usize, usize) {
    let add = |(values, longest): (usize, usize), step: usize, child: &Node<'_>| {
        let (child_values, child_path) = measure(child);
        (values + child_values, longest.max(step + 1 + child_path))
    };
    match &node.kind {
        Kind::Array(elements) => elements
            .iter()
            .fold((1, 0), |sum, element| add(sum, 8, element)),
        Kind::Object(object) => object.iter().fold((1, 0), |sum, member| {
            add(sum, member.key.len(), &member.value)
        }),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => (1, 0),
    }
}

/// A node as `jsonschema` sees it, with a budget where one is kept.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    node: &'a Node<'a>,
    budget: Option<&'a Budget>,
}

impl<'a> View<'a> {
    pub(super) fn unlimited(node: &'a Node<'_>) -> Self {
        Self { node, budget: None }
    }

    pub(super) fn limited(node: &'a Node<'_>, budget: &'a Budget) -> Self {
        Self {
            node,
            budget: Some(budget),
        }
    }

    /// Takes the cost of a container's children; whether the budget is spent.
    fn is_cut_off(&self, children: usize) -> bool {
        self.budget.is_some_and(|budget| {
            budget.spend(children + 1);
            budget.is_spent()
        })
    }
}

/// Backs the node of a key under `propertyNames`.
pub(super) struct NameBuffer(Node<'static>);

impl Default for NameBuffer {
    fn default() -> Self {
        Self(Node::from(Kind::Null))
    }
}

impl json::Json for Tree {
    type Node<'a> = View<'a>;
    type PreparedKey = String;
    type StringBuffer = NameBuffer;

    /// Small objects are scanned, so one pass over the members beats a few look-ups.
    const KEYS_PER_LOOKUP: usize = 2;
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(
        buffer: &mut NameBuffer,
        string: &str,
        f: impl FnOnce(View<'_>) -> T,
    ) -> T {
        buffer.0 = Node::from(Kind::String(Cow::Owned(string.to_owned())));
        f(View::unlimited(&buffer.0))
    }
}

impl<'a> json::Node<'a, Tree> for View<'a> {
    type Object = ObjectView<'a>;
    type Array = ArrayView<'a>;
    type Number = NumberView<'a>;

    fn as_object(&self) -> Option<ObjectView<'a>> {
        static EMPTY: Object<'static> = Object::new();
        let object = self.node.as_object()?;
        let object = if self.is_cut_off(object.len()) {
            &EMPTY
        } else {
            object
        };
        Some(ObjectView {
            object,
            budget: self.budget,
        })
    }

    fn as_array(&self) -> Option<ArrayView<'a>> {
        let elements = self.node.as_array()?;
        let elements = if self.is_cut_off(elements.len()) {
            &[]
        } else {
            elements
        };
        Some(ArrayView {
            elements,
            budget: self.budget,
        })
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.node.as_str().map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<NumberView<'a>> {
        self.node.as_number().map(NumberView)
    }

    fn as_boolean(&self) -> Option<bool> {
        self.node.as_bool()
    }

    fn is_null(&self) -> bool {
        self.node.is_null()
    }

    fn json_type(&self) -> JsonType {
        match self.node.kind {
            Kind::Null => JsonType::Null,
            Kind::Bool(_) => JsonType::Boolean,
            Kind::Number(_) => JsonType::Number,
            Kind::String(_) => JsonType::String,
            Kind::Array(_) => JsonType::Array,
            Kind::Object(_) => JsonType::Object,
        }
    }

    fn string_length_within(&self, min: u64, max: u64) -> Option<bool> {
        let text = self.node.as_str()?;
        // A character takes one to four bytes, which decides most cases without counting.
        let bytes = text.len() as u64;
        if bytes < min || bytes.div_ceil(4) > max {
            return Some(false);
        }
        if min <= bytes.div_ceil(4) && bytes <= max {
            return Some(true);
        }
        Some((min..=max).contains(&(text.chars().count() as u64)))
    }

    fn equals_value(&self, expected: &Value) -> bool {
        equality::equals(self.node, expected)
    }

    /// Asked for when an error is made. Errors do not carry the value, which would be copied for each: it is found
    /// again by its pointer.
    ///
    /// `null` in an error means that it counts; `false`, that the budget was spent and it may be untrue. A key under
    /// `propertyNames` has no pointer and is carried.
    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match self.budget {
            None => self.node.to_value(),
            Some(budget) if budget.is_spent() => Value::Bool(false),
            Some(budget) => {
                take(&budget.errors, 1);
                Value::Null
            }
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(NodeIdentity::new(std::ptr::from_ref(self.node).addr()))
    }
}

pub(super) struct ObjectView<'a> {
    object: &'a Object<'a>,
    budget: Option<&'a Budget>,
}

pub(super) struct MembersView<'a> {
    members: std::slice::Iter<'a, Member<'a>>,
    budget: Option<&'a Budget>,
}

impl<'a> Iterator for MembersView<'a> {
    type Item = (&'a str, View<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.budget.is_some_and(Budget::is_spent) {
            return None;
        }
        let member = self.members.next()?;
        Some((
            &member.key,
            View {
                node: &member.value,
                budget: self.budget,
            },
        ))
    }
}

impl<'a> json::Object<'a, Tree> for ObjectView<'a> {
    type Node = View<'a>;
    type MemberName = &'a str;
    type MembersIter = MembersView<'a>;

    fn len(&self) -> usize {
        self.object.len()
    }

    fn get(&self, key: &String) -> Option<View<'a>> {
        self.object.get(key).map(|node| View {
            node,
            budget: self.budget,
        })
    }

    fn members(&self) -> MembersView<'a> {
        MembersView {
            members: self.object.iter(),
            budget: self.budget,
        }
    }
}

pub(super) struct ArrayView<'a> {
    elements: &'a [Node<'a>],
    budget: Option<&'a Budget>,
}

pub(super) struct ElementsView<'a> {
    elements: std::slice::Iter<'a, Node<'a>>,
    budget: Option<&'a Budget>,
}

impl<'a> Iterator for ElementsView<'a> {
    type Item = View<'a>;

    fn next(&mut self) -> Option<View<'a>> {
        if self.budget.is_some_and(Budget::is_spent) {
            return None;
        }
        let node = self.elements.next()?;
        Some(View {
            node,
            budget: self.budget,
        })
    }
}

impl<'a> json::Array<'a, Tree> for ArrayView<'a> {
    type Node = View<'a>;
    type ElementsIter = ElementsView<'a>;

    fn len(&self) -> usize {
        self.elements.len()
    }

    fn elements(&self) -> ElementsView<'a> {
        ElementsView {
            elements: self.elements.iter(),
            budget: self.budget,
        }
    }

    fn is_unique(&self) -> bool {
        equality::first_repetition(self.elements).is_none()
    }
}

pub(super) struct NumberView<'a>(&'a Number<'a>);

impl json::JsonNumber for NumberView<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.0.as_u64()
    }

    fn as_i64(&self) -> Option<i64> {
        self.0.as_i64()
    }

    /// Asked for where the number fits in neither of the above.
    ///
    /// For wide integers the largest double that is not above them, which makes `minimum` and `exclusiveMaximum` exact:
    /// the nearest double would put the largest `u128` outside its own range.
    fn as_f64(&self) -> Option<f64> {
        let nearest = self.0.as_f64()?;
        let is_above = match (self.0.as_i128(), self.0.as_u128()) {
            (Some(exact), _) => equality::whole(nearest).is_none_or(|nearest| nearest > exact),
            (None, Some(exact)) => equality::wide(nearest).is_none_or(|nearest| nearest > exact),
            (None, None) => false,
        };
        Some(if is_above {
            nearest.next_down()
        } else {
            nearest
        })
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0.as_str())
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        let native = self
            .as_u64()
            .map(serde_json::Number::from)
            .or_else(|| self.as_i64().map(Into::into));
        let float = || {
            let largest = if self.0.as_str().starts_with('-') {
                f64::MIN
            } else {
                f64::MAX
            };
            serde_json::Number::from_f64(self.as_f64().unwrap_or(largest))
        };
        Cow::Owned(native.or_else(float).unwrap_or_else(|| 0.into()))
    }

    fn is_integer(&self) -> bool {
        self.0.is_integer()
    }

    fn is_written_as_integer(&self) -> bool {
        self.0.is_integer_text()
    }
}
