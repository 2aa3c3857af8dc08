//! Types by the names that PostgreSQL itself gives them.

use std::collections::HashMap;

use sqlparser::ast::{ArrayElemTypeDef as Element, ColumnOption, DataType};

use super::read::{Name, object};
use crate::Column;

/// A type of the database's owner.
#[derive(Clone)]
pub(super) enum Own {
    /// Its labels.
    Enum(Vec<String>),
    /// What it is made of, which is never null or may be.
    Domain(Column),
    /// No more is known.
    Other,
}

/// Those by their names.
pub(super) type Types = HashMap<Name, Own>;

/// A column of a type.
pub(super) fn column(name: String, data_type: &DataType, types: &Types, schema: &str) -> Column {
    if let DataType::Custom(custom, _) = data_type {
        let (own_schema, own) = object(custom);
        let places = [Some(schema), Some("public")].into_iter().flatten();
        let places = own_schema.as_deref().into_iter().chain(places);
        let found = places
            .map(|schema| (schema.to_owned(), own.clone()))
            .find_map(|name| types.get(&name));
        match found {
            Some(Own::Domain(base)) => {
                let mut column = base.clone();
                column.name = name;
                return column;
            }
            Some(Own::Enum(labels)) => {
                let mut column = Column::new(name, crate::Dialect::Postgres.quote_name(&own));
                column.labels.clone_from(labels);
                return column;
            }
            Some(Own::Other) => {
                return Column::new(name, crate::Dialect::Postgres.quote_name(&own));
            }
            None => {}
        }
    }
    let mut column = Column::new(name, formatted(data_type));
    column.nullable = !is_serial(data_type);
    column
}

/// As PostgreSQL's `format_type` has it.
pub(super) fn formatted(data_type: &DataType) -> String {
    if let DataType::Array(of) = data_type {
        return match of {
            Element::AngleBracket(of)
            | Element::SquareBracket(of, _)
            | Element::Parenthesis(of)
            | Element::Qualified(of, _) => {
                let of = formatted(of);
                format!("{}[]", of.trim_end_matches("[]"))
            }
            Element::None => "anyarray".to_owned(),
        };
    }
    let text = data_type.to_string();
    // A name in quotes is nobody's but its own: `"char"`.
    if text.contains('"') {
        return text;
    }
    let lower = text.to_ascii_lowercase();
    let lower = lower.strip_prefix("pg_catalog.").unwrap_or(&lower);
    let (name, rest) = lower.split_once('(').unwrap_or((lower, ""));
    let (arguments, behind) = rest.split_once(')').unwrap_or((rest, ""));
    // `timestamp(3) with time zone`
    let words = [name, behind].map(str::split_ascii_whitespace);
    let words: Vec<&str> = words.into_iter().flatten().collect();
    let arguments: String = arguments.split_ascii_whitespace().collect();
    canonical(&words.join(" "), &arguments)
}

fn canonical(name: &str, arguments: &str) -> String {
    let with = |name: &str| {
        if arguments.is_empty() {
            name.to_owned()
        } else {
            format!("{name}({arguments})")
        }
    };
    let time = |name: &str, zone: &str| format!("{} {zone} time zone", with(name));
    match name {
        "int" | "int4" | "serial" | "serial4" => "integer".to_owned(),
        "int8" | "bigserial" | "serial8" => "bigint".to_owned(),
        "int2" | "smallserial" | "serial2" => "smallint".to_owned(),
        "float4" => "real".to_owned(),
        "float8" | "double" => "double precision".to_owned(),
        "float" => {
            let single = arguments.parse().is_ok_and(|bits: u8| bits < 25);
            if single { "real" } else { "double precision" }.to_owned()
        }
        "decimal" | "dec" => with("numeric"),
        "varchar" | "char varying" => with("character varying"),
        "char" | "character" if arguments.is_empty() => "character(1)".to_owned(),
        "char" | "bpchar" => with("character"),
        "bool" => "boolean".to_owned(),
        "timestamptz" | "timestamp with time zone" => time("timestamp", "with"),
        "timestamp" | "timestamp without time zone" => time("timestamp", "without"),
        "timetz" | "time with time zone" => time("time", "with"),
        "time" | "time without time zone" => time("time", "without"),
        "varbit" | "bit varying" => with("bit varying"),
        name => with(name),
    }
}

fn is_serial(data_type: &DataType) -> bool {
    let name = data_type.to_string().to_ascii_lowercase();
    name.ends_with("serial") || name.starts_with("serial")
}

/// Whether something that is said of a column makes it never null.
pub(super) fn is_never_null(option: &ColumnOption) -> bool {
    matches!(
        option,
        ColumnOption::NotNull | ColumnOption::PrimaryKey(_) | ColumnOption::Identity(_)
    ) || matches!(
        option,
        ColumnOption::Generated {
            generation_expr: None,
            ..
        }
    )
}
