//! Streams with an end, by what sends them. In: an event. Out: whether it is the last one, and whether it says that
//! something went wrong.
//!
//! Next: `../source/builder/policy.rs`, which takes one.

use serde_json::Value;
use wellspring_proto::EventRef;

/// Which stream with an end a server sends: the answer of a language model, or that of a call of MCP. The feature
/// `json` of this crate.
///
/// | stream | last event | an error in the stream | between events | after a loss |
/// |---|---|---|---|---|
/// | [`OpenAiChat`](Self::OpenAiChat) | data `[DONE]` | data with an `error` | nothing | ask anew |
/// | [`OpenAiResponses`](Self::OpenAiResponses) | type `response.completed`, `response.incomplete` | type `response.failed`, `error` | nothing | with `background`, `GET` with `starting_after` |
/// | [`Anthropic`](Self::Anthropic) | type `message_stop` | type `error` | events of type `ping` | ask anew |
/// | [`Gemini`](Self::Gemini) | data with a `finishReason` of a candidate | data with an `error` | nothing | ask anew |
/// | [`Ollama`](Self::Ollama) | data `[DONE]` | data with an `error` | nothing | ask anew |
/// | [`LlamaCpp`](Self::LlamaCpp) | data `[DONE]`; of `/completion` data with `"stop":true` | data with an `error` | nothing | ask anew |
/// | [`Vllm`](Self::Vllm) | data `[DONE]` | data with an `error` | nothing | ask anew |
/// | [`OpenRouter`](Self::OpenRouter) | data `[DONE]` | data with an `error` | comments | ask anew |
/// | [`Mcp`](Self::Mcp) | a JSON-RPC response | a JSON-RPC response with an `error` | notices; from 2025-11 an event with an id and empty data first; from 2026-07 comments | 2025-03 to 2025-11 `GET` with `Last-Event-ID` after `retry`; from 2026-07 ask anew |
///
/// An error in the stream is its last event too. Ollama's own API sends lines of JSON, which are no event stream.
///
/// ```
/// use wellspring::{EventRef, FiniteStream};
///
/// let error = EventRef::new("message", r#"{"error":{"code":502}}"#, "");
/// assert!(FiniteStream::OpenRouter.is_error(error));
/// assert!(FiniteStream::OpenRouter.is_last(error));
/// assert!(FiniteStream::Anthropic.is_last(EventRef::new("message_stop", "{}", "")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FiniteStream {
    /// Chat completions of OpenAI, and of what is compatible with them.
    OpenAiChat,
    /// Responses of OpenAI.
    OpenAiResponses,
    /// Messages of Anthropic.
    Anthropic,
    /// `streamGenerateContent` of Gemini with `alt=sse`, and one candidate.
    Gemini,
    /// The API of Ollama that is compatible with OpenAI's.
    Ollama,
    /// llama.cpp's server, with either API.
    LlamaCpp,
    /// vLLM's server.
    Vllm,
    /// OpenRouter.
    OpenRouter,
    /// One call of the Model Context Protocol over Streamable HTTP, of any version.
    Mcp,
}

impl FiniteStream {
    /// Returns whether nothing comes after this event: it completes the stream, or says what went wrong.
    #[must_use]
    pub fn is_last(self, event: EventRef<'_>) -> bool {
        let completes = match self {
            Self::OpenAiChat | Self::Ollama | Self::Vllm | Self::OpenRouter => {
                event.data == "[DONE]"
            }
            Self::LlamaCpp => event.data == "[DONE]" || has(event, "stop", is_true),
            Self::OpenAiResponses => matches!(
                event.event_type,
                "response.completed" | "response.incomplete"
            ),
            Self::Anthropic => event.event_type == "message_stop",
            Self::Gemini => has(event, "candidates", |candidates| {
                let mut candidates = candidates.as_array().into_iter().flatten();
                candidates.any(|candidate| candidate["finishReason"].is_string())
            }),
            Self::Mcp => is_response(event, "result"),
        };
        completes || self.is_error(event)
    }

    /// Returns whether this event says that something went wrong after the stream had begun.
    #[must_use]
    pub fn is_error(self, event: EventRef<'_>) -> bool {
        match self {
            Self::OpenAiResponses => matches!(event.event_type, "response.failed" | "error"),
            Self::Anthropic => event.event_type == "error",
            Self::Mcp => is_response(event, "error"),
            Self::OpenAiChat
            | Self::Gemini
            | Self::Ollama
            | Self::LlamaCpp
            | Self::Vllm
            | Self::OpenRouter => has(event, "error", |error| !error.is_null()),
        }
    }
}

fn is_true(value: &Value) -> bool {
    value == &Value::Bool(true)
}

/// Whether the data is an object with such a member. What has not even its name is not parsed.
fn has(event: EventRef<'_>, name: &str, is_so: impl Fn(&Value) -> bool) -> bool {
    let quoted = format!("\"{name}\"");
    event.data.contains(&quoted)
        && serde_json::from_str::<Value>(event.data)
            .is_ok_and(|data| data.get(name).is_some_and(is_so))
}

/// A response has an id and no method; a request of the server's may have an id too.
fn is_response(event: EventRef<'_>, member: &str) -> bool {
    has(event, member, |_| true) && has(event, "id", |_| true) && !has(event, "method", |_| true)
}
