//! What the strategies of the languages share.

use std::fmt::Debug;

use proptest::collection::VecStrategy;
use proptest::option::OptionStrategy;
use proptest::prelude::*;

/// A newtype of the texts of a regex.
pub(crate) fn name<T: Debug>(
    pattern: &'static str,
    new: fn(String) -> T,
) -> impl Strategy<Value = T> {
    pattern.prop_map(new)
}

/// Two operands.
pub(crate) fn two<T: Debug + 'static>(
    inner: &BoxedStrategy<T>,
) -> impl Strategy<Value = (Box<T>, Box<T>)> + use<T> {
    let boxed = || inner.clone().prop_map(Box::new);
    (boxed(), boxed())
}

/// One to `max` items.
pub(crate) fn some<S: Strategy>(item: S, max: usize) -> VecStrategy<S> {
    prop::collection::vec(item, 1..=max)
}

/// Up to `max` items.
pub(crate) fn any_of<S: Strategy>(item: S, max: usize) -> VecStrategy<S> {
    prop::collection::vec(item, 0..=max)
}

/// Perhaps a value.
pub(crate) fn maybe<S: Strategy>(value: S) -> OptionStrategy<S> {
    prop::option::of(value)
}
