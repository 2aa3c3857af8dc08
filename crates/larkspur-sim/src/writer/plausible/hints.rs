//! What a property is about, read from its name, its description and the object that it stands in.

use serde_json::Value;

/// The name and the surroundings of a value.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    /// Words of the property's name, in lower case.
    pub(crate) words: Vec<String>,
    /// Words of the name of the object around it.
    pub(crate) parent: Vec<String>,
    /// The description, as the model would read it.
    pub(crate) description: String,
}

impl About {
    /// A property inside this one.
    pub(crate) fn property(&self, name: &str, schema: &Value) -> Self {
        let parent = if self.words.is_empty() {
            self.parent.clone()
        } else {
            self.words.clone()
        };
        Self {
            words: words_of(name),
            parent,
            description: description(schema),
        }
    }

    /// The items of this array: they are about the same.
    pub(crate) fn item(&self, schema: &Value) -> Self {
        let words = self.words.iter().map(|word| singular(word)).collect();
        Self {
            words,
            parent: self.parent.clone(),
            description: description(schema),
        }
    }

    /// The same place, seen through a reference or a branch that has a description of its own.
    pub(crate) fn through(&self, schema: &Value) -> Self {
        let own = description(schema);
        if own.is_empty() {
            return self.clone();
        }
        let description = if self.description.is_empty() {
            own
        } else {
            format!("{}\n{own}", self.description)
        };
        Self {
            description,
            ..self.clone()
        }
    }

    /// What the description says about `keyword`, for rules that the schema itself may not hold: `maxItems: 3`,
    /// `"pattern":"^a"`, `format = uri`.
    pub(crate) fn told(&self, keyword: &str) -> Option<Value> {
        let mut rest = self.description.as_str();
        while let Some((before, after)) = rest.split_once(keyword) {
            rest = after;
            let inside_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            if inside_word(before.chars().next_back()) || inside_word(after.chars().next()) {
                continue;
            }
            let after = after.trim_start_matches(['"', '`', '\'']).trim_start();
            let Some(value) = after.strip_prefix([':', '=']) else {
                continue;
            };
            return Some(first_value(value.trim_start()));
        }
        None
    }

    /// A count that the description gives in words: the 3 of `At least 3 characters.`
    pub(crate) fn counted(&self, side: &str, unit: &str) -> Option<u64> {
        let lead = format!("At {side} ");
        self.description
            .split(lead.as_str())
            .skip(1)
            .find_map(|after| {
                let (number, rest) = after.split_once(' ')?;
                if rest.starts_with(unit) {
                    number.parse().ok()
                } else {
                    None
                }
            })
    }

    /// A text that the description gives as an example: `Example: "Paris".`, `(e.g. "Paris")`.
    pub(crate) fn example(&self) -> Option<String> {
        ["Examples:", "Example:", "e.g.", "e.g.,"]
            .iter()
            .find_map(|lead| {
                let (_, after) = self.description.split_once(lead)?;
                let mut values =
                    serde_json::Deserializer::from_str(after.trim_start()).into_iter::<String>();
                values.next()?.ok()
            })
    }

    /// Whether the description has this word, in any case.
    pub(crate) fn says(&self, word: &str) -> bool {
        contains_word(&self.description, word)
    }
}

/// The JSON value that `text` starts with, or its first bare word.
fn first_value(text: &str) -> Value {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    if let Some(Ok(value)) = values.next() {
        return value;
    }
    let word = text.trim_start_matches(['`', '\'']);
    let end = word
        .find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ')' | '`' | '\''))
        .unwrap_or(word.len());
    Value::String(
        word.get(..end)
            .unwrap_or_default()
            .trim_end_matches('.')
            .to_owned(),
    )
}

fn contains_word(text: &str, word: &str) -> bool {
    let lower = text.to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .any(|found| found == word)
}

pub(crate) fn description(schema: &Value) -> String {
    schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// `invoiceNumber`, `invoice_number`, `InvoiceNumber` → `invoice`, `number`.
pub(crate) fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut last_lower = false;
    for letter in name.chars().take(200) {
        let boundary = !letter.is_alphanumeric() || letter.is_uppercase() && last_lower;
        if boundary && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        last_lower = letter.is_lowercase() || letter.is_ascii_digit();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn singular(word: &str) -> String {
    match word {
        "addresses" => return "address".to_owned(),
        "status" | "address" | "news" => return word.to_owned(),
        _ => {}
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with('s') => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// What kind of text a string is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Address,
    Category,
    City,
    Code,
    Color,
    Company,
    Country,
    CountryCode,
    Currency,
    Date,
    DateTime,
    Department,
    Duration,
    Email,
    File,
    FirstName,
    Host,
    Id,
    Job,
    Language,
    LanguageCode,
    LastName,
    Level,
    Path,
    Person,
    Phone,
    Postcode,
    Product,
    Sentence,
    Status,
    Street,
    Tag,
    Time,
    Title,
    Unit,
    Url,
    User,
    Version,
    Word,
}

/// Words that decide alone, wherever they stand in a name.
const DIRECT: &[(&[&str], Sort)] = &[
    (&["email", "mail"], Sort::Email),
    (&["phone", "telephone", "mobile", "fax", "tel"], Sort::Phone),
    (
        &["url", "uri", "link", "website", "homepage", "href"],
        Sort::Url,
    ),
    (&["host", "hostname", "domain"], Sort::Host),
    (&["currency"], Sort::Currency),
    (&["language", "lang", "locale"], Sort::Language),
    (&["timestamp", "datetime"], Sort::DateTime),
    (
        &[
            "date",
            "day",
            "deadline",
            "due",
            "birthday",
            "birthdate",
            "dob",
            "departure",
            "arrival",
        ],
        Sort::Date,
    ),
    (&["time"], Sort::Time),
    (&["duration"], Sort::Duration),
    (
        &["city", "town", "place", "destination", "origin", "location"],
        Sort::City,
    ),
    (&["country", "nationality"], Sort::Country),
    (&["street"], Sort::Street),
    (&["address"], Sort::Address),
    (&["zip", "postcode", "postal", "zipcode"], Sort::Postcode),
    (&["color", "colour"], Sort::Color),
    (
        &[
            "vendor",
            "company",
            "supplier",
            "merchant",
            "seller",
            "organization",
            "organisation",
            "employer",
            "publisher",
            "manufacturer",
            "brand",
            "shop",
            "store",
            "issuer",
        ],
        Sort::Company,
    ),
    (
        &[
            "author",
            "customer",
            "buyer",
            "person",
            "owner",
            "recipient",
            "sender",
            "assignee",
            "manager",
            "speaker",
            "employee",
            "contact",
            "artist",
            "director",
            "patient",
            "guest",
            "reporter",
        ],
        Sort::Person,
    ),
    (&["firstname", "forename"], Sort::FirstName),
    (&["lastname", "surname"], Sort::LastName),
    (&["username", "login", "handle"], Sort::User),
    (&["filename", "file"], Sort::File),
    (&["path", "directory", "folder"], Sort::Path),
    (&["version"], Sort::Version),
    (
        &["sku", "code", "reference", "ref", "number", "iban", "isbn"],
        Sort::Code,
    ),
    (&["id", "uuid", "identifier"], Sort::Id),
    (
        &["title", "subject", "headline", "heading", "label"],
        Sort::Title,
    ),
    (
        &[
            "summary",
            "description",
            "note",
            "notes",
            "comment",
            "text",
            "content",
            "body",
            "message",
            "reason",
            "details",
            "explanation",
            "reasoning",
            "rationale",
            "review",
            "answer",
            "question",
            "abstract",
            "bio",
            "feedback",
            "quote",
            "steps",
            "step",
            "instruction",
            "instructions",
            "thought",
        ],
        Sort::Sentence,
    ),
    (&["product", "item", "article"], Sort::Product),
    (&["unit"], Sort::Unit),
    (
        &["category", "genre", "topic", "type", "kind", "group"],
        Sort::Category,
    ),
    (&["tag", "keyword"], Sort::Tag),
    (&["status", "state"], Sort::Status),
    (
        &[
            "priority",
            "severity",
            "level",
            "urgency",
            "difficulty",
            "sentiment",
        ],
        Sort::Level,
    ),
    (&["department", "team"], Sort::Department),
    (
        &["job", "role", "occupation", "profession", "position"],
        Sort::Job,
    ),
];

/// The sort of a string, from its name, then from its description.
pub(crate) fn sort(about: &About) -> Sort {
    let own: Vec<&str> = about.words.iter().map(String::as_str).collect();
    if let Some(found) = special(&own) {
        return found;
    }
    for word in own.iter().rev() {
        if *word == "name" {
            return name_of_what(&own, &about.parent);
        }
        if let Some(found) = direct(&singular(word)).or_else(|| direct(word)) {
            return refine(found, about);
        }
    }
    from_description(about)
}

fn direct(word: &str) -> Option<Sort> {
    DIRECT
        .iter()
        .find(|(words, _)| words.contains(&word))
        .map(|(_, sort)| *sort)
}

fn special(words: &[&str]) -> Option<Sort> {
    match words {
        [.., "first" | "given", "name"] => Some(Sort::FirstName),
        [.., "last" | "family", "name"] => Some(Sort::LastName),
        [.., "user", "name"] => Some(Sort::User),
        [.., "file", "name"] => Some(Sort::File),
        [.., "country", "code"] => Some(Sort::CountryCode),
        [.., "currency", "code"] => Some(Sort::Currency),
        [.., "language", "code"] => Some(Sort::LanguageCode),
        [.., "post" | "postal" | "zip", "code"] => Some(Sort::Postcode),
        [.., "phone" | "telephone", "number"] => Some(Sort::Phone),
        [.., "at"] if words.len() > 1 => Some(Sort::DateTime),
        _ => None,
    }
}

fn refine(found: Sort, about: &About) -> Sort {
    match found {
        Sort::Country if about.says("code") || about.says("iso") => Sort::CountryCode,
        Sort::Language if about.says("code") || about.says("iso") => Sort::LanguageCode,
        found => found,
    }
}

/// `name` alone says little: whose name it is decides.
fn name_of_what(own: &[&str], parent: &[String]) -> Sort {
    let owners = own
        .iter()
        .copied()
        .chain(parent.iter().rev().map(String::as_str));
    for owner in owners.filter(|word| *word != "name") {
        match direct(&singular(owner)) {
            Some(
                found @ (Sort::Company
                | Sort::City
                | Sort::Country
                | Sort::Product
                | Sort::File
                | Sort::Department
                | Sort::Tag
                | Sort::Category),
            ) => {
                return found;
            }
            Some(Sort::Person | Sort::User) => return Sort::Person,
            _ => {}
        }
        if matches!(
            owner,
            "line" | "items" | "goods" | "products" | "tool" | "part"
        ) {
            return Sort::Product;
        }
    }
    Sort::Person
}

fn from_description(about: &About) -> Sort {
    const TOLD: &[(&str, Sort)] = &[
        ("iso 4217", Sort::Currency),
        ("currency code", Sort::Currency),
        ("e-mail", Sort::Email),
        ("email", Sort::Email),
        ("phone", Sort::Phone),
        ("url", Sort::Url),
        ("date and time", Sort::DateTime),
        ("date", Sort::Date),
        ("city", Sort::City),
        ("country", Sort::Country),
        ("company", Sort::Company),
        ("full name", Sort::Person),
        ("sentence", Sort::Sentence),
        ("explain", Sort::Sentence),
        ("description", Sort::Sentence),
        ("identifier", Sort::Id),
    ];
    let text = about.description.to_lowercase();
    TOLD.iter()
        .find(|(word, _)| text.contains(word))
        .map_or(Sort::Word, |(_, sort)| *sort)
}
