//! The words that plausible values are made of. Invented names and everyday words; any likeness is chance.

pub(crate) const COMMON: &[&str] = &[
    "alpha", "amber", "anchor", "autumn", "basin", "birch", "bridge", "canvas", "cedar", "cobalt",
    "copper", "delta", "ember", "fern", "field", "garden", "harbor", "hazel", "indigo", "island",
    "juniper", "lantern", "linen", "maple", "meadow", "mercury", "north", "olive", "orchid",
    "paper", "pebble", "pine", "quartz", "river", "saffron", "silver", "spruce", "stone", "summit",
    "timber", "violet", "walnut", "willow", "winter",
];

pub(crate) const FIRST_NAMES: &[&str] = &[
    "Ada", "Amir", "Beatriz", "Chen", "Clara", "Daniel", "Elena", "Farid", "Grace", "Hanna",
    "Ines", "Jonas", "Kwame", "Lena", "Mateo", "Mira", "Noor", "Oscar", "Priya", "Rosa", "Samuel",
    "Tomas", "Uma", "Victor", "Yuki", "Zofia",
];

pub(crate) const LAST_NAMES: &[&str] = &[
    "Almeida",
    "Bauer",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Garcia",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Okafor",
    "Patel",
    "Quinn",
    "Rossi",
    "Santos",
    "Tanaka",
    "Urban",
    "Vasquez",
    "Weber",
    "Yilmaz",
    "Zhang",
];

pub(crate) const COMPANIES: &[&str] = &[
    "Birchwood Supplies",
    "Blue Harbor Ltd",
    "Cedar & Stone",
    "Delta Instruments",
    "Fernway Logistics",
    "Hazel Foods",
    "Juniper Systems",
    "Lantern Media",
    "Maple Street Books",
    "Northwind Tools",
    "Olive Branch Trading",
    "Quartz Analytics",
    "River Print GmbH",
    "Silverline Optics",
    "Summit Outdoor Co",
    "Willow Health",
];

pub(crate) const CITIES: &[&str] = &[
    "Amsterdam",
    "Bergen",
    "Bologna",
    "Bristol",
    "Cordoba",
    "Gdansk",
    "Graz",
    "Hamburg",
    "Kyoto",
    "Lisbon",
    "Lyon",
    "Montreal",
    "Nairobi",
    "Porto",
    "Seville",
    "Tallinn",
    "Toronto",
    "Utrecht",
    "Valencia",
    "Vienna",
    "Wellington",
];

pub(crate) const COUNTRIES: &[&str] = &[
    "Argentina",
    "Austria",
    "Canada",
    "Denmark",
    "Estonia",
    "France",
    "Germany",
    "India",
    "Italy",
    "Japan",
    "Kenya",
    "Netherlands",
    "New Zealand",
    "Norway",
    "Poland",
    "Portugal",
    "Spain",
    "Sweden",
];

pub(crate) const COUNTRY_CODES: &[&str] = &[
    "AT", "CA", "DE", "DK", "ES", "FR", "IN", "IT", "JP", "NL", "NO", "PL", "PT",
];

pub(crate) const STREETS: &[&str] = &[
    "Canal Street",
    "Garden Lane",
    "Harbor Road",
    "Hill Avenue",
    "Maple Street",
    "Mill Road",
    "Station Square",
];

pub(crate) const CURRENCIES: &[&str] = &[
    "EUR", "USD", "GBP", "JPY", "CHF", "SEK", "CAD", "AUD", "PLN", "NOK", "DKK", "INR",
];

pub(crate) const LANGUAGES: &[&str] = &[
    "English",
    "French",
    "German",
    "Italian",
    "Japanese",
    "Polish",
    "Portuguese",
    "Spanish",
    "Swedish",
];

pub(crate) const LANGUAGE_CODES: &[&str] = &["en", "fr", "de", "it", "ja", "pl", "pt", "es", "sv"];

pub(crate) const COLORS: &[&str] = &[
    "amber", "blue", "coral", "green", "indigo", "olive", "orange", "red", "silver", "teal",
    "violet", "white",
];

pub(crate) const PRODUCTS: &[&str] = &[
    "Brass hinge",
    "Ceramic mug",
    "Cotton tote bag",
    "Desk lamp",
    "Fountain pen",
    "Linen notebook",
    "Oak shelf",
    "Paper folder",
    "Steel bottle",
    "Travel adapter",
    "USB-C cable",
    "Walnut frame",
    "Wool blanket",
];

pub(crate) const UNITS: &[&str] = &["piece", "kg", "box", "hour", "litre", "metre"];

pub(crate) const CATEGORIES: &[&str] = &[
    "books",
    "clothing",
    "electronics",
    "food",
    "garden",
    "home",
    "music",
    "office",
    "sports",
    "travel",
];

pub(crate) const TAGS: &[&str] = &[
    "archive",
    "billing",
    "customer",
    "follow-up",
    "internal",
    "new",
    "priority",
    "review",
    "shipping",
    "support",
];

pub(crate) const STATUSES: &[&str] = &["open", "active", "pending", "done"];

pub(crate) const LEVELS: &[&str] = &["low", "medium", "high"];

pub(crate) const DEPARTMENTS: &[&str] = &[
    "Engineering",
    "Finance",
    "Logistics",
    "Marketing",
    "Operations",
    "Sales",
];

pub(crate) const JOBS: &[&str] = &[
    "Accountant",
    "Designer",
    "Electrician",
    "Engineer",
    "Nurse",
    "Project manager",
    "Teacher",
    "Translator",
];

pub(crate) const TITLES: &[&str] = &[
    "A Quiet Morning",
    "Monthly Report",
    "Notes from the Harbor",
    "Order Confirmation",
    "Plan for the Autumn",
    "Review of the Pilot",
    "The Long Bridge",
    "Weekly Summary",
];

pub(crate) const SENTENCES: &[&str] = &[
    "Everything arrived on time and in good order.",
    "The customer asks for a short call next week.",
    "The numbers were checked against the last report.",
    "The second delivery is expected before the end of the month.",
    "Please review the attached figures before Friday.",
    "The team agreed on the plan and on the next two steps.",
    "There are no open questions at the moment.",
    "A small part of the order is still missing.",
];

pub(crate) const DOMAINS: &[&str] = &["example.com", "example.org", "example.net"];

pub(crate) const FILES: &[&str] = &[
    "invoice.pdf",
    "report.csv",
    "notes.txt",
    "photo.jpg",
    "plan.md",
    "data.json",
];
