//! The matcher from outside: templates case by case, and against regular expressions.

#![allow(clippy::unwrap_used)]

mod generated;
mod oracle;
mod templates;
