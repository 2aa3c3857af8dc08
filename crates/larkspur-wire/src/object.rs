//! The three shapes that every type of this crate is made of.
//!
//! Servers add fields, leave out others, and send `null` where the specification has no `null`. Hand-written
//! `Deserialize` code for each type would repeat the same tolerance a hundred times, and serde's `flatten` buffers
//! the whole object and forgets the difference between `null` and absent. So the tolerance is written once, here.

use crate::pending::Text;

/// Declares a JSON object that keeps what it does not know.
///
/// Each field has a mode: `required` must be there; `optional` is an `Option` that is left out when it is `None`;
/// `lenient` is the same, and what does not fit it counts as unknown instead of spoiling the whole;
/// `default` falls back to the type's default and is always written. A `null` in a known field reads as absent, and
/// stays in `extra`, so that writing gives the `null` back. `as "tag"` after the name is the constant `type`, written first.
macro_rules! object {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $( as $tag:literal )? {
            $( $(#[$field_meta:meta])* $mode:ident $field:ident $( as $key:literal )? : $ty:ty, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $crate::object::field_type!($mode $ty), )*
            /// Members this type does not name, and known ones that came as `null`. Written back as they came; a known one that is not set
            /// can be said here too.
            pub extra: $crate::Extra,
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                const KNOWN: &[&str] = &[
                    $( $crate::object::tag_key!($tag), )?
                    $( $crate::object::key!($field $($key)?), )*
                ];
                let mut map = serializer.serialize_map(None)?;
                $( map.serialize_entry("type", $tag)?; )?
                $( $crate::object::write_field!(
                    $mode, map, self.extra, $crate::object::key!($field $($key)?), self.$field
                ); )*
                for (key, value) in &self.extra {
                    if !KNOWN.contains(&key.as_str()) {
                        map.serialize_entry(key, value)?;
                    }
                }
                map.end()
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Object;

                impl<'de> serde::de::Visitor<'de> for Object {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("a JSON object (", stringify!($name), ")"))
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        $( let mut $field: Option<$ty> = None; )*
                        let mut extra = $crate::Extra::default();
                        while let Some($crate::pending::Text(key)) = map.next_key()? {
                            $( if key == "type" {
                                $crate::object::expect_tag::<A>(&mut map, $tag)?;
                                continue;
                            } )?
                            $( if key == $crate::object::key!($field $($key)?) {
                                match $crate::object::read_field!($mode $ty, map) {
                                    Ok(value) => $field = Some(value),
                                    Err(raw) => extra.keep(key.into_owned(), raw),
                                }
                                continue;
                            } )*
                            extra.keep(key.into_owned(), map.next_value()?);
                        }
                        Ok($name {
                            $( $field: $crate::object::finish_field!(
                                $mode, $field, $crate::object::key!($field $($key)?), extra
                            ), )*
                            extra,
                        })
                    }
                }

                deserializer.deserialize_map(Object)
            }
        }
    };
}

macro_rules! tag_key {
    ($tag:literal) => {
        "type"
    };
}

macro_rules! field_type {
    (required $ty:ty) => { $ty };
    (default $ty:ty) => { $ty };
    (optional $ty:ty) => { Option<$ty> };
    (lenient $ty:ty) => { Option<$ty> };
}

macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}

/// The value of a field, or what stands in its place and is kept as it came.
macro_rules! read_field {
    (lenient $ty:ty, $map:ident) => {{
        let raw: $crate::pending::Pending<'de> = $map.next_value()?;
        <$ty as serde::Deserialize>::deserialize(&raw).map_err(|_| serde_json::Value::from(raw))
    }};
    ($mode:ident $ty:ty, $map:ident) => {
        $map.next_value::<Option<$ty>>()?
            .ok_or(serde_json::Value::Null)
    };
}

macro_rules! write_field {
    (default, $map:ident, $extra:expr, $key:expr, $value:expr) => {
        match $extra.get($key) {
            Some(raw) if $crate::object::is_default(&$value) => {
                $map.serialize_entry($key, raw)?;
            }
            _ => $map.serialize_entry($key, &$value)?,
        }
    };
    (required, $map:ident, $extra:expr, $key:expr, $value:expr) => {
        $map.serialize_entry($key, &$value)?
    };
    // `optional` and `lenient`.
    ($mode:ident, $map:ident, $extra:expr, $key:expr, $value:expr) => {
        match (&$value, $extra.get($key)) {
            (Some(value), _) => $map.serialize_entry($key, value)?,
            (None, Some(raw)) => $map.serialize_entry($key, raw)?,
            (None, None) => {}
        }
    };
}

macro_rules! finish_field {
    (optional, $field:ident, $key:expr, $extra:ident) => {
        $field
    };
    (lenient, $field:ident, $key:expr, $extra:ident) => {
        $field
    };
    (default, $field:ident, $key:expr, $extra:ident) => {
        $field.unwrap_or_default()
    };
    (required, $field:ident, $key:expr, $extra:ident) => {
        $field.ok_or_else(|| serde::de::Error::missing_field($key))?
    };
}

/// Whether a field still has the value that a `null` gave it.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Reads the tag of an object whose type says what it must be.
pub(crate) fn expect_tag<'de, A: serde::de::MapAccess<'de>>(
    map: &mut A,
    expected: &str,
) -> Result<(), A::Error> {
    let Text(found) = map.next_value()?;
    if found == expected {
        return Ok(());
    }
    Err(serde::de::Error::custom(format_args!(
        "`type` is {found:?}, expected {expected:?}"
    )))
}

/// Declares an enum of objects told apart by `type`.
///
/// An unknown kind, and a known kind whose fields do not fit, is kept whole as `Other`, so a new item in an answer
/// never makes the rest of the answer unreadable. `or Variant(Type)` adds a variant that is a plain string.
macro_rules! tagged {
    (
        $(#[$meta:meta])*
        pub enum $name:ident $( or $text:ident($text_ty:ty) )? {
            $( $(#[$variant_meta:meta])* $variant:ident($ty:ty) = $tag:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = "A plain string."]
                $text($text_ty),
            )?
            $( $(#[$variant_meta])* $variant($ty), )*
            /// A kind this version does not know, kept as it came.
            Other(serde_json::Value),
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $( Self::$text(value) => value.serialize(serializer), )?
                    $( Self::$variant(value) => value.serialize(serializer), )*
                    Self::Other(value) => value.serialize(serializer),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                use $crate::pending::Pending;
                let pending = Pending::deserialize(deserializer)?;
                $( if let Pending::Text(_) = pending {
                    return <$text_ty>::deserialize(&pending).map($name::$text).map_err(serde::de::Error::custom);
                } )?
                let read = match pending.tag() {
                    $( Some($tag) => <$ty>::deserialize(&pending).ok().map($name::$variant), )*
                    _ => None,
                };
                Ok(read.unwrap_or_else(|| $name::Other(pending.into())))
            }
        }

        $( impl From<$ty> for $name {
            fn from(value: $ty) -> Self {
                Self::$variant(value)
            }
        } )*
    };
}

/// Declares an enum of strings that keeps the ones it does not know.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )*
            /// A value this version does not know, kept as it came.
            Other(String),
        }

        impl $name {
            /// The values this version knows, in the order of the specification.
            pub const KNOWN: &'static [&'static str] = &[$( $text ),*];

            /// The value as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )*
                    _ => Self::Other(text.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let $crate::pending::Text(text) = serde::Deserialize::deserialize(deserializer)?;
                Ok(Self::from(text.as_ref()))
            }
        }
    };
}

pub(crate) use {
    field_type, finish_field, key, object, open_enum, read_field, tag_key, tagged, write_field,
};
