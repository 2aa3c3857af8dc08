//! Texts that are made to hurt: each gets an answer or a typed limit, soon, and without a deep stack.
//!
//! All run on a thread with a stack of 2 MiB, Rust's default. What is quadratic would not end here.

#![expect(clippy::expect_used, reason = "tests")]

use larkspur_grammar::{Diagnostic, Dialect, Limits, lark};

/// Checks `text` as llguidance and as Lark and gives the codes of the first, without repetitions.
#[track_caller]
fn codes(text: String) -> Vec<&'static str> {
    let worker = std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || {
            let lark = lark::check(&text, Dialect::lark());
            assert!(lark.len() <= Limits::default().max_diagnostics + 1);
            drop(lark::parse(&text).file.to_string());
            lark::check(&text, Dialect::llguidance())
        });
    let findings = worker.expect("a thread").join().expect("an answer");
    let mut codes: Vec<&'static str> = findings
        .iter()
        .map(|finding: &Diagnostic| finding.code)
        .collect();
    codes.dedup();
    codes
}

/// One text of many.
fn each(indices: std::ops::Range<usize>, text: impl Fn(usize) -> String) -> String {
    indices.map(text).collect::<Vec<_>>().concat()
}

#[test]
fn nested_groups_are_limited() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("(", ""),
        ("", ")"),
        ("%lark {\nstart: ", "\n}"),
        ("a{", "}"),
        ("~", ""),
        ("", "+"),
        ("(\n", ")"),
    ] {
        let text = format!(
            "start: {}\"x\"{}\n",
            open.repeat(100_000),
            close.repeat(100_000)
        );
        let found = codes(text);
        assert!(!found.is_empty(), "{open}");
        if !matches!(open, "" | "~") {
            assert!(found.contains(&"limit"), "{open} {found:?}");
        }
    }
    let deepest = Limits::default().max_depth;
    let text = |depth: usize| format!("start: {}\"x\"{}\n", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(
        codes(text(deepest)),
        ["nesting"],
        "llguidance takes less than our limit"
    );
    assert!(lark::check(&text(deepest), Dialect::lark()).is_empty());
    assert_eq!(
        lark::check(&text(deepest + 1), Dialect::lark())[0].code,
        "limit"
    );
}

#[test]
fn nested_regexes_and_json_are_limited() {
    let regex = format!("start: /{}x{}/\n", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(codes(regex), ["limit"]);
    let class = format!("start: /{}x{}/\n", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(codes(class), ["limit"]);
    let json = format!(
        "start: %json {}{}\n",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert_eq!(codes(json), ["json"]);
}

#[test]
fn many_alternatives_are_read() {
    let names: Vec<String> = (0..50_000)
        .map(|index| format!("\"word{index}\""))
        .collect();
    assert!(codes(format!("start: {}\n", names.join(" | "))).is_empty());
    assert!(codes(format!("start: A\nA: {}\n", names.join("\n | "))).is_empty());
}

#[test]
fn large_texts_are_read_or_limited() {
    let ten = 10 << 20;
    assert_eq!(
        codes("start: \"x\" ".to_owned() + &"\"a\" ".repeat(ten / 4)),
        ["limit"]
    );
    assert!(codes(format!("start: \"x\" // {}\n", "c".repeat(ten))).is_empty());
    assert!(codes(format!("start: \"{}\"\n", "s".repeat(ten))).is_empty());
    assert_eq!(codes("start: \"x\"\n".repeat(ten / 11)), ["limit"]);
    assert_eq!(codes("x".repeat(17 << 20)), ["limit"]);
    assert!(!codes("(\n".repeat(200_000)).is_empty());
}

#[test]
fn faults_by_the_thousand_are_answered() {
    let many = 30_000;
    assert!(codes(format!("start: \"s\"\n{}", "a: b: c\n".repeat(many / 2))).contains(&"more"));
    assert!(codes(format!("start: \"s\" {}\n", "$ ".repeat(many))).contains(&"more"));
    assert!(
        codes(format!("start: \"s\" [{}]\n", ") ".repeat(many))).contains(&"unmatched-bracket")
    );
    assert!(codes(format!("start: \"s\"\n{}", " \\/\n".repeat(many))).contains(&"more"));
    assert!(codes(format!("start: \"s\" {}\n", "/[/ ".repeat(many))).contains(&"regex"));
    assert!(codes("'".repeat(many)).contains(&"single-quotes"));
    assert!(codes("%json [".repeat(many)).contains(&"json"));
    let unknown: String = each(0..20_000, |index| format!("a{index}: b{index}\n"));
    assert!(
        codes(format!(
            "start: {}\n{unknown}",
            each(0..20_000, |index| format!("a{index} "))
        ))
        .contains(&"unknown-name")
    );
}

#[test]
fn chains_and_circles_of_terminals_are_followed_without_recursion() {
    let chain: String = each(0..20_000, |index| {
        format!("T{index}: T{} \"x\"\n", index + 1)
    });
    assert!(codes(format!("start: T0\n{chain}T20000: \"y\"\n")).is_empty());
    let circle: String = each(0..20_000, |index| {
        format!("T{index}: T{} \"x\"\n", (index + 1) % 20_000)
    });
    assert_eq!(codes(format!("start: T0\n{circle}")), ["circular-terminal"]);
    let doubling: String = each(0..60, |index| format!("T{index}: T{0} T{0}\n", index + 1));
    assert!(codes(format!("start: T0 \"z\"\n{doubling}T60: \"y\"\n")).is_empty());
}

#[test]
fn chains_of_rules_are_analysed_in_linear_time() {
    let down: String = each(0..20_000, |index| {
        format!("r{index}: r{} | \"x\"\n", index + 1)
    });
    assert!(codes(format!("start: r0\n{down}r20000: \"y\"\n")).is_empty());
    let up: String = each(1..20_000, |index| format!("r{index}: r{}\n", index - 1));
    let all: String = each(0..20_000, |index| format!("r{index} "));
    assert!(codes(format!("start: {all}\nr0: \"y\"\n{up}")).is_empty());
}

#[test]
fn templates_that_grow_are_limited() {
    let grow = "start: g{\"x\"}\ng{t}: t | g{p{t}}\np{t}: t t\n";
    assert_eq!(lark::check(grow, Dialect::lark())[0].code, "limit");
    let wide = format!(
        "start: w{{({})}}\nw{{t}}: {}\n",
        "\"a\" | ".repeat(20_000) + "\"b\"",
        "t ".repeat(20_000)
    );
    assert_eq!(lark::check(&wide, Dialect::lark())[0].code, "template");
}

#[test]
fn counts_are_limited() {
    assert!(codes("start: \"a\"{1,1000000}\n".to_owned()).is_empty());
    assert_eq!(codes("start: \"a\"{1,1000001}\n".to_owned()), ["limit"]);
    assert_eq!(
        codes("start: \"a\"{99999999999999999999}\n".to_owned()),
        ["limit"]
    );
    assert_eq!(codes("start: \"a\"~-1\n".to_owned()), ["repeat"]);
    assert!(codes("start: /a{1,1000}{1,1000}/\n".to_owned()).is_empty());
    assert_eq!(
        codes("start: /(a{1,1000}b?){1,1000}/ \"c\" | /[ab]{1,900}/ \"d\"\n".to_owned()),
        [""; 0]
    );
    assert_eq!(codes("start: /a{99999999999}/\n".to_owned()), ["regex"]);
}

#[test]
fn large_terminals_side_by_side_are_looked_at_within_bounds() {
    let terminals: String = each(0..100, |index| {
        format!("T{index}: /[a-z{index}\\p{{Greek}}]{{1,20}}/\n")
    });
    let pairs: String = each(0..100, |index| format!("T{index} "));
    assert!(codes(format!("start: {pairs}\n{terminals}")).contains(&"greedy-neighbour"));
}
