//! Plausible numbers within their bounds.

use serde_json::{Number, Value};

use super::hints::About;
use super::source::Source;

/// Bounds of a number, of which the schema may give none.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    low: f64,
    high: f64,
    step: Option<f64>,
}

fn keyword(schema: &Value, about: &About, name: &str) -> Option<Value> {
    schema
        .get(name)
        .filter(|value| value.is_number())
        .cloned()
        .or_else(|| about.told(name))
}

/// The usual range of a number, by what it is about.
fn usual(about: &About) -> (f64, f64) {
    let has = |words: &[&str]| {
        about
            .words
            .iter()
            .any(|word| words.contains(&word.as_str()))
    };
    match () {
        () if has(&["year"]) => (1990.0, 2027.0),
        () if has(&["month"]) => (1.0, 12.0),
        () if has(&["day"]) => (1.0, 28.0),
        () if has(&["hour"]) => (0.0, 23.0),
        () if has(&["minute", "minutes", "second", "seconds"]) => (0.0, 59.0),
        () if has(&["age"]) => (18.0, 79.0),
        () if has(&["confidence", "probability", "ratio", "fraction", "share"]) => (0.5, 1.0),
        () if has(&["percent", "percentage", "rate", "tax", "vat", "discount"]) => (1.0, 25.0),
        () if has(&["rating", "stars", "score", "priority", "level", "rank"]) => (1.0, 5.0),
        () if has(&["latitude", "lat"]) => (36.0, 60.0),
        () if has(&["longitude", "lon", "lng"]) => (-8.0, 24.0),
        () if has(&[
            "price", "amount", "total", "cost", "subtotal", "fee", "sum", "balance", "salary",
            "budget",
        ]) =>
        {
            (2.0, 150.0)
        }
        () if has(&["quantity", "qty", "count", "units", "pieces"]) => (1.0, 12.0),
        () if has(&["temperature"]) => (-5.0, 30.0),
        () if has(&["id", "number"]) => (1000.0, 9999.0),
        () => (1.0, 100.0),
    }
}

pub(crate) fn is_money(about: &About) -> bool {
    const MONEY: &[&str] = &[
        "price", "amount", "total", "cost", "subtotal", "fee", "sum", "balance", "salary",
        "budget", "paid", "tax", "net", "gross",
    ];
    about
        .words
        .iter()
        .any(|word| MONEY.contains(&word.as_str()))
}

fn bounds(schema: &Value, about: &About, smallest_step: f64) -> Option<Bounds> {
    let number = |name: &str| keyword(schema, about, name).and_then(|value| value.as_f64());
    let low = strongest(
        number("minimum"),
        number("exclusiveMinimum").map(|low| low + smallest_step),
        f64::max,
    );
    let high = strongest(
        number("maximum"),
        number("exclusiveMaximum").map(|high| high - smallest_step),
        f64::min,
    );
    let step = number("multipleOf").filter(|step| *step > 0.0);
    let (near, far) = usual(about);
    let width = (far - near).max(step.unwrap_or(0.0) * 4.0);
    let (low, high) = match (low, high) {
        (None, None) => (near, far),
        (Some(low), None) => (low.max(near), low.max(near) + width),
        (None, Some(high)) => (high.min(far) - width, high.min(far)),
        // The usual part of the range, where there is one.
        (Some(low), Some(high)) if low.max(near) < high.min(far) && step.is_none() => {
            (low.max(near), high.min(far))
        }
        (Some(low), Some(high)) => (low, high),
    };
    (low <= high).then_some(Bounds { low, high, step })
}

fn strongest(first: Option<f64>, second: Option<f64>, choose: fn(f64, f64) -> f64) -> Option<f64> {
    match (first, second) {
        (Some(first), Some(second)) => Some(choose(first, second)),
        (first, second) => first.or(second),
    }
}

/// A whole number.
pub(crate) fn integer(schema: &Value, about: &About, source: &mut Source<'_>) -> Option<Value> {
    let limits = limits(schema, about)?;
    let step = keyword(schema, about, "multipleOf").and_then(|value| value.as_f64());
    let step = step
        .filter(|step| *step >= 1.0 && step.fract() == 0.0)
        .map_or(1, whole);
    if step > 1 {
        return multiple_of(limits, step, source);
    }
    if limits.0 < limits.1
        && let Some(clue) = source
            .integer(about)
            .filter(|clue| (limits.0..=limits.1).contains(clue))
    {
        return Some(clue.into());
    }
    let (low, high) = usual_part(limits, usual(about));
    Some(source.rng.between(low, high).into())
}

/// The part of a range that is usual, or what is nearest to it.
fn usual_part((low, high): (i64, i64), (usual_low, usual_high): (f64, f64)) -> (i64, i64) {
    let near = whole(usual_low.ceil());
    let far = whole(usual_high.floor()).max(near + 1);
    if high < near {
        return (low.max(high.saturating_sub(far - near)), high);
    }
    if low > far {
        return (low, high.min(low.saturating_add(far - near)));
    }
    (low.max(near), high.min(far))
}

/// One of the smallest multiples of `step` that are at least 0, if the range has such, or at least its low end.
fn multiple_of((low, high): (i64, i64), step: i64, source: &mut Source<'_>) -> Option<Value> {
    const FEW: i128 = 12;
    let step = i128::from(step);
    let from = if high >= 0 { low.max(0) } else { low };
    let first = (i128::from(from) + step - 1).div_euclid(step);
    let last = i128::from(high).div_euclid(step).min(first + FEW);
    if first > last {
        return None;
    }
    let factor = source
        .rng
        .between(i64::try_from(first).ok()?, i64::try_from(last).ok()?);
    i64::try_from(i128::from(factor) * step)
        .ok()
        .map(Value::from)
}

/// Lowest and highest integer that the bounds admit, exactly where they are integers themselves.
fn limits(schema: &Value, about: &About) -> Option<(i64, i64)> {
    let bound = |name: &str| keyword(schema, about, name);
    let low = [
        bound("minimum").map(|bound| at_least(&bound)),
        bound("exclusiveMinimum").map(|bound| at_most(&bound).saturating_add(1)),
    ];
    let high = [
        bound("maximum").map(|bound| at_most(&bound)),
        bound("exclusiveMaximum").map(|bound| at_least(&bound).saturating_sub(1)),
    ];
    let low = low.into_iter().flatten().max().unwrap_or(i64::MIN);
    let high = high.into_iter().flatten().min().unwrap_or(i64::MAX);
    (low <= high).then_some((low, high))
}

/// The lowest integer that is not below a bound.
fn at_least(bound: &Value) -> i64 {
    bound
        .as_i64()
        .unwrap_or_else(|| whole(bound.as_f64().unwrap_or(f64::MIN).ceil()))
}

/// The highest integer that is not above a bound.
fn at_most(bound: &Value) -> i64 {
    bound
        .as_i64()
        .unwrap_or_else(|| whole(bound.as_f64().unwrap_or(f64::MAX).floor()))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "`as` saturates, which is what a bound beyond i64 asks for"
)]
fn whole(number: f64) -> i64 {
    number as i64
}

/// A number that may have decimals.
pub(crate) fn number(schema: &Value, about: &About, source: &mut Source<'_>) -> Option<Value> {
    let bounds = bounds(schema, about, 0.01)
        .or_else(|| bounds(schema, about, 1e-9))
        .filter(|bounds| bounds.low.is_finite() && bounds.high.is_finite())?;
    if let Some(step) = bounds.step {
        return multiple(bounds, step, source);
    }
    let (low, high) = bounds_of(schema, about);
    let clue = if is_money(about) {
        source.amount()
    } else {
        None
    };
    if let Some(clue) = clue.filter(|clue| (low..=high).contains(clue)) {
        return Number::from_f64(clue).map(Value::Number);
    }
    let places = if bounds.high - bounds.low > 0.1 {
        100.0
    } else {
        1e9
    };
    let (low, high) = ((bounds.low * places).ceil(), (bounds.high * places).floor());
    if low > high || low.abs().max(high.abs()) > 9e15 {
        return Number::from_f64(f64::midpoint(bounds.low, bounds.high)).map(Value::Number);
    }
    let scaled = source.rng.between(whole(low), whole(high));
    #[expect(clippy::cast_precision_loss, reason = "below 2^53 by the check above")]
    let number = scaled as f64 / places;
    Number::from_f64(number).map(Value::Number)
}

/// The bounds that the schema itself gives.
fn bounds_of(schema: &Value, about: &About) -> (f64, f64) {
    let number = |name: &str| keyword(schema, about, name).and_then(|value| value.as_f64());
    let low = strongest(
        number("minimum"),
        number("exclusiveMinimum").map(f64::next_up),
        f64::max,
    );
    let high = strongest(
        number("maximum"),
        number("exclusiveMaximum").map(f64::next_down),
        f64::min,
    );
    (low.unwrap_or(f64::MIN), high.unwrap_or(f64::MAX))
}

/// A multiple of `step`, printed with as many decimals as the step has.
fn multiple(bounds: Bounds, step: f64, source: &mut Source<'_>) -> Option<Value> {
    let (first, last) = ((bounds.low / step).ceil(), (bounds.high / step).floor());
    if first > last || first.abs().max(last.abs()) > 9e15 {
        return None;
    }
    let factor = source.rng.between(whole(first), whole(last));
    let text = step.to_string();
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    #[expect(clippy::cast_precision_loss, reason = "below 2^53 by the check above")]
    let product = factor as f64 * step;
    let rounded: f64 = format!("{product:.decimals$}").parse().ok()?;
    if decimals == 0 {
        return Some(whole(rounded).into());
    }
    Number::from_f64(rounded).map(Value::Number)
}
