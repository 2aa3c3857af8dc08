//! Faults: each is met by both APIs, streaming or not, as often as it was asked for.

use larkspur_sim::{Fault, Sim};
use serde_json::{Value, json};

use crate::support::{self, CHAT, RESPONSES};

fn body(path: &str) -> Value {
    if path == CHAT {
        json!({"model": "gpt-5.2", "messages": [{"role": "user", "content": "Hi."}]})
    } else {
        json!({"model": "gpt-5.2", "input": "Hi."})
    }
}

fn asked(fault: Fault, path: &str, body: &Value) -> support::Answer {
    let sim = Sim::builder().fault(fault).start().unwrap();
    support::post(&sim, path, body)
}

#[test]
fn refused_requests_have_their_status_code_and_header() {
    for (fault, status, code, header) in [
        (
            Fault::RateLimit,
            429,
            "rate_limit_exceeded",
            "retry-after-ms",
        ),
        (
            Fault::RateLimitSeconds,
            429,
            "rate_limit_exceeded",
            "retry-after",
        ),
        (
            Fault::RateLimitDate,
            429,
            "rate_limit_exceeded",
            "retry-after",
        ),
        (Fault::Quota, 429, "insufficient_quota", ""),
        (Fault::ServerError, 500, "server_error", ""),
        (Fault::Overloaded, 503, "server_is_overloaded", ""),
    ] {
        for path in [RESPONSES, CHAT] {
            let answer = asked(fault, path, &body(path));
            assert_eq!(answer.status, status, "{fault}");
            assert_eq!(answer.json()["error"]["code"], code, "{fault}");
            let found = ["retry-after-ms", "retry-after"];
            let found = found.iter().find(|name| answer.header(name).is_some());
            assert_eq!(found.copied().unwrap_or(""), header, "{fault}");
        }
    }
}

#[test]
fn faults_come_now_and_again() {
    let sim = Sim::builder()
        .fault_times(Fault::Overloaded, 1)
        .fault_every(4, Fault::Quota)
        .fault_every(4, Fault::ServerError)
        .fault_every(0, Fault::Stall)
        .start()
        .unwrap();
    let answers = (0..11).map(|_| support::post(&sim, RESPONSES, &body(RESPONSES)).status);
    assert_eq!(
        answers.collect::<Vec<_>>(),
        [503, 200, 200, 200, 429, 500, 200, 200, 429, 500, 200]
    );
}

#[test]
fn a_fault_has_its_times() {
    let sim = Sim::builder()
        .fault_times(Fault::ServerError, 2)
        .fault_times(Fault::Html, 1)
        .start()
        .unwrap();
    let statuses: Vec<u16> = (0..4)
        .map(|_| support::post(&sim, RESPONSES, &body(RESPONSES)).status)
        .collect();
    assert_eq!(statuses, [500, 500, 502, 200]);
}

#[test]
fn answers_end_as_the_fault_says() {
    let response = |fault| asked(fault, RESPONSES, &body(RESPONSES)).json();
    let choice = |fault| asked(fault, CHAT, &body(CHAT)).json()["choices"][0].clone();

    let refused = response(Fault::Refusal);
    assert_eq!(refused["status"], "completed");
    let part = &refused["output"].as_array().unwrap().last().unwrap()["content"][0];
    assert_eq!(part["type"], "refusal");
    let refused = choice(Fault::Refusal);
    assert!(refused["message"]["refusal"].is_string() && refused["message"]["content"].is_null());

    for (fault, reason, finish) in [
        (Fault::Truncation, "max_output_tokens", "length"),
        (Fault::ContentFilter, "content_filter", "content_filter"),
    ] {
        let cut = response(fault);
        assert_eq!(
            (&cut["status"], &cut["incomplete_details"]["reason"]),
            (&json!("incomplete"), &json!(reason))
        );
        assert_eq!(choice(fault)["finish_reason"], finish);
    }
}

#[test]
fn an_ignored_constraint_is_prose() {
    let answer = asked(Fault::ConstraintIgnored, RESPONSES, &support::person("Ada")).json();
    let text = support::message(&answer);
    assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
}

#[test]
fn what_breaks_on_the_way_breaks_in_both_forms() {
    for path in [RESPONSES, CHAT] {
        let garbage = asked(Fault::Garbage, path, &body(path));
        assert_eq!(garbage.status, 200);
        let bytes = support::dechunked(&garbage);
        assert!(serde_json::from_slice::<Value>(&bytes).is_err());
        assert!(
            asked(Fault::Html, path, &body(path))
                .body
                .contains("502 Bad Gateway")
        );
        // The end of the chunks does not come.
        for streams in [false, true] {
            let mut body = body(path);
            body["stream"] = json!(streams);
            let cut = asked(Fault::Cut, path, &body);
            assert!(
                !cut.bytes.is_empty() && !cut.bytes.ends_with(b"0\r\n\r\n"),
                "{path} {streams}"
            );
        }
    }
}

#[test]
fn names_are_the_commands() {
    for (name, fault) in Fault::ALL {
        assert_eq!(name.parse(), Ok(*fault));
        assert_eq!(fault.to_string(), *name);
    }
    let error = "telepathy".parse::<Fault>().unwrap_err().to_string();
    assert!(
        error.starts_with("no fault is called `telepathy`; there are refusal, "),
        "{error}"
    );
}
