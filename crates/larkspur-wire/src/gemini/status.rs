//! What an error says beside its message: `details`, objects of `google.rpc`, each known by its `@type`.

use std::time::Duration;

use serde_json::Value;

use crate::error::ErrorObject;

/// How long the server asks to wait: `RetryInfo.retryDelay`, a number of seconds with the letter `s`.
///
/// ```
/// use std::time::Duration;
/// use larkspur_wire::{ErrorBody, gemini};
///
/// let body = ErrorBody::from_text(
///     r#"{"error": {"code": 429, "message": "Slow down.", "status": "RESOURCE_EXHAUSTED", "details": [
///         {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}]}}"#,
/// );
/// assert_eq!(gemini::retry_delay(&body.unwrap().error), Some(Duration::from_millis(34_500)));
/// ```
pub fn retry_delay(error: &ErrorObject) -> Option<Duration> {
    let info = details(error).find(|detail| is(detail, "google.rpc.RetryInfo"))?;
    let seconds = info.get("retryDelay")?.as_str()?.strip_suffix('s')?;
    Duration::try_from_secs_f64(seconds.parse().ok()?).ok()
}

/// Whether what is used up comes back with the next day only (`QuotaFailure`, whose quotas bear their period in their names:
/// `GenerateRequestsPerDayPerProjectPerModel-FreeTier`).
pub fn is_quota_of_the_day(error: &ErrorObject) -> bool {
    let failures = details(error).filter(|detail| is(detail, "google.rpc.QuotaFailure"));
    let violations = failures.filter_map(|failure| failure.get("violations")?.as_array());
    let mut names = violations
        .flatten()
        .filter_map(|violation| violation.get("quotaId")?.as_str());
    names.any(|name| name.contains("PerDay"))
}

fn details(error: &ErrorObject) -> impl Iterator<Item = &Value> {
    let details = error.extra.get("details").and_then(Value::as_array);
    details.into_iter().flatten()
}

fn is(detail: &Value, kind: &str) -> bool {
    let found = detail.get("@type").and_then(Value::as_str);
    found.is_some_and(|found| found.ends_with(kind))
}
