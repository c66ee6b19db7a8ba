//! A source over a client of reqwest, whose proxies, certificates and resolvers a program may have set up already.
//!
//! ```text
//! cargo run -p wellspring-client-examples --example reqwest -- http://localhost:8080/events
//! ```
//!
//! For `https` the program depends on reqwest with a TLS feature of its choice.
//!
//! Next: `../tests/adapters.rs`.

#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;
use std::time::Duration;

use wellspring::EventSource;
use wellspring_reqwest::ReqwestTransport;

/// A source that asks through reqwest.
pub(crate) fn source(url: &str) -> Result<EventSource, Box<dyn Error>> {
    let client = reqwest::Client::builder()
        .user_agent("example/1")
        .connect_timeout(Duration::from_secs(5));
    let transport = ReqwestTransport::new(client)?;
    Ok(EventSource::builder(url).transport(transport).build()?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("usage: reqwest URL")?;
    let mut source = source(&url)?;
    while let Some(event) = source.next().await {
        println!("{}", event?.data);
    }
    Ok(())
}
