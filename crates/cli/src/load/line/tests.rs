use std::net::SocketAddr;

use wellspring::transport::HttpTransport;
use wellspring_testkit::server::{Script, ScriptedServer};

use super::*;

const LIMIT: Duration = Duration::from_secs(10);
const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nid";

/// Each way to send.
fn lines(address: SocketAddr) -> [Line; 2] {
    let kept = Line::kept((address.ip().to_string(), address.port()));
    [kept, Line::Single(Arc::new(HttpTransport::default()))]
}

fn request(address: SocketAddr) -> Request<Bytes> {
    let request = Request::post(format!("http://{address}/hub")).header("host", "h");
    request.body(Bytes::from_static(b"topic=a")).unwrap()
}

async fn sent(line: &mut Line, address: SocketAddr, limit: Duration) -> Result<Answer, Silence> {
    line.send(request(address), limit).await
}

#[tokio::test]
async fn a_kept_connection_carries_one_request_after_the_other() {
    let twice = Script::new().expect_request().send(ANSWER);
    let twice = twice.expect_request().send(ANSWER);
    let server = ScriptedServer::start([twice]).await;
    let [mut line, _] = lines(server.address());
    for _ in 0..2 {
        let answer = sent(&mut line, server.address(), LIMIT).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.body.as_ref()),
            (200, &b"id"[..])
        );
    }
    assert_eq!(server.connections(), 1);
    let heard = server.requests();
    assert_eq!(heard[0].line(), "POST /hub HTTP/1.1");
    assert_eq!(heard[1].body, b"topic=a");
}

#[tokio::test]
async fn what_the_server_has_not_seen_was_not_sent() {
    let server = ScriptedServer::start([]).await;
    let address = server.address();
    drop(server);
    for mut line in lines(address) {
        let silence = sent(&mut line, address, LIMIT).await.unwrap_err();
        assert!(matches!(silence, Silence::NotSent(_)), "{silence:?}");
    }
}

#[tokio::test]
async fn what_it_may_have_seen_is_broken() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf";
    for script in [
        Script::new().expect_request(),
        Script::new().expect_request().reset(),
        Script::new().expect_request().send(half),
        Script::new().expect_request().send("SMTP\r\n\r\n"),
    ] {
        let server = ScriptedServer::start_repeating(script).await;
        for mut line in lines(server.address()) {
            let silence = sent(&mut line, server.address(), LIMIT).await.unwrap_err();
            assert!(matches!(silence, Silence::Broken(_)), "{silence:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_given_up_with_its_connection() {
    let hang = Script::new().expect_request().hang();
    let answer = Script::new().expect_request().send(ANSWER);
    let server = ScriptedServer::start([hang, answer]).await;
    let [mut line, _] = lines(server.address());
    let limit = Duration::from_millis(50);
    let silence = sent(&mut line, server.address(), limit).await.unwrap_err();
    assert!(
        matches!(&silence, Silence::Broken(why) if why.contains("50ms")),
        "{silence:?}"
    );
    sent(&mut line, server.address(), LIMIT).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let head = "HTTP/1.1 200 OK\r\n\r\n";
    let endless = Script::new()
        .expect_request()
        .send(head)
        .send(vec![b'a'; 100_000]);
    let server = ScriptedServer::start_repeating(endless.hang()).await;
    for mut line in lines(server.address()) {
        let silence = sent(&mut line, server.address(), LIMIT).await.unwrap_err();
        assert!(matches!(silence, Silence::Broken(_)), "{silence:?}");
    }
}
