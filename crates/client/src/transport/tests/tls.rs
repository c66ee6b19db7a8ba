use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::peer::{Asked, serve};
use super::*;

/// A certification authority that nobody knows but who is told.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(super) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(super) fn issue(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    fn root(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    fn trusted(&self) -> TransportOptions {
        TransportOptions::new()
            .built_in_roots(false)
            .root_certificate_der(self.root().to_vec())
    }
}

pub(super) struct TlsServer {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl TlsServer {
    async fn start(authority: &Authority, name: &str, protocols: &[&str]) -> Self {
        Self::start_with(authority, name, protocols, false).await
    }

    async fn start_with(
        authority: &Authority,
        name: &str,
        protocols: &[&str],
        clients: bool,
    ) -> Self {
        let (certificate, key) = authority.issue(name);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(authority.root()).unwrap();
        let builder = if clients {
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .build()
                .unwrap();
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = builder
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        config.alpn_protocols = protocols
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        Self::start_as(config).await
    }

    pub(super) async fn start_as(config: ServerConfig) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self {
            listener,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        }
    }

    fn url(&self) -> String {
        format!(
            "https://127.0.0.1:{}/",
            self.listener.local_addr().unwrap().port()
        )
    }

    async fn accept(&self) -> std::io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(self.listener.accept().await?.0).await
    }

    /// Answers one HTTP/1.1 request.
    async fn answer(&self, response: &[u8]) -> std::io::Result<TlsStream<TcpStream>> {
        let mut stream = self.accept().await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        stream.write_all(response).await?;
        stream.flush().await?;
        Ok(stream)
    }
}

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

pub(super) async fn exchange(
    options: TransportOptions,
    server: &TlsServer,
) -> Result<Response<Body>, TransportError> {
    let transport = HttpTransport::new(options).unwrap();
    let url = server.url();
    let (response, _) = tokio::join!(send(&transport, get(&url)), server.answer(HELLO));
    response
}

#[tokio::test]
async fn an_extra_root_is_trusted_as_der_and_as_pem() {
    let authority = Authority::new();
    let server = TlsServer::start(&authority, "127.0.0.1", &["http/1.1"]).await;
    let pem = TransportOptions::new()
        .built_in_roots(false)
        .root_certificates_pem(authority.0.pem());
    let beside = TransportOptions::new().root_certificates_pem(authority.0.pem());
    for options in [authority.trusted(), pem, beside] {
        let mut response = exchange(options, &server).await.unwrap();
        assert_eq!(response.version(), http::Version::HTTP_11);
        assert_eq!(read(response.body_mut()).await.0, b"hello");
    }
}

#[tokio::test]
async fn certificates_that_do_not_hold_are_errors_unless_told_otherwise() {
    let authority = Authority::new();
    let here = TlsServer::start(&authority, "127.0.0.1", &[]).await;
    let elsewhere = TlsServer::start(&authority, "other.example", &[]).await;
    let stranger = Authority::new().trusted();
    for (server, options) in [(&here, stranger.clone()), (&elsewhere, authority.trusted())] {
        let error = exchange(options.clone(), server).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Tls, "{error}");
        assert!(error.to_string().contains("certificate"), "{error}");
        assert!(!error.kind().is_permanent());
        let accepted = exchange(options.danger_accept_invalid_certificates(true), server).await;
        assert_eq!(accepted.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_is_a_tls_error() {
    let server = super::server::Server::start().await;
    let url = server.url().replace("http:", "https:");
    let transport = HttpTransport::new(Authority::new().trusted()).unwrap();
    let (response, ()) = tokio::join!(send(&transport, get(&url)), async {
        let mut socket = server.accept().await;
        let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    });
    assert_eq!(response.unwrap_err().kind(), TransportErrorKind::Tls);
}

#[tokio::test]
async fn a_client_certificate_is_presented() {
    let authority = Authority::new();
    let server = TlsServer::start_with(&authority, "127.0.0.1", &["http/1.1"], true).await;
    let (certificate, key) = authority.issue("client");
    let pem = certificate.pem() + &key.serialize_pem();
    let response = exchange(authority.trusted().client_certificate_pem(pem), &server).await;
    assert_eq!(response.unwrap().status(), 200);
    assert!(
        exchange(authority.trusted(), &server).await.is_err(),
        "without one the server hangs up"
    );
}

#[test]
fn pem_without_what_it_should_hold_is_an_error_at_once() {
    let only_certificate = Authority::new().0.pem();
    let table = [
        TransportOptions::new().root_certificates_pem("nonsense"),
        TransportOptions::new()
            .root_certificates_pem("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"),
        TransportOptions::new().client_certificate_pem(""),
        TransportOptions::new().client_certificate_pem(only_certificate),
    ];
    for options in table {
        let error = HttpTransport::new(options).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::InvalidRequest, "{error}");
    }
}

#[tokio::test]
async fn http2_is_negotiated_and_shared() {
    let authority = Authority::new();
    let server = TlsServer::start(&authority, "127.0.0.1", &["h2", "http/1.1"]).await;
    let url = server.url();
    let (tell, mut asked) = mpsc::unbounded_channel();
    let serving = tokio::spawn(async move {
        for connection in 0.. {
            let stream = server.accept().await.unwrap();
            tokio::spawn(serve(
                stream,
                h2::server::Builder::new(),
                connection,
                tell.clone(),
            ));
        }
    });
    let before = alive_tasks();
    let transport = HttpTransport::new(authority.trusted()).unwrap();
    let sending: Vec<_> = (0..5)
        .map(|_| tokio::spawn(transport.send(get(&url))))
        .collect();
    let mut held: Vec<(Asked, h2::SendStream<Bytes>)> = Vec::new();
    for _ in &sending {
        let mut one = asked.recv().await.unwrap();
        assert_eq!(one.connection, 0);
        let mut stream = one.open();
        stream.send_data(Bytes::from("hello"), true).unwrap();
        held.push((one, stream));
    }
    for sending in sending {
        let mut response = sending.await.unwrap().unwrap();
        assert_eq!(response.version(), http::Version::HTTP_2);
        assert_eq!(read(response.body_mut()).await.0, b"hello");
    }
    drop(held);
    settles_at(before).await;
    serving.abort();
}

#[tokio::test]
async fn http1_is_negotiated_when_http2_is_not_offered() {
    let authority = Authority::new();
    let server = TlsServer::start(&authority, "127.0.0.1", &["h2", "http/1.1"]).await;
    let response = exchange(authority.trusted().http2(false), &server)
        .await
        .unwrap();
    assert_eq!(response.version(), http::Version::HTTP_11);
}

#[tokio::test]
async fn over_http1_every_stream_gets_its_connection_though_http2_was_possible() {
    let authority = Authority::new();
    let server = TlsServer::start(&authority, "127.0.0.1", &["http/1.1"]).await;
    let transport = HttpTransport::new(authority.trusted()).unwrap();
    let sending: Vec<_> = (0..4)
        .map(|_| tokio::spawn(transport.send(get(&server.url()))))
        .collect();
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(server.answer(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap());
    }
    let mut responses = Vec::new();
    for sending in sending {
        responses.push(sending.await.unwrap().unwrap());
    }
    assert_eq!(responses.len(), open.len());
}

#[tokio::test]
async fn an_end_without_close_notify_is_a_cut() {
    for polite in [true, false] {
        let authority = Authority::new();
        let server = TlsServer::start(&authority, "127.0.0.1", &["http/1.1"]).await;
        let transport = HttpTransport::new(authority.trusted()).unwrap();
        let url = server.url();
        let (response, stream) = tokio::join!(
            send(&transport, get(&url)),
            server.answer(b"HTTP/1.1 200 OK\r\n\r\nhello")
        );
        let mut stream = stream.unwrap();
        if polite {
            stream.shutdown().await.unwrap();
        }
        drop(stream);
        let (bytes, error) = read(response.unwrap().body_mut()).await;
        assert_eq!(
            (bytes.as_slice(), error.is_none()),
            (b"hello".as_slice(), polite),
            "{error:?}"
        );
        if let Some(error) = error {
            assert!(error.detail().contains("without TLS's close_notify"));
            assert!(!error.to_string().contains("https://"), "{error}");
        }
    }
}
