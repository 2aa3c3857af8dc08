//! Pointers: RFC 6901 both ways. Numbers: what their texts mean.

use larkspur_json::{Number, Pointer, parse};
use proptest::prelude::*;

#[test]
fn pointers_of_the_standard() {
    // RFC 6901, section 5.
    let text = r#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#;
    let node = parse(text).unwrap();
    let cases = [
        ("", text),
        ("/foo", r#"["bar","baz"]"#),
        ("/foo/0", "\"bar\""),
        ("/", "0"),
        ("/a~1b", "1"),
        ("/c%d", "2"),
        ("/e^f", "3"),
        ("/g|h", "4"),
        ("/i\\j", "5"),
        ("/k\"l", "6"),
        ("/ ", "7"),
        ("/m~0n", "8"),
    ];
    for (pointer, value) in cases {
        let pointer: Pointer = pointer.parse().unwrap();
        assert_eq!(node.at(&pointer).unwrap().to_string(), value, "{pointer}");
    }
}

#[test]
fn pointers_that_lead_nowhere() {
    let node = parse(r#"{"a":[0,1],"b":"x","01":2}"#).unwrap();
    for pointer in [
        "/c",
        "/a/2",
        "/a/-",
        "/a/00",
        "/a/+1",
        "/a/",
        "/b/0",
        "/a/99999999999999999999",
        "/01/0",
    ] {
        assert_eq!(node.at(&pointer.parse().unwrap()), None, "{pointer}");
    }
}

#[test]
fn texts_that_are_no_pointers() {
    for (text, offset) in [("a", 0), ("/~", 1), ("/a~2", 2), ("/~0~", 3), (" /a", 0)] {
        assert_eq!(
            text.parse::<Pointer>().unwrap_err().offset(),
            offset,
            "{text:?}"
        );
    }
    assert!(serde_json::from_str::<Pointer>(r#""x""#).is_err());
    assert_eq!(
        serde_json::from_str::<Pointer>(r#""/a\u002fb""#)
            .unwrap()
            .as_str(),
        "/a/b"
    );
}

#[test]
fn steps_up_and_down() {
    let mut pointer = Pointer::root().child("a/~").child(0);
    assert_eq!(pointer.last().unwrap(), "0");
    assert_eq!(pointer.parent().unwrap().last().unwrap(), "a/~");
    assert!(Pointer::root().contains(&pointer) && pointer.contains(&pointer.child("")));
    assert!(!pointer.contains(&Pointer::root().child("a/~").child(10)));
    assert_eq!(
        Pointer::root().child("x").join(&pointer).as_str(),
        "/x/a~1~0/0"
    );
    assert!(pointer.pop() && pointer.pop() && !pointer.pop());
    assert!(pointer.is_root() && pointer.parent().is_none() && pointer.last().is_none());
}

#[test]
fn integers_in_the_mathematical_sense() {
    let yes = [
        "0",
        "-0",
        "1",
        "1.0",
        "-10.00",
        "1e2",
        "1.5e1",
        "150e-1",
        "0.0e-9",
        "1e400",
        "0e-99999999999999999999",
        "12.340e2",
    ];
    let no = [
        "0.5",
        "1.5",
        "1e-1",
        "-1.25e1",
        "105e-1",
        "1e-99999999999999999999",
        "1.000001",
        "12.345e2",
    ];
    for (texts, integer) in [(yes.as_slice(), true), (no.as_slice(), false)] {
        for text in texts {
            assert_eq!(
                Number::from_text(*text).unwrap().is_integer(),
                integer,
                "{text}"
            );
        }
    }
    assert!(
        Number::from_text("1e99999999999999999999")
            .unwrap()
            .is_integer()
    );
}

#[test]
fn texts_that_are_no_numbers() {
    for text in [
        "", "-", "+1", "01", "1.", ".5", "1e", "1 ", " 1", "NaN", "0x1", "1_000", "--1", "1e1.5",
    ] {
        assert_eq!(Number::from_text(text), None, "{text:?}");
    }
    assert_eq!(Number::from_f64(f64::NAN), None);
    assert_eq!(Number::from_f64(0.1).unwrap().as_str(), "0.1");
    assert_eq!(Number::from(i128::MIN).as_i128(), Some(i128::MIN));
}

proptest! {
    #[test]
    fn tokens_survive(tokens in prop::collection::vec(any::<String>(), 0..5)) {
        let pointer = tokens.iter().fold(Pointer::root(), |pointer, token| pointer.child(token));
        prop_assert_eq!(pointer.tokens().collect::<Vec<_>>(), tokens);
        prop_assert_eq!(pointer.to_string().parse::<Pointer>().unwrap(), pointer);
    }

    #[test]
    fn small_numbers_are_integers_where_their_doubles_are(digits in -9999..9999_i32, exponent in -6..6_i32) {
        let number = Number::from_text(format!("{digits}e{exponent}")).unwrap();
        let double = number.as_f64().unwrap();
        prop_assert_eq!(number.is_integer(), double.fract() == 0.0);
    }
}
