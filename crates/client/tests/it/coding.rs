//! Compressed streams on real sockets. In: servers that compress, flush and break off. Out: each event
//! when the server flushes it, and errors that name the coding.
//!
//! Next: `bad_input.rs`.

#![cfg(feature = "gzip")]

use std::io::Write;

use crate::support;
use crate::support::{assert_says, builder, next_data, next_error, next_loss, source};
use flate2::Compression;
use flate2::write::GzEncoder;
use wellspring::Failure;
use wellspring_testkit::server::{Script, ScriptedServer};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
                    Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";

/// A server that compresses a stream as it goes.
struct Compressing {
    encoder: GzEncoder<Vec<u8>>,
    script: Script,
}

impl Compressing {
    fn new() -> Self {
        Self {
            encoder: GzEncoder::new(Vec::new(), Compression::default()),
            script: Script::new().expect_request().send(HEAD),
        }
    }

    /// Compresses and flushes a piece, and waits for the gate before the next.
    fn piece(mut self, text: &str) -> Self {
        self.encoder.write_all(text.as_bytes()).unwrap();
        self.encoder.flush().unwrap();
        let bytes = std::mem::take(self.encoder.get_mut());
        self.script = self.script.send_chunk(bytes).gate();
        self
    }

    fn end(self) -> Script {
        let end = self.encoder.finish().unwrap();
        self.script.send_chunk(end).send_chunk("")
    }
}

#[tokio::test]
async fn each_event_comes_when_the_server_flushes_it() {
    let first = Compressing::new()
        .piece("data: a\n\n")
        .piece("id: 7\ndata: b\n\n");
    let second = Compressing::new().piece("data: c\n\n");
    let server = ScriptedServer::start([first.end(), second.end()]).await;
    let mut source = source(server.url("/"));
    // The server sends nothing more until its gate is opened.
    assert_eq!(next_data(&mut source).await, "a");
    server.open_gate();
    assert_eq!(next_data(&mut source).await, "b");
    server.open_gate();
    assert_eq!(next_data(&mut source).await, "c");
    let request = server.request(1).await;
    assert_eq!(request.header("last-event-id").unwrap(), b"7");
    let asked = request.header("accept-encoding").unwrap();
    assert_eq!(asked, support::ACCEPT_ENCODING.as_bytes());
    assert_eq!(source.opened().unwrap().headers["content-encoding"], "gzip");
}

#[tokio::test]
async fn a_word_that_names_no_coding_beside_gzip_is_left_out() {
    for (at, words) in ["gzip, none", "utf-8, GZIP"].iter().enumerate() {
        let mut compressing = Compressing::new();
        let head = HEAD.replace("Encoding: gzip", &format!("Encoding: {words}"));
        compressing.script = Script::new().expect_request().send(head);
        let script = compressing.piece("data: a\n\n").end();
        let server = ScriptedServer::start([script]).await;
        let mut source = source(server.url("/"));
        assert_eq!(next_data(&mut source).await, "a");
        let unknown = source.opened().unwrap().unknown_coding.clone();
        assert_eq!(unknown.as_deref(), Some(["none", "utf-8"][at]));
    }
}

#[tokio::test]
async fn a_stream_cut_short_is_a_network_error() {
    let cut = Compressing::new()
        .piece("data: a\n\n")
        .script
        .send_chunk("");
    let whole = Compressing::new().piece("data: b\n\n");
    let server = ScriptedServer::start([cut, whole.end()]).await;
    let mut source = source(server.url("/"));
    assert_eq!(next_data(&mut source).await, "a");
    server.open_gate();
    let loss = next_loss(&mut source).await;
    let said = "gzip: the body ended in the middle of the compressed data";
    assert_says(&loss, &["the response broke off", said]);
    assert_eq!(next_data(&mut source).await, "b");
}

#[tokio::test]
async fn a_body_that_is_not_compressed_is_a_network_error_by_name() {
    let plain = Script::new().expect_request().send(HEAD);
    let plain = plain.send_chunk("data: a\n\n").send_chunk("");
    let server = ScriptedServer::start([plain]).await;
    let loss = next_loss(&mut source(server.url("/"))).await;
    assert_says(
        &loss,
        &["cannot be decoded", "gzip: the body is not gzip data"],
    );
}

#[tokio::test]
async fn a_stream_that_expands_too_much_fails_for_good() {
    let bomb = Compressing::new().piece(&":\n".repeat(2 << 20));
    let server = ScriptedServer::start([bomb.script.hang()]).await;
    let mut source = builder(server.url("/")).max_expansion(50).build().unwrap();
    let error = next_error(&mut source).await;
    let said = "gzip: the body decodes to more than 50 times its size";
    assert_says(
        &error.to_string(),
        &[&server.url("/"), said, "not trying again"],
    );
    assert_eq!(error.failure(), Some(Failure::Permanent));
}

#[tokio::test]
async fn the_body_of_a_refusal_is_decoded_too() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(b"no such stream").unwrap();
    let body = encoder.finish().unwrap();
    let head = "HTTP/1.1 404 Not Found\r\nContent-Encoding: gzip\r\nContent-Length: ";
    let head = format!("{head}{}\r\n\r\n", body.len());
    let script = Script::new().expect_request().send(head).send(body);
    let server = ScriptedServer::start([script]).await;
    let error = next_error(&mut source(server.url("/"))).await;
    assert_eq!(error.body(), b"no such stream");
}

#[tokio::test]
async fn who_asks_for_identity_gets_it() {
    let server = ScriptedServer::start([support::whole("data: a\n\n")]).await;
    let builder = builder(server.url("/")).header("accept-encoding", "identity");
    assert_eq!(next_data(&mut builder.build().unwrap()).await, "a");
    let request = server.request(0).await;
    assert_eq!(request.header("accept-encoding").unwrap(), b"identity");
}

#[tokio::test]
async fn who_asks_for_the_coding_as_it_is_gets_the_bytes_that_were_sent() {
    use wellspring::fetch::{FetchRequest, fetch};

    let sent = b"\x1F\x8B\x08 as it is";
    let script = Script::new().expect_request().send(HEAD);
    let server = ScriptedServer::start([script.send_chunk(sent).send_chunk("")]).await;
    let mut request = FetchRequest::new(server.url("/").parse().unwrap());
    request.keeps_content_coding = true;
    let transport = wellspring::transport::HttpTransport::shared();
    let mut body = fetch(transport, request)
        .await
        .unwrap()
        .response
        .into_body();
    let chunk = body.next_chunk().await.unwrap().unwrap();
    assert_eq!(&chunk[..], sent);
}
