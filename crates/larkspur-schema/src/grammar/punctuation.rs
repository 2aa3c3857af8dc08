//! The signs of JSON, and the white space that belongs to them.

use std::sync::LazyLock;

use super::{WhiteSpace, language::Language};

/// How the signs between the pieces of a value are written.
#[derive(Clone, Debug)]
pub(super) struct Punctuation {
    /// A regex of what may stand beside a sign; empty where nothing may.
    pub(super) space: String,
    /// Between elements and between members.
    pub(super) item: String,
    /// Between the name of a member and its value.
    pub(super) key: String,
}

/// The signs, each by the name of its terminal.
#[derive(Debug)]
pub(super) struct Signs([(&'static str, Language); 8]);

impl Punctuation {
    /// JSON's own, with white space where it may stand.
    pub(super) fn of(white_space: WhiteSpace) -> Self {
        let space = match white_space {
            WhiteSpace::None => "",
            WhiteSpace::Between | WhiteSpace::Everywhere => r"[ \t\n\r]*",
        };
        Self {
            space: space.to_owned(),
            item: ",".to_owned(),
            key: ":".to_owned(),
        }
    }

    pub(super) fn signs(&self) -> Signs {
        let space = &self.space;
        let between = |sign: &str| format!("{space}{}{space}", regex_syntax::escape(sign));
        let signs = [
            ("LBRACE", format!(r"\{{{space}")),
            ("RBRACE", format!(r"{space}\}}")),
            ("LBRACKET", format!(r"\[{space}")),
            ("RBRACKET", format!(r"{space}\]")),
            ("EMPTY_OBJECT", format!(r"\{{{space}\}}")),
            ("EMPTY_ARRAY", format!(r"\[{space}\]")),
            ("COLON", between(&self.key)),
            ("COMMA", between(&self.item)),
        ];
        Signs(signs.map(|(name, regex)| (name, Language::regex(&regex))))
    }
}

impl Signs {
    /// JSON's own: they are read once.
    pub(super) fn of(white_space: WhiteSpace) -> &'static Self {
        static CLOSE: LazyLock<Signs> = LazyLock::new(|| Punctuation::of(WhiteSpace::None).signs());
        static APART: LazyLock<Signs> =
            LazyLock::new(|| Punctuation::of(WhiteSpace::Between).signs());
        match white_space {
            WhiteSpace::None => &CLOSE,
            WhiteSpace::Between | WhiteSpace::Everywhere => &APART,
        }
    }

    /// A sign with the white space that belongs to it.
    pub(super) fn get(&self, name: &str) -> &Language {
        let sign = self.0.iter().find(|(known, _)| *known == name);
        sign.map_or(&Language::Never, |(_, language)| language)
    }
}
