//! An event source in a program without a runtime: an iterator that blocks the thread.
//!
//! ```sh
//! cargo run -p wellspring --example blocking -- http://localhost:8080/stream
//! ```

#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;

use wellspring::EventSource;

fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("usage: blocking URL")?;
    for event in EventSource::new(url)?.into_blocking()? {
        println!("{}", event?.data());
    }
    Ok(())
}
