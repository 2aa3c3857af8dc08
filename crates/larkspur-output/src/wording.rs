//! How values of a model's text are said to people and to the model: quoted, cut, never raw.

use std::fmt::Write as _;

use larkspur_json::{Kind, Node};

/// Most characters of one value in a message.
const SHOWN: usize = 48;

/// Most names or values in one list.
const LISTED: usize = 12;

/// A string as a JSON string, cut, with everything that could hide or reorder text escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut characters = text.chars();
    for character in characters.by_ref().take(SHOWN) {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            hidden if is_hidden(hidden) => push_unicode_escape(&mut quoted, hidden),
            shown => quoted.push(shown),
        }
    }
    quoted.push_str(if characters.next().is_some() {
        "…\""
    } else {
        "\""
    });
    quoted
}

fn push_unicode_escape(text: &mut String, character: char) {
    let mut units = [0; 2];
    for unit in character.encode_utf16(&mut units) {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\\u{unit:04x}");
    }
}

/// Characters that a terminal acts upon, or that a reader cannot see.
pub(crate) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// A field's or variant's name: in backticks where it is a plain one, else as a JSON string.
pub(crate) fn name(name: &str) -> String {
    let plain = |character: char| {
        character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '$' | '@' | ':')
    };
    if !name.is_empty() && name.chars().count() <= SHOWN && name.chars().all(plain) {
        format!("`{name}`")
    } else {
        quoted(name)
    }
}

/// The first characters of a text that is plain already.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// What stands in the text, with its value.
pub(crate) fn found(node: &Node<'_>) -> String {
    match &node.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => format!("the number {}", cut(number.as_str())),
        Kind::String(text) if text.is_empty() => "an empty string".to_owned(),
        Kind::String(text) => format!("the string {}", quoted(text)),
        Kind::Array(elements) if elements.is_empty() => "an empty array".to_owned(),
        Kind::Array(elements) => format!("an array of {}", count(elements.len(), "element")),
        Kind::Object(object) if object.is_empty() => "an empty object".to_owned(),
        Kind::Object(object) if object.len() <= 4 => {
            format!(
                "an object with {}",
                list(object.iter().map(|member| name(&member.key)), "and")
            )
        }
        Kind::Object(object) => format!("an object with {}", count(object.len(), "field")),
    }
}

/// What stands in the text, without its value.
pub(crate) fn found_masked(node: &Node<'_>) -> &'static str {
    match &node.kind {
        Kind::Null => "null",
        Kind::Bool(_) => "a boolean",
        Kind::Number(_) => "a number",
        Kind::String(_) => "a string",
        Kind::Array(_) => "an array",
        Kind::Object(_) => "an object",
    }
}

/// `1 element`, `2 elements`.
pub(crate) fn count(number: impl TryInto<u64>, what: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// `a`, `a or b`, `a, b or c`; long lists end with how many more there are.
pub(crate) fn list(items: impl IntoIterator<Item = String>, last: &str) -> String {
    let mut items: Vec<String> = items.into_iter().collect();
    let hidden = items.len().saturating_sub(LISTED);
    items.truncate(LISTED);
    if hidden > 0 {
        return format!("{} {last} {hidden} more", items.join(", "));
    }
    match items.pop() {
        Some(only) if items.is_empty() => only,
        Some(end) => format!("{} {last} {end}", items.join(", ")),
        None => "nothing".to_owned(),
    }
}

/// `a`, `a or b`, `one of a, b or c`.
pub(crate) fn one_of(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    let one_of = if items.len() > 2 { "one of " } else { "" };
    format!("{one_of}{}", list(items, "or"))
}

/// The known name that was probably meant: few edits away, letter case not counted.
pub(crate) fn did_you_mean<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Longer words are no slips of one or two letters, and the distance takes quadratic time.
    const LONGEST: usize = 64;
    if written.len() > LONGEST {
        return None;
    }
    let written = fold(written);
    let most = if written.len() < 3 {
        0
    } else {
        1 + written.len() / 5
    };
    let distances = known
        .into_iter()
        .filter(|name| name.len() <= LONGEST)
        .map(|name| (distance(&written, &fold(name)), name));
    distances
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Letter case and the separators of `snake_case` and `kebab-case` do not count.
fn fold(name: &str) -> Vec<char> {
    let letters = name
        .chars()
        .filter(|character| !matches!(character, '_' | '-' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

/// Levenshtein distance, one row at a time.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (place, from) in from.iter().enumerate() {
        let mut diagonal = place;
        let mut left = place + 1;
        for (to, cell) in to.iter().zip(row.iter_mut().skip(1)) {
            let substituted = diagonal + usize::from(from != to);
            diagonal = *cell;
            left = substituted.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = place + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Words of unknown origin: on one line, cut, with nothing hidden in them.
pub(crate) fn sentence(text: &str) -> String {
    const LONGEST: usize = 200;
    let shown = |character: char| match character {
        '\n' | '\r' | '\t' => ' ',
        hidden if is_hidden(hidden) => char::REPLACEMENT_CHARACTER,
        shown => shown,
    };
    let mut characters = text.chars();
    let mut sentence: String = characters.by_ref().take(LONGEST).map(shown).collect();
    if characters.next().is_some() {
        sentence.push('…');
    }
    sentence
}
