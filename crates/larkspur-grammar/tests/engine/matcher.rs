//! Texts in pieces: the same whatever the pieces, going back, forks, and what is expected.

use larkspur_grammar::{Compiled, Matcher, Semantics};

use crate::grammars;
use crate::notation::grammar;
use crate::oracle::judge;
use crate::walks::Random;

fn compiled(lark: &str) -> Compiled {
    Compiled::new(&grammar(lark, Semantics::Llguidance)).unwrap()
}

#[test]
fn pieces_make_no_difference() {
    let mut random = Random(7);
    for (name, lark, sentences) in grammars::ALL {
        let compiled = compiled(lark);
        let mut cache = compiled.cache();
        for text in *sentences {
            let bytes = text.as_bytes();
            let whole = judge(&compiled, &mut cache, bytes).unwrap();
            let mut matcher = Matcher::new(&compiled, &mut cache).unwrap();
            let (mut at, mut dead) = (0, None);
            while at < bytes.len() && dead.is_none() {
                let end = (at + 1 + random.below(5)).min(bytes.len());
                let read = matcher.advance(&mut cache, &bytes[at..end]).unwrap();
                at += read;
                if at < end {
                    dead = Some(at);
                }
            }
            assert_eq!(dead, whole.dead_at, "{name}: {text}");
            let complete = matcher.is_complete(&mut cache).unwrap();
            assert_eq!(complete, whole.complete[at], "{name}: {text}");
            let accepted = whole.dead_at.is_none() && complete;
            assert_eq!(
                compiled.accepts(&mut cache, text).unwrap(),
                accepted,
                "{name}: {text}"
            );
        }
    }
}

#[test]
fn going_back_undoes_everything() {
    for (name, lark, sentences) in grammars::ALL {
        let compiled = compiled(lark);
        let mut cache = compiled.cache();
        for text in *sentences {
            let bytes = text.as_bytes();
            let whole = judge(&compiled, &mut cache, bytes).unwrap();
            let mut matcher = Matcher::new(&compiled, &mut cache).unwrap();
            for (index, complete) in whole.complete.iter().enumerate() {
                let here = matcher.snapshot();
                let fork = matcher.fork();
                for other in [b'a', b'b', b'1', b' ', b'"', b'+', b'x', 0xc3] {
                    let more = [other; 3];
                    matcher.advance(&mut cache, more).unwrap();
                    matcher.roll_back(&here).unwrap();
                }
                for mut same in [fork, matcher.fork()] {
                    let rest = &bytes[index..];
                    let read = same.advance(&mut cache, rest).unwrap();
                    assert_eq!(
                        index + read,
                        whole.dead_at.unwrap_or(bytes.len()),
                        "{name}: {text}"
                    );
                }
                assert_eq!(
                    matcher.is_complete(&mut cache).unwrap(),
                    *complete,
                    "{name}: {text} at {index}"
                );
                if let Some(byte) = bytes.get(index) {
                    let dies = whole.dead_at == Some(index);
                    assert_eq!(
                        matcher.advance(&mut cache, [*byte]).unwrap(),
                        usize::from(!dies)
                    );
                }
            }
        }
    }
}

#[test]
fn a_snapshot_of_what_was_undone_is_refused() {
    let compiled = compiled("start: \"a\"+");
    let mut cache = compiled.cache();
    let mut matcher = Matcher::new(&compiled, &mut cache).unwrap();
    let early = matcher.snapshot();
    matcher.push(&mut cache, "a").unwrap();
    let late = matcher.snapshot();
    matcher.roll_back(&early).unwrap();
    let error = matcher.roll_back(&late).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the snapshot is of another matcher, or of a text that was rolled back; take a new one"
    );
    assert!(matcher.fork().roll_back(&early).is_err());
    matcher.roll_back(&early).unwrap();
    assert_eq!(matcher.position(), 0);
}

#[test]
fn after_a_rejection_another_byte_can_be_tried() {
    let compiled = compiled("start: NAME \";\"\nNAME: /[a-z]+/");
    let mut cache = compiled.cache();
    let mut matcher = Matcher::new(&compiled, &mut cache).unwrap();
    let error = matcher.push(&mut cache, "ab!").unwrap_err();
    assert_eq!(
        error.to_string(),
        "unexpected `!` at byte 2, expected NAME or \";\""
    );
    assert_eq!(matcher.position(), 2);
    matcher.push(&mut cache, ";").unwrap();
    assert!(matcher.is_complete(&mut cache).unwrap());
}

#[track_caller]
fn check_expected(lark: &str, text: &str, expected: &[(&str, Option<&str>, bool)], end: bool) {
    let compiled = compiled(lark);
    let mut cache = compiled.cache();
    let mut matcher = Matcher::new(&compiled, &mut cache).unwrap();
    matcher.push(&mut cache, text).unwrap();
    let found = matcher.expected(&mut cache).unwrap();
    let terminals: Vec<(&str, Option<&str>, bool)> = found
        .terminals
        .iter()
        .map(|terminal| {
            (
                terminal.label.as_str(),
                terminal.example.as_deref(),
                terminal.goes_on,
            )
        })
        .collect();
    assert_eq!(
        (terminals.as_slice(), found.end),
        (expected, end),
        "after {text:?}"
    );
}

#[test]
fn what_can_follow() {
    let lark =
        "start: \"if\" NAME | NAME \"=\" NUMBER\nNAME: /[a-z]{2,}/\nNUMBER: /[0-9]+/\n%ignore / /";
    check_expected(
        lark,
        "",
        &[("NAME", Some("aa"), false), ("\"if\"", Some("if"), false)],
        false,
    );
    check_expected(
        lark,
        "i",
        &[("NAME", Some("a"), true), ("\"if\"", Some("f"), true)],
        false,
    );
    check_expected(
        lark,
        "if",
        &[("NAME", Some("a"), true), ("\"=\"", Some("="), false)],
        false,
    );
    check_expected(lark, "ab = ", &[("NUMBER", Some("0"), false)], false);
    check_expected(lark, "ab = 1", &[("NUMBER", Some("0"), true)], true);
}

#[test]
fn one_cache_serves_several_grammars() {
    let (a, b) = (compiled("start: \"a\""), compiled("start: \"b\""));
    let mut cache = a.cache();
    for _ in 0..3 {
        assert!(a.accepts(&mut cache, "a").unwrap());
        assert!(b.accepts(&mut cache, "b").unwrap());
        assert!(!b.accepts(&mut cache, "a").unwrap());
    }
}
