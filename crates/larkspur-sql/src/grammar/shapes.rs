//! The ways in which tables can stand side by side: along foreign keys.

use std::collections::BTreeSet;

use crate::{Catalog, name::same, quote_name};

/// All shapes of a catalog, those of fewer tables first.
pub(super) struct Shapes {
    pub(super) shapes: Vec<Shape>,
    /// How many more there would be.
    pub(super) omitted: usize,
}

/// Tables that are joined, each with one before it.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) first: usize,
    pub(super) joins: Vec<Join>,
    pub(super) tables: BTreeSet<usize>,
}

/// One more table, and the columns that are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Join {
    pub(super) table: usize,
    /// Qualified and quoted.
    pub(super) on: Vec<(String, String)>,
}

/// A foreign key between two different tables.
struct Edge {
    from: usize,
    to: usize,
    on: Vec<(String, String)>,
}

impl Shapes {
    pub(super) fn of(catalog: &Catalog, max_tables: usize, max_shapes: usize) -> Self {
        let edges = edges(catalog);
        let single = |first| Shape {
            first,
            joins: Vec::new(),
            tables: BTreeSet::from([first]),
        };
        let mut shapes: Vec<Shape> = (0..catalog.tables.len()).map(single).collect();
        let mut seen: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
        let (mut kept, mut omitted) = (0, 0);
        let mut last: Vec<(Shape, BTreeSet<usize>)> = shapes
            .iter()
            .map(|shape| (shape.clone(), BTreeSet::new()))
            .collect();
        for _ in 1..max_tables {
            let mut next = Vec::new();
            for (shape, used) in &last {
                for (number, edge) in edges.iter().enumerate() {
                    let Some(join) = edge.joins(&shape.tables) else {
                        continue;
                    };
                    let mut used = used.clone();
                    used.insert(number);
                    // The same joins in another order are the same rows.
                    if !seen.insert(used.clone()) {
                        continue;
                    }
                    if kept == max_shapes {
                        omitted += 1;
                        continue;
                    }
                    kept += 1;
                    let mut shape = shape.clone();
                    shape.tables.insert(join.table);
                    shape.joins.push(join);
                    next.push((shape, used));
                }
            }
            shapes.extend(next.iter().map(|(shape, _)| shape.clone()));
            last = next;
        }
        Self { shapes, omitted }
    }
}

impl Edge {
    /// The join that brings in the end that is not there yet.
    fn joins(&self, tables: &BTreeSet<usize>) -> Option<Join> {
        let table = match (tables.contains(&self.from), tables.contains(&self.to)) {
            (true, false) => self.to,
            (false, true) => self.from,
            _ => return None,
        };
        Some(Join {
            table,
            on: self.on.clone(),
        })
    }
}

fn edges(catalog: &Catalog) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (from, table) in catalog.tables.iter().enumerate() {
        for key in &table.foreign_keys {
            let to = catalog
                .tables
                .iter()
                .position(|target| same(&target.name, &key.table));
            let Some(to) = to.filter(|to| *to != from) else {
                continue;
            };
            let pairs = key.columns.iter().zip(&key.references);
            let on = pairs
                .map(|(column, reference)| {
                    (
                        qualified(&table.name, column),
                        qualified(&key.table, reference),
                    )
                })
                .collect();
            edges.push(Edge { from, to, on });
        }
    }
    edges
}

/// `table.column`, quoted where it must be.
pub(super) fn qualified(table: &str, column: &str) -> String {
    format!("{}.{}", quote_name(table), quote_name(column))
}
