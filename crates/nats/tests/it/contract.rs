//! What every engine owes.
//!
//! Next: `faults.rs`, what befalls servers.

use crate::server::open;
use wellspring_engine_contract::contract;

contract!(match open().await {
    Some(opened) => opened,
    None => return,
});
