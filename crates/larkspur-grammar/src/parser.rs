//! Whole texts to trees.

use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::engine::bnf::MAX_VARIANTS;
use crate::engine::replay::{Builder, Empty, Instead, Met, Replay};
use crate::engine::run::{Run, Tables};
use crate::engine::stack::ForestId;
use crate::engine::{Cache, Compiled};
use crate::error::Exceeded;
use crate::expected::{Expected, Rejection};
use crate::span::Span;
use crate::tree::{Node, Tree};

/// Turns texts into trees. Keeps its memory for the next text.
///
/// ```
/// use larkspur_grammar::{Compiled, GrammarBuilder, Parser, Semantics};
/// use larkspur_grammar::grammar::{Expr, Pattern};
///
/// let mut builder = GrammarBuilder::new(Semantics::Llguidance);
/// let (start, digit) = (builder.rule("start"), builder.terminal("DIGIT"));
/// builder.define_terminal(digit, Pattern::Range { first: '0', last: '9' });
/// let plus = builder.literal("+");
/// let more = Expr::seq([plus, Expr::terminal(digit)]);
/// builder.define_rule(start, Expr::seq([Expr::terminal(digit), more.star()]));
/// let compiled = Compiled::new(&builder.build(start)?)?;
///
/// let mut cache = compiled.cache();
/// let mut parser = Parser::new(&compiled);
/// let tree = parser.parse(&mut cache, "1+2")?;
/// assert_eq!(tree.to_sexpr(), r#"(start (DIGIT "1") (DIGIT "2"))"#);
///
/// let error = parser.parse(&mut cache, "1+").unwrap_err();
/// assert_eq!(error.to_string(), "the text ends at byte 2, expected DIGIT");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Parser {
    compiled: Compiled,
    run: Run,
}

/// Why a text has no tree.
#[derive(Debug)]
#[non_exhaustive]
pub enum ParseError {
    /// It is not a sentence.
    Rejected(Rejection),
    /// It is a sentence in more than one way.
    Ambiguous(Box<Ambiguity>),
    /// A limit was reached.
    Exceeded(Exceeded),
}

/// A sentence with two trees.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ambiguity {
    /// The smallest stretch of the text that has two readings.
    pub span: Span,
    /// The tree that [`Parser::parse_first`] gives.
    pub first: Tree<'static>,
    /// Another one, which differs from it in this stretch.
    pub second: Tree<'static>,
    /// The stretch in both, as S-expressions of at most 400 bytes.
    pub readings: [String; 2],
}

/// Found while looking for a second tree.
struct Second {
    instead: Instead,
    span: Span,
    readings: [String; 2],
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(rejection) => rejection.fmt(f),
            Self::Ambiguous(ambiguity) => {
                let Span { start, end } = ambiguity.span;
                let [first, second] = &ambiguity.readings;
                write!(
                    f,
                    "bytes {start}..{end} can be read in two ways: `{first}` or `{second}`"
                )
            }
            Self::Exceeded(exceeded) => exceeded.fmt(f),
        }
    }
}

impl std::error::Error for ParseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Rejected(rejection) => Some(rejection),
            Self::Exceeded(exceeded) => Some(exceeded),
            Self::Ambiguous(_) => None,
        }
    }
}

impl From<Exceeded> for ParseError {
    fn from(exceeded: Exceeded) -> Self {
        Self::Exceeded(exceeded)
    }
}

impl Parser {
    /// A parser for a grammar.
    pub fn new(compiled: &Compiled) -> Self {
        Self {
            compiled: compiled.clone(),
            run: Run::new(true),
        }
    }

    /// The tree of a text that has one.
    ///
    /// # Errors
    /// If the text is not a sentence, has several trees, or reaches a limit.
    pub fn parse<'t, T: AsRef<[u8]> + ?Sized>(
        &mut self,
        cache: &mut Cache,
        text: &'t T,
    ) -> Result<Tree<'t>, ParseError> {
        let text = text.as_ref();
        let spec = Arc::clone(&self.compiled.0);
        if let Some(tree) = self.read(cache, text)? {
            return Ok(tree.tree(&spec, text)?.0);
        }
        if self.run.stacks.forest.len() == 0 && spec.lr.bnf.variants.is_empty() {
            return Ok(Replay::new(&spec, &self.run).tree(text)?.0);
        }
        let (tree, Met { forest, empties }) = Replay::new(&spec, &self.run).noting().tree(text)?;
        let (second, span, readings) = match self.second_reading(forest, text)? {
            Some(found) => {
                let replay = Replay::new(&spec, &self.run).with(found.instead);
                (replay.tree(text)?.0, found.span, found.readings)
            }
            None => match self.empty_reading(&tree, &empties, text)? {
                Some(second) => {
                    let (here, there) = difference(&tree, &second);
                    let readings = [here, there].map(|node| shortened(node.to_sexpr()));
                    let span = here.span();
                    (second, span, readings)
                }
                None => return Ok(tree),
            },
        };
        Err(ParseError::Ambiguous(Box::new(Ambiguity {
            span,
            first: tree.into_owned(),
            second: second.into_owned(),
            readings,
        })))
    }

    /// The first tree of a text: where there are several, the one whose productions were found first.
    ///
    /// # Errors
    /// If the text is not a sentence or reaches a limit.
    pub fn parse_first<'t, T: AsRef<[u8]> + ?Sized>(
        &mut self,
        cache: &mut Cache,
        text: &'t T,
    ) -> Result<Tree<'t>, ParseError> {
        let text = text.as_ref();
        let spec = Arc::clone(&self.compiled.0);
        if let Some(tree) = self.read(cache, text)? {
            return Ok(tree.tree(&spec, text)?.0);
        }
        Ok(Replay::new(&spec, &self.run).tree(text)?.0)
    }

    /// Bytes kept for the last text: the stacks and the record of its derivation.
    pub fn heap_bytes(&self) -> usize {
        self.run.stacks.heap_bytes()
    }

    /// Reads a text: its tree, if that could be made meanwhile. Else the derivation is in the log.
    fn read(&mut self, cache: &mut Cache, text: &[u8]) -> Result<Option<Builder>, ParseError> {
        let compiled = self.compiled.clone();
        let mut tables = compiled.tables(cache);
        let run = &mut self.run;
        let at_once = tables.spec.lr.bnf.variants.is_empty() && !tables.spec.is_dynamic();
        if at_once && !tables.cache.several {
            run.restart_with_tree(&mut tables)?;
            let read = Self::read_on(run, &mut tables, text);
            if !run.is_lost() {
                return read.map(|()| run.take_tree());
            }
            tables.cache.several = true;
        }
        run.restart(&mut tables)?;
        Self::read_on(run, &mut tables, text).map(|()| None)
    }

    fn read_on(run: &mut Run, tables: &mut Tables<'_>, text: &[u8]) -> Result<(), ParseError> {
        let read = run.feed(tables, text)?;
        if read == text.len() {
            let mark = run.mark();
            if run.finish(tables)? || run.is_lost() {
                return Ok(());
            }
            run.back_to(&mark);
        } else if run.is_lost() {
            return Ok(());
        }
        // What is tried from here on is no part of a tree.
        run.take_tree();
        rejection(run, tables, text.get(read).copied())
    }

    /// Looks for a stretch with two different trees.
    ///
    /// Derivations may differ in groups and repetitions that trees do not show; so trees are compared, not derivations. If all
    /// derivations of each packed node give one tree, given the first ones below it, then so do all of them together.
    fn second_reading(
        &self,
        mut met: Vec<ForestId>,
        text: &[u8],
    ) -> Result<Option<Second>, Exceeded> {
        let stacks = &self.run.stacks;
        let max_steps = self.compiled.0.config.max_steps;
        let mut seen: FxHashSet<ForestId> = met.iter().copied().collect();
        let mut best: Option<Second> = None;
        let mut compared = 0usize;
        let mut index = 0;
        while let Some(&of) = met.get(index) {
            index += 1;
            let first = stacks.forest[of];
            let Some(mut choice) = stacks.choices[first].next else {
                continue;
            };
            let (tree, _) = self.reading(Instead { of, choice: first }, text)?;
            loop {
                let instead = Instead { of, choice };
                let (other, more) = self.reading(instead, text)?;
                met.extend(more.forest.into_iter().filter(|id| seen.insert(*id)));
                compared += tree.nodes.len() + other.nodes.len() + 1;
                let span = tree.root().span();
                if best
                    .as_ref()
                    .is_none_or(|known| span.len() < known.span.len())
                    && !same(&tree, &other)
                {
                    best = Some(Second {
                        instead,
                        span,
                        readings: [&tree, &other].map(|tree| shortened(tree.to_sexpr())),
                    });
                }
                match stacks.choices[choice].next {
                    Some(next) => choice = next,
                    None => break,
                }
            }
            // Enough to report one; and without one, the search may not cost more than the parse was allowed to.
            if best.is_some() && compared > MAX_COMPARED {
                break;
            }
            if compared > max_steps {
                return Err(Exceeded::Steps(max_steps));
            }
        }
        Ok(best)
    }

    /// Looks for a second tree that differs only in what is absent: nothing in the text tells the two apart.
    fn empty_reading<'t>(
        &self,
        first: &Tree<'_>,
        empties: &[Empty],
        text: &'t [u8],
    ) -> Result<Option<Tree<'t>>, Exceeded> {
        let max_steps = self.compiled.0.config.max_steps;
        let mut compared = 0usize;
        for place in empties {
            for index in 0..MAX_VARIANTS {
                let (second, _) = Replay::new(&self.compiled.0, &self.run)
                    .with_empty(*place, index)
                    .tree(text)?;
                if !same(first, &second) {
                    return Ok(Some(second));
                }
                compared += first.nodes.len() + second.nodes.len() + 1;
                if compared > max_steps {
                    return Err(Exceeded::Steps(max_steps));
                }
            }
        }
        Ok(None)
    }

    fn reading<'t>(&self, instead: Instead, text: &'t [u8]) -> Result<(Tree<'t>, Met), Exceeded> {
        Replay::new(&self.compiled.0, &self.run)
            .noting()
            .with(instead)
            .subtree(instead.of, text)
    }
}

/// Bytes of an S-expression in a message.
const MAX_READING: usize = 400;

fn shortened(mut text: String) -> String {
    if text.len() > MAX_READING {
        let mut end = MAX_READING;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push('…');
    }
    text
}

/// Nodes of trees that are looked at to find a smaller ambiguous stretch once one is known.
const MAX_COMPARED: usize = 1 << 16;

/// Whether two trees show the same.
fn same(a: &Tree<'_>, b: &Tree<'_>) -> bool {
    a.nodes.len() == b.nodes.len() && a.root().raw_walk().eq(b.root().raw_walk())
}

/// The smallest nodes that cover the same text in both trees and hold all that differs; of large trees, the roots.
pub(crate) fn difference<'a>(first: &'a Tree<'_>, second: &'a Tree<'_>) -> (Node<'a>, Node<'a>) {
    let mut pair = (first.root(), second.root());
    if first.nodes.len() + second.nodes.len() > MAX_NARROWED {
        return pair;
    }
    loop {
        let (here, there) = pair;
        let mut unlike = here
            .children()
            .zip(there.children())
            .filter(|(a, b)| !a.raw_walk().eq(b.raw_walk()));
        match (unlike.next(), unlike.next()) {
            (Some((a, b)), None) if a.span() == b.span() && alike(here, there) => pair = (a, b),
            _ => return pair,
        }
    }
}

/// Whether two nodes differ in their children at most.
fn alike(a: Node<'_>, b: Node<'_>) -> bool {
    let count = |node: Node<'_>| node.children().count();
    a.kind() == b.kind() && a.name() == b.name() && count(a) == count(b)
}

/// Nodes of two trees in which the difference is looked for; the search is quadratic at worst.
const MAX_NARROWED: usize = 1 << 12;

fn rejection(run: &mut Run, tables: &mut Tables<'_>, found: Option<u8>) -> Result<(), ParseError> {
    Err(ParseError::Rejected(Rejection {
        offset: run.pos as usize,
        found,
        expected: Expected::of(run, tables)?,
    }))
}
