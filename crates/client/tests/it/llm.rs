//! The examples about language models, against servers that answer as the vendors' do. In: streams that are whole, cut
//! short, and interrupted by errors. Out: answers, or errors that say so; and the requests that were heard.
//!
//! Next: `mcp.rs`.

#[expect(dead_code, reason = "its main function is not used here")]
#[path = "../../examples/anthropic.rs"]
mod anthropic;
#[expect(dead_code, reason = "its main function is not used here")]
#[path = "../../examples/gemini.rs"]
mod gemini;
#[expect(dead_code, reason = "its main function is not used here")]
#[path = "../../examples/openai_chat.rs"]
mod openai_chat;
#[expect(dead_code, reason = "its main function is not used here")]
#[path = "../../examples/openai_responses.rs"]
mod openai_responses;

use crate::support::{assert_says, quick, soon, stream, whole};
use serde_json::Value;
use wellspring_testkit::server::{Request, Script, ScriptedServer};

/// What an example said, and its result as text.
async fn told<E: std::fmt::Display>(
    ask: impl AsyncFnOnce(&mut String) -> Result<(), E>,
) -> (String, String) {
    let mut said = String::new();
    let result = soon(ask(&mut said)).await;
    (
        said,
        result.map_or_else(|error| error.to_string(), |()| "done".to_owned()),
    )
}

fn json(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

async fn chat(server: &ScriptedServer) -> (String, String) {
    let url = server.url("/v1/chat/completions");
    told(async |said| openai_chat::ask(&url, "m", "why?", |piece| said.push_str(piece)).await).await
}

const PIECES: &str = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n\
    data: {\"choices\":[{\"delta\":{\"content\":\"Ray\"}}]}\n\n\
    data: {\"choices\":[{\"delta\":{\"content\":\"leigh\"}}]}\n\n";

#[tokio::test]
async fn openai_chat_ends_with_done_and_is_asked_once() {
    let body = format!("{PIECES}data: {{\"choices\":[]}}\n\ndata: [DONE]\n\n");
    let server = ScriptedServer::start([stream(&body).hang()]).await;
    assert_eq!(
        chat(&server).await,
        ("Rayleigh".to_owned(), "done".to_owned())
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].line(), "POST /v1/chat/completions HTTP/1.1");
    assert_eq!(json(&requests[0])["stream"], true);
    soon(server.ended(1)).await;
}

#[tokio::test]
async fn openai_chat_that_is_cut_short_is_an_error_and_not_asked_again() {
    for script in [whole(PIECES), stream(PIECES).reset()] {
        let server = ScriptedServer::start([script]).await;
        let (said, result) = chat(&server).await;
        assert_eq!(said, "Rayleigh");
        assert_says(&result, &["truncated", "not trying again"]);
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn openrouter_comments_are_no_data() {
    let comment = ": OPENROUTER PROCESSING\n\n";
    let error = "data: {\"error\":{\"code\":502,\"message\":\"provider\"}}\n\n";
    let body = format!("{comment}{comment}{PIECES}{comment}{error}");
    let server = ScriptedServer::start([stream(&body).hang()]).await;
    let (said, result) = chat(&server).await;
    assert_eq!(said, "Rayleigh");
    assert_says(&result, &["the server says", "502", "provider"]);
}

#[tokio::test]
async fn openai_chat_that_is_refused_shows_the_body() {
    let refusal = "{\"error\":{\"message\":\"no key\"}}";
    let head = format!(
        "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        refusal.len()
    );
    let script = Script::new().expect_request().send(head).send(refusal);
    let server = ScriptedServer::start([script]).await;
    let (_, result) = chat(&server).await;
    assert_says(&result, &["401"]);
}

async fn responses(server: &ScriptedServer) -> (String, String) {
    let url = server.url("/v1/responses");
    told(async |said| {
        let say = |piece: &str| said.push_str(piece);
        openai_responses::ask(
            &url,
            "m",
            "why?",
            |builder| builder.reconnection(quick()),
            say,
        )
        .await
    })
    .await
}

fn response_event(number: u64, event_type: &str, rest: &str) -> String {
    format!(
        "event: {event_type}\ndata: {{\"type\":\"{event_type}\",\"sequence_number\":{number}{rest}}}\n\n"
    )
}

fn begun() -> String {
    let id = ",\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\"}";
    let delta = ",\"delta\":\"Ray\"";
    [
        response_event(0, "response.created", id),
        response_event(1, "response.of_a_type_to_come", ""),
        response_event(2, "response.output_text.delta", delta),
    ]
    .concat()
}

#[tokio::test]
async fn openai_responses_resume_with_get_after_the_last_event_that_was_taken() {
    let rest = [
        response_event(3, "response.output_text.delta", ",\"delta\":\"leigh\""),
        response_event(4, "response.completed", ",\"response\":{\"id\":\"resp_1\"}"),
    ]
    .concat();
    // Cut off in mid-event, then refused a connection, then whole.
    let cut = stream(&(begun() + "event: response.output_text.delta\ndata: {\"del")).reset();
    let lost = Script::new().expect_request().reset();
    let server = ScriptedServer::start([cut, lost, stream(&rest).hang()]).await;
    assert_eq!(
        responses(&server).await,
        ("Rayleigh".to_owned(), "done".to_owned())
    );
    let requests = server.requests();
    assert_eq!(requests[0].line(), "POST /v1/responses HTTP/1.1");
    assert_eq!(json(&requests[0])["background"], true);
    for request in &requests[1..] {
        let line = "GET /v1/responses/resp_1?stream=true&starting_after=2 HTTP/1.1";
        assert_eq!(request.line(), line);
        assert_eq!(request.header("content-type"), None);
        assert_eq!(request.header("last-event-id"), None);
        assert!(request.body.is_empty());
    }
    assert_eq!(requests.len(), 3);
}

#[tokio::test]
async fn openai_responses_that_end_before_their_id_are_not_asked_again() {
    let server = ScriptedServer::start([stream(": nothing\n\n").reset()]).await;
    let (said, result) = responses(&server).await;
    assert_eq!(said, "");
    assert_says(&result, &["not trying again"]);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn each_terminal_event_of_openai_responses_ends_them() {
    for terminal in ["response.failed", "response.incomplete", "error"] {
        let body = begun() + &response_event(3, terminal, ",\"code\":\"why\"");
        let server = ScriptedServer::start([stream(&body).hang()]).await;
        let (said, result) = responses(&server).await;
        assert_eq!(said, "Ray");
        assert_says(&result, &[terminal, "why"]);
        assert_eq!(server.connections(), 1);
    }
}

async fn messages(server: &ScriptedServer) -> (String, String) {
    let url = server.url("/v1/messages");
    told(async |said| anthropic::ask(&url, "m", "why?", |piece| said.push_str(piece)).await).await
}

const DELTAS: &str = "event: message_start\ndata: {\"type\":\"message_start\"}\n\n\
    event: ping\ndata: {\"type\": \"ping\"}\n\n\
    event: of_a_type_to_come\ndata: not even JSON\n\n\
    event: content_block_delta\ndata: {\"delta\":{\"type\":\"text_delta\",\"text\":\"Ray\"}}\n\n\
    event: content_block_delta\ndata: {\"delta\":{\"type\":\"signature_delta\"}}\n\n\
    event: content_block_delta\ndata: {\"delta\":{\"type\":\"text_delta\",\"text\":\"leigh\"}}\n\n";

#[tokio::test]
async fn anthropic_messages_end_with_message_stop() {
    let body = format!("{DELTAS}event: message_stop\ndata: {{\"type\":\"message_stop\"}}\n\n");
    let server = ScriptedServer::start([stream(&body).hang()]).await;
    assert_eq!(
        messages(&server).await,
        ("Rayleigh".to_owned(), "done".to_owned())
    );
    let request = server.request(0).await;
    assert_eq!(request.headers("anthropic-version"), [b"2023-06-01"]);
}

#[tokio::test]
async fn an_error_of_anthropic_in_the_stream_is_told_from_a_lost_connection() {
    let error = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n";
    let server = ScriptedServer::start([stream(&format!("{DELTAS}{error}")).hang()]).await;
    let (said, result) = messages(&server).await;
    assert_eq!(said, "Rayleigh");
    assert_says(&result, &["overloaded_error", "busy"]);
    let server = ScriptedServer::start([stream(DELTAS).reset()]).await;
    assert_says(&messages(&server).await.1, &["truncated"]);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn gemini_ends_with_its_body_and_says_why() {
    let piece = |text: &str, reason: &str| {
        format!(
            "data: {{\"candidates\":[{{\"content\":{{\"parts\":[{{\"text\":\"{text}\"}}]}}{reason}}}]}}\r\n\r\n"
        )
    };
    let body = piece("Ray", "") + &piece("leigh", ",\"finishReason\":\"STOP\"");
    let ask = async |server: &ScriptedServer| {
        let url = server.url("/v1beta/models/g:streamGenerateContent?alt=sse");
        let mut said = String::new();
        let result = soon(gemini::ask(&url, "why?", |piece| said.push_str(piece))).await;
        (said, result.unwrap_or_else(|error| error.to_string()))
    };
    let server = ScriptedServer::start([whole(&body)]).await;
    assert_eq!(
        ask(&server).await,
        ("Rayleigh".to_owned(), "STOP".to_owned())
    );
    let line = server.request(0).await.line();
    assert_eq!(
        line,
        "POST /v1beta/models/g:streamGenerateContent?alt=sse HTTP/1.1"
    );
    let server = ScriptedServer::start([whole(&piece("Ray", ""))]).await;
    let (said, result) = ask(&server).await;
    assert_eq!(said, "Ray");
    assert_says(&result, &["cut short"]);
    assert_eq!(server.connections(), 1);
}
