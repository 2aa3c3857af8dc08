//! What `ALTER` changes of what there is.

use sqlparser::ast::{
    AlterColumnOperation, AlterTable, AlterTableOperation, AlterType, AlterTypeAddValuePosition,
    AlterTypeOperation, Ident, ObjectName, RenameTableNameKind,
};

use super::{
    read::{Key, Left, Name, Reader, named, object},
    types::{self, Own},
};
use crate::Dialect;

impl Reader {
    pub(super) fn alter_type(&mut self, alter: AlterType) -> Result<(), Left> {
        let name = self.place(&alter.name);
        let (Some(Own::Enum(labels)), AlterTypeOperation::AddValue(add)) =
            (self.types.get_mut(&name), alter.operation)
        else {
            return Err(format!(
                "what ALTER TYPE does to `{}` is not followed",
                name.1
            ));
        };
        let label = add.value.value;
        let of = |old: &Ident| labels.iter().position(|label| *label == old.value);
        let place = match &add.position {
            Some(AlterTypeAddValuePosition::Before(old)) => of(old),
            Some(AlterTypeAddValuePosition::After(old)) => of(old).map(|place| place + 1),
            None => None,
        };
        labels.insert(place.unwrap_or(labels.len()), label);
        // Columns have their own.
        let labels = labels.clone();
        let quoted = Dialect::Postgres.quote_name(&name.1);
        for made in self.tables.iter_mut().flatten() {
            let columns = made.table.columns.iter_mut();
            for column in
                columns.filter(|column| column.data_type == quoted && !column.labels.is_empty())
            {
                column.labels.clone_from(&labels);
            }
        }
        Ok(())
    }

    pub(super) fn alter(&mut self, alter: &AlterTable) -> Result<(), Left> {
        for operation in &alter.operations {
            self.alter_by(&alter.name, operation)?;
        }
        Ok(())
    }

    fn alter_by(&mut self, name: &ObjectName, operation: &AlterTableOperation) -> Result<(), Left> {
        match operation {
            AlterTableOperation::AddConstraint { constraint, .. } => {
                let mut made = self.made(name)?.clone();
                self.constraint(constraint, &mut made.table, &mut made.keys);
                *self.made(name)? = made;
            }
            AlterTableOperation::AddColumn { column_def, .. } => {
                let mut made = self.made(name)?.clone();
                let column = self.column(column_def, &mut made.table, &mut made.keys);
                if !made.table.columns.iter().any(|old| old.name == column.name) {
                    made.table.columns.push(column);
                    self.columns += 1;
                }
                *self.made(name)? = made;
            }
            AlterTableOperation::DropColumn { column_names, .. } => {
                let dropped: Vec<String> = column_names.iter().map(named).collect();
                let made = self.made(name)?;
                made.table
                    .columns
                    .retain(|column| !dropped.contains(&column.name));
                made.keys
                    .retain(|key| !key.columns.iter().any(|column| dropped.contains(column)));
                if made
                    .table
                    .primary_key
                    .iter()
                    .any(|column| dropped.contains(column))
                {
                    made.table.primary_key.clear();
                }
            }
            AlterTableOperation::AlterColumn { column_name, op } => {
                self.alter_column(name, column_name, op)?;
            }
            AlterTableOperation::RenameColumn {
                old_column_name,
                new_column_name,
            } => {
                self.rename_column(name, &named(old_column_name), &named(new_column_name))?;
            }
            AlterTableOperation::RenameTable {
                table_name: RenameTableNameKind::As(to) | RenameTableNameKind::To(to),
            } => {
                self.rename(name, &object(to).1)?;
            }
            AlterTableOperation::DropConstraint { .. } => {
                return Err(format!(
                    "what DROP CONSTRAINT does to `{name}` is not followed"
                ));
            }
            _ => {}
        }
        Ok(())
    }

    fn alter_column(
        &mut self,
        table: &ObjectName,
        column: &Ident,
        op: &AlterColumnOperation,
    ) -> Result<(), Left> {
        let name = named(column);
        let new = match op {
            AlterColumnOperation::SetDataType { data_type, .. } => Some(types::column(
                name.clone(),
                data_type,
                &self.types,
                &self.schema,
            )),
            _ => None,
        };
        let made = self.made(table)?;
        let column = made
            .table
            .columns
            .iter_mut()
            .find(|column| column.name == name);
        let column = column.ok_or_else(|| format!("`{table}` has no column `{name}`"))?;
        match op {
            AlterColumnOperation::SetNotNull => column.nullable = false,
            AlterColumnOperation::DropNotNull => column.nullable = true,
            _ => {}
        }
        if let Some(new) = new {
            column.data_type = new.data_type;
            column.labels = new.labels;
        }
        Ok(())
    }

    fn rename_column(&mut self, table: &ObjectName, old: &str, new: &str) -> Result<(), Left> {
        let rename = |names: &mut Vec<String>| {
            for name in names.iter_mut().filter(|name| *name == old) {
                new.clone_into(name);
            }
        };
        let target = self.known(table);
        let made = self.made(table)?;
        let columns = made.table.columns.iter_mut();
        for column in columns.filter(|column| column.name == old) {
            new.clone_into(&mut column.name);
        }
        rename(&mut made.table.primary_key);
        made.keys
            .iter_mut()
            .for_each(|key| rename(&mut key.columns));
        self.refer(&target, |key| rename(&mut key.references));
        Ok(())
    }

    fn rename(&mut self, table: &ObjectName, new: &str) -> Result<(), Left> {
        let old = self.known(table);
        new.clone_into(&mut self.made(table)?.table.name);
        if let Some(place) = self.places.remove(&old) {
            self.places.insert((old.0.clone(), new.to_owned()), place);
        }
        self.refer(&old, |key| new.clone_into(&mut key.table));
        Ok(())
    }

    /// Changes the keys that lead to a table.
    fn refer(&mut self, target: &Name, change: impl Fn(&mut Key)) {
        let keys = self
            .tables
            .iter_mut()
            .flatten()
            .flat_map(|made| &mut made.keys);
        let to = keys.filter(|key| (&key.schema, &key.table) == (&target.0, &target.1));
        to.for_each(change);
    }
}
