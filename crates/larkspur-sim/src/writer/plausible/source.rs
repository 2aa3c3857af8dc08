//! Where words and numbers come from: what the request says, and lists of words after it.

use crate::rng::Rng;
use crate::writer::words;

use super::clues::Clues;
use super::hints::{About, Sort, sort};

/// Words of dates that lie far back.
const BIRTH: &[&str] = &["born", "birth", "birthday", "birthdate", "dob"];

/// Where words and numbers come from: the request first, the lists after it.
pub(crate) struct Source<'a> {
    pub(super) clues: Clues,
    pub(crate) rng: &'a mut Rng,
    /// The person that was named last: an e-mail address that follows is theirs.
    person: Option<String>,
    /// Entries of the lists that the value has already.
    used: Vec<&'static str>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(clues: Clues, rng: &'a mut Rng) -> Self {
        Self {
            clues,
            rng,
            person: None,
            used: Vec::new(),
        }
    }

    /// Whether the request has all words of `text`.
    pub(crate) fn mentions(&self, text: &str) -> bool {
        let mut parts = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .peekable();
        parts.peek().is_some()
            && parts.all(|part| {
                self.clues
                    .words
                    .iter()
                    .any(|word| word.eq_ignore_ascii_case(part))
            })
    }

    /// The next whole number of the request, for a count.
    pub(crate) fn integer(&mut self, about: &About) -> Option<i64> {
        const COUNTS: &[&str] = &[
            "quantity", "qty", "count", "age", "units", "pieces", "year", "number", "guests",
            "people", "rooms", "seats", "nights", "days", "stars", "rating",
        ];
        let fits = about
            .words
            .iter()
            .any(|word| COUNTS.contains(&word.as_str()));
        (fits && !self.clues.integers.is_empty()).then(|| self.clues.integers.remove(0))
    }

    /// The next amount of the request, for money.
    pub(crate) fn amount(&mut self) -> Option<f64> {
        (!self.clues.amounts.is_empty()).then(|| self.clues.amounts.remove(0))
    }

    /// Whether a value that may be null is: one in five, but never where the request has something to say.
    pub(crate) fn prefers_null(&mut self, about: &About) -> bool {
        self.rng.chance(20) && !self.knows(about)
    }

    fn knows(&self, about: &About) -> bool {
        let clues = &self.clues;
        let money = || super::numbers::is_money(about) && !clues.amounts.is_empty();
        money()
            || match sort(about) {
                Sort::Date | Sort::DateTime => !clues.dates.is_empty(),
                Sort::Company => !clues.companies.is_empty(),
                Sort::Person => !clues.people.is_empty() || !clues.names.is_empty(),
                Sort::City => !clues.places.is_empty(),
                Sort::Email => !clues.emails.is_empty(),
                Sort::Url => !clues.urls.is_empty(),
                Sort::Currency => !clues.currencies.is_empty(),
                Sort::Code | Sort::Id => !clues.codes.is_empty(),
                Sort::Title => !clues.quoted.is_empty(),
                _ => false,
            }
    }

    /// How many items an array gets: as many as the request counts things, or one to `most`.
    pub(crate) fn count(&mut self, about: &About, most: u64) -> u64 {
        const THINGS: &[&str] = &[
            "item",
            "items",
            "line",
            "lines",
            "product",
            "products",
            "goods",
            "articles",
            "positions",
        ];
        let things = u64::try_from(self.clues.things.len()).unwrap_or(0);
        if things > 0
            && about
                .words
                .iter()
                .any(|word| THINGS.contains(&word.as_str()))
        {
            return things.min(12);
        }
        self.rng.below(most) + 1
    }

    /// A name for a property that the schema does not name.
    pub(crate) fn key(&mut self, turn: u64) -> String {
        let word = self.word();
        if turn < 6 {
            word
        } else {
            format!("{word}_{turn}")
        }
    }

    pub(super) fn word(&mut self) -> String {
        self.from(words::COMMON)
    }

    /// An entry of a list, a new one where a few tries find one.
    pub(super) fn from(&mut self, list: &[&'static str]) -> String {
        let mut found = "text";
        for _ in 0..4 {
            found = self.rng.pick(list).copied().unwrap_or("text");
            if !self.used.contains(&found) {
                break;
            }
        }
        self.used.push(found);
        found.to_owned()
    }

    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + u8::try_from(self.rng.below(10)).unwrap_or(0)))
            .collect()
    }

    fn hex(&mut self, count: usize) -> String {
        (0..count)
            .filter_map(|_| char::from_digit(u32::try_from(self.rng.below(16)).unwrap_or(0), 16))
            .collect()
    }

    pub(super) fn person(&mut self) -> String {
        let found = take(&mut self.clues.people).or_else(|| take(&mut self.clues.names));
        let name = found.unwrap_or_else(|| {
            format!(
                "{} {}",
                self.from(words::FIRST_NAMES),
                self.from(words::LAST_NAMES)
            )
        });
        self.person = Some(name.clone());
        name
    }

    pub(super) fn company(&mut self) -> String {
        take(&mut self.clues.companies)
            .or_else(|| take(&mut self.clues.people))
            .or_else(|| take(&mut self.clues.names))
            .unwrap_or_else(|| self.from(words::COMPANIES))
    }

    pub(super) fn date(&mut self, about: &About) -> String {
        if let Some(found) = take(&mut self.clues.dates) {
            return found;
        }
        let years = if about
            .words
            .iter()
            .any(|word| BIRTH.contains(&word.as_str()))
        {
            (1950, 2005)
        } else {
            (2024, 2027)
        };
        let (year, month, day) = (
            self.rng.between(years.0, years.1),
            self.rng.between(1, 12),
            self.rng.between(1, 28),
        );
        format!("{year}-{month:02}-{day:02}")
    }

    pub(super) fn time(&mut self) -> String {
        let (hour, quarter) = (self.rng.between(7, 20), self.rng.between(0, 3) * 15);
        format!("{hour:02}:{quarter:02}:00")
    }

    pub(super) fn email(&mut self) -> String {
        if let Some(found) = take(&mut self.clues.emails) {
            return found;
        }
        let person = self.person.take().unwrap_or_else(|| self.person());
        let letters = |word: &str| {
            word.chars()
                .filter(char::is_ascii_alphanumeric)
                .collect::<String>()
                .to_lowercase()
        };
        let parts: Vec<String> = person
            .split(' ')
            .map(letters)
            .filter(|part| !part.is_empty())
            .collect();
        let user = if parts.is_empty() {
            "info".to_owned()
        } else {
            parts.join(".")
        };
        format!("{user}@{}", self.from(words::DOMAINS))
    }

    pub(super) fn uuid(&mut self) -> String {
        let variant = self.from(&["8", "9", "a", "b"]);
        format!(
            "{}-{}-4{}-{variant}{}-{}",
            self.hex(8),
            self.hex(4),
            self.hex(3),
            self.hex(3),
            self.hex(12)
        )
    }

    pub(super) fn host(&mut self) -> String {
        format!("{}.{}", self.word(), self.from(words::DOMAINS))
    }

    pub(super) fn url(&mut self) -> String {
        take(&mut self.clues.urls)
            .unwrap_or_else(|| format!("https://{}/{}", self.host(), self.word()))
    }
}

/// The first of a list, which has it no longer.
pub(super) fn take(list: &mut Vec<String>) -> Option<String> {
    (!list.is_empty()).then(|| list.remove(0))
}
