//! How columns are written: behind the name of their table, alone, or either way.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    sources::{Scope, Source, Sources, qualified},
    table::suffix,
};
use crate::{Dialect, Table};

/// How the columns of a query are written.
///
/// A column can stand alone where no other table of the query has one of its name, whether it is to be seen or not: always where there is one
/// table. The grammar has one list of names for all the ways in which a table is joined, so a name that is another's in any of them is
/// written behind its table in all of them. What is equal along a key is written so everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Columns {
    /// Behind the name of their table, and alone where they can be, as people and models write. It takes about a sixth more bytes than the others.
    #[default]
    Either,
    /// Alone wherever they can be, and behind the name of their table elsewhere: the shortest texts.
    Bare,
    /// Behind the name of their table: the smallest grammar.
    Qualified,
}

/// Each column of a table as it may be written.
pub(super) type Spelled = Vec<Vec<String>>;

/// How the columns of all sources are written.
pub(super) struct Spelling {
    columns: Columns,
    dialect: Dialect,
    /// Of each source, the names that another has with which it can be joined.
    shared: BTreeMap<usize, BTreeSet<String>>,
}

impl Spelling {
    pub(super) fn of(all: &Sources, columns: Columns, dialect: Dialect) -> Self {
        let mut shared: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        let names: Vec<BTreeSet<String>> = all
            .list
            .iter()
            .map(|source| source.names(dialect))
            .collect();
        // Pairs that stand together in some scope.
        let pairs: BTreeSet<(usize, usize)> = all
            .scopes
            .iter()
            .flat_map(|scope| {
                scope
                    .iter()
                    .flat_map(|one| scope.iter().map(|other| (*one, *other)))
            })
            .filter(|(one, other)| one != other)
            .collect();
        for (one, other) in pairs {
            if let (Some(own), Some(others)) = (names.get(one), names.get(other)) {
                let both = own.intersection(others).cloned();
                shared.entry(one).or_default().extend(both);
            }
        }
        Self {
            columns,
            dialect,
            shared,
        }
    }

    /// In a query of this table alone.
    pub(super) fn alone(&self, table: &Table) -> Spelled {
        self.spelled(table, |_| false)
    }

    /// Beside tables that have columns of all the same names.
    pub(super) fn apart(&self, table: &Table) -> Spelled {
        self.spelled(table, |_| true)
    }

    /// Beside whatever the source can be joined with.
    fn joined(&self, table: &Table, index: usize) -> Spelled {
        let shared = self.shared.get(&index);
        self.spelled(table, |name| {
            shared.is_some_and(|shared| shared.contains(&self.dialect.folded(name)))
        })
    }

    fn spelled(&self, table: &Table, is_shared: impl Fn(&str) -> bool) -> Spelled {
        let columns = table.columns.iter();
        columns
            .map(|column| {
                let qualified = qualified(self.dialect, &table.name, &column.name);
                let alone = self.dialect.quote_alone(&column.name);
                match self.columns {
                    Columns::Either if !is_shared(&column.name) => vec![alone, qualified],
                    Columns::Bare if !is_shared(&column.name) => vec![alone],
                    _ => vec![qualified],
                }
            })
            .collect()
    }
}

/// The rules of single sources, by their places.
pub(super) struct Rules<T> {
    alone: BTreeMap<usize, T>,
    /// Also of those that stand alone, where these are the same.
    joined: BTreeMap<usize, T>,
}

impl<T> Rules<T> {
    /// Makes the rules of all sources that stand in any scope: of a table as it is written there, and of what the names of the rules end with.
    pub(super) fn define(
        all: &Sources,
        spelling: &Spelling,
        mut define: impl FnMut(&Source, &Spelled, &str) -> Option<T>,
    ) -> Self {
        let (mut alone, mut joined) = (BTreeMap::new(), BTreeMap::new());
        for (index, source) in all.list.iter().enumerate() {
            let stands = |several: bool| {
                let mut scopes = all.scopes.iter();
                scopes.any(|scope| (scope.len() > 1) == several && scope.contains(&index))
            };
            let suffix = suffix(&source.table.name, index);
            let [as_alone, as_joined] = [
                spelling.alone(&source.table),
                spelling.joined(&source.table, index),
            ];
            let (is_alone, is_joined) = (stands(false), stands(true));
            let both = is_alone && is_joined && as_alone != as_joined;
            if is_alone && (both || !is_joined) {
                alone.extend(define(source, &as_alone, &suffix).map(|rules| (index, rules)));
            }
            if is_joined {
                let suffix = if both {
                    format!("{suffix}_joined")
                } else {
                    suffix
                };
                joined.extend(define(source, &as_joined, &suffix).map(|rules| (index, rules)));
            }
        }
        Self { alone, joined }
    }

    /// Of a source among others.
    pub(super) fn joined(&self, index: usize) -> Option<&T> {
        self.joined.get(&index)
    }

    /// Of each source of a scope; nothing where one has none.
    pub(super) fn of(&self, scope: &Scope) -> Option<Vec<&T>> {
        let is_alone = scope.len() == 1;
        let rules = |index: &usize| {
            let alone = is_alone.then(|| self.alone.get(index)).flatten();
            alone.or_else(|| self.joined.get(index))
        };
        scope.iter().map(rules).collect()
    }
}
