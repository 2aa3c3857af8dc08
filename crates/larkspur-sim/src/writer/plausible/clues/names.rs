//! Names in the request: of companies, people, places, and of what is not known.

use super::{Clues, Word, currency_code, is_code, is_email, keep, month};
use crate::writer::words;

/// Words of a name at most.
const NAME_WORDS: usize = 4;
const COMPANY_ENDINGS: &[&str] = &[
    "corp",
    "inc",
    "ltd",
    "llc",
    "gmbh",
    "co",
    "company",
    "corporation",
    "limited",
    "ag",
    "plc",
    "sa",
    "group",
    "bank",
    "supplies",
    "systems",
    "media",
    "books",
    "foods",
    "labs",
    "studio",
    "tools",
    "industries",
    "partners",
    "university",
];
const PLACE_LEADS: &[&str] = &["in", "from", "to", "near", "at", "visit"];
/// Words that open a sentence or a request in capitals and name nothing.
const NO_NAMES: &[&str] = &[
    "a",
    "an",
    "and",
    "answer",
    "as",
    "at",
    "bill",
    "by",
    "create",
    "customer",
    "date",
    "describe",
    "due",
    "each",
    "email",
    "extract",
    "fill",
    "find",
    "for",
    "from",
    "generate",
    "give",
    "he",
    "here",
    "hi",
    "how",
    "i",
    "if",
    "in",
    "invoice",
    "is",
    "it",
    "item",
    "items",
    "json",
    "list",
    "make",
    "my",
    "name",
    "no",
    "number",
    "of",
    "on",
    "one",
    "order",
    "our",
    "paid",
    "please",
    "price",
    "read",
    "return",
    "say",
    "set",
    "she",
    "ship",
    "some",
    "subject",
    "sum",
    "tell",
    "text",
    "thank",
    "thanks",
    "that",
    "the",
    "there",
    "they",
    "this",
    "ticket",
    "to",
    "today",
    "total",
    "two",
    "use",
    "vendor",
    "was",
    "we",
    "what",
    "when",
    "where",
    "which",
    "who",
    "why",
    "with",
    "write",
    "you",
    "your",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

impl Clues {
    pub(super) fn names(&mut self, words: &[Word<'_>]) {
        let mut place = 0;
        while let Some(word) = words.get(place) {
            if !starts_name(*word) {
                place += 1;
                continue;
            }
            let mut run = vec![word.bare];
            let mut last = *word;
            while let Some(next) = words
                .get(place + run.len())
                .filter(|_| !last.stops && run.len() < NAME_WORDS)
            {
                if !continues_name(*next) {
                    break;
                }
                run.push(next.bare);
                last = *next;
            }
            let lead = place
                .checked_sub(1)
                .and_then(|before| words.get(before))
                .map(|word| word.bare.to_lowercase());
            self.name(&run, lead.as_deref(), word.opens);
            place += run.len();
        }
    }

    fn name(&mut self, run: &[&str], lead: Option<&str>, opens: bool) {
        let name = run.join(" ");
        let last = run
            .last()
            .map(|word| word.to_lowercase())
            .unwrap_or_default();
        if COMPANY_ENDINGS.contains(&last.as_str()) && run.len() > 1 {
            keep(&mut self.companies, name);
        } else if lead.is_some_and(|lead| PLACE_LEADS.contains(&lead)) && run.len() <= 2
            || words::CITIES.contains(&name.as_str())
        {
            keep(&mut self.places, name);
        } else if run.len() >= 2 {
            keep(&mut self.people, name);
        } else if !opens || words::FIRST_NAMES.contains(&name.as_str()) {
            keep(&mut self.names, name);
        }
    }
}

fn starts_name(word: Word<'_>) -> bool {
    let lower = word.bare.to_lowercase();
    is_capitalised(word.bare)
        && word.bare.len() > 1
        && !NO_NAMES.contains(&lower.as_str())
        && month(word.bare).is_none()
        && !is_code(word.bare)
        && !is_email(word.bare)
        && currency_code(word.bare).is_none()
}

fn continues_name(word: Word<'_>) -> bool {
    (is_capitalised(word.bare) || word.bare == "&")
        && currency_code(word.bare).is_none()
        && !is_code(word.bare)
}

fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
        && word
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '-' | '.' | '\'' | '&'))
}
