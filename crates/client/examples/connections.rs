//! Ten sources of one origin that behave as in a browser: over HTTP/1.1 six are open at a time and the others wait their
//! turn, over HTTP/2 all share a connection. With a second argument they go through that proxy.
//!
//! ```sh
//! cargo run -p wellspring --example connections -- http://127.0.0.1:8080/news
//! cargo run -p wellspring --example connections -- https://example.com/stream socks5h://localhost:1080
//! ```
//!
//! Next: `handlers.rs`.

#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use wellspring::transport::{HttpTransport, Proxy, Transport, TransportOptions};
use wellspring::{EventSource, Policy, Signal};

/// Says what happens to a source, and closes it after its third event.
async fn follow(number: usize, mut source: EventSource) {
    let handle = source.handle().clone();
    let mut signals = source.signals();
    let mut left = 3;
    while let Some(signal) = signals.next().await {
        match signal {
            Ok(Signal::Queued(place)) => println!("{number}: waits, at place {place}"),
            Ok(Signal::Open(opened)) => println!("{number}: open, {:?}", opened.version),
            Ok(Signal::Message(event)) => {
                println!("{number}: {}", event.data);
                left -= 1;
                if left == 0 {
                    handle.close();
                }
            }
            Ok(Signal::Reconnecting(lost)) => println!("{number}: {lost}"),
            Ok(_) => {}
            Err(error) => println!("{number}: {error}"),
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("usage: connections URL [PROXY]")?;
    // Half-open connections over HTTP/2 are found by pings.
    let (every, patience) = (Duration::from_secs(30), Duration::from_secs(10));
    let mut options = TransportOptions::new().http2_keep_alive(every, patience);
    if let Some(proxy) = arguments.next() {
        options = options.proxy(Proxy::new(proxy)?);
    }
    // The sources that share this share its connections.
    let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(options)?);
    let mut following = JoinSet::new();
    for number in 1..=10 {
        let source = EventSource::builder(&url)
            .policy(Policy::browser())
            .connect_timeout(Some(Duration::from_secs(5)))
            .shared_transport(Arc::clone(&transport))
            .build()?;
        following.spawn(follow(number, source));
    }
    following.join_all().await;
    Ok(())
}
