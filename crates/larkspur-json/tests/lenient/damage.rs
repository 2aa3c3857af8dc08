//! No contradiction: JSON that is damaged in one place is read to the value that it was, or refused.

use larkspur_json::{RepairKind, parse, parse_lenient};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::laws::json;

/// What stands in a text, and where.
#[derive(Clone, Copy, Debug)]
struct Token<'t> {
    text: &'t str,
    start: usize,
    end: usize,
    is_key: bool,
}

/// The tokens of a JSON text.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let length = match first {
            '"' => string_length(&text[start..]),
            '{' | '}' | '[' | ']' | ',' | ':' => 1,
            _ => text[start..]
                .find([',', '}', ']'])
                .unwrap_or(text.len() - start),
        };
        let end = start + length;
        let is_key = first == '"' && text[end..].starts_with(':');
        found.push(Token {
            text: &text[start..end],
            start,
            end,
            is_key,
        });
        start = end;
    }
    found
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let ends = |(place, character): (usize, char)| {
        let ends = place > 0 && character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        ends.then_some(place + 1)
    };
    text.char_indices().find_map(ends).unwrap_or(text.len())
}

impl Token<'_> {
    fn is_value(&self) -> bool {
        !self.is_key && !self.is_mark()
    }

    fn is_mark(&self) -> bool {
        matches!(self.text, "{" | "}" | "[" | "]" | "," | ":")
    }

    fn is_closer(&self) -> bool {
        matches!(self.text, "}" | "]")
    }

    /// What stands between the quotes.
    fn inside(&self) -> Option<&str> {
        self.text.strip_prefix('"')?.strip_suffix('"')
    }

    fn is_last(&self, text: &str) -> bool {
        self.end == text.len()
    }

    /// Whether nothing stands before a closing bracket.
    fn closes_nothing(&self, text: &str) -> bool {
        text[..self.start].ends_with(['{', '['])
    }
}

/// A way to damage a text at a token: what stands there then, and nothing where it does not apply.
type Damage = fn(&str, &Token<'_>, bool) -> Option<String>;

/// By kind of repair, what makes it necessary; `other` chooses between two forms of it.
const DAMAGES: &[(RepairKind, Damage)] = &[
    (RepairKind::ByteOrderMark, |_, token, _| {
        (token.start == 0).then(|| format!("\u{feff}{}", token.text))
    }),
    (RepairKind::WhiteSpace, |_, token, other| {
        Some(format!(
            "{}{}",
            if other { '\u{a0}' } else { '\u{2003}' },
            token.text
        ))
    }),
    (RepairKind::Comment, |_, token, other| {
        Some(format!(
            "{}{}",
            if other { "/* \"[,:\" */" } else { "// }]\n" },
            token.text
        ))
    }),
    (RepairKind::TrailingComma, |text, token, _| {
        (token.is_closer() && !token.closes_nothing(text)).then(|| format!(",{}", token.text))
    }),
    (RepairKind::ExtraComma, |_, token, other| match token.text {
        "," => Some(",,".to_owned()),
        "{" | "[" if other => Some(format!("{},", token.text)),
        _ => None,
    }),
    (RepairKind::MissingComma, |_, token, other| {
        (token.text == ",").then(|| blank(other))
    }),
    (RepairKind::MissingColon, |_, token, other| {
        (token.text == ":").then(|| blank(other))
    }),
    (RepairKind::OtherColon, |_, token, other| {
        (token.text == ":").then(|| if other { "=" } else { " => " }.to_owned())
    }),
    (RepairKind::OtherQuotes, |_, token, other| {
        let inside = token
            .inside()
            .filter(|inside| !inside.contains(['\'', '“', '”']))?;
        Some(if other {
            format!("'{inside}'")
        } else {
            format!("“{inside}”")
        })
    }),
    (RepairKind::UnescapedQuote, |_, token, other| {
        let count = if other { usize::MAX } else { 1 };
        // What begins and ends with a quote is a text in doubled quotes.
        let is_doubled = |inside: &str| inside.starts_with("\\\"") && inside.ends_with("\\\"");
        let has_quotes = |inside: &&str| {
            inside.contains("\\\"")
                && !inside.contains("\\\\")
                && !inside.contains(MARKS)
                && !is_doubled(inside)
        };
        let inside = token.inside().filter(has_quotes)?;
        Some(format!("\"{}\"", inside.replacen("\\\"", "\"", count)))
    }),
    (RepairKind::ControlCharacter, |_, token, _| {
        let inside = token
            .inside()
            .filter(|inside| inside.contains("\\n") && !inside.contains("\\\\"))?;
        Some(format!("\"{}\"", inside.replace("\\n", "\n")))
    }),
    (RepairKind::Escape, |_, token, _| {
        let inside = token.inside().filter(|inside| inside.contains('\''))?;
        Some(format!("\"{}\"", inside.replace('\'', "\\'")))
    }),
    (RepairKind::MissingQuote, |_, token, other| {
        // A blank at the edge would be on neither side of the quote; another quote would be the one that is missing.
        let is_plain = |inside: &&str| {
            inside.trim() == *inside
                && !inside.contains(MARKS)
                && !inside.contains(['"', '\'', '`'])
        };
        let inside = token.inside().filter(is_plain)?;
        Some(if other {
            format!("\"{inside}")
        } else {
            format!("{inside}\"")
        })
    }),
    (RepairKind::BareKey, |_, token, _| {
        token
            .inside()
            .filter(|inside| token.is_key && is_word(inside))
            .map(str::to_owned)
    }),
    (RepairKind::BareString, |_, token, _| {
        token
            .inside()
            .filter(|inside| token.is_value() && is_word(inside))
            .map(str::to_owned)
    }),
    (RepairKind::Literal, |_, token, other| {
        Some(
            match token.text {
                "true" => {
                    if other {
                        "True"
                    } else {
                        "TRUE"
                    }
                }
                "false" => {
                    if other {
                        "False"
                    } else {
                        "FALSE"
                    }
                }
                "null" => {
                    if other {
                        "None"
                    } else {
                        "undefined"
                    }
                }
                _ => return None,
            }
            .to_owned(),
        )
    }),
    (RepairKind::Number, |_, token, _| {
        token
            .text
            .starts_with(|first: char| first.is_ascii_digit())
            .then(|| format!("+{}", token.text))
    }),
    (RepairKind::MissingCloser, |text, token, _| {
        (token.is_closer() && !token.is_last(text)).then(String::new)
    }),
    (RepairKind::WrongCloser, |_, token, _| {
        token
            .is_closer()
            .then(|| if token.text == "}" { "]" } else { "}" }.to_owned())
    }),
    (RepairKind::ExtraCloser, |text, token, other| {
        let closer = if other { "}" } else { "]" };
        (token.is_value() && !token.is_last(text) || token.is_closer())
            .then(|| format!("{}{closer}", token.text))
    }),
    (RepairKind::Ellipsis, |text, token, _| {
        (token.is_closer() && !token.closes_nothing(text)).then(|| format!(", ...{}", token.text))
    }),
    (RepairKind::Concatenation, |_, token, _| {
        let inside = token
            .inside()
            .filter(|inside| token.is_value() && !inside.contains('\\'))?;
        let place = inside.char_indices().nth(1)?.0;
        Some(format!(
            "\"{}\" + \"{}\"",
            &inside[..place],
            &inside[place..]
        ))
    }),
    (RepairKind::Call, |_, token, _| {
        token.is_value().then(|| format!("f({})", token.text))
    }),
    (RepairKind::Tuple, |_, token, _| {
        token.is_value().then(|| format!("({})", token.text))
    }),
    (RepairKind::Truncated, |_, token, _| {
        token.is_closer().then(String::new)
    }),
];

/// What divides values: a text with these, without one of its quotes, may be several.
const MARKS: &[char] = &['{', '}', '[', ']', ',', ':'];

fn blank(other: bool) -> String {
    if other { " ".to_owned() } else { String::new() }
}

/// Whether a string says the same without its quotes.
fn is_word(inside: &str) -> bool {
    let is_part = |character: char| character.is_ascii_lowercase();
    !inside.is_empty()
        && inside.chars().all(is_part)
        && !matches!(inside, "true" | "false" | "null" | "undefined" | "f")
}

/// The text with this damage at this token.
fn damaged(text: &str, token: &Token<'_>, damage: Damage, other: bool) -> Option<String> {
    let instead = damage(text, token, other)?;
    Some(format!(
        "{}{instead}{}",
        &text[..token.start],
        &text[token.end..]
    ))
}

/// Whether the damage has made other JSON of the text, or a beginning of it: then that is what the text says.
fn is_other_json(damaged: &str) -> bool {
    let Ok(read) = parse_lenient(damaged) else {
        return false;
    };
    let is_json = read
        .span
        .of(damaged)
        .is_some_and(|part| parse(part).is_ok());
    let is_cut = || parse(damaged).is_err_and(|error| error.is_truncated());
    is_json || is_cut()
}

/// Whether the damage is undone; an error where something else is read, though it needs as many repairs.
fn is_undone(value: &Value, kind: RepairKind, text: &str, damaged: &str) -> Result<bool, String> {
    let Ok(read) = parse_lenient(damaged) else {
        return Ok(false);
    };
    let same = read.node.to_value() == *value;
    // Several quotes of a string may have lost their backslashes.
    let is_nearer =
        kind == RepairKind::UnescapedQuote && read.repairs.len() < text.len() - damaged.len();
    if same || is_nearer || is_other_json(damaged) {
        return Ok(same);
    }
    Err(format!("{kind}: {damaged} was read to {}", read.node))
}

proptest! {
    /// One damage of each kind that is repaired, anywhere: the value comes back, or an error.
    #[test]
    fn what_is_read_never_contradicts_the_text(value in json(), which in any::<prop::sample::Index>(), other in any::<bool>()) {
        let text = serde_json::to_string(&value).unwrap();
        let tokens = tokens(&text);
        let token = &tokens[which.index(tokens.len())];
        for (kind, damage) in DAMAGES {
            if let Some(damaged) = damaged(&text, token, *damage, other) {
                let undone = is_undone(&value, *kind, &text, &damaged);
                prop_assert!(undone.is_ok(), "{}", undone.unwrap_err());
            }
        }
    }
}

/// The law is not kept by refusing everything: in a plain text, each kind of damage is undone.
#[test]
fn every_kind_is_undone_somewhere() {
    let value = json!({"a": ["b c", "it's", "say \"x\" now\nor", 1.5, true, null, {"d": "word", "e": []}], "f": {"g": "h", "i": 2}});
    let text = serde_json::to_string(&value).unwrap();
    let elsewhere = [
        RepairKind::EscapedText,
        RepairKind::Unfinished,
        RepairKind::DuplicateKey,
        RepairKind::Fence,
        RepairKind::Prose,
        RepairKind::Choice,
        RepairKind::Form,
    ];
    for kind in RepairKind::ALL {
        let damages: Vec<_> = DAMAGES
            .iter()
            .filter(|(damaged, _)| damaged == kind)
            .collect();
        assert_eq!(damages.is_empty(), elsewhere.contains(kind), "{kind}");
        for (kind, damage) in damages {
            let all = tokens(&text);
            let undone = all
                .iter()
                .flat_map(|token| [false, true].map(|other| damaged(&text, token, *damage, other)));
            let undone = undone
                .flatten()
                .filter(|damaged| is_undone(&value, *kind, &text, damaged).unwrap())
                .count();
            assert!(undone > 0, "{kind}");
        }
    }
}
