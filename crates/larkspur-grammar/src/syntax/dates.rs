//! Dates and times of `chrono`, as RFC 3339 writes them; every text of the pattern is a date that exists.

use chrono::{
    DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat,
    Timelike as _, Utc,
};

use super::{Definitions, Error, Syntax, Writer};
use crate::grammar::Expr;
use crate::tree::Node;

/// Years from 0000 to 9999, and of each month the days it has; 29 February in leap years only.
const DATE: &str = concat!(
    "[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])",
    "|(0[469]|11)-(0[1-9]|[12][0-9]|30)",
    "|02-(0[1-9]|1[0-9]|2[0-8]))",
    "|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29",
);
const TIME: &str = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?";
const OFFSET: &str = "[+-]([01][0-9]|2[0-3]):[0-5][0-9]";

fn read<T>(node: Node<'_>, value: Result<T, chrono::ParseError>) -> Result<T, Error> {
    value.map_err(|error| Error::unreadable(node, format!("`{}`: {error}", node.text())))
}

fn sayable_year(year: i32) -> Result<(), Error> {
    if (0..=9999).contains(&year) {
        return Ok(());
    }
    Err(Error::unsayable(format!(
        "the year {year} does not have four digits"
    )))
}

fn sayable_time(time: NaiveTime) -> Result<(), Error> {
    if time.nanosecond() < 1_000_000_000 {
        return Ok(());
    }
    Err(Error::unsayable("a leap second has no text"))
}

impl Syntax for NaiveDate {
    fn define(definitions: &mut Definitions) -> Expr {
        definitions.terminal::<Self>("DATE", DATE)
    }

    fn from_node(node: Node<'_>) -> Result<Self, Error> {
        read(node, node.text().parse())
    }

    fn write(&self, out: &mut Writer) -> Result<(), Error> {
        sayable_year(self.year())?;
        out.lexeme(&self.format("%Y-%m-%d").to_string());
        Ok(())
    }
}

impl Syntax for NaiveTime {
    fn define(definitions: &mut Definitions) -> Expr {
        definitions.terminal::<Self>("TIME", TIME)
    }

    fn from_node(node: Node<'_>) -> Result<Self, Error> {
        read(node, node.text().parse())
    }

    fn write(&self, out: &mut Writer) -> Result<(), Error> {
        sayable_time(*self)?;
        out.lexeme(&self.format("%H:%M:%S%.f").to_string());
        Ok(())
    }
}

impl Syntax for NaiveDateTime {
    fn define(definitions: &mut Definitions) -> Expr {
        definitions.terminal::<Self>("DATE_TIME", &format!("({DATE})T{TIME}"))
    }

    fn from_node(node: Node<'_>) -> Result<Self, Error> {
        read(node, node.text().parse())
    }

    fn write(&self, out: &mut Writer) -> Result<(), Error> {
        sayable_year(self.year())?;
        sayable_time(self.time())?;
        out.lexeme(&self.format("%Y-%m-%dT%H:%M:%S%.f").to_string());
        Ok(())
    }
}

impl Syntax for DateTime<Utc> {
    fn define(definitions: &mut Definitions) -> Expr {
        definitions.terminal::<Self>("UTC", &format!("({DATE})T{TIME}Z"))
    }

    fn from_node(node: Node<'_>) -> Result<Self, Error> {
        read(node, node.text().parse())
    }

    fn write(&self, out: &mut Writer) -> Result<(), Error> {
        sayable_year(self.year())?;
        sayable_time(self.time())?;
        out.lexeme(&self.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        Ok(())
    }
}

impl Syntax for DateTime<FixedOffset> {
    fn define(definitions: &mut Definitions) -> Expr {
        definitions.terminal::<Self>("OFFSET_TIME", &format!("({DATE})T{TIME}(Z|{OFFSET})"))
    }

    fn from_node(node: Node<'_>) -> Result<Self, Error> {
        read(node, Self::parse_from_rfc3339(&node.text()))
    }

    fn write(&self, out: &mut Writer) -> Result<(), Error> {
        sayable_year(self.year())?;
        sayable_time(self.time())?;
        if self.offset().local_minus_utc() % 60 != 0 {
            return Err(Error::unsayable(format!(
                "the offset {} is not of whole minutes",
                self.offset()
            )));
        }
        out.lexeme(&self.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        Ok(())
    }
}
