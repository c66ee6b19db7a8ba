//! What is in between. In: connections, the storm. Out: the bytes of the server, up to the place where a fault is
//! drawn; then the fault.
//!
//! Next: `frames.rs`, for the places.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use crate::frames::{Frames, Framing, GOAWAY, GOAWAY_AT_ONCE, HTTP2, TLS};
use crate::storm::{Fault, Storm};

/// What passes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    Http1,
    Http2,
    Tls,
    /// HTTP/2 that falls silent as soon as there is a storm.
    Silence,
}

impl Speaks {
    fn framing(self) -> Option<Framing> {
        match self {
            Self::Http1 | Self::Silence => None,
            Self::Http2 => Some(HTTP2),
            Self::Tls => Some(TLS),
        }
    }

    fn faults(self) -> &'static [Fault] {
        // Streams are reset by the server; only frames in the clear can be put in between.
        match self {
            Self::Http1 | Self::Tls => &Fault::ALL[..7],
            Self::Http2 => &Fault::ALL[..9],
            Self::Silence => &[Fault::HalfOpen],
        }
    }
}

pub(crate) struct Proxy {
    address: SocketAddr,
}

impl Proxy {
    /// Listens until the runtime ends.
    pub(crate) async fn start(origin: SocketAddr, speaks: Speaks, storm: &Arc<Storm>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let storm = Arc::clone(storm);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let storm = Arc::clone(&storm);
                tokio::spawn(async move {
                    // An error is somebody who has gone.
                    let _ = relay(client, origin, speaks, &storm).await;
                });
            }
        });
        Self { address }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }
}

async fn relay(
    client: TcpStream,
    origin: SocketAddr,
    speaks: Speaks,
    storm: &Storm,
) -> io::Result<()> {
    let server = TcpStream::connect(origin).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_server, mut to_server) = server.into_split();
    let (mut from_client, to_client) = client.into_split();
    let mut down = Down {
        from: from_server,
        to: to_client,
        frames: speaks.framing().map(Frames::new),
        again: if speaks == Speaks::Silence { 1 } else { 3_000 },
    };
    let up = async {
        let copied = copy(&mut from_client, &mut to_server).await;
        let _ = to_server.shutdown().await;
        copied.map(drop)
    };
    let fault = speaks.faults()[storm.below(speaks.faults().len())];
    let after = match storm.below(6) {
        _ if speaks == Speaks::Silence => 0,
        0 => storm.below(200),
        // A record of TLS takes up to 16 KiB: of one that is cut nothing comes.
        1 | 2 => storm.below(60_000),
        _ => storm.below(6_000),
    };
    // Whoever ends first ends both.
    tokio::select! {
        ended = up => ended,
        ended = down.run(fault, after, storm) => ended,
    }
}

/// From the server to the client.
struct Down {
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    frames: Option<Frames>,
    /// How many bytes later a fault is looked for again, when there was no storm.
    again: usize,
}

impl Down {
    async fn run(&mut self, fault: Fault, mut after: usize, storm: &Storm) -> io::Result<()> {
        let mut buffer = [0; 2048];
        loop {
            let count = self.from.read(&mut buffer).await?;
            if count == 0 {
                return self.to.shutdown().await;
            }
            let mut rest = &buffer[..count];
            while let Some(place) = self.place(rest, after, fault) {
                let (passes, others) = rest.split_at(place);
                self.to.write_all(passes).await?;
                if storm.strikes(fault) {
                    return self.fail(fault, others).await;
                }
                // Not yet; the next one may be in the same bytes.
                (rest, after) = (others, self.again);
            }
            self.to.write_all(rest).await?;
            after = after.saturating_sub(rest.len());
        }
    }

    /// Where the fault is to be, if that is in these bytes. Bytes before it, or all, count as passed.
    fn place(&mut self, bytes: &[u8], after: usize, fault: Fault) -> Option<usize> {
        let between = matches!(
            fault,
            Fault::CloseBetweenFrames | Fault::GoAway | Fault::GoAwayAtOnce
        );
        match &mut self.frames {
            Some(frames) if between => frames.pass(bytes, after),
            _ => (after < bytes.len()).then_some(after),
        }
    }

    async fn fail(&mut self, fault: Fault, others: &[u8]) -> io::Result<()> {
        match fault {
            Fault::Close | Fault::CloseBetweenFrames | Fault::StreamReset => {}
            Fault::Reset => return self.reset(),
            Fault::HalfOpen => return self.fall_silent().await,
            Fault::Dribble => {
                for byte in others.iter().take(200) {
                    self.to.write_all(&[*byte]).await?;
                    tokio::task::yield_now().await;
                }
                return self.reset();
            }
            Fault::Hoard => {
                let mut hoard = others.to_vec();
                let _ = timeout(Duration::from_millis(30), self.from.read_buf(&mut hoard)).await;
                sleep(Duration::from_millis(10)).await;
                self.to.write_all(&hoard[..hoard.len() / 2]).await?;
            }
            Fault::NotReading => {
                sleep(Duration::from_millis(50)).await;
                let mut late = others.to_vec();
                self.from.read_buf(&mut late).await?;
                self.to.write_all(&late).await?;
                return self.reset();
            }
            Fault::GoAway => {
                self.to.write_all(&GOAWAY).await?;
                self.to.write_all(others).await?;
                let mut more = Vec::with_capacity(500);
                self.from.read_buf(&mut more).await?;
                self.to.write_all(&more).await?;
            }
            Fault::GoAwayAtOnce => self.to.write_all(&GOAWAY_AT_ONCE).await?,
        }
        self.to.shutdown().await
    }

    /// What was sent may not arrive, and the client is told so.
    fn reset(&self) -> io::Result<()> {
        self.to.as_ref().set_zero_linger()
    }

    /// Until the client has had enough: [`relay`] ends when it goes.
    async fn fall_silent(&mut self) -> io::Result<()> {
        std::future::pending().await
    }
}
