//! Which tables a question is about.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, VecDeque},
};

use crate::{Catalog, Table};

/// What a word of the question counts in the name of a table.
const IN_TABLE: usize = 4;

/// What it counts in the name of a column; once, in however many columns it is.
const IN_COLUMN: usize = 2;

/// The places of the tables, those that a question has most to do with first; in the order of the catalog where there is none.
///
/// A table counts what its names have of the question's words, four times, and what the best of the tables counts that keys
/// relate to it: so a table that joins two others comes before one that has nothing to do with any. Of two that count the same, the one
/// comes first from which fewer keys lead to a table that the question names.
pub(super) fn ranked(catalog: &Catalog, question: Option<&str>) -> Vec<usize> {
    let words: BTreeSet<String> = question.map(words).unwrap_or_default();
    let tables = catalog.tables.iter();
    let own: Vec<usize> = tables.map(|table| score(table, &words)).collect();
    let related = related(catalog);
    let distances = distances(&own, &related);
    let best = |others: &Vec<usize>| {
        let scores = others.iter().filter_map(|other| own.get(*other).copied());
        scores.max().unwrap_or_default()
    };
    let scores = own.iter().zip(&related);
    let scores = scores.map(|(own, others)| 4 * own + best(others));
    let mut ranked: Vec<_> = scores.zip(distances).enumerate().collect();
    ranked.sort_by_key(|(index, (score, distance))| (Reverse(*score), *distance, *index));
    ranked.into_iter().map(|(index, _)| index).collect()
}

/// For each table those that keys relate to it, in either direction.
fn related(catalog: &Catalog) -> Vec<Vec<usize>> {
    let folded = |name: &str| catalog.dialect().folded(name);
    let tables = || catalog.tables.iter().enumerate();
    let places: BTreeMap<String, usize> = tables()
        .map(|(index, table)| (folded(&table.name), index))
        .collect();
    let mut related = vec![Vec::new(); catalog.tables.len()];
    for (from, table) in tables() {
        let targets = table.foreign_keys.iter();
        let targets = targets.filter_map(|key| places.get(&folded(&key.table)).copied());
        for to in targets.filter(|to| *to != from) {
            for (one, other) in [(from, to), (to, from)] {
                if let Some(others) = related.get_mut(one) {
                    others.push(other);
                }
            }
        }
    }
    related
}

/// How many keys lead from each table to the nearest one that counts by itself.
fn distances(own: &[usize], related: &[Vec<usize>]) -> Vec<usize> {
    let mut distances: Vec<usize> = own
        .iter()
        .map(|own| if *own > 0 { 0 } else { usize::MAX })
        .collect();
    let starts = (0..own.len()).filter(|index| own.get(*index).is_some_and(|own| *own > 0));
    let mut open: VecDeque<usize> = starts.collect();
    while let Some(index) = open.pop_front() {
        let next = distances.get(index).map_or(0, |distance| distance + 1);
        for other in related.get(index).into_iter().flatten() {
            if let Some(distance) = distances.get_mut(*other).filter(|known| **known > next) {
                *distance = next;
                open.push_back(*other);
            }
        }
    }
    distances
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
            [2, 1, 3, 0]
        );
        assert_eq!(ranked(&catalog, None), [0, 1, 2, 3]);
    }

    #[test]
    fn tables_that_few_keys_lead_to_come_before_those_that_none_do() {
        let table = |name: &str| Table::new(name, [Column::new("id", "INTEGER")]);
        let key = |to: &str| ForeignKey::new(["id"], to, ["id"]);
        let catalog = Catalog::new([
            table("playlist"),
            table("line")
                .foreign_key(key("Track"))
                .foreign_key(key("invoice")),
            table("invoice"),
            table("track").foreign_key(key("album")),
            table("album").foreign_key(key("artist")),
            table("artist")
                .foreign_key(key("artist"))
                .foreign_key(key("gone")),
        ]);
        assert_eq!(
            ranked(&catalog, Some("Which artist sold most in Germany?")),
            [5, 4, 3, 1, 2, 0]
        );
    }
}
