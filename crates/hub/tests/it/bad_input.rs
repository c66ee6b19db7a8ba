//! What bad input gets: a row for each kind, with the status and what the answer says. Bodies that are too
//! large or too slow are in `around.rs`; a full disk and a folder of a newer version are tested with the program.

use http::Request;
use serde_json::json;
use wellspring_hub::tokens::sign_hs256;

use crate::hub::{PATH, access_token_for_all, ask, bearer, hub, plain, post, publisher};
use crate::mint::{HUB, ISSUER, ISSUERS, PUBLISHERS};

#[tokio::test]
async fn a_subscription_that_makes_no_sense() {
    let hub = plain().await;
    let many = |name: &str| format!("{name}=a&").repeat(1_001);
    let dear = format!("match_urlpattern=/{}", ":a(x{1,1000})".repeat(40));
    let rows: [(&str, u16, &str); 15] = [
        ("", 400, "asks for no topic"),
        ("topic=a&match=b", 400, "both dialects at once"),
        ("match_regexp=a", 400, "\"match_regexp\" is not known"),
        ("match_urlpattern=(", 400, "A matcher is not usable"),
        ("match_urlpattern=/:", 400, "A matcher is not usable"),
        (&many("topic"), 400, "at most 1000 topic selectors"),
        (&many("match"), 400, "at most 1000 topic selectors"),
        (
            &many("match_urlpattern"),
            400,
            "at most 1000 topic selectors",
        ),
        (&dear, 400, "A matcher is not usable"),
        (
            &format!("topic={}", "{a}".repeat(33)),
            400,
            "32 expressions",
        ),
        (&format!("topic={}", "a".repeat(4_097)), 400, "4096 bytes"),
        ("match=a%0Ab", 400, "U+000A"),
        ("match=a%E2%80%8Bb", 400, "U+200B"),
        ("topic=%FF", 400, "not UTF-8"),
        ("topic=a&lastEventID=b%00", 400, "U+0000"),
    ];
    for (query, status, says) in rows {
        let answer = ask(&hub, Request::get(format!("{PATH}?{query}")), "").await;
        let shown = &query[..query.len().min(60)];
        assert_eq!(answer.status, status, "{shown}: {}", answer.text);
        assert!(answer.text.contains(says), "{shown}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_update_that_makes_no_sense() {
    let hub = plain().await;
    let (old, new) = (publisher(), access_token_for_all());
    let rows = [
        (&old, "data=x", 400, "There is no topic"),
        (&old, "topic=/.well-known/mercure", 403, "hub's own"),
        (&new, "topic=/.well-known/mercure/x", 400, "hub's own"),
        (&new, "topic=/a/../.well-known/mercure", 400, "hub's own"),
        (&new, "topic=/.well%2Dknown/mercure", 400, "hub's own"),
        (&old, "topic=a%0Ab", 400, "U+000A"),
        (&old, "topic=a&id=b%00c", 400, "U+0000"),
        (&old, "topic=a&type=b%0Dc", 400, "U+000D"),
        (&old, "topic=a&retry=1e3", 400, "digits alone"),
        (&old, "topic=a&retry=-1", 400, "digits alone"),
        (&old, "topic=a&id=%23b", 400, "reserved"),
        (&old, "topic=%FF", 400, "not UTF-8"),
    ];
    for (token, form, status, says) in rows {
        let answer = ask(&hub, post(token), form).await;
        assert_eq!(answer.status, status, "{form}: {}", answer.text);
        assert!(answer.text.contains(says), "{form}: {}", answer.text);
    }
}

/// Of the claims of a good access token, with something else in them or in its header.
fn token(secret: &[u8], header: &serde_json::Value, over: &serde_json::Value) -> String {
    let mut claims = json!({
        "iss": ISSUER, "sub": "alice", "aud": HUB, "exp": 4_000_000_000_u64,
        "authorization_details": [{
            "type": "https://mercure.rocks/authorization-detail",
            "actions": ["publish"],
            "topics": [{ "match": "*" }],
        }],
    });
    for (name, value) in over.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let parts = [header.to_string(), claims.to_string()];
    let [header, claims] = parts.map(|part| crate::keys::base64url(part.as_bytes()));
    let signed = format!("{header}.{claims}");
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    let signature = ring::hmac::sign(&key, signed.as_bytes());
    let signature = crate::keys::base64url(signature.as_ref());
    format!("{signed}.{signature}")
}

#[tokio::test]
async fn a_token_that_is_not_good() {
    let hub = plain().await;
    let with = |header, claims| token(ISSUERS, &header, &claims);
    let header = || json!({ "alg": "HS256", "typ": "at+jwt" });
    let of = |alg: &str| json!({ "alg": alg, "typ": "at+jwt" });
    let good = with(header(), json!({}));
    let (unsigned, _) = good.rsplit_once('.').unwrap();
    let fetched = json!({ "alg": "HS256", "typ": "at+jwt", "jku": "https://evil.example/" });
    let rows = [
        (good.clone(), 200, ""),
        (with(header(), json!({ "exp": 1 })), 401, "expired"),
        (
            with(header(), json!({ "nbf": 4_000_000_000_u64 })),
            401,
            "not valid yet",
        ),
        (
            with(header(), json!({ "aud": "https://other.example/" })),
            401,
            "for another",
        ),
        (
            with(header(), json!({ "iss": "https://evil.example" })),
            401,
            "issuer",
        ),
        (with(of("none"), json!({})), 401, "algorithm"),
        (with(of("HS512"), json!({})), 401, "key"),
        (with(fetched, json!({})), 401, "jku"),
        (
            token(b"another secret of 32 bytes, or so", &header(), &json!({})),
            401,
            "another key",
        ),
        (unsigned.to_owned(), 401, "not a signed JWT"),
        (format!("{unsigned}."), 401, ""),
        (good[..good.len() - 5].to_owned(), 401, ""),
        (good[..20].to_owned(), 401, "not a signed JWT"),
        (
            sign_hs256(
                PUBLISHERS,
                "JWT",
                &json!({ "mercure": { "publish": ["b"] } }),
            ),
            403,
            "does not allow",
        ),
    ];
    for (token, status, says) in rows {
        let answer = ask(&hub, post(&token), "topic=a").await;
        assert_eq!(answer.status, status, "{token}: {}", answer.text);
        assert!(
            status == 200 || answer.text.contains(says),
            "{says}: {}",
            answer.text
        );
        let challenge = answer.header("www-authenticate");
        assert_eq!(
            status == 401,
            challenge.contains("invalid_token"),
            "{challenge}"
        );
    }
}

#[tokio::test]
async fn a_cookie_from_somewhere_else() {
    let hub = hub(|settings| settings.publish_origins = vec!["https://app.example".into()]).await;
    for (origin, status) in [
        ("https://app.example", 200),
        ("https://evil.example", 403),
        ("", 403),
    ] {
        let request = Request::post(PATH)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", format!("mercureAuthorization={}", publisher()));
        let request = match origin {
            "" => request,
            origin => request.header("origin", origin),
        };
        let answer = ask(&hub, request, "topic=a").await;
        assert_eq!(answer.status, status, "{origin}: {}", answer.text);
        assert!(status == 200 || answer.text.contains("--publish-origin"));
    }
    let both = ask(
        &hub,
        post("x").header("authorization", bearer("y")),
        "topic=a",
    )
    .await;
    assert_eq!(
        (
            both.status,
            both.header("www-authenticate").contains("invalid_request")
        ),
        (400, true)
    );
}
