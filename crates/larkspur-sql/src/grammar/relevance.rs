//! Which tables a question is about.

use std::{cmp::Reverse, collections::BTreeSet};

use crate::{Catalog, Table, name::same};

/// What a word of the question counts in the name of a table.
const IN_TABLE: usize = 4;

/// What it counts in the name of a column; once, in however many columns it is.
const IN_COLUMN: usize = 2;

/// The places of the tables, those that a question has most to do with first; in the order of the catalog where there is none.
///
/// A table counts what its names have of the question's words, four times, and what the best of the tables counts that keys
/// relate to it: so a table that joins two others comes before one that has nothing to do with any.
pub(super) fn ranked(catalog: &Catalog, question: Option<&str>) -> Vec<usize> {
    let words: BTreeSet<String> = question.map(words).unwrap_or_default();
    let own: Vec<usize> = catalog
        .tables
        .iter()
        .map(|table| score(table, &words))
        .collect();
    let related = |index: usize, table: &Table| {
        let others = catalog.tables.iter().enumerate().filter(|(other, target)| {
            *other != index && (leads_to(table, target) || leads_to(target, table))
        });
        let scores = others.filter_map(|(other, _)| own.get(other).copied());
        scores.max().unwrap_or_default()
    };
    let mut ranked: Vec<(usize, usize)> = catalog
        .tables
        .iter()
        .enumerate()
        .zip(&own)
        .map(|((index, table), own)| (4 * own + related(index, table), index))
        .collect();
    ranked.sort_by_key(|(score, index)| (Reverse(*score), *index));
    ranked.into_iter().map(|(_, index)| index).collect()
}

fn leads_to(table: &Table, target: &Table) -> bool {
    let mut keys = table.foreign_keys.iter();
    keys.any(|key| same(&key.table, &target.name))
}

fn score(table: &Table, question: &BTreeSet<String>) -> usize {
    let in_name = words(&table.name).intersection(question).count();
    let columns: BTreeSet<String> = table
        .columns
        .iter()
        .flat_map(|column| words(&column.name))
        .collect();
    IN_TABLE * in_name + IN_COLUMN * columns.intersection(question).count()
}

/// The words of a text or name, in lower case, without the endings of plurals: `unitPrices` and `unit_price` have the same.
fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut word = String::new();
    let mut was_lower = false;
    for c in text.chars().chain([' ']) {
        let begins = c.is_uppercase() && was_lower;
        if !c.is_alphanumeric() || begins {
            let stem = stem(&std::mem::take(&mut word));
            // Short words say little: `of`, `id`.
            if stem.chars().nth(2).is_some() {
                words.insert(stem);
            }
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase();
    }
    words
}

fn stem(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.strip_suffix('s').unwrap_or(word).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, ForeignKey};

    #[test]
    fn words_of_names_and_questions() {
        let check = |text: &str, expected: &[&str]| {
            let words = words(text);
            assert_eq!(
                words.iter().map(String::as_str).collect::<Vec<_>>(),
                expected,
                "{text}"
            );
        };
        check("unitPrices", &["price", "unit"]);
        check("UNIT_PRICE", &["price", "unit"]);
        check(
            "In which cities are 2 stadiums?",
            &["are", "city", "stadium", "which"],
        );
        check("Stra\u{df}e \u{c4}mter", &["stra\u{df}e", "\u{e4}mter"]);
        check("", &[]);
    }

    #[test]
    fn tables_between_come_before_tables_beside() {
        let column = |name: &str| [Column::new(name, "TEXT")];
        let key = |to: &str| ForeignKey::new(["id"], to, ["id"]);
        let catalog = Catalog::new([
            Table::new("audit", column("entry")),
            Table::new("singer_in_concert", column("id"))
                .foreign_key(key("singer"))
                .foreign_key(key("stadium")),
            Table::new("stadium", column("city")),
            Table::new("singer", column("name")),
        ]);
        assert_eq!(
            ranked(&catalog, Some("Which city did the artist play?")),
            [2, 1, 0, 3]
        );
        assert_eq!(ranked(&catalog, None), [0, 1, 2, 3]);
    }
}
