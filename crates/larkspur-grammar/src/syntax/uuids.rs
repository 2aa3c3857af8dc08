//! `Uuid`, in groups with hyphens.

use uuid::Uuid;

use super::{Definitions, Error, Syntax, Writer};
use crate::grammar::Expr;
use crate::tree::Node;

/// Digits in either case are read; lower case is printed.
const UUID: &str = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";

impl Syntax for Uuid {
    fn define(definitions: &mut Definitions) -> Expr {
        definitions.terminal::<Self>("UUID", UUID)
    }

    fn from_node(node: Node<'_>) -> Result<Self, Error> {
        Self::try_parse(&node.text())
            .map_err(|error| Error::unreadable(node, format!("`{}`: {error}", node.text())))
    }

    fn write(&self, out: &mut Writer) -> Result<(), Error> {
        out.lexeme(&self.hyphenated().to_string());
        Ok(())
    }
}
