//! A server without a socket. In: an [`Answer`] for each request to come. Out: a `tower::Service` that gives them, and
//! what was asked.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! use bytes::Bytes;
//! use tower_service::Service;
//! use wellspring_testkit::service::{Answer, ScriptedService};
//!
//! let mut service = ScriptedService::new([Answer::event_stream("data: hi\n\n")]);
//! let request = http::Request::get("/stream").body(String::new()).unwrap();
//! let response = service.call(request).await.unwrap();
//! assert_eq!(response.status(), 200);
//! assert_eq!(service.requests()[0].uri(), "/stream");
//! # });
//! ```
//!
//! Next: `service/answer.rs`, then `service/body.rs`.

mod answer;
mod body;

pub use answer::Answer;
pub use body::ScriptedBody;

use bytes::{Buf, Bytes};
use http::{Request, Response};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tokio::sync::watch;
use tower_service::Service;

/// Answers each request with the next [`Answer`]; with status 500 when none is left. Clones are the same service.
#[derive(Clone)]
pub struct ScriptedService {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    heard: Arc<watch::Sender<Heard>>,
}

/// What happened so far.
#[derive(Clone, Debug, Default)]
struct Heard {
    requests: Vec<Request<Bytes>>,
    /// Responses, and requests without a response, that are not waited for any more.
    ended: usize,
    sent: u64,
}

impl ScriptedService {
    /// A service with these answers, in this order.
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self {
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            heard: Arc::default(),
        }
    }

    /// One more answer, after those that are left.
    pub fn push(&self, answer: Answer) {
        self.answers().push_back(answer);
    }

    /// The requests heard so far, their bodies whole.
    #[must_use]
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.heard.borrow().requests.clone()
    }

    /// Waits for the request of this number, the first being 0. A test that may wait in vain puts a timeout around it.
    pub async fn request(&self, index: usize) -> Request<Bytes> {
        let heard = self.wait_for(|heard| heard.requests.len() > index).await;
        heard.requests[index].clone()
    }

    /// Waits until this many answers are over: sent whole, or no longer wanted.
    pub async fn ended(&self, count: usize) {
        self.wait_for(|heard| heard.ended >= count).await;
    }

    /// How many answers are over.
    #[must_use]
    pub fn ended_so_far(&self) -> usize {
        self.heard.borrow().ended
    }

    /// How many bytes of bodies were taken so far.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.heard.borrow().sent
    }

    async fn wait_for(&self, done: impl FnMut(&Heard) -> bool) -> Heard {
        let mut heard = self.heard.subscribe();
        let found = heard.wait_for(done).await;
        found.expect("the sender is in self").clone()
    }

    fn answers(&self) -> MutexGuard<'_, VecDeque<Answer>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer<B>(self, request: Request<B>) -> Result<Response<ScriptedBody>, Infallible>
    where
        B: http_body::Body,
    {
        let over = Over(Arc::clone(&self.heard));
        let (head, body) = request.into_parts();
        let request = Request::from_parts(head, collect(body).await);
        let answer = self.answers().pop_front().unwrap_or(Answer::status(500));
        self.heard.send_modify(|heard| heard.requests.push(request));
        if !answer.has_head() {
            return pending().await;
        }
        Ok(answer.into_response(over))
    }
}

/// As much of a body as comes; an error is its end.
async fn collect(body: impl http_body::Body) -> Bytes {
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    while let Some(Ok(frame)) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        if let Ok(mut data) = frame.into_data() {
            while data.has_remaining() {
                let chunk = data.chunk();
                bytes.extend_from_slice(chunk);
                let length = chunk.len();
                data.advance(length);
            }
        }
    }
    bytes.into()
}

impl<B> Service<Request<B>> for ScriptedService
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Send,
{
    type Response = Response<ScriptedBody>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        Box::pin(self.clone().answer(request))
    }
}

impl fmt::Debug for ScriptedService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedService")
            .field("answers", &self.answers().len())
            .field("heard", &*self.heard.borrow())
            .finish()
    }
}

/// Lives as long as the answer is waited for.
struct Over(Arc<watch::Sender<Heard>>);

impl Over {
    fn count_sent(&self, length: usize) {
        self.0.send_modify(|heard| heard.sent += length as u64);
    }
}

impl Drop for Over {
    fn drop(&mut self) {
        self.0.send_modify(|heard| heard.ended += 1);
    }
}

#[cfg(test)]
mod tests;
