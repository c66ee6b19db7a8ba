//! The answer of a language model by `OpenAI`'s chat completions, and of the many servers that speak the same: data-only
//! events, closed by `data: [DONE]`. Comments, with which `OpenRouter` keeps the connection alive, are skipped.
//!
//! ```sh
//! API_KEY=… cargo run -p wellspring --features json --example openai_chat -- \
//!     https://api.openai.com/v1/chat/completions gpt-5-mini "Why is the sky blue?"
//! ```
//!
//! Next: `openai_responses.rs`, which resumes.

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
    let body = json!({ "model": model, "messages": messages, "stream": true });
    let key = std::env::var("API_KEY").unwrap_or_default();
    let mut source = EventSource::builder(url)
        .method("POST")
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", "application/json")
        .body(body.to_string())
        .policy(Policy::finite())
        .terminal_event(|event| event.data == "[DONE]")
        .build()?;
    let chunks = source.json::<Value>();
    let mut chunks = chunks.except(|event| event.data == "[DONE]");
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?.value;
        if let Some(error) = chunk.get("error") {
            return Err(format!("the server says: {error}").into());
        }
        if let Some(piece) = chunk["choices"][0]["delta"]["content"].as_str() {
            say(piece);
        }
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, model, question] = arguments.as_slice() else {
        return Err("usage: openai_chat URL MODEL QUESTION".into());
    };
    ask(url, model, question, |piece| print!("{piece}")).await?;
    println!();
    Ok(())
}
