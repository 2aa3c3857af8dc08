//! Numbers and strings: all that is said of them, as one language.

use std::sync::Arc;

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::Value;

use super::{
    Maker, Spelling,
    cases::{Case, Rule},
    decimal::Decimal,
    document::SchemaId,
    ecma::{self, Texts},
    formats,
    language::Language,
    numbers::{self, NumberRule},
    spelling,
};

/// The longest count that is kept. Beyond, engines suffer and no model counts.
const LONGEST: u64 = 100_000;

impl<'s> Maker<'s> {
    /// The numbers of a case.
    pub(super) fn numbers(&mut self, case: &Case<'s>) -> Language {
        let mut rule = NumberRule::default();
        let mut steps: Vec<(&Decimal, SchemaId)> = Vec::new();
        let mut parts = Vec::new();
        for part in &case.rules {
            match part {
                Rule::Low(bound, strict) => rule.raise(bound.clone(), *strict),
                Rule::High(bound, strict) => rule.lower(bound.clone(), *strict),
                Rule::Integer(true) => rule.integer = true,
                Rule::Integer(false) => parts.push(self.fractions()),
                Rule::Multiple(step, id) => steps.push((step, *id)),
                Rule::NotAmong(values, _) => {
                    let excluded: Vec<Language> = values
                        .iter()
                        .filter_map(Value::as_number)
                        .filter_map(|number| self.number(&Decimal::of(number)?))
                        .collect();
                    if !excluded.is_empty() {
                        parts.push(Language::not(Language::or(excluded)));
                    }
                }
                _ => {}
            }
        }
        for (step, id) in steps {
            let one = Decimal::read("1").unwrap_or_else(Decimal::zero);
            if *step == one {
                rule.integer = true;
            } else if let Some(text) = numbers::multiples(step, self.options.spelling) {
                rule.integer &= !step.is_integer() || rule.low.is_some() || rule.high.is_some();
                parts.push(Language::regex(&text));
            } else {
                rule.integer |= step.is_integer();
                self.relax(id, "multipleOf", "last digits do not tell its multiples");
            }
        }
        let Some(texts) = rule.regex(self.options.spelling) else {
            return Language::fixed(numbers::ANY);
        };
        if texts.is_empty() {
            return Language::Never;
        }
        let is_free = texts.iter().map(String::as_str).eq([numbers::ANY]);
        let is_restricted = parts.iter().any(|part| !matches!(part, Language::Not(_)));
        if is_free && !is_restricted {
            parts.insert(0, Language::fixed(numbers::ANY));
        } else if !is_free {
            parts.insert(0, self.read(texts.join("|")));
        }
        Language::and(parts)
    }

    /// The texts of a regular expression that was written here and may be again.
    fn read(&mut self, regex: String) -> Language {
        let known = self.written.entry(regex);
        known
            .or_insert_with_key(|regex| Language::regex(regex))
            .clone()
    }

    /// Numbers that are no integers.
    fn fractions(&self) -> Language {
        let exponent = match self.options.spelling {
            Spelling::Plain => "",
            _ => r"|-?[1-9](?:\.[0-9]+)?[eE]-0*[1-9][0-9]*",
        };
        Language::regex(&format!(
            r"-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9][0-9]*{exponent}"
        ))
    }

    /// One number, in all ways it is written.
    pub(super) fn number(&self, number: &Decimal) -> Option<Language> {
        let rule = NumberRule {
            low: Some((number.clone(), false)),
            high: Some((number.clone(), false)),
            integer: number.is_integer(),
        };
        rule.regex(self.options.spelling)
            .map(|texts| Language::any_of(&texts))
    }

    /// The strings of a case.
    pub(super) fn texts(&mut self, case: &Case<'s>) -> Language {
        let (mut min, mut max) = (0, None::<u64>);
        let mut found: Vec<Arc<Texts>> = Vec::new();
        let mut parts = Vec::new();
        for rule in &case.rules {
            match rule {
                Rule::MinLength(length, id) => match u32::try_from(*length) {
                    Ok(length) if u64::from(length) <= LONGEST => min = min.max(length),
                    _ => self.relax(*id, "minLength", TOO_LONG),
                },
                Rule::MaxLength(length, id) => {
                    if *length <= LONGEST {
                        max = Some(max.map_or(*length, |max| max.min(*length)));
                    } else {
                        self.relax(*id, "maxLength", TOO_LONG);
                    }
                }
                Rule::Pattern(pattern, id, holds) => match self.texts_of(pattern) {
                    Some(texts) if *holds => found.push(texts),
                    Some(texts) => parts.push(Language::not(self.quoted(&texts))),
                    None => self.relax(*id, "pattern", NOT_REGULAR),
                },
                Rule::Format(format, id, holds) => {
                    self.format(format, *id, *holds, &mut found, &mut parts);
                }
                Rule::NotAmong(values, _) => {
                    let texts = values.iter().filter_map(Value::as_str);
                    let excluded: Vec<Language> = texts.map(|text| self.text(text)).collect();
                    if !excluded.is_empty() {
                        parts.push(Language::not(Language::or(excluded)));
                    }
                }
                _ => {}
            }
        }
        let max = max.map(|max| u32::try_from(max).unwrap_or(u32::MAX));
        if max.is_some_and(|max| max < min) {
            return Language::Never;
        }
        parts.splice(0..0, self.found_with_length(&found, min, max));
        Language::and(parts)
    }

    /// Patterns and a length together, in one expression where that is easy.
    fn found_with_length(&self, found: &[Arc<Texts>], min: u32, max: Option<u32>) -> Vec<Language> {
        let is_bounded = min > 0 || max.is_some();
        if let ([one], true) = (found, is_bounded)
            && let Some(both) = with_length(&one.hir, min, max)
        {
            return vec![both.quoted(self.options.spelling)];
        }
        let mut parts: Vec<Language> = Vec::new();
        if is_bounded {
            let every = match self.options.spelling {
                Spelling::Plain => Spelling::Plain,
                Spelling::Usual | Spelling::Any => Spelling::Any,
            };
            let any = spelling::any_character(every);
            parts.push(Language::of_hir(spelling::quoted(spelling::repeated(
                any, min, max,
            ))));
        }
        parts.extend(found.iter().map(|texts| self.quoted(texts)));
        if parts.is_empty() {
            parts.push(Language::fixed(spelling::ANY_STRING));
        }
        parts
    }

    fn format(
        &mut self,
        name: &str,
        id: SchemaId,
        holds: bool,
        found: &mut Vec<Arc<Texts>>,
        parts: &mut Vec<Language>,
    ) {
        let Some(format) = formats::named(name) else {
            return self.relax(id, "format", "there is no pattern for it");
        };
        let Some(texts) = format.texts() else {
            return self.relax(id, "format", NOT_REGULAR);
        };
        if !format.exact {
            self.relax(id, "format", "its pattern is wider than the format");
        }
        if holds {
            found.push(texts);
        } else {
            parts.push(Language::not(self.quoted(&texts)));
        }
    }

    /// As a whole JSON string.
    pub(super) fn quoted(&self, texts: &Texts) -> Language {
        texts.quoted(self.options.spelling)
    }

    /// The texts in which a pattern is found; `None` where it has no translation.
    pub(super) fn texts_of(&mut self, pattern: &'s str) -> Option<Arc<Texts>> {
        let known = self.patterns.entry(pattern);
        known.or_insert_with(|| ecma::texts(pattern)).clone()
    }

    /// One string.
    pub(super) fn text(&mut self, text: &'s str) -> Language {
        let spelling = self.options.spelling;
        let known = self.strings.entry(text);
        let make = || Language::of_hir(spelling::quoted(spelling::literal(text, spelling)));
        known.or_insert_with(make).clone()
    }
}

const TOO_LONG: &str = "a count of more than 100,000 characters is not kept";
pub(super) const NOT_REGULAR: &str =
    "it has no translation into a regular expression without look-around";

/// A class that is repeated, within a length.
fn with_length(hir: &Hir, min: u32, max: Option<u32>) -> Option<Texts> {
    let HirKind::Repetition(repetition) = hir.kind() else {
        return None;
    };
    if !matches!(repetition.sub.kind(), HirKind::Class(Class::Unicode(_))) {
        return None;
    }
    let min = min.max(repetition.min);
    let max = match (max, repetition.max) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    if max.is_some_and(|max| max < min) {
        return Some(Texts::new(Hir::fail()));
    }
    let repeated = spelling::repeated((*repetition.sub).clone(), min, max);
    Some(Texts::new(repeated))
}
