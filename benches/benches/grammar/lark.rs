//! Python's Lark, if `just lark` has installed it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Where `just lark` puts it.
fn python() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("../lark/bin/python")
}

pub(crate) fn is_installed() -> bool {
    python().exists()
}

/// The best round of Lark's parser of this kind on a text; `None` where it is not installed.
pub(crate) fn parse(grammar: &str, text: &str, parser: &str, rounds: u32) -> Option<Duration> {
    if !is_installed() {
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (grammar_file, text_file) = (folder.join("bench.lark"), folder.join("bench.txt"));
    std::fs::write(&grammar_file, grammar).expect("the target folder can be written");
    std::fs::write(&text_file, text).expect("the target folder can be written");
    let output = Command::new(python())
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/grammar/time_lark.py"))
        .args([grammar_file, text_file])
        .args([parser, &rounds.to_string()])
        .output()
        .expect("Python runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let seconds = said.trim().parse().unwrap_or_else(|_| {
        panic!("Lark fails: {}", String::from_utf8_lossy(&output.stderr));
    });
    Some(Duration::from_secs_f64(seconds))
}
