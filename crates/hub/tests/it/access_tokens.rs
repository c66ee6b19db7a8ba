//! Tokens of the 1.0 dialect: what they allow, and what makes them invalid.

use serde_json::{Value, json};
use wellspring_hub::tokens::{Issuance, Purpose, TokenError, sign_hs256};

use crate::mint::{
    HUB, ISSUER, ISSUERS, PUBLISHERS, access_token, detail, now, publisher, subscriber, validator,
};

#[tokio::test]
async fn grants_are_read_out_of_the_details() {
    let topics =
        |topics: Value| json!({ "authorization_details": [detail(&json!({ "topics": topics }))] });
    let book = "https://shop.example/books/1";
    let rows: [(Value, &[&str], &[&str]); 9] = [
        (json!({}), &[book], &["https://shop.example/books/2"]),
        (topics(json!([{ "match": book }])), &[book], &["x"]),
        (
            topics(json!([{ "match": "*", "match_type": "exact" }])),
            &["x", book],
            &[],
        ),
        (
            topics(json!([{ "match": "*", "match_type": "urlpattern" }])),
            &["x", book],
            &[],
        ),
        (
            topics(
                json!([{ "match": "https://shop.example/books/:id", "match_type": "urlpattern" }]),
            ),
            &[book, "https://shop.example/books/2"],
            &["https://shop.example/books/2/3", "{"],
        ),
        // Relative patterns are meant from the hub.
        (
            topics(json!([{ "match": "/news/:id", "match_type": "urlpattern" }])),
            &["https://hub.example/news/1", "/news/2"],
            &["https://shop.example/news/1"],
        ),
        // Exact is byte by byte, a template too.
        (
            topics(json!([{ "match": "/a/{id}", "match_type": "exact" }])),
            &["/a/{id}"],
            &["/a/1"],
        ),
        (json!({ "authorization_details": [] }), &[], &[book]),
        (
            json!({ "authorization_details": [{ "type": "https://other.example" }] }),
            &[],
            &[book],
        ),
    ];
    for (over, allowed, refused) in rows {
        let access = publisher(&access_token(&over)).await.unwrap();
        for grants in [&access.publish, &access.subscribe] {
            assert!(grants.cover_all(allowed.iter().copied()), "{over}");
            assert!(!refused.iter().any(|topic| grants.cover(topic)), "{over}");
        }
        assert_eq!(access.issuance, Issuance::AccessToken);
        assert_eq!(access.subject.as_deref(), Some("alice"));
    }
}

#[tokio::test]
async fn an_action_is_what_it_says() {
    let of = |actions: Value| {
        access_token(&json!({ "authorization_details": [detail(&json!({ "actions": actions }))] }))
    };
    let book = "https://shop.example/books/1";
    for (actions, publishes, subscribes) in [
        (json!(["publish"]), true, false),
        (json!(["subscribe"]), false, true),
        (json!(["publish", "delete"]), true, false),
        (json!(["delete"]), false, false),
        (json!(["PUBLISH"]), false, false),
    ] {
        let access = publisher(&of(actions.clone())).await.unwrap();
        let found = (access.publish.cover(book), access.subscribe.cover(book));
        assert_eq!(found, (publishes, subscribes), "{actions}");
    }
}

#[tokio::test]
async fn details_that_are_not_as_they_must_be_make_the_token_invalid() {
    let many: Vec<Value> = (0..1_001)
        .map(|n| json!({ "match": n.to_string() }))
        .collect();
    let over = [
        json!({ "topics": [{ "match": "a", "match_type": "regexp" }] }),
        json!({ "topics": [{ "match": "a", "match_type": "uritemplate" }] }),
        json!({ "topics": [{ "match": "a", "match_type": 1 }] }),
        json!({ "topics": ["a"] }),
        json!({ "topics": [] }),
        json!({ "topics": null }),
        json!({ "topics": {} }),
        json!({ "topics": [{ "match_type": "exact" }] }),
        json!({ "topics": [{ "match": "(", "match_type": "urlpattern" }] }),
        json!({ "topics": many }),
        json!({ "topics": [{ "match": "a".repeat(4_097) }] }),
        json!({ "actions": [] }),
        json!({ "actions": null }),
        json!({ "actions": "publish" }),
        json!({ "actions": [1] }),
        json!({ "type": null }),
        json!({ "type": 1 }),
    ];
    let details = over.iter().map(|over| json!([detail(over)]));
    let others = [json!("all"), json!({}), json!([1]), json!([["publish"]])];
    for details in details.chain(others) {
        let token = access_token(&json!({ "authorization_details": details }));
        let refused = publisher(&token).await.unwrap_err();
        let shown = details.to_string();
        let shown = &shown[..shown.len().min(200)];
        assert!(
            matches!(refused, TokenError::Claims(_)),
            "{shown}: {refused}"
        );
    }
}

#[tokio::test]
async fn audience_issuer_and_time_are_held_to() {
    let at = 1_700_000_000;
    let rows = [
        (json!({ "aud": [HUB] }), Ok(())),
        (json!({ "aud": ["https://a.example", HUB] }), Ok(())),
        (
            json!({ "aud": "https://hub.example" }),
            Err(TokenError::Audience),
        ),
        (
            json!({ "aud": format!("{HUB}/") }),
            Err(TokenError::Audience),
        ),
        (json!({ "aud": [[HUB]] }), Err(TokenError::Audience)),
        (json!({ "aud": [] }), Err(TokenError::Audience)),
        (json!({ "aud": null }), Err(TokenError::Audience)),
        (
            json!({ "iss": "https://other.example" }),
            Err(TokenError::Issuer),
        ),
        (
            json!({ "iss": format!("{ISSUER}/") }),
            Err(TokenError::Issuer),
        ),
        (json!({ "iss": null }), Err(TokenError::Issuer)),
        (json!({ "iss": [ISSUER] }), Err(TokenError::Issuer)),
        (json!({ "exp": at }), Err(TokenError::Expired)),
        (json!({ "nbf": at + 31 }), Err(TokenError::NotYet)),
        (
            json!({ "exp": null }),
            Err(TokenError::Claims("there is no \"exp\"")),
        ),
    ];
    for (over, expected) in rows {
        let found = publisher(&access_token(&over)).await.map(drop);
        assert_eq!(found, expected, "{over}");
    }
}

/// A token that says it is of 1.0 is never taken for one of 0.x, nor the other way round.
#[tokio::test]
async fn there_is_no_way_from_one_dialect_to_the_other() {
    let both = json!({
        "iss": ISSUER, "aud": HUB, "exp": 1_700_000_600,
        "mercure": { "publish": ["*"], "subscribe": ["*"] },
    });
    for typ in [
        "at+jwt",
        "AT+JWT",
        "application/at+jwt",
        "Application/At+Jwt",
    ] {
        let access = publisher(&sign_hs256(ISSUERS, typ, &both)).await.unwrap();
        assert!(
            access.publish.is_empty(),
            "{typ}: only what the details say counts"
        );
        let by_publisher = publisher(&sign_hs256(PUBLISHERS, typ, &both)).await;
        assert_eq!(by_publisher, Err(TokenError::Signature), "{typ}");
        let stranger = json!({ "iss": "https://other.example", "mercure": { "publish": ["*"] } });
        let of_stranger = publisher(&sign_hs256(PUBLISHERS, typ, &stranger)).await;
        assert_eq!(of_stranger, Err(TokenError::Issuer), "{typ}");
    }
    for typ in [
        "JWT",
        "jwt",
        "at+jwt ",
        "at jwt",
        "",
        "application/application/at+jwt",
    ] {
        let by_issuer = publisher(&sign_hs256(ISSUERS, typ, &both)).await;
        assert_eq!(by_issuer, Err(TokenError::Signature), "{typ}");
    }
    let mut without = validator();
    without.issuers.clear();
    let token = access_token(&json!({}));
    let refused = without.validate(&token, Purpose::Publish, now()).await;
    assert_eq!(refused, Err(TokenError::NoIssuers));
}

#[tokio::test]
async fn a_payload_belongs_to_the_topics_of_its_detail() {
    let details = json!([
        detail(&json!({ "topics": [{ "match": "a" }], "payload": 1 })),
        detail(
            &json!({ "topics": [{ "match": "/b/:c", "match_type": "urlpattern" }], "payload": 2 })
        ),
        detail(&json!({ "actions": ["publish"], "topics": [{ "match": "d" }], "payload": 3 })),
    ]);
    let token = access_token(&json!({ "authorization_details": details }));
    let access = subscriber(&token).await.unwrap();
    assert_eq!(access.payload("a"), Some(&json!(1)));
    assert_eq!(access.payload("/b/:c"), Some(&json!(2)));
    assert_eq!(access.payload("/b/7"), Some(&json!(2)));
    assert_eq!(access.payload("d"), None);
}
