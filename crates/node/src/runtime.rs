//! The one runtime of the process. In: the first source. Out: a handle for all of them, whatever the
//! thread of JavaScript.
//!
//! Next: `carrier.rs`, what runs on it.

use std::future::pending;
use std::io;
use std::sync::OnceLock;
use std::thread;

use tokio::runtime::{Builder, Handle};

/// Names are looked up on threads of their own; more at a time than this wait.
const LOOKUPS: usize = 4;

/// The runtime, on a thread that lives as long as the process.
pub(crate) fn handle() -> Result<&'static Handle, &'static io::Error> {
    static RUNTIME: OnceLock<io::Result<Handle>> = OnceLock::new();
    RUNTIME.get_or_init(start).as_ref()
}

fn start() -> io::Result<Handle> {
    let runtime = Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .max_blocking_threads(LOOKUPS)
        .thread_name("wellspring-lookup")
        .build()?;
    let handle = runtime.handle().clone();
    let named = thread::Builder::new().name("wellspring".to_owned());
    named.spawn(move || runtime.block_on(pending::<()>()))?;
    Ok(handle)
}
