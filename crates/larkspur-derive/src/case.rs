//! Names of variants in other cases; the words are those of serde's `rename_all`.

use syn::LitStr;

use crate::errors::Errors;
use crate::near::near;

/// How a variant's name becomes a keyword.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Case {
    #[default]
    Pascal,
    Lower,
    Upper,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

const CASES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    pub(crate) fn read(text: &LitStr, errors: &mut Errors) -> Self {
        let wanted = text.value();
        if let Some((_, case)) = CASES.iter().find(|(name, _)| *name == wanted) {
            return *case;
        }
        let names = || CASES.iter().map(|(name, _)| *name);
        let help = near(&wanted, names()).map_or_else(
            || {
                let names: Vec<String> = names().map(|name| format!("`{name}`")).collect();
                format!("there are {}", names.join(", "))
            },
            |near| format!("did you mean `{near}`?"),
        );
        errors.at(text, format!("no case is called `{wanted}`; {help}"));
        Self::default()
    }

    /// `name`, which is in Pascal case, in this case.
    pub(crate) fn apply(self, name: &str) -> String {
        match self {
            Self::Pascal => name.to_owned(),
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Camel => {
                let mut letters = name.chars();
                let first = letters.next().into_iter().flat_map(char::to_lowercase);
                first.chain(letters).collect()
            }
            Self::Snake => separated(name, '_'),
            Self::ScreamingSnake => separated(name, '_').to_uppercase(),
            Self::Kebab => separated(name, '-'),
            Self::ScreamingKebab => separated(name, '-').to_uppercase(),
        }
    }
}

impl Case {
    /// `name`, which is in snake case, in this case: as serde renames fields.
    pub(crate) fn apply_to_field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Pascal => capitalised(name),
            Self::Camel => {
                let name = capitalised(name);
                let (first, rest) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
                first.to_ascii_lowercase() + rest
            }
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn capitalised(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        first.to_ascii_uppercase() + rest
    });
    words.collect()
}

fn separated(name: &str, separator: char) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push(separator);
        }
        text.extend(letter.to_lowercase());
    }
    text
}
