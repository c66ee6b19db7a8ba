//! An HTTP/2 server whose requests the test answers itself, and certificates that only the test
//! knows.
//!
//! Next: `http2.rs`.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use h2::server::SendResponse;
use h2::{RecvStream, SendStream};
use http::{Request, Response};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use wellspring::transport::{HttpTransport, TransportOptions};

use crate::support::soon;

/// One request.
pub(crate) struct Asked {
    pub(crate) request: Request<RecvStream>,
    pub(crate) respond: SendResponse<Bytes>,
}

impl Asked {
    /// Answers with an event stream and returns its body.
    pub(crate) fn open(&mut self) -> SendStream<Bytes> {
        let response = Response::builder().header("content-type", "text/event-stream");
        let response = response.body(()).unwrap();
        self.respond.send_response(response, false).unwrap()
    }
}

pub(crate) struct Peer {
    url: String,
    asked: mpsc::UnboundedReceiver<Asked>,
    transport: HttpTransport,
    options: TransportOptions,
    address: SocketAddr,
}

impl Peer {
    /// In the clear.
    pub(crate) async fn with_prior_knowledge() -> Self {
        let options = TransportOptions::new().http2_prior_knowledge(true);
        Self::start(None, options).await
    }

    /// Over TLS, where both sides agree on HTTP/2.
    pub(crate) async fn with_tls() -> Self {
        let (config, certificate) = server_config("h2");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let options = TransportOptions::new()
            .built_in_roots(false)
            .root_certificate_der(certificate);
        Self::start(Some(acceptor), options).await
    }

    async fn start(acceptor: Option<TlsAcceptor>, options: TransportOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let port = address.port();
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let (tell, asked) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                match &acceptor {
                    Some(acceptor) => match acceptor.accept(socket).await {
                        Ok(socket) => drop(tokio::spawn(serve(socket, tell.clone()))),
                        Err(_) => continue,
                    },
                    None => drop(tokio::spawn(serve(socket, tell.clone()))),
                }
            }
        });
        Self {
            url: format!("{scheme}://localhost:{port}/stream"),
            asked,
            transport: HttpTransport::new(options.clone()).unwrap(),
            options,
            address,
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Of a transport that can speak with it.
    pub(crate) fn options(&self) -> TransportOptions {
        self.options.clone()
    }

    /// A transport that can speak with it.
    pub(crate) fn transport(&self) -> HttpTransport {
        self.transport.clone()
    }

    pub(crate) async fn asked(&mut self) -> Asked {
        soon(self.asked.recv()).await.unwrap()
    }
}

/// For `localhost`, and the certificate in DER.
pub(crate) fn server_config(protocol: &str) -> (ServerConfig, Vec<u8>) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    (config, cert.der().to_vec())
}

async fn serve(io: impl AsyncRead + AsyncWrite + Unpin, tell: mpsc::UnboundedSender<Asked>) {
    let Ok(mut server) = h2::server::handshake(io).await else {
        return;
    };
    while let Some(Ok((request, respond))) = server.accept().await {
        let _ = tell.send(Asked { request, respond });
    }
}
