//! Requests to end the program. In: signals. Out: a future that is done when one comes.
//!
//! Next: `demo.rs` and `serve.rs` then end in good order.

use std::future::Future;

use crate::exit::Ending;

/// Completes at Ctrl-C, or when the system asks the program to end.
#[cfg(unix)]
pub(crate) fn interrupted() -> Result<impl Future<Output = ()>, Ending> {
    use tokio::signal::unix::{SignalKind, signal};

    let failed = |error| Ending::failed(format_args!("cannot watch for Ctrl-C: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Completes at Ctrl-C.
#[cfg(windows)]
pub(crate) fn interrupted() -> Result<impl Future<Output = ()>, Ending> {
    let failed = |error| Ending::failed(format_args!("cannot watch for Ctrl-C: {error}"));
    let mut ctrl_c = tokio::signal::windows::ctrl_c().map_err(failed)?;
    Ok(async move {
        ctrl_c.recv().await;
    })
}
