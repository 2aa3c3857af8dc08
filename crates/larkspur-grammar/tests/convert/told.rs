//! What a person reads after a conversion: the text, then each loss behind `! `.

use std::fmt::Write;

use insta::assert_snapshot;
use larkspur_grammar::Dialect;
use larkspur_grammar::convert::{Notation, Options, convert, read};

use Notation::{Ebnf, Gbnf, Lark, Pest};

#[track_caller]
fn shown_with(text: &str, from: Notation, to: Notation, options: &Options) -> String {
    let printed = convert(text, from, to, options).unwrap_or_else(|error| {
        panic!("{error}: {:?}", error.diagnostics());
    });
    let mut out = printed.text;
    for loss in printed.losses {
        let _ = writeln!(out, "! {loss}");
    }
    out
}

#[track_caller]
fn shown(text: &str, from: Notation, to: Notation) -> String {
    shown_with(text, from, to, &Options::default())
}

/// Lark of one dialect for another.
#[track_caller]
fn translated(text: &str, from: &'static Dialect, to: &'static Dialect) -> String {
    let options = Options {
        from,
        to,
        ..Options::default()
    };
    shown_with(text, Lark, Lark, &options)
}

const CALLS: &str = r#"
start: expr
?expr: expr "+" term | term
?term: NAME | NUMBER | NAME "(" [expr ("," expr)*] ")"
NAME: /[a-z]+/ & ~("if" | "else")
NUMBER: /[0-9]{1,9}/
%ignore / +/
"#;

#[test]
fn lark_as_gbnf_and_ebnf() {
    assert_snapshot!(shown(CALLS, Lark, Gbnf), @r#"
root ::= expr-first
expr-first ::= term-first (ignored "+" term)*
term-first ::= name | number | name ignored "(" (expr (ignored "," expr)*)? ignored ")"
ignored ::= " "*

expr ::= term (ignored "+" term)*

term ::=
  ignored name |
  ignored number |
  ignored name ignored "(" (expr (ignored "," expr)*)? ignored ")"

name ::= [a-df-hj-z] name-1 | "e" name-2 | "i" name-3

name-1 ::= [a-z]*
name-2 ::= ([a-km-z] name-1 | "l" name-4)?
name-4 ::= ([a-rt-z] name-1 | "s" name-6)?
name-6 ::= ([a-df-z] name-1 | "e" name-5)?
name-5 ::= [a-z] name-1
name-3 ::= ([a-eg-z] name-1 | "f" name-5)?

number ::= [0-9]{1,9}
! trailing-ignore: ignored text after a whole sentence is refused, even where the sentence could have gone on: llguidance takes it there and only there, which rules cannot follow (less is accepted)
"#);
    assert_snapshot!(shown(CALLS, Lark, Ebnf), @r#"
root ::= expr_first
expr_first ::= expr_first ignored "+" term | term_first
ignored ::= " "*
term_first ::= name | number | name ignored "(" (expr (ignored "," expr)*)? ignored ")"

expr ::= expr ignored "+" term | term

term ::=
  ignored name |
  ignored number |
  ignored name ignored "(" (expr (ignored "," expr)*)? ignored ")"

name ::= [a-df-hj-z] name_1 | "e" name_2 | "i" name_3

name_1 ::= [a-z]*
name_2 ::= ([a-km-z] name_1 | "l" name_4)?
name_4 ::= ([a-rt-z] name_1 | "s" name_6)?
name_6 ::= ([a-df-z] name_1 | "e" name_5)?
name_5 ::= [a-z] name_1
name_3 ::= ([a-eg-z] name_1 | "f" name_5)?

number ::= [0-9]{1,9}
! trailing-ignore: ignored text after a whole sentence is refused, even where the sentence could have gone on: llguidance takes it there and only there, which rules cannot follow (less is accepted)
"#);
}

#[test]
fn lark_for_other_readers_of_it() {
    assert_snapshot!(translated(CALLS, Dialect::llguidance(), Dialect::xgrammar()), @r#"
start: expr
?expr: expr "+" term | term
?term: NAME | NUMBER | NAME "(" [expr ("," expr)*] ")"

NAME: /i|e(?:ls?)?|(?:[a-df-hj-z]|i(?:[a-eg-z]|f[a-z])|e(?:[a-km-z]|l(?:[a-rt-z]|s(?:[a-df-z]|e[a-z]))))[a-z]*/
NUMBER: /[0-9]{1,9}/

%ignore / +/
! ignore-at-ends: ignored text is taken before the first and after the last lexeme too: that is the rule of xgrammar (more is accepted)
"#);
    assert_snapshot!(translated(CALLS, Dialect::llguidance(), Dialect::lark()), @r#"
start: expr
?expr: expr "+" term | term
?term: NAME | NUMBER | NAME "(" [expr ("," expr)*] ")"

NAME: /i|e(?:ls?)?|(?:[a-df-hj-z]|i(?:[a-eg-z]|f[a-z])|e(?:[a-km-z]|l(?:[a-rt-z]|s(?:[a-df-z]|e[a-z]))))[a-z]*/
NUMBER: /[0-9]{1,9}/

%ignore / +/
! ignore-at-ends: ignored text is taken before the first and after the last lexeme too: that is the rule of Lark (more is accepted)
"#);
}

#[test]
fn gbnf_as_lark() {
    let json = r#"
# A part of JSON.
root ::= object
value ::= object | array | string | number | ("true" | "false" | "null") ws
object ::= "{" ws (string ":" ws value ("," ws string ":" ws value)*)? "}" ws
array ::= "[" ws (value ("," ws value)*)? "]" ws
string ::= "\"" ([^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4}))* "\"" ws
number ::= "-"? ([0-9] | [1-9] [0-9]{0,15}) ("." [0-9]+)? ([eE] [-+]? [0-9]+)? ws
ws ::= [ \t\n]{0,20}
"#;
    assert_snapshot!(shown(json, Gbnf, Lark), @r#"
start: object
object: "{" WS? (STRING ":" WS? value ("," WS? STRING ":" WS? value)*)? "}" WS?
value: object | array | STRING | NUMBER | ("true" | "false" | "null") WS?
array: "[" WS? (value ("," WS? value)*)? "]" WS?

WS: /[\t\n ]{1,20}/
STRING: /"(?:[^\x00-\x1F"\\]|\\(?:[bfnrt"\/\\]|u[a-fA-F0-9]{4}))*"/ WS?
NUMBER: /-?(?:[0-9]|[1-9][0-9]{0,15})(?:\.[0-9]+)?(?:[eE][+\-]?[0-9]+)?/ WS?
"#);
    assert_snapshot!(shown(json, Gbnf, Ebnf), @r#"
root ::= object

object ::= "{" ws (string ":" ws value ("," ws string ":" ws value)*)? "}" ws

value ::= object | array | string | number | ("true" | "false" | "null") ws

array ::= "[" ws (value ("," ws value)*)? "]" ws

string ::= "\"" ([^\x00-\x1F"\\] | "\\" ([bfnrt"/\\] | "u" [a-fA-F0-9]{4}))* "\"" ws

number ::= "-"? ([0-9] | [1-9] [0-9]{0,15}) ("." [0-9]+)? ([eE] [+\x2D]? [0-9]+)? ws

ws ::= [\t\n ]{0,20}
"#);
}

#[test]
fn greedy_lexing_is_told() {
    let text = "start: TEXT \"!\"\nTEXT: /[a-z!]+/\n";
    assert_snapshot!(shown(text, Lark, Gbnf), @r#"
root ::= text "!"

text ::= [a-z!]+
! greedy-terminal: `TEXT`: in "!!" a greedy lexer goes on with `TEXT` and never stops after "!" to let `"!"` begin: GBNF has no lexer: there it may stop (more is accepted)
"#);
    // The other way round nothing is lost: what a greedy lexer would cut otherwise stays rules over characters.
    let text = "root ::= \"<\" word root? \">\"\nword ::= [a-z<]+ key\nkey ::= [0-9<]{3}\n";
    assert_snapshot!(shown(text, Gbnf, Lark), @r#"
start: "<" word start? ">"
word: /[a-z<]/+ key
key: /[0-9<]/{3}
"#);
}

#[test]
fn ignored_text_at_the_end_is_told() {
    assert_snapshot!(shown("start: \"a\" \"b\"?\n%ignore \" \"\n", Lark, Gbnf), @r#"
root ::= "a" (ignored "b")?
ignored ::= " "*
! trailing-ignore: ignored text after a whole sentence is refused, even where the sentence could have gone on: llguidance takes it there and only there, which rules cannot follow (less is accepted)
"#);
}

#[test]
fn left_recursion_that_stays_is_told() {
    let mut text = String::from("start: r0\n");
    for at in 0..42 {
        let _ = writeln!(text, "r{at}: r{} \"{at:02}\" | \"x{at:02}\"", (at + 1) % 42);
    }
    let shown = shown(&text, Lark, Gbnf);
    let losses: Vec<&str> = shown.lines().filter(|line| line.starts_with('!')).collect();
    assert_snapshot!(losses.join("\n"), @r#"! left-recursion: left recursion is left in `r0`, `r1`, `r2`, `r3`, `r4`, `r5` and 36 more: llama.cpp refuses left recursion, and so this grammar (less is accepted)"#);
}

#[test]
fn counts_beyond_llama_cpp_are_told() {
    assert_snapshot!(shown("start: \"a\"{1,1000000} \"b\"{1000000,}\n", Lark, Gbnf), @r#"
root ::= start-part (start-part-2{0,998} start-part{0,999} | start-part-2{999} start-part{0,999}) "b"{999,}

start-part ::= "a"
start-part-2 ::= start-part{999} start-part
! count: `start`: a count of 1000000 is dropped: llama.cpp cannot count so far; 1000000 is the most that is written (more is accepted)
"#);
}

#[test]
fn extensions_of_llguidance_are_told() {
    let text = "start: a b c d e\na: %json {\"type\": \"object\"}\nb: <|end|>\nc[lazy]: /.*x/\nd: %lark {\nstart: \"x\"\n}\ne: @other\n";
    assert_snapshot!(shown(text, Lark, Gbnf), @r#"
root ::= a b c d e

a ::= .*

b ::= ""

c ::= anon-0

d ::= .*

e ::= .*

anon-0 ::= [^x\n] anon-0 | "x"
! opaque: `a`: `%json` becomes any text: GBNF has nothing like it (more is accepted)
! opaque: `b`: the token `<|end|>` is dropped: GBNF has nothing like it (something else is accepted)
! opaque: `d`: `%lark` becomes any text: GBNF has nothing like it (more is accepted)
! opaque: `e`: `@other` becomes any text: GBNF has nothing like it (more is accepted)
"#);
    assert_snapshot!(translated(text, Dialect::llguidance(), Dialect::lark()), @r#"
start: a b c d e
a: %json {"type": "object"}
b: <|end|>
c: ANON_0

d: %lark {
start: "x"
}

e: @other

ANON_0: /[^x\n]*x/
! opaque: `a`: `%json`, an extension of llguidance, is left as it is: Lark is not known to read it (something else is accepted)
! opaque: `b`: `<|end|>`, an extension of llguidance, is left as it is: Lark is not known to read it (something else is accepted)
! opaque: `d`: `%lark`, an extension of llguidance, is left as it is: Lark is not known to read it (something else is accepted)
! opaque: `e`: `@other`, an extension of llguidance, is left as it is: Lark is not known to read it (something else is accepted)
"#);
    let text = "start: <[128010]> TEXT SUB\nTEXT: /[a-z]+/\nSUB: %regex {\"substring_chunks\": [\"one \", \"two\"]}\n";
    assert_snapshot!(shown(text, Lark, Gbnf), @r#"
root ::= <[128010]> text sub

text ::= [a-z]+

sub ::= sub-from-0 | sub-from-1 | ""

sub-from-0 ::= "one " sub-from-1?
sub-from-1 ::= "two"
"#);
}

#[test]
fn attributes_are_told() {
    let text = "start: a b c\na[stop=\"x\"]: /[a-z]*/\nb[max_tokens=5]: /[0-9]+/\nc[suffix=\"!\", capture]: /.*/\n";
    assert_snapshot!(shown(text, Lark, Gbnf), @r#"
root ::= a b c

a ::= anon-0

b ::= [0-9]+

c ::= anon-2

anon-0 ::= [a-wyz] anon-0 | "x"

anon-2 ::= [^\n!] anon-2 | "!"
! max-tokens: `b`: `max_tokens=5` is dropped: it counts LLM tokens, and a grammar knows none (more is accepted)
! greedy-terminal: `/[0-9]+/`: in "00" a greedy lexer goes on with `/[0-9]+/` and never stops after "0" to let `__ANON_2` begin: GBNF has no lexer: there it may stop (more is accepted)
"#);
}

#[test]
fn bytes_that_are_no_text_are_told() {
    let text = "%llguidance {\"allow_invalid_utf8\": true}\nstart: A\nA: /a/ | ~/(?s:.*)/\n";
    assert_snapshot!(shown(text, Lark, Gbnf), @r#"
root ::= a

a ::= "a"
! option: `allow_invalid_utf8` is dropped: GBNF knows characters, not bytes (less is accepted)
"#);
}

#[test]
fn what_pythons_lark_has_alone_is_told() {
    let text = "start: A b | B\nA.2: \"x\"\nB: \"x\"\nb: /y+?z/\n%ignore / /\n";
    assert_snapshot!(translated(text, Dialect::lark(), Dialect::openai()), @r#"
start: A b | B
b: /y+z/

A: "x"
B: "x"

%ignore / /
! ignore-at-ends: ignored text is refused before the first and after the last lexeme: that is the rule of OpenAI (less is accepted)
! priority: `A`: priority 2 is dropped: OpenAI has no priorities (more is accepted)
! lazy-quantifier: `/y+?z/`: lazy quantifiers become greedy: OpenAI takes as much as it can (something else is accepted)
"#);
    assert_snapshot!(translated("start: \"é\"i /\\d/\n", Dialect::lark(), Dialect::openai()), @r#"start: "é"i /\d/"#);
}

#[test]
fn options_of_llguidance_are_told() {
    let text = "%llguidance { \"allow_initial_skip\": true, \"ignore_once\": true }\nstart: \"a\" \"b\"\n%ignore \" \"\n";
    assert_snapshot!(translated(text, Dialect::llguidance(), Dialect::openai()), @r#"
start: "a" "b"

%ignore " "
! option: `allow_initial_skip` is dropped: OpenAI is not known to read `%llguidance` (less is accepted)
! option: `ignore_once` is dropped: OpenAI is not known to read `%llguidance` (more is accepted)
"#);
    assert_snapshot!(shown(text, Lark, Gbnf), @r#"
root ::= ignored "a" ignored "b"

ignored ::= " "?
"#);
}

#[cfg(feature = "pest")]
#[test]
fn pest_as_lark() {
    let text = r#"
WHITESPACE = _{ " " }
list = { SOI ~ item ~ ("," ~ item)* ~ EOI }
item = @{ !"end" ~ ASCII_ALPHA+ | "end" ~ ASCII_DIGIT }
"#;
    let options = Options {
        start: Some("list".to_owned()),
        ..Options::default()
    };
    assert_snapshot!(shown_with(text, Pest, Lark, &options), @r#"
start: LIST

WHITESPACE: " "
SKIP_BETWEEN_PARTS: WHITESPACE+
ITEM: /en?|(?:[a-df-zA-Z]|e(?:[a-mo-zA-Z]|n[a-ce-zA-Z]))[a-zA-Z]*|end[0-9]/
LIST: SKIP_BETWEEN_PARTS? ITEM SKIP_BETWEEN_PARTS? ("," SKIP_BETWEEN_PARTS? ITEM (SKIP_BETWEEN_PARTS? "," SKIP_BETWEEN_PARTS? ITEM)*)? SKIP_BETWEEN_PARTS?
"#);
    assert_snapshot!(shown_with(text, Pest, Gbnf, &options), @r#"
root ::= skip-between-parts item skip-between-parts ("," skip-between-parts item (skip-between-parts "," skip-between-parts item)*)? skip-between-parts

WHITESPACE ::= " "

item ::= "e" "n"? | ([a-df-zA-Z] | "e" ([a-mo-zA-Z] | "n" [a-ce-zA-Z])) [a-zA-Z]* | "end" [0-9]

skip-between-parts ::= WHITESPACE*
"#);
    let text = "word = { \"a\" | \"ab\" | ASCII_DIGIT* ~ \"1\" }";
    assert_snapshot!(shown(text, Pest, Lark), @r#"
start: WORD

WORD: /a|ab|[0-9]*1/
! ordered-choice: `word`: alternative 2 may be tried where pest has taken alternative 1, as in "ab": pest takes the first alternative that fits and does not come back (more is accepted)
! greedy-repetition: `word`: the repetition may stop before '1' where pest goes on: pest takes as many as there are and gives none back (more is accepted)
"#);
}

#[cfg(feature = "pest")]
#[test]
fn what_pest_alone_has_is_refused() {
    let text = "heredoc = { PUSH(ASCII_ALPHA+) ~ \"\\n\" ~ POP }";
    let error = convert(text, Pest, Lark, &Options::default()).expect_err("is refused");
    let told: Vec<String> = error
        .diagnostics()
        .iter()
        .map(|one| one.render(text))
        .collect();
    assert_snapshot!(told.join("\n"), @r#"
error[stack]: `PUSH` remembers text, which no context-free grammar can
 --> 1:13
  |
1 | heredoc = { PUSH(ASCII_ALPHA+) ~ "\n" ~ POP }
  |             ^^^^^^^^^^^^^^^^^^
  = hint: where the marks are few, write an alternative for each, from the opening to the closing one

error[stack]: `POP` remembers text, which no context-free grammar can
 --> 1:41
  |
1 | heredoc = { PUSH(ASCII_ALPHA+) ~ "\n" ~ POP }
  |                                         ^^^
"#);
}

#[test]
fn every_pair_of_notations_is_read_and_printed() {
    let texts = [
        (Lark, "start: \"a\" | \"b\"\n"),
        (Gbnf, "root ::= \"a\" | \"b\"\n"),
        (Ebnf, "root ::= \"a\" | \"b\"\n"),
    ];
    for (from, text) in texts {
        for to in [Lark, Gbnf, Ebnf] {
            let printed = convert(text, from, to, &Options::default()).expect("converts");
            assert_eq!(printed.losses, [], "{from} to {to}");
            let again = read(&printed.text, to, &Options::default());
            assert!(again.is_ok(), "{from} to {to}: {}", printed.text);
        }
        let refused = convert(text, from, Pest, &Options::default()).expect_err("is refused");
        assert_eq!(refused.diagnostics()[0].code, "unsupported");
    }
}

#[test]
fn faults_keep_their_places() {
    for (notation, text, code) in [
        (Lark, "start: a\n", "unknown-name"),
        (Gbnf, "root ::= a\n", "unknown-name"),
        (Ebnf, "root ::= a\n", "unknown-name"),
    ] {
        let error = convert(text, notation, Gbnf, &Options::default()).expect_err("is refused");
        let [one] = error.diagnostics() else {
            panic!("{:?}", error.diagnostics());
        };
        let place = one.span.map(|span| &text[span.start..span.end]);
        assert_eq!((one.code, place), (code, Some("a")), "{notation}");
    }
}
