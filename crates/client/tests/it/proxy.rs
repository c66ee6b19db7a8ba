//! Ways out of this machine. In: proxies of each kind, Unix domain sockets, the environment. Out: the
//! same events, and errors that say where it went wrong and keep secrets.
//!
//! Next: `proxy_refusals.rs`, then `browser.rs`.

use std::sync::Arc;

use crate::peer::{Peer, server_config};
use crate::proxies::{NEWS, Proxy as Played, at, server, through};
use crate::support;
use crate::support::{assert_says, builder, next_data, next_error, next_loss, soon};
use http::Version;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use wellspring::transport::{HttpTransport, Proxy, TransportOptions};
use wellspring::{EventSource, Failure};

/// A source over TLS that agrees on HTTP/2, all the way to the peer.
async fn arrives_over_tls(peer: &mut Peer, mut source: EventSource) {
    let (data, asked) = tokio::join!(next_data(&mut source), async {
        let mut asked = peer.asked().await;
        let mut body = asked.open();
        body.send_data("data: a\n\n".into(), false).unwrap();
        (asked, body)
    });
    assert_eq!(data, "a");
    assert_eq!(source.opened().unwrap().version, Version::HTTP_2);
    let headers = asked.0.request.headers();
    assert_eq!(headers.get("proxy-authorization"), None);
}

#[tokio::test]
async fn an_http_proxy_gets_the_whole_url() {
    let server = server().await;
    let proxy = Played::http(server.address(), None, None).await;
    let mut source = through(NEWS, &at("http", proxy.address));
    assert_eq!(next_data(&mut source).await, "a");
    let request = server.request(0).await;
    assert_eq!(
        request.line(),
        "GET http://news.invalid/stream?x=1 HTTP/1.1"
    );
    assert_eq!(request.header("host").unwrap(), b"news.invalid");
    let authorization = request.header("proxy-authorization").unwrap();
    assert_eq!(authorization, b"Basic bWU6c0BjcmV0");
    drop(source);
    soon(server.ended(1)).await;
}

#[tokio::test]
async fn https_goes_through_a_tunnel() {
    let mut peer = Peer::with_tls().await;
    let proxy = Played::http(peer.address(), None, None).await;
    let ours = Proxy::new(at("http", proxy.address)).unwrap();
    let builder = builder(peer.url()).transport(peer.transport());
    arrives_over_tls(&mut peer, builder.proxy(ours).build().unwrap()).await;
    let authority = format!("localhost:{}", peer.address().port());
    let asked = proxy.asked().remove(0);
    assert!(asked.starts_with(&format!("CONNECT {authority} HTTP/1.1\r\n")));
    assert_says(
        &asked,
        &[
            &format!("Host: {authority}\r\n"),
            "Proxy-Authorization: Basic bWU6c0BjcmV0\r\n",
        ],
    );
}

#[tokio::test]
async fn http2_with_prior_knowledge_goes_through_a_tunnel() {
    let mut peer = Peer::with_prior_knowledge().await;
    for scheme in ["http", "socks5h"] {
        let proxy = match scheme {
            "http" => Played::http(peer.address(), None, None).await,
            _ => Played::socks(peer.address(), Some(("me", "s@cret")), None).await,
        };
        let ours = Proxy::new(at(scheme, proxy.address)).unwrap();
        let builder = builder("http://news.invalid:81/").transport(peer.transport());
        arrives_over_tls(&mut peer, builder.proxy(ours).build().unwrap()).await;
        assert_says(&proxy.asked()[0], &["news.invalid:81"]);
    }
}

#[tokio::test]
async fn a_proxy_can_be_spoken_to_over_tls() {
    let server = server().await;
    let (config, certificate) = server_config("http/1.1");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let options = || TransportOptions::new().built_in_roots(false);
    let transport = |options: TransportOptions| {
        HttpTransport::new(options.root_certificate_der(certificate.clone())).unwrap()
    };
    let proxy = Played::http(server.address(), Some(acceptor.clone()), None).await;
    let ours = at("https", proxy.address).replace("127.0.0.1", "localhost");
    let ours = Proxy::new(ours).unwrap();
    let builder = builder(NEWS).transport(transport(options().proxy(ours)));
    assert_eq!(next_data(&mut builder.build().unwrap()).await, "a");
    assert_says(
        &proxy.asked()[0],
        &["GET http://news.invalid/", "proxy-authorization: Basic"],
    );
}

/// The way to the proxy is encrypted, and in it the way to the server.
#[tokio::test]
async fn https_goes_through_an_https_proxy() {
    let mut peer = Peer::with_tls().await;
    let (config, certificate) = server_config("http/1.1");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let proxy = Played::http(peer.address(), Some(acceptor), None).await;
    let ours = Proxy::new(format!("https://localhost:{}", proxy.address.port())).unwrap();
    let options = peer.options().root_certificate_der(certificate).proxy(ours);
    let transport = HttpTransport::new(options).unwrap();
    let source = builder(peer.url()).transport(transport).build().unwrap();
    arrives_over_tls(&mut peer, source).await;
    assert_says(&proxy.asked()[0], &["CONNECT localhost:"]);
}

#[tokio::test]
async fn socks5h_lets_the_proxy_resolve_the_name() {
    let server = server().await;
    let proxy = Played::socks(server.address(), Some(("me", "s@cret")), None).await;
    let mut source = through(NEWS, &at("socks5h", proxy.address));
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(proxy.asked(), ["me:s@cret news.invalid:80"]);
    let request = server.request(0).await;
    assert_eq!(request.line(), "GET /stream?x=1 HTTP/1.1");
    assert_eq!(request.header("proxy-authorization"), None);
}

#[tokio::test]
async fn socks5_resolves_the_name_here() {
    let server = server().await;
    let proxy = Played::socks(server.address(), None, None).await;
    let plain = format!("socks5://{}", proxy.address);
    let mut source = through("http://127.0.0.1:7/", &plain);
    assert_eq!(next_data(&mut source).await, "a");
    let mut source = through("http://[::1]:7/", &plain);
    assert_eq!(next_data(&mut source).await, "a");
    // Ours may say who they are where nobody asks.
    let mut source = through("http://localhost:7/", &at("socks5", proxy.address));
    assert_eq!(next_data(&mut source).await, "a");
    let asked = proxy.asked();
    assert_eq!(asked[..2], ["127.0.0.1:7", "::1:7"]);
    assert!(["127.0.0.1:7", "::1:7"].contains(&asked[2].as_str()));
    let loss = next_loss(&mut through(NEWS, &plain)).await;
    assert_says(&loss, &["cannot resolve the host: "]);
}

#[tokio::test]
async fn https_goes_through_socks5() {
    let mut peer = Peer::with_tls().await;
    let proxy = Played::socks(peer.address(), None, None).await;
    let ours = Proxy::new(format!("socks5h://{}", proxy.address)).unwrap();
    let builder = builder(peer.url()).transport(peer.transport());
    arrives_over_tls(&mut peer, builder.proxy(ours).build().unwrap()).await;
}

#[tokio::test]
async fn hosts_that_are_excepted_and_sources_that_say_so_go_past_it() {
    let server = server().await;
    let away = Proxy::new("http://127.0.0.1:1").unwrap();
    let mut source = builder(server.url("/"))
        .proxy(away.clone().except("10.0.0.0/8, 127.0.0.1"))
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let options = TransportOptions::new().proxy(away);
    let transport = HttpTransport::new(options).unwrap();
    let loss = next_loss(
        &mut builder(server.url("/"))
            .transport(transport.clone())
            .build()
            .unwrap(),
    )
    .await;
    assert_says(&loss, &["the proxy http://127.0.0.1:1"]);
    let builder = builder(server.url("/")).transport(transport);
    let mut source = builder.no_proxy().build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let request = server.request(1).await;
    assert_eq!(request.line(), "GET / HTTP/1.1");
}

/// What one connection carries went one way.
#[tokio::test]
async fn sources_that_go_different_ways_share_no_connection() {
    let mut peer = Peer::with_tls().await;
    let proxy = Played::http(peer.address(), None, None).await;
    let transport = peer.transport();
    let direct = builder(peer.url()).transport(transport.clone());
    arrives_over_tls(&mut peer, direct.build().unwrap()).await;
    let ours = Proxy::new(format!("http://{}", proxy.address)).unwrap();
    let proxied = builder(peer.url()).transport(transport).proxy(ours);
    arrives_over_tls(&mut peer, proxied.build().unwrap()).await;
    assert_eq!(proxy.asked().len(), 1);
}

/// Set for the child: the address of the proxy.
const CHILD: &str = "WELLSPRING_TEST_PROXY";

/// Only in the child of the test below, whose environment it is about.
#[tokio::test]
async fn child_with_proxies_in_its_environment() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let mut source = builder(NEWS).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let away = builder("http://past.invalid/").build().unwrap();
    let loss = next_loss(&mut { away }).await;
    assert_says(&loss, &["http://past.invalid/: cannot resolve the host: "]);
    assert!(!loss.contains("through"), "{loss}");
    let mut source = builder("https://news.invalid/").build().unwrap();
    let error = next_error(&mut source).await;
    assert_eq!(error.failure(), Some(Failure::Permanent));
    assert_says(
        &error.to_string(),
        &["the environment variable https_proxy"],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_environment_is_honoured() {
    let server = server().await;
    let proxy = Played::http(server.address(), None, None).await;
    let child = tokio::task::spawn_blocking(move || {
        std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "proxy::child_with_proxies_in_its_environment"])
            .env(CHILD, "1")
            .env("http_proxy", proxy.address.to_string())
            .env("HTTPS_PROXY", "gopher://x")
            .env("NO_PROXY", "past.invalid")
            .output()
            .unwrap()
    });
    let output = child.await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert_eq!(server.requests().len(), 1, "{text}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_domain_socket_takes_the_place_of_the_host() {
    let folder = std::env::temp_dir().join(format!("wellspring-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("news.sock");
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let serving = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(socket.read_u8().await.unwrap());
        }
        let answer = format!("{}9\r\ndata: a\n\n\r\n", support::CHUNKED);
        socket.write_all(answer.as_bytes()).await.unwrap();
        (String::from_utf8(head).unwrap(), socket)
    });
    let mut source = builder(NEWS).unix_socket(&path).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let (head, mut socket) = serving.await.unwrap();
    assert_says(&head, &["GET /stream?x=1 HTTP/1.1", "host: news.invalid"]);
    drop(source);
    assert_eq!(soon(socket.read(&mut [0; 9])).await.unwrap(), 0);
    std::fs::remove_dir_all(&folder).unwrap();

    let mut source = builder(NEWS).unix_socket(&path).build().unwrap();
    let loss = next_loss(&mut source).await;
    assert_says(&loss, &["cannot connect", path.to_str().unwrap()]);
}
