//! A program that may be killed at any time: events and position are in one database, and it goes on
//! where it was. In: the URL of an event stream, and a database to be. Out: each event once, in its
//! table; with `show` as a third argument, what is in it.
//!
//! ```sh
//! cargo run -p wellspring-sqlite --example store -- http://localhost:8080/events events.db
//! ```
//!
//! Next: `own_tables.rs`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example")]

use std::env;
use std::error::Error;
use std::ops::ControlFlow;

use wellspring::store::{Recorder, RecorderError};
use wellspring::{EventSource, Policy, Signal};
use wellspring_sqlite::SqliteStore;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(url), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("usage: store URL DATABASE [show]".into());
    };
    let mut store = SqliteStore::open(&path)?;
    if arguments.next().is_some() {
        return Ok(store.read(&url, 0, |stored| {
            println!("{} {}", stored.sequence, stored.event.data);
            ControlFlow::Continue(())
        })?);
    }
    let builder = EventSource::builder(&url).policy(Policy::resilient());
    let mut recorder = Recorder::resume(builder, store, &url).await?;
    println!("after {:?}", recorder.source().last_event_id());
    while let Some(signal) = recorder.next_signal().await {
        match signal {
            Ok(Signal::Message(event)) => println!("{}", event.data),
            Ok(Signal::Reconnecting(lost)) => eprintln!("{lost}"),
            Ok(_) => {}
            // It is tried again, with the same events: there may be space by then.
            Err(RecorderError::Store(error)) => eprintln!("{error}"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
