//! Everything that happens to a source: open, messages, comments, and each loss with its cause and the
//! time to the next attempt.
//!
//! ```sh
//! cargo run -p wellspring --example signals -- http://localhost:8080/stream
//! ```
//!
//! Stop the server and start it again while this runs.
//!
//! Next: `connections.rs`, several sources of one origin; `finite.rs`.

#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;
use std::time::Duration;

use wellspring::{EventSource, Signal};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("usage: signals URL")?;
    let mut source = EventSource::builder(url)
        .comments(true)
        .idle_timeout(Some(Duration::from_secs(60)))
        .build()?;
    let mut signals = source.signals();
    while let Some(signal) = signals.next().await {
        match signal? {
            Signal::Open(opened) => println!("open: {} over {:?}", opened.url, opened.version),
            Signal::Message(event) => println!("{}: {}", event.event_type, event.data),
            Signal::Comment(text) => println!("comment:{text}"),
            Signal::Reconnecting(lost) => println!("lost: {lost}"),
            other => println!("{other:?}"),
        }
    }
    Ok(())
}
