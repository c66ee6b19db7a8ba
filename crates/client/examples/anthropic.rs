//! The answer of a language model by Anthropic's messages: named events, `ping` among them, closed by `message_stop`. An
//! error may come as an event after the status was 200; types that are not known are passed over.
//!
//! ```sh
//! API_KEY=… cargo run -p wellspring --features json --example anthropic -- \
//!     https://api.anthropic.com/v1/messages claude-sonnet-4-5 "Why is the sky blue?"
//! ```
//!
//! Next: `gemini.rs`.

#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;

use serde_json::{Value, json};
use wellspring::{EventSource, Policy};

/// Calls `say` with each piece of the answer. An answer that is cut short is an error, and never asked for again.
pub(crate) async fn ask(
    url: &str,
    model: &str,
    question: &str,
    mut say: impl FnMut(&str),
) -> Result<(), Box<dyn Error>> {
    let messages = json!([{ "role": "user", "content": question }]);
    let body = json!({ "model": model, "max_tokens": 1024, "messages": messages, "stream": true });
    let key = std::env::var("API_KEY").unwrap_or_default();
    let mut source = EventSource::builder(url)
        .method("POST")
        .sensitive_header("x-api-key", key)
        .header("anthropic-version", "2023-06-01")
        .header("content-type", "application/json")
        .body(body.to_string())
        .policy(Policy::finite())
        .terminal_event(|event| matches!(event.event_type, "message_stop" | "error"))
        .build()?;
    while let Some(event) = source.next().await {
        let event = event?;
        // What the server calls an error is an event like any other: the connection is well.
        match event.event_type {
            "content_block_delta" => {
                let value: Value = serde_json::from_str(event.data)?;
                say(value["delta"]["text"].as_str().unwrap_or(""));
            }
            "error" => {
                let value: Value = serde_json::from_str(event.data)?;
                let error = &value["error"];
                return Err(format!("{}: {}", error["type"], error["message"]).into());
            }
            _ => {}
        }
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, model, question] = arguments.as_slice() else {
        return Err("usage: anthropic URL MODEL QUESTION".into());
    };
    ask(url, model, question, |piece| print!("{piece}")).await?;
    println!();
    Ok(())
}
