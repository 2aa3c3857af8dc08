//! Quotes: which open a string, and which may close it.

/// What a string is written between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    /// `"…"`
    Double,
    /// `'…'`
    Single,
    /// `“…”`, `„…“`, `«…»`
    CurlyDouble,
    /// `‘…’`
    CurlySingle,
    /// `` `…` `` or `` `…´ ``
    Backtick,
}

impl Quote {
    /// The quote that `rest` begins with.
    pub(super) fn opening(rest: &str) -> Option<Self> {
        match rest.chars().next()? {
            '"' => Some(Self::Double),
            '\'' => Some(Self::Single),
            '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{AB}' | '\u{FF02}' => Some(Self::CurlyDouble),
            '\u{2018}' | '\u{2019}' | '\u{201A}' => Some(Self::CurlySingle),
            '`' if !rest.starts_with("```") => Some(Self::Backtick),
            '\u{B4}' => Some(Self::Backtick),
            _ => None,
        }
    }

    /// Whether this character can close such a string.
    pub(super) const fn is_closed_by(self, character: char) -> bool {
        match self {
            Self::Double => character == '"',
            Self::Single => character == '\'',
            Self::CurlyDouble => matches!(
                character,
                '\u{201C}' | '\u{201D}' | '\u{BB}' | '\u{FF02}' | '"'
            ),
            Self::CurlySingle => matches!(character, '\u{2018}' | '\u{2019}' | '\''),
            Self::Backtick => matches!(character, '`' | '\u{B4}' | '\''),
        }
    }

    /// Whether this byte may begin a character that matters inside such a string: a quote that closes it, a backslash, a
    /// line break, a bracket.
    pub(super) const fn matters(self, byte: u8) -> bool {
        match byte {
            b'\\' | b'\n' | b'{' | b'[' | b'(' | b'}' | b']' | b')' => true,
            b'"' => matches!(self, Self::Double | Self::CurlyDouble),
            b'\'' => !matches!(self, Self::Double | Self::CurlyDouble),
            b'`' => matches!(self, Self::Backtick),
            0xC2 | 0xE2 | 0xEF => !matches!(self, Self::Double | Self::Single),
            _ => false,
        }
    }
}
