//! Where a number ends.

use super::fault::FaultKind;

/// Whether the whole text is one JSON number.
pub(crate) fn is_number(text: &str) -> bool {
    scan_number(text.as_bytes(), 0) == Ok(text.len())
}

/// The end of the number that starts at `start` (with a digit or a minus), or where and why it is none.
pub(super) fn scan_number(bytes: &[u8], start: usize) -> Result<usize, (usize, FaultKind)> {
    let mut at = start;
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    }
    let whole = at;
    at = digits(bytes, at)?;
    if at - whole > 1 && bytes.get(whole) == Some(&b'0') {
        return Err((whole, FaultKind::LeadingZero));
    }
    if bytes.get(at) == Some(&b'.') {
        at = digits(bytes, at + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        at += 1;
        if let Some(b'+' | b'-') = bytes.get(at) {
            at += 1;
        }
        at = digits(bytes, at)?;
    }
    Ok(at)
}

/// The end of one or more digits.
fn digits(bytes: &[u8], start: usize) -> Result<usize, (usize, FaultKind)> {
    let mut at = start;
    while let Some(b'0'..=b'9') = bytes.get(at) {
        at += 1;
    }
    match bytes.get(at) {
        _ if at > start => Ok(at),
        Some(_) => Err((at, FaultKind::MissingDigit)),
        None => Err((at, FaultKind::TruncatedNumber)),
    }
}
