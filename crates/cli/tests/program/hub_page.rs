//! The page of `wellspring hub`: its files are there when asked for, and only it gets tokens made.
//!
//! Next: `hub_tokens.rs`.

use crate::hub::Hub;

const WANTED: &str = r#"{"publish":["news"],"seconds":60}"#;

/// A request for a token with these headers.
async fn mint(hub: &Hub, headers: &str, body: &str) -> String {
    let head = format!("POST /dev/token HTTP/1.1\r\n{headers}");
    hub.ask(&head, body).await
}

/// The headers that the page of this hub sends.
fn own(hub: &Hub) -> String {
    let origin = hub.url.strip_suffix("/.well-known/mercure").unwrap();
    format!("Origin: {origin}\r\nContent-Type: application/json")
}

#[tokio::test]
async fn a_minted_token_allows_what_was_asked_for_and_no_more() {
    let hub = Hub::start(&["--dev"]).await;
    let answer = mint(&hub, &own(&hub), WANTED).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(head.contains("cache-control: no-store"), "{answer}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let token = body["token"].as_str().unwrap();
    for (topic, status) in [("news", "200"), ("other", "403")] {
        let head = format!(
            "POST /.well-known/mercure HTTP/1.1\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/x-www-form-urlencoded"
        );
        let answer = hub.ask(&head, &format!("topic={topic}&data=x")).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn tokens_are_for_the_own_page_only() {
    let hub = Hub::start(&["--dev"]).await;
    let own = own(&hub);
    let other = "Origin: http://127.0.0.1:1\r\nContent-Type: application/json";
    let none = "Content-Type: application/json";
    let form = own.replace("application/json", "text/plain");
    for (headers, body, status) in [
        (other, WANTED, "403"),
        (none, WANTED, "403"),
        (&form, WANTED, "403"),
        (&own, "{", "400"),
        (&own, r#"{"seconds":0}"#, "400"),
        (&own, r#"{"seconds":86401}"#, "400"),
        (&own, r#"{"publish":[1],"seconds":1}"#, "400"),
        (&own, &"x".repeat(70_000), "413"),
    ] {
        let answer = mint(&hub, headers, body).await;
        let wanted = format!("HTTP/1.1 {status} ");
        assert!(
            answer.starts_with(&wanted),
            "{headers} {}: {answer}",
            &body[..body.len().min(40)]
        );
        assert!(!answer.contains("\"token\""), "{answer}");
    }
    let answer = hub.ask("OPTIONS /dev/token HTTP/1.1", "").await;
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
}

#[tokio::test]
async fn with_real_keys_there_is_a_page_if_asked_for_and_no_minting() {
    let key = ["--publisher-key", "a secret of 32 bytes, or of more."];
    for (options, status) in [(&[][..], "404"), (&["--page"][..], "200")] {
        let hub = Hub::start(&[&key, options].concat()).await;
        for path in ["/", "/hub/page.js", "/hub/hub.css"] {
            let answer = hub.ask(&format!("GET {path} HTTP/1.1"), "").await;
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{path}: {answer}"
            );
        }
        let answer = mint(&hub, &own(&hub), WANTED).await;
        assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
        assert!(!answer.contains("\"token\""), "{answer}");
    }
}

/// Every file that the page names is one that is served.
#[tokio::test]
async fn what_the_page_names_is_there() {
    let hub = Hub::start(&["--dev"]).await;
    let page = hub.ask("GET / HTTP/1.1", "").await;
    let mut left = vec![("/".to_owned(), page)];
    let mut seen = Vec::new();
    while let Some((at, text)) = left.pop() {
        for named in names(&text) {
            let base = url::Url::parse("http://x").unwrap().join(&at).unwrap();
            let path = base.join(&named).unwrap().path().to_owned();
            if !seen.contains(&path) {
                let answer = hub.ask(&format!("GET {path} HTTP/1.1"), "").await;
                assert!(
                    answer.starts_with("HTTP/1.1 200 "),
                    "{path}, named in {at}: {answer}"
                );
                seen.push(path.clone());
                left.push((path, answer));
            }
        }
    }
    assert!(seen.len() > 12, "{seen:?}");
}

/// The files that a page or a script asks for.
fn names(text: &str) -> Vec<String> {
    let after = |mark: &str| {
        let parts = text.split(mark).skip(1);
        let named = parts.filter_map(|part| part.split('"').next());
        named
            .filter(|name| name.contains('.'))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    [after("from \""), after("href=\""), after("src=\"")].concat()
}
