//! One connection of an event source: a fetch, then its body; or the wait before it. In: polls. Out:
//! [`Progress`].
//!
//! The idle timer runs only while the server is waited for, so a program that is slow to take its
//! events never trips it.
//!
//! Next: `request.rs`, what is fetched.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::future::BoxFuture;
use http::Method;
use tokio::task::yield_now;
use tokio::time::{Sleep, sleep};

use crate::fetch::{FetchError, FetchResponse};
use crate::outcome::cause::Cause;
use crate::outcome::opening::Opening;
use crate::outcome::refused::{Refused, verdict};
use crate::transport::{Body, Piece, QueuePosition};

/// How much is decoded before the program is asked to take what it holds.
const READ: usize = 16 * 1024;
/// How much of a refused response's body is kept for the error.
const REFUSED_BODY: usize = 16 * 1024;
/// How long after the head what is on its way is waited for. The standard fails at the head; a body that
/// stays open must not keep the error back.
const REFUSED_TIME: Duration = Duration::from_millis(150);

/// What came of polling a connection.
pub(crate) enum Progress {
    /// Something is known before there is a response.
    Notice(Notice),
    Response(Box<Opening>),
    Refused(Box<Refused>),
    Bytes(Piece),
    EndOfBody,
    NetworkError(Cause),
    /// The idle timeout has passed.
    Silence(Duration),
    /// The wait for the next attempt is over.
    Due,
}

/// What an attempt has to say besides how it goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Notice {
    Queued(usize),
    LastEventIdNotSent(&'static str),
}

#[derive(Default)]
pub(crate) enum Connection {
    #[default]
    Idle,
    /// Until the next attempt.
    Waiting(Pin<Box<Sleep>>),
    Fetching(Fetching),
    Reading(Reading),
    /// Boxed, so that it makes no room for itself in the sources that are open.
    Refused(Box<Refusing>),
}

pub(crate) struct Fetching {
    response: BoxFuture<'static, Result<FetchResponse, FetchError>>,
    idle: IdleTimer,
    notices: Notices,
}

/// The request of the attempt under way, as the hook has left it.
#[derive(Debug, Default)]
pub(crate) struct SentRequest {
    pub(crate) method: OnceLock<Method>,
    /// Why the last event ID string is not sent, though there is one.
    pub(crate) last_event_id_not_sent: OnceLock<&'static str>,
}

/// What has been said of an attempt, and what may have to be.
#[derive(Default)]
struct Notices {
    sent: Arc<SentRequest>,
    queue_position: QueuePosition,
    queued: bool,
    last_event_id_not_sent: bool,
}

/// Runs while something is awaited of the server.
#[derive(Default)]
struct IdleTimer {
    over: Option<BoxFuture<'static, ()>>,
}

/// Ready after `time`, once other tasks have had their turn: over HTTP/2 one of them reads the socket, and
/// what has come in time lies there while the program keeps its thread busy.
fn over(time: Duration) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        sleep(time).await;
        yield_now().await;
    })
}

pub(crate) struct Reading {
    body: Body,
    /// Received, not handed on; boxed, since there is mostly nothing.
    chunk: Option<Box<Bytes>>,
    idle: IdleTimer,
}

pub(crate) struct Refusing {
    body: Body,
    kept: BytesMut,
    patience: BoxFuture<'static, ()>,
    refused: Option<Box<Refused>>,
}

impl Connection {
    pub(crate) fn poll_progress(
        &mut self,
        cx: &mut Context<'_>,
        idle_timeout: Option<Duration>,
    ) -> Poll<Progress> {
        loop {
            match self {
                Self::Idle => return Poll::Pending,
                Self::Waiting(sleep) => return sleep.as_mut().poll(cx).map(|()| Progress::Due),
                Self::Fetching(fetching) => {
                    let polled = fetching.response.as_mut().poll(cx);
                    if let Some(notice) = fetching.notices.next() {
                        fetching.keep(polled);
                        return Poll::Ready(Progress::Notice(notice));
                    }
                    let fetched = match polled {
                        Poll::Ready(Ok(fetched)) => fetched,
                        Poll::Ready(Err(error)) => {
                            return Poll::Ready(Progress::NetworkError(Cause::Fetch(error)));
                        }
                        Poll::Pending => return fetching.poll_silence(cx, idle_timeout),
                    };
                    if let Some(progress) = self.accept(fetched) {
                        return Poll::Ready(progress);
                    }
                }
                Self::Reading(reading) => return reading.poll_read(cx, idle_timeout),
                Self::Refused(refusing) => return refusing.poll_collect(cx),
            }
        }
    }

    /// Drops what is received and not handed on.
    pub(crate) fn drop_received(&mut self) {
        if let Self::Reading(reading) = self {
            reading.chunk = None;
        }
    }

    /// Goes on to the body; `None` when that of a refused response is to be read first.
    fn accept(&mut self, fetched: FetchResponse) -> Option<Progress> {
        let head = &fetched.response;
        if verdict(head.status(), head.headers()).is_none() {
            let opened = Opening::new(&fetched);
            *self = Self::Reading(Reading {
                body: fetched.response.into_body(),
                chunk: None,
                idle: IdleTimer::default(),
            });
            return Some(Progress::Response(Box::new(opened)));
        }
        *self = Self::Refused(Box::new(Refusing {
            refused: Some(Box::new(Refused::new(&fetched))),
            body: fetched.response.into_body(),
            kept: BytesMut::new(),
            patience: over(REFUSED_TIME),
        }));
        None
    }
}

impl Fetching {
    pub(crate) fn new(response: BoxFuture<'static, Result<FetchResponse, FetchError>>) -> Self {
        Self {
            response,
            idle: IdleTimer::default(),
            notices: Notices::default(),
        }
    }

    pub(crate) fn with_notices(
        mut self,
        sent: Arc<SentRequest>,
        queue_position: QueuePosition,
    ) -> Self {
        self.notices.sent = sent;
        self.notices.queue_position = queue_position;
        self
    }

    /// Comes back to this when the notice before it has been taken.
    fn keep(&mut self, polled: Poll<Result<FetchResponse, FetchError>>) {
        if let Poll::Ready(fetched) = polled {
            self.response = Box::pin(std::future::ready(fetched));
        }
    }

    /// Waiting for a connection is not waiting for the server.
    fn poll_silence(
        &mut self,
        cx: &mut Context<'_>,
        idle_timeout: Option<Duration>,
    ) -> Poll<Progress> {
        if self.notices.queue_position.get().is_some() {
            self.idle = IdleTimer::default();
            return Poll::Pending;
        }
        self.idle.poll_silence(cx, idle_timeout)
    }
}

impl Notices {
    fn next(&mut self) -> Option<Notice> {
        if let Some(reason) = self.sent.last_event_id_not_sent.get()
            && !std::mem::replace(&mut self.last_event_id_not_sent, true)
        {
            return Some(Notice::LastEventIdNotSent(reason));
        }
        let place = self.queue_position.get();
        let known = std::mem::replace(&mut self.queued, place.is_some());
        place.filter(|_| !known).map(Notice::Queued)
    }
}

impl Reading {
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        idle_timeout: Option<Duration>,
    ) -> Poll<Progress> {
        let mut chunk = match self.chunk.take() {
            Some(chunk) => chunk,
            None => match self.body.poll_piece(cx) {
                Poll::Ready(Some(Ok(Piece::Owned(chunk)))) if chunk.len() > READ => Box::new(chunk),
                Poll::Ready(Some(Ok(piece))) => {
                    self.idle = IdleTimer::default();
                    return Poll::Ready(Progress::Bytes(piece));
                }
                Poll::Ready(Some(Err(error))) => {
                    return Poll::Ready(Progress::NetworkError(Cause::Body(error)));
                }
                Poll::Ready(None) => return Poll::Ready(Progress::EndOfBody),
                Poll::Pending => return self.idle.poll_silence(cx, idle_timeout),
            },
        };
        self.idle = IdleTimer::default();
        let length = chunk.len().min(READ);
        let piece = Piece::Owned(chunk.split_to(length));
        self.chunk = (!chunk.is_empty()).then_some(chunk);
        Poll::Ready(Progress::Bytes(piece))
    }
}

impl IdleTimer {
    fn poll_silence(&mut self, cx: &mut Context<'_>, timeout: Option<Duration>) -> Poll<Progress> {
        let Some(timeout) = timeout else {
            return Poll::Pending;
        };
        let over = self.over.get_or_insert_with(|| over(timeout));
        over.as_mut().poll(cx).map(|()| Progress::Silence(timeout))
    }
}

impl Refusing {
    /// Reads the body until it ends, breaks, is large enough or takes too long. What is there already is
    /// read however late it is.
    fn poll_collect(&mut self, cx: &mut Context<'_>) -> Poll<Progress> {
        while self.kept.len() < REFUSED_BODY {
            match self.body.poll_chunk(cx) {
                Poll::Ready(Some(Ok(chunk))) => {
                    let room = REFUSED_BODY - self.kept.len();
                    self.kept.extend_from_slice(&chunk[..chunk.len().min(room)]);
                }
                Poll::Ready(_) => break,
                Poll::Pending => match self.patience.as_mut().poll(cx) {
                    Poll::Ready(()) => break,
                    Poll::Pending => return Poll::Pending,
                },
            }
        }
        let Some(mut refused) = self.refused.take() else {
            return Poll::Pending;
        };
        refused.body = self.kept.split().freeze();
        Poll::Ready(Progress::Refused(refused))
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Idle => "Idle",
            Self::Waiting(_) => "Waiting",
            Self::Fetching(_) => "Fetching",
            Self::Reading(_) => "Reading",
            Self::Refused(_) => "Refused",
        })
    }
}
