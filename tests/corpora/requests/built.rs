//! Every setting alone is what the specification says.

use super::outputs::{invoice, runs};
use super::rows;
use super::specification::{CHAT, COMPACT, COUNT, RESPONSES};

#[test]
fn requests_are_valid_with_every_setting() {
    let (responses, chat) = (rows::responses(), rows::chat());
    assert!(responses.len() + chat.len() >= 60);
    for (name, request) in &responses {
        RESPONSES.check(name, &request.build());
    }
    for (name, request) in &chat {
        CHAT.check(name, &request.build());
    }
}

#[test]
fn requests_with_an_output_are_valid() {
    for (name, request) in &rows::responses() {
        RESPONSES.check(name, &request.build_for(&invoice()));
    }
    for (name, request) in &rows::chat() {
        CHAT.check(name, &request.build_for(&invoice()));
    }
}

#[test]
fn runs_of_tools_are_valid() {
    for (name, request) in &rows::responses() {
        for request in runs(request) {
            RESPONSES.check(name, &request);
        }
    }
    for (name, request) in &rows::chat() {
        for request in runs(request) {
            CHAT.check(name, &request);
        }
    }
}

/// What is sent of a request to have it compacted or counted.
#[test]
fn parts_of_requests_are_valid() {
    for (name, request) in &rows::responses() {
        let request = request.build_for(&invoice());
        COMPACT.check(name, &request.clone().compacting());
        COUNT.check(name, &request.counting());
    }
}
