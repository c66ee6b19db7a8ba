//! The matcher from outside: templates against regular expressions, the index against its selectors.

#![allow(clippy::unwrap_used)]

mod generated;
mod index;
mod limits;
mod oracle;
mod templates;
mod url_patterns;
