use h2::Reason;
use h2::server::Builder;
use http::{HeaderValue, Method, Version};
use http_body_util::Full;

use super::peer::{Peer, transport};
use super::*;

#[tokio::test]
async fn two_streams_share_a_connection_and_it_goes_with_the_last() {
    let before = alive_tasks();
    let mut peer = Peer::start(Builder::new()).await;
    let listening = alive_tasks();
    let transport = transport();
    let one = tokio::spawn(transport.send(get(&peer.url())));
    let two = tokio::spawn(transport.send(get(&peer.url())));
    let mut asked = [peer.asked().await, peer.asked().await];
    let mut bodies: Vec<_> = asked.iter_mut().map(super::peer::Asked::open).collect();
    let (mut one, mut two) = (one.await.unwrap().unwrap(), two.await.unwrap().unwrap());
    assert_eq!([asked[0].connection, asked[1].connection], [0, 0]);
    assert_eq!(one.version(), Version::HTTP_2);
    for (body, response) in bodies.iter_mut().zip([&mut one, &mut two]) {
        body.send_data(Bytes::from("data: 1\n\n"), false).unwrap();
        assert_eq!(next_bytes(response.body_mut()).await, "data: 1\n\n");
    }

    drop(one);
    let reason = std::future::poll_fn(|cx| bodies[0].poll_reset(cx));
    assert_eq!(
        tokio::time::timeout(SOON, reason).await.unwrap().unwrap(),
        Reason::CANCEL
    );
    bodies[1]
        .send_data(Bytes::from("data: 2\n\n"), false)
        .unwrap();
    assert_eq!(next_bytes(two.body_mut()).await, "data: 2\n\n");
    assert_eq!(
        alive_tasks(),
        listening + 2,
        "one connection, a task at each end"
    );

    drop(two);
    settles_at(listening).await;
    peer.stop();
    settles_at(before).await;
}

#[tokio::test]
async fn a_finished_stream_leaves_nothing_even_before_its_body_is_dropped() {
    let mut peer = Peer::start(Builder::new()).await;
    let listening = alive_tasks();
    let transport = transport();
    let (response, mut asked) = tokio::join!(send(&transport, get(&peer.url())), async {
        let mut asked = peer.asked().await;
        asked.open().send_data(Bytes::from("hello"), true).unwrap();
        asked
    });
    let mut response = response.unwrap();
    let (bytes, error) = read(response.body_mut()).await;
    assert_eq!(
        (bytes.as_slice(), error.is_none()),
        (b"hello".as_slice(), true)
    );
    settles_at(listening).await;
    asked.respond.send_reset(Reason::NO_ERROR);
    drop(response);
}

#[tokio::test]
async fn a_cancelled_request_leaves_nothing() {
    let mut peer = Peer::start(Builder::new()).await;
    let listening = alive_tasks();
    let transport = transport();
    let sending = tokio::spawn(transport.send(get(&peer.url())));
    let _asked = peer.asked().await;
    sending.abort();
    settles_at(listening).await;
}

#[tokio::test]
async fn a_clean_end_is_told_from_a_cut() {
    #[derive(Clone, Copy, Debug, PartialEq)]
    enum End {
        Clean,
        Reset(Reason),
        ShortOfLength,
        Connection,
    }
    let table = [
        (End::Clean, true),
        (End::Reset(Reason::INTERNAL_ERROR), false),
        (End::Reset(Reason::CANCEL), false),
        (End::Reset(Reason::NO_ERROR), false),
        (End::ShortOfLength, false),
        (End::Connection, false),
    ];
    for (end, clean) in table {
        let mut peer = Peer::start(Builder::new()).await;
        let transport = transport();
        let (response, mut stream) = tokio::join!(send(&transport, get(&peer.url())), async {
            let mut response = Response::new(());
            if end == End::ShortOfLength {
                response
                    .headers_mut()
                    .insert("content-length", HeaderValue::from_static("9"));
            }
            let mut stream = peer
                .asked()
                .await
                .respond
                .send_response(response, false)
                .unwrap();
            stream.send_data(Bytes::from("hello"), false).unwrap();
            stream
        });
        let mut response = response.unwrap();
        assert_eq!(next_bytes(response.body_mut()).await, "hello", "{end:?}");
        match end {
            End::Clean | End::ShortOfLength => stream.send_data(Bytes::new(), true).unwrap(),
            End::Reset(reason) => stream.send_reset(reason),
            End::Connection => drop(
                transport
                    .send(get(&peer.url().replace("stream", "break")))
                    .await,
            ),
        }
        let (rest, error) = read(response.body_mut()).await;
        assert_eq!(
            (rest.len(), error.is_none()),
            (0, clean),
            "{end:?}: {error:?}"
        );
        if let Some(error) = error {
            assert_eq!(error.kind(), TransportErrorKind::Body, "{end:?}");
        }
    }
}

#[tokio::test]
async fn an_upload_cut_after_the_response_is_a_clean_end() {
    let mut peer = Peer::start(Builder::new()).await;
    let transport = transport();
    let mut request = get(&peer.url());
    *request.method_mut() = Method::POST;
    *request.body_mut() = Body::new(Full::new(Bytes::from(vec![b'x'; 1 << 20])));
    let (response, ()) = tokio::join!(send(&transport, request), async {
        let mut asked = peer.asked().await;
        asked.open().send_data(Bytes::from("enough"), true).unwrap();
        // h2 forgets what it has not written yet when it resets.
        tokio::time::sleep(Duration::from_millis(50)).await;
        asked.respond.send_reset(Reason::NO_ERROR);
    });
    let (bytes, error) = read(response.unwrap().body_mut()).await;
    assert_eq!(bytes, b"enough");
    assert!(error.is_none(), "{error:?}");
}

#[tokio::test]
async fn bodies_arrive_whole_from_memory_and_from_streams() {
    let content = Bytes::from(vec![b'x'; 300_000]);
    for body in [
        Body::from(content.clone()),
        Body::new(Full::new(content.clone())),
    ] {
        let mut peer = Peer::start(Builder::new()).await;
        let transport = transport();
        let mut request = get(&peer.url());
        *request.method_mut() = Method::POST;
        *request.body_mut() = body;
        let (response, received) = tokio::join!(send(&transport, request), async {
            let mut asked = peer.asked().await;
            let mut received = 0;
            while let Some(chunk) = asked.request.body_mut().data().await {
                let chunk = chunk.unwrap();
                let _ = asked
                    .request
                    .body_mut()
                    .flow_control()
                    .release_capacity(chunk.len());
                received += chunk.len();
            }
            asked
                .respond
                .send_response(Response::new(()), true)
                .unwrap();
            received
        });
        assert_eq!(received, content.len());
        assert_eq!(read(response.unwrap().body_mut()).await.0, b"");
    }
}

#[tokio::test]
async fn the_head_is_as_http2_wants_it() {
    let mut peer = Peer::start(Builder::new()).await;
    let transport = transport();
    let mut request = get(&peer.url());
    let headers = request.headers_mut();
    for (name, value) in [
        ("host", "virtual.example"),
        ("connection", "x-hop, keep-alive"),
        ("x-hop", "1"),
        ("keep-alive", "5"),
        ("te", "trailers"),
        ("x-end", "2"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(
        "last-event-id",
        HeaderValue::from_bytes("é".as_bytes()).unwrap(),
    );
    let sending = tokio::spawn(transport.send(request));
    let asked = peer.asked().await;
    sending.abort();
    let request = asked.request;
    assert_eq!(request.uri().authority().unwrap(), "virtual.example");
    let mut names: Vec<_> = request
        .headers()
        .keys()
        .map(http::HeaderName::as_str)
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["last-event-id", "x-end"]);
    assert_eq!(
        request.headers()["last-event-id"].as_bytes(),
        "é".as_bytes()
    );
}

#[tokio::test]
async fn a_peer_that_does_not_answer_pings_is_given_up() {
    let server = super::server::Server::start().await;
    let options = TransportOptions::new()
        .http2_prior_knowledge(true)
        .http2_keep_alive(Duration::from_millis(1), Duration::from_millis(100));
    let transport = HttpTransport::new(options).unwrap();
    let url = server.url();
    let sending = tokio::spawn(async move { send(&transport, get(&url)).await });
    let mut socket = server.accept().await;
    let empty_settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    tokio::io::AsyncWriteExt::write_all(&mut socket, &empty_settings)
        .await
        .unwrap();
    let error = sending.await.unwrap().unwrap_err();
    assert!(
        error.to_string().contains("did not answer a ping"),
        "{error}"
    );
    assert_eq!(error.kind(), TransportErrorKind::Closed);
}

#[tokio::test]
async fn a_peer_that_answers_pings_is_kept() {
    let mut peer = Peer::start(Builder::new()).await;
    let options = TransportOptions::new()
        .http2_prior_knowledge(true)
        .http2_keep_alive(Duration::from_secs(1), Duration::from_millis(500));
    let transport = HttpTransport::new(options).unwrap();
    let (response, mut stream) = tokio::join!(send(&transport, get(&peer.url())), async {
        peer.asked().await.open()
    });
    tokio::time::sleep(Duration::from_millis(2_600)).await;
    stream.send_data(Bytes::from("still here"), true).unwrap();
    assert_eq!(read(response.unwrap().body_mut()).await.0, b"still here");
}

#[tokio::test]
async fn a_server_that_does_not_speak_http2_is_an_error() {
    let server = super::server::Server::start().await;
    let transport = transport();
    let (response, socket) = tokio::join!(
        send(&transport, get(&server.url())),
        server.answer(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    );
    let error = response.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Protocol, "{error}");
    drop(socket);
}
