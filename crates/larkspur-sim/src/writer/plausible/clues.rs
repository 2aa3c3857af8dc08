//! Words, numbers and dates of the request, by kind, in the order in which they stand there.
//!
//! This is no extraction: it is the cheapest reading under which `Acme Corp` in the request shows up as the vendor.

mod names;

use crate::writer::words;

/// Bytes of the request that are read.
const READ: usize = 16 * 1024;
/// Clues kept of one kind.
const KEPT: usize = 64;

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// What the request mentions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clues {
    pub(crate) quoted: Vec<String>,
    pub(crate) companies: Vec<String>,
    pub(crate) people: Vec<String>,
    pub(crate) places: Vec<String>,
    /// Capitalised names of unknown kind.
    pub(crate) names: Vec<String>,
    pub(crate) emails: Vec<String>,
    pub(crate) urls: Vec<String>,
    pub(crate) dates: Vec<String>,
    pub(crate) currencies: Vec<String>,
    /// Numbers with decimals or beside a currency.
    pub(crate) amounts: Vec<f64>,
    pub(crate) integers: Vec<i64>,
    /// What follows a count: `chairs` of `3 chairs`.
    pub(crate) things: Vec<String>,
    /// Codes such as `INV-2041`.
    pub(crate) codes: Vec<String>,
    /// All words in lower case, for the choice among enum values.
    pub(crate) words: Vec<String>,
}

/// A word with its punctuation taken off, and what that punctuation said.
#[derive(Clone, Copy)]
struct Word<'t> {
    bare: &'t str,
    /// Something that ends a name stands behind it.
    stops: bool,
    /// It opens a sentence.
    opens: bool,
    currency: Option<&'static str>,
}

impl Clues {
    /// Reads the clues of a request.
    pub(crate) fn of(prompt: &str) -> Self {
        let mut end = prompt.len().min(READ);
        while !prompt.is_char_boundary(end) {
            end -= 1;
        }
        let text = prompt.get(..end).unwrap_or_default();
        let mut clues = Self {
            quoted: quoted(text),
            ..Self::default()
        };
        let words = split(text);
        clues.dates(&words);
        clues.singles(&words);
        clues.names(&words);
        clues.words = words.iter().map(|word| word.bare.to_lowercase()).collect();
        clues
    }

    fn singles(&mut self, words: &[Word<'_>]) {
        for (place, word) in words.iter().enumerate() {
            let next = words.get(place + 1);
            let code = currency_code(word.bare).or(word.currency);
            if let Some(code) = code {
                keep(&mut self.currencies, code.to_owned());
            }
            if word.bare.contains("://") {
                keep(&mut self.urls, word.bare.to_owned());
            } else if is_email(word.bare) {
                keep(&mut self.emails, word.bare.to_owned());
            } else if is_date(word.bare) {
                // Read before, with the dates in words.
            } else if is_code(word.bare) {
                keep(&mut self.codes, word.bare.to_owned());
            } else {
                self.number(*word, next.copied());
            }
        }
    }

    fn number(&mut self, word: Word<'_>, next: Option<Word<'_>>) {
        let Some(number) = number(word.bare) else {
            return;
        };
        let money =
            word.currency.is_some() || next.is_some_and(|next| currency_code(next.bare).is_some());
        let whole = number.fract() == 0.0 && !word.bare.contains('.');
        if money || !whole {
            push(&mut self.amounts, number);
            return;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole, and checked to be below 10^15"
        )]
        push(&mut self.integers, number as i64);
        if let Some(next) = next.filter(|next| !word.stops && is_thing(next.bare)) {
            keep(&mut self.things, next.bare.to_owned());
        }
    }

    fn dates(&mut self, words: &[Word<'_>]) {
        for (place, word) in words.iter().enumerate() {
            if is_date(word.bare) {
                keep(&mut self.dates, word.bare.to_owned());
                continue;
            }
            let Some(month) = month(word.bare) else {
                continue;
            };
            let number_at = |place: Option<usize>| {
                place
                    .and_then(|at| words.get(at))
                    .and_then(|word| day_or_year(word.bare))
            };
            let (before, next, after) = (
                number_at(place.checked_sub(1)),
                number_at(Some(place + 1)),
                number_at(Some(place + 2)),
            );
            let (day, year) = match (before, next, after) {
                (Some(day), Some(year), _) | (_, Some(day), Some(year))
                    if day <= 31 && year > 31 =>
                {
                    (day, year)
                }
                _ => continue,
            };
            keep(&mut self.dates, format!("{year:04}-{month:02}-{day:02}"));
        }
    }
}

fn keep(list: &mut Vec<String>, found: String) {
    if list.len() < KEPT && !list.contains(&found) && found.len() <= 200 {
        list.push(found);
    }
}

fn push<T>(list: &mut Vec<T>, found: T) {
    if list.len() < KEPT {
        list.push(found);
    }
}

fn quoted(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (open, close) in [('"', '"'), ('\u{201c}', '\u{201d}'), ('\u{ab}', '\u{bb}')] {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once(open) {
            let Some((inside, behind)) = after.split_once(close) else {
                break;
            };
            if !inside.trim().is_empty() && inside.len() <= 80 && !inside.contains('\n') {
                keep(&mut found, inside.trim().to_owned());
            }
            rest = behind;
        }
    }
    found
}

fn split(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut opens = true;
    for raw in text.split_whitespace() {
        let currency = raw.chars().find_map(currency_symbol);
        let outside = |letter: char| !letter.is_alphanumeric();
        let bare = raw
            .trim_start_matches(|c| outside(c) && c != '-')
            .trim_end_matches(outside);
        let bare = bare
            .strip_suffix("'s")
            .or_else(|| bare.strip_suffix("\u{2019}s"))
            .unwrap_or(bare);
        let tail = raw.chars().next_back().filter(|c| outside(*c));
        let possessive = bare.len() + 2 <= raw.trim_end_matches(outside).len();
        if !bare.is_empty() {
            words.push(Word {
                bare,
                stops: tail.is_some() || possessive,
                opens,
                currency,
            });
        }
        opens = tail.is_some_and(|tail| matches!(tail, '.' | '!' | '?' | ':'))
            || raw.len() == 1 && outside(raw.chars().next().unwrap_or(' '));
    }
    words
}

fn is_thing(word: &str) -> bool {
    word.len() > 2
        && word.chars().all(|c| c.is_lowercase() || c == '-')
        && ![
            "at", "and", "for", "per", "percent", "years", "year", "days", "day", "times", "hours",
            "euros", "dollars",
        ]
        .contains(&word)
}

fn is_email(word: &str) -> bool {
    word.split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'))
}

fn is_code(word: &str) -> bool {
    word.len() >= 3
        && word.chars().any(|c| c.is_ascii_digit())
        && word.chars().next().is_some_and(|c| c.is_ascii_uppercase())
        && word
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '/' | '_'))
}

/// `2026-03-01`, with a month and a day that exist in every year.
pub(crate) fn is_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let number = |part: &str, len: usize| {
        let digits = part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| digits)
    };
    let days = match number(month, 2) {
        Some(2) => 28,
        Some(4 | 6 | 9 | 11) => 30,
        Some(1..=12) => 31,
        _ => return false,
    };
    number(year, 4).is_some_and(|year| year > 0)
        && number(day, 2).is_some_and(|day| (1..=days).contains(&day))
}

fn month(word: &str) -> Option<usize> {
    let lower = word.to_lowercase();
    let start = lower.get(..3)?;
    let full = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let index = MONTHS.iter().position(|month| *month == start)?;
    (lower.len() == 3 || full.get(index) == Some(&lower.as_str()) || lower == "sept")
        .then_some(index + 1)
}

fn day_or_year(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    digits
        .parse()
        .ok()
        .filter(|number| (1..=9999).contains(number))
}

fn number(word: &str) -> Option<f64> {
    let plain = word.replace(',', "");
    if !plain
        .trim_start_matches('-')
        .starts_with(|c: char| c.is_ascii_digit())
        || plain.contains(['e', 'E'])
    {
        return None;
    }
    plain
        .parse::<f64>()
        .ok()
        .filter(|number| number.abs() < 1e15)
}

fn currency_code(word: &str) -> Option<&'static str> {
    words::CURRENCIES
        .iter()
        .find(|code| **code == word)
        .copied()
}

fn currency_symbol(letter: char) -> Option<&'static str> {
    match letter {
        '\u{20ac}' => Some("EUR"),
        '$' => Some("USD"),
        '\u{a3}' => Some("GBP"),
        '\u{a5}' => Some("JPY"),
        _ => None,
    }
}
