use super::{Script, ScriptedServer};
use std::io::ErrorKind;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const REQUEST: &[u8] = b"GET /a HTTP/1.1\r\nHost: x\r\nX-Raw: \xC3\xA9\xFF \r\nx-raw:2\r\n\r\n";

async fn connect(server: &ScriptedServer) -> TcpStream {
    let mut client = TcpStream::connect(server.address()).await.unwrap();
    client.write_all(REQUEST).await.unwrap();
    client
}

async fn read_all(client: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).await.unwrap();
    bytes
}

#[tokio::test]
async fn each_connection_takes_the_next_script() {
    let scripts = ["a", "b"].map(|body| Script::new().expect_request().send(body));
    let server = ScriptedServer::start(scripts).await;
    assert_eq!(read_all(&mut connect(&server).await).await, b"a");
    assert_eq!(read_all(&mut connect(&server).await).await, b"b");
    server.ended(2).await;
    let mut late = TcpStream::connect(server.address()).await.unwrap();
    assert_eq!(late.read(&mut [0; 9]).await.unwrap(), 0);
    server.accepted(3).await;
    assert_eq!((server.connections(), server.requests().len()), (3, 2));
}

#[tokio::test]
async fn a_request_is_kept_byte_by_byte() {
    let server = ScriptedServer::start_repeating(Script::new().expect_request()).await;
    connect(&server).await;
    let request = server.request(0).await;
    assert_eq!(request.head, REQUEST);
    assert_eq!(request.line(), "GET /a HTTP/1.1");
    assert_eq!(request.header("X-RAW").unwrap(), b"\xC3\xA9\xFF");
    assert_eq!(request.headers("x-raw").len(), 2);
    assert_eq!(request.header("x"), None);
}

#[tokio::test]
async fn a_request_may_have_a_body() {
    let server = ScriptedServer::start_repeating(Script::answer("204 No", &["A: b"])).await;
    let mut client = TcpStream::connect(server.address()).await.unwrap();
    let request = b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello";
    client.write_all(request).await.unwrap();
    let answer = read_all(&mut client).await;
    assert_eq!(
        answer,
        b"HTTP/1.1 204 No\r\nContent-Length: 0\r\nA: b\r\n\r\n"
    );
    assert_eq!(server.request(0).await.body, b"hello");
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    let script = Script::event_stream("data: a").pause(Duration::from_millis(20));
    let server = ScriptedServer::start([script.reset()]).await;
    let mut client = connect(&server).await;
    let mut bytes = Vec::new();
    let error = client.read_to_end(&mut bytes).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert!(bytes.ends_with(b"data: a"));
}

#[tokio::test]
async fn hanging_ends_with_the_other_side() {
    let server = ScriptedServer::start([Script::new().expect_request().hang()]).await;
    let client = connect(&server).await;
    server.request(0).await;
    assert_eq!(server.open_connections(), 1);
    drop(client);
    server.ended(1).await;
    assert_eq!(server.open_connections(), 0);
}

#[tokio::test]
async fn pauses_and_gates_hold_the_bytes_back() {
    let script = Script::new().pause(Duration::from_millis(30)).send("a");
    let script = script.gate().send_chunk("bc").send_chunk("");
    let server = ScriptedServer::start([script]).await;
    let start = Instant::now();
    let mut client = connect(&server).await;
    assert_eq!(client.read_u8().await.unwrap(), b'a');
    assert!(start.elapsed() >= Duration::from_millis(30));
    let early = tokio::time::timeout(Duration::from_millis(30), client.read_u8()).await;
    assert!(early.is_err(), "the gate is shut");
    server.open_gate();
    assert_eq!(read_all(&mut client).await, b"2\r\nbc\r\n0\r\n\r\n");
}

#[tokio::test]
async fn dropping_the_server_ends_its_connections() {
    let server = ScriptedServer::start([Script::new().expect_request().hang()]).await;
    let address = server.address();
    let mut client = connect(&server).await;
    server.request(0).await;
    drop(server);
    // The unread rest of the socket decides whether this is an end or a reset.
    assert!(matches!(client.read(&mut [0; 9]).await, Ok(0) | Err(_)));
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_request_may_choose_its_answer() {
    let server = ScriptedServer::start_answering(|request| {
        Script::new().send(request.line().to_uppercase())
    })
    .await;
    assert_eq!(
        read_all(&mut connect(&server).await).await,
        b"GET /A HTTP/1.1"
    );
    assert_eq!(server.request(0).await.line(), "GET /a HTTP/1.1");
    server.ended(1).await;
}
