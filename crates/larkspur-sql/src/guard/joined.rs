//! Which relations of a query its conditions join.

use sqlparser::ast::{BinaryOperator, Expr};

/// Groups of relations that are joined with one another.
pub(super) struct Joined {
    /// For each relation one of its group, in the end the first.
    group: Vec<usize>,
}

impl Joined {
    pub(super) fn new(relations: usize) -> Self {
        Self {
            group: (0..relations).collect(),
        }
    }

    /// These belong together. A text has few joins, so looking through all relations costs nothing.
    pub(super) fn join(&mut self, relations: impl IntoIterator<Item = usize>) {
        let groups: Vec<usize> = relations
            .into_iter()
            .filter_map(|relation| self.group.get(relation).copied())
            .collect();
        let Some(first) = groups.iter().min().copied() else {
            return;
        };
        for group in &mut self.group {
            if groups.contains(group) {
                *group = first;
            }
        }
    }

    /// The first relation that is not joined with the first one.
    pub(super) fn apart(&self) -> Option<usize> {
        self.group.iter().position(|group| *group != 0)
    }
}

/// What `AND` puts together, in the order of the text.
pub(super) fn conjuncts(condition: &Expr) -> Vec<&Expr> {
    let mut conjuncts = Vec::new();
    let mut open = vec![condition];
    while let Some(expr) = open.pop() {
        match expr {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::And,
                right,
            } => open.extend([&**right, &**left]),
            Expr::Nested(inner) if is_and(inner) => open.push(inner),
            other => conjuncts.push(other),
        }
    }
    conjuncts
}

fn is_and(expr: &Expr) -> bool {
    match expr {
        Expr::BinaryOp {
            op: BinaryOperator::And,
            ..
        } => true,
        Expr::Nested(inner) => is_and(inner),
        _ => false,
    }
}

/// Whether it says something of the values of its columns together; a choice (`OR`) may hold for all of them.
pub(super) fn is_comparison(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(inner) => is_comparison(inner),
        Expr::BinaryOp { op, .. } => !matches!(op, BinaryOperator::Or),
        Expr::Between { .. }
        | Expr::InList { .. }
        | Expr::InSubquery { .. }
        | Expr::Like { .. }
        | Expr::Exists { .. } => true,
        _ => false,
    }
}
