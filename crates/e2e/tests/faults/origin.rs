//! The server. In: a channel, a certificate if wanted, the storm. Out: HTTP/1.1 and HTTP/2 on loopback, with
//! responses that break off by themselves, sometimes.
//!
//! Next: `proxy.rs`, which stands before it.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use hyper::rt::{Read, Write};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use wellspring_server::{Channel, EventStream, Start, Subscription};

use crate::storm::{Fault, Storm};

pub(crate) struct Certificate {
    pub(crate) der: CertificateDer<'static>,
    config: Arc<ServerConfig>,
}

/// For `localhost`, with HTTP/2 and HTTP/1.1.
pub(crate) fn certificate() -> Certificate {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let der = certified.cert.der().clone();
    let key = PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let builder = builder.with_no_client_auth();
    let config = builder.with_single_cert(vec![der.clone()], key.into());
    let mut config = config.unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Certificate {
        der,
        config: Arc::new(config),
    }
}

pub(crate) struct Origin;

impl Origin {
    /// Listens until the runtime ends.
    pub(crate) async fn start(
        channel: Channel,
        storm: &Arc<Storm>,
        certificate: Option<&Certificate>,
    ) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let tls = certificate.map(|certificate| TlsAcceptor::from(Arc::clone(&certificate.config)));
        let storm = Arc::clone(storm);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (channel, storm, tls) = (channel.clone(), Arc::clone(&storm), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(TokioIo::new(socket), channel, storm).await,
                        Some(tls) => {
                            if let Ok(socket) = tls.accept(socket).await {
                                serve(TokioIo::new(socket), channel, storm).await;
                            }
                        }
                    }
                });
            }
        });
        address
    }
}

async fn serve(
    io: impl Read + Write + Unpin + Send + 'static,
    channel: Channel,
    storm: Arc<Storm>,
) {
    let service = service_fn(|request| {
        let subscription = Subscription::from_request(&request).unwrap();
        let stream = channel.subscribe(subscription.start(Start::Oldest));
        let response = stream.into_response();
        let frames = match storm.below(5) {
            0 => Some(storm.below(30)),
            _ => None,
        };
        let storm = Arc::clone(&storm);
        let response = response.map(|stream| Breaking {
            stream,
            frames,
            storm,
        });
        std::future::ready(Ok::<_, Infallible>(response))
    });
    // An error is a client that has gone, or a response that broke off.
    let builder = auto::Builder::new(TokioExecutor::new());
    let _ = builder.serve_connection(io, service).await;
}

/// An event stream that breaks off after so many frames, if the storm has it.
struct Breaking {
    stream: EventStream,
    frames: Option<usize>,
    storm: Arc<Storm>,
}

impl Body for Breaking {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.frames == Some(0) && self.storm.strikes(Fault::StreamReset) {
            self.frames = None;
            return Poll::Ready(Some(Err(io::Error::other("it breaks off"))));
        }
        let polled = Pin::new(&mut self.stream).poll_frame(cx);
        if let (Poll::Ready(_), Some(frames)) = (&polled, &mut self.frames) {
            *frames = frames.saturating_sub(1);
        }
        polled.map(|frame| frame.map(|frame| Ok(frame.unwrap_or_else(|never| match never {}))))
    }
}
