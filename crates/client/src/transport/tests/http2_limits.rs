use h2::Reason;
use h2::server::Builder;

use super::peer::{Asked, Peer, transport};
use super::*;

fn allowing(streams: u32) -> Builder {
    let mut builder = Builder::new();
    builder.max_concurrent_streams(streams);
    builder
}

/// Starts `count` requests at once and answers them; the responses, and what the server holds.
async fn open(
    transport: &HttpTransport,
    peer: &mut Peer,
    count: usize,
) -> (Vec<Response<Body>>, Vec<(Asked, h2::SendStream<Bytes>)>) {
    let sending: Vec<_> = (0..count)
        .map(|number| {
            let mut request = get(&peer.url());
            request.headers_mut().insert("number", number.into());
            tokio::spawn(transport.send(request))
        })
        .collect();
    let mut held = Vec::new();
    for _ in 0..count {
        let mut asked = peer.asked().await;
        let stream = asked.open();
        held.push((asked, stream));
    }
    held.sort_by_key(|(asked, _)| {
        let number = asked.request.headers()["number"].to_str().unwrap();
        number.parse::<usize>().unwrap()
    });
    let mut responses = Vec::new();
    for sending in sending {
        responses.push(sending.await.unwrap().unwrap());
    }
    (responses, held)
}

fn connections(held: &[(Asked, h2::SendStream<Bytes>)]) -> usize {
    let mut numbers: Vec<_> = held.iter().map(|(asked, _)| asked.connection).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.len()
}

#[tokio::test]
async fn as_many_connections_as_the_peers_limit_implies() {
    for (limit, count, expected) in [(1, 2, 2), (2, 5, 3), (5, 5, 1), (100, 40, 1)] {
        let mut peer = Peer::start(allowing(limit)).await;
        let transport = transport();
        let (responses, held) = open(&transport, &mut peer, count).await;
        assert_eq!(
            connections(&held),
            expected,
            "{count} streams, {limit} a connection"
        );
        drop(responses);
    }
}

#[tokio::test]
async fn a_freed_place_is_taken_before_a_connection_is_opened() {
    let mut peer = Peer::start(allowing(2)).await;
    let transport = transport();
    let (mut responses, mut held) = open(&transport, &mut peer, 2).await;
    drop(responses.pop());
    let (_more, held_too) = open(&transport, &mut peer, 1).await;
    held.extend(held_too);
    assert_eq!(connections(&held), 1);
}

#[tokio::test]
async fn streams_that_are_not_read_never_stall_the_others() {
    let mut peer = Peer::start(allowing(100)).await;
    let transport = transport();
    let (mut responses, mut held) = open(&transport, &mut peer, 12).await;
    assert_eq!(connections(&held), 1);
    let content = Bytes::from(vec![b'x'; 600_000]);
    for (_, stream) in &mut held {
        stream.send_data(content.clone(), true).unwrap();
    }
    for response in &mut responses[4..] {
        assert_eq!(read(response.body_mut()).await.0.len(), content.len());
    }
    for response in &mut responses[..4] {
        assert_eq!(
            read(response.body_mut()).await.0.len(),
            content.len(),
            "and they lost nothing"
        );
    }
}

#[tokio::test]
async fn a_flood_of_tiny_frames_that_nobody_reads_stalls_nobody() {
    let mut peer = Peer::start(allowing(100)).await;
    let transport = transport();
    let (mut responses, mut held) = open(&transport, &mut peer, 2).await;
    for _ in 0..50_000 {
        held[0]
            .1
            .send_data(Bytes::from_static(b"\n\n"), false)
            .unwrap();
    }
    held[1]
        .1
        .send_data(Bytes::from_static(b"data: x\n\n"), true)
        .unwrap();
    assert_eq!(read(responses[1].body_mut()).await.0, b"data: x\n\n");
    held[0].1.send_data(Bytes::new(), true).unwrap();
    let (bytes, error) = read(responses[0].body_mut()).await;
    assert_eq!((bytes.len(), error.is_none()), (100_000, true), "{error:?}");
}

#[tokio::test]
async fn a_refused_stream_moves_to_another_connection() {
    let mut peer = Peer::start(allowing(100)).await;
    let transport = transport();
    let (_one, held) = open(&transport, &mut peer, 1).await;
    let sending = tokio::spawn(transport.send(get(&peer.url())));
    let mut refused = peer.asked().await;
    assert_eq!(refused.connection, 0);
    refused.respond.send_reset(Reason::REFUSED_STREAM);
    let mut moved = peer.asked().await;
    assert_eq!(moved.connection, 1);
    let _stream = moved.open();
    assert_eq!(sending.await.unwrap().unwrap().status(), 200);
    drop(held);
}

#[tokio::test]
async fn a_server_that_refuses_everything_is_an_error_in_the_end() {
    let mut peer = Peer::start(allowing(100)).await;
    let transport = transport();
    let sending = tokio::spawn(transport.send(get(&peer.url())));
    for _ in 0..4 {
        peer.asked()
            .await
            .respond
            .send_reset(Reason::REFUSED_STREAM);
    }
    let error = sending.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Closed, "{error}");
}

#[tokio::test]
async fn a_connection_that_says_goodbye_keeps_its_streams_and_gets_no_more() {
    let mut peer = Peer::start(allowing(100)).await;
    let transport = transport();
    let (mut responses, mut held) = open(&transport, &mut peer, 1).await;
    let goodbye = get(&peer.url().replace("stream", "go-away"));
    let (last, mut asked) = tokio::join!(send(&transport, goodbye), async {
        let mut asked = peer.asked().await;
        asked.open().send_data(Bytes::from("bye"), true).unwrap();
        asked
    });
    assert_eq!(read(last.unwrap().body_mut()).await.0, b"bye");
    assert_eq!(asked.connection, 0);
    asked.respond.send_reset(Reason::NO_ERROR);
    let (_more, held_too) = open(&transport, &mut peer, 1).await;
    assert_eq!(held_too[0].0.connection, 1);
    held[0]
        .1
        .send_data(Bytes::from("still here"), true)
        .unwrap();
    assert_eq!(read(responses[0].body_mut()).await.0, b"still here");
}

#[tokio::test]
async fn a_connection_that_broke_is_replaced() {
    let mut peer = Peer::start(allowing(100)).await;
    let transport = transport();
    let (mut responses, held) = open(&transport, &mut peer, 1).await;
    let broken = send(&transport, get(&peer.url().replace("stream", "break"))).await;
    assert_eq!(broken.unwrap_err().kind(), TransportErrorKind::Closed);
    assert!(read(responses[0].body_mut()).await.1.is_some());
    let (_more, held_too) = open(&transport, &mut peer, 1).await;
    assert_eq!(held_too[0].0.connection, 1);
    drop(held);
}

#[tokio::test]
async fn those_who_wait_for_a_dial_share_its_failure() {
    let (address, _held) = super::dialling::silent().await;
    let options = TransportOptions::new()
        .http2_prior_knowledge(true)
        .connect_timeout(Duration::from_millis(200));
    let transport = HttpTransport::new(options).unwrap();
    let started = std::time::Instant::now();
    let sending: Vec<_> = (0..20)
        .map(|_| tokio::spawn(transport.send(get(&format!("http://{address}/")))))
        .collect();
    for sending in sending {
        let error = sending.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::ConnectTimeout);
    }
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "{:?}",
        started.elapsed()
    );
}

/// Requests that are cancelled, dropped and read at any moment, on several threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_and_nothing_hangs_however_streams_end() {
    let mut peer = Peer::start(allowing(3)).await;
    let url = peer.url();
    let listening = alive_tasks();
    let answering = tokio::spawn(async move {
        let mut held = std::collections::VecDeque::new();
        loop {
            let mut asked = peer.asked().await;
            let mut stream = asked.open();
            let _ = stream.send_data(Bytes::from("hello"), fastrand::bool());
            held.push_back((asked, stream));
            if held.len() > 8 {
                held.pop_front();
            }
        }
    });
    let transport = transport();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..600 {
        let (transport, request) = (transport.clone(), get(&url));
        running.spawn(async move {
            let patience = Duration::from_micros(fastrand::u64(..3_000));
            let fetched = async {
                let mut response = transport.send(request).await?;
                match fastrand::bool() {
                    true => response.body_mut().next_chunk().await.transpose(),
                    false => Ok(None),
                }
            };
            let _ = tokio::time::timeout(patience, fetched).await;
        });
        if running.len() > 20 {
            running.join_next().await;
        }
    }
    running.join_all().await;
    answering.abort();
    settles_at(listening).await;
    let mut peer = Peer::start(allowing(3)).await;
    assert_eq!(open(&transport, &mut peer, 4).await.0.len(), 4);
}

/// A server that never comes to the point; others on its connection do not notice.
#[tokio::test]
async fn interim_responses_have_an_end() {
    let mut peer = Peer::start(Builder::new()).await;
    let transport = transport();
    let (_others, _held) = open(&transport, &mut peer, 1).await;
    for (count, arrives) in [(100, true), (101, false)] {
        let sending = tokio::spawn(transport.send(get(&peer.url())));
        let mut asked = peer.asked().await;
        for _ in 0..count {
            let interim = Response::builder().status(103).body(()).unwrap();
            asked.respond.send_informational(interim).unwrap();
        }
        let _body = asked.open();
        let response = tokio::time::timeout(SOON, sending).await.unwrap().unwrap();
        assert_eq!(asked.connection, 0);
        match response {
            Ok(response) => assert!(arrives && response.status() == 200),
            Err(error) => {
                assert!(!arrives);
                assert_eq!(error.kind(), TransportErrorKind::Protocol);
                let said = "it sent more than 100 interim responses (1xx)";
                assert!(error.to_string().contains(said), "{error}");
            }
        }
    }
}
