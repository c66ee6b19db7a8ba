//! What becomes of a stream: comments in silence, its end, gaps, and who has to come back later.

use std::time::Duration;

use http::Request;
use serde_json::json;
use tokio::time::Instant;
use wellspring_broker::{Broker, BrokerOptions, MemoryEngine, Retention};
use wellspring_hub::tokens::sign_hs256;
use wellspring_hub::{Hub, Peer, Settings};

use crate::hub::{PATH, Reader, ask, bearer, hub, plain, publish};
use crate::mint::{SUBSCRIBERS, validator};

#[tokio::test(start_paused = true)]
async fn a_comment_comes_in_each_40_s_of_silence() {
    let hub = hub(|settings| settings.lifetime = None).await;
    let mut reader = Reader::get(&hub, "topic=a").await;
    let began = Instant::now();
    reader.frame().await.unwrap();
    for n in 1..=3 {
        assert_eq!(reader.frame().await.unwrap(), ":\n");
        assert_eq!(began.elapsed().as_secs(), 40 * n);
    }
    tokio::time::advance(Duration::from_secs(30)).await;
    publish(&hub, "topic=a&data=x").await;
    reader.until("data: x").await;
    let heard = Instant::now();
    reader.frame().await.unwrap();
    assert_eq!(
        heard.elapsed().as_secs(),
        40,
        "silence counts from the last event"
    );
}

#[tokio::test(start_paused = true)]
async fn a_client_learns_of_places_that_it_was_owed_nothing_up_to() {
    let hub = hub(|settings| settings.lifetime = None).await;
    let mut reader = Reader::get(&hub, "topic=a").await;
    reader.frame().await.unwrap();
    let id = publish(&hub, "topic=b&data=x").await;
    assert_eq!(reader.frame().await.unwrap(), format!("id: {id}\n\n"));
    assert_eq!(reader.frame().await.unwrap(), ":\n", "told once");
}

#[tokio::test(start_paused = true)]
async fn streams_end_at_80_to_100_percent_of_their_life() {
    let hub = plain().await;
    let mut lives = Vec::new();
    for _ in 0..40 {
        let mut reader = Reader::get(&hub, "topic=a").await;
        let began = Instant::now();
        reader.rest().await;
        lives.push(began.elapsed().as_secs_f64());
    }
    assert!(
        lives.iter().all(|life| (479.9..=600.1).contains(life)),
        "{lives:?}"
    );
    let [shortest, longest] =
        [f64::min, f64::max].map(|f| lives.iter().copied().reduce(f).unwrap());
    assert!(longest - shortest > 40.0, "spread out: {lives:?}");
    assert_eq!(hub.subscriber_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_when_its_token_does_even_if_there_is_more_to_send() {
    let hub = plain().await;
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let claims = json!({ "exp": now.as_secs() + 100, "mercure": { "subscribe": ["*"] } });
    let token = sign_hs256(SUBSCRIBERS, "JWT", &claims);
    let began = Instant::now();
    let mut quiet = Reader::with(&hub, "topic=a&wellspring_expiry=1", &token).await;
    let mut busy = Reader::with(&hub, "topic=a", &token).await;
    quiet
        .until("event: wellspring-expiry\ndata: {\"seconds\":30}\n\n")
        .await;
    assert!(
        (69..=70).contains(&began.elapsed().as_secs()),
        "{:?}",
        began.elapsed()
    );
    for _ in 0..10 {
        publish(&hub, "topic=a&data=x").await;
    }
    tokio::time::advance(Duration::from_secs(31)).await;
    let text = busy.rest().await;
    assert!(
        !text.contains("data: x"),
        "nothing is sent after the end: {text}"
    );
    assert!(!text.contains("wellspring-expiry"), "nobody asked");
    quiet.rest().await;
}

/// A hub that keeps three events.
async fn forgetful() -> Hub {
    let retention = Retention::default().with_events(3);
    let options = BrokerOptions::default().with_retention(retention);
    let engine = std::sync::Arc::new(MemoryEngine::new());
    let mut settings = Settings::new(validator());
    settings.anonymous = true;
    let broker = Broker::open(engine, options).await.unwrap();
    Hub::open(settings, broker).await.unwrap()
}

#[tokio::test]
async fn a_gap_is_told_in_the_head_and_in_the_stream_to_who_asked() {
    let hub = forgetful().await;
    let mut ids = Vec::new();
    for n in 0..10 {
        ids.push(publish(&hub, &format!("topic=a&data={n}")).await);
    }
    let query = format!("topic=a&lastEventID={}", ids[1]);
    let mut reader = Reader::get(&hub, &query).await;
    assert_eq!(reader.header("wellspring-resume"), Some("expired"));
    assert_eq!(reader.header("last-event-id"), Some("earliest"));
    let text = reader.until("data: 9").await;
    assert!(text.contains(": gap: expired, missed 5\n"), "{text}");
    assert_eq!(reader.data(), ["7", "8", "9"]);
    let mut told = Reader::get(&hub, &format!("{query}&wellspring_gap=1")).await;
    let event = "event: wellspring-gap\ndata: {\"reason\":\"expired\",\"missed\":5}\n\n";
    let text = told.until("data: 9").await;
    assert!(text.contains(event), "{text}");
    let found = Reader::get(
        &hub,
        &format!("topic=a&lastEventID={}&wellspring_gap=1", ids[8]),
    )
    .await;
    assert_eq!(found.header("last-event-id"), Some(&*ids[8]));
}

fn from(address: &str) -> http::request::Builder {
    let peer = Peer(format!("{address}:1234").parse().unwrap());
    Request::get(format!("{PATH}?topic=a")).extension(peer)
}

#[tokio::test]
async fn who_comes_too_many_gets_a_stream_that_ends_with_a_time_to_come_back() {
    let hub = hub(|settings| settings.limits.connections_per_address = 2).await;
    let held = [
        Reader::open(&hub, from("192.0.2.1")).await,
        Reader::open(&hub, from("192.0.2.1")).await,
    ];
    let mut times = std::collections::HashSet::new();
    for _ in 0..20 {
        let mut refused = Reader::open(&hub, from("192.0.2.1")).await;
        let text = refused.rest().await;
        let retry = text
            .lines()
            .find_map(|line| line.strip_prefix("retry: "))
            .unwrap();
        let retry: u64 = retry.parse().unwrap();
        assert!((2_000..=8_000).contains(&retry), "{text}");
        assert!(
            text.contains("your address") && !text.contains("\n\n"),
            "{text}"
        );
        times.insert(retry);
    }
    assert!(times.len() > 5, "at different times: {times:?}");
    Reader::open(&hub, from("192.0.2.2")).await;
    for _ in 0..5 {
        std::mem::forget(Reader::open(&hub, from("127.0.0.1")).await);
    }
    drop(held);
    let mut again = Reader::open(&hub, from("192.0.2.1")).await;
    again.until("id: ").await;
}

#[tokio::test]
async fn operators_can_have_statuses_instead() {
    let hub = hub(|settings| {
        settings.limits.connections = 1;
        settings.limits.connections_per_subject = 1;
        settings.refuse_with_status = true;
    })
    .await;
    let _held = Reader::get(&hub, "topic=a").await;
    let refused = ask(&hub, from("192.0.2.1"), "").await;
    assert_eq!(refused.status, 429, "{}", refused.text);
    let seconds: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=9).contains(&seconds));
}

#[tokio::test]
async fn a_subject_has_its_limit() {
    let hub = hub(|settings| settings.limits.connections_per_subject = 1).await;
    let token = |subject: &str| {
        sign_hs256(
            SUBSCRIBERS,
            "JWT",
            &json!({ "sub": subject, "mercure": {} }),
        )
    };
    let _held = Reader::with(&hub, "topic=a", &token("alice")).await;
    let mut refused = Reader::with(&hub, "topic=a", &token("alice")).await;
    assert!(refused.rest().await.contains("this token's subject"));
    let mut other = Reader::with(&hub, "topic=a", &token("bob")).await;
    other.until("id: ").await;
}

/// A client that has had events goes on behind the last of them, not behind the place it began at.
#[tokio::test]
async fn a_drain_takes_no_client_back() {
    let hub = plain().await;
    let mut reader = Reader::get(&hub, "topic=a").await;
    reader.until("id: ").await;
    let id = publish(&hub, "topic=a&data=x").await;
    reader.until("data: x").await;
    hub.drain(Duration::ZERO).await;
    let rest = reader.rest().await;
    let mut ids = rest.lines().filter_map(|line| line.strip_prefix("id: "));
    assert!(ids.next_back().is_none_or(|last| last == id), "{rest:?}");
}

#[tokio::test]
async fn a_drain_ends_streams_and_lets_in_no_more() {
    let hub = plain().await;
    let mut readers = Vec::new();
    for _ in 0..5 {
        readers.push(Reader::get(&hub, "topic=a").await);
    }
    let draining = hub.clone();
    let drained = tokio::spawn(async move { draining.drain(Duration::from_millis(50)).await });
    for reader in &mut readers {
        reader.rest().await;
    }
    drained.await.unwrap();
    let mut late = Reader::get(&hub, "topic=a").await;
    assert!(late.rest().await.contains("retry: "));
    let ready = ask(&hub, Request::get("/readyz"), "").await;
    assert!(
        ready.status == 503 && ready.text.contains("drained"),
        "{}",
        ready.text
    );
    let token = bearer(&crate::hub::publisher());
    let request = Request::post(PATH).header("authorization", token);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(
        ask(&hub, request, "topic=a").await.status,
        200,
        "publishing goes on"
    );
}
