//! Reading `grammars/*.cases`; the format is described in `grammars/README.md`.

use std::path::{Path, PathBuf};

/// One text and what it should be.
pub(crate) struct Case {
    pub(crate) line: usize,
    pub(crate) accept: bool,
    pub(crate) text: String,
}

/// A grammar with its cases.
pub(crate) struct Shipped {
    pub(crate) name: String,
    pub(crate) lark: String,
    pub(crate) cases: Vec<Case>,
}

/// All grammars that ship, by name.
#[expect(
    clippy::disallowed_methods,
    reason = "tests read files; the library does not"
)]
pub(crate) fn shipped() -> Vec<Shipped> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../grammars");
    let mut found: Vec<Shipped> = std::fs::read_dir(folder)
        .expect("the folder of grammars")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "lark"))
        .map(|path| Shipped {
            name: path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned(),
            lark: std::fs::read_to_string(&path).expect("a grammar"),
            cases: read(&std::fs::read_to_string(path.with_extension("cases")).expect("its cases")),
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn read(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let rest = |sign: char| {
            line.strip_prefix(sign)
                .map(|rest| rest.strip_prefix(' ').unwrap_or(rest))
        };
        if let Some(text) = rest('+').or_else(|| rest('-')) {
            cases.push(Case {
                line: number + 1,
                accept: line.starts_with('+'),
                text: text.to_owned(),
            });
        } else if let Some(text) = rest('.') {
            let case = cases.last_mut().expect("a case to go on with");
            case.text.push('\n');
            case.text.push_str(text);
        } else {
            assert!(
                line.is_empty() || line.starts_with('#'),
                "line {}: {line}",
                number + 1
            );
        }
    }
    cases
}
