//! The catalogue: the built-in file, the user's over it, prices to the token, warnings that refuse nothing.

use larkspur_client::{Catalogue, Client, Cost, Effort, Usage};
use serde_json::json;

use crate::outputs::{offline, total};

fn usage(input: u64, cached: u64, output: u64) -> Usage {
    Usage {
        input_tokens: input,
        cached_input_tokens: cached,
        output_tokens: output,
        ..Usage::default()
    }
}

#[track_caller]
fn costs(model: &str, usage: &Usage, expected: &str) {
    assert_eq!(
        Catalogue::builtin()
            .get(model)
            .unwrap()
            .cost(usage)
            .to_string(),
        expected
    );
}

#[test]
fn the_file_is_complete_for_the_models_it_was_made_for() {
    let catalogue = Catalogue::builtin();
    for name in ["gpt-5.2", "gpt-5.2-chat-latest", "gpt-5.2-pro"] {
        let model = catalogue.get(name).unwrap();
        assert!(
            model.context_window.is_some()
                && model.max_output_tokens.is_some()
                && model.sampling.is_some(),
            "{name}"
        );
        assert!(
            model.prices.iter().all(|price| price.date.is_some()),
            "{name}"
        );
        assert_eq!(
            model.prices[0].seller, "openai",
            "the list price comes first"
        );
    }
    assert!(
        catalogue
            .models
            .iter()
            .all(|model| !model.efforts.is_empty() || !model.prices.is_empty())
    );
    let text = serde_json::to_string(catalogue).unwrap();
    assert_eq!(&Catalogue::from_json(&text).unwrap(), catalogue);
}

#[test]
fn prices_to_the_token() {
    costs("gpt-5.2", &usage(1_000_000, 0, 0), "$1.75");
    costs("gpt-5.2", &usage(1_000_000, 1_000_000, 0), "$0.175");
    costs("gpt-5.2", &usage(1, 0, 1), "$0.00001575");
    costs("gpt-5.2-pro", &usage(1_000_000, 500_000, 0), "$21.00");
    costs("gpt-5.2", &usage(10, 999, 0), "$0.00000175"); // More cached than read: a server that cannot count.
    costs(
        "gpt-5.2",
        &usage(u64::MAX, 0, u64::MAX),
        "$18446744.073709551615",
    );
    costs("gpt-5", &usage(1, 0, 1), "unknown");
    // A tenth for what was in the cache, a quarter more for what is put there.
    let cached = Usage {
        cache_write_tokens: 2_000_000,
        ..usage(4_000_000, 1_000_000, 0)
    };
    costs("claude-opus-4-5-20251101", &cached, "$18.00");
    costs("gpt-5.2", &cached, "$5.425");
    costs(
        "gemini-3-flash-preview",
        &usage(1_000_000, 500_000, 1_000_000),
        "$3.275",
    );
    let comet = Catalogue::builtin()
        .get("gpt-5.2")
        .unwrap()
        .cost_at("cometapi", &usage(1_000_000, 0, 1_000_000));
    assert_eq!(comet.to_string(), "$12.60");
}

#[test]
fn snapshots_fall_back_to_the_alias() {
    let name = |asked: &str| {
        Catalogue::builtin()
            .get(asked)
            .map(|model| model.name.as_str())
    };
    assert_eq!(name("gpt-5.2-2025-12-11"), Some("gpt-5.2"));
    assert_eq!(name("gpt-5.2-2031-01-01"), Some("gpt-5.2"));
    assert_eq!(name("gpt-5.2-pro-2025-12-11"), Some("gpt-5.2-pro"));
    for unknown in [
        "gpt-5.2-turbo",
        "gpt-5.2-2025-12-1x",
        "-2025-12-11",
        "",
        "zażółć-gęślą",
        "gpt",
    ] {
        assert_eq!(name(unknown), None, "{unknown}");
    }
}

#[test]
fn the_users_models_replace_and_add() {
    let own = json!({"updated": "2027-01-01", "models": [
        {"name": "gpt-5.2", "prices": [{"seller": "openai", "input": 1, "output": 2}]},
        {"name": "house-model", "efforts": ["low"]}]});
    let own = Catalogue::from_json(&own.to_string()).unwrap();
    let client = Client::builder()
        .base_url("http://127.0.0.1:9/v1")
        .catalogue(own)
        .build()
        .unwrap();
    let model = client.catalogue().get("gpt-5.2").unwrap();
    assert_eq!(
        model.cost(&usage(1_000_000, 5, 0)),
        Cost::from_picodollars(1_000_000_000_000)
    );
    assert!(client.catalogue().get("house-model").is_some());
    assert!(client.catalogue().get("gpt-5.2-pro").is_some());
}

#[test]
fn bad_catalogues_are_refused() {
    for (text, expected) in [
        ("{", "line 1 column 1"),
        (
            r#"{"models": [{"name": "m", "window": 7}]}"#,
            "unknown field `window`",
        ),
        (
            "{\"models\": [{\"name\": \"m\", \"prices\": [\n{\"seller\": \"s\", \"input\": -1, \"output\": 1}]}]}",
            "a price is between 0 and 1000000, not -1 at line 2 column 27",
        ),
        (
            r#"{"models": [{"name": "m", "prices": [{"seller": "s", "input": 1, "cached_input": 1e7, "output": 1}]}]}"#,
            "not 10000000 at line 1",
        ),
        (
            r#"{"models": [{"name": "m"}, {"name": "n"}, {"name": "m"}]}"#,
            "the model catalogue has m twice",
        ),
        (r#"{"models": [{}]}"#, "missing field `name`"),
    ] {
        let error = Catalogue::from_json(text).unwrap_err();
        assert!(
            error.is_config() && error.to_string().contains(expected),
            "{error}"
        );
    }
}

#[test]
fn warnings_say_what_would_be_refused() {
    let client = offline();
    let codes = |warnings: Vec<larkspur_client::Warning>| {
        warnings
            .iter()
            .map(|warning| warning.code)
            .collect::<Vec<_>>()
    };
    let ask = |model: &str| client.responses(model);
    assert_eq!(
        codes(ask("gpt-5.2").effort(Effort::Low).warnings()),
        Vec::<&str>::new()
    );
    assert_eq!(
        codes(ask("gpt-5.2").effort(Effort::Minimal).warnings()),
        ["effort"]
    );
    assert_eq!(
        codes(ask("gpt-5.2-chat-latest").effort(Effort::High).warnings()),
        ["effort"]
    );
    assert_eq!(
        codes(ask("gpt-5.2").temperature(0.2).warnings()),
        Vec::<&str>::new()
    );
    assert_eq!(
        codes(
            ask("gpt-5.2")
                .temperature(0.2)
                .effort(Effort::Low)
                .warnings()
        ),
        ["sampling"]
    );
    assert_eq!(
        codes(ask("gpt-5.2-pro").top_p(0.2).warnings()),
        ["sampling"]
    );
    assert_eq!(codes(client.chat("gpt-5.2-pro").warnings()), ["api"]);
    assert_eq!(
        codes(ask("gpt-5.2").max_output_tokens(15).warnings()),
        ["output-limit"]
    );
    assert_eq!(
        codes(ask("gpt-5.2").max_output_tokens(128_001).warnings()),
        ["output-limit"]
    );
    assert_eq!(
        codes(
            ask("nobody-knows")
                .effort(Effort::Minimal)
                .temperature(2.0)
                .warnings()
        ),
        Vec::<&str>::new()
    );
    insta::assert_snapshot!(
        ask("gpt-5.2-chat-latest").effort(Effort::High).warnings()[0],
        @"gpt-5.2-chat-latest does not accept effort `high`, only medium"
    );
    let format = client
        .responses("gpt-5.2-pro")
        .build_for(&total())
        .text
        .unwrap();
    let request = ask("gpt-5.2-pro").extra("text", serde_json::to_value(format).unwrap());
    assert_eq!(
        codes(request.warnings()),
        Vec::<&str>::new(),
        "what is put in by hand is not looked into"
    );
}
