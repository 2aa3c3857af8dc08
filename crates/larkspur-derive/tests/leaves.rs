//! Text, numbers, dates: what is read and printed, exactly.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Debug;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use larkspur::Syntax;
use larkspur::grammar::{Dialect, lark, print};
use proptest::prelude::*;
use uuid::Uuid;

#[track_caller]
fn check<T: Syntax + Debug + PartialEq>(value: &T, text: &str) {
    assert_eq!(value.print().unwrap(), text);
    assert_eq!(&T::parse(text).unwrap(), value);
    let printed = print::lark(&T::grammar().unwrap(), Dialect::openai());
    assert_eq!(printed.losses, []);
    assert_eq!(lark::check(&printed.text, Dialect::openai()), []);
}

#[track_caller]
fn refuse<T: Syntax + Debug>(texts: &[&str]) {
    for text in texts {
        assert!(T::parse(text).is_err(), "{text:?}");
    }
}

#[track_caller]
fn unsayable<T: Syntax>(value: &T, message: &str) {
    let error = value.print().unwrap_err();
    assert!(error.is_unsayable());
    assert_eq!(error.to_string(), message);
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(quote = "'")]
struct Sql(String);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(quote = "\"", escape = "backslash")]
struct Backslash(String);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(quote = "<>", escape = "none")]
struct Angle(String);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(quote = "[]")]
struct Bracket(String);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(quote = "`", pattern = "[a-z ]{1,9}")]
struct Tick(String);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(quote = "\"")]
struct Json(String);

#[test]
fn quotes_escape_what_would_end_the_text() {
    check(&Sql("it's \"it\"\\".to_owned()), r#"'it''s "it"\'"#);
    check(&Sql(String::new()), "''");
    check(&Backslash("a\"b\\c\n".to_owned()), "\"a\\\"b\\\\c\n\"");
    check(&Angle("a<b".to_owned()), "<a<b>");
    check(&Bracket("a]b[".to_owned()), "[a]]b[]");
    check(&Tick("a b".to_owned()), "`a b`");
    check(&Json("a\n\"".to_owned()), r#""a\n\"""#);
    refuse::<Sql>(&["'", "'''", "a", "\"a\"", "'a' "]);
    refuse::<Backslash>(&[r#""\n""#, r#""\""#, r#"""""#]);
    refuse::<Tick>(&["``", "`A`"]);
    unsayable(
        &Angle("a>b".to_owned()),
        "\"a>b\" holds `>`, which has no escape here",
    );
    unsayable(&Tick("A".to_owned()), "\"A\" does not match `[a-z ]{1,9}`");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_comes_back_from_its_quotes(text: String) {
        prop_assert_eq!(&Sql::parse(&Sql(text.clone()).print().unwrap()).unwrap().0, &text);
        prop_assert_eq!(&Backslash::parse(&Backslash(text.clone()).print().unwrap()).unwrap().0, &text);
        prop_assert_eq!(&Bracket::parse(&Bracket(text.clone()).print().unwrap()).unwrap().0, &text);
        prop_assert_eq!(&Json::parse(&Json(text.clone()).print().unwrap()).unwrap().0, &text);
    }
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(range = 1..=366)]
struct Day(u16);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(range = -40..=1005)]
struct Degrees(i32);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(range = -200..=-17)]
struct Below(i32);

#[test]
fn ranges_hold_their_numbers_and_no_other() {
    for number in -2000..2000_i32 {
        let text = number.to_string();
        assert_eq!(
            Day::parse(&text).is_ok(),
            (1..=366).contains(&number),
            "{text}"
        );
        assert_eq!(
            Degrees::parse(&text).is_ok(),
            (-40..=1005).contains(&number),
            "{text}"
        );
        assert_eq!(
            Below::parse(&text).is_ok(),
            (-200..=-17).contains(&number),
            "{text}"
        );
    }
    refuse::<Degrees>(&["-0", "007", "+1", ""]);
    unsayable(&Day(0), "0 is not from 1 to 366");
}

#[test]
fn dates_exist() {
    let date = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    check(&date(2024, 2, 29), "2024-02-29");
    check(&date(0, 12, 31), "0000-12-31");
    for year in [1900, 1999, 2000, 2023, 2024, 2100, 9996] {
        for month in 0..14 {
            for day in 0..33 {
                let text = format!("{year:04}-{month:02}-{day:02}");
                let exists = NaiveDate::from_ymd_opt(year, month, day).is_some();
                assert_eq!(NaiveDate::parse(&text).is_ok(), exists, "{text}");
            }
        }
    }
    refuse::<NaiveDate>(&[
        "24-02-29",
        "2024-2-29",
        "2024-02-29T",
        "12024-02-28",
        "-001-01-01",
    ]);
    unsayable(
        &date(10_000, 1, 1),
        "the year 10000 does not have four digits",
    );
}

#[test]
fn times_are_those_of_rfc_3339() {
    check(
        &NaiveTime::from_hms_milli_opt(23, 59, 59, 250).unwrap(),
        "23:59:59.250",
    );
    let noon: NaiveDateTime = "2026-01-31T12:00:00".parse().unwrap();
    check(&noon, "2026-01-31T12:00:00");
    check(&noon.and_utc(), "2026-01-31T12:00:00Z");
    let here = DateTime::parse_from_rfc3339("2026-01-31T12:00:00.000001-03:30").unwrap();
    check(&here, "2026-01-31T12:00:00.000001-03:30");
    let zulu = DateTime::<FixedOffset>::parse("2026-01-31T12:00:00Z").unwrap();
    assert_eq!(zulu.print().unwrap(), "2026-01-31T12:00:00Z");
    refuse::<NaiveTime>(&[
        "24:00:00",
        "12:60:00",
        "12:00:60",
        "12:00",
        "1:00:00",
        "12:00:00.",
    ]);
    refuse::<DateTime<Utc>>(&[
        "2026-01-31T12:00:00",
        "2026-01-31 12:00:00Z",
        "2026-02-30T12:00:00Z",
    ]);
    refuse::<DateTime<FixedOffset>>(&["2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00+1:00"]);
    let leap = NaiveTime::from_hms_nano_opt(23, 59, 59, 1_500_000_000).unwrap();
    unsayable(&leap, "a leap second has no text");
    let odd = noon
        .and_utc()
        .with_timezone(&FixedOffset::east_opt(90).unwrap());
    unsayable(&odd, "the offset +00:01:30 is not of whole minutes");
}

#[test]
fn uuids_are_read_in_either_case() {
    let id = Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);
    check(&id, "67e55044-10b1-426f-9247-bb680e5fe0c8");
    assert_eq!(
        Uuid::parse("67E55044-10B1-426F-9247-BB680E5FE0C8").unwrap(),
        id
    );
    refuse::<Uuid>(&[
        "67e5504410b1426f9247bb680e5fe0c8",
        "{67e55044-10b1-426f-9247-bb680e5fe0c8}",
    ]);
}

/// A leaf is whatever can be read from text and shown.
#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax("{host}:{port}{tags}")]
struct Listen {
    #[syntax(pattern = r"[0-9]{1,3}(\.[0-9]{1,3}){3}")]
    host: std::net::Ipv4Addr,
    #[syntax(range = 1..=65535)]
    port: u16,
    #[syntax(some = " [{}]", separator = ",", trailing, quote = "'")]
    tags: Vec<String>,
}

#[test]
fn leaves_of_fields_have_their_own_rules() {
    let listen = |tags: &[&str]| Listen {
        host: [127, 0, 0, 1].into(),
        port: 80,
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    };
    check(&listen(&[]), "127.0.0.1:80");
    check(&listen(&["a", "b'c"]), "127.0.0.1:80 ['a','b''c']");
    assert_eq!(
        Listen::parse("127.0.0.1:80 ['a',]").unwrap(),
        listen(&["a"])
    );
    refuse::<Listen>(&["127.0.0.1:0", "127.0.0.1:80 []", "127.0.0.1:80 [,]"]);
    let error = Listen::parse("999.0.0.1:80").unwrap_err();
    assert_eq!(
        error.to_string(),
        "`999.0.0.1`: invalid IPv4 address syntax at byte 0"
    );
}

#[derive(Clone, Debug, PartialEq, Syntax)]
struct Run {
    #[syntax(separator = "", pattern = "[a-z]+")]
    words: Vec<String>,
}

#[test]
fn leaves_that_run_together_are_not_printed() {
    let run = |words: &[&str]| Run {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    check(&run(&["ab"]), "ab");
    unsayable(
        &run(&["a", "b"]),
        "`ab` does not say this value: its pieces run together",
    );
}

#[derive(Clone, Debug, PartialEq, Syntax)]
struct Notes(#[syntax(separator = "")] Vec<Note>);

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(rename_all = "lowercase")]
enum Note {
    A,
    Aa,
    B,
}

#[test]
fn keywords_that_run_together_are_not_printed() {
    check(&Notes(vec![Note::B, Note::A, Note::B]), "bab");
    check(&Notes(vec![Note::Aa]), "aa");
    unsayable(
        &Notes(vec![Note::A, Note::A]),
        "`aa` does not say this value: its pieces run together",
    );
}

#[derive(Clone, Debug, PartialEq, Syntax)]
#[syntax(blank = 0..=20, lines, rename_all = "lowercase")]
enum Tree {
    Null,
    Number(i32),
    #[syntax("[{0}]")]
    List(#[syntax(some = "\n  {}\n", separator = ",\n", trailing)] Vec<Tree>),
    #[syntax("if {0} {{\n  {1}\n}}")]
    When(Box<Tree>, Box<Tree>),
}

#[test]
fn templates_say_where_lines_break() {
    let tree = Tree::List(vec![
        Tree::Number(1),
        Tree::List(vec![]),
        Tree::When(
            Box::new(Tree::Null),
            Box::new(Tree::List(vec![Tree::Null, Tree::Null])),
        ),
    ]);
    check(&tree, "[1,[],if null {[null,null]}]");
    let pretty = "\
[
  1,
  [],
  if null {
    [
      null,
      null
    ]
  }
]";
    assert_eq!(tree.pretty().unwrap(), pretty);
    assert_eq!(Tree::parse(pretty).unwrap(), tree);
    assert_eq!(
        Tree::parse("[ 1,\t[],\n\nif  null{[null,null,]},]").unwrap(),
        tree
    );
    let deep = (0..30).fold(Tree::Null, |inner, _| Tree::List(vec![inner]));
    assert_eq!(Tree::parse(&deep.pretty().unwrap()).unwrap(), deep);
    refuse::<Tree>(&[&format!("[{}1]", " ".repeat(21))]);
}
