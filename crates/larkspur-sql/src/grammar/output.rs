//! The queries of a database as something a model can be asked for.

use larkspur_output::{GrammarOutput, Output, OutputType, PrepareError, Target};

use super::{Columns, Names, SelectGrammar};
use crate::{Guard, Query};

impl OutputType for SelectGrammar {
    type Value = Query;

    fn prepare(&self, target: Target) -> Result<Output<Query>, PrepareError> {
        let grammar = self
            .grammar()
            .map_err(|error| PrepareError::new(error.to_string()))?;
        let said = GrammarOutput::new(grammar);
        let guard = Guard::new(&self.catalog, self.policy.clone());
        #[cfg(any(feature = "postgres", feature = "sqlite"))]
        if let Some(db) = &self.database {
            let db = std::sync::Arc::clone(db);
            return Ok(said.prepare_with(target, move |text| db.judge(&guard, text)));
        }
        Ok(said.prepare_with(target, move |text| guard.check(text)))
    }
}

impl SelectGrammar {
    /// What a model should be told along with the question: what to answer, and the tables that the grammar has.
    ///
    /// ```
    /// let db = larkspur_sql::Sqlite::from_ddl("CREATE TABLE album (title TEXT, year INTEGER)")?;
    /// assert!(db.select().instructions().ends_with("\n\nalbum(title TEXT, year INTEGER)\n"));
    /// # Ok::<(), larkspur_sql::Error>(())
    /// ```
    pub fn instructions(&self) -> String {
        if self.names == Names::Any && self.catalog.tables.is_empty() {
            let name = self.catalog.dialect().name();
            return format!(
                "Answer the question with one SELECT statement for {name} and nothing else."
            );
        }
        format!(
            "Answer the question with one SELECT statement for {} and nothing else. {} Join tables along their keys, and ask for no \
             more than the question does.{} These are the tables, with their keys and where they lead:\n\n{}",
            self.catalog.dialect().name(),
            match self.fitted().map_or(self.columns, |fitted| fitted.columns) {
                // There are all ways.
                _ if self.names == Names::Any =>
                    "Where there are several tables, write every column behind the name of its table.",
                Columns::Qualified => "Write every column behind the name of its table.",
                Columns::Either =>
                    "Where there are several tables, write every column behind the name of its table.",
                Columns::Bare =>
                    "Write a column alone, or behind the name of its table where several tables have one of that name.",
            },
            if self.catalog.dialect().has_typed_expressions() {
                " Group by the places of what is selected, such as GROUP BY 1, 2."
            } else {
                ""
            },
            self.fitted()
                .map_or(&self.catalog, |fitted| &fitted.catalog)
        )
    }
}
