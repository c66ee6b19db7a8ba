//! The runtime of a command. In: how many threads it may have. Out: a runtime, or why there is none.
//!
//! Next: back to `main.rs`.

use tokio::runtime::{Builder, Runtime};

use crate::exit::Ending;

/// One on the calling thread.
pub(crate) fn on_this_thread() -> Result<Runtime, Ending> {
    build(&mut Builder::new_current_thread())
}

/// One with a thread for each processor.
pub(crate) fn on_all_processors() -> Result<Runtime, Ending> {
    build(&mut Builder::new_multi_thread())
}

/// One with two threads.
pub(crate) fn on_two_threads() -> Result<Runtime, Ending> {
    build(Builder::new_multi_thread().worker_threads(2))
}

fn build(builder: &mut Builder) -> Result<Runtime, Ending> {
    let built = wellspring::has_room_for_runtime().and_then(|()| builder.enable_all().build());
    built.map_err(|error| Ending::no_runtime(&error))
}
