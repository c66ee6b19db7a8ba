//! In: a URL. Out: a source that is held open, and each event's data as it comes. All sources of a run share what the
//! engine shares between sources; each is a task of its own.
//!
//! Next: `idle.rs`, `latency.rs`.

use super::text;
use crate::client::engines::next;
use eventsource_client::{Client as _, ClientBuilder, SSE};
use launchdarkly_sdk_transport::HyperTransport;
use std::fmt;
use std::pin::{Pin, pin};
use std::sync::Arc;
use wellspring::transport::{HttpTransport, Transport, TransportOptions};

/// The version of HTTP that an engine is asked to speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Http {
    One,
    Two,
}

impl fmt::Display for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::One => "HTTP/1.1",
            Self::Two => "HTTP/2",
        })
    }
}

/// Called with the data of each event.
pub(super) type Sink = Arc<dyn Fn(&str) + Send + Sync>;
/// Ends when the stream does.
pub(super) type Watching = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;
/// Makes sources of one engine, which share what they can.
pub(super) type Make = Box<dyn Fn(&str, Sink) -> Watching>;

#[derive(Clone, Copy)]
pub(super) struct Engine {
    pub(super) name: &'static str,
    pub(super) ours: bool,
    pub(super) http: Http,
    pub(super) prepare: fn() -> Result<Make, String>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

pub(super) const ALL: [Engine; 7] = [
    Engine {
        name: "wellspring",
        ours: true,
        http: Http::One,
        prepare: || ours(Http::One),
    },
    Engine {
        name: "reqwest + sse-stream",
        ours: false,
        http: Http::One,
        prepare: || sse_stream(Http::One),
    },
    Engine {
        name: "reqwest + sse-core",
        ours: false,
        http: Http::One,
        prepare: || sse_core(Http::One),
    },
    Engine {
        name: "eventsource-client",
        ours: false,
        http: Http::One,
        prepare: eventsource_client,
    },
    Engine {
        name: "wellspring, HTTP/2",
        ours: true,
        http: Http::Two,
        prepare: || ours(Http::Two),
    },
    Engine {
        name: "reqwest + sse-stream, HTTP/2",
        ours: false,
        http: Http::Two,
        prepare: || sse_stream(Http::Two),
    },
    Engine {
        name: "reqwest + sse-core, HTTP/2",
        ours: false,
        http: Http::Two,
        prepare: || sse_core(Http::Two),
    },
];

fn ours(http: Http) -> Result<Make, String> {
    let options = TransportOptions::new().http2_prior_knowledge(http == Http::Two);
    let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(options).map_err(text)?);
    Ok(Box::new(move |url, sink| {
        let source = wellspring::EventSource::builder(url)
            .shared_transport(Arc::clone(&transport))
            .build();
        Box::pin(async move {
            let mut source = source.map_err(text)?;
            while let Some(event) = source.next().await {
                sink(event.map_err(text)?.data);
            }
            Ok(())
        })
    }))
}

fn client(http: Http) -> Result<reqwest::Client, String> {
    let builder = reqwest::Client::builder().no_proxy();
    let builder = match http {
        Http::One => builder,
        Http::Two => builder.http2_prior_knowledge(),
    };
    builder.build().map_err(text)
}

fn sse_stream(http: Http) -> Result<Make, String> {
    let client = client(http)?;
    Ok(Box::new(move |url, sink| {
        let request = client.get(url);
        Box::pin(async move {
            let response = request.send().await.map_err(text)?;
            let mut stream = pin!(sse_stream::SseByteStream::new(response.bytes_stream()));
            while let Some(event) = next(&mut stream).await {
                sink(event.map_err(text)?.data.as_deref().unwrap_or(""));
            }
            Ok(())
        })
    }))
}

fn sse_core(http: Http) -> Result<Make, String> {
    let client = client(http)?;
    Ok(Box::new(move |url, sink| {
        let request = client.get(url);
        Box::pin(async move {
            let response = request.send().await.map_err(text)?;
            let mut stream = pin!(sse_core::SseStream::new(response.bytes_stream()));
            while let Some(event) = next(&mut stream).await {
                if let sse_core::SseEvent::Message(event) = event.map_err(text)? {
                    sink(&event.data);
                }
            }
            Ok(())
        })
    }))
}

fn eventsource_client() -> Result<Make, String> {
    let transport = HyperTransport::builder().disable_proxy();
    let transport = transport.build_http().map_err(text)?;
    Ok(Box::new(move |url, sink| {
        let builder = ClientBuilder::for_url(url).map_err(text);
        let transport = transport.clone();
        Box::pin(async move {
            let client = builder?.build_with_transport(transport);
            let mut stream = client.stream();
            let mut stream = stream.as_mut();
            while let Some(event) = next(&mut stream).await {
                if let SSE::Event(event) = event.map_err(text)? {
                    sink(&event.data);
                }
            }
            Ok(())
        })
    }))
}
