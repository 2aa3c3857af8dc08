//! Formats as regular expressions.
//!
//! Each is at least as wide as its definition; those that are wider are marked.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, OnceLock},
};

use super::ecma::{self, Texts};

/// A format.
#[derive(Debug)]
pub(super) struct Format {
    /// The whole text.
    regex: String,
    /// Whether it says all of the format.
    pub(super) exact: bool,
    texts: OnceLock<Option<Arc<Texts>>>,
}

impl Format {
    fn new((regex, exact): (String, bool)) -> Self {
        Self {
            regex,
            exact,
            texts: OnceLock::new(),
        }
    }

    /// As a pattern.
    pub(super) fn pattern(&self) -> String {
        format!("^(?:{})$", self.regex)
    }

    /// Its texts, which are found once for all schemas.
    pub(super) fn texts(&self) -> Option<Arc<Texts>> {
        let texts = self.texts.get_or_init(|| ecma::texts(&self.pattern()));
        texts.clone()
    }
}

/// The formats that have a pattern.
const NAMES: [&str; 16] = [
    "date",
    "time",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
];

/// RFC 3339, with the length of months and leap years.
const DATE: &str = r"\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))|(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29";
/// RFC 3339. A leap second is one in UTC, which depends on the offset.
const TIME: &str =
    r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[zZ]|[+\-](?:[01]\d|2[0-3]):[0-5]\d)";
const OCTET: &str = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const GROUP: &str = "[0-9A-Fa-f]{1,4}";
/// RFC 3339, appendix A.
const DURATION: &str = r"P(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?|T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))";
const POINTER: &str = "(?:/(?:[^~/]|~[01])*)*";

/// Whether the name is that of a format of JSON Schema.
pub(super) fn is_known(name: &str) -> bool {
    named(name).is_some() || matches!(name, "idn-email" | "idn-hostname" | "regex")
}

/// The format with this name; `None` for those that have no pattern, and for other names.
pub(super) fn named(name: &str) -> Option<&'static Format> {
    static ALL: LazyLock<HashMap<&str, Format>> = LazyLock::new(|| {
        let all = NAMES
            .iter()
            .filter_map(|name| Some((*name, Format::new(written(name)?))));
        all.collect()
    });
    ALL.get(name)
}

fn written(name: &str) -> Option<(String, bool)> {
    Some(match name {
        "date" => (DATE.to_owned(), true),
        "time" => (TIME.to_owned(), false),
        "date-time" => (format!("(?:{DATE})[tT]{TIME}"), false),
        "duration" => (DURATION.to_owned(), true),
        "email" => (
            r#"(?:"(?:[^"\\]|\\[\s\S])*"|[^\s@"]+)@[^\s@]+"#.to_owned(),
            false,
        ),
        "hostname" => (
            r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?)*\.?".to_owned(),
            false,
        ),
        "ipv4" => (ipv4(), true),
        "ipv6" => (ipv6(), true),
        "uuid" => (
            "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}".to_owned(),
            true,
        ),
        "uri" => (format!("[A-Za-z][A-Za-z0-9+.\\-]*:{}", hierarchy(true)), true),
        "uri-reference" => (
            format!("(?:[A-Za-z][A-Za-z0-9+.\\-]*:{}|{})", hierarchy(true), hierarchy(false)),
            true,
        ),
        "iri" => (r#"[A-Za-z][A-Za-z0-9+.\-]*:[^\s"<>\\^`{|}]*"#.to_owned(), false),
        "iri-reference" => (r#"[^\s"<>\\^`{|}]*"#.to_owned(), false),
        "uri-template" => (r#"[^\s"'<>\\^`|]*"#.to_owned(), false),
        "json-pointer" => (POINTER.to_owned(), true),
        "relative-json-pointer" => (format!("(?:0|[1-9][0-9]*)(?:#|{POINTER})"), true),
        _ => return None,
    })
}

/// RFC 3986, appendix A: what follows the colon of the scheme, or a whole reference without one.
fn hierarchy(has_scheme: bool) -> String {
    const NAME: &str = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})";
    const USER: &str = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})";
    const PIECE: &str = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})";
    const PIECE_WITHOUT_COLON: &str = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=@]|%[0-9A-Fa-f]{2})";
    const TAIL: &str = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*";
    let host = format!(
        r"(?:\[(?:{}|[vV][0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+)\]|{NAME}*)",
        ipv6()
    );
    let first = if has_scheme {
        PIECE
    } else {
        PIECE_WITHOUT_COLON
    };
    format!(
        r"(?://(?:{USER}*@)?{host}(?::[0-9]*)?(?:/{PIECE}*)*|/(?:{PIECE}+(?:/{PIECE}*)*)?|{first}+(?:/{PIECE}*)*|)(?:\?{TAIL})?(?:#{TAIL})?"
    )
}

fn ipv4() -> String {
    format!(r"(?:{OCTET}\.){{3}}{OCTET}")
}

/// RFC 4291, section 2.2: eight groups, the last two perhaps as an IPv4 address, one run of zeros left out.
fn ipv6() -> String {
    let last = format!("(?:{GROUP}:{GROUP}|{})", ipv4());
    let mut all = vec![format!("(?:{GROUP}:){{6}}{last}")];
    // `::` with `before` groups before it at most, and so many behind it that one group at least is left out.
    for after in (0..=5_usize).rev() {
        let before = 5 - after;
        let head = match before {
            0 => String::new(),
            1 => format!("(?:{GROUP})?"),
            n => format!("(?:(?:{GROUP}:){{0,{}}}{GROUP})?", n - 1),
        };
        let tail = match after {
            0 => last.clone(),
            n => format!("(?:{GROUP}:){{{n}}}{last}"),
        };
        all.push(format!("{head}::{tail}"));
    }
    all.push(format!("(?:(?:{GROUP}:){{0,5}}{GROUP})?::{GROUP}"));
    all.push(format!("(?:(?:{GROUP}:){{0,6}}{GROUP})?::"));
    all.join("|")
}
