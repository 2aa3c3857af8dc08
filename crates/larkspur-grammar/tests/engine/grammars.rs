//! Grammars that the tests share: in Lark's notation, with sentences.

use crate::large::{JSON, SQL};

/// Name, grammar, sentences to start from.
pub(crate) const ALL: &[(&str, &str, &[&str])] = &[
    (
        "json",
        JSON,
        &[
            r#"{"a":[1,2.5e3,"x\"y"],"b":{"c":null}}"#,
            "[]",
            "[true, false]",
        ],
    ),
    (
        "sql",
        SQL,
        &[
            "SELECT a, b FROM t WHERE a = 1 AND NOT b < 2 OR c IN (1, 2)",
            "select x from y order by z desc limit 3",
        ],
    ),
    (
        "arithmetic",
        "start: e\ne: e \"+\" t | t\nt: t \"*\" f | f\nf: \"(\" e \")\" | NUM\nNUM: /[0-9]+/\n%ignore /[ ]+/",
        &["1+2*(3+4)", "((1))*2"],
    ),
    (
        "ambiguous sum",
        "start: e\ne: e \"+\" e | NUM\nNUM: /[0-9]/",
        &["1+2+3+4", "1"],
    ),
    (
        "catalan",
        "start: s\ns: s s | \"a\" | \"b\" s?",
        &["aabab", "bbbb"],
    ),
    ("greedy", "start: A A\nA: \"a\"+", &["aaa"]),
    (
        "listed",
        "start: STEM SUFFIX\nSTEM: \"list\" | \"listen\"\nSUFFIX: \"ed\"",
        &["listed", "listened"],
    ),
    (
        "keyword or name",
        "start: a | b\na: \"if\" NAME\nb: NAME\nNAME: /[a-z]+/\n%ignore / +/",
        &["if x", "if", "ifx", "if if"],
    ),
    (
        "reserved",
        "start: \"if\" NAME | NAME\nNAME: /[a-z]+/ & ~(\"if\" | \"else\")\n%ignore / /",
        &["if x", "elsewhere", "if"],
    ),
    (
        "contextual",
        "start: KW NAME\nKW: \"if\"\nNAME: /[a-z]+/",
        &["ifx", "ifif"],
    ),
    (
        "right recursion",
        "start: many\nmany: \"a\" many | \"a\"",
        &["aaaa"],
    ),
    ("left recursion", "start: start \"a\" | \"a\"", &["aaaa"]),
    (
        "hidden left recursion",
        "start: a start \"b\" | \"c\"\na: \"x\"?",
        &["ccb", "cbb", "xcb", "xxcbb"],
    ),
    (
        "palindromes",
        "start: p\np: \"a\" p \"a\" | \"b\" p \"b\" | \"\"",
        &["abba", "aabbaa", ""],
    ),
    (
        "nullable cycle",
        "start: a\na: b | \"x\"\nb: a | \"\"",
        &["x", ""],
    ),
    ("star of star", "start: (\"a\"*)* \"b\"", &["aaab", "b"]),
    (
        "bounded",
        "start: \"a\"{2,5} \"b\"{3} \"c\"{,2} \"d\"{2,}",
        &["aabbbdd", "aaaaabbbccddd"],
    ),
    (
        "wide repeat",
        "start: x{0,70} y{17,33}\nx: \"a\"\ny: \"b\"",
        &["aaabbbbbbbbbbbbbbbbbbbbbbbb"],
    ),
    (
        "exact repeat",
        "start: (\"ab\" | \"a\"){20} \"c\"",
        &["abababababababababababababababababababaac"],
    ),
    (
        "repeat of a nullable",
        "start: a{3,5} \"b\"\na: \"x\"?",
        &["xxxb", "b", "xxxxxb"],
    ),
    (
        "many optionals",
        "start: \"a\"? \"b\"? \"c\"? \"d\"? \"e\"? \"f\"? \"g\"? \"h\"?",
        &["aceg", "", "bdfh"],
    ),
    (
        "ignore",
        "start: \"a\" \"b\"* \"c\"?\n%ignore / +/",
        &["a b  b c", "a ", "abc "],
    ),
    (
        "ignore only inside",
        "start: \"a\" \"b\"\n%ignore / /",
        &["a b", " ab", "ab "],
    ),
    (
        "ignore first",
        "%llguidance {\"allow_initial_skip\": true}\nstart: \"a\" \"b\"\n%ignore / /",
        &[" a b"],
    ),
    (
        "ignore before an empty lexeme",
        "start: A \"b\"\nA: /a*/\n%ignore / /",
        &["b", " b", "aab", "a b"],
    ),
    (
        "ignore against terminal",
        "start: (WORD | \"  \")+\nWORD: /[a-z]+/\n%ignore / +/",
        &["ab  cd", "ab cd"],
    ),
    (
        "comments",
        "start: NAME+\nNAME: /[a-z]+/\n%ignore / +/\n%ignore /#[^\\n]*\\n/",
        &["ab #x\n cd", "a#\nb"],
    ),
    (
        "nullable terminal",
        "start: A B C\nA: /a*/\nB: /b*/\nC: \"c\"",
        &["abc", "c", "bc", "ac"],
    ),
    ("prefixes", "start: (\"a\" | \"abc\")+", &["aabc", "ab"]),
    ("bytes", "start: /é+/ /[а-я]+/", &["éжя", "ééа"]),
    (
        "caseless",
        "start: \"straße\"i /k/",
        &["STRASSE", "STRAßEk", "ſtraßek"],
    ),
    (
        "free text",
        "start: \"<\" /[^<>]+/ \">\"",
        &["<abc>", "<a b>"],
    ),
    (
        "intersection",
        "start: X\nX: /[a-z]{2,4}/ & ~/.*x.*/",
        &["ab", "axb", "abcd"],
    ),
    (
        "not LR(1)",
        "start: (a \"x\" \"1\" | b \"x\" \"2\")\na: \"q\"\nb: \"q\"",
        &["qx1", "qx2"],
    ),
    (
        "not LR at all",
        "start: l \"1\" | r \"2\"\nl: x+\nr: y+\nx: \"a\" \"b\"\ny: \"a\" \"b\"",
        &["ababab1", "ab2"],
    ),
    (
        "dangling else",
        "start: s\ns: \"if\" s \"else\" s | \"if\" s | \"x\"\n%ignore / /",
        &["if if x else x", "if x"],
    ),
    (
        "unicode names",
        "start: (NAME \",\")* NAME\nNAME: /\\w+/",
        &["ab,été,日本", "a"],
    ),
    (
        "lookalike terminals",
        "start: A \"!\" | B \"?\"\nA: /[a-m]+/\nB: /[g-z]+/",
        &["hij!", "hij?", "abc!"],
    ),
];
