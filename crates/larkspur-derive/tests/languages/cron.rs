//! The five fields of a cron expression, each within its own bounds.

use std::fmt::Debug;

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::some;

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{minute} {hour} {day} {month} {weekday}")]
pub(crate) struct Cron {
    minute: Times<Minute>,
    hour: Times<Hour>,
    day: Times<Day>,
    month: Times<Month>,
    weekday: Times<Weekday>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Times<T> {
    #[syntax("*{0}")]
    Every(#[syntax(some = "/{}", range = 1..=60)] Option<u8>),
    Of(#[syntax(separator = ",", min = 1, max = 20)] Vec<Span<T>>),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{from}{to}{step}")]
pub(crate) struct Span<T> {
    from: T,
    #[syntax(some = "-{}")]
    to: Option<T>,
    #[syntax(some = "/{}", range = 1..=60)]
    step: Option<u8>,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(range = 0..=59)]
pub(crate) struct Minute(u8);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(range = 0..=23)]
pub(crate) struct Hour(u8);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(range = 1..=31)]
pub(crate) struct Day(u8);

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Month {
    Number(#[syntax(range = 1..=12)] u8),
    Name(MonthName),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(rename_all = "UPPERCASE", ignore_case)]
pub(crate) enum MonthName {
    Jan,
    Feb,
    Mar,
    Apr,
    May,
    Jun,
    Jul,
    Aug,
    Sep,
    Oct,
    Nov,
    Dec,
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(range = 0..=7)]
pub(crate) struct Weekday(u8);

pub(crate) type Root = Cron;

pub(crate) const ACCEPTED: &[&str] = &["*/15 0,12 1-7 JAN-MAR 1-5", "0 4 * * *", "5-55/10 * 31 12 0"];

pub(crate) const REFUSED: &[&str] = &["* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "*/0 * * * *"];

fn times<T: Clone + Debug + 'static>(time: impl Strategy<Value = T> + Clone) -> impl Strategy<Value = Times<T>> {
    let step = || prop::option::of(1..=60_u8);
    let span = (time.clone(), prop::option::of(time), step())
        .prop_map(|(from, to, step)| Span { from, to, step });
    prop_oneof![step().prop_map(Times::Every), some(span, 3).prop_map(Times::Of)]
}

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let month = prop_oneof![
        (1..=12_u8).prop_map(Month::Number),
        prop_oneof![Just(MonthName::Jan), Just(MonthName::May), Just(MonthName::Dec)].prop_map(Month::Name),
    ];
    let fields = (
        times((0..=59_u8).prop_map(Minute)),
        times((0..=23_u8).prop_map(Hour)),
        times((1..=31_u8).prop_map(Day)),
        times(month),
        times((0..=7_u8).prop_map(Weekday)),
    );
    fields.prop_map(|(minute, hour, day, month, weekday)| Cron { minute, hour, day, month, weekday })
}
