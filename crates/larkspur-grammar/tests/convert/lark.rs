//! Lark to Lark.

use larkspur_grammar::print;
use larkspur_grammar::{Dialect, Grammar, Limits, import, lark};

use crate::Engine;
use crate::cases::shipped;
use crate::llg::Judge;
use crate::shape::shape;

/// Prints within the dialect and reads again: the same grammar, and the same text the second time.
#[track_caller]
fn round_trip(text: &str, dialect: &'static Dialect) -> Grammar {
    let grammar = lark::compile(text, dialect).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let printed = print::lark(&grammar, dialect);
    assert_eq!(printed.losses, [], "{}", printed.text);
    let again = lark::compile(&printed.text, dialect)
        .unwrap_or_else(|error| panic!("{error}: {:?}\n{}", error.diagnostics(), printed.text));
    assert_eq!(shape(&again), shape(&grammar), "{}", printed.text);
    assert_eq!(print::lark(&again, dialect).text, printed.text);
    grammar
}

#[test]
fn shipped_grammars_come_back() {
    for grammar in shipped() {
        round_trip(&grammar.lark, Dialect::openai());
    }
}

/// Every construct of the notation that a grammar can hold.
const CONSTRUCTS: &[&str] = &[
    "start: \"a\"\n",
    "start: A\nA: \"x\"\n",
    "start: \"a\" | \"b\" | \n",
    "start: | \"a\"\n",
    "start:\n",
    "start: (\"a\" | \"b\") \"c\"\n",
    "start: \"a\"? \"b\"* \"c\"+ \"d\"{3} \"e\"{2,5} \"f\"{2,} \"g\"{,4}\n",
    "start: (\"a\" \"b\")+ ((\"c\")?)*\n",
    "start: [\"a\" | \"b\"] [A]\nA: \"q\"\n",
    "start: [\"a\" A]\nA: \"q\"\n",
    "start: a b\n?a: b | \"(\" a \")\"\n!b: \"x\" | \"y\"\n_c: \"z\"\n",
    "start: \"a\" -> one\n     | \"b\" -> two\n",
    "start: (\"a\" | \"b\" \"c\")* \"d\"\n",
    "start: \"SELECT\"i \"ſ\" \"\\n\\t\\\\\\\"\" \"\\u0001\"\n",
    "start: \"a\"..\"z\" (\"0\"..\"9\")+\n",
    "start: /[a-z]+\\/x/ /a.b/s /x y/i\n",
    "start: /[^\\s\\S]|\\p{Greek}/\n",
    "start: A\nA: B | B C* (\"x\" | /y/)? ~D{1,3}\nB: \"b\" & /[a-z]/\nC: ~(\"q\" | \"r\")\nD: \"d\"\n",
    "start: A B\nA: (B | \"x\") & (B & \"y\" | \"z\")\nB: ~(~\"b\")\n",
    "start: A\nA: (\"a\"+)? ((\"b\" | \"c\") \"d\"){2}\n",
    "start: NUMBER WS \",\" COMMA\nCOMMA: \",\"\n%import common.NUMBER\n%import common.WS\n",
    "start: WORD C_COMMENT CPP_COMMENT\n%import common (WORD, C_COMMENT, CPP_COMMENT)\n",
    "start: NL \"x\"\n%import common.NEWLINE -> NL\n",
    "start: \"a\" \"b\"\n%ignore \" \"\n%ignore /#[^\\n]*/\n%ignore WS\nWS: /[ \\t]+/\n",
    "start: a-b A-B\na-b: \"x\"\nA-B: \"y\"\n",
    "start: \"e\" start | \"é漢😀\"\n",
    "start: _X x\n_X: \"x\"\nx: \"x\" _X\n",
];

#[test]
fn every_construct_comes_back() {
    for text in CONSTRUCTS {
        round_trip(text, Dialect::llguidance());
    }
}

#[test]
fn extensions_of_llguidance_come_back() {
    for text in [
        "%llguidance { \"allow_initial_skip\": true }\n\nstart: \"a\" \"b\"\n\n%ignore \" \"\n",
        "start: \"a\" r \"b\"\nr[lazy]: /.*x/\n",
        "start: \"a\" r\nr: %json {\"type\": \"object\"}\n",
        "start: <|end|> \"x\" <[3-5]>\n",
        "start: \"a\" r \"b\"\nr: %lark {\nstart: \"x\"+\n}\n",
        "start: @other \"x\"\n",
        "start: \"x\" S\nS: %regex {\"substring_chunks\": [\"a\", \"b c\"]}\n",
    ] {
        round_trip(text, Dialect::llguidance());
    }
}

#[test]
fn the_dialect_of_pythons_lark_comes_back() {
    for text in [
        "start: A b\nA.2: \"x\"\nb.3: /y+/\n",
        "start: \"a\"~2 \"b\"~1..3\n",
        "?start: (\"a\" | B)+\n!?x: start | _y\n_y: \"q\"\nB: /(?P<n>x)\\d/i\n",
        "start: ESCAPED_STRING SIGNED_NUMBER\n%import common.ESCAPED_STRING\n%import common.SIGNED_NUMBER\n",
    ] {
        round_trip(text, Dialect::lark());
    }
}

/// Prints a grammar for another reader.
#[track_caller]
fn check(text: &str, from: &'static Dialect, to: &'static Dialect, expected: &str) {
    let grammar = lark::compile(text, from).unwrap_or_else(|error| panic!("{error}"));
    let printed = print::lark(&grammar, to);
    let losses: Vec<String> = printed
        .losses
        .iter()
        .map(|loss| format!("! {loss}\n"))
        .collect();
    assert_eq!(format!("{}{}", printed.text, losses.concat()), expected);
}

#[test]
fn operators_become_regexes_where_the_reader_has_none() {
    check(
        "start: ID\nID: /[a-z]+/ & ~(\"if\" | \"do\")\n",
        Dialect::llguidance(),
        Dialect::xgrammar(),
        "start: ID\n\nID: /d|i|(?:[a-ce-hj-z]|d(?:[a-np-z]|o[a-z])|i(?:[a-eg-z]|f[a-z]))[a-z]*/\n",
    );
}

#[test]
fn counts_are_written_as_the_reader_writes_them() {
    check(
        "start: \"a\"{2,5} \"b\"{3} \"c\"{2,}\n",
        Dialect::llguidance(),
        Dialect::lark(),
        "start: \"a\"~2..5 \"b\"~3 (\"c\"~2 \"c\"*)\n",
    );
}

#[test]
fn priorities_are_told_where_the_reader_has_none() {
    check(
        "start: A | B\nA.2: \"x\"\nB: \"x\"\n",
        Dialect::lark(),
        Dialect::llguidance(),
        "start: A | B\n\nA: \"x\"\nB: \"x\"\n! priority: `A`: priority 2 is dropped: llguidance has no priorities (more is accepted)\n",
    );
}

#[test]
fn greed_is_told_where_the_reader_has_none() {
    check(
        "start: A A\nA: \"a\"+\n",
        Dialect::llguidance(),
        Dialect::lark(),
        "start: A A\n\nA: \"a\"+\n! greedy-terminal: `A`: in \"aa\" a greedy lexer goes on with `A` and never stops after \"a\" to let `A` begin: Lark may stop there (more is accepted)\n",
    );
}

#[test]
fn lazy_lexemes_are_said_with_operators_or_as_their_automaton() {
    check(
        "start: \"<\" r \">\"\nr[lazy]: /[^x]*x/\n",
        Dialect::llguidance(),
        Dialect::openai(),
        "start: \"<\" r \">\"\nr: ANON_0\n\nANON_0: /[^x]*x/ & ~(/[^x]*x/ /(?s:.)+/)\n",
    );
    check(
        "start: \"<\" r \">\"\nr[lazy]: /(.|\\n)*x/\n",
        Dialect::llguidance(),
        Dialect::lark(),
        "start: \"<\" r \">\"\nr: ANON_0\n\nANON_0: /[^x]*x/\n",
    );
}

/// A lazy lexeme ends for all: what else could go on beside it is told.
#[test]
fn lazy_lexemes_beside_others_are_told() {
    let codes = |text: &str| {
        let grammar = lark::compile(text, Dialect::llguidance()).expect("compiles");
        let mut all: Vec<&str> = Vec::new();
        for printed in [
            print::lark(&grammar, Dialect::openai()),
            print::lark(&grammar, Dialect::llguidance()),
            print::gbnf(&grammar),
        ] {
            all.push("|");
            all.extend(printed.losses.iter().map(|loss| loss.code));
        }
        all.concat()
    };
    let beside = "start: (r | \"axb\") \";\"\nr[lazy]: /[a-z]*x/\n";
    assert_eq!(codes(beside), "|lazy-terminal||lazy-terminal");
    let equal = "start: r \"1\" | \"ax\" \"2\"\nr[lazy]: /[a-z]*x/\n";
    assert_eq!(codes(equal), "|lazy-terminal||lazy-terminal");
    let apart = "start: (r | \"1x\") \";\"\nr[lazy]: /[a-z]*x/\n";
    assert_eq!(codes(apart), "|||");
}

#[test]
fn a_lazy_lexeme_may_be_empty_or_one_letter() {
    let text = "start: \"<\" r \">\"\nr[lazy]: /[a-z]*/\n";
    let grammar = lark::compile(text, Dialect::llguidance()).expect("compiles");
    let original = Judge::lark(text).expect("compiles");
    let printed = print::lark(&grammar, Dialect::openai());
    assert_eq!(printed.losses, []);
    let judge = Judge::lark(&printed.text).expect("compiles");
    let gbnf = print::gbnf(&grammar);
    let gbnf = import::gbnf(&gbnf.text, &Limits::default()).expect("is read");
    let gbnf = Engine::new(&gbnf.grammar);
    for (text, accepted) in [("<>", true), ("<a>", true), ("<ab>", false), ("<1>", false)] {
        let verdicts = (
            original.accepts(text),
            judge.accepts(text),
            gbnf.accepts(text),
        );
        assert_eq!(
            verdicts,
            (accepted, accepted, accepted),
            "{text}\n{}",
            printed.text
        );
    }
}
