//! A source and what is printed of it. In: an event source, and who shows its signals. Out: what was
//! shown, written whenever there is a wait; and how it ended.
//!
//! Next: `tail.rs` and `demo/show.rs` show.

use std::future::{Future, poll_fn};
use std::ops::ControlFlow;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::timeout;
use wellspring::store::{Recorder, Store};
use wellspring::{EventSource, Signal};

use crate::exit::Ending;
use crate::output::Output;

/// Shows one signal at a time.
pub(crate) trait Show {
    /// Puts what there is to say into `output`; breaks when enough has been shown.
    fn show(&mut self, signal: Signal<'_>, output: &mut Output) -> ControlFlow<Result<(), Ending>>;

    /// How long to wait for a signal before [`waited`](Self::waited) is called; `None` for ever.
    fn patience(&self) -> Option<Duration> {
        None
    }

    /// Says that nothing comes.
    fn waited(&mut self, _output: &mut Output) {}

    /// Does what the last signal calls for and takes time. Nothing is read meanwhile.
    fn act(&mut self) -> impl Future<Output = Result<(), Ending>> {
        std::future::ready(Ok(()))
    }

    /// Says what there is to say when the stream has come to its end.
    fn ended(&mut self, _output: &mut Output) -> Result<(), Ending> {
        Ok(())
    }
}

/// What has signals to show.
pub(crate) trait Follow {
    /// The next signal. May be dropped and called again without losing one.
    fn next_signal(&mut self) -> impl Future<Output = Option<Result<Signal<'_>, Ending>>>;
}

impl Follow for EventSource {
    async fn next_signal(&mut self) -> Option<Result<Signal<'_>, Ending>> {
        match Self::next_signal(self).await? {
            Ok(signal) => Some(Ok(signal)),
            Err(error) => Some(Err(Ending::of_source(&error))),
        }
    }
}

impl<S: Store> Follow for Recorder<S> {
    async fn next_signal(&mut self) -> Option<Result<Signal<'_>, Ending>> {
        match Recorder::next_signal(self).await? {
            Ok(signal) => Some(Ok(signal)),
            Err(error) => Some(Err(Ending::of_recorder(error))),
        }
    }
}

/// Follows the source until it ends or `shown` has enough. Can be dropped at any time.
pub(crate) async fn follow(
    source: &mut impl Follow,
    shown: &mut impl Show,
    output: &mut Output,
) -> Result<(), Ending> {
    loop {
        let signal = match poll_once(source.next_signal()).await {
            Poll::Ready(signal) => signal,
            Poll::Pending => {
                output.flush().await?;
                match in_time(shown.patience(), source.next_signal()).await {
                    Some(signal) => signal,
                    None => {
                        shown.waited(output);
                        continue;
                    }
                }
            }
        };
        let flow = match signal {
            Some(Ok(signal)) => shown.show(signal, output),
            Some(Err(ending)) => ControlFlow::Break(Err(ending)),
            None => ControlFlow::Break(shown.ended(output)),
        };
        if let ControlFlow::Break(done) = flow {
            output.flush().await?;
            shown.act().await?;
            return done;
        }
        output.flush_if_due().await?;
        shown.act().await?;
    }
}

/// The future's output, if it comes in time. The future must bear being dropped and made anew.
async fn in_time<F: Future>(patience: Option<Duration>, future: F) -> Option<F::Output> {
    match patience {
        Some(patience) => timeout(patience, future).await.ok(),
        None => Some(future.await),
    }
}

/// The future's output, if there is one at once. The future must bear being dropped and made anew.
async fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    let mut future = pin!(future);
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
}
