//! Events as they come, whatever their type: the stream that most programs want.
//!
//! ```sh
//! cargo run -p wellspring --example messages -- http://localhost:8080/stream
//! ```
//!
//! It reconnects by itself and resumes where it was, until the server says stop (with status 204,
//! say) or you press Ctrl-C.
//!
//! Next: `signals.rs`, to see what happens in between.

#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;

use wellspring::EventSource;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("usage: messages URL")?;
    let mut source = EventSource::new(url)?;
    while let Some(event) = source.next().await {
        let event = event?;
        println!(
            "{} #{}: {}",
            event.event_type, event.last_event_id, event.data
        );
    }
    Ok(())
}
