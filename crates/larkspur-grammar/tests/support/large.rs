//! The two grammars that are measured as well as tested: the benches include this file.

/// JSON, its values shown under short names.
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

/// A query of SQL with a ladder of precedence. A keyword may be a name, so it is not LR(1).
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

/// The keywords of [`SQL`].
pub(crate) const SQL_WORDS: &str = "select|distinct|from|where|group|by|having|order|limit|offset|as|on|join|left|inner|and|or|not|is|in|like|between|null|case|when|then|else|end|asc|desc";

/// [`SQL`] with reserved words, so that it is deterministic.
pub(crate) fn reserved_sql() -> String {
    SQL.replace(
        "NAME: /[A-Za-z_][A-Za-z0-9_]*/",
        &format!("NAME: /[A-Za-z_][A-Za-z0-9_]*/ & ~/(?i:{SQL_WORDS})/"),
    )
}
