//! Topic selectors of the Mercure protocol.
#![no_std]

extern crate alloc;

mod expression;
mod piece;
mod selector;
mod set;
mod template;

pub use selector::{Selector, SelectorError};
pub use template::{MAX_EXPRESSIONS, MAX_LENGTH, MAX_VARIABLES};
