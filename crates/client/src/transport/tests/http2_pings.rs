use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use h2::SendStream;
use h2::server::Builder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::watch;

use super::peer::{Asked, Peer, transport};
use super::*;

const PREFACE: usize = 24;
const PING: u8 = 6;
const ACK: u8 = 1;

/// Passes connections on to a peer, and counts the pings that ask it something.
struct Relay {
    url: String,
    pings: watch::Receiver<usize>,
    connections: Arc<AtomicUsize>,
}

impl Relay {
    async fn start(peer: &Peer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/stream", listener.local_addr().unwrap());
        let (count, pings) = watch::channel(0);
        let (count, target) = (Arc::new(count), peer.address);
        let connections = Arc::new(AtomicUsize::new(0));
        let accepted = connections.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::Relaxed);
                let server = tokio::net::TcpStream::connect(target).await.unwrap();
                let (client, server) = (client.into_split(), server.into_split());
                tokio::spawn(count_pings(client.0, server.1, count.clone()));
                tokio::spawn(async move {
                    let (mut from, mut to) = (server.0, client.1);
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        Self {
            url,
            pings,
            connections,
        }
    }
}

/// Frame by frame (RFC 9113, section 4.1).
async fn count_pings(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    count: Arc<watch::Sender<usize>>,
) -> std::io::Result<()> {
    let mut bytes = vec![0; PREFACE];
    from.read_exact(&mut bytes).await?;
    loop {
        to.write_all(&bytes).await?;
        let mut head = [0; 9];
        from.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        bytes.clear();
        bytes.extend_from_slice(&head);
        (&mut from)
            .take(length.into())
            .read_to_end(&mut bytes)
            .await?;
        if head[3] == PING && head[4] & ACK == 0 {
            count.send_modify(|count| *count += 1);
        }
    }
}

async fn open(
    transport: &HttpTransport,
    relay: &Relay,
    peer: &mut Peer,
) -> (Response<Body>, Asked, SendStream<Bytes>) {
    let (response, (asked, stream)) = tokio::join!(send(transport, get(&relay.url)), async {
        let mut asked = peer.asked().await;
        let stream = asked.open();
        (asked, stream)
    });
    (response.unwrap(), asked, stream)
}

/// There and back, and with it whatever was to be sent before.
async fn round_trip(transport: &HttpTransport, relay: &Relay, peer: &mut Peer) {
    let (mut response, _asked, mut stream) = open(transport, relay, peer).await;
    stream.send_data(Bytes::from("data: x\n\n"), true).unwrap();
    assert_eq!(read(response.body_mut()).await.0, b"data: x\n\n");
}

#[tokio::test]
async fn streams_that_end_while_the_peer_is_heard_cost_no_ping() {
    let mut peer = Peer::start(Builder::new()).await;
    let relay = Relay::start(&peer).await;
    let transport = transport();
    let _kept = open(&transport, &relay, &mut peer).await;
    for _ in 0..5 {
        // One is read to its end, one reset by the peer, one given up.
        round_trip(&transport, &relay, &mut peer).await;
        let (mut response, _asked, mut stream) = open(&transport, &relay, &mut peer).await;
        stream.send_reset(h2::Reason::INTERNAL_ERROR);
        assert!(read(response.body_mut()).await.1.is_some());
        let (mut response, _asked, mut stream) = open(&transport, &relay, &mut peer).await;
        stream.send_data(Bytes::from("data: x\n\n"), false).unwrap();
        assert_eq!(next_bytes(response.body_mut()).await, "data: x\n\n");
    }
    round_trip(&transport, &relay, &mut peer).await;
    round_trip(&transport, &relay, &mut peer).await;
    assert_eq!(*relay.pings.borrow(), 0);
    assert_eq!(relay.connections.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_stream_that_is_given_up_in_silence_has_the_peer_asked() {
    let mut peer = Peer::start(Builder::new()).await;
    let mut relay = Relay::start(&peer).await;
    let transport = transport();
    let _kept = open(&transport, &relay, &mut peer).await;
    let silent = open(&transport, &relay, &mut peer).await;
    // As an idle timeout does.
    tokio::time::sleep(Duration::from_millis(400)).await;
    drop(silent.0);
    let asked = relay.pings.wait_for(|count| *count == 1);
    tokio::time::timeout(SOON, asked)
        .await
        .expect("a ping, soon")
        .unwrap();
}
