//! Ranges of digits as regular expressions, digit by digit.
//!
//! The same walk serves numbers (base 10) and the hexadecimal digits of `\uXXXX` (base 16): below a prefix on which both
//! bounds agree there are the digit of the lower bound, the digits between, and the digit of the upper one.

/// Strings of `count` digits from `low` to `high`, each bound of that length or absent. Every item is a list of ranges of
/// digits, one a place.
pub(super) fn fixed(
    base: u8,
    low: Option<&[u8]>,
    high: Option<&[u8]>,
    count: usize,
) -> Vec<Vec<(u8, u8)>> {
    let mut out = Vec::new();
    let mut open = vec![(Vec::new(), low, high)];
    while let Some((prefix, low, high)) = open.pop() {
        if prefix.len() == count || low.is_none() && high.is_none() {
            let mut item: Vec<(u8, u8)> = prefix;
            item.resize(count, (0, base - 1));
            out.push(item);
            continue;
        }
        let (first, low_rest) = split(low, 0);
        let (last, high_rest) = split(high, base - 1);
        // A bound that takes in all that may follow is none.
        let low_rest = low_rest.filter(|rest| rest.iter().any(|digit| *digit > 0));
        let high_rest = high_rest.filter(|rest| rest.iter().any(|digit| *digit < base - 1));
        let mut push = |from: u8, to: u8, low, high| {
            if from <= to {
                let mut prefix = prefix.clone();
                prefix.push((from, to));
                open.push((prefix, low, high));
            }
        };
        if first == last {
            push(first, first, low_rest, high_rest);
        } else if first < last {
            let from = if low_rest.is_some() { first + 1 } else { first };
            let to = if high_rest.is_some() { last - 1 } else { last };
            if high_rest.is_some() {
                push(last, last, None, high_rest);
            }
            push(from, to, None, None);
            if low_rest.is_some() {
                push(first, first, low_rest, None);
            }
        }
    }
    out
}

/// The first digit of a bound and the rest of it.
fn split(bound: Option<&[u8]>, default: u8) -> (u8, Option<&[u8]>) {
    match bound.and_then(<[u8]>::split_first) {
        Some((first, rest)) => (*first, Some(rest)),
        None => (default, None),
    }
}

/// A range of decimal digits and how often: `[3-7]{2}`.
fn class(from: u8, to: u8, count: usize) -> String {
    let set = if from == to {
        from.to_string()
    } else {
        format!("[{from}-{to}]")
    };
    match count {
        1 => set,
        count => format!("{set}{{{count}}}"),
    }
}

/// Ranges of decimal digits as text.
fn text(item: &[(u8, u8)]) -> String {
    let mut out = String::new();
    let mut rest = item;
    while let Some(&(from, to)) = rest.first() {
        let count = rest
            .iter()
            .take_while(|range| **range == (from, to))
            .count();
        out.push_str(&class(from, to, count));
        rest = rest.get(count..).unwrap_or_default();
    }
    out
}

/// Whole numbers from `low` to `high`, both without leading zeros, as alternatives.
pub(super) fn whole(low: &[u8], high: Option<&[u8]>) -> Vec<String> {
    let same = |low: Option<&[u8]>, high: Option<&[u8]>, count: usize| -> Vec<String> {
        let items = fixed(10, low, high, count);
        items.iter().map(|item| text(item)).collect()
    };
    let Some(high) = high else {
        let mut all = same(Some(low), None, low.len());
        all.push(format!("[1-9]{}", open(low.len())));
        return all;
    };
    if low.len() == high.len() {
        return same(Some(low), Some(high), low.len());
    }
    let mut all = same(Some(low), None, low.len());
    if low.len() + 1 < high.len() {
        let (from, to) = (low.len(), high.len() - 2);
        all.push(if from == to {
            format!("[1-9]{}", class(0, 9, from))
        } else {
            format!("[1-9][0-9]{{{from},{to}}}")
        });
    }
    let mut least = vec![0; high.len()];
    if let Some(first) = least.first_mut() {
        *first = 1;
    }
    all.extend(same(Some(&least), Some(high), high.len()));
    all
}

/// `[0-9]` at least so often.
fn open(count: usize) -> String {
    match count {
        0 => "[0-9]*".to_owned(),
        1 => "[0-9]+".to_owned(),
        count => format!("[0-9]{{{count},}}"),
    }
}

/// A bound of a fraction: its digits without trailing zeros, and whether it is itself outside.
pub(super) type Bound<'d> = Option<(&'d [u8], bool)>;

/// The fractions from `low` to `high`: whether none at all is among them, and the digits of the others as alternatives.
pub(super) fn fraction(low: Bound<'_>, high: Bound<'_>) -> (bool, Vec<String>) {
    let mut none = false;
    let mut all = Vec::new();
    let mut open: Vec<(String, Bound<'_>, Bound<'_>)> = vec![(String::new(), low, high)];
    while let Some((prefix, low, high)) = open.pop() {
        let low = low.filter(|(digits, strict)| !digits.is_empty() || *strict);
        let zero_fits = low.is_none();
        match (low, high) {
            (None, None) => {
                none |= prefix.is_empty();
                all.push(if prefix.is_empty() {
                    "[0-9]+".to_owned()
                } else {
                    format!("{prefix}[0-9]*")
                });
            }
            (Some(([], _)), None) => {
                all.push(format!("{prefix}0*[1-9][0-9]*"));
            }
            (low, Some(([], strict))) => {
                if low.is_none() && !strict {
                    none |= prefix.is_empty();
                    all.push(if prefix.is_empty() {
                        "0+".to_owned()
                    } else {
                        format!("{prefix}0*")
                    });
                }
            }
            (low, high) => {
                if zero_fits {
                    none |= prefix.is_empty();
                    if !prefix.is_empty() {
                        all.push(prefix.clone());
                    }
                }
                descend(&prefix, low, high, &mut open);
            }
        }
    }
    (none, all)
}

/// What may follow `prefix`: the digit of each bound, and those between.
fn descend<'d>(
    prefix: &str,
    low: Bound<'d>,
    high: Bound<'d>,
    open: &mut Vec<(String, Bound<'d>, Bound<'d>)>,
) {
    let first = low.map_or(0, |(digits, _)| digits.first().copied().unwrap_or(0));
    let last = high.map_or(9, |(digits, _)| digits.first().copied().unwrap_or(0));
    let rest = |bound: Bound<'d>| {
        bound.map(|(digits, strict)| (digits.get(1..).unwrap_or_default(), strict))
    };
    if first > last {
        return;
    }
    if first == last {
        open.push((format!("{prefix}{first}"), rest(low), rest(high)));
        return;
    }
    let from = if low.is_some() { first + 1 } else { first };
    let to = if high.is_some() { last - 1 } else { last };
    if low.is_some() {
        open.push((format!("{prefix}{first}"), rest(low), None));
    }
    if from <= to {
        open.push((format!("{prefix}{}", class(from, to, 1)), None, None));
    }
    if high.is_some() {
        open.push((format!("{prefix}{last}"), None, rest(high)));
    }
}

/// One of several, in a group where there are several.
pub(super) fn any_of(alternatives: &[String]) -> String {
    match alternatives {
        [one] => one.clone(),
        more => format!("(?:{})", more.join("|")),
    }
}
