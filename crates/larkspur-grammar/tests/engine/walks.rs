//! Texts around a grammar: inside its language, nearly inside, and outside.

use larkspur_grammar::{Cache, Compiled, Exceeded, Matcher};

/// A generator of numbers that is the same on every machine (`SplitMix64`).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap()
    }
}

/// A text that a random walk of single bytes finds, mostly inside the language.
pub(crate) fn walk(
    compiled: &Compiled,
    cache: &mut Cache,
    random: &mut Random,
    alphabet: &[u8],
) -> Result<Vec<u8>, Exceeded> {
    let mut matcher = Matcher::new(compiled, cache)?;
    let mut text = Vec::new();
    let length = 1 + random.below(40);
    'text: while text.len() < length {
        for _ in 0..20 {
            let byte = alphabet[random.below(alphabet.len())];
            if matcher.advance(cache, [byte])? == 1 {
                text.push(byte);
                continue 'text;
            }
        }
        let expected = matcher.expected(cache)?;
        let Some(terminal) = expected
            .terminals
            .get(random.below(expected.terminals.len()))
        else {
            break;
        };
        let Some(example) = &terminal.example else {
            break;
        };
        let before = text.len();
        for byte in example.bytes() {
            if matcher.advance(cache, [byte])? == 1 {
                text.push(byte);
            }
        }
        if text.len() == before {
            break;
        }
    }
    Ok(text)
}

/// A text one or two edits away.
pub(crate) fn mutate(text: &[u8], random: &mut Random, alphabet: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..=random.below(2) {
        let at = random.below(text.len() + 1);
        match random.below(4) {
            0 if at < text.len() => {
                text.remove(at);
            }
            1 => text.insert(at, alphabet[random.below(alphabet.len())]),
            2 if at < text.len() => text[at] = alphabet[random.below(alphabet.len())],
            _ => text.truncate(at),
        }
    }
    text
}
