//! Channel to event source over HTTP/2: by prior knowledge, and over TLS by ALPN.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::sync::Arc;

use http::Version;
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use support::{channel, next_data, next_datas, numbers, open, source};
use wellspring::EventSource;
use wellspring::transport::{HttpTransport, Transport, TransportOptions};
use wellspring_e2e::server::ChannelServer;
use wellspring_server::Channel;

const SOURCES: usize = 10;

/// Sources that share a transport, all open.
async fn sources(url: &str, options: TransportOptions) -> Vec<EventSource> {
    let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(options).unwrap());
    let mut sources = Vec::new();
    for _ in 0..SOURCES {
        let builder = source(url).shared_transport(Arc::clone(&transport));
        let mut source = builder.build().unwrap();
        open(&mut source).await;
        assert_eq!(source.opened().unwrap().version, Version::HTTP_2);
        sources.push(source);
    }
    sources
}

fn publish(channel: &Channel, range: std::ops::Range<u64>) {
    for number in range {
        channel.publish(number.to_string()).unwrap();
    }
}

/// Each gets everything, through a loss of the connection that they share.
async fn read_through_a_cut(
    server: &ChannelServer,
    channel: &Channel,
    sources: &mut [EventSource],
) {
    assert_eq!((server.accepted(), server.requests()), (1, SOURCES));
    publish(channel, 0..20);
    for source in sources.iter_mut() {
        assert_eq!(next_datas(source, 20).await, numbers(0..20));
    }
    server.cut();
    publish(channel, 20..40);
    for source in sources.iter_mut() {
        assert_eq!(next_datas(source, 20).await, numbers(20..40));
    }
    assert_eq!(server.requests(), 2 * SOURCES);
}

#[tokio::test]
async fn sources_share_a_connection_by_prior_knowledge_and_resume() {
    let channel = channel("h2c");
    let server = ChannelServer::start(channel.clone()).await.unwrap();
    let options = TransportOptions::new().http2_prior_knowledge(true);
    let mut sources = sources(&server.url("/"), options).await;
    read_through_a_cut(&server, &channel, &mut sources).await;
}

#[tokio::test]
async fn sources_share_a_connection_over_tls_and_resume() {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = certified.cert.der().clone();
    let key = PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let mut config = builder
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key.into())
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];

    let channel = channel("tls");
    let server = ChannelServer::start_tls(channel.clone(), config)
        .await
        .unwrap();
    let options = TransportOptions::new()
        .built_in_roots(false)
        .root_certificate_der(certificate.to_vec());
    let mut sources = sources(&server.url("/"), options).await;
    read_through_a_cut(&server, &channel, &mut sources).await;
}

/// More than the window of a stream waits for a source that nobody polls.
#[tokio::test]
async fn a_source_that_is_not_read_does_not_stall_its_connection() {
    const EVENTS: usize = 2_000;
    let channel = channel("h2c");
    let server = ChannelServer::start(channel.clone()).await.unwrap();
    let options = TransportOptions::new().http2_prior_knowledge(true);
    let mut sources = sources(&server.url("/"), options).await;
    let mut read = sources.pop().unwrap();
    let padding = "x".repeat(4_000);
    for number in 0..EVENTS {
        channel.publish(format!("{number} {padding}")).unwrap();
        let data = next_data(&mut read).await;
        assert!(data.starts_with(&format!("{number} ")), "{number}");
    }
    assert_eq!((server.accepted(), server.requests()), (1, SOURCES));
    // The others have lost nothing: what the history holds no more, they are told.
    for mut source in sources {
        assert!(next_data(&mut source).await.starts_with("0 "));
    }
}

/// Closing one stream leaves the connection to the others.
#[tokio::test]
async fn closing_one_source_leaves_the_connection_to_the_others() {
    let channel = channel("h2c");
    let server = ChannelServer::start(channel.clone()).await.unwrap();
    let options = TransportOptions::new().http2_prior_knowledge(true);
    let mut sources = sources(&server.url("/"), options).await;
    drop(sources.drain(1..));
    support::until(|| channel.subscriber_count() == 1).await;
    publish(&channel, 0..3);
    assert_eq!(next_datas(&mut sources[0], 3).await, numbers(0..3));
    assert_eq!(server.accepted(), 1);
}
