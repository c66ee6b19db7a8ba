//! Publishing: what is answered, and what is refused.

use http::Request;
use serde_json::json;
use wellspring_hub::Hub;
use wellspring_hub::tokens::sign_hs256;

use crate::hub::{
    PATH, Reader, access_token, access_token_for_all, ask, bearer, hub, plain, post, publish,
    publisher, subscriber,
};
use crate::mint::{PUBLISHERS, SUBSCRIBERS};

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn the_answer_is_the_id_and_nothing_else() {
    let hub = plain().await;
    let answer = ask(&hub, post(&publisher()), "topic=a&data=x&id=order-7").await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "order-7"));
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let own = publish(&hub, "topic=a&data=y").await;
    assert!(
        own.starts_with('~') && !own.contains(char::is_whitespace),
        "{own}"
    );
    let mut reader = Reader::get(&hub, "topic=a&lastEventID=order-7").await;
    reader.until(&format!("id: {own}\ndata: y\n\n")).await;
}

#[tokio::test]
async fn every_field_arrives() {
    let hub = plain().await;
    let mut reader = Reader::get(&hub, "topic=a").await;
    publish(
        &hub,
        "topic=a&id=i&type=notice&retry=2000&data=one%0D%0Atwo%0Dthree%0A",
    )
    .await;
    let text = reader.until("data: three").await.to_owned();
    for line in [
        "event: notice\n",
        "id: i\n",
        "retry: 2000\n",
        "data: one\ndata: two\ndata: three\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    publish(&hub, "topic=b&topic=a&data=alternate").await;
    reader.until("data: alternate\n").await;
}

/// Asks, and holds the answer to a status and what it says.
async fn expect(hub: &Hub, rows: &[(&str, &str, u16, &str)]) {
    for (token, form, status, says) in rows {
        let answer = ask(hub, post(token), form).await;
        let shown = &form[..form.len().min(80)];
        assert_eq!(answer.status, *status, "{shown}: {}", answer.text);
        assert!(answer.text.contains(says), "{shown}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_form_that_is_refused_says_why() {
    let hub = plain().await;
    let (all, all_10) = (publisher(), access_token_for_all());
    let rows: [(&str, &str, u16, &str); 13] = [
        (&all, "data=x", 400, "There is no topic"),
        (&all, "topic=*&data=x", 400, "reserved"),
        (&all, "topic=a&retry=1e3", 400, "digits alone"),
        (&all, "topic=a&id=%23x", 400, "reserved"),
        (&all, "topic=a&id=~a.7.1234", 400, "reserved"),
        (&all, "topic=a&type=mercure", 400, "reserved"),
        (&all, "topic=a%00", 400, "U+0000"),
        (
            &all,
            "topic=/.well-known/mercure/subscriptions/a/b",
            403,
            "hub's own",
        ),
        (&all, "topic=urn:x:/.well-known/mercure", 403, "hub's own"),
        (
            &all_10,
            "topic=https%3A%2F%2Fany.example%2Fa%2F..%2F.well-known%2Fmercure",
            400,
            "hub's own",
        ),
        (&all, &"topic=a&".repeat(1_001), 413, "at most 1000 topics"),
        (
            &all,
            &format!("topic={}", "a".repeat(4_097)),
            413,
            "at most 4096 bytes",
        ),
        (
            &all,
            &format!("topic=a&data={}", "x".repeat(3 << 20)),
            413,
            "bytes as it is stored",
        ),
    ];
    expect(&hub, &rows).await;
}

#[tokio::test]
async fn a_token_that_is_refused_says_why() {
    let hub = plain().await;
    let only_a = sign_hs256(
        PUBLISHERS,
        "JWT",
        &json!({ "mercure": { "publish": ["a", "/b/{id}"] } }),
    );
    let none = sign_hs256(PUBLISHERS, "JWT", &json!({ "mercure": { "publish": [] } }));
    let expired = sign_hs256(
        PUBLISHERS,
        "JWT",
        &json!({ "exp": 1, "mercure": { "publish": ["*"] } }),
    );
    let reader = sign_hs256(
        SUBSCRIBERS,
        "JWT",
        &json!({ "mercure": { "publish": ["*"] } }),
    );
    let cannot = access_token(&json!({ "actions": ["subscribe"] }));
    let rows: [(&str, &str, u16, &str); 9] = [
        (&only_a, "topic=c&data=x", 403, "does not allow"),
        (
            &only_a,
            "topic=a&topic=c&data=x",
            403,
            "each of these topics",
        ),
        (&only_a, "topic=/b/1/2&data=x", 403, "does not allow"),
        (&none, "topic=a", 403, "does not allow"),
        (
            &cannot,
            "topic=https://shop.example/books/1",
            403,
            "does not allow",
        ),
        (&expired, "topic=a", 401, "expired"),
        (&reader, "topic=a", 401, "another key"),
        ("nonsense", "topic=a", 401, "not a signed JWT"),
        ("", "topic=a", 401, "'Bearer' and a token"),
    ];
    expect(&hub, &rows).await;
    for (token, form) in [
        (&only_a, "topic=a&topic=/b/7"),
        (&access_token_for_all(), "topic=x"),
    ] {
        assert_eq!(ask(&hub, post(token), form).await.status, 200);
    }
}

#[tokio::test]
async fn who_is_refused_learns_how_to_get_in() {
    let hub = plain().await;
    let metadata = "resource_metadata=\"https://hub.example/.well-known/oauth-protected-resource/.well-known/mercure\"";
    let request = Request::post(PATH).header("content-type", FORM);
    let missing = ask(&hub, request, "topic=a").await;
    assert_eq!(missing.status, 401);
    assert_eq!(
        missing.header("www-authenticate"),
        format!("Bearer {metadata}")
    );
    let invalid = ask(&hub, post("a.b.c"), "topic=a").await;
    let expected = format!("Bearer error=\"invalid_token\", {metadata}");
    assert_eq!(invalid.header("www-authenticate"), expected);
    let token = access_token(&json!({}));
    let not_enough = ask(&hub, post(&token), "topic=a").await;
    let expected = format!("Bearer error=\"insufficient_scope\", {metadata}");
    assert_eq!(
        (not_enough.status, not_enough.header("www-authenticate")),
        (403, &*expected)
    );
}

#[tokio::test]
async fn a_body_is_a_form() {
    let hub = plain().await;
    let of_type = |content_type: &str| {
        let request = Request::post(PATH).header("authorization", bearer(&publisher()));
        request.header("content-type", content_type)
    };
    for good in [
        FORM,
        "application/x-www-form-urlencoded; charset=UTF-8",
        "Application/X-WWW-Form-Urlencoded",
    ] {
        assert_eq!(
            ask(&hub, of_type(good), "topic=a").await.status,
            200,
            "{good}"
        );
    }
    for bad in [
        "application/json",
        "multipart/form-data; boundary=x",
        "",
        "application/x-www-form-urlencodedx",
    ] {
        let answer = ask(&hub, of_type(bad), "topic=a").await;
        assert_eq!(answer.status, 415, "{bad}");
    }
}

#[tokio::test]
async fn a_key_makes_a_publish_happen_once() {
    let hub = plain().await;
    let named = |subject: &str| {
        let claims = json!({ "iss": "i", "sub": subject, "mercure": { "publish": ["*"] } });
        sign_hs256(PUBLISHERS, "JWT", &claims)
    };
    let mut reader = Reader::get(&hub, "topic=*").await;
    let send = async |token: &str, key: &str, form: &str| {
        ask(&hub, post(token).header("idempotency-key", key), form).await
    };
    let first = send(&named("alice"), "k", "topic=a&data=1").await;
    let again = send(&named("alice"), "k", "topic=a&data=1").await;
    assert_eq!((first.status, &first.text), (200, &again.text));
    let other_body = send(&named("alice"), "k", "topic=a&data=2").await;
    assert_eq!(other_body.status, 422, "{}", other_body.text);
    let other_key = send(&named("alice"), "l", "topic=a&data=3").await;
    assert_ne!(other_key.text, first.text);
    // Another publisher's key is another key, whatever it is called.
    let of_bob = send(&named("bob"), "k", "topic=a&data=4").await;
    assert_eq!(of_bob.status, 200);
    assert_ne!(of_bob.text, first.text);
    // Without a subject, those who may publish the same are one.
    let scoped = |topic: &str| {
        sign_hs256(
            PUBLISHERS,
            "JWT",
            &json!({ "mercure": { "publish": [topic] } }),
        )
    };
    let one = send(&scoped("*"), "k", "topic=a&data=5").await;
    assert_eq!(
        send(&scoped("*"), "k", "topic=a&data=5").await.text,
        one.text
    );
    assert_ne!(
        send(&scoped("a"), "k", "topic=a&data=5").await.text,
        one.text
    );
    reader.until("data: 5\n").await;
    publish(&hub, "topic=a&data=last").await;
    reader.until("data: last").await;
    assert_eq!(reader.data(), ["1", "3", "4", "5", "5", "last"]);
    for bad in ["", &"k".repeat(256)] {
        assert_eq!(send(&named("alice"), bad, "topic=a").await.status, 400);
    }
}

#[tokio::test]
async fn a_cookie_publishes_only_from_pages_that_may() {
    let hub = hub(|settings| settings.publish_origins = vec!["https://app.example".into()]).await;
    let with = |name: &str, value: &str| {
        let request = Request::post(PATH).header("content-type", FORM);
        let cookie = format!("a=b; mercureAuthorization={}; c=d", publisher());
        let request = request.header("cookie", cookie);
        if name.is_empty() {
            request
        } else {
            request.header(name, value)
        }
    };
    for (name, value, status) in [
        ("origin", "https://app.example", 200),
        ("referer", "https://app.example/page?x=1", 200),
        ("origin", "https://evil.example", 403),
        ("origin", "https://app.example.evil.example", 403),
        ("origin", "http://app.example", 403),
        ("origin", "null", 403),
        ("referer", "https://evil.example/https://app.example", 403),
        ("referer", "nonsense", 403),
        ("", "", 403),
    ] {
        let answer = ask(&hub, with(name, value), "topic=a").await;
        assert_eq!(answer.status, status, "{name} {value}: {}", answer.text);
    }
    let both = with("referer", "https://app.example/").header("origin", "https://evil.example");
    assert_eq!(
        ask(&hub, both, "topic=a").await.status,
        403,
        "the origin wins"
    );
    // With a header, the cookie is not looked at.
    let header =
        with("origin", "https://evil.example").header("authorization", bearer(&publisher()));
    assert_eq!(ask(&hub, header, "topic=a").await.status, 200);
    let header =
        with("origin", "https://app.example").header("authorization", bearer(&subscriber(&["*"])));
    assert_eq!(ask(&hub, header, "topic=a").await.status, 401);
}

#[tokio::test(start_paused = true)]
async fn a_publisher_has_its_rate() {
    let hub = hub(|settings| settings.limits.publish_rate = Some(1_000)).await;
    let token = access_token_for_all();
    let form = format!("topic=a&data={}", "x".repeat(2_000));
    assert_eq!(ask(&hub, post(&token), &form).await.status, 200);
    let refused = ask(&hub, post(&token), "topic=a").await;
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (429, "2"),
        "{}",
        refused.text
    );
    assert_eq!(
        ask(&hub, post(&publisher()), "topic=a").await.status,
        200,
        "another one"
    );
    tokio::time::advance(std::time::Duration::from_secs(2)).await;
    assert_eq!(ask(&hub, post(&token), "topic=a").await.status, 200);
}
