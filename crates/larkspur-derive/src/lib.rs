//! `#[derive(Syntax)]`: a Rust type as its own concrete syntax. [`#[derive(Partial)]`](macro@Partial): a Rust type while it comes.
//!
//! From one definition come the grammar that is sent to a model, the parser of its answer, and the printer:
//!
//! ```
//! use larkspur::grammar::{Dialect, print};
//! use larkspur::Syntax;
//!
//! #[derive(Debug, PartialEq, Syntax)]
//! #[syntax(group = "({})")]
//! enum Filter {
//!     #[syntax("{field} {op} {value}")]
//!     Compare { field: Field, op: Op, value: Value },
//!     #[syntax(prefix = "NOT", precedence = 3)]
//!     Not(Box<Filter>),
//!     #[syntax(infix = "AND", precedence = 2)]
//!     And(Box<Filter>, Box<Filter>),
//!     #[syntax(infix = "OR", precedence = 1)]
//!     Or(Box<Filter>, Box<Filter>),
//! }
//!
//! #[derive(Debug, PartialEq, Syntax)]
//! #[syntax(pattern = "[a-z_]{1,30}")]
//! struct Field(String);
//!
//! #[derive(Debug, PartialEq, Syntax)]
//! enum Op {
//!     #[syntax("=")]
//!     Equal,
//!     #[syntax("<")]
//!     Below,
//! }
//!
//! #[derive(Debug, PartialEq, Syntax)]
//! enum Value {
//!     Number(i32),
//!     Text(String),
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let text = r#"(state = "open" OR age < 7) AND NOT owner = "me""#;
//! let filter = Filter::parse(text)?;
//! let Filter::And(left, _) = &filter else { unreachable!() };
//! assert!(matches!(**left, Filter::Or(..)));
//! assert_eq!(filter.print()?, text);
//!
//! let error = Filter::parse("state == 1").unwrap_err();
//! assert_eq!(error.span().map(|span| span.start), Some(7));
//!
//! let lark = print::lark(&Filter::grammar()?, Dialect::openai()).text;
//! assert!(lark.starts_with("?start: start \" OR \" filter_operand -> or\n"), "{lark}");
//! # Ok(())
//! # }
//! ```
#![doc = include_str!("../../../docs/syntax-attributes.md")]

mod ast;
mod attr;
mod case;
mod errors;
mod expand;
mod near;
mod partial;
mod template;
#[cfg(test)]
mod tests;
mod valid;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

/// Implements `larkspur::grammar::Syntax`. See the [crate](self) for its attributes.
#[proc_macro_derive(Syntax, attributes(syntax))]
pub fn derive_syntax(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive(input.into()).into()
}

/// Implements `larkspur::partial::Partial`, and makes the companion that it shows: the type with every field as far as it has come.
///
/// ```
/// use larkspur::partial::{Draft, Progress};
/// use larkspur::{JsonSchema, OutputType as _, Partial, Target, json, schemars};
/// use serde::Deserialize;
///
/// #[derive(Debug, Deserialize, JsonSchema, Partial)]
/// #[serde(rename_all = "camelCase")]
/// struct Recipe {
///     title: String,
///     serves: u32,
///     steps: Vec<Step>,
/// }
///
/// #[derive(Debug, Deserialize, JsonSchema, Partial)]
/// struct Step {
///     text: String,
///     minutes: Option<u32>,
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut incoming = json::<Recipe>().prepare(Target::openai())?.incoming();
/// let mut draft = Draft::<Recipe>::new();
///
/// incoming.push(r#"{"title": "Soup", "serves": 4, "steps": [{"text": "Cut the on"#)?;
/// // A `RecipePartial`, whose fields say how far they are.
/// let recipe = draft.update(&incoming).get().ok_or("nothing yet")?;
/// assert_eq!(recipe.title, Progress::Done("Soup".to_owned()));
/// assert_eq!(recipe.serves.done(), Some(&4));
/// let steps = recipe.steps.get().ok_or("no steps")?;
/// let first = steps[0].get().ok_or("no step")?;
/// assert_eq!(first.text, Progress::InFlight("Cut the on".to_owned()));
/// assert!(first.minutes.is_absent());
/// # Ok(())
/// # }
/// ```
#[doc = include_str!("../../../docs/partial-attributes.md")]
#[proc_macro_derive(Partial, attributes(partial, serde))]
pub fn derive_partial(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    partial::derive(input.into()).into()
}

/// The impl; where something is wrong, all errors and an impl that says nothing.
fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = errors::Errors::default();
    let Some(read) = ast::Input::read(&input, &mut errors) else {
        return errors
            .finish()
            .err()
            .map(syn::Error::into_compile_error)
            .unwrap_or_default();
    };
    let model = valid::model(&read, &mut errors);
    match errors.finish() {
        Ok(()) => expand::expand(&model),
        Err(error) => {
            let errors = error.into_compile_error();
            let stub = valid::stub(&input, &valid::krate(&read));
            quote!(#errors #stub)
        }
    }
}
