//! Recurrence rules of iCalendar (RFC 5545).

use chrono::{DateTime, Utc};
use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::{any_of, maybe, some};

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("FREQ={frequency}{parts}")]
pub(crate) struct Rule {
    frequency: Frequency,
    #[syntax(some = ";{}", separator = ";", max = 8)]
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(rename_all = "UPPERCASE")]
pub(crate) enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Part {
    #[syntax("INTERVAL={0}")]
    Interval(#[syntax(range = 1..=1000)] u16),
    #[syntax("COUNT={0}")]
    Count(u32),
    #[syntax("UNTIL={0}")]
    Until(DateTime<Utc>),
    #[syntax("BYDAY={0}")]
    Days(#[syntax(separator = ",", min = 1)] Vec<Day>),
    #[syntax("BYMONTHDAY={0}")]
    MonthDays(#[syntax(separator = ",", min = 1, range = -31..=31)] Vec<i8>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{which}{day}")]
pub(crate) struct Day {
    #[syntax(range = -53..=53)]
    which: Option<i8>,
    day: Weekday,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Weekday {
    #[syntax("MO")]
    Monday,
    #[syntax("FR")]
    Friday,
    #[syntax("SU")]
    Sunday,
}

pub(crate) type Root = Rule;

pub(crate) const ACCEPTED: &[&str] = &[
    "FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO,-1FR,SU;UNTIL=2026-12-31T23:59:59Z",
    "FREQ=DAILY",
    "FREQ=YEARLY;BYMONTHDAY=1,-31;COUNT=10",
];

pub(crate) const REFUSED: &[&str] = &["FREQ=", "FREQ=HOURLY", "FREQ=DAILY;", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYDAY=54MO"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let frequency = prop_oneof![
        Just(Frequency::Daily),
        Just(Frequency::Weekly),
        Just(Frequency::Monthly),
        Just(Frequency::Yearly)
    ];
    let weekday = prop_oneof![Just(Weekday::Monday), Just(Weekday::Friday), Just(Weekday::Sunday)];
    let day = (maybe(-53..=53_i8), weekday).prop_map(|(which, day)| Day { which, day });
    // From the year 0 to 9999.
    let until = (-62_167_219_200..=253_402_300_799_i64, 0..1_000_000_000_u32)
        .prop_filter_map("a time", |(seconds, nanos)| DateTime::from_timestamp(seconds, nanos));
    let part = prop_oneof![
        (1..=1000_u16).prop_map(Part::Interval),
        any::<u32>().prop_map(Part::Count),
        until.prop_map(Part::Until),
        some(day, 4).prop_map(Part::Days),
        some(-31..=31_i8, 4).prop_map(Part::MonthDays),
    ];
    (frequency, any_of(part, 4)).prop_map(|(frequency, parts)| Rule { frequency, parts })
}
