//! What names mean at a place of a query.

use crate::{Dialect, Table, Visibility};

/// Names of the rows that a `FROM` gives, and of queries to choose from.
pub(super) struct Scopes<'g> {
    dialect: Dialect,
    /// From the outermost query to the innermost.
    open: Vec<Scope<'g>>,
    /// Common table expressions; later ones hide earlier ones.
    ctes: Vec<Cte>,
    /// What was read, for finding out what a condition joins.
    touched: Vec<Touched>,
}

/// One query's rows.
#[derive(Clone, Default)]
pub(super) struct Scope<'g> {
    pub(super) relations: Vec<Relation<'g>>,
    /// Names of result columns, which SQLite allows wherever a column is not found.
    pub(super) aliases: Vec<String>,
}

/// A table, view or query of a `FROM`, under the name it goes by.
#[derive(Clone)]
pub(super) struct Relation<'g> {
    pub(super) name: Option<String>,
    pub(super) columns: Columns<'g>,
}

#[derive(Clone)]
pub(super) enum Columns<'g> {
    Of(&'g Table),
    /// Of a query; a column may have no name to call it by.
    Named(Vec<Option<String>>),
    /// Of a table that is not known, so that not each of its columns is told too.
    Unknown,
    /// Of a table of a database that is not known: all there may be, but for what a policy hides of it.
    Any {
        table: String,
        visibility: &'g Visibility,
    },
}

pub(super) struct Cte {
    pub(super) name: String,
    pub(super) columns: Columns<'static>,
    /// Set while its own body is walked.
    pub(super) open: bool,
}

/// A relation by the depth of its query and its place there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Touched {
    pub(super) depth: usize,
    pub(super) relation: usize,
}

/// What a name turned out to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Column,
    /// The name of a result column, or whatever it is of a table that is not known.
    Alias,
    /// Nothing that is to be seen, of relations that are all known.
    Nothing,
    /// A column that is there and not to be seen.
    Hidden,
    /// No relation goes by the qualifier.
    NoRelation,
}

impl<'g> Scopes<'g> {
    pub(super) const fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            open: Vec::new(),
            ctes: Vec::new(),
            touched: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, scope: Scope<'g>) {
        self.open.push(scope);
    }

    pub(super) fn pop(&mut self) -> Scope<'g> {
        self.open.pop().unwrap_or_default()
    }

    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn innermost(&self) -> Option<&Scope<'g>> {
        self.open.last()
    }

    pub(super) fn add_cte(&mut self, cte: Cte) {
        self.ctes.push(cte);
    }

    pub(super) fn cte(&self, name: &str) -> Option<&Cte> {
        let mut ctes = self.ctes.iter().rev();
        ctes.find(|cte| self.dialect.same(&cte.name, name))
    }

    pub(super) fn last_cte(&mut self) -> Option<&mut Cte> {
        self.ctes.last_mut()
    }

    /// How many common table expressions are known, to come back to with [`Self::forget_ctes`].
    pub(super) fn ctes(&self) -> usize {
        self.ctes.len()
    }

    pub(super) fn forget_ctes(&mut self, known: usize) {
        self.ctes.truncate(known);
    }

    /// How much was read so far, to ask later what was read since.
    pub(super) fn mark(&self) -> usize {
        self.touched.len()
    }

    /// What was read since the mark.
    pub(super) fn since(&self, mark: usize) -> &[Touched] {
        self.touched.get(mark..).unwrap_or_default()
    }

    /// Something was read that is no column of a known relation.
    pub(super) fn touch_something(&mut self) {
        self.touched.push(Touched {
            depth: usize::MAX,
            relation: 0,
        });
    }

    /// Looks up a column without a qualifier.
    pub(super) fn column(&mut self, name: &str) -> Found {
        let dialect = self.dialect;
        for (depth, scope) in self.open.iter().enumerate().rev() {
            let mut relations = scope.relations.iter();
            if let Some(relation) = relations.position(|relation| relation.has(name, dialect)) {
                self.touched.push(Touched { depth, relation });
                return Found::Column;
            }
            // SQLite looks no further than this query, so neither may a result column nor an outer query stand in.
            if scope
                .relations
                .iter()
                .any(|relation| relation.hides(name, dialect))
            {
                return Found::Hidden;
            }
            let unknown = scope.relations.iter().any(Relation::is_unknown);
            let mut aliases = scope.aliases.iter();
            // As a column, the name of a table is all of a row, also what is hidden of it.
            let is_alias = aliases.any(|alias| dialect.same(alias, name))
                && !(dialect.has_whole_rows() && self.names().any(|own| own == name));
            if unknown || is_alias {
                self.touch_something();
                return Found::Alias;
            }
        }
        Found::Nothing
    }

    /// Looks up a column of the relation that goes by `qualifier`.
    pub(super) fn column_of(
        &mut self,
        qualifier: &str,
        name: &str,
    ) -> (Found, Option<&Relation<'g>>) {
        let dialect = self.dialect;
        let goes_by = |relation: &Relation<'_>| {
            let own = relation.name.as_deref();
            own.is_some_and(|own| dialect.same(own, qualifier))
        };
        let mut first = None;
        for (depth, scope) in self.open.iter().enumerate().rev() {
            for (index, relation) in scope
                .relations
                .iter()
                .enumerate()
                .filter(|(_, relation)| goes_by(relation))
            {
                if relation.has(name, dialect)
                    || relation.is_unknown() && !relation.hides(name, dialect)
                {
                    self.touched.push(Touched {
                        depth,
                        relation: index,
                    });
                    return (Found::Column, Some(relation));
                }
                if relation.hides(name, dialect) {
                    return (Found::Hidden, Some(relation));
                }
                first = first.or(Some(relation));
            }
        }
        match first {
            Some(relation) => (Found::Nothing, Some(relation)),
            None => (Found::NoRelation, None),
        }
    }

    /// The names that relations go by at this place, the nearest first.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let scopes = self.open.iter().rev();
        scopes
            .flat_map(|scope| &scope.relations)
            .filter_map(|relation| relation.name.as_deref())
    }
}

impl Relation<'_> {
    fn has(&self, name: &str, dialect: Dialect) -> bool {
        let is_it = |column: &str| dialect.same(column, name);
        match &self.columns {
            Columns::Of(table) => table.columns.iter().any(|column| is_it(&column.name)),
            Columns::Named(columns) => columns.iter().flatten().any(|column| is_it(column)),
            Columns::Unknown | Columns::Any { .. } => false,
        }
    }

    const fn is_unknown(&self) -> bool {
        matches!(self.columns, Columns::Unknown | Columns::Any { .. })
    }

    pub(super) fn hides(&self, name: &str, dialect: Dialect) -> bool {
        let is_it = |hidden: &String| dialect.same(hidden, name);
        match &self.columns {
            Columns::Of(table) => table.hidden().iter().any(is_it),
            Columns::Any { table, visibility } => !visibility.shows(table, name),
            Columns::Named(_) | Columns::Unknown => false,
        }
    }

    /// Whether `*` would show what is not to be seen.
    pub(super) fn hides_any(&self) -> bool {
        match &self.columns {
            Columns::Of(table) => table.hides_any(),
            Columns::Any { table, visibility } => visibility.hides_any_of(table),
            Columns::Named(_) | Columns::Unknown => false,
        }
    }

    /// The names of all columns; nothing where they are not known.
    pub(super) fn column_names(&self) -> Option<Vec<Option<String>>> {
        match &self.columns {
            Columns::Of(table) => Some(
                table
                    .columns
                    .iter()
                    .map(|column| Some(column.name.clone()))
                    .collect(),
            ),
            Columns::Named(columns) => Some(columns.clone()),
            Columns::Unknown | Columns::Any { .. } => None,
        }
    }
}
