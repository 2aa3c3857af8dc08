//! How SQLite writes names and texts.

pub(crate) mod plain;
pub(crate) mod postgres;

/// A name in double quotes, with quotes within it doubled; plain where it needs none.
///
/// Plain are names of ASCII letters, digits and `_` that are no key word of SQLite. Any other text is a name too, also the
/// empty one, but for the character NUL, which no SQL text can hold.
///
/// ```
/// use larkspur_sql::quote_name;
///
/// assert_eq!(quote_name("Album"), "Album");
/// assert_eq!(quote_name("order"), "\"order\"");
/// assert_eq!(quote_name("5\" disk"), "\"5\"\" disk\"");
/// assert_eq!(quote_name(""), "\"\"");
/// ```
pub fn quote_name(name: &str) -> String {
    if is_plain(name) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// A text as a literal: in single quotes, with quotes within it doubled.
///
/// Whatever the text is, SQLite reads exactly it, and nothing of it as SQL; but a text with the character NUL, which no
/// literal can hold, is written as its bytes.
///
/// ```
/// use larkspur_sql::quote_text;
///
/// assert_eq!(quote_text("' OR 1=1 --"), "''' OR 1=1 --'");
/// assert_eq!(quote_text("a\0"), "CAST(x'6100' AS TEXT)");
/// ```
pub fn quote_text(text: &str) -> String {
    if text.contains('\0') {
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16);
        let digits = text
            .bytes()
            .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
        let bytes: String = digits.flatten().collect();
        format!("CAST(x'{bytes}' AS TEXT)")
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Whether two names are the same to SQLite, which knows upper and lower case in ASCII only.
pub(crate) fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}

/// Whether it is the same without quotes.
pub(crate) fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && KEYWORDS
            .binary_search(&name.to_ascii_uppercase().as_str())
            .is_err()
}

/// Names, in lower case, that are no key words, but that the parser of the guard takes for something else where they stand alone.
pub(crate) const NOT_ALONE: &[&str] = &[
    "any",
    "cube",
    "interval",
    "localtime",
    "localtimestamp",
    "rollup",
    "some",
    "top",
    "trim",
];

/// All words of <https://sqlite.org/lang_keywords.html>, and the two names of truth values, sorted.
pub(crate) const KEYWORDS: &[&str] = &[
    "ABORT",
    "ACTION",
    "ADD",
    "AFTER",
    "ALL",
    "ALTER",
    "ALWAYS",
    "ANALYZE",
    "AND",
    "AS",
    "ASC",
    "ATTACH",
    "AUTOINCREMENT",
    "BEFORE",
    "BEGIN",
    "BETWEEN",
    "BY",
    "CASCADE",
    "CASE",
    "CAST",
    "CHECK",
    "COLLATE",
    "COLUMN",
    "COMMIT",
    "CONFLICT",
    "CONSTRAINT",
    "CREATE",
    "CROSS",
    "CURRENT",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DATABASE",
    "DEFAULT",
    "DEFERRABLE",
    "DEFERRED",
    "DELETE",
    "DESC",
    "DETACH",
    "DISTINCT",
    "DO",
    "DROP",
    "EACH",
    "ELSE",
    "END",
    "ESCAPE",
    "EXCEPT",
    "EXCLUDE",
    "EXCLUSIVE",
    "EXISTS",
    "EXPLAIN",
    "FAIL",
    "FALSE",
    "FILTER",
    "FIRST",
    "FOLLOWING",
    "FOR",
    "FOREIGN",
    "FROM",
    "FULL",
    "GENERATED",
    "GLOB",
    "GROUP",
    "GROUPS",
    "HAVING",
    "IF",
    "IGNORE",
    "IMMEDIATE",
    "IN",
    "INDEX",
    "INDEXED",
    "INITIALLY",
    "INNER",
    "INSERT",
    "INSTEAD",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "KEY",
    "LAST",
    "LEFT",
    "LIKE",
    "LIMIT",
    "MATCH",
    "MATERIALIZED",
    "NATURAL",
    "NO",
    "NOT",
    "NOTHING",
    "NOTNULL",
    "NULL",
    "NULLS",
    "OF",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "OTHERS",
    "OUTER",
    "OVER",
    "PARTITION",
    "PLAN",
    "PRAGMA",
    "PRECEDING",
    "PRIMARY",
    "QUERY",
    "RAISE",
    "RANGE",
    "RECURSIVE",
    "REFERENCES",
    "REGEXP",
    "REINDEX",
    "RELEASE",
    "RENAME",
    "REPLACE",
    "RESTRICT",
    "RETURNING",
    "RIGHT",
    "ROLLBACK",
    "ROW",
    "ROWS",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "TABLE",
    "TEMP",
    "TEMPORARY",
    "THEN",
    "TIES",
    "TO",
    "TRANSACTION",
    "TRIGGER",
    "TRUE",
    "UNBOUNDED",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VACUUM",
    "VALUES",
    "VIEW",
    "VIRTUAL",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
    "WITHIN",
    "WITHOUT",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_words_are_sorted() {
        assert!(KEYWORDS.is_sorted());
    }
}
