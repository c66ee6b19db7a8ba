//! Who is subscribed: the events that tell it, and who may ask.

use http::Request;
use serde_json::{Value, json};
use wellspring_hub::Hub;

use crate::hub::{
    PATH, Reader, Whole, access_token, access_token_for_all, ask, bearer, get, hub, subscriber,
};

async fn watched() -> Hub {
    hub(|settings| settings.subscriptions = true).await
}

async fn ask_as(hub: &Hub, path: &str, token: &str) -> Whole {
    let request = Request::get(format!("{PATH}{path}")).header("authorization", bearer(token));
    ask(hub, request, "").await
}

/// The documents in a stream.
fn documents(reader: &Reader) -> Vec<Value> {
    let data = reader.data().into_iter();
    data.map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test]
async fn coming_and_going_is_told_per_selector_in_the_dialect_of_the_subscription() {
    let hub = watched().await;
    let all = "/.well-known/mercure/subscriptions{/topic}{/subscriber}";
    let token = subscriber(&["*"]);
    let mut watcher = Reader::with(&hub, &format!("topic={all}&topic=*"), &token).await;
    let anonymous = Reader::get(&hub, "topic=*").await;
    let old = Reader::with(&hub, "topic=/a/{id}&topic=b", &subscriber(&["x"])).await;
    watcher.until("\"topic\":\"b\"").await;
    let new = Reader::with(&hub, "match_urlpattern=/c/:id", &access_token_for_all()).await;
    watcher.until("urlpattern").await;
    assert!(
        watcher.text.contains("event: mercure\n"),
        "of 1.0: {}",
        watcher.text
    );
    let told = documents(&watcher);
    let of = |topic: &str| {
        told.iter()
            .find(|one| one["topic"] == topic || one["match"] == topic)
    };
    let first = of("/a/{id}").unwrap();
    let name = first["subscriber"].as_str().unwrap();
    assert!(name.starts_with("urn:uuid:"), "{name}");
    assert_eq!(first["type"], "Subscription");
    assert_eq!(
        (&first["active"], &first["payload"]),
        (&json!(true), &json!({ "user": 7 }))
    );
    assert_eq!(of("b").unwrap()["subscriber"], *name, "one connection");
    let pattern = of("/c/:id").unwrap();
    assert_eq!(
        (&pattern["type"], &pattern["match_type"]),
        (&json!("subscription"), &json!("urlpattern"))
    );
    drop(old);
    drop(new);
    watcher.until("\"active\":false").await;
    while documents(&watcher)
        .iter()
        .filter(|one| one["active"] == false)
        .count()
        < 3
    {
        watcher.frame().await.unwrap();
    }
    let gone = documents(&watcher);
    let gone: Vec<_> = gone.iter().filter(|one| one["active"] == false).collect();
    assert!(gone.iter().any(|one| one["id"] == first["id"]));
    // Private: who has no grants saw nothing of it.
    drop(anonymous);
}

#[tokio::test]
async fn the_api_shows_all_those_of_a_selector_and_one() {
    let hub = watched().await;
    let _old = Reader::with(&hub, "topic=/a/{id}&topic=b", &subscriber(&["x"])).await;
    let _new = Reader::get(&hub, "match=b").await;
    let token = subscriber(&["*"]);
    let all = ask_as(&hub, "/subscriptions", &token).await;
    assert_eq!(
        (all.status, all.header("content-type")),
        (200, "application/ld+json")
    );
    let document = all.json();
    assert_eq!(document["id"], "/.well-known/mercure/subscriptions");
    assert_eq!(document["subscriptions"].as_array().unwrap().len(), 3);
    assert!(document["lastEventID"].as_str().unwrap().starts_with('~'));
    let some = ask_as(&hub, "/subscriptions/%2Fa%2F%7Bid%7D", &token)
        .await
        .json();
    let some = some["subscriptions"].as_array().unwrap();
    assert_eq!((some.len(), &some[0]["topic"]), (1, &json!("/a/{id}")));
    let path = some[0]["id"]
        .as_str()
        .unwrap()
        .strip_prefix(PATH)
        .unwrap()
        .to_owned();
    let one = ask_as(&hub, &path, &token).await;
    assert_eq!(one.json(), some[0]);
    let missing = ask_as(&hub, "/subscriptions/b/urn%3Auuid%3Anone", &token).await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn the_api_of_1_0_has_its_own_forms() {
    let hub = watched().await;
    let _reader = Reader::get(&hub, "match=b&match_urlpattern=/c/:id").await;
    let token = access_token_for_all();
    let all = ask_as(&hub, "/subscriptions", &token).await;
    assert_eq!(all.header("content-type"), "application/json");
    let link = all.header("link");
    assert!(
        link.starts_with(
            "<https://hub.example/.well-known/mercure>; rel=\"mercure\"; last-event-id=\"~"
        ),
        "{link}"
    );
    assert!(
        link.ends_with("type=\"mercure\"; content-type=\"application/json\""),
        "{link}"
    );
    assert_eq!(
        (&all.json()["type"], all.json().get("lastEventID")),
        (&json!("subscriptions"), None)
    );
    assert_eq!(all.json()["subscriptions"].as_array().unwrap().len(), 2);
    let exact = ask_as(&hub, "/subscriptions/exact/b", &token).await.json();
    let exact = exact["subscriptions"].as_array().unwrap();
    assert_eq!((exact.len(), &exact[0]["match"]), (1, &json!("b")));
    let path = exact[0]["id"]
        .as_str()
        .unwrap()
        .strip_prefix(PATH)
        .unwrap()
        .to_owned();
    assert_eq!(ask_as(&hub, &path, &token).await.json(), exact[0]);
    assert_eq!(
        ask_as(&hub, "/subscriptions/regexp/b", &token).await.status,
        404
    );
}

#[tokio::test]
async fn only_grants_that_cover_the_path_open_it() {
    let hub = watched().await;
    let anonymous = get(&hub, &format!("{PATH}/subscriptions")).await;
    assert_eq!(anonymous.status, 401);
    let rows = [
        (
            subscriber(&["/.well-known/mercure/subscriptions"]),
            "/subscriptions",
            200,
        ),
        (
            subscriber(&["https://hub.example/.well-known/mercure/subscriptions"]),
            "/subscriptions",
            200,
        ),
        (
            subscriber(&["/.well-known/mercure/subscriptions"]),
            "/subscriptions/a",
            403,
        ),
        (
            subscriber(&["/.well-known/mercure/subscriptions/{topic}"]),
            "/subscriptions/a",
            200,
        ),
        (subscriber(&["/books/{id}"]), "/subscriptions", 403),
        (subscriber(&[]), "/subscriptions", 403),
        (access_token(&json!({})), "/subscriptions", 403),
        (
            access_token(
                &json!({ "topics": [{ "match": "/.well-known/mercure/*", "match_type": "urlpattern" }] }),
            ),
            "/subscriptions",
            200,
        ),
        ("bad".to_owned(), "/subscriptions", 401),
    ];
    for (token, path, status) in rows {
        let answer = ask_as(&hub, path, &token).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let hub = watched().await;
    let token = subscriber(&["*"]);
    let first = ask_as(&hub, "/subscriptions", &token).await;
    let etag = first.header("etag").to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag}");
    let again = async |tag: &str| {
        let request = Request::get(format!("{PATH}/subscriptions"));
        let request = request
            .header("authorization", bearer(&token))
            .header("if-none-match", tag);
        ask(&hub, request, "").await
    };
    let same = again(&etag).await;
    assert_eq!(
        (same.status, same.text.as_str(), same.header("etag")),
        (304, "", &*etag)
    );
    assert_eq!(again(&format!("\"x\", W/{etag}")).await.status, 304);
    assert_eq!(again("\"x\"").await.status, 200);
    let _reader = Reader::get(&hub, "topic=a").await;
    assert_eq!(again(&etag).await.status, 200);
}
