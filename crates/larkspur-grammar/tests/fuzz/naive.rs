//! A recogniser so plain that it can be seen to be right: where can each rule end that starts here? Asked again and again
//! until nothing new is found.

use crate::case::{Expr, Terminal};

/// Ends, as bits: bit `i` for byte `i` of a text shorter than 64 bytes.
pub(crate) type Ends = u64;

struct Table<'t> {
    text: &'t [u8],
    /// By rule, by start.
    rules: Vec<Vec<Ends>>,
}

/// Which prefixes of `text` are sentences of the first rule, as bits.
pub(crate) fn sentences(rules: &[Expr], text: &[u8]) -> Ends {
    assert!(text.len() < 64);
    let mut table = Table {
        text,
        rules: vec![vec![0; text.len() + 1]; rules.len()],
    };
    loop {
        let mut changed = false;
        for (index, body) in rules.iter().enumerate() {
            for start in 0..=text.len() {
                let ends = table.ends(body, start);
                changed |= ends & !table.rules[index][start] != 0;
                table.rules[index][start] |= ends;
            }
        }
        if !changed {
            return table.rules[0][0];
        }
    }
}

impl Table<'_> {
    fn ends(&self, expr: &Expr, start: usize) -> Ends {
        match expr {
            Expr::Rule(index) => self.rules[*index][start],
            Expr::Terminal(terminal) => self.terminal(terminal, start),
            Expr::Seq(parts) => parts
                .iter()
                .fold(1 << start, |from, part| self.step(part, from)),
            Expr::Alt(parts) => parts
                .iter()
                .fold(0, |ends, part| ends | self.ends(part, start)),
            Expr::Repeat(inner, min, max) => {
                let mut here = 1 << start;
                for _ in 0..*min {
                    here = self.step(inner, here);
                }
                let mut all = here;
                // More rounds than bytes find nothing new.
                for _ in 0..max.map_or(64, |max| max - min) {
                    here = self.step(inner, here);
                    if here & !all == 0 {
                        break;
                    }
                    all |= here;
                }
                all
            }
        }
    }

    /// From any of several starts.
    fn step(&self, expr: &Expr, from: Ends) -> Ends {
        (0..=self.text.len())
            .filter(|start| from >> start & 1 == 1)
            .fold(0, |ends, start| ends | self.ends(expr, start))
    }

    fn terminal(&self, terminal: &Terminal, start: usize) -> Ends {
        assert!(terminal.is_plain());
        let Some((last, firsts)) = terminal.classes.split_last() else {
            return 0;
        };
        let is = |class: &str, at: usize| {
            self.text
                .get(at)
                .is_some_and(|byte| class.as_bytes().contains(byte))
        };
        let mut at = start;
        for class in firsts {
            if !is(class, at) {
                return 0;
            }
            at += 1;
        }
        let (min, max) = terminal.repeat;
        let mut ends = 0;
        for count in 0..=max.min(self.text.len()) {
            if count >= min {
                ends |= 1 << (at + count);
            }
            if !is(last, at + count) {
                break;
            }
        }
        ends
    }
}
