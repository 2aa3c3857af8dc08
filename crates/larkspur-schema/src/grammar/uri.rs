//! References as RFC 3986 resolves them, as far as schemas need it.

/// `reference` seen from `base` (RFC 3986, section 5.2.2), without its fragment, and the fragment.
pub(super) fn resolve<'r>(base: &str, reference: &'r str) -> (String, &'r str) {
    let (target, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let absolute = if target.is_empty() {
        base.to_owned()
    } else if scheme(target).is_some() {
        target.to_owned()
    } else {
        relative(base, target)
    };
    (absolute, fragment)
}

/// The scheme of an absolute URI, without its colon.
fn scheme(uri: &str) -> Option<&str> {
    let (scheme, _) = uri.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    is_scheme.then_some(scheme)
}

fn relative(base: &str, target: &str) -> String {
    let prefix = scheme(base).map_or("", |scheme| base.get(..=scheme.len()).unwrap_or_default());
    let rest = base.get(prefix.len()..).unwrap_or_default();
    let (authority, path) = match rest.strip_prefix("//") {
        Some(after) => {
            let end = after.find('/').unwrap_or(after.len());
            rest.split_at(end + 2)
        }
        None => ("", rest),
    };
    if target.starts_with("//") {
        return format!("{prefix}{target}");
    }
    let path = path.split('?').next().unwrap_or_default();
    let joined = if target.starts_with('/') {
        target.to_owned()
    } else {
        let directory = path
            .rfind('/')
            .map_or("", |end| path.get(..=end).unwrap_or_default());
        let root = if directory.is_empty() && !authority.is_empty() {
            "/"
        } else {
            directory
        };
        format!("{root}{target}")
    };
    format!("{prefix}{authority}{}", without_dots(&joined))
}

/// Takes `.` and `..` out of a path.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                // The first one is the empty text before a leading slash.
                if segment == ".." && kept.len() > 1 {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    kept.join("/")
}

/// Undoes percent-encoding; nothing where that is not UTF-8.
pub(super) fn decode_percent(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        if let Some(byte) = digits {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn references_are_resolved_against_their_base() {
        for (base, reference, expected) in [
            ("http://h/a/b", "c", "http://h/a/c"),
            ("http://h/a/b", "/c", "http://h/c"),
            ("http://h/a/b", "../c/./d", "http://h/c/d"),
            ("http://h", "c", "http://h/c"),
            ("http://h/a/b", "x:y", "x:y"),
            ("http://h/a/b", "//o/c", "http://o/c"),
            ("http://h/a/b", "", "http://h/a/b"),
            ("", "c/d", "c/d"),
            ("a/b", "c", "a/c"),
            ("urn:a:b", "", "urn:a:b"),
        ] {
            assert_eq!(
                resolve(base, reference).0,
                expected,
                "{reference} from {base}"
            );
        }
        assert_eq!(
            resolve("http://h/a", "b#/c"),
            ("http://h/b".to_owned(), "/c")
        );
    }
}
