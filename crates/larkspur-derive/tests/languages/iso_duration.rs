//! Durations of ISO 8601: weeks, or a date part and a time part of which neither is empty.

use larkspur::Syntax;
use proptest::prelude::*;

use crate::strategies::maybe;

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Duration {
    #[syntax("P{0}W")]
    Weeks(u32),
    #[syntax("P{date}{time}")]
    Dated {
        date: Date,
        #[syntax(some = "T{}")]
        time: Option<Time>,
    },
    #[syntax("PT{0}")]
    Timed(Time),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Date {
    #[syntax("{years}Y{months}{days}")]
    Years {
        years: u32,
        #[syntax(some = "{}M")]
        months: Option<u32>,
        #[syntax(some = "{}D")]
        days: Option<u32>,
    },
    #[syntax("{months}M{days}")]
    Months {
        months: u32,
        #[syntax(some = "{}D")]
        days: Option<u32>,
    },
    #[syntax("{0}D")]
    Days(u32),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
pub(crate) enum Time {
    #[syntax("{hours}H{minutes}{seconds}")]
    Hours {
        hours: u32,
        #[syntax(some = "{}M")]
        minutes: Option<u32>,
        #[syntax(some = "{}S")]
        seconds: Option<Seconds>,
    },
    #[syntax("{minutes}M{seconds}")]
    Minutes {
        minutes: u32,
        #[syntax(some = "{}S")]
        seconds: Option<Seconds>,
    },
    #[syntax("{0}S")]
    Seconds(Seconds),
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(pattern = r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,9})?")]
pub(crate) struct Seconds(String);

pub(crate) type Root = Duration;

pub(crate) const ACCEPTED: &[&str] = &["P3Y6M4DT12H30M5.25S", "PT36H", "P1D", "P2W", "P5M"];

pub(crate) const REFUSED: &[&str] = &["P", "PT", "P1DT", "P1W2D", "P1D1Y", "1D", "PT1D", "P01D"];

pub(crate) fn values() -> impl Strategy<Value = Root> {
    let number = || maybe(any::<u32>());
    let seconds = || r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,9})?".prop_map(Seconds);
    let date = prop_oneof![
        (any::<u32>(), number(), number()).prop_map(|(years, months, days)| Date::Years { years, months, days }),
        (any::<u32>(), number()).prop_map(|(months, days)| Date::Months { months, days }),
        any::<u32>().prop_map(Date::Days),
    ];
    let time = prop_oneof![
        (any::<u32>(), number(), maybe(seconds()))
            .prop_map(|(hours, minutes, seconds)| Time::Hours { hours, minutes, seconds }),
        (any::<u32>(), maybe(seconds())).prop_map(|(minutes, seconds)| Time::Minutes { minutes, seconds }),
        seconds().prop_map(Time::Seconds),
    ]
    .boxed();
    prop_oneof![
        any::<u32>().prop_map(Duration::Weeks),
        (date, maybe(time.clone())).prop_map(|(date, time)| Duration::Dated { date, time }),
        time.prop_map(Duration::Timed),
    ]
}
