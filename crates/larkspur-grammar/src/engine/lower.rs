//! Rules with groups and repetitions as productions whose symbols may be absent.
//!
//! A group becomes a helper nonterminal, equal helpers are shared, and a repetition becomes
//! - without bound: left recursion, `L → x | L x`, one list for all uses of `x`;
//! - with bounds: numbers in base four. `Bₖ → Bₖ₋₁ Bₖ₋₁ Bₖ₋₁ Bₖ₋₁` is a block of 4ᵏ, and a count is written with its largest
//!   blocks first, so that `x{0,1000000}` takes a few dozen productions, every prefix has one way to be grouped, and one
//!   symbol of lookahead decides it (a run of four blocks is always closed at once).
//!
//! Next stage: [`epsilon`](super::epsilon).

mod repeat;

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;

use super::bnf::{Fill, Kind, KindId, NtId, Part, Shape, Sym, TermId};
use crate::grammar::{Alternative, Expr, Grammar, RuleId, TerminalId};
use crate::table::{Id as _, Table};

/// One symbol of a production that is still allowed to be absent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Occurrence {
    pub(super) sym: Sym,
    /// How trees see it where it stands.
    pub(super) part: Part,
    pub(super) optional: bool,
    /// What it leaves in a tree where it is absent.
    pub(super) fill: Vec<Fill>,
    /// Something else that it can leave there as well: then the grammar is ambiguous without a single symbol.
    pub(super) other: Option<Vec<Fill>>,
}

/// A production whose symbols may be absent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct RawProd {
    pub(super) rhs: Vec<Occurrence>,
    pub(super) shape: Shape,
}

/// What a helper stands for; equal keys share one helper.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Helper {
    Group(Vec<RawProd>),
    /// One or more.
    List(Occurrence, Option<Vec<Fill>>),
    /// 4ᵏ of them.
    Block(Occurrence, u32),
    /// From 1 to the number of them, counted in blocks of at most 4ᵏ.
    UpTo(Occurrence, u32, u32),
}

/// A list whose items may be empty: one more of them stands anywhere, unseen.
#[derive(Clone, Debug)]
pub(super) struct EmptyRound {
    /// What it leaves in a tree.
    pub(super) fill: Vec<Fill>,
    /// The list shows one node for each item, and may have so many.
    pub(super) max: Option<u32>,
}

/// What the lowering of one grammar has made.
#[derive(Debug)]
pub(super) struct Lowered {
    /// The productions of each nonterminal.
    pub(super) raw: Table<NtId, Vec<RawProd>>,
    pub(super) kinds: Table<KindId, Kind>,
    pub(super) start: NtId,
    /// The lists whose items may be empty, where that shows.
    pub(super) empty_rounds: FxHashMap<NtId, EmptyRound>,
}

/// Why a grammar has no productions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LowerError {
    /// A piece that this crate cannot look into.
    Opaque(RuleId),
    /// An intersection or a complement, or bytes that are no text, where terminals are taken apart into characters.
    Intersection(TerminalId),
    /// More symbols than the limit.
    TooBig,
}

/// How terminals are named in productions, and which may match the empty text.
pub(super) struct Terminals<'t> {
    /// For each terminal of the grammar: its symbol.
    pub(super) symbols: &'t [Sym],
    pub(super) nullable: &'t FixedBitSet,
}

pub(super) struct Lowering<'g> {
    grammar: &'g Grammar,
    terminals: Terminals<'g>,
    nullable: FixedBitSet,
    out: Lowered,
    helpers: FxHashMap<Helper, NtId>,
    kind_ids: FxHashMap<Kind, KindId>,
    max_symbols: usize,
    symbols: usize,
}

impl<'g> Lowering<'g> {
    /// Starts with one nonterminal for each rule, in their order.
    pub(super) fn new(grammar: &'g Grammar, terminals: Terminals<'g>, max_symbols: usize) -> Self {
        let mut out = Lowered {
            raw: Table::new(),
            kinds: Table::new(),
            start: NtId::from_index(grammar.start().index()),
            empty_rounds: FxHashMap::default(),
        };
        for _ in grammar.rules() {
            out.raw.push(Vec::new());
        }
        Self {
            grammar,
            nullable: nullable_rules(grammar, terminals.nullable),
            terminals,
            out,
            helpers: FxHashMap::default(),
            kind_ids: FxHashMap::default(),
            max_symbols,
            symbols: 0,
        }
    }

    pub(super) fn run(mut self) -> Result<Lowered, LowerError> {
        for id in self.grammar.rule_ids() {
            let rule = self.grammar.rule(id);
            let prods = match &rule.body {
                Expr::Alt(alternatives) => alternatives
                    .iter()
                    .map(|alternative| self.alternative(id, alternative))
                    .collect::<Result<_, _>>()?,
                body => {
                    let rhs = self.occurrences(id, body)?;
                    let shape = self.shape(id, None);
                    vec![RawProd { rhs, shape }]
                }
            };
            self.out.raw[NtId::from_index(id.index())] = prods;
        }
        Ok(self.out)
    }

    /// A further nonterminal with productions of its own, as the scannerless reading of terminals needs it.
    pub(super) fn kind(&mut self, kind: Kind) -> KindId {
        if let Some(&id) = self.kind_ids.get(&kind) {
            return id;
        }
        let id = self.out.kinds.push(kind.clone());
        self.kind_ids.insert(kind, id);
        id
    }

    fn shape(&mut self, id: RuleId, alias: Option<&str>) -> Shape {
        let rule = self.grammar.rule(id);
        let kind = self.kind(Kind::Rule(alias.unwrap_or_else(|| rule.label()).to_owned()));
        if rule.tree.inline {
            Shape::Inline
        } else if rule.tree.inline_single && alias.is_none() {
            Shape::NodeUnlessSingle(kind)
        } else {
            Shape::Node(kind)
        }
    }

    fn alternative(
        &mut self,
        id: RuleId,
        alternative: &Alternative,
    ) -> Result<RawProd, LowerError> {
        let rhs = self.occurrences(id, &alternative.expr)?;
        let shape = self.shape(id, alternative.alias.as_deref());
        Ok(RawProd { rhs, shape })
    }

    /// The symbols of an expression, one after the other. Recursion is bounded by the depth of expressions.
    fn occurrences(&mut self, rule: RuleId, expr: &Expr) -> Result<Vec<Occurrence>, LowerError> {
        self.charge()?;
        Ok(match expr {
            Expr::Empty => Vec::new(),
            Expr::Rule { id, .. } => vec![self.rule_occurrence(*id)],
            Expr::Terminal { id, keep, .. } => vec![self.terminal_occurrence(*id, *keep)],
            Expr::Seq(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.occurrences(rule, part)?);
                }
                all
            }
            Expr::Alt(alternatives) => {
                let mut ways = Vec::new();
                for alternative in alternatives {
                    ways.push(self.occurrences(rule, &alternative.expr)?);
                }
                self.one_of(ways)
            }
            Expr::Repeat {
                expr,
                min,
                max,
                placeholder,
            } => {
                let fill = if *placeholder {
                    vec![Fill::Placeholder; placeholders(self.grammar, expr)]
                } else {
                    Vec::new()
                };
                let inner = self.occurrences(rule, expr)?;
                self.repeated(inner, *min, *max, fill)
            }
            Expr::Opaque { .. } => return Err(LowerError::Opaque(rule)),
        })
    }

    fn rule_occurrence(&self, id: RuleId) -> Occurrence {
        let nt = NtId::from_index(id.index());
        plain(nt, self.nullable.contains(id.index()))
    }

    fn terminal_occurrence(&mut self, id: TerminalId, keep: bool) -> Occurrence {
        let sym = self
            .terminals
            .symbols
            .get(id.index())
            .copied()
            .unwrap_or_else(|| Sym::term(TermId::from_index(id.index())));
        let part = if keep {
            Part::Keep(self.kind(Kind::Terminal(self.grammar.terminal(id).name.clone())))
        } else {
            Part::Drop
        };
        Occurrence {
            sym,
            part,
            optional: self.terminals.nullable.contains(id.index()),
            fill: Vec::new(),
            other: None,
        }
    }

    /// One of several sequences.
    pub(super) fn one_of(&mut self, ways: Vec<Vec<Occurrence>>) -> Vec<Occurrence> {
        vec![self.group(ways.into_iter().map(inline).collect())]
    }

    /// Counts one more piece against the limit.
    pub(super) fn charge(&mut self) -> Result<(), LowerError> {
        self.symbols += 1;
        if self.symbols > self.max_symbols {
            return Err(LowerError::TooBig);
        }
        Ok(())
    }

    /// The nonterminal of a terminal that is taken apart into characters: these follow the rules.
    pub(super) fn after_rules(grammar: &Grammar, terminal: usize) -> NtId {
        NtId::from_index(grammar.rules().len() + terminal)
    }

    /// Makes room for the nonterminals of all terminals.
    pub(super) fn reserve_terminals(&mut self) {
        for _ in self.grammar.terminals() {
            self.out.raw.push(Vec::new());
        }
    }

    pub(super) fn define_terminal(&mut self, id: TerminalId, rhs: Vec<Occurrence>) {
        let nt = Self::after_rules(self.grammar, id.index());
        self.out.raw[nt] = vec![inline(rhs)];
    }

    /// A terminal inside another one.
    pub(super) fn terminal_inside(&mut self, id: TerminalId) -> Occurrence {
        self.terminal_occurrence(id, false)
    }

    /// A helper for one of several. It may be absent if one of them may be.
    fn group(&mut self, prods: Vec<RawProd>) -> Occurrence {
        let optional = prods
            .iter()
            .any(|prod| prod.rhs.iter().all(|part| part.optional));
        plain(
            self.helper(Helper::Group(prods.clone()), |_| prods),
            optional,
        )
    }

    fn helper(&mut self, key: Helper, prods: impl FnOnce(&mut Self) -> Vec<RawProd>) -> NtId {
        if let Some(&nt) = self.helpers.get(&key) {
            return nt;
        }
        let nt = self.out.raw.push(Vec::new());
        self.helpers.insert(key, nt);
        let prods = prods(self);
        self.symbols += prods.iter().map(|prod| prod.rhs.len()).sum::<usize>();
        self.out.raw[nt] = prods;
        nt
    }
}

/// A rule or helper, which leaves its empty tree where it may be absent.
fn plain(nt: NtId, optional: bool) -> Occurrence {
    Occurrence {
        sym: Sym::nt(nt),
        part: Part::Nt,
        optional,
        fill: Vec::from_iter(optional.then_some(Fill::Null(nt))),
        other: None,
    }
}

fn inline(rhs: Vec<Occurrence>) -> RawProd {
    RawProd {
        rhs,
        shape: Shape::Inline,
    }
}

/// How many placeholders Lark puts for an absent `[expr]`: one for each symbol inside that would show.
fn placeholders(grammar: &Grammar, expr: &Expr) -> usize {
    match expr {
        Expr::Empty | Expr::Opaque { .. } => 0,
        Expr::Rule { id, .. } => usize::from(!grammar.rule(*id).tree.inline),
        Expr::Terminal { keep, .. } => usize::from(*keep),
        Expr::Seq(parts) => parts.iter().map(|part| placeholders(grammar, part)).sum(),
        Expr::Alt(parts) => parts
            .iter()
            .map(|part| placeholders(grammar, &part.expr))
            .sum(),
        Expr::Repeat { expr, .. } => placeholders(grammar, expr),
    }
}

/// The rules that derive the empty text, given the terminals that match it.
fn nullable_rules(grammar: &Grammar, terminals: &FixedBitSet) -> FixedBitSet {
    let mut users = vec![Vec::new(); grammar.rules().len()];
    for id in grammar.rule_ids() {
        for used in crate::grammar::analysis::rules_in(&grammar.rule(id).body) {
            if let Some(users) = users.get_mut(used.index()) {
                users.push(id);
            }
        }
    }
    let mut found = FixedBitSet::with_capacity(grammar.rules().len());
    let mut work: Vec<RuleId> = grammar.rule_ids().collect();
    while let Some(id) = work.pop() {
        if !found.contains(id.index()) && nullable(&grammar.rule(id).body, &found, terminals) {
            found.insert(id.index());
            work.extend(users.get(id.index()).into_iter().flatten());
        }
    }
    found
}

fn nullable(expr: &Expr, rules: &FixedBitSet, terminals: &FixedBitSet) -> bool {
    match expr {
        Expr::Empty => true,
        Expr::Opaque { .. } => false,
        Expr::Terminal { id, .. } => terminals.contains(id.index()),
        Expr::Rule { id, .. } => rules.contains(id.index()),
        Expr::Seq(parts) => parts.iter().all(|part| nullable(part, rules, terminals)),
        Expr::Alt(parts) => parts
            .iter()
            .any(|part| nullable(&part.expr, rules, terminals)),
        Expr::Repeat { expr, min, .. } => *min == 0 || nullable(expr, rules, terminals),
    }
}
