//! Syntax tree to text, in one canonical layout: reading it gives the same tree, places apart.

use std::fmt::{self, Display, Formatter};

use super::syntax::{
    Alternative, Atom, AtomKind, Attribute, AttributeValue, Body, Definition, File, Import,
    Imported, Item, ItemKind, Name, Piece, Quantifier, QuantifierKind, Sequence, StringLiteral,
    Term, TermKind,
};
use crate::span::Span;

impl Display for File {
    /// One item a line, alternatives below each other, comments on lines of their own before the item they stand in.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut comments = self
            .trivia
            .iter()
            .filter(|span| !span.text(&self.source).starts_with('\\'))
            .peekable();
        for item in &self.items {
            while let Some(comment) = comments.next_if(|comment| comment.start < item.span.end) {
                writeln!(f, "{}", comment.text(&self.source))?;
            }
            print_item(item, &self.source, f)?;
        }
        comments.try_for_each(|comment| writeln!(f, "{}", comment.text(&self.source)))
    }
}

fn print_item(item: &Item, source: &str, f: &mut Formatter<'_>) -> fmt::Result {
    let print = |body: &Body, f: &mut Formatter<'_>| print_body(body, "\n    | ", source, f);
    match &item.kind {
        ItemKind::Definition(definition) => print_definition(definition, source, f)?,
        ItemKind::Override(definition) => {
            f.write_str("%override ")?;
            print_definition(definition, source, f)?;
        }
        ItemKind::Extend(definition) => {
            f.write_str("%extend ")?;
            print_definition(definition, source, f)?;
        }
        ItemKind::Import(import) => write!(f, "{import}")?,
        ItemKind::Ignore(body) => {
            f.write_str("%ignore ")?;
            print(body, f)?;
        }
        ItemKind::Declare(names) => {
            f.write_str("%declare")?;
            names
                .iter()
                .try_for_each(|name| write!(f, " {}", name.text))?;
        }
        ItemKind::Options { directive, value } => write!(f, "{directive} {}", value.text)?,
        ItemKind::Unknown(_) | ItemKind::Error => f.write_str(item.span.text(source))?,
    }
    writeln!(f)
}

fn print_definition(definition: &Definition, source: &str, f: &mut Formatter<'_>) -> fmt::Result {
    definition
        .modifiers
        .iter()
        .try_for_each(|(sign, _)| write!(f, "{sign}"))?;
    f.write_str(&definition.name.text)?;
    if definition.parameter.is_some() {
        f.write_str("::_")?;
    }
    if let Some(template) = &definition.template {
        write!(f, "{{{}}}", names(&template.parameters))?;
    }
    if let Some(priority) = &definition.priority {
        write!(f, ".{}", priority.text)?;
    }
    if let Some((first, rest)) = definition.attributes.split_first() {
        f.write_str("[")?;
        print_attribute(first, source, f)?;
        for attribute in rest {
            f.write_str(", ")?;
            print_attribute(attribute, source, f)?;
        }
        f.write_str("]")?;
    }
    f.write_str(": ")?;
    print_body(&definition.body, "\n    | ", source, f)
}

fn print_attribute(attribute: &Attribute, source: &str, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str(&attribute.key.text)?;
    match &attribute.value {
        None => Ok(()),
        Some(AttributeValue::Number(number)) => write!(f, "={}", number.text),
        Some(AttributeValue::Atom(atom)) => {
            f.write_str("=")?;
            print_atom(atom, source, f)
        }
    }
}

/// Recursion, here and below, is bounded by the nesting that the parser allows.
fn print_body(body: &Body, bar: &str, source: &str, f: &mut Formatter<'_>) -> fmt::Result {
    for (index, alternative) in body.alternatives.iter().enumerate() {
        if index > 0 {
            f.write_str(bar)?;
        }
        print_alternative(alternative, source, f)?;
    }
    Ok(())
}

fn print_alternative(
    alternative: &Alternative,
    source: &str,
    f: &mut Formatter<'_>,
) -> fmt::Result {
    for (index, sequence) in alternative.conjuncts.iter().enumerate() {
        if index > 0 {
            f.write_str(" & ")?;
        }
        print_sequence(sequence, source, f)?;
    }
    if let Some(alias) = &alternative.alias {
        write!(f, " -> {}", alias.text)?;
    }
    match &alternative.condition {
        Some(term) => write!(f, " %if {term}"),
        None => Ok(()),
    }
}

fn print_sequence(sequence: &Sequence, source: &str, f: &mut Formatter<'_>) -> fmt::Result {
    for (index, piece) in sequence.pieces.iter().enumerate() {
        if index > 0 {
            f.write_str(" ")?;
        }
        print_piece(piece, source, f)?;
    }
    Ok(())
}

fn print_piece(piece: &Piece, source: &str, f: &mut Formatter<'_>) -> fmt::Result {
    piece
        .complements
        .iter()
        .try_for_each(|_| f.write_str("~"))?;
    print_atom(&piece.atom, source, f)?;
    piece
        .quantifiers
        .iter()
        .try_for_each(|quantifier| write!(f, "{quantifier}"))
}

fn print_atom(atom: &Atom, source: &str, f: &mut Formatter<'_>) -> fmt::Result {
    match &atom.kind {
        AtomKind::Group(body) => {
            f.write_str("(")?;
            print_body(body, " | ", source, f)?;
            f.write_str(")")
        }
        AtomKind::Optional(body) => {
            f.write_str("[")?;
            print_body(body, " | ", source, f)?;
            f.write_str("]")
        }
        AtomKind::Name(name) => f.write_str(&name.text),
        AtomKind::Modified(modifiers, name) => {
            modifiers
                .iter()
                .try_for_each(|(sign, _)| write!(f, "{sign}"))?;
            f.write_str(&name.text)
        }
        AtomKind::Template { name, arguments } => {
            write!(f, "{}{{", name.text)?;
            for (index, argument) in arguments.iter().enumerate() {
                if index > 0 {
                    f.write_str(", ")?;
                }
                print_body(argument, " | ", source, f)?;
            }
            f.write_str("}")
        }
        AtomKind::Parametric { name, argument } => write!(f, "{}::{argument}", name.text),
        AtomKind::Nested(items) => print_nested(items, source, f),
        AtomKind::Range(first, last) => {
            print_string(first, source, f)?;
            f.write_str("..")?;
            print_string(last, source, f)
        }
        AtomKind::String(string) => print_string(string, source, f),
        AtomKind::Regex(regex) => write!(f, "/{}/{}", regex.source, regex.flags),
        AtomKind::Json(json) => write!(f, "%json {}", json.text),
        AtomKind::RegexExtension(json) => write!(f, "%regex {}", json.text),
        AtomKind::SpecialToken(text) | AtomKind::GrammarRef(text) => f.write_str(text),
        AtomKind::Error => f.write_str(atom.span.text(source)),
    }
}

fn print_nested(items: &[Item], source: &str, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("%lark {\n")?;
    items
        .iter()
        .try_for_each(|item| print_item(item, source, f))?;
    f.write_str("}")
}

fn print_string(string: &StringLiteral, source: &str, f: &mut Formatter<'_>) -> fmt::Result {
    // A string in single quotes keeps them: its text need not be one in double quotes.
    let quote = if Span::new(string.span.start, string.span.start + 1).text(source) == "'" {
        '\''
    } else {
        '"'
    };
    write!(
        f,
        "{quote}{}{quote}{}",
        string.raw,
        if string.ignore_case { "i" } else { "" }
    )
}

fn names(names: &[Name]) -> String {
    names
        .iter()
        .map(|name| name.text.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

impl Display for Quantifier {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            QuantifierKind::Sign(sign) => write!(f, "{sign}"),
            QuantifierKind::Braces { min, comma, max } => {
                let text = |number: &Option<super::syntax::Number>| {
                    number
                        .as_ref()
                        .map_or("", |number| number.text.as_str())
                        .to_owned()
                };
                write!(
                    f,
                    "{{{}{}{}}}",
                    text(min),
                    if *comma { "," } else { "" },
                    text(max)
                )
            }
            QuantifierKind::Tilde { min, max: None } => write!(f, "~{}", min.text),
            QuantifierKind::Tilde {
                min,
                max: Some(max),
            } => write!(f, "~{}..{}", min.text, max.text),
        }
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            TermKind::Whole => f.write_str("_"),
            TermKind::Bits(start, end) => write!(f, "[{}:{}]", start.text, end.text),
            TermKind::Number(number) => f.write_str(&number.text),
            TermKind::Call(name, terms) if terms.is_empty() => f.write_str(&name.text),
            TermKind::Call(name, terms) => {
                let terms: Vec<String> = terms.iter().map(ToString::to_string).collect();
                write!(f, "{}({})", name.text, terms.join(", "))
            }
        }
    }
}

impl Display for Import {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let path: Vec<&str> = self.path.iter().map(|name| name.text.as_str()).collect();
        write!(
            f,
            "%import {}{}",
            if self.relative { "." } else { "" },
            path.join(".")
        )?;
        match &self.what {
            Imported::Last => Ok(()),
            Imported::As(name) => write!(f, " -> {}", name.text),
            Imported::Names(imported) => write!(f, " ({})", names(imported)),
        }
    }
}
