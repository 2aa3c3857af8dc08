//! Where requests go and with which key, by the environment.

use larkspur_client::{Client, ClientBuilder, env};

use crate::fixture::{Script, Server};

fn vars<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
    |name| {
        pairs
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| (*value).to_owned())
    }
}

#[track_caller]
fn goes_to(pairs: &[(&str, &str)], expected: &str) {
    match ClientBuilder::from_vars(vars(pairs)).unwrap().build() {
        Ok(client) => assert_eq!(client.base_url(), expected),
        // A machine without certificates has no https; it is told so, and http goes on working.
        Err(error) => {
            let message = error.to_string();
            assert!(
                expected.starts_with("https") && message.contains("CA certificates"),
                "{message}"
            );
        }
    }
}

#[test]
fn the_base_url() {
    goes_to(&[(env::OPENAI_API_KEY, "k")], "https://api.openai.com/v1");
    goes_to(
        &[(env::OPENAI_BASE_URL, "http://127.0.0.1:1/v1")],
        "http://127.0.0.1:1/v1",
    );
    goes_to(
        &[
            (env::OPENAI_API_KEY, "k"),
            (env::OPENAI_BASE_URL, "http://127.0.0.1:1/v1"),
        ],
        "http://127.0.0.1:1/v1",
    );
    goes_to(&[(env::COMETAPI_KEY, "k")], "https://api.cometapi.com/v1");
    goes_to(
        &[(env::COMETAPI_KEY, "k"), (env::OPENAI_API_KEY, "k")],
        "https://api.openai.com/v1",
    );
    goes_to(
        &[(env::OPENAI_API_KEY, "k"), (env::OPENAI_BASE_URL, " ")],
        "https://api.openai.com/v1",
    );
}

#[test]
fn nothing_set_is_an_error_with_a_hint() {
    for pairs in [
        &[][..],
        &[(env::OPENAI_API_KEY, "")],
        &[(env::COMETAPI_KEY, "  ")],
    ] {
        let error = ClientBuilder::from_vars(vars(pairs)).unwrap_err();
        assert!(error.is_config());
        insta::allow_duplicates!(insta::assert_snapshot!(
            error,
            @"no model server is set; set OPENAI_API_KEY, or OPENAI_BASE_URL for a server without a key"
        ));
    }
}

async fn headers_sent(pairs: &[(&str, &str)]) -> (Option<String>, Option<String>, Option<String>) {
    let server = Server::start([Script::says("hi")]);
    let mut pairs = pairs.to_vec();
    pairs.push((env::OPENAI_BASE_URL, &server.url));
    let client = ClientBuilder::from_vars(vars(&pairs))
        .unwrap()
        .build()
        .unwrap();
    client.responses("m").input("x").send().await.unwrap();
    let received = server.received().remove(0);
    let header = |name| received.header(name).map(str::to_owned);
    (
        header("authorization"),
        header("openai-organization"),
        header("openai-project"),
    )
}

#[tokio::test]
async fn the_headers() {
    assert_eq!(headers_sent(&[]).await, (None, None, None));
    let all = [
        (env::OPENAI_API_KEY, "sk-1\n"),
        (env::OPENAI_ORG_ID, "org-1"),
        (env::OPENAI_PROJECT_ID, "proj-1"),
    ];
    assert_eq!(
        headers_sent(&all).await,
        (
            Some("Bearer sk-1".into()),
            Some("org-1".into()),
            Some("proj-1".into())
        )
    );
    // A key goes only to the host it was made for.
    assert_eq!(
        headers_sent(&[(env::COMETAPI_KEY, "sk-comet")]).await.0,
        None
    );
}

#[track_caller]
fn refused(url: &str, expected: &str) {
    let error = Client::builder().base_url(url).build().unwrap_err();
    assert!(error.is_config(), "{error:?}");
    let message = error.to_string();
    assert!(message.contains(expected), "{message}");
    assert!(!message.contains("hunter2"), "{message}");
}

#[test]
fn bad_base_urls() {
    refused("", "is not a URL");
    refused("api.openai.com/v1", "is not a URL");
    refused("ftp://api.openai.com", "not an http or https URL");
    refused("file:///etc/passwd", "not an http or https URL");
    refused(
        "https://user:hunter2@api.openai.com/v1",
        "a user name or a password",
    );
    refused(
        "https://api.openai.com/v1?key=hunter2",
        "a query or a fragment",
    );
    refused("https://api.openai.com/v1#hunter2", "a query or a fragment");
}

#[test]
fn bad_headers() {
    let builder = || Client::builder().base_url("http://127.0.0.1:9/v1");
    for (client, expected) in [
        (builder().api_key("sk\n1"), "the API key has a character"),
        (
            builder().api_key("ключ\u{7f}"),
            "the API key has a character",
        ),
        (builder().header("x y", "z"), "cannot be the name"),
        (
            builder().header("x-y", "a\r\nb"),
            "the value of header `x-y`",
        ),
    ] {
        let error = client.build().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn a_trailing_slash_makes_no_difference() {
    let server = Server::start([Script::says("hi")]);
    for url in [server.url.clone(), format!("{}/", server.url)] {
        Client::builder()
            .base_url(url)
            .build()
            .unwrap()
            .responses("m")
            .send()
            .await
            .unwrap();
    }
    assert!(
        server
            .received()
            .iter()
            .all(|request| request.line == "POST /v1/responses HTTP/1.1")
    );
}

/// Runs other tests of this program in a process whose environment names no certificates.
#[test]
fn a_machine_without_certificates_still_speaks_http() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "environment::the_base_url",
            "errors::wrong_key",
            "sim::typed",
        ])
        .envs([("SSL_CERT_FILE", "/nowhere"), ("SSL_CERT_DIR", "/nowhere")])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("3 passed"),
        "{text}"
    );
}
