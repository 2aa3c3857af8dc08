//! From reductions, in the order in which they happen, to a tree.
//!
//! A value is a list of siblings, linked: what is inlined is joined to the list around it at no cost, however long it is, and
//! a node is made only when it is certain to stay.

use std::sync::Arc;

use super::nodes::{Nodes, Value};
use crate::engine::Spec;
use crate::engine::bnf::{Fill, Kind, KindId, NtId, NullTree, Part, ProdId, Shape, Variant};
use crate::engine::stack::{Entry, LogEntry};
use crate::error::Exceeded;
use crate::table::{Id as _, narrow};
use crate::tree::{NodeIndex, Tree};

/// A place of the grammar that can be read otherwise without a single symbol more or less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Empty {
    Prod(ProdId),
    Null(NtId),
}

/// The other readings that were met, or the one that is taken, once.
#[derive(Clone, Debug, Default)]
pub(super) struct Empties {
    met: indexmap::IndexSet<Empty>,
    take: Option<(Empty, usize)>,
}

impl Empties {
    pub(super) fn taking(place: Empty, index: usize) -> Self {
        Self {
            take: Some((place, index)),
            ..Self::default()
        }
    }

    /// Notes a place; the reading to take there, if it is not the first one.
    fn at(&mut self, place: Empty) -> Option<usize> {
        self.met.insert(place);
        let (_, index) = self.take.filter(|(wanted, _)| *wanted == place)?;
        self.take = None;
        Some(index)
    }
}

/// A tree while it is made: a stack of what lexemes and reductions have made so far.
#[derive(Clone, Debug)]
pub(crate) struct Builder {
    values: Vec<Value>,
    pub(super) nodes: Nodes,
    /// What is ambiguous without a symbol; not looked at where only one tree is wanted.
    pub(super) empties: Option<Empties>,
}

impl Builder {
    pub(crate) fn new(spec: &Spec) -> Self {
        Self {
            values: Vec::new(),
            nodes: Nodes::new(&spec.config),
            empties: None,
        }
    }

    /// Adds a lexeme.
    #[inline]
    pub(crate) fn lexeme(&mut self, start: u32, end: u32) {
        self.values.push(Value::at(start, end));
    }

    /// A limit that was reached: from then on there is no tree.
    #[inline]
    pub(crate) fn exceeded(&self) -> Option<Exceeded> {
        self.nodes.exceeded
    }

    /// How many values there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Adds what was taken back.
    pub(super) fn value(&mut self, value: Value) {
        self.values.push(value);
    }

    /// Takes back all values but so many.
    pub(super) fn take_back(&mut self, keep: usize) -> impl Iterator<Item = Value> + '_ {
        self.values.drain(keep.min(self.values.len())..)
    }

    /// The tree of what has been made, and where there are other readings of something empty.
    pub(crate) fn tree<'t>(
        mut self,
        spec: &Arc<Spec>,
        text: &'t [u8],
    ) -> Result<(Tree<'t>, Vec<Empty>), Exceeded> {
        let root = self.root(spec);
        if let Some(exceeded) = self.exceeded() {
            return Err(exceeded);
        }
        let tree = Tree {
            spec: Arc::clone(spec),
            nodes: self.nodes.made,
            root,
            text: text.into(),
        };
        let empties = self.empties.map(|empties| empties.met);
        Ok((tree, empties.into_iter().flatten().collect()))
    }

    /// Ends with what has been made: the root of the tree. Nothing has, if the sentence is the empty one.
    fn root(&mut self, spec: &Spec) -> NodeIndex {
        let value = if let Some(value) = self.values.pop() {
            value
        } else {
            let mut list = Value::at(0, 0);
            self.fill(spec, &mut list, Fill::Null(spec.lr.bnf.start), 0);
            list
        };
        if value.count == 1 {
            return value.first;
        }
        let bnf = &spec.lr.bnf;
        let label = spec.grammar.rule(spec.grammar.start()).label();
        let kind = bnf
            .kinds
            .iter()
            .position(|kind| matches!(kind, Kind::Rule(name) if name == label))
            .map_or(KindId(0), KindId::from_index);
        self.nodes.node(kind, &value).first
    }

    /// Makes what the productions make, one after the other, of the last values.
    pub(crate) fn reduce_all(&mut self, spec: &Spec, log: &[LogEntry]) {
        for entry in log {
            if let Entry::Reduce(prod) = entry.get() {
                self.reduce(spec, prod);
            }
        }
    }

    /// The last values become the children of a production.
    #[inline]
    pub(super) fn reduce(&mut self, spec: &Spec, prod: ProdId) {
        let has_recipe =
            self.empties.is_none() && spec.recipes.reduce(prod, &mut self.values, &mut self.nodes);
        if !has_recipe {
            self.reduce_slowly(spec, prod);
        }
    }

    /// The same where something absent leaves something, or other readings are looked for.
    #[cold]
    fn reduce_slowly(&mut self, spec: &Spec, prod: ProdId) {
        let production = &spec.lr.bnf.prods[prod];
        if production.unit
            && let Some(child) = self.values.last()
            && match production.shape {
                Shape::Inline => true,
                Shape::NodeUnlessSingle(_) => child.count == 1,
                Shape::Node(_) => false,
            }
        {
            return;
        }
        let base = self.values.len().saturating_sub(production.len as usize);
        if self.values.len() <= base {
            return;
        }
        let value = if self.empties.is_none() {
            self.built(spec, base, spec.lr.bnf.parts_of(prod), production.shape)
        } else {
            self.built_in_one_of_several_ways(spec, base, prod)
        };
        self.values.truncate(base);
        self.values.push(value);
    }

    /// What the values from `base` on make of a production.
    fn built(&mut self, spec: &Spec, base: usize, parts: &[Part], shape: Shape) -> Value {
        let start = self.values.get(base).map_or(0, |first| first.start);
        let mut list = Value::at(start, start);
        let mut next = base;
        for part in parts {
            if let Part::Fill(fill) = part {
                let at = list.end;
                self.fill(spec, &mut list, *fill, at);
                continue;
            }
            let Some(&child) = self.values.get(next) else {
                continue;
            };
            next += 1;
            match part {
                Part::Keep(kind) => {
                    let leaf = self.nodes.node(*kind, &Value::at(child.start, child.end));
                    self.nodes.append(&mut list, &leaf);
                }
                Part::Nt => self.nodes.append(&mut list, &child),
                Part::Drop | Part::Fill(_) => {}
            }
            list.end = child.end;
        }
        self.shaped(shape, list)
    }

    /// The same where other readings are looked for.
    fn built_in_one_of_several_ways(&mut self, spec: &Spec, base: usize, prod: ProdId) -> Value {
        let bnf = &spec.lr.bnf;
        let shape = bnf.prods[prod].shape;
        let variants = bnf.variants.prods.get(&prod).map_or(&[][..], Vec::as_slice);
        let fits = |variant: &&Variant, value: Option<Value>| match (variant, value) {
            (
                Variant::Again {
                    below: Some(max), ..
                },
                Some(value),
            ) => value.count < *max,
            _ => true,
        };
        let first = |this: &mut Self| this.built(spec, base, bnf.parts_of(prod), shape);
        let whole = variants
            .iter()
            .all(|variant| matches!(variant, Variant::Parts(_)));
        let known = if whole { None } else { Some(first(self)) };
        let possible = !variants.is_empty() && variants.iter().any(|variant| fits(&variant, known));
        let taken = possible
            .then(|| self.empties.as_mut()?.at(Empty::Prod(prod)))
            .flatten()
            .and_then(|index| variants.get(index))
            .filter(|variant| fits(variant, known));
        match (taken, known) {
            (Some(Variant::Parts(parts)), _) => self.built(spec, base, parts, shape),
            (Some(Variant::Again { shape, parts, .. }), Some(inner)) => {
                self.values.truncate(base);
                self.values.push(inner);
                self.built(spec, base, parts, *shape)
            }
            (_, Some(known)) => known,
            (_, None) => first(self),
        }
    }

    fn shaped(&mut self, shape: Shape, list: Value) -> Value {
        match shape {
            Shape::Inline => list,
            Shape::NodeUnlessSingle(_) if list.count == 1 => list,
            Shape::Node(kind) | Shape::NodeUnlessSingle(kind) => self.nodes.node(kind, &list),
        }
    }

    /// Adds what an absent symbol leaves. A stack of its own: such trees are as deep as the grammar has rules.
    fn fill(&mut self, spec: &Spec, list: &mut Value, fill: Fill, at: u32) {
        let nts = &spec.lr.bnf.nts;
        // For each open nonterminal: its tree, the next of its pieces, and what it has made so far.
        let mut open: Vec<(&NullTree, usize, Value)> = Vec::new();
        let mut next = Some(fill);
        loop {
            // Such trees can be larger than any limit.
            if self.nodes.exceeded.is_some() {
                return;
            }
            match next.take() {
                Some(Fill::Placeholder) => {
                    let kind = KindId(narrow(spec.lr.bnf.kinds.len() - 1));
                    let leaf = self.nodes.node(kind, &Value::at(at, at));
                    let list = open.last_mut().map_or(&mut *list, |(_, _, made)| made);
                    self.nodes.append(list, &leaf);
                }
                Some(Fill::Null(nt)) => {
                    let other = match (&mut self.empties, spec.lr.bnf.variants.nulls.get(&nt)) {
                        (Some(empties), Some(others)) => empties
                            .at(Empty::Null(nt))
                            .and_then(|index| others.get(index)),
                        _ => None,
                    };
                    if let Some(tree) = other.or(nts[nt].null.as_ref()) {
                        open.push((tree, 0, Value::at(at, at)));
                    }
                }
                None => {}
            }
            let Some((tree, piece, made)) = open.last_mut() else {
                return;
            };
            if let Some(fill) = tree.fills.get(*piece) {
                *piece += 1;
                next = Some(*fill);
                continue;
            }
            let (shape, made) = (tree.shape, *made);
            open.pop();
            let value = self.shaped(shape, made);
            let list = open.last_mut().map_or(&mut *list, |(_, _, made)| made);
            self.nodes.append(list, &value);
        }
    }
}
