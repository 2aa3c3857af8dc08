//! Requests wait for places and for what the limits allow, in the order in which they came, and nobody is forgotten.

use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use larkspur_client::{Client, ClientBuilder, Provider, RateLimits, RetryPolicy};
use larkspur_sim::{Fault, Sim};

use crate::fixture::{Script, Server};
use crate::outputs::Total;

fn builder(sim: &Sim) -> ClientBuilder {
    Client::builder()
        .base_url(sim.base_url())
        .retry(RetryPolicy::none())
}

/// So many requests at once; every one of them must be answered. How long it took.
async fn all_at_once(client: &Client, number: usize) -> Duration {
    let begun = Instant::now();
    let tasks: Vec<_> = (0..number)
        .map(|at| {
            let request = client.responses("gpt-5.2").input(format!("Total {at}?"));
            tokio::spawn(request.extract::<Total>())
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    begun.elapsed()
}

fn refused(sim: &Sim) -> usize {
    let requests = sim.requests();
    requests
        .iter()
        .filter(|request| request.status() == 429)
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_limiter_the_server_refuses() {
    let sim = Sim::builder()
        .request_limit(5, Duration::from_secs(5))
        .start()
        .unwrap();
    let client = builder(&sim).build().unwrap();
    let mut refused = 0;
    for _ in 0..8 {
        let sent = client.responses("gpt-5.2").input("x").send().await;
        refused += usize::from(sent.is_err_and(|error| error.status() == Some(429)));
    }
    assert!(refused > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_says_is_kept_to() {
    let sim = Sim::builder()
        .request_limit(5, Duration::from_millis(500))
        .start()
        .unwrap();
    let limits = RateLimits::of_server();
    let client = builder(&sim).rate_limits(limits).build().unwrap();
    let took = all_at_once(&client, 20).await;
    assert_eq!((sim.requests().len(), refused(&sim)), (20, 0));
    // 5 at once, and 15 as they come, a tenth of a second each.
    assert!(took > Duration::from_millis(1_400), "{took:?}");
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_kept_to_as_well() {
    let sim = Sim::builder()
        .token_limit(2_000, Duration::from_millis(500))
        .start()
        .unwrap();
    let client = builder(&sim).rate_limits(RateLimits::of_server());
    let client = client.build().unwrap();
    all_at_once(&client, 30).await;
    assert_eq!((sim.requests().len(), refused(&sim)), (30, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn anthropic_says_it_otherwise() {
    // Its times are whole seconds.
    let sim = Sim::builder()
        .request_limit(3, Duration::from_secs(1))
        .start()
        .unwrap();
    let client = builder(&sim)
        .provider(Provider::anthropic())
        .rate_limits(RateLimits::of_server())
        .build()
        .unwrap();
    for at in 0..6 {
        let request = client.messages("claude-opus-4-5").input(format!("{at}?"));
        request.extract::<Total>().await.unwrap();
    }
    assert_eq!((sim.requests().len(), refused(&sim)), (6, 0));
}

#[tokio::test]
async fn own_bounds_hold_in_every_window() {
    let sim = Sim::start().unwrap();
    let window = Duration::from_millis(400);
    let limits = RateLimits::none().requests_per_minute(4).window(window);
    let client = builder(&sim).rate_limits(limits).build().unwrap();
    let took = all_at_once(&client, 12).await;
    assert!(took >= 2 * window, "{took:?}");
    // Each model by itself.
    let begun = Instant::now();
    let other = client.responses("gpt-5.1").input("x");
    other.send().await.unwrap();
    assert!(begun.elapsed() < window);
}

#[tokio::test]
async fn tokens_are_put_right_when_the_server_says_what_it_took() {
    // Each answer takes 110 tokens, which nobody could know before.
    let server = Server::start([Script::says("x")]);
    let window = Duration::from_millis(400);
    let limits = RateLimits::none().tokens_per_minute(200).window(window);
    let client = server.builder().rate_limits(limits).build().unwrap();
    let begun = Instant::now();
    for _ in 0..5 {
        client.responses("m").input("x").send().await.unwrap();
    }
    // Two fit before it is full, the third waits for the first.
    assert!(begun.elapsed() >= 2 * window, "{:?}", begun.elapsed());
    // What never fits goes alone, and goes.
    let large = "x".repeat(4_000);
    client.responses("m").input(large).send().await.unwrap();
}

#[tokio::test]
async fn after_a_429_nobody_goes_before_the_server_says() {
    let ok = Script::says("x");
    let busy = Script::error(429, "rate_limit_exceeded").header("retry-after-ms", "300");
    let server = Server::start([ok.clone(), busy, ok]);
    let client = server
        .builder()
        .retry(RetryPolicy::none())
        .rate_limits(RateLimits::of_server())
        .build()
        .unwrap();
    let send = || client.responses("m").input("x").send();
    send().await.unwrap();
    let begun = Instant::now();
    assert_eq!(send().await.unwrap_err().status(), Some(429));
    send().await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(300));
    // Another model is another limit.
    let begun = Instant::now();
    client.responses("n").input("x").send().await.unwrap();
    assert!(begun.elapsed() < Duration::from_millis(300));
}

#[tokio::test]
async fn headers_in_every_form() {
    let with = |remaining: &str, reset: &str| {
        Script::says("x")
            .header("x-ratelimit-remaining-requests", remaining)
            .header("x-ratelimit-reset-requests", reset)
    };
    for (remaining, reset, waits) in [
        ("0", "250ms", true),
        ("0", "0.25s", true),
        ("0", "0m0.25s", true),
        ("0", "0.25", true),
        ("1", "250ms", false),
        // Nothing that says how long; what Azure sends; what nobody should wait for.
        ("0", "soon", false),
        ("-1", "250ms", false),
        ("0", "6m0s", false),
        ("0", "", false),
    ] {
        let server = Server::start([with(remaining, reset), Script::says("x")]);
        let limits = RateLimits::of_server();
        let client = server.builder().rate_limits(limits).build().unwrap();
        client.responses("m").input("x").send().await.unwrap();
        let begun = Instant::now();
        client.responses("m").input("x").send().await.unwrap();
        let waited = begun.elapsed() >= Duration::from_millis(240);
        assert_eq!(waited, waits, "{remaining:?} {reset:?}");
    }
}

/// In less than half a second, on a clock so many seconds ahead of UTC.
fn soon(offset: i32) -> DateTime<FixedOffset> {
    let time = DateTime::<Utc>::from(SystemTime::now() + Duration::from_millis(400));
    time.with_timezone(&FixedOffset::east_opt(offset).unwrap())
}

#[tokio::test]
async fn times_in_every_form() {
    let forms: [fn() -> String; 8] = [
        || soon(0).to_rfc3339_opts(SecondsFormat::Millis, true),
        || soon(19_800).to_rfc3339(),
        || soon(-12_600).to_rfc3339().to_lowercase(),
        // Long ago, in a far future, never, and none at all.
        || "2000-02-29T23:59:60Z".to_owned(),
        || "9999-12-31T23:59:59+00:00".to_owned(),
        || "2026-13-01T00:00:00Z".to_owned(),
        || "2026-11-23".to_owned(),
        || "-1".to_owned(),
    ];
    for (at, form) in forms.into_iter().enumerate() {
        let (reset, waits) = (form(), at < 3);
        let told = Script::says("x")
            .header("anthropic-ratelimit-requests-remaining", "0")
            .header("anthropic-ratelimit-requests-reset", &reset);
        let server = Server::start([told, Script::says("x")]);
        let limits = RateLimits::of_server();
        let client = server.builder().rate_limits(limits).build().unwrap();
        client.responses("m").input("x").send().await.unwrap();
        let begun = Instant::now();
        client.responses("m").input("x").send().await.unwrap();
        let waited = begun.elapsed() >= Duration::from_millis(200);
        assert_eq!(waited, waits, "{reset:?}");
    }
}

/// The most requests that were open at one time cannot be seen from outside, but how long all of them take can.
#[tokio::test(flavor = "multi_thread")]
async fn no_more_are_under_way_than_there_are_places() {
    let sim = Sim::builder().fault(Fault::Stall).start().unwrap();
    let client = builder(&sim)
        .timeout(Duration::from_millis(200))
        .max_concurrency(2)
        .build()
        .unwrap();
    let begun = Instant::now();
    let tasks: Vec<_> = (0..6)
        .map(|_| tokio::spawn(client.clone().responses("gpt-5.2").input("x").send()))
        .collect();
    for task in tasks {
        let error = task.await.unwrap().unwrap_err();
        assert!(error.is_timeout(), "waiting for a place counts for nothing");
    }
    assert!(begun.elapsed() >= Duration::from_millis(600));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_has_its_place_until_it_ends_or_is_dropped() {
    let sim = Sim::start().unwrap();
    let client = builder(&sim).max_concurrency(1).build().unwrap();
    let request = || client.responses("gpt-5.2").input("Total?");
    let blocked = || tokio::time::timeout(Duration::from_millis(200), request().send());
    let stream = request().stream::<Total>().await.unwrap();
    assert!(blocked().await.is_err());
    drop(stream);
    blocked().await.unwrap().unwrap();
    let mut stream = request().stream::<Total>().await.unwrap();
    while stream.next().await.unwrap().is_some() {}
    blocked().await.unwrap().unwrap();
    drop(stream);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gives_up_gives_the_turn_back() {
    let sim = Sim::builder()
        .request_limit(2, Duration::from_millis(400))
        .start()
        .unwrap();
    let client = builder(&sim)
        .rate_limits(RateLimits::of_server())
        .max_concurrency(2)
        .build()
        .unwrap();
    let request = |at: usize| client.responses("gpt-5.2").input(format!("Total {at}?"));
    let tasks: Vec<_> = (0..12)
        .map(|at| {
            let request = request(at);
            tokio::spawn(async move {
                // Every other one has no patience.
                let patience = Duration::from_millis(if at % 2 == 0 { 1 } else { 30_000 });
                tokio::time::timeout(patience, request.send()).await
            })
        })
        .collect();
    for (at, task) in tasks.into_iter().enumerate() {
        let sent = task.await.unwrap();
        if at % 2 == 1 {
            sent.unwrap().unwrap();
        }
    }
    assert_eq!(refused(&sim), 0);
}

/// The first request of a model finds out what the server says; where it comes to nothing, the next one does.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_one_that_came_to_nothing() {
    let server = Server::start([Script::Hang, Script::Hang, Script::says("x")]);
    let client = server
        .builder()
        .retry(RetryPolicy::none())
        .timeout(Duration::from_millis(200))
        .rate_limits(RateLimits::of_server())
        .build()
        .unwrap();
    let send = || tokio::spawn(client.responses("m").input("x").send());
    let begun = Instant::now();
    let (timed_out, dropped) = (send(), send());
    assert!(timed_out.await.unwrap().is_err());
    tokio::time::sleep(Duration::from_millis(20)).await;
    dropped.abort();
    send().await.unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5));
}
