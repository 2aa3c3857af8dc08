//! Which character is simpler than another.

/// The lower, the simpler: small letters, digits, capitals, the blank, other characters of ASCII, the rest.
pub(super) fn rank(c: char) -> u32 {
    let code = u32::from(c);
    match c {
        'a'..='z' => code - u32::from('a'),
        '0'..='9' => 32 + code - u32::from('0'),
        'A'..='Z' => 64 + code - u32::from('A'),
        ' ' => 96,
        '!'..='~' => 128 + code,
        _ => 1024 + code,
    }
}

/// Simpler characters to try in the place of `c`, the simplest first.
pub(super) fn simpler(c: char) -> Vec<char> {
    let first = match c {
        'a'..='z' => 'a',
        '0'..='9' => '0',
        'A'..='Z' => 'A',
        _ => ' ',
    };
    let (base, code) = (u32::from(first), u32::from(c));
    let mut found = vec!['a', '0', first];
    if c.is_ascii_alphanumeric() {
        let half = base + (code - base) / 2;
        found.extend(
            [half, code.saturating_sub(1)]
                .into_iter()
                .filter_map(char::from_u32),
        );
    }
    found.retain(|other| rank(*other) < rank(c));
    found.dedup();
    found
}
