//! Names for terminals that have none, as Lark makes them (its `load_grammar.py`, table `_TERMINAL_NAMES`), so that trees
//! and messages say `LPAR` and not `__ANON_7`.

/// The name for a string written inside a rule, if there is a natural one.
pub(super) fn natural_name(text: &str) -> Option<String> {
    if let Some((_, name)) = SIGNS.iter().find(|(sign, _)| *sign == text) {
        return Some((*name).to_owned());
    }
    let mut chars = text.chars();
    let starts_well = chars.next().is_some_and(|c| c == '_' || c.is_alphabetic());
    (starts_well && chars.all(|c| c == '_' || c.is_alphanumeric())).then(|| text.to_uppercase())
}

const SIGNS: &[(&str, &str)] = &[
    (".", "DOT"),
    (",", "COMMA"),
    (":", "COLON"),
    (";", "SEMICOLON"),
    ("+", "PLUS"),
    ("-", "MINUS"),
    ("*", "STAR"),
    ("/", "SLASH"),
    ("\\", "BACKSLASH"),
    ("|", "VBAR"),
    ("?", "QMARK"),
    ("!", "BANG"),
    ("@", "AT"),
    ("#", "HASH"),
    ("$", "DOLLAR"),
    ("%", "PERCENT"),
    ("^", "CIRCUMFLEX"),
    ("&", "AMPERSAND"),
    ("_", "UNDERSCORE"),
    ("<", "LESSTHAN"),
    (">", "MORETHAN"),
    ("=", "EQUAL"),
    ("\"", "DBLQUOTE"),
    ("'", "QUOTE"),
    ("`", "BACKQUOTE"),
    ("~", "TILDE"),
    ("(", "LPAR"),
    (")", "RPAR"),
    ("{", "LBRACE"),
    ("}", "RBRACE"),
    ("[", "LSQB"),
    ("]", "RSQB"),
    ("\n", "NEWLINE"),
    ("\r\n", "CRLF"),
    ("\t", "TAB"),
    (" ", "SPACE"),
];
