//! Planted bugs: what is found of them, and how small it becomes; beside it what a strategy of mere text makes of them.

#![expect(clippy::expect_used, clippy::string_slice, reason = "tests")]

mod arithmetic;
mod json;
mod reader;

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;

use larkspur_grammar::{Compiled, Dialect, Grammar, lark};
use larkspur_proptest::{Laws, near_misses, sentences, texts};
use proptest::strategy::Strategy as _;
use proptest::string::string_regex;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

type Parse = Box<dyn Fn(&str) -> Result<String, String>>;

/// What the bug does, and so which law finds it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It refuses sentences.
    TooStrict,
    /// It takes what is no sentence.
    TooLax,
    /// It reads sentences as something else.
    Wrong,
}

struct Planted {
    name: String,
    kind: Kind,
    /// A smallest text that shows it.
    smallest: &'static str,
    language: Language,
    parse: Parse,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Arithmetic,
    Json,
}

impl Language {
    fn grammar(self) -> Grammar {
        let text = match self {
            Self::Arithmetic => include_str!("../../../../grammars/arithmetic.lark"),
            Self::Json => json::GRAMMAR,
        };
        lark::compile(text, Dialect::openai()).expect("compiles")
    }

    /// What someone would write who has no grammar at hand: the lexemes of the language in any order.
    fn regex(self) -> &'static str {
        match self {
            Self::Arithmetic => {
                "([a-z_][a-z0-9_]{0,3}|[0-9]{1,3}(\\.[0-9]{1,3})?([eE][+-]?[0-9])?|\\.[0-9]|[-+*/%^(), ]){0,24}"
            }
            Self::Json => {
                "(\"([ -!#-\\[\\]-~éß€]|\\\\[bfnrt/]|\\\\u[0-9a-f]{4}|[\\x00-\\x1f]){0,3}\"|-?[0-9]{1,20}(\\.[0-9])?([eE][0-9])?|[\\[\\]{}:,]|true|false|null){0,16}"
            }
        }
    }

    fn right(self, text: &str) -> Result<String, String> {
        match self {
            Self::Arithmetic => arithmetic::parse(text, arithmetic::Bug::None),
            Self::Json => json::parse(text, json::Bug::None),
        }
    }
}

fn arithmetic_bugs() -> impl Iterator<Item = Planted> {
    use Kind::{TooLax, TooStrict, Wrong};
    use arithmetic::Bug as A;
    let bugs = [
        (A::SignAfterOperator, TooStrict, "a--a"),
        (A::PowerOfPower, TooStrict, "a^a^a"),
        (A::CallWithoutArguments, TooStrict, "a()"),
        (A::ThreeArguments, TooStrict, "a(a,a,a)"),
        (A::PointFirst, TooStrict, ".0"),
        (A::SignedExponent, TooStrict, "0e-0"),
        (A::FourDeep, TooStrict, "((((a))))"),
        (A::BlankBeforeClosing, TooStrict, "(a )"),
        (A::NameWithDigit, TooStrict, "a0"),
        (A::MinusToTheRight, Wrong, "a-a-a"),
        (A::PowerBeforeSign, Wrong, "-a^a"),
        (A::UnclosedAtTheEnd, TooLax, "(a"),
        (A::OperatorAtTheEnd, TooLax, "a+"),
        (A::AnyNumberOfBlanks, TooLax, "a  +a"),
        (A::EmptyArgument, TooLax, "a(,a)"),
    ];
    bugs.into_iter().map(|(bug, kind, smallest)| Planted {
        name: format!("arithmetic: {bug:?}"),
        kind,
        smallest,
        language: Language::Arithmetic,
        parse: Box::new(move |text| arithmetic::parse(text, bug)),
    })
}

fn json_bugs() -> impl Iterator<Item = Planted> {
    use Kind::{TooLax, TooStrict};
    use json::Bug as J;
    let bugs = [
        (J::EmptyObject, TooStrict, "{}"),
        (J::TwoMembers, TooStrict, "{\"\":0,\"\":0}"),
        (J::UnicodeEscape, TooStrict, "\"\\u0000\""),
        (J::CapitalExponent, TooStrict, "0E0"),
        (J::NegativeZero, TooStrict, "-0"),
        (J::LongNumber, TooStrict, "9999999999999999999"),
        (J::BytesForCharacters, TooStrict, "\"é\""),
        (J::NullInArray, TooStrict, "[null]"),
        (J::ArrayInMember, TooStrict, "{\"\":[]}"),
        (J::TrailingComma, TooLax, "[0,]"),
        (J::LeadingZero, TooLax, "00"),
        (J::ControlCharacter, TooLax, "\"\n\""),
        (J::WrongBracket, TooLax, "[0}"),
    ];
    bugs.into_iter().map(|(bug, kind, smallest)| Planted {
        name: format!("json: {bug:?}"),
        kind,
        smallest,
        language: Language::Json,
        parse: Box::new(move |text| json::parse(text, bug)),
    })
}

/// Words, numbers and strings count as one, and so does every other character that is no blank.
fn tokens(text: &str) -> usize {
    let mut count = 0;
    let mut rest = text.trim_start_matches(' ');
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let length = if first == '"' {
            rest[1..].find('"').map_or(rest.len(), |end| end + 2)
        } else if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        count += 1;
        rest = rest[length..].trim_start_matches(' ');
    }
    count
}

const CASES: u32 = 2_000;

fn config() -> Config {
    Config {
        cases: CASES,
        rng_seed: RngSeed::Fixed(7),
        failure_persistence: None,
        max_global_rejects: u32::MAX,
        max_shrink_iters: 1 << 14,
        ..Config::default()
    }
}

/// The smallest text that the law finds, and how many texts were tried for it.
fn by_law(planted: &Planted) -> Option<(String, usize)> {
    let grammar = planted.language.grammar();
    let laws = Laws::with(config());
    let tried = Cell::new(0);
    let parse = |text: &str| {
        tried.set(tried.get() + 1);
        (planted.parse)(text)
    };
    let found = match planted.kind {
        Kind::TooStrict => laws.reader_accepts_sentences(sentences(&grammar), parse),
        Kind::TooLax => laws.rejects_near_misses(near_misses(&grammar), parse),
        Kind::Wrong => {
            let right = |text: &str| planted.language.right(text);
            laws.parsers_agree(sentences(&grammar), right, parse)
        }
    };
    let text = found.err()?.text().to_owned();
    Some((text, tried.get()))
}

/// The same with random text, the right parser as a judge.
fn by_text(planted: &Planted) -> Option<(String, usize)> {
    let strategy = string_regex(planted.language.regex()).expect("is a regex");
    let tried = Cell::new(0);
    let outcome = TestRunner::new(config()).run(&strategy, |text| {
        tried.set(tried.get() + 1);
        match (planted.language.right(&text), (planted.parse)(&text)) {
            (Err(_), Err(_)) => Ok(()),
            (right, parsed) if right == parsed => Ok(()),
            _ => Err(TestCaseError::fail("they differ")),
        }
    });
    match outcome {
        Err(TestError::Fail(_, text)) => Some((text, tried.get())),
        _ => None,
    }
}

/// For the table: the text, how many tokens more than the smallest, how many texts were tried.
fn row(found: Option<&(String, usize)>, smallest: &str) -> String {
    match found {
        None => "not found".to_owned(),
        Some((text, tried)) => {
            let more = tokens(text).saturating_sub(tokens(smallest));
            format!("`{}` +{more} after {tried}", text.escape_debug())
        }
    }
}

#[test]
fn planted_bugs_are_found_and_become_as_small_as_they_can_be() {
    let mut table = "bug | smallest | by the law | by random text\n".to_owned();
    let mut faults = Vec::new();
    let (mut missed, mut larger) = (0, 0);
    let planted: Vec<Planted> = arithmetic_bugs().chain(json_bugs()).collect();
    let count = planted.len();
    for planted in planted {
        let law = by_law(&planted);
        let text = by_text(&planted);
        let more = |found: &Option<(String, usize)>| {
            let tokens_of = |(text, _): &(String, usize)| tokens(text);
            found
                .as_ref()
                .map(|found| tokens_of(found).saturating_sub(tokens(planted.smallest)))
        };
        if more(&law).is_none_or(|more| more > 2) {
            faults.push(planted.name.clone());
        }
        missed += usize::from(text.is_none());
        larger += usize::from(more(&text).is_some_and(|more| more > 2));
        let smallest = planted.smallest;
        writeln!(
            table,
            "{} | `{}` | {} | {}",
            planted.name,
            smallest.escape_debug(),
            row(law.as_ref(), smallest),
            row(text.as_ref(), smallest)
        )
        .expect("can be written");
    }
    insta::assert_snapshot!(table, @r#"
bug | smallest | by the law | by random text
arithmetic: SignAfterOperator | `a--a` | `a*+a` +0 after 43 | not found
arithmetic: PowerOfPower | `a^a^a` | `a^+a` +0 after 32 | `_^-a*a` +1 after 1085
arithmetic: CallWithoutArguments | `a()` | `a()` +0 after 7 | not found
arithmetic: ThreeArguments | `a(a,a,a)` | `a(a,a,a)` +0 after 201 | not found
arithmetic: PointFirst | `.0` | `.0` +0 after 15 | `.0` +0 after 12
arithmetic: SignedExponent | `0e-0` | `0e-0` +0 after 43 | `0E+0*a` +2 after 50
arithmetic: FourDeep | `((((a))))` | `((((a))))` +0 after 82 | not found
arithmetic: BlankBeforeClosing | `(a )` | `(a )` +0 after 15 | not found
arithmetic: NameWithDigit | `a0` | `a0` +0 after 14 | `_0` +0 after 31
arithmetic: MinusToTheRight | `a-a-a` | `a+a+a` +0 after 46 | not found
arithmetic: PowerBeforeSign | `-a^a` | `-a^a` +0 after 22 | not found
arithmetic: UnclosedAtTheEnd | `(a` | `(a` +0 after 29 | `(a` +0 after 461
arithmetic: OperatorAtTheEnd | `a+` | `a-` +0 after 115 | `a+` +0 after 109
arithmetic: AnyNumberOfBlanks | `a  +a` | `a  +a` +0 after 34 | not found
arithmetic: EmptyArgument | `a(,a)` | `a(,a)` +0 after 282 | not found
json: EmptyObject | `{}` | `{}` +0 after 14 | not found
json: TwoMembers | `{\"\":0,\"\":0}` | `{\"\":0,\"\":0}` +0 after 22 | not found
json: UnicodeEscape | `\"\\u0000\"` | `\"\\uaaaa\"` +0 after 50 | `\"\\uaaa0\"` +0 after 40
json: CapitalExponent | `0E0` | `0E0` +0 after 58 | `0E0` +0 after 321
json: NegativeZero | `-0` | `-0` +0 after 57 | not found
json: LongNumber | `9999999999999999999` | `10000000000000000000` +0 after 504 | `10000000000000000000` +0 after 272
json: BytesForCharacters | `\"é\"` | `\"\u{ccff6}\"` +0 after 17 | `\"é\"` +0 after 30
json: NullInArray | `[null]` | `[null]` +0 after 42 | `[null]` +0 after 1219
json: ArrayInMember | `{\"\":[]}` | `{\"\":[]}` +0 after 54 | not found
json: TrailingComma | `[0,]` | `[0,]` +0 after 1379 | not found
json: LeadingZero | `00` | `00` +0 after 101 | `00` +0 after 692
json: ControlCharacter | `\"\n\"` | `\"\0\"` +0 after 235 | `\"\0\"` +0 after 93
json: WrongBracket | `[0}` | `[0}` +0 after 1794 | not found
"#);
    assert_eq!(faults, [""; 0]);
    let summary = format!(
        "random text misses {missed} of {count} and leaves {larger} more than two tokens too large"
    );
    insta::assert_snapshot!(summary, @r#"random text misses 15 of 28 and leaves 0 more than two tokens too large"#);
}

#[test]
fn the_parsers_without_a_bug_keep_every_law() {
    for language in [Language::Arithmetic, Language::Json] {
        let grammar = language.grammar();
        let config = || Config {
            cases: 500,
            ..config()
        };
        let laws = Laws::with(config());
        let right = |text: &str| language.right(text);
        laws.reader_accepts_sentences(sentences(&grammar), right)
            .expect("holds");
        laws.rejects_near_misses(near_misses(&grammar), right)
            .expect("holds");
        let compiled = Compiled::new(&grammar).expect("compiles");
        let cache = RefCell::new(compiled.cache());
        let judge = |text: &str| match compiled.accepts(&mut cache.borrow_mut(), text) {
            Ok(true) => Ok(()),
            _ => Err("refused"),
        };
        laws.parsers_agree(texts(&grammar), judge, |text| right(text).map(drop))
            .expect("holds");
        // Random text leads to nothing else.
        let strategy = string_regex(language.regex()).expect("is a regex").boxed();
        TestRunner::new(config())
            .run(&strategy, |text| {
                if right(&text).is_ok() == judge(&text).is_ok() {
                    Ok(())
                } else {
                    Err(TestCaseError::fail("the grammar and the parser differ"))
                }
            })
            .expect("holds");
    }
}
