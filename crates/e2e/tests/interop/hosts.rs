//! The hosts that `serve` answers for, behind proxies as people run them: Caddy and `HAProxy` pass the host of
//! the request on, nginx says the address that it was given.

use crate::proxies::{Proxy, Upstream, get, status};

const NOTHING: &str = "\0";

fn stream(proxy: &Proxy) -> String {
    get(proxy.port, "app.example", "/events", "\n\n")
}

/// What a proxy that passes the host on gets without the option, and with it.
fn passes_the_host_on(start: impl Fn(u16) -> Option<Proxy>) {
    let upstream = Upstream::start(&["serve"]);
    let Some(proxy) = start(upstream.port) else {
        return;
    };
    let refused = get(proxy.port, "app.example", "/events", NOTHING);
    assert_eq!(status(&refused), "421", "{refused}");
    assert!(refused.contains("--allow-host app.example"), "{refused}");

    let upstream = Upstream::start(&["serve", "--allow-host", "app.example"]);
    let proxy = start(upstream.port).unwrap();
    let page = get(proxy.port, "app.example", "/", NOTHING);
    assert_eq!(status(&page), "200", "{page}");
    let stream = stream(&proxy);
    assert_eq!(status(&stream), "200", "{stream}");
    let other = get(proxy.port, "evil.example", "/events", NOTHING);
    assert_eq!(status(&other), "421", "{other}");
}

#[test]
fn behind_caddy_the_public_host_is_to_be_named() {
    passes_the_host_on(Proxy::caddy);
}

#[test]
fn behind_haproxy_the_public_host_is_to_be_named() {
    passes_the_host_on(Proxy::haproxy);
}

#[test]
fn behind_nginx_as_it_comes_nothing_is_to_be_named() {
    let upstream = Upstream::start(&["serve"]);
    let pass = format!(
        "location / {{ proxy_pass http://127.0.0.1:{}; }}",
        upstream.port
    );
    let Some(proxy) = Proxy::nginx(&pass) else {
        return;
    };
    let stream = stream(&proxy);
    assert_eq!(status(&stream), "200", "{stream}");
}
