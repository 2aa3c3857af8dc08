//! Rust types that are their own concrete syntax.
//!
//! A type with [`Syntax`] has a grammar, and that one definition reads texts into values and prints values as texts:
//! structs are sequences, enums are alternatives, [`Option`] is `?`, [`Vec`] is repetition, leaves are terminals. Usually the
//! trait is derived; this module is what the derived code stands on.
//!
//! ```
//! use larkspur_grammar::{Dialect, Syntax, print};
//!
//! let pair: (u8, Option<bool>) = Syntax::parse("(200, true)")?;
//! assert_eq!(pair, (200, Some(true)));
//! assert_eq!(pair.print()?, "(200, true)");
//!
//! let error = <(u8, bool)>::parse("(256, true)").unwrap_err();
//! assert_eq!(error.to_string(), "unexpected `6` at byte 3, expected U8 or \", \"");
//!
//! let lark = print::lark(&<(bool, bool)>::grammar()?, Dialect::openai());
//! assert_eq!(lark.text, "\
//! start: \"(\" BOOL \", \" BOOL \")\"
//!
//! BOOL: /true|false/
//! ");
//! # Ok::<(), larkspur_grammar::syntax::Error>(())
//! ```
//!
//! | type | is written |
//! |---|---|
//! | `bool` | `true` or `false` |
//! | integers | decimal, exactly the range of the type, without leading zeros |
//! | floats | decimal, with an exponent where Rust's `{:?}` has one; always finite |
//! | `char`, [`String`] | in double quotes with JSON's escapes |
//! | `Box<T>` | as `T` |
//! | `Option<T>` | as `T`, or not at all |
//! | `Vec<T>` | items with `, ` between them; also none |
//! | tuples of two to six | `(a, b)` |
//! | `NaiveDate`, `NaiveTime`, `NaiveDateTime`, `DateTime<Utc>`, `DateTime<FixedOffset>` (feature `chrono`) | as RFC 3339, years 0000 to 9999, only days that exist |
//! | `Uuid` (feature `uuid`) | in groups with hyphens; lower case is printed, both are read |
//!
//! What holds of every type that is put together from these: a text that [`Syntax::print`] returns is a sentence of
//! [`Syntax::grammar`], and where the grammar is unambiguous [`Syntax::parse`] reads it back as the same value.

mod boxed;
mod cached;
#[cfg(feature = "chrono")]
mod dates;
mod definitions;
mod error;
mod leaf;
mod numbers;
mod operators;
mod parts;
mod reading;
mod texts;
#[cfg(feature = "uuid")]
mod uuids;
mod writing;

pub use definitions::{Definitions, List};
pub use error::Error;
pub use leaf::{Escape, Leaf, LeafValue};
pub use operators::{Fixity, Operator};
pub use parts::{Blank, Part};
pub use reading::Fields;
pub use writing::Writer;

use crate::grammar::{Expr, Grammar, GrammarBuilder, Semantics};
use crate::tree::Node;

/// The deepest nesting of values that is read and printed. Values nest as they do in Rust: a chain of `n` left-associative
/// operators is `n` deep.
pub const MAX_DEPTH: usize = 256;

/// A type that is its own concrete syntax. See the [module](self).
///
/// Implementations by hand are possible: [`define`](Self::define) gives an expression that leaves exactly one node in the
/// tree, [`from_node`](Self::from_node) reads that node, and [`write`](Self::write) writes a text of the expression.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no syntax of its own",
    note = "derive it with `#[derive(Syntax)]`; for text that is written without quotes, make a newtype with `#[syntax(pattern = \"…\")]`"
)]
pub trait Syntax: Sized + 'static {
    /// Defines the type's rules, once for each grammar, and gives the expression by which it is used.
    fn define(definitions: &mut Definitions) -> Expr;

    /// The value of the node that the expression leaves in a tree.
    ///
    /// # Errors
    /// Where the node is not of this type's grammar, or says a value that the type does not hold.
    fn from_node(node: Node<'_>) -> Result<Self, Error>;

    /// Writes the value as its grammar says it.
    ///
    /// # Errors
    /// Where the grammar cannot say the value, such as a float that is not a number.
    fn write(&self, out: &mut Writer) -> Result<(), Error>;

    /// How tightly the outermost operator of the value binds; what is no operator binds tightest.
    fn precedence(&self) -> u32 {
        u32::MAX
    }

    /// The grammar of the type.
    ///
    /// # Errors
    /// Where a pattern is no regular expression, or a [limit](crate::Limits) is exceeded. A type that has a grammar once has it
    /// always.
    fn grammar() -> Result<Grammar, Error> {
        let mut definitions = Definitions::new(GrammarBuilder::new(Semantics::Llguidance));
        let expr = Self::define(&mut definitions);
        definitions.finish(expr)
    }

    /// Reads a text as a value. The grammar is compiled at the first use of the type in the process.
    ///
    /// # Errors
    /// Where the text is not a sentence of the grammar, is one in several ways, or is nested deeper than [`MAX_DEPTH`]; with the
    /// [place](Error::span).
    fn parse(text: &str) -> Result<Self, Error> {
        cached::compiled::<Self>()?.parse(text, |tree| Self::from_node(tree.root()))
    }

    /// The value as its canonical text, which is always a sentence of the grammar.
    ///
    /// # Errors
    /// Where the grammar cannot say the value: text that its pattern does not match, a list of too few or too many items, an
    /// operand that binds too loosely where there is no way to group, nesting deeper than [`MAX_DEPTH`], pieces without a text
    /// between them that run together.
    fn print(&self) -> Result<String, Error> {
        printed(self, Writer::new())
    }

    /// The value as a text with line breaks and indentation where templates have them, which is a sentence of the grammar as
    /// well.
    ///
    /// # Errors
    /// As [`print`](Self::print).
    fn pretty(&self) -> Result<String, Error> {
        printed(self, Writer::pretty())
    }
}

fn printed<T: Syntax>(value: &T, mut out: Writer) -> Result<String, Error> {
    out.value(value, T::write)?;
    let (text, places) = out.finish();
    let found = cached::compiled::<T>()?.places(&text)?;
    if found.is_some_and(|found| places.iter().all(|span| found.contains(span))) {
        Ok(text)
    } else {
        Err(Error::unsayable(format!(
            "`{text}` does not say this value: its pieces run together"
        )))
    }
}
