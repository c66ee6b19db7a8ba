//! The standard's face, as a page would write it:
//!
//! ```js
//! const source = new EventSource("sse.php");
//! source.onmessage = (event) => { … };
//! source.addEventListener("notice", (event) => { … });
//! ```
//!
//! ```sh
//! cargo run -p wellspring --example handlers -- http://localhost:8080/sse.php
//! ```
//!
//! Next: `blocking.rs`.

#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;

use wellspring::{DomEvent, EventSource};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("usage: handlers URL")?;
    let source = EventSource::new(url)?;

    source.onopen(|_| println!("The connection is open."));
    source.onmessage(|event| {
        if let DomEvent::Message(message) = event {
            println!("message: {}", message.data);
        }
    });
    for event_type in ["notice", "update"] {
        source.add_event_listener(event_type, move |event| {
            if let DomEvent::Message(message) = event {
                println!("{event_type}: {}", message.data);
            }
        });
    }
    source.onerror(|event| {
        if let DomEvent::Error(error) = event {
            println!("{error}");
        }
    });

    // Nothing is called before this, so nothing is missed. `spawn` does the same in a task of its own.
    source.run().await;
    Ok(())
}
