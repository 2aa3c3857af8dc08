//! What can stand in a `FROM`: tables, a second time where keys lead back to them, and queries; and which of them together.

use std::collections::BTreeSet;

use super::Joins;
use crate::{Catalog, Column, Dialect, Table};

/// A set of sources, by their places.
pub(super) type Scope = BTreeSet<usize>;

/// Something with columns.
pub(super) struct Source {
    /// What stands in the `FROM`, quoted.
    pub(super) from: String,
    /// Its columns, under the name that they are qualified with.
    pub(super) table: Table,
    /// Whether columns are left out, so that `*` is not allowed.
    pub(super) hides: bool,
    /// The same table for the first time.
    pub(super) second_of: Option<usize>,
}

/// A foreign key between two sources: columns that are the same, qualified and quoted.
pub(super) struct Edge {
    pub(super) ends: [usize; 2],
    pub(super) on: Vec<(String, String)>,
}

/// All of a catalog.
pub(super) struct Sources {
    pub(super) list: Vec<Source>,
    pub(super) edges: Vec<Edge>,
    /// Those of fewer sources first.
    pub(super) scopes: Vec<Scope>,
    /// How many more there would be.
    pub(super) omitted: usize,
    joins: Joins,
    dialect: Dialect,
    /// The edges that end in each source.
    touching: Vec<Vec<usize>>,
}

impl Sources {
    pub(super) fn of(
        catalog: &Catalog,
        joins: Joins,
        max_tables: usize,
        max_shapes: usize,
    ) -> Self {
        let tables = catalog.tables.iter();
        let sources = tables.map(|table| Source::of(catalog.dialect(), table));
        let mut all = Self {
            list: sources.collect(),
            edges: Vec::new(),
            scopes: Vec::new(),
            omitted: 0,
            joins,
            dialect: catalog.dialect(),
            touching: Vec::new(),
        };
        all.edges(catalog);
        all.second_times(catalog, max_tables);
        all.touching();
        all.scopes(max_tables, max_shapes);
        all
    }

    /// One that may be anything.
    pub(super) fn any(dialect: Dialect, hides: bool) -> Self {
        let source = Source {
            from: String::new(),
            table: Table::new("", []),
            hides,
            second_of: None,
        };
        Self {
            list: vec![source],
            edges: Vec::new(),
            scopes: vec![Scope::from([0])],
            omitted: 0,
            joins: Joins::Any,
            dialect,
            touching: Vec::new(),
        }
    }

    fn edges(&mut self, catalog: &Catalog) {
        for (from, table) in catalog.tables.iter().enumerate() {
            for key in &table.foreign_keys {
                let mut tables = catalog.tables.iter();
                let Some(to) =
                    tables.position(|target| catalog.dialect().same(&target.name, &key.table))
                else {
                    continue;
                };
                let on = key.columns.iter().cloned().zip(key.references.clone());
                self.edge(from, to, &on.collect::<Vec<_>>());
            }
        }
    }

    /// An edge by the plain names of its columns.
    fn edge(&mut self, from: usize, to: usize, on: &[(String, String)]) {
        let dialect = self.dialect;
        let name = |index: usize| {
            self.list
                .get(index)
                .map_or("", |source| source.table.name.as_str())
        };
        let on = on
            .iter()
            .map(|(left, right)| {
                let qualified = |index, column| qualified(dialect, name(index), column);
                (qualified(from, left), qualified(to, right))
            })
            .collect();
        self.edges.push(Edge {
            ends: [from, to],
            on,
        });
    }

    /// Tables that keys lead to from themselves, or from another table twice, can stand there twice; all tables where any can be joined.
    fn second_times(&mut self, catalog: &Catalog, max_tables: usize) {
        for (index, table) in catalog.tables.iter().enumerate() {
            let own = |key: &&crate::ForeignKey| catalog.dialect().same(&key.table, &table.name);
            let to_itself = table.foreign_keys.iter().any(|key| own(&key));
            let twice = catalog
                .tables
                .iter()
                .any(|from| from.foreign_keys.iter().filter(own).count() > 1);
            let any = self.joins == Joins::Any;
            if max_tables < 2 || !(any || to_itself || twice && max_tables > 2) {
                continue;
            }
            let second = self.list.len();
            self.list.push(Source::second(catalog, table, index));
            for (from, other) in catalog.tables.iter().enumerate() {
                for key in &other.foreign_keys {
                    let on = key.columns.iter().cloned().zip(key.references.clone());
                    let on: Vec<(String, String)> = on.collect();
                    if catalog.dialect().same(&key.table, &table.name) {
                        self.edge(from, second, &on);
                    }
                    if from == index && catalog.dialect().same(&key.table, &table.name) {
                        self.edge(second, index, &on);
                    }
                }
            }
        }
    }

    fn touching(&mut self) {
        self.touching = vec![Vec::new(); self.list.len()];
        for (number, edge) in self.edges.iter().enumerate() {
            for end in BTreeSet::from(edge.ends) {
                if let Some(touching) = self.touching.get_mut(end) {
                    touching.push(number);
                }
            }
        }
    }

    /// Sets of sources that can be joined, each out of one with a source less.
    fn scopes(&mut self, max_tables: usize, max_shapes: usize) {
        let single = |(index, source): (usize, &Source)| {
            source.second_of.is_none().then(|| Scope::from([index]))
        };
        let mut last: Vec<Scope> = self.list.iter().enumerate().filter_map(single).collect();
        self.scopes.clone_from(&last);
        let most = last.len().saturating_add(max_shapes);
        for _ in 1..max_tables {
            let mut next = BTreeSet::new();
            for scope in &last {
                for index in self.neighbours(scope) {
                    let mut scope = scope.clone();
                    scope.insert(index);
                    next.insert(scope);
                }
            }
            // Those that keys join come first.
            let (keyed, others): (Vec<Scope>, Vec<Scope>) =
                next.into_iter().partition(|scope| self.is_keyed(scope));
            let room = most.saturating_sub(self.scopes.len());
            let found: Vec<Scope> = keyed.into_iter().chain(others).collect();
            self.omitted += found.len().saturating_sub(room);
            last = found.into_iter().take(room).collect();
            self.scopes.extend(last.iter().cloned());
        }
    }

    /// What can be joined to a scope.
    fn neighbours(&self, scope: &Scope) -> Vec<usize> {
        let near: Scope = match self.joins {
            Joins::Any => (0..self.list.len()).collect(),
            Joins::Keys => {
                let edges = scope.iter().flat_map(|index| self.edges_of(*index));
                edges.flat_map(|(_, edge)| edge.ends).collect()
            }
        };
        near.into_iter()
            .filter(|index| !scope.contains(index) && self.may_follow(scope, *index))
            .collect()
    }

    /// The keys that end in a source, with their numbers.
    fn edges_of(&self, index: usize) -> impl Iterator<Item = (usize, &Edge)> {
        let touching = self.touching.get(index).into_iter().flatten();
        touching.filter_map(|number| Some((*number, self.edges.get(*number)?)))
    }

    /// Whether a source can be joined to those of a scope: the second of a table only behind the first.
    pub(super) fn may_follow(&self, scope: &Scope, index: usize) -> bool {
        let first = self.list.get(index).and_then(|source| source.second_of);
        let in_order = first.is_none_or(|first| scope.contains(&first))
            && !scope.iter().any(|other| {
                let other = self.list.get(*other);
                other.is_some_and(|other| other.second_of == Some(index))
            });
        in_order && (self.joins == Joins::Any || self.between(scope, index).next().is_some())
    }

    /// The keys between a source and those of a scope.
    pub(super) fn between(&self, scope: &Scope, index: usize) -> impl Iterator<Item = usize> {
        let meets = move |[from, to]: [usize; 2]| {
            from == index && scope.contains(&to) || to == index && scope.contains(&from)
        };
        self.edges_of(index)
            .filter(move |(_, edge)| meets(edge.ends))
            .map(|(number, _)| number)
    }

    /// Whether keys join all of it.
    fn is_keyed(&self, scope: &Scope) -> bool {
        let mut reached: Scope = scope.iter().take(1).copied().collect();
        loop {
            let next = scope.iter().find(|index| {
                !reached.contains(index) && self.between(&reached, **index).next().is_some()
            });
            match next {
                Some(index) => reached.insert(*index),
                None => return reached.len() == scope.len(),
            };
        }
    }
}

impl Source {
    fn of(dialect: Dialect, table: &Table) -> Self {
        Self {
            from: dialect.quote_name(&table.name),
            table: table.clone(),
            hides: table.hides_any(),
            second_of: None,
        }
    }

    fn second(catalog: &Catalog, table: &Table, first: usize) -> Self {
        let name = free_name(catalog, &format!("{}_2", table.name));
        let [of, called] = [&table.name, &name].map(|name| catalog.dialect().quote_name(name));
        Self {
            from: format!("{of} AS {called}"),
            table: table.called(name),
            hides: table.hides_any(),
            second_of: Some(first),
        }
    }

    /// The names of all its columns, also of those that are not to be seen, as they are told apart.
    pub(super) fn names(&self, dialect: Dialect) -> BTreeSet<String> {
        let seen = self.table.columns.iter().map(|column| &column.name);
        let names = seen.chain(self.table.hidden());
        names.map(|name| dialect.folded(name)).collect()
    }

    /// The columns of a query in a `FROM` or `WITH`: `c1`, `c2` and so on of `step1`, and of `step2` where it is the second.
    pub(super) fn step(catalog: &Catalog, number: usize, arity: usize) -> Self {
        let name = free_name(catalog, &format!("step{number}"));
        // SQLite computes with whatever is there.
        let columns = (1..=arity).map(|column| Column::new(format!("c{column}"), "NUMERIC"));
        Self {
            from: catalog.dialect().quote_name(&name),
            table: Table::new(name, columns),
            hides: false,
            second_of: None,
        }
    }
}

/// A name that no table has.
fn free_name(catalog: &Catalog, name: &str) -> String {
    let mut name = name.to_owned();
    while catalog.table(&name).is_some() {
        name.push('_');
    }
    name
}

/// `table.column`, quoted where it must be.
pub(super) fn qualified(dialect: Dialect, table: &str, column: &str) -> String {
    format!(
        "{}.{}",
        dialect.quote_name(table),
        dialect.quote_name(column)
    )
}
