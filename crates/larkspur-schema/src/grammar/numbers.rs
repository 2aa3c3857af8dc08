//! Numbers: bounds of any size, whole ones, multiples, as regular expressions over their texts.
//!
//! What is exact, and for which ways of writing a number, is told by [`Spelling`].

use super::{
    Spelling,
    decimal::Decimal,
    digits::{self, any_of},
};

/// The numbers that are wanted.
#[derive(Clone, Debug, Default)]
pub(super) struct NumberRule {
    /// The lower bound, and whether it is itself outside.
    pub(super) low: Option<(Decimal, bool)>,
    /// The upper bound.
    pub(super) high: Option<(Decimal, bool)>,
    pub(super) integer: bool,
}

/// Every JSON number.
pub(super) const ANY: &str = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?";

/// From which exponent on writers of doubles write whole numbers with one, and how many digits these have at most behind the point.
const WHOLE_EXPONENT: i64 = 16;

impl NumberRule {
    pub(super) fn raise(&mut self, bound: Decimal, strict: bool) {
        let wins = self.low.as_ref().is_none_or(|(known, known_strict)| {
            bound > *known || bound == *known && strict && !known_strict
        });
        if wins {
            self.low = Some((bound, strict));
        }
    }

    pub(super) fn lower(&mut self, bound: Decimal, strict: bool) {
        let wins = self.high.as_ref().is_none_or(|(known, known_strict)| {
            bound < *known || bound == *known && strict && !known_strict
        });
        if wins {
            self.high = Some((bound, strict));
        }
    }

    /// Whether no number is left between the bounds.
    pub(super) fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Some((low, low_strict)), Some((high, high_strict))) => {
                low > high || low == high && (*low_strict || *high_strict)
            }
            _ => false,
        }
    }

    /// The regular expression; `None` where a bound has too many digits to be written out. Without alternatives it is empty.
    pub(super) fn regex(&self, spelling: Spelling) -> Option<Vec<String>> {
        if self.is_empty() {
            return Some(Vec::new());
        }
        if self.low.is_none() && self.high.is_none() && !self.integer {
            return Some(vec![ANY.to_owned()]);
        }
        let zero = Decimal::zero();
        let mut all = Vec::new();
        if self.low.is_none() && self.high.is_none() {
            let both = Magnitude::default();
            all.extend(both.regex(self.integer, spelling)?);
            return Some(vec![format!("-?{}", any_of(&all))]);
        }
        if self
            .high
            .as_ref()
            .is_none_or(|(high, strict)| *high > zero || *high == zero && !strict)
        {
            let magnitude = Magnitude {
                low: self.low.clone().filter(|(low, _)| !low.negative),
                high: self.high.clone(),
            };
            all.extend(magnitude.regex(self.integer, spelling)?);
        }
        if self
            .low
            .as_ref()
            .is_none_or(|(low, strict)| *low < zero || *low == zero && !strict)
        {
            let magnitude = self.negative(&zero);
            let texts = magnitude.regex(self.integer, spelling)?;
            if !texts.is_empty() {
                all.push(format!("-{}", any_of(&texts)));
            }
        }
        Some(all)
    }

    /// The texts behind the minus sign; `-0` is there if zero is wanted.
    fn negative(&self, zero: &Decimal) -> Magnitude {
        let low = match &self.high {
            Some((high, strict)) if *high < *zero => Some((high.abs(), *strict)),
            Some((high, true)) if high == zero => Some((zero.clone(), true)),
            _ => None,
        };
        Magnitude {
            low,
            high: self.low.as_ref().map(|(low, strict)| (low.abs(), *strict)),
        }
    }
}

/// A range of numbers without a sign.
#[derive(Debug, Default)]
struct Magnitude {
    low: Option<(Decimal, bool)>,
    high: Option<(Decimal, bool)>,
}

impl Magnitude {
    fn regex(&self, integer: bool, spelling: Spelling) -> Option<Vec<String>> {
        let mut all = if integer {
            self.whole(spelling)?
        } else {
            self.decimals()?
        };
        if spelling != Spelling::Plain {
            all.extend(self.scientific(integer)?);
        }
        Some(all)
    }

    /// Whole numbers, with a fraction of zeros where the spelling has them.
    fn whole(&self, spelling: Spelling) -> Option<Vec<String>> {
        let low = match &self.low {
            Some((low, strict)) => {
                let (mut whole, fraction) = low.written()?;
                if !fraction.is_empty() || *strict {
                    increment(&mut whole);
                }
                whole
            }
            None => vec![0],
        };
        let high = match &self.high {
            Some((high, strict)) => {
                let (mut whole, fraction) = high.written()?;
                if fraction.is_empty() && *strict && !decrement(&mut whole) {
                    return Some(Vec::new());
                }
                Some(whole)
            }
            None => None,
        };
        if high.as_ref().is_some_and(|high| is_less(high, &low)) {
            return Some(Vec::new());
        }
        let texts = digits::whole(&low, high.as_deref());
        Some(match spelling {
            Spelling::Plain => texts,
            _ => vec![format!(r"{}(?:\.0+)?", any_of(&texts))],
        })
    }

    /// Numbers without an exponent.
    fn decimals(&self) -> Option<Vec<String>> {
        let low = match &self.low {
            Some((low, strict)) => Some((low.written()?, *strict)),
            None => None,
        };
        let high = match &self.high {
            Some((high, strict)) => Some((high.written()?, *strict)),
            None => None,
        };
        let zero = (vec![0], Vec::new());
        let ((low_whole, low_fraction), low_strict) = low.unwrap_or((zero, false));
        let low_bound = Some((low_fraction.as_slice(), low_strict));
        let Some(((high_whole, high_fraction), high_strict)) = high else {
            return Some(decimals_above(low_whole, low_bound));
        };
        let high_bound = Some((high_fraction.as_slice(), high_strict));
        let mut all = Vec::new();
        if low_whole == high_whole {
            push_with(
                &digits_text(&low_whole),
                digits::fraction(low_bound, high_bound),
                &mut all,
            );
            return Some(all);
        }
        if is_less(&high_whole, &low_whole) {
            return Some(all);
        }
        push_with(
            &digits_text(&low_whole),
            digits::fraction(low_bound, None),
            &mut all,
        );
        let (mut from, mut to) = (low_whole, high_whole.clone());
        increment(&mut from);
        decrement(&mut to);
        if !is_less(&to, &from) {
            push_with(
                &any_of(&digits::whole(&from, Some(&to))),
                (true, vec!["[0-9]+".to_owned()]),
                &mut all,
            );
        }
        push_with(
            &digits_text(&high_whole),
            digits::fraction(None, high_bound),
            &mut all,
        );
        Some(all)
    }

    /// Numbers with one digit before the point and an exponent. Zero is not written like that.
    fn scientific(&self, integer: bool) -> Option<Vec<String>> {
        let low = self.low.as_ref().filter(|(low, _)| !low.is_zero());
        let high = self.high.as_ref();
        if high.is_some_and(|(high, _)| high.is_zero()) {
            return Some(Vec::new());
        }
        let exponent = |bound: &Decimal| bound.point - 1;
        let mut from = low.map(|(low, _)| exponent(low));
        let to = high.map(|(high, _)| exponent(high));
        let any_mantissa = if integer {
            r"[1-9](?:\.[0-9]{1,16})?"
        } else {
            r"[1-9](?:\.[0-9]+)?"
        };
        let mut all = Vec::new();
        let mut push = |mantissa: String, from: Option<i64>, to: Option<i64>| {
            if !mantissa.is_empty()
                && let Some(exponents) = exponents(from, to)
            {
                all.push(format!("{mantissa}[eE]{exponents}"));
            }
        };
        let floor = if integer { Some(WHOLE_EXPONENT) } else { None };
        let edge = |at: i64, low, high| -> Option<String> {
            if floor.is_some_and(|floor| at < floor) {
                return Some(String::new());
            }
            mantissa(low, high, integer)
        };
        if let (Some(first), Some(last)) = (from, to)
            && first == last
        {
            push(edge(first, low, high)?, Some(first), Some(first));
            return Some(all);
        }
        if let Some(first) = from {
            push(edge(first, low, None)?, Some(first), Some(first));
            from = Some(first + 1);
        }
        let from = from.max(floor);
        push(any_mantissa.to_owned(), from, to.map(|to| to - 1));
        if let Some(last) = to {
            push(edge(last, None, high)?, Some(last), Some(last));
        }
        Some(all)
    }
}

/// Numbers without an exponent and without an upper bound.
fn decimals_above(whole: Vec<u8>, fraction: digits::Bound<'_>) -> Vec<String> {
    let mut all = Vec::new();
    push_with(
        &digits_text(&whole),
        digits::fraction(fraction, None),
        &mut all,
    );
    let mut next = whole;
    increment(&mut next);
    let larger = any_of(&digits::whole(&next, None));
    push_with(&larger, (true, vec!["[0-9]+".to_owned()]), &mut all);
    all
}

/// One digit, and a fraction: from and to the digits of the bounds; the empty text where there is none.
fn mantissa(
    low: Option<&(Decimal, bool)>,
    high: Option<&(Decimal, bool)>,
    integer: bool,
) -> Option<String> {
    let scaled = |bound: &(Decimal, bool)| {
        let mut decimal = bound.0.abs();
        decimal.point = 1;
        (decimal, bound.1)
    };
    let one = Decimal::read("1")?;
    let ten = Decimal::read("10")?;
    let range = Magnitude {
        low: Some(low.map_or((one, false), scaled)),
        high: Some(high.map_or((ten, true), scaled)),
    };
    let texts = range.decimals()?;
    if texts.is_empty() {
        return Some(String::new());
    }
    let text = any_of(&texts);
    // At an exponent that only whole numbers have, a longer fraction would not be one.
    Some(if integer {
        text.replace("[0-9]*", "[0-9]{0,16}")
            .replace("[0-9]+", "[0-9]{1,16}")
    } else {
        text
    })
}

/// Exponents from `from` to `to`: signs and leading zeros as writers put them.
fn exponents(from: Option<i64>, to: Option<i64>) -> Option<String> {
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return None;
    }
    if from.is_none() && to.is_none() {
        return Some("[+-]?[0-9]+".to_owned());
    }
    let digits = |number: i64| digits_of(number.unsigned_abs());
    let mut all = Vec::new();
    if to.is_none_or(|to| to >= 0) {
        let low = digits(from.unwrap_or(0).max(0));
        let texts = digits::whole(&low, to.map(digits).as_deref());
        all.push(format!(r"\+?0*{}", any_of(&texts)));
    }
    if from.is_none_or(|from| from < 0) {
        let low = digits(to.unwrap_or(-1).min(-1));
        let texts = digits::whole(&low, from.map(digits).as_deref());
        all.push(format!("-0*{}", any_of(&texts)));
    }
    Some(any_of(&all))
}

/// `whole` with each fraction that may follow it.
fn push_with(whole: &str, (none, fractions): (bool, Vec<String>), all: &mut Vec<String>) {
    match (none, fractions.is_empty()) {
        (true, true) => all.push(whole.to_owned()),
        (true, false) => all.push(format!(r"{whole}(?:\.{})?", any_of(&fractions))),
        (false, false) => all.push(format!(r"{whole}\.{}", any_of(&fractions))),
        (false, true) => {}
    }
}

fn digits_of(number: u64) -> Vec<u8> {
    number
        .to_string()
        .bytes()
        .map(|digit| digit - b'0')
        .collect()
}

fn digits_text(digits: &[u8]) -> String {
    digits
        .iter()
        .map(|digit| char::from(b'0' + digit))
        .collect()
}

fn is_less(a: &[u8], b: &[u8]) -> bool {
    a.len() < b.len() || a.len() == b.len() && a < b
}

fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return;
        }
        *digit = 0;
    }
    digits.insert(0, 1);
}

/// Whether there was something to take away.
fn decrement(digits: &mut Vec<u8>) -> bool {
    if digits.iter().all(|digit| *digit == 0) {
        return false;
    }
    for digit in digits.iter_mut().rev() {
        if *digit > 0 {
            *digit -= 1;
            break;
        }
        *digit = 9;
    }
    if digits.len() > 1 && digits.first() == Some(&0) {
        digits.remove(0);
    }
    true
}

/// The most endings of multiples that are listed.
const MOST_ENDINGS: u64 = 500;

/// The numbers that are multiples of `step`, where their last digits tell: steps such as 0.01, 5, 250. `None` for others.
pub(super) fn multiples(step: &Decimal, spelling: Spelling) -> Option<String> {
    let places = usize::try_from(i64::try_from(step.digits.len()).ok()? - step.point);
    let unit = step.digits.iter().try_fold(0_u64, |sum, digit| {
        sum.checked_mul(10)?.checked_add(u64::from(*digit))
    })?;
    let (unit, places) = if let Ok(places) = places {
        (unit, places)
    } else {
        let zeros = u32::try_from(step.point - i64::try_from(step.digits.len()).ok()?).ok()?;
        (unit.checked_mul(10_u64.checked_pow(zeros)?)?, 0)
    };
    let width = (0..=9).find(|width| 10_u64.pow(*width).checked_rem(unit) == Some(0))?;
    if 10_u64.pow(width) / unit > MOST_ENDINGS {
        return None;
    }
    let width = usize::try_from(width).ok()?;
    let endings: Vec<String> = (0..10_u64.pow(u32::try_from(width).ok()?) / unit)
        .map(|nth| format!("{:0width$}", nth * unit))
        .collect();
    let text = if places == 0 {
        whole_multiples(&endings, width, spelling)
    } else {
        fraction_multiples(&endings, width, places)?
    };
    Some(if spelling == Spelling::Plain {
        format!("-?(?:{text})")
    } else {
        // Numbers so large are written by their leading digits.
        format!(
            r"-?(?:{text}|[1-9](?:\.[0-9]{{1,16}})?[eE]{})",
            exponents(Some(WHOLE_EXPONENT), None)?
        )
    })
}

fn whole_multiples(endings: &[String], width: usize, spelling: Spelling) -> String {
    let mut all = Vec::new();
    if width == 0 {
        all.push("0|[1-9][0-9]*".to_owned());
    } else {
        all.push(format!("[1-9][0-9]*{}", any_of(endings)));
        // Numbers of no more digits than an ending has.
        all.extend(endings.iter().map(|ending| {
            let short = ending.trim_start_matches('0');
            if short.is_empty() { "0" } else { short }.to_owned()
        }));
    }
    let zeros = if spelling == Spelling::Plain {
        ""
    } else {
        r"(?:\.0+)?"
    };
    format!("(?:{}){zeros}", all.join("|"))
}

fn fraction_multiples(endings: &[String], width: usize, places: usize) -> Option<String> {
    let free = places.checked_sub(width)?;
    let mut all = Vec::new();
    for ending in endings {
        let solid = ending.trim_end_matches('0');
        match (free, solid) {
            (0, "") => all.push("0+".to_owned()),
            (0, solid) => all.push(format!("{solid}0*")),
            (free, "") => all.push(format!("[0-9]{{1,{free}}}0*")),
            (free, solid) => all.push(format!("[0-9]{{{free}}}{solid}0*")),
        }
    }
    Some(format!(r"(?:0|[1-9][0-9]*)(?:\.{})?", any_of(&all)))
}
