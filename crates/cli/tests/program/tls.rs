//! `wellspring tail` over TLS and HTTP/2. In: a hyper server with a certificate of its own making.
//! Out: what the options make of it.
//!
//! Next: `decode.rs`.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::wellspring;

async fn serve(io: impl AsyncRead + AsyncWrite + Unpin + 'static, http2: bool) {
    let service = service_fn(|_| async {
        let body = Full::new(Bytes::from_static(b"data: hello\n\n"));
        let response = Response::builder().header("content-type", "text/event-stream");
        Ok::<_, Infallible>(response.body(body).unwrap())
    });
    let io = TokioIo::new(io);
    // A client that has seen enough goes away, which is no failure.
    if http2 {
        let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        let _ = builder.serve_connection(io, service).await;
    } else {
        let builder = hyper::server::conn::http1::Builder::new();
        let _ = builder.serve_connection(io, service).await;
    }
}

/// The same for a server that requires a client certificate, this one.
async fn https_for(client: CertificateDer<'static>) -> (String, String) {
    let mut roots = RootCertStore::empty();
    roots.add(client).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    https_with(verifier.build().unwrap()).await
}

/// An HTTPS server on loopback that speaks HTTP/2 to who offers it; its URL and its certificate.
async fn https() -> (String, String) {
    https_with(WebPkiClientVerifier::no_client_auth()).await
}

/// Accepts TLS with a certificate of its own making, which it returns too.
fn acceptor(clients: Arc<dyn ClientCertVerifier>, protocols: &[&[u8]]) -> (TlsAcceptor, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(clients)
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    (TlsAcceptor::from(Arc::new(config)), made.cert.pem())
}

async fn https_with(clients: Arc<dyn ClientCertVerifier>) -> (String, String) {
    let (acceptor, pem) = acceptor(clients, &[b"h2", b"http/1.1"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(socket).await {
                let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                serve(stream, http2).await;
            }
        }
    });
    (format!("https://localhost:{port}/sse"), pem)
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("wellspring-{}-{name}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let (url, _) = https().await;
    let run = wellspring(&["tail", &url, "--no-reconnect"]).await;
    assert_eq!(run.stdout, "");
    run.fails(1, &[&url, "TLS failed"]);
}

#[tokio::test]
async fn a_certificate_can_be_vouched_for() {
    let (url, pem) = https().await;
    let path = file("root.pem", &pem);
    let run = wellspring(&[
        "tail",
        &url,
        "--cacert",
        path.to_str().unwrap(),
        "--count",
        "1",
    ])
    .await;
    std::fs::remove_file(path).unwrap();
    run.is(0, "message  hello\n");
    assert!(run.stderr.contains("(HTTP/2.0)"), "{}", run.stderr);
}

#[tokio::test]
async fn any_certificate_can_be_accepted() {
    let (url, _) = https().await;
    wellspring(&["tail", &url, "-k", "--count", "1"])
        .await
        .is(0, "message  hello\n");
}

#[tokio::test]
async fn http2_is_spoken_in_the_clear_when_it_is_known() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            serve(socket, true).await;
        }
    });
    let run = wellspring(&["tail", &url, "--http2-prior-knowledge", "--count", "1"]).await;
    run.is(0, "message  hello\n");
    assert!(run.stderr.contains("(HTTP/2.0)"), "{}", run.stderr);
}

#[tokio::test]
async fn a_client_certificate_is_presented() {
    let made = rcgen::generate_simple_self_signed(["client".to_owned()]).unwrap();
    let (url, _) = https_for(made.cert.der().clone()).await;
    let (cert, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let both = file("both.pem", &format!("{key}{cert}"));
    let cert = file("cert.pem", cert.trim_end());
    let key = file("key.pem", &key);
    let path = |path: &PathBuf| path.to_str().unwrap().to_owned();
    let tail = ["tail", &url, "-k", "--count", "1"];
    let run = wellspring(&[&tail[..], &["--no-reconnect"]].concat()).await;
    assert_eq!(run.code, Some(1), "{run:?}");
    let run = wellspring(&[&tail[..], &["--cert", &path(&both)]].concat()).await;
    run.is(0, "message  hello\n");
    let apart = ["--cert", &path(&cert), "--key", &path(&key)];
    wellspring(&[&tail[..], &apart].concat())
        .await
        .is(0, "message  hello\n");
    let check = ["check", &url, "-k", "--for", "1"];
    let run = wellspring(&[&check[..], &apart].concat()).await;
    assert!(run.stdout.contains("ok       status      200"), "{run:?}");
    let run = wellspring(&[&tail[..], &["--cert", &path(&cert)]].concat()).await;
    run.fails(2, &["--cert ", "cert.pem", "key"]);
    for path in [both, cert, key] {
        std::fs::remove_file(path).unwrap();
    }
}

/// Without the farewell of TLS, as a server that is killed does.
#[tokio::test]
async fn a_cut_is_told_without_the_address_of_a_manual() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "https://localhost:{}/",
        listener.local_addr().unwrap().port()
    );
    let (acceptor, _) = acceptor(WebPkiClientVerifier::no_client_auth(), &[]);
    tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut stream = acceptor.accept(socket).await.unwrap();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n";
        stream.read_buf(&mut Vec::new()).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
    });
    let run = wellspring(&["tail", &url, "-k", "--no-reconnect"]).await;
    assert_eq!(run.stdout, "message  a\n");
    run.fails(1, &[&url, "the response broke off"]);
    let addresses = run.stderr.matches("://").count();
    assert_eq!(addresses, run.stderr.matches(&url).count(), "{run:?}");
}
