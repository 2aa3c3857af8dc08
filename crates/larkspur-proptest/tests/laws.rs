//! What the laws tell when they do not hold.

#![expect(clippy::expect_used, reason = "tests")]

use std::cell::Cell;

use larkspur_grammar::{Dialect, Grammar, lark};
use larkspur_output::Record;
use larkspur_proptest::{Disagreement, Laws, Recorded, laws, near_misses, sentences, texts};
use proptest::prelude::any;
use proptest::test_runner::{Config, RngSeed};

/// Options as `name=value`, separated by blanks.
const OPTIONS: &str = "start: option (\" \" option)*\noption: NAME (\"=\" value)?\nvalue: INT | \"(\" start \")\"\n\
                       NAME: /[a-z]{1,8}/\nINT: /-?[0-9]{1,4}/\n";

fn options() -> Grammar {
    lark::compile(OPTIONS, Dialect::openai()).expect("compiles")
}

fn fixed() -> Laws {
    Laws::with(Config {
        rng_seed: RngSeed::Fixed(3),
        cases: 1_000,
        ..Config::default()
    })
}

fn told(outcome: Result<(), Disagreement>) -> String {
    let wrong = outcome.expect_err("does not hold");
    assert_eq!(format!("{wrong:?}"), wrong.to_string());
    wrong.to_string()
}

/// Reads all that the grammar says, and more: it only counts brackets.
fn lax(text: &str) -> Result<usize, String> {
    let opened = text.matches('(').count();
    if opened == text.matches(')').count() {
        Ok(opened)
    } else {
        Err("brackets do not match".to_owned())
    }
}

fn no_nested(text: &str) -> Result<usize, String> {
    if text.contains('(') && text.contains('-') {
        return Err("a sign within brackets".to_owned());
    }
    lax(text)
}

#[test]
fn a_reader_that_refuses_a_sentence() {
    let told = told(fixed().reader_accepts_sentences(sentences(&options()), no_nested));
    insta::assert_snapshot!(told, @r#"
the reader refuses a sentence of the grammar
  text:  "a=(a=-0)"
  place: bytes 4..7, "=-0", in the rule `option`
  told:  a sign within brackets
  hint:  compare the parser with what the rule `option` allows here
  found: text 84, "pzn ps yzywgcaz=(za=-92) jjzadah", made smaller in 34 tries
"#);
}

#[test]
fn a_reader_that_takes_what_is_no_sentence() {
    let told = told(fixed().rejects_near_misses(near_misses(&options()), lax));
    insta::assert_snapshot!(told, @r#"
the reader takes a text that the grammar refuses
  text:  ""
  place: byte 0, the end
  told:  it was read
  hint:  the grammar expects NAME there
  found: text 1, "uaazzuw=()", made smaller in 1 tries
"#);
}

#[test]
fn a_reader_that_panics() {
    let read = |text: &str| -> Result<i32, std::num::ParseIntError> {
        match text.split_once('=') {
            Some((_, number)) => Ok(number.parse().expect("is a number")),
            None => Ok(0),
        }
    };
    let told = told(fixed().reader_accepts_sentences(sentences(&options()), read));
    insta::assert_snapshot!(told, @r#"
the reader refuses a sentence of the grammar
  text:  "a=(a)"
  place: bytes 2..5, "(a)", in the rule `value`
  told:  is a number: ParseIntError { kind: InvalidDigit }
  hint:  compare the parser with what the rule `value` allows here
  found: text 1, "uaazzuw=(e)", made smaller in 8 tries
"#);
}

#[test]
fn parsers_that_do_not_agree() {
    let count = |text: &str| lax(text).map(|_| text.split(' ').count());
    let other = |text: &str| lax(text).map(|_| 1 + text.matches(" a").count());
    insta::assert_snapshot!(told(fixed().parsers_agree(texts(&options()), count, other)), @r#"
two parsers do not agree
  text:  " ba"
  place: bytes 0..1, " "
  told:  the first reads 2, the second 1
  hint:  the grammar expects NAME there
  found: text 2, "xkazy vza=-564  pmyykzonzubu", made smaller in 16 tries
"#);
    insta::assert_snapshot!(told(fixed().parsers_agree(texts(&options()), lax, no_nested)), @r#"
two parsers do not agree
  text:  "a=-0 a=(a)"
  place: bytes 7..10, "(a)", in the rule `value`
  told:  only the second refuses it: a sign within brackets
  hint:  compare the parser with what the rule `value` allows here
  found: text 7, "aipez qfapbjuj=-703 qyezthq=(kwzxa vzzthgzh zanndz)", made smaller in 31 tries
"#);
    fixed()
        .parsers_agree(texts(&options()), lax, lax)
        .expect("holds");
}

#[test]
fn what_is_printed_is_read_again() {
    let parse = |text: &str| -> Result<Vec<String>, String> {
        Ok(text.split(' ').map(str::to_owned).collect())
    };
    let print = |options: &Vec<String>| options.join(" ");
    fixed()
        .print_parse_identity(sentences(&options()), parse, print)
        .expect("holds");
    let forgetful = |options: &Vec<String>| options.join(" ").replace('-', "");
    insta::assert_snapshot!(told(fixed().print_parse_identity(sentences(&options()), parse, forgetful)), @r#"
what was printed is not read as what it was
  text:  "a=-0"
  place: bytes 1..4, "=-0", in the rule `option`
  told:  it is printed as "a=0", which is read as ["a=0"], not as ["a=-0"]
  hint:  compare the parser with what the rule `option` allows here
  found: text 5, "ayzueif=8 dvg=-5022 s=-86", made smaller in 13 tries
"#);
    let refuses = |_: &str| Err::<Vec<String>, _>("no");
    insta::assert_snapshot!(told(fixed().print_parse_identity(sentences(&options()), refuses, print)), @r#"
the law could not be tried
  told:  the parser refuses every text
"#);
}

#[test]
fn what_is_lowered_is_lifted_again() {
    let lower = |value: &u32| Ok::<_, String>(value.to_string());
    let lift = |text: String| text.parse::<u32>();
    fixed()
        .lower_lift_identity(any::<u32>(), lower, lift)
        .expect("holds");
    let short = |value: &u32| Ok::<_, String>(value.to_string().chars().take(4).collect());
    let wrong = fixed().lower_lift_identity(any::<u32>(), short, lift);
    insta::assert_snapshot!(told(wrong), @r#"
what is lowered and lifted is not what it was
  text:  "10000"
  told:  it comes back as 1000
"#);
    let small = |value: &u32| u8::try_from(*value);
    let wrong =
        fixed().lower_lift_identity(any::<u32>(), small, |byte| Ok::<_, String>(byte.into()));
    insta::assert_snapshot!(told(wrong), @r#"
what is lowered and lifted is not what it was
  text:  "256"
  told:  it cannot be lowered: out of range integral type conversion attempted
"#);
}

#[test]
fn recorded_answers_go_through_the_same_laws() {
    let lines = r#"
{"text": "a=(b=1 c)", "model": "small", "grammar": "options"}
{"text": "a=-3"}
{"text": "a=(b=-1 c=(d))", "model": "large", "extra": [1, 2]}
{"text": "a=(b=-1)", "schema": null}
{"text": "Sure! a=(b)"}
{"text": ""}
{"text": "a=("}
"#;
    let records = Record::read_all(lines).expect("are records");
    let grammar = options();
    let good = Recorded::sentences_of(&grammar, &records);
    let bad = Recorded::others_than(&grammar, &records);
    assert_eq!(
        (good.len(), bad.len(), Recorded::new(&records).len()),
        (4, 3, 7)
    );
    laws::reader_accepts_sentences(good.clone(), lax).expect("holds");
    insta::assert_snapshot!(told(laws::reader_accepts_sentences(good, no_nested)), @r#"
the reader refuses a sentence of the grammar
  text:  "a=(b=-1)"
  told:  a sign within brackets
  found: record 4; the law fails for 2 of 4 records
"#);
    insta::assert_snapshot!(told(laws::rejects_near_misses(bad, lax)), @r#"
the reader takes a text that the grammar refuses
  text:  ""
  place: byte 0, the end
  told:  it was read
  hint:  the grammar expects NAME there
  found: record 6; the law fails for 2 of 3 records
"#);
    laws::parsers_agree(Recorded::new(&records), lax, lax).expect("holds");
}

#[test]
fn records_are_told_with_their_lines() {
    let error = Record::read_all("{\"text\": \"a\"}\n{\"txt\": \"a\"}\n\n[1]\n{\"text\"")
        .expect_err("is refused");
    insta::assert_snapshot!(error, @r#"
line 2: missing field `text` at column 12
line 4: invalid type: integer `1`, expected a string at column 2
line 5: EOF while parsing an object at column 7
"#);
    assert_eq!(error.faults().count(), 3);
    let mut record = Record::new("a \"b\"\n\u{1F600}");
    record.schema = Some("invoice".to_owned());
    assert_eq!(
        Record::read_all(&record.to_line()).expect("is a record"),
        [record]
    );
}

#[test]
fn a_law_that_cannot_be_tried_is_told() {
    let endless = lark::compile("start: \"a\" start\n", Dialect::llguidance()).expect("compiles");
    insta::assert_snapshot!(told(laws::reader_accepts_sentences(sentences(&endless), lax)), @r#"
the law could not be tried
  told:  the grammar has no sentence: the start derives nothing, or only pieces whose texts are not known here
"#);
    let wrong = Recorded::sentences_of(&endless, &[Record::new("a")]);
    insta::assert_snapshot!(told(laws::reader_accepts_sentences(wrong, lax)), @r#"
the law could not be tried
  told:  the grammar has no sentence: the start derives nothing, or only pieces whose texts are not known here
"#);
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "proptest looks for the file `lib.rs` to know where to write"
)]
fn a_failure_is_kept_beside_the_source_file_and_tried_first() {
    let folder = tempfile::tempdir().expect("can be made");
    let source = folder.path().join("src").join("lib.rs");
    std::fs::create_dir_all(folder.path().join("src")).expect("can be made");
    std::fs::write(&source, "").expect("can be written");
    let source: &'static str = String::leak(source.display().to_string());
    let run = || {
        let tried = Cell::new(0);
        let failed_at = Cell::new(0);
        let read = |text: &str| {
            tried.set(tried.get() + 1);
            let outcome = no_nested(text);
            if outcome.is_err() && failed_at.get() == 0 {
                failed_at.set(tried.get());
            }
            outcome
        };
        let laws = Laws::with(Config {
            cases: 1_000,
            ..Config::with_source_file(source)
        });
        laws.reader_accepts_sentences(sentences(&options()), read)
            .expect_err("does not hold");
        failed_at.get()
    };
    run();
    assert_eq!(run(), 1);
}
