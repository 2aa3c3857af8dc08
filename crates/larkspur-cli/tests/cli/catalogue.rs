//! What the user knows about models, over what is built in.

use insta::assert_snapshot;

use crate::support::{Files, Ran, larkspur, larkspur_with};

const OWN: &str = r#"{
    "updated": "2026-11-01",
    "models": [
        {"name": "house-model", "context_window": 32000, "efforts": ["low"],
         "prices": [{"seller": "house", "input": 2, "output": 8}]},
        {"name": "gpt-5.2", "prices": [{"seller": "openai", "input": 1000, "cached_input": null, "output": 5000}]}
    ]
}"#;

fn own() -> (Files, String) {
    let schema = r#"{"type": "object", "properties": {"amount": {"type": "number"}}}"#;
    let rows = "\"one\"\n\"two\"\n";
    let files = Files::new(&[("own.json", OWN), ("s.json", schema), ("rows.jsonl", rows)]);
    let path = files.path("own.json");
    (files, path)
}

fn cost(args: &[&str]) -> Ran {
    let given = ["cost", "--input-tokens", "1000", "--output-tokens", "100"];
    larkspur(&[&given[..], args].concat(), "")
}

#[test]
fn prices_and_models_of_the_user_come_first() {
    let (_files, own) = own();
    assert_snapshot!(cost(&["--catalogue", &own]).stdout, @r"
    gpt-5.2            tokens       list price
    input                1000            $1.00
    output                100            $0.50
    together             1100            $1.50
    ");
    let house = ["--model", "house-model"];
    assert_eq!(cost(&house).code, 1);
    let ran = cost(&[&house[..], &["--catalogue", &own]].concat());
    assert!(ran.stdout.contains("$0.0028"), "{}", ran.stdout);
    // What the user says nothing about stays as it is.
    let pro = ["--model", "gpt-5.2-pro"];
    let with = [&pro[..], &["--catalogue", &own]].concat();
    assert_eq!(cost(&pro).stdout, cost(&with).stdout);
    let ran = larkspur(&["models", "house-model", "--catalogue", &own], "");
    assert!(ran.stdout.contains("32K"), "{}", ran.stdout);
}

#[test]
fn the_variable_says_the_same_and_the_flag_outranks_it() {
    let (_files, own) = own();
    let ask = |args: &[&str], value: &str| {
        let models = ["models", "house-model", "--format", "json"];
        let vars = [("LARKSPUR_CATALOGUE", value)];
        larkspur_with(&[&models[..], args].concat(), "", &vars).code
    };
    assert_eq!(ask(&[], &own), 0);
    assert_eq!(ask(&[], ""), 1);
    assert_eq!(ask(&[], "/no/such/file.json"), 2);
    assert_eq!(ask(&["--catalogue", &own], "/no/such/file.json"), 0);
}

#[test]
fn what_models_prints_can_be_put_into_a_file() {
    let printed = larkspur(&["models", "gpt-5.2-pro", "--format", "json"], "").stdout;
    let files = Files::new(&[("own.json", &format!("{{\"models\": [{printed}]}}"))]);
    let args = ["models", "--catalogue", &files.path("own.json")];
    let ran = larkspur(&[&args[..], &["--format", "json"]].concat(), "");
    let models = ran.json();
    assert_eq!(models[0]["name"], "gpt-5.2-pro");
}

#[test]
fn answers_and_dry_runs_are_paid_by_it() {
    let (files, own) = own();
    let schema = files.path("s.json");
    let ask = ["extract", "--schema", &schema, "--format", "json", "Total?"];
    let of = |args: &[&str]| {
        let ran = larkspur(&[&ask[..], args].concat(), "");
        let cost = ran.json()["cost"].as_str().unwrap().to_owned();
        cost.trim_start_matches('$').parse::<f64>().unwrap()
    };
    assert!(of(&["--catalogue", &own]) > 100.0 * of(&[]));
    let (rows, out) = (files.path("rows.jsonl"), files.path("out.jsonl"));
    let plan = ["batch", "--schema", &schema, "-o", &out, "--dry-run", &rows];
    let house = ["--model", "house-model"];
    let ran = larkspur(&[&plan[..], &house].concat(), "");
    assert!(ran.stderr.contains("no price"), "{}", ran.stderr);
    let ran = larkspur(&[&plan[..], &house, &["--catalogue", &own]].concat(), "");
    assert!(
        ran.stderr.contains("about $0.00 for input"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_is_no_catalogue_is_told_with_its_line() {
    let files = Files::new(&[
        ("half.json", "{\n  \"models\": [\n"),
        ("list.json", "[]"),
        (
            "field.json",
            "{\"models\": [\n{\"name\": \"m\",\n \"window\": 7}]}",
        ),
        (
            "price.json",
            "{\"models\": [{\"name\": \"m\", \"prices\": [\n{\"seller\": \"s\", \"input\": -1, \"output\": 1}]}]}",
        ),
        (
            "twice.json",
            r#"{"models": [{"name": "m"}, {"name": "m"}]}"#,
        ),
    ]);
    let told = ["half", "list", "field", "price", "twice"].map(|name| {
        let path = files.path(&format!("{name}.json"));
        let ran = larkspur(&["cost", "--catalogue", &path, "Hi."], "");
        assert_eq!(ran.stdout, "");
        files.strip(&ran.told())
    });
    assert_snapshot!(told.join("\n"), @r#"
exit 2
error: `DIR/half.json`: the model catalogue cannot be read: EOF while parsing a list at line 3 column 0

hint: a catalogue is `{"models": [...]}`, each as `larkspur models gpt-5.2 --format json` prints it
exit 2
error: `DIR/list.json`: the model catalogue cannot be read: invalid length 2, expected struct Catalogue with 3 elements at line 1 column 2

hint: a catalogue is `{"models": [...]}`, each as `larkspur models gpt-5.2 --format json` prints it
exit 2
error: `DIR/field.json`: the model catalogue cannot be read: unknown field `window`, expected one of `name`, `snapshots`, `context_window`, `max_output_tokens`, `knowledge_cutoff`, `apis`, `efforts`, `default_effort`, `sampling`, `structured_outputs`, `prices`, `note` at line 3 column 9

hint: a catalogue is `{"models": [...]}`, each as `larkspur models gpt-5.2 --format json` prints it
exit 2
error: `DIR/price.json`: the model catalogue cannot be read: a price is between 0 and 1000000, not -1 at line 2 column 27

hint: a catalogue is `{"models": [...]}`, each as `larkspur models gpt-5.2 --format json` prints it
exit 2
error: `DIR/twice.json`: the model catalogue has m twice

hint: a catalogue is `{"models": [...]}`, each as `larkspur models gpt-5.2 --format json` prints it
"#);
}
