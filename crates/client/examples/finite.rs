//! A stream with an end, such as the answer of a language model: asked for with POST, never asked for
//! twice once it has begun, and an error when it is cut short.
//!
//! ```sh
//! cargo run -p wellspring --example finite -- http://localhost:8080/v1/chat/completions '{"stream":true}'
//! ```
//!
//! Set `API_KEY` to send it as a bearer credential.
//!
//! Next: `openai_chat.rs` and what follows it, each for one vendor; `handlers.rs`.

#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;

use wellspring::{EventSource, Failure, Policy};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: finite URL BODY";
    let url = arguments.next().ok_or(usage)?;
    let body = arguments.next().ok_or(usage)?;
    let mut builder = EventSource::builder(url)
        .method("POST")
        .header("content-type", "application/json")
        .body(body)
        .policy(Policy::finite())
        .terminal_event(|event| {
            event.data == "[DONE]" || matches!(event.event_type, "message_stop" | "error")
        });
    if let Ok(key) = std::env::var("API_KEY") {
        builder = builder.header("authorization", format!("Bearer {key}"));
    }
    let mut source = builder.build()?;
    while let Some(event) = source.next().await {
        match event {
            Ok(event) => println!("{}: {}", event.event_type, event.data),
            Err(error) if error.failure() == Some(Failure::Truncated) => {
                println!("(cut short)");
                return Err(error.into());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
