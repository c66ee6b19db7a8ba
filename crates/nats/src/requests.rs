//! Requests and their answers, over one connection. In: a subject and bytes. Out: the answer within a
//! deadline, or why there is none.
//!
//! Nothing is asked while there is no connection: the client would keep it and send it later. When the
//! connection breaks, who waits for an answer is told at once.
//!
//! Next: `connection.rs` makes the connection, `api.rs` asks.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_nats::connection::State;
use async_nats::{Client, HeaderMap, Message, StatusCode, Subscriber};
use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::polls::next;

/// How many answers are waited for at a time. Further requests wait for a turn.
const IN_FLIGHT: usize = 4_096;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// There was no connection: nothing was sent.
    Away,
    /// Nobody listens on that subject: it reached no one.
    NobodyThere,
    /// The request is too large for the server, or malformed: nothing was sent.
    NotTaken,
    /// It may have arrived.
    Lost,
}

#[derive(Debug)]
pub(crate) struct Requests {
    client: Client,
    inbox: String,
    waiting: Arc<Waiting>,
    next: AtomicU64,
    turns: Arc<Semaphore>,
    breaks: watch::Receiver<u64>,
    listening: JoinHandle<()>,
}

/// Who waits, by the number of the request.
#[derive(Debug, Default)]
struct Waiting(Mutex<HashMap<u64, Waits>>);

#[derive(Debug)]
struct Waits {
    answer: oneshot::Sender<Message>,
    _turn: OwnedSemaphorePermit,
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Waits>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for one answer.
pub(crate) struct Answer {
    number: u64,
    waiting: Arc<Waiting>,
    answer: oneshot::Receiver<Message>,
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.waiting.lock().remove(&self.number);
    }
}

impl Answer {
    pub(crate) async fn within(mut self, deadline: Duration) -> Result<Message, Unanswered> {
        let answer = timeout(deadline, &mut self.answer).await;
        let message = answer.ok().and_then(Result::ok).ok_or(Unanswered::Lost)?;
        match message.status {
            Some(StatusCode::NO_RESPONDERS) => Err(Unanswered::NobodyThere),
            _ => Ok(message),
        }
    }
}

impl Requests {
    /// Listens for answers. `breaks` changes whenever the connection has broken.
    pub(crate) async fn new(client: Client, breaks: watch::Receiver<u64>) -> Option<Self> {
        let inbox = client.new_inbox();
        let answers = client.subscribe(format!("{inbox}.*")).await.ok()?;
        let waiting = Arc::new(Waiting::default());
        let listening = tokio::spawn(listen(answers, Arc::clone(&waiting), breaks.clone()));
        Some(Self {
            client,
            inbox,
            waiting,
            next: AtomicU64::new(0),
            turns: Arc::new(Semaphore::new(IN_FLIGHT)),
            breaks,
            listening,
        })
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// How often the connection has broken.
    pub(crate) fn breaks(&self) -> u64 {
        *self.breaks.borrow()
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// Asks, and waits for the answer.
    pub(crate) async fn ask(
        &self,
        subject: String,
        payload: Bytes,
        deadline: Duration,
    ) -> Result<Message, Unanswered> {
        self.ask_with(subject, HeaderMap::new(), payload, deadline)
            .await
    }

    /// Asks with headers, and waits for the answer.
    pub(crate) async fn ask_with(
        &self,
        subject: String,
        headers: HeaderMap,
        payload: Bytes,
        deadline: Duration,
    ) -> Result<Message, Unanswered> {
        let asked = async {
            let answer = self.send(subject, headers, payload).await?;
            answer.within(deadline).await
        };
        let answer = timeout(deadline, asked).await;
        answer.unwrap_or(Err(Unanswered::Lost))
    }

    /// Sends. Two that are sent one after the other arrive in this order.
    pub(crate) async fn send(
        &self,
        subject: String,
        headers: HeaderMap,
        payload: Bytes,
    ) -> Result<Answer, Unanswered> {
        if !self.is_connected() {
            return Err(Unanswered::Away);
        }
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| Unanswered::Away)?;
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = oneshot::channel();
        let waits = Waits {
            answer: sender,
            _turn: turn,
        };
        self.waiting.lock().insert(number, waits);
        let answer = Answer {
            number,
            waiting: Arc::clone(&self.waiting),
            answer: receiver,
        };
        let reply = format!("{}.{number}", self.inbox);
        let sent = match headers.is_empty() {
            true => {
                self.client
                    .publish_with_reply(subject, reply, payload)
                    .await
            }
            false => {
                let publish = self
                    .client
                    .publish_with_reply_and_headers(subject, reply, headers, payload);
                publish.await
            }
        };
        sent.map_err(|_| Unanswered::NotTaken)?;
        Ok(answer)
    }
}

impl Drop for Requests {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(mut answers: Subscriber, waiting: Arc<Waiting>, mut breaks: watch::Receiver<u64>) {
    loop {
        tokio::select! {
            broken = breaks.changed() => {
                waiting.lock().clear();
                if broken.is_err() {
                    return;
                }
            }
            answer = next(&mut answers) => {
                let Some(answer) = answer else { return };
                let number = answer.subject.rsplit('.').next().map(str::parse);
                let Some(Ok(number)) = number else { continue };
                let waits = waiting.lock().remove(&number);
                // Who no longer waits has been told that the answer was lost.
                if let Some(waits) = waits {
                    drop(waits.answer.send(answer));
                }
            }
        }
    }
}
