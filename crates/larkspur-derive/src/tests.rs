//! What a person is told who gets an attribute wrong.

use proc_macro2::TokenStream;
use quote::quote;

/// The messages for a type that is not right, in the order of their places in the code that checks.
fn messages(input: TokenStream) -> Vec<String> {
    let file: syn::File = syn::parse2(crate::derive(input)).unwrap();
    let errors = file.items.iter().filter_map(|item| match item {
        syn::Item::Macro(item) => Some(item.mac.parse_body::<syn::LitStr>().unwrap().value()),
        _ => None,
    });
    errors.collect()
}

#[track_caller]
fn refuse(input: TokenStream, expected: &[&str]) {
    assert_eq!(messages(input), expected);
}

#[test]
fn what_is_right_has_no_message() {
    refuse(quote! { struct Id(u32); }, &[]);
    refuse(
        quote! { #[syntax("{a}{b}")] struct Two { a: u8, b: u8 } },
        &[],
    );
}

#[test]
fn templates() {
    refuse(
        quote! { struct Two { a: u8, b: u8 } },
        &["say how its fields are written, such as `#[syntax(\"{a} {b}\")]`"],
    );
    refuse(
        quote! { #[syntax("{a} {c}")] struct Two { a: u8, b: u8 } },
        &[
            "`{c}` names no field; there are `{a}`, `{b}`",
            "the field `b` has no place; write `{b}` where it stands",
        ],
    );
    refuse(
        quote! { #[syntax("{0}{0}")] struct One(u8); },
        &["`{0}` is written twice"],
    );
    refuse(
        quote! { #[syntax("{0")] struct One(u8); },
        &["a `{` is not closed; write `{{` for a brace"],
    );
    refuse(
        quote! { #[syntax("{0} }")] struct One(u8); },
        &["a `}` closes nothing; write `}}` for a brace"],
    );
    refuse(
        quote! { struct Nothing; },
        &["it has no text; write `#[syntax(\"text\")]`"],
    );
    refuse(
        quote! { #[syntax("a", "b")] struct Unit; },
        &["there is a template already"],
    );
}

#[test]
fn fields_that_are_meant() {
    refuse(
        quote! { #[syntax("{colum}")] struct One { column: u8 } },
        &["`{colum}` names no field; did you mean `{column}`?"],
    );
    refuse(
        quote! { #[syntax("{0:?} {}")] struct Two(u8, u8); },
        &[
            "`{0:?}` names no field; did you mean `{0}`?",
            "`{}` names no field; there are `{0}`, `{1}`",
        ],
    );
    refuse(
        quote! { #[syntax("{a} {b")] struct One { a: u8 } },
        &["a `{` is not closed; write `{{` for a brace"],
    );
}

#[test]
fn names_of_other_places() {
    refuse(
        quote! { #[syntax(separator = ",")] struct Id(Vec<u8>); },
        &["`separator` is for a field of type `Vec<…>`, not for a struct"],
    );
    refuse(
        quote! { enum E { #[syntax(rename = "a")] A } },
        &["a variant is called in the text as its template says: `#[syntax(\"text\")]`"],
    );
    refuse(
        quote! { struct S(#[syntax(sep = "")] Vec<u8>); },
        &["a field takes no `sep`; did you mean `separator`?"],
    );
    refuse(
        quote! { struct S(#[syntax("{0}")] u8); },
        &[
            "a field has no template; write the text in that of the struct or variant, or as `some = \"…{}\"` if it is there only with a value",
        ],
    );
    refuse(
        quote! { #[syntax(crate = "a b")] struct S(u8); },
        &["`a b` is no path: write `crate = \"larkspur::grammar\"`"],
    );
}

#[test]
fn a_fault_of_an_attribute_is_told_once() {
    refuse(
        quote! { enum E { A, #[syntax(infx = "+", precedence = 1)] Plus(Box<E>, Box<E>) } },
        &["a variant takes no `infx`; did you mean `infix`?"],
    );
    refuse(
        quote! { enum E { A, #[syntax(infix = "+", precedence = "1")] Plus(Box<E>, Box<E>) } },
        &["`precedence` is a number: write `precedence = 1`"],
    );
    refuse(
        quote! { #[syntax(template = "{a}{b}")] struct S { a: u8, b: u8 } },
        &[
            "a struct takes no `template`; it takes `crate`, `ignore_case`, `blank`, `lines`, `pattern`, `quote`, `escape`, `range`",
        ],
    );
}

#[test]
fn values_of_attributes() {
    for (value, message) in [
        (
            quote!(NAME),
            "write the value itself: the derive cannot see what a name stands for",
        ),
        (quote!(..=4), "a range says where it begins: `0..=4`"),
        (
            quote!(0..4),
            "a range says its last number: write `..=`, as in `0..=4`",
        ),
    ] {
        refuse(
            quote! { #[syntax(range = #value)] struct S(u8); },
            &[message],
        );
    }
}

#[test]
fn keys() {
    refuse(
        quote! { #[syntax(patern = "a")] struct Id(String); },
        &["a struct takes no `patern`; did you mean `pattern`?"],
    );
    refuse(
        quote! { #[syntax("{0}")] enum E { A(u8) } },
        &["an enum has no template; each of its variants has one"],
    );
    refuse(
        quote! { #[syntax(ignore_case, ignore_case, blank = 2..=1, blank = 1)] enum E { A } },
        &[
            "`ignore_case` is given twice",
            "`blank` is given twice",
            "there is nothing from 2 to 1",
        ],
    );
    refuse(
        quote! { #[syntax(blank = 3)] enum E { A } },
        &["`blank` has two bounds: write `blank = 0..=4`"],
    );
    refuse(
        quote! { #[syntax(rename_all = "Kebab")] enum E { A } },
        &[
            "no case is called `Kebab`; there are `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `snake_case`, \
           `SCREAMING_SNAKE_CASE`, `kebab-case`, `SCREAMING-KEBAB-CASE`",
        ],
    );
}

#[test]
fn patterns() {
    refuse(
        quote! { #[syntax(pattern = "[a-")] struct Id(String); },
        &["the pattern is no regular expression: unclosed character class, at `[`"],
    );
    refuse(
        quote! { #[syntax(pattern = "a*")] struct Id(String); },
        &[
            "the pattern matches the empty text; let it match at least one character, and use `Option` where it may be absent",
        ],
    );
    refuse(
        quote! { #[syntax(pattern = "^a$")] struct Id(String); },
        &[
            "the pattern looks around (`^`, `$`, `\\b`), which servers refuse; it always matches as a whole",
        ],
    );
    refuse(
        quote! { #[syntax(pattern = "a", "{0}")] struct Id(u8); },
        &["beside a template, write `pattern`, `quote` or `range` at the field"],
    );
}

#[test]
fn patterns_that_no_terminal_follows() {
    refuse(
        quote! { #[syntax(pattern = "<.+?>")] struct Id(String); },
        &[
            "the pattern has a lazy quantifier (`*?`, `+?`), but always takes the longest text; say what ends it, as in `[^;]*;`",
        ],
    );
    refuse(
        quote! { #[syntax(pattern = "[a&&b]")] struct Id(String); },
        &["no text matches the pattern"],
    );
    refuse(
        quote! { #[syntax(pattern = "(?=a)b")] struct Id(String); },
        &[
            "the pattern is no regular expression: look-around, including look-ahead and look-behind, is not supported, at `(?=`",
        ],
    );
    refuse(
        quote! { #[syntax(quote = "'", pattern = "[a-z]*")] struct Id(String); },
        &[],
    );
    refuse(
        quote! { #[syntax(pattern = "a", ignore_case, blank = 0..=1)] struct Id(String); },
        &[
            "there is no template whose case could be ignored; a pattern says it as `(?i)`",
            "there is no template whose spaces this could be about; a pattern says them itself",
        ],
    );
}

#[test]
fn what_is_absent_in_two_ways() {
    refuse(
        quote! { #[syntax("a{0}")] struct S(Option<Option<u8>>); },
        &[
            "`None` and `Some(None)` are both written as nothing; say what stands around a value: `some = \"({})\"`",
        ],
    );
    refuse(
        quote! { #[syntax("a{0}")] struct S(#[syntax(some = "{}!")] Option<Option<u8>>); },
        &[],
    );
    refuse(
        quote! { struct S(Vec<Option<u8>>); },
        &["no item and one absent item are both written as nothing; add `min = 1`"],
    );
    refuse(
        quote! { struct S(#[syntax(min = 1)] Vec<Option<u8>>); },
        &[],
    );
    refuse(
        quote! { struct S(#[syntax(separator = "", min = 1)] Vec<Option<u8>>); },
        &["absent items leave nothing in the text without a `separator`"],
    );
}

#[test]
fn leaves() {
    refuse(
        quote! { #[syntax(pattern = "a")] struct Two(String, String); },
        &["`pattern`, `quote` and `range` are for a struct with one field, or for one field of it"],
    );
    refuse(
        quote! { #[syntax(quote = "abc")] struct Id(String); },
        &["quotes are one character, or two where they differ: `quote = \"'\"`, `quote = \"<>\"`"],
    );
    refuse(
        quote! { #[syntax(escape = "doubled")] struct Id(String); },
        &["`escape` is for text between quotes; add `quote = \"'\"`"],
    );
    refuse(
        quote! { #[syntax(quote = "'", escape = "twice")] struct Id(String); },
        &["`twice` is no escape; there are `json`, `doubled`, `backslash` and `none`"],
    );
    refuse(
        quote! { #[syntax(quote = "'", escape = "json")] struct Id(String); },
        &["JSON's escapes are for double quotes: `quote = \"\\\"\"`"],
    );
    refuse(
        quote! { #[syntax(quote = "/\\", escape = "backslash")] struct Id(String); },
        &["the closing quote is the backslash itself; use `escape = \"doubled\"`"],
    );
    refuse(
        quote! { #[syntax(quote = "'", pattern = "[^a]+", escape = "none")] struct Id(String); },
        &[
            "a `pattern` between quotes is written as it is; drop `escape` or the `pattern`",
            "the pattern matches `'`, which ends the text; leave it out, as in `[^']`",
        ],
    );
}

#[test]
fn ranges() {
    refuse(
        quote! { #[syntax(range = 1..=300)] struct Id(u8); },
        &["`300` is no `u8`, which is from 0 to 255"],
    );
    refuse(
        quote! { #[syntax(range = -1..=3)] struct Id(u64); },
        &["`-1` is no `u64`, which is from 0 to 18446744073709551615"],
    );
    refuse(
        quote! { #[syntax(range = -1..=-3)] struct Id(i64); },
        &["there is nothing from -1 to -3"],
    );
    refuse(
        quote! { #[syntax(range = 1)] struct Id(i64); },
        &["`range` has two bounds: write `range = 1..=12`"],
    );
    refuse(
        quote! { #[syntax(range = 1..=12)] struct Id(String); },
        &["a `range` is for an integer, such as `u8` or `i64`"],
    );
    refuse(
        quote! { #[syntax(range = 1..=12, pattern = "a")] struct Id(u8); },
        &["a `range` says all of how an integer is written; drop this or the `range`"],
    );
    refuse(
        quote! { #[syntax(range = 1.5..=12)] struct Id(u8); },
        &["a range is of integers"],
    );
}

#[test]
fn white_space() {
    refuse(
        quote! { #[syntax("{0}", lines)] struct Id(u8); },
        &["say how long white space may be: `lines, blank = 1..=80`"],
    );
    refuse(
        quote! { struct S { #[syntax(some = "({})", min = 1)] a: Vec<u8> } },
        &["with `min` there always are items; write these texts in the template, around the field"],
    );
}

#[test]
fn fields() {
    refuse(
        quote! { struct S { #[syntax(separator = ",")] a: u8 } },
        &[
            "`separator`, `trailing`, `min` and `max` are for a field whose type is written `Vec<…>`",
        ],
    );
    refuse(
        quote! { struct S { #[syntax(separator = "", trailing, min = 3, max = 2)] a: Vec<u8> } },
        &[
            "there is no separator that could trail",
            "`max` is less than `min`, which is 3",
        ],
    );
    refuse(
        quote! { struct S { #[syntax(some = "x")] a: u8 } },
        &[
            "`some` is for a field whose type is written `Option<…>` or `Vec<…>`",
            "write the place of the value once, as `{}`: `some = \" limit {}\"`",
        ],
    );
    refuse(
        quote! { struct S { #[syntax(min = 70000)] a: Vec<u8> } },
        &["a number here is from 0 to 65535"],
    );
}

#[test]
fn operators() {
    refuse(
        quote! { enum E { A, #[syntax(infix = "+")] Plus(Box<E>, u8) } },
        &[
            "an operand is of type `Box<E>`",
            "an operator needs a precedence: `precedence = 1`; greater binds tighter",
        ],
    );
    refuse(
        quote! { enum E { A, #[syntax(prefix = "-", precedence = 1)] Minus(Box<E>, Box<E>) } },
        &["this operator has one operand: one field of type `Box<E>`"],
    );
    refuse(
        quote! { enum E {
            A,
            #[syntax(infix = "+", precedence = 1)] Plus(Box<E>, Box<E>),
            #[syntax(prefix = "-", precedence = 1)] Minus(Box<E>),
        } },
        &[
            "`Plus` has precedence 1 too but nests on the other side, which has several readings; give them different precedences",
        ],
    );
    refuse(
        quote! { enum E { #[syntax(prefix = "-", postfix = "!", precedence = 1, "x")] Minus(Box<E>) } },
        &[
            "an operator is one of `infix`, `prefix` and `postfix`",
            "an operator has no template: its text is that of `infix`, `prefix` or `postfix`",
            "every variant is an operator, so no text ever ends; add one that is not",
        ],
    );
    refuse(
        quote! { enum E { A, #[syntax(infix = "+", precedence = 1, associativity = "up")] Plus(Box<E>, Box<E>) } },
        &["`up` is no associativity; there are `left`, `right` and `none`"],
    );
    refuse(
        quote! { enum E { #[syntax(precedence = 1, associativity = "left")] A } },
        &[
            "only an operator has a precedence; add `infix`, `prefix` or `postfix`",
            "only an infix operator associates; add `infix`",
        ],
    );
}

#[test]
fn what_has_several_readings() {
    refuse(
        quote! { enum E { A, #[syntax("{0} + {1}")] Plus(Box<E>, Box<E>) } },
        &[
            "it begins or ends with the enum itself, which has several readings; write it as `infix`, `prefix` or `postfix` with a `precedence`",
        ],
    );
    refuse(
        quote! { enum E { A, Again(Box<Self>) } },
        &["it is written as the enum itself, without end; put a text around it"],
    );
    refuse(
        quote! { #[syntax(ignore_case)] enum E { Open, #[syntax("OPEN")] Closed } },
        &["`Open` is written `open` too; they could not be told apart"],
    );
    refuse(
        quote! { enum E { A(u8), B(u8), #[syntax("x{0}")] C(u8), #[syntax("x{c}")] D { c: u8 } } },
        &[
            "`A` is written `{u8}` too; they could not be told apart",
            "`C` is written `x{u8}` too; they could not be told apart",
        ],
    );
    refuse(
        quote! { enum E {
            A,
            #[syntax(infix = "+", precedence = 1)] Plus(Box<E>, Box<E>),
            #[syntax(prefix = "+", precedence = 2)] Positive(Box<E>),
            #[syntax(infix = " + ", precedence = 3)] Sum(Box<E>, Box<E>),
        } },
        &["`Plus` has this text too; they could not be told apart"],
    );
    refuse(
        quote! { enum E { A, #[syntax(prefix = "-", precedence = 1)] Minus(#[syntax(some = "{}")] Box<E>) } },
        &["an operand is written as the enum is; it takes no attributes"],
    );
    refuse(
        quote! { #[syntax(group = "({}")] enum E { A, #[syntax(prefix = "-", precedence = 1)] Minus(Box<E>) } },
        &["a group needs a text on both sides: `group = \"({})\"`"],
    );
}

#[test]
fn types_without_a_syntax() {
    refuse(
        quote! { union U { a: u8 } },
        &["a union has no syntax; use an enum"],
    );
    refuse(
        quote! { enum Never {} },
        &["an enum without variants has no text; give it one"],
    );
    refuse(
        quote! { struct Borrowed<'a>(&'a str); },
        &["a value that is read owns its text: use `String` or `Box<str>` in place of a borrow"],
    );
}

#[test]
fn all_faults_are_told_at_once_and_an_impl_is_left() {
    let input = quote! {
        #[syntax(groop = "x")]
        enum E { #[syntax("{1}")] A(u8), #[syntax(sep = ",")] B { #[syntax(mim = 1)] a: Vec<u8> } }
    };
    assert_eq!(messages(input.clone()).len(), 5);
    let code = crate::derive(input).to_string();
    assert!(code.contains("Syntax for E"), "{code}");
}
