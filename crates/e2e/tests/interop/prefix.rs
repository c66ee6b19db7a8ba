//! The pages behind a path prefix: nginx strips it, or passes it on and the program knows it. In: a page.
//! Out: everything that the page names, found from where the page is.

use crate::proxies::{Proxy, Upstream, get, status};

/// The values of these attributes, in order.
fn named<'a>(page: &'a str, attributes: &[&str]) -> Vec<&'a str> {
    let mut values = Vec::new();
    for attribute in attributes {
        let start = format!(" {attribute}=\"");
        let after = page.split(start.as_str()).skip(1);
        values.extend(after.map(|rest| rest.split_once('"').unwrap().0));
    }
    values
}

/// Follows what the page at this path names; returns how much that was.
fn follow(port: u16, page: &str) -> usize {
    let address = url::Url::parse(&format!("http://127.0.0.1:{port}{page}")).unwrap();
    let text = get(port, "localhost", page, "</html>");
    assert_eq!(status(&text), "200", "{page}: {text}");
    let named = named(&text, &["href", "src", "data-stream"]);
    for name in &named {
        let url = address.join(name).unwrap();
        let answer = get(port, "localhost", url.path(), "\r\n\r\n");
        assert_eq!(status(&answer), "200", "{page} names {name}: {answer}");
    }
    named.len()
}

fn pages_work_under(path: &str, serve: u16, demo: u16) {
    assert!(follow(serve, path) >= 5);
    assert!(follow(demo, path) >= 5);
    assert!(follow(demo, &format!("{path}ten")) >= 5);
}

fn nginx_in_front_of(upstream: &Upstream, uri: &str) -> Option<Proxy> {
    let port = upstream.port;
    Proxy::nginx(&format!(
        "location /live/news/ {{ proxy_pass http://127.0.0.1:{port}{uri}; }}"
    ))
}

#[test]
fn behind_a_proxy_that_strips_the_prefix() {
    let serve = Upstream::start(&["serve"]);
    let demo = Upstream::start(&["demo"]);
    let Some(front) = nginx_in_front_of(&serve, "/") else {
        return;
    };
    let demos = nginx_in_front_of(&demo, "/").unwrap();
    pages_work_under("/live/news/", front.port, demos.port);
}

#[test]
fn behind_a_proxy_that_passes_the_prefix_on() {
    let base = ["--base-path", "/live/news"];
    let serve = Upstream::start(&[&["serve"], &base[..]].concat());
    let demo = Upstream::start(&[&["demo"], &base[..]].concat());
    let Some(front) = nginx_in_front_of(&serve, "") else {
        return;
    };
    let demos = nginx_in_front_of(&demo, "").unwrap();
    pages_work_under("/live/news/", front.port, demos.port);
    // Without a proxy as well, and the slash at the end is added.
    pages_work_under("/", serve.port, demo.port);
    let moved = get(serve.port, "localhost", "/live/news?event=a", "\r\n\r\n");
    assert_eq!(status(&moved), "308", "{moved}");
    assert!(moved.contains("\r\nlocation: news/?event=a\r\n"), "{moved}");
    for path in ["/live/newsletter", "/live/news/live/news/", "/live"] {
        let answer = get(serve.port, "localhost", path, "\r\n\r\n");
        assert_eq!(status(&answer), "404", "{path}: {answer}");
    }
}
