//! The answer of a language model by Gemini: data-only events with CRLF, and nothing that closes them. Whether the answer
//! is whole is in its last event.
//!
//! ```sh
//! API_KEY=… cargo run -p wellspring --features json --example gemini -- \
//!     'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse' \
//!     "Why is the sky blue?"
//! ```
//!
//! Next: `mcp/main.rs`.

#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;

use serde_json::{Value, json};
use wellspring::{EventSource, Policy};

/// Calls `say` with each piece of the answer, and returns why it ended.
pub(crate) async fn ask(
    url: &str,
    question: &str,
    mut say: impl FnMut(&str),
) -> Result<String, Box<dyn Error>> {
    let body = json!({ "contents": [{ "parts": [{ "text": question }] }] });
    let key = std::env::var("API_KEY").unwrap_or_default();
    let mut source = EventSource::builder(url)
        .method("POST")
        .sensitive_header("x-goog-api-key", key)
        .header("content-type", "application/json")
        .body(body.to_string())
        .policy(Policy::finite())
        .build()?;
    let mut reason = None;
    let mut chunks = source.json::<Value>();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?.value;
        let candidate = &chunk["candidates"][0];
        for part in candidate["content"]["parts"]
            .as_array()
            .into_iter()
            .flatten()
        {
            say(part["text"].as_str().unwrap_or(""));
        }
        if let Some(text) = candidate["finishReason"].as_str() {
            reason = Some(text.to_owned());
        }
    }
    reason.ok_or_else(|| "the answer is cut short: it ended without a reason".into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, question] = arguments.as_slice() else {
        return Err("usage: gemini URL QUESTION".into());
    };
    let reason = ask(url, question, |piece| print!("{piece}")).await?;
    println!("\n({reason})");
    Ok(())
}
