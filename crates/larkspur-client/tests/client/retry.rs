//! The retry decision as a table: no clock, no sleep.

use std::time::{Duration, SystemTime};

use larkspur_client::retry::{Decision, Failure, RetryPolicy, ServerHints, StopReason};
use proptest::prelude::*;

const NONE: ServerHints = ServerHints {
    retry_after_ms: None,
    retry_after: None,
    should_retry: None,
};

fn status(status: u16) -> Failure<'static> {
    Failure::Status { status, code: None }
}

fn coded(status: u16, code: &str) -> Failure<'_> {
    Failure::Status {
        status,
        code: Some(code),
    }
}

fn decide(attempt: u32, failure: &Failure<'_>, hints: &ServerHints) -> Decision {
    // 2015-10-21 07:28:00 UTC
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_445_412_480);
    RetryPolicy::default().decide(attempt, failure, hints, now, 0.0)
}

#[track_caller]
fn retries(attempt: u32, failure: &Failure<'_>, hints: &ServerHints, after_ms: u64) {
    assert_eq!(
        decide(attempt, failure, hints),
        Decision::Retry {
            after: Duration::from_millis(after_ms)
        }
    );
}

#[track_caller]
fn stops(attempt: u32, failure: &Failure<'_>, hints: &ServerHints, reason: StopReason) {
    assert_eq!(decide(attempt, failure, hints), Decision::Stop(reason));
}

fn after(text: &str) -> ServerHints {
    ServerHints {
        retry_after: Some(text.to_owned()),
        ..NONE
    }
}

fn after_ms(text: &str) -> ServerHints {
    ServerHints {
        retry_after_ms: Some(text.to_owned()),
        ..NONE
    }
}

fn should(text: &str) -> ServerHints {
    ServerHints {
        should_retry: Some(text.to_owned()),
        ..NONE
    }
}

#[test]
fn statuses() {
    for code in [408, 409, 429, 500, 502, 503, 504, 529, 599] {
        retries(0, &status(code), &NONE, 500);
    }
    for code in [301, 400, 401, 403, 404, 405, 410, 418, 422, 431, 499] {
        stops(0, &status(code), &NONE, StopReason::Hopeless);
    }
    retries(0, &Failure::Connection, &NONE, 500);
    retries(0, &Failure::Timeout, &NONE, 500);
}

#[test]
fn codes_outrank_the_status() {
    for code in [
        "insufficient_quota",
        "credit_balance_exhausted",
        "billing_hard_limit_reached",
    ] {
        stops(0, &coded(429, code), &NONE, StopReason::Hopeless);
        stops(0, &coded(429, code), &after("1"), StopReason::Hopeless);
    }
    retries(0, &coded(429, "rate_limit_exceeded"), &NONE, 500);
    retries(0, &coded(429, "slow_down"), &NONE, 500);
    retries(0, &coded(503, "server_is_overloaded"), &NONE, 500);
    stops(
        0,
        &coded(400, "rate_limit_exceeded"),
        &NONE,
        StopReason::Hopeless,
    );
}

#[test]
fn delays_double_up_to_the_cap_and_retries_end() {
    retries(0, &status(500), &NONE, 500);
    retries(1, &status(500), &NONE, 1000);
    stops(2, &status(500), &NONE, StopReason::Exhausted);
    stops(u32::MAX, &status(500), &NONE, StopReason::Exhausted);
    let patient = RetryPolicy::default().max_retries(u32::MAX);
    for (attempt, seconds) in [(2, 2), (3, 4), (4, 8), (5, 8), (40, 8), (u32::MAX - 1, 8)] {
        let decision = patient.decide(attempt, &status(500), &NONE, SystemTime::UNIX_EPOCH, 0.0);
        assert_eq!(
            decision,
            Decision::Retry {
                after: Duration::from_secs(seconds)
            }
        );
    }
    let none = RetryPolicy::none().decide(0, &status(500), &NONE, SystemTime::UNIX_EPOCH, 0.0);
    assert_eq!(none, Decision::Stop(StopReason::Exhausted));
}

#[test]
fn the_server_names_the_delay() {
    retries(0, &status(429), &after_ms("20"), 20);
    let decision = decide(0, &status(429), &after_ms("1.5"));
    assert_eq!(
        decision,
        Decision::Retry {
            after: Duration::from_micros(1500)
        }
    );
}

#[test]
fn retry_after_in_each_form() {
    retries(0, &status(429), &after("2"), 2000);
    retries(0, &status(429), &after(" 0.25 "), 250);
    retries(0, &status(429), &after("0"), 0);
    retries(
        0,
        &status(503),
        &after("Wed, 21 Oct 2015 07:28:30 GMT"),
        30_000,
    );
    retries(0, &status(503), &after("Wed, 21 Oct 2015 07:27:00 GMT"), 0);
    retries(
        0,
        &status(429),
        &ServerHints {
            retry_after_ms: Some("7".into()),
            ..after("2")
        },
        7,
    );
}

#[test]
fn delays_that_cannot_be_read_leave_our_own() {
    for text in [
        "",
        "soon",
        "-1",
        "NaN",
        "inf",
        "1e300",
        "Wed, 99 Oct 2015 07:28:30 GMT",
    ] {
        retries(0, &status(429), &after(text), 500);
        retries(0, &status(429), &after_ms(text), 500);
    }
    retries(
        0,
        &status(429),
        &ServerHints {
            retry_after_ms: Some("x".into()),
            ..after("2")
        },
        2000,
    );
}

#[test]
fn a_longer_wait_than_allowed_is_reported() {
    retries(0, &status(429), &after("60"), 60_000);
    stops(
        0,
        &status(429),
        &after("61"),
        StopReason::WaitTooLong(Duration::from_secs(61)),
    );
    stops(
        0,
        &status(429),
        &after("Thu, 22 Oct 2015 07:28:00 GMT"),
        StopReason::WaitTooLong(Duration::from_secs(86_400)),
    );
    stops(2, &status(429), &after("61"), StopReason::Exhausted);
}

#[test]
fn x_should_retry_wins_but_not_for_ever() {
    stops(0, &status(500), &should("false"), StopReason::ServerSaysNo);
    retries(0, &status(400), &should("true"), 500);
    retries(0, &coded(429, "insufficient_quota"), &should("true"), 500);
    stops(2, &status(400), &should("true"), StopReason::Exhausted);
    stops(0, &status(400), &should("maybe"), StopReason::Hopeless);
    retries(0, &status(500), &should("maybe"), 500);
}

proptest! {
    #[test]
    fn our_own_delay_is_never_out_of_bounds(attempt in 0..64_u32, random in -1.0..2.0_f64) {
        let policy = RetryPolicy::default().max_retries(u32::MAX);
        let Decision::Retry { after } = policy.decide(attempt, &status(500), &NONE, SystemTime::UNIX_EPOCH, random) else {
            panic!("it must retry");
        };
        prop_assert!(after >= Duration::from_millis(375) && after <= Duration::from_secs(8), "{after:?}");
    }

    #[test]
    fn no_header_makes_it_panic_or_wait_too_long(a in ".{0,20}", b in ".{0,20}", c in ".{0,8}", code in 100..600_u16) {
        let hints = ServerHints { retry_after_ms: Some(a), retry_after: Some(b), should_retry: Some(c) };
        if let Decision::Retry { after } = decide(0, &status(code), &hints) {
            prop_assert!(after <= Duration::from_secs(60));
        }
    }
}
