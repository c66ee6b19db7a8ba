use serde_json::json;

use super::*;

fn hub() -> Url {
    "https://hub.example/.well-known/mercure".parse().unwrap()
}

#[test]
fn documents_are_those_of_the_draft() {
    let (pattern, matcher) = (MatchType::UrlPattern, "/books/:id");
    let id = path("/.well-known/mercure", pattern, matcher, "urn:uuid:7");
    let expected = "/.well-known/mercure/subscriptions/urlpattern/%2Fbooks%2F%3Aid/urn%3Auuid%3A7";
    assert_eq!(id, expected);
    let payload = json!(1);
    let one = subscription(&id, pattern, matcher, "urn:uuid:7", true, Some(&payload));
    let document = json!({
        "id": expected,
        "type": "subscription",
        "match_type": "urlpattern",
        "match": "/books/:id",
        "subscriber": "urn:uuid:7",
        "active": true,
        "payload": 1,
    });
    assert_eq!(one, document);
    let exact = subscription("x", MatchType::Exact, "a", "b", false, None);
    assert_eq!(
        (&exact["match_type"], exact.get("payload")),
        (&json!("exact"), None)
    );
    let all = subscriptions("/.well-known/mercure/subscriptions", &[one]);
    assert_eq!(
        (&all["type"], &all["subscriptions"]),
        (&json!("subscriptions"), &json!([document]))
    );
}

#[test]
fn metadata_says_how_to_get_in() {
    let none = metadata(&hub(), &[], false);
    let expected = json!({
        "resource": "https://hub.example/.well-known/mercure",
        "bearer_methods_supported": ["header"],
        "authorization_details_types_supported": ["https://mercure.rocks/authorization-detail"],
        "mercure_cookie": "__Secure-mercure_access_token",
        "mercure_matcher_types_supported": ["exact", "urlpattern"],
        "mercure_subscriptions": false,
    });
    assert_eq!(none, expected);
    let some = metadata(&hub(), &["https://auth.example"], true);
    assert_eq!(
        some["authorization_servers"],
        json!(["https://auth.example"])
    );
}
