//! Grammars that the tests share: in Lark's notation, with sentences.

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

pub(crate) const JSON: &str = r#"
start: value
?value: object | array | STRING | NUMBER | "true" -> true | "false" -> false | "null" -> null
object: "{" (pair ("," pair)*)? "}"
pair: STRING ":" value
array: "[" (value ("," value)*)? "]"
STRING: /"([^"\\\x00-\x1f]|\\(["\\\/bfnrt]|u[0-9a-fA-F]{4}))*"/
NUMBER: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/
%ignore /[ \n\r\t]+/
"#;

pub(crate) const SQL: &str = r#"
start: query (";")?
query: "select"i distinct? items "from"i sources where_? group_? order_? limit_?
distinct: "distinct"i
items: item ("," item)*
item: "*" -> all | expr ("as"i NAME)?
sources: source ("," source | join)*
source: NAME ("as"i NAME)? | "(" query ")" "as"i NAME
join: ("left"i | "inner"i)? "join"i source "on"i expr
where_: "where"i expr
group_: "group"i "by"i expr ("," expr)* ("having"i expr)?
order_: "order"i "by"i key ("," key)*
key: expr ("asc"i | "desc"i)?
limit_: "limit"i NUMBER ("offset"i NUMBER)?
?expr: or_
?or_: and_ | or_ "or"i and_
?and_: not_ | and_ "and"i not_
?not_: cmp | "not"i not_
?cmp: add | add OP add | add "is"i "not"i? "null"i | add "not"i? "in"i "(" (query | expr ("," expr)*) ")" | add "not"i? "like"i add | add "between"i add "and"i add
?add: mul | add "+" mul | add "-" mul
?mul: unary | mul "*" unary | mul "/" unary
?unary: primary | "-" unary
?primary: NUMBER | STRING | "null"i -> null_ | call | column | "(" expr ")" | case
call: NAME "(" ("*" | "distinct"i? expr ("," expr)*)? ")"
column: NAME ("." (NAME | "*"))?
case: "case"i ("when"i expr "then"i expr)+ ("else"i expr)? "end"i
OP: "=" | "<>" | "!=" | "<=" | ">=" | "<" | ">"
NAME: /[A-Za-z_][A-Za-z0-9_]*/
NUMBER: /[0-9]+(\.[0-9]+)?/
STRING: /'([^']|'')*'/
%ignore /[ \t\n\r]+/
"#;

/// [`SQL`] with reserved words, so that it is deterministic.
pub(crate) fn reserved_sql() -> String {
    let words = "select|distinct|from|where|group|by|having|order|limit|offset|as|on|join|left|inner|and|or|not|is|in|like|between|null|case|when|then|else|end|asc|desc";
    SQL.replace(
        "NAME: /[A-Za-z_][A-Za-z0-9_]*/",
        &format!("NAME: /[A-Za-z_][A-Za-z0-9_]*/ & ~/(?i:{words})/"),
    )
}
