//! What statements make, one after the other.

use std::collections::{BTreeSet, HashMap};

use sqlparser::ast::{
    ColumnDef, ColumnOption, CommentObject, CreateTable, CreateTableLikeKind, CreateView, Expr,
    ForeignKeyConstraint, Ident, ObjectName, ObjectType, Statement, TableConstraint,
    UserDefinedTypeRepresentation,
};

use super::{
    DdlError, Made, PostgresDdl,
    parse::{self, Wanted},
    types::{self, Own, Types},
    view,
};
use crate::{Column, Dialect, Table, TableKind};

/// Most columns of all tables.
const MOST_COLUMNS: usize = 200_000;

/// A schema, and a name in it.
pub(super) type Name = (String, String);

/// A reference to another table.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) columns: Vec<String>,
    pub(super) schema: String,
    pub(super) table: String,
    /// Empty where they are the primary key.
    pub(super) references: Vec<String>,
}

/// Why a statement is left out.
pub(super) type Left = String;

/// What there is so far.
pub(super) struct Reader {
    /// Nothing where it was dropped.
    pub(super) tables: Vec<Option<Made>>,
    pub(super) places: HashMap<Name, usize>,
    pub(super) types: Types,
    functions: BTreeSet<String>,
    /// Where tables are made that say nothing.
    pub(super) schema: String,
    pub(super) columns: usize,
    left_out: Vec<String>,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            tables: Vec::new(),
            places: HashMap::new(),
            types: Types::new(),
            functions: BTreeSet::new(),
            schema: Dialect::Postgres.main_schema().to_owned(),
            columns: 0,
            left_out: Vec::new(),
        }
    }
}

impl Reader {
    pub(super) fn statement(&mut self, text: &str, line: usize) -> Result<(), DdlError> {
        let done = match parse::wanted(text) {
            Ok(Wanted::Statement(statement)) => self.apply(*statement, false),
            Ok(Wanted::NeverNull(statement)) => self.apply(*statement, true),
            Ok(Wanted::Function(name)) => {
                self.functions.insert(name);
                Ok(())
            }
            Ok(Wanted::Schema(schema)) => {
                self.schema = schema;
                Ok(())
            }
            Ok(Wanted::Partition(name)) => {
                self.remove(&name);
                Ok(())
            }
            Ok(Wanted::Nothing) => Ok(()),
            Err(why) => Err(why),
        };
        if let Err(why) = done {
            self.left_out.push(format!("line {line}: {why}"));
        }
        if self.columns > MOST_COLUMNS {
            return Err(DdlError::of("it has more than 200,000 columns"));
        }
        Ok(())
    }

    /// What there is in the end.
    pub(super) fn read(mut self) -> PostgresDdl {
        let primary: Vec<Vec<String>> = self
            .tables
            .iter()
            .map(|made| {
                made.as_ref()
                    .map_or_else(Vec::new, |made| made.table.primary_key.clone())
            })
            .collect();
        for made in self.tables.iter_mut().flatten() {
            for key in &mut made.keys {
                let target = (key.schema.clone(), key.table.clone());
                let place = self
                    .places
                    .get(&target)
                    .filter(|_| key.references.is_empty());
                key.references.extend(
                    place
                        .and_then(|place| primary.get(*place))
                        .into_iter()
                        .flatten()
                        .cloned(),
                );
            }
            made.keys
                .retain(|key| key.columns.len() == key.references.len());
        }
        PostgresDdl {
            tables: self.tables.into_iter().flatten().collect(),
            functions: self.functions,
            left_out: self.left_out,
        }
    }

    fn apply(&mut self, statement: Statement, never_null: bool) -> Result<(), Left> {
        match statement {
            Statement::CreateTable(table) => self.create(&table),
            Statement::CreateView(made) => self.view(&made),
            Statement::CreateType {
                name,
                representation,
            } => {
                let own = match representation {
                    Some(UserDefinedTypeRepresentation::Enum { labels }) => {
                        Own::Enum(labels.into_iter().map(|label| label.value).collect())
                    }
                    _ => Own::Other,
                };
                let name = self.place(&name);
                self.types.insert(name, own);
                Ok(())
            }
            Statement::CreateDomain(domain) => {
                let mut base =
                    types::column(String::new(), &domain.data_type, &self.types, &self.schema);
                base.nullable &= !never_null;
                let name = self.place(&domain.name);
                self.types.insert(name, Own::Domain(base));
                Ok(())
            }
            Statement::AlterType(alter) => self.alter_type(alter),
            Statement::AlterTable(alter) => self.alter(&alter),
            Statement::Comment {
                object_type,
                object_name,
                comment,
                ..
            } => self.comment(object_type, &object_name, comment),
            Statement::Drop {
                object_type: ObjectType::Table | ObjectType::View | ObjectType::MaterializedView,
                names,
                ..
            } => {
                for name in names {
                    let name = self.known(&name);
                    self.remove(&name);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A name, in the schema where things are made that say none.
    pub(super) fn place(&self, name: &ObjectName) -> Name {
        let (schema, name) = object(name);
        (schema.unwrap_or_else(|| self.schema.clone()), name)
    }

    /// The name of something that there is already.
    pub(super) fn known(&self, name: &ObjectName) -> Name {
        let here = self.place(name);
        let (schema, name) = object(name);
        let public = (Dialect::Postgres.main_schema().to_owned(), name);
        if schema.is_none() && !self.places.contains_key(&here) {
            return public;
        }
        here
    }

    fn remove(&mut self, name: &Name) {
        let place = self.places.remove(name);
        if let Some(made) = place.and_then(|place| self.tables.get_mut(place)) {
            *made = None;
        }
    }

    pub(super) fn made(&mut self, name: &ObjectName) -> Result<&mut Made, Left> {
        let known = self.known(name);
        let place = self.places.get(&known).copied();
        let made = place.and_then(|place| self.tables.get_mut(place)?.as_mut());
        made.ok_or_else(|| format!("there is no table `{name}`"))
    }

    /// The table of a name.
    pub(super) fn table(&self, name: &ObjectName) -> Option<&Table> {
        let place = self.places.get(&self.known(name))?;
        Some(&self.tables.get(*place)?.as_ref()?.table)
    }

    fn add(&mut self, (schema, name): Name, mut table: Table, keys: Vec<Key>) {
        self.columns += table.columns.len();
        table.schema = Some(schema.clone());
        let made = Made {
            schema: schema.clone(),
            table,
            keys,
        };
        if let Some(place) = self.places.get(&(schema.clone(), name.clone())).copied() {
            if let Some(old) = self.tables.get_mut(place) {
                *old = Some(made);
            }
            return;
        }
        self.places.insert((schema, name), self.tables.len());
        self.tables.push(Some(made));
    }

    fn create(&mut self, create: &CreateTable) -> Result<(), Left> {
        let name = self.place(&create.name);
        // Partitions are read by the table that they are of; what is temporary is not there later.
        let is_there = create.if_not_exists && self.places.contains_key(&name);
        if create.partition_of.is_some() || create.temporary || is_there {
            return Ok(());
        }
        let kind = if create.external {
            TableKind::Virtual
        } else {
            TableKind::Table
        };
        let mut table = Table::new(name.1.clone(), []);
        table.kind = kind;
        let like = create.like.as_ref().map(|like| match like {
            CreateTableLikeKind::Parenthesized(like) | CreateTableLikeKind::Plain(like) => {
                &like.name
            }
        });
        for parent in create.inherits.iter().flatten().chain(like) {
            let found = self
                .table(parent)
                .ok_or_else(|| format!("`{}`: there is no table `{parent}`", name.1))?;
            table.columns.extend(found.columns.iter().cloned());
        }
        if let Some(query) = &create.query {
            table.columns =
                view::columns(query, &[], self).map_err(|why| format!("`{}`: {why}", name.1))?;
        }
        let mut keys = Vec::new();
        for column in &create.columns {
            let made = self.column(column, &mut table, &mut keys);
            table.columns.retain(|old| old.name != made.name);
            table.columns.push(made);
        }
        for constraint in &create.constraints {
            self.constraint(constraint, &mut table, &mut keys);
        }
        self.add(name, table, keys);
        Ok(())
    }

    pub(super) fn column(
        &self,
        column: &ColumnDef,
        table: &mut Table,
        keys: &mut Vec<Key>,
    ) -> Column {
        let mut made = types::column(
            named(&column.name),
            &column.data_type,
            &self.types,
            &self.schema,
        );
        for option in &column.options {
            made.nullable &= !types::is_never_null(&option.option);
            match &option.option {
                ColumnOption::PrimaryKey(_) => table.primary_key = vec![made.name.clone()],
                ColumnOption::ForeignKey(key) => {
                    let mut key = self.key(key);
                    key.columns = vec![made.name.clone()];
                    keys.push(key);
                }
                _ => {}
            }
        }
        made
    }

    fn key(&self, key: &ForeignKeyConstraint) -> Key {
        let (schema, table) = self.known(&key.foreign_table);
        Key {
            columns: key.columns.iter().map(named).collect(),
            schema,
            table,
            references: key.referred_columns.iter().map(named).collect(),
        }
    }

    pub(super) fn constraint(
        &self,
        constraint: &TableConstraint,
        table: &mut Table,
        keys: &mut Vec<Key>,
    ) {
        match constraint {
            TableConstraint::PrimaryKey(key) => {
                let columns = key
                    .columns
                    .iter()
                    .filter_map(|column| match &column.column.expr {
                        Expr::Identifier(name) => Some(named(name)),
                        _ => None,
                    });
                table.primary_key = columns.collect();
                for column in &mut table.columns {
                    column.nullable &= !table.primary_key.contains(&column.name);
                }
            }
            TableConstraint::ForeignKey(key) => keys.push(self.key(key)),
            _ => {}
        }
    }

    fn view(&mut self, create: &CreateView) -> Result<(), Left> {
        if create.temporary {
            return Ok(());
        }
        let name = self.place(&create.name);
        let given: Vec<String> = create
            .columns
            .iter()
            .map(|column| named(&column.name))
            .collect();
        let columns = view::columns(&create.query, &given, self)
            .map_err(|why| format!("`{}`: {why}", name.1))?;
        let mut table = Table::new(name.1.clone(), columns);
        table.kind = TableKind::View;
        self.add(name, table, Vec::new());
        Ok(())
    }

    fn comment(
        &mut self,
        of: CommentObject,
        name: &ObjectName,
        comment: Option<String>,
    ) -> Result<(), Left> {
        match of {
            CommentObject::Table | CommentObject::View | CommentObject::MaterializedView => {
                self.made(name)?.table.comment = comment;
            }
            CommentObject::Column => {
                let mut parts = name.0.clone();
                let column = parts.pop().map(|part| object(&ObjectName(vec![part])).1);
                let made = self.made(&ObjectName(parts))?;
                let mut columns = made.table.columns.iter_mut();
                let found = columns.find(|found| Some(&found.name) == column.as_ref());
                found
                    .ok_or_else(|| format!("there is no column `{name}`"))?
                    .comment = comment;
            }
            _ => {}
        }
        Ok(())
    }
}

/// A name as PostgreSQL reads it: lower case where it stands without quotes, of 63 bytes at most.
pub(super) fn named(name: &Ident) -> String {
    let mut read = match name.quote_style {
        Some(_) => name.value.clone(),
        None => name.value.to_ascii_lowercase(),
    };
    while read.len() > 63 {
        read.pop();
    }
    read
}

/// The schema, where there is one, and the name.
pub(super) fn object(name: &ObjectName) -> (Option<String>, String) {
    let mut parts = name
        .0
        .iter()
        .rev()
        .filter_map(|part| part.as_ident())
        .map(named);
    let last = parts.next().unwrap_or_default();
    (parts.next(), last)
}
