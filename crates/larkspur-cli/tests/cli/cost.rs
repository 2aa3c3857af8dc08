use insta::assert_snapshot;

use crate::support::{Files, Ran, larkspur};

fn cost(args: &[&str]) -> Ran {
    larkspur(&[&["cost"], args].concat(), "A prompt of six words.")
}

#[test]
fn every_part_has_its_price() {
    let given = [
        "--input-tokens",
        "1000",
        "--cached-tokens",
        "400",
        "--output-tokens",
        "100",
    ];
    let ran = cost(&given);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_snapshot!(ran.stdout, @r#"
gpt-5.2            tokens       list price
input                 600         $0.00105
cached input          400         $0.00007
output                100          $0.0014
together             1100         $0.00252
"#);
    let many = cost(&[&given[..], &["--requests", "1000"]].concat());
    assert_snapshot!(many.stdout, @r#"
gpt-5.2            tokens       list price
input                 600         $0.00105
cached input          400         $0.00007
output                100          $0.0014
1000 requests     1100000            $2.52
"#);
}

#[test]
fn what_would_be_sent_is_counted() {
    let files = Files::new(&[(
        "s.json",
        r#"{"type": "object", "properties": {"name": {"type": "string"}}}"#,
    )]);
    let schema = files.path("s.json");
    let tokens = |args: &[&str]| {
        let ran = cost(&[args, &["--format", "json"]].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        ran.json()["input_tokens"].as_u64().unwrap()
    };
    let alone = tokens(&[]);
    assert!((6..20).contains(&alone), "{alone}");
    assert_eq!(alone, tokens(&["A prompt of six words."]));
    let prompt = tokens(&["A prompt of six words, and then some more."]);
    assert_eq!(prompt, alone + 5);
    for (flag, value) in [("--schema", schema.as_str()), ("--regex", "[a-z]{3}")] {
        let sent = tokens(&[flag, value]);
        assert!((alone + 10..alone + 120).contains(&sent), "{flag}: {sent}");
    }
    assert!(tokens(&["--api", "chat", "--schema", &schema]) > alone);
}

#[test]
fn what_has_no_price_is_a_no() {
    let ran = cost(&["--model", "gpt-99"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert_eq!(ran.stderr, "the catalogue has no price for `gpt-99`\n");
    assert_eq!(cost(&["--input-tokens", "5", "a prompt"]).code, 2);
    assert_eq!(cost(&["--schema", "a.json", "--regex", "x"]).code, 2);
    assert_eq!(cost(&["--schema", "/no/such/file.json"]).code, 2);
}
