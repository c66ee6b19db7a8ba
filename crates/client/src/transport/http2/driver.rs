//! In: an HTTP/2 connection. Out: the task that moves its frames, publishes the peer's stream limit, pings a silent peer,
//! and ends when the connection is not used any more.
//! Next: `activity.rs`; then back to `pool.rs`.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use h2::client::{Builder, Connection, SendRequest};
use h2::{Ping, PingPong};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, Sleep, sleep};

use super::activity::Activity;
use super::{CONNECTION_WINDOW, HEADER_LIST, STREAM_WINDOW};
use crate::pace::Pace;
use crate::transport::options::KeepAlive;
use crate::transport::wrapped::Wrapped;

/// No SETTINGS carry this number (they have 32 bits, and their absence reads `usize::MAX`), so it means "not seen yet".
const LIMIT_UNKNOWN: usize = usize::MAX - 1;
/// How long a connection that is not used may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// How long an answer to a ping may take after a stream was abandoned, where the user has not said.
const PROBE: Duration = Duration::from_secs(10);

/// The user's side of a driven connection.
pub(super) struct Handle {
    pub(super) sender: SendRequest<Bytes>,
    /// How many streams the peer allows at once; `None` before its SETTINGS. Dropping every clone of this and of the
    /// sender ends the connection; an error on it means that the connection is over.
    pub(super) limit: watch::Receiver<Option<usize>>,
    /// Has the peer asked whether it is there: a stream was abandoned in silence while others are left, perhaps because
    /// nothing came any more, and what is tried next may be put on this connection.
    pub(super) probe: mpsc::Sender<()>,
    /// When anything last came on the connection.
    pub(super) activity: Arc<Activity>,
    /// Why we gave the connection up, if we did.
    pub(super) given_up: Arc<OnceLock<&'static str>>,
}

/// Shakes hands and spawns the driver.
pub(super) async fn start<I>(
    io: I,
    settings_timeout: Duration,
    keep_alive: Option<KeepAlive>,
) -> Result<Handle, h2::Error>
where
    I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let activity = Activity::start();
    let io = Wrapped::new(Wrapped::new(io, Pace::default()), Arc::clone(&activity));
    let (sender, mut connection) = Builder::new()
        .enable_push(false)
        .initial_max_send_streams(LIMIT_UNKNOWN)
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_header_list_size(HEADER_LIST)
        .handshake(io)
        .await?;
    let (publish, limit) = watch::channel(None);
    let given_up = Arc::new(OnceLock::new());
    let (probe, probes) = mpsc::channel(1);
    let pinger = connection.ping_pong();
    let heard = Arc::clone(&activity);
    let pinger = pinger.map(|ping_pong| Pinger::new(ping_pong, keep_alive, probes, heard));
    tokio::spawn(drive(
        connection,
        publish,
        pinger,
        settings_timeout,
        given_up.clone(),
    ));
    Ok(Handle {
        sender,
        limit,
        probe,
        activity,
        given_up,
    })
}

/// Dropping the connection at the end fails whatever streams are left.
async fn drive<I>(
    mut connection: Connection<I, Bytes>,
    limit: watch::Sender<Option<usize>>,
    mut pinger: Option<Pinger>,
    settings_timeout: Duration,
    given_up: Arc<OnceLock<&'static str>>,
) where
    I: AsyncRead + AsyncWrite + Unpin,
{
    let mut unused = pin!(limit.closed());
    let mut winding_down = false;
    let mut timer = pin!(sleep(settings_timeout));
    let reason = poll_fn(|cx| {
        if !winding_down && unused.as_mut().poll(cx).is_ready() {
            winding_down = true;
            timer.as_mut().reset(Instant::now() + GOODBYE);
        }
        // First, so that an answer that has come is seen, however late this task gets to run.
        if Pin::new(&mut connection).poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        if let Some(pinger) = &mut pinger
            && pinger.poll(cx).is_ready()
        {
            return Poll::Ready(Some("the server did not answer a ping"));
        }
        publish(&limit, connection.max_concurrent_send_streams());
        let settled = limit.borrow().is_some();
        if (winding_down || !settled) && timer.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some("the server did not send its HTTP/2 settings"));
        }
        Poll::Pending
    })
    .await;
    if let Some(reason) = reason {
        // It is set here alone.
        let _ = given_up.set(reason);
    }
}

fn publish(limit: &watch::Sender<Option<usize>>, current: usize) {
    if current != LIMIT_UNKNOWN {
        limit.send_if_modified(|published| published.replace(current) != Some(current));
    }
}

/// Asks a peer whether it is there: as often as the user wants, and when a stream was abandoned in silence.
struct Pinger {
    ping_pong: PingPong,
    keep_alive: Option<KeepAlive>,
    probes: mpsc::Receiver<()>,
    /// Until the next ping or, while one is under way, until its answer is overdue.
    timer: Option<Pin<Box<Sleep>>>,
    waiting: bool,
    activity: Arc<Activity>,
}

impl Pinger {
    fn new(
        ping_pong: PingPong,
        keep_alive: Option<KeepAlive>,
        probes: mpsc::Receiver<()>,
        activity: Arc<Activity>,
    ) -> Self {
        let mut pinger = Self {
            ping_pong,
            keep_alive,
            probes,
            timer: None,
            waiting: false,
            activity,
        };
        pinger.rest();
        pinger
    }

    /// Ready when the peer owes an answer.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if self.waiting && self.ping_pong.poll_pong(cx).is_ready() {
                self.rest();
            }
            if !self.waiting && matches!(self.probes.poll_recv(cx), Poll::Ready(Some(()))) {
                self.ping();
            }
            let Some(timer) = &mut self.timer else {
                return Poll::Pending;
            };
            if timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            if !self.waiting {
                self.ping();
                continue;
            }
            // The answer may stand behind what has come since, and what has not been read yet.
            let left = self.timeout().saturating_sub(self.activity.silence());
            if left.is_zero() {
                return Poll::Ready(());
            }
            self.timer = Some(Box::pin(sleep(left)));
        }
    }

    /// A ping that cannot be sent is one of a connection that is about to end.
    fn ping(&mut self) {
        self.waiting = self.ping_pong.send_ping(Ping::opaque()).is_ok();
        if self.waiting {
            self.timer = Some(Box::pin(sleep(self.timeout())));
        } else {
            self.rest();
        }
    }

    /// How long the peer may say nothing while it owes an answer.
    fn timeout(&self) -> Duration {
        self.keep_alive
            .map_or(PROBE, |keep_alive| keep_alive.timeout)
    }

    fn rest(&mut self) {
        self.waiting = false;
        let interval = self.keep_alive.map(|keep_alive| keep_alive.interval);
        self.timer = interval.map(|interval| Box::pin(sleep(interval)));
    }
}
