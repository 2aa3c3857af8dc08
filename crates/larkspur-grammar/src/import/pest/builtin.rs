//! Rules that every pest grammar has (pest book, "Built-in rules").

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

use super::form::Form;
use crate::regular::chars;

/// Built-in rules but for the properties of Unicode.
const NAMES: [&str; 19] = [
    "ANY",
    "DROP",
    "EOI",
    "PEEK",
    "PEEK_ALL",
    "POP",
    "POP_ALL",
    "SOI",
    "ASCII_DIGIT",
    "ASCII_NONZERO_DIGIT",
    "ASCII_BIN_DIGIT",
    "ASCII_OCT_DIGIT",
    "ASCII_HEX_DIGIT",
    "ASCII_ALPHA_LOWER",
    "ASCII_ALPHA_UPPER",
    "ASCII_ALPHA",
    "ASCII_ALPHANUMERIC",
    "ASCII",
    "NEWLINE",
];

/// The names of all built-in rules.
pub(super) fn names<'n>() -> impl Iterator<Item = &'n str> {
    let properties = pest::unicode::unicode_property_names().map(|name| -> &'n str { name });
    NAMES.into_iter().chain(properties)
}

/// The form of a built-in rule.
pub(super) fn form(name: &str) -> Option<Form> {
    let set = |ranges: &[(char, char)]| {
        Form::Set(ClassUnicode::new(
            ranges
                .iter()
                .map(|(first, last)| ClassUnicodeRange::new(*first, *last)),
        ))
    };
    Some(match name {
        "ANY" => Form::Set(chars::any()),
        "SOI" => Form::Start,
        "EOI" => Form::End,
        "NEWLINE" => Form::Choice(
            ["\n", "\r\n", "\r"]
                .map(|text| Form::Text(text.to_owned()))
                .to_vec(),
            None,
        ),
        "ASCII" => set(&[('\0', '\u{7F}')]),
        "ASCII_DIGIT" => set(&[('0', '9')]),
        "ASCII_NONZERO_DIGIT" => set(&[('1', '9')]),
        "ASCII_BIN_DIGIT" => set(&[('0', '1')]),
        "ASCII_OCT_DIGIT" => set(&[('0', '7')]),
        "ASCII_HEX_DIGIT" => set(&[('0', '9'), ('a', 'f'), ('A', 'F')]),
        "ASCII_ALPHA_LOWER" => set(&[('a', 'z')]),
        "ASCII_ALPHA_UPPER" => set(&[('A', 'Z')]),
        "ASCII_ALPHA" => set(&[('a', 'z'), ('A', 'Z')]),
        "ASCII_ALPHANUMERIC" => set(&[('a', 'z'), ('A', 'Z'), ('0', '9')]),
        other => Form::Set(property(other)?),
    })
}

/// Whether the rule works on pest's stack.
pub(super) fn is_stack(name: &str) -> bool {
    matches!(name, "PEEK" | "PEEK_ALL" | "POP" | "POP_ALL" | "DROP")
}

/// A property of Unicode, such as `UPPERCASE_LETTER` or `XID_START`; scripts too.
fn property(name: &str) -> Option<ClassUnicode> {
    if !name
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    {
        return None;
    }
    let hir = ParserBuilder::new()
        .build()
        .parse(&format!("\\p{{{name}}}"))
        .ok()?;
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class.clone()),
        _ => None,
    }
}
