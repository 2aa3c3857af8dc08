//! From the record of a derivation to a tree.
//!
//! The log is the derivation in postorder, so one pass with a stack of values makes the tree. A value is a list of
//! siblings, linked: what is inlined is joined to the list around it at no cost, however long it is, and a node is made only
//! when it is certain to stay.
//!
//! What the log takes back ([`Entry::Drop`]) is kept until the packed node that holds it asks for it: each value is made once,
//! however often the stacks parted and joined.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Spec;
use super::bnf::{Fill, KindId, NtId, NullTree, Part, ProdId, Shape, Variant};
use super::priority::Preference;
use super::run::Run;
use super::stack::{Child, ChoiceId, Derived, Entry, ForestId, NodeId, Stacks};
use crate::error::Exceeded;
use crate::table::{Id as _, Table, narrow};
use crate::tree::{NONE, NodeIndex, RawNode, Tree};

/// Some neighbours in a tree, and the text they cover.
#[derive(Clone, Copy, Debug)]
struct Value {
    first: NodeIndex,
    last: NodeIndex,
    count: u32,
    depth: u32,
    start: u32,
    end: u32,
    /// The entry of the log that has made it, where one has.
    entry: u32,
}

impl Value {
    fn at(start: u32, end: u32) -> Self {
        Self {
            first: NONE,
            last: NONE,
            count: 0,
            depth: 0,
            start,
            end,
            entry: 0,
        }
    }
}

/// What is still to be done.
#[derive(Clone, Copy, Debug)]
enum Task {
    /// Entries of the log, from the first to before the second.
    Log(usize, usize),
    /// The same where they are one value, which may have been made already.
    Logged(usize, usize),
    /// The last value is what this entry of the log has made.
    Made(usize),
    Lexeme(u32),
    Forest(ForestId),
    Reduce(ProdId),
}

/// A derivation to take in place of the first one, once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Instead {
    pub(crate) of: ForestId,
    pub(crate) choice: ChoiceId,
}

/// A place of the grammar that can be read otherwise without a single symbol more or less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Empty {
    Prod(ProdId),
    Null(NtId),
}

/// The other readings that were met, or the one that is taken, once.
#[derive(Debug, Default)]
struct Empties {
    met: indexmap::IndexSet<Empty>,
    take: Option<(Empty, usize)>,
}

impl Empties {
    /// Notes a place; the reading to take there, if it is not the first one.
    fn at(&mut self, place: Empty) -> Option<usize> {
        self.met.insert(place);
        let (_, index) = self.take.filter(|(wanted, _)| *wanted == place)?;
        self.take = None;
        Some(index)
    }
}

/// What was met while a tree was made.
#[derive(Debug, Default)]
pub(crate) struct Met {
    pub(crate) forest: Vec<ForestId>,
    pub(crate) empties: Vec<Empty>,
}

/// Makes trees of one finished run.
pub(crate) struct Replay<'r> {
    spec: &'r Arc<Spec>,
    stacks: &'r Stacks,
    nodes: Table<NodeIndex, RawNode>,
    values: Vec<Value>,
    /// Values that the log has taken back, by the entries that have made them.
    dropped: FxHashMap<u32, Value>,
    tasks: Vec<Task>,
    instead: Option<Instead>,
    preference: Option<Preference<'r>>,
    /// Packed nodes that were met.
    met: Option<(FxHashSet<ForestId>, Vec<ForestId>)>,
    /// What is ambiguous without a symbol; not looked at where only one tree is wanted.
    empties: Option<Empties>,
}

impl<'r> Replay<'r> {
    pub(crate) fn new(spec: &'r Arc<Spec>, run: &'r Run) -> Self {
        Self {
            spec,
            stacks: &run.stacks,
            nodes: Table::new(),
            values: Vec::new(),
            dropped: FxHashMap::default(),
            tasks: Vec::new(),
            instead: None,
            preference: Preference::new(spec, &run.stacks),
            met: None,
            empties: None,
        }
    }

    /// Notes the packed nodes that are met.
    pub(crate) fn noting(mut self) -> Self {
        self.met = Some((FxHashSet::default(), Vec::new()));
        if !self.spec.lr.bnf.variants.is_empty() {
            self.empties = Some(Empties::default());
        }
        self
    }

    /// Takes another reading of something empty, the first time it is met.
    pub(crate) fn with_empty(mut self, place: Empty, index: usize) -> Self {
        self.empties = Some(Empties {
            take: Some((place, index)),
            ..Empties::default()
        });
        self
    }

    /// Takes another derivation somewhere.
    pub(crate) fn with(mut self, instead: Instead) -> Self {
        self.instead = Some(instead);
        self
    }

    /// The tree of the whole text, and what was met, in order.
    pub(crate) fn tree(mut self, text: &[u8]) -> Result<(Tree<'_>, Met), Exceeded> {
        let value = if self.stacks.is_empty_sentence() {
            let mut list = Value::at(0, 0);
            self.fill(&mut list, Fill::Null(self.spec.lr.bnf.start), 0)?;
            list
        } else {
            self.run(Task::Log(1, self.stacks.log.len()))?
        };
        self.finish(value, text)
    }

    /// The tree of one packed node, and what was met.
    pub(crate) fn subtree(
        mut self,
        id: ForestId,
        text: &[u8],
    ) -> Result<(Tree<'_>, Met), Exceeded> {
        let value = self.run(Task::Forest(id))?;
        self.finish(value, text)
    }

    fn finish(mut self, value: Value, text: &[u8]) -> Result<(Tree<'_>, Met), Exceeded> {
        let root = self.root(value)?;
        let tree = Tree {
            spec: Arc::clone(self.spec),
            nodes: self.nodes,
            root,
            text: text.into(),
        };
        let empties = self.empties.map(|empties| empties.met);
        Ok((
            tree,
            Met {
                forest: self.met.map(|(_, met)| met).unwrap_or_default(),
                empties: empties.into_iter().flatten().collect(),
            },
        ))
    }

    /// A single node over everything: a start rule that is inlined still has one.
    fn root(&mut self, value: Value) -> Result<NodeIndex, Exceeded> {
        if value.count == 1 {
            return Ok(value.first);
        }
        let bnf = &self.spec.lr.bnf;
        let label = self.spec.grammar.rule(self.spec.grammar.start()).label();
        let kind = bnf
            .kinds
            .iter()
            .position(|kind| matches!(kind, super::bnf::Kind::Rule(name) if name == label))
            .map_or(KindId(0), KindId::from_index);
        self.node(kind, value).map(|value| value.first)
    }

    fn run(&mut self, first: Task) -> Result<Value, Exceeded> {
        self.tasks.push(first);
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Log(from, to) => self.log(from, to)?,
                Task::Logged(from, to) => match self.dropped.remove(&narrow(to - 1)) {
                    Some(value) => self.values.push(value),
                    None => self.log(from, to)?,
                },
                Task::Made(entry) => self.made(entry),
                Task::Lexeme(number) => self.lexeme(number),
                Task::Forest(id) => self.forest(id),
                Task::Reduce(prod) => self.reduce(prod)?,
            }
        }
        Ok(self.values.pop().unwrap_or(Value::at(0, 0)))
    }

    /// Entries of the log, until one of them is a packed node.
    fn log(&mut self, from: usize, to: usize) -> Result<(), Exceeded> {
        let stacks = self.stacks;
        for (index, entry) in stacks
            .log
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            match entry.get() {
                Entry::Shift(number) => self.lexeme(number),
                Entry::Reduce(prod) => self.reduce(prod)?,
                Entry::Drop(count) => {
                    let keep = self.values.len().saturating_sub(count as usize);
                    let taken = self.values.drain(keep..);
                    self.dropped.extend(taken.map(|value| (value.entry, value)));
                    continue;
                }
                Entry::Forest(id) => {
                    self.tasks.push(Task::Log(from + index + 1, to));
                    self.tasks.push(Task::Made(from + index));
                    self.tasks.push(Task::Forest(id));
                    return Ok(());
                }
            }
            self.made(from + index);
        }
        Ok(())
    }

    #[inline]
    fn made(&mut self, entry: usize) {
        if let Some(last) = self.values.last_mut() {
            last.entry = narrow(entry);
        }
    }

    #[inline]
    fn lexeme(&mut self, number: u32) {
        let value = self
            .stacks
            .lexemes
            .get(number as usize)
            .map_or(Value::at(0, 0), |lexeme| {
                Value::at(lexeme.start, lexeme.end)
            });
        self.values.push(value);
    }

    fn forest(&mut self, id: ForestId) {
        if let Some((set, order)) = &mut self.met
            && set.insert(id)
        {
            order.push(id);
        }
        let choice = match self.instead {
            Some(instead) if instead.of == id => {
                self.instead = None;
                instead.choice
            }
            _ => match &mut self.preference {
                Some(preference) => preference.choose(id),
                None => self.stacks.forest[id],
            },
        };
        let choice = self.stacks.choices[choice];
        let len = self.spec.lr.bnf.prods[choice.prod].len as usize;
        self.tasks.push(Task::Reduce(choice.prod));
        for child in self.stacks.children_of(choice, len).iter().rev() {
            self.tasks.push(match *child {
                Child::Lexeme(number) => Task::Lexeme(number),
                Child::Forest(id) => Task::Forest(id),
                Child::Logged(node) => self.logged(node),
            });
        }
    }

    /// What a node of the stack has in the log.
    fn logged(&self, node: NodeId) -> Task {
        let entry = |node| match self.stacks.nodes[node].value.get() {
            Derived::Log(entry) => entry as usize,
            Derived::Lexeme(_) | Derived::Forest(_) => 0,
        };
        Task::Logged(entry(self.stacks.below(node)) + 1, entry(node) + 1)
    }

    /// The last values become the children of a production.
    #[inline]
    fn reduce(&mut self, prod: ProdId) -> Result<(), Exceeded> {
        let spec = self.spec;
        let production = &spec.lr.bnf.prods[prod];
        if production.unit
            && let Some(child) = self.values.last()
            && match production.shape {
                Shape::Inline => true,
                Shape::NodeUnlessSingle(_) => child.count == 1,
                Shape::Node(_) => false,
            }
        {
            return Ok(());
        }
        let base = self.values.len().saturating_sub(production.len as usize);
        if self.values.len() <= base {
            return Ok(());
        }
        let value = if self.empties.is_none() {
            self.built(base, spec.lr.bnf.parts_of(prod), production.shape)?
        } else {
            self.built_in_one_of_several_ways(base, prod)?
        };
        self.values.truncate(base);
        self.values.push(value);
        Ok(())
    }

    /// What the values from `base` on make of a production.
    #[inline]
    fn built(&mut self, base: usize, parts: &[Part], shape: Shape) -> Result<Value, Exceeded> {
        let start = self.values.get(base).map_or(0, |first| first.start);
        let mut list = Value::at(start, start);
        let mut next = base;
        for part in parts {
            if let Part::Fill(fill) = part {
                let at = list.end;
                self.fill(&mut list, *fill, at)?;
                continue;
            }
            let Some(&child) = self.values.get(next) else {
                continue;
            };
            next += 1;
            match part {
                Part::Keep(kind) => {
                    let leaf = self.node(*kind, Value::at(child.start, child.end))?;
                    self.append(&mut list, leaf);
                }
                Part::Nt => self.append(&mut list, child),
                Part::Drop | Part::Fill(_) => {}
            }
            list.end = child.end;
        }
        self.shaped(shape, list)
    }

    /// The same where other readings are looked for.
    #[cold]
    fn built_in_one_of_several_ways(
        &mut self,
        base: usize,
        prod: ProdId,
    ) -> Result<Value, Exceeded> {
        let bnf = &self.spec.lr.bnf;
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
        let first = |this: &mut Self| this.built(base, bnf.parts_of(prod), shape);
        let whole = variants
            .iter()
            .all(|variant| matches!(variant, Variant::Parts(_)));
        let known = if whole { None } else { Some(first(self)?) };
        let possible = !variants.is_empty() && variants.iter().any(|variant| fits(&variant, known));
        let taken = possible
            .then(|| self.empties.as_mut()?.at(Empty::Prod(prod)))
            .flatten()
            .and_then(|index| variants.get(index))
            .filter(|variant| fits(variant, known));
        match (taken, known) {
            (Some(Variant::Parts(parts)), _) => self.built(base, parts, shape),
            (Some(Variant::Again { shape, parts, .. }), Some(inner)) => {
                self.values.truncate(base);
                self.values.push(inner);
                self.built(base, parts, *shape)
            }
            (_, Some(known)) => Ok(known),
            (_, None) => first(self),
        }
    }

    fn shaped(&mut self, shape: Shape, list: Value) -> Result<Value, Exceeded> {
        match shape {
            Shape::Inline => Ok(list),
            Shape::NodeUnlessSingle(_) if list.count == 1 => Ok(list),
            Shape::Node(kind) | Shape::NodeUnlessSingle(kind) => self.node(kind, list),
        }
    }

    /// A node over a list of children.
    fn node(&mut self, kind: KindId, list: Value) -> Result<Value, Exceeded> {
        let config = &self.spec.config;
        if self.nodes.len() >= config.max_tree_nodes {
            return Err(Exceeded::TreeNodes(config.max_tree_nodes));
        }
        if list.depth as usize >= config.max_tree_depth {
            return Err(Exceeded::TreeDepth(config.max_tree_depth));
        }
        let id = self.nodes.push(RawNode {
            kind,
            start: list.start,
            end: list.end,
            first: list.first,
            next: NONE,
        });
        Ok(Value {
            first: id,
            last: id,
            count: 1,
            depth: list.depth + 1,
            ..list
        })
    }

    fn append(&mut self, list: &mut Value, more: Value) {
        if more.count == 0 {
            return;
        }
        if list.count == 0 {
            list.first = more.first;
        } else {
            self.nodes[list.last].next = more.first;
        }
        list.last = more.last;
        list.count += more.count;
        list.depth = list.depth.max(more.depth);
    }

    /// Adds what an absent symbol leaves. A stack of its own: such trees are as deep as the grammar has rules.
    fn fill(&mut self, list: &mut Value, fill: Fill, at: u32) -> Result<(), Exceeded> {
        let spec = self.spec;
        let nts = &spec.lr.bnf.nts;
        // For each open nonterminal: its tree, the next of its pieces, and what it has made so far.
        let mut open: Vec<(&NullTree, usize, Value)> = Vec::new();
        let mut next = Some(fill);
        loop {
            match next.take() {
                Some(Fill::Placeholder) => {
                    let kind = KindId(narrow(spec.lr.bnf.kinds.len() - 1));
                    let leaf = self.node(kind, Value::at(at, at))?;
                    let list = open.last_mut().map_or(&mut *list, |(_, _, made)| made);
                    self.append(list, leaf);
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
                return Ok(());
            };
            if let Some(fill) = tree.fills.get(*piece) {
                *piece += 1;
                next = Some(*fill);
                continue;
            }
            let (shape, made) = (tree.shape, *made);
            open.pop();
            let value = self.shaped(shape, made)?;
            let list = open.last_mut().map_or(&mut *list, |(_, _, made)| made);
            self.append(list, value);
        }
    }
}
