//! The library `common`.

/// One terminal of it.
#[derive(Debug)]
pub(crate) struct CommonTerminal {
    pub(crate) name: &'static str,
    /// As llguidance 1.9.1 defines it (`src/lark/common.rs`); `None` where it does not have it.
    pub(crate) rust: Option<&'static str>,
    /// As Lark 1.3.1 defines it (`lark/grammars/common.lark`), written without the look-behind of its string terminals.
    pub(crate) python: &'static str,
}

/// The terminal `common.name`.
pub(crate) fn lookup(name: &str) -> Option<&'static CommonTerminal> {
    COMMON.iter().find(|terminal| terminal.name == name)
}

/// The names of all of them.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    COMMON.iter().map(|terminal| terminal.name)
}

const fn both(name: &'static str, regex: &'static str) -> CommonTerminal {
    CommonTerminal {
        name,
        rust: Some(regex),
        python: regex,
    }
}

const fn differ(
    name: &'static str,
    rust: Option<&'static str>,
    python: &'static str,
) -> CommonTerminal {
    CommonTerminal { name, rust, python }
}

static COMMON: &[CommonTerminal] = &[
    both("DIGIT", r"[0-9]"),
    both("HEXDIGIT", r"[a-fA-F0-9]"),
    both("INT", r"[0-9]+"),
    both("SIGNED_INT", r"(\+|-)?[0-9]+"),
    both("DECIMAL", r"([0-9]+\.[0-9]*)|(\.[0-9]+)"),
    both("_EXP", r"[eE](\+|-)?[0-9]+"),
    both(
        "FLOAT",
        r"([0-9]+\.[0-9]*|\.[0-9]+)([eE](\+|-)?[0-9]+)?|[0-9]+[eE](\+|-)?[0-9]+",
    ),
    both(
        "SIGNED_FLOAT",
        r"(\+|-)?(([0-9]+\.[0-9]*|\.[0-9]+)([eE](\+|-)?[0-9]+)?|[0-9]+[eE](\+|-)?[0-9]+)",
    ),
    // Python's `re` takes the first alternative that matches, so the order matters there.
    differ(
        "NUMBER",
        Some(r"([0-9]+)|([0-9]+\.[0-9]*|\.[0-9]+)([eE](\+|-)?[0-9]+)?|[0-9]+[eE](\+|-)?[0-9]+"),
        r"([0-9]+\.[0-9]*|\.[0-9]+)([eE](\+|-)?[0-9]+)?|[0-9]+[eE](\+|-)?[0-9]+|[0-9]+",
    ),
    differ(
        "SIGNED_NUMBER",
        Some(
            r"(\+|-)?(([0-9]+)|([0-9]+\.[0-9]*|\.[0-9]+)([eE](\+|-)?[0-9]+)?|[0-9]+[eE](\+|-)?[0-9]+)",
        ),
        r"(\+|-)?(([0-9]+\.[0-9]*|\.[0-9]+)([eE](\+|-)?[0-9]+)?|[0-9]+[eE](\+|-)?[0-9]+|[0-9]+)",
    ),
    differ("_STRING_INNER", None, r".*?"),
    differ("_STRING_ESC_INNER", None, r#"([^"\\\n]|\\[^\n])*"#),
    differ(
        "ESCAPED_STRING",
        Some(r#""([^"\\]|\\.)*""#),
        r#""([^"\\\n]|\\[^\n])*""#,
    ),
    both("LCASE_LETTER", r"[a-z]"),
    both("UCASE_LETTER", r"[A-Z]"),
    both("LETTER", r"[A-Za-z]"),
    both("WORD", r"[A-Za-z]+"),
    both("CNAME", r"[_A-Za-z][_A-Za-z0-9]*"),
    both("WS_INLINE", r"[ \t]+"),
    both("WS", r"[ \t\f\r\n]+"),
    both("CR", r"\r"),
    both("LF", r"\n"),
    both("NEWLINE", r"(\r?\n)+"),
    both("SH_COMMENT", r"#[^\n]*"),
    both("CPP_COMMENT", r"//[^\n]*"),
    both("C_COMMENT", r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/"),
    both("SQL_COMMENT", r"--[^\n]*"),
];
