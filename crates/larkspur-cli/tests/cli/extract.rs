use larkspur_sim::Sim;

use crate::support::{Files, larkspur, larkspur_with};

const SCHEMA: &str = r#"{"type": "object", "properties": {"vendor": {"type": "string"}, "total": {"type": "number", "minimum": 0}},
    "required": ["vendor", "total"]}"#;

#[test]
fn without_a_key_the_local_server_answers_and_says_so() {
    let files = Files::new(&[("invoice.json", SCHEMA)]);
    for api in ["responses", "chat", "messages", "gemini"] {
        let ran = larkspur(
            &[
                "extract",
                "--schema",
                &files.path("invoice.json"),
                "--api",
                api,
                "An invoice",
            ],
            "",
        );
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(
            ran.json()["vendor"].is_string() && ran.json()["total"].is_number(),
            "{}",
            ran.stdout
        );
        assert!(ran.stderr.contains("local server"), "{}", ran.stderr);
    }
}

#[test]
fn a_url_is_asked_instead() {
    let sim = Sim::start().unwrap();
    let files = Files::new(&[("invoice.json", SCHEMA)]);
    let schema = files.path("invoice.json");
    let args = [
        "extract",
        "--schema",
        &schema,
        "--model",
        "some-model",
        "--base-url",
        sim.base_url(),
    ];
    let ran = larkspur(&args, "The prompt comes from stdin.");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));

    let from_env = [
        ("OPENAI_BASE_URL", sim.base_url()),
        ("OPENAI_API_KEY", "sk-planted-key"),
    ];
    let ran = larkspur_with(&["extract", "--schema", &schema, "hello"], "", &from_env);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));

    let bodies: Vec<_> = sim
        .requests()
        .iter()
        .filter_map(larkspur_sim::ReceivedRequest::json)
        .collect();
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0]["model"], "some-model");
    assert!(
        bodies[0]
            .to_string()
            .contains("The prompt comes from stdin.")
    );
    assert_eq!(bodies[1]["text"]["format"]["name"], "invoice");
    assert_eq!(bodies[1]["text"]["format"]["strict"], true);
}

#[test]
fn each_api_is_asked_in_its_way() {
    let sim = Sim::builder().required_key("planted-key").start().unwrap();
    let files = Files::new(&[("invoice.json", SCHEMA)]);
    let schema = files.path("invoice.json");
    for (api, key, streams, path) in [
        ("messages", "ANTHROPIC_API_KEY", false, "/v1/messages"),
        (
            "gemini",
            "GEMINI_API_KEY",
            false,
            "/v1/models/gemini-3-pro-preview:generateContent",
        ),
        (
            "gemini",
            "GEMINI_API_KEY",
            true,
            "/v1/models/gemini-3-pro-preview:streamGenerateContent?alt=sse",
        ),
    ] {
        let mut args = vec!["extract", "--schema", &schema, "--api", api, "--base-url"];
        args.extend([sim.base_url(), "An invoice"]);
        args.extend(streams.then_some("--stream"));
        let ran = larkspur_with(&args, "", &[(key, "planted-key")]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.json()["vendor"].is_string(), "{}", ran.stdout);
        assert_eq!(sim.requests().last().unwrap().path(), path);
        let ran = larkspur(&args, "");
        assert_eq!(ran.code, 2, "{}", ran.stderr);
    }
}

#[test]
fn a_grammar_or_a_regex_holds_the_text() {
    let files = Files::new(&[("day.lark", "start: \"mon\" | \"tue\"\n")]);
    let ran = larkspur(
        &[
            "extract",
            "--grammar",
            &files.path("day.lark"),
            "Which day?",
        ],
        "",
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ["mon\n", "tue\n"].contains(&ran.stdout.as_str()),
        "{}",
        ran.stdout
    );

    // What OpenAI may not take is sent as ordinary rules, and the answer is read by them.
    let files = Files::new(&[(
        "call.lark",
        "start: \"call \" %json { \"type\": \"boolean\" }\n",
    )]);
    let ran = larkspur(
        &["extract", "--grammar", &files.path("call.lark"), "Now?"],
        "",
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ["call true\n", "call false\n"].contains(&ran.stdout.as_str()),
        "{}",
        ran.stdout
    );

    let ran = larkspur(&["extract", "--regex", "20[0-9]{2}", "Which year?"], "");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with("20") && ran.stdout.len() == 5,
        "{}",
        ran.stdout
    );
}

#[test]
fn a_stream_shows_the_text_and_prints_the_same_value() {
    let files = Files::new(&[
        ("invoice.json", SCHEMA),
        ("day.lark", "start: \"mon\" | \"tue\"\n"),
    ]);
    let sim = Sim::start().unwrap();
    for api in ["responses", "chat"] {
        let schema = files.path("invoice.json");
        let of = ["extract", "--schema", &schema, "--stream", "--api", api];
        let args = [&of[..], &["--base-url", sim.base_url(), "An invoice"]].concat();
        let ran = larkspur(&args, "");
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.json()["vendor"].is_string(), "{}", ran.stdout);
        let shown: serde_json::Value = serde_json::from_str(&ran.stderr).unwrap();
        assert_eq!(shown["vendor"], ran.json()["vendor"]);

        let grammar = files.path("day.lark");
        let of = ["extract", "--grammar", &grammar, "--stream", "--api", api];
        let args = [&of[..], &["--base-url", sim.base_url(), "Which day?"]].concat();
        let ran = larkspur(&args, "");
        assert_eq!((ran.code, &ran.stdout), (0, &ran.stderr));
    }
    let streamed = |body: &serde_json::Value| body["stream"] == true;
    let bodies: Vec<_> = sim
        .requests()
        .iter()
        .filter_map(larkspur_sim::ReceivedRequest::json)
        .collect();
    assert!(
        bodies.len() == 4 && bodies.iter().all(streamed),
        "{bodies:?}"
    );
}

#[test]
fn the_outcome_as_json_has_usage_cost_and_attempts() {
    let files = Files::new(&[("invoice.json", SCHEMA)]);
    let ran = larkspur(
        &[
            "extract",
            "--schema",
            &files.path("invoice.json"),
            "--format",
            "json",
            "x",
        ],
        "",
    );
    let answer = ran.json();
    let keys: Vec<_> = answer
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        ["outcome", "value", "text", "usage", "cost", "attempts"]
    );
    assert_eq!(answer["outcome"], "value");
    assert_eq!(answer["attempts"].as_array().unwrap().len(), 1);
    assert!(
        answer["cost"].as_str().unwrap().starts_with('$'),
        "{answer}"
    );
}

#[test]
fn a_server_that_cannot_be_reached_is_no_answer() {
    let files = Files::new(&[("invoice.json", SCHEMA)]);
    // Bound and dropped, so that nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}/v1");
    let ran = larkspur_with(
        &[
            "extract",
            "--schema",
            &files.path("invoice.json"),
            "--base-url",
            &url,
            "x",
        ],
        "",
        &[("OPENAI_API_KEY", "sk-planted-key")],
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr
            .contains(&format!("no connection to 127.0.0.1:{port}"))
            && !ran.stderr.contains("sk-planted-key"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_wrong_key_is_told_with_the_servers_words() {
    let sim = Sim::builder().required_key("sk-right").start().unwrap();
    let files = Files::new(&[("invoice.json", SCHEMA)]);
    let ran = larkspur_with(
        &[
            "extract",
            "--schema",
            &files.path("invoice.json"),
            "--base-url",
            sim.base_url(),
            "x",
        ],
        "",
        &[("OPENAI_API_KEY", "sk-planted-key")],
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr.contains("401") && ran.stderr.contains("invalid_api_key"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("sk-planted-key"), "{}", ran.stderr);
}

#[test]
fn exactly_one_constraint_is_needed() {
    for args in [
        &["extract", "x"][..],
        &["extract", "--regex", "a", "--grammar", "b", "x"],
    ] {
        let ran = larkspur(args, "");
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    }
}
