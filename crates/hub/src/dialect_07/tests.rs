use serde_json::json;

use super::*;

#[test]
fn documents_are_those_of_the_draft() {
    let id = path(
        "/.well-known/mercure",
        "https://a.example/{id}",
        "urn:uuid:7",
    );
    let expected =
        "/.well-known/mercure/subscriptions/https%3A%2F%2Fa.example%2F%7Bid%7D/urn%3Auuid%3A7";
    assert_eq!(id, expected);
    let one = subscription(&id, "https://a.example/{id}", "urn:uuid:7", true, None);
    let document = json!({
        "@context": "https://mercure.rocks/",
        "id": expected,
        "type": "Subscription",
        "subscriber": "urn:uuid:7",
        "topic": "https://a.example/{id}",
        "active": true,
    });
    assert_eq!(one, document);
    let with = subscription(&id, "a", "b", false, Some(&json!({ "user": 7 })));
    assert_eq!(
        (&with["active"], &with["payload"]),
        (&json!(false), &json!({ "user": 7 }))
    );
    let all = subscriptions("/.well-known/mercure/subscriptions", "~a.1.2", &[one]);
    assert_eq!(
        (&all["type"], &all["lastEventID"]),
        (&json!("Subscriptions"), &json!("~a.1.2"))
    );
    assert_eq!(all["subscriptions"], json!([document]));
}
