//! The signs of JSON, and the white space that belongs to them.

use super::WhiteSpace;

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

    /// The regex of a sign, by the name of its terminal.
    pub(super) fn regex(&self, name: &str) -> String {
        let space = &self.space;
        match name {
            "LBRACE" => format!(r"\{{{space}"),
            "RBRACE" => format!(r"{space}\}}"),
            "LBRACKET" => format!(r"\[{space}"),
            "RBRACKET" => format!(r"{space}\]"),
            "EMPTY_OBJECT" => format!(r"\{{{space}\}}"),
            "EMPTY_ARRAY" => format!(r"\[{space}\]"),
            "COLON" => format!("{space}{}{space}", regex_syntax::escape(&self.key)),
            _ => format!("{space}{}{space}", regex_syntax::escape(&self.item)),
        }
    }
}
