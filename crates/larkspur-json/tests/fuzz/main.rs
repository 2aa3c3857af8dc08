//! What the fuzzer runs, replayed on the seeds that are kept in `fuzz/seeds`, and on small changes of them.
//!
//! To fuzz: `cargo +nightly fuzz run json_reader`, at the top of the repository.

#![expect(clippy::expect_used, reason = "tests")]

mod json_reader;

use std::path::Path;

use proptest::prelude::*;

#[expect(clippy::disallowed_methods, reason = "seeds are files")]
fn seeds() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/json_reader");
    let files = std::fs::read_dir(folder).expect("the seeds");
    let mut paths: Vec<_> = files.map(|file| file.expect("a seed").path()).collect();
    paths.sort();
    let seeds = paths
        .iter()
        .map(|path| std::fs::read(path).expect("a seed"));
    seeds.collect()
}

#[test]
fn seeds_of_the_reader() {
    let seeds = seeds();
    assert!(seeds.len() > 10);
    for seed in &seeds {
        json_reader::run(seed);
    }
}

proptest! {
    /// A piece of one seed in the place of a piece of another.
    #[test]
    fn readers_agree_on_mixed_seeds(
        first in any::<prop::sample::Index>(),
        second in any::<prop::sample::Index>(),
        cuts in any::<[prop::sample::Index; 4]>(),
    ) {
        let seeds = seeds();
        let (first, second) = (first.get(&seeds), second.get(&seeds));
        let [from, to, start, end] = cuts;
        let (from, to) = (from.index(first.len() + 1), to.index(first.len() + 1));
        let (start, end) = (start.index(second.len() + 1), end.index(second.len() + 1));
        let mut mixed = first[..from.min(to)].to_vec();
        mixed.extend_from_slice(&second[start.min(end)..start.max(end)]);
        mixed.extend_from_slice(&first[from.max(to)..]);
        json_reader::run(&mixed);
    }
}
