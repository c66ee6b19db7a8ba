//! The answer of a language model by `OpenAI`'s responses: events named `response.…`, numbered in their data, closed by one
//! of four. A background response goes on when its connection is lost, and is resumed by a number in the query: POST once,
//! then GET.
//!
//! ```sh
//! API_KEY=… cargo run -p wellspring --features json --example openai_responses -- \
//!     https://api.openai.com/v1/responses gpt-5-mini "Why is the sky blue?"
//! ```
//!
//! Next: `anthropic.rs`.

#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use http::Method;
use serde_json::{Value, json};
use wellspring::{Attempt, Decision, EventSource, EventSourceBuilder};

/// Where the answer is, and the number of the last event that was taken.
#[derive(Clone, Default)]
struct Progress(Arc<Mutex<Option<(String, u64)>>>);

impl Progress {
    fn get(&self) -> Option<(String, u64)> {
        let progress = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        progress.clone()
    }

    /// Takes note of an event: its number, and the response's id where it has one.
    fn note(&self, event: &Value) {
        let mut progress = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(number) = event["sequence_number"].as_u64() else {
            return;
        };
        match (event["response"]["id"].as_str(), &mut *progress) {
            (_, Some((_, last))) => *last = number,
            (Some(id), none) => *none = Some((id.to_owned(), number)),
            (None, None) => {}
        }
    }

    /// The request after the first: what is missing of the answer, not another answer.
    fn resume(&self, mut attempt: Attempt) -> Attempt {
        if let Some((id, number)) = self.get() {
            // Without the body, and without the headers that describe it.
            attempt.method = Method::GET;
            let mut path = attempt.url.path().trim_end_matches('/').to_owned();
            path.push('/');
            path.push_str(&id);
            attempt.url.set_path(&path);
            let mut query = attempt.url.query_pairs_mut();
            query.append_pair("stream", "true");
            query.append_pair("starting_after", &number.to_string());
        }
        attempt
    }
}

/// Calls `say` with each piece of the answer; `wishes` may change the source.
pub(crate) async fn ask(
    url: &str,
    model: &str,
    question: &str,
    wishes: impl FnOnce(EventSourceBuilder) -> EventSourceBuilder,
    mut say: impl FnMut(&str),
) -> Result<(), Box<dyn Error>> {
    let body = json!({ "model": model, "input": question, "stream": true, "background": true });
    let key = std::env::var("API_KEY").unwrap_or_default();
    let progress = Progress::default();
    let (asking, deciding) = (progress.clone(), progress.clone());
    let builder = EventSource::builder(url)
        .method("POST")
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", "application/json")
        .body(body.to_string())
        .terminal_event(|event| is_terminal(event.event_type))
        .before_attempt(move |attempt| {
            let attempt = asking.resume(attempt);
            async { Ok::<_, std::convert::Infallible>(attempt) }
        })
        // A POST is not repeated; but once the answer has a place, the next request is no POST.
        .on_end(move |end| match deciding.get() {
            Some(_) if !end.terminal_event => Decision::Reconnect,
            _ => Decision::Default,
        });
    let mut source = wishes(builder).build()?;
    let mut events = source.json::<Value>();
    let mut closed_by = None;
    while let Some(message) = events.next().await {
        let message = message?;
        progress.note(&message.value);
        match message.event.event_type() {
            "response.output_text.delta" => say(message.value["delta"].as_str().unwrap_or("")),
            terminal if is_terminal(terminal) => closed_by = Some(message),
            _ => {}
        }
    }
    match closed_by {
        Some(message) if message.event.event_type() == "response.completed" => Ok(()),
        Some(message) => Err(message.event.data().into()),
        None => Err("the source was closed".into()),
    }
}

fn is_terminal(event_type: &str) -> bool {
    let terminal = [
        "response.completed",
        "response.failed",
        "response.incomplete",
        "error",
    ];
    terminal.contains(&event_type)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, model, question] = arguments.as_slice() else {
        return Err("usage: openai_responses URL MODEL QUESTION".into());
    };
    ask(
        url,
        model,
        question,
        |builder| builder,
        |piece| print!("{piece}"),
    )
    .await?;
    println!();
    Ok(())
}
