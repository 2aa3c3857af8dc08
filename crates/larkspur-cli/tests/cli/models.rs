use insta::assert_snapshot;

use crate::support::larkspur;

#[test]
fn one_model_as_a_row() {
    let ran = larkspur(&["models", "gpt-5.2"], "");
    assert_eq!(ran.code, 0);
    assert_snapshot!(ran.stdout, @r#"
model                     window   output  efforts                               $ in  cached   $ out
gpt-5.2                     400K     128K  none low medium high xhigh            1.75   0.175      14
"#);
}

#[test]
fn the_catalogue_as_json() {
    let ran = larkspur(&["models", "--format", "json"], "");
    let models = ran.json();
    assert_eq!(ran.code, 0);
    let names: Vec<_> = models
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|model| model["name"].as_str())
        .collect();
    for name in ["gpt-5.2", "gpt-5.2-chat-latest", "gpt-5.2-pro"] {
        assert!(names.contains(&name), "{names:?}");
    }
}

#[test]
fn a_snapshot_name_finds_its_model() {
    let ran = larkspur(&["models", "gpt-5.2-2025-12-11", "--format", "json"], "");
    assert_eq!(
        (ran.code, ran.json()["name"].as_str()),
        (0, Some("gpt-5.2"))
    );
}

#[test]
fn an_unknown_model_is_a_no() {
    let ran = larkspur(&["models", "gpt-99"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(
        ran.stderr.contains("`gpt-99` is not in the catalogue"),
        "{}",
        ran.stderr
    );
}
