//! The example about MCP, against servers of both of its eras. In: answers as JSON, as streams, as streams that are cut
//! off. Out: the answer, what was said before it, and the requests that were heard.
//!
//! Next: `llm.rs`.

#[path = "../../examples/mcp/era_2025.rs"]
mod era_2025;
#[path = "../../examples/mcp/era_2026.rs"]
mod era_2026;
#[path = "../../examples/mcp/exchange.rs"]
mod exchange;

use std::time::Instant;

use crate::support::{assert_says, ms, next_data, soon, stream, whole};
use serde_json::{Value, json};
use wellspring_testkit::server::{Script, ScriptedServer};

const NOTICE: &str =
    r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}"#;
const ANSWER: &str = r#"{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}"#;

fn request() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })
}

fn json_answer() -> Script {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n";
    let head = format!("{head}Content-Length: {}\r\n\r\n", ANSWER.len());
    Script::new().expect_request().send(head).send(ANSWER)
}

/// The answer, how many notices came before it.
async fn call_2025(server: &ScriptedServer) -> Result<(Value, usize), String> {
    let url = server.url("/mcp");
    let (asked, mut notices) = (request(), 0);
    let call = era_2025::call(&url, Some("s1"), &asked, |_| notices += 1);
    let answer = soon(call).await.map_err(|error| error.to_string())?;
    Ok((answer["result"].clone(), notices))
}

async fn call_2026(server: &ScriptedServer) -> Result<(Value, usize), String> {
    let url = server.url("/mcp");
    let (asked, mut notices) = (request(), 0);
    let call = era_2026::call(&url, &asked, |_| notices += 1);
    let answer = soon(call).await.map_err(|error| error.to_string())?;
    Ok((answer["result"].clone(), notices))
}

#[tokio::test]
async fn an_answer_may_be_json_in_both_eras() {
    let server = ScriptedServer::start([json_answer(), json_answer()]).await;
    let expected = Ok((json!({ "tools": [] }), 0));
    assert_eq!(call_2025(&server).await, expected);
    assert_eq!(call_2026(&server).await, expected);
    let request = server.request(0).await;
    assert_eq!(request.line(), "POST /mcp HTTP/1.1");
    assert_eq!(
        request.headers("accept"),
        [b"application/json, text/event-stream"]
    );
    assert_eq!(request.headers("mcp-session-id"), [b"s1"]);
}

#[tokio::test]
async fn an_answer_may_be_a_stream_in_both_eras() {
    let body = format!(": keep-alive\n\ndata: {NOTICE}\n\nevent: message\ndata: {ANSWER}\n\n");
    let script = || stream(&body).hang();
    let server = ScriptedServer::start([script(), script()]).await;
    let expected = Ok((json!({ "tools": [] }), 1));
    assert_eq!(call_2025(&server).await, expected);
    assert_eq!(call_2026(&server).await, expected);
    soon(server.ended(2)).await;
}

#[tokio::test]
async fn mcp_2025_resumes_with_get_from_the_priming_event_after_retry() {
    for cut in [
        whole("id: p0\nretry: 300\ndata:\n\n"),
        stream(&format!(
            "id: p0\nretry: 300\ndata:\n\ndata: {NOTICE}\n\nid: p1\ndata: {{\"half"
        ))
        .reset(),
    ] {
        let again = whole(&format!("id: p2\ndata: {NOTICE}\n\n"));
        let rest = stream(&format!("data: {ANSWER}\n\n")).hang();
        let server = ScriptedServer::start([cut, again, rest]).await;
        let begun = Instant::now();
        let (answer, notices) = call_2025(&server).await.unwrap();
        assert_eq!(answer, json!({ "tools": [] }));
        assert!(notices >= 1);
        assert!(begun.elapsed() >= ms(600), "{:?}", begun.elapsed());
        let requests = server.requests();
        for (request, id) in requests[1..].iter().zip(["p0", "p2"]) {
            assert_eq!(request.line(), "GET /mcp HTTP/1.1");
            assert_eq!(request.headers("last-event-id"), [id.as_bytes()]);
            assert_eq!(request.headers("mcp-session-id"), [b"s1"]);
            assert_eq!(request.headers("accept"), [b"text/event-stream"]);
            assert!(request.body.is_empty());
        }
        assert_eq!(requests.len(), 3);
    }
}

#[tokio::test]
async fn mcp_2025_without_an_id_is_not_resumed() {
    let server = ScriptedServer::start([whole(&format!("data: {NOTICE}\n\n"))]).await;
    let error = call_2025(&server).await.unwrap_err();
    assert_says(&error, &["before there was an id"]);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn mcp_2025_listens_with_get_unless_405_says_that_there_is_no_stream() {
    let refused = |status| Script::answer(status, &["Connection: close"]);
    let notice = stream(&format!("data: {NOTICE}\n\n")).hang();
    let scripts = [refused("405 Not Allowed"), refused("404 Not Found"), notice];
    let server = ScriptedServer::start(scripts).await;
    let url = server.url("/mcp");
    assert!(soon(era_2025::listen(&url, None)).await.unwrap().is_none());
    let gone = soon(era_2025::listen(&url, Some("s1"))).await.unwrap_err();
    assert_says(&gone.to_string(), &["the session is gone"]);
    let mut source = soon(era_2025::listen(&url, Some("s1")))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(next_data(&mut source).await, NOTICE);
    assert_eq!(server.request(2).await.line(), "GET /mcp HTTP/1.1");
}

#[tokio::test]
async fn a_session_that_is_gone_is_told() {
    let script = Script::answer("404 Not Found", &["Connection: close"]);
    let server = ScriptedServer::start([script]).await;
    assert_says(
        &call_2025(&server).await.unwrap_err(),
        &["the session is gone"],
    );
}

#[tokio::test]
async fn mcp_2026_is_never_resumed() {
    for cut in [
        whole(&format!("id: 7\nretry: 1\ndata: {NOTICE}\n\n")),
        stream(&format!("data: {NOTICE}\n\n")).reset(),
    ] {
        let server = ScriptedServer::start([cut]).await;
        let error = call_2026(&server).await.unwrap_err();
        assert_says(&error, &["truncated", "not trying again"]);
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn mcp_2026_cancels_by_closing() {
    let server = ScriptedServer::start([stream(&format!("data: {NOTICE}\n\n")).hang()]).await;
    let url = server.url("/mcp");
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let asked = request();
    let mut call = Box::pin(era_2026::call(&url, &asked, |_| tell.send(()).unwrap()));
    tokio::select! {
        _ = &mut call => panic!("there is no answer"),
        notice = soon(told.recv()) => assert!(notice.is_some()),
    }
    assert_eq!(server.open_connections(), 1);
    drop(call);
    soon(server.ended(1)).await;
}
