//! Open files. In: how many connections a run needs. Out: leave to open them, or what to do.
//!
//! Next: back to `../load.rs`.

use crate::exit::Ending;

/// For everything but connections.
const OTHERS: u64 = 64;

/// Raises this process's limit as far as it may, if it is too low.
#[cfg(unix)]
pub(super) fn make_room(connections: u64) -> Result<(), Ending> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let needed = connections + OTHERS;
    let limit = getrlimit(Resource::Nofile);
    let allowed = limit.maximum.unwrap_or(u64::MAX);
    if allowed < needed {
        return Err(too_low(connections, needed, allowed));
    }
    if limit.current.is_some_and(|current| current < needed) {
        let raised = Rlimit {
            current: Some(needed),
            maximum: limit.maximum,
        };
        let current = limit.current.unwrap_or(0);
        setrlimit(Resource::Nofile, raised).map_err(|_| too_low(connections, needed, current))?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn make_room(_connections: u64) -> Result<(), Ending> {
    Ok(())
}

#[cfg(unix)]
fn too_low(connections: u64, needed: u64, allowed: u64) -> Ending {
    Ending::usage(format_args!(
        "{connections} connections need {needed} open files, and this process may have {allowed}: \
         raise the limit with 'ulimit -n {needed}', as root if need be, or use fewer --subscribers"
    ))
}
