//! A source and what is printed of it. In: an event source, and who shows its signals. Out: what was
//! shown, written whenever there is a wait; and how it ended.
//!
//! Next: `tail.rs` and `demo/show.rs` show.

use std::future::{Future, poll_fn};
use std::ops::ControlFlow;
use std::pin::pin;
use std::task::Poll;

use wellspring::{Error, EventSource, Signal};

use crate::exit::Ending;
use crate::output::Output;
use crate::text;

/// Shows one signal at a time.
pub(crate) trait Show {
    /// Puts what there is to say into `output`; breaks when enough has been shown.
    fn show(&mut self, signal: Signal<'_>, output: &mut Output) -> ControlFlow<Result<(), Ending>>;
}

/// Follows the source until it ends or `shown` has enough. Can be dropped at any time.
pub(crate) async fn follow(
    source: &mut EventSource,
    shown: &mut impl Show,
    output: &mut Output,
) -> Result<(), Ending> {
    let mut signals = source.signals();
    loop {
        let signal = match poll_once(signals.next()).await {
            Poll::Ready(signal) => signal,
            Poll::Pending => {
                output.flush().await?;
                signals.next().await
            }
        };
        let flow = match signal {
            Some(Ok(signal)) => shown.show(signal, output),
            Some(Err(error)) => ControlFlow::Break(Err(failed(&error))),
            None => ControlFlow::Break(Ok(())),
        };
        if let ControlFlow::Break(done) = flow {
            output.flush().await?;
            return done;
        }
        output.flush_if_due().await?;
    }
}

/// The future's output, if there is one at once. The future must bear being dropped and made anew.
async fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    let mut future = pin!(future);
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
}

/// A server that answers 204 asks not to be asked again (HTML Standard 9.2.2): that is an ending.
fn failed(error: &Error) -> Ending {
    if error.status().is_some_and(|status| status == 204) {
        let url = error.url();
        return Ending::ended(format_args!(
            "{url}: the server ended the stream (status 204)"
        ));
    }
    Ending::failed(text::visible(&error.to_string()))
}
