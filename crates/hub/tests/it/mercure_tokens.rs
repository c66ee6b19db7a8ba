//! Tokens of the 0.x dialect: what they allow, and what makes them invalid.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};
use wellspring_hub::tokens::{Purpose, TokenError, sign_hs256};

use crate::mint::{PUBLISHERS, SUBSCRIBERS, legacy, now, publisher, subscriber, validator};

#[tokio::test]
async fn grants_are_read_out_of_either_claim() {
    let short =
        json!({ "publish": ["https://shop.example/books/{id}", "news"], "subscribe": ["*"] });
    let long = json!({ "publish": ["only this"] });
    let rows: [(Value, &[&str], &[&str]); 7] = [
        (
            json!({ "mercure": short }),
            &["https://shop.example/books/7", "news"],
            &["a/b"],
        ),
        (
            json!({ "https://mercure.rocks/": short }),
            &["news"],
            &["other"],
        ),
        // The name that cannot collide wins.
        (
            json!({ "mercure": short, "https://mercure.rocks/": long }),
            &["only this"],
            &["news"],
        ),
        (json!({ "mercure": {} }), &[], &["news", ""]),
        (json!({ "mercure": { "publish": [] } }), &[], &["news"]),
        (json!({ "mercure": { "publish": null } }), &[], &["news"]),
        (
            json!({ "mercure": { "publish": ["*"] } }),
            &["anything", "{"],
            &[],
        ),
    ];
    for (claims, allowed, refused) in rows {
        let access = publisher(&legacy(&claims)).await.unwrap();
        assert!(
            access.publish.cover_all(allowed.iter().copied()),
            "{claims}"
        );
        for topic in refused {
            assert!(!access.publish.cover(topic), "{claims}: {topic}");
        }
        assert_eq!(access.expires, None);
    }
}

#[tokio::test]
async fn claims_that_are_not_as_they_must_be_are_refused() {
    let many: Vec<String> = (0..1_001).map(|n| n.to_string()).collect();
    let long = "a".repeat(4_097);
    for claims in [
        json!({}),
        json!({ "mercure": [] }),
        json!({ "mercure": null }),
        json!({ "mercure": "*" }),
        json!({ "mercure": { "publish": "*" } }),
        json!({ "mercure": { "publish": [1] } }),
        json!({ "mercure": { "subscribe": [["*"]] } }),
        json!({ "mercure": { "publish": {} } }),
        json!({ "mercure": { "publish": many } }),
        json!({ "mercure": { "publish": many[..600], "subscribe": many[..600] } }),
        json!({ "mercure": { "publish": [long] } }),
        json!(["mercure"]),
        json!("mercure"),
    ] {
        let refused = publisher(&legacy(&claims)).await.unwrap_err();
        assert!(
            matches!(refused, TokenError::Claims(_)),
            "{claims}: {refused}"
        );
    }
}

#[tokio::test]
async fn times_are_numbers_and_are_kept() {
    let at = 1_700_000_000_i64;
    let rows = [
        (json!({ "exp": at + 1 }), Ok(())),
        (json!({ "exp": at }), Err(TokenError::Expired)),
        (json!({ "exp": at - 1 }), Err(TokenError::Expired)),
        (json!({ "exp": 1_700_000_000.5 }), Ok(())),
        (
            json!({ "exp": 1_699_999_999.999_9 }),
            Err(TokenError::Expired),
        ),
        (json!({ "exp": -5 }), Err(TokenError::Expired)),
        (json!({ "exp": 0 }), Err(TokenError::Expired)),
        (json!({ "exp": 1e300 }), Ok(())),
        (json!({ "exp": u64::MAX }), Ok(())),
        // An issuer's clock may be a little ahead of ours.
        (json!({ "nbf": at + 30 }), Ok(())),
        (json!({ "nbf": at + 31 }), Err(TokenError::NotYet)),
        (json!({ "nbf": 1e300 }), Err(TokenError::NotYet)),
        (json!({ "nbf": -1e300 }), Ok(())),
        (json!({ "iat": at + 1_000 }), Ok(())),
    ];
    for (mut claims, expected) in rows {
        claims["mercure"] = json!({});
        let found = publisher(&legacy(&claims)).await.map(drop);
        assert_eq!(found, expected, "{claims}");
    }
    for odd in [
        json!("1800000000"),
        json!(null),
        json!([1_800_000_000]),
        json!(true),
    ] {
        for name in ["exp", "nbf"] {
            let refused = publisher(&legacy(&json!({ name: odd, "mercure": {} }))).await;
            assert!(
                matches!(refused, Err(TokenError::Claims(_))),
                "{name}: {odd}"
            );
        }
    }
    let access = publisher(&legacy(&json!({ "exp": at + 9, "mercure": {} })))
        .await
        .unwrap();
    assert_eq!(access.expires, Some(now() + Duration::from_secs(9)));
    assert!(access.expires > Some(UNIX_EPOCH));
}

#[tokio::test]
async fn publishers_and_subscribers_have_keys_of_their_own() {
    let claims = json!({ "mercure": { "publish": ["*"], "subscribe": ["*"] } });
    let [publishers, subscribers] =
        [PUBLISHERS, SUBSCRIBERS].map(|key| sign_hs256(key, "JWT", &claims));
    assert!(publisher(&publishers).await.is_ok());
    assert!(subscriber(&subscribers).await.is_ok());
    assert_eq!(publisher(&subscribers).await, Err(TokenError::Signature));
    assert_eq!(subscriber(&publishers).await, Err(TokenError::Signature));
}

#[tokio::test]
async fn operators_can_switch_them_off() {
    let mut validator = validator();
    validator.legacy = false;
    let token = legacy(&json!({ "mercure": { "publish": ["*"] } }));
    let refused = validator.validate(&token, Purpose::Publish, now()).await;
    assert_eq!(refused, Err(TokenError::LegacyOff));
}

#[tokio::test]
async fn the_payload_belongs_to_every_subscription() {
    let claims = json!({ "mercure": { "subscribe": ["a"], "payload": { "user": "x" } } });
    let access = subscriber(&sign_hs256(SUBSCRIBERS, "JWT", &claims))
        .await
        .unwrap();
    assert_eq!(access.payload("b"), Some(&json!({ "user": "x" })));
    let none = subscriber(&sign_hs256(SUBSCRIBERS, "JWT", &json!({ "mercure": {} }))).await;
    assert_eq!(none.unwrap().payload("b"), None);
}
