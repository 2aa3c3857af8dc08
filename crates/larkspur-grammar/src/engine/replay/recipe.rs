//! How each production makes its nodes, worked out when the grammar is compiled.

use super::nodes::{Nodes, Value};
use crate::engine::bnf::{Bnf, KindId, Part, Prod, ProdId, Shape};
use crate::table::{Id as _, narrow};

/// The recipes of all productions.
#[derive(Clone, Debug)]
pub(crate) struct Recipes {
    recipes: Vec<Recipe>,
    pieces: Vec<Piece>,
}

/// How a production makes its nodes.
#[derive(Clone, Copy, Debug)]
struct Recipe {
    /// Symbols of the production.
    len: u32,
    /// What shows of them, from left to right.
    first: u32,
    end: u32,
    /// The node over them, or [`NONE`].
    kind: u32,
    /// No node over a single one.
    unless_single: bool,
    /// It is one rule or helper and nothing else.
    unit: bool,
    /// Something absent leaves something: no recipe.
    fills: bool,
}

/// A symbol that shows.
#[derive(Clone, Copy, Debug)]
struct Piece {
    index: u32,
    /// The leaf that it becomes; [`NONE`] for a rule or a helper.
    leaf: u32,
}

const NONE: u32 = u32::MAX;

impl Recipes {
    pub(crate) fn new(bnf: &Bnf) -> Self {
        let mut all = Self {
            recipes: Vec::with_capacity(bnf.prods.len()),
            pieces: Vec::new(),
        };
        for id in bnf.prods.ids() {
            let recipe = all.recipe(&bnf.prods[id], bnf.parts_of(id));
            all.recipes.push(recipe);
        }
        all
    }

    fn recipe(&mut self, prod: &Prod, parts: &[Part]) -> Recipe {
        let first = narrow(self.pieces.len());
        let mut index = 0;
        let mut fills = false;
        for part in parts {
            let leaf = match part {
                Part::Fill(_) => {
                    fills = true;
                    continue;
                }
                Part::Drop => None,
                Part::Keep(kind) => Some(kind.0),
                Part::Nt => Some(NONE),
            };
            self.pieces.extend(leaf.map(|leaf| Piece { index, leaf }));
            index += 1;
        }
        let (kind, unless_single) = match prod.shape {
            Shape::Inline => (NONE, false),
            Shape::Node(kind) => (kind.0, false),
            Shape::NodeUnlessSingle(kind) => (kind.0, true),
        };
        Recipe {
            len: prod.len,
            first,
            end: narrow(self.pieces.len()),
            kind,
            unless_single,
            unit: prod.unit,
            fills,
        }
    }

    /// Replaces the last values by what the production makes of them. `false` if there is no recipe for that.
    #[inline]
    pub(super) fn reduce(&self, prod: ProdId, values: &mut Vec<Value>, nodes: &mut Nodes) -> bool {
        let Some(&recipe) = self.recipes.get(prod.index()) else {
            return false;
        };
        if recipe.fills {
            return false;
        }
        let Some(base) = values.len().checked_sub(recipe.len as usize) else {
            return true;
        };
        let Some((first, rest)) = values.get_mut(base..).and_then(<[Value]>::split_first_mut)
        else {
            return true;
        };
        if recipe.unit && (recipe.kind == NONE || recipe.unless_single && first.count == 1) {
            return true;
        }
        let (start, end) = (first.start, rest.last().unwrap_or(first).end);
        let mut list = Value::at(start, end);
        let pieces = recipe.first as usize..recipe.end as usize;
        for piece in self.pieces.get(pieces).unwrap_or_default() {
            let index = piece.index as usize;
            let child = rest.get(index.wrapping_sub(1)).unwrap_or(first);
            if piece.leaf == NONE {
                nodes.append(&mut list, child);
            } else {
                let leaf = nodes.node(KindId(piece.leaf), &Value::at(child.start, child.end));
                nodes.append(&mut list, &leaf);
            }
        }
        *first = if recipe.kind == NONE || recipe.unless_single && list.count == 1 {
            list
        } else {
            nodes.node(KindId(recipe.kind), &list)
        };
        values.truncate(base + 1);
        true
    }
}
