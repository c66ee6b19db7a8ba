//! What JavaScript is asked in between: what to make of an end, and what to change of an attempt. In: the
//! client's hooks, which wait. Out: a question, that crosses in the order of the events before it; and its
//! answer to the hook.
//!
//! Next: `carrier.rs`, which has it cross; `source.rs`, where the answer comes back.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use napi_derive::napi;
use tokio::sync::oneshot;
use wellspring::{Attempt, Decision, End};

use crate::headers::header_bytes;
use crate::signal::{CauseObject, header_list};

/// A question: one of the two.
#[napi(object, object_from_js = false)]
#[derive(Debug)]
pub struct Question {
    /// The answer bears it: there may have been another question meanwhile.
    pub number: u32,
    /// What to make of an end.
    pub end: Option<EndObject>,
    /// What to change of an attempt.
    pub attempt: Option<AttemptObject>,
}

/// The client's `End`.
#[napi(object, object_from_js = false)]
#[derive(Debug)]
pub struct EndObject {
    /// What happened.
    pub cause: CauseObject,
    /// How many events of this connection have been taken.
    pub events: f64,
    /// Whether the last of them was the terminal event.
    pub terminal_event: bool,
    /// How many attempts there have been since a connection was last open; 0 when this one was.
    pub attempts: u32,
}

/// The client's `Attempt`.
#[napi(object, object_from_js = false)]
#[derive(Debug)]
pub struct AttemptObject {
    /// Which one it is since a connection was last open, from 1.
    pub number: u32,
    /// What became of the one before.
    pub cause: Option<CauseObject>,
    /// The status it was answered with.
    pub previous_status: Option<u16>,
    /// What can be changed.
    pub request: RequestObject,
}

/// What can be changed of an attempt; its body goes along by itself.
#[napi(object)]
#[derive(Debug)]
pub struct RequestObject {
    /// Sent as `Last-Event-ID` unless it is empty.
    pub last_event_id: String,
    /// Absolute.
    pub url: String,
    /// The method.
    pub method: String,
    /// Name and value in turn.
    pub headers: Vec<String>,
}

/// The client's `Decision`.
#[napi(string_enum = "camelCase")]
#[derive(Clone, Copy, Debug)]
pub enum DecisionOption {
    /// What the policy says.
    Default,
    /// Another attempt.
    Reconnect,
    /// No other, and no error.
    Stop,
    /// The source fails.
    Fail,
}

/// Where a question waits for JavaScript, and its hook for the answer. There is one at a time: a source that
/// asks does nothing else.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    number: u32,
    /// Not yet in a crossing.
    is_new: bool,
    question: Option<Question>,
    hook: Option<Hook>,
}

/// Who waits. A hook whose attempt has been given up meanwhile hears nothing.
#[derive(Debug)]
enum Hook {
    End(oneshot::Sender<Decision>),
    Attempt(Box<Attempt>, oneshot::Sender<Result<Attempt, String>>),
}

impl Questions {
    /// For `on_end_async`. Unanswered, it is the policy's to decide.
    pub(crate) fn ask_end(&self, end: &End<'_>) -> impl Future<Output = Decision> + use<> {
        let (sender, decision) = oneshot::channel();
        let object = EndObject {
            cause: CauseObject::of(end.cause),
            #[expect(clippy::cast_precision_loss, reason = "2^53 events take a while")]
            events: end.events as f64,
            terminal_event: end.terminal_event,
            attempts: end.attempts,
        };
        self.ask(Hook::End(sender), |number| Question {
            number,
            end: Some(object),
            attempt: None,
        });
        async { decision.await.unwrap_or_default() }
    }

    /// For `before_attempt`. The body of the attempt is in `body`.
    pub(crate) fn ask_attempt(
        &self,
        attempt: Attempt,
    ) -> impl Future<Output = Result<Attempt, String>> + use<> {
        let (sender, changed) = oneshot::channel();
        let object = AttemptObject {
            number: attempt.number,
            cause: attempt.cause.as_ref().map(CauseObject::of),
            previous_status: attempt.previous_status.map(|status| status.as_u16()),
            request: RequestObject {
                last_event_id: attempt.last_event_id.clone(),
                url: attempt.url.to_string(),
                method: attempt.method.to_string(),
                headers: header_list(&attempt.headers),
            },
        };
        self.ask(Hook::Attempt(Box::new(attempt), sender), |number| {
            Question {
                number,
                end: None,
                attempt: Some(object),
            }
        });
        async {
            changed
                .await
                .unwrap_or_else(|_| Err("JavaScript does not answer".to_owned()))
        }
    }

    fn ask(&self, hook: Hook, question: impl FnOnce(u32) -> Question) {
        let mut state = self.lock();
        state.number = state.number.wrapping_add(1);
        state.is_new = true;
        state.question = Some(question(state.number));
        state.hook = Some(hook);
    }

    /// Whether there is a question that has not crossed.
    pub(crate) fn take_new(&self) -> bool {
        std::mem::take(&mut self.lock().is_new)
    }

    pub(crate) fn take(&self) -> Option<Question> {
        self.lock().question.take()
    }

    /// The body of the attempt that is asked about.
    pub(crate) fn body(&self) -> Option<Vec<u8>> {
        match &self.lock().hook {
            Some(Hook::Attempt(attempt, _)) => {
                Some(attempt.body.to_vec()).filter(|body| !body.is_empty())
            }
            _ => None,
        }
    }

    pub(crate) fn decide(&self, number: u32, decision: Decision) {
        if let Some(Hook::End(sender)) = self.take_hook(number) {
            let _ = sender.send(decision);
        }
    }

    /// The attempt goes as it is here.
    ///
    /// # Errors
    /// What is not legal; the question is still open then.
    pub(crate) fn change(
        &self,
        number: u32,
        request: RequestObject,
        body: Option<Vec<u8>>,
    ) -> Result<(), String> {
        let mut state = self.lock();
        let asked = state.number == number;
        let Some(Hook::Attempt(attempt, _)) = state.hook.as_mut().filter(|_| asked) else {
            return Ok(());
        };
        let url = attempt.url.join(&request.url);
        let url = url.map_err(|error| format!("the URL {:?}: {error}", request.url))?;
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| format!("{:?} is not a method", request.method))?;
        attempt.headers = headers_of(&request.headers)?;
        attempt.url = url;
        attempt.method = method;
        attempt.last_event_id = request.last_event_id;
        attempt.body = body.unwrap_or_default().into();
        let hook = state.hook.take();
        drop(state);
        if let Some(Hook::Attempt(attempt, sender)) = hook {
            let _ = sender.send(Ok(*attempt));
        }
        Ok(())
    }

    /// The attempt is not made, and has failed. Whether its hook still waited.
    pub(crate) fn refuse(&self, number: u32, why: String) -> bool {
        match self.take_hook(number) {
            Some(Hook::Attempt(_, sender)) => sender.send(Err(why)).is_ok(),
            _ => false,
        }
    }

    fn take_hook(&self, number: u32) -> Option<Hook> {
        let mut state = self.lock();
        if state.number != number {
            return None;
        }
        state.hook.take()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn headers_of(list: &[String]) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::with_capacity(list.len() / 2);
    for pair in list.chunks_exact(2) {
        let illegal = || format!("the header {:?} is not legal", pair[0]);
        let name = HeaderName::from_bytes(pair[0].as_bytes()).map_err(|_| illegal())?;
        let value = HeaderValue::from_bytes(&header_bytes(&pair[1])).map_err(|_| illegal())?;
        headers.append(name, value);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests;
