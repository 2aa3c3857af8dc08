//! Texts and blanks of templates: defined and written by the same words.

use super::{Definitions, Writer};
use crate::grammar::Expr;

/// A piece of a template that holds no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "derived code names the variants; a new one is of no concern to it"
)]
pub enum Part<'s> {
    /// Exactly this text.
    Text(&'s str),
    /// This text in upper or lower case; printed as it is here.
    AnyCase(&'s str),
    /// White space, printed as one space or as few as there may be.
    Blank(Blank),
    /// White space where the [pretty](super::Syntax::pretty) text has a line break; else printed as few spaces as there may be.
    Break {
        /// What is read.
        blank: Blank,
        /// How far the next line is indented beyond the line on which the value begins.
        indent: u32,
    },
}

/// How much white space is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "derived code writes every field, which makes a new one a compile error there"
)]
pub struct Blank {
    /// The fewest characters.
    pub min: u32,
    /// The most characters.
    pub max: u32,
    /// Whether tabs and line breaks are read too, not only spaces.
    pub lines: bool,
}

impl Definitions {
    /// The parts one after the other; they leave nothing in the tree.
    pub fn parts(&mut self, parts: &[Part<'_>]) -> Expr {
        let parts: Vec<Expr> = parts
            .iter()
            .map(|part| match *part {
                Part::Text(text) => self.text(text),
                Part::AnyCase(text) => self.text_in_any_case(text),
                Part::Blank(blank) | Part::Break { blank, .. } => self.blank(blank),
            })
            .collect();
        Expr::seq(parts)
    }
}

impl Writer {
    /// Writes the parts one after the other.
    pub fn parts(&mut self, parts: &[Part<'_>]) {
        for part in parts {
            match *part {
                Part::Text(text) | Part::AnyCase(text) => self.text(text),
                Part::Blank(blank) => self.spaces(blank.min.max(1).min(blank.max)),
                Part::Break { blank, indent } => self.line_break(blank, indent),
            }
        }
    }
}
