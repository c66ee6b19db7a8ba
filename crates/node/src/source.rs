//! The source as JavaScript holds it. In: options, and scratch memory to fill. Out: batches.
//!
//! Next: `lib/event-source.js`.

use std::sync::Arc;

use napi::bindgen_prelude::{BufferSlice, Function, Uint8Array};
use napi::{Error, Status};
use napi_derive::napi;
use wellspring::{BuildError, CookieJar, Decision, Handle};

use crate::carrier::{Caller, Carrier};
use crate::exchange::{Exchange, Taken};
use crate::options::SourceOptions;
use crate::policy::duration;
use crate::question::{DecisionOption, Question, Questions, RequestObject};
use crate::runtime;
use crate::transport;

/// Why there is no source: the `code` of the error that is thrown.
#[derive(Clone, Copy, Debug)]
pub enum Refusal {
    /// The URL does not parse.
    Url,
    /// A header or a proxy is not legal, or the request is one that its origin may not send.
    Wish,
    /// The operating system refuses a thread.
    Runtime,
    /// The binding itself was misused.
    Binding(Status),
}

impl AsRef<str> for Refusal {
    fn as_ref(&self) -> &str {
        match self {
            Self::Url => "url",
            Self::Wish => "wish",
            Self::Runtime => "runtime",
            Self::Binding(status) => status.as_ref(),
        }
    }
}

impl From<Status> for Refusal {
    fn from(status: Status) -> Self {
        Self::Binding(status)
    }
}

/// The way from the sources of one JavaScript environment to its dispatcher, and what they share.
#[napi]
#[derive(Debug)]
pub struct Bridge {
    caller: Caller,
    /// The cookies of the environment.
    jar: CookieJar,
}

#[napi]
impl Bridge {
    /// `dispatcher` is called with the number of each source that has something.
    #[napi(constructor)]
    pub fn new(dispatcher: Function<'_, u32, ()>) -> napi::Result<Self> {
        let builder = dispatcher.build_threadsafe_function::<u32>();
        let dispatcher = builder.weak::<true>().callee_handled::<false>().build()?;
        Ok(Self {
            caller: Caller {
                dispatcher: Arc::new(dispatcher),
            },
            jar: CookieJar::new(),
        })
    }
}

/// One source: it connects at once, and calls the dispatcher with `number`.
#[napi]
#[derive(Debug)]
pub struct NativeSource {
    handle: Handle,
    exchange: Arc<Exchange>,
    questions: Arc<Questions>,
}

#[napi]
impl NativeSource {
    /// Opens a source.
    #[napi(constructor)]
    pub fn new(
        bridge: &Bridge,
        number: u32,
        options: SourceOptions,
        body: Option<Uint8Array>,
    ) -> Result<Self, Error<Refusal>> {
        let runtime =
            runtime::handle().map_err(|error| Error::new(Refusal::Runtime, error.to_string()))?;
        let transport = transport::through(&options.proxies)
            .map_err(|error| Error::new(Refusal::Wish, error.to_string()))?;
        let questions = Arc::new(Questions::default());
        let source = options
            .builder(body.map(|body| body.to_vec()), &bridge.jar, &questions)
            .shared_transport(transport)
            .build()
            .map_err(|error| {
                let refusal = match error {
                    BuildError::Url { .. } => Refusal::Url,
                    _ => Refusal::Wish,
                };
                Error::new(refusal, error.to_string())
            })?;
        let handle = source.handle().clone();
        let exchange = Arc::new(Exchange::default());
        let caller = bridge.caller.clone();
        let carrier = Carrier::new(
            source,
            Arc::clone(&exchange),
            Arc::clone(&questions),
            caller,
            number,
        );
        runtime.spawn(carrier.run());
        Ok(Self {
            handle,
            exchange,
            questions,
        })
    }

    /// Copies what has come into `text` and `words`; whatever was taken before has been dealt with.
    /// `null` when there is nothing: the dispatcher is called when there is.
    #[napi]
    pub fn take(&self, mut text: BufferSlice<'_>, mut words: BufferSlice<'_>) -> Option<Taken> {
        self.exchange.take(&mut text, &mut words)
    }

    /// What is asked here, in the order of the batch; `null` when the question has become void.
    #[napi]
    pub fn question(&self) -> Option<Question> {
        self.questions.take()
    }

    /// The body of the attempt that is asked about.
    #[napi]
    pub fn body(&self) -> Option<Uint8Array> {
        self.questions.body().map(Uint8Array::new)
    }

    /// Answers what to make of an end; `delay` is in milliseconds.
    #[napi]
    pub fn decide(&self, number: u32, decision: DecisionOption, delay: Option<f64>) {
        let decision = match decision {
            DecisionOption::Default => Decision::Default,
            DecisionOption::Stop => Decision::Stop,
            DecisionOption::Fail => Decision::Fail,
            DecisionOption::Reconnect => delay.map_or(Decision::Reconnect, |millis| {
                Decision::ReconnectAfter(duration(millis))
            }),
        };
        self.questions.decide(number, decision);
    }

    /// Answers what an attempt is to be like.
    #[napi]
    pub fn change(
        &self,
        number: u32,
        request: RequestObject,
        body: Option<Uint8Array>,
    ) -> napi::Result<()> {
        let body = body.map(|body| body.to_vec());
        let changed = self.questions.change(number, request, body);
        changed.map_err(napi::Error::from_reason)
    }

    /// Answers that an attempt is not to be made, and has failed. False when no attempt waits for that.
    #[napi]
    pub fn refuse(&self, number: u32, why: String) -> bool {
        self.questions.refuse(number, why)
    }

    /// The terminal event has been dispatched; what follows it is of no interest.
    #[napi]
    pub fn complete(&self) {
        self.handle.complete();
    }

    /// Closes the connection and lets go of what was not taken.
    #[napi]
    pub fn close(&self) {
        self.exchange.close();
        self.handle.close();
    }
}

impl Drop for NativeSource {
    fn drop(&mut self) {
        self.close();
    }
}
