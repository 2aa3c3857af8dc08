//! [`Partial`] for what types are made of.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    fmt::Debug,
    hash::{BuildHasher, Hash},
    rc::Rc,
    sync::Arc,
};

use larkspur_json::{Kind, Member, Node, Object};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Partial, Progress, View};

/// What grows letter by letter.
macro_rules! texts {
    ($($text:ty),*) => {$(
        impl Partial for $text {
            type Partial = String;

            fn advance(partial: &mut Option<String>, view: &View<'_>) {
                let Some(text) = view.as_str() else { return };
                match partial {
                    Some(partial) => partial.push_str(text.get(partial.len()..).unwrap_or_default()),
                    None => *partial = Some(text.to_owned()),
                }
            }
        }
    )*};
}

texts!(String, Box<str>, Cow<'_, str>, Rc<str>, Arc<str>);

/// What is shown when it is whole.
macro_rules! leaves {
    ($($leaf:ty),*) => {$(
        impl Partial for $leaf {
            type Partial = Self;

            fn advance(partial: &mut Option<Self>, view: &View<'_>) {
                if partial.is_none() {
                    *partial = view.whole();
                }
            }
        }
    )*};
}

leaves!(
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    f32,
    f64,
    bool,
    char,
    (),
    Value
);

impl<T: Partial> Partial for Option<T> {
    type Partial = Option<T::Partial>;

    fn advance(partial: &mut Option<Self::Partial>, view: &View<'_>) {
        if view.is_null() {
            *partial = Some(None);
            return;
        }
        let mut inner = partial.take().flatten();
        T::advance(&mut inner, view);
        *partial = inner.map(Some);
    }

    fn takes(key: &str) -> bool {
        T::takes(key)
    }
}

macro_rules! boxes {
    ($($wrapper:ident),*) => {$(
        impl<T: Partial> Partial for $wrapper<T> {
            type Partial = Box<T::Partial>;

            fn advance(partial: &mut Option<Self::Partial>, view: &View<'_>) {
                let mut inner = partial.take().map(|inner| *inner);
                T::advance(&mut inner, view);
                *partial = inner.map(Box::new);
            }

            fn takes(key: &str) -> bool {
                T::takes(key)
            }
        }
    )*};
}

boxes!(Box, Rc, Arc);

fn advance_elements<T: Partial>(partial: &mut Option<Vec<Progress<T::Partial>>>, view: &View<'_>) {
    if !view.is_array() {
        return;
    }
    let elements = partial.get_or_insert_with(Vec::new);
    view.elements(&mut |index, view| {
        // What an answer without a meaning leaves out stays absent.
        if index >= elements.len() {
            elements.resize_with(index + 1, Progress::default);
        }
        if let Some(element) = elements.get_mut(index) {
            element.advance::<T>(view);
        }
    });
}

macro_rules! sequences {
    ($([$($generics:tt)*] $sequence:ty),* $(,)?) => {$(
        impl<T: Partial, $($generics)*> Partial for $sequence {
            type Partial = Vec<Progress<T::Partial>>;

            fn advance(partial: &mut Option<Self::Partial>, view: &View<'_>) {
                advance_elements::<T>(partial, view);
            }
        }
    )*};
}

sequences!(
    [] Vec<T>,
    [] VecDeque<T>,
    [] BTreeSet<T>,
    [] Box<[T]>,
    [S] HashSet<T, S>,
    [const N: usize] [T; N],
);

/// The key of a map as serde reads it.
fn object_of(key: &str) -> Node<'_> {
    let mut object = Object::new();
    object.push(Member::new(key, Node::from(Kind::Null)));
    Node::from(Kind::Object(object))
}

impl<K, V, S> Partial for HashMap<K, V, S>
where
    K: DeserializeOwned + Eq + Hash + Clone + Debug,
    V: Partial,
    S: BuildHasher + Default + Clone,
{
    type Partial = HashMap<K, Progress<V::Partial>, S>;

    fn advance(partial: &mut Option<Self::Partial>, view: &View<'_>) {
        if !view.is_object() {
            return;
        }
        let map = partial.get_or_insert_with(HashMap::default);
        view.members(&mut |key, view| {
            let read = object_of(key).deserialize::<HashMap<K, ()>>();
            if let Some(key) = read.ok().and_then(|read| read.into_keys().next()) {
                map.entry(key).or_default().advance::<V>(view);
            }
        });
    }
}

impl<K, V> Partial for BTreeMap<K, V>
where
    K: DeserializeOwned + Ord + Clone + Debug,
    V: Partial,
{
    type Partial = BTreeMap<K, Progress<V::Partial>>;

    fn advance(partial: &mut Option<Self::Partial>, view: &View<'_>) {
        if !view.is_object() {
            return;
        }
        let map = partial.get_or_insert_with(BTreeMap::new);
        view.members(&mut |key, view| {
            let read = object_of(key).deserialize::<BTreeMap<K, ()>>();
            if let Some(key) = read.ok().and_then(|read| read.into_keys().next()) {
                map.entry(key).or_default().advance::<V>(view);
            }
        });
    }
}

macro_rules! tuples {
    ($(($($element:ident $index:tt),+)),* $(,)?) => {$(
        impl<$($element: Partial),+> Partial for ($($element,)+) {
            type Partial = ($(Progress<$element::Partial>,)+);

            fn advance(partial: &mut Option<Self::Partial>, view: &View<'_>) {
                if !view.is_array() {
                    return;
                }
                let tuple = partial.get_or_insert_with(|| ($(Progress::<$element::Partial>::Absent,)+));
                view.elements(&mut |index, view| match index {
                    $($index => tuple.$index.advance::<$element>(view),)+
                    _ => {}
                });
            }
        }
    )*};
}

tuples!(
    (A 0),
    (A 0, B 1),
    (A 0, B 1, C 2),
    (A 0, B 1, C 2, D 3),
    (A 0, B 1, C 2, D 3, E 4),
    (A 0, B 1, C 2, D 3, E 4, F 5),
);
