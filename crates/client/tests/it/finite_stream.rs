//! What language models and MCP send, as it is documented. In: streams that are whole, cut short, and broken by an
//! error. Out: the end of the source, or the error that says what is missing.
//!
//! Next: `llm.rs`, with the examples.

use crate::support::{builder, soon, stream, whole};
use wellspring::{EventSource, Failure, FiniteStream};
use wellspring_testkit::server::ScriptedServer;

/// A stream, a piece of it, its last event, and an error in its place.
struct Wire {
    stream: FiniteStream,
    piece: &'static str,
    last: &'static str,
    error: &'static str,
}

const DONE: &str = "data: [DONE]\n\n";
const DELTA: &str =
    "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}\n\n";
const ERROR: &str =
    "data: {\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"code\":500}}\n\n";

const WIRES: [Wire; 9] = [
    Wire {
        stream: FiniteStream::OpenAiChat,
        piece: DELTA,
        last: DONE,
        error: ERROR,
    },
    Wire {
        stream: FiniteStream::Ollama,
        piece: DELTA,
        last: DONE,
        error: ERROR,
    },
    Wire {
        stream: FiniteStream::Vllm,
        // A null says that there is none.
        piece: "data: {\"choices\":[{\"text\":\"a\"}],\"error\":null}\n\n",
        last: DONE,
        error: ERROR,
    },
    Wire {
        stream: FiniteStream::OpenRouter,
        piece: ": OPENROUTER PROCESSING\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"\\\"error\\\"\"}}]}\n\n",
        last: DONE,
        error: "data: {\"error\":{\"code\":502,\"message\":\"m\"},\"choices\":[{\"finish_reason\":\"error\"}]}\n\n",
    },
    Wire {
        stream: FiniteStream::LlamaCpp,
        piece: "data: {\"content\":\"a\",\"stop\":false}\n\n",
        last: "data: {\"content\":\"\",\"stop\":true}\n\n",
        error: ERROR,
    },
    Wire {
        stream: FiniteStream::OpenAiResponses,
        piece: "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}\n\n",
        last: "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"error\":null}}\n\n",
        error: "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\"}\n\n",
    },
    Wire {
        stream: FiniteStream::Anthropic,
        piece: "event: ping\ndata: {\"type\":\"ping\"}\n\n",
        last: "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
        error: "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n",
    },
    Wire {
        stream: FiniteStream::Gemini,
        piece: "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\r\n\r\n",
        last: "data: {\"candidates\":[{\"content\":{},\"finishReason\":\"STOP\"}]}\r\n\r\n",
        error: "data: {\"error\":{\"code\":503,\"status\":\"UNAVAILABLE\"}}\r\n\r\n",
    },
    Wire {
        stream: FiniteStream::Mcp,
        // An event to resume from, a notice, and a question of the server's with an id of its own.
        piece: "id: p0\nretry: 300\ndata:\n\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"result\":1}}\n\n\
                data: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"error\":1}}\n\n",
        last: "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}\n\n",
        error: "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32603,\"message\":\"m\"}}\n\n",
    },
];

fn ask(server: &ScriptedServer, stream: FiniteStream) -> EventSource {
    let builder = builder(server.url("/")).method("POST").body("{}");
    builder.finite_stream(stream).build().unwrap()
}

/// Reads to the end; returns whether the last event said that something went wrong.
async fn read(source: &mut EventSource, stream: FiniteStream) -> bool {
    let mut is_error = false;
    while let Some(event) = soon(source.next()).await {
        let event = event.unwrap();
        assert!(!is_error, "{stream:?}: {event:?} comes after an error");
        is_error = stream.is_error(event);
    }
    is_error
}

#[tokio::test]
async fn each_stream_ends_with_its_last_event_though_the_body_goes_on() {
    for wire in WIRES {
        let body = format!("{}{}{}", wire.piece, wire.piece, wire.last);
        let server = ScriptedServer::start([stream(&body).hang()]).await;
        let mut source = ask(&server, wire.stream);
        assert!(!read(&mut source, wire.stream).await, "{:?}", wire.stream);
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn an_error_in_the_stream_is_its_last_event() {
    for wire in WIRES {
        let body = format!("{}{}{DELTA}", wire.piece, wire.error);
        let server = ScriptedServer::start([stream(&body).hang()]).await;
        let mut source = ask(&server, wire.stream);
        assert!(read(&mut source, wire.stream).await, "{:?}", wire.stream);
    }
}

#[tokio::test]
async fn a_stream_that_is_cut_short_is_an_error_and_not_asked_for_again() {
    for wire in WIRES {
        let server = ScriptedServer::start([whole(wire.piece)]).await;
        let mut source = ask(&server, wire.stream);
        let error = loop {
            match soon(source.next()).await.unwrap() {
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert_eq!(
            error.failure(),
            Some(Failure::Truncated),
            "{:?}",
            wire.stream
        );
        assert_eq!(server.connections(), 1);
    }
}
