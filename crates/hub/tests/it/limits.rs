//! What one client may take of what all have to share.

use http::Request;
use wellspring_hub::Peer;

use crate::hub::{PATH, Reader, ask, hub, plain};

fn from(address: &str, query: &str) -> http::request::Builder {
    let peer = Peer(format!("{address}:1234").parse().unwrap());
    Request::get(format!("{PATH}?{query}")).extension(peer)
}

/// So many selectors with nothing before their variable.
fn wide(name: &str, numbers: std::ops::Range<u32>) -> String {
    let one = |number| match name {
        "topic" => format!("topic=%7Bany%7D/{number}"),
        _ => format!("match_urlpattern=https://*/{number}"),
    };
    numbers.map(one).collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn one_client_cannot_lock_the_others_out() {
    let hub = plain().await;
    for (name, address, status, retries) in [
        ("topic", "192.0.2.1", 400, false),
        ("match_urlpattern", "192.0.2.2", 429, true),
    ] {
        let mut held = Vec::new();
        for stream in 0..4 {
            let query = wide(name, stream * 32..(stream + 1) * 32);
            held.push(Reader::open(&hub, from(address, &query)).await);
        }
        let refused = ask(&hub, from(address, &wide(name, 128..129)), "").await;
        assert_eq!(refused.status, status, "{}", refused.text);
        assert!(refused.text.contains("(128)"), "{}", refused.text);
        assert_eq!(!refused.header("retry-after").is_empty(), retries);
        let known = wide(name, 0..32);
        Reader::open(&hub, from(address, &known)).await;
        Reader::open(&hub, from(address, "topic=a")).await;
        Reader::open(&hub, from("192.0.2.9", &wide(name, 500..532))).await;
        drop(held);
        Reader::open(&hub, from(address, &wide(name, 128..129))).await;
    }
}

#[tokio::test]
async fn a_stream_has_its_number_of_url_patterns() {
    let hub = hub(|settings| settings.limits.url_patterns = 3).await;
    let pattern = |number: u32| format!("match_urlpattern=/{number}/:id");
    let patterns = |count| (0..count).map(pattern).collect::<Vec<_>>().join("&");
    Reader::open(&hub, from("192.0.2.1", &(patterns(3) + "&match=a"))).await;
    let refused = ask(&hub, from("192.0.2.1", &patterns(4)), "").await;
    assert_eq!(refused.status, 400);
    assert!(
        refused.text.contains("at most 3 URL patterns"),
        "{}",
        refused.text
    );
}
