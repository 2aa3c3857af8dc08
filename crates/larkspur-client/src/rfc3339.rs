//! Times as RFC 3339 writes them.

use std::time::{Duration, SystemTime};

/// `2026-11-23T17:00:05.5Z`, or with an offset such as `+01:00`. Nothing for what is no such time, or lies before 1970.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let (year, month, day) = three(date, '-')?;
    let (clock, offset) = zone(time)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let (hour, minute, second) = three(clock, ':')?;
    let in_range = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    if !in_range {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + (hour * 60 + minute) * 60 + second - offset;
    let fraction = match fraction {
        "" => 0.0,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("0.{digits}").parse().ok()?
        }
        _ => return None,
    };
    let since = Duration::from_secs(u64::try_from(seconds).ok()?);
    let since = since.checked_add(Duration::try_from_secs_f64(fraction).ok()?)?;
    SystemTime::UNIX_EPOCH.checked_add(since)
}

/// The time of day, and how many seconds it is ahead of UTC.
fn zone(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let (clock, offset) = time.split_at(time.rfind(['+', '-'])?);
    let (sign, offset) = offset.split_at(1);
    let (hours, minutes) = offset.split_once(':')?;
    let seconds = (two(hours)? * 60 + two(minutes)?) * 60;
    Some((clock, if sign == "-" { -seconds } else { seconds }))
}

fn three(text: &str, between: char) -> Option<(i64, i64, i64)> {
    let mut parts = text.split(between).map(two);
    let three = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(three)
}

/// A number of two to four digits.
fn two(text: &str) -> Option<i64> {
    let is_number = matches!(text.len(), 2..=4) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// Days since 1970 in the Gregorian calendar, by years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468
}
