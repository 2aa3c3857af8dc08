//! The same request is not paid for twice, and nothing that is not whole is kept.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use larkspur_client::ledger::AttemptKind;
use larkspur_client::{Cache, CacheMode, Client, Cost, Provider};
use larkspur_output::grammar;
use larkspur_schema::{JsonSchema, schemars};
use larkspur_sim::Sim;
use serde::Deserialize;
use serde_json::json;

use crate::fixture::{Script, Server};
use crate::outputs::Total;

const GOOD: &str = r#"{"amount": 1, "currency": "EUR"}"#;
const BAD: &str = r#"{"amount": "one", "currency": "EUR"}"#;

fn client(server: &Server, directory: &Path) -> Client {
    let builder = server.builder().cache(Cache::at(directory));
    builder.build().unwrap()
}

async fn total(client: &Client, prompt: &str) -> larkspur_client::Reply<Total> {
    let request = client.responses("gpt-5.2").input(prompt);
    request.extract::<Total>().await.unwrap()
}

fn files(directory: &Path) -> Vec<std::path::PathBuf> {
    let files = fs::read_dir(directory).into_iter().flatten();
    files.map(|file| file.unwrap().path()).collect()
}

#[tokio::test]
async fn the_second_time_costs_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start([Script::says(GOOD)]);
    let first = total(&client(&server, directory.path()), "Total?").await;
    assert!(!first.from_cache());
    // Another client, as after a restart.
    let second = total(&client(&server, directory.path()), "Total?").await;
    assert!(second.from_cache());
    assert_eq!(second.value, first.value);
    assert_eq!(
        (second.cost(), second.usage().total_tokens()),
        (Cost::ZERO, 0)
    );
    let attempt = &second.attempts()[0];
    assert_eq!(attempt.kind, AttemptKind::Cache);
    assert_eq!(attempt.model.as_deref(), Some("gpt-5.2-2025-12-11"));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn what_is_asked_otherwise_is_asked() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start([Script::says(GOOD)]);
    let client = client(&server, directory.path());
    total(&client, "Total?").await;
    total(&client, "Sum?").await;
    let request = client.responses("gpt-5.1").input("Total?");
    request.extract::<Total>().await.unwrap();
    let request = client.responses("gpt-5.2").input("Total?");
    request.temperature(0.5).extract::<Total>().await.unwrap();
    // Elsewhere is another server.
    let other = Server::start([Script::says(GOOD)]);
    let elsewhere = total(&self::client(&other, directory.path()), "Total?").await;
    assert!(!elsewhere.from_cache());
    assert_eq!(
        (server.received().len(), files(directory.path()).len()),
        (4, 5)
    );
}

#[tokio::test]
async fn only_accepted_answers_are_kept() {
    let cut = json!({"id": "resp_1", "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": []});
    let refused = json!({"id": "r", "status": "completed", "output": [
        {"type": "message", "content": [{"type": "refusal", "refusal": "no"}]}]});
    for script in [
        Script::json(200, &cut),
        Script::json(200, &refused),
        Script::says(BAD),
        Script::error(400, "x"),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let server = Server::start([script]);
        let request = client(&server, directory.path()).responses("m").input("x");
        request.extract::<Total>().await.unwrap_err();
        assert_eq!(files(directory.path()).len(), 0);
    }
    // Asked again, the accepted one answers the request.
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start([Script::says(BAD), Script::says(GOOD)]);
    let client = client(&server, directory.path());
    assert_eq!(total(&client, "Total?").await.attempts().len(), 2);
    let again = total(&client, "Total?").await;
    assert!(again.from_cache());
    assert_eq!((again.attempts().len(), server.received().len()), (1, 2));
}

#[tokio::test]
async fn what_is_damaged_or_no_value_any_more_is_asked_for_anew() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start([Script::says(GOOD)]);
    let client = client(&server, directory.path());
    total(&client, "Total?").await;
    let entry = files(directory.path()).remove(0);
    let whole = fs::read(&entry).unwrap();
    // Its head says when it was kept.
    let body = |entry: &[u8]| {
        entry
            .splitn(3, |byte| *byte == b'\n')
            .nth(2)
            .unwrap()
            .to_vec()
    };
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let damaged: [&[u8]; 6] = [
        b"",
        b"\n",
        &whole[..whole.len() - 1],
        &flipped,
        b"larkspur-cache-2 00\n{}",
        b"larkspur-cache-1 00\n{}",
    ];
    for (at, damaged) in damaged.into_iter().enumerate() {
        fs::write(&entry, damaged).unwrap();
        let reply = total(&client, "Total?").await;
        assert!(!reply.from_cache(), "{at}");
        let again = fs::read(&entry).unwrap();
        assert_eq!(body(&again), body(&whole), "{at}: it is whole again");
    }
    assert_eq!(server.received().len(), 7);
}

#[tokio::test]
async fn nothing_secret_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let said = r#"{"amount": 1, "currency": "sk-test-key of Ada"}"#;
    let server = Server::start([Script::says(said).header("set-cookie", "planted-cookie")]);
    let client = client(&server, directory.path());
    let request = client
        .responses("m")
        .input("a private question about sk-test-key");
    request.extract::<Total>().await.unwrap();
    for file in files(directory.path()) {
        let text = fs::read_to_string(&file).unwrap();
        for secret in ["sk-test-key", "private", "planted", "authorization"] {
            assert!(!text.contains(secret), "{secret}");
            assert!(!file.to_string_lossy().contains(secret));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(
                fs::metadata(&file).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }
}

#[tokio::test]
async fn it_does_not_grow_for_ever_and_leaves_other_files_alone() {
    let directory = tempfile::tempdir().unwrap();
    let other = directory.path().join("notes.txt");
    fs::write(&other, "x".repeat(10_000)).unwrap();
    let server = Server::start([Script::says(GOOD)]);
    let cache = Cache::at(directory.path()).max_bytes(4_000);
    let client = server.builder().cache(cache).build().unwrap();
    for at in 0..30 {
        total(&client, &format!("Total {at}?")).await;
        let entries = files(directory.path())
            .into_iter()
            .filter(|file| *file != other);
        let bytes: u64 = entries.map(|file| fs::metadata(file).unwrap().len()).sum();
        assert!(bytes <= 4_000, "{bytes}");
    }
    assert!(other.exists());
    assert!(files(directory.path()).len() > 3);
    assert!(
        total(&client, "Total 29?").await.from_cache(),
        "the last stays"
    );
}

/// What was kept is made older by writing it down so.
#[tokio::test]
async fn what_is_too_old_is_asked_for_anew() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start([Script::says(GOOD)]);
    let hour = Duration::from_secs(3_600);
    let aged = |age| {
        let cache = Cache::at(directory.path()).max_bytes(1 << 20).max_age(age);
        server.builder().cache(cache).build().unwrap()
    };
    assert!(!total(&aged(hour), "Total?").await.from_cache());
    // That it was used does not make it younger.
    for _ in 0..2 {
        assert!(total(&aged(hour), "Total?").await.from_cache());
    }
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert!(total(&aged(hour), "Total?").await.from_cache());
    assert!(!total(&aged(Duration::ZERO), "Total?").await.from_cache());
    // What came then is new again, and takes its place.
    assert!(total(&aged(hour), "Total?").await.from_cache());
    assert_eq!(
        (server.received().len(), files(directory.path()).len()),
        (2, 1)
    );
    // Whoever sets no bound takes what there is.
    assert!(
        total(&client(&server, directory.path()), "Total?")
            .await
            .from_cache()
    );
}

#[tokio::test]
async fn one_request_can_pass_it_by_or_have_its_entry_made_anew() {
    let directory = tempfile::tempdir().unwrap();
    let other = r#"{"amount": 2, "currency": "EUR"}"#;
    let server = Server::start([Script::says(GOOD), Script::says(other), Script::says(BAD)]);
    let client = client(&server, directory.path());
    let asked = async |mode| {
        let request = client.responses("m").input("Total?").reask(0).cache(mode);
        let reply = request.extract::<Total>().await;
        reply
            .map(|reply| (reply.value.amount, reply.from_cache()))
            .ok()
    };
    let rows = [
        (CacheMode::Bypass, Some((1.0, false)), 0),
        (CacheMode::Refresh, Some((2.0, false)), 1),
        (CacheMode::Use, Some((2.0, true)), 1),
        // What is not accepted takes nobody's place.
        (CacheMode::Refresh, None, 1),
        (CacheMode::Bypass, None, 1),
        (CacheMode::Use, Some((2.0, true)), 1),
    ];
    for (mode, expected, kept) in rows {
        assert_eq!(asked(mode).await, expected, "{mode:?}");
        assert_eq!(files(directory.path()).len(), kept, "{mode:?}");
    }
    assert_eq!(server.received().len(), 4);
}

/// Two questions in a conversation that the server keeps are two, also in the same words.
#[tokio::test]
async fn what_the_server_keeps_is_asked_for_each_time() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start([Script::says(GOOD)]);
    let client = client(&server, directory.path());
    let begin = || client.responses("m").input("Sure?");
    for _ in 0..2 {
        let requests = [
            begin().conversation("conv_1"),
            begin().extra("conversation", json!({"id": "conv_1"})),
        ];
        for request in requests {
            assert!(!request.extract::<Total>().await.unwrap().from_cache());
        }
    }
    assert_eq!(
        (server.received().len(), files(directory.path()).len()),
        (4, 0)
    );
}

#[tokio::test]
async fn what_a_killed_program_left_behind_is_taken_away() {
    let directory = tempfile::tempdir().unwrap();
    let name = "0123456789abcdef".repeat(4);
    let long_ago = SystemTime::now() - Duration::from_secs(2 * 3_600);
    let files = [
        (format!(".{name}-1-1-0"), true, false),
        (format!(".{name}-1-0"), true, false),
        // Maybe somebody is still at it.
        (format!(".{name}-2-2-0"), false, true),
        // Not of the cache.
        (format!(".{name}"), true, true),
        (".notes-1-1-0".to_owned(), true, true),
        (format!("{}-1-0", &name[1..]), true, true),
    ];
    for (file, is_old, _) in &files {
        let file = fs::File::create(directory.path().join(file)).unwrap();
        if *is_old {
            file.set_modified(long_ago).unwrap();
        }
    }
    let server = Server::start([Script::says(GOOD)]);
    total(&client(&server, directory.path()), "Total?").await;
    for (file, _, stays) in files {
        assert_eq!(directory.path().join(&file).exists(), stays, "{file}");
    }
}

#[tokio::test]
async fn a_directory_that_is_none_costs_no_answer() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let server = Server::start([Script::says(GOOD)]);
    let client = client(&server, &file);
    for _ in 0..2 {
        assert!(!total(&client, "Total?").await.from_cache());
    }
}

#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
struct Other {
    name: String,
}

#[tokio::test]
async fn through_every_api_against_the_local_server() {
    let directory = tempfile::tempdir().unwrap();
    let sim = Sim::start().unwrap();
    let client = Client::builder()
        .base_url(sim.base_url())
        .cache(Cache::at(directory.path()));
    let client = client.build().unwrap();
    let yes = grammar("start: \"yes\" | \"no\"\n").unwrap();
    let mut texts = Vec::new();
    for round in 0..2 {
        let one = client
            .responses("gpt-5.2")
            .input("?")
            .extract::<Other>()
            .await
            .unwrap();
        let two = client
            .chat("gpt-5.2")
            .input("?")
            .extract::<Other>()
            .await
            .unwrap();
        let three = client
            .responses("gpt-5.2")
            .input("?")
            .extract_with(&yes)
            .await
            .unwrap();
        let cached = [one.from_cache(), two.from_cache(), three.from_cache()];
        assert_eq!(cached, [round == 1; 3]);
        texts.push([one.text, two.text, three.text]);
    }
    assert_eq!(texts[0], texts[1]);
    assert_eq!(sim.requests().len(), 3);
    // Streams pass it by.
    let stream = client
        .responses("gpt-5.2")
        .input("?")
        .stream::<Other>()
        .await
        .unwrap();
    assert!(!stream.answer().await.unwrap().from_cache());
    assert_eq!(sim.requests().len(), 4);
}

/// Gemini has the model in the path alone.
#[tokio::test]
async fn another_model_is_another_request_also_where_the_body_is_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let sim = Sim::start().unwrap();
    let gemini = sim.base_url().replace("/v1", "/v1beta");
    let client = Client::builder()
        .provider(Provider::gemini())
        .base_url(gemini)
        .cache(Cache::at(directory.path()));
    let client = client.build().unwrap();
    let models = ["gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-pro"];
    for (model, cached) in models.into_iter().zip([false, false, true]) {
        let request = client.generate_content(model).input("?");
        let reply = request.extract::<Other>().await.unwrap();
        assert_eq!(reply.from_cache(), cached, "{model}");
    }
}
