//! The engine and llguidance on the same texts: same byte at which a text dies, same prefixes that are sentences.
//!
//! The grammars are those of the engine's tests, those of `data/grammars` that llguidance compiles, those that ship in
//! `grammars/`, and random ones. The texts of each are given sentences, random walks through the language, edits of both, and
//! random bytes.
//!
//! By hand, a million of them:
//! `LARKSPUR_STRINGS=1000000 cargo test --workspace --features larkspur-tests/corpora --test corpora differential -- --nocapture`

use std::collections::BTreeMap;

use larkspur_grammar::{Cache, Compiled, Config, Dialect, lark};

use crate::case::Case;
use crate::data;
use crate::oracle::{Oracle, judge};
use crate::random_texts::{Random, mutate, walk};
use crate::test_grammars;

/// Texts that are judged unless the environment says otherwise.
const STRINGS: usize = 4_000;
/// Random grammars of a short run; a longer one has one for each 400 texts.
const RANDOM_GRAMMARS: usize = 100;

/// Differences after which a grammar is left.
const ENOUGH: usize = 3;

/// Grammars on which the two differ, and why. The list may only shrink.
const EXPLAINED: &[(&str, &str)] = &[
    (
        "xgr/test_lark.py::test_lark_dynamic_fixed_string_stop_attribute#1",
        "`stop` switches its rollback off: byte by byte llguidance refuses a text that it accepts as a whole",
    ),
    (
        "xgr/test_lark.py::test_lark_max_tokens_errors#2",
        "`max_tokens` counts LLM tokens, which are bytes here",
    ),
];

/// A grammar that both read, and texts to start from.
struct Subject {
    name: String,
    lark: String,
    texts: Vec<Vec<u8>>,
}

fn subjects(random: &mut Random, strings: usize) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = test_grammars::ALL
        .iter()
        .map(|(name, lark, texts)| Subject {
            name: (*name).to_owned(),
            lark: (*lark).to_owned(),
            texts: texts.iter().map(|text| text.as_bytes().to_vec()).collect(),
        })
        .collect();
    subjects.push(Subject {
        name: "reserved sql".to_owned(),
        lark: crate::large::reserved_sql(),
        texts: vec![b"select a from b where c = 1".to_vec()],
    });
    subjects.extend(of_the_data());
    subjects.extend(that_ship());
    for number in 0..RANDOM_GRAMMARS.max(strings / 400) {
        // Even, so that there is a lexer.
        let mut bytes: Vec<u8> = vec![random.next().to_le_bytes()[0] & !1];
        bytes.extend((0..48).map(|_| random.next().to_le_bytes()[0]));
        let case = Case::read(&bytes);
        subjects.push(Subject {
            name: format!("random {number}"),
            lark: case.lark(),
            texts: vec![case.text],
        });
    }
    subjects
}

fn of_the_data() -> Vec<Subject> {
    let cases = data::lines("grammars/grammars.jsonl").into_iter();
    let cases = cases.filter(|case| case["syntax"] == "lark");
    let texts = |case: &serde_json::Value, key: &str| -> Vec<Vec<u8>> {
        let texts = case[key].as_array().into_iter().flatten();
        texts
            .filter_map(|text| Some(text.as_str()?.as_bytes().to_vec()))
            .collect()
    };
    cases
        .map(|case| Subject {
            name: case["name"].as_str().unwrap_or_default().to_owned(),
            lark: case["grammar"].as_str().unwrap_or_default().to_owned(),
            texts: [texts(&case, "accept"), texts(&case, "reject")].concat(),
        })
        .collect()
}

/// The grammars in the folder `grammars`, if there is one.
fn that_ship() -> Vec<Subject> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../grammars");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "lark"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| Subject {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            lark: std::fs::read_to_string(&path).unwrap(),
            texts: Vec::new(),
        })
        .collect()
}

/// Both engines on one grammar.
struct Pair {
    compiled: Compiled,
    cache: Cache,
    oracle: Oracle,
    alphabet: Vec<u8>,
    texts: Vec<Vec<u8>>,
}

impl Pair {
    fn new(subject: &Subject) -> Option<Self> {
        let grammar = lark::compile(&subject.lark, Dialect::llguidance()).ok()?;
        let config = Config {
            max_steps: 1 << 20,
            ..Config::default()
        };
        let compiled = Compiled::with_config(&grammar, config).ok()?;
        let oracle = Oracle::try_new(&subject.lark).ok()?;
        let mut alphabet: Vec<u8> = subject.texts.concat();
        alphabet.extend(b" a1\xc3");
        alphabet.sort_unstable();
        alphabet.dedup();
        Some(Self {
            cache: compiled.cache(),
            compiled,
            oracle,
            alphabet,
            texts: subject.texts.clone(),
        })
    }

    /// The next text: a given one, a walk, an edit, or noise.
    fn text(&mut self, number: usize, random: &mut Random) -> Vec<u8> {
        if let Some(text) = self.texts.get(number) {
            return text.clone();
        }
        match number % 8 {
            0..=2 => {
                let text = walk(&self.compiled, &mut self.cache, random, &self.alphabet);
                let text = text.unwrap_or_default();
                if self.texts.len() < 64 {
                    self.texts.push(text.clone());
                }
                text
            }
            7 => (0..random.below(12))
                .map(|_| self.alphabet[random.below(self.alphabet.len())])
                .collect(),
            _ => {
                let base = self.texts.get(random.below(self.texts.len())).cloned();
                mutate(&base.unwrap_or_default(), random, &self.alphabet)
            }
        }
    }

    /// Judges one text; what differs.
    fn differs(&mut self, text: &[u8]) -> Option<String> {
        let Ok(ours) = judge(&self.compiled, &mut self.cache, text) else {
            // A limit says nothing about the language.
            return None;
        };
        let theirs = self.oracle.judge(text);
        (ours != theirs).then(|| {
            format!(
                "{:?}: {ours:?} instead of {theirs:?}",
                text.escape_ascii().to_string()
            )
        })
    }
}

fn number(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
#[expect(clippy::print_stderr, reason = "a run by hand shows its figures")]
fn llguidance_says_the_same_at_every_byte() {
    let strings = number("LARKSPUR_STRINGS").unwrap_or(STRINGS);
    let mut random = Random(number("LARKSPUR_SEED").unwrap_or(1) as u64);
    let all = subjects(&mut random, strings);
    let each = strings.div_ceil(all.len());
    let (mut judged, mut grammars, mut sentences) = (0usize, 0usize, 0usize);
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (index, subject) in all.iter().enumerate() {
        let Some(mut pair) = Pair::new(subject) else {
            continue;
        };
        grammars += 1;
        // What does not compile leaves its share to the others.
        let share = strings.saturating_sub(judged).div_ceil(all.len() - index);
        for number in 0..share.max(each) {
            let text = pair.text(number, &mut random);
            judged += 1;
            sentences += usize::from(
                pair.compiled
                    .accepts(&mut pair.cache, &text)
                    .unwrap_or(false),
            );
            if let Some(difference) = pair.differs(&text) {
                let shown = found.entry(subject.name.clone()).or_default();
                shown.push(format!("{difference}\n{}", subject.lark));
                if shown.len() >= ENOUGH {
                    break;
                }
            }
        }
    }
    eprintln!(
        "{judged} texts on {grammars} grammars, {sentences} of them sentences; {} grammars differ",
        found.len()
    );
    let unexplained: Vec<_> = found
        .iter()
        .filter(|(name, _)| !EXPLAINED.iter().any(|(known, _)| known == name))
        .map(|(name, shown)| format!("{name} ({} texts): {}", shown.len(), shown[0]))
        .collect();
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    assert!(judged >= strings.min(STRINGS));
}
