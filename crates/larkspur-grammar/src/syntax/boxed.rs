//! The types of the standard library that hold others.

use super::{Definitions, Error, Fields, List, Syntax, Writer};
use crate::grammar::Expr;
use crate::tree::Node;

impl<T: Syntax> Syntax for Box<T> {
    fn define(definitions: &mut Definitions) -> Expr {
        T::define(definitions)
    }

    fn from_node(node: Node<'_>) -> Result<Self, Error> {
        T::from_node(node).map(Self::new)
    }

    fn write(&self, out: &mut Writer) -> Result<(), Error> {
        T::write(self, out)
    }

    fn precedence(&self) -> u32 {
        T::precedence(self)
    }
}

impl<T: Syntax> Syntax for Option<T> {
    fn define(definitions: &mut Definitions) -> Expr {
        let some = T::define(definitions);
        let name = format!("optional_{}", definitions.name_of::<T>());
        definitions.rule::<Self>(&name, |_| some.optional())
    }

    fn from_node(node: Node<'_>) -> Result<Self, Error> {
        node.children().next().map(T::from_node).transpose()
    }

    fn write(&self, out: &mut Writer) -> Result<(), Error> {
        self.as_ref()
            .map_or(Ok(()), |value| out.value(value, T::write))
    }
}

impl<T: Syntax> Syntax for Vec<T> {
    fn define(definitions: &mut Definitions) -> Expr {
        let item = T::define(definitions);
        let name = format!("{}_list", definitions.name_of::<T>());
        definitions.rule::<Self>(&name, |definitions| definitions.items(&item, List::COMMAS))
    }

    fn from_node(node: Node<'_>) -> Result<Self, Error> {
        node.children().map(T::from_node).collect()
    }

    fn write(&self, out: &mut Writer) -> Result<(), Error> {
        out.list(self, List::COMMAS, |out, item| out.value(item, T::write))
    }
}

macro_rules! tuple {
    ($first:ident $($rest:ident)+) => {
        impl<$first: Syntax, $($rest: Syntax),+> Syntax for ($first, $($rest),+) {
            fn define(definitions: &mut Definitions) -> Expr {
                definitions.rule::<Self>("tuple", |definitions| {
                    let parts = [
                        definitions.text("("),
                        $first::define(definitions),
                        $(definitions.text(", "), $rest::define(definitions),)+
                        definitions.text(")"),
                    ];
                    Expr::seq(parts)
                })
            }

            fn from_node(node: Node<'_>) -> Result<Self, Error> {
                let mut fields = Fields::new(node);
                Ok((fields.value($first::from_node)?, $(fields.value($rest::from_node)?),+))
            }

            #[expect(non_snake_case, reason = "fields bear the names of their type parameters")]
            fn write(&self, out: &mut Writer) -> Result<(), Error> {
                let ($first, $($rest),+) = self;
                out.text("(");
                out.value($first, $first::write)?;
                $(
                    out.text(", ");
                    out.value($rest, $rest::write)?;
                )+
                out.text(")");
                Ok(())
            }
        }
    };
}

tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);
