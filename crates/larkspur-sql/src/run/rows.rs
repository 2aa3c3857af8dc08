//! Rows of a result, and as values of Rust types.

use serde::{
    Deserializer, Serialize, Serializer,
    de::{
        self, DeserializeOwned, IntoDeserializer, Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};

use super::{RunLimits, Truncated};
use crate::{Error, error::Kind};

/// The rows that a query gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    columns: Vec<String>,
    values: Vec<Vec<Value>>,
    truncated: Option<Truncated>,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// `NULL`.
    Null,
    /// An integer.
    Integer(i64),
    /// A number with a fraction, or infinite.
    Real(f64),
    /// A truth value. SQLite has none: they are 0 and 1 there.
    Boolean(bool),
    /// An exact decimal, PostgreSQL's `numeric`, with all its digits: `12.50`. It is read as whatever number is asked for, and as a
    /// text with all digits.
    Decimal(String),
    /// A text; bytes that are not UTF-8 are replaced. Of PostgreSQL also dates, times and all that has no value of its own here, as it
    /// writes them.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Rows {
    /// The names of the columns, as the query gives them; some may be the same.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The rows, each with a value for each column.
    pub fn rows(&self) -> &[Vec<Value>] {
        &self.values
    }

    /// Why these are not all rows, if they are not.
    pub const fn truncated(&self) -> Option<Truncated> {
        self.truncated
    }

    /// The rows as values of a type: a struct by the names of the columns, a tuple by their order, or the value itself
    /// where there is one column.
    ///
    #[cfg_attr(feature = "sqlite", doc = "```")]
    #[cfg_attr(not(feature = "sqlite"), doc = "```ignore")]
    /// use larkspur_sql::{RunLimits, Sqlite};
    ///
    /// #[derive(Debug, PartialEq, serde::Deserialize)]
    /// struct Track { name: String, seconds: Option<f64> }
    ///
    /// let db = Sqlite::from_ddl(
    ///     "CREATE TABLE track (name TEXT, seconds REAL); INSERT INTO track VALUES ('Intro', 61.5), ('Outro', NULL)",
    /// )?;
    /// let query = db.check("SELECT name, seconds FROM track ORDER BY name")?;
    /// let tracks: Vec<Track> = db.run(&query, &RunLimits::default())?.read()?;
    /// assert_eq!(tracks[0], Track { name: "Intro".into(), seconds: Some(61.5) });
    ///
    /// let names: Vec<(String, Option<f64>)> = db.run(&query, &RunLimits::default())?.read()?;
    /// assert_eq!(names[1], ("Outro".into(), None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// At the first row that does not have the form of the type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        let rows = self.values.iter().enumerate();
        rows.map(|(number, row)| {
            T::deserialize(RowReader {
                columns: &self.columns,
                row,
            })
            .map_err(|error| {
                Error::bare(Kind::Row {
                    row: number + 1,
                    message: error.to_string(),
                })
            })
        })
        .collect()
    }
}

/// A JSON value: a blob is a string of hexadecimal digits, a number that is infinite or none a string too; a decimal is a number,
/// rounded to what JSON's readers know.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Real(number) if number.is_finite() => serializer.serialize_f64(*number),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Decimal(digits) => match (digits.parse(), digits.parse::<f64>()) {
                (Ok(number), _) => serializer.serialize_i64(number),
                (_, Ok(number)) if number.is_finite() => serializer.serialize_f64(number),
                _ => serializer.serialize_str(digits),
            },
            Self::Text(text) => serializer.serialize_str(text),
            Self::Real(_) | Self::Blob(_) => serializer.serialize_str(&self.to_string()),
        }
    }
}

/// A value as the database's library gives it.
pub(crate) trait Raw {
    /// How many it takes beside itself.
    fn bytes(&self) -> usize;

    fn into_value(self) -> Value;
}

/// Rows while they are collected, with what they take.
pub(crate) struct Collected {
    rows: Rows,
    limits: RunLimits,
    bytes: usize,
}

impl Collected {
    pub(crate) fn new(columns: Vec<String>, limits: &RunLimits) -> Self {
        Self {
            rows: Rows {
                columns,
                values: Vec::new(),
                truncated: None,
            },
            limits: limits.clone(),
            bytes: 0,
        }
    }

    /// Takes a row by its columns; says no where it is one too many.
    pub(crate) fn push<V: Raw, E>(
        &mut self,
        value: impl Fn(usize) -> Result<V, E>,
    ) -> Result<bool, E> {
        if self.rows.values.len() >= self.limits.max_rows {
            self.rows.truncated = Some(Truncated::Rows);
            return Ok(false);
        }
        let mut values = Vec::with_capacity(self.rows.columns.len());
        for column in 0..self.rows.columns.len() {
            let value = value(column)?;
            let taken = size_of::<Value>().saturating_add(value.bytes());
            self.bytes = self.bytes.saturating_add(taken);
            if self.bytes > self.limits.max_bytes {
                self.rows.truncated = Some(Truncated::Bytes);
                return Ok(false);
            }
            values.push(value.into_value());
        }
        self.rows.values.push(values);
        Ok(true)
    }

    pub(crate) fn into_rows(self) -> Rows {
        self.rows
    }
}

struct RowReader<'a> {
    columns: &'a [String],
    row: &'a [Value],
}

impl<'a> RowReader<'a> {
    /// The value, where there is one.
    fn single<E: de::Error>(&self) -> Result<ValueReader<'a>, E> {
        match self.row {
            [value] => Ok(ValueReader(value)),
            row => Err(E::custom(format_args!(
                "one column was expected, there are {}",
                row.len()
            ))),
        }
    }
}

/// A type that is one value is read from a row of one column.
macro_rules! scalars {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            self.single()?.$method(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for RowReader<'_> {
    type Error = de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let names = self.columns.iter().map(String::as_str);
        visitor.visit_map(MapDeserializer::new(
            names.zip(self.row.iter().map(ValueReader)),
        ))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let mut values = SeqDeserializer::new(self.row.iter().map(ValueReader));
        let value = visitor.visit_seq(&mut values)?;
        values.end().map(|()| value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.single()?.deserialize_option(visitor)
    }

    scalars! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8
        deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char
        deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.single()?.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! { unit unit_struct identifier ignored_any }
}

#[derive(Clone, Copy)]
struct ValueReader<'a>(&'a Value);

impl IntoDeserializer<'_> for ValueReader<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for ValueReader<'_> {
    type Error = de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Integer(number) => visitor.visit_i64(*number),
            Value::Real(number) => visitor.visit_f64(*number),
            Value::Boolean(value) => visitor.visit_bool(*value),
            Value::Decimal(digits) => match (digits.parse(), digits.parse()) {
                (Ok(number), _) => visitor.visit_i64(number),
                (_, Ok(number)) => visitor.visit_f64(number),
                _ => visitor.visit_str(digits),
            },
            Value::Text(text) => visitor.visit_str(text),
            Value::Blob(bytes) => visitor.visit_bytes(bytes),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    /// SQLite has no truth values of its own: 0 and 1 are written for them.
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Integer(number @ (0 | 1)) => visitor.visit_bool(*number == 1),
            _ => self.deserialize_any(visitor),
        }
    }

    /// A decimal with all its digits.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Decimal(digits) => visitor.visit_str(digits),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Text(text) => {
                let text: de::value::StrDeserializer<'_, Self::Error> =
                    text.as_str().into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}
