//! Subscribing: what a stream consists of, who gets what, and what is refused.

use http::Request;
use serde_json::json;
use wellspring_hub::Hub;
use wellspring_hub::tokens::sign_hs256;

use crate::hub::{
    PATH, Reader, access_token, access_token_for_all, ask, bearer, get, hub, plain, publish,
    subscriber,
};
use crate::mint::{ISSUER, ISSUERS};

#[tokio::test]
async fn the_head_and_the_first_bytes_are_those_of_the_draft() {
    let hub = plain().await;
    let mut reader = Reader::get(&hub, "topic=a").await;
    let expected = "private, no-cache, no-store, must-revalidate, max-age=0";
    assert_eq!(reader.header("cache-control"), Some(expected));
    assert_eq!(reader.header("x-accel-buffering"), Some("no"));
    assert_eq!(reader.header("last-event-id"), None);
    assert_eq!(reader.header("mercure-last-event-id"), None);
    let first = reader.frame().await.unwrap();
    assert!(first.starts_with(":\nretry: "), "{first}");
    let head = ask(&hub, Request::head(format!("{PATH}?topic=a")), "").await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(head.header("content-type"), "text/event-stream");
}

#[tokio::test]
async fn public_events_go_to_all_who_ask_for_their_topic() {
    let hub = plain().await;
    let mut readers = [
        Reader::get(&hub, "topic=/books/{id}").await,
        Reader::get(&hub, "match_urlpattern=/books/:id").await,
        Reader::get(&hub, "match=/books/1&match=/books/2").await,
        Reader::get(&hub, "topic=*").await,
    ];
    for form in [
        "topic=/books/1&data=one",
        "topic=/news&data=two",
        "topic=/x&topic=/books/2&data=three",
    ] {
        publish(&hub, form).await;
    }
    for (reader, expected) in readers.iter_mut().zip([2, 2, 2, 3]) {
        reader.until("data: three\n").await;
        assert_eq!(reader.data().len(), expected, "{}", reader.text);
    }
}

#[tokio::test]
async fn private_events_go_to_those_whose_grants_cover_them_live_and_replayed() {
    let hub = plain().await;
    let form = "topic=/books/1&topic=/users/7&private=on&data=secret";
    let rows: [(&str, Option<String>, bool); 10] = [
        ("topic=/books/1", None, false),
        ("topic=*", None, false),
        ("topic=/books/1", Some(subscriber(&["/books/{id}"])), true),
        // The topic that is asked for and the one that is granted may be two.
        ("topic=/books/1", Some(subscriber(&["/users/7"])), true),
        ("topic=*", Some(subscriber(&["/users/8"])), false),
        ("topic=/news", Some(subscriber(&["*"])), false),
        ("match=*", Some(access_token_for_all()), true),
        (
            "match=/books/1",
            Some(access_token(
                &json!({ "topics": [{ "match": "/books/2" }] }),
            )),
            false,
        ),
        (
            "match=/books/1",
            Some(access_token(
                &json!({ "actions": ["publish"], "topics": [{ "match": "*" }] }),
            )),
            false,
        ),
        // A token of one dialect, a subscription of the other.
        (
            "match_urlpattern=/books/:id",
            Some(subscriber(&["/books/{id}"])),
            true,
        ),
    ];
    let open = async |query: &str, token: &Option<String>| match token {
        Some(token) => Reader::with(&hub, query, token).await,
        None => Reader::get(&hub, query).await,
    };
    publish(&hub, "topic=start&data=x&id=start").await;
    let mut live = Vec::new();
    for (query, token, _) in &rows {
        live.push(open(&format!("{query}&{}", both(query)), token).await);
    }
    publish(&hub, form).await;
    publish(&hub, "topic=end&data=end").await;
    for ((query, token, sees), mut live) in rows.into_iter().zip(live) {
        let place = if query.starts_with("match") {
            "last_event_id"
        } else {
            "lastEventID"
        };
        let mut replayed = open(&format!("{query}&{}&{place}=start", both(query)), &token).await;
        for reader in [&mut live, &mut replayed] {
            reader.until("data: end\n").await;
            assert_eq!(
                reader.data().contains(&"secret"),
                sees,
                "{query}: {}",
                reader.text
            );
        }
    }
}

/// Asks for the topic `end` too, in the dialect of the query.
fn both(query: &str) -> &'static str {
    if query.starts_with("match") {
        "match=end"
    } else {
        "topic=end"
    }
}

#[tokio::test]
async fn a_client_goes_on_behind_its_last_event() {
    let hub = plain().await;
    for n in 1..=5 {
        publish(&hub, &format!("topic=a&data={n}&id=e{n}")).await;
    }
    let rows = [
        ("topic=a&lastEventID=e3", "last-event-id", "e3", "found", 2),
        (
            "topic=a&lastEventID=earliest",
            "last-event-id",
            "earliest",
            "",
            5,
        ),
        (
            "topic=a&lastEventID=never",
            "last-event-id",
            "earliest",
            "unknown",
            5,
        ),
        (
            "match=a&last_event_id=e5",
            "mercure-last-event-id",
            "e5",
            "found",
            0,
        ),
        (
            "match=a&last_event_id=earliest",
            "mercure-last-event-id",
            "earliest",
            "",
            5,
        ),
        (
            "match=a&last_event_id=~zz.3.1111",
            "mercure-last-event-id",
            "earliest",
            "other-epoch",
            5,
        ),
    ];
    for (query, header, answer, resume, count) in rows {
        let mut reader = Reader::get(&hub, query).await;
        assert_eq!(reader.header(header), Some(answer), "{query}");
        assert_eq!(
            reader.header("wellspring-resume").unwrap_or_default(),
            resume,
            "{query}"
        );
        let id = publish(&hub, "topic=a&data=end").await;
        reader.until(&format!("id: {id}\n")).await;
        let ends = reader.data().iter().filter(|data| **data == "end").count();
        assert_eq!(
            reader.data().len() - ends,
            count,
            "{query}: {}",
            reader.text
        );
    }
    let header =
        Request::get(format!("{PATH}?topic=a&lastEventID=e1")).header("last-event-id", "e4");
    let reader = Reader::open(&hub, header).await;
    assert_eq!(
        reader.header("last-event-id"),
        Some("e4"),
        "the header wins"
    );
}

#[tokio::test]
async fn a_new_client_learns_its_place_before_its_first_event() {
    let hub = plain().await;
    publish(&hub, "topic=a&data=before").await;
    let mut reader = Reader::get(&hub, "topic=a").await;
    let first = reader.frame().await.unwrap();
    let id = first
        .lines()
        .find_map(|line| line.strip_prefix("id: "))
        .unwrap()
        .to_owned();
    publish(&hub, "topic=a&data=while away").await;
    let mut back = Reader::get(&hub, &format!("topic=a&lastEventID={id}")).await;
    back.until("while away").await;
    assert_eq!(
        (back.data().len(), back.header("wellspring-resume")),
        (1, Some("found"))
    );
    assert!(
        !back.text[..12].contains("\n\n"),
        "it has a place, so no empty event comes first"
    );
}

#[tokio::test]
async fn a_repeated_id_means_its_earliest_occurrence() {
    let hub = plain().await;
    for form in [
        "topic=a&id=x&data=1",
        "topic=a&data=2",
        "topic=a&id=x&data=3",
        "topic=a&data=4",
    ] {
        publish(&hub, form).await;
    }
    let mut reader = Reader::get(&hub, "match=a&last_event_id=x").await;
    reader.until("data: 4\n").await;
    assert_eq!(reader.data(), ["2", "3", "4"]);
}

#[tokio::test]
async fn what_makes_no_sense_is_400_with_a_sentence() {
    let hub = plain().await;
    let many = "topic=a&".repeat(1_001);
    let more = "topic=a&".repeat(3_000);
    let wide = "topic={a}x&".repeat(33);
    for (query, says) in [
        ("", "asks for no topic"),
        ("topic=a&match=b", "both dialects"),
        ("match_regexp=a", "match_urlpattern"),
        ("match_urlpattern=(", "not usable"),
        ("match=%00", "U+0000"),
        (&many, "at most 1000"),
        (&more, "more than 2048 fields"),
        (&wide, "begin with a variable"),
        ("topic=a&lastEventID=%0A", "U+000A"),
    ] {
        let answer = get(&hub, &format!("{PATH}?{query}")).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text);
        assert!(
            answer.text.contains(says) && answer.text.ends_with(".\n"),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn tokens_are_needed_and_never_passed_over() {
    let closed = hub(|settings| settings.anonymous = false).await;
    let url = format!("{PATH}?topic=a");
    let missing = get(&closed, &url).await;
    assert_eq!(missing.status, 401);
    assert!(
        missing
            .header("www-authenticate")
            .starts_with("Bearer resource_metadata=")
    );
    Reader::with(&closed, "topic=a", &subscriber(&[])).await;
    let open = plain().await;
    for bad in ["Bearer nonsense", "Basic YTpi", "Bearer", "Bearer  ", ""] {
        for hub in [&closed, &open] {
            let answer = ask(hub, Request::get(&url).header("authorization", bad), "").await;
            assert_eq!(answer.status, 401, "{bad}: never silently anonymous");
            assert!(
                answer
                    .header("www-authenticate")
                    .contains("error=\"invalid_token\"")
            );
        }
    }
    let twice = Request::get(&url)
        .header("authorization", "Bearer a")
        .header("authorization", "Bearer b");
    let twice = ask(&open, twice, "").await;
    assert_eq!(twice.status, 400);
    assert!(
        twice
            .header("www-authenticate")
            .contains("error=\"invalid_request\"")
    );
}

/// The status of a subscription with these cookies.
async fn with_cookie(hub: &Hub, cookie: String) -> u16 {
    let request = Request::get(format!("{PATH}?topic=a")).header("cookie", cookie);
    ask_head(hub, request).await
}

#[tokio::test]
async fn tokens_come_in_cookies() {
    let hub = hub(|settings| settings.anonymous = false).await;
    let token = subscriber(&["*"]);
    let access = access_token_for_all();
    for (cookie, status) in [
        (format!("mercureAuthorization={token}"), 200),
        (format!("x=y; mercureAuthorization=\"{token}\""), 200),
        (format!("__Secure-mercure_access_token={access}"), 200),
        // Only where browsers would drop the other name.
        (format!("mercure_access_token={access}"), 401),
        // Of the two, the cookie of 1.0 is the one that counts, also when it is bad.
        (
            format!("mercureAuthorization={token}; __Secure-mercure_access_token=bad"),
            401,
        ),
        ("mercureAuthorization=".to_owned(), 401),
    ] {
        assert_eq!(with_cookie(&hub, cookie.clone()).await, status, "{cookie}");
    }
    let header = Request::get(format!("{PATH}?topic=a")).header("authorization", bearer(&token));
    assert_eq!(
        ask_head(&hub, header.header("cookie", "mercureAuthorization=bad")).await,
        200
    );
}

#[tokio::test]
async fn over_plain_http_the_cookie_has_its_plain_name_too() {
    let url = "http://hub.example/.well-known/mercure";
    let hub = hub(|settings| {
        settings.anonymous = false;
        settings.validator.resource = url.parse().unwrap();
    })
    .await;
    let claims = json!({ "iss": ISSUER, "exp": 4_000_000_000_u64, "aud": url });
    let token = sign_hs256(ISSUERS, "at+jwt", &claims);
    assert_eq!(
        with_cookie(&hub, format!("mercure_access_token={token}")).await,
        200
    );
}

#[tokio::test]
async fn operators_can_name_the_cookie_and_let_tokens_into_the_query() {
    let query = async |hub: &Hub, token: &str| {
        let request = Request::get(format!("{PATH}?topic=a&authorization={token}"));
        ask_head(hub, request).await
    };
    let token = subscriber(&["*"]);
    assert_eq!(query(&plain().await, &token).await, 401, "off by default");
    let lax = hub(|settings| {
        settings.anonymous = false;
        settings.query_token = true;
        settings.cookie = "own".to_owned();
    })
    .await;
    assert_eq!(query(&lax, &token).await, 200);
    assert_eq!(
        query(&lax, &access_token_for_all()).await,
        401,
        "never one of 1.0"
    );
    assert_eq!(with_cookie(&lax, format!("own={token}")).await, 200);
    assert_eq!(
        with_cookie(&lax, format!("mercureAuthorization={token}")).await,
        401
    );
}

/// The status alone: the stream is not read.
async fn ask_head(hub: &Hub, request: http::request::Builder) -> u16 {
    let request = request.method("HEAD");
    ask(hub, request, "").await.status
}

#[tokio::test]
async fn a_query_may_come_in_a_form() {
    let hub = plain().await;
    let request = Request::builder().method("QUERY").uri(PATH);
    let answer = crate::hub::send(&hub, request.body("match=a&match=b".into()).unwrap()).await;
    assert_eq!(answer.status, 200);
    let request = Request::builder().method("QUERY").uri(PATH);
    let refused = ask(&hub, request, "topic=a").await;
    assert!(
        refused.status == 400 && refused.text.contains("1.0 dialect"),
        "{}",
        refused.text
    );
}
