//! Repetitions.

use super::{EmptyRound, Helper, Lowering, Occurrence, inline, plain};
use crate::engine::bnf::{Fill, NtId, Symbol};
use crate::table::Id as _;

/// Rounds of an empty repeated item that a tree shows: `a~3` with an empty `a` shows three.
const MAX_EMPTY_ROUNDS: u32 = 64;

impl Lowering<'_> {
    /// A sequence from `min` to `max` times; `fill` is what it leaves in a tree where it may be absent.
    pub(in crate::engine) fn repeated(
        &mut self,
        inner: Vec<Occurrence>,
        min: u32,
        max: Option<u32>,
        fill: Vec<Fill>,
    ) -> Vec<Occurrence> {
        match (min, max) {
            (_, Some(0)) => Vec::new(),
            (1, Some(1)) => inner,
            _ => match (self.single(inner), max) {
                (None, _) => Vec::new(),
                (Some(one), Some(1)) => vec![maybe(one, fill)],
                (Some(one), _) if one.optional => self.rounds_maybe_empty(&one, min, max),
                (Some(one), _) => self.rounds(&one, min, max),
            },
        }
    }

    /// One symbol for a sequence.
    fn single(&mut self, mut inner: Vec<Occurrence>) -> Option<Occurrence> {
        match inner.len() {
            0 => None,
            1 => inner.pop(),
            _ => Some(self.group(vec![inline(inner)])),
        }
    }

    /// From `min` to `max` items, none of which is empty.
    fn rounds(&mut self, item: &Occurrence, min: u32, max: Option<u32>) -> Vec<Occurrence> {
        let mut parts = Vec::new();
        if max.is_some() || min > 1 {
            parts = self.exactly(item, min);
        }
        let rest = match max {
            None => self.list(item, None),
            Some(max) if max > min => self.up_to(item, max - min),
            Some(_) => return parts,
        };
        parts.push(Occurrence {
            optional: max.is_some() || min != 1,
            ..rest
        });
        parts
    }

    /// From `min` to `max` items that may be empty. Any of the rounds may be the empty one, so counting them from below says
    /// nothing; where all are, the tree still shows the least number of them.
    fn rounds_maybe_empty(
        &mut self,
        one: &Occurrence,
        min: u32,
        max: Option<u32>,
    ) -> Vec<Occurrence> {
        let shown = |fill: &Vec<Fill>| !fill.is_empty();
        let round = Some(one.fill.clone())
            .filter(shown)
            .or_else(|| one.other.clone().filter(shown));
        let least = min.min(MAX_EMPTY_ROUNDS) as usize;
        let fill = one.fill.repeat(least);
        let other = round
            .clone()
            .filter(|_| max.is_none_or(|max| min < max))
            .map(|round| [fill.clone(), round].concat());
        let one_node = self.shows_one_node(one);
        let item = Occurrence {
            optional: false,
            fill: Vec::new(),
            other: None,
            ..one.clone()
        };
        let list = match max {
            None => self.list(&item, round),
            Some(max) => {
                let list = self.up_to(&item, max);
                if let (Some(fill), true, Symbol::Nt(nt)) = (round, one_node, list.sym.get()) {
                    let max = Some(max);
                    self.out.empty_rounds.insert(nt, EmptyRound { fill, max });
                }
                list
            }
        };
        vec![Occurrence {
            optional: true,
            fill,
            other,
            ..list
        }]
    }

    /// Whether a tree has exactly one node for it.
    fn shows_one_node(&self, of: &Occurrence) -> bool {
        let Symbol::Nt(nt) = of.sym.get() else {
            return false;
        };
        let rule = self.grammar.rules().get(nt.index());
        rule.is_some_and(|rule| !rule.tree.inline && !rule.tree.inline_single)
    }

    fn list(&mut self, item: &Occurrence, round: Option<Vec<Fill>>) -> Occurrence {
        let nt = self.helper(Helper::List(item.clone(), round.clone()), |this| {
            let own = this.out.raw.next_id();
            let list = plain(NtId(own.0 - 1), false);
            vec![inline(vec![item.clone()]), inline(vec![list, item.clone()])]
        });
        if let Some(fill) = round {
            let round = EmptyRound { fill, max: None };
            self.out.empty_rounds.insert(nt, round);
        }
        plain(nt, false)
    }

    /// 4ᵏ items.
    fn block(&mut self, item: &Occurrence, k: u32) -> Occurrence {
        if k == 0 {
            return item.clone();
        }
        let smaller = self.block(item, k - 1);
        let block = self.helper(Helper::Block(item.clone(), k), |_| {
            vec![inline(vec![smaller; 4])]
        });
        plain(block, false)
    }

    /// `count` items: its digits in base four, largest first.
    fn exactly(&mut self, item: &Occurrence, count: u32) -> Vec<Occurrence> {
        let mut parts = Vec::new();
        for k in (0..=top_digit(count)).rev() {
            let digit = count >> (2 * k) & 3;
            if digit > 0 {
                let block = self.block(item, k);
                parts.extend(std::iter::repeat_n(block, digit as usize));
            }
        }
        parts
    }

    /// From 1 to `max` items.
    fn up_to(&mut self, item: &Occurrence, max: u32) -> Occurrence {
        self.up_to_digits(item, max, top_digit(max))
    }

    /// From 1 to `max` items, where `max` has digits up to `k` at most.
    fn up_to_digits(&mut self, item: &Occurrence, max: u32, k: u32) -> Occurrence {
        let digit = max >> (2 * k) & 3;
        let rest = max - (digit << (2 * k));
        if k > 0 && digit == 0 {
            return self.up_to_digits(item, rest, k - 1);
        }
        let key = Helper::UpTo(item.clone(), max, k);
        if let Some(&nt) = self.helpers.get(&key) {
            return plain(nt, false);
        }
        let block = self.block(item, k);
        let any_below = (k > 0).then(|| Occurrence {
            optional: true,
            ..self.up_to_digits(item, (1 << (2 * k)) - 1, k - 1)
        });
        let rest = (rest > 0).then(|| Occurrence {
            optional: true,
            ..self.up_to_digits(item, rest, k.saturating_sub(1))
        });
        let mut prods = Vec::new();
        for count in 0..=digit {
            let mut rhs = vec![block.clone(); count as usize];
            let below = if count < digit { &any_below } else { &rest };
            match below {
                Some(below) if count == 0 => rhs.push(Occurrence {
                    optional: false,
                    ..below.clone()
                }),
                Some(below) => rhs.push(below.clone()),
                None => {}
            }
            if !rhs.is_empty() {
                prods.push(inline(rhs));
            }
        }
        plain(self.helper(key, |_| prods), false)
    }
}

/// A symbol that may be left out, and then leaves `fill`. If it may also be empty, it leaves something else then.
fn maybe(one: Occurrence, fill: Vec<Fill>) -> Occurrence {
    let empty = one.optional.then_some(one.fill).filter(|own| *own != fill);
    Occurrence {
        optional: true,
        other: empty.or(one.other),
        fill,
        ..one
    }
}

/// The position of the highest digit in base four.
fn top_digit(count: u32) -> u32 {
    count.checked_ilog2().unwrap_or(0) / 2
}
