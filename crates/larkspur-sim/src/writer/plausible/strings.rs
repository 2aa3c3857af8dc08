//! Plausible texts: by format, pattern, and what the property is about.

use larkspur_schema::JSON_TEXT_NOTE;
use serde_json::{Value, json};

use crate::rng::Rng;
use crate::writer::words;

use super::clues::Clues;
use super::hints::{About, Sort, sort};
use super::pattern;
use super::source::{Source, take};

/// A text for a string schema.
pub(crate) fn string(schema: &Value, about: &About, source: &mut Source<'_>) -> Option<String> {
    let keyword = |name: &str| schema.get(name).cloned().or_else(|| about.told(name));
    let told = |side: &str| about.counted(side, "characters").map(Value::from);
    let least = keyword("minLength")
        .or_else(|| told("least"))
        .and_then(|value| value.as_u64())
        .unwrap_or(0);
    let most = keyword("maxLength")
        .or_else(|| told("most"))
        .and_then(|value| value.as_u64())
        .unwrap_or(u64::MAX);
    let format = keyword("format")
        .or_else(|| about.told("Format"))
        .and_then(|value| value.as_str().map(str::to_owned));
    if format.is_none()
        && source.rng.chance(60)
        && let Some(example) = about.example()
        && schema.get("pattern").is_none()
    {
        return Some(fit(example, least, most, source));
    }
    if let Some(pattern) = keyword("pattern").and_then(|value| value.as_str().map(str::to_owned)) {
        return by_pattern(&pattern, about, source, least, most);
    }
    let text = match format
        .as_deref()
        .and_then(|name| by_format(name, about, source))
    {
        Some(text) => text,
        None if holds_json(about) => json_text(about, source),
        None => by_sort(sort(about), about, source),
    };
    Some(fit(text, least, most, source))
}

/// The value that the property is about where it happens to match, else a text made from the pattern.
fn by_pattern(
    text: &str,
    about: &About,
    source: &mut Source<'_>,
    least: u64,
    most: u64,
) -> Option<String> {
    if text.contains("\\d{4}-\\d{2}-\\d{2}$") || text.contains("[0-9]{4}-[0-9]{2}-[0-9]{2}$") {
        return Some(source.date(about));
    }
    if sort(about) == Sort::Currency && text.contains("[A-Z]{3}") {
        return Some(by_sort(Sort::Currency, about, source));
    }
    if sort(about) == Sort::CountryCode && text.contains("[A-Z]{2}") {
        return Some(by_sort(Sort::CountryCode, about, source));
    }
    pattern::matching(text, least, most, source.rng)
}

fn by_format(name: &str, about: &About, source: &mut Source<'_>) -> Option<String> {
    Some(match name {
        "date" => source.date(about),
        "date-time" => format!("{}T{}Z", source.date(about), source.time()),
        "time" => format!("{}Z", source.time()),
        "duration" => format!("PT{}M", source.rng.between(5, 90)),
        "email" | "idn-email" => source.email(),
        "hostname" | "idn-hostname" => source.host(),
        "ipv4" => format!("192.0.2.{}", source.rng.between(1, 254)),
        "ipv6" => format!(
            "2001:db8::{}:{}",
            source.rng.between(1, 9),
            source.rng.between(1, 999)
        ),
        "uuid" => source.uuid(),
        "uri" | "url" | "iri" | "uri-reference" | "iri-reference" => source.url(),
        "uri-template" => format!("https://{}/{{id}}", source.host()),
        "json-pointer" => format!("/{}/0", source.word()),
        "relative-json-pointer" => format!("1/{}", source.word()),
        "regex" => format!("^{}$", source.word()),
        "byte" => "bGFya3NwdXI=".to_owned(),
        _ => return None,
    })
}

/// Whether the string is to hold JSON text, as the description of an open value says.
fn holds_json(about: &About) -> bool {
    about.description.contains(JSON_TEXT_NOTE)
        || about.says("json")
            && [
                "text",
                "string",
                "encoded",
                "serialized",
                "serialised",
                "document",
            ]
            .iter()
            .any(|word| about.says(word))
}

fn json_text(about: &About, source: &mut Source<'_>) -> String {
    let array = format!("{JSON_TEXT_NOTE} of an array");
    if about.description.contains(&array) {
        let (least, most) = (
            about.counted("least", "elements"),
            about.counted("most", "elements"),
        );
        let wanted = 2
            .max(least.unwrap_or(0))
            .min(most.unwrap_or(u64::MAX))
            .min(1_000);
        let items: Vec<Value> = (0..wanted).map(|place| source.key(place).into()).collect();
        return Value::from(items).to_string();
    }
    let (key, word, count) = (source.word(), source.word(), source.rng.between(1, 9));
    json!({ key: word, "count": count }).to_string()
}

fn by_sort(sort: Sort, about: &About, source: &mut Source<'_>) -> String {
    match sort {
        Sort::Person => source.person(),
        Sort::Company => source.company(),
        Sort::Date => source.date(about),
        Sort::DateTime => format!("{}T{}Z", source.date(about), source.time()),
        Sort::Time => source.time().get(..5).unwrap_or_default().to_owned(),
        Sort::Duration => format!("{} minutes", source.rng.between(5, 90)),
        Sort::Email => source.email(),
        Sort::Url => source.url(),
        Sort::Host => source.host(),
        Sort::Phone => format!("+1 555 {} {}", source.digits(3), source.digits(4)),
        Sort::Street => format!(
            "{} {}",
            source.rng.between(1, 180),
            source.from(words::STREETS)
        ),
        Sort::Address => format!(
            "{} {}, {}",
            source.rng.between(1, 180),
            source.from(words::STREETS),
            take(&mut source.clues.places).unwrap_or_else(|| source.from(words::CITIES))
        ),
        Sort::City => take(&mut source.clues.places).unwrap_or_else(|| source.from(words::CITIES)),
        Sort::Postcode => source.digits(5),
        Sort::Currency => {
            take(&mut source.clues.currencies).unwrap_or_else(|| source.from(words::CURRENCIES))
        }
        Sort::Code => take(&mut source.clues.codes).unwrap_or_else(|| code(about, source)),
        Sort::Id => take(&mut source.clues.codes)
            .unwrap_or_else(|| format!("{}-{}", source.word(), source.digits(4))),
        Sort::Title => take(&mut source.clues.quoted).unwrap_or_else(|| source.from(words::TITLES)),
        Sort::Product => product(source),
        Sort::Sentence => sentence_of(about, source),
        Sort::User => format!(
            "{}{}",
            source.from(words::FIRST_NAMES).to_lowercase(),
            source.digits(2)
        ),
        Sort::Path => format!(
            "/{}/{}/{}",
            source.word(),
            source.word(),
            source.from(words::FILES)
        ),
        Sort::Version => format!(
            "{}.{}.{}",
            source.rng.between(0, 4),
            source.rng.between(0, 12),
            source.rng.between(0, 9)
        ),
        Sort::Word => free(about, source),
        listed => source.from(list(listed)),
    }
}

/// The list of a sort that is nothing but one.
fn list(sort: Sort) -> &'static [&'static str] {
    match sort {
        Sort::Category => words::CATEGORIES,
        Sort::Color => words::COLORS,
        Sort::Country => words::COUNTRIES,
        Sort::CountryCode => words::COUNTRY_CODES,
        Sort::Department => words::DEPARTMENTS,
        Sort::File => words::FILES,
        Sort::FirstName => words::FIRST_NAMES,
        Sort::Job => words::JOBS,
        Sort::Language => words::LANGUAGES,
        Sort::LanguageCode => words::LANGUAGE_CODES,
        Sort::LastName => words::LAST_NAMES,
        Sort::Level => words::LEVELS,
        Sort::Status => words::STATUSES,
        Sort::Tag => words::TAGS,
        Sort::Unit => words::UNITS,
        _ => words::COMMON,
    }
}

fn code(about: &About, source: &mut Source<'_>) -> String {
    let prefix: String = about
        .words
        .iter()
        .chain(about.parent.iter())
        .find(|word| {
            !matches!(
                word.as_str(),
                "number" | "code" | "reference" | "ref" | "id"
            )
        })
        .map_or_else(
            || "REF".to_owned(),
            |word| {
                word.chars()
                    .filter(char::is_ascii_alphabetic)
                    .take(3)
                    .collect()
            },
        );
    format!("{}-{}", prefix.to_uppercase(), source.digits(4))
}

fn product(source: &mut Source<'_>) -> String {
    match take(&mut source.clues.things) {
        Some(thing) => thing,
        None => source.from(words::PRODUCTS),
    }
}

fn sentence_of(about: &About, source: &mut Source<'_>) -> String {
    // A line item's description is the thing that was bought.
    let in_items = about.parent.iter().any(|word| {
        matches!(
            word.as_str(),
            "item" | "items" | "line" | "lines" | "product" | "products"
        )
    });
    if in_items && about.words.last().is_some_and(|word| word == "description") {
        return product(source);
    }
    source.from(words::SENTENCES)
}

fn free(about: &About, source: &mut Source<'_>) -> String {
    if about.words == ["key"] {
        return source.word();
    }
    if let Some(found) = take(&mut source.clues.quoted) {
        return found;
    }
    let (first, second) = (source.word(), source.word());
    if source.rng.chance(50) {
        first
    } else {
        format!("{first} {second}")
    }
}

/// The text within its bounds on length, counted in characters.
fn fit(mut text: String, least: u64, most: u64, source: &mut Source<'_>) -> String {
    let chars = |text: &str| u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    while chars(&text) < least.min(10_000) {
        let word = source.word();
        text.push(' ');
        text.push_str(&word);
    }
    if chars(&text) <= most {
        return text;
    }
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let cut: String = text.chars().take(most).collect();
    let whole_words = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(words, _)| words);
    if chars(whole_words) >= least.max(1) {
        whole_words.to_owned()
    } else {
        cut
    }
}

/// A sentence for an answer in plain text.
pub(crate) fn sentence(clues: &Clues, rng: &mut Rng) -> String {
    let opening = rng
        .pick(&[
            "Here is what I found",
            "In short",
            "To answer your question",
        ])
        .copied()
        .unwrap_or("In short");
    let body = rng.pick(words::SENTENCES).copied().unwrap_or_default();
    let named = clues
        .quoted
        .first()
        .or(clues.companies.first())
        .or(clues.people.first())
        .or(clues.names.first());
    match named {
        Some(name) => format!(
            "{opening} about {name}: {}{}",
            body.get(..1).unwrap_or_default().to_lowercase(),
            body.get(1..).unwrap_or_default()
        ),
        None => format!(
            "{opening}: {}{}",
            body.get(..1).unwrap_or_default().to_lowercase(),
            body.get(1..).unwrap_or_default()
        ),
    }
}
