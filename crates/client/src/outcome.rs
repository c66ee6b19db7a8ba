//! What became of a connection, as facts. In: responses and errors. Out: what the policy decides by, and
//! what the program is shown.
//!
//! Next: `outcome/opened.rs`, `outcome/opening.rs`, `outcome/cause.rs`, `outcome/refused.rs`,
//! `outcome/reconnecting.rs`, `outcome/error.rs`.

pub(crate) mod cause;
pub(crate) mod ended;
pub(crate) mod error;
pub(crate) mod opened;
pub(crate) mod opening;
pub(crate) mod reconnecting;
pub(crate) mod refused;
